"""What detection is shown: the last look at each address, what came before it, where redirects led."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from extractors.model import Attachment, Outcome
from storage.archive import Archive
from storage.records import Role, Standing, Watch
from tests.storage.makers import OTHER, SOURCE, Watching, bad, concluded, fetched, link, ok, page, suspect

A = "https://example.org/a/x"
B = "https://example.org/a/y"


@pytest.fixture(params=[1, 2, 500], autouse=True)
def _at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks are made some at a time; what they show does not depend on how many."""
    monkeypatch.setattr("storage.batches.AT_ONCE", request.param)


def moved(watching: Watching, uri: str, location: str, hop_of: int | None = None) -> int:
    return watching.see(uri, bad(Outcome.MOVED), b"", status=301, location=location, hop_of=hop_of).capture_id


def test_the_last_look_at_an_address_counts(watching: Watching, archive: Archive) -> None:
    watching.once(x="old")
    watching.begin()
    hop = moved(watching, "http://example.org/a/x", A)
    last = watching.see(A, "new", hop_of=hop, depth=2)
    crawl = watching.end()
    (look,) = archive.crawl_view(crawl).looks.values()
    assert look.capture.id == last.capture_id
    assert look.page.whole == page(A, "new")
    assert look.before is not None
    assert look.before.page.whole == page(A, "old")
    assert (look.target, look.role, look.depth) == (None, Role.PAGE, 2)


def test_each_outcome_shows_its_page(watching: Watching, archive: Archive) -> None:
    names = {name: f"https://example.org/a/{name}" for name in ("same", "new", "doubt", "gone", "unread")}
    watching.once(**dict.fromkeys(names, "old"))
    watching.begin()
    watching.see(names["same"], None, b"old")
    watching.see(names["new"], "new")
    watching.see(names["doubt"], suspect(names["doubt"], "short"), b"x")
    watching.see(names["gone"], bad(Outcome.GONE), b"", status=404)
    watching.see(names["unread"], None, b"y")
    looks = {address.rpartition("/")[2]: look for address, look in archive.crawl_view(watching.end()).looks.items()}
    shown = {name: look.page.blocks[0].text if look.page else None for name, look in looks.items()}
    assert shown == {"same": "old", "new": "new", "doubt": "short", "gone": None, "unread": None}
    assert {look.before.page.blocks[0].text for look in looks.values() if look.before} == {"old"}
    assert looks["same"].capture.version_id == looks["same"].before.id  # type: ignore[union-attr]  # just shown
    assert (looks["unread"].capture.outcome, looks["unread"].capture.rule) == (Outcome.FAILED, "unread")


def test_a_chain_of_redirects_is_followed_to_its_end(watching: Watching, archive: Archive) -> None:
    watching.begin()
    first = moved(watching, A, "https://example.org/a/step")
    second = moved(watching, "https://example.org/a/step", B, hop_of=first)
    watching.see(B, "text", hop_of=second)
    looks = archive.crawl_view(watching.end()).looks
    assert (looks["example.org/a/x"].target, looks["example.org/a/x"].target_uri) == ("example.org/a/y", B)
    assert looks["example.org/a/step"].target == "example.org/a/y"
    assert looks["example.org/a/y"].target is None


def test_a_redirect_to_a_page_that_was_fetched_already_is_followed(watching: Watching, archive: Archive) -> None:
    watching.begin()
    watching.see(B, "text")
    moved(watching, A, B)
    assert archive.crawl_view(watching.end()).looks["example.org/a/x"].target == "example.org/a/y"


def test_a_redirect_to_another_host_ends_there(watching: Watching, archive: Archive) -> None:
    watching.begin()
    moved(watching, A, "https://www.elsewhere.example/new/")
    look = archive.crawl_view(watching.end()).looks["example.org/a/x"]
    assert (look.target, look.target_uri) == ("elsewhere.example/new", "https://www.elsewhere.example/new/")


