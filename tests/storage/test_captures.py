"""Captures: every fetch is kept as it came, and only a good look with another text makes a version."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.model import Outcome, Reading
from storage.archive import Archive
from storage.errors import ArchiveBusy
from storage.records import Capture, NewCapture, Role, Stored
from tests.storage.makers import HOUR, MONDAY, OTHER, SOURCE, Watching, bad, concluded, fetched, link, ok, page, suspect

URI = "https://www.example.org/a/x/"
ADDRESS = "example.org/a/x"


def test_a_capture_comes_back_as_it_was_handed_over(archive: Archive) -> None:
    crawl = archive.start_crawl(SOURCE, MONDAY)
    new = NewCapture(
        uri=URI,
        captured_at=MONDAY,
        request=b"GET /a/x/ HTTP/1.1\r\n\r\n",
        head=b"HTTP/1.1 200 Gut so\r\nx-Odd:  spaces \r\n\r\n",
        payload=bytes(range(256)),
        status=200,
        peer="192.0.2.1:443",
        elapsed_ms=17,
        linked_from="https://example.org/a/",
        depth=2,
        label="Programm",
    )
    stored = archive.add_capture(crawl.id, new)
    capture = archive.capture(stored.capture_id)
    assert capture is not None
    assert stored.address == capture.address == ADDRESS
    for name in (
        "uri",
        "captured_at",
        "request",
        "head",
        "status",
        "peer",
        "elapsed_ms",
        "location",
        "hop_of",
        "probe",
    ):
        assert getattr(capture, name) == getattr(new, name), name
    assert (capture.outcome, capture.rule) == (Outcome.FAILED, "unread")
    assert stored.payload_digest is not None
    assert archive.payload(stored.payload_digest) == new.payload
    assert capture.payload_size == 256


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(payload=st.binary(max_size=2000))
def test_any_bytes_come_back(archive: Archive, payload: bytes) -> None:
    crawl = archive.start_crawl(SOURCE, MONDAY)
    digest = archive.add_capture(crawl.id, fetched(URI, MONDAY, payload)).payload_digest
    archive.end_crawl(crawl.id, MONDAY, exhausted=True, reason="finished")
    assert digest is not None
    assert archive.payload(digest) == payload


def test_a_failed_fetch_is_a_capture_too(archive: Archive) -> None:
    crawl = archive.start_crawl(SOURCE, MONDAY)
    new = fetched(URI, MONDAY, None, head=b"", error="connection refused")
    stored = archive.add_capture(crawl.id, new, bad(Outcome.FAILED))
    capture = archive.capture(stored.capture_id)
    assert capture is not None
    assert (capture.status, capture.payload_digest, capture.detail) == (None, None, "connection refused")
    assert capture.outcome is Outcome.FAILED
    assert archive.unread_captures() == ()


def test_the_same_bytes_are_kept_once_and_read_once(watching: Watching, archive: Archive) -> None:
    watching.begin()
    first = watching.see(URI, "text")
    again = watching.see("http://example.org/a/x", None, b"text")
    assert first.same_as_last_good is None
    assert again.same_as_last_good is not None
    assert again.same_as_last_good.id == first.capture_id
    one, two = archive.captures_of(URI)
    assert (one.outcome, two.outcome) == (Outcome.OK, Outcome.UNCHANGED)
    assert one.version_id == two.version_id is not None
    assert one.text_digest == two.text_digest
    assert archive.page_of(two.id) == archive.page_of(one.id)
    sizes = archive._connection.db.execute("SELECT count(*) FROM content WHERE size = 4").fetchone()
    assert sizes[0] == 1


def test_the_same_bytes_under_another_status_are_no_good_look(watching: Watching, archive: Archive) -> None:
    watching.begin()
    watching.see(URI, "text")
    assert watching.see(URI, bad(Outcome.GONE), b"text", status=404).same_as_last_good is None
    assert archive.captures_of(URI)[1].version_id is None


def test_a_304_confirms_the_last_good_payload(watching: Watching, archive: Archive) -> None:
    watching.begin()
    first = watching.see(URI, "text")
    second = watching.see(URI, None, b"", status=304)
    third = watching.see(URI, None, b"", status=304)
    assert second.same_as_last_good is not None
    captures = archive.captures_of(URI)
    assert [each.revisit_of for each in captures] == [None, first.capture_id, first.capture_id]
    assert {each.payload_digest for each in captures} == {first.payload_digest}
    assert len({each.version_id for each in captures}) == 1
    view = archive.snapshot_at(URI, watching.now)
    assert view is not None
    assert (view.capture.id, view.payload) == (third.capture_id, b"text")


def test_a_304_for_older_validators_takes_the_page_back(watching: Watching, archive: Archive) -> None:
    watching.begin()
    first = watching.see(URI, "one")
    watching.see(URI, "two")
    back = watching.see(URI, None, b"", status=304, revisit_of=first.capture_id)
    assert back.same_as_last_good is not None
    assert back.same_as_last_good.id == first.capture_id
    assert [each.page.blocks[0].text for each in archive.versions_of(URI)] == ["one", "two", "one"]


def test_a_304_for_a_page_never_seen_confirms_nothing(watching: Watching, archive: Archive) -> None:
    watching.begin()
    assert watching.see(URI, bad(Outcome.FAILED), b"", status=304).same_as_last_good is None
    assert archive.captures_of(URI)[0].outcome is Outcome.FAILED


def test_there_and_back_is_three_versions_that_share_two_texts(watching: Watching, archive: Archive) -> None:
    watching.begin()
    for text in ("one", "two", "one"):
        watching.see(URI, text)
    versions = archive.versions_of(URI)
    assert len(versions) == 3
    assert versions[0].text_digest == versions[2].text_digest != versions[1].text_digest
    assert [each.first_capture for each in versions] == [each.id for each in archive.captures_of(URI)]


def test_noise_in_the_bytes_is_no_version(watching: Watching, archive: Archive) -> None:
    watching.begin()
    for noise in (b"token 1", b"token 2", b"token 3"):
        watching.see(URI, "text", noise)
    assert len(archive.versions_of(URI)) == 1
    assert {each.outcome for each in archive.captures_of(URI)} == {Outcome.OK}
    assert archive._connection.db.execute("SELECT count(*) FROM reading").fetchone()[0] == 1


def test_a_page_that_was_just_read_is_at_hand_unless_its_commit_failed(watching: Watching, archive: Archive) -> None:
    watching.begin()
    stored = watching.see(URI, Reading(outcome=Outcome.OK, rule="text", page=page(URI, "half a letter \ud800")))
    at_hand = archive.page_of(stored.capture_id)
    archive._connection.pages.clear()
    assert archive.page_of(stored.capture_id) == at_hand == page(URI, "half a letter \ufffd")

    def failing() -> None:
        with archive.transaction():
            watching.see(URI, "never stored")
            archive._connection.db.execute("PRAGMA defer_foreign_keys = on")
            archive._connection.db.execute("UPDATE reading SET content = 99999 WHERE id = 1")

    with pytest.raises(sqlite3.IntegrityError):
        failing()
    archive.rebase(ADDRESS, page(URI, "stored in its place"))
    assert archive.versions_of(URI)[-1].page.whole == page(URI, "stored in its place")


def _read_as(watching: Watching, body: bytes, good: Stored, **more: Any) -> Capture:
    assert watching.crawl is not None
    watching.now += timedelta(seconds=1)
    new, reading = (
        fetched(URI, watching.now, body),
        Reading(outcome=Outcome.OK, rule="same-text", page=page(URI, "text")),
    )
    stored = watching.archive.add_capture(watching.crawl.id, new, reading, read_as=good.capture_id, **more)
    capture = watching.archive.capture(stored.capture_id)
    assert capture is not None
    return capture


def test_a_look_that_reads_as_a_good_one_is_stored_as_if_it_had_been_read(watching: Watching, archive: Archive) -> None:
    watching.begin()
    first, read = watching.see(URI, "text", b"token 1"), watching.see(URI, "text", b"token 2")
    told = _read_as(watching, b"token 3", first)
    other = archive.capture(read.capture_id)
    assert other is not None
    assert (told.outcome, told.rule, told.detail) == (Outcome.OK, "same-text", "")
    assert (told.version_id, told.text_digest) == (other.version_id, other.text_digest)
    assert archive.page_of(told.id) == page(URI, "text")
    assert told.payload_digest is not None
    assert archive.payload(told.payload_digest) == b"token 3"
    assert archive.verify().findings == ()


def test_a_look_that_reads_as_an_older_one_takes_the_page_back(watching: Watching, archive: Archive) -> None:
    """Another source's crawl may have seen the page change meanwhile."""
    watching.begin()
    first = watching.see(URI, "text", b"token 1")
    watching.see(URI, "other text", b"token 2")
    _read_as(watching, b"token 3", first)
    assert [each.page.blocks[0].text for each in archive.versions_of(URI)] == ["text", "other text", "text"]


