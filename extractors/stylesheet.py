"""Style sheets written anew with other addresses: what they import, and the images and fonts that they name."""

from __future__ import annotations

import re
from collections.abc import Callable

#: The largest sheet of a framework without its fonts is about 1 MB; the rest of a longer one is left out.
MAX_CHARS = 4_000_000
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
    out: list[str] = []
    brackets: list[bool] = []  # whether a string in there is an address
    importing = False
    position, text = 0, text[:MAX_CHARS]
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:  # the last alternative takes any character
            break
        position = match.end()
        kind = match.lastgroup
        if kind == "comment":
            out.append(" ")
        elif kind == "at":
            importing = _unescaped(match["at"][1:]).lower() == "import"
            out.append(match["at"])
        elif kind == "string":
            is_address = importing or (bool(brackets) and brackets[-1])
            out.append(_url(_unquoted(match["string"]), to) if is_address else match["string"])
        elif kind in ("name", "opens"):
            name = _unescaped(match["name"]).lower() if match["opens"] else ""
            if name == "url":
                inside = _QUOTED.match(text, position) or _BARE.match(text, position)
                if inside is None:
                    continue
                position = inside.end()
                out.append(_url(_unquoted(inside[1]), to))
                continue
            out.append(match[0])
            if match["opens"]:
                brackets.append(name in _IMAGES)
        else:
            if kind == "open":
                brackets.append(False)
            elif kind == "close" and brackets:
                brackets.pop()
            elif kind == "mark":
                importing = False
            out.append(match[0])
    return _TAG.sub(r"\\3c ", "".join(out))


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
