"""The full reading of a tree: its visible text, cut into blocks as a reader would point at them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from extractors.elements import CELLS, HEADINGS, SILENT, is_entry, is_unseen, layout_tables
from extractors.html import Element, class_test, contact, is_contact, is_share, resolve
from extractors.model import MAX_LINKS, Block, BlockKind, Link
from extractors.text import CELL_SEPARATOR, squash
from extractors.words import word_set

# Beyond this a page is cut: a bound on memory, far above any page for readers (the longest real one, a table,
# has 1,345 blocks).
MAX_BLOCKS = 50_000

_BREAKING = word_set(
    """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main marquee menu nav ol p pre search
    section summary table tbody td tfoot th thead tr ul"""
)
# Elements that change nothing about the text in them, whatever their class.
_NEUTRAL = word_set("a b em i strong sub sup tbody td tfoot th thead u")
_CAPTIONS = frozenset(("figcaption", "caption"))
_is_caption = class_test("caption", "image__caption", "image__copyright")
_ENTRIES = frozenset(("li", "dt", "dd"))
_CONTROLS = frozenset(("button", "label", "legend"))
_CELL_END = "\x1d"  # in the running text: a table cell ends here; squash takes it for white space, so none can stay
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")


class Area(StrEnum):
    """What part of the page a piece of text belongs to."""

    MAIN = "main"
    NOTICE = "notice"
    ATTACHMENT = "attachment"
    FRAME = "frame"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where on the page a piece stands: its area, the rule that says so, and which notice box it is in."""

    area: Area
    rule: str
    box: int = 0
    certain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block with the place and the element it was read from."""

    block: Block
    place: Place
    element: Element


Enter = Callable[[Element, Place], Place | None]


class _Scope(NamedTuple):
    """What an open element passes on to the text in it; a tuple, because a page makes hundreds of them."""

    place: Place
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    joined: bool = False  # one block whatever elements it holds: a table row, a list entry
    data: bool = False  # inside a table whose rows are data
    form: bool = False
    pre: bool = False


@dataclass(slots=True)
class _OpenLink:
    uri: str
    start: int
    end: int | None = None


def stay(_element: Element, place: Place) -> Place | None:
    """Enter every element, in the place of its parent."""
    return place


def no_entry(_element: Element) -> bool:
    """Take nothing but list items, by their element, for a list entry."""
    return False


def pieces(
    root: Element,
    base: str,
    place: Place,
    enter: Enter = stay,
    entry: Callable[[Element], bool] = no_entry,
) -> list[Piece]:
    """Read the visible text under an element, in document order, however deep.

    ``enter`` says for each element in which place its text stands, or None to leave it out with all that is
    in it. ``entry`` names further elements that are list entries by their looks.
    """
    return _Reader(root, base, enter, entry).read(root, place)


class _Reader:
    """One pass over a tree with an explicit stack: nesting is bounded by memory, not by recursion."""

    def __init__(self, root: Element, base: str, enter: Enter, entry: Callable[[Element], bool]) -> None:
        self._base = base
        self._enter = enter
        self._entry = entry
        self._layout = layout_tables(root)
        self._found: list[Piece] = []
        self._parts: list[str] = []
        self._links: list[_OpenLink] = []
        self._resolved = 0
        self._open_links: list[tuple[Element, _OpenLink]] = []
        self._first: tuple[_Scope, Element] | None = None
        self._after_break = False

    def read(self, root: Element, place: Place) -> list[Piece]:
        scope = self._open(root, _Scope(place=place))
        stack: list[tuple[Element, Iterator[Element], _Scope]] = []
        if scope is not None:
            if text := root.text:
                self._text(text, scope, root)
            stack.append((root, iter(root), scope))
        while stack and len(self._found) < MAX_BLOCKS:
            element, children, scope = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._close(element, scope, stack[-1][2] if stack else None)
                if stack and (tail := element.tail):
                    self._text(tail, stack[-1][2], stack[-1][0])
                continue
            inner = self._open(child, scope)
            if inner is not None:
                if text := child.text:
                    self._text(text, inner, child)
                if len(child):
                    stack.append((child, iter(child), inner))
                    continue
                self._close(child, inner, scope)
            if tail := child.tail:
                self._text(tail, scope, element)
        self._flush()
        return self._found

    def _open(self, element: Element, outer: _Scope) -> _Scope | None:
        """Return the scope of an element, or None if its text is not for readers."""
        tag = element.tag
        if tag == "br":
            self._line_break(outer)
            return None
        if (
            tag in SILENT
            or not isinstance(tag, str)
            or is_unseen(element)
            or (tag in _CONTROLS and _is_control(tag, outer))
        ):
            if tag in _BREAKING:
                self._boundary(outer)
            return None
        place = self._enter(element, outer.place)
        if place is None:
            self._boundary(outer)
            return None
        scope = self._scope(element, tag, outer, place)
        if tag in _BREAKING or place is not outer.place:
            self._boundary(outer if place is outer.place else outer._replace(joined=False))
        if tag == "a":
            self._open_link(element)
        return scope

    def _scope(self, element: Element, tag: str, outer: _Scope, place: Place) -> _Scope:
        scope = outer
        if place is not outer.place:
            scope = outer._replace(place=place, joined=False)
        elif outer.joined or tag in _NEUTRAL:
            return outer
        if tag in HEADINGS:
            scope = scope._replace(kind=BlockKind.HEADING, level=HEADINGS[tag])
        elif tag == "tr" and scope.data:
            scope = scope._replace(kind=BlockKind.ROW, level=0, joined=True)
        elif tag in _ENTRIES or self._entry(element):
            scope = scope._replace(kind=BlockKind.ITEM, level=0, joined=is_entry(element))
        elif tag in _CAPTIONS or _is_caption(element):
            scope = scope._replace(kind=BlockKind.CAPTION, level=0)
        elif tag == "table":
            scope = scope._replace(data=element not in self._layout)
        elif tag in ("form", "pre"):
            scope = scope._replace(form=scope.form or tag == "form", pre=scope.pre or tag == "pre")
        return scope

    def _close(self, element: Element, scope: _Scope, outer: _Scope | None) -> None:
        tag = element.tag
        if tag == "a":
            self._close_link(element)
        if scope.joined and tag in CELLS:
            self._parts.append(_CELL_END)
        elif outer is None or scope.place is not outer.place:
            self._flush()
        elif tag in _BREAKING or (scope.joined and not outer.joined):
            self._boundary(outer)

    def _open_link(self, element: Element) -> None:
        href = element.get("href")
        uri = None
        if href and self._resolved < MAX_LINKS:
            uri = resolve(href, self._base) or contact(href)
        if uri is not None and not is_share(uri):
            self._resolved += 1
            link = _OpenLink(uri, len(self._parts))
            self._links.append(link)
            self._open_links.append((element, link))

    def _close_link(self, element: Element) -> None:
        if self._open_links and self._open_links[-1][0] is element:
            self._open_links.pop()[1].end = len(self._parts)

    def _text(self, text: str, scope: _Scope, element: Element) -> None:
        if scope.pre and not scope.joined:
            first, *others = _EMPTY_LINE.split(text)
            self._append(first, scope, element)
            for other in others:
                self._flush()
                self._append(other, scope, element)
        else:
            self._append(text, scope, element)

    def _append(self, text: str, scope: _Scope, element: Element) -> None:
        if not text.isspace():
            self._after_break = False
            if self._first is None:
                self._first = (scope, element)
        elif self._first is None:  # the white space between two tags begins no text
            return
        self._parts.append(text)

    def _line_break(self, scope: _Scope) -> None:
        if self._after_break and not scope.joined:
            self._flush()  # two line breaks are how old editors part paragraphs
        else:
            self._parts.append(" ")
            self._after_break = True

    def _boundary(self, scope: _Scope) -> None:
        if scope.joined:
            self._parts.append(" ")
        elif self._parts or self._links:  # between two tags there is nothing, most of the time
            self._flush()

    def _flush(self) -> None:
        if self._first is None and not self._open_links:
            self._links.clear()
            self._parts.clear()
            self._after_break = False
            return
        if self._first is not None:
            scope, element = self._first
            text = "".join(self._parts)
            if _CELL_END in text:
                text = CELL_SEPARATOR.join(filter(None, map(squash, text.split(_CELL_END))))
            else:
                text = squash(text)
            if text:
                links = tuple(dict.fromkeys(filter(None, map(self._link, self._links)))) if self._links else ()
                contacts = tuple(link for link in links if is_contact(link.uri)) if links else ()
                block = Block(
                    kind=scope.kind,
                    text=text,
                    links=tuple(link for link in links if link not in contacts) if contacts else links,
                    level=scope.level,
                    rule=scope.place.rule,
                    contacts=contacts,
                )
                self._found.append(Piece(block=block, place=scope.place, element=element))
        # A link around several blocks is a link of each: it opens again in the next one.
        self._open_links = [(element, _OpenLink(link.uri, 0)) for element, link in self._open_links]
        self._links = [link for _, link in self._open_links]
        self._parts.clear()
        self._first = None
        self._after_break = False

    def _link(self, link: _OpenLink) -> Link | None:
        text = squash("".join(self._parts[link.start : link.end]))
        return Link(uri=link.uri, text=text) if text else None


def _is_control(tag: str, outer: _Scope) -> bool:
    """Buttons and the labels of forms are not text; a button that carries a heading is (accordions)."""
    if tag == "button":
        return outer.kind is not BlockKind.HEADING and not outer.joined
    return outer.form
