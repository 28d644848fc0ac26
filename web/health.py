"""How everything stands: what `status` and the view's page for operators show, and what of it anybody may see."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from alerts.operator import Condition
from storage.archive import Archive
from storage.records import Crawl, DeliveryState

Examine = Callable[[Archive], "Health"]

_LATELY = 60.0  # seconds; of an archive of a million looks it takes a tenth of one, and others would wait for it
# Conditions that name a reader, and those that name a folder of the machine or quote what it said.
_OF_READERS = frozenset({"mail-refused", "mail-held", "mail-stuck"})
_OF_THE_MACHINE = frozenset({"disk", "feeds", "canary", "archive"})
_UNSAID = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source stands; ``conditions`` is empty when it is well or paused."""

    name: str
    enabled: bool
    last_crawl: Crawl | None
    last_complete: datetime | None
    next_crawl: datetime | None
    seeing: bool
    known: int
    judged: int
    failed: int
    drifted: int
    conditions: tuple[Condition, ...]

    @property
    def coverage(self) -> float | None:
        """Share of the known addresses that the last look could judge."""
        return self.judged / self.known if self.known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionHealth:
    """How one subscription stands; ``overdue_since`` is the slot that nobody acted on for too long."""

    name: str
    last_digest: datetime | None
    next_digest: datetime | None
    overdue_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The whole picture; well if ``conditions`` is empty. ``notes`` are to be known and need nothing done."""

    at: datetime
    sources: tuple[SourceHealth, ...]
    subscriptions: tuple[SubscriptionHealth, ...]
    queue: dict[str, int]
    oldest_waiting: datetime | None
    archive: Path
    archive_bytes: int
    free_bytes: int
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]

    @property
    def well(self) -> bool:
        """Whether nobody need do anything."""
        return not self.conditions

    @property
    def grave(self) -> bool:
        """Whether something keeps readers from being told."""
        return any(condition.grave for condition in self.conditions)

    @property
    def last_complete(self) -> datetime | None:
        """When the watched sources were all last checked completely: the oldest of their last times."""
        times = [each.last_complete for each in self.sources if each.enabled]
        known = [at for at in times if at is not None]
        return min(known) if known and len(known) == len(times) else None

    @property
    def round_went_well(self) -> bool:
        """Whether the last look at each source, the digests and the outbox all went well."""
        looks = [each.last_crawl for each in self.sources if each.enabled]
        complete = bool(looks) and all(look is not None and look.exhausted for look in looks)
        return self.well and complete and not self.queue.get(DeliveryState.DEFERRED, 0)


class Lately:
    """Examines everything, at most once in some seconds: it goes through the last crawl of every source."""

    def __init__(self, examine: Examine, seconds: float = _LATELY) -> None:
        self._examine = examine
        self._seconds = seconds
        self._lock = threading.Lock()
        self._until = 0.0
        self._held: Health | None = None

    def __call__(self, archive: Archive) -> Health:
        """How everything stands, or stood some seconds ago."""
        with self._lock:
            if self._held is None or time.monotonic() >= self._until:
                self._held = public(self._examine(archive))
                self._until = time.monotonic() + self._seconds
            return self._held


def public(health: Health) -> Health:
    """The same without any reader's address and without paths of the machine.

    How many messages were refused or are held is in ``queue``; each such kind of condition is left once.
    """
    shown = dict.fromkeys(_public(each) for each in health.conditions)
    return replace(health, archive=Path(health.archive.name), conditions=tuple(shown), notes=())


def _public(condition: Condition) -> Condition:
    if condition.kind in _OF_READERS:
        since = condition.since if condition.kind == "mail-stuck" else None
        return replace(condition, subject=_UNSAID, detail="", since=since)
    return replace(condition, subject=_UNSAID, detail="") if condition.kind in _OF_THE_MACHINE else condition
