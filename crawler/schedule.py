"""The scheduler behind `run`: looks, digests and deliveries at their times, each slot once, until it is stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from alerts.delivery import masked, unnamed
from crawler import tell
from crawler.commands.deliver import send
from crawler.commands.digest import close_due
from crawler.config import SourceConfig
from crawler.logs import logger
from crawler.output import moment
from crawler.runner import run_crawl
from crawler.session import Session
from crawler.slots import Cron
from crawler.summary import Event, LogLine
from crawler.writing import heal, writer
from storage.archive import Archive
from storage.errors import ArchiveBusy, ArchiveError
from storage.records import Crawl, DeliveryState

# How often everything is compared with the wall clock: a machine that slept, or whose clock was set, is right again
# within this time (reliability A9: never one long sleep, timers do not count suspend).
TICK = timedelta(seconds=20)
DELIVER_EVERY = timedelta(minutes=1)
# Installations that share a schedule do not all ask a site in the same second; a tenth of the interval at most.
JITTER = timedelta(minutes=5)
_COUNTED = 20_000  # missed slots are counted up to here: a minutely job over two weeks
_AT_ONCE = 2  # crawls side by side: one slow site does not hold up the others, and each child takes some 150 MB
STOP_WITHIN = 9.0  # seconds from SIGTERM to the end; systemd and containers kill after ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A slot that has come and was not acted on, and how many between it and the last one acted on were missed."""

    slot: datetime
    missed: int


def jitter(installation: str, job: str, cron: Cron, zone: ZoneInfo, now: datetime) -> timedelta:
    """The fixed delay of one job of one installation: the same every day, different from office to office."""
    first = cron.after(now, zone)
    second = cron.after(first, zone) if first else None
    longest = min(JITTER, (second - first) / 10) if first and second else JITTER
    share = int.from_bytes(sha256(f"{installation}\x1f{job}".encode()).digest()[:8], "big") / 2**64
    return timedelta(seconds=int(longest.total_seconds() * share))


def due(cron: Cron, zone: ZoneInfo, now: datetime, *, last: datetime | None) -> Due | None:
    """The newest slot at or before ``now``, if it is newer than ``last``, the newest that was acted on."""
    slot = cron.last(now, zone)
    if slot is None or (last is not None and slot <= last):
        return None
    between = cron.between(last, slot - timedelta(microseconds=1), zone) if last else iter(())
    return Due(slot=slot, missed=sum(1 for _ in islice(between, _COUNTED)))


class _Slots(BaseTrigger):  # type: ignore[misc]  # APScheduler has no type hints
    """Tells APScheduler when the next slot is; the arithmetic is our own, since its own fires twice in autumn."""

    def __init__(self, cron: Cron, zone: ZoneInfo, delay: timedelta) -> None:
        self._cron, self._zone, self._delay = cron, zone, delay

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime | None:
        slot = self._cron.after(now.astimezone(UTC) - self._delay, self._zone)
        return slot + self._delay if slot else None