def test_a_look_that_reads_as_a_good_one_need_not_belong_to_the_source(watching: Watching, archive: Archive) -> None:
    crawl = watching.begin()
    _read_as(watching, b"token 2", watching.see(URI, "text", b"token 1"), member=False)
    assert ADDRESS not in archive.crawl_view(crawl).looks


def test_what_a_good_look_was_answered_with_is_found_by_its_size(watching: Watching, archive: Archive) -> None:
    watching.begin()
    first = watching.see(URI, "text", b"12345")
    second = watching.see(URI, None, b"", status=304)
    failed = watching.see(URI, bad(Outcome.FAILED), b"12345", status=500)
    for stored in (first, second):
        found = archive.good_answer(stored.capture_id, 5)
        assert found is not None
        assert (found.status, found.payload, found.head[:8]) == (200, b"12345", b"HTTP/1.1")
        assert archive.good_answer(stored.capture_id, 4) is None
    assert archive.good_answer(failed.capture_id, 5) is None
    assert archive.good_answer(99, 5) is None


@pytest.mark.parametrize("outcome", [each for each in Outcome if not each.good])
def test_only_a_good_look_makes_a_version(watching: Watching, archive: Archive, outcome: Outcome) -> None:
    watching.begin()
    watching.see(URI, "text")
    reading = Reading(outcome=outcome, rule="words", page=page(URI, "Wir sind gleich zurück"))
    stored = watching.see(URI, reading)
    assert len(archive.versions_of(URI)) == 1
    assert archive.page_of(stored.capture_id) == reading.page
    assert archive.last_good_page(ADDRESS) == page(URI, "text")
    assert watching.see(URI, "text").same_as_last_good is not None


