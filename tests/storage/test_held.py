"""What was held back since a moment is read from the end of its table, and nothing of it hides."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.errors import ArchiveDamaged, ArchiveError
from storage.records import Crawl, Held
from tests.storage.makers import HOUR, MONDAY, OTHER, SOURCE, Watching, concluded

PAGE = 4096  # bytes, SQLite's default
HEAD = 24  # bytes at the beginning of a page that say how many rows it has, and where the first ones lie


def held(crawl: Crawl, number: int) -> Held:
    uri = f"https://example.org/a/{number}"
    return Held(crawl_id=crawl.id, source=crawl.source, uri=uri, rule="muted", detail=f"Satz {number}")


def detect(archive: Archive, crawl: Crawl, count: int) -> None:
    archive.commit_detection(crawl, concluded(archive, crawl, held=tuple(held(crawl, n) for n in range(count))))


def fill(archive: Archive) -> list[Crawl]:
    """Crawls of two sources that overlap; one was out of the config for a while and is detected late."""
    one, other = Watching(archive), Watching(archive, OTHER)
    crawls = []
    for number in range(6):
        other.now = one.now + timedelta(minutes=10)
        one.begin()
        other.begin()
        one.see("https://example.org/a/0", f"text {number}")
        one.now += HOUR * (number % 3)
        crawls += [one.end(), other.end()]
        detect(archive, crawls[-2], number % 4)
        if number > 3:
            detect(archive, crawls[-1], 2)
    for late in crawls[1:8:2]:
        detect(archive, late, 1)
    one.begin()
    crawls.append(one.end())
    detect(archive, crawls[-1], 1)
    one.begin()  # one that still runs
    return crawls


def times(crawls: list[Crawl]) -> list[datetime]:
    """Before, at and after everything that happened."""
    known = [at for crawl in crawls for at in (crawl.started_at, crawl.ended_at) if at is not None]
    return sorted({at + step for at in known for step in (-timedelta(seconds=1), timedelta(0), timedelta(seconds=1))})


def test_since_leaves_out_what_crawls_held_that_began_before(archive: Archive) -> None:
    crawls = fill(archive)
    begun = {crawl.id: crawl.started_at for crawl in crawls}
    everything = archive.held()
    assert len(everything) == 7 + 4 + 4 + 1
    for at in times(crawls):
        wanted = tuple(each for each in everything if begun[each.crawl_id] >= at)
        assert archive.held(since=at) == wanted
        assert archive.held(source="press", since=at) == tuple(each for each in wanted if each.source == "press")


def test_the_newest_crawls_are_the_last_rows(archive: Archive) -> None:
    crawls = fill(archive)
    newest_first = [crawl.id for crawl in reversed(crawls)]
    assert [crawl.id for crawl in archive.crawls()][1:] == newest_first
    assert [crawl.id for crawl in archive.crawls("press")] == [each for each in newest_first if each % 2 == 0]
    assert [crawl.id for crawl in archive.crawls("press", limit=2)] == [12, 10]
    assert archive.crawls("nobody") == ()


@pytest.mark.parametrize(("table", "number"), [("held", 16), ("held", 10), ("held", 9), ("crawl", 14), ("crawl", 12)])
@pytest.mark.parametrize("hidden_by", ["table", "index"])
def test_a_row_that_only_the_table_or_only_the_index_has_is_noticed(
    path: Path, table: str, number: int, hidden_by: str
) -> None:
    with Archive.open(path, create=True) as archive:
        since = fill(archive)[-3].started_at
    asked = [lambda archive: archive.held(since=since), lambda archive: archive.crawls(limit=4)]
    with Archive.open(path, readonly=True) as archive:
        before = [ask(archive) for ask in asked]
    assert [len(each) for each in before] == [4, 4]
    forget(path, table, number, hidden_by)
    noticed = 0
    with Archive.open(path, readonly=True) as archive:
        for ask, answer in zip(asked, before, strict=True):
            try:
                assert ask(archive) == answer
            except ArchiveDamaged:
                noticed += 1
    assert noticed


def forget(path: Path, table: str, number: int, hidden_by: str) -> None:
    """Delete a row from a table and not from its index, or from the index alone, as damage of a page would."""
    index = {"held": "held_by_crawl", "crawl": "crawl_by_source"}[table]
    whole = path.read_bytes()
    db = sqlite3.connect(path)
    roots = dict(db.execute("SELECT name, rootpage FROM sqlite_schema WHERE name IN (?, ?)", [table, index]).fetchall())
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute(f"DELETE FROM {table} WHERE id = {number}")
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray(path.read_bytes())
    assert len(data) == len(whole)
    kept = roots[index if hidden_by == "table" else table]  # the page that goes on having the row
    data[(kept - 1) * PAGE : kept * PAGE] = whole[(kept - 1) * PAGE : kept * PAGE]
    path.write_bytes(data)


@pytest.fixture
def flips(path: Path) -> tuple[bytes, list[int]]:
    """An archive, and the bits of the pages that hold what was held, and the crawls, in tables and indexes."""
    with Archive.open(path, create=True) as archive:
        fill(archive)
    db = sqlite3.connect(path)
    db.execute("VACUUM")
    names = ("held", "held_by_crawl", "crawl", "crawl_by_source")
    roots = [row[0] for row in db.execute(f"SELECT rootpage FROM sqlite_schema WHERE name IN {names}")]
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = path.read_bytes()
    places = []
    for root in roots:
        first = (root - 1) * PAGE
        begun = int.from_bytes(data[first + 5 : first + 7], "big")  # where the cells begin, behind the free room
        cells = range(first + begun, first + PAGE) if data[first] == 10 else ()  # a leaf of an index has no seals
        places += [place * 8 + bit for place in (*range(first, first + HEAD), *cells) for bit in range(8)]
    return data, places


@pytest.mark.long
def test_no_flipped_bit_of_a_page_changes_what_was_held(path: Path, flips: tuple[bytes, list[int]]) -> None:
    data, places = flips
    since = MONDAY + HOUR * 9
    before = _asked(path, since)
    assert before
    silent = []
    for place in places:
        copy = bytearray(data)
        copy[place // 8] ^= 1 << place % 8
        path.write_bytes(copy)
        if _asked(path, since) not in (before, None):
            silent.append(place)
    assert silent == []


def _asked(path: Path, since: datetime) -> list[object] | None:
    try:
        with Archive.open(path, readonly=True) as archive:
            return [archive.held(since=since), archive.held(), archive.crawls(SOURCE.name, limit=2)]
    except ArchiveError:
        return None
