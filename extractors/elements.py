"""Questions to one element: is it seen, how much text is in it, is it a list entry, does its table hold data."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from lxml import etree

from extractors.html import Element, class_test, name_words
from extractors.words import word_set

# A list entry up to this size is one block, whatever stands in it: title, date and teaser belong together. Our choice:
# above teasers (a few sentences), below sections that happen to be written as list items.
MAX_ENTRY_CHARS = 600
MAX_ENTRY_ELEMENTS = 60

SILENT = word_set(
    """applet audio canvas datalist embed frame head iframe input link map meta meter noframes noscript object option
    optgroup param progress script select source style svg template textarea title track video"""
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
CELLS = frozenset(("td", "th"))
_NESTING = frozenset(("ul", "ol", "dl", "menu", "table", "pre", "blockquote", "form"))
_LAYOUT_SIGNS = frozenset((*HEADINGS, "form", "nav", "main", "article"))
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Classes of text for screen readers only: berlin.de's own and those of the common CSS frameworks.
_has_unseen_class = class_test(
    "aural", "is-aural", "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "element-invisible",
    "sr-hint", "u-visually-hidden", "hide-accessible", "show-for-sr", "offscreen", "cdk-visually-hidden",
)  # fmt: skip
# What a reader opens with a click is text all the same.
_FOLDED = word_set("accordion akkordeon collapse panel tab toggle")
_OVERLAYS = word_set(
    "dialog alertdialog menu menubar modal popup overlay tooltip cookie cookies consent nav navigation search suche"
)
_OVERLAY_TAGS = frozenset(("dialog", "nav", "form", "menu"))
_CONTROLLING = ("aria-controls", "data-target", "data-bs-target", "data-toggle-target", "data-open")


def is_unseen(element: Element) -> bool:
    """Tell whether the markup itself hides an element from sighted readers, and no click of theirs shows it."""
    hidden = element.get("hidden")
    style = element.get("style")
    if (hidden is not None and hidden.lower() != "until-found") or (style and _UNSEEN_STYLE.search(style)):
        return not _is_panel(element)
    return _has_unseen_class(element)


def _is_panel(element: Element) -> bool:
    """Tell whether a hidden element is one that a reader opens: an accordion's or a tab's, by its role, name or button.

    Dialogs, menus and forms are opened too, and are no text of the page.
    """
    role, names = element.get("role"), name_words(element)
    if role in _OVERLAYS or element.tag in _OVERLAY_TAGS or not names.isdisjoint(_OVERLAYS):
        return False
    if role == "tabpanel" or not names.isdisjoint(_FOLDED):
        return True
    identifier = element.get("id")
    return bool(identifier) and identifier in _controlled(element.getroottree().getroot())


@lru_cache(maxsize=1)  # asked for each hidden element of one page; the page before must not stay in memory
def _controlled(root: Element) -> frozenset[str]:
    """The ids of what buttons and links of a page open (WAI-ARIA, Bootstrap, Foundation)."""
    named = (element.get(name) for element in root.iter() for name in _CONTROLLING if element.get(name))
    anchors = (element.get("href") for element in root.iter("a") if (element.get("href") or "").startswith("#"))
    return frozenset(word.lstrip("#") for value in (*named, *anchors) for word in (value or "").split())


def amount(element: Element, limit: int = 1_000_000, elements: int = 1_000_000) -> int:
    """Count the characters of text under an element, scripts and the like left out, until either limit."""
    total = 0
    for child in islice(element.iter(), elements):
        if child.text and child.tag not in SILENT:
            total += len(child.text.strip())
        if child.tail and child is not element:
            total += len(child.tail.strip())
        if total >= limit:
            break
    return total


def is_entry(element: Element) -> bool:
    """Tell whether an element is small and flat enough to be one list entry."""
    chars = headings = 0
    for count, child in enumerate(element.iter()):
        if child is not element and child.tag in _NESTING:
            return False
        headings += child.tag in HEADINGS
        chars += len(child.text.strip()) if child.text and child.tag not in SILENT else 0
        chars += len(child.tail.strip()) if child.tail and child is not element else 0
        if count > MAX_ENTRY_ELEMENTS or chars > MAX_ENTRY_CHARS or headings > 1:
            return False
    return True


def layout_tables(root: Element) -> set[Element]:
    """Find the tables that only arrange a page: those that hold tables, headings or running text."""
    found: set[Element] = set()
    if next(root.iter("table"), None) is None:
        return found
    open_tables: list[Element] = []
    paragraphs = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "end":
            if tag == "table" and open_tables:
                open_tables.pop()
            continue
        if tag in CELLS or tag == "table":
            paragraphs = 0
        paragraphs += tag == "p"
        arranges = tag in _LAYOUT_SIGNS and element.getparent() is not None and element.getparent().tag != "th"
        if open_tables and (arranges or tag == "table" or paragraphs > 1):
            found.add(open_tables[-1])
        if tag == "table":
            open_tables.append(element)
            if element.get("role") in ("presentation", "none"):
                found.add(element)
    return found
