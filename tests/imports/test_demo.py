"""What a watch told over its weeks is what its export, imported into an empty archive, is worked out to be."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from crawler import cli, history
from crawler.config import load
from crawler.intake import Taker
from crawler.readers import Readers
from storage.archive import Archive
from storage.exports import warcfile
from storage.records import About, Selection
from tests.imports.conftest import NOW


@pytest.mark.long
def test_the_demo_comes_out_again_to_the_word(tmp_path: Path, readers: Readers) -> None:
    assert cli.run(["demo", "--out", str(tmp_path / "demo")]) == 0
    config = load(tmp_path / "demo" / "amtsblick.toml")
    about = About(software="test", created=NOW, title="t", organization="o", contact="c@example.org")
    with Archive.open(config.archive_path, readonly=True) as archive:
        told = {(one.kind, one.source, one.uri, one.summary, one.observed_at) for one in archive.changes()}
        with archive.handover(Selection()) as holdings:
            warcfile.write(tmp_path / "own.warc.gz", holdings, about, force=False, step=lambda _uri: None)
    with Archive.open(tmp_path / "empty.db", create=True) as archive:
        Taker(archive, config.source, NOW).files([tmp_path / "own.warc.gz"])
        asyncio.run(history.work_out(archive, config.source, readers))
        found = {(one.kind, one.source, one.uri, one.summary, one.observed_at) for one in archive.changes()}
    assert len(found) > 10
    assert found == {each for each in told if not each[0].startswith("source.")}
