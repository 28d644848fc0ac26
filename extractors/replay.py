"""An archived page made fit to be shown: what it looks like, without anything that acts, loads or sends.

What is written is made from a list of harmless elements and attributes, and every other "<" of the page is written out.
So whatever a browser takes a stretch of it for (text, markup, the inside of a style), it finds no other tags than
those: markup that mends itself into a script, because two parsers read it in two ways, has nothing to mend.
"""

from __future__ import annotations

import html as escaping
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin

from extractors import address, html, stylesheet
from extractors.html import Element, Refusal
from extractors.model import MAX_LINKS

#: The slowest input of this size that the tests know takes half a second of processor time; an answer may take five.
MAX_CHARS = 2_000_000
#: Of all styles inside one page; what is above is left out.
MAX_STYLE_CHARS = 1_000_000
#: An office's longest lists have some thousand; writing so many takes about a second.
MAX_ELEMENTS = 50_000
#: Different addresses that one page may name; each takes some 20 µs to resolve. What is above leads nowhere.
MAX_ADDRESSES = MAX_LINKS


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KEPT = _names(
    """
    html head body title style link meta a abbr address article aside b bdi bdo big blockquote br caption center
    cite code col colgroup data dd del details dfn dialog dir div dl dt em fieldset figcaption figure font footer h1
    h2 h3 h4 h5 h6 header hgroup hr i img ins kbd legend li main map area mark menu meter nav ol p picture pre
    progress q rp rt ruby s samp search section small source span strike strong sub summary sup table tbody td tfoot
    th thead time tr tt u ul var video wbr form input button select option optgroup textarea label output datalist
    svg g path rect circle ellipse line polyline polygon text tspan defs lineargradient radialgradient stop clippath
    mask pattern symbol use desc image marker
    """
)
# Left out with all that is in them; other elements that are not kept leave their content behind.
_DROPPED = _names(
    """
    script template object applet iframe frameset noframes noembed portal fencedframe audio plaintext xmp listing
    foreignobject animate animatemotion animatetransform set handler math annotation-xml
    """
)
_EMPTY = frozenset(["area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"])
_ATTRIBUTES = _names(
    """
    class id lang dir title role tabindex hidden width height align valign alt color face size bgcolor border
    cellpadding cellspacing colspan rowspan headers scope summary span start reversed type value datetime open
    cite-text label for name placeholder checked selected disabled multiple rows cols maxlength min max low high
    optimum nowrap noshade clear compact hspace vspace usemap shape coords media sizes loading decoding rel abbr
    axis char frame rules vlink link alink text readonly required inert viewbox xmlns version preserveaspectratio x
    y x1 x2 y1 y2 cx cy r rx ry fx fy d points transform fill stroke stroke-width stroke-linecap stroke-linejoin
    stroke-dasharray stroke-dashoffset stroke-miterlimit stroke-opacity fill-opacity fill-rule clip-rule clip-path
    opacity offset stop-color stop-opacity gradientunits gradienttransform spreadmethod patternunits
    patterncontentunits patterntransform clippathunits maskunits maskcontentunits mask filter marker-start
    marker-mid marker-end markerwidth markerheight refx refy orient dx dy text-anchor font-family font-size
    font-weight font-style letter-spacing focusable vector-effect visibility display overflow
    """
)
_OWN_NAME = re.compile(r"(?:aria|data)-[a-z0-9_.-]+")
_TEXTS = frozenset({"style", "title", "textarea"})  # a browser takes what is in them for text
_CONTROLS = frozenset({"input", "button", "select", "textarea"})
# Attributes that hold an address of what is shown, with the elements that show it.
_PARTS = {
    "src": ("img", "source", "input"),
    "poster": ("video",),
    "background": ("td", "th", "table", "body"),
}
# Attributes of SVG that may name a colour, a gradient or a mask by url().
_PAINTS = frozenset({"fill", "stroke", "filter", "mask", "clip-path", "marker-start", "marker-mid", "marker-end"})
_STYLES = frozenset({"stylesheet", "icon", "apple-touch-icon", "mask-icon"})
_METAS = frozenset({"viewport", "color-scheme", "theme-color"})
_PICTURE = re.compile(r"data:image/[a-z0-9.+-]+[;,]", re.IGNORECASE)
_FONT = re.compile(r"data:(?:font/[a-z0-9.+-]+|application/(?:x-)?font[a-z0-9.+-]*)[;,]", re.IGNORECASE)
_PERSON = re.compile(r"(?:mailto|tel):", re.IGNORECASE)
_CANDIDATE = re.compile(r"([^\s,]\S*)(?:\s+([\d.]{1,12}[wxh]))?")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Where addresses of an archived page lead: ``page`` those of links, ``part`` those of styles, images and fonts.

    Both get an absolute http(s) address without fragment and give what stands in an attribute.
    """

    page: Callable[[str], str]
    part: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A page as it may be shown, and the absolute addresses of styles, images and fonts that its markup names."""

    html: str
    parts: tuple[str, ...]