def test_redirects_in_a_circle_lead_nowhere(watching: Watching, archive: Archive) -> None:
    watching.begin()
    first = moved(watching, A, B)
    second = moved(watching, B, A, hop_of=first)
    moved(watching, A, B, hop_of=second)
    assert {look.target for look in archive.crawl_view(watching.end()).looks.values()} == {None}


def test_documents_know_the_pages_that_link_them(watching: Watching, archive: Archive) -> None:
    pdf = "https://example.org/files/a.pdf?ts=1"
    offered = (Attachment(uri=pdf, label="Programm", size="180 kB"),)
    watching.begin()
    watching.see(A, ok(A, "one", attachments=offered), b"1")
    watching.see(B, ok(B, "two", links=(link(pdf), link(A))), b"2")
    watching.see(pdf, "PDF", is_document=True, label="Programm", linked_from=A)
    looks = archive.crawl_view(watching.end()).looks
    document = looks["example.org/files/a.pdf"]
    assert (document.role, document.label) == (Role.DOCUMENT, "Programm")
    assert document.linked_from == ("example.org/a/x", "example.org/a/y")
    assert looks["example.org/a/x"].linked_from == ("example.org/a/y",)


def test_what_is_no_member_is_kept_and_not_shown(watching: Watching, archive: Archive) -> None:
    crawl = watching.begin()
    watching.see(A, "text", member=False)
    hop = moved(watching, "http://example.org/a/y", B)
    watching.see(B, "text", hop_of=hop, member=False)
    watching.end()
    assert archive.crawl_view(crawl).looks == {}
    assert archive.known(A)


def test_a_source_compares_with_what_it_saw_itself(archive: Archive) -> None:
    """Two sources see one page: what the one saw meanwhile is still news to the other."""
    section, press = Watching(archive), Watching(archive, OTHER)
    section.once(x="one")
    press.now = section.now
    press.once(x="two")
    section.now = press.now
    section.begin()
    section.see(A, None, b"two")
    crawl = section.end()
    look = archive.crawl_view(crawl).looks["example.org/a/x"]
    assert look.capture.outcome is Outcome.UNCHANGED
    assert look.before is not None
    assert look.before.page.blocks[0].text == "one"
    assert look.capture.version_id != look.before.id
    state = archive.state_before(crawl, SOURCE)
    assert state.last_good["example.org/a/x"] == look.before
    assert state.other_baselines == {"example.org"}


def test_the_first_look_of_a_second_source_starts_from_the_archives_last_version(archive: Archive) -> None:
    section = Watching(archive)
    section.once(x="one")
    press = Watching(archive, OTHER, section.now)
    press.begin()
    press.see(A, "two")
    crawl = press.end()
    before = archive.crawl_view(crawl).looks["example.org/a/x"].before
    assert before is not None
    assert before.page.blocks[0].text == "one"


def test_a_view_is_the_same_before_and_after_later_crawls(watching: Watching, archive: Archive) -> None:
    watching.once(x="one")
    crawl = watching.once(x="two")
    before = archive.crawl_view(crawl)
    watching.once(x="three")
    assert archive.crawl_view(crawl) == before


def test_detection_remembers_everything_it_was_given(watching: Watching, archive: Archive) -> None:
    empty = archive.state_before(watching.begin(), SOURCE)
    assert (empty.source.name, empty.source.baseline_crawl, dict(empty.watches)) == (SOURCE.name, None, {})
    watching.see(A, "one")
    crawl = watching.end()
    watch = Watch(
        source=SOURCE.name,
        address="example.org/a/x",
        uri=A,
        role=Role.PAGE,
        first_crawl=crawl.id,
        standing=Standing.MISSING,
        missing_since=watching.now,
        doubt="gone",
        moved_to=None,
        changed_looks=3,
        muted=True,
        label="ä",
        linked_from=("example.org/a", "example.org/b"),
        depth=4,
        told=True,
        held_version=1,
    )
    archive.commit_detection(crawl, concluded(archive, crawl, watches=(watch,)))
    watching.once(y="other")
    watching.begin()
    watching.see(A, "two")
    crawl = watching.end()
    state = archive.state_before(crawl, SOURCE)
    assert state.watches["example.org/a/x"] == watch
    assert state.source.baseline_crawl == 1
    assert state.last_good["example.org/a/x"].id == 1
    assert set(state.last_good) == {"example.org/a/x", "example.org/a/y"}