def test_a_capture_can_be_judged_after_it_was_stored(watching: Watching, archive: Archive) -> None:
    watching.begin()
    stored = watching.see(URI, None, b"bytes")
    assert [each.id for each in archive.unread_captures()] == [stored.capture_id]
    archive.judge_capture(stored.capture_id, ok(URI, "text"))
    assert archive.unread_captures() == ()
    assert len(archive.versions_of(URI)) == 1


def test_a_judgement_that_made_a_version_stays(watching: Watching, archive: Archive) -> None:
    watching.begin()
    stored = watching.see(URI, "text")
    archive.judge_capture(stored.capture_id, bad(Outcome.MAINTENANCE), member=False)
    assert archive.captures_of(URI)[0].outcome is Outcome.OK
    assert archive.crawl_view(watching.end()).looks == {}


def test_a_probe_is_kept_apart_from_the_page_of_the_same_address(watching: Watching, archive: Archive) -> None:
    watching.begin()
    watching.see(URI, "text")
    probe = watching.see(URI, ok(URI, "other text"), b"text", probe=True)
    assert probe.same_as_last_good is None
    assert len(archive.captures_of(URI)) == 1
    assert len(archive.versions_of(URI)) == 1
    assert [each.id for each in archive.crawl_view(watching.end()).probes] == [probe.capture_id]


