"""What a detection and a digest cost as the archive grows, with the same that happened: ``--curve CAPTURES …``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from zoneinfo import ZoneInfo

from alerts.digest import close_window, preview
from alerts.model import Context, MailSettings, Subscription
from benchmarks.detection.history import SOURCE, History
from benchmarks.detection.site import Reader, State
from storage.archive import Archive

PAGES = 500
FEW, MANY = 20, 200  # pages that change between two digests
WITHIN = 1.0  # seconds of processor time for a digest of 200 changes
GROWTH = 1.5  # the largest archive to the smallest: a hundred times the captures, the same work
_READERS = Subscription(name="team", to=("team@example.org",), when_empty="always")


@dataclass(frozen=True, slots=True)
class Point:
    """Seconds of processor time in an archive of so many captures."""

    captures: int
    detecting: float  # a crawl in which 20 of 500 pages changed
    digest: float  # a digest of those 20
    long_digest: float  # a digest of 200


def main(sizes: Sequence[int]) -> int:
    """Make an archive of each size, measure, print; 0 when the marks are met."""
    reader = Reader(PAGES)
    points = []
    print(
        f"{'captures':>10}{'detection of 20':>17}{'digest of 20':>14}{'digest of 200':>15}   seconds of processor time"
    )
    for size in sizes:
        with TemporaryDirectory() as folder:
            point = _point(Path(folder) / "amtsblick.db", reader, max(1, size // PAGES))
        print(
            f"{point.captures:>10}{point.detecting:>17.3f}{point.digest:>14.3f}{point.long_digest:>15.3f}", flush=True
        )
        points.append(point)
    first, last = points[0], points[-1]
    growth = max(last.detecting / first.detecting, last.digest / first.digest, last.long_digest / first.long_digest)
    late = max(point.long_digest for point in points)
    print(f"largest to smallest archive: {growth:.2f}, at most {GROWTH}: {'met' if growth <= GROWTH else 'MISSED'}")
    print(f"digest of 200: {late:.2f} s, at most {WITHIN}: {'met' if late <= WITHIN else 'MISSED'}")
    return int(growth > GROWTH or late > WITHIN)


def _point(place: Path, reader: Reader, crawls: int) -> Point:
    history = History(place, reader)
    history.begin()
    history.pass_by(crawls, changing=FEW, looks=PAGES, tell=lambda done: _tell(done, crawls))
    _close(history)
    detecting = history.look(_editing(FEW, 1)).processor
    digest = _digest(history, FEW)
    _close(history)
    history.look(_editing(MANY, 2))
    return Point(crawls * PAGES, detecting, digest, _digest(history, MANY))


def _tell(done: int, crawls: int) -> None:
    """Progress, where somebody looks."""
    if sys.stderr.isatty():
        print(f"\r{done * PAGES} of {crawls * PAGES} captures ", end="", file=sys.stderr, flush=True)


def _editing(number: int, turn: int) -> Callable[[State], State]:
    return lambda state: replace(state, edition=1_000_000 + turn) if state.number < number else state


def _close(history: History) -> None:
    with Archive.open(history.path) as archive:
        close_window(archive, _READERS, _context(history))


def _digest(history: History, changes: int) -> float:
    """Seconds to work out and render what the readers would be told now."""
    context = _context(history)
    with Archive.open(history.path, readonly=True) as archive:
        start = process_time()
        rendered = preview(archive, _READERS, context)
        took = process_time() - start
    if str(changes) not in rendered.subject + rendered.text[:2000]:
        raise RuntimeError(f"the digest does not tell {changes} changes: {rendered.subject}")
    return took


def _context(history: History) -> Context:
    mail = MailSettings(sender="Amtsblick <amtsblick@example.org>", outbox=history.path.parent / "outbox")
    return Context(now=history.now, zone=ZoneInfo("Europe/Berlin"), mail=mail, sources=(SOURCE,))
