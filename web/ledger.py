"""All changes in short, in memory: by week, by day and by page, in the order they became known."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from heapq import nlargest
from zoneinfo import ZoneInfo

from alerts.feed import ENTRIES, is_of
from alerts.retraction import KIND as RETRACTED
from storage.archive import Archive
from storage.records import ChangeHead


class Ledger:
    """Shared by all threads; :meth:`refreshed` brings it up to date and returns what to read from.

    An office's archive has some thousand changes in ten years, each a few hundred bytes here. What imported history
    withdrew meanwhile is left out once a new change or a restart brings a fresh look; reading the change itself never
    shows it.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._lock = threading.Lock()
        self._archive = ""
        self._pages = self.empty = Pages((), zone, 0)

    def refreshed(self, archive: Archive) -> Pages:
        """The pages of the ledger as of now; read anew only if something was committed."""
        newest, identity = archive.last_seq(), archive.installation_id
        held = self._pages
        if held.newest == newest and self._archive == identity:
            return held
        with self._lock:
            held = self._pages
            if held.newest != newest or self._archive != identity:
                self._pages = Pages(archive.change_heads(), self._zone, newest)
                self._archive = identity
            return self._pages


class Pages:
    """The ledger as it was at one moment; never altered."""

    def __init__(self, heads: Sequence[ChangeHead], zone: ZoneInfo, newest: int) -> None:
        self.newest = newest
        self.retracted: Mapping[str, ChangeHead] = {head.subject: head for head in heads if head.kind == RETRACTED}
        self._zone = zone
        self._told = tuple(head for head in heads if _is_told(head))
        self._heads = tuple(heads)
        self._by_id = {head.id: head for head in heads}
        self._by_address: defaultdict[str, list[ChangeHead]] = defaultdict(list)
        self._by_subject: defaultdict[str, list[ChangeHead]] = defaultdict(list)
        self._by_day: defaultdict[date, list[ChangeHead]] = defaultdict(list)
        for head in self._told:
            self._by_day[self.day(head)].append(head)
            self._by_subject[head.subject].append(head)
            for address in head.addresses:
                self._by_address[address].append(head)

    def with_id(self, change_id: str) -> ChangeHead | None:
        """One change by its id, a correction too; None of what imported history withdrew."""
        return self._by_id.get(change_id)

    def day(self, head: ChangeHead) -> date:
        """The day a change is listed under: when it became known, of imported history when it was seen."""
        return at(head).astimezone(self._zone).date()

    def days(self, year: int) -> Mapping[date, int]:
        """How many changes became known on each day of a year that had any."""
        return {day: len(heads) for day, heads in self._by_day.items() if day.year == year}

    def years(self) -> tuple[int, ...]:
        """The years that changes fall into, oldest first."""
        return tuple(sorted({day.year for day in self._by_day}))

    def weeks(self) -> tuple[str, ...]:
        """The ISO weeks that have a change, newest first, as ``2021-W21``."""
        return tuple(sorted({week_of(day) for day in self._by_day}, reverse=True))

    def in_week(self, week: str) -> tuple[ChangeHead, ...]:
        """The changes of one ISO week, newest first."""
        found = [head for day, heads in self._by_day.items() if week_of(day) == week for head in heads]
        return _newest_first(found)

    def on_day(self, day: date) -> tuple[ChangeHead, ...]:
        """The changes of one day, newest first."""
        return _newest_first(self._by_day.get(day, ()))

    def of(self, address: str) -> tuple[ChangeHead, ...]:
        """The changes that concern an address, newest first."""
        return _newest_first(self._by_address.get(address, ()))

    def of_subject(self, subject: str) -> tuple[ChangeHead, ...]:
        """The changes of one notice, seminar or source, newest first."""
        return _newest_first(self._by_subject.get(subject, ()))

    def of_source(self, source: str, limit: int) -> tuple[ChangeHead, ...]:
        """The newest changes that concern a source, newest first."""
        concerned = (head for head in self._told if source in head.sources)
        return tuple(nlargest(limit, concerned, key=lambda head: (at(head), head.seq)))

    def of_family(self, family: str) -> tuple[ChangeHead, ...]:
        """The changes of a family of kinds (``seminar``) that were no imported history, in the order of commit."""
        return tuple(head for head in self._told if head.kind.startswith(f"{family}.") and not head.imported)

    def to_feed(self, source: str = "", kind: str = "", limit: int = ENTRIES) -> tuple[ChangeHead, ...]:
        """What a feed is made from, in the order of commit: its newest changes, corrections and what they correct."""
        chosen: dict[str, ChangeHead] = {}
        for head in reversed(self._heads):
            wrong = self._by_id.get(head.subject) if head.kind == RETRACTED else None
            told = (wrong or head).kind
            if head.imported or told.startswith("source.") or not is_of(told, kind):
                continue
            if source and source not in head.sources:
                continue
            chosen |= {each.id: each for each in (head, wrong) if each is not None}
            if len(chosen) >= 2 * limit:
                break
        return tuple(sorted(chosen.values(), key=lambda head: head.seq))


def at(head: ChangeHead) -> datetime:
    """The moment a change is listed under."""
    return head.observed_at if head.imported else head.detected_at


def week_of(day: date) -> str:
    """The ISO week of a day (ISO 8601): ``2021-W21``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _is_told(head: ChangeHead) -> bool:
    """Whether visitors see it in lists: a correction stands with what it corrects."""
    return head.kind != RETRACTED


def _newest_first(heads: Iterable[ChangeHead]) -> tuple[ChangeHead, ...]:
    return tuple(sorted(heads, key=lambda head: (at(head), head.seq), reverse=True))
