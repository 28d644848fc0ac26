"""What readers ask of the archive: pages as they were, what changed, how the crawls went."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import islice, pairwise
from sqlite3 import Row

from sqlite_utils import Database

from extractors import address
from extractors.model import Outcome, Page
from storage import captures, chain, digests, erasing, payloads, readings, seals
from storage.codec import json_text, maybe_moment, moment, stamp, written
from storage.connection import Connection
from storage.crawling import CRAWLS, WATCHES
from storage.detecting import CHANGES, HELD
from storage.records import (
    Capture,
    Change,
    ChangeHead,
    Citation,
    Crawl,
    Held,
    Life,
    Role,
    SnapshotView,
    Tombstone,
    Version,
    Watch,
    Watched,
)

_ALIKE = 60.0  # of 100 (fuzz.ratio): below it two addresses share little but the host
_IMPORTED_VERSIONS = """
SELECT v.id FROM version v JOIN capture c ON c.id = v.first_capture JOIN crawl k ON k.id = c.crawl_id
WHERE v.resource = ? AND k.imported = 1
"""
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
        if resource is None:  # before that is said: an index that is damaged finds nothing either
            seals.require_complete(db, "resource", "sqlite_autoindex_resource_1")
            captures.require_unknown(db, address.key(uri))
        found = db.execute("SELECT 1 FROM capture WHERE resource = ? AND probe = 0 LIMIT 1", [resource]).fetchone()
    return found is not None


def looked_at(connection: Connection, uri: str) -> bool:
    """Whether we looked at the address ourselves: what was imported of it is no look."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        rows = captures.select(db, f"WHERE c.resource = ? AND c.probe = 0 AND {captures.WATCHED} LIMIT 1", [resource])
        return next(rows, None) is not None


def nearest_uris(connection: Connection, uri: str) -> tuple[str, ...]:
    """URIs whose addresses look most like this one."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only an address that is not there needs it

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
        if resource is not None:
            captures.require_all(db, resource)
        rows = captures.select(db, "WHERE c.resource = ? AND c.probe = 0 ORDER BY c.captured_at, c.id", [resource])
        return tuple(captures.capture_of(db, row) for row in rows)


def watches(connection: Connection, source: str) -> tuple[Watch, ...]:
    """What a source watches, and where each address stands."""
    with connection.read() as db:
        rows = db.execute("SELECT * FROM watch WHERE source = ? ORDER BY address", [source]).fetchall()
    return tuple(WATCHES.value(row) for row in rows)


def watched(
    connection: Connection, source: str, role: Role | None, words: Sequence[str], span: tuple[int, int]
) -> Watched:
    """Some of what a source watches: first and number of ``span``, among the addresses that hold all words."""
    conditions = "source = :source AND role = coalesce(:role, role)" + "".join(
        f" AND instr(lower(uri), :word{place})" for place, _ in enumerate(words)
    )
    wanted = {"source": source, "role": role} | {f"word{place}": word for place, word in enumerate(words)}
    with connection.read() as db:
        total = db.execute(f"SELECT count(*) FROM watch WHERE {conditions}", wanted).fetchone()[0]  # noqa: S608 - no values
        rows = db.execute(
            f"SELECT * FROM watch WHERE {conditions} ORDER BY address LIMIT :number OFFSET :first",  # noqa: S608 - no values
            wanted | {"first": span[0], "number": span[1]},
        ).fetchall()
        found = tuple(WATCHES.value(row) for row in rows)
        linking = json_text(sorted({where for watch in found for where in watch.linked_from}))
        pages = db.execute(
            "SELECT * FROM watch WHERE source = ? AND address IN (SELECT value FROM json_each(?))", [source, linking]
        ).fetchall()
    return Watched(total=total, watches=found, linking={page.address: page.uri for page in map(WATCHES.value, pages)})


def lives(connection: Connection, addresses: Iterable[str]) -> dict[str, Life]:
    """What became of some addresses, by address; one without a version is left out."""
    found: dict[str, list[Row]] = {}
    with connection.read() as db:
        resources = [captures.resource_of(db, each) for each in addresses]
        wanted = json_text(sorted(each for each in resources if each is not None))
        condition = "WHERE v.resource IN (SELECT value FROM json_each(?)) ORDER BY v.since, v.id"
        for row in captures.select_versions(db, condition, [wanted]):
            captures.require_version(row)
            found.setdefault(row["address"], []).append(row)
        firsts = json_text(sorted(rows[-1]["first_capture"] for rows in found.values()))
        shown = captures.select(db, "WHERE c.id IN (SELECT value FROM json_each(?))", [firsts])
        sizes = {row["id"]: captures.outline_of(row).payload_size for row in shown}
    return {
        where: Life(
            versions=len(rows),
            first_since=moment(rows[0]["since"]),
            last_since=moment(rows[-1]["since"]),
            bytes=sizes.get(rows[-1]["first_capture"], 0),
        )
        for where, rows in found.items()
    }


def last_erasure(connection: Connection) -> int:
    """The number of the newest erasure."""
    with connection.read() as db:
        return int(db.execute("SELECT coalesce(max(id), 0) FROM erasure").fetchone()[0])


def sources(connection: Connection) -> tuple[str, ...]:
    """The sources that have a history here."""
    with connection.read() as db:
        rows = db.execute("SELECT DISTINCT source FROM crawl WHERE imported = 0 ORDER BY source").fetchall()
    return tuple(str(row[0]) for row in rows)


def capture(connection: Connection, capture_id: int) -> Capture | None:
    """One capture."""
    with connection.read() as db:
        row = captures.by_id(db, capture_id)
        return captures.capture_of(db, row) if row is not None else None


def versions_of(connection: Connection, uri: str) -> tuple[Version, ...]:
    """Versions of one address in the order of time; where an imported and an own one meet and agree, the first."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        if resource is not None:
            captures.require_versions(db, resource)
        rows = () if resource is None else version_rows(db, resource)
        return tuple(captures.version_of(connection, row) for row, joins in rows if not joins)


