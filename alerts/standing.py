"""How things stand at the moment of a message: coming seminars, notices in force, and what was checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from alerts.items import ended, seminar_facts
from alerts.letter import Check, Failure, InForce, SeminarFacts
from alerts.visible import shown, web_link
from alerts.wording import Wording
from extractors import address
from extractors.model import Outcome
from storage.archive import Archive
from storage.records import Coverage, NoticeRow, SeminarRow, Source

# Rules of detection (docs/rules.md), by what they mean to a reader.
_WAITING = frozenset({"awaiting-confirmation", "host-unwell"})
_MUTED = frozenset({"muted"})
_SAME = frozenset({"saved-again", "same-text-new-address"})
_OVER = frozenset({"reported", "held", "replaced"})
_NOTICE_TEXT = 600  # characters: the longest notice box measured on berlin.de had 431


def coming(
    rows: Iterable[SeminarRow], sources: frozenset[str], today: date, wording: Wording
) -> tuple[SeminarFacts, ...]:
    """The seminars that are not past, soonest first; those whose sources disagree by their earliest date."""
    ahead = [row for row in rows if _concerns(row, sources) and _is_coming(row, today)]
    return tuple(seminar_facts(row, wording) for row in sorted(ahead, key=_first_day))


def in_force(rows: Iterable[NoticeRow], hosts: frozenset[str]) -> tuple[InForce, ...]:
    """The notices that stand on the watched hosts, newest first."""
    standing = [row for row in rows if row.lifted_at is None and row.replaced_by is None and row.host in hosts]
    return tuple(
        InForce(
            text=shown(row.text)[:_NOTICE_TEXT] + ("…" if len(row.text) > _NOTICE_TEXT else ""),
            host=row.host,
            uri=web_link(row.uris[0]) if row.uris else "",
            since=row.first_seen,
            pages=row.peak_pages,
        )
        for row in sorted(standing, key=lambda row: row.first_seen, reverse=True)
    )


def hosts(sources: Iterable[Source]) -> frozenset[str]:
    """The hosts that sources start from."""
    return frozenset(address.host(uri) for source in sources for uri in source.start)


def checks(
    archive: Archive, sources: Iterable[Source], since: datetime | None, now: datetime, wording: Wording
) -> tuple[Check, ...]:
    """How far each source was checked by its last crawl; stale when none fell between ``since`` and ``now``."""
    return tuple(check(archive, source.name, since, now, wording) for source in sources)


def held(archive: Archive, sources: Iterable[Source], since: datetime | None, wording: Wording) -> tuple[str, ...]:
    """What was seen and is not told: what waits for a second look today, and what was muted since the last message."""
    names = frozenset(source.name for source in sources)
    rows = [row for row in archive.held(since=since) if row.source in names]
    doubtful = [row for row in rows if row.rule in _WAITING]
    looked_at = {row.source for row in doubtful}
    last = {name: crawls[0].id for name in looked_at if (crawls := archive.crawls(name, limit=1))}
    waiting = {row.uri for row in doubtful if row.crawl_id == last.get(row.source)}
    muted = {row.uri for row in rows if row.rule in _MUTED}
    same = {row.uri for row in rows if row.rule in _SAME}
    words = wording.words
    told = ((waiting, words.held_waiting), (muted, words.held_muted), (same, words.held_same))
    return tuple(wording.count(len(found), form) for found, form in told if found)


def check(archive: Archive, source: str, since: datetime | None, now: datetime, wording: Wording) -> Check:
    """How far one source was checked by its last crawl; stale when that did not end after ``since``."""
    coverage = archive.coverage(source)
    if coverage is None:
        return Check(source=source)
    at = coverage.crawl.ended_at or coverage.crawl.started_at
    failed = [(uri, outcome) for uri, outcome, _ in coverage.failed]
    return Check(
        source=source,
        at=at,
        judged=coverage.judged,
        known=coverage.known,
        documents=coverage.documents > 0 or coverage.judged == 0,  # where nothing was judged, either may be among them
        failures=tuple(Failure(uri=shown(uri), reason=wording.reason(outcome)) for uri, outcome in failed),
        oldest=_oldest(archive, coverage),
        stale=since is not None and at < since < now,
    )


def _oldest(archive: Archive, coverage: Coverage) -> datetime | None:
    """The oldest among the last good checks of all pages that ever had one."""
    fresh = (coverage.crawl.started_at,) if coverage.judged else ()
    return min((*fresh, *_last_good(archive, coverage)), default=None)


def _last_good(archive: Archive, coverage: Coverage) -> Iterator[datetime]:
    for uri, outcome, _ in coverage.failed:
        if Outcome(outcome).good:
            continue
        capture = archive.last_good_capture(address.key(uri))
        if capture is not None:
            yield capture.captured_at


def _concerns(row: SeminarRow, sources: frozenset[str]) -> bool:
    return not row.mentions or any(mention.source in sources for mention in row.mentions)


def _is_coming(row: SeminarRow, today: date) -> bool:
    if row.state in _OVER:
        return False
    days = [day for day in (row.end or row.start, *_disputed_days(row)) if day]
    if days:
        return not all(ended(day, today) for day in days)
    return row.year is not None and row.year >= today.year


def _disputed_days(row: SeminarRow) -> Iterator[str]:
    for conflict in row.conflicts:
        if conflict.field in {"start", "end"}:
            yield from (value for value, _ in conflict.values)


def _first_day(row: SeminarRow) -> tuple[str, int]:
    days = [day for day in (row.start, *_disputed_days(row)) if day]
    return (min(days, default=str(row.year or 9999)), row.number or 0)
