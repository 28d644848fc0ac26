"""The view of what the demo leaves, for all tests here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.demo import Demo
from tests.web import filled
from tests.web.kept import build, settings
from tests.web.view import View, running, settings_for

#: After the demo's last week.
NOW = datetime(2021, 7, 6, 10, tzinfo=UTC)


@pytest.fixture(scope="session")
def view(demo: Demo) -> Iterator[View]:
    """A view of the demo's archive, with imprint and all; to be asked, not to be altered."""
    pages = {name: f"https://example.org/{name}" for name in ("imprint", "privacy", "accessibility")}
    with running(settings_for(demo.folder, NOW, **pages)) as made:
        yield made


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """A view of an archive that has what the demo has none of; to be asked, not to be altered."""
    folder = tmp_path_factory.mktemp("made")
    filled.fill(folder)
    with running(filled.settings_of(folder)) as view:
        yield view


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """A view of an archive with styles, images, hostile markup and erasures; to be asked, not to be altered."""
    path = tmp_path_factory.mktemp("kept") / "amtsblick.db"
    build(path)
    with running(settings(path)) as made:
        yield made
