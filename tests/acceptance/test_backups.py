"""Backups made while the office works (F10): each is whole and has all that was reported stored before it began."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.clock import Clock
from crawler.config import load
from crawler.runner import CrawlProcess, Progress
from storage.archive import Archive
from storage.backup import restore
from storage.records import BackupMade, DeliveryState
from tests.acceptance.harness import Desk, Site, serving
from tests.acceptance.test_kills import texts

BEGIN = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
CONFIG = """
[[source]]
name = "site"
start = ["{base}/"]
delay = 0
allow_private = true

[[subscription]]
name = "team"
to = ["team@example.org"]
immediately = ["page.*"]
"""


class Work:
    """Looks at a site that says something else every time, in a process of its own, until it is stopped."""

    def __init__(self, desk: Desk, site: Site) -> None:
        self.site, self.now = site, BEGIN
        self.stored: Counter[str] = Counter()  # looks that were reported stored, by address
        self.looks = 0
        self._config = load(desk.config)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Work:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def wait(self, looks: int) -> None:
        """Until so many looks have ended, and the next is under way."""
        waiting = threading.Event()
        while self.looks < looks:
            assert self._thread.is_alive()
            waiting.wait(0.02)

    def _work(self) -> None:
        with CrawlProcess(self._config, ["site"]) as process:
            while not self._stop.is_set():
                self.site.pages = texts(self.looks)
                self.now += timedelta(hours=1)
                (summary,) = process.crawl(["site"], Clock(frozen_at=self.now), self._told)
                assert summary.exit_code == 0, summary
                self.looks += 1

    def _told(self, event: object) -> None:
        if isinstance(event, Progress):
            self.stored[event.uri] += 1


def back_up(desk: Desk, target: Path, now: datetime) -> BackupMade:
    target.mkdir()
    with Archive.open(desk.folder / "amtsblick.db", readonly=True) as archive:
        return archive.backup(target, desk.config.read_text(), now, lambda *_: None, program="test")


def work_and_back_up(folder: Path, site: Site, backups: int) -> tuple[Desk, Work]:
    """Backups of an archive that is written to all the time; each is restored, proven and asked."""
    (folder / "office").mkdir()
    desk = Desk(folder / "office", CONFIG.format(base=site.base))
    with Work(desk, site) as work:
        work.wait(1)
        for number in range(backups):
            stored = Counter(work.stored)
            made = back_up(desk, folder / str(number), BEGIN + timedelta(days=number))
            back = restore(made.path, folder / str(number) / "back.db", BEGIN, lambda *_: None, force=False)
            assert back.captures == made.captures
            with Archive.open(back.path, readonly=True) as archive:
                assert archive.verify().findings == ()
                assert archive._connection.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                for uri, count in stored.items():
                    assert len(archive.captures_of(uri)) >= count, f"backup {number}: {uri} was reported stored"
                queue = archive.queue_counts()
                assert queue[DeliveryState.HELD] == sum(queue.values())
    assert work.looks > 1, "there was no load"
    return desk, work


def assert_restored(folder: Path, desk: Desk, work: Work) -> None:
    """The newest backup on another machine: the site is as it was, so nothing has changed; no mail goes by itself."""
    made = back_up(desk, folder / "last", work.now)
    new = folder / "new"
    new.mkdir()
    machine = Desk(new, CONFIG.format(base=work.site.base))
    at = f"{work.now + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    machine.run("restore", str(made.path), now=at)
    told = machine.json("changes")
    (summary,) = machine.json("crawl", now=at)
    assert (summary["new"], summary["changed"], summary["outcome"]) == (0, 0, "complete")
    assert machine.json("changes") == told != []
    held = machine.json("outbox")
    assert {row["state"] for row in held} == {"held"}
    machine.run("deliver", "--now-all", now=at)
    assert not list(new.glob("outbox/*.eml"))
    machine.run("outbox", "release", "--all", now=at)
    machine.run("deliver", "--now-all", now=at)
    assert {row["state"] for row in machine.json("outbox")} == {"sent"}
    assert len(list(new.glob("outbox/*.eml"))) == len(held) > 0
    machine.run("verify")


@pytest.mark.slow
def test_three_backups_under_load(tmp_path: Path) -> None:
    with serving() as site:
        desk, work = work_and_back_up(tmp_path, site, 3)
        assert_restored(tmp_path, desk, work)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_twenty_backups_under_load(tmp_path: Path) -> None:
    with serving() as site:
        desk, work = work_and_back_up(tmp_path, site, 20)
        assert_restored(tmp_path, desk, work)
