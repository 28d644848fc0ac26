"""Whether everything is well: the sources, the digests, the queue and the disk, as the archive shows them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.delivery import masked, unnamed
from alerts.model import Subscription
from alerts.operator import Condition
from crawler import closing, markers, room, slots
from crawler.config import Config, SourceConfig
from storage.archive import Archive
from storage.deliveries import KEPT_AFTER
from storage.records import Crawl, DeliveryState, Owed
from web.health import Health, SourceHealth, SubscriptionHealth

_UNDELIVERED = timedelta(hours=1)  # a mail server that is away longer than this needs a person
_LATE_SLOTS = 2  # schedule intervals without a look before somebody should see why
_LATE_DIGEST = timedelta(days=1)  # `run` needs seconds, a cron line for `digest --due --send` may come once a day
_NOT_BEGUN = timedelta(minutes=10)  # between a slot's claim and its crawl's first record lie seconds
_BEHIND = timedelta(hours=1)  # a clock that the network keeps right is never this far behind the newest record
_BROKEN_OFF = frozenset({"crashed", "abandoned", "unwritable", "no-space", "damaged", "unusable"})
#: What `status` and `doctor` say every time while ``mail.allow_plain`` is set, and what to do about it.
PLAIN_MAIL = (
    "allow_plain is set: mail and addresses may cross the network unencrypted",
    "use smtp+starttls:// or smtps://, and delete allow_plain",
)


def examine(config: Config, archive: Archive | None, now: datetime) -> Health:
    """Look at everything; ``archive`` None means that there is none yet."""
    sources = tuple(_source(each, archive, config.zone, now) for each in config.source)
    subscriptions = tuple(_subscription(each, archive, config.zone, now) for each in config.subscriptions)
    waiting = archive.unfinished_deliveries() if archive else ()
    failed = archive.undelivered(now - KEPT_AFTER) if archive else ()
    free = room.free(config.archive_path.parent)
    conditions = [condition for each in sources for condition in each.conditions]
    conditions += (
        Condition(kind="digest-late", subject=each.name, since=each.overdue_since, grave=True)
        for each in subscriptions
        if each.overdue_since is not None
    )
    conditions += (*_stuck(waiting, now), *_undelivered(failed), *_machine(config, archive, free, now))
    return Health(
        at=now,
        sources=sources,
        subscriptions=subscriptions,
        queue={str(state): count for state, count in archive.queue_counts().items()} if archive else {},
        oldest_waiting=min(
            (row.created_at for row in (*waiting, *failed) if row.state is not DeliveryState.REFUSED), default=None
        ),
        archive=config.archive_path,
        archive_bytes=archive.size_bytes() if archive else 0,
        free_bytes=free,
        conditions=tuple(conditions),
        notes=tuple(_notes(config)),
    )


def _source(source: SourceConfig, archive: Archive | None, zone: ZoneInfo, now: datetime) -> SourceHealth:
    crawls = archive.crawls(source.name) if archive else ()
    coverage = archive.coverage(source.name) if archive else None
    blind_since = _blind_since(archive, source.name) if archive else None
    conditions: tuple[Condition, ...] = ()
    if source.enabled:
        conditions = (
            *_kept(source, archive, crawls, zone, now),
            *((Condition(kind="blind", subject=source.name, since=blind_since, grave=True),) if blind_since else ()),
        )
    return SourceHealth(
        name=source.name,
        enabled=source.enabled,
        last_crawl=crawls[0] if crawls else None,
        last_complete=next((crawl.ended_at for crawl in crawls if crawl.exhausted), None),
        next_crawl=source.cron.after(now, zone) if source.enabled else None,
        seeing=blind_since is None,
        known=coverage.known if coverage else 0,
        judged=coverage.judged if coverage else 0,
        failed=coverage.failures if coverage else 0,
        drifted=coverage.drifted if coverage else 0,
        conditions=conditions,
    )


def _kept(
    source: SourceConfig, archive: Archive | None, crawls: tuple[Crawl, ...], zone: ZoneInfo, now: datetime
) -> Iterator[Condition]:
    """What is wrong with how the source's schedule is kept."""
    last = crawls[0] if crawls else None
    if archive is None or last is None:
        yield Condition(kind="never", subject=source.name, grave=True)
        return
    if _overdue(source, last.started_at, zone, now):
        yield Condition(kind="overdue", subject=source.name, since=last.started_at, grave=True)
    slot, *before = archive.slots(f"crawl:{source.name}", now) or (None,)
    if last.reason in _BROKEN_OFF:
        yield Condition(kind="crashed", subject=source.name, since=last.started_at, grave=True)
    elif slot is not None and slot + _NOT_BEGUN < now and (last.ended_at or now) < slot:
        yield Condition(kind="not-begun", subject=source.name, since=slot, grave=True)
    missed = slots.skipped(source.cron, zone, before[0], slot) if slot is not None and before else 0
    if missed and slot is not None:
        yield Condition(
            kind="missed", subject=source.name, since=slot, number=missed, mark=slot.isoformat(timespec="minutes")
        )


