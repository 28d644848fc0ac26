"""What readers ask of the archive: pages as they were, what changed, how the crawls went."""

from __future__ import annotations

from datetime import datetime

from rapidfuzz import fuzz, process
from sqlite_utils import Database

from extractors import address
from extractors.model import Outcome, Page
from storage import captures, digests, payloads, readings
from storage.codec import maybe_moment, stamp, written
from storage.connection import Connection
from storage.crawling import CRAWLS
from storage.detecting import CHANGES, HELD
from storage.records import Capture, Change, Crawl, Held, SnapshotView, Version

_ALIKE = 60.0  # of 100 (fuzz.ratio): below it two addresses share little but the host
_NEAREST = 3  # as many "did you mean" as fit one line


def newest_time(connection: Connection) -> datetime | None:
    """The newest time of anything recorded. Captures and changes arrive in time, so their last row is enough."""
    with connection.read() as db:
        newest = db.execute(
            """
            SELECT max(at) FROM (
                SELECT captured_at AS at FROM capture WHERE id = (SELECT max(id) FROM capture)
                UNION ALL SELECT max(max(started_at), max(coalesce(ended_at, ''))) FROM crawl
                UNION ALL SELECT detected_at FROM change WHERE seq = (SELECT max(seq) FROM change)
                UNION ALL SELECT created_at FROM digest WHERE number = (SELECT max(number) FROM digest)
                UNION ALL SELECT max(updated_at) FROM delivery
                UNION ALL SELECT max(since) FROM subscription
                UNION ALL SELECT max(claimed_at) FROM slot
                UNION ALL SELECT max(changed_at) FROM recipient
            )
            """
        ).fetchone()[0]
    return maybe_moment(newest)


def first_time(connection: Connection) -> datetime | None:
    """When the oldest crawl began."""
    with connection.read() as db:
        row = db.execute("SELECT started_at FROM crawl ORDER BY id LIMIT 1").fetchone()
    return maybe_moment(row[0]) if row else None


def known(connection: Connection, uri: str) -> bool:
    """Whether there is a capture of the address that is no mere probe."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        found = db.execute("SELECT 1 FROM capture WHERE resource = ? AND probe = 0 LIMIT 1", [resource]).fetchone()
    return found is not None


def nearest_uris(connection: Connection, uri: str) -> tuple[str, ...]:
    """URIs whose addresses look most like this one."""
    with connection.read() as db:
        rows = db.execute("SELECT id, address FROM resource").fetchall()
        choices = {int(row["id"]): str(row["address"]) for row in rows}
        near = process.extract(address.key(uri), choices, scorer=fuzz.ratio, limit=_NEAREST * 2, score_cutoff=_ALIKE)
        found = (_spelling(db, resource) for _, _, resource in near)
        return tuple(spelled for spelled in found if spelled is not None)[:_NEAREST]


def captures_of(connection: Connection, uri: str) -> tuple[Capture, ...]:
    """Captures of one address in the order of time."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        rows = captures.select(db, "WHERE c.resource = ? AND c.probe = 0 ORDER BY c.captured_at, c.id", [resource])
        return tuple(captures.capture_of(db, row) for row in rows)


def capture(connection: Connection, capture_id: int) -> Capture | None:
    """One capture."""
    with connection.read() as db:
        row = captures.by_id(db, capture_id)
        return captures.capture_of(db, row) if row is not None else None


