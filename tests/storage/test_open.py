"""Opening an archive: one clear error for each thing that can be wrong, and never a file that nobody asked for."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from storage import schema
from storage.archive import Archive
from storage.errors import (
    ArchiveBusy,
    ArchiveDamaged,
    ArchiveMissing,
    ArchiveNewer,
    ArchiveSlow,
    ArchiveUnwritable,
)
from tests.storage.makers import MONDAY, SOURCE, Watching

NOBODY = 65534


def test_reading_a_missing_archive_says_so_and_creates_nothing(path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="no archive yet"):
        Archive.open(path, readonly=True)
    with pytest.raises(ArchiveMissing):
        Archive.open(path)
    assert not list(path.parent.iterdir())


def test_an_empty_file_is_no_archive_but_a_first_crawl_fills_it(path: Path) -> None:
    path.touch()
    for readonly in (True, False):
        with pytest.raises(ArchiveMissing):
            Archive.open(path, readonly=readonly)
    with Archive.open(path, create=True) as archive:
        assert archive.last_seq() == 0


def test_every_setting_that_durability_rests_on_is_in_force(archive: Archive) -> None:
    db = archive._connection.db
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "mmap_size": 0, "busy_timeout": 10000}
    assert {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted} == wanted


def test_all_files_belong_to_the_owner_alone_whatever_the_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        with Archive.open(path, create=True) as archive:
            Watching(archive).begin()
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.rglob("*")}
    finally:
        os.umask(before)
    assert modes.pop("amtsblick.db.d") == 0o700
    assert set(modes) >= {"amtsblick.db", "amtsblick.db-wal", "amtsblick.db-shm", "amtsblick.db.lock"}
    assert set(modes.values()) == {0o600}


def test_the_installation_keeps_its_id(path: Path) -> None:
    with Archive.open(path, create=True) as archive:
        first = archive.installation_id
    with Archive.open(path, create=True) as archive:
        assert archive.installation_id == first
    assert len(bytes.fromhex(first)) == 16


@pytest.mark.parametrize("readonly", [True, False])
@pytest.mark.parametrize(
    "mark",
    ["PRAGMA user_version = 99", "INSERT INTO _sqlite_migrations VALUES (9, 'amtsblick', 'v2_to_come', '2030-01-01')"],
)
def test_an_archive_of_a_newer_version_is_left_alone(path: Path, mark: str, readonly: bool) -> None:
    Archive.open(path, create=True).close()
    with sqlite3.connect(path) as conn:
        conn.execute(mark)
    conn.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveNewer, match="newer version") as caught:
        Archive.open(path, readonly=readonly, create=not readonly)
    assert caught.value.exit_code == 78
    assert path.read_bytes() == before


@pytest.mark.parametrize("readonly", [True, False])
def test_what_is_no_archive_is_called_so_and_left_alone(path: Path, readonly: bool) -> None:
    path.write_bytes(b"<html>not a database</html>" * 100)
    before = path.read_bytes()
    with pytest.raises(ArchiveDamaged, match="not an archive") as caught:
        Archive.open(path, readonly=readonly, create=not readonly)
    assert caught.value.exit_code == 65
    assert path.read_bytes() == before


@pytest.mark.parametrize("readonly", [True, False])
def test_the_database_of_another_program_is_left_alone(path: Path, readonly: bool) -> None:
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE bookmarks (id INTEGER)")
    conn.close()
    with pytest.raises(ArchiveDamaged, match="no archive of Amtsblick"):
        Archive.open(path, readonly=readonly, create=not readonly)


def test_a_zeroed_page_is_reported_as_damage(path: Path) -> None:
    with Archive.open(path, create=True) as archive:
        Watching(archive).once(**{f"page{n}": "text " * 50 for n in range(20)})
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(size - 4096))
    with pytest.raises(ArchiveDamaged, match="restore a backup"), Archive.open(path, readonly=True) as archive:
        archive.captures_of("https://example.org/a/page1")


def test_payload_bytes_that_no_longer_fit_their_digest_are_never_handed_out(path: Path) -> None:
    with Archive.open(path, create=True) as archive:
        watching = Watching(archive)
        watching.begin()
        digest = watching.see("https://example.org/a/x", "text", b"some bytes").payload_digest
    with sqlite3.connect(path) as conn:
        conn.execute("UPDATE content SET data = CAST(x'00' || substr(data, 2) AS BLOB) WHERE size = 10")
    conn.close()
    assert digest is not None
    with pytest.raises(ArchiveDamaged, match=digest), Archive.open(path, readonly=True) as archive:
        archive.payload(digest)


def test_wrong_places_are_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnwritable, match="no such folder"):
        Archive.open(tmp_path / "none" / "a.db", create=True)
    with pytest.raises(ArchiveUnwritable, match="is a folder"):
        Archive.open(tmp_path, create=True)


def test_readers_work_beside_a_writer_and_write_nothing(archive: Archive, watching: Watching) -> None:
    watching.begin()
    watching.see("https://example.org/a/x", "first")
    with Archive.open(archive.path, readonly=True) as reader:
        with archive.transaction():
            watching.see("https://example.org/a/x", "second")
            assert len(reader.captures_of("https://example.org/a/x")) == 1
        assert len(reader.captures_of("https://example.org/a/x")) == 2
        with pytest.raises(ArchiveUnwritable, match="reading only"):
            reader.start_crawl(SOURCE, MONDAY)
        assert reader.abandoned_crawls() == ()  # its crawler lives


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    path = tmp_path / "Städte#1 {holder} 100%?.db"
    Archive.open(path, create=True).close()
    with Archive.open(path, readonly=True) as archive:
        assert archive.newest_time() is None
    with Archive.open(path) as archive, archive.transaction(), pytest.raises(ArchiveBusy, match="100%"):
        Archive.open(path, timeout=0.05)


def test_an_archive_reached_by_a_link_has_the_same_lock(archive: Archive, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(archive.path)
    with archive.transaction(), pytest.raises(ArchiveBusy, match="in use by process"):
        Archive.open(link, timeout=0.05)


def test_a_second_writer_waits_and_then_names_the_holder(archive: Archive) -> None:
    with archive.transaction(), pytest.raises(ArchiveBusy, match=f"process {os.getpid()}") as caught:
        Archive.open(archive.path, timeout=0.05)
    assert (caught.value.pid, caught.value.exit_code) == (os.getpid(), 75)
    Archive.open(archive.path, timeout=0.05).close()


def test_another_program_that_locks_the_file_is_busy_too(archive: Archive) -> None:
    archive._connection.db.execute("PRAGMA busy_timeout = 20")
    conn = sqlite3.connect(archive.path, isolation_level=None)
    conn.execute("BEGIN IMMEDIATE")
    with pytest.raises(ArchiveBusy, match="another program"):
        archive.start_crawl(SOURCE, MONDAY)
    conn.execute("ROLLBACK")
    conn.close()
    assert archive.start_crawl(SOURCE, MONDAY).id == 1


def one_more() -> Migrations:
    """The migrations of today, for a test to add one of tomorrow."""
    newer = Migrations("amtsblick")
    for each in schema.SCHEMA._migrations:
        newer(name=each.name)(each.fn)
    return newer


def test_an_older_archive_is_copied_and_migrated_by_the_first_writer(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive.open(path, create=True) as archive:
        Watching(archive).once(x="text")
    newer = one_more()

    @newer()
    def added(db: Database) -> None:
        db.execute("CREATE TABLE added (id INTEGER PRIMARY KEY) STRICT")

    monkeypatch.setattr(schema, "SCHEMA", newer)
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    with pytest.raises(ArchiveUnwritable, match="earlier version"):
        Archive.open(path, readonly=True)
    with Archive.open(path) as archive:
        assert archive.known("https://example.org/a/x")
        assert "added" in archive._connection.db.table_names()
    copy = path.with_name(f"amtsblick.db.schema-{schema.VERSION - 1}")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    monkeypatch.undo()
    with Archive.open(copy, readonly=True) as archive:
        assert archive.known("https://example.org/a/x")


def test_a_migration_that_fails_leaves_the_archive_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Archive.open(path, create=True).close()
    newer = one_more()

    @newer()
    def added(db: Database) -> None:
        db.execute("CREATE TABLE added (id INTEGER PRIMARY KEY) STRICT")
        raise RuntimeError("half way")

    monkeypatch.setattr(schema, "SCHEMA", newer)
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    with pytest.raises(RuntimeError):
        Archive.open(path)
    monkeypatch.undo()
    with Archive.open(path) as archive:
        assert "added" not in archive._connection.db.table_names()


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder that can be made read-only, also for a root who runs the tests."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    user = os.geteuid()
    yield folder
    os.seteuid(user)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def protect(folder: Path) -> None:
    """Take away the right to write, and if need be the power to write all the same."""
    folder.chmod(0o555)
    if os.geteuid() == 0:
        for each in (folder, *folder.rglob("*")):
            os.chown(each, NOBODY, -1)
        os.seteuid(NOBODY)


def test_a_folder_that_cannot_be_written_gives_one_line(shelf: Path) -> None:
    protect(shelf)
    with pytest.raises(ArchiveUnwritable, match="cannot be written") as caught:
        Archive.open(shelf / "a.db", create=True)
    assert "\n" not in str(caught.value)
    assert not list(shelf.iterdir())


def test_a_closed_archive_on_a_read_only_shelf_is_readable(shelf: Path) -> None:
    with Archive.open(shelf / "a.db", create=True) as archive:
        Watching(archive).once(x="text")
    protect(shelf)
    with Archive.open(shelf / "a.db", readonly=True) as archive:
        assert archive.known("https://example.org/a/x")
    with pytest.raises(ArchiveUnwritable):
        Archive.open(shelf / "a.db")


def test_an_unfinished_archive_on_a_read_only_shelf_is_refused_in_one_line(shelf: Path) -> None:
    with Archive.open(shelf / "b.db", create=True) as archive:
        Watching(archive).begin()
        for name in ("b.db", "b.db-wal"):
            shutil.copy(shelf / name, shelf / name.replace("b.db", "a.db"))
    protect(shelf)
    with pytest.raises(ArchiveUnwritable, match=r"newest part lies in a\.db-wal") as caught:
        Archive.open(shelf / "a.db", readonly=True)
    assert "\n" not in str(caught.value)


def test_an_archive_that_belongs_to_somebody_else_gives_one_line(shelf: Path) -> None:
    Archive.open(shelf / "a.db", create=True).close()
    protect(shelf)
    os.seteuid(os.getuid())
    (shelf / "a.db").chmod(0o000)
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    with pytest.raises(ArchiveUnwritable, match="cannot be read"):
        Archive.open(shelf / "a.db", readonly=True)


def test_a_second_connection_of_this_process_costs_the_first_one_no_lock(path: Path) -> None:
    """Closing any descriptor of the file would drop the POSIX locks of all connections that the process has."""
    script = (
        "import sys; from datetime import datetime; from storage.archive import Archive\n"
        "slot = datetime.fromisoformat(sys.argv[2])\n"
        "with Archive.open(sys.argv[1]) as archive: assert archive.claim_slot('job', slot, slot)"
    )
    with Archive.open(path, create=True) as archive:
        for minute in range(4):
            slot = datetime(2026, 3, 2, 7, minute, tzinfo=UTC)
            Archive.open(path).close()
            Archive.open(path, readonly=True).close()
            subprocess.run([sys.executable, "-c", script, str(path), slot.isoformat()], check=True)
            assert archive.last_slot("job") == slot
            assert archive.claim_slot("own", slot, slot)


def test_a_reading_that_lasts_too_long_ends_and_the_next_one_works(path: Path) -> None:
    """F08: a reader that hangs on keeps the write-ahead log from being folded into the file."""
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    Archive.open(path, create=True).close()
    with Archive.open(path, readonly=True, longest=0.1) as archive:
        start = time.monotonic()
        with pytest.raises(ArchiveSlow, match="too long"), archive._connection.read() as db:
            db.execute(endless).fetchone()
        assert time.monotonic() - start < 2
        assert archive.last_seq() == 0
