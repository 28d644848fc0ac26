"""What the names and roles of elements say they are: navigation, consent, a notice, furniture, a part of the frame."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from extractors.elements import SILENT, amount
from extractors.html import Element
from extractors.noise import speaks_of_restriction
from extractors.words import word_set

# From this part of its text in links on, an element is a way to somewhere else.
NAVIGATION_SHARE = 0.6
# Enough to tell what an element is; counting more of a monster, at each of its levels, would cost its square.
MEASURED_CHARS = 5_000
MEASURED_ELEMENTS = 200
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
# Names that are a notice's only at the top of a page, and never beside one of the words that make them a bait.
_TOP_STEMS = ("stoerer", "störer", "topmeldung", "breaking", "disruption", "alarm", "infobanner", "newsticker")
# Bars of languages and contrast are called so as well: only with a sentence. A top bar is Foundation's menu, or the
# place of a telephone number: only where it speaks of a closure.
_TOP_NAMES = tuple(map(frozenset, (("info", "box"), ("info", "bar"), ("info", "banner"))))
_TOP_BARS = tuple(map(frozenset, (("top", "bar"), ("topbar",))))
_BAIT = word_set(
    """job jobs jobalert karriere stellen stelle stellenangebot stellenangebote stellenanzeige newsletter promo werbung
    kampagne gewinnspiel shop slider carousel swiper"""
)
_SENTENCE = re.compile(r"[^\W\d_]{3,}\s[^.!?]{12,}[^\W\d_]{2}[.!?](?:\s|$)")
_LIVE = frozenset(("assertive", "polite"))
_LABELLED_TAGS = frozenset(("section", "aside", "div"))
_LABELLED_ROLES = frozenset(("region", "complementary", "note"))
# What the label of a notice's box says. Legal notes, notes on data and press releases are called so as well.
_NOTICE_LABEL = re.compile(
    r"\b(?:hinweis|mitteilung|eilmeldung|sondermeldung|(?:\w*störung|warn)(?:s?(?:meldung|hinweis))?(?:en|e)?|warnung(?:en)?"
    r"|wichtige?[rns]?|aktuelle[rns]? hinweise?|achtung|alert|warning|important)\b",
    re.IGNORECASE,
)
_OTHER_LABEL = re.compile(
    r"cookie|datenschutz|recht|urheber|redaktion|barriere|presse|lizenz|bild|quelle|stelle|newsletter|autor|link|downloads?"
    r"|wichtige (?:seiten|themen|termine|adressen|kontakte|nummern|rufnummern|formulare|dienste|aufgaben)",
    re.IGNORECASE,
)
TEASERS = word_set("teaser item entry newsitem listitem eintrag result meldung card news event termin")
FOOTERS = word_set("footer foot fuss fuß fusszeile fußzeile impressum copyright colophon bottom")
HEADERS = word_set("header masthead kopf kopfzeile topbar logo branding")
ASIDES = word_set("sidebar aside marginal marginalspalte randspalte rechts related")
# Parts that templates put inside the main text though they are none of it: ways to other pages, calls to share, rate,
# comment or subscribe, the columns beside the text.
_EXTRAS = word_set(
    """related relatedlinks recommended recommendation recommendations recommender similar verwandte empfehlungen
    comment comments commentlist kommentar kommentare respond disqus newsletter subscribe subscription signup paywall
    promo advert advertisement outbrain taboola sharing share socialshare shariff sharebuttons feedback rating voting
    helpful authorbox keywords hashtags tagcloud sidebar marginal marginalspalte randspalte supplement contextcolumn
    prevnext newsletteranmeldung readspeaker"""
)
# The box on who wrote it, and the way to the neighbours: names that say so only together.
_AUTHOR_PARTS = word_set("box bio info description card profile")
_NEIGHBOURS = frozenset(("prev", "next"))
MAX_AUTHOR_CHARS = 1_500
_EXTRA_TAGS = frozenset(("aside", "div", "section", "ul", "ol", "form", "footer", "nav", "figure"))
# What never is a whole area of a page, whatever its class says.
_INLINE = frozenset(("html", "body", "a", "span", "li", "b", "strong", "em", "i", "h1", "h2", "h3", "h4", "h5", "h6"))


class _Said(NamedTuple):
    """What the words of an element's names say by themselves."""

    consent: bool
    trail: bool
    navigation: bool
    notice: bool
    extra: bool
    author: bool


