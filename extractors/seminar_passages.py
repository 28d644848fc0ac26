"""Which sentences of a page speak of one seminar: those that name it, and those that go on about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from extractors.model import Page
from extractors.patterns import Pattern
from extractors.seminar_dates import is_outside
from extractors.seminar_names import SEMINAR, Named, named_in, same_series
from extractors.seminar_states import tells_fate
from extractors.text import sentences

# Longer "sentences" are lists without full stops, of which the beginning tells what they are about.
_SENTENCE = 2_000
_THE_SEMINAR = Pattern(rf"\b(?:[Dd]as|[Dd]ieses|[Uu]nser)\s+(?:[a-zäöüß]{{3,20}}\s+){{0,2}}{SEMINAR}")
_ANOTHER = Pattern(
    r"\b(?:nächste[nrs]?|zweite[nrs]?|folgende[nrs]?|künftige[nrs]?|weitere[nrs]?|vergangene[nrs]?|vorige[nrs]?|letzte[nrs]?|frühere[nrs]?)\b",
    re.IGNORECASE,
)
# What opens a sentence that goes on about the seminar named before it.
GOES_ON = Pattern(
    r"(?:Es (?:wird|wurde|ist|muss|kann|findet|fand|soll|sollte|war|fällt|tagt\w*)|Dies?e (?:Veranstaltung|Tagung)|"
    r"(?:Der|Ein|Als)?\s*(?:[Nn]eue[rn]?|[Bb]isherige[rn]?|[Gg]enaue[rn]?|[Aa]lte[rn]?)?\s*Termin|Stattdessen|"
    r"(?:(?:Achtung|Wichtig|Hinweis)\W{1,3})?Termin(?:verschiebung|änderung)|"
    r"An (?:seine|die|deren|ihre) Stelle)\b"
)


@lru_cache(maxsize=1024)
def lines_of(text: str) -> tuple[str, ...]:
    """The sentences of a block, which are looked at once for each seminar of its page."""
    return sentences(text)


def goes_on(following: Sequence[str]) -> Iterator[str]:
    """The sentences that still speak of the same seminar, up to the first that names another by its number."""
    for line in following[:2]:
        if named_in(line, 0):
            return
        if "eminar" in line or GOES_ON.match(line):
            yield line


def part_about(line: str, head: Named) -> str:
    """The part of a sentence that is said of one of the seminars it names: up to the next, the first from the start."""
    named = named_in(line, 0)
    own = next((place for place, one in enumerate(named) if one.number == head.number), None)
    if own is None or len(named) == 1:
        return line
    end = named[own + 1].span[0] if own + 1 < len(named) else len(line)
    return line[named[own].span[0] if own else 0 : end]


def fate_blocks(page: Page, told: Sequence[str]) -> Iterator[int]:
    """The blocks that say of the seminar that it is off, put off or replaced."""
    fates = {line for line in told if tells_fate(line)}
    for index, block in enumerate(page.blocks):
        if fates and any(line in fate or fate in line for line in lines_of(block.text) for fate in fates):
            yield index


def told(page: Page, head: Named, quote: str, scope: Sequence[str]) -> list[str]:
    """The sentences about the seminar: its name's, its date's, then those that name it or go on about it."""
    found = [part_about(head.text, head), part_about(quote, head)]
    for block in page.blocks:
        lines = lines_of(block.text) if "eminar" in block.text else ()
        for place, line in enumerate(lines):
            if (own := _named_in(line, head)) and not is_outside(line, own):
                found += [part_about(line, head), *goes_on(lines[place + 1 :])]
    return found + [line for line in scope if _is_about_it(line)]


def opening(page: Page, head: Named) -> list[str]:
    """A substitute is told in the course of the whole text; a report of a seminar says so in its first paragraphs."""
    blocks = page.blocks if head.number is None else page.blocks[:3]
    outside = [line for block in page.blocks for line in lines_of(block.text) if _named_in(line, head)]
    return outside + ([line for block in blocks for line in lines_of(block.text)] if head.block == -1 else [])


def _is_about_it(line: str) -> bool:
    """True for a sentence below a seminar's name that speaks of "das Seminar", of no other."""
    if named_in(line, 0) or _ANOTHER.search(line):
        return False
    the = _THE_SEMINAR.search(line[:_SENTENCE])
    return bool(GOES_ON.match(line)) or (the is not None and not is_outside(line, the.span()))


def _named_in(line: str, head: Named) -> tuple[int, int] | None:
    """Where a sentence names the seminar."""
    named = (
        other.span
        for other in named_in(line, 0)
        if other.number == head.number and same_series(other.series, head.series)
    )
    return next(named, None)
