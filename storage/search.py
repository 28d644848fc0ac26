"""The words of all versions' texts: kept in step with the versions, and looked up.

The index says which readings have a word, and that is all (docs/adr/0015). What a person types goes nowhere near
FTS5's own query language: its vocabulary is read, words are matched here, and readings are asked for by whole words.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from sqlite3 import Row
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from extractors import find
from extractors.find import Part, Wanted
from extractors.model import Page, PageKind
from storage import payloads, readings
from storage.codec import json_text, load_page, maybe_moment, moment, stamp
from storage.connection import Connection, Words, index_damaged, translated
from storage.errors import ArchiveDamaged
from storage.records import SearchHit, SearchKind

_IN, _OUT = 1, 0  # reading.searched
_TIDIED = 500  # pages of 4 kB that are written anew at most: 2 MB, once a crawl
_SOUGHT = 100  # words whose finds readers keep: somebody turns pages, or sets filters
_AT_ONCE = 500  # readings put into the index in one transaction
_PARTS = {
    None: frozenset(Part),
    SearchKind.PAGE: frozenset(Part) - {Part.NOTICE},
    SearchKind.DOCUMENT: frozenset(Part),
    SearchKind.NOTICE: frozenset({Part.NOTICE}),
}

# A version's text stood until the next version of its address.
_UNTIL = """
SELECT n.since FROM version n WHERE n.resource = v.resource AND (n.since, n.id) > (v.since, v.id)
ORDER BY n.since, n.id LIMIT 1
"""
_ALLOWED = f"""
    (:until IS NULL OR v.since <= :until) AND (:since IS NULL OR coalesce(({_UNTIL}), '9') > :since)
    AND (:source IS NULL OR EXISTS (SELECT 1 FROM watch w JOIN resource r ON r.address = w.address
            WHERE w.source = :source AND r.id = v.resource)
        OR EXISTS (SELECT 1 FROM capture c JOIN crawl k ON k.id = c.crawl_id
            WHERE c.id = v.first_capture AND k.source = :source))
