"""Proves an archive: walks everything that is stored and names each item that is not what was written.

What is compared with what: the file with SQLite's own rules, the tables with those that the migrations make, every row
with its seal, all bytes with their SHA-256, the text of every reading with its digest, each capture with its link of
the chain, and every reference with what it refers to. Bytes that were erased are no damage where a tombstone says why.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import blake2b
from typing import TypeVar

from sqlite_utils import Database

from extractors.edition import EXTRACTOR_VERSION
from extractors.find import index_words
from extractors.text import text_digest
from storage import chain, erasing, payloads, schema, seals
from storage.codec import load_page, moment, written
from storage.connection import Connection
from storage.errors import ArchiveDamaged
from storage.records import Finding, Proof, Proven

T = TypeVar("T")

#: Told what is being looked at, how much of it is done, and how much there is.
Step = Callable[[str, int, int], None]

# As many messages of SQLite's own check as fit a screen: after the first, they are mostly the same page's.
_MESSAGES = 100

# Rows of these are never deleted and numbered without a gap, so a missing number is a missing row.
_GAPLESS = ("resource", "content", "crawl", "reading", "capture", "change", "held", "digest")


def verify(connection: Connection, head: bytes | None, step: Step) -> Proof:
    """Look at everything. ``head``: a link of the chain up to which the caller wants the captures proven."""
    with connection.read() as db:
        findings = tuple(_Walk(db, step).findings())
        newest, link = _safely(lambda: chain.head(db), (0, b""))
        return Proof(
            findings=findings,
            captures=newest,
            contents=_count(db, "content"),
            head=written(link),
            proven=_proven(db, head) if head is not None else None,
            tombstones=_safely(lambda: erasing.tombstones(db), ()),
        )


class _Walk:
    """One walk over an archive; damage in one part does not end it."""

    def __init__(self, db: Database, step: Step) -> None:
        self._db = db
        self._step = step

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong."""
        for part, look in (
            ("file", self._file),
            ("schema", self._schema),
            ("rows", self._rows),
            ("bytes", self._bytes),
            ("texts", self._texts),
            ("chain", self._chain),
            ("references", self._references),
            ("search", self._search),
        ):
            try:
                yield from look()
            except (sqlite3.DatabaseError, ArchiveDamaged, ValueError, TypeError, AttributeError, LookupError) as error:
                # The file is torn here: what was found until now stands, and the other parts are still looked at.
                yield Finding(part=part, item="", detail=f"cannot be walked to its end: {error}")

    def _file(self) -> Iterator[Finding]:
        self._step("file", 0, 1)
        for row in self._db.execute(f"PRAGMA integrity_check({_MESSAGES})").fetchall():
            for line in str(row[0]).splitlines():
                if line != "ok":
                    yield Finding(part="file", item="", detail=line)
        self._step("file", 1, 1)

    def _schema(self) -> Iterator[Finding]:
        """Tables, indexes and triggers are those of the migrations."""
        self._step("schema", 0, 1)
        fresh = Database(memory=True)
        schema.SCHEMA.apply(fresh)
        query = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'"
        wanted, found = ({(row[0], row[1]): tuple(row) for row in db.execute(query)} for db in (fresh, self._db))
        fresh.close()
        for name in sorted(wanted.keys() | found.keys()):
            if wanted.get(name) != found.get(name):
                yield Finding(part="schema", item=" ".join(name), detail="is not what the migrations make")
        query = "SELECT count(*) FROM _sqlite_migrations WHERE migration_set = 'amtsblick'"
        done = self._db.execute(query).fetchone()[0]
        if done != schema.VERSION:
            yield Finding(part="schema", item="_sqlite_migrations", detail=f"lists {done} of {schema.VERSION}")
        if self._db.execute("SELECT migrations FROM archive").fetchone()[0] != seals.of_migrations(self._db):
            yield Finding(part="schema", item="_sqlite_migrations", detail="does not fit its seal")
        self._step("schema", 1, 1)

    def _rows(self) -> Iterator[Finding]:
        total = sum(_count(self._db, table) for table in seals.SEALED)
        done = 0

        def step(rows: int) -> None:
            nonlocal done
            done += rows
            self._step("rows", min(done, total), total)

        step(0)
        for table, key in seals.broken(self._db, step):
            yield Finding(part="rows", item=f"{table} {key}", detail="does not fit its seal")
        for table in _GAPLESS:
            (column,) = seals.SEALED[table]
            newest = self._db.execute(f"SELECT coalesce(max({column}), 0) FROM {table}").fetchone()[0]  # noqa: S608
            if newest != (there := _count(self._db, table)):
                yield Finding(part="rows", item=table, detail=f"{newest} rows were written, {there} are there")
        for table in ("change", "crawl", "digest", "erasure"):
            (column,) = seals.SEALED[table]
            given = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
            newest = self._db.execute(f"SELECT coalesce(max({column}), 0) FROM {table}").fetchone()[0]  # noqa: S608
            if (given[0] if given else 0) != newest:
                yield Finding(part="rows", item=table, detail=f"the last number given is not {newest}, the newest")
        self._step("rows", total, total)

    def _bytes(self) -> Iterator[Finding]:
        rows = self._db.execute("SELECT id, digest, size, data IS NULL FROM content ORDER BY id").fetchall()
        explained = erasing.explained(self._db)
        for number, (content, digest, size, gone) in enumerate(rows, 1):
            self._step("bytes", number, len(rows))
            item = f"content {content} ({written(digest)})"
            if gone:
                if content not in explained:
                    yield Finding(part="bytes", item=item, detail="the bytes are gone, and nothing says why")
                continue
            try:
                if len(payloads.load(self._db, content)) != size:
                    yield Finding(part="bytes", item=item, detail="the size is another")
                stored = self._db.execute("SELECT data, seal FROM content WHERE id = ?", [content]).fetchone()
                if not seals.fits_packed(*stored):
                    yield Finding(part="bytes", item=item, detail="what is stored is another, and unpacks to the same")
            except (ArchiveDamaged, KeyError):
                yield Finding(part="bytes", item=f"{item}{self._shown_by(content)}", detail="the bytes are damaged")

    def _shown_by(self, content: int) -> str:
        """Where a payload or a reading came from: what a person has to look for in a backup, or on the web."""
        row = self._db.execute(
            """
            SELECT c.id, c.uri FROM capture c LEFT JOIN reading d ON d.id = c.reading
            WHERE c.payload = ?1 OR c.head = ?1 OR c.request = ?1 OR d.content = ?1 ORDER BY c.id LIMIT 1
            """,
            [content],
        ).fetchone()
        return f", first of capture {row[0]} of {row[1]}" if row else ""

    def _texts(self) -> Iterator[Finding]:
        rows = self._db.execute("SELECT id, content, text_digest, extractor_version FROM reading").fetchall()
        for number, (reading, content, digest, edition) in enumerate(rows, 1):
            self._step("texts", number, len(rows))
            try:
                page = load_page(payloads.load(self._db, content))
            except (ArchiveDamaged, KeyError):
                continue  # said where the bytes were looked at
            # How the words of a text are folded belongs to the extractor; an earlier one's digest is its own.
            if edition == EXTRACTOR_VERSION and text_digest(page) != written(digest):
                yield Finding(part="texts", item=f"reading {reading}", detail="the text does not fit its digest")

    def _chain(self) -> Iterator[Finding]:
        total = _count(self._db, "capture")
        self._step("chain", 0, total)
        redacted = erasing.redacted_captures(self._db)
        for capture in chain.broken(self._db):
            if capture not in redacted:
                yield Finding(part="chain", item=f"capture {capture}", detail="does not fit its link of the chain")
        whole = self._db.execute("SELECT count(*) FROM capture c JOIN resource r ON r.id = c.resource").fetchone()[0]
        if whole != total:
            yield Finding(part="chain", item="capture", detail=f"{total - whole} captures lack their address")
        self._step("chain", total, total)

    def _references(self) -> Iterator[Finding]:
        self._step("references", 0, 1)
        for table, row, parent, _ in self._db.execute("PRAGMA foreign_key_check").fetchall():
            yield Finding(
                part="references", item=f"{table} {row}", detail=f"refers to a row of {parent} that is not there"
            )
        known = {row[0] for row in self._db.execute("SELECT id FROM change")}
        for number, ids in self._db.execute("SELECT number, change_ids FROM digest").fetchall():
            lost = [each for each in json.loads(ids) if each not in known]
            if lost:
                yield Finding(
                    part="references", item=f"digest {number}", detail=f"tells of {len(lost)} changes not there"
                )
        self._step("references", 1, 1)

    def _search(self) -> Iterator[Finding]:
        """The index has the words of every reading that it says it has, and no others."""
        found: dict[int, int] = {}
        for term, reading in self._db.execute("SELECT term, doc FROM search_place"):
            found[reading] = found.get(reading, 0) ^ _mark(term)
        rows = self._db.execute("SELECT id, content FROM reading WHERE searched = 1").fetchall()
        for number, (reading, content) in enumerate(rows, 1):
            self._step("search", number, len(rows))
            try:
                page = load_page(payloads.load(self._db, content))
            except (ArchiveDamaged, KeyError):
                found.pop(reading, None)
                continue  # said where the bytes were looked at
            wanted = 0
            for word in set(index_words(page).split()):
                wanted ^= _mark(word)
            if found.pop(reading, 0) != wanted:
                yield Finding(part="search", item=f"reading {reading}", detail="the index has other words")
        for reading in sorted(found):
            yield Finding(part="search", item=f"reading {reading}", detail="is in the index and should not be")


