"""Plays a timeline to a tool: the product itself, or another one that speaks a line-based protocol."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from benchmarks.alert_quality.labels import Played, Step, Told
from benchmarks.alert_quality.place import Place
from benchmarks.alert_quality.serving import serving
from crawler.clock import Clock
from crawler.config import Config, load
from crawler.runner import CrawlOutcome, CrawlProcess
from storage.archive import Archive
from web import rows

BETWEEN_LOOKS = timedelta(days=3)  # more than the 48 hours that confirm a removal, so that the next look does
_LONGEST_LOOK = 300.0  # seconds that another tool may take for one look


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A site and what happens to it: ``steps`` changes the place it gets, and yields after each thing it did."""

    name: str
    about: str
    place: Callable[[], Place]
    steps: Callable[[Place], Iterator[Step]]


class Tool(Protocol):
    """What looks at a site."""

    def look(self, now: datetime) -> tuple[Told, ...]:
        """Look once, at a simulated moment, and tell what is new since the last look."""


class ToolError(Exception):
    """The tool could not be run at all."""


class Product:
    """Amtsblick: `crawl` and `changes` by the functions that these commands call, in one crawl process."""

    def __init__(self, place: Place, folder: Path, authority: Path) -> None:
        self._place, self._folder, self._authority = place, folder, authority
        self._config = self._load()
        self._process = CrawlProcess(self._config, [source.name for source in self._config.source])

    def look(self, now: datetime) -> tuple[Told, ...]:
        """One crawl of all sources."""
        config = self._load()
        self._process.config = config
        before = _last_seq(config)
        names = [source.name for source in config.source]
        for summary in self._process.crawl(names, Clock(frozen_at=now)):
            if summary.outcome not in {CrawlOutcome.COMPLETE, CrawlOutcome.INCOMPLETE, CrawlOutcome.BLIND}:
                raise ToolError(f"{summary.source}: {summary.outcome}: {summary.reason}")
        with Archive.open(config.archive_path, readonly=True) as archive:
            found = archive.changes_between(before, archive.last_seq())
        return tuple(_told(rows.change(change)) for change in found)

    def close(self) -> None:
        """End the crawl process."""
        self._process.close()

    def _load(self) -> Config:
        """The config as the place has it now: a timeline may change it between two looks."""
        file = self._folder / "amtsblick.toml"
        extra = "\n[crawler]\nca_file = " + f'"{self._authority}"\n'
        file.touch(mode=0o600)
        file.write_text(self._place.settings() + extra, encoding="utf-8")
        return load(file)


class Baseline:
    """Another tool: a command that is run once a look with the start address, and prints KIND, tab, URL a line."""

    def __init__(self, command: str, place: Place, folder: Path, authority: Path) -> None:
        self._words = shlex.split(command)
        self._place, self._folder, self._authority = place, folder, authority

    def look(self, now: datetime) -> tuple[Told, ...]:
        """One run of the command, in a folder that stays the same for the whole timeline."""
        environ = os.environ | {"BENCH_NOW": f"{now:%Y-%m-%dT%H:%M:%SZ}", "SSL_CERT_FILE": str(self._authority)}
        try:
            done = subprocess.run(
                [*self._words, self._place.base + self._place.start],
                capture_output=True,
                text=True,
                cwd=self._folder,
                env=environ,
                timeout=_LONGEST_LOOK,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ToolError(str(error)) from None
        return tuple(read_lines(done.stdout))

    def close(self) -> None:
        """Nothing is kept running."""


def read_lines(said: str) -> Iterator[Told]:
    """The items of the line-based protocol; lines without a tab are the tool's own talk."""
    for line in said.splitlines():
        kind, tab, uri = line.partition("\t")
        if tab:
            yield Told(kind=kind.strip(), uri=uri.strip(), uris=(uri.strip(),))


def play(
    timeline: Timeline,
    baseline: str = "",
    on_step: Callable[[int, Played], None] = lambda _number, _played: None,
    *,
    keep: Path | None = None,
    until: int = 0,
) -> tuple[Played, ...]:
    """Play a whole timeline; the first step is the tool's first look, which should tell nothing.

    ``keep`` is a folder for config and archive that outlives the play; ``until`` ends it after that step, 0: never.

    Raises:
        ToolError: when the tool cannot be run.
    """
    place = timeline.place()
    played: list[Played] = []
    with tempfile.TemporaryDirectory(prefix="alerts-") as name:
        folder = keep or Path(name)
        with serving(place, folder) as authority, _tool(baseline, place, folder, authority) as tool:
            for step in timeline.steps(place):
                told: list[tuple[Told, ...]] = []
                for _ in range(step.looks):
                    told.append(tool.look(place.now))
                    place.now += BETWEEN_LOOKS
                played.append(Played(step=step, told=tuple(told)))
                on_step(len(played), played[-1])
                if len(played) == until:
                    break
    return tuple(played)


@contextmanager
def _tool(baseline: str, place: Place, folder: Path, authority: Path) -> Iterator[Tool]:
    tool = Baseline(baseline, place, folder, authority) if baseline else Product(place, folder, authority)
    try:
        yield tool
    finally:
        tool.close()


def _last_seq(config: Config) -> int:
    if not config.archive_path.exists():
        return 0
    with Archive.open(config.archive_path, readonly=True) as archive:
        return archive.last_seq()


def _told(row: rows.Row) -> Told:
    return Told(
        kind=row["kind"],
        uri=row["uri"],
        uris=tuple(row["uris"]),
        minor=row["minor"],
        before=row["before"],
        after=row["after"],
        summary=row["summary"],
        reason=row["reason"],
    )