def _overdue(source: SourceConfig, last: datetime, zone: ZoneInfo, now: datetime) -> bool:
    """More than two slots have passed since the last look, and more time than lies between two."""
    first = source.cron.after(last, zone)
    second = source.cron.after(first, zone) if first else None
    return first is not None and second is not None and now > second and now - last > _LATE_SLOTS * (second - first)


def _blind_since(archive: Archive, name: str) -> datetime | None:
    """Since when the source cannot be checked, None if it could be when it last said so."""
    return archive.source_state(name).blind_since


def _subscription(
    subscription: Subscription, archive: Archive | None, zone: ZoneInfo, now: datetime
) -> SubscriptionHealth:
    row = archive.subscription(subscription.name) if archive else None
    due = closing.due_slot(archive, subscription, zone, now) if archive else None
    return SubscriptionHealth(
        name=subscription.name,
        last_digest=row.last_digest_at if row else None,
        next_digest=slots.parse(subscription.schedule).after(now, zone),
        overdue_since=due if due is not None and now - due > _LATE_DIGEST else None,
    )


def _stuck(waiting: tuple[Owed, ...], now: datetime) -> Iterator[Condition]:
    oldest = min(waiting, key=lambda row: row.created_at, default=None)
    if oldest is not None and now - oldest.created_at > _UNDELIVERED:
        yield Condition(
            kind="mail-stuck",
            since=oldest.created_at,
            number=len(waiting),
            detail=next((_answer(row) for row in waiting if row.last_answer), ""),
            grave=True,
        )


def _undelivered(failed: tuple[Owed, ...]) -> Iterator[Condition]:
    """One for each reader and way of failing; of what was refused, as long as it can be tried again."""
    first: dict[tuple[str, str], Owed] = {}
    for row in failed:
        kind = "mail-held" if row.state is DeliveryState.HELD else "mail-refused"
        first.setdefault((kind, masked(row.recipient)), row)
    for (kind, recipient), row in first.items():
        yield Condition(kind=kind, subject=recipient, since=row.created_at, detail=_answer(row))


def _answer(row: Owed) -> str:
    return unnamed(row.last_answer, row.recipient)


def _machine(config: Config, archive: Archive | None, free: int, now: datetime) -> Iterator[Condition]:
    least = config.archive.least_free
    if free < room.EARLY * least:
        folder = str(config.archive_path.parent)
        yield Condition(kind="disk", subject=folder, number=free // 1024**2, grave=free < least)
    if config.feeds_dir is not None and archive is not None and not _writable(room.existing(config.feeds_dir)):
        yield Condition(kind="feeds", subject=str(config.feeds_dir))
    if sick := markers.canary_trouble(config):
        since, failed = sick
        yield Condition(kind="canary", since=since, detail=failed, grave=True)
    newest = archive.newest_time() if archive else None
    if newest is not None and newest - now > _BEHIND:
        yield Condition(kind="clock", since=newest, grave=True)


def _notes(config: Config) -> Iterator[str]:
    if config.mail.allow_plain:
        yield "; ".join(PLAIN_MAIL)
    if config.subscription and config.mail.server is None:
        yield f"no mail server is set: mail is written to {config.outbox_path}"


def _writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK)
