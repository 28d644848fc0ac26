"""Rows of captures and versions, and which of them is the last good one."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from sqlite3 import Row
from typing import Any, NamedTuple

from sqlite_utils import Database

from extractors.model import ASSET, Outcome
from storage import payloads, readings, seals
from storage.batches import batches
from storage.codec import json_text, moment, stamp, written
from storage.connection import Connection, insert
from storage.pages import StoredPage, at_hand
from storage.records import Capture, Crawl, Version

UNREAD = "unread"  # rule of a capture that nobody has judged

# The payload of a 304 is the one it confirmed.
_CAPTURES = """
SELECT c.*, r.address, coalesce(o.status, c.status) AS shown_status, coalesce(o.payload, c.payload) AS shown,
       p.id AS payload_id, p.digest AS payload_digest, p.size AS payload_size, p.seal AS payload_seal,
       d.id AS d_id, d.content AS d_content, d.text_digest AS text_digest, d.frame_digest AS d_frame_digest,
       d.extractor AS d_extractor, d.extractor_version AS d_extractor_version, d.seal AS d_seal
FROM capture c JOIN resource r ON r.id = c.resource LEFT JOIN capture o ON o.id = c.revisit_of
LEFT JOIN content p ON p.id = coalesce(o.payload, c.payload) LEFT JOIN reading d ON d.id = c.reading
"""

_BESIDE = frozenset({
    "address", "shown_status", "shown", "payload_id", "payload_digest", "payload_size", "payload_seal", "text_digest",
    "d_id", "d_content", "d_frame_digest", "d_extractor", "d_extractor_version", "d_seal",
})  # fmt: skip

# The cells of the rows beside a capture's that a seal covers, by the names they have in _CAPTURES.
_PAYLOAD = {"id": "payload_id", "digest": "payload_digest", "size": "payload_size"}
_READING = {
    "id": "d_id", "content": "d_content", "text_digest": "text_digest", "frame_digest": "d_frame_digest",
    "extractor": "d_extractor", "extractor_version": "d_extractor_version",
}  # fmt: skip
_SEAL_OF = {"payload": "payload_seal", "reading": "d_seal"}

# Imported history is no look of ours: what a crawl is compared with, and what readers were told, leaves it out.
WATCHED = "NOT EXISTS (SELECT 1 FROM crawl i WHERE i.id = c.crawl_id AND i.imported = 1)"
_GOOD = "WHERE c.resource = ? AND c.version_id IS NOT NULL"
_NEWEST_FIRST = "ORDER BY c.captured_at DESC, c.id DESC LIMIT 1"
_LAST_GOODS = f"""
WHERE c.id IN (SELECT (
    SELECT c.id FROM capture c {_GOOD.replace("?", "w.id")} AND {WATCHED} {_NEWEST_FIRST}
) FROM resource w WHERE w.address IN (SELECT value FROM json_each(?)))
"""  # noqa: S608 - constants
# What every capture is compared with, so without the joins that only a whole Capture needs.
_LAST_SHOWN = f"""
SELECT c.id, c.captured_at, c.version_id, c.request, c.head,
       coalesce(o.status, c.status) AS shown_status, coalesce(o.payload, c.payload) AS shown
FROM capture c LEFT JOIN capture o ON o.id = c.revisit_of {_GOOD} AND {WATCHED} {_NEWEST_FIRST}
"""  # noqa: S608 - constants

# The last look of one source, or of any, at each of some addresses; each is one step into the index, however many
# looks there are.
_LOOKS_BEFORE = """
SELECT c.resource, c.version_id, c.reading FROM json_each(?3) wanted JOIN capture c ON c.id = (
    SELECT s.id FROM capture s JOIN crawl k ON k.id = s.crawl_id
    WHERE s.resource = wanted.value AND s.version_id IS NOT NULL
    AND s.crawl_id < ?1 AND k.source = coalesce(?2, k.source) AND k.imported = 0
    ORDER BY s.captured_at DESC, s.id DESC LIMIT 1
)
"""
_READINGS_BEFORE = """
SELECT c.resource, c.reading FROM json_each(?3) wanted JOIN capture c ON c.id IN (
    SELECT s.id FROM capture s JOIN crawl k ON k.id = s.crawl_id
    WHERE s.resource = wanted.value AND s.version_id IS NOT NULL AND s.crawl_id < ?1 AND k.source = ?2
        AND k.imported = 0
    ORDER BY s.captured_at DESC, s.id DESC LIMIT ?4
)
WHERE c.reading IS NOT NULL ORDER BY c.captured_at DESC, c.id DESC
"""
# What came shortly before in the same crawl and is of the same sort: its neighbours have the same template. Only the
# last few are looked through, since a crawl of thousands of pages may have no second answer of a sort.
_NEIGHBOUR = """
SELECT c.request, c.head, c.payload, d.content FROM capture c LEFT JOIN reading d ON d.id = c.reading
WHERE c.crawl_id = ?1 AND c.id > (SELECT max(id) FROM capture) - 64
    AND c.status IS ?2 AND c.is_document = ?3 AND c.probe = ?4 AND c.rule <> ?6
    AND CASE ?5 WHEN 'read' THEN c.reading IS NOT NULL ELSE c.payload IS NOT NULL END
