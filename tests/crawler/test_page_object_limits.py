"""A page object that takes too much meets the readers' limits, and the line about it names the page object."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from crawler.readers import Readers, Received
from extractors import installed
from extractors.model import Hints, Outcome
from tests.crawler.plugged import install

pytestmark = pytest.mark.slow

ENDLESS = "def recognises(tree):\n    return True\n\ndef read(document):\n    while True:\n        pass\n"
GREEDY = ENDLESS.replace("while True:\n        pass", "return 'x' * (1 << 33)")
PAGE = Received(
    uri="https://www.example.org/amt/",
    status=200,
    head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    payload=b"<html><body><main><h1>Amt</h1><p>Das Amt ist am Montag offen.</p></main></body></html>",
)


@pytest.mark.parametrize("code", [ENDLESS, GREEDY], ids=["endless", "greedy"])
def test_the_page_fails_and_the_next_one_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.syspath_prepend(str(install(tmp_path / "plugins", code)))
    for cached in (installed.points, installed.names, installed.versions):
        cached.cache_clear()
    readers = Readers(seconds=2.0)
    try:
        reading = asyncio.run(readers.read(PAGE, Hints()))
        assert reading.outcome is Outcome.FAILED
        assert "musterstadt" in reading.detail
        assert asyncio.run(readers.read(PAGE, Hints(extractor="generic"))).outcome is Outcome.OK
    finally:
        readers.stop()
        for cached in (installed.points, installed.names, installed.versions):
            cached.cache_clear()
