"""One cycle after the other of a site of 20 pages on which nothing happens, and what the process that does it holds."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.crawl import ours
from benchmarks.crawl.server import serving
from crawler import config
from crawler.runner import CrawlProcess
from crawler.schedule import Schedule
from crawler.session import Session
from storage.archive import Archive

PAGES = 20


@dataclass(frozen=True, slots=True)
class Size:
    """What a process holds, and its archive, after so many cycles."""

    cycles: int
    memory: int  # KiB
    files: int
    threads: int
    archive: int  # bytes
    looks: int  # captures in it


@contextmanager
def scheduled(folder: Path) -> Iterator[tuple[Callable[[], None], int]]:
    """The scheduler's own round in this process, its crawls in children as ever; gives one round and its process."""
    with serving(PAGES, "validators") as server:
        file = ours.config(folder, server.home, PAGES)
        with file.open("a") as more:
            more.write('\n[[subscription]]\nname = "team"\nto = ["team@example.org"]\n')
        session = Session(config_option=file)
        with Archive.open(ours.archive(folder), create=True) as archive:
            schedule = Schedule(session, archive.installation_id)
        (source,) = session.config.enabled

        def cycle() -> None:
            schedule.look(source)
            schedule.digests()
            schedule.deliver()
            schedule.attend()

        yield cycle, os.getpid()


@contextmanager
def served(folder: Path) -> Iterator[tuple[Callable[[], None], int]]:
    """One crawl process that takes an order for each round, as `demo` has it; gives one round and that process."""
    with serving(PAGES, "validators") as server:
        found = config.load(ours.config(folder, server.home, PAGES))
        session = Session(config_option=found.file)
        with CrawlProcess(found, ("site",)) as process:
            yield lambda: _whole(process, session), process.pid


def _whole(process: CrawlProcess, session: Session) -> None:
    (summary,) = process.crawl(("site",), session.clock)
    if summary.exit_code:
        raise RuntimeError(f"{summary.outcome}: {summary.reason}")


def measured(cycle: Callable[[], None], process: int, archive: Path, marks: tuple[int, ...]) -> list[Size]:
    """Run cycles up to the last of ``marks``, and what is held at each of them."""
    found = []
    for number in range(1, marks[-1] + 1):
        cycle()
        if number in marks:
            gc.collect()
            found.append(_size(number, process, archive))
    return found


def growth(first: Size, last: Size) -> float:
    """Bytes that the archive grew by with each look."""
    return (last.archive - first.archive) / max(1, last.looks - first.looks)


def _size(number: int, process: int, archive: Path) -> Size:
    place = Path(f"/proc/{process}")
    status = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
    with Archive.open(archive, readonly=True) as kept:
        looks = sum(len(kept.captures_of(watch.uri)) for watch in kept.watches("site"))
    return Size(
        cycles=number,
        memory=int(status["VmRSS"].split()[0]),
        files=len(list((place / "fd").iterdir())),
        threads=int(status["Threads"]),
        archive=archive.stat().st_size,
        looks=looks,
    )
