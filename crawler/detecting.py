"""Works out what crawls that are over brought: in the process that asks, or for a large section in one of its own."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Sequence
from pathlib import Path

from alerts.detection import detect_missing
from crawler.clock import Clock
from crawler.config import Config
from storage.archive import Archive
from storage.records import Change, NewDigest


class DetectionDied(Exception):  # noqa: N818 - says what happened
    """The process that worked out what changed ended without a word. What the crawl stored waits for the next one."""


def detect(archive: Archive, config: Config, clock: Clock) -> None:
    """Detect what is missing, with the mails that are owed at once because of it. Raises ArchiveError."""

    def owed(first: int, changes: tuple[Change, ...]) -> Sequence[NewDigest]:
        if not any(each.is_immediate(change.kind) for change in changes for each in config.subscriptions):
            return ()
        from alerts.digest import owed  # noqa: PLC0415 - mostly nothing is owed, and templates load slowly

        return owed(archive, config.subscriptions, config.context(clock.now()))(first, changes)

    detect_missing(archive, config.sources, owed, clock.now())


def detect_apart(path: Path, config: Config, clock: Clock) -> None:
    """The same in a process of its own, which has none of what a crawl leaves in memory; blocks until it has ended.

    Raises what :func:`detect` raises, or DetectionDied.
    """
    from pebble import ProcessExpired, concurrent  # noqa: PLC0415 - most sections are small

    apart = concurrent.process(mp_context=multiprocessing.get_context("spawn"))(_detect)
    try:
        apart(path, config, clock).result()
    except ProcessExpired as error:
        raise DetectionDied(
            f"the process that works out what changed {_ended(error.exitcode)}; what was fetched is stored, and the "
            "next crawl, or any command that writes, works it out"
        ) from None


def _detect(path: Path, config: Config, clock: Clock) -> None:
    """Runs in that process, which Ctrl-C does not end: as in the crawl's own, detection comes to its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Archive.open(path) as archive:
        detect(archive, config, clock)


def _ended(code: int) -> str:
    if code == -signal.SIGKILL:
        return "was killed, as the system does when there is no memory left"
    return f"ended {f'by signal {-code}' if code < 0 else f'with code {code}'}"
