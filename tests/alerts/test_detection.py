"""What is still undetected is detected once, in order, with what it owes, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.detection import detect_missing
from storage.archive import Archive
from storage.records import Change, NewDigest
from tests.alerts.detect_archive import Archived
from tests.alerts.detect_support import START, kinds, page, source

PAGE = page("/p", "Start", "Der erste Text.")


@pytest.fixture
def sim(tmp_path: Path) -> Iterator[Archived]:
    with Archive.open(tmp_path / "amtsblick.db", create=True) as archive:
        yield Archived.on(archive, source=source(register=""))


def ended_crawl(sim: Archived, text: str) -> None:
    """A crawl whose process died between its end and its detection."""
    sim.at += timedelta(days=7)
    sim.crawls += 1
    crawl = sim.archive.start_crawl(sim.source, sim.at)
    sim._fetch(crawl.id, "/p", page("/p", "Start", text))
    sim.archive.end_crawl(crawl.id, sim.at, True, "finished")


def nothing_owed(_first: int, _changes: tuple[Change, ...]) -> tuple[NewDigest, ...]:
    return ()


def test_every_missing_detection_is_made_up_in_order_and_only_once(sim: Archived) -> None:
    assert sim.crawl({"/p": PAGE}) == []
    ended_crawl(sim, "Der zweite Text ist hier.")
    ended_crawl(sim, "Der dritte Text ist hier.")
    sources = {sim.source.name: sim.source}
    told = detect_missing(sim.archive, sources, nothing_owed, sim.at)
    assert kinds(told) == ["page.changed", "page.changed"]
    assert [change.after["text"] for change in told] == ["Der zweite Text ist hier.", "Der dritte Text ist hier."]
    assert [change.crawl_id for change in told] == sorted(change.crawl_id for change in told)
    assert detect_missing(sim.archive, sources, nothing_owed, sim.at) == ()
    assert sim.archive.changes() == told


def test_a_crawl_that_is_still_running_is_left_alone(sim: Archived) -> None:
    crawl = sim.archive.start_crawl(sim.source, START)
    assert detect_missing(sim.archive, {sim.source.name: sim.source}, nothing_owed, START) == ()
    sim.archive.end_crawl(crawl.id, START, True, "finished")
    assert [missing.id for missing in sim.archive.undetected()] == [crawl.id]


def test_a_source_that_is_not_configured_waits_until_it_is_again(sim: Archived) -> None:
    sim.crawl({"/p": PAGE})
    ended_crawl(sim, "Der zweite Text ist hier.")
    assert detect_missing(sim.archive, {}, nothing_owed, sim.at) == ()
    assert len(sim.archive.undetected()) == 1
    assert kinds(detect_missing(sim.archive, {sim.source.name: sim.source}, nothing_owed, sim.at)) == ["page.changed"]


def test_what_is_owed_at_once_is_asked_for_with_the_numbered_changes(sim: Archived) -> None:
    asked: list[tuple[int, tuple[int, ...]]] = []

    def owed(first: int, changes: tuple[Change, ...]) -> tuple[NewDigest, ...]:
        asked.append((first, tuple(change.seq for change in changes)))
        return ()

    sim.crawl({"/p": PAGE})
    ended_crawl(sim, "Der zweite Text ist hier.")
    detect_missing(sim.archive, {sim.source.name: sim.source}, owed, sim.at)
    assert asked == [(1, (1,))]
