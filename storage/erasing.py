"""Lawful erasure: bytes, texts and every copy of them go, rows and their hashes stay, a tombstone says why.

An erasure also stands in a file of its own beside the archive, so that a backup that is put back, by whatever means,
does not bring back what was erased (ADR 18). A passage stands there as a salted hash over its words.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from sqlite3 import Row
from typing import Any

from sqlite_utils import Database

from extractors import address
from extractors.edition import EXTRACTOR_VERSION
from extractors.model import Link, Page
from storage import deliveries, failpoint, files, holds, passages, payloads, readings, seals, search
from storage.codec import dump_page, json_text, load_page, maybe_stamp, moment, stamp
from storage.connection import Connection, insert
from storage.errors import ArchiveBusy
from storage.records import Erased, ErasureKind, ErasureOrder, Tombstone

#: What stands where something was erased; staff and readers see it.
MARK = "[gelöscht]"
_STOPPED = "erased"

_EVERY_CONTENT = "SELECT id FROM content WHERE data IS NOT NULL ORDER BY id"


@dataclass(slots=True)
class _Found:
    """What an erasure reaches, by id."""

    addresses: frozenset[str] = frozenset()
    captures: frozenset[int] = frozenset()
    contents: frozenset[int] = frozenset()  # payloads, and heads and requests that say it
    readings: frozenset[int] = frozenset()
    versions: frozenset[int] = frozenset()
    changes: frozenset[str] = frozenset()
    digests: frozenset[int] = frozenset()
    shared: tuple[str, ...] = ()  # addresses that show the same bytes: those bytes stay


class _DryRunError(Exception):
    """Ends a transaction that was only tried."""


def erase(connection: Connection, order: ErasureOrder, now: datetime, *, dry_run: bool) -> Erased:
    """Carry out an order in one transaction, then clean the file of what SQLite has left of it.

    ``dry_run`` does the same and takes it back. ArchiveBusy when it is done and somebody's reading keeps the file from
    being cleaned: the next opening, or the next call, cleans it.
    """
    done: Erased | None = None
    connection.db.execute("PRAGMA secure_delete = ON").fetchone()
    try:
        with connection.write("erase") as db:
            done = _carry_out(db, order, now)
            if dry_run:
                raise _DryRunError  # noqa: TRY301 - it takes the transaction back
            _note(connection.path, order, now)  # before the commit: a kill in between is made up by the next opening
    except _DryRunError:
        pass
    if done is None:
        raise AssertionError("an erasure without a result")
    connection.pages.clear()
    if not dry_run:
        clean(connection)
    return done


def clean(connection: Connection) -> None:
    """Write the file anew without the remains of what was erased, and empty its log."""
    connection.vacuum()
    with connection.write("erase") as db:
        db.execute("UPDATE erasure SET cleaned = 1 WHERE cleaned = 0")
    if not connection.checkpoint():
        raise ArchiveBusy(
            f"{connection.path}: erased, but somebody is reading, so that remains may still lie in the log; "
            "repeat when they have finished"
        )


def heal(connection: Connection) -> tuple[Tombstone, ...]:
    """Repeat erasures that stand beside the archive and not in it, and clean what a killed process left uncleaned."""
    with connection.read() as db:
        known = {str(row[0]) for row in db.execute("SELECT name FROM erasure")}
        open_ = db.execute("SELECT 1 FROM erasure WHERE cleaned = 0 AND kind <> 'retention' LIMIT 1").fetchone()
    missing = [(order, at) for order, at in _noted(connection.path) if order.name not in known]
    for order, at in missing:
        with connection.write("erase") as db:
            _carry_out(db, order, at)
    if missing or open_:
        try:
            connection.pages.clear()
            clean(connection)
        except ArchiveBusy:
            pass  # done as soon as nobody reads
    names = {order.name for order, _ in missing}
    with connection.read() as db:
        return tuple(each for each in tombstones(db) if each.name in names)


def tombstones(db: Database) -> tuple[Tombstone, ...]:
    """Every erasure, oldest first."""
    return tuple(_tombstone(row) for row in db.execute("SELECT * FROM erasure ORDER BY id").fetchall())


def explained(db: Database) -> frozenset[int]:
    """The contents whose bytes are gone for a reason that the archive knows."""
    rows = db.execute(
        """
        SELECT content FROM erased UNION SELECT message FROM delivery WHERE purged_at IS NOT NULL
        UNION SELECT html FROM delivery WHERE purged_at IS NOT NULL
        """
    )
    return frozenset(int(row[0]) for row in rows)


def redacted_captures(db: Database) -> frozenset[int]:
    """The captures of which a word was erased that is part of their link: the link stands, and is not recomputed."""
    return frozenset(int(row[0]) for row in db.execute("SELECT capture FROM redacted"))


def erasures_of(db: Database, resource: int) -> dict[int, Tombstone]:
    """Of an address, the captures whose bytes were erased, with the erasure."""
    known = {each.id: each for each in tombstones(db)}
    rows = db.execute(
        """
        SELECT c.id, e.erasure FROM capture c LEFT JOIN capture o ON o.id = c.revisit_of
        JOIN erased e ON e.content = coalesce(o.payload, c.payload) WHERE c.resource = ?
        """,
        [resource],
    )
    return {int(row[0]): known[row[1]] for row in rows}


def drop_bytes(db: Database, contents: Iterable[int], erasure: int) -> int:
    """Take the bytes of some contents away and say why; how many still had any. Part of a transaction.

    An order also takes over what a rule of retention had let go before: what the rule lets go may come back.
    """
    going = sorted(set(contents))
    payloads.rebase(db, going)
    wanted = json_text(going)
    rows = db.execute(
        "SELECT id FROM content WHERE data IS NOT NULL AND id IN (SELECT value FROM json_each(?))", [wanted]
    ).fetchall()
    for (content,) in rows:
        db.execute("UPDATE content SET data = NULL, base = NULL WHERE id = ?", [content])
    db.execute(
        """
        INSERT INTO erased (content, erasure) SELECT id, ?2 FROM content
        WHERE data IS NULL AND id IN (SELECT value FROM json_each(?1))
        ON CONFLICT (content) DO UPDATE SET erasure = excluded.erasure
            WHERE (SELECT kind FROM erasure WHERE id = erased.erasure) = 'retention'
        """,
        [wanted, erasure],
    )
    return len(rows)


# --- one order, part of a transaction


def _carry_out(db: Database, order: ErasureOrder, at: datetime) -> Erased:
    passage = passages.of(order)
    found = _reach(db, order, at) if passage is None else _reach_passage(db, passage)
    holds.refuse(db, found.captures)
    erasure = insert(
        db,
        "erasure",
        {
            "name": order.name,
            "erased_at": stamp(at),
            "kind": order.kind,
            "subject": order.subject,
            "by": order.by,
            "reason": order.reason,
            "basis": order.basis,
            "payloads": 0,
            "readings": 0,
            "changes": 0,
            "messages": 0,
            "cleaned": 0,
        },
    )
    gone = _redact_readings(db, found, passage)
    failpoint.hit("erase.halfway")
    bodies = [row[0] for row in _by_ids(db, "digest", "number", found.digests, "body")]
    messages = _stop_messages(db, found.digests, at)
    bytes_gone = drop_bytes(db, [*found.contents, *gone, *bodies], erasure)
    _redact_rows(db, found, passage, erasure)
    counts = {
        "payloads": len(found.contents),
        "readings": len(found.readings),
        "changes": len(found.changes),
        "messages": messages,
    }
    db.execute(
        "UPDATE erasure SET payloads = ?, readings = ?, changes = ?, messages = ? WHERE id = ?",
        [*counts.values(), erasure],
    )
    row = db.execute("SELECT * FROM erasure WHERE id = ?", [erasure]).fetchone()
    uris = db.execute(
        "SELECT DISTINCT uri FROM capture WHERE id IN (SELECT value FROM json_each(?)) ORDER BY uri",
        [json_text(sorted(found.captures))],
    )
    return Erased(
        tombstone=_tombstone(row),
        captures=len(found.captures),
        contents=bytes_gone,
        uris=tuple(str(each[0]) for each in uris.fetchall()),
        digests=tuple(sorted(found.digests)),
        shared=found.shared,
    )


def _reach(db: Database, order: ErasureOrder, at: datetime) -> _Found:
    """What belongs to an address, or to the bytes that one capture shows there."""
    if order.kind is ErasureKind.URI:
        where = address.key(order.subject)
        rows = db.execute(
            "SELECT c.id FROM capture c JOIN resource r ON r.id = c.resource "
            "WHERE r.address = ? AND c.captured_at <= ?",
            [where, stamp(at)],
        ).fetchall()
        addresses = frozenset({where})
    else:
        rows = db.execute(
            """
            SELECT c.id FROM capture c LEFT JOIN capture o ON o.id = c.revisit_of
            JOIN (SELECT m.resource, m.id, coalesce(p.payload, m.payload) AS payload FROM capture m
                LEFT JOIN capture p ON p.id = m.revisit_of WHERE m.id = ?) m ON m.resource = c.resource
            WHERE c.id = m.id OR coalesce(o.payload, c.payload) = m.payload
            """,
            [int(order.subject)],
        ).fetchall()
        addresses = frozenset()
    ids = frozenset(int(row[0]) for row in rows)
    wanted = json_text(sorted(ids))
    shown = {
        int(row[0])
        for row in db.execute(
            "SELECT DISTINCT payload FROM capture WHERE payload IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
            [wanted],
        )
    }
    elsewhere = db.execute(
        """
        SELECT payload, uri FROM capture WHERE payload IN (SELECT value FROM json_each(?))
            AND id NOT IN (SELECT value FROM json_each(?)) GROUP BY payload, resource
        """,
        [json_text(sorted(shown)), wanted],
    ).fetchall()
    well = _shown_well(db, wanted)
    versions = _versions_of(db, ids)
    texts = _texts_of(db, ids, versions, addresses)
    changes = _changes_of(db, versions, addresses)
    return _Found(
        addresses=addresses,
        captures=ids,
        contents=frozenset(shown - {int(row[0]) for row in elsewhere}),
        readings=texts,
        versions=versions,
        changes=changes,
        digests=_digests_of(db, changes),
        shared=tuple(sorted({str(row[1]) for row in elsewhere if int(row[0]) in well})),
    )


def _shown_well(db: Database, wanted: str) -> frozenset[int]:
    """Of some captures, the payloads that showed a page: an error page that all addresses share is no page of any."""
    rows = db.execute(
        "SELECT payload FROM capture WHERE version_id IS NOT NULL AND id IN (SELECT value FROM json_each(?))", [wanted]
    )
    return frozenset(int(row[0]) for row in rows if row[0] is not None)


def _versions_of(db: Database, ids: frozenset[int]) -> frozenset[int]:
    """The versions that no capture but these belongs to."""
    rows = db.execute(
        """
        SELECT DISTINCT version_id FROM capture WHERE version_id IS NOT NULL AND id IN (SELECT value FROM json_each(?1))
        EXCEPT SELECT version_id FROM capture WHERE id NOT IN (SELECT value FROM json_each(?1))
        """,
        [json_text(sorted(ids))],
    )
    return frozenset(int(row[0]) for row in rows)


def _texts_of(db: Database, ids: frozenset[int], versions: frozenset[int], addresses: frozenset[str]) -> frozenset[int]:
    """The readings of some captures and versions, and those of these addresses that nothing refers to any more."""
    rows = db.execute(
        """
        SELECT reading FROM capture WHERE reading IS NOT NULL AND id IN (SELECT value FROM json_each(?))
        UNION SELECT reading FROM version WHERE id IN (SELECT value FROM json_each(?))
        """,
        [json_text(sorted(ids)), json_text(sorted(versions))],
    ).fetchall()
    loose = db.execute(
        """
        SELECT d.id, d.content FROM reading d JOIN content k ON k.id = d.content WHERE k.data IS NOT NULL
            AND d.id NOT IN (SELECT reading FROM capture WHERE reading IS NOT NULL)
            AND d.id NOT IN (SELECT reading FROM version)
        """
    ).fetchall()
    mine = {int(row[0]) for row in loose if address.key(load_page(payloads.load(db, row[1])).uri) in addresses}
    return frozenset({int(row[0]) for row in rows} | mine)


def _changes_of(db: Database, versions: frozenset[int], addresses: frozenset[str]) -> frozenset[str]:
    """The changes that were told from some versions, or about some addresses."""
    rows = db.execute("SELECT id, subject, uri, uris, version_before, version_after FROM change").fetchall()
    return frozenset(
        str(row["id"])
        for row in rows
        if row["version_before"] in versions
        or row["version_after"] in versions
        or row["subject"] in addresses
        or (addresses and {address.key(uri) for uri in (row["uri"], *json.loads(row["uris"])) if uri} <= addresses)
    )


def _digests_of(db: Database, changes: frozenset[str]) -> frozenset[int]:
    rows = db.execute("SELECT number, change_ids FROM digest").fetchall()
    return frozenset(int(row[0]) for row in rows if not changes.isdisjoint(json.loads(row[1])))


def _reach_passage(db: Database, passage: passages.Passage) -> _Found:
    """Everything that says the words: whatever their spelling, spaces, markup and encoding."""
    said = frozenset(int(row[0]) for row in db.execute(_EVERY_CONTENT).fetchall() if _says(db, int(row[0]), passage))
    wanted = json_text(sorted(said))
    texts = frozenset(
        int(row[0])
        for row in db.execute("SELECT id FROM reading WHERE content IN (SELECT value FROM json_each(?))", [wanted])
    )
    # A document's bytes are packed: what its reading says, its payload says too.
    rows = db.execute(
        """
        SELECT c.id, coalesce(o.payload, c.payload) AS shown, c.head, c.request,
            c.payload IN (SELECT value FROM json_each(?1)) OR c.reading IN (SELECT value FROM json_each(?2)) AS says
        FROM capture c LEFT JOIN capture o ON o.id = c.revisit_of
        WHERE says OR c.head IN (SELECT value FROM json_each(?1)) OR c.request IN (SELECT value FROM json_each(?1))
        """,
        [wanted, json_text(sorted(texts))],
    ).fetchall()
    heads = {int(row[name]) for row in rows for name in ("head", "request") if row[name] in said}
    shown = {int(row["shown"]) for row in rows if row["says"] and row["shown"] is not None}
    changes = frozenset(
        str(row["id"])
        for row in db.execute("SELECT id, title, summary, before, after, facts, reason FROM change").fetchall()
        if any(passage.spans(_words_of(row[name])) for name in row.keys() if name != "id")  # noqa: SIM118 - a Row
    )
    told = {int(row[0]) for row in db.execute("SELECT number, body, subject FROM digest").fetchall()
            if row[1] in said or passage.spans(row[2])}  # fmt: skip
    mailed = {int(row[0]) for row in db.execute(
        "SELECT DISTINCT digest FROM delivery WHERE message IN (SELECT value FROM json_each(?1)) "
        "OR html IN (SELECT value FROM json_each(?1))", [wanted])}  # fmt: skip
    return _Found(
        captures=frozenset(int(row["id"]) for row in rows),
        contents=frozenset(heads | shown),
        readings=texts,
        changes=changes,
        digests=frozenset(told | mailed) | _digests_of(db, changes),
    )


def _says(db: Database, content: int, passage: passages.Passage) -> bool:
    row = db.execute("SELECT head FROM capture WHERE payload = ? ORDER BY id LIMIT 1", [content]).fetchone()
    head = _bytes(db, row[0]) if row else b""
    return any(passage.spans(text) for text in passages.texts(payloads.load(db, content), head))


def _bytes(db: Database, content: int) -> bytes:
    try:
        return payloads.load(db, content)
    except KeyError:
        return b""


def _words_of(cell: str) -> str:
    """A JSON column as text: what is escaped there is a letter to a reader."""
    try:
        return " ".join(_strings(json.loads(cell)))
    except ValueError:
        return cell


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _redact_readings(db: Database, found: _Found, passage: passages.Passage | None) -> set[int]:
    """Put a page without the words, or without any, in the place of each reading; the contents that are free now."""
    where = None if passage else (json_text(sorted(found.captures)), json_text(sorted(found.versions)))
    free = set()
    for reading in sorted(found.readings):
        content = db.execute("SELECT content FROM reading WHERE id = ?", [reading]).fetchone()[0]
        data = _bytes(db, content)
        if data:
            page = load_page(data)
            free |= put_in_place(db, reading, _without(page, passage) if passage else _nothing(page), where)
    return free


def put_in_place(db: Database, reading: int, page: Page, where: tuple[str, str] | None) -> set[int]:
    """Give captures and versions another page than a reading; the reading's content, if nothing has it any more.

    ``where``: JSON lists of captures and versions; None means all of them. Part of a transaction.
    """
    kept = readings.store(db, page)
    if kept.id == reading:
        return set()
    for table, ids in zip(("capture", "version"), where or (None, None), strict=True):
        limit = "" if ids is None else "AND id IN (SELECT value FROM json_each(?))"
        values = [kept.id, reading] if ids is None else [kept.id, reading, ids]
        db.execute(f"UPDATE {table} SET reading = ? WHERE reading = ? {limit}", values)  # noqa: S608 - constants
    content, used = db.execute(
        """
        SELECT content, EXISTS (SELECT 1 FROM capture c WHERE c.reading = d.id OR c.payload = d.content)
            OR EXISTS (SELECT 1 FROM version v WHERE v.reading = d.id)
        FROM reading d WHERE d.id = ?
        """,
        [reading],
    ).fetchone()
    search.refresh(db, [kept.id])
    if used:
        return set()
    search.forget(db, [reading])
    return {int(content)}


def _nothing(page: Page) -> Page:
    """A page of which nothing is left but where it leads: known addresses are still asked for."""
    return Page(
        uri=page.uri,
        title=MARK,
        kind=page.kind,
        language=page.language,
        links=tuple(Link(uri=each.uri, text="") for each in page.links),
        extractor=page.extractor,
        extractor_version=page.extractor_version or EXTRACTOR_VERSION,
    )


def _without(page: Page, passage: passages.Passage) -> Page:
    """A page with a mark in the place of the words; one whose words run over two blocks loses both."""
    whole = load_page(json_text(_marked(json.loads(dump_page(page)), passage)).encode())
    left = " ".join(block.text for block in whole.blocks)
    if passage.spans(left):
        whole = replace(whole, blocks=tuple(replace(block, text=MARK) for block in whole.blocks))
    return whole


def _marked(value: Any, passage: passages.Passage) -> Any:
    """The same JSON with a mark in the place of the words, in every string; addresses stay."""
    if isinstance(value, str):
        return passage.marked(value, MARK)
    if isinstance(value, dict):
        return {name: each if name in ("uri", "kind") else _marked(each, passage) for name, each in value.items()}
    return [_marked(each, passage) for each in value] if isinstance(value, list) else value


def _stop_messages(db: Database, digests: frozenset[int], at: datetime) -> int:
    """Erase the frozen messages of some digests, and drop those that have not gone out."""
    rows = _by_ids(db, "delivery", "digest", digests, "id")
    ids = [int(row[0]) for row in rows]
    db.execute(
        """
        UPDATE delivery SET state = 'dropped', last_answer = ?, next_at = NULL, lease_until = NULL, updated_at = ?
        WHERE state IN ('queued', 'deferred', 'held', 'sending') AND id IN (SELECT value FROM json_each(?))
        """,
        [_STOPPED, stamp(at), json_text(ids)],
    )
    deliveries.erase(db, ids, at)
    return len(ids)


#: Columns in which text of a page, or what was made of it, may stand; the key of the row first.
_TEXTS = (
    ("notice", ("id",), ("text",)),
    ("seminar", ("id",), ("title", "city", "quote", "mentions", "conflicts")),
    ("held", ("id",), ("detail",)),
    ("watch", ("source", "address"), ("label",)),
    ("source_state", ("name",), ("shared",)),
)
_OF_CHANGES = ("title", "summary", "before", "after", "facts", "reason")


def _redact_rows(db: Database, found: _Found, passage: passages.Passage | None, erasure: int) -> None:
    if passage is not None:
        for table, key, names in (*_TEXTS, ("change", ("seq",), _OF_CHANGES), ("digest", ("number",), ("subject",))):
            _mark_table(db, table, key, names, passage)
        _mark_captures(db, passage, erasure)
        return
    for change in found.changes:
        db.execute(
            "UPDATE change SET title = ?1, summary = ?1, before = 'null', after = 'null', facts = '{}' WHERE id = ?2",
            [MARK, change],
        )
    db.execute(
        "UPDATE digest SET subject = ? WHERE number IN (SELECT value FROM json_each(?))",
        [MARK, json_text(sorted(found.digests))],
    )
    _forget_addresses(db, found.addresses)


def _forget_addresses(db: Database, addresses: frozenset[str]) -> None:
    """What was held, noticed and registered from some addresses, in the words that stood there."""
    if not addresses:
        return
    for row in db.execute("SELECT id, uri FROM held WHERE detail <> ''").fetchall():
        if address.key(row["uri"]) in addresses:
            db.execute("UPDATE held SET detail = '' WHERE id = ?", [row["id"]])
    for row in db.execute("SELECT id, uris FROM notice").fetchall():
        if {address.key(uri) for uri in json.loads(row["uris"])} <= addresses:
            db.execute("UPDATE notice SET text = ? WHERE id = ?", [MARK, row["id"]])
    for row in db.execute("SELECT id, uri, mentions FROM seminar").fetchall():
        mentions = json.loads(row["mentions"])
        if all(each["address"] not in addresses for each in mentions):
            continue
        kept = [each | ({"title": MARK, "quote": MARK} if each["address"] in addresses else {}) for each in mentions]
        db.execute("UPDATE seminar SET mentions = ? WHERE id = ?", [json_text(kept), row["id"]])
        if address.key(row["uri"]) in addresses:
            db.execute("UPDATE seminar SET title = ?1, quote = ?1 WHERE id = ?2", [MARK, row["id"]])


def _mark_table(db: Database, table: str, key: Sequence[str], names: Sequence[str], passage: passages.Passage) -> None:
    listed = ", ".join(f'"{name}"' for name in (*key, *names))
    for row in db.execute(f"SELECT {listed} FROM {table}").fetchall():  # noqa: S608 - constants
        for name in names:
            cell = _mark_cell(row[name], passage)
            if cell != row[name]:
                same = " AND ".join(f'"{each}" = ?' for each in key)
                values = [cell, *(row[each] for each in key)]
                db.execute(f'UPDATE {table} SET "{name}" = ? WHERE {same}', values)  # noqa: S608 - constants


def _mark_cell(cell: str | None, passage: passages.Passage) -> str | None:
    if not cell or not passage.spans(_words_of(cell)):
        return cell
    try:
        value = json.loads(cell)
    except ValueError:
        return passage.marked(cell, MARK)
    marked = _marked(value, passage)
    # Words that run from one string into the next: nothing of the value is left.
    left = json_text(marked)
    return json_text(MARK if isinstance(value, str) else type(value)()) if passage.spans(_words_of(left)) else left


def _mark_captures(db: Database, passage: passages.Passage, erasure: int) -> None:
    """Labels of links, and what a look was judged by. A label is part of a link of the chain, which stands."""
    rows = db.execute("SELECT id, label, error, detail FROM capture").fetchall()
    arrivals = [row for row in rows if passage.spans(row["label"]) or passage.spans(row["error"])]
    for row in rows:
        if passage.spans(row["detail"]):
            db.execute("UPDATE capture SET detail = ? WHERE id = ?", [passage.marked(row["detail"], MARK), row["id"]])
    if not arrivals:
        return
    rule = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'capture_stays'").fetchone()[0]
    db.execute("DROP TRIGGER capture_stays")
    for row in arrivals:
        cells = [passage.marked(row[name], MARK) for name in ("label", "error")]
        db.execute("UPDATE capture SET label = ?, error = ? WHERE id = ?", [*cells, row["id"]])
        db.execute("INSERT INTO redacted VALUES (?, ?, NULL) ON CONFLICT DO NOTHING", [row["id"], erasure])
    db.execute(rule)


def _by_ids(db: Database, table: str, key: str, ids: Iterable[int], column: str) -> list[Row]:
    return list(
        db.execute(
            f"SELECT {column} FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))",  # noqa: S608 - constants
            [json_text(sorted(ids))],
        )
    )


def _tombstone(row: Row) -> Tombstone:
    seals.require(row, f"tombstone {row['id']}")
    return Tombstone(
        id=row["id"],
        name=row["name"],
        erased_at=moment(row["erased_at"]),
        kind=row["kind"],
        subject=row["subject"],
        by=row["by"],
        reason=row["reason"],
        basis=row["basis"],
        payloads=row["payloads"],
        readings=row["readings"],
        changes=row["changes"],
        messages=row["messages"],
    )


# --- the file beside the archive


def _file(archive: Path) -> Path:
    return archive.with_name(archive.name + ".erased")


def _note(archive: Path, order: ErasureOrder, now: datetime) -> None:
    """Append a line, durably. It holds no word of what was erased."""
    line = json.dumps(
        {
            "name": order.name,
            "at": maybe_stamp(now),
            "kind": order.kind,
            "subject": order.subject,
            "by": order.by,
            "reason": order.reason,
            "basis": order.basis,
        }
    )
    files.append(_file(archive), f"{line}\n")


def _noted(archive: Path) -> Iterator[tuple[ErasureOrder, datetime]]:
    for line in files.lines(_file(archive)):
        try:
            found = json.loads(line)
            order = ErasureOrder(
                kind=ErasureKind(found["kind"]),
                subject=str(found["subject"]),
                by=str(found["by"]),
                reason=str(found["reason"]),
                basis=str(found["basis"]),
                name=str(found["name"]),
            )
            yield order, moment(found["at"])
        except (ValueError, KeyError, TypeError):
            continue  # a line that a power cut left in half


def new_name() -> str:
    """A name that no other erasure has, in this archive or in a backup of it."""
    return secrets.token_hex(16)
