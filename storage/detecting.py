"""Detection's side of the archive: what it knew, what a crawl saw, and what it concluded."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from sqlite3 import Row

from sqlite_utils import Database

from extractors import address
from storage import captures, digests, failpoint, judging, seals
from storage.batches import batches
from storage.codec import RowCodec, json_text, moment
from storage.connection import Connection, insert
from storage.crawling import CRAWLS, WATCHES
from storage.linking import Linking, names
from storage.lock import FileLock
from storage.records import (
    MOST_LINKING,
    Change,
    Crawl,
    Detection,
    DetectionState,
    Held,
    Memory,
    NewDigest,
    NoticeRow,
    Role,
    SeminarRow,
    Source,
    SourceState,
    Version,
    Watch,
)

CHANGES = RowCodec(Change)
NOTICES = RowCodec(NoticeRow)
SEMINARS = RowCodec(SeminarRow)
HELD = RowCodec(Held)
_STATES = RowCodec(SourceState)

Owed = Callable[[int, tuple[Change, ...]], Sequence[NewDigest]]


def undetected(connection: Connection) -> tuple[Crawl, ...]:
    """Ended crawls whose detection is missing."""
    with connection.read() as db:
        rows = db.execute(
            "SELECT * FROM crawl WHERE detected = 0 AND imported = 0 AND ended_at IS NOT NULL ORDER BY id"
        ).fetchall()
    return tuple(CRAWLS.value(row) for row in rows)


def state_before(connection: Connection, crawl: Crawl, source: Source) -> DetectionState:
    """What detection knows; until its result is stored, no other process may conclude anything from the same."""
    if not connection.readonly and not detection_lock(connection).held:
        _wait_for_turn(connection, crawl)
    return known_before(connection, crawl, source)


def known_before(connection: Connection, crawl: Crawl, source: Source) -> DetectionState:
    """What is remembered, with the versions that were seen before a crawl."""
    with connection.read() as db:
        rows = db.execute("SELECT * FROM watch WHERE source = ?", [source.name])  # each with a list of who links it
        watches = {watch.address: watch for watch in (_watch(connection, row) for row in rows)}
        last_good: dict[str, Version] = {}
        drifted: set[tuple[str, str, str]] = set()
        for some in batches(tuple(watches.values())):
            good = _last_good(connection, some, crawl)
            drifted |= _drifted(db, source, some, good)
            last_good |= good
        return DetectionState(
            source=source_state(db, source.name),
            watches=watches,
            notices=notices(db),
            seminars=seminars(db),
            last_good=last_good,
            other_baselines=_other_baselines(db, source.name),
            drifted=frozenset(drifted),
        )


class _LinkedFrom(Linking):
    """Who linked a page, as its watch has it: fetched when asked for, which is seldom."""

    __slots__ = ("_address", "_connection", "_source")

    def __init__(self, connection: Connection, source: str, where: str) -> None:
        self._connection, self._source, self._address = connection, source, where

    def names(self) -> tuple[str, ...]:
        query = "SELECT linked_from FROM watch WHERE source = ? AND address = ?"
        row = self._connection.db.execute(query, [self._source, self._address]).fetchone()
        return tuple(map(sys.intern, json.loads(row[0]))) if row else ()  # erased meanwhile


def _watch(connection: Connection, row: Row) -> Watch:
    """The watch of one row; of a document each detection asks who links it, of a page hardly any does."""
    WATCHES.require(row)
    if row["role"] == Role.DOCUMENT:
        return WATCHES.made(row)
    watch = WATCHES.made({**row, "linked_from": "[]"})
    return replace(watch, linked_from=_LinkedFrom(connection, watch.source, watch.address))


def commit_detection(
    connection: Connection, crawl: Crawl, detection: Detection, owed: Owed | None
) -> tuple[Change, ...]:
    """Store everything that follows from a crawl, once."""
    with connection.write("detection") as db:
        if not db.execute("SELECT detected FROM crawl WHERE id = ?", [crawl.id]).fetchone()[0]:
            for capture_id in detection.doubted:
                judging.doubt(db, capture_id, "Mehrere Adressen zeigten ein und denselben Text.")
            versions = _settle(db, crawl, detection.settled)
            told = _store_changes(db, detection.changes, versions)
            failpoint.hit("detection.halfway")
            _store_state(db, crawl, detection)
            if owed is not None:
                first = digests.next_number(db)
                for number, new in enumerate(owed(first, told), first):
                    digests.store(db, number, new)
        stored = _stored(db, crawl, detection)
    if detection_lock(connection).held:
        detection_lock(connection).release()
    return stored


def add_change(connection: Connection, change: Change) -> Change:
    """Number and store a change that no crawl brought."""
    with connection.write("change") as db:
        (stored,) = _store_changes(db, (change,), {})
    return stored


def source_state(db: Database, name: str) -> SourceState:
    """What is remembered about one source."""
    row = db.execute("SELECT * FROM source_state WHERE name = ?", [name]).fetchone()
    return _STATES.value(row) if row else SourceState(name=name)


def notices(db: Database) -> tuple[NoticeRow, ...]:
    """All notices, in the order they were first seen."""
    seals.require_complete(db, "notice", "sqlite_autoindex_notice_1")
    return tuple(NOTICES.value(row) for row in db.execute("SELECT * FROM notice ORDER BY first_seen, id"))


def seminars(db: Database) -> tuple[SeminarRow, ...]:
    """The register of seminars."""
    seals.require_complete(db, "seminar", "sqlite_autoindex_seminar_1")
    order = "ORDER BY series, coalesce(number, 0), coalesce(year, 0), id"
    return tuple(SEMINARS.value(row) for row in db.execute(f"SELECT * FROM seminar {order}"))  # noqa: S608 - a constant


def _wait_for_turn(connection: Connection, crawl: Crawl) -> None:
    """Hold the lock until the detection is committed, unless somebody has done so meanwhile."""
    lock = detection_lock(connection)
    lock.acquire(connection.timeout)
    with connection.read() as db:
        if db.execute("SELECT detected FROM crawl WHERE id = ?", [crawl.id]).fetchone()[0]:
            lock.release()


def detection_lock(connection: Connection) -> FileLock:
    """The lock of whoever concludes something from what detection remembers."""
    return connection.named_lock(
        "detection", f"{connection.path}: {{holder}} is working out what changed; try again when it has finished"
    )


def _last_good(connection: Connection, watches: Sequence[Watch], crawl: Crawl) -> dict[str, Version]:
    """The versions that changes are told against: the one a watch was held at goes before the last good one."""
    resources = _resources(connection.db, [watch.address for watch in watches])
    seen = captures.looks_before(connection.db, resources.values(), crawl)
    wanted = {}
    for watch in watches:
        look = seen.get(resources[watch.address]) if watch.address in resources else None
        version = watch.held_version if watch.held_version is not None else look.version if look else None
        if version is not None:
            wanted[watch.address] = version
    versions = captures.versions(connection, wanted.values())
    return {where: versions[version] for where, version in wanted.items() if version in versions}


def _resources(db: Database, addresses: Iterable[str]) -> dict[str, int]:
    """The rows of some addresses."""
    rows = db.execute(
        "SELECT address, id FROM resource WHERE address IN (SELECT value FROM json_each(?))", [json_text([*addresses])]
    )
    return {row[0]: int(row[1]) for row in rows}


def _other_baselines(db: Database, source: str) -> frozenset[str]:
    """Hosts watched by other sources that have a baseline; an address begins with its host."""
    rows = db.execute(
        """
        SELECT DISTINCT w.address FROM watch w JOIN source_state s ON s.name = w.source
        WHERE s.baseline_crawl IS NOT NULL AND s.name <> ?
        """,
        [source],
    )
    return frozenset(str(row[0]).partition("/")[0].partition("?")[0] for row in rows)


def _drifted(
    db: Database, source: Source, watches: Sequence[Watch], last_good: Mapping[str, Version]
) -> set[tuple[str, str, str]]:
    """What was held about pages whose text did not change since, so that it is not held again at every crawl."""
    shown = [(watch.uri, last_good.get(watch.address)) for watch in watches]
    starts = [(uri, last_good.get(address.key(uri))) for uri in source.start]
    wanted = {(uri, version.first_capture) for uri, version in (*shown, *starts) if version is not None}
    # Each with the crawl that first showed its text, before which nothing counts; one that was imported says nothing.
    # CROSS: a step or two into the index for each address, whatever the planner thinks.
    rows = db.execute(
        """
        SELECT h.uri, h.rule, h.detail, k.started_at
        FROM json_each(?2) wanted
        LEFT JOIN capture c ON c.id = json_extract(wanted.value, '$[1]')
        LEFT JOIN crawl f ON f.id = c.crawl_id AND f.imported = 0
        CROSS JOIN held h ON h.source = ?1 AND h.uri = json_extract(wanted.value, '$[0]')
            AND h.crawl_id >= coalesce(f.id, 0) AND h.rule GLOB 'around-text*'
        JOIN crawl k ON k.id = h.crawl_id
        """,
        [source.name, json_text(sorted(wanted))],
    )
    found = ((address.key(row["uri"]), row) for row in rows)
    return {
        (where, row["rule"], row["detail"])
        for where, row in found
        if where in last_good and moment(row["started_at"]) >= last_good[where].since
    }


def _settle(db: Database, crawl: Crawl, settled: Sequence[int]) -> dict[str, int]:
    """Confirmed captures become versions; the newest version by address."""
    versions = {}
    for capture_id in sorted(settled):
        version = judging.settle(db, capture_id, crawl.id)
        row = captures.by_id(db, capture_id)
        if version is not None and row is not None:
            versions[row["address"]] = version
    return versions


def _store_changes(db: Database, changes: Sequence[Change], settled: Mapping[str, int]) -> tuple[Change, ...]:
    """Number and store the changes that are new; a change's text of a settled page had no version until now."""
    told = []
    for change in changes:
        if db.execute("SELECT 1 FROM change WHERE id = ?", [change.id]).fetchone():
            continue
        version = settled.get(change.subject) if change.version_after is None else change.version_after
        row = CHANGES.row(replace(change, version_after=version))
        del row["seq"]
        told.append(replace(change, version_after=version, seq=insert(db, "change", row)))
    return tuple(told)


