"""States of an address at a moment and their neighbours, parts of pages, and looks by year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from extractors.model import ASSET, Outcome, Reading
from storage.archive import Archive
from storage.records import ErasureKind, ErasureOrder
from tests.storage.makers import HOUR, MONDAY, Watching, bad

A = "https://example.org/a/a"
IMAGE = "https://example.org/i.png"
SECOND = timedelta(seconds=1)
KEPT = Reading(outcome=Outcome.OK, rule=ASSET)


@pytest.fixture
def seen(watching: Watching) -> list[datetime]:
    """Looks at A and at an image, an hour apart: one, one, none, two, and of the image the first and the last."""
    times = []
    for text in ("one", "one", None, "two"):
        watching.begin()
        watching.see(A, text or bad(Outcome.FAILED), body=str(text).encode())
        times.append(watching.now)
        if len(times) in (1, 4):
            watching.see(IMAGE, KEPT, body=f"image {len(times)}".encode())
        watching.end()
    return times


def test_a_moment_has_the_state_at_or_before_it(archive: Archive, seen: list[datetime]) -> None:
    first, second, failed, last = seen
    for at, expected in (
        (failed, second),
        (last - SECOND, second),
        (last, last),
        (MONDAY - HOUR, first),
        (first, first),
    ):
        found = archive.memento_at(A, at)
        assert found is not None
        assert found.capture.captured_at == expected
    found = archive.memento_at("http://www.example.org/a/a/", second)
    assert found is not None
    assert (found.first, found.previous, found.next, found.last) == (first, first, last, last)
    assert (found.payload, found.page and found.page.blocks[0].text) == (b"one", "one")
    assert archive.memento_at("https://example.org/a/none", last) is None


def test_every_good_look_is_a_memento_and_no_other(archive: Archive, seen: list[datetime]) -> None:
    assert [each.captured_at for each in archive.mementos(A)] == [seen[0], seen[1], seen[3]]
    assert len(archive.mementos(IMAGE)) == 2
    assert archive.mementos("https://example.org/none") == ()


def test_two_looks_of_one_second_are_one(archive: Archive, watching: Watching) -> None:
    watching.now = MONDAY.replace(microsecond=100) - SECOND
    watching.begin()
    watching.see(A, "one")
    watching.now -= SECOND - timedelta(microseconds=500)
    watching.see(A, "two")
    watching.end()
    (only,) = archive.mementos(A)
    assert only.captured_at.microsecond == 600
    found = archive.memento_at(A, only.captured_at)
    assert found is not None
    assert (found.previous, found.next) == (None, None)


def test_a_part_is_the_nearest_before_or_after(archive: Archive, seen: list[datetime]) -> None:
    def at(moment: datetime) -> bytes:
        found = archive.nearest(IMAGE, moment)
        assert found is not None
        return found.payload

    assert (at(seen[0] - 9 * HOUR), at(seen[1]), at(seen[2] + HOUR / 2), at(seen[3] + HOUR)) == (
        b"image 1",
        b"image 1",
        b"image 4",
        b"image 4",
    )
    assert archive.nearest("https://example.org/none.png", seen[0]) is None
    assert archive.held_bytes([IMAGE, f"{IMAGE}?x", A, f"{IMAGE}#f"]) == {IMAGE, A, f"{IMAGE}#f"}


def test_what_was_erased_is_no_part_and_a_state_that_says_so(archive: Archive, seen: list[datetime]) -> None:
    for uri in (A, IMAGE):
        order = ErasureOrder(kind=ErasureKind.URI, subject=uri, by="x", reason="r", basis="b", name=uri)
        archive.erase(order, seen[3] + HOUR)
    found = archive.memento_at(A, seen[0])
    assert found is not None
    assert found.erased is not None
    assert (found.payload, found.erased.basis) == (b"", "b")
    assert archive.nearest(IMAGE, seen[0]) is None
    assert archive.held_bytes([IMAGE, A]) == frozenset()


def test_looks_are_counted_by_month_and_listed_between_moments(archive: Archive, watching: Watching) -> None:
    for year in (2026, 2027, 2027):
        watching.now = max(watching.now, datetime(year, 1, 1, tzinfo=UTC) - SECOND)
        watching.once(a=f"text of {year}")
    assert [(each.year, each.month, each.looks) for each in archive.months(A)] == [(2026, 1, 1), (2027, 1, 2)]
    start = datetime(2027, 1, 1, tzinfo=UTC)
    assert len(archive.looks_between(A, start, start + timedelta(days=365))) == 2
    assert len(archive.looks_between(A, start + SECOND, start + timedelta(days=365))) == 1
    assert archive.months("https://example.org/none") == ()


def test_stretches_are_the_versions_without_their_pages(archive: Archive, seen: list[datetime]) -> None:
    stretches = archive.stretches(A)
    versions = archive.versions_of(A)
    assert [(each.id, each.since, each.text_digest) for each in stretches] == [
        (each.id, each.since, each.text_digest) for each in versions
    ]
    assert [(each.last_seen, each.looks) for each in stretches] == [(seen[1], 2), (seen[3], 1)]
