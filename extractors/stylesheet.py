"""Style sheets written anew with other addresses: what they import, and the images and fonts that they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

#: The largest sheet of a framework without its fonts is about 1 MB; the rest of a longer one is left out.
MAX_CHARS = 2_000_000
#: What stands for an address that is left out: an empty one would be that of the sheet.
NOTHING = "data:,"

# Tokens of CSS Syntax Level 3 §4, each possessive: a sheet is read once, whatever stands in it.
_ESCAPE = r"\\(?:[0-9a-fA-F]{1,6}+[ \t\n\f]?|[^\n\f0-9a-fA-F])"
_NAME = rf"(?:[-\w]|[^\x00-\x7f]|{_ESCAPE})++"
_TOKEN = re.compile(
    rf"""(?P<comment>/\*(?:[^*]|\*(?!/))*+(?:\*/)?)
    |(?P<string>"(?:[^"\\\n]|\\[\s\S])*+"?|'(?:[^'\\\n]|\\[\s\S])*+'?)
    |(?P<at>@{_NAME})
    |(?P<name>{_NAME})(?P<opens>\()?
    |(?P<open>[(\[{{])|(?P<close>[)\]}}])
    |(?P<space>\s++)
    |(?P<mark>;)
    |(?P<other>[^\w\s"'@(){{}}\[\];/\\-]++|[\s\S])""",
    re.VERBOSE,
)
# The inside of url( … ) without quotes: to the closing bracket.
_BARE = re.compile(rf"\s*+((?:[^\s\"'()\\]|{_ESCAPE})*+)\s*+\)?")
_QUOTED = re.compile(r"\s*+(\"(?:[^\"\\\n]|\\[\s\S])*+\"?|'(?:[^'\\\n]|\\[\s\S])*+'?)[^)]*+\)?")
_HEX = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n\f]?|(\r\n|[\s\S]))")
_IMAGES = frozenset({"image-set", "-webkit-image-set", "image", "-webkit-cross-fade", "cross-fade", "src"})
# In a style element "</style" ends it; where a reader takes the text for markup, any tag would begin one.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def rewritten(text: str, to: Callable[[str], str]) -> str:
    """Return a style sheet, or the declarations of a style attribute, with ``to`` put in for every address it names.

    Comments are left out, and nothing in it begins a tag of HTML. Linear in time for any input.
    """
    text = text[:MAX_CHARS]
    return _TAG.sub(r"\\3c ", "".join(_written(text, to)))


def _written(text: str, to: Callable[[str], str]) -> Iterator[str]:
    """The tokens of a sheet one by one."""
    brackets: list[bool] = []  # whether a string in there is an address
    importing = False
    position = 0
    while match := _TOKEN.match(text, position):
        position, kind = match.end(), match.lastgroup
        if kind == "opens" and _unescaped(match["name"]).lower() == "url":
            inside = _QUOTED.match(text, position) or _BARE.match(text, position)
            if inside is not None:
                position = inside.end()
                yield _url(_unquoted(inside[1]), to)
            continue
        if kind == "string" and (importing or (bool(brackets) and brackets[-1])):
            yield _url(_unquoted(match[0]), to)
            continue
        if kind in ("opens", "open"):
            brackets.append(kind == "opens" and _unescaped(match["name"]).lower() in _IMAGES)
        elif kind == "close":
            del brackets[-1:]
        elif kind in ("at", "mark"):
            importing = kind == "at" and _unescaped(match[0][1:]).lower() == "import"
        yield " " if kind == "comment" else match[0]


def _url(named: str, to: Callable[[str], str]) -> str:
    target = to(named).replace("\\", "%5C").replace('"', "%22").replace("\n", "")
    return f'url("{target}")'


def _unquoted(text: str) -> str:
    if text[:1] in {'"', "'"}:
        text = text[1:-1] if len(text) > 1 and text[-1] == text[0] else text[1:]
    return _unescaped(text)


def _unescaped(text: str) -> str:
    return _HEX.sub(_letter, text) if "\\" in text else text


def _letter(match: re.Match[str]) -> str:
    if match[1] is None:
        return "" if match[2] in ("\n", "\r\n", "\f") else str(match[2])
    code = int(match[1], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