def test_the_newest_robots_that_settles_the_rules_is_found(watching: Watching, archive: Archive) -> None:
    watching.begin()
    robots = "https://www.example.org/robots.txt"
    assert archive.last_robots("example.org") is None
    good = watching.see(robots, bad(Outcome.OK), b"User-agent: *", probe=True)
    watching.see(robots, bad(Outcome.FAILED), b"busy", probe=True, status=503)
    watching.see(robots, bad(Outcome.FAILED), b"slow down", probe=True, status=429)
    found = archive.last_robots("example.org")
    assert found is not None
    assert found.id == good.capture_id


def test_what_arrived_can_be_neither_altered_nor_deleted(watching: Watching, archive: Archive) -> None:
    watching.begin()
    watching.see(URI, "text")
    db = archive._connection.db
    for statement in ("UPDATE capture SET uri = 'x'", "UPDATE capture SET captured_at = ''", "DELETE FROM capture"):
        with pytest.raises(sqlite3.IntegrityError, match="a capture is never"):
            db.execute(statement)


@pytest.mark.parametrize(
    "column", ["uri", "captured_at", "status", "peer", "payload", "head", "request", "label", "depth", "location"]
)
def test_the_chain_shows_the_first_altered_capture(watching: Watching, archive: Archive, column: str) -> None:
    watching.begin()
    for number in range(4):
        watching.see(URI, f"text {number}", head=f"HTTP/1.1 200 OK\r\nx: {number}\r\n\r\n".encode())
    assert archive.broken_links() == ()
    db = archive._connection.db
    db.execute("DROP TRIGGER capture_stays")
    other = {"payload": 1, "head": 1, "request": 1, "depth": 9, "status": 201}.get(column, "forged")
    db.execute(f"UPDATE capture SET {column} = ? WHERE id = 2", [other])
    assert archive.broken_links() == (2,)


def test_the_chain_head_covers_everything_before_it(watching: Watching, archive: Archive) -> None:
    heads = {archive.chain_head()}
    watching.begin()
    for _ in range(3):
        watching.see(URI, None, b"same")
        heads.add(archive.chain_head())
    assert len(heads) == 4
    assert all(head.startswith("sha256:") and len(head) == 71 for head in heads)


def test_judging_does_not_touch_the_chain(watching: Watching, archive: Archive) -> None:
    watching.begin()
    stored = watching.see(URI, None, b"bytes")
    before = archive.chain_head()
    archive.judge_capture(stored.capture_id, ok(URI, "text"))
    assert archive.chain_head() == before
    assert archive.broken_links() == ()


def test_a_new_extractor_is_no_change_once_the_old_text_is_rebased(watching: Watching, archive: Archive) -> None:
    watching.begin()
    watching.see(URI, "text by the old extractor", b"bytes 1")
    old = archive.versions_of(URI)[0]
    rebased = replace(page(URI, "text by the new extractor"), extractor_version="2")
    archive.rebase(ADDRESS, rebased)
    watching.see(URI, Reading(outcome=Outcome.OK, rule="text", page=rebased), b"bytes 2")
    versions = archive.versions_of(URI)
    assert [each.id for each in versions] == [old.id]
    assert versions[0].page.whole == rebased
    assert archive.page_of(old.first_capture) == old.page.whole  # what was read then stays on record
    assert archive.last_good_page(ADDRESS) == rebased


def test_the_same_bytes_stay_one_version_after_a_rebase(watching: Watching, archive: Archive) -> None:
    watching.begin()
    watching.see(URI, "old words", b"bytes")
    archive.rebase(ADDRESS, page(URI, "new words"))
    assert watching.see(URI, None, b"bytes").same_as_last_good is not None
    crawl = watching.end()
    assert len(archive.versions_of(URI)) == 1
    look = archive.crawl_view(crawl).looks[ADDRESS]
    assert look.page.whole == page(URI, "new words")


def test_hostile_characters_do_not_stop_the_crawl(watching: Watching, archive: Archive) -> None:
    watching.begin()
    uri = URI + "y"
    watching.see(uri, ok(uri, "half \ud83d a pair \x00 and a zero"), label="\udc80", error="\ud800")
    assert archive.page_of(1) == page(uri, "half \ufffd a pair \x00 and a zero")
    assert archive.broken_links() == ()
    assert watching.see(uri, suspect(uri, "\udfff")).capture_id == 2