class Schedule:
    """Keeps one archive's schedule. :meth:`start` returns at once; :meth:`stop` ends everything that is under way.

    APScheduler calls at each slot, and every :data:`TICK` besides; whoever comes first claims the slot in the
    archive, so that it is acted on once whatever happens to clocks, machines and other schedulers.
    """

    def __init__(self, session: Session, installation: str) -> None:
        self._session = session
        self._started = session.now()
        self._delays = {
            source.name: jitter(installation, _job(source), source.cron, session.zone, self._started)
            for source in session.config.enabled
        }
        self._stop = threading.Event()
        self._busy: set[str] = set()  # sources that are being looked at
        self._first = set(self._delays)  # sources whose first check since the start is still to come
        self._lock = threading.Lock()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(2), "looks": ThreadPoolExecutor(_AT_ONCE)},
            # A job that is late is run late, once, instead of being dropped after one second.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Begin; whatever was missed while nothing ran is made up once, at once."""
        for source in self._session.config.enabled:
            trigger = _Slots(source.cron, self._session.zone, self._delays[source.name])
            self._scheduler.add_job(self._safely, trigger, args=[_job(source), self.check, source])
        self._repeat("check", TICK, self.check_all)
        self._repeat("digests", TICK, self.digests)
        self._repeat("deliveries", DELIVER_EVERY, self.deliver)
        self._scheduler.start()

    def stop(self) -> bool:
        """End the looks that are under way and wait for all to finish; False when they did not in time."""
        self._stop.set()
        ending = threading.Thread(target=self._scheduler.shutdown, daemon=True)
        ending.start()
        ending.join(STOP_WITHIN)
        return not ending.is_alive()

    def _repeat(self, name: str, every: timedelta, job: Callable[[], None]) -> None:
        trigger = IntervalTrigger(seconds=int(every.total_seconds()))
        self._scheduler.add_job(self._safely, trigger, args=[name, job], next_run_time=datetime.now(UTC))

    def _safely(self, name: str, job: Callable[..., None], *args: Any) -> None:
        """One job; nothing that happens in it ends the scheduler."""
        if self._stop.is_set():
            return
        try:
            job(*args)
        except ArchiveBusy as error:
            logger.info("%s: later: %s", name, error)
        except (ArchiveError, OSError) as error:
            logger.error("%s: %s", name, error)
        except Exception:  # noqa: BLE001 - the edge of a job: the next one must run whatever this one met
            logger.exception("%s: unexpected", name)

    def check_all(self) -> None:
        """Every source: is a slot due that nobody has acted on?"""
        for source in self._session.config.enabled:
            self.check(source)

    def check(self, source: SourceConfig) -> None:
        """Start a look at a source if a slot of its has come and this process is the one to claim it."""
        with self._lock:
            if source.name in self._busy or not self._claim(source):
                return
            self._busy.add(source.name)
        self._scheduler.add_job(self._safely, args=[_job(source), self._look, source], executor="looks")

    def _claim(self, source: SourceConfig) -> bool:
        now = self._session.now()
        with Archive.open(self._session.config.archive_path) as archive:
            last = archive.last_slot(_job(source))
            newest = next(iter(archive.crawls(source.name, limit=1)), None)
            again = source.name in self._first and _unfinished(newest, last)
            self._first.discard(source.name)
            found = due(source.cron, self._session.zone, now - self._delays[source.name], last=last)
            if found is None or not archive.claim_slot(_job(source), found.slot, now):
                if again:
                    logger.warning("%s: the look of %s was cut short; looking again", source.name, moment(last))
                return again
            if last is None and newest is not None and newest.started_at >= found.slot:
                return False  # somebody looked by hand since then
        if found.missed:
            times = tell.count(found.missed, "slot was", "slots were")
            logger.warning("%s: %s missed before %s; made up once", source.name, times, moment(found.slot))
        return True

    def _look(self, source: SourceConfig) -> None:
        session = self._session
        try:
            (summary,) = run_crawl(session.config, [source.name], session.clock, _log, stop=self._stop)
        finally:
            with self._lock:
                self._busy.discard(source.name)
        level = logging.INFO if summary.exit_code == 0 else logging.WARNING
        for line in tell.lines(summary):
            logger.log(level, "%s", line.strip())
        if summary.changes:
            self.deliver()  # what is owed at once should not wait for its minute

    def digests(self) -> None:
        """Close the windows whose time has come; a digest is exact to the tick, it has no jitter."""
        session = self._session
        if not session.config.subscription:
            return
        with writer(session) as archive:
            context = session.context(sending=True)
            closed = [close_due(session, archive, each, context) for each in session.config.subscriptions]
        for row in filter(None, closed):
            logger.info("%s: digest %s: %s", row.subscription, row.number, row.subject)
        if any(closed):
            self.deliver()

    def deliver(self) -> None:
        """Send what is due."""
        with Archive.open(self._session.config.archive_path) as archive:
            heal(self._session, archive)
            result = send(self._session, archive)
        for each in result.attempts:
            level = logger.info if each.state is DeliveryState.SENT else logger.warning
            level(f"mail to {masked(each.recipient)}: {each.state} {unnamed(each.answer, each.recipient)}".rstrip())
        if result.halted:
            logger.warning("mail: %s", result.halted)


def _job(source: SourceConfig) -> str:
    """The name its slots are claimed under."""
    return f"crawl:{source.name}"


def _unfinished(newest: Crawl | None, last: datetime | None) -> bool:
    """Whether the slot claimed last was not finished: its look never began, or was stopped, or died."""
    if last is None:
        return False
    if newest is None or newest.started_at < last:
        return True
    return newest.ended_at is None or newest.reason in ("shutdown", "crashed")


def _log(event: Event) -> None:
    if isinstance(event, LogLine) and event.level in ("WARNING", "ERROR", "CRITICAL"):
        logger.warning("%s", event.message)
