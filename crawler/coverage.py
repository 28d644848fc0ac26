"""Of every day: was a source checked, in full, in part, or not, and why. Worked out from what the archive records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from crawler.slots import Cron
from storage.records import Change, Coverage


class Checked(StrEnum):
    """How far a source was checked on a day."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


class Why(StrEnum):
    """Why a day is not one of full coverage; "" where it is."""

    NONE = ""
    BLIND = "blind"  # the site could not be checked (design §4.9)
    CAP = "cap"  # max_pages, max_depth, or an address pattern without end
    DEADLINE = "deadline"
    FAILURES = "failures"  # pages failed: 5xx, time-outs, cuts
    STOPPED = "stopped"  # by an operator, or with the machine
    BROKE_OFF = "broke-off"  # the process died, the disk was full, or the archive could not be written
    UNDER_WAY = "under-way"
    PAUSED = "paused"  # not enabled, or not in the config yet: others were looked at, this one was not
    OFF = "machine-off"  # nothing at all was recorded on that day
    NOT_DUE = "not-due"  # the schedule asks for no look on that day, or not yet


_REASONS = {
    "max_pages": Why.CAP,
    "max_depth": Why.CAP,
    "closespider_pagecount": Why.CAP,
    "deadline": Why.DEADLINE,
    "closespider_timeout": Why.DEADLINE,
    "shutdown": Why.STOPPED,
}
_RANK = (Checked.FULLY, Checked.PARTLY, Checked.NOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day in the configured zone. ``judged`` of ``known`` addresses by its best look; 0 of 0 without any."""

    day: date
    checked: Checked
    why: Why = Why.NONE
    looks: int = 0
    judged: int = 0
    known: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days in a row that are alike; ``judged`` of ``known`` are those of the worst of them."""

    first: date
    last: date
    checked: Checked
    why: Why
    judged: int
    known: int

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What else the archive knows: the days with any record, and whether the source is enabled now."""

    active: Collection[date]
    enabled: bool
    cron: Cron
    zone: ZoneInfo
    now: datetime


def blind_crawls(coverages: Sequence[Coverage], told: Sequence[Change]) -> frozenset[int]:
    """The ids of the crawls at whose end the source could not be checked; ``told`` are its ``source.*`` changes."""
    found = set()
    turns = sorted(told, key=lambda change: change.seq)
    for each in coverages:
        before = [change for change in turns if change.crawl_id <= each.crawl.id]
        if before and before[-1].kind == "source.blind":
            found.add(each.crawl.id)
    return frozenset(found)


def days(
    coverages: Sequence[Coverage], blind: Collection[int], under_way: Collection[date], since: date, life: Life
) -> Iterator[Day]:
    """Every day from ``since`` to today."""
    looks: Mapping[date, list[Coverage]] = _by_day(coverages, life.zone)
    last_look = max(looks, default=None)
    today = life.now.astimezone(life.zone).date()
    for number in range((today - since).days + 1):
        day = since + timedelta(days=number)
        if looks.get(day):
            yield min((_looked(day, each, blind, len(looks[day])) for each in looks[day]), key=_badness)
        elif day in under_way:
            yield Day(day=day, checked=Checked.NOT, why=Why.UNDER_WAY)
        else:
            yield Day(day=day, checked=Checked.NOT, why=_why_no_look(day, last_look, life))


def folded(found: Iterator[Day]) -> Iterator[Stretch]:
    """Equal days in a row as one line."""
    for (checked, why), group in groupby(found, key=lambda day: (day.checked, day.why)):
        run = list(group)
        worst = min(run, key=lambda day: day.judged / day.known if day.known else 0.0)
        yield Stretch(
            first=run[0].day, last=run[-1].day, checked=checked, why=why, judged=worst.judged, known=worst.known
        )


def _by_day(coverages: Sequence[Coverage], zone: ZoneInfo) -> Mapping[date, list[Coverage]]:
    found: dict[date, list[Coverage]] = defaultdict(list)
    for each in coverages:
        found[each.crawl.started_at.astimezone(zone).date()].append(each)
    return found


def _looked(day: date, look: Coverage, blind: Collection[int], looks: int) -> Day:
    checked, why = _judged(look, blind=look.crawl.id in blind)
    return Day(
        day=day, checked=checked, why=why, looks=looks, judged=look.judged, known=look.known, failed=look.failures
    )


def _judged(look: Coverage, *, blind: bool) -> tuple[Checked, Why]:
    if blind:
        return Checked.NOT, Why.BLIND
    part = Checked.PARTLY if look.judged else Checked.NOT
    if not look.crawl.exhausted:
        return part, _REASONS.get(look.crawl.reason, Why.BROKE_OFF)
    return (part, Why.FAILURES) if look.failures else (Checked.FULLY, Why.NONE)


def _badness(day: Day) -> tuple[int, float]:
    """The best look of a day stands for it."""
    return _RANK.index(day.checked), -(day.judged / day.known if day.known else 0.0)


def _why_no_look(day: date, last_look: date | None, life: Life) -> Why:
    slots = life.cron.slots_of(day, life.zone)
    if not any(slot <= life.now for slot in slots):
        return Why.NOT_DUE
    if not life.enabled and (last_look is None or day > last_look):
        return Why.PAUSED
    return Why.PAUSED if day in life.active else Why.OFF
