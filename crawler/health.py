"""Whether everything is well: the sources, the queue and the disk, as the archive shows them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.config import Config, SourceConfig
from crawler.output import moment
from storage.archive import Archive
from storage.records import Crawl, DeliveryState

_UNDELIVERED = timedelta(hours=1)  # a mail server that is away longer than this needs a person
_LATE_SLOTS = 2  # schedule intervals without a look before somebody should see why
_LEAST_SPACE = 200 * 1024**2  # bytes; some thousand pages with their documents
_WAITING = frozenset(
    {DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.DEFERRED, DeliveryState.REFUSED, DeliveryState.HELD}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source stands; ``problem`` is "" when it is well or paused."""

    name: str
    enabled: bool
    last_crawl: Crawl | None
    last_complete: datetime | None
    next_crawl: datetime | None
    seeing: bool
    known: int
    judged: int
    failed: int
    problem: str
    drifted: int = 0

    @property
    def coverage(self) -> float | None:
        """Share of the known addresses that the last look could judge."""
        return self.judged / self.known if self.known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The whole picture; well if ``problems`` is empty."""

    sources: tuple[SourceHealth, ...]
    queue: dict[str, int]
    oldest_waiting: datetime | None
    archive: Path
    archive_bytes: int
    free_bytes: int
    problems: tuple[str, ...] = field(default=())

    @property
    def well(self) -> bool:
        """Whether nobody need do anything."""
        return not self.problems


def examine(config: Config, archive: Archive | None, now: datetime) -> Health:
    """Look at everything; ``archive`` None means that there is none yet."""
    sources = tuple(_source(each, archive, config.zone, now) for each in config.source)
    waiting = [row for row in archive.outbox() if row.state in _WAITING] if archive else []
    oldest = min((row.created_at for row in waiting), default=None)
    free = shutil.disk_usage(_existing(config.archive_path.parent)).free
    problems = [f"{each.name}: {each.problem}" for each in sources if each.problem]
    if oldest is not None and now - oldest > _UNDELIVERED:
        problems.append(f"mail waits since {moment(oldest)}; see `amtsblick outbox`")
    if free < _LEAST_SPACE:
        problems.append(f"{config.archive_path.parent}: only {free // 1024**2} MB left on the disk")
    return Health(
        sources=sources,
        queue={str(state): count for state, count in archive.queue_counts().items()} if archive else {},
        oldest_waiting=oldest,
        archive=config.archive_path,
        archive_bytes=archive.size_bytes() if archive else 0,
        free_bytes=free,
        problems=tuple(problems),
    )


def _source(source: SourceConfig, archive: Archive | None, zone: ZoneInfo, now: datetime) -> SourceHealth:
    crawls = archive.crawls(source.name) if archive else ()
    coverage = archive.coverage(source.name) if archive else None
    seeing = _seeing(archive, source.name) if archive else True
    last = crawls[0] if crawls else None
    problem = ""
    if source.enabled and last is None:
        problem = f"never looked at; `amtsblick crawl {source.name}` looks"
    elif source.enabled and last is not None and _overdue(source, last.started_at, zone, now):
        problem = f"last looked at {moment(last.started_at)}, which is overdue; does `amtsblick run` still run?"
    elif source.enabled and not seeing:
        problem = "cannot be checked at present; see `amtsblick changes --kind 'source.*'`"
    return SourceHealth(
        name=source.name,
        enabled=source.enabled,
        last_crawl=last,
        last_complete=next((crawl.ended_at for crawl in crawls if crawl.exhausted), None),
        next_crawl=source.cron.after(now, zone) if source.enabled else None,
        seeing=seeing,
        known=coverage.known if coverage else 0,
        judged=coverage.judged if coverage else 0,
        failed=coverage.failures if coverage else 0,
        problem=problem,
        drifted=coverage.drifted if coverage else 0,
    )


def _overdue(source: SourceConfig, last: datetime, zone: ZoneInfo, now: datetime) -> bool:
    """More than two slots have passed since the last look, and more time than lies between two."""
    first = source.cron.after(last, zone)
    second = source.cron.after(first, zone) if first else None
    return first is not None and second is not None and now > second and now - last > _LATE_SLOTS * (second - first)


def _seeing(archive: Archive, name: str) -> bool:
    """Whether the source could be checked when it last said so."""
    told = archive.changes(source=name, kind="source.*")
    return not told or told[-1].kind != "source.blind"


def _existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())


def as_json(health: Health) -> dict[str, Any]:
    """The one object that ``status --json`` prints."""
    return {
        "well": health.well,
        "problems": list(health.problems),
        "sources": [_source_json(each) for each in health.sources],
        "queue": {**health.queue, "oldest_waiting": moment(health.oldest_waiting)},
        "disk": {
            "archive": str(health.archive),
            "archive_bytes": health.archive_bytes,
            "free_bytes": health.free_bytes,
        },
    }


def _source_json(each: SourceHealth) -> dict[str, Any]:
    last = each.last_crawl
    return {
        "source": each.name,
        "enabled": each.enabled,
        "well": not each.problem,
        "problem": each.problem or None,
        "last_crawl": moment(last.started_at) if last else None,
        "last_crawl_ended": moment(last.ended_at) if last else None,
        "last_crawl_reason": last.reason if last else None,
        "last_complete": moment(each.last_complete),
        "next_crawl": moment(each.next_crawl),
        "seeing": each.seeing,
        "known": each.known,
        "judged": each.judged,
        "failed": each.failed,
        "drifted": each.drifted,
        "coverage": None if each.coverage is None else round(each.coverage, 4),
    }
