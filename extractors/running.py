"""What runs along the edges of a document's sheets: headers, footers and page numbers, known by their repetition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple, Protocol

# Headers of German authorities have up to four lines (house, unit, date, file number); one more is for luck.
_ROWS = 5
# Two lines stand at the same height when they differ by less than a line's own height, in points.
_SAME_HEIGHT = 4.0
_SAME_ROW = 2.0
# A margin is where (nearly) nothing but running lines stands; a text that repeats itself is at many heights.
_MARGIN_SHARE = 0.8
# The gap that parts a header from the text, in usual distances; asked for only where every row at the edge is repeated.
_GAP = 1.3
# A header may differ between left and right sheets, so the next but one counts as a neighbour too.
_NEIGHBOURS = (-2, -1, 1, 2)

_SHEET_NUMBER = re.compile(
    r"(?:[–-]\s?)?(?:(?:Seite|Page|Blatt|S\.|p\.):?\s?)?(\d{1,4})(?:\s?(?:von|of|/|\|)\s?\d{1,4})?(?:\s?[–-])?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"[–|/(\[-]*(\d{1,4})((?:[/|]\d{1,4})?[–|/)\],-]*)")
# A number behind one of these counts parts of the text, not sheets, although it may go up with them.
_COUNTED = re.compile(
    r"\b(?:Tag|Teil|Anlage|Anhang|Kapitel|Abschnitt|Woche|Modul|Tabelle|Abbildung|Gruppe|Sitzung|Seminar|TOP|Nr\.|Day|Part)$",
    re.IGNORECASE,
)


class Placed(Protocol):
    """A line of text and the height of its baseline in points, None if unknown."""

    @property
    def text(self) -> str:
        """Its words."""

    @property
    def height(self) -> float | None:
        """Where it stands."""


class _Row(NamedTuple):
    """Lines that stand side by side: their indexes, words and height; without heights, the number from the edge."""

    lines: tuple[int, ...]
    text: str
    height: float | None

    def place(self, rank: int) -> int:
        return rank if self.height is None else round(self.height / _SAME_HEIGHT)


def edges(sheets: Sequence[Sequence[Placed]]) -> list[frozenset[int]]:
    """For each sheet the indexes of the lines that are no part of the text.

    A row at the upper or lower edge is running when a sheet next to it, or next but one, has the same words at the
    same height, but for a page number that goes up with the sheets; and so is a page number by itself.
    """
    rows = [_rows(sheet) for sheet in sheets]
    found: list[set[int]] = [set() for _ in sheets]
    said = Counter(_form(row) for one in rows for row in one)
    for last in (False, True):
        outer = [_outer(one, last=last) for one in rows]
        repeated = _repeated(outer, said, last=last)
        for at, (one, flags) in enumerate(zip(outer, repeated, strict=True)):
            found[at].update(_edge(rows[at], one, flags, at + 1, last=last))
    if all(len(edge) == sum(len(row.lines) for row in one) for edge, one in zip(found, rows, strict=True)):
        found = [_numbers(one, at + 1) for at, one in enumerate(rows)]  # the same sheet again and again
    return [frozenset(edge) for edge in found]


def _rows(sheet: Sequence[Placed]) -> list[_Row]:
    """The lines of a sheet by rows from top to bottom, as far as heights are known; else each line is one."""
    written = [index for index, line in enumerate(sheet) if line.text]
    heights = {index: height for index in written if (height := sheet[index].height) is not None}
    if len(heights) < len(written):
        return [_Row((index,), sheet[index].text, None) for index in written]
    groups: list[list[int]] = []
    for index in sorted(written, key=lambda one: -heights[one]):
        if groups and heights[groups[-1][0]] - heights[index] <= _SAME_ROW:
            groups[-1].append(index)
        else:
            groups.append([index])
    return [
        _Row(tuple(sorted(group)), " ".join(sheet[index].text for index in sorted(group)), heights[group[0]])
        for group in groups
    ]


def _outer(rows: list[_Row], *, last: bool) -> list[_Row]:
    return rows[: -_ROWS - 1 : -1] if last else rows[:_ROWS]


def _form(row: _Row) -> str:
    return _DIGITS.sub("0", row.text)


def _repeated(outer: list[list[_Row]], said: Counter[str], *, last: bool) -> list[list[bool]]:
    """For each outer row whether it is running: said again on a sheet nearby, in a place that is a margin throughout.

    ``said`` counts what all rows say: a text that repeats itself does so anywhere, a header mostly in its place.
    """
    twins = [[_has_twin(outer, at, row, last=last) for row in rows] for at, rows in enumerate(outer)]
    filled: Counter[int] = Counter()
    again: Counter[int] = Counter()
    here: Counter[tuple[str, int]] = Counter()
    for at, rows in enumerate(outer):
        for rank, row in enumerate(rows):
            place = row.place(rank)
            here[_form(row), place] += 1
            if twins[at][rank] or at:  # a cover's own title may stand where the other sheets have their header
                filled[place] += 1
                again[place] += twins[at][rank]

    def runs(row: _Row, rank: int) -> bool:
        form, place = _form(row), row.place(rank)
        around = (place,) if row.height is None else (place - 1, place, place + 1)
        mostly_here = 2 * sum(here[form, one] for one in around) >= said[form]
        return mostly_here and sum(again[one] for one in around) >= _MARGIN_SHARE * sum(filled[one] for one in around)

    return [[twins[at][rank] and runs(row, rank) for rank, row in enumerate(rows)] for at, rows in enumerate(outer)]


def _has_twin(outer: list[list[_Row]], at: int, row: _Row, *, last: bool) -> bool:
    return any(
        _same_height(row, other) and _same_words(row.text, other.text, step, last=last)
        for step in _NEIGHBOURS
        if 0 <= at + step < len(outer)
        for other in outer[at + step]
    )


def _same_height(one: _Row, other: _Row) -> bool:
    return one.height is None or other.height is None or abs(one.height - other.height) <= _SAME_HEIGHT


def _same_words(one: str, other: str, step: int, *, last: bool) -> bool:
    """True when two rows say the same, but for one page number that goes up as the sheets do."""
    if one == other:
        return True
    ours, theirs = one.split(), other.split()
    differing = [place for place, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]]
    if len(ours) != len(theirs) or len(differing) != 1:
        return False
    place = differing[0]
    number, another = _NUMBER.fullmatch(ours[place]), _NUMBER.fullmatch(theirs[place])
    if number is None or another is None or number[2] != another[2] or int(another[1]) - int(number[1]) != step:
        return False
    return last or not _COUNTED.search(" ".join(ours[:place]))


def _edge(rows: list[_Row], outer: list[_Row], repeated: list[bool], number: int, *, last: bool) -> set[int]:
    """The lines of the rows that run along one edge of a sheet."""
    taken = 0
    while taken < len(outer) and (repeated[taken] or _is_number(outer[taken], number)):
        taken += 1
    if taken == _ROWS < len(rows) and not _stands_apart(rows, taken, last=last):
        return set(outer[0].lines) if _is_number(outer[0], number) else set()  # a form that fills its sheets alike
    return {index for row in outer[:taken] for index in row.lines}


def _numbers(rows: list[_Row], number: int) -> set[int]:
    return {index for row in (*rows[:1], *rows[-1:]) if _is_number(row, number) for index in row.lines}


def _is_number(row: _Row, number: int) -> bool:
    match = _SHEET_NUMBER.fullmatch(row.text)
    return match is not None and int(match[1]) == number


def _stands_apart(rows: list[_Row], taken: int, *, last: bool) -> bool:
    heights = [row.height for row in rows if row.height is not None]
    if len(heights) < len(rows):
        return False
    steps = [upper - lower for upper, lower in pairwise(heights)]
    return steps[-taken if last else taken - 1] > _GAP * median(steps)
