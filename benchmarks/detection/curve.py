"""What detection, digests and commands cost as the archive grows, while the same happens: ``--curve CAPTURES …``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from alerts.digest import close_window, preview
from alerts.model import Context, MailSettings, Subscription
from benchmarks.detection.history import SOURCE, WEEK, History
from benchmarks.detection.site import Reader, State, uri
from storage.archive import Archive

PAGES = 500
FEW, MANY = 20, 200  # pages that change between two digests
WITHIN = 1.0  # seconds of processor time for a digest of 200 changes
GROWTH = 1.5  # the largest archive to the smallest: a hundred times the captures, the same work
SOON = 0.5  # seconds on the clock for a command that somebody waits for, its start included
_LOOKS = 5  # each command, of which the median counts
_CONFIG = """[archive]
path = "{archive}"

[[source]]
name = "{name}"
start = ["{start}"]
"""
_READERS = Subscription(name="team", to=("team@example.org",), when_empty="always")


@dataclass(frozen=True, slots=True)
class Point:
    """Seconds of processor time in an archive of so many captures."""

    captures: int
    detecting: float  # a crawl in which 20 of 500 pages changed
    digest: float  # a digest of those 20
    long_digest: float  # a digest of 200
    commands: dict[str, float]  # seconds on the clock of what somebody waits for


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
    for name, took in last.commands.items():
        print(f"{name}: {took:.2f} s on the clock, at most {SOON}: {'met' if took <= SOON else 'MISSED'}")
    return int(growth > GROWTH or late > WITHIN or max(last.commands.values()) > SOON)


def _point(place: Path, reader: Reader, crawls: int) -> Point:
    history = History(place, reader)
    history.begin()
    history.pass_by(crawls, changing=FEW, looks=PAGES, tell=lambda done: _tell(done, crawls))
    _close(history)
    detecting = history.look(_editing(FEW, 1)).processor
    digest = _digest(history, FEW)
    _close(history)
    history.look(_editing(MANY, 2))
    return Point(crawls * PAGES, detecting, digest, _digest(history, MANY), _waited_for(history))


def _waited_for(history: History) -> dict[str, float]:
    """How long the commands take that people wait for."""
    file = history.path.with_name("amtsblick.toml")
    file.write_text(_CONFIG.format(archive=history.path, name=SOURCE.name, start=SOURCE.start[0]), encoding="utf-8")
    file.chmod(0o600)
    asked = {
        "status": ["status"],
        "changes of the last week": ["changes", "--since", (history.now - WEEK).isoformat()],
        "snapshot": ["snapshot", uri(1), "--at", (history.now - WEEK).isoformat()],
    }
    command = [sys.executable, "-m", "crawler", "--config", str(file), "--now", history.now.isoformat()]
    found = {}
    for name, words in asked.items():
        times = []
        for _ in range(_LOOKS):
            start = perf_counter()
            done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
            times.append(perf_counter() - start)
            if not done.stdout:
                raise RuntimeError(f"{name}: {done.stderr}")
        found[name] = median(times)
    return found


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
