"""Works out what crawls that are over brought: in the process that asks, or for a large section in one of its own."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Sequence
from pathlib import Path

from alerts.detection import detect_missing
from crawler import memory
from crawler.clock import Clock
from crawler.config import Config
from storage.archive import Archive
from storage.errors import ArchiveError
from storage.records import Change, NewDigest

# So many captures make a crawl large: twice what a source has addresses unless somebody says otherwise (`max_pages`).
# A fresh process has none of what a crawl leaves in memory: of 100,000 pages detection took a fifth less in one. It
# needs 0.3 s to start, and unpacks once more each page that the crawl had at hand.
LARGE = 10_000


class DetectionDied(ArchiveError):  # noqa: N818 - says what happened
    """The process that worked out what changed ended without a word. What the crawl stored waits for the next one."""

    exit_code = 75

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; run it again, what was stored is safe")
        self.what = what


def detect(archive: Archive, config: Config, clock: Clock, *, large: int | None = None) -> None:
    """Detect what is missing, with the mails that are owed at once because of it. Raises ArchiveError.

    Where a crawl waits for it that is ``large`` (:data:`LARGE` captures), that is done in a process of its own.
    """
    large = LARGE if large is None else large
    waiting = [crawl for crawl in archive.undetected() if config.source_named(crawl.source) is not None]
    if any(archive.count_captures(crawl.id) >= large for crawl in waiting):
        archive.forget_pages()
        memory.give_back()
        _detect_apart(archive.path, config, clock)
    else:
        _detect_here(archive, config, clock)


def _detect_here(archive: Archive, config: Config, clock: Clock) -> None:
    def owed(first: int, changes: tuple[Change, ...]) -> Sequence[NewDigest]:
        if not any(each.is_immediate(change.kind) for change in changes for each in config.subscriptions):
            return ()
        from alerts.digest import owed  # noqa: PLC0415 - mostly nothing is owed, and templates load slowly

        return owed(archive, config.subscriptions, config.context(clock.now()))(first, changes)

    detect_missing(archive, config.sources, owed, clock.now())


def _detect_apart(path: Path, config: Config, clock: Clock) -> None:
    """The same in a process of its own; blocks until it has ended. What is raised there is raised here."""
    from pebble import ProcessExpired, ProcessPool  # noqa: PLC0415 - most sections are small

    # Not forked: a copy of this process's memory is what is to be avoided.
    pool = ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn"))
    try:
        pool.schedule(_detect, args=(path, config, clock)).result()
    except ProcessExpired as error:
        raise DetectionDied(f"the process that works out what changed {_ended(error.exitcode)}") from None
    finally:  # also when somebody is told to stop: what it was about to store is taken back, and done another time
        pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it out
        pool.join()


def _detect(path: Path, config: Config, clock: Clock) -> None:
    """Runs in that process, which Ctrl-C does not end: who waits for it does, or lets it come to its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Archive.open(path) as archive:
        _detect_here(archive, config, clock)


def _ended(code: int) -> str:
    if code == -signal.SIGKILL:
        return "was killed, as the system does when memory runs out"
    return f"ended {f'by signal {-code}' if code < 0 else f'with code {code}'}"
