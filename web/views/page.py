"""The life of one address: its versions, every look at it, where it moved, and what was erased; one year at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from alerts.visible import readable, web_link
from extractors import address
from extractors.model import Outcome
from storage.imports.found import Origin
from storage.records import Capture, Stretch, Tombstone, Year
from web import rows
from web.answers import Answer, Nothing, Shown
from web.ask import Ask
from web.entries import Entry, entries
from web.ledger import at
from web.unknown import never_looked_at

# So many versions may be chosen from for a comparison: each is an option in two lists.
_MOST_CHOICES = 200
# Looks of a year that are listed one by one; of more, those in a row that say the same are summed up. An hourly look
# makes 8,760 a year.
_MOST_SINGLE = 400
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
    """A look, or several in a row that say the same: ``count`` of them from ``first`` to ``last``.

    ``to`` is where the address sent the visitor, "" if nowhere.
    """

    first: Capture
    last: Capture
    count: int
    good: bool
    changed: bool
    to: str
    stone: Tombstone | None
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The looks of one month, newest first."""

    number: int
    looks: tuple[Look, ...]
    count: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One address in one year."""

    uri: str
    year: int
    years: tuple[Year, ...]
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
    """The life of an address in one year."""
    return _life(ask, int(ask.path["year"][:6]))


def _life(ask: Ask, year: int | None) -> Answer:
    archive, uri = ask.archive, ask.target
    years = archive.years(uri)
    if not years:
        return never_looked_at(ask, uri)
    if year is None:
        year = years[-1].number
    if year not in {each.number for each in years}:
        return Nothing(what="no_day", links=((readable(uri), ask.to.page(uri)),))
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    stretches = archive.stretches(uri)
    looks = archive.looks_between(uri, start, end)
    erased = archive.erasures_of(uri)
    origins = archive.origins([each.id for each in looks])
    told = _told(ask, year)
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
        year=year,
        years=years,
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
        "year": life.year,
        "years": [{"year": each.number, "looks": each.looks} for each in life.years],
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


def _told(ask: Ask, year: int) -> tuple[Entry, ...]:
    """What was told of the address in a year, newest first."""
    heads = [head for head in ask.changes.of(address.key(ask.target)) if at(head).astimezone(UTC).year == year]
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
            first=each,
            last=each,
            count=1,
            good=each.outcome.good,
            changed=each.captured_at in firsts,
            to=_leads_to(each),
            stone=erased.get(each.id),
            origins=origins.get(each.id, ()),
        )
        for each in looks
    ]
    months = []
    for number, group in groupby(made, lambda each: each.first.captured_at.astimezone(ask.settings.zone).month):
        members = list(group)
        listed = _summed_up(members) if len(made) > _MOST_SINGLE else members
        failed = sum(not each.good for each in members)
        months.append(Month(number=number, looks=tuple(reversed(listed)), count=len(members), failed=failed))
    return tuple(reversed(months))


def _summed_up(looks: Sequence[Look]) -> list[Look]:
    """Looks in a row that say the same as one."""
    found: list[Look] = []
    for each in looks:
        last = found[-1] if found else None
        if last is not None and not (last.changed or each.changed) and _says(last) == _says(each):
            found[-1] = replace(last, last=each.last, count=last.count + 1)
        else:
            found.append(each)
    return found


def _says(look: Look) -> tuple[object, ...]:
    outcome = "" if look.good else look.first.outcome
    return (look.good, outcome, look.to, look.stone and look.stone.id, [each.archive for each in look.origins])


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
