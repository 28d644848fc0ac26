"""A tolerant HTML tree within limits, and what its head and its links say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import unquote

from lxml import etree

from extractors import address
from extractors.model import MAX_LINKS, Link, link
from extractors.text import fold, squash

# The tokenizer looks for a doubled name among all attributes of a tag: 200,000 of them took 79 s, 1,000 take 2 ms.
MAX_ATTRIBUTES = 1_000
# A shorter tag cannot hold that many; longer ones may hold a data: URI or JSON, so their attributes are counted.
LONG_TAG_CHARS = 2 * MAX_ATTRIBUTES
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# The crawler's own cap on a body is 32 MB; libxml2 needs about ten times the text in memory, within the readers' 1 GiB.
MAX_CHARS = 32_000_000
MAX_LINK_TEXT = 500

Element = etree._Element  # noqa: SLF001 - lxml exports the type of its elements under this name only

_NAME_PARTS = re.compile(r"[A-ZÄÖÜ]+(?![a-zäöüß])|[A-ZÄÖÜ]?[a-zäöüß]+|\d+")
# All that the start of a document may hold; anything else begins its body (HTML standard, 13.2.6.4.4 "in head").
_IN_HEAD = frozenset(
    {"title", "meta", "link", "script", "style", "base", "basefont", "bgsound", "noscript", "template"}
)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a document was not parsed: the rule's name and a German sentence for the operator."""

    rule: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the head of a document says; ``meta`` has lower-case names, the first value wins."""

    title: str
    language: str
    canonical: str | None
    feeds: tuple[str, ...]
    meta: Mapping[str, str]


def parse(text: str, utf8: bytes | None = None) -> Element | Refusal | None:
    """Parse HTML of any quality into a tree without comments; None if nothing in it is markup or text.

    ``utf8`` is the same text in UTF-8, where it is at hand.
    """
    if len(text) > MAX_CHARS:
        return Refusal(rule="too-large", detail="Die Seite ist zu groß, um gelesen zu werden.")
    if any(_attributes(part) > MAX_ATTRIBUTES for part in _long_parts(text)):
        return Refusal(rule="too-complex", detail="Ein Element der Seite hat zu viele Attribute.")
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True, recover=True
    )
    body = text.encode("utf-8", "replace") if utf8 is None else utf8
    try:
        tree = etree.fromstring(body.replace(b"\x00", b""), parser)
    except etree.XMLSyntaxError:  # nothing but white space, or nothing at all
        return None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        return Refusal(rule="too-complex", detail="Die Seite ist zu tief verschachtelt, um gelesen zu werden.")
    _end_head(tree)
    return tree


def _end_head(tree: Element | None) -> None:
    """Move what libxml2 left in the head into the body: where a page writes no body tag, it takes main for metadata."""
    parent = tree.find("head") if tree is not None else None
    strays = [] if parent is None else list(parent)
    first = next((n for n, element in enumerate(strays) if element.tag not in _IN_HEAD), None)
    if tree is None or parent is None or first is None:
        return
    body = tree.find("body")
    if body is None:
        body = etree.SubElement(tree, "body")
    for place, element in enumerate(strays[first:]):
        body.insert(place, element)


def _long_parts(text: str) -> Iterator[str]:
    """What stands between two opening brackets so far apart that a tag with too many attributes fits in.

    Looks from each bracket for the last one within that distance, which passes over dozens of tags at once.
    """
    start = text.find("<")
    while 0 <= start < len(text) - LONG_TAG_CHARS:
        following = text.rfind("<", start + 1, start + 1 + LONG_TAG_CHARS)
        if following < 0:
            following = text.find("<", start + 1)
            yield text[start + 1 : following if following >= 0 else len(text)]
        start = following


def _attributes(part: str) -> int:
    """Count the attributes of the tag that a part of the markup begins with; texts and scripts have none."""
    tag = part.partition(">")[0]
    return len(_QUOTED.sub("", tag).split()) if tag[:1].isalpha() else 0


_SHARE = re.compile(
    r"""https?://(?:www\.|m\.|api\.|web\.)?(?:
      facebook\.com/(?:sharer|share|dialog/(?:share|feed))|(?:twitter|x)\.com/(?:intent|share|home\?status)
    |linkedin\.com/(?:sharing|shareArticle|cws/share)|xing\.com/(?:spi/shares|social|app/user\?op=share)
    |whatsapp\.com/send|wa\.me/\?|t\.me/share|telegram\.me/share|pinterest\.\w+/pin/create|reddit\.com/submit
    |tumblr\.com/(?:share|widgets/share)|getpocket\.com/(?:save|edit)|bsky\.app/intent|toot\.(?:kytta\.dev|karamoff\.dev)
    |threads\.net/intent|news\.ycombinator\.com/submitlink|mastodonshare\.com|sharetomastodon\.github\.io)""",
    re.IGNORECASE | re.VERBOSE,
)


def head(tree: Element, uri: str) -> Head:
    """Read the head: title, language, canonical address (of the same host only), feeds and meta elements."""
    base = base_of(tree, uri)
    meta: dict[str, str] = {}
    title: str | None = None
    canonical, feeds = None, []
    for element in tree.iter("meta", "link", "title"):
        if element.tag == "meta":
            name = element.get("name") or element.get("property") or element.get("http-equiv") or ""
            if name:
                meta.setdefault(name.lower(), squash(element.get("content") or ""))
        elif element.tag == "title":
            title = squash(text_of(element)) if title is None else title
        else:
            relation = (element.get("rel") or "").lower().split()
            if "canonical" in relation and canonical is None:
                canonical = _own(resolve(element.get("href") or "", base), uri)
            elif "alternate" in relation and (element.get("type") or "").lower() in _FEED_TYPES:
                feeds.append(resolve(element.get("href") or "", base))
    spoken = tree.get("lang") or tree.get("xml:lang") or meta.get("content-language") or ""
    return Head(
        title=title or "",
        language=re.split(r"[-_,;\s]", spoken.strip().lower())[0],
        canonical=canonical,
        feeds=tuple(dict.fromkeys(filter(None, feeds))),
        meta=MappingProxyType(meta),
    )


def _own(target: str | None, uri: str) -> str | None:
    """A canonical address counts on the page's own host; a deep page that names the home page is misconfigured."""
    if target is None:
        return None
    same_host = address.host(target) == address.host(uri)
    names_home = address.key(target) == address.host(target) and address.key(uri) != address.host(uri)
    return target if same_host and not names_home else None