def replayed(text: str, uri: str, targets: Targets) -> Replayed | Refusal:
    """Make the HTML of an archived page fit to be shown; ``uri`` is where it stood.

    A page that cannot be parsed within limits is refused; one that holds nothing comes back empty.
    """
    if len(text) > MAX_CHARS:
        return Refusal(rule="too-large", detail="Die Seite ist zu groß, um gezeigt zu werden.")
    tree = html.parse(text)
    if isinstance(tree, Refusal):
        return tree
    writer = _Writer(uri, html.base_of(tree, uri) if tree is not None else uri, targets)
    if tree is not None and not writer.write(tree):
        return Refusal(rule="too-complex", detail="Die Seite hat zu viele Elemente, um gezeigt zu werden.")
    doctype = "<!DOCTYPE html>" if _has_doctype(text) else ""
    return Replayed(html=doctype + "".join(writer.out), parts=tuple(writer.parts))


def replayed_style(text: str, uri: str, targets: Targets) -> str:
    """A style sheet that stood at ``uri``, with other addresses."""
    return stylesheet.rewritten(text, _Writer(uri, uri, targets).part)


def _has_doctype(text: str) -> bool:
    """Without one a browser lays a page out as in the nineties, which is how it looked then, too."""
    return "<!doctype" in text[:1000].lower()


