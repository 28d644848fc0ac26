"""What the tests of imports share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler import history
from crawler.config import Config, load
from crawler.intake import Intake, Taker
from crawler.readers import Readers
from storage.archive import Archive
from tests.imports import makers

NOW = datetime(2026, 3, 2, tzinfo=UTC)

Take = Callable[..., Intake]


@pytest.fixture(scope="session")
def readers() -> Iterator[Readers]:
    """One pool of readers for all tests of a worker."""
    made = Readers()
    yield made
    made.stop()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A config with one source, in a folder of its own."""
    return load(makers.config(tmp_path))


@pytest.fixture
def take(tmp_path: Path, config: Config, readers: Readers) -> Take:
    """Imports files as the command does, without its words; ``into`` names the archive."""

    def run(*files: bytes, into: str = "amtsblick.db", name: str = "") -> Intake:
        paths = []
        for data in files:
            path = tmp_path / (name or f"{makers.short(data)}.warc")
            path.write_bytes(data)
            paths.append(path)
        with Archive.open(tmp_path / into, create=True) as archive:
            intake = Taker(archive, config.source, NOW).files(paths)
            asyncio.run(history.work_out(archive, config.source, readers))
        return intake

    return run
