"""Keeps operators informed: looks whether all is well, queues what they have to be told, and gives the sign of life."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from alerts import operator
from alerts.delivery import send_past_the_outbox
from alerts.operator import Condition, SourceVitals, Vitals
from crawler import markers, slots
from crawler.health import examine
from crawler.logs import logger
from crawler.session import Session
from crawler.tomlfile import ConfigError
from storage.archive import Archive
from storage.errors import ArchiveDamaged, ArchiveError, ArchiveUnwritable, DiskFull
from storage.records import DeliveryState, DigestRow
from web.health import Health

# When the weekly mail is due, in the zone of the schedule: an hour behind the readers' digests by default, so that it
# can tell how they went.
WEEKLY = slots.parse("0 8 * * mon")
_JOB = "operator"
# What is wrong with the archive itself; a missing or a newer one, and a busy one, are for whoever ran the command.
_ALARMING = (ArchiveDamaged, ArchiveUnwritable, DiskFull)
_ALARM_AGAIN = timedelta(days=7)
_OVER_WITH_A_LOOK = frozenset({"never", "overdue", "crashed", "not-begun"})
_WAITING = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.DEFERRED, DeliveryState.HELD)


def attend(run: Session, archive: Archive, *, awaited: Collection[str] = ()) -> DigestRow | None:
    """Queue what operators have to be told now; None when that is nothing, or nobody is to be told.

    Of ``awaited`` sources, which are being looked at or are about to be, it is no news that no look came yet.
    """
    if not run.config.operator.to:
        return None
    for marker in markers.folder(run.config).glob("alarm-*"):
        marker.unlink(missing_ok=True)  # it works again
    health = examine(run.config, archive, run.now())
    known = operator.told(archive).open
    conditions = [
        each
        for each in health.conditions
        if each.key in known or each.kind not in _OVER_WITH_A_LOOK or each.subject not in awaited
    ]
    slot = _weekly_slot(run, archive)
    with archive.transaction():
        weekly = slot is not None and archive.claim_slot(_JOB, slot, health.at)
        return operator.report(
            archive,
            run.config.operator.to,
            conditions,
            run.context(),
            language=run.config.operator.language,
            weekly=_vitals(health) if weekly else None,
        )


def sign_of_life(run: Session, archive: Archive) -> bool:
    """Call the heartbeat address if the last crawl of each source, the digests and the outbox went well."""
    if not run.config.operator.heartbeat:
        return False
    from crawler import heartbeat  # noqa: PLC0415 - few have one, and it loads Twisted's addresses

    return examine(run.config, archive, run.now()).round_went_well and heartbeat.beat(run.config)


def alarm(run: Session, error: ArchiveError) -> None:
    """Tell operators that the archive itself fails, past the outbox that it holds: once a week for each way of failing.

    A file beside the archive remembers it, since cron and systemd start a failing command again and again. Where not
    even that can be written, the exit code and standard error have to do.
    """
    if not run.config.operator.to or not isinstance(error, _ALARMING):
        return
    try:
        if not _mark(run, error):
            return
        _send_past_the_outbox(run, str(error))
    except (OSError, ConfigError) as trouble:
        logger.error("operators could not be told of it: %s", trouble)


def _mark(run: Session, error: ArchiveError) -> bool:
    """Write down that this was told; False if it was already, within a week."""
    marker = markers.folder(run.config) / f"alarm-{type(error).__name__}"
    marker.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        told_at = datetime.fromtimestamp(marker.stat().st_mtime, UTC)
    except FileNotFoundError:
        told_at = None
    if told_at is not None and abs(run.now() - told_at) < _ALARM_AGAIN:
        return False
    marker.touch(mode=0o600)
    os.utime(marker, (run.now().timestamp(), run.now().timestamp()))
    return True


def _send_past_the_outbox(run: Session, reason: str) -> None:
    now = run.now()
    condition = Condition(kind="archive", since=now, detail=reason, grave=True)
    context = run.context(sending=True)
    from alerts.transports import choose  # noqa: PLC0415 - for the rare case alone

    messages = operator.emergency(run.config.operator.to, condition, context, run.config.operator.language)
    send_past_the_outbox(messages, choose(context.mail), now)


def _weekly_slot(run: Session, archive: Archive) -> datetime | None:
    """The slot of the weekly mail that nobody acted on, if the archive was at work before it."""
    first = archive.first_time()
    found = slots.due(WEEKLY, run.zone, run.now(), last=archive.last_slot(_JOB, run.now()))
    return found.slot if found and first is not None and found.slot > first else None


def _vitals(health: Health) -> Vitals:
    return Vitals(
        sources=tuple(
            SourceVitals(
                name=each.name,
                at=each.last_crawl.started_at if each.last_crawl else None,
                judged=each.judged,
                known=each.known,
            )
            for each in health.sources
            if each.enabled
        ),
        sent=health.queue.get(DeliveryState.SENT, 0),
        waiting=sum(health.queue.get(state, 0) for state in _WAITING),
        refused=health.queue.get(DeliveryState.REFUSED, 0),
        archive_bytes=health.archive_bytes,
        free_bytes=health.free_bytes,
    )
