"""Which year the dates of a page are in that name none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from extractors.dates import spans
from extractors.model import BlockKind, DateSpan, Page
from extractors.patterns import Pattern

_YEAR = Pattern(r"(?<![\d.,/-])(?:19|20)\d\d(?!\d|[.,/-]\d)")
_ANY_YEAR = Pattern(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_AHEAD = Pattern(r"\b(?:findet|finden|wird|werden|soll|sollen|lädt|laden|geplant|vorgesehen)\b", re.IGNORECASE)
_BEHIND = Pattern(r"\b(?:fand(?:en)?|stattgefunden|tagte[n]?|führte[n]?|trafen?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The year that a date without one is in, if it can be known.

    No such date is before ``since``; ``written`` is the day of the page itself, before which nothing is still to come
    and after which nothing is over (ISO days or "").
    """

    year: int | None
    since: str = ""
    written: str = ""


def usual_year(page: Page, seen_on: date) -> Usual:
    """The year of the title or the page's own date; on a page without any year that of the look, if it is to come."""
    days = [span.start for span in spans(page.title) if span.start == span.end and len(span.start) == len("2017-06-04")]
    written = days[0] if days else page.dates[0].day.isoformat() if page.dates else ""
    titled = {int(year) for year in _YEAR.findall(page.title)}
    if len(titled) == 1:
        return Usual(year=titled.pop())
    if written:
        return Usual(year=int(written[:4]), written=written)
    return Usual(year=None) if _ANY_YEAR.search(page.text) else Usual(year=seen_on.year, since=seen_on.isoformat())


def below_heading(page: Page, index: int, usual: Usual) -> Usual:
    """What is usual for a block: the year that the nearest heading above it names, else the page's."""
    for block in reversed(page.blocks[: max(0, index)]):
        if block.kind is BlockKind.HEADING and (years := set(_YEAR.findall(block.text))):
            return Usual(year=int(years.pop())) if len(years) == 1 else usual
    return usual


def dates_in(line: str, usual: Usual, only: int | None) -> list[DateSpan]:
    """The dates of a sentence, in reading order; with ``only`` none of another year."""
    found = spans(line, only or usual.year)
    if only is not None:
        return [span for span in found if span.start.startswith(str(only))]
    if usual.since:
        return [span for span in found if span.end >= usual.since or str(usual.year) in line]
    return [_in_its_year(line, span, usual) for span in found]


def _in_its_year(line: str, span: DateSpan, usual: Usual) -> DateSpan:
    """A date without a year of its own, put before or behind the day of the page as the sentence speaks of it."""
    if not usual.written or re.search(r"(?:19|20)\d\d|\.\d\d\b", line[slice(*span.position)]):
        return span
    if _AHEAD.search(line) and span.end < usual.written[: len(span.end)]:
        return _shifted(span, 1)
    if _BEHIND.search(line) and span.start > usual.written[: len(span.start)]:
        return _shifted(span, -1)
    return span


def _shifted(span: DateSpan, years: int) -> DateSpan:
    start, end = (f"{int(day[:4]) + years}{day[4:]}" for day in (span.start, span.end))
    return replace(span, start=start, end=end) if "02-29" not in {start[5:], end[5:]} else span