def versions_of(connection: Connection, uri: str) -> tuple[Version, ...]:
    """Versions of one address in the order of time."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        rows = captures.select_versions(db, "WHERE v.resource = ? ORDER BY v.since, v.id", [resource])
        return tuple(captures.version_of(connection, row) for row in rows)


def version(connection: Connection, version_id: int) -> Version | None:
    """One version."""
    with connection.read() as db:
        row = captures.version_row(db, version_id)
        return captures.version_of(connection, row) if row is not None else None


def page_of(connection: Connection, capture_id: int) -> Page | None:
    """The reading of one capture."""
    with connection.read() as db:
        row = db.execute("SELECT reading FROM capture WHERE id = ?", [capture_id]).fetchone()
        return readings.load(connection, row[0]) if row and row[0] is not None else None


def payload(connection: Connection, digest: str) -> bytes:
    """The bytes with this digest."""
    with connection.read() as db:
        return payloads.load_digest(db, digest)


def snapshot_at(connection: Connection, uri: str, at: datetime) -> SnapshotView | None:
    """The last good state of an address at a moment."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        good = captures.last_good(db, resource, at) if resource is not None else None
        if good is None:
            return None
        # A hop within the address (to https, to the final slash) is no failed look.
        later = captures.select(
            db,
            """
            WHERE c.resource = ? AND (c.captured_at, c.id) > (?, ?) AND c.captured_at <= ? AND c.probe = 0
                AND c.version_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM capture h WHERE h.hop_of = c.id AND h.resource = c.resource)
            ORDER BY c.captured_at, c.id
            """,
            [resource, good["captured_at"], good["id"], stamp(at)],
        )
        return SnapshotView(
            capture=captures.capture_of(db, good),
            page=readings.load(connection, good["reading"]),
            payload=payloads.load_digest(db, written(good["payload_digest"])),
            failed_since=tuple(captures.capture_of(db, row) for row in later),
        )


def changes_between(connection: Connection, after: int, through: int) -> tuple[Change, ...]:
    """The changes of one window."""
    with connection.read() as db:
        rows = db.execute("SELECT * FROM change WHERE seq > ? AND seq <= ? ORDER BY seq", [after, through])
        return tuple(CHANGES.value(row) for row in rows)


def changes(connection: Connection, since: datetime | None, source: str | None, kind: str | None) -> tuple[Change, ...]:
    """Changes that fit what is given, in the order of commit."""
    with connection.read() as db:
        rows = db.execute(
            """
            SELECT * FROM change WHERE detected_at >= coalesce(:since, '')
                AND (:source IS NULL OR source = :source OR :source IN (SELECT value FROM json_each(source_ids)))
                AND (:kind IS NULL OR kind GLOB :kind)
            ORDER BY seq
            """,
            {"since": stamp(since) if since else None, "source": source, "kind": kind},
        )
        return tuple(CHANGES.value(row) for row in rows)


def change(connection: Connection, change_id: str) -> Change | None:
    """One change."""
    with connection.read() as db:
        row = db.execute("SELECT * FROM change WHERE id = ?", [change_id]).fetchone()
    return CHANGES.value(row) if row else None


def held(connection: Connection, source: str | None, since: datetime | None) -> tuple[Held, ...]:
    """What was held back or folded."""
    with connection.read() as db:
        rows = db.execute(
            """
            SELECT h.* FROM held h JOIN crawl k ON k.id = h.crawl_id
            WHERE h.source = coalesce(?, h.source) AND k.started_at >= coalesce(?, '') ORDER BY h.id
            """,
            [source, stamp(since) if since else None],
        )
        return tuple(HELD.value(row) for row in rows)


def crawls(connection: Connection, source: str | None, limit: int) -> tuple[Crawl, ...]:
    """The newest crawls."""
    with connection.read() as db:
        rows = db.execute(
            "SELECT * FROM crawl WHERE source = coalesce(?, source) ORDER BY id DESC LIMIT ?", [source, limit]
        )
        return tuple(CRAWLS.value(row) for row in rows)


def last_seq(connection: Connection) -> int:
    """The newest commit number."""
    with connection.read() as db:
        return digests.last_seq(db)


def _spelling(db: Database, resource: int) -> str | None:
    """How an address was last asked for; None if only as a probe or without ever showing a page."""
    row = db.execute(
        """
        SELECT uri FROM capture WHERE resource = ? AND probe = 0 AND outcome IN (?, ?)
        ORDER BY captured_at DESC, id DESC LIMIT 1
        """,
        [resource, Outcome.OK, Outcome.UNCHANGED],
    ).fetchone()
    return str(row[0]) if row else None
