"""Looking for words in pages: what a person typed as patterns, and the passages that hold it.

A word of three letters and more is found inside other words too (Partnerschaft in Städtepartnerschaften); numbers and
shorter words only as words of their own, since they are a part of everything. Case does not count. ä may be written
ae or a, ß may be written ss, and a letter without a mark stands for itself with any mark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from extractors.model import Page

__all__ = ["Part", "Passage", "Wanted", "index_words", "passages", "wanted"]

_WORD = re.compile(r"[^\W_]+")
_PART_FROM = 3  # letters; the shortest German stems that compounds are made of have three (Amt, Bau, Rat)
_LONGEST = 64  # characters of a word that are looked at; German has longer ones, but none that differ later on
_PASSAGE = 220  # characters of a line that are shown: two lines of a terminal
_BEFORE = 60  # of them before the first find
_PASSAGES = 3  # as many passages of one page
_UMLAUTS = {"a": "ae", "o": "oe", "u": "ue"}
_ALONE = r"(?<![^\W_]){}(?![^\W_])"


class Part(StrEnum):
    """Where on a page a passage stands."""

    TITLE = "title"
    TEXT = "text"
    NOTICE = "notice"
    LABEL = "label"  # of a document that the page links


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing looked for: a word, or several that follow each other; each of ``words`` is to be in the index."""

    words: tuple[re.Pattern[str], ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A line of a page, or what of it is round the finds; ``marks`` are their places in ``text``."""

    part: Part
    text: str
    marks: tuple[tuple[int, int], ...]


def index_words(page: Page) -> str:
    """The distinct words of a page's title, text, notices and document labels, in order, with a space between."""
    text = "\n".join(line for _, line in _lines(page))
    tokens = set(_folded(text).split())
    # Most tokens are words as they are, and stand there more than once: the pattern looks at the distinct rest alone.
    words = {token for token in tokens if token.isalnum()}
    words.update(_WORD.findall(" ".join(tokens - words)))
    return " ".join(sorted({word[:_LONGEST] for word in words}))


def wanted(arguments: Iterable[str]) -> tuple[Wanted, ...]:
    """What is looked for; each argument is a word or, with a space in it, a phrase. Arguments without a letter go."""
    split = [tuple(_words(argument)) for argument in arguments]
    return tuple(_wanted(words) for words in split if words)


def passages(page: Page, sought: Sequence[Wanted], parts: frozenset[Part]) -> tuple[Passage, ...]:
    """The first passages that hold what is looked for, () if a part of that is nowhere in ``parts`` of the page."""
    found: list[Passage] = []
    missing = set(sought)
    for part, line in _lines(page):
        text = unicodedata.normalize("NFC", line)
        here = {each for each in sought if each.pattern.search(text)} if part in parts else set()
        if here and (len(found) < _PASSAGES or here & missing):
            found.append(_passage(part, text, sought))
        missing -= here
    return () if missing else tuple(found)


def _lines(page: Page) -> Iterator[tuple[Part, str]]:
    yield Part.TITLE, page.title
    for notice in page.notices:
        yield from ((Part.NOTICE, line) for line in notice.text.splitlines())
    yield from ((Part.TEXT, block.text) for block in page.blocks)
    yield from ((Part.LABEL, each.label) for each in page.attachments)


def _words(text: str) -> list[str]:
    return [word[:_LONGEST] for word in _split(text)]


def _split(text: str) -> list[str]:
    return _WORD.findall(_folded(text))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _wanted(words: Sequence[str]) -> Wanted:
    inner = [_spellings(word) for word in words]
    each = tuple(re.compile(_placed(word, spelled)) for word, spelled in zip(words, inner, strict=True))
    if len(words) == 1:
        return Wanted(each, re.compile(each[0].pattern, re.IGNORECASE))
    # Of a phrase the first word may be the end of a longer one, the last its beginning.
    return Wanted(each, re.compile(r"[\W_]+".join(inner), re.IGNORECASE))


def _placed(word: str, spelled: str) -> str:
    return spelled if len(word) >= _PART_FROM and not word.isdigit() else _ALONE.format(spelled)


def _spellings(word: str) -> str:
    """A pattern for all spellings of a folded word, folded or as a page has it."""
    pieces = []
    at = 0
    while at < len(word):
        two = word[at : at + 2]
        if two == "ss" or two in _UMLAUTS.values():
            marked = "ß" if two == "ss" else unicodedata.normalize("NFC", f"{two[0]}\u0308")
            pieces.append(f"(?:{two}|{marked})")
            at += 2
            continue
        pieces.append(_letter(word[at]))
        at += 1
    return "".join(pieces)


@cache
def _letter(sign: str) -> str:
    base = unicodedata.normalize("NFD", sign)[0]
    plain = sign == base
    same = "".join(sorted({sign, base, *(_marked().get(base, "") if plain else "")}))
    if base in _UMLAUTS and (plain or unicodedata.normalize("NFD", sign)[1:] == "\u0308"):
        return f"(?:[{same}]|{_UMLAUTS[base]})"  # the one letter first, or Moskau would take one more of Moskauer
    return f"[{same}]" if len(same) > 1 else re.escape(sign)


@cache
def _marked() -> dict[str, str]:
    """The small Latin letters with a mark, by the letter without it."""
    found = {"d": "đ", "l": "ł", "o": "ø"}  # Unicode takes these for letters of their own
    for code in range(0xC0, 0x180):  # Latin-1 Supplement and Latin Extended-A: all languages of the Union
        sign = chr(code).lower()
        base = unicodedata.normalize("NFD", sign)[0]
        if base != sign and sign not in found.get(base, ""):
            found[base] = found.get(base, "") + sign
    return found


def _passage(part: Part, text: str, sought: Sequence[Wanted]) -> Passage:
    spans = _merged(sorted(match.span() for each in sought for match in each.pattern.finditer(text)))
    start = 0 if len(text) <= _PASSAGE else _word_start(text, max(spans[0][0] - _BEFORE, 0))
    end = len(text) if len(text) - start <= _PASSAGE else _word_end(text, max(start + _PASSAGE, spans[0][1]))
    before, after = "… " if start else "", " …" if end < len(text) else ""
    moved = len(before) - start
    marks = tuple((one + moved, other + moved) for one, other in spans if other <= end)
    return Passage(part=part, text=before + text[start:end] + after, marks=marks)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _word_start(text: str, at: int) -> int:
    space = text.find(" ", at, at + _BEFORE) if at else -1
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    space = text.rfind(" ", at - _BEFORE, at)
    return space if space >= 0 else at
