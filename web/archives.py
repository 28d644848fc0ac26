"""The archive, open for reading in each thread that answers requests."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from storage.archive import Archive

T = TypeVar("T")

# SQLite answers most questions in a millisecond and Python renders one page at a time: more threads would not be
# faster. Two would let one long search delay everybody.
THREADS = 4
_LONGEST = 2.0  # seconds for one reading: as long as it lasts, a crawl's log cannot be folded into the file
_STALE = 60.0  # seconds until a search knows what a crawl has just stored; a crawl takes minutes
_TIMEOUT = 2.0  # seconds to wait for a lock; a reader is held up only while somebody restores or migrates


class Readers:
    """Runs questions to the archive in threads of its own; each keeps one open archive and one short transaction.

    An archive belongs to the thread that opened it. It is opened anew when another file bears its name (after
    `restore`): the old one would be answered from for ever.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._first: dict[tuple[int, int] | None, Archive] = {}  # of each file the one whose memory all share
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="reader")

    def ask(self, question: Callable[[Archive], T]) -> T:
        """Put a question to this thread's archive. To be called in one of :attr:`pool`'s threads.

        Raises:
            ArchiveError: when the archive cannot be opened or read.
        """
        return question(self._archive())

    def close(self) -> None:
        """Wait for what is under way, and let go of the threads; their archives go with them."""
        self.pool.shutdown(wait=True, cancel_futures=True)

    def _archive(self) -> Archive:
        identity = _identity(self._path)
        if getattr(self._local, "identity", None) != identity or identity is None:
            held: Archive | None = getattr(self._local, "archive", None)
            if held is not None:
                self._local.archive = None
                held.close()
            made = Archive.open(self._path, readonly=True, timeout=_TIMEOUT, longest=_LONGEST)
            made.share_words(self._first.setdefault(identity, made), _STALE)
            self._local.archive, self._local.identity = made, identity
        archive: Archive = self._local.archive
        return archive


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells one file from another of the same name; looked up by name, never by opening it."""
    try:
        found = os.stat(path)  # noqa: PTH116 - called for every request
    except OSError:
        return None
    return found.st_dev, found.st_ino
