"""The page object for berlin.de, in both eras of its layout, known by the markup and not by the host."""

from __future__ import annotations

import re
from functools import lru_cache

from extractors.blocks import Area, Piece, Place, pieces
from extractors.elements import is_entry
from extractors.html import Element, Head, class_test, has_class, resolve, text_of
from extractors.model import Attachment, Block, BlockKind, Page, PageKind
from extractors.pages import attachments
from extractors.pages.parts import Document, Parts, sort, stated_dates
from extractors.pages.selectors import Selection
from extractors.text import fold, squash
from extractors.words import word_set

NAME = "berlin.de"

_MAIN = Place(area=Area.MAIN, rule="berlin.de:content")
_HERO = Place(area=Area.MAIN, rule="berlin.de:herounit")
_MODULE = Place(area=Area.ATTACHMENT, rule="berlin.de:download")
_BEFORE = Place(area=Area.FRAME, rule="before-main")
_AFTER = Place(area=Area.FRAME, rule="after-main")
_ASIDE = Place(area=Area.FRAME, rule="aside")

# What an element is by its classes; the first group that fits wins.
_GROUPS = {
    # Not for readers: navigation, jumps, pagers, bus lines (included at the edge, they change by themselves).
    "left-out": word_set(
        """html5-nav breadcrumb column-left anker-jumptocontact to-top modul-publictransport bo-nahverkehr schlagworte
        pager pagination service-button-overlay robots-nocontent"""
    ),
    "notice": word_set("emergency-box"),
    "message": word_set("message--info message--error message--warning message--success"),
    "download": word_set("modul-download"),
    "aside": word_set("modul-contact modul-contactinclude column-right content-marginal"),
    "text": word_set("text"),
}
_ASIDE_IDS = ("layout-grid__area--marginal",)
_FOOT_IDS = ("layout-grid__area--contentfooter", "content-footer")
# Labels of the layout itself, where a page writes them as plain text: both languages of the portal.
_LABELS = frozenset(
    fold(label)
    for label in (
        "Inhaltsspalte", "Content", "zuklappen", "aufklappen", "collapse", "expand", "Direkt zur Kontaktinformation",
        "Es folgen die Inhalte der rechten Seitenspalte", "Sie befinden sich hier:", "Current language: English",
        "Direkt zum Inhalt der Seite springen", "Weitere Informationen anzeigen",
    )
)  # fmt: skip
_LONGEST_LABEL = max(map(len, _LABELS))
# A second mark of the system, beside a content column whose name is not its own alone.
_has_mark = class_test(
    "textile", "modul-text_bild", "modul-headline", "modul-download-multi", "modul-autoteaser", "html5-header",
    "html5-figure", "herounit-article", "pressnumber", "bobde", "bde-vertical-organization",
)  # fmt: skip
_OWN_NAME = 1  # the rank of a column whose name nobody else uses
_TITLE_SUFFIX = re.compile(r"\s+-\s+Berlin\.de$")
_GENERATOR_NUMBER = re.compile(r"imperia\S*/(\d+)$")


@lru_cache(maxsize=4096)
def _group(classes: str) -> str:
    names = frozenset(classes.split())
    return next((group for group, members in _GROUPS.items() if not names.isdisjoint(members)), "")


def recognises(tree: Element) -> bool:
    """Tell whether a document is built by berlin.de's content management system."""
    return _column(tree) is not None


def _column(tree: Element) -> Element | None:
    """Return the content column: the old layout's, whose grid has the same names outside, before the new one's.

    Names that other sites use as well count only beside another mark of this system, so that a page with half of
    its marks is still known.
    """
    found: dict[int, Element] = {}
    for element in tree.iter("div", "main", "section", "h6"):
        rank = _rank(element)
        if rank == 0:
            return element
        if rank is not None:
            column = element if element.tag != "h6" else element.getparent()
            found.setdefault(rank, element if column is None else column)
    if not found:
        return None
    best = min(found)
    return found[best] if best == _OWN_NAME or _has_marks(tree) else None


def _rank(element: Element) -> int | None:
    return _ranked(element.get("class") or "", element.get("id"), element.get("role"))


@lru_cache(maxsize=4096)
def _ranked(classes: str, identifier: str | None, role: str | None) -> int | None:
    """How surely an element is the content column: 0 is certain, None is not at all."""
    names = classes.split()
    rank = None
    if "html5-section" in names and "article" in names:
        rank = 0 if role == "main" else 2
    elif identifier == "layout-grid__area--maincontent":
        rank = _OWN_NAME
    elif "column-content" in names:
        rank = 3
    elif identifier == "aural_maincontent":
        rank = 4
    elif identifier == "layout-grid" or "template-land_" in classes:
        rank = 5
    return rank


def _has_marks(tree: Element) -> bool:
    """Tell whether a page has a mark of the content management system beside its content column."""
    if any((meta.get("content") or "").startswith("imperia") for meta in tree.iter("meta")):
        return True
    return any(_has_mark(element) for element in tree.iter("div", "section", "ul", "p", "body"))


def read(document: Document) -> Page:
    """Read a page of berlin.de."""
    tree, head = document.tree, document.head
    reader = _Layout(tree, document.base, document.selection)
    parts = reader.read()
    blocks = tuple(piece.block for piece in parts.main)
    pictures = attachments.pictured((reader.column,), document.base)
    blocks, files = attachments.lift(blocks, reader.modules, pictures)
    return Page(
        uri=document.uri,
        title=reader.title or _TITLE_SUFFIX.sub("", head.meta.get("dcterms.title") or head.title),
        kind=_kind(tree, reader.column, blocks),
        language=head.language,
        blocks=blocks,
        notices=parts.notices,
        attachments=files,
        frame=tuple(piece.block for piece in parts.frame),
        links=document.links,
        feeds=head.feeds,
        breadcrumb=_breadcrumb(tree),
        dates=stated_dates(head, blocks, parts.stamps),
        canonical=head.canonical,
        identity=_identity(head),
        extractor=NAME,
    )


