"""`run` lets go once a day what the rule of retention does not keep, in an archive as the office has it."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.schedule import Schedule
from crawler.session import Session
from storage.archive import Archive
from storage.records import ErasureKind, Hold, Tombstone
from tests.storage.makers import MONDAY, Watching, concluded

X = "https://example.org/a/x"
WEEKS = 30
CONFIG = """
[archive]
keep = "first, last"

[[source]]
name = "section"
start = ["https://example.org/a/"]
enabled = false
"""
# A day in winter: midnight in Berlin is eleven in the evening before.
EVENING = datetime.fromisoformat("2027-01-12T23:30:00+01:00")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Half a year of a page with other bytes and another text every week, and a config that keeps the ends of it."""
    file = tmp_path / "amtsblick.toml"
    file.write_text(CONFIG)
    file.chmod(0o600)
    with Archive.open(tmp_path / "amtsblick.db", create=True) as archive:
        watching = Watching(archive)
        for week in range(WEEKS):
            watching.now = MONDAY + timedelta(weeks=week)
            watching.begin()
            watching.see(X, f"Fassung {week}")
            crawl = watching.end()
            archive.commit_detection(crawl, concluded(archive, crawl))
    return file


def scheduler(config: Path, at: datetime) -> Schedule:
    return Schedule(Session(config_option=config, now_option=at.isoformat()), "0" * 32)


def stones(config: Path) -> tuple[Tombstone, ...]:
    with Archive.open(config.with_name("amtsblick.db"), readonly=True) as archive:
        return archive.tombstones()


def test_what_the_rule_does_not_keep_goes_and_the_archive_is_whole(
    config: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = config.with_name("amtsblick.db")
    with Archive.open(path, readonly=True) as archive:
        whole = archive.size_bytes()
    with caplog.at_level(logging.INFO, "amtsblick"):
        scheduler(config, EVENING).retain()
    (stone,) = stones(config)
    assert (stone.kind, stone.by, stone.subject) == (ErasureKind.RETENTION, "run", "first, last")
    assert stone.erased_at == EVENING
    assert 0 < stone.payloads < WEEKS
    assert f"retention: {stone.payloads} payloads and" in caplog.text
    with Archive.open(path) as archive:
        assert archive.verify().findings == ()
        first = archive.snapshot_at(X, MONDAY + timedelta(hours=1))
        last = archive.snapshot_at(X, EVENING)
        gone = archive.captures_of(X)[3]
        assert first is not None
        assert last is not None
        assert (first.payload, last.payload) == (b"Fassung 0", f"Fassung {WEEKS - 1}".encode())
        assert gone.id in archive.erasures_of(X)
        assert len(archive.captures_of(X)) == WEEKS
        assert archive.size_bytes() <= whole


def test_it_is_done_once_a_day_of_the_office(config: Path) -> None:
    with Archive.open(config.with_name("amtsblick.db")) as archive:
        hold = archive.add_hold(
            Hold(id=0, kind="uri", subject=X, by="kim", reason="a trial", since=MONDAY, lifted_at=None)
        )
    scheduler(config, EVENING).retain()
    with Archive.open(config.with_name("amtsblick.db")) as archive:
        archive.lift_hold(hold.id, EVENING)
    scheduler(config, EVENING + timedelta(minutes=29)).retain()
    assert stones(config) == (), "a second scheduler, or a restart, on the same day"
    scheduler(config, EVENING + timedelta(minutes=31)).retain()
    assert len(stones(config)) == 1
    scheduler(config, EVENING + timedelta(days=1)).retain()
    assert len(stones(config)) == 1, "nothing is left that may go"


@pytest.mark.slow
def test_a_scheduler_that_was_started_does_it_by_itself(config: Path) -> None:
    schedule = scheduler(config, EVENING)
    schedule.start()
    try:
        waiting = threading.Event()
        for _ in range(300):
            if stones(config):
                break
            waiting.wait(0.1)
    finally:
        assert schedule.stop()
    assert len(stones(config)) == 1


def test_without_a_rule_it_is_not_even_looked_at(config: Path) -> None:
    config.write_text(CONFIG.replace('keep = "first, last"\n', ""))
    schedule = scheduler(config, EVENING)
    schedule.start()
    try:
        named = {job.args[0] for job in schedule._scheduler.get_jobs()}
        assert "digests" in named
        assert "retention" not in named
    finally:
        assert schedule.stop()
