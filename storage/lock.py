"""Lock files that name their holder and free themselves when it dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from weakref import WeakSet

from storage.errors import ArchiveBusy, refused

_POLL = 0.005  # seconds between two tries: a write transaction of ours lasts a few milliseconds
_held: WeakSet[FileLock] = WeakSet()


class FileLock:
    """An exclusive ``flock`` on a file of its own. The same object may take it again while it holds it.

    The kernel drops the lock with the process that holds it, however that ends. Two objects exclude each other,
    also inside one process.
    """

    def __init__(self, path: Path, busy: str) -> None:
        """``busy`` is the message of ArchiveBusy; "{holder}" in it becomes "process 123" or "another process"."""
        self.path = path
        self._busy = busy
        self._fd = -1
        self._depth = 0

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._depth > 0

    def acquire(self, timeout: float = 0.0) -> None:
        """Take the lock within ``timeout`` seconds, or raise ArchiveBusy with the holder's pid."""
        if self._depth:
            self._depth += 1
            return
        fd = self._open()
        if not _try_flock(fd, timeout):
            os.close(fd)
            pid = self.holder()
            who = f"process {pid}" if pid else "another process"
            raise ArchiveBusy(self._busy.replace("{holder}", who), pid)
        with suppress(OSError):  # on a full disk the lock holds all the same, only without a name
            os.pwrite(fd, b"%-10d\n" % os.getpid(), 0)  # of one length: truncating would cost more than writing
        self._fd, self._depth = fd, 1
        _held.add(self)

    def release(self) -> None:
        """Give the lock back, once for each time it was taken."""
        self._depth -= 1
        if self._depth == 0:
            os.close(self._fd)
            self._fd = -1
            _held.discard(self)

    @contextmanager
    def hold(self, timeout: float = 0.0) -> Iterator[None]:
        """Hold the lock inside a ``with`` statement."""
        self.acquire(timeout)
        try:
            yield
        finally:
            self.release()

    def taken(self) -> bool:
        """Whether anybody, this object included, holds the lock now."""
        if self._depth:
            return True
        try:
            fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            return not _try_flock(fd, 0.0, fcntl.LOCK_SH)
        finally:
            os.close(fd)

    def holder(self) -> int | None:
        """The pid written by whoever took the lock last."""
        try:
            return int(self.path.read_bytes())
        except (OSError, ValueError):
            return None

    def drop_in_child(self) -> None:
        """Close the descriptor that a forked child inherited, so that a child cannot keep its dead parent's lock."""
        with suppress(OSError):
            os.close(self._fd)
        self._fd, self._depth = -1, 0

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise refused(self.path, "written", error) from error


def _try_flock(fd: int, timeout: float, mode: int = fcntl.LOCK_EX) -> bool:
    """Poll, since a blocking flock knows no time-out."""
    end = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(fd, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(_POLL)
        else:
            return True


def _forget_in_child() -> None:
    for lock in list(_held):
        lock.drop_in_child()
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)
