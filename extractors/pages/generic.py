"""The page object for every other site: landmarks first, Trafilatura where a page has none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.blocks import Area, Piece, pieces
from extractors.elements import is_unseen
from extractors.html import Element, Head, name_words, same_text
from extractors.model import Block, BlockKind, Page, PageKind
from extractors.pages import attachments
from extractors.pages.boilerplate import main_lines
from extractors.pages.landmarks import BEFORE, MAIN_TEXT, SELECTOR_RULE, TRAIL, Region, Survey, body_of, find_region
from extractors.pages.parts import Document, is_press_line, sort, stated_dates
from extractors.text import fold, squash
from extractors.words import word_set

NAME = "generic"

# A line shorter than this is main text only if Trafilatura has it as a line of its own: "Kontakt" is part of many.
MIN_INSIDE_CHARS = 25
# The smallest element that holds this share of what Trafilatura took is where the main text stands. Our choice: a
# teaser or a caption that it picked up elsewhere must not widen it to the whole page.
REGION_SHARE = 0.9
# Part of a page's main text that linked entries make up if it is a list.
LIST_SHARE = 0.6
MIN_LIST_ENTRIES = 3

# Elements that stand alone in a page without any structure; its footer has one around it.
_PROSE = word_set("body p ul ol dl table h1 h2 h3 h4 h5 h6 blockquote pre figure b strong i em a span font")

_TITLE_PARTS = re.compile(r"\s+[-|–—·•»:]+\s+|\s*[|»]\s*")


def read(document: Document) -> Page:
    """Read any page: its main text by configured selectors, by landmarks, or by Trafilatura."""
    selection = document.selection
    body = body_of(document.tree)
    region = Region(elements=selection.main, rule=SELECTOR_RULE) if selection.main else find_region(body)
    survey = Survey(region, selection)
    found = pieces(body, document.base, BEFORE, survey.enter, survey.entry)
    if region is None:
        found = _by_trafilatura(document.tree, found)
    parts = sort(found)
    title, headline = _title(document.head, parts.main, parts.frame)
    main = tuple(piece.block for piece in parts.main if piece is not headline)
    blocks, files = attachments.lift(main)
    return Page(
        uri=document.uri,
        title=title,
        kind=_kind(blocks),
        language=document.head.language,
        blocks=blocks,
        notices=parts.notices,
        attachments=files,
        frame=tuple(piece.block for piece in parts.frame if piece is not headline),
        links=document.links,
        feeds=document.head.feeds,
        breadcrumb=_breadcrumb(body),
        dates=stated_dates(document.head, blocks, parts.stamps),
        canonical=document.head.canonical,
        extractor=NAME,
    )


def _by_trafilatura(tree: Element, found: Sequence[Piece]) -> list[Piece]:
    """Give the main text its place, where the page itself does not say which part that is."""
    open_to = [n for n, piece in enumerate(found) if piece.place.area is Area.FRAME and piece.place.rule == BEFORE.rule]
    lines = main_lines(tree, sum(len(found[n].block.text) for n in open_to))
    taken = [n for n in open_to if _is_in(found[n], lines)] if lines else []
    if taken:
        chosen = set(_region(found, open_to, taken))
        rule = "trafilatura"
    else:  # a page of a few words: all that is not header, footer or aside
        chosen = set(open_to)
        rule = "whole-page"
    last = max(chosen, default=0)
    return [_placed(piece, n in chosen, n > last, rule) for n, piece in enumerate(found)]


def _placed(piece: Piece, main: bool, after: bool, rule: str) -> Piece:
    if main:
        place = replace(MAIN_TEXT, rule=rule)
    elif after and piece.place.rule == BEFORE.rule:
        place = replace(piece.place, rule="after-main")
    else:
        return piece
    return replace(piece, place=place, block=replace(piece.block, rule=place.rule))


def _is_in(piece: Piece, lines: Sequence[str]) -> bool:
    text = fold(piece.block.text)
    if len(text) < MIN_INSIDE_CHARS:
        return text in lines
    return any(text in line for line in lines) or any(len(line) >= MIN_INSIDE_CHARS and line in text for line in lines)


def _region(found: Sequence[Piece], open_to: Sequence[int], taken: Sequence[int]) -> list[int]:
    """The open pieces from the first to the last one taken, and all others in the element that holds nearly all of it.

    In a flat page that element is the body, which holds header and footer as well: then, beyond the last taken
    piece, only what stands in the same element or in none counts, and before the first only the headline.
    """
    region = _holder(found, taken)
    inside = [region in found[n].element.iterancestors() for n in open_to]
    headline = next((n for n in open_to if found[n].block.level == 1), taken[0])
    first, last = min(taken[0], headline), taken[-1]
    if region.tag == "body":
        top = _top(found[last].element, region)
        inside = [n > last and ((el := _top(found[n].element, region)) is top or el.tag in _PROSE) for n in open_to]
    return [n for n, within in zip(open_to, inside, strict=True) if within or first <= n <= last]


def _top(element: Element, body: Element) -> Element:
    """The outermost element around a piece below the body."""
    for ancestor in element.iterancestors():
        if ancestor is body:
            break
        element = ancestor
    return element


def _holder(found: Sequence[Piece], taken: Sequence[int]) -> Element:
    """The smallest element that holds the greater part of what was taken."""
    weights: dict[Element, int] = {}
    for n in taken:
        for element in found[n].element.iterancestors():
            weights[element] = weights.get(element, 0) + len(found[n].block.text)
    needed = REGION_SHARE * sum(len(found[n].block.text) for n in taken)
    holder = found[taken[0]].element
    for holder in found[taken[0]].element.iterancestors():
        if weights[holder] >= needed:
            break
    return holder


def _title(head: Head, main: Sequence[Piece], frame: Sequence[Piece]) -> tuple[str, Piece | None]:
    """The page's title, and the piece of text that says it: that one is no block of the text as well."""
    named = [part for part in _TITLE_PARTS.split(head.title) if part]
    headings = [piece for piece in main if piece.block.kind is BlockKind.HEADING]
    outside = [piece for piece in frame if piece.block.level == 1]
    headline = _headline(headings, outside, head.title, named)
    if headline is None and not head.title:
        headline = next(iter([*headings, *outside]), None)
    if headline is not None:
        return headline.block.text, headline
    sites = {fold(piece.block.text) for piece in outside} | {fold(head.meta.get("og:site_name", ""))}
    if len(named) > 1 and fold(named[-1]) in sites - {""}:
        return squash(head.title[: head.title.rindex(named[-1])]).rstrip(" -|–—·•»:"), None
    return head.title or head.meta.get("og:title", ""), None