class _Layout:
    """One page's layout: which element stands for what."""

    def __init__(self, tree: Element, base: str, selection: Selection) -> None:
        column = _column(tree)
        self.column: Element = tree if column is None else column
        self.title = ""
        self.modules: list[Attachment] = []
        self._base = base
        self._selection = selection
        self._tree = tree
        self._headline = self._find_headline()
        # On some pages of 2021 the row of the breadcrumb never ends and holds the content as well.
        self._holders = frozenset(self.column.iterancestors())
        self._started = False
        self._boxes = 0

    def read(self) -> Parts:
        if self._headline is not None:
            self.title = squash(text_of(self._headline))
        root = next((el for el in self._holders if el.get("id") == "layout-grid"), None)
        body = next(self._tree.iter("body"), self._tree)
        found = pieces(body if root is None else root, self._base, _BEFORE, self._enter, _is_teaser)
        if root is not None:
            found = self._boxes_outside(root) + found
        return sort(piece for piece in found if not _is_label(piece.block.text))

    def _boxes_outside(self, root: Element) -> list[Piece]:
        """Notices that stand outside the grid: the place of the box in the new layout is not known."""
        found: list[Piece] = []
        for element in self._tree.iter("div", "section"):
            if _group(element.get("class") or "") == "notice" and root not in element.iterancestors():
                found += pieces(element, self._base, self._box())
        return found

    def _find_headline(self) -> Element | None:
        for area in (self.column, self._tree):
            for element in area.iter("h1"):
                if squash(text_of(element)):
                    return element
        return None

    def _box(self, *, certain: bool = True) -> Place:
        self._boxes += 1
        return Place(area=Area.NOTICE, rule="berlin.de:notice", box=self._boxes, certain=certain)

    def _enter(self, element: Element, place: Place) -> Place | None:
        if element is self._headline or element.tag in ("nav", "header"):
            return None
        if self._selection.notices and element in self._selection.notices:
            return self._box()
        identifier, classes, role = element.get("id"), element.get("class"), element.get("role")
        named = identifier or classes or role
        if not named or place.area is Area.NOTICE or element in self._holders:
            return place
        group = _group(classes) if classes else ""
        if group == "notice" or (place.area is Area.FRAME and (group == "message" or role == "alert")):
            return self._box()
        if group == "left-out":
            return None
        return self._module(element, place) if group == "download" else self._area(element, place, group, identifier)

    def _area(self, element: Element, place: Place, group: str, identifier: str | None) -> Place:
        area = place
        if element is self.column:
            self._started = True
            area = _MAIN
        elif identifier == "layout-grid__area--herounit":
            area = _HERO
        elif identifier in _ASIDE_IDS or group == "aside":
            area = _ASIDE
        elif identifier in _FOOT_IDS or element.tag == "footer":
            area = _AFTER
        elif place is _MODULE and group == "text":
            area = _MAIN  # the description of a download is text of the page
        elif place is _BEFORE and self._started:
            area = _AFTER
        return area

    def _module(self, element: Element, place: Place) -> Place:
        attachment = _attachment(element, self._base)
        if attachment is None:  # without a link it is text like any other
            return place
        self.modules.append(attachment)
        return _MODULE


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and fold(text) in _LABELS


_is_row = class_test("row-fluid")


def _is_teaser(element: Element) -> bool:
    """Lists before 2021 are rows with a date and a text."""
    return _is_row(element) and any(has_class(child, "date", "text") for child in element) and is_entry(element)


def _attachment(module: Element, base: str) -> Attachment | None:
    uri, anchor = None, ""
    for element in module.iter("a"):
        uri = resolve(element.get("href") or "", base)
        if uri is not None:
            anchor = squash(text_of(element))
            break
    if uri is None:
        return None
    label = next((squash(text_of(el)) for el in module.iter() if has_class(el, "title")), "")
    about = squash(
        " ".join(text_of(el) for el in module.iter() if has_class(el, "caption") or has_class(el, "doc-type"))
    )
    return Attachment(
        uri=uri,
        label=label or attachments.label_of(anchor) or uri.rsplit("/", 1)[-1],
        size=attachments.size_of(about),
        format=attachments.format_of(about, uri),
        note=attachments.note_of(about),
    )


def _kind(tree: Element, column: Element, blocks: tuple[Block, ...]) -> PageKind:
    pressed = any(has_class(element, "pressnumber") for element in column.iter("div", "p"))
    if pressed or any(has_class(element, "template-land_press") for element in tree.iter("div")):
        return PageKind.PRESS
    listed = any(
        has_class(el, "modul-autoteaser", "list--tablelist", "modul-rss_list")
        for el in column.iter("section", "div", "ul")
    )
    entries = sum(block.kind is BlockKind.ITEM and bool(block.links) for block in blocks)
    return PageKind.LIST if listed and entries else PageKind.ARTICLE


def _breadcrumb(tree: Element) -> tuple[str, ...]:
    """The old layout ends the trail with the page's own title, hidden; the new one leaves it out: so do we."""
    for element in tree.iter("nav"):
        if has_class(element, "breadcrumb"):
            names = (squash(text_of(entry)) for entry in element.iter("li") if not has_class(entry, "aural"))
            return tuple(name for name in names if name)
    return ()


def _identity(head: Head) -> str | None:
    """Return the document number of the content management system: the same in both eras, and after a move."""
    match = _GENERATOR_NUMBER.match(head.meta.get("generator", ""))
    return match.group(1) if match else None
