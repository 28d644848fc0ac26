"""The landmarks of a page: where its main text is, what is navigation, what stands in a notice's place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from extractors.blocks import Area, Place
from extractors.elements import amount, is_entry, is_unseen
from extractors.html import Element, name_words
from extractors.pages.attachments import offers_files
from extractors.pages.names import (
    ASIDES,
    FOOTERS,
    HEADERS,
    MEASURED_ELEMENTS,
    NAVIGATION_SHARE,
    TEASERS,
    is_navigation,
    is_no_text,
    is_notice,
    link_share,
    names_extra,
    tells,
)
from extractors.pages.selectors import Selection

SELECTOR_RULE = "selector"  # the rule of all that a configured selector chose
BEFORE = Place(area=Area.FRAME, rule="before-main")
MAIN_TEXT = Place(area=Area.MAIN, rule="main")
_AFTER = Place(area=Area.FRAME, rule="after-main")
_HEADER = Place(area=Area.FRAME, rule="header")
_FOOTER = Place(area=Area.FRAME, rule="footer")
_ASIDE = Place(area=Area.FRAME, rule="aside")
_EXTRA = Place(area=Area.FRAME, rule="extras")

# Articles without a <main> around them are the main text if they hold this part of what is not header, navigation,
# aside or footer; otherwise they are teasers. An element with a telling id needs less. Both are our choice.
MIN_ARTICLE_SHARE = 0.4
MIN_NAMED_SHARE = 0.2
# A header or footer with this part of all text was opened and never closed. Our choice.
MAX_FRAME_SHARE = 0.5
# A box longer than this holds the page, whatever its class says. Our choice: well above any notice we have seen.
MAX_NOTICE_CHARS = 6_000

# No extra holds this part of the main text or more: then the name is the layout's ("with-sidebar"). Our choice.
MAX_EXTRA_SHARE = 0.5
# Nor so many elements: measuring more, at each level of a monster, would cost its square.
MAX_EXTRA_ELEMENTS = 1_000
# Elements that carry the main text by their id or class, as content management systems name them; first match wins.
_CONTENT_NAMES = (
    "main", "main-content", "maincontent", "main_content", "content-main", "content", "inhalt", "hauptinhalt",
    "page-content", "contentarea", "content-area", "seiteninhalt", "mainbar",
)  # fmt: skip
_TEXT = frozenset(("h1", "h2", "h3", "h4", "p", "ul", "ol", "dl", "table"))
_HEADLINES = frozenset(("h1", "h2", "h3"))
# Elements that say by themselves that they may be no part of the text around them.
_TELLING = frozenset(("nav", "search", "dialog", "aside", "footer"))
_PARTS = frozenset(("article", "section", "blockquote", "li", "figure"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where a page says its main text is, and by which rule."""

    elements: tuple[Element, ...]
    rule: str


def body_of(tree: Element) -> Element:
    """Return the body of a document, or the whole tree of a fragment."""
    body = next(tree.iter("body"), None)
    return tree if body is None else body


def find_region(body: Element) -> Region | None:
    """Find the main text by landmark elements and roles, then by articles, then by the usual ids and classes."""
    marked = _outermost(
        el for el in body.iter() if (el.tag == "main" or el.get("role") == "main") and not is_unseen(el)
    )
    if any(amount(element, 1) for element in marked):
        return Region(elements=marked, rule="main")
    whole = amount(body)
    frame = tuple(
        el
        for el in _outermost(body.iter("nav", "aside", "footer", "header"))
        if el.tag == "nav" or amount(el) < MAX_FRAME_SHARE * whole
    )
    total = whole - sum(amount(element) for element in frame)
    articles = _outermost(el for el in body.iter("article") if not is_unseen(el) and not _is_within(el, frame))
    if _holds(articles, total, MIN_ARTICLE_SHARE):
        return Region(elements=_around(articles), rule="article")
    return _by_name(body, total)


def _by_name(body: Element, total: int) -> Region | None:
    named: dict[str, Element] = {}
    for element in body.iter("div", "section", "td", "article"):
        for name in (element.get("id") or "", element.get("class") or ""):
            if name.strip().lower() in _CONTENT_NAMES:
                named.setdefault(name.strip().lower(), element)
    for name in _CONTENT_NAMES:
        if name in named and _holds((named[name],), total, MIN_NAMED_SHARE):
            return Region(elements=(named[name],), rule=f"content:{name}")
    return None


def _holds(elements: tuple[Element, ...], total: int, share: float) -> bool:
    held = sum(amount(element) for element in elements)
    return held > 0 and held >= share * total


def _outermost(elements: Iterable[Element]) -> tuple[Element, ...]:
    kept: dict[Element, None] = {}
    for element in elements:  # in document order, so an ancestor comes first
        if not any(ancestor in kept for ancestor in element.iterancestors()):
            kept[element] = None
    return tuple(kept)


def _around(articles: tuple[Element, ...]) -> tuple[Element, ...]:
    """Several articles in one container are a list: what stands between them belongs to it."""
    parent = articles[0].getparent()
    shared = len(articles) > 1 and all(article.getparent() is parent for article in articles)
    if shared and parent is not None and parent.tag != "body":
        return (parent,)
    return articles


def _is_within(element: Element, frame: tuple[Element, ...]) -> bool:
    return bool(frame) and not set(frame).isdisjoint(element.iterancestors())


