"""What readers ask: a page as it was on a day, what is known, and what was meant by a typo."""

from __future__ import annotations

from datetime import timedelta

from extractors.model import Outcome
from storage.archive import Archive
from tests.storage.makers import HOUR, MONDAY, OTHER, SOURCE, Watching, bad, digest, page, suspect

A = "https://www.example.org/a/x/"


def test_any_moment_gives_the_state_that_held_then(watching: Watching, archive: Archive) -> None:
    moments = []
    for text in ("one", "two", "two", "three"):
        watching.once(x=text)
        moments.append((watching.now - HOUR, text))
    for moment, text in moments:
        view = archive.snapshot_at(A, moment)
        assert view is not None
        assert (view.page, view.payload) == (page("https://example.org/a/x", text), text.encode())
        assert view.capture.captured_at == moment
        assert view.failed_since == ()
    assert archive.snapshot_at(A, MONDAY) is None
    later = archive.snapshot_at("http://example.org/a/x", MONDAY + timedelta(days=999))
    assert later is not None
    assert later.page.blocks[0].text == "three"


def test_a_snapshot_names_the_looks_that_failed_since(watching: Watching, archive: Archive) -> None:
    watching.once(x="one")
    watching.begin()
    hop = watching.see("http://example.org/a/x", bad(Outcome.MOVED), b"", status=301, location=A)
    down = watching.see(A, bad(Outcome.FAILED), b"", status=503, hop_of=hop.capture_id)
    doubt = watching.see(A, suspect(A, "short"), b"s")
    watching.see(A, bad(Outcome.FAILED), b"", status=500, probe=True)
    view = archive.snapshot_at(A, watching.now)
    assert view is not None
    assert view.page.blocks[0].text == "one"
    assert [each.id for each in view.failed_since] == [down.capture_id, doubt.capture_id]
    earlier = archive.snapshot_at(A, view.failed_since[0].captured_at - timedelta(milliseconds=1))
    assert earlier is not None
    assert earlier.failed_since == ()


def test_what_is_known_and_what_was_meant(watching: Watching, archive: Archive) -> None:
    watching.once(seminare="s", partner="p")
    watching.begin()
    watching.see("https://example.org/robots.txt", bad(Outcome.OK), b"", probe=True)
    assert archive.known("http://www.example.org/a/seminare/?utm_source=mail")
    assert not archive.known("https://example.org/robots.txt")
    assert not archive.known("https://example.org/a/seminar")
    assert archive.nearest_uris("https://example.org/a/seminar")[0] == "https://example.org/a/seminare"
    assert archive.nearest_uris("https://zzz.invalid/") == ()
    assert archive.captures_of("https://example.org/unknown") == ()
    assert archive.versions_of("https://example.org/unknown") == ()
    assert archive.snapshot_at("https://example.org/unknown", MONDAY) is None


def test_rows_by_id(watching: Watching, archive: Archive) -> None:
    watching.once(x="one")
    version = archive.version(1)
    assert version is not None
    assert (version.address, version.page.whole) == ("example.org/a/x", page("https://example.org/a/x", "one"))
    assert archive.page_of(1) == version.page.whole
    assert (archive.version(9), archive.capture(9), archive.page_of(9)) == (None, None, None)
    assert archive.last_good_capture("example.org/a/x") == archive.capture(1)
    assert (archive.last_good_capture("example.org/b"), archive.last_good_page("example.org/b")) == (None, None)


def test_the_newest_time_is_that_of_the_last_thing_recorded(watching: Watching, archive: Archive) -> None:
    assert archive.newest_time() is None
    crawl = watching.begin()
    assert archive.newest_time() == MONDAY
    watching.see(A, "text")
    assert archive.newest_time() == MONDAY + timedelta(seconds=1)
    archive.end_crawl(crawl.id, MONDAY + HOUR, exhausted=True, reason="finished")
    assert archive.newest_time() == MONDAY + HOUR
    archive.record_subscriptions(["team"], MONDAY + 2 * HOUR)
    assert archive.newest_time() == MONDAY + 2 * HOUR
    archive.commit_digest(lambda number: digest(number, 0, 0, MONDAY + 3 * HOUR))
    assert archive.newest_time() == MONDAY + 3 * HOUR
    archive.claim_delivery(1, MONDAY + 4 * HOUR)
    assert archive.newest_time() == MONDAY + 4 * HOUR
    archive.claim_slot("crawl", MONDAY, MONDAY + 5 * HOUR)
    assert archive.newest_time() == MONDAY + 5 * HOUR


def test_crawls_are_listed_newest_first(archive: Archive) -> None:
    for number in range(3):
        Watching(archive, SOURCE, MONDAY + number * HOUR).once(x=str(number))
    Watching(archive, OTHER, MONDAY + 3 * HOUR).begin()
    assert [each.id for each in archive.crawls()] == [4, 3, 2, 1]
    assert [each.id for each in archive.crawls(SOURCE.name, limit=2)] == [3, 2]
    assert archive.crawls("unknown") == ()
    assert archive.crawls()[0].ended_at is None


def test_the_size_counts_the_log_too(watching: Watching, archive: Archive) -> None:
    before = archive.size_bytes()
    watching.once(x="one")
    watching.begin()
    assert archive.size_bytes() > before > 0
