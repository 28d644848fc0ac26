"""Puts today's readings in the place of those that an earlier extractor made; nothing that arrived is touched."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import datetime
from sqlite3 import Row

from sqlite_utils import Database

from extractors.model import Outcome, Page
from storage import captures, detecting, judging, readings
from storage.codec import written
from storage.connection import Connection
from storage.records import Capture, Crawl, DetectionState, Memory, Reread, Source

Stale = Collection[str]  # versions of the extractor, or of its set-up, that a source's readings should not have

# What a source goes by: of each address it watches the last good look of any source and its own, that of the version
# readers were held at, and the doubtful page that waits for a second look.
_CURRENT = """
WITH looked AS (
    SELECT w.address, w.held_version, r.id AS resource,
        (SELECT g.id FROM capture g JOIN crawl k ON k.id = g.crawl_id
            WHERE g.resource = r.id AND g.version_id IS NOT NULL AND k.imported = 0
            ORDER BY g.captured_at DESC, g.id DESC LIMIT 1) AS newest,
        (SELECT g.id FROM capture g JOIN crawl k ON k.id = g.crawl_id
            WHERE g.resource = r.id AND g.version_id IS NOT NULL AND k.source = w.source AND k.imported = 0
            ORDER BY g.captured_at DESC, g.id DESC LIMIT 1) AS own,
        (SELECT g.id FROM capture g
            WHERE g.resource = r.id AND g.version_id IS NOT NULL AND g.version_id = w.held_version
            ORDER BY g.captured_at DESC, g.id DESC LIMIT 1) AS held,
        (SELECT g.id FROM capture g JOIN crawl k ON k.id = g.crawl_id
            WHERE g.resource = r.id AND g.outcome = 'suspect' AND w.doubt LIKE 'sha256:%' AND k.imported = 0
            ORDER BY g.captured_at DESC, g.id DESC LIMIT 1) AS doubtful
    FROM watch w JOIN resource r ON r.address = w.address WHERE w.source = ?
), current AS (
    SELECT newest AS id FROM looked UNION SELECT own FROM looked
    UNION SELECT held FROM looked UNION SELECT doubtful FROM looked
)
SELECT c.id, c.reading, c.version_id, c.resource, r.address, v.reading AS version_reading,
    coalesce(o.payload, c.payload) AS shown,
    d.extractor_version AS read_by, coalesce(e.extractor_version, d.extractor_version) AS version_read_by
FROM current JOIN capture c ON c.id = current.id JOIN resource r ON r.id = c.resource
    JOIN reading d ON d.id = c.reading LEFT JOIN capture o ON o.id = c.revisit_of
    LEFT JOIN version v ON v.id = c.version_id LEFT JOIN reading e ON e.id = v.reading
ORDER BY c.id
"""

# Every look at the bytes of one that is renewed: a 304 goes by the look that it confirms.
_SAME_BYTES = """
UPDATE capture SET reading = ? WHERE resource = ? AND version_id IS NOT NULL AND reading = ?
    AND coalesce((SELECT o.payload FROM capture o WHERE o.id = capture.revisit_of), payload) = ?
"""

# Good looks of one source that were read by an earlier extractor.
_BACKLOG = """
FROM capture c JOIN crawl k ON k.id = c.crawl_id JOIN reading d ON d.id = c.reading
WHERE k.source = ? AND c.version_id IS NOT NULL AND d.extractor_version IN (SELECT value FROM json_each(?))
"""


def sources(connection: Connection) -> tuple[str, ...]:
    """Every source that was ever crawled, by name."""
    with connection.read() as db:
        return tuple(str(row[0]) for row in db.execute("SELECT DISTINCT source FROM crawl ORDER BY source"))


def editions(connection: Connection) -> tuple[str, ...]:
    """Every version of the extractor that the archive has readings of."""
    with connection.read() as db:
        return tuple(str(row[0]) for row in db.execute("SELECT DISTINCT extractor_version FROM reading ORDER BY 1"))


def outdated(connection: Connection, source: str, stale: Stale) -> tuple[int, ...]:
    """Captures that a source goes by and whose version, or doubt, is still in an earlier extractor's words."""
    with connection.read() as db:
        return tuple(row["id"] for row in _current(db, source, stale) if row["version_read_by"] in stale)


def is_due(connection: Connection, source: str, stale: Stale) -> bool:
    """Whether anything that a source goes by is still in an earlier extractor's words."""
    if not stale:
        return False
    with connection.read() as db:
        return any(row["version_read_by"] in stale or row["read_by"] in stale for row in _current(db, source, stale))


def renew(connection: Connection, capture_id: int, page: Page) -> None:
    """Give the version that a capture shows, or the doubt that it raised, the words of today's extractor.

    The capture keeps its old reading until :func:`remember` has compared the two.
    """
    with connection.write("judge") as db:
        capture = captures.by_id(db, capture_id)
        if capture is None:
            raise ValueError(f"no capture {capture_id}")
        kept = readings.store(db, page, readings.like(db, capture["reading"]))
        if capture["version_id"] is not None:
            judging.reword(db, capture["version_id"], kept)
        elif capture["outcome"] == Outcome.SUSPECT and capture["text_digest"]:
            db.execute("UPDATE capture SET reading = ? WHERE id = ?", [kept.id, capture_id])
            doubts = [written(kept.text_digest), capture["address"], written(capture["text_digest"])]
            db.execute("UPDATE watch SET doubt = ? WHERE address = ? AND doubt = ?", doubts)


