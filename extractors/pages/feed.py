"""Feeds and sitemaps: RSS, Atom, sitemap and sitemap index as lists of links."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lxml import etree

from extractors import address
from extractors.coding import CodingError, decode
from extractors.html import Element, Refusal
from extractors.model import MAX_LINKS, Block, BlockKind, Link, Page, PageKind
from extractors.text import squash

NAME = "feed"

_ROOTS = frozenset(("rss", "rdf", "feed", "urlset", "sitemapindex"))
_OPENING = re.compile(rb"<(?![?!])\s*([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
# The first element of a feed comes after at most a declaration, a style sheet and some comments.
SNIFFED_BYTES = 4_096
MAX_UNPACKED = 50 * 1024**2  # bytes; what sitemaps.org allows one sitemap
_GZIP = b"\x1f\x8b"
_ENTRIES = frozenset(("item", "entry", "url", "sitemap"))
_MARKUP = re.compile(r"<[^<>]{1,200}>")


def is_feed(body: bytes) -> bool:
    """Tell by its first element whether a body is a feed or a sitemap."""
    start = body[:SNIFFED_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        return False
    bare = re.sub(rb"<!--.*?-->", b"", start, flags=re.DOTALL)
    match = _OPENING.search(bare)
    return match is not None and match.group(2).lower().decode("ascii", "replace") in _ROOTS


def unpacked(body: bytes) -> bytes:
    """Undo the compression of a feed or sitemap that is a gzip file itself; any other body is returned as it is."""
    if not body.startswith(_GZIP):
        return body
    try:
        found = decode(body, "gzip", MAX_UNPACKED).body
    except CodingError:
        return body
    return found if is_feed(found) else body


def read(body: bytes, uri: str) -> Page | Refusal:
    """Read a feed or a sitemap: its links, and its entries' titles as list items."""
    # Entities are left alone and nothing is fetched: a feed is a stranger's XML (CVE-2026-41066 and its like).
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or _name(root) not in _ROOTS:
        return Refusal(rule="broken-feed", detail="Die Adresse liefert einen Feed, der sich nicht lesen lässt.")
    blocks = tuple(_entries(root, uri))
    links = dict.fromkeys(link for block in blocks for link in block.links)
    return Page(
        uri=uri,
        title=_channel_title(root),
        kind=PageKind.FEED,
        language=_language(root),
        blocks=blocks,
        links=tuple(links),
        extractor=NAME,
    )


def _entries(root: Element, uri: str) -> Iterator[Block]:
    count = 0
    for element in root.iter():
        if _name(element) not in _ENTRIES or count >= MAX_LINKS:
            continue
        target = _target(element, uri)
        if target is None:
            continue
        count += 1
        title = _child_text(element, "title")
        yield Block(
            kind=BlockKind.ITEM,
            text=title or target,
            links=(Link(uri=target, text=title),),
            rule=f"feed:{_name(element)}",
        )


def _target(entry: Element, uri: str) -> str | None:
    """The address an entry leads to: <link>, Atom's alternate link, <loc>, or a guid that is an address."""
    for child in entry:
        name = _name(child)
        if name == "link" and (child.get("rel") or "alternate") == "alternate":
            found = address.clean(squash(child.get("href") or child.text or ""), uri)
            if found is not None:
                return found
        if name == "loc" and child.text:
            return address.clean(squash(child.text), uri)
    guid = _child_text(entry, "guid") or _child_text(entry, "id")
    return address.clean(guid, uri) if guid.startswith(("http://", "https://")) else None


def _channel_title(root: Element) -> str:
    for element in root.iter():
        if _name(element) in ("channel", "feed"):
            return _child_text(element, "title")
    return ""


def _language(root: Element) -> str:
    spoken = root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    for element in root.iter():
        if not spoken and _name(element) == "language" and element.text:
            spoken = element.text
        if _name(element) in _ENTRIES:
            break
    return squash(spoken).lower().partition("-")[0]


def _child_text(element: Element, name: str) -> str:
    for child in element:
        if _name(child) == name:
            text = "".join(map(str, child.itertext()))
            return squash(html.unescape(_MARKUP.sub("", html.unescape(text))))
    return ""


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