@lru_cache(maxsize=4096)  # a site has some dozens of names, and says them thousands of times
def _said_by(words: frozenset[str]) -> _Said:
    return _Said(
        consent=any(word.startswith(_CONSENT_STEMS) for word in words),
        trail=not words.isdisjoint(TRAIL),
        navigation=not words.isdisjoint(_NAVIGATION),
        notice=not words.isdisjoint(_NOTICE_WORDS) or any(word.startswith(_NOTICE_STEMS) for word in words),
        extra=not words.isdisjoint(_EXTRAS) or words >= _NEIGHBOURS,
        author="author" in words and not words.isdisjoint(_AUTHOR_PARTS),
    )


@lru_cache(maxsize=4096)
def tells(words: frozenset[str]) -> bool:
    """Tell whether the words of an element's names say anything of what it is."""
    return any(_said_by(words))


def link_share(element: Element) -> float:
    """Return the part of an element's text that stands in links."""
    total = amount(element, MEASURED_CHARS, MEASURED_ELEMENTS)
    inside = islice(element.iter(), MEASURED_ELEMENTS)
    linked = sum(amount(each, MEASURED_CHARS, MEASURED_ELEMENTS) for each in inside if each.tag == "a")
    return linked / total if total else 0.0


def names_extra(element: Element, words: frozenset[str]) -> bool:
    """Tell whether an element is by its name a part that stands beside the text."""
    if element.tag not in _EXTRA_TAGS:
        return False
    said = _said_by(words)
    return said.extra or (said.author and amount(element, MAX_AUTHOR_CHARS) < MAX_AUTHOR_CHARS)


def is_no_text(element: Element, words: frozenset[str]) -> bool:
    """Tell whether an element is navigation or a consent banner, wherever it stands."""
    said = _said_by(words)
    if is_navigation(element) or _is_consent(element, said):
        return True
    if element.tag in _INLINE:  # the federal government's content links have the class NavNode
        return False
    if said.trail and amount(element, MAX_TRAIL_CHARS, MEASURED_ELEMENTS) < MAX_TRAIL_CHARS:
        return True
    if not said.navigation or link_share(element) < NAVIGATION_SHARE:
        return False
    return next(element.iter("main", "article", "h1"), None) is None  # a menu's element that was never closed


def is_navigation(element: Element) -> bool:
    """Tell whether an element is navigation by its kind or role."""
    return element.tag in ("nav", "search") or element.get("role") in _NAVIGATION_ROLES


def _is_consent(element: Element, said: _Said) -> bool:
    if said.consent:
        return amount(element, MAX_CONSENT_CHARS, MEASURED_ELEMENTS) < MAX_CONSENT_CHARS
    if element.tag == "dialog" or element.get("role") in ("dialog", "alertdialog"):
        text = "".join(map(str, islice(element.itertext(), 40)))
        return _CONSENT_TEXT.search(text) is not None
    return False


def is_notice(element: Element, words: frozenset[str], *, top: bool = False) -> bool:
    """Tell whether an element is by its name, label or role a box that speaks to every visitor.

    ``top`` says that the main text has not begun: there less will do.
    """
    role = element.get("role")
    if element.tag in _INLINE or role == "banner":
        return False
    named = _said_by(words).notice or element.tag in ("dialog", "marquee") or role in _NOTICE_ROLES
    named = named or (top and _heads(element, words))
    if not named:
        return False
    few = sum(1 for _ in islice(element.iter("a"), MIN_LINK_LIST)) < MIN_LINK_LIST
    return few or link_share(element) < MAX_LINKED_SHARE


def _heads(element: Element, words: frozenset[str]) -> bool:
    """Tell whether an element at the top of a page is a notice by a name, a label or a role that is weak elsewhere."""
    if words & _BAIT:
        return False
    if any(word.startswith(_TOP_STEMS) for word in words) or _is_labelled_notice(element):
        return True
    weak = element.get("role") == "note" or element.get("aria-live") in _LIVE
    if weak or any(name <= words for name in _TOP_NAMES):
        return _SENTENCE.search(_said(element)) is not None
    return any(name <= words for name in _TOP_BARS) and speaks_of_restriction(_said(element))


def _is_labelled_notice(element: Element) -> bool:
    if element.tag not in _LABELLED_TAGS and element.get("role") not in _LABELLED_ROLES:
        return False
    label = element.get("aria-label") or ""
    return _NOTICE_LABEL.search(label) is not None and _OTHER_LABEL.search(label) is None


def _said(element: Element) -> str:
    """The visible words of a small element, "" where most of them are links or where they are about cookies."""
    if link_share(element) >= NAVIGATION_SHARE:
        return ""
    seen = islice(element.iter(), MEASURED_ELEMENTS)
    parts = [part for el in seen for part in (el.tag not in SILENT and el.text, el is not element and el.tail) if part]
    text = " ".join(" ".join(parts).split())
    return "" if _CONSENT_TEXT.search(text) else text
