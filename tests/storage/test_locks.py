"""Locks exclude, name their holder, and fall with the process that holds them."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.errors import ArchiveBusy, ArchiveUnwritable
from storage.lock import FileLock


def test_a_lock_excludes_and_names_its_holder(tmp_path: Path) -> None:
    first, second = (FileLock(tmp_path / "x.lock", "taken by {holder}") for _ in range(2))
    with first.hold():
        assert second.taken()
        assert second.holder() == os.getpid()
        with pytest.raises(ArchiveBusy, match=f"taken by process {os.getpid()}") as caught:
            second.acquire(timeout=0.02)
        assert caught.value.pid == os.getpid()
    assert not second.taken()
    with second.hold():
        assert first.taken()


def test_one_object_may_take_its_lock_again(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "x.lock", "")
    with lock.hold(), lock.hold():
        assert lock.held
    assert not lock.held


def test_a_waiting_process_gets_the_lock_as_soon_as_it_is_free(tmp_path: Path) -> None:
    first, second = (FileLock(tmp_path / "x.lock", "") for _ in range(2))
    first.acquire()
    threading.Timer(0.05, first.release).start()
    with second.hold(timeout=30):
        assert not first.held


def test_a_lock_whose_file_says_nothing_useful_still_names_somebody(tmp_path: Path) -> None:
    first, second = (FileLock(tmp_path / "x.lock", "taken by {holder}") for _ in range(2))
    with first.hold():
        first.path.write_bytes(b"?")
        with pytest.raises(ArchiveBusy, match="taken by another process"):
            second.acquire()


def test_a_lock_that_cannot_be_made_gives_one_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnwritable, match=r"x\.lock: cannot be written"):
        FileLock(tmp_path / "none" / "x.lock", "").acquire()


def test_a_forked_child_does_not_keep_its_parents_lock(tmp_path: Path) -> None:
    """Parser workers outlive a killed crawler for a moment; its source must be free at once."""
    lock = FileLock(tmp_path / "x.lock", "")
    lock.acquire()
    ready, answer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(answer, b"h" if lock.held else b"f")
        signal.pause()
    try:
        assert os.read(ready, 1) == b"f"
        assert FileLock(lock.path, "").taken()  # the parent's own lock stands
        lock.release()
        assert not FileLock(lock.path, "").taken()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        os.close(answer)


def test_there_is_one_daemon(archive: Archive) -> None:
    with Archive.open(archive.path) as second:
        with archive.daemon_lock(), pytest.raises(ArchiveBusy, match="already running"), second.daemon_lock():
            pass
        with second.daemon_lock():
            pass


def test_closing_lets_go_of_everything(path: Path) -> None:
    archive = Archive.open(path, create=True)
    with Archive.open(path) as second:
        lock = archive._connection.named_lock("daemon", "")
        lock.acquire()
        archive.close()
        archive.close()
        with second.daemon_lock():
            pass
