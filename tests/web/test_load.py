"""F08: readers of the view never keep a crawl's write-ahead log from being folded, and a crawl never keeps them waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.connection import Connection
from tests.storage.makers import MONDAY, SOURCE, Watching
from tests.web.raw import connected, get
from tests.web.test_injection import ZONE
from tests.web.view import View, running
from web.settings import Settings

MIB = 1 << 20
PAGES = 50


@pytest.mark.parametrize(
    "writes", [pytest.param(300, marks=pytest.mark.slow), pytest.param(2000, marks=pytest.mark.long)]
)
def test_a_view_that_is_read_while_a_crawl_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
    path = tmp_path / "amtsblick.db"
    readings = timed(monkeypatch)
    with Archive.open(path, create=True) as archive:
        watching = Watching(archive)
        watching.once(**{f"p{number}": f"Text {number}" for number in range(PAGES)})
        settings = Settings(archive=path, zone=ZONE, now=lambda: MONDAY, version="test", sources=(SOURCE,))
        with running(settings) as view, connected(view, small=True) as stuck:
            stuck.sendall(get("/de/").replace(b"Connection: close\r\n", b"") * 300)
            with asked(view, 20) as answers:
                logs = written(watching, writes, lambda: len(answers) > writes / 5)
            assert archive._connection.checkpoint(), "a reader kept the log from being folded"
        assert path.with_name(path.name + "-wal").stat().st_size == 0
    assert len(answers) > writes / 5
    assert {status for status, _ in answers} == {200}
    assert max(seconds for _, seconds in answers) < 5
    assert max(logs) <= 64 * MIB
    assert len(readings) > 100
    assert max(readings) < 2


def timed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each read transaction of a reader lasts, in seconds."""
    found: list[float] = []
    plain = Connection.read

    @contextmanager
    def read(self: Connection) -> Iterator[object]:
        start = time.monotonic()
        with plain(self) as db:
            yield db
        if self.readonly:
            found.append(time.monotonic() - start)

    monkeypatch.setattr(Connection, "read", read)
    return found


def written(watching: Watching, writes: int, enough: Callable[[], bool]) -> list[int]:
    """Crawls over the pages for so many writes, and until enough was read; the sizes of the write-ahead log meanwhile."""
    log = watching.archive.path.with_name(watching.archive.path.name + "-wal")
    sizes = []
    for number in range(50 * writes):
        if number >= writes and enough():
            break
        if number % PAGES == 0:
            if watching.crawl is not None and number:
                watching.end()
            watching.begin()
        page = f"https://example.org/a/p{number % PAGES}"
        watching.see(page, f"Text {number} {'wird länger ' * 50}", f"{number} ".encode() * 5000)
        sizes.append(log.stat().st_size)
    watching.end()
    return sizes


@contextmanager
def asked(view: View, per_second: int) -> Iterator[list[tuple[int, float]]]:
    """So many requests a second, each by somebody else, until the block is left; (status, seconds) of each."""
    found: list[tuple[int, float]] = []
    over = threading.Event()
    paths = ("/de/", "/json/", "/en/year/2026", "/static/style.css")

    def reader(number: int) -> None:
        turn = number
        while not over.wait(1):
            start = time.monotonic()
            status = view.get(paths[turn % len(paths)]).status
            found.append((status, time.monotonic() - start))
            turn += 1

    with ThreadPoolExecutor(per_second) as pool:
        done = [pool.submit(reader, number) for number in range(per_second)]
        try:
            yield found
        finally:
            over.set()
        for each in done:
            each.result()
