"""A letter that is another, anywhere in the file, is noticed by ``verify`` and changes no answer silently."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from storage import seals
from storage.archive import Archive
from storage.errors import ArchiveError
from tests.storage import full

_PAGE = 4096  # bytes, SQLite's default
_HEADER = 100  # bytes of the first page that say what the file is


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "amtsblick.db"
    full.fill(path)
    full.take_in(path)
    with sqlite3.connect(path) as db:
        db.execute("VACUUM")  # no room holds what an earlier row has left: every byte found is one that is live
    db.close()
    return path


def flipped(whole: Path, copy: Path, place: int) -> Path:
    """A copy of an archive with one bit, counted from the beginning of the file, turned over."""
    data = bytearray(whole.read_bytes())
    data[place // 8] ^= 1 << place % 8
    copy.write_bytes(data)
    return copy


def noticed(path: Path) -> bool:
    """Whether ``verify`` finds something, or the archive refuses to open, in one line."""
    try:
        with Archive.open(path, readonly=True) as archive:
            return bool(archive.verify().findings)
    except ArchiveError as error:
        return said_plainly(error)


def asked(path: Path) -> list[object] | None:
    """The answers of an archive, None if it says in one line that it is damaged."""
    try:
        with Archive.open(path, readonly=True) as archive:
            return full.answers(archive)
    except ArchiveError as error:
        return None if said_plainly(error) else [error]


def said_plainly(error: ArchiveError) -> bool:
    """One line, with the code for damage; 78 is for a bit that says that a newer program made the file."""
    return "\n" not in str(error) and error.exit_code in (65, 78)


def live(whole: Path) -> set[int]:
    """The bytes, by offset, in which something is written: cells of rows, not the free room between them."""
    data = whole.read_bytes()
    db = sqlite3.connect(whole)
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    texts = {
        cell if isinstance(cell, bytes) else str(cell).encode()
        for table in tables
        for row in db.execute(f"SELECT * FROM {table}")
        for cell in row
        if isinstance(cell, bytes | str) and len(cell) >= 16
    }
    db.close()
    found: set[int] = set()
    for text in texts:
        place = data.find(text)
        while place >= 0:
            found.update(range(place, place + len(text)))
            place = data.find(text, place + 1)
    return found


def campaign(whole: Path, folder: Path, places: list[int]) -> None:
    before = asked(whole)
    assert before is not None
    inside = live(whole)
    missed, silent = [], []
    for place in places:
        copy = flipped(whole, folder / "flipped.db", place)
        if place // 8 in inside and not noticed(copy):
            missed.append(place)
        if asked(copy) not in (before, None):
            silent.append(place)
    assert missed == []
    assert silent == []


def test_a_whole_archive_has_no_findings(whole: Path) -> None:
    with Archive.open(whole, readonly=True) as archive:
        proof = archive.verify()
    assert proof.findings == ()
    assert proof.captures == 17
    with sqlite3.connect(whole) as db:
        for table in set(seals.SEALED) - {"erasure", "erased", "redacted"}:
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0], (
                f"{table} is empty: nothing is tested of it"
            )


def test_flipped_bits_are_noticed_and_change_no_answer(whole: Path, tmp_path: Path) -> None:
    chance = random.Random(6)
    size = whole.stat().st_size * 8
    campaign(whole, tmp_path, [chance.randrange(size) for _ in range(30)])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_three_hundred_flipped_bits(whole: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    size = whole.stat().st_size * 8
    campaign(whole, tmp_path, [chance.randrange(size) for _ in range(300)])


@pytest.mark.long
def test_flipped_bits_of_the_heads_of_pages(whole: Path, tmp_path: Path) -> None:
    """The bytes that say how many rows a page has, and where they lie: a row that hides is the worst of answers."""
    pages = whole.stat().st_size // _PAGE
    chance = random.Random(9)
    heads = [page * _PAGE + (_HEADER if page == 0 else 0) for page in range(pages)]
    places = [head * 8 + chance.randrange(8 * 24) for head in heads for _ in range(6)]
    campaign(whole, tmp_path, places)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("change", "summary = 'nichts'"),
        ("notice", "text = 'nichts'"),
        ("version", "since = '2020-01-01T00:00:00.000000Z'"),
        ("delivery", "last_answer = 'nichts'"),
        ("content", "size = size + 1"),
        ("reading", "extractor = 'other'"),
        ("slot", "claimed_at = '2020-01-01T00:00:00.000000Z'"),
    ],
)
def test_what_another_program_writes_is_noticed(whole: Path, tmp_path: Path, table: str, change: str) -> None:
    copy = tmp_path / "other.db"
    shutil.copy(whole, copy)
    with sqlite3.connect(copy) as db:
        db.execute(f"UPDATE {table} SET {change}")
    db.close()
    with Archive.open(copy, readonly=True) as archive:
        assert any(each.part == "rows" and each.item.startswith(table) for each in archive.verify().findings)


def test_a_row_that_is_gone_is_noticed(whole: Path, tmp_path: Path) -> None:
    copy = tmp_path / "other.db"
    shutil.copy(whole, copy)
    with sqlite3.connect(copy) as db:
        db.execute("DELETE FROM change WHERE seq = 2")
    db.close()
    with Archive.open(copy, readonly=True) as archive:
        assert any(each.item == "change" for each in archive.verify().findings)


def test_bytes_that_are_gone_without_a_tombstone_are_damage(whole: Path, tmp_path: Path) -> None:
    copy = tmp_path / "other.db"
    shutil.copy(whole, copy)
    with sqlite3.connect(copy) as db:
        db.execute("UPDATE content SET data = NULL WHERE id = (SELECT payload FROM capture WHERE id = 1)")
    db.close()
    with Archive.open(copy, readonly=True) as archive:
        assert "nothing says why" in archive.verify().findings[0].detail


def test_a_head_proves_everything_up_to_it(path: Path) -> None:
    full.fill(path, rounds=2)
    with Archive.open(path, readonly=True) as archive:
        early, capture = archive.chain_head(), archive.captures_of(full.URIS[0])[-1]
        assert archive.citation(capture.id) is not None
    full_again = path.with_name("more.db")
    shutil.copy(path, full_again)
    with Archive.open(full_again) as archive:
        watching = full.Watching(archive, now=archive.newest_time() or full.MONDAY)
        watching.once(x="noch ein Text")
        proven = archive.verify(early).proven
        assert proven is not None
        assert (proven.whole, proven.capture) == (True, 8)
        assert proven.captured_at is not None
        assert archive.verify(f"sha256:{'0' * 64}").proven is None
        db = archive._connection.db
        db.execute("DROP TRIGGER capture_stays")
        db.execute("UPDATE capture SET uri = 'https://example.org/b' WHERE id = 3")
        forged = archive.verify(early)
        assert forged.proven is not None
        assert not forged.proven.whole
        assert any(each.part == "chain" for each in forged.findings)