def version_rows(db: Database, resource: int) -> list[tuple[Row, bool]]:
    """The rows of an address's versions in the order of time, with whether each only goes on with the one before.

    That is where an imported and an own one meet and agree.
    """
    rows = list(captures.select_versions(db, "WHERE v.resource = ? ORDER BY v.since, v.id", [resource]))
    imported = {row[0] for row in db.execute(_IMPORTED_VERSIONS, [resource])}
    joined = {
        later["id"]
        for earlier, later in pairwise(rows)
        if earlier["text_digest"] == later["text_digest"] and {earlier["id"], later["id"]} & imported
    }
    return [(row, row["id"] in joined) for row in rows]


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
        good = captures.good_at(db, resource, at) if resource is not None else None
        if resource is not None:
            captures.require_all(db, resource)
        if good is None:
            return None
        # A hop within the address (to https, to the final slash) is no failed look.
        later = captures.select(
            db,
            """
            WHERE c.resource = ? AND (c.captured_at, c.id) > (?, ?) AND c.captured_at <= ? AND c.probe = 0
                AND c.version_id IS NULL AND c.outcome IS NOT 'unchanged'
                AND NOT EXISTS (SELECT 1 FROM capture h WHERE h.hop_of = c.id AND h.resource = c.resource)
            ORDER BY c.captured_at, c.id
            """,
            [resource, good["captured_at"], good["id"], stamp(at)],
        )
        return SnapshotView(
            capture=captures.capture_of(db, good),
            page=readings.load(connection, good["reading"]),
            payload=payload_of(db, good),
            erased=tombstone_of(db, good),
            original=original_of(db, good),
            failed_since=tuple(captures.capture_of(db, row) for row in later),
        )


def changes_between(connection: Connection, after: int, through: int) -> tuple[Change, ...]:
    """The changes of one window."""
    with connection.read() as db:
        rows = db.execute("SELECT * FROM change WHERE seq > ? AND seq <= ? ORDER BY seq", [after, through])
        return tuple(CHANGES.value(row) for row in rows)


def changes(connection: Connection, since: datetime | None, source: str | None, kind: str | None) -> tuple[Change, ...]:
    """Changes that fit what is given, in the order of commit; what was told before is not looked through for them.

    By a clock that was set back meanwhile, some that were detected after the moment may be missing.
    """
    after = stamp(since) if since else ""
    with connection.read() as db:
        rows = _changes_since(db, after)
    return tuple(
        CHANGES.made(row)
        for row in reversed(rows)
        if row["detected_at"] >= after
        and not row["withdrawn"]
        and (source is None or source == row["source"] or source in json.loads(row["source_ids"]))
        and (kind is None or fnmatchcase(row["kind"], kind))
    )