@dataclass(slots=True)
class _Writer:
    """Writes one page. ``uri`` is its address, ``base`` what its relative addresses are resolved against."""

    uri: str
    base: str
    targets: Targets
    out: list[str] = field(default_factory=list)
    parts: dict[str, None] = field(default_factory=dict)
    known: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    styled: int = 0

    def write(self, tree: Element) -> bool:
        """Write a tree without recursion; False where it has too many elements."""
        waiting: list[Element | str] = [tree]
        written = 0
        while waiting:
            current = waiting.pop()
            if isinstance(current, str):
                self.out.append(current)
                continue
            written += 1
            if written > MAX_ELEMENTS:
                return False
            if current is not tree and current.tail:
                waiting.append(_text(current.tail))
            tag = current.tag.lower() if isinstance(current.tag, str) else ""
            if not tag or tag in _DROPPED:
                continue
            if tag in _TEXTS:
                text = self._style(current.text or "") if tag == "style" else _text(html.text_of(current))
                self.out.append(f"<{tag}{self._attributes(current, tag)}>{text}</{tag}>")
                continue
            if tag in _KEPT and self._is_shown(current, tag):
                self.out.append(f"<{tag}{self._attributes(current, tag)}>")
                # The parser knows no empty elements younger than itself: what is in them stands behind them.
                if tag not in _EMPTY:
                    waiting.append(f"</{tag}>")
            if tag == "head":
                self.out.append('<meta charset="utf-8">')
            waiting.extend(reversed(current))
            if current.text:
                waiting.append(_text(current.text))
        return True

    def part(self, named: str) -> str:
        """What stands for an address of a style, an image or a font; data that a page brings along stays."""
        named = named.strip()
        if named.startswith("#"):
            return named
        if named[:5].lower() == "data:":
            return named if _PICTURE.match(named) or _FONT.match(named) else stylesheet.NOTHING
        found = self._absolute(named)
        if found is None:
            return stylesheet.NOTHING
        target, fragment = found
        self.parts.setdefault(target)
        return self.targets.part(target) + fragment

    def _is_shown(self, element: Element, tag: str) -> bool:
        if tag == "link":
            return not _STYLES.isdisjoint((element.get("rel") or "").lower().split()) and bool(element.get("href"))
        if tag == "meta":
            return (element.get("name") or "").lower() in _METAS
        if tag == "input":
            return (element.get("type") or "").lower() != "hidden"
        parent = element.getparent()
        return tag != "source" or (parent is not None and parent.tag == "picture")

    def _attributes(self, element: Element, tag: str) -> str:
        kept: list[str] = []
        for name, value in ((str(name).lower(), str(value)) for name, value in element.items()):
            written = self._attribute(tag, name, value)
            if written is not None:
                kept.append(f' {name.replace("xlink:", "")}="{_quoted(written)}"')
        if tag in _CONTROLS:
            kept.append(' disabled=""')
        if any(each.startswith(' href="') and each[7] != "#" for each in kept if tag in ("a", "area")):
            kept.append(' target="_top"')  # the link leads to another page of ours, not into the frame
        return "".join(dict.fromkeys(kept))

    def _attribute(self, tag: str, name: str, value: str) -> str | None:
        """What an attribute becomes; None for one that is left out."""
        found: str | None = None
        if name == "style" or (name in _PAINTS and "(" in value):
            found = self._style(value)
        elif name in ("href", "xlink:href"):
            found = self._href(tag, value)
        elif name in _PARTS:
            found = self.part(value) if tag in _PARTS[name] else None
        elif name == "srcset":
            found = self._candidates(value) if tag in _PARTS["src"] else None
        elif name == "content":
            found = value if tag == "meta" else None
        elif (name in _ATTRIBUTES and not (name == "disabled" and tag in _CONTROLS)) or _OWN_NAME.fullmatch(name):
            found = value
        return found

    def _href(self, tag: str, value: str) -> str | None:
        if tag in ("link", "image"):
            return self.part(value)
        if tag == "use":
            return value if value.startswith("#") else None
        if tag not in ("a", "area"):
            return None
        value = value.strip()
        if value.startswith("#") or _PERSON.match(value):
            return value
        found = self._absolute(value)
        if found is None:
            return None
        target, fragment = found
        return fragment if fragment and target == urldefrag(self.uri).url else self.targets.page(target)

    def _absolute(self, named: str) -> tuple[str, str] | None:
        """An address resolved, and its fragment with the sign before it; None of what is no http(s) address."""
        if named not in self.known:
            if len(self.known) >= MAX_ADDRESSES:
                return None
            self.known[named] = self._resolved(named)
        return self.known[named]

    def _resolved(self, named: str) -> tuple[str, str] | None:
        if address.clean(named, self.base) is None:
            return None
        found = urldefrag(urljoin(self.base, named))
        return found.url, f"#{found.fragment}" if found.fragment else ""

    def _candidates(self, value: str) -> str:
        """The images of a srcset (HTML standard, 4.8.4.2.1)."""
        found = []
        for match in _CANDIDATE.finditer(value[: 4 * address.MAX_URI * 10]):
            target = self.part(match[1].rstrip(","))
            if target != stylesheet.NOTHING:
                found.append(f"{target.rstrip(',')} {match[2] or ''}".strip())
        return ", ".join(found)

    def _style(self, text: str) -> str:
        text = text[: max(0, MAX_STYLE_CHARS - self.styled)]
        self.styled += len(text)
        return stylesheet.rewritten(text, self.part)


def _text(text: str) -> str:
    return escaping.escape(_INVISIBLE.sub("", text), quote=False)


def _quoted(text: str) -> str:
    return escaping.escape(_INVISIBLE.sub("", text))
