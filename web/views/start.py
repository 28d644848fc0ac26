"""The start page: what became known lately, by week, how things stand, and a calendar."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts import standing
from alerts.letter import Check, InForce, SeminarFacts
from storage.records import ChangeHead
from web import rows
from web.answers import Answer, Nothing, Shown
from web.ask import Ask
from web.checks import checks
from web.entries import Entry, entries
from web.ledger import week_of
from web.texts.start import TEXTS
from web.written import moment

_WEEKS = 4  # a month, as somebody back from holiday needs it
_IN_WEEK = 25  # the fullest week in the years watched so far had 40; the rest is on the week's own page
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The changes of one ISO week; ``more`` counts those that are not listed."""

    name: str
    first: date
    last: date
    entries: tuple[Entry, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a calendar; ``changes`` counts what became known on it."""

    day: date
    changes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of a calendar: weeks of seven days, None where a day belongs to another month."""

    number: int
    weeks: tuple[tuple[Day | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A calendar of one year; the neighbours are the nearest years with a change."""

    number: int
    months: tuple[Month, ...]
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the start page shows."""

    weeks: tuple[Week, ...]
    earlier: tuple[Week, ...]
    coming: tuple[SeminarFacts, ...]
    in_force: tuple[InForce, ...]
    checks: tuple[Check, ...]
    year: Year


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time and what became known in it; the neighbours are addresses."""

    title: str
    entries: tuple[Entry, ...]
    before: str = ""
    after: str = ""


def start(ask: Ask) -> Answer:
    """What happened lately, by week, as in the digest."""
    names = ask.changes.weeks()
    sources, words = ask.settings.sources, ask.visitor.words
    content = Start(
        weeks=tuple(_week(ask, name) for name in names[:_WEEKS]),
        earlier=tuple(_outline(name) for name in names[_WEEKS : _WEEKS + 8]),
        coming=standing.coming(ask.archive.seminars(), frozenset(each.name for each in sources), ask.today, words),
        in_force=standing.in_force(ask.archive.notices(), standing.hosts(sources)),
        checks=checks(ask, (each.name for each in sources)),
        year=_year(ask, max([ask.today.year, *ask.changes.years()[-1:]])),
    )
    row = {
        "weeks": [{"week": each.name, "changes": _rows(each.entries)} for each in content.weeks],
        "sources": [
            {"source": each.source, "checked_at": moment(each.at), "judged": each.judged, "known": each.known}
            for each in content.checks
        ],
    }
    return Shown(template="start.html.j2", title=TEXTS[ask.visitor.language].title, content=content, row=row)


def week(ask: Ask) -> Answer:
    """Everything that became known in one ISO week."""
    name = ask.path["week"]
    first = _monday(name)
    if first is None:
        return Nothing(what="no_day")
    names = ask.changes.weeks()
    outline, texts = _outline(name), TEXTS[ask.visitor.language]
    title = texts.week.format(start=ask.visitor.words.day(outline.first), end=ask.visitor.words.day(outline.last))
    return _span(
        ask,
        title,
        ask.changes.in_week(name),
        {"week": name},
        before=next((ask.to.week(each) for each in names if each < name), ""),
        after=next((ask.to.week(each) for each in reversed(names) if each > name), ""),
    )


def day(ask: Ask) -> Answer:
    """Everything that became known on one day."""
    try:
        wanted = date.fromisoformat(ask.path["day"])
    except ValueError:
        return Nothing(what="no_day")
    title = ask.visitor.words.weekday(wanted)
    return _span(ask, title, ask.changes.on_day(wanted), {"day": wanted.isoformat()})


def year(ask: Ask) -> Answer:
    """The calendar of one year."""
    number = int(ask.path["year"])
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        return Nothing(what="no_day")
    title = TEXTS[ask.visitor.language].year.format(year=number)
    days = {each.isoformat(): count for each, count in sorted(ask.changes.days(number).items())}
    return Shown(
        template="start.year.html.j2", title=title, content=_year(ask, number), row={"year": number, "days": days}
    )


def _span(
    ask: Ask, title: str, heads: Sequence[ChangeHead], row: rows.Row, *, before: str = "", after: str = ""
) -> Answer:
    found = entries(ask, heads)
    content = Span(title=title, entries=found, before=before, after=after)
    return Shown(template="start.span.html.j2", title=title, content=content, row={**row, "changes": _rows(found)})


def _rows(found: Sequence[Entry]) -> list[rows.Row]:
    return [rows.change(each.change, each.wrong) for each in found]


def _week(ask: Ask, name: str) -> Week:
    heads = ask.changes.in_week(name)
    outline = _outline(name)
    shown = entries(ask, heads[:_IN_WEEK])
    return Week(name=name, first=outline.first, last=outline.last, entries=shown, more=len(heads) - len(shown))


def _outline(name: str) -> Week:
    first = _monday(name) or date.min
    return Week(name=name, first=first, last=first + timedelta(days=6), entries=())


def _monday(name: str) -> date | None:
    """The first day of an ISO week, None where the name is none."""
    year, _, number = name.partition("-W")
    if not (year.isdecimal() and number.isdecimal() and _FIRST_YEAR <= int(year) <= _LAST_YEAR):
        return None
    try:
        first = date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return None
    return first if week_of(first) == name else None


def _year(ask: Ask, number: int) -> Year:
    counts = ask.changes.days(number)
    known = ask.changes.years()
    return Year(
        number=number,
        months=tuple(
            Month(
                number=month,
                weeks=tuple(
                    tuple(Day(day=each, changes=counts.get(each, 0)) if each.month == month else None for each in week)
                    for week in Calendar().monthdatescalendar(number, month)
                ),
            )
            for month in range(1, 13)
        ),
        before=next((each for each in reversed(known) if each < number), None),
        after=next((each for each in known if each > number), None),
    )
