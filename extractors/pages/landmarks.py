"""The landmarks of a page: where its main text is, what is navigation, what stands in a notice's place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from extractors.blocks import Area, Place
from extractors.elements import amount, is_entry, is_unseen
from extractors.html import Element, name_words
from extractors.pages.selectors import Selection
from extractors.words import word_set

SELECTOR_RULE = "selector"  # the rule of all that a configured selector chose
BEFORE = Place(area=Area.FRAME, rule="before-main")
MAIN_TEXT = Place(area=Area.MAIN, rule="main")
_AFTER = Place(area=Area.FRAME, rule="after-main")
_HEADER = Place(area=Area.FRAME, rule="header")
_FOOTER = Place(area=Area.FRAME, rule="footer")
_ASIDE = Place(area=Area.FRAME, rule="aside")

# Articles without a <main> around them are the main text if they hold this part of what is not header, navigation,
# aside or footer; otherwise they are teasers. An element with a telling id needs less. Both are our choice.
MIN_ARTICLE_SHARE = 0.4
MIN_NAMED_SHARE = 0.2
# From this part of its text in links on, an element is a way to somewhere else.
NAVIGATION_SHARE = 0.6
# Enough to tell what an element is; counting more of a monster, at each of its levels, would cost its square.
MEASURED_CHARS = 5_000
MEASURED_ELEMENTS = 200
# A box longer than this holds the page, whatever its class says. Our choice: well above any notice we have seen.
MAX_NOTICE_CHARS = 6_000

# Elements that carry the main text by their id or class, as content management systems name them; first match wins.
_CONTENT_NAMES = (
    "main", "main-content", "maincontent", "main_content", "content-main", "content", "inhalt", "hauptinhalt",
    "page-content", "contentarea", "content-area", "seiteninhalt", "mainbar",
)  # fmt: skip
_NAVIGATION = word_set(
    """nav navi navigation navbar menu menue menü submenu skip skiplink skiplinks pagination
    pager paging toc sitemap languages language sprachwahl sharing share social socialmedia tags tagcloud"""
)
TRAIL = frozenset(("breadcrumb", "breadcrumbs", "brotkrumen", "brotkrume", "krümelpfad", "kruemelpfad"))
_NAVIGATION_ROLES = frozenset(("navigation", "menu", "menubar", "search", "toolbar"))
_CONSENT_STEMS = (
    "cookie",
    "consent",
    "gdpr",
    "dsgvo",
    "borlabs",
    "usercentrics",
    "onetrust",
    "didomi",
    "klaro",
    "tarteaucitron",
)
_CONSENT_TEXT = re.compile(r"\bcookies?\b", re.IGNORECASE)
MAX_CONSENT_CHARS = 1_500  # a longer text on cookies is a page about them
MAX_TRAIL_CHARS = 1_000  # whatever is longer is no breadcrumb, even if an outer element is called so
# A box of so many links and little else is a way to somewhere; one link around a whole sentence is not.
MIN_LINK_LIST = 4
MAX_LINKED_SHARE = 0.9
# Boxes by their class or id. A whole word, or its beginning where German builds compounds on it.
_NOTICE_STEMS = (
    "notice", "notif", "hinweis", "alert", "warn", "banner", "emergenc", "stoerung", "störung", "einschraenk",
    "einschränk", "announce", "eilmeldung", "sondermeldung", "wichtig", "achtung", "callout", "message", "sperrung",
    "schliessung",
)  # fmt: skip
_NOTICE_WORDS = word_set("meldung systemmeldung statusmeldung infobox infobar ticker")
_NOTICE_ROLES = frozenset(("alert", "status", "alertdialog"))
_TEASERS = word_set("teaser item entry newsitem listitem eintrag result meldung card news event termin")
_FOOTERS = word_set("footer foot fuss fuß fusszeile fußzeile impressum copyright colophon bottom")
_HEADERS = word_set("header masthead kopf kopfzeile topbar logo branding")
_ASIDES = word_set("sidebar aside marginal marginalspalte randspalte rechts related")
# What never is a whole area of a page, whatever its class says.
_INLINE = frozenset(("html", "body", "a", "span", "li", "b", "strong", "em", "i", "h1", "h2", "h3", "h4", "h5", "h6"))
_FRAME_WORDS = _FOOTERS | _HEADERS | _ASIDES
_TEXT = frozenset(("h1", "h2", "h3", "h4", "p", "ul", "ol", "dl", "table"))
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
    frame = _outermost(el for el in body.iter("nav", "aside", "footer", "header"))
    total = amount(body) - sum(amount(element) for element in frame)
    articles = _outermost(el for el in body.iter("article") if not _is_in_frame(el) and not is_unseen(el))
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


def _is_in_frame(element: Element) -> bool:
    return any(ancestor.tag in ("nav", "aside", "footer", "header") for ancestor in element.iterancestors())


def link_share(element: Element) -> float:
    """Return the part of an element's text that stands in links."""
    total = amount(element, MEASURED_CHARS, MEASURED_ELEMENTS)
    inside = islice(element.iter(), MEASURED_ELEMENTS)
    linked = sum(amount(each, MEASURED_CHARS, MEASURED_ELEMENTS) for each in inside if each.tag == "a")
    return linked / total if total else 0.0