def _changes_since(db: Database, after: str) -> list[Row]:
    """The rows of all changes that were detected at or after a moment, and perhaps more, newest first."""
    newest = db.execute("SELECT count(*) FROM change INDEXED BY sqlite_autoindex_change_1").fetchone()[0]
    rows = []
    for row in seals.newest_first(db, "change", newest):
        seals.require(row, f"change {row['seq']}")  # before any is left out: who knows whether a damaged one fits
        if row["detected_at"] < after and not row["imported"]:
            break
        rows.append(row)
    return rows


def changes_named(connection: Connection, ids: Iterable[str]) -> tuple[Change, ...]:
    """The changes with these ids, in the order of commit; ids without one are passed over."""
    query = "SELECT * FROM change WHERE id IN (SELECT value FROM json_each(?)) ORDER BY seq"
    with connection.read() as db:
        return tuple(CHANGES.value(row) for row in db.execute(query, [json_text(sorted(set(ids)))]))


def change_heads(connection: Connection, after: int) -> tuple[ChangeHead, ...]:
    """The heads of all changes behind a commit number."""
    with connection.read() as db:
        rows = db.execute("SELECT * FROM change WHERE seq > ? ORDER BY seq", [after])
        return tuple(_head_of(row) for row in rows if not _is_withdrawn(row))


def changes_numbered(connection: Connection, numbers: Iterable[int]) -> tuple[Change, ...]:
    """Changes by their commit numbers, in the order of commit."""
    wanted = json_text(sorted(set(numbers)))
    with connection.read() as db:
        rows = db.execute("SELECT * FROM change WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq", [wanted])
        return tuple(CHANGES.value(row) for row in rows if not _is_withdrawn(row))


def newest_changes(connection: Connection, limit: int) -> tuple[Change, ...]:
    """The newest changes of our own watching, in the order of commit."""
    with connection.read() as db:
        rows = db.execute("SELECT * FROM change ORDER BY seq DESC")
        return tuple(CHANGES.value(row) for row in reversed([*islice(_watched(rows, "change"), limit)]))


def change(connection: Connection, change_id: str) -> Change | None:
    """One change."""
    with connection.read() as db:
        row = db.execute("SELECT * FROM change WHERE id = ?", [change_id]).fetchone()
    return CHANGES.value(row) if row else None


def held(connection: Connection, source: str | None, since: datetime | None) -> tuple[Held, ...]:
    """What was held back or folded; what is read is what was held since then, however much was held before."""
    after = stamp(since) if since else ""
    with connection.read() as db:
        found = _held_since(db, after)
    return tuple(
        each for each, crawl in reversed(found) if source in (None, each.source) and crawl["started_at"] >= after
    )


def crawls(connection: Connection, source: str | None, limit: int) -> tuple[Crawl, ...]:
    """The newest crawls."""
    with connection.read() as db:
        newest = db.execute("SELECT count(*) FROM crawl INDEXED BY crawl_by_source").fetchone()[0]
        rows = (row for row in seals.newest_first(db, "crawl", newest) if source in (None, row["source"]))
        return tuple(CRAWLS.value(row) for row in islice(_watched(rows, "crawl"), limit))


def last_seq(connection: Connection) -> int:
    """The newest commit number."""
    with connection.read() as db:
        return digests.last_seq(db)


def citation(connection: Connection, capture_id: int) -> Citation | None:
    """Where a capture stands in the chain."""
    with connection.read() as db:
        row = db.execute("SELECT chain FROM capture WHERE id = ?", [capture_id]).fetchone()
        if row is None:
            return None
        newest, head = chain.head(db)
        return Citation(
            installation=str(db.execute("SELECT installation_id FROM archive").fetchone()[0]),
            capture=capture_id,
            link=written(row[0]),
            captures=newest,
            head=written(head),
        )


