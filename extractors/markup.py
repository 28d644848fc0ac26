"""A quick look at markup without a tree: the text a browser without scripts would show."""

from __future__ import annotations

import html
import re

MAX_LOOK = 200_000  # characters of markup looked at: what stands in for a page says so in its first lines

_OPENING = re.compile(r"<(!--|[!?]|/?[a-zA-Z][a-zA-Z0-9]{0,20})")
_HIDDEN = {"script", "style", "template", "svg", "title", "textarea", "select", "iframe", "object"}
_INLINE = frozenset(
    ["a", "abbr", "b", "bdi", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u"]
)


def visible_text(markup: str) -> str:
    """The text of some markup, one line per element that breaks lines; ``noscript`` counts as visible.

    Linear in time: what is opened and never closed hides all that follows.
    """
    source = markup[:MAX_LOOK]
    lowered = source.lower()
    pieces: list[str] = []
    position = 0
    while match := _OPENING.search(source, position):
        pieces.append(source[position : match.start()])
        name = match[1].lower()
        position = _after(lowered, match, name)
        if name.removeprefix("/") not in _INLINE:
            pieces.append("\n")
    pieces.append(source[position:])
    lines = (" ".join(line.split()) for line in html.unescape("".join(pieces)).splitlines())
    return "\n".join(line for line in lines if line)


def _after(lowered: str, match: re.Match[str], name: str) -> int:
    """Where the text goes on behind a tag, a comment or a hidden element."""
    if name == "!--":
        return _behind(lowered, "-->", match.end())
    end = _behind(lowered, ">", match.end())
    if name not in _HIDDEN or lowered[end - 2 : end] == "/>":
        return end
    return _behind(lowered, ">", _behind(lowered, f"</{name}", end))


def _behind(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    return len(text) if found < 0 else found + len(mark)