def _headline(headings: Sequence[Piece], outside: Sequence[Piece], title: str, named: Sequence[str]) -> Piece | None:
    """The heading that names the page: a first-level one of the main text, or one that the document's title repeats."""
    tops = [piece for piece in headings if piece.block.level == 1]
    confirmed = [piece for piece in tops if fold(piece.block.text) in fold(title)]
    if tops:
        return (confirmed or tops)[0]
    if headings and any(same_text(headings[0].block.text, name) for name in (title, *named)):
        return headings[0]
    return next(
        (piece for piece in outside if any(same_text(piece.block.text, name) for name in (title, *named[:1]))), None
    )


def _kind(blocks: Sequence[Block]) -> PageKind:
    if any(is_press_line(block.text) for block in blocks[:5]):
        return PageKind.PRESS
    entries = [block for block in blocks if block.kind is BlockKind.ITEM and block.links]
    total = sum(len(block.text) for block in blocks)
    if len(entries) >= MIN_LIST_ENTRIES and sum(len(block.text) for block in entries) >= LIST_SHARE * total:
        return PageKind.LIST
    return PageKind.ARTICLE


def _breadcrumb(body: Element) -> tuple[str, ...]:
    for element in body.iter("nav", "ol", "ul", "div", "p"):
        label = (element.get("aria-label") or "").lower()
        if name_words(element) & TRAIL or "breadcrumb" in label or "sie sind hier" in label:
            tag = "li" if next(element.iter("li"), None) is not None else "a"
            names = [squash("".join(map(str, entry.itertext()))) for entry in element.iter(tag) if not is_unseen(entry)]
            return tuple(name.strip(" />»›") for name in names if name.strip(" />»›"))
    return ()
