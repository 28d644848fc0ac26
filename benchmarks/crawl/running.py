"""Runs one command and says what it cost with all that it started: ``python -m benchmarks.crawl.running COMMAND…``.

Processes whose parent ended are handed to this one (a "subreaper" of Linux), so that none of them is missed.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_SUBREAPER = 36  # prctl(2), PR_SET_CHILD_SUBREAPER
_EVERY = 0.25  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor and of wall time, and MiB of memory of all processes a command was."""

    cpu: float
    wall: float
    largest: float  # the largest process, all its pages
    together: float  # all processes at one moment, what they share counted once


def cost_of(command: Sequence[str], environ: Mapping[str, str] | None = None) -> tuple[Cost, str]:
    """Run a command to its end; its cost, and what it wrote on standard output. Raises where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.crawl.running", *command],
        capture_output=True, text=True, env=environ, check=False,
    )  # fmt: skip
    *said, last = done.stdout.splitlines() or [""]
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: ended with {done.returncode}: {done.stderr[-2000:]}")
    return Cost(**json.loads(last)), "\n".join(said)


def main(command: list[str]) -> int:
    """Run it, print its cost as the last line, and end as it did."""
    if ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    started = time.monotonic()
    first = subprocess.Popen(command)
    memory = _Memory()
    memory.start()
    code, wall = 0, 0.0
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            break
        if pid == first.pid:
            wall, code = time.monotonic() - started, os.waitstatus_to_exitcode(status)
    memory.over.set()
    memory.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, memory.most / 1024)
    sys.stdout.flush()
    print(json.dumps(asdict(cost)))
    return abs(code)


class _Memory(threading.Thread):
    """Looks now and then how much memory all processes below this one hold; ``most`` in KiB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.most = 0

    def run(self) -> None:
        while not self.over.wait(_EVERY):
            self.most = max(self.most, sum(map(_held, _below(os.getpid()))))


def _below(pid: int) -> set[int]:
    """The processes that descend from one."""
    parents: dict[int, int] = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue  # it has just ended
    found, more = set(), {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more}
        found |= more
    return found


def _held(pid: int) -> int:
    """KiB that a process holds, its part of what it shares with others."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