def erasures_of(connection: Connection, uri: str) -> dict[int, Tombstone]:
    """The captures of an address whose bytes were erased, with the erasure."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        return erasing.erasures_of(db, resource) if resource is not None else {}


def _held_since(db: Database, after: str) -> list[tuple[Held, Row]]:
    """All that crawls held that began at or after a moment, each with its crawl, newest first; and perhaps more.

    The table is read from its end back to what a crawl held that had ended by then. All that crawls behind the last
    such one held has to be there and in the index: neither hides a row that the other has. The index tells to read on,
    too, where an old crawl was detected late: one of a source that was out of the config for a while.
    """
    before, crawls = _begun_since(db, after)
    query = "SELECT id FROM held INDEXED BY held_by_crawl WHERE crawl_id > ?"
    missing = {int(row[0]) for row in db.execute(query, [before])}
    found: list[tuple[Held, Row]] = []
    for row in seals.newest_first(db, "held"):
        each = HELD.value(row)
        if each.crawl_id not in crawls:
            crawls[each.crawl_id] = _crawl_row(db, each.crawl_id)
        if not missing and _ended_before(crawls[each.crawl_id], after):
            break
        found.append((each, crawls[each.crawl_id]))
        if each.crawl_id > before:
            if row["id"] not in missing:
                raise seals.damaged("the list of every held")
            missing.remove(row["id"])
    if missing:
        raise seals.damaged("the list of every held")
    return found


def _begun_since(db: Database, after: str) -> tuple[int, dict[int, Row]]:
    """The newest crawl of ours that had ended before a moment, 0 if none, and all crawls behind it, by id.

    What began at or after the moment is among these, as a crawl gets its number when it begins; of a clock that was
    set back meanwhile, what came before that may be missing.
    """
    found: dict[int, Row] = {}
    for row in seals.newest_first(db, "crawl"):
        CRAWLS.require(row)
        if _ended_before(row, after) and not row["imported"]:
            return int(row["id"]), found
        found[row["id"]] = row
    return 0, found


def _crawl_row(db: Database, crawl: int) -> Row:
    row: Row | None = db.execute("SELECT * FROM crawl WHERE id = ?", [crawl]).fetchone()
    if row is None:
        raise seals.damaged(f"crawl {crawl}")
    CRAWLS.require(row)
    return row


def _ended_before(crawl: Row, after: str) -> bool:
    return crawl["ended_at"] is not None and crawl["ended_at"] < after


def _watched(rows: Iterable[Row], what: str) -> Iterator[Row]:
    """The rows that are no imported history; each is compared with its seal before it may be left out."""
    for row in rows:
        seals.require(row, f"a stored {what}")
        if not row["imported"]:
            yield row


def _is_withdrawn(row: Row) -> bool:
    """Whether imported history no longer says so; of a damaged row nobody knows."""
    seals.require(row, f"change {row['seq']}")
    return bool(row["withdrawn"])


def _head_of(row: Row) -> ChangeHead:
    sources = dict.fromkeys((str(row["source"]), *json.loads(row["source_ids"])))
    named = [row["uri"], *json.loads(row["uris"])]
    before = json.loads(row["before"]) if row["kind"] == "page.moved" else None
    if isinstance(before, str):  # the address that was left
        named.append(before)
    places = dict.fromkeys(address.key(uri) for uri in named)
    return ChangeHead(
        seq=row["seq"],
        id=row["id"],
        kind=row["kind"],
        sources=tuple(sources),
        subject=row["subject"],
        addresses=tuple(places),
        minor=bool(row["minor"]),
        imported=bool(row["imported"]),
        detected_at=moment(row["detected_at"]),
        observed_at=moment(row["observed_at"]),
    )


def payload_of(db: Database, good: Row) -> bytes:
    """The bytes that a capture showed, b"" where they are gone."""
    try:
        return payloads.load(db, good["payload_id"])
    except KeyError:
        return b""


def original_of(db: Database, good: Row) -> Capture | None:
    """The capture whose bytes a 304 confirmed, None of others."""
    row = captures.by_id(db, good["revisit_of"]) if good["revisit_of"] else None
    return captures.capture_of(db, row) if row is not None else None


def tombstone_of(db: Database, good: Row) -> Tombstone | None:
    """The erasure of what a capture showed, None where nothing was erased."""
    row = db.execute("SELECT erasure FROM erased WHERE content = ?", [good["payload_id"]]).fetchone()
    return next((each for each in erasing.tombstones(db) if row and each.id == row[0]), None)


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