class Survey:
    """Says for each element of one page where its text belongs; a page is walked once, in document order."""

    def __init__(self, region: Region | None, selection: Selection) -> None:
        self._main = frozenset(region.elements) if region else frozenset()
        self._holders = {ancestor for element in self._main for ancestor in element.iterancestors()}
        self._place = Place(area=Area.MAIN, rule=region.rule if region else "")
        self._notices = selection.notices
        self._boxes = 0
        self._passed = False
        self._begun = False  # whether the main text has begun: a headline, a paragraph or a list was met

    def enter(self, element: Element, place: Place) -> Place | None:
        """Return the place of an element's text, None to leave it out."""
        if element in self._notices:
            return self._box(SELECTOR_RULE, certain=True)
        if element in self._main:
            self._passed = True
            return self._place
        if element in self._holders or (place.area is Area.NOTICE and not _is_navigation(element)):
            return place
        words = name_words(element)
        if _is_no_text(element, words):
            return None
        if place.area is Area.MAIN:
            return self._in_main(element, words, place)
        return self._outside(element, words, place)

    def entry(self, element: Element) -> bool:
        """Tell whether an element is one of several alike, each with a link: an entry of a list of teasers."""
        if element.tag not in ("article", "div", "section"):
            return False
        if element.tag != "article" and not name_words(element) & _TEASERS:
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
        if not self._begun and _is_notice(element, words) and not _is_headed(element):
            return self._box("notice-like", certain=False)
        self._begun = self._begun or element.tag in _TEXT
        if element.tag == "aside" and link_share(element) >= NAVIGATION_SHARE:
            return None
        if element.tag == "footer" and not any(ancestor.tag in _PARTS for ancestor in element.iterancestors()):
            return _FOOTER
        return place

    def _outside(self, element: Element, words: frozenset[str], place: Place) -> Place | None:
        if element.tag == "form" and self._main:
            return None
        if place is not _FOOTER and _is_notice(element, words) and not self._holds_page(element):
            return self._box("notice-like", certain=False)
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
            found = (
                _FOOTER if words & _FOOTERS else _HEADER if words & _HEADERS else _ASIDE if words & _ASIDES else found
            )
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


def _is_no_text(element: Element, words: frozenset[str]) -> bool:
    """Navigation and consent banners, wherever they stand."""
    if _is_navigation(element) or _is_consent(element, words):
        return True
    if element.tag in _INLINE:  # the federal government's content links have the class NavNode
        return False
    if words & TRAIL and amount(element, MAX_TRAIL_CHARS, MEASURED_ELEMENTS) < MAX_TRAIL_CHARS:
        return True
    return bool(words & _NAVIGATION) and link_share(element) >= NAVIGATION_SHARE


def _is_navigation(element: Element) -> bool:
    return element.tag in ("nav", "search") or element.get("role") in _NAVIGATION_ROLES


def _is_consent(element: Element, words: frozenset[str]) -> bool:
    if any(word.startswith(_CONSENT_STEMS) for word in words):
        return amount(element, MAX_CONSENT_CHARS, MEASURED_ELEMENTS) < MAX_CONSENT_CHARS
    if element.tag == "dialog" or element.get("role") in ("dialog", "alertdialog"):
        text = "".join(map(str, islice(element.itertext(), 40)))
        return _CONSENT_TEXT.search(text) is not None
    return False


def _is_notice(element: Element, words: frozenset[str]) -> bool:
    role = element.get("role")
    if element.tag in _INLINE or role == "banner":
        return False
    named = bool(words & _NOTICE_WORDS) or any(word.startswith(_NOTICE_STEMS) for word in words)
    if not named and element.tag not in ("dialog", "marquee") and role not in _NOTICE_ROLES:
        return False
    few = sum(1 for _ in islice(element.iter("a"), MIN_LINK_LIST)) < MIN_LINK_LIST
    return few or link_share(element) < MAX_LINKED_SHARE
