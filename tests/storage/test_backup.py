"""A backup is whole before it bears its name, and brings back what was there, without sending anything again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from storage import backup, failpoint
from storage.archive import Archive
from storage.errors import ArchiveBusy, ArchiveDamaged, ArchiveNewer, ArchiveRetired, ArchiveUnwritable
from storage.records import BackupMade, DeliveryState, Restored
from tests.storage import full
from tests.storage.makers import MONDAY, SOURCE, Watching
from tests.storage.test_erasing import assert_proven, passage, said

ROOT = Path(__file__).resolve().parents[2]


def quiet(*_: object) -> None:
    """Nobody watches the progress."""


def make(path: Path, target: Path) -> BackupMade:
    with Archive.open(path) as archive:
        return archive.backup(target, "[archive]\n", MONDAY, quiet, program="test")


def bring(source: Path, target: Path, *, force: bool = False) -> Restored:
    return backup.restore(source, target, MONDAY, quiet, force=force)


@pytest.fixture
def filled(path: Path) -> Path:
    full.fill(path, rounds=2)
    return path


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


def test_a_backup_brings_everything_back(filled: Path, kept: Path, tmp_path: Path) -> None:
    with Archive.open(filled, readonly=True) as archive:
        before, head = full.answers(archive), archive.chain_head()
        waiting = len(archive.unfinished_deliveries())
    made = make(filled, kept)
    assert head.removeprefix("sha256:")[:16] in made.path.name
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert list(kept.iterdir()) == [made.path]
    with zipfile.ZipFile(made.path) as packed:
        assert packed.testzip() is None
        assert set(packed.namelist()) == {"amtsblick.db", "amtsblick.toml", "manifest.json"}
    target = tmp_path / "other.db"
    done = bring(made.path, target)
    assert (done.head, done.captures, done.held, done.config) == (head, 8, waiting, "[archive]\n")
    assert waiting > 0
    with Archive.open(target) as archive:
        after = full.answers(archive)
        assert after[:5] == before[:5]
        assert after[7:] == before[7:]
        assert archive.due_deliveries(MONDAY.replace(year=2030), everything=True) == ()
        assert archive.queue_counts()[DeliveryState.HELD] == waiting
    assert_proven(target)
    assert [each.name for each in tmp_path.iterdir() if "tmp" in each.name] == []


def test_a_backup_of_an_archive_that_is_written_to(filled: Path, kept: Path) -> None:
    """Each copy holds what was acknowledged before it began."""
    stop = threading.Event()

    def write() -> None:
        with Archive.open(filled) as archive:
            watching = Watching(archive, now=archive.newest_time() or MONDAY)
            number = 0
            while not stop.is_set():
                watching.once(x=f"text {number}")
                number += 1

    writing = threading.Thread(target=write)
    writing.start()
    try:
        for number in range(5):
            folder = kept / str(number)
            folder.mkdir()
            with Archive.open(filled, readonly=True) as archive:
                acknowledged = len(archive.captures_of(full.URIS[0]))
            target = folder / "back.db"
            bring(make(filled, folder).path, target)
            with Archive.open(target, readonly=True) as archive:
                assert len(archive.captures_of(full.URIS[0])) >= acknowledged
    finally:
        stop.set()
        writing.join()


def test_an_archive_is_not_overwritten_unless_asked(filled: Path, kept: Path) -> None:
    made = make(filled, kept)
    with pytest.raises(ArchiveUnwritable, match="--force"):
        bring(made.path, filled)
    done = bring(made.path, filled, force=True)
    assert done.aside is not None
    assert_proven(filled)
    assert_proven(done.aside)


@pytest.mark.parametrize("lock", ["daemon", "crawl"])
def test_an_archive_that_somebody_works_on_is_not_replaced(filled: Path, kept: Path, lock: str) -> None:
    made = make(filled, kept)
    with Archive.open(filled) as archive:
        held = archive.daemon_lock() if lock == "daemon" else archive.source_lock(SOURCE.name)
        with held, pytest.raises(ArchiveBusy, match="stop it"):
            bring(made.path, filled, force=True)


@pytest.mark.parametrize("place", [0.01, 0.3, 0.6, 0.9])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(filled: Path, kept: Path, place: float) -> None:
    made = make(filled, kept)
    data = bytearray(made.path.read_bytes())
    start = int(len(data) * place)
    data[start : start + 8] = bytes(each ^ 0xA5 for each in data[start : start + 8])  # one bit may be one of padding
    made.path.write_bytes(data)
    before = filled.read_bytes()
    with pytest.raises(ArchiveDamaged, match="another backup") as caught:
        bring(made.path, filled, force=True)
    assert "\n" not in str(caught.value)
    assert filled.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut"])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    with pytest.raises(ArchiveDamaged, match="no backup"):
        bring(file, tmp_path / "a.db")
    with pytest.raises(ArchiveUnwritable, match="no such file"):
        bring(tmp_path / "none.zip", tmp_path / "a.db")


def test_a_damaged_archive_is_not_backed_up(filled: Path, kept: Path) -> None:
    with Archive.open(filled) as archive:
        archive._connection.db.execute("UPDATE content SET data = zeroblob(9) WHERE id = 3")
    with pytest.raises(ArchiveDamaged, match="no copy was made"):
        make(filled, kept)
    assert list(kept.iterdir()) == []


def test_a_backup_by_a_newer_program_is_refused(filled: Path, kept: Path, tmp_path: Path) -> None:
    with Archive.open(filled) as archive:
        archive._connection.db.execute("PRAGMA user_version = 99")
        with pytest.raises(ArchiveNewer):
            archive.backup(kept, "", MONDAY, quiet, program="test")
    assert list(kept.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(filled: Path, kept: Path) -> None:
    program = (
        "import resource, signal, sys; from tests.storage.test_backup import *; from storage.errors import DiskFull\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try:\n    make(Path(sys.argv[1]), Path(sys.argv[2]))\nexcept DiskFull as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(filled), str(kept)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "no space left" in done.stdout
    assert list(kept.iterdir()) == []
    assert_proven(filled)


def test_erasures_since_the_backup_are_repeated(filled: Path, kept: Path) -> None:
    made = make(filled, kept)
    with Archive.open(filled) as archive:
        archive.erase(passage(full.SECRET), MONDAY)
    done = bring(made.path, filled, force=True)
    assert [each.kind for each in done.repeated] == ["passage"]
    assert not said(filled, "Mustermann")
    assert_proven(filled)


def test_an_archive_that_was_handed_over_can_only_be_read(filled: Path, kept: Path, tmp_path: Path) -> None:
    with Archive.open(filled) as archive:
        made = archive.hand_over(kept, "", MONDAY, quiet, program="test")
        with pytest.raises(ArchiveRetired, match=made.path.name):
            archive.start_crawl(SOURCE, MONDAY)
        waiting = archive.unfinished_deliveries()[0].id
        with pytest.raises(ArchiveRetired, match="--take-back"):
            archive.claim_delivery(waiting, MONDAY)
        assert archive.changes()
    bring(made.path, tmp_path / "new.db")
    with Archive.open(tmp_path / "new.db") as archive:
        Watching(archive, now=MONDAY.replace(year=2027)).once(x="in service")
    with Archive.open(filled) as archive:
        assert archive.take_back()
        assert not archive.take_back()
        Watching(archive, now=MONDAY.replace(year=2027)).once(x="in service")


def test_an_archive_that_crawls_is_not_handed_over(filled: Path, kept: Path) -> None:
    with Archive.open(filled) as busy, Archive.open(filled) as archive, busy.source_lock(SOURCE.name):
        with pytest.raises(ArchiveBusy):
            archive.hand_over(kept, "", MONDAY, quiet, program="test")
        assert not archive.take_back()


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["backup.copied", "backup.checked", "restore.copied", "restore.begun", "restore.stored"]
)
def test_a_kill_in_the_middle_leaves_the_archive_and_no_half_file(filled: Path, kept: Path, name: str) -> None:
    program = (
        "import shutil, sys; from tests.storage.test_backup import *\n"
        "path, kept = Path(sys.argv[1]), Path(sys.argv[2]); made = make(path, kept)\n"
        "shutil.copy(made.path, kept.parent / 'copy.zip'); bring(made.path, path, force=True)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(filled), str(kept)],
        cwd=ROOT,
        env=os.environ | {failpoint.VARIABLE: name},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert_proven(filled)
    named = [each for each in kept.iterdir() if not each.name.startswith(".")]
    assert len(named) == (0 if name.startswith("backup") else 1)
    made = make(filled, kept) if not named else None
    source = made.path if made else named[0]
    bring(source, filled, force=True)
    assert_proven(filled)
