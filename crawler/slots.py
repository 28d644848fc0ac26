"""Cron slots in a time zone: each wall-clock time once a day, also on the days the clocks change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_NICKNAMES = {  # of Vixie cron
    "@yearly": "0 0 1 jan *",
    "@annually": "0 0 1 jan *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * sun",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}

# 29 February comes at least every eighth year (1896 to 1904, 2096 to 2104); a slot further off never comes.
_SEARCH_DAYS = 9 * 366
# The longest clock change on record within one day (Samoa 2011 skipped a whole one).
_LONGEST_GAP = timedelta(days=1)
_COUNTED = 20_000  # missed slots are counted up to here: a minutely job over two weeks


class CronError(ValueError):
    """A schedule that cannot be kept; the message says which part and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """A parsed schedule: minute, hour, day of month, month, day of week (0 is Monday).

    As in cron, when day of month and day of week are both restricted, either one is enough.
    A schedule with ``*`` as its hour follows real time: it runs in a repeated hour again and skips a missing one.
    Any other names wall-clock times: each runs exactly once a day, at the first occurrence of a repeated
    time, and right after the gap when the clocks jump over it (the rule of Vixie cron).
    """

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool
    hourly: bool

    def on(self, day: date) -> bool:
        """Whether the schedule has slots on that local day."""
        if day.month not in self.months:
            return False
        in_month, in_week = day.day in self.days, day.weekday() in self.weekdays
        if self.any_day or self.any_weekday:
            return in_month and in_week
        return in_month or in_week

    def slots_of(self, day: date, zone: ZoneInfo) -> tuple[datetime, ...]:
        """The slots of one local day as UTC instants, ascending, without repeats."""
        if not self.on(day):
            return ()
        found: set[datetime] = set()
        for hour in self.hours:
            for minute in self.minutes:
                found.update(self._instants(datetime.combine(day, time(hour, minute)), zone))
        return tuple(sorted(found))

    def _instants(self, wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
        first = wall.replace(tzinfo=zone).astimezone(UTC)
        second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
        if first == second:
            return (first,)
        if first < second:  # the wall shows this time twice
            return (first, second) if self.hourly else (first,)
        # The wall never shows this time. PEP 495: fold=1 reads it with the later offset, so `second` lies before the
        # jump and `first` after it; the jump itself is the first instant with the later offset.
        return () if self.hourly else (_jump(second, first, zone),)

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """The first slot later than ``moment``; None when there never is one."""
        day = moment.astimezone(zone).date() - _LONGEST_GAP
        for offset in range(_SEARCH_DAYS):
            later = [slot for slot in self.slots_of(day + timedelta(days=offset), zone) if slot > moment]
            if later:
                return later[0]
        return None

    def last(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """The last slot at or before ``moment``; None when there never was one."""
        day = moment.astimezone(zone).date() + _LONGEST_GAP
        for offset in range(_SEARCH_DAYS):
            earlier = [slot for slot in self.slots_of(day - timedelta(days=offset), zone) if slot <= moment]
            if earlier:
                return earlier[-1]
        return None

    def between(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """The slots later than ``start``, up to and including ``end``, ascending."""
        day = start.astimezone(zone).date() - _LONGEST_GAP
        last = end.astimezone(zone).date() + _LONGEST_GAP
        while day <= last:
            for slot in self.slots_of(day, zone):
                if start < slot <= end:
                    start = slot  # a time that was jumped over may fall on the next day's first slot
                    yield slot
            day += timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A slot that has come and was not acted on, and how many between it and the last one acted on were missed."""

    slot: datetime
    missed: int


def due(cron: Cron, zone: ZoneInfo, now: datetime, *, last: datetime | None) -> Due | None:
    """The newest slot at or before ``now``, if it is newer than ``last``, the newest that was acted on."""
    slot = cron.last(now, zone)
    if slot is None or (last is not None and slot <= last):
        return None
    return Due(slot=slot, missed=skipped(cron, zone, last, slot) if last else 0)


def skipped(cron: Cron, zone: ZoneInfo, earlier: datetime, later: datetime) -> int:
    """How many slots lie strictly between two moments."""
    between = cron.between(earlier, later - timedelta(microseconds=1), zone)
    return sum(1 for _ in islice(between, _COUNTED))


def parse(text: str) -> Cron:
    """Read a schedule of five fields such as ``30 5 * * *`` or ``0 7 * * mon``.

    Raises:
        CronError: for a wrong number of fields, a value out of range, a weekday by number, or a day that never comes.
    """
    fields = text.split()
    if text.strip().lower() in _NICKNAMES:
        raise CronError(f"“{text}” is not understood; write “{_NICKNAMES[text.strip().lower()]}”")
    if len(fields) != 5:
        hint = "five fields: minute hour day month weekday, such as “30 5 * * *” or “0 7 * * mon”"
        raise CronError(f"“{text}” has {len(fields)} field{'s' if len(fields) != 1 else ''}; a schedule has {hint}")
    minute, hour, day, month, weekday = fields
    cron = Cron(
        text=text,
        minutes=tuple(sorted(_numbers(minute, 0, 59, "minute"))),
        hours=tuple(sorted(_numbers(hour, 0, 23, "hour"))),
        days=_numbers(day, 1, 31, "day of the month"),
        months=_numbers(month, 1, 12, "month", {name: index + 1 for index, name in enumerate(_MONTHS)}),
        weekdays=_weekdays(weekday),
        any_day=day.startswith("*"),
        any_weekday=weekday.startswith("*"),
        hourly=hour.startswith("*"),
    )
    if not _ever(cron):
        raise CronError(f"“{text}” names a day that never comes")
    return cron


def _ever(cron: Cron) -> bool:
    longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
    return (not cron.any_weekday and not cron.any_day) or any(
        day <= longest.get(month, 31) for month in cron.months for day in cron.days
    )


def _weekdays(field: str) -> frozenset[int]:
    if re.search(r"\d", field.split("/", maxsplit=1)[0]):
        raise CronError(
            f"“{field}” names a day of the week by number, which means different days to different programs; "
            f"write its name: {' '.join(DAY_NAMES)}"
        )
    names = {name: index for index, name in enumerate(DAY_NAMES)}
    names.update({name: index for index, name in enumerate(_LONG_DAYS)})
    return _numbers(field, 0, 6, "day of the week", names)


def _numbers(field: str, low: int, high: int, what: str, names: dict[str, int] | None = None) -> frozenset[int]:
    found: set[int] = set()
    for part in field.lower().split(","):
        span, slash, step_text = part.partition("/")
        step = _step(step_text, part, what) if slash else 1
        if span == "*":
            first, last = low, high
        else:
            left, dash, right = span.partition("-")
            first = _number(left, low, high, what, names)
            last = _number(right, low, high, what, names) if dash else (high if slash else first)
        if first > last and names is not None:  # sat-mon, nov-feb
            found.update([*range(first, high + 1), *range(low, last + 1)][::step])
            continue
        if first > last:
            raise CronError(f"“{part}” runs backwards in the field for the {what}")
        found.update(range(first, last + 1, step))
    return frozenset(found)


def _step(text: str, part: str, what: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise CronError(f"“{part}” is no step in the field for the {what}; write “*/n” with n from 1")
    return int(text)


def _number(text: str, low: int, high: int, what: str, names: dict[str, int] | None) -> int:
    if names is not None and text in names:
        return names[text]
    if text.isascii() and text.isdigit() and low <= int(text[:4]) <= high and len(text) <= 2:
        return int(text)
    if names is None:
        raise CronError(f"“{text}” is no {what}; write from {low} to {high}")
    accepted = list(names)[: high - low + 1]
    near = next((name for name in accepted if len(text) > 1 and text[:2] == name[:2]), "")
    raise CronError(f"“{text}” is no {what}; write {f'“{near}”, or one of ' if near else ''}{' '.join(accepted)}")


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks jump, to the second, between two instants that lie on either side of it."""
    low, high = int(before.timestamp()), int(after.timestamp())
    target = datetime.fromtimestamp(high, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == target:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)