def _mark(word: str) -> int:
    """A number for a word; those of a set, xor-ed, stand for the set."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest())


def _proven(db: Database, head: bytes) -> Proven | None:
    """The capture whose link this is; the link before the first counts too."""
    if chain.genesis(db).startswith(head):
        return Proven(capture=0, captured_at=None, whole=True)
    query = "SELECT id, captured_at FROM capture WHERE substr(chain, 1, ?) = ? ORDER BY id LIMIT 1"
    row = db.execute(query, [len(head), head]).fetchone()
    if row is None:
        return None
    redacted = erasing.redacted_captures(db)
    wrong = [each for each in chain.broken(db) if each <= row[0] and each not in redacted]
    return Proven(capture=int(row[0]), captured_at=_time(row[1]), whole=not wrong)


def _time(text: str) -> datetime | None:
    return _safely(lambda: moment(text), None)


def _count(db: Database, table: str) -> int:
    return _safely(lambda: int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]), 0)  # noqa: S608 - constants


def _safely(look: Callable[[], T], otherwise: T) -> T:
    """What can be read of a damaged archive, or a stand-in; the damage itself has been found before."""
    try:
        return look()
    except (sqlite3.DatabaseError, ArchiveDamaged, ValueError, TypeError, AttributeError, LookupError):
        return otherwise