def store_memory(db: Database, memory: Detection | Memory) -> None:
    """Store what detection is to remember."""
    for watch in memory.watches:
        linking = names(watch.linked_from)
        # Of a document all are asked for; what stands in every page's navigation is linked by the whole section.
        linking = linking if watch.role is Role.DOCUMENT else linking[:MOST_LINKING]
        row = WATCHES.row(replace(watch, linked_from=linking))
        insert(db, "watch", row, replace=("source", "address"))
    for notice in memory.notices:
        insert(db, "notice", NOTICES.row(notice), replace=("id",))
    for seminar in memory.seminars:
        insert(db, "seminar", SEMINARS.row(seminar), replace=("id",))
    insert(db, "source_state", _STATES.row(memory.source), replace=("name",))


def _store_state(db: Database, crawl: Crawl, detection: Detection) -> None:
    for held in detection.held:
        insert(db, "held", HELD.row(held))
    store_memory(db, detection)
    # Nobody may judge them afterwards: what they show would count as known and never be told.
    db.execute(
        "UPDATE capture SET outcome = 'failed', rule = ? WHERE crawl_id = ? AND outcome IS NULL",
        [captures.UNREAD, crawl.id],
    )
    db.execute("UPDATE crawl SET detected = 1 WHERE id = ?", [crawl.id])


def _stored(db: Database, crawl: Crawl, detection: Detection) -> tuple[Change, ...]:
    """The changes of a crawl as they are stored, and those it repeats of earlier ones; one row at a time."""
    rows = db.execute(
        "SELECT seq FROM change WHERE crawl_id = ? OR id IN (SELECT value FROM json_each(?)) ORDER BY seq",
        [crawl.id, json_text([change.id for change in detection.changes])],
    ).fetchall()
    each = (db.execute("SELECT * FROM change WHERE seq = ?", [row[0]]).fetchone() for row in rows)
    return tuple(CHANGES.value(row) for row in each)