ORDER BY c.id DESC LIMIT 1
"""
# The index's own words on the left, the rows' on the right: joined to itself, SQLite reads both.
_INDEXED = """
SELECT count(*), total(c.resource IS NOT i.resource OR c.captured_at IS NOT i.captured_at
    OR c.version_id IS NOT i.version_id)
FROM capture i INDEXED BY capture_by_address CROSS JOIN capture c ON c.id = i.id WHERE i.resource = ?
"""
_VERSIONS = "SELECT v.*, r.address FROM version v JOIN resource r ON r.id = v.resource"


def resource_of(db: Database, address: str) -> int | None:
    """The row of an address, None if the archive never met it."""
    row = db.execute("SELECT id FROM resource WHERE address = ?", [address]).fetchone()
    return int(row[0]) if row else None


def make_resource(db: Database, address: str) -> int:
    """The row of an address, made if there is none yet."""
    known = resource_of(db, address)
    return insert(db, "resource", {"address": address}) if known is None else known


def select(db: Database, rest: str, parameters: Sequence[Any] | dict[str, Any]) -> Iterator[Row]:
    """Rows for :func:`capture_of`; ``rest`` is the query from WHERE on, with the capture as ``c``."""
    yield from db.execute(f"{_CAPTURES} {rest}", parameters).fetchall()


def capture_of(db: Database, row: Row) -> Capture:
    """The capture of one row."""
    return captures_of(db, [row])[row["id"]]


def captures_of(db: Database, rows: Sequence[Row]) -> dict[int, Capture]:
    """The captures of many rows by id, with one query for the bytes of all."""
    contents = _contents(db, {int(row[name]) for row in rows for name in ("request", "head")})
    return {row["id"]: _capture(row, contents) for row in rows}


def heads_of(db: Database, rows: Sequence[Row]) -> dict[int, bytes]:
    """The heads of the answers of many rows, by the id of their capture."""
    contents = _contents(db, {int(row["head"]) for row in rows})
    return {row["id"]: contents[row["head"]] for row in rows}


def _contents(db: Database, wanted: set[int]) -> dict[int, bytes]:
    try:
        contents = payloads.load_many(db, wanted)
    except KeyError:  # erased: what is left of a head then is nothing
        gone = db.execute(
            "SELECT id FROM content WHERE data IS NULL AND id IN (SELECT value FROM json_each(?))",
            [json_text(sorted(wanted))],
        )
        lost = {int(row[0]): b"" for row in gone}
        contents = lost | payloads.load_many(db, wanted - lost.keys())
    if wanted - contents.keys():
        raise seals.damaged("the list of stored bytes")
    return contents


def outline_of(row: Row) -> Capture:
    """The capture of one row without the bytes of its request and head: for those who only list it."""
    return next(outlines_of([row]))


def outlines_of(rows: Iterable[Row]) -> Iterator[Capture]:
    """:func:`outline_of` for many rows; payloads and readings that they share are compared with their seals once."""
    proven: set[tuple[Any, ...]] = set()
    for row in rows:
        yield _capture(row, {row["request"]: b"", row["head"]: b""}, proven)


def _require(row: Row, proven: set[tuple[Any, ...]]) -> None:
    """Raise ArchiveDamaged unless a row, and those of its payload and its reading, are what was written.

    ``proven`` are the cells and seals of payloads and readings that were found to fit before.
    """
    what = f"capture {row['id']} of {row['uri']}"
    seals.require(row, what, _BESIDE)
    for name, cells, wanted in (("payload", _PAYLOAD, row["shown"]), ("reading", _READING, row["reading"])):
        found = tuple(row[column] for column in (*cells.values(), _SEAL_OF[name]))
        if found[0] != wanted:
            raise seals.damaged(f"the {name} of {what}")  # its row is hidden: one letter in a page's head is another
        if found[0] is not None and found not in proven:
            values = dict(zip(cells, found[:-1], strict=True))
            seals.require_cells(values, found[-1], f"the {name} of {what}")
            proven.add(found)


def _capture(row: Row, contents: Mapping[int, bytes], proven: set[tuple[Any, ...]] | None = None) -> Capture:
    _require(row, set() if proven is None else proven)
    return Capture(
        id=row["id"],
        crawl_id=row["crawl_id"],
        # As watches, versions and pages have it: one string for all of a large section.
        address=sys.intern(row["address"]),
        uri=sys.intern(row["uri"]),
        captured_at=moment(row["captured_at"]),
        request=contents[row["request"]],
        head=contents[row["head"]],
        status=row["status"],
        payload_digest=written(row["payload_digest"]) if row["payload_digest"] else None,
        payload_size=row["payload_size"] or 0,
        peer=sys.intern(row["peer"]),
        elapsed_ms=row["elapsed_ms"],
        location=row["location"],
        hop_of=row["hop_of"],
        revisit_of=row["revisit_of"],
        probe=bool(row["probe"]),
        outcome=Outcome(row["outcome"] or Outcome.FAILED),
        rule=sys.intern(row["rule"]) if row["outcome"] else UNREAD,
        detail=row["detail"] or row["error"],
        text_digest=written(row["text_digest"]) if row["text_digest"] else None,
        version_id=row["version_id"],
    )


def by_id(db: Database, capture_id: int) -> Row | None:
    """The row of one capture."""
    return next(select(db, "WHERE c.id = ?", [capture_id]), None)


def by_ids(db: Database, capture_ids: Iterable[int]) -> dict[int, Row]:
    """The rows of many captures, by id."""
    condition = "WHERE c.id IN (SELECT value FROM json_each(?))"
    return {row["id"]: row for row in select(db, condition, [json_text(sorted(capture_ids))])}


def last_good(db: Database, resource: int) -> Row | None:
    """The newest look of ours at an address that showed the page."""
    return next(select(db, f"{_GOOD} AND {WATCHED} {_NEWEST_FIRST}", [resource]), None)


def last_goods(db: Database, addresses: Iterable[str]) -> dict[str, Row]:
    """The look of :func:`last_good` at each of many addresses, by address."""
    return {row["address"]: row for row in select(db, _LAST_GOODS, [json_text(sorted(addresses))])}


def last_shown(db: Database, resource: int) -> Row | None:
    """The look of :func:`last_good`: when it was, its version, the contents and the status it showed; unchecked."""
    row: Row | None = db.execute(_LAST_SHOWN, [resource]).fetchone()
    return row


def good_at(db: Database, resource: int, until: datetime) -> Row | None:
    """The newest capture of an address at or before a moment that showed the page, imported ones included."""
    return next(select(db, f"{_GOOD} AND c.captured_at <= ? {_NEWEST_FIRST}", [resource, stamp(until)]), None)


def require_all(db: Database, resource: int) -> None:
    """Raise ArchiveDamaged unless the index of captures says of an address what the rows say, and lacks none.

    A letter that is another in an index hides a row, and no seal says so. It takes a step for each look at the address.
    """
    row = db.execute("SELECT * FROM resource WHERE id = ?", [resource]).fetchone()
    if row is None:
        raise seals.damaged("the list of addresses")
    seals.require(row, f"address {resource}")
    found = db.execute(_INDEXED, [resource]).fetchone()
    if found[0] != row["looks"] or found[1]:
        raise seals.damaged("the index of captures")


def require_versions(db: Database, resource: int) -> None:
    """Raise ArchiveDamaged unless the index of versions has those of an address that its captures belong to."""
    found, wanted = (
        {int(row[0]) for row in db.execute(query, [resource])}
        for query in (
            "SELECT id FROM version INDEXED BY version_by_address WHERE resource = ?",
            "SELECT version_id FROM capture WHERE resource = ? AND version_id IS NOT NULL",
        )
    )
    if found != wanted:
        raise seals.damaged("the index of versions")


def require_unknown(db: Database, address: str) -> None:
    """Raise ArchiveDamaged if an address that its index does not know is there all the same."""
    if db.execute("SELECT 1 FROM resource NOT INDEXED WHERE address = ?", [address]).fetchone():
        raise seals.damaged("the index of addresses")


def last_good_before(db: Database, capture: Row) -> Row | None:
    """The newest good look of ours at the same address before this one."""
    condition = f"{_GOOD} AND {WATCHED} AND (c.captured_at, c.id) < (?, ?) {_NEWEST_FIRST}"
    return next(select(db, condition, [capture["resource"], capture["captured_at"], capture["id"]]), None)


def neighbour(
    db: Database, crawl_id: int, *, status: int | None, is_document: bool, probe: bool, read: bool = False
) -> Row | None:
    """The newest capture of a sort among the last ones of a crawl, as the contents it consists of.

    With ``read`` one that was read already: ``content`` is its reading.
    """
    wanted = [crawl_id, status, is_document, probe, "read" if read else "stored", ASSET]
    row: Row | None = db.execute(_NEIGHBOUR, wanted).fetchone()
    return row


class LookBefore(NamedTuple):
    """The good look that a crawl is compared with: its version and its reading."""

    version: int
    reading: int


def looks_before(db: Database, resources: Iterable[int], crawl: Crawl) -> dict[int, LookBefore]:
    """The good look at each address that a crawl is compared with, by the address's row.

    It is the last one of the crawl's own source before it; failing that, the archive's last one: what another source
    saw in between, this one's readers have not been told.
    """
    found: dict[int, LookBefore] = {}
    wanted = set(resources)
    for source in (crawl.source, None):
        rows = db.execute(_LOOKS_BEFORE, [crawl.id, source, json_text(sorted(wanted - found.keys()))])
        for row in rows:
            found[row["resource"]] = LookBefore(row["version_id"], row["reading"])
    return found


def readings_before(db: Database, resources: Iterable[int], crawl: Crawl, looks: int) -> dict[int, tuple[int, ...]]:
    """The readings of the last good looks of a crawl's source before it, newest first, by the address's row."""
    rows = db.execute(_READINGS_BEFORE, [crawl.id, crawl.source, json_text(sorted(resources)), looks])
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row["resource"], []).append(int(row["reading"]))
    return {resource: tuple(readings) for resource, readings in found.items()}


def version_row(db: Database, version_id: int) -> Row | None:
    """The row of one version."""
    return next(select_versions(db, "WHERE v.id = ?", [version_id]), None)


def select_versions(db: Database, rest: str, parameters: Sequence[Any]) -> Iterator[Row]:
    """Rows for :func:`version_of`; ``rest`` is the query from WHERE on, with the version as ``v``."""
    yield from db.execute(f"{_VERSIONS} {rest}", parameters).fetchall()


def version_of(connection: Connection, row: Row) -> Version:
    """The version of one row, with its whole page at hand."""
    return _version(row, at_hand(readings.load(connection, row["reading"])))


def versions(connection: Connection, version_ids: Iterable[int]) -> dict[int, Version]:
    """Many versions by id; the texts of their pages are fetched when asked for, while the archive is open."""
    found = {}
    for some in batches(sorted(set(version_ids))):
        condition = "WHERE v.id IN (SELECT value FROM json_each(?))"
        rows = list(select_versions(connection.db, condition, [json_text(some)]))
        pages = readings.outlines(connection, (row["reading"] for row in rows))
        for row in rows:
            made = _version(row, pages[row["reading"]])
            found[made.id] = connection.pages.one(made.id, made)
    return found


def require_version(row: Row) -> None:
    """Raise ArchiveDamaged unless the row of a version is what was written."""
    seals.require(row, f"version {row['id']} of {row['uri']}", ("address",))


def _version(row: Row, page: StoredPage) -> Version:
    require_version(row)
    return Version(
        id=row["id"],
        address=sys.intern(row["address"]),
        uri=sys.intern(row["uri"]),
        text_digest=written(row["text_digest"]),
        since=moment(row["since"]),
        first_capture=row["first_capture"],
        page=page,
    )
