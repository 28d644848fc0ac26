"""The scheduler behind `run`: looks, digests and deliveries at their times, each slot once, until it is stopped."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from alerts.delivery import masked, unnamed
from crawler import canary, operators, room, tell
from crawler.closing import close_due
from crawler.commands.deliver import send
from crawler.config import SourceConfig
from crawler.logs import logger
from crawler.publishing import publish
from crawler.runner import run_crawl
from crawler.session import Session
from crawler.slots import Cron, due
from crawler.summary import CrawlOutcome, CrawlSummary, Event, LogLine
from crawler.writing import heal, writer
from storage.archive import Archive
from storage.errors import ArchiveBusy, ArchiveError, DiskFull
from storage.records import Crawl, DeliveryState
from web.written import moment

# How often everything is compared with the wall clock: a machine that slept, or whose clock was set, is right again
# within this time (reliability A9: never one long sleep, timers do not count suspend).
TICK = timedelta(seconds=20)
DELIVER_EVERY = timedelta(minutes=1)
# How long a disk that fills, or mail that is stuck, may go unnoticed; crawls and deliveries that fail are told at once.
ATTEND_EVERY = timedelta(minutes=5)
RETAIN_LOOK = timedelta(hours=1)  # how long after midnight, at most, the day's retention begins
# Installations that share a schedule do not all ask a site in the same second; a tenth of the interval at most.
JITTER = timedelta(minutes=5)
_AT_ONCE = 2  # crawls side by side: one slow site does not hold up the others, and each child takes some 150 MB
_JUMP = 5.0  # seconds; a clock that is kept right over the network is moved by less
_CUT_SHORT = frozenset({"shutdown", "crashed", "abandoned"})  # reasons of crawls whose slot is still owed
STOP_WITHIN = 7.0  # seconds from SIGTERM to letting go; containers kill after ten, and a busy machine takes its time


def jitter(installation: str, job: str, cron: Cron, zone: ZoneInfo, now: datetime) -> timedelta:
    """The fixed delay of one job of one installation: the same every day, different from office to office."""
    first = cron.after(now, zone)
    second = cron.after(first, zone) if first else None
    longest = min(JITTER, (second - first) / 10) if first and second else JITTER
    share = int.from_bytes(sha256(f"{installation}\x1f{job}".encode()).digest()[:8], "big") / 2**64
    return timedelta(seconds=int(longest.total_seconds() * share))


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
        self._first = set(self._delays)  # sources whose last slot may have been left unfinished by a dead process
        self._repeated: dict[str, datetime] = {}  # the slot that a source was looked at again for
        self._offset = _offset()
        self._clock_told = False
        self._room_told = False
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
        self._repeat("operators", ATTEND_EVERY, self.attend)
        self._repeat("canary", ATTEND_EVERY, self.canary)
        if self._session.config.archive.rule:
            self._repeat("retention", RETAIN_LOOK, self.retain)
        self._scheduler.start()

    def stop(self) -> bool:
        """End the looks that are under way and wait for all to finish; False when they did not in time."""
        self._stop.set()
        ending = threading.Thread(target=self._scheduler.shutdown, daemon=True)
        ending.start()
        ending.join(STOP_WITHIN)
        return not ending.is_alive()

    def watch_clock(self) -> None:
        """Set all times anew when the wall clock was set: APScheduler's next run may lie years ahead by now."""
        offset, before = _offset(), self._offset
        if abs(offset - before) < _JUMP:
            return
        self._offset = offset
        logger.warning("the clock was set by %+.0f s; the schedule goes by the new time", offset - before)
        for job in self._scheduler.get_jobs():
            if job.trigger is not None:
                job.reschedule(job.trigger)

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
        except ArchiveError as error:
            logger.error("%s: %s", name, error)
            operators.alarm(self._session, error)
        except OSError as error:
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
        self._scheduler.add_job(self._safely, args=[_job(source), self.look, source], executor="looks")

    def _has_room(self) -> bool:
        """Whether the disk has the room that a look wants. A slot that comes meanwhile is kept until it has."""
        config = self._session.config
        try:
            room.require(config.archive_path.parent, config.archive.least_free)
        except DiskFull as error:
            if not self._room_told:
                logger.error("%s; looks wait until there is room", error)
            self._room_told = True
            return False
        if self._room_told:
            logger.info("there is room on the disk again")
        self._room_told = False
        return True

    def _claim(self, source: SourceConfig) -> bool:
        if not self._has_room():
            return False
        now = self._session.now()
        with Archive.open(self._session.config.archive_path) as archive:
            if not self._credible(archive, now):
                return False
            last = archive.last_slot(_job(source), now)
            newest = next(iter(archive.crawls(source.name, limit=1)), None)
            again = self._left_over(archive, source, newest, last)
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

    def _credible(self, archive: Archive, now: datetime) -> bool:
        """Whether the clock can be right. A machine without a clock of its own wakes in 1970 until it is told."""
        first = archive.first_time()
        credible = first is None or now >= first
        if not credible and not self._clock_told:
            logger.error("the clock says %s, before the archive's first record; waiting until it is set", moment(now))
        self._clock_told = not credible
        return credible

    def _left_over(self, archive: Archive, source: SourceConfig, newest: Crawl | None, last: datetime | None) -> bool:
        """Whether the slot claimed last was left unfinished by a process that is dead; told once a slot and process."""
        if source.name not in self._first:
            return False
        try:
            with archive.source_lock(source.name):
                pass
        except ArchiveBusy:
            return False  # somebody is at it; the next check sees what came of it
        self._first.discard(source.name)
        return _unfinished(newest, last)

    def look(self, source: SourceConfig) -> None:
        """Look at a source now, in a process of its own, and attend to what came of it."""
        session = self._session
        try:
            (summary,) = run_crawl(session.config, [source.name], session.clock, _log, stop=self._stop)
        finally:
            with self._lock:
                self._busy.discard(source.name)
        level = logging.INFO if summary.exit_code == 0 else logging.WARNING
        for line in tell.lines(summary):
            logger.log(level, "%s", line.strip())
        self._note_crash(source, summary)
        if self._stop.is_set():
            return
        if summary.changes:
            self.deliver()  # what is owed at once should not wait for its minute
        self.attend()
        with Archive.open(self._session.config.archive_path, readonly=True) as archive:
            publish(self._session, archive)
            operators.sign_of_life(self._session, archive)

    def _note_crash(self, source: SourceConfig, summary: CrawlSummary) -> None:
        """A slot whose crawl process died is run again, once: a page that kills it would do so for ever."""
        if summary.outcome is not CrawlOutcome.CRASHED or self._stop.is_set():
            return
        with Archive.open(self._session.config.archive_path, readonly=True) as archive:
            slot = archive.last_slot(_job(source), self._session.now())
        if slot is not None and self._repeated.get(source.name) != slot:
            self._repeated[source.name] = slot
            self._first.add(source.name)

    def digests(self) -> None:
        """Close the windows whose time has come; a digest is exact to the tick, it has no jitter."""
        session = self._session
        if not session.config.subscription:
            return
        with writer(session) as archive:
            context = session.context(sending=True)
            closed = [close_due(archive, each, context) for each in session.config.subscriptions]
            if any(closed):
                publish(session, archive)
        for row in filter(None, closed):
            logger.info("%s: digest %s: %s", row.subscription, row.number, row.subject)
        if any(closed):
            self.deliver()

    def deliver(self) -> None:
        """Send what is due, and tell operators of what was turned down."""
        if not self._send():
            self.attend()

    def retain(self) -> None:
        """Let go, once a day, what the rule of retention does not keep."""
        session, now = self._session, self._session.now()
        day = now.astimezone(session.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        with writer(session) as archive:
            if not self._credible(archive, now) or not archive.claim_slot("retain", day.astimezone(UTC), now):
                return
            found = archive.retain(session.config.archive.rule, session.zone, now, by="run")
        if found.contents:
            logger.info(
                "retention: %d payloads and %d texts went, %d bytes", found.contents, found.readings, found.bytes
            )

    def attend(self) -> None:
        """Tell operators what is not well, or well again; once a week that everything is."""
        with self._lock:  # a source whose slot is just being claimed is in neither
            awaited = frozenset(self._busy | self._first)
        with Archive.open(self._session.config.archive_path) as archive:
            row = operators.attend(self._session, archive, awaited=awaited)
        if row is not None:
            logger.info("to the operators: %s", row.subject)
            self._send()

    def canary(self) -> None:
        """Once a day, see whether a change of a page of our own becomes a mail; the heartbeat stays away if not."""
        now = self._session.now()
        with Archive.open(self._session.config.archive_path) as archive:
            first = archive.first_time()
            found = due(canary.DAILY, self._session.zone, now, last=archive.last_slot(canary.JOB, now))
            owed = found is not None and first is not None and found.slot > first
            if found is None or not owed or not archive.claim_slot(canary.JOB, found.slot, now):
                return
        if failed := canary.run(self._session.config, now, self._stop):
            logger.error("the self-test fails: %s", failed)
            self.attend()

    def _send(self) -> bool:
        """One pass over the outbox; False when a message was turned down or given up."""
        with Archive.open(self._session.config.archive_path) as archive:
            heal(self._session, archive)
            result = send(self._session, archive)
        for each in result.attempts:
            level = logger.info if each.state is DeliveryState.SENT else logger.warning
            level(f"mail to {masked(each.recipient)}: {each.state} {unnamed(each.answer, each.recipient)}".rstrip())
        if result.halted:
            logger.warning("mail: %s", result.halted)
        return not (result.count(DeliveryState.REFUSED) or result.count(DeliveryState.HELD))


def _job(source: SourceConfig) -> str:
    """The name its slots are claimed under."""
    return f"crawl:{source.name}"


def _unfinished(newest: Crawl | None, last: datetime | None) -> bool:
    """Whether the slot claimed last was not finished: its look never began, or was stopped, or died."""
    if last is None:
        return False
    if newest is None or newest.started_at < last:
        return True
    return newest.ended_at is None or newest.reason in _CUT_SHORT


def _offset() -> float:
    """Seconds between the wall clock and the one that nobody sets."""
    return time.time() - time.monotonic()


def _log(event: Event) -> None:
    if isinstance(event, LogLine) and event.level in ("WARNING", "ERROR", "CRITICAL"):
        logger.warning("%s", event.message)
