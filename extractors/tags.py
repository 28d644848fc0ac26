"""Where the tokens of HTML begin and end, as far as that is beyond doubt: no tree, one pass, linear in time.

The patterns are the parts of the standard's tokenizer (HTML §13.2.5) that leave nothing to interpret. Whatever is
written oddly (a quote inside an unquoted value, a bracket inside a tag, a script that writes scripts) is no token
here: who asks is told nothing rather than something wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

# Behind a tag's name: quotes stand around values and nowhere else, and a value in quotes may hold a closing bracket.
# Groups repeat inside an atomic group and not possessively: Python 3.11.2 ends a possessive one a step too early.
_INSIDE = rb"""[^<>"']*+(?>(?:(?<==)(?:"[^"<]*+"|'[^'<]*+')[^<>"']*+)*)"""
_NO_NAME = rb"(?![a-zA-Z0-9-])"  # behind the whole of a name
_CODES = (b"script", b"style")
_TEXTS = (b"title", b"textarea", b"xmp", b"iframe", b"noembed", b"noframes")
_SPECIAL = b"|".join((*_CODES, *_TEXTS, b"plaintext"))
# The look at the first letter saves the others for the tags that can be one of these.
_TAG = rb"</?+(?!(?=[stxinpSTXINP])(?i:" + _SPECIAL + rb")" + _NO_NAME + rb")[a-zA-Z]" + _INSIDE + rb">"
_COMMENT = rb"<!--(?!-?>)[^-]*+(?>(?:-(?!-!?>)[^-]*+)*)-->"
# What is no markup inside: a script or a style, unless it has its like or a comment in it …
_CODE = rb"[^<]*+(?>(?:<(?!/?(?i:script|style)|!--)[^<]*+)*)"
# … and what is read as text, where there is no bracket in it.
_TEXT = rb"[^<]*+"


def _whole(name: bytes, inside: bytes) -> bytes:
    """The pattern of an element from its start tag to its end tag."""
    return rb"<(?i:" + name + rb")" + _NO_NAME + _INSIDE + rb">" + inside + rb"</(?i:" + name + rb")\s*+>"


_SCRIPTS = b"|".join(_whole(name, _CODE) for name in _CODES)
_LITERALS = b"|".join(_whole(name, _TEXT) for name in _TEXTS)
_DECLARATION = rb"<![a-zA-Z][^<>]*+>"
_TOKENS = re.compile(
    rb"[^<]*+(?>(?:(?:" + b"|".join((_TAG, _COMMENT, _SCRIPTS, _LITERALS, _DECLARATION)) + rb")[^<]*+)*)"
)
_TOKEN = re.compile(rb"(?P<tag>" + _TAG + rb")|(?P<comment>" + _COMMENT + rb")|(?P<script>" + _SCRIPTS + rb")")
_START = re.compile(rb"<([a-zA-Z][a-zA-Z0-9-]*+)(?=[\s/>])" + _INSIDE + rb">")
_END = re.compile(rb"</([a-zA-Z][a-zA-Z0-9-]*+)\s*+>")
_ATTRIBUTE = re.compile(rb"""([^\s"'<>/=]++)=(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++))""")


class Kind(StrEnum):
    """What a token is."""

    TAG = "tag"
    COMMENT = "comment"
    SCRIPT = "script"  # or a style: the whole element


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a document, from ``start`` to ``stop`` in its bytes.

    ``name`` is the element's in small letters, "" of an end tag and of a comment. ``tag`` is where its start tag stops;
    what a script holds goes from there to ``end``.
    """

    kind: Kind
    start: int
    stop: int
    name: str = ""
    tag: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """The text from ``start`` to ``stop``, which is all that an element called ``name`` holds."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a tag, its name in small letters; ``start`` and ``stop`` are those of its value."""

    name: str
    value: str
    start: int
    stop: int


def skip(document: bytes, start: int, until: int) -> int:
    """Pass over whole tokens from ``start``, at which one begins; the place where the token around ``until`` begins.

    Inside a text that is ``until`` itself. Where a token is in doubt it is the place of that one.
    """
    found = _TOKENS.match(document, start, until)
    return found.end() if found is not None else start


def token(document: bytes, start: int) -> Token | None:
    """The tag, comment, script or style that begins at a place; None for a text, and where that is in doubt."""
    found = _TOKEN.match(document, start)
    if found is None:
        return None
    opened = _START.match(document, start)
    return Token(
        kind=Kind(found.lastgroup or Kind.TAG),
        start=start,
        stop=found.end(),
        name=_name(opened[1]) if opened is not None else "",
        tag=opened.end() if opened is not None else 0,
        end=document.rfind(b"<", start, found.end()),
    )


def line(document: bytes, place: int) -> Line | None:
    """The text around a place, if it is all that an element holds; None where there is more, or where that is in doubt.

    A token has to be known to begin or to end at ``place``, or a text to go on there.
    """
    opened = _START.match(document, max(document.rfind(b"<", 0, place), 0))
    closing = document.find(b"<", place)
    closed = _END.match(document, closing) if closing >= 0 else None
    if opened is None or closed is None or opened.end() > place or _name(opened[1]) != _name(closed[1]):
        return None
    if b">" in document[opened.end() : closing]:
        return None
    return Line(name=_name(opened[1]), start=opened.end(), stop=closing)


def attributes(document: bytes, token: Token) -> tuple[Attribute, ...]:
    """The attributes of a start tag that have values, in order."""
    return tuple(
        Attribute(
            name=_name(found[1]),
            value=found[found.lastindex or 1].decode("utf-8", "replace"),
            start=found.start(found.lastindex or 1),
            stop=found.end(found.lastindex or 1),
        )
        for found in _ATTRIBUTE.finditer(document, token.start + 1, token.tag)
    )


def _name(name: bytes) -> str:
    return name.decode("utf-8", "replace").lower()