class Survey:
    """Says for each element of one page where its text belongs; a page is walked once, in document order."""

    def __init__(self, region: Region | None, selection: Selection) -> None:
        self._main = frozenset(region.elements) if region else frozenset()
        self._holders = {ancestor for element in self._main for ancestor in element.iterancestors()}
        self._place = Place(area=Area.MAIN, rule=region.rule if region else "")
        self._notices = selection.notices
        self._boxes = 0
        self._passed = False
        self._size: int | None = None  # of the main text, counted where it is needed
        self._begun = False  # whether the main text has begun: a headline, a paragraph or a list was met

    def enter(self, element: Element, place: Place) -> Place | None:
        """Return the place of an element's text, None to leave it out."""
        if element in self._notices:
            return self._box(SELECTOR_RULE, certain=True)
        if element in self._main:
            self._passed = True
            return self._place
        if element in self._holders or (place.area is Area.NOTICE and not is_navigation(element)):
            return place
        words, tag = name_words(element), element.tag
        if "-" in tag:  # a custom element (HTML §4.13) says in its own name what it is: <amt-alert>
            words |= frozenset(tag.split("-"))
        main = place.area is Area.MAIN
        if main and self._begun and tag not in _TELLING and not tells(words) and element.get("role") is None:
            return place  # as most elements of a text: none of the rules has anything to go by
        if is_no_text(element, words):
            return None
        return (self._in_main if main else self._outside)(element, words, place)

    def entry(self, element: Element) -> bool:
        """Tell whether an element is one of several alike, each with a link: an entry of a list of teasers."""
        if element.tag not in ("article", "div", "section"):
            return False
        if element.tag != "article" and not name_words(element) & TEASERS:
            return False
        alike = (element.getnext(), element.getprevious())
        siblings = any(
            el is not None and el.tag == element.tag and el.get("class") == element.get("class") for el in alike
        )
        return siblings and next(element.iter("a"), None) is not None and is_entry(element)

    def _in_main(self, element: Element, words: frozenset[str], place: Place) -> Place | None:
        if element.tag == "dialog":
            return self._box("dialog", certain=False)
        # Many templates put the notice inside <main>, but before the headline; behind it a box is part of the text.
        if not self._begun and is_notice(element, words, top=True) and not _is_headed(element):
            return self._box("notice-like", certain=False)
        self._begun = self._begun or element.tag in _TEXT
        if self._is_extra(element, words):
            return _EXTRA
        if element.tag == "footer" and not any(ancestor.tag in _PARTS for ancestor in element.iterancestors()):
            return _FOOTER
        return place

    def _is_extra(self, element: Element, words: frozenset[str]) -> bool:
        """Tell whether a part of the main text stands beside it; a box between paragraphs belongs to them."""
        aside = element.tag == "aside" or element.get("role") == "complementary"
        if aside:
            boxed = any(el is not None and el.tag == "p" for el in (element.getnext(), element.getprevious()))
            if boxed or is_notice(element, words):
                return link_share(element) >= NAVIGATION_SHARE
            if offers_files(element):
                return False
        elif not names_extra(element, words):
            return False
        return self._is_part(element)

    def _is_part(self, element: Element) -> bool:
        """Tell whether an element is a small part of the text: without the headline, less than half, not too big."""
        if next(element.iter("h1"), None) is not None:
            return False
        if next(islice(element.iter(), MAX_EXTRA_ELEMENTS, None), None) is not None:
            return False
        if self._size is None:
            self._size = sum(map(amount, self._main)) or amount(body_of(element.getroottree().getroot()))
        return amount(element) < MAX_EXTRA_SHARE * self._size

    def _outside(self, element: Element, words: frozenset[str], place: Place) -> Place | None:
        if element.tag == "form" and self._main:
            return None
        boxable = place is not _FOOTER and place is not _EXTRA
        top = not self._passed and not self._begun
        if boxable and is_notice(element, words, top=top) and not self._holds_page(element):
            return self._box("notice-like", certain=False)
        if not self._main:  # a page that does not say where its text is begins with its first heading
            self._begun = self._begun or element.tag in _HEADLINES
        return self._in_frame(element, words, place)

    def _in_frame(self, element: Element, words: frozenset[str], place: Place) -> Place:
        if place is not BEFORE and place is not _AFTER:
            return place
        found = _AFTER if self._passed else BEFORE
        if element.tag == "header" or element.get("role") == "banner":
            found = _HEADER
        elif element.tag == "footer" or element.get("role") == "contentinfo":
            found = _FOOTER
        elif element.tag == "aside" or element.get("role") == "complementary":
            found = _ASIDE
        elif element.tag != "body" and not self._holds_page(element):
            found = _FOOTER if words & FOOTERS else _HEADER if words & HEADERS else _ASIDE if words & ASIDES else found
            if found in (BEFORE, _AFTER) and names_extra(element, words) and self._is_part(element):
                found = _EXTRA
        return found

    def _holds_page(self, element: Element) -> bool:
        """Without a main element a big box, or one with the page's headline, may be the page itself."""
        if self._main:
            return False
        return _is_headed(element)

    def _box(self, rule: str, *, certain: bool) -> Place:
        self._boxes += 1
        return Place(area=Area.NOTICE, rule=rule, box=self._boxes, certain=certain)


def _is_headed(element: Element) -> bool:
    """Tell whether a box has the page's headline in it, or is too big for a notice."""
    headed = next(element.iter("h1"), None) is not None
    big = next(islice(element.iter(), MEASURED_ELEMENTS, None), None) is not None
    return headed or big or amount(element, MAX_NOTICE_CHARS) >= MAX_NOTICE_CHARS
