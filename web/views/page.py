"""The life of one address: its versions, every look at it, where it moved, and what was erased; one year at a time.

A year of very many looks is shown month by month. Years and months are those of UTC, as in the addresses of states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from alerts.visible import readable, web_link
from extractors import address
from extractors.model import Outcome
from storage.imports.found import Origin
from storage.records import Capture, Stretch, Tombstone
from web import rows
from web.answers import Answer, Nothing, Shown
from web.ask import Ask
from web.entries import Entry, entries
from web.ledger import at
from web.unknown import never_looked_at

# So many versions may be chosen from for a comparison: each is an option in two lists.
_MOST_CHOICES = 200
# A look costs 40 µs until it stands on a page; daily ones make 365 in a year, hourly ones 744 in a month.
_MOST_OF_YEAR = 400
_MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A version in the timeline. ``until`` is when another text was first seen, None of the newest."""

    stretch: Stretch
    until: datetime | None
    before: Stretch | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look. ``to`` is where the address sent the visitor, "" if nowhere."""

    capture: Capture
    changed: bool
    to: str
    stone: Tombstone | None
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A year that was looked at, or a month of one."""

    year: int
    month: int  # 0 is the whole year
    looks: int

    @property
    def name(self) -> int:
        """As it stands in an address: 2021, or 202105."""
        return self.year * 100 + self.month if self.month else self.year

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, self.month or 1, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment behind it."""
        if self.month in (0, 12):
            return datetime(self.year + 1, 1, 1, tzinfo=UTC)
        return datetime(self.year, self.month + 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The looks of one month, newest first."""

    number: int
    looks: tuple[Look, ...]
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One address in one year, or in a month of it. ``parts`` are the months of a year that is not shown whole."""

    uri: str
    span: Span
    years: tuple[Span, ...]
    parts: tuple[Span, ...]
    newest: Stretch | None
    last_look: Capture | None
    last_to: str
    states: tuple[State, ...]
    months: tuple[Month, ...]
    moves: tuple[tuple[str, str, Entry], ...]
    others: tuple[Entry, ...]
    choices: tuple[Stretch, ...]
    stones: tuple[tuple[Tombstone, int], ...]


def newest(ask: Ask) -> Answer:
    """The life of an address, in the last year it was looked at."""
    return _life(ask, None)


def in_year(ask: Ask) -> Answer:
    """The life of an address in one year, or in one month of it."""
    return _life(ask, int(ask.path["year"][:7]))


def _life(ask: Ask, named: int | None) -> Answer:
    archive, uri = ask.archive, ask.target
    months = archive.months(uri)
    if not months:
        return never_looked_at(ask, uri)
    years = tuple(
        Span(year=year, month=0, looks=sum(each.looks for each in group))
        for year, group in groupby(months, lambda each: each.year)
    )
    all_parts = [Span(year=each.year, month=each.month, looks=each.looks) for each in months]
    span = years[-1] if named is None else next((each for each in (*years, *all_parts) if each.name == named), None)
    if span is None:
        return Nothing(what="no_day", links=((readable(uri), ask.to.page(uri)),))
    parts: tuple[Span, ...] = ()
    if span.month or span.looks > _MOST_OF_YEAR:
        parts = tuple(each for each in all_parts if each.year == span.year)
        span = span if span.month else parts[-1]
    start, end = span.start, span.end
    stretches = archive.stretches(uri)
    looks = archive.looks_between(uri, start, end)
    erased = archive.erasures_of(uri)
    origins = archive.origins([each.id for each in looks])
    told = _told(ask, start, end)
    moves = tuple(
        (each.change.before, each.change.after, each)
        for each in told
        if each.change.kind == "page.moved"
        and isinstance(each.change.before, str)
        and isinstance(each.change.after, str)
    )
    own = {number for each in stretches for number in each.versions}
    shown = [each for each in looks if not _is_hop(each)]
    last = shown[-1] if shown else None
    content = Life(
        uri=stretches[-1].uri if stretches else (last or looks[-1]).uri,
        span=span,
        years=years,
        parts=parts,
        newest=stretches[-1] if stretches else None,
        last_look=last,
        last_to=_leads_to(last) if last else "",
        states=_states(stretches, start, end, told),
        months=_months(ask, shown, {each.id: each for each in stretches}, erased, origins),
        moves=moves,
        others=tuple(
            each for each in told if each.change.version_after not in own and each.change.kind != "page.moved"
        ),
        choices=_choices(stretches, start, end),
        stones=_stones(erased),
    )
    title = _title(ask, content)
    row = _row(content, looks, erased, origins, told) if ask.json else {}  # of thousands of looks nobody reads
    return Shown(template="page.html.j2", title=title, content=content, row=row)


def _row(
    life: Life,
    looks: Sequence[Capture],
    erased: Mapping[int, Tombstone],
    origins: Mapping[int, tuple[Origin, ...]],
    told: Sequence[Entry],
) -> rows.Row:
    return {
        "uri": life.uri,
        "year": life.span.year,
        "month": life.span.month or None,
        "years": [{"year": each.year, "looks": each.looks} for each in life.years],
        "months": [{"month": each.month, "looks": each.looks} for each in life.parts],
        "versions": [rows.version(each.stretch) for each in reversed(life.states)],
        "captures": [
            rows.capture(each, origins.get(each.id, ()))
            | {"erased": rows.tombstone(erased[each.id]) if each.id in erased else None}
            for each in looks
        ],
        "changes": [each.change.id for each in told],
    }


def _title(ask: Ask, life: Life) -> str:
    """The title of its newest text, else the address."""
    version = ask.archive.version(life.newest.id) if life.newest else None
    return (version.page.title if version else "") or readable(life.uri)


def _told(ask: Ask, start: datetime, end: datetime) -> tuple[Entry, ...]:
    """What was told of the address in a span of time, newest first."""
    heads = [head for head in ask.changes.of(address.key(ask.target)) if start <= at(head) < end]
    return entries(ask, heads[:_MOST_ENTRIES])


def _states(stretches: Sequence[Stretch], start: datetime, end: datetime, told: Sequence[Entry]) -> tuple[State, ...]:
    """The versions that stood in a year, newest first."""
    found = []
    for number, each in enumerate(stretches):
        until = stretches[number + 1].since if number + 1 < len(stretches) else None
        if each.since >= end or (until is not None and until <= start) or (until is None and each.last_seen < start):
            continue
        mine = tuple(entry for entry in told if entry.change.version_after in each.versions)
        before = stretches[number - 1] if number else None
        found.append(State(stretch=each, until=until, before=before, entries=mine))
    return tuple(reversed(found))


def _choices(stretches: Sequence[Stretch], start: datetime, end: datetime) -> tuple[Stretch, ...]:
    """The states that a form offers for comparison, newest first; of very many the first, the last and the year's."""
    if len(stretches) > _MOST_CHOICES:
        year = [each for each in stretches[1:-1] if start <= each.since < end]
        stretches = [stretches[0], *year[-_MOST_CHOICES:], stretches[-1]]
    return tuple(reversed(stretches))


