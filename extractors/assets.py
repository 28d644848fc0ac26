"""What a page needs to look as it does: the styles, images and fonts that its markup and its styles name.

They are kept for replay and never compared. Scripts are not named: a replay in a sandbox runs none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

from extractors import address, charset, html
from extractors.html import Element
from extractors.model import Answer

#: A page names some thirty; ten times that is a gallery, and the first ones are what a reader sees first.
MOST = 300
# Longer styles are read up to here; the largest of a framework without its fonts is about 1 MB.
_LONGEST_STYLE = 4_000_000
_STYLE = re.compile(
    r"""url\(\s*(?:"([^"\\\n]{1,4000})"|'([^'\\\n]{1,4000})'|([^\s"'()\\]{1,4000}))\s*\)""", re.IGNORECASE
)
_IMPORT = re.compile(r"""@import\s+(?:"([^"\\\n]{1,4000})"|'([^'\\\n]{1,4000})')""", re.IGNORECASE)
_SHOWN_BY_LINK = frozenset({"stylesheet", "icon", "apple-touch-icon", "mask-icon"})
_DESCRIPTOR = re.compile(r"[\d.]{1,12}[wxh],?")  # behind each address of a srcset (HTML standard, 4.8.4.2.1)


def named_by_page(answer: Answer) -> tuple[str, ...]:
    """Return the addresses, each once, in the order of the page; () where the answer is no HTML that can be parsed."""
    tree = html.parse(charset.decode(answer.body, answer.header("Content-Type")).text)
    if not isinstance(tree, Element):
        return ()
    return _absolute(_in_tree(tree), html.base_of(tree, answer.uri))


def named_by_style(body: bytes, content_type: str, uri: str) -> tuple[str, ...]:
    """Return the addresses that a style sheet names: imported sheets, fonts, images."""
    return _absolute(_in_style(charset.decode(body[:_LONGEST_STYLE], content_type).text), uri)


def is_near(uri: str, page_uri: str) -> bool:
    """Tell whether an address lies on a page's own host, or on one of the same site ("static.example.org")."""
    ours, theirs = address.host(page_uri), address.host(uri)
    return theirs == ours or theirs.endswith(f".{ours}")


def _in_tree(tree: Element) -> Iterator[str]:
    for element in tree.iter("link", "img", "source", "input", "video", "style", "image", "td", "body"):
        match element.tag:
            case "link":
                if _SHOWN_BY_LINK.intersection((element.get("rel") or "").lower().split()):
                    yield element.get("href") or ""
            case "style":
                yield from _in_style(element.text or "")
            case "image":
                yield element.get("href") or element.get("xlink:href") or ""
            case "video":
                yield element.get("poster") or ""
            case "td" | "body":
                yield element.get("background") or ""
            case _:
                if element.tag != "source" or _is_picture(element):
                    yield element.get("src") or ""
                yield from (
                    each.strip(",") for each in (element.get("srcset") or "").split() if not _DESCRIPTOR.fullmatch(each)
                )
    for element in tree.iterfind(".//*[@style]"):
        yield from _in_style(element.get("style") or "")


def _is_picture(element: Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "picture"


def _in_style(text: str) -> Iterator[str]:
    for pattern in (_IMPORT, _STYLE):
        for found in pattern.finditer(text[:_LONGEST_STYLE]):
            yield next(filter(None, found.groups()), "")


def _absolute(named: Iterator[str], base: str) -> tuple[str, ...]:
    """Resolve addresses, and keep whatever in their query :func:`address.clean` drops: a replay asks with it."""
    found: dict[str, None] = {}
    for each in dict.fromkeys(named):
        if not each or address.clean(each, base) is None:  # data: URIs are in the page already
            continue
        found.setdefault(urldefrag(urljoin(base, each.strip())).url)
        if len(found) >= MOST:
            break
    return tuple(found)
