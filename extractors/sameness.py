"""One text on many addresses: what a host shows everywhere is no page of its own, however it numbers its answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from extractors.model import Page
from extractors.text import fold

# Pages that passed as good and show one text: two may have been made alike on purpose, three were not (design §4.5).
COMMON_PAGES = 3
# A last part of a path as short as this may be a word of the text.
_MIN_NAME = 4

# What an answer says of itself alone: a number of the request, a time of day. Years and ordinals are matter.
_OWN_MARKS = re.compile(
    r"\b\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?\b"
    r"|(?<![\w-])(?=[\w.:#-]*\d)(?=[\w.:#-]*[a-z])(?=[\w.:#-]{6})[\w.:#-]+"  # digits and letters in one: 8c2fe1aa-11
    r"|(?<![\w-])(?=(?:[.:#-]?\d){5})[\d.:#-]+"  # a number of five digits or more, a date not among them
)
_DIGIT = re.compile(r"\d")
_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}|\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an address shows, and showed at the last good look ("" if there was none), as :func:`key` gives it."""

    now: str
    before: str = ""


def key(page: Page) -> str:
    """A page's title and text without what tells one answer from another: its address, request numbers, time of day."""
    text = page.text
    seen = text.casefold()
    for spelling in _spellings(page.uri):
        if spelling.casefold() not in seen:  # mostly so, and a hundred times as fast as making a pattern of it
            continue
        text = re.sub(rf"(?<![\w/]){re.escape(spelling)}(?![\w/])", "#", text, flags=re.IGNORECASE)
    # The marks have no space in them, and all have a digit: few words need a look.
    words = (word if word.isalpha() or _DIGIT.search(word) is None else _unmarked(word) for word in text.split(" "))
    return fold(" ".join(words))


def _unmarked(word: str) -> str:
    return _OWN_MARKS.sub(lambda match: match[0] if _DAY.fullmatch(match[0].rstrip(".:-")) else "#", word)


def common(shown: Mapping[str, Shown]) -> frozenset[str]:
    """The addresses, each of which showed a page of its own before, that now show one text that none of them had."""
    own = {one.before for one in shown.values() if one.before}
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for where, one in shown.items():
        if one.now and one.now not in own:
            groups[one.now].append(where)
    return frozenset(where for group in groups.values() if _is_common(group, shown) for where in group)


def _is_common(group: list[str], shown: Mapping[str, Shown]) -> bool:
    befores = [shown[where].before for where in group if shown[where].before]
    return len(befores) >= COMMON_PAGES and len(set(befores)) > 1


def _spellings(uri: str) -> list[str]:
    """How an answer may quote the address it was asked for, longest first."""
    parts = urlsplit(uri)
    name = parts.path.rstrip("/").rsplit("/", 1)[-1]
    whole = {uri, f"{parts.netloc}{parts.path}", parts.path}
    found = {part for spelling in whole for part in (spelling, unquote(spelling), spelling.rstrip("/"))}
    if len(name) > _MIN_NAME and re.search(r"[\d._-]", name):
        found.add(name)
    return sorted(found - {""}, key=lambda spelling: (-len(spelling), spelling))