def _months(
    ask: Ask,
    looks: Sequence[Capture],
    versions: Mapping[int, Stretch],
    erased: Mapping[int, Tombstone],
    origins: Mapping[int, tuple[Origin, ...]],
) -> tuple[Month, ...]:
    firsts = {each.since for each in versions.values()}
    made = [
        Look(
            capture=each,
            changed=each.captured_at in firsts,
            to=_leads_to(each),
            stone=erased.get(each.id),
            origins=origins.get(each.id, ()),
        )
        for each in looks
    ]
    months = []
    for number, group in groupby(made, lambda each: each.capture.captured_at.astimezone(ask.settings.zone).month):
        members = list(group)
        failed = sum(not each.capture.outcome.good for each in members)
        months.append(Month(number=number, looks=tuple(reversed(members)), failed=failed))
    return tuple(reversed(months))


def _is_hop(look: Capture) -> bool:
    """Whether it was only sent on within the address: to https, to the final slash."""
    return look.outcome is Outcome.MOVED and address.key(look.location or "") == address.key(look.uri)


def _leads_to(look: Capture) -> str:
    return web_link(look.location or "") if look.outcome is Outcome.MOVED else ""


def _stones(erased: Mapping[int, Tombstone]) -> tuple[tuple[Tombstone, int], ...]:
    """Every erasure that reached the address, with how many looks it took the bytes of."""
    by_id = {stone.id: stone for stone in erased.values()}
    counts = {number: sum(stone.id == number for stone in erased.values()) for number in by_id}
    return tuple((by_id[number], counts[number]) for number in sorted(by_id))