def test_membership_of_an_unchanged_page_is_the_sources_own(archive: Archive) -> None:
    section, press = Watching(archive), Watching(archive, OTHER)
    section.begin()
    section.see(URI, "text")
    section.end()
    press.begin()
    press.see(URI, None, b"text", member=False)
    assert archive.crawl_view(press.end()).looks == {}
    for watching, known in ((press, 0), (section, 1)):
        watching.begin()
        watching.see(URI, None, b"text")
        assert len(archive.crawl_view(watching.end()).looks) == known


def test_one_source_is_crawled_once_at_a_time(archive: Archive) -> None:
    crawl = archive.start_crawl(SOURCE, MONDAY)
    with pytest.raises(ArchiveBusy, match="already being crawled"):
        archive.start_crawl(SOURCE, MONDAY)
    with Archive.open(archive.path) as second:
        with pytest.raises(ArchiveBusy, match="being crawled by process"):
            second.start_crawl(SOURCE, MONDAY)
        assert second.abandoned_crawls() == ()
        other = second.start_crawl(OTHER, MONDAY)
        archive.end_crawl(crawl.id, MONDAY, exhausted=True, reason="finished")
        assert second.start_crawl(SOURCE, MONDAY).id == other.id + 1
    assert [each.id for each in archive.abandoned_crawls()] == [2, 3]


def test_a_crawl_ends_once(archive: Archive) -> None:
    crawl = archive.start_crawl(SOURCE, MONDAY)
    ended = archive.end_crawl(crawl.id, MONDAY + HOUR, exhausted=False, reason="deadline")
    assert archive.end_crawl(crawl.id, MONDAY + 2 * HOUR, exhausted=True, reason="finished") == ended
    assert (ended.ended_at, ended.exhausted, ended.reason) == (MONDAY + HOUR, False, "deadline")


def test_a_detected_crawl_takes_neither_captures_nor_judgements(watching: Watching, archive: Archive) -> None:
    crawl = watching.begin()
    unread = watching.see(URI, None, b"bytes")
    watching.end()
    archive.commit_detection(crawl, concluded(archive, crawl))
    archive.judge_capture(unread.capture_id, ok(URI, "text"))
    assert archive.captures_of(URI)[0].rule == "unread"
    assert archive.versions_of(URI) == ()
    assert archive.unread_captures() == ()
    with pytest.raises(ValueError, match="takes no more captures"):
        archive.add_capture(crawl.id, fetched(URI, MONDAY))


def test_the_frontier_gives_back_validators_and_links(watching: Watching, archive: Archive) -> None:
    watching.begin()
    links = tuple(
        map(link, ("https://example.org/a/gone/", "https://example.org/a/y", "https://example.org/a/doc.pdf"))
    )
    watching.see(URI, ok(URI, "text", links=links), b"bytes")
    watching.see("https://example.org/a/doc.pdf", "a document", is_document=True, depth=3)
    watching.see("https://example.org/a/gone", bad(Outcome.GONE), b"", status=404)
    crawl = watching.end()
    archive.commit_detection(crawl, concluded(archive, crawl))
    watching.begin()
    watching.see(URI, None, b"", status=304, head=b'HTTP/1.1 304 Not Modified\r\nETag: W/"newer"\r\n\r\n')
    known = {each.address: each for each in archive.frontier(SOURCE.name)}
    assert set(known) == {ADDRESS, "example.org/a/doc.pdf", "example.org/a/gone"}
    asked = known[ADDRESS]
    assert (asked.etag, asked.last_modified) == ('W/"newer"', "Mon, 05 Jan 2026 06:00:00 GMT")
    assert asked.page is not None
    assert asked.page.links == links
    assert asked.leads == (link("https://example.org/a/y"),), "the others lead to what is watched"
    assert known["example.org/a/doc.pdf"].role is Role.DOCUMENT
    gone = known["example.org/a/gone"]
    assert (gone.etag, gone.last_good, gone.page) == (None, None, None)
    assert archive.frontier("unknown") == ()