def remember(
    connection: Connection,
    source: Source,
    stale: Stale,
    now: datetime,
    rework: Callable[[DetectionState, tuple[Reread, ...], Crawl], Memory],
) -> None:
    """Put what detection remembers of a source into the words of today's extractor, in one transaction.

    ``rework`` is given the state that the next crawl would be compared with, every good page with its old reading, and
    a crawl that stands for the next one.
    """
    with detecting.detection_lock(connection).hold(connection.timeout), connection.write("detection") as db:
        rows = [row for row in _current(db, source.name, stale) if row["version_id"] is not None]
        newest = int(db.execute("SELECT coalesce(max(id), 0) FROM crawl").fetchone()[0])
        crawl = Crawl(id=newest + 1, source=source.name, started_at=now, ended_at=now)
        state = detecting.known_before(connection, crawl, source)
        detecting.store_memory(db, rework(state, _pairs(connection, rows, state), crawl))
        for row in rows:
            if row["read_by"] in stale:
                db.execute(_SAME_BYTES, [row["version_reading"], row["resource"], row["reading"], row["shown"]])


def backlog(connection: Connection, source: str, stale: Stale) -> int:
    """How many good looks of a source were read by an earlier extractor."""
    with connection.read() as db:
        row = db.execute(f"SELECT count(*) {_BACKLOG}", [source, json.dumps(sorted(stale))]).fetchone()
        return int(row[0])


def next_in_backlog(connection: Connection, source: str, stale: Stale, after: int, limit: int) -> tuple[Capture, ...]:
    """The oldest of them behind a capture's id; each payload once, as far as it can be told beforehand."""
    with connection.read() as db:
        parameters = [source, json.dumps(sorted(stale)), after, limit]
        found = db.execute(f"SELECT c.id {_BACKLOG} AND c.id > ? ORDER BY c.id LIMIT ?", parameters).fetchall()
        rows = [captures.by_id(db, row[0]) for row in found]
        first = {(row["resource"], row["shown"]): row for row in reversed(rows) if row is not None}
        return tuple(captures.capture_of(db, row) for row in sorted(first.values(), key=lambda row: int(row["id"])))


def replace_readings(connection: Connection, capture_id: int, stale: Stale, page: Page) -> int:
    """Give every good look of a source at these bytes at this address today's reading; returns how many there were.

    The versions they belong to get it too, where they still have an earlier extractor's: texts of two versions are
    then comparable, and which versions there are stays as it was told.
    """
    with connection.write("judge") as db:
        capture = captures.by_id(db, capture_id)
        if capture is None:
            raise ValueError(f"no capture {capture_id}")
        kept = readings.store(db, page, readings.like(db, capture["reading"]))
        old = json.dumps(sorted(stale))
        rows = db.execute(
            """
            SELECT c.id, c.version_id
            FROM capture c JOIN crawl k ON k.id = c.crawl_id JOIN reading d ON d.id = c.reading
                LEFT JOIN capture o ON o.id = c.revisit_of
            WHERE c.resource = ? AND c.version_id IS NOT NULL AND coalesce(o.payload, c.payload) = ?
                AND k.source = (SELECT source FROM crawl WHERE id = ?)
                AND d.extractor_version IN (SELECT value FROM json_each(?))
            """,
            [capture["resource"], capture["shown"], capture["crawl_id"], old],
        ).fetchall()
        for row in rows:
            db.execute("UPDATE capture SET reading = ? WHERE id = ?", [kept.id, row["id"]])
        for version in {row["version_id"] for row in rows}:
            outdated = """
                SELECT 1 FROM version v JOIN reading d ON d.id = v.reading
                WHERE v.id = ? AND d.extractor_version IN (SELECT value FROM json_each(?))
            """
            if db.execute(outdated, [version, old]).fetchone():
                judging.reword(db, version, kept)
        return len(rows)


def _current(db: Database, source: str, stale: Stale) -> list[Row]:
    return list(db.execute(_CURRENT, [source])) if stale else []


def _pairs(connection: Connection, rows: list[Row], state: DetectionState) -> tuple[Reread, ...]:
    """Of each address the newest look at the version that changes are told against."""
    found: dict[str, Reread] = {}
    for row in rows:
        version = state.last_good.get(row["address"])
        capture = captures.by_id(connection.db, row["id"]) if version and version.id == row["version_id"] else None
        if version is not None and capture is not None:
            old = readings.outlines(connection, [row["reading"]])[row["reading"]]
            found[row["address"]] = Reread(
                capture=captures.capture_of(connection.db, capture), old=old, new=version.page
            )
    return tuple(found.values())