"""  # noqa: S608 - a query of this module
_NEWEST_FIRST = "ORDER BY v.since DESC, v.id DESC"
# The pages of some readings, each as often as it has versions of them; and the versions of one page.
_PAGES = f"""
SELECT v.resource FROM version v
WHERE v.reading IN (SELECT value FROM json_each(:readings)) AND {_ALLOWED} {_NEWEST_FIRST}
"""  # noqa: S608 - the same
_VERSIONS = f"""
SELECT v.id, v.resource, v.reading, v.uri, v.since FROM version v
WHERE v.resource = :resource AND {_ALLOWED} {_NEWEST_FIRST}
"""  # noqa: S608 - the same
_WITH_WORDS = "SELECT DISTINCT doc FROM search_place WHERE term IN (SELECT value FROM json_each(?))"
_INSERT = "INSERT INTO search (rowid, words) VALUES (?, ?)"
_STOOD_UNTIL = f"SELECT ({_UNTIL}) FROM version v WHERE v.id = ?"  # noqa: S608 - the same


# Readings that come into the index at the end of a transaction, with their words: see gathering.
_waiting: WeakKeyDictionary[Database, dict[int, str]] = WeakKeyDictionary()


class Filters(NamedTuple):
    """What hits are limited to; None is no limit."""

    source: str | None = None
    kind: SearchKind | None = None
    since: datetime | None = None
    until: datetime | None = None


# --- keeping it in step; each of these is part of a transaction


@contextmanager
def gathering(db: Database) -> Iterator[None]:
    """Let readings that are refreshed inside come into the index at the end, all at once; in one transaction.

    At every savepoint FTS5 writes what it was given so far as a part of its own, which takes three times as long as to
    take in a page (measured with SQLite 3.40).
    """
    if db in _waiting:
        yield
        return
    waiting = _waiting[db] = {}
    try:
        yield
        # Some may have been taken out again, or rolled back to a savepoint, since: the rows say so.
        there = "SELECT id FROM reading WHERE searched = 1 AND id IN (SELECT value FROM json_each(?))"
        for (name,) in db.execute(there, [json_text(sorted(waiting))]).fetchall():
            db.execute(_INSERT, [name, waiting[name]])
    finally:
        del _waiting[db]


def refresh(db: Database, reading_ids: Iterable[int | None], page: Page | None = None) -> None:
    """Have readings in the index if a version has them, and not otherwise. Erased ones stay out.

    ``page`` is what they say, where the caller has it at hand.
    """
    wanted = json_text(sorted({name for name in reading_ids if name is not None}))
    rows = db.execute(
        """
        SELECT d.id, d.content, d.searched IS 1 AS indexed,
            EXISTS (SELECT 1 FROM version WHERE reading = d.id) AS shown,
            EXISTS (SELECT 1 FROM content WHERE id = d.content AND data IS NULL) AS erased
        FROM reading d WHERE d.id IN (SELECT value FROM json_each(?))
        """,
        [wanted],
    ).fetchall()
    for row in rows:
        if row["shown"] and not row["indexed"]:
            _put_in(db, row["id"], None if row["erased"] else page or _page(db, row["content"]))
        elif row["indexed"] and not row["shown"]:
            _take_out(db, row)
        else:
            _mark(db, row["id"], _IN if row["indexed"] else _OUT)


def forget(db: Database, reading_ids: Iterable[int]) -> None:
    """Take readings out of the index, and their words out of its file pages; before or after their bytes are erased.

    Without the bytes the whole index is read through for each of them.
    """
    rows = db.execute(
        "SELECT id, content FROM reading WHERE searched = 1 AND id IN (SELECT value FROM json_each(?))",
        [json_text(sorted(set(reading_ids)))],
    ).fetchall()
    for row in rows:
        _take_out(db, row)
    if rows:  # until segments are merged, a word that is gone still stands in an old one
        db.execute("INSERT INTO search (search) VALUES ('optimize')")


def tidy(db: Database) -> None:
    """Merge the small parts that new versions have left in the index; a bounded piece of work.

    Without it a third of a young index was words that stand in several parts.
    """
    db.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", [_TIDIED])


def catch_up(connection: Connection) -> None:
    """Put in what no command has looked at yet: the readings of an archive from before there was an index."""
    while True:
        rows = connection.db.execute("SELECT id FROM reading WHERE searched IS NULL LIMIT ?", [_AT_ONCE]).fetchall()
        if not rows:
            return
        with connection.write("search") as db:
            refresh(db, (row[0] for row in rows))


def rebuild(connection: Connection) -> int:
    """Make the index anew from the texts, whatever is in it now; how many readings it has then.

    Emptying it is one transaction; what a kill leaves unfilled the next opening for writing fills.
    """
    with connection.write("search") as db:
        made = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'search'").fetchone()[0]
        # FTS5 reads these rows even before it drops the table, and refuses where they are damaged: first those of an
        # empty index in their place.
        with closing(sqlite3.connect(":memory:")) as fresh:
            fresh.execute(made)
            rows = fresh.execute("SELECT id, block FROM search_data").fetchall()
        db.execute("DELETE FROM search_data")
        for row in rows:
            db.execute("INSERT INTO search_data (id, block) VALUES (?, ?)", row)
        db.execute("DROP TABLE search")
        db.execute(made)
        db.execute("INSERT INTO search (search, rank) VALUES ('usermerge', 2)")
        db.execute("UPDATE reading SET searched = NULL")
    catch_up(connection)
    with connection.read() as db:
        return int(db.execute("SELECT count(*) FROM reading WHERE searched = 1").fetchone()[0])


def _put_in(db: Database, reading_id: int, page: Page | None) -> None:
    if page is not None:
        words, waiting = find.index_words(page), _waiting.get(db)
        if waiting is None:
            db.execute(_INSERT, [reading_id, words])
        else:
            waiting[reading_id] = words
    _mark(db, reading_id, _OUT if page is None else _IN)


def _take_out(db: Database, row: Row) -> None:
    """FTS5 has to be given the words that it was given."""
    if row["id"] in _waiting.get(db, {}):  # and stays there: what takes it out may be rolled back
        _mark(db, row["id"], _OUT)
        return
    page = _page(db, row["content"])
    if page is not None:
        words = find.index_words(page)
    else:
        terms = db.execute("SELECT term FROM search_place WHERE doc = ?", [row["id"]])
        words = " ".join(sorted(term for (term,) in terms))
    db.execute("INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", [row["id"], words])
    _mark(db, row["id"], _OUT)


def _mark(db: Database, reading_id: int, state: int) -> None:
    db.execute("UPDATE reading SET searched = ? WHERE id = ? AND searched IS NOT ?", [state, reading_id, state])


def _page(db: Database, content: int) -> Page | None:
    try:
        return load_page(payloads.load(db, content))
    except (KeyError, ArchiveDamaged):  # erased; or damaged, which others say
        return None


# --- looking up


def search(
    connection: Connection, sought: Sequence[Wanted], filters: Filters, going: Callable[[], bool]
) -> Iterator[SearchHit]:
    """One hit for each page that had all that is sought, those whose text is newest first, while ``going`` says so.

    To be read inside :meth:`Connection.read`, so that all hits are of one state of the archive.
    """
    found = _readings(connection, [word for each in sought for word in each.words])
    allowed = {
        "source": filters.source,
        "since": stamp(filters.since) if filters.since else None,
        "until": stamp(filters.until) if filters.until else None,
    }
    pages = connection.db.execute(_PAGES, allowed | {"readings": json_text(sorted(found))})
    for resource in _once(int(row[0]) for row in pages):  # as far as somebody asks: a word may be on every page
        rows = connection.db.execute(_VERSIONS, allowed | {"resource": resource})
        hit = _hit(connection, sought, [row for row in rows if row["reading"] in found], filters.kind, going)
        if not going():
            return
        if hit is not None:
            yield hit


def _readings(connection: Connection, words: Sequence[re.Pattern[str]]) -> Collection[int]:
    """The readings that have every word, by the index. Whatever is damaged here can be made anew."""
    db = connection.db
    if not words:
        return ()
    try:
        index = _vocabulary(connection)
        found: frozenset[int] | None = None
        for word in words:
            here = index.found.get(word.pattern)
            if here is None:
                rows = db.execute(_WITH_WORDS, [json_text(_terms(index.text, word))])
                here = frozenset(int(row[0]) for row in rows)
                if len(index.found) < _SOUGHT:
                    index.found[word.pattern] = here
            found = here if found is None else found & here
    except sqlite3.DatabaseError as error:
        if isinstance(translated(error, connection.path), ArchiveDamaged):
            raise index_damaged(connection.path) from error
        raise
    return found or ()


def _terms(vocabulary: str, word: re.Pattern[str]) -> list[str]:
    """The words of a vocabulary that a pattern finds. A line break ends a word, and no pattern has one."""
    found: dict[str, None] = {}
    for match in word.finditer(vocabulary):
        start, end = vocabulary.rfind("\n", 0, match.start()) + 1, vocabulary.find("\n", match.end())
        found.setdefault(vocabulary[start:end])
    return list(found)


def _vocabulary(connection: Connection) -> Words:
    """All words of the index, one a line. A reader keeps them until there is another reading or version.

    To list them SQLite goes through the whole index. Words and readings of what was erased since may be there; they
    lead nowhere, since each hit is looked for in the text itself.
    """
    state = tuple(
        connection.db.execute("SELECT (SELECT max(id) FROM reading), (SELECT max(id) FROM version)").fetchone()
    )
    shelf, now = connection.shelf, time.monotonic()
    held = shelf.words
    if not connection.readonly or held is None or (held.state != state and now - held.made_at >= shelf.stale):
        words = [str(row[0]) for row in connection.db.execute("SELECT term FROM search_word")]
        if any(after <= before for before, after in pairwise(words)):
            raise index_damaged(connection.path)  # FTS5 overlooks words then, and says nothing
        held = Words(state=state, made_at=now, text="".join(f"{word}\n" for word in words))
        shelf.words = held
    return held


def _once(numbers: Iterable[int]) -> Iterator[int]:
    seen: set[int] = set()
    for number in numbers:
        if number not in seen:
            seen.add(number)
            yield number


def _hit(
    connection: Connection,
    sought: Sequence[Wanted],
    versions: Sequence[Row],
    kind: SearchKind | None,
    going: Callable[[], bool],
) -> SearchHit | None:
    """The newest version that has it all in one kind of place, and how many more there are."""
    newest: SearchHit | None = None
    count = 0
    for row in versions:
        if not going():
            return None
        page = readings.load(connection, row["reading"])
        own = SearchKind.DOCUMENT if page.kind is PageKind.DOCUMENT else SearchKind.PAGE
        if kind in (SearchKind.PAGE, SearchKind.DOCUMENT) and own is not kind:
            continue
        passages = find.passages(page, sought, _PARTS[kind])
        if not passages:
            continue
        count += 1
        newest = newest or SearchHit(
            uri=row["uri"],
            address=_address(connection.db, row),
            version_id=row["id"],
            kind=own,
            title=page.title,
            since=moment(row["since"]),
            until=_until(connection.db, row),
            passages=passages,
            versions=0,
            first_since=moment(row["since"]),
        )
        first = row["since"]
    return newest and replace(newest, versions=count, first_since=moment(first))


def _until(db: Database, row: Row) -> datetime | None:
    """When the text of a version gave way to the next one, None if it has not."""
    return maybe_moment(db.execute(_STOOD_UNTIL, [row["id"]]).fetchone()[0])


def _address(db: Database, row: Row) -> str:
    return str(db.execute("SELECT address FROM resource WHERE id = ?", [row["resource"]]).fetchone()[0])
