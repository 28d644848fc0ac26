"""Counts what a second look at a page costs, through the recorder that stores and judges every look of a crawl."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import trafilatura

from crawler import config
from crawler.clock import Clock
from crawler.exchange import Exchange
from crawler.frontier import Candidate
from crawler.readers import Readers, Received
from crawler.reading import read_received
from crawler.recorder import Ask, Recorder
from extractors import address
from extractors.model import Hints, Outcome, Reading
from extractors.text import text_digest
from storage.archive import Archive

_FIRST_LOOK = datetime(2021, 7, 15, 4, 0, tzinfo=UTC)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
_LIMIT = 32 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one look came to: how it was judged, the page's text as a digest, and how much work it was."""

    outcome: Outcome
    text: str
    readings: int
    trafilatura_runs: int


class _Counting(Readers):
    """Reads in this process, so that what happens inside can be counted."""

    def __init__(self) -> None:
        super().__init__()
        self.readings = 0

    async def read(self, received: Received, hints: Hints, *, limit: int | None = None) -> Reading:
        self.readings += 1
        return read_received(received, hints, limit or _LIMIT)


@dataclass(slots=True)
class _Runs:
    count: int = 0


def looks(uri: str, bodies: Sequence[bytes]) -> list[Cost]:
    """Look at one address once for each body, in one crawl each, in an archive that is thrown away."""
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "looks.db", create=True) as archive:
        return [_look(archive, uri, body, _FIRST_LOOK + timedelta(days=n)) for n, body in enumerate(bodies)]


def _look(archive: Archive, uri: str, body: bytes, now: datetime) -> Cost:
    source = config.SourceConfig(name="looks", start=(uri,))
    crawl = archive.start_crawl(source.as_source(), now)
    readers = _Counting()
    recorder = Recorder(archive, crawl, source=source, clock=Clock(frozen_at=now), readers=readers)
    ask = Ask(candidate=Candidate(uri=uri, address=address.key(uri)))
    exchange = Exchange(uri=uri, captured_at=now, head=bytearray(_HEAD), payload=body, status=200)
    with _counted() as runs:
        look = asyncio.run(recorder.record(ask, exchange))
    archive.end_crawl(crawl.id, now, exhausted=True, reason="")
    return Cost(
        outcome=look.reading.outcome,
        text=text_digest(look.page) if look.page is not None else "",
        readings=readers.readings,
        trafilatura_runs=runs.count,
    )


@contextmanager
def _counted() -> Iterator[_Runs]:
    """Count the calls of Trafilatura's two ways in; one that calls the other counts once."""
    runs = _Runs()
    extract, bare = trafilatura.extract, trafilatura.bare_extraction

    def counting_extract(*args: Any, **kwargs: Any) -> Any:
        runs.count += 1
        return extract(*args, **kwargs)

    def counting_bare(*args: Any, **kwargs: Any) -> Any:
        runs.count += 1
        return bare(*args, **kwargs)

    with (
        patch.object(trafilatura, "extract", counting_extract),
        patch.object(trafilatura, "bare_extraction", counting_bare),
    ):
        yield runs