def test_coverage_counts_what_could_be_judged(watching: Watching, archive: Archive) -> None:
    assert archive.coverage(SOURCE.name) is None
    names = ("good", "gone", "cut", "refused", "down", "pdf", "missed")
    watching.once(**dict.fromkeys(names, "text"))
    watching.begin()
    uris = {name: f"https://example.org/a/{name}" for name in names}
    watching.see(uris["good"], None, b"text")
    watching.see(uris["gone"], bad(Outcome.GONE), b"", status=404)
    watching.see(uris["cut"], bad(Outcome.TRUNCATED), b"<p>")
    watching.see(uris["refused"], bad(Outcome.DENIED), b"", status=403)
    crawl = watching.crawl
    assert crawl is not None
    archive.add_capture(crawl.id, fetched(uris["down"], watching.now, None), bad(Outcome.FAILED))
    watching.see(uris["pdf"], bad(Outcome.FAILED), b"%PDF", is_document=True)
    assert archive.coverage(SOURCE.name) is not None  # still the crawl before
    watching.end(exhausted=False, reason="deadline")
    coverage = archive.coverage(SOURCE.name)
    assert coverage is not None
    assert (coverage.known, coverage.judged, coverage.pages, coverage.documents) == (7, 2, 1, 0)
    assert {(uri.rpartition("/")[2], outcome) for uri, outcome, _ in coverage.failed} == {
        ("cut", "truncated"),
        ("refused", "denied"),
        ("down", "failed"),
        ("pdf", "failed"),
    }
    assert coverage.failures == 2  # the cut and the one without an answer
    assert coverage.crawl.reason == "deadline"


def test_some_of_what_a_source_watches_is_read_without_the_rest(watching: Watching, archive: Archive) -> None:
    watching.begin()
    for name in ("c", "a", "B"):
        watching.see(f"https://example.org/a/{name}", name)
    watching.see("https://example.org/a/z.pdf", "text", is_document=True)
    crawl = watching.end()
    found = concluded(archive, crawl)
    linked = tuple(replace(each, linked_from=("example.org/a/a", "example.org/b")) for each in found.watches)
    archive.commit_detection(crawl, replace(found, watches=linked))

    def names(**wanted: Any) -> list[str]:
        return [watch.uri.rpartition("/")[2] for watch in archive.watched(SOURCE.name, **wanted).watches]

    assert names() == ["B", "a", "c", "z.pdf"]
    assert names(first=1, number=2) == ["a", "c"]
    assert names(role=Role.DOCUMENT) == ["z.pdf"]
    assert names(words=("example", "b")) == ["B"]
    assert names(words=("%",)) == []
    documents = archive.watched(SOURCE.name, role=Role.DOCUMENT)
    assert (documents.total, documents.linking) == (1, {"example.org/a/a": "https://example.org/a/a"})
    nothing = archive.watched(SOURCE.name, number=0)
    assert (nothing.total, nothing.watches) == (4, ())
    assert archive.watched(OTHER.name).total == 0
    assert archive.sources() == (SOURCE.name,)


def test_a_life_counts_the_versions_of_an_address(watching: Watching, archive: Archive) -> None:
    for text in ("one", "two", "one"):
        watching.once(x=text, y="same")
    lives = archive.lives(["example.org/a/x", "example.org/a/y", "example.org/a/none"])
    versions = archive.versions_of(A)
    life = lives["example.org/a/x"]
    assert (life.versions, life.first_since, life.last_since, life.bytes) == (
        3,
        versions[0].since,
        versions[2].since,
        3,
    )
    assert (lives["example.org/a/y"].versions, lives["example.org/a/y"].bytes) == (1, 4)
    assert set(lives) == {"example.org/a/x", "example.org/a/y"}
