"""Looks that come within an instant share a commit; each is told when it is durable, and pays for its own mistakes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.batch import Batch
from storage.archive import Archive
from storage.errors import ArchiveBusy, DiskFull
from storage.lock import FileLock
from storage.records import Crawl, NewCapture, Source, Stored
from tests.storage.makers import fetched

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOME = "https://example.org/"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "amtsblick.db", create=True, timeout=0.1) as made:
        yield made


@pytest.fixture
def crawl(archive: Archive) -> Crawl:
    return archive.start_crawl(Source(name="site", start=(HOME,), scope=(HOME,)), MONDAY)


@pytest.fixture
def commits(archive: Archive) -> list[str]:
    """Every commit from now on."""
    found: list[str] = []
    archive._connection.db.conn.set_trace_callback(lambda sql: found.append(sql) if sql == "COMMIT" else None)
    return found


def look(archive: Archive, crawl: Crawl, number: int) -> Stored:
    new = NewCapture(
        uri=f"{HOME}{number}", captured_at=MONDAY, request=b"GET / HTTP/1.1\r\n\r\n", head=b"HTTP/1.1 200 OK\r\n\r\n",
        payload=b"%d" % number, status=200,
    )  # fmt: skip
    return archive.add_capture(crawl.id, new)


def stored(archive: Archive) -> list[str]:
    """What another process sees."""
    with Archive.open(archive.path, readonly=True) as other:
        return [str(capture.uri) for capture in other.unread_captures()]


async def together(batch: Batch, archive: Archive, crawl: Crawl, number: int) -> list[Stored]:
    writes = [lambda n=each: look(archive, crawl, n) for each in range(number)]  # type: ignore[misc]
    return await asyncio.gather(*(batch.store(write) for write in writes))


@pytest.mark.parametrize("is_alone", [True, False])
def test_what_comes_together_shares_a_commit_and_is_durable_when_it_returns(
    archive: Archive, crawl: Crawl, commits: list[str], is_alone: bool
) -> None:
    async def run() -> None:
        found = await together(Batch(archive, lambda: is_alone), archive, crawl, 5)
        assert [each.capture_id for each in found] == [1, 2, 3, 4, 5]
        assert stored(archive) == [f"{HOME}{number}" for number in range(5)]

    asyncio.run(run())
    assert len(commits) == 1
    assert archive.broken_links() == ()


def test_so_many_do_not_wait_for_more(archive: Archive, crawl: Crawl, commits: list[str]) -> None:
    asyncio.run(together(Batch(archive, lambda: False), archive, crawl, 70))
    assert len(commits) == 3
    assert len(stored(archive)) == 70


def test_a_mistake_of_one_takes_back_what_it_wrote_and_nothing_else(archive: Archive, crawl: Crawl) -> None:
    def wrong() -> None:
        with archive.transaction():
            look(archive, crawl, 7)
            raise ValueError("a page of its own kind")

    async def run() -> None:
        batch = Batch(archive, lambda: False)
        first = asyncio.ensure_future(batch.store(lambda: look(archive, crawl, 1)))
        broken = asyncio.ensure_future(batch.store(wrong))
        last = asyncio.ensure_future(batch.store(lambda: look(archive, crawl, 2)))
        with pytest.raises(ValueError, match="its own kind"):
            await broken
        assert [(await first).capture_id, (await last).capture_id] == [1, 2]

    asyncio.run(run())
    assert stored(archive) == [f"{HOME}1", f"{HOME}2"]
    assert archive.broken_links() == ()


def test_all_hear_of_an_archive_that_cannot_be_written_and_the_next_batch_can(archive: Archive, crawl: Crawl) -> None:
    async def run() -> None:
        batch = Batch(archive, lambda: True)
        lock = FileLock(archive.path.with_name("amtsblick.db.lock"), "")
        with lock.hold():
            tries = await asyncio.gather(
                *(batch.store(lambda: look(archive, crawl, 1)) for _ in range(3)), return_exceptions=True
            )
        assert [type(each) for each in tries] == [ArchiveBusy] * 3
        assert stored(archive) == []
        assert (await batch.store(lambda: look(archive, crawl, 1))).capture_id == 1

    asyncio.run(run())


def test_all_hear_of_a_disk_that_one_of_them_finds_full(archive: Archive, crawl: Crawl) -> None:
    """It is no mistake of that one page: what it did not store would be missed, and the crawl called complete."""

    async def run() -> None:
        batch = Batch(archive, lambda: False)
        await batch.store(lambda: look(archive, crawl, 1))
        db = archive._connection.db
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}").fetchone()

        def large() -> Stored:
            new = fetched("https://a.example/large", MONDAY, random.Random(1).randbytes(50_000))
            return archive.add_capture(crawl.id, new)

        tries = await asyncio.gather(batch.store(large), batch.store(large), return_exceptions=True)
        assert [type(each) for each in tries] == [DiskFull] * 2
        db.execute("PRAGMA max_page_count = 1000000").fetchone()
        assert (await batch.store(large)).capture_id == 2

    asyncio.run(run())


def test_all_hear_of_what_nobody_foresaw(archive: Archive, crawl: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    def unheard_of(*_: object) -> None:
        raise RuntimeError("nobody foresaw this")

    async def run() -> None:
        monkeypatch.setattr(Archive, "transaction", unheard_of)
        with pytest.raises(RuntimeError, match="foresaw"):
            await asyncio.wait_for(Batch(archive, lambda: True).store(lambda: look(archive, crawl, 1)), 5)

    asyncio.run(run())
