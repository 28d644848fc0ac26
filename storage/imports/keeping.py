"""Keeps what was imported: captures with their own times, where they come from, and the history worked out of them.

Imported captures belong to crawls that are marked so. Nothing that a crawl of ours is compared with, and nothing that
readers were told, looks at those (docs/adr/0019).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from sqlite3 import Row
from typing import Any, NamedTuple

from sqlite_utils import Database

from extractors import address, heads
from extractors.model import Page, Reading
from storage import captures, detecting, payloads, readings, seals, search
from storage.codec import RowCodec, json_text, maybe_moment, moment, plain, stamp, unwritten, written
from storage.connection import Connection, insert
from storage.crawling import insert_capture, likeness
from storage.imports.found import Found, Origin, customary
from storage.lock import FileLock
from storage.records import Change, NewCapture, Source

_SOURCES = RowCodec(Source)
_SECOND = timedelta(seconds=1)  # web archives name their captures by the second
_NOT_MODIFIED = 304
_REDIRECTS = (301, 302, 303, 307, 308)
REASON = "imported"
_WITHOUT_ORIGIN = """
SELECT 1 FROM json_each(?) wanted JOIN capture c ON c.id = wanted.value JOIN crawl k ON k.id = c.crawl_id
WHERE k.imported = 1 AND NOT EXISTS (SELECT 1 FROM provenance p WHERE p.capture = c.id)
"""


class Taken(Enum):
    """What became of one answer."""

    NEW = "new"
    KNOWN = "known"  # by this record or another of the same answer, or from a look of ours
    WAITING = "waiting"  # a revisit whose original is not here yet; it comes in with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One imported capture, without its bytes. ``shows``: there are some, its own or those that it confirmed.

    ``own`` is the source that it came in for.
    """

    capture: int
    uri: str
    address: str
    captured_at: datetime
    status: int
    payload_digest: str | None
    shows: bool
    location: str | None
    cut: str
    own: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of an imported capture. ``version`` is any number that its captures share, and no others."""

    capture: int
    reading: Reading
    version: int | None = None
    text: Page | None = None  # the version's page; the capture's own is in the reading


def lock(connection: Connection) -> FileLock:
    """The lock of whoever takes something in."""
    busy = f"{connection.path}: {{holder}} is importing; try again when it has finished"
    return connection.named_lock("import", busy)


def take(connection: Connection, source: Source, found: Found, now: datetime) -> Taken:
    """Keep one answer, unless it is here; and every revisit that waited for it."""
    into = _Into(source.name, _config(source))
    with connection.write("import") as db:
        if found.status == _NOT_MODIFIED and not found.origin.digest:
            return _keep(db, into, found, None, now)  # what it confirmed has the body, wherever that is
        if found.payload is None:
            content = _original(db, found)
            if content is None:
                return _wait(db, into, found)
            return _keep(db, into, found, content, now)
        kept = payloads.store(db, found.payload, _alike(db, into, found)["payload"])
        taken = _keep(db, into, found, kept, now)
        _resolve(db, kept, found.origin.digest, now)
        return taken


def pending(connection: Connection) -> tuple[str, ...]:
    """Sources with imported captures whose history was not worked out yet."""
    with connection.read() as db:
        rows = db.execute("SELECT DISTINCT source FROM crawl WHERE imported = 1 AND detected = 0 ORDER BY source")
        return tuple(str(row[0]) for row in rows)


def waiting(connection: Connection) -> int:
    """How many revisits wait for their original."""
    with connection.read() as db:
        return int(db.execute("SELECT count(*) FROM unresolved").fetchone()[0])


def known_record(connection: Connection, origin: Origin) -> bool:
    """Whether a record of an archive is here already."""
    with connection.read() as db:
        return _known_record(db, origin)


def past(connection: Connection) -> tuple[Past, ...]:
    """All that was imported, in the order of time; of one moment, in an order that does not depend on arrival."""
    with connection.read() as db:
        rows = db.execute(
            """
            SELECT c.id, c.uri, r.address, c.captured_at, c.status, p.digest, c.revisit_of, c.location, c.error,
                k.source
            FROM crawl k JOIN capture c ON c.crawl_id = k.id JOIN resource r ON r.id = c.resource
                LEFT JOIN content p ON p.id = c.payload
            WHERE k.imported = 1 ORDER BY c.captured_at, c.uri, c.status, p.digest
            """
        )
        return tuple(
            Past(
                capture=row["id"],
                uri=row["uri"],
                address=row["address"],
                captured_at=moment(row["captured_at"]),
                status=row["status"],
                payload_digest=written(row["digest"]) if row["digest"] else None,
                shows=row["digest"] is not None or row["revisit_of"] is not None,
                location=row["location"],
                cut=row["error"],
                own=row["source"],
            )
            for row in rows
        )


def first_watched(connection: Connection, source: str) -> datetime | None:
    """When the crawl began from which on a source tells for itself what happens; None before it."""
    with connection.read() as db:
        row = db.execute(
            "SELECT k.started_at FROM source_state s JOIN crawl k ON k.id = s.baseline_crawl WHERE s.name = ?", [source]
        ).fetchone()
    return maybe_moment(row[0]) if row else None


def origins(connection: Connection, capture_ids: Iterable[int]) -> Mapping[int, tuple[Origin, ...]]:
    """Where imported captures come from, by capture; of one without an origin, the row is hidden by damage."""
    found: dict[int, list[Origin]] = {}
    wanted = [json_text(sorted(set(capture_ids)))]
    with connection.read() as db:
        if db.execute(_WITHOUT_ORIGIN, wanted).fetchone():
            raise seals.damaged("the list of where captures come from")
        rows = db.execute(
            """
            SELECT * FROM provenance WHERE capture IN (SELECT value FROM json_each(?))
            ORDER BY capture, archive, record
            """,
            wanted,
        )
        for row in rows:
            seals.require(row, f"where capture {row['capture']} comes from")
            origin = Origin(archive=row["archive"], record=row["record"], digest=row["digest"])
            found.setdefault(row["capture"], []).append(origin)
    return {capture: tuple(each) for capture, each in found.items()}


def commit(connection: Connection, source: str, judged: Iterable[Judged], changes: Sequence[Change]) -> tuple[int, int]:
    """Store what was worked out of a source's imported captures in the place of what was before; versions and changes.

    A change that is the same as before keeps its row and number; one that no longer holds goes: nobody was told it.
    ``version_before`` and ``version_after`` of the changes are numbers of :class:`Judged`.
    """
    with connection.write("import") as db:
        store = _Store(db, source)
        for each in judged:
            store.put(each)
        store.tell(changes)
        store.clear()
        db.execute("UPDATE crawl SET detected = 1 WHERE imported = 1 AND source = ?", [source])
        return len(store.versions), len(changes)


class _Into(NamedTuple):
    """The source that a capture comes in for, and its config as crawls keep it."""

    source: str
    config: str


class _Store:
    """The history of one source while it is being replaced."""

    def __init__(self, db: Database, source: str) -> None:
        self.db, self.source = db, source
        self.versions: dict[int, int] = {}  # numbers of Judged: rows
        rows = db.execute(
            """
            SELECT DISTINCT v.id, v.first_capture, v.reading FROM crawl k JOIN capture c ON c.crawl_id = k.id
                JOIN version v ON v.id = c.version_id
            WHERE k.imported = 1 AND k.source = ?
            """,
            [source],
        ).fetchall()
        self._before = {row["first_capture"]: int(row["id"]) for row in rows}
        self._old = {int(row["id"]) for row in rows}
        self._searched = {int(row["reading"]) for row in rows}  # readings whose versions come or go
        self._last: dict[int, int] = {}  # by resource: the reading before

    def put(self, one: Judged) -> None:
        """Give one capture its outcome, reading and version."""
        page = one.reading.page
        resource = int(self.db.execute("SELECT resource FROM capture WHERE id = ?", [one.capture]).fetchone()[0])
        kept = self._reading(resource, page).id if page is not None else None
        version = self._version(one) if one.version is not None else None
        self.db.execute(
            "UPDATE capture SET outcome = ?, rule = ?, detail = ?, reading = ?, version_id = ? WHERE id = ?",
            [
                one.reading.outcome,
                plain(one.reading.rule),
                plain(one.reading.detail),
                kept,
                version,
                one.capture,
            ],
        )

    def tell(self, changes: Sequence[Change]) -> None:
        """Replace the imported changes of the source."""
        db = self.db
        rows = db.execute("SELECT id FROM change WHERE source = ? AND imported = 1", [self.source]).fetchall()
        before = {row["id"] for row in rows}
        wanted = {change.id for change in changes}
        for gone in before - wanted:  # the row stays: changes are numbered without a gap (docs/adr/0017)
            db.execute("UPDATE change SET withdrawn = 1 WHERE id = ?", [gone])
        crawl = db.execute("SELECT max(id) FROM crawl WHERE imported = 1 AND source = ?", [self.source]).fetchone()[0]
        for change in changes:
            row = detecting.CHANGES.row(change)
            row["crawl_id"] = crawl
            for name in ("version_before", "version_after"):
                row[name] = self.versions.get(int(row[name] or 0))
            if change.id in before:
                db.execute(
                    "UPDATE change SET version_before = ?, version_after = ?, withdrawn = 0 WHERE id = ?",
                    [row["version_before"], row["version_after"], change.id],
                )
            else:
                del row["seq"]
                insert(db, "change", row)

    def clear(self) -> None:
        """Drop the versions that no capture shows any more."""
        for version in self._old - set(self.versions.values()):
            self.db.execute(
                "UPDATE change SET version_before = NULL WHERE version_before = ? AND imported = 1", [version]
            )
            self.db.execute(
                "UPDATE change SET version_after = NULL WHERE version_after = ? AND imported = 1", [version]
            )
            self.db.execute(
                "DELETE FROM version WHERE id = ? AND NOT EXISTS (SELECT 1 FROM capture WHERE version_id = version.id)",
                [version],
            )
        search.refresh(self.db, self._searched)
        search.tidy(self.db)

    def _reading(self, resource: int, page: Page) -> readings.KeptReading:
        """The row of a page, compressed against the one before it at its address."""
        kept = readings.store(self.db, page, readings.like(self.db, self._last.get(resource)))
        self._last[resource] = kept.id
        return kept

    def _version(self, one: Judged) -> int:
        if one.version is None or one.text is None:
            raise ValueError("a version without its page")
        if one.version in self.versions:
            return self.versions[one.version]
        capture = self.db.execute(
            "SELECT resource, uri, captured_at FROM capture WHERE id = ?", [one.capture]
        ).fetchone()
        kept = self._reading(capture["resource"], one.text)
        self._searched.add(kept.id)
        row: dict[str, Any] = {
            "resource": capture["resource"],
            "uri": capture["uri"],
            "text_digest": kept.text_digest,
            "since": capture["captured_at"],
            "first_capture": one.capture,
            "reading": kept.id,
        }
        known = self._before.get(one.capture)
        if known is None:
            self.versions[one.version] = insert(self.db, "version", row)
        else:
            self.versions[one.version] = known
            self.db.execute(
                "UPDATE version SET text_digest = ?, since = ?, reading = ? WHERE id = ?",
                [row["text_digest"], row["since"], row["reading"], known],
            )
        return self.versions[one.version]


def _keep(db: Database, into: _Into, found: Found, content: payloads.Kept | None, now: datetime) -> Taken:
    if _known_record(db, found.origin):
        return Taken.KNOWN
    resource = captures.make_resource(db, address.key(found.uri))
    here = _same(db, resource, found, content)
    if here is not None:
        if here["imported"]:
            _name(db, here["id"], found.origin)
        return Taken.KNOWN
    headers = {name.lower(): value for name, value in reversed(heads.fields(found.head))}  # the first of a name
    target = address.clean(headers.get("location", ""), found.uri) if found.status in _REDIRECTS else None
    media = headers.get("content-type", "").lower()
    new = NewCapture(
        uri=found.uri,
        captured_at=found.captured_at,
        request=found.request,
        head=found.head,
        payload=None,  # kept already
        status=found.status,
        peer=found.peer,
        location=target,
        is_document=address.is_document(found.uri) or media.startswith("application/pdf"),
        error=f"WARC-Truncated: {found.cut}" if found.cut else "",
    )
    origin = _confirmed(db, resource, found, content) if content and found.status == _NOT_MODIFIED else None
    kept = None if origin is not None else content
    alike = _alike(db, into, found)
    crawl = _crawl(db, into, now)
    made = insert_capture(db, crawl, new, alike, resource=resource, payload=kept, revisit_of=origin)
    _name(db, made, found.origin)
    return Taken.NEW


def _alike(db: Database, into: _Into, found: Found) -> Mapping[str, payloads.Alike]:
    """What the parts of an answer are compressed against: what came before it from its address, else a neighbour."""
    resource = captures.resource_of(db, address.key(found.uri))
    before = "WHERE c.resource = ? AND c.payload IS NOT NULL AND c.captured_at <= ? ORDER BY c.captured_at DESC LIMIT 1"
    last = next(captures.select(db, before, [resource, stamp(found.captured_at)]), None)
    crawl = _open_crawl(db, into)
    new = NewCapture(
        uri=found.uri, captured_at=found.captured_at, request=b"", head=b"", payload=None, status=found.status
    )
    return likeness(db, crawl or 0, new, last)


def _open_crawl(db: Database, into: _Into) -> int | None:
    row = db.execute(
        "SELECT id FROM crawl WHERE imported = 1 AND detected = 0 AND source = ?", [into.source]
    ).fetchone()
    return int(row[0]) if row else None


def _crawl(db: Database, into: _Into, now: datetime) -> int:
    """The crawl that stands for what is being imported for a source until its history is worked out."""
    known = _open_crawl(db, into)
    if known is not None:
        return known
    facts: dict[str, Any] = {
        "source": into.source,
        "config": into.config,
        "started_at": stamp(now),
        "ended_at": stamp(now),
        "reason": REASON,
        "imported": 1,
    }
    return insert(db, "crawl", facts)


def _same(db: Database, resource: int, found: Found, content: payloads.Kept | None) -> Row | None:
    """The capture that is the same answer: of one second, the same status and bytes, whoever kept it."""
    second = found.captured_at.replace(microsecond=0)
    rows = db.execute(
        """
        SELECT c.id, k.imported FROM capture c JOIN crawl k ON k.id = c.crawl_id
            LEFT JOIN capture o ON o.id = c.revisit_of
        WHERE c.resource = ? AND c.captured_at >= ? AND c.captured_at < ? AND c.uri = ?
            AND ? IN (c.status, o.status) AND coalesce(o.payload, c.payload) IS ?
        ORDER BY c.id LIMIT 1
        """,
        [
            resource,
            stamp(second),
            stamp(second + _SECOND),
            plain(found.uri),
            found.status,
            content.id if content is not None else None,
        ],
    )
    row: Row | None = rows.fetchone()
    return row


def _confirmed(db: Database, resource: int, found: Found, content: payloads.Kept) -> int | None:
    """The capture whose bytes a 304 confirms: the last one before it that brought them."""
    row = db.execute(
        """
        SELECT id FROM capture WHERE resource = ? AND payload = ? AND captured_at <= ?
        ORDER BY captured_at DESC, id DESC LIMIT 1
        """,
        [resource, content.id, stamp(found.captured_at)],
    ).fetchone()
    return int(row[0]) if row else None


def _known_record(db: Database, origin: Origin) -> bool:
    if not origin.record:
        return False
    row = db.execute(
        "SELECT 1 FROM provenance WHERE archive = ? AND record = ? LIMIT 1",
        [plain(origin.archive), plain(origin.record)],
    ).fetchone()
    return row is not None


def _name(db: Database, capture_id: int, origin: Origin) -> None:
    db.execute(
        "INSERT OR IGNORE INTO provenance (capture, archive, record, digest) VALUES (?, ?, ?, ?)",
        [capture_id, plain(origin.archive), plain(origin.record), origin.digest],
    )


def _original(db: Database, found: Found) -> payloads.Kept | None:
    """The payload that a revisit stands for, if it is here."""
    digest = found.origin.digest
    if digest.startswith("sha256:"):
        return payloads.find(db, unwritten(digest))
    row = db.execute(
        """
        SELECT p.id, p.digest FROM provenance v JOIN capture c ON c.id = v.capture JOIN content p ON p.id = c.payload
        WHERE v.digest = ? LIMIT 1
        """,
        [digest],
    ).fetchone()
    if row is not None:
        return payloads.Kept(int(row[0]), bytes(row[1]))
    return next(
        (kept for kept in _own_payloads(db, found.uri) if customary(payloads.load(db, kept.id)) == digest), None
    )


def _own_payloads(db: Database, uri: str) -> Iterator[payloads.Kept]:
    """What looks of ours brought from an address: their SHA-1 is kept nowhere."""
    rows = db.execute(
        """
        SELECT DISTINCT p.id, p.digest FROM resource r JOIN capture c ON c.resource = r.id
            JOIN crawl k ON k.id = c.crawl_id JOIN content p ON p.id = c.payload
        WHERE r.address = ? AND k.imported = 0 AND p.data IS NOT NULL
        """,
        [address.key(uri)],
    ).fetchall()
    return (payloads.Kept(int(row[0]), bytes(row[1])) for row in rows)


def _wait(db: Database, into: _Into, found: Found) -> Taken:
    if _known_record(db, found.origin):
        return Taken.KNOWN
    db.execute(
        """
        INSERT OR IGNORE INTO unresolved (source, config, uri, captured_at, head, status, digest, archive, record)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            into.source,
            into.config,
            plain(found.uri),
            stamp(found.captured_at),
            found.head,
            found.status,
            found.origin.digest,
            plain(found.origin.archive),
            plain(found.origin.record),
        ],
    )
    return Taken.WAITING


def _resolve(db: Database, kept: payloads.Kept, digest: str, now: datetime) -> None:
    """Take in the revisits that waited for a payload."""
    names = [digest, written(kept.digest)]
    rows = db.execute("SELECT * FROM unresolved WHERE digest IN (?, ?) ORDER BY id", names).fetchall()
    for row in rows:
        seals.require(row, f"a revisit of {row['uri']}")
        origin = Origin(archive=row["archive"], record=row["record"], digest=digest)
        found = Found(
            uri=row["uri"],
            captured_at=moment(row["captured_at"]),
            status=row["status"],
            head=row["head"],
            payload=None,
            origin=origin,
        )
        _keep(db, _Into(row["source"], row["config"]), found, kept, now)
        db.execute("DELETE FROM unresolved WHERE id = ?", [row["id"]])


def _config(source: Source) -> str:
    return json_text({name: cell for name, cell in _SOURCES.row(source).items() if name != "name"})
