"""A running `amtsblick run`, as an operator starts it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from storage.archive import Archive
from storage.errors import ArchiveMissing
from storage.records import Crawl


class Daemon:
    """A running `amtsblick run`."""

    def __init__(self, config_file: Path) -> None:
        self.archive_path = config_file.with_name("amtsblick.db")
        self.log = config_file.with_name("run.log")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "crawler", "--config", str(config_file), "run"], stdout=log, stderr=log
            )

    def looks(self) -> tuple[Crawl, ...]:
        """The crawls so far, newest first."""
        try:
            with Archive.open(self.archive_path, readonly=True) as archive:
                return archive.crawls("site")
        except ArchiveMissing:
            return ()

    def crawls(self) -> int:
        """How many crawls have ended."""
        return sum(crawl.ended_at is not None for crawl in self.looks())

    def children(self) -> list[int]:
        """The crawl processes that it started and that live; what a dead one left unread is read by others."""
        task = Path(f"/proc/{self.process.pid}/task")
        found = [pid for file in task.glob("*/children") for pid in file.read_text().split()]
        return [int(pid) for pid in found if b"crawler.child" in _command(pid)]

    def wait(self, what: Callable[[], bool]) -> None:
        end = time.monotonic() + 60
        while not what():
            assert time.monotonic() < end, self.log.read_text()
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)  # a condition is waited for, with a limit

    def terminate(self) -> tuple[int, float]:
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30), time.monotonic() - started


def _command(pid: str) -> bytes:
    """The command line of a process; nothing, once it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
