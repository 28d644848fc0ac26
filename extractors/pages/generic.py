"""The page object for every other site: landmarks first, Trafilatura where a page has none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.blocks import Area, Piece, pieces
from extractors.elements import is_unseen
from extractors.html import Element, Head, name_words, same_text
from extractors.model import Block, BlockKind, Page, PageKind
from extractors.pages import attachments, unmarked
from extractors.pages.cells import set_menus_apart
from extractors.pages.furniture import is_prose, set_apart
from extractors.pages.landmarks import BEFORE, MAIN_TEXT, SELECTOR_RULE, Region, Survey, body_of, find_region
from extractors.pages.names import TRAIL
from extractors.pages.parts import Document, is_press_line, sort, stated_dates
from extractors.text import fold, squash

NAME = "generic"

# Part of a page's main text that linked entries make up if it is a list.
LIST_SHARE = 0.6
MIN_LIST_ENTRIES = 3

# "Verbandsgemeinde Hochwald: Hundesteuer" has the site's name in front, "Hundesteuer: Anmeldung" has not; only the
# first heading can tell.
_PREFIX = re.compile(r":\s+")
_TITLE_PARTS = re.compile(r"\s+[-|–—·•»:]+\s+|\s*[|»]\s*")


def read(document: Document) -> Page:
    """Read any page: its main text by configured selectors, by landmarks, or by Trafilatura."""
    selection = document.selection
    body = body_of(document.tree)
    region = Region(elements=selection.main, rule=SELECTOR_RULE) if selection.main else find_region(body)
    survey = Survey(region, selection)
    found = pieces(body, document.base, BEFORE, survey.enter, survey.entry)
    memory = ""
    if region is None:
        found = set_menus_apart(found, document.head.title)
        choice = unmarked.choose(found, document.previous.choice if document.previous is not None else "")
        found, memory = choice.pieces, choice.memory
    elif not selection.main:
        found = _with_lead(document.head, found)
    parts = sort(found if selection.main else set_apart(found, document.uri))
    title, headline = _title(document.head, parts.main, parts.frame)
    main = tuple(piece.block for piece in parts.main if piece is not headline)
    areas = region.elements if region is not None else ()
    pictures = attachments.pictured(areas, document.base)
    declared = attachments.declared(areas or (body,), document.base)
    blocks, files = attachments.lift(main, pictured=pictures, declared=declared)
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
        choice=memory,
    )


def _with_lead(head: Head, found: list[Piece]) -> list[Piece]:
    """Take the running text under a headline that stands before the main element into the main text.

    A sentence in the headline's own box is a lead, however short.
    """
    main = [n for n, piece in enumerate(found) if piece.place.area is Area.MAIN]
    if not main or any(found[n].block.level == 1 for n in main):
        return found
    tops = [n for n in range(main[0]) if found[n].block.level == 1 and fold(found[n].block.text) in fold(head.title)]
    if not tops:
        return found
    box = found[tops[-1]].element.getparent()
    lead = {
        n
        for n in range(tops[-1] + 1, main[0])
        if found[n].place.area is Area.FRAME and (is_prose(found[n].block) or _is_sentence_in(box, found[n]))
    }
    return [_lead(piece) if n in lead else piece for n, piece in enumerate(found)]


def _is_sentence_in(box: Element | None, piece: Piece) -> bool:
    if box is None or box.tag == "body" or not piece.block.text.endswith((".", "!", "?")):
        return False
    return box in piece.element.iterancestors() and not piece.block.links


def _lead(piece: Piece) -> Piece:
    place = replace(MAIN_TEXT, rule="lead")
    return replace(piece, place=place, block=replace(piece.block, rule=place.rule))


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
    site, prefixed, rest = head.title.partition(": ")
    if prefixed and rest.strip() and fold(site) in sites:
        return squash(rest), None
    return head.title or head.meta.get("og:title", ""), None


def _headline(headings: Sequence[Piece], outside: Sequence[Piece], title: str, named: Sequence[str]) -> Piece | None:
    """The heading that names the page: a first-level one of the main text, or one that the document's title repeats."""
    tops = [piece for piece in headings if piece.block.level == 1]
    confirmed = [piece for piece in tops if fold(piece.block.text) in fold(title)]
    if tops:
        return (confirmed or tops)[0]
    if headings and any(same_text(headings[0].block.text, name) for name in (title, *named, *_PREFIX.split(title, 1))):
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
        label = element.get("aria-label")
        if not name_words(element).isdisjoint(TRAIL) or (label and _labels_trail(label.lower())):
            tag = "li" if next(element.iter("li"), None) is not None else "a"
            names = [squash("".join(map(str, entry.itertext()))) for entry in element.iter(tag) if not is_unseen(entry)]
            return tuple(name.strip(" />»›") for name in names if name.strip(" />»›"))
    return ()


def _labels_trail(label: str) -> bool:
    return "breadcrumb" in label or "sie sind hier" in label
