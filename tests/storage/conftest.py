"""Archives on disk for the tests of the archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.archive import Archive
from tests.storage.makers import Watching


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "amtsblick.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive.open(path, create=True) as opened:
        yield opened


@pytest.fixture
def watching(archive: Archive) -> Watching:
    return Watching(archive)