def base_of(tree: Element, uri: str) -> str:
    """Return the address that relative links resolve against."""
    for element in tree.iter("base"):
        return address.clean(element.get("href") or "", uri) or uri
    return uri


def resolve(href: str, base: str) -> str | None:
    """Return the clean absolute address of a link, None if it leads nowhere that a crawl could go.

    Remembers: nine of ten links of a page are the navigation that its neighbours have too.
    """
    if not href or href[0] == "#" or len(href) > address.MAX_HREF:
        return None
    if href[0] == "/" and href[:2] != "//":
        base = _origin(base)
    elif href.startswith(("https://", "http://")):
        base = ""
    return _resolve(href, base)


def is_share(uri: str) -> bool:
    """Tell whether an address hands a page on to a social network: it is nowhere to go, and often holds a token."""
    return _SHARE.match(uri) is not None


def contact(href: str) -> str | None:
    """Return the mail address or telephone number that a link names, as ``mailto:`` or ``tel:``."""
    scheme, colon, rest = href.strip().partition(":")
    scheme = scheme.lower()
    if not colon or len(rest) > MAX_LINK_TEXT:
        return None
    if scheme == "mailto":  # subject and text of the mail are no part of where it goes
        found = "".join(unquote(rest.partition("?")[0]).split()).lower()
    elif scheme == "tel":
        found = "".join(sign for sign in unquote(rest).partition(";")[0] if sign.isdigit() or sign == "+")
    else:
        return None
    return f"{scheme}:{found}" if found else None


def is_contact(uri: str) -> bool:
    """Tell whether a target is a mail address or a telephone number."""
    return uri.startswith(("mailto:", "tel:"))


@lru_cache(maxsize=8192)
def _resolve(href: str, base: str) -> str | None:
    return address.clean(href, base or None)


@lru_cache(maxsize=1024)
def _origin(base: str) -> str:
    cleaned = address.clean(base)
    return address.home(cleaned) if cleaned else base


def links(tree: Element, base: str) -> tuple[Link, ...]:
    """Return all distinct targets a crawl may follow, in document order, each with its first visible text."""
    found: dict[str, Link] = {}
    for element in tree.iter("a", "area"):
        href = element.get("href")
        target = resolve(href, base) if href else None
        if target is None or ((known := found.get(target)) is not None and known.text):
            continue
        found[target] = _link(element, target)
        if len(found) >= MAX_LINKS:
            break
    return tuple(found.values())


def _link(element: Element, target: str) -> Link:
    """The link of an element, with the words in it, else those that stand for its picture or its title."""
    raw = text_of(element)
    shown = _shown(target, raw) if len(raw) <= MAX_LINK_TEXT else link(target, squash(raw)[:MAX_LINK_TEXT])
    if shown.text:
        return shown
    picture = next((image.get("alt") or "" for image in element.iter("img")), "")
    return link(target, squash(picture or element.get("title") or "")[:MAX_LINK_TEXT])


@lru_cache(maxsize=4096)  # as with addresses: most links of a page are its neighbours' too
def _shown(target: str, raw: str) -> Link:
    return link(target, squash(raw))


def text_of(element: Element, limit: int = MAX_LINK_TEXT * 4) -> str:
    """Return the raw text under an element, up to about ``limit`` characters."""
    if not len(element):
        return element.text or ""
    parts, left = [], limit
    for part in element.itertext():
        parts.append(str(part))
        left -= len(part)
        if left <= 0:
            break
    return "".join(parts)


def name_words(element: Element) -> frozenset[str]:
    """Return the lower-case words of an element's class and id: ``siteNav main-nav_2`` is site, nav, main, 2."""
    classes, identifier = element.get("class"), element.get("id")
    if identifier:
        return _split(f"{classes} {identifier}") if classes else _split(identifier)
    return _split(classes) if classes else _NO_WORDS


_NO_WORDS: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def _split(names: str) -> frozenset[str]:
    return frozenset(part.lower() for part in _NAME_PARTS.findall(names))


def class_test(*names: str) -> Callable[[Element], bool]:
    """Return a test for elements with one of these classes, spelled exactly so; it remembers what it was asked."""
    wanted = frozenset(names)

    @lru_cache(maxsize=4096)
    def fits(classes: str) -> bool:
        return not wanted.isdisjoint(classes.split())

    def test(element: Element) -> bool:
        classes = element.get("class")
        return classes is not None and fits(classes)

    return test


def has_class(element: Element, *names: str) -> bool:
    """Tell whether an element has one of these classes, spelled exactly so."""
    classes = element.get("class")
    return classes is not None and not _classes(classes).isdisjoint(names)


@lru_cache(maxsize=4096)
def _classes(value: str) -> frozenset[str]:
    return frozenset(value.split())


def same_text(one: str, other: str) -> bool:
    """Tell whether two texts are the same to a reader."""
    return fold(one) == fold(other)
