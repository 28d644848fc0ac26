"""A detection is stored whole, once, with everything owed because of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from extractors.model import Outcome
from storage.archive import Archive
from storage.errors import ArchiveBusy
from storage.records import (
    Change,
    Conflict,
    Crawl,
    Detection,
    Held,
    Mention,
    NewDigest,
    NoticeRow,
    SeminarRow,
)
from tests.alerts.counting import counted
from tests.storage.makers import HOUR, MONDAY, OTHER, SOURCE, Watching, changed, concluded, digest, suspect

A = "https://example.org/a/x"


@pytest.fixture
def crawl(watching: Watching) -> Crawl:
    watching.begin()
    watching.see(A, "text")
    return watching.end()


def immediate(first: int, changes: Sequence[Change]) -> list[NewDigest]:
    return [
        digest(first + n, 0, each.seq, MONDAY, kind="immediate", change_ids=(each.id,))
        for n, each in enumerate(changes)
    ]


def test_everything_is_there_afterwards(archive: Archive, crawl: Crawl) -> None:
    held = Held(crawl_id=crawl.id, source=SOURCE.name, uri=A, rule="folded", detail="typo", into="abc")
    told = changed(crawl, A)
    (stored,) = archive.commit_detection(crawl, concluded(archive, crawl, told, held=(held,)), immediate)
    assert stored.seq == archive.last_seq() == 1
    assert archive.change(told.id) == stored
    assert archive.changes() == archive.changes_between(0, 1) == (stored,)
    assert stored == Change(**{name: getattr(told, name) for name in told.__slots__ if name != "seq"}, seq=1)
    assert archive.held() == (held,)
    assert archive.undetected() == ()
    assert [each.change_ids for each in archive.digests()] == [(told.id,)]
    assert [each.digest for each in archive.outbox()] == [1]


def test_a_repeat_stores_nothing_and_returns_what_is_stored(archive: Archive, crawl: Crawl) -> None:
    concluded_ = concluded(archive, crawl, changed(crawl, A), changed(crawl, A, "2"))
    first = archive.commit_detection(crawl, concluded_, immediate)
    assert archive.commit_detection(crawl, concluded_, immediate) == first
    assert len(archive.changes()) == len(archive.digests()) == len(archive.outbox()) == 2


def test_a_change_told_before_is_not_told_again(archive: Archive, watching: Watching, crawl: Crawl) -> None:
    told = changed(crawl, A)
    archive.commit_detection(crawl, concluded(archive, crawl, told), immediate)
    watching.begin()
    second = watching.end()
    new = changed(second, A, "2")
    asked: list[int] = []

    def owed(first: int, changes: tuple[Change, ...]) -> list[NewDigest]:
        asked.extend([first, *(each.seq for each in changes)])
        return []

    stored = archive.commit_detection(second, concluded(archive, second, told, new), owed)
    assert [each.id for each in stored] == [told.id, new.id]
    assert asked == [2, 2]


def test_nothing_is_stored_when_what_is_owed_cannot_be_built(archive: Archive, crawl: Crawl) -> None:
    def broken(first: int, changes: tuple[Change, ...]) -> list[NewDigest]:
        raise RuntimeError("a title that cannot be rendered")

    concluded_ = concluded(archive, crawl, changed(crawl, A))
    with pytest.raises(RuntimeError):
        archive.commit_detection(crawl, concluded_, broken)
    assert archive.changes() == ()
    assert archive.undetected() == (crawl,)
    assert archive.frontier(SOURCE.name) == ()
    assert len(archive.commit_detection(crawl, concluded_, immediate)) == 1


def test_undetected_crawls_come_oldest_first(archive: Archive, watching: Watching, crawl: Crawl) -> None:
    watching.begin()
    second = watching.end()
    watching.begin()  # still running
    assert archive.undetected() == (crawl, second)


def test_settled_looks_become_one_version_since_the_first_of_them(archive: Archive, watching: Watching) -> None:
    watching.once(x="a long text")
    watching.begin()
    first = watching.see(A, suspect(A, "short"), b"1")
    crawl = watching.end()
    archive.commit_detection(crawl, concluded(archive, crawl))
    watching.begin()
    second = watching.see(A, suspect(A, "short"), b"2")
    crawl = watching.end()
    told = changed(crawl, A, version_before=1)
    settled = (second.capture_id, first.capture_id)
    (stored,) = archive.commit_detection(crawl, concluded(archive, crawl, told, settled=settled))
    old, new = archive.versions_of(A)
    assert new.first_capture == first.capture_id
    assert stored.version_after == new.id
    assert archive.change(told.id) == stored
    looks = archive.captures_of(A)
    assert [each.version_id for each in looks] == [old.id, new.id, new.id]
    assert [each.outcome for each in looks] == [Outcome.OK, Outcome.OK, Outcome.OK]
    assert looks[1].rule == "much shorter"
    watching.begin()
    assert watching.see(A, None, b"2").same_as_last_good is not None


def test_two_processes_never_conclude_from_the_same_state(archive: Archive, crawl: Crawl) -> None:
    archive.state_before(crawl, SOURCE)
    with Archive.open(archive.path, timeout=0.05) as second:
        with pytest.raises(ArchiveBusy, match="working out what changed"):
            second.state_before(crawl, SOURCE)
        archive.commit_detection(crawl, concluded(archive, crawl))
        assert second.state_before(crawl, SOURCE).watches  # it is done: nobody has to wait
        assert archive.state_before(crawl, SOURCE) == second.state_before(crawl, SOURCE)
        assert second.source_state(SOURCE.name).baseline_crawl == 1
        assert second.source_state("unknown").baseline_crawl is None


def test_notices_and_seminars_are_kept_by_their_ids(archive: Archive, watching: Watching, crawl: Crawl) -> None:
    notice = NoticeRow(
        id="n1",
        host="example.org",
        text="Geschlossen bis 3. März",
        text_digest="sha256:00",
        uris=(A, A + "y"),
        peak_pages=2,
        first_seen=MONDAY,
        last_seen=MONDAY,
    )
    mention = Mention(
        source=SOURCE.name,
        address="example.org/a/x",
        uri=A,
        title="22. Arbeits- und Sozialseminar",
        start="2019-06-16",
        end="2019-06-21",
        city="Moskau",
        state="reported",
        quote="vom 16. bis 21. Juni 2019",
        named_by_title=True,
        substitute="",
        seen_at=MONDAY,
    )
    seminar = SeminarRow(
        id="s22",
        series="Sozialseminar",
        number=22,
        year=None,
        title=mention.title,
        start=None,
        end=None,
        city="Moskau",
        state="reported",
        substitute="",
        quote=mention.quote,
        uri=A,
        mentions=(mention,),
        conflicts=(Conflict(field="start", values=(("2019-06", A), ("2019-07", A + "y"))),),
        first_seen=MONDAY,
        last_seen=MONDAY,
    )
    archive.commit_detection(crawl, concluded(archive, crawl, notices=(notice,), seminars=(seminar,)))
    assert (archive.notices(), archive.seminars()) == ((notice,), (seminar,))
    other = Watching(archive, OTHER, watching.now)
    other.begin()
    later = other.end()
    state = archive.state_before(later, OTHER)
    assert (state.notices, state.seminars) == ((notice,), (seminar,))
    lifted = NoticeRow(
        **{name: getattr(notice, name) for name in notice.__slots__ if name != "lifted_at"}, lifted_at=MONDAY + HOUR
    )
    archive.commit_detection(later, concluded(archive, later, notices=(lifted,)))
    assert (archive.notices(), archive.seminars()) == ((lifted,), (seminar,))


def test_changes_are_found_by_time_source_and_kind(archive: Archive, watching: Watching, crawl: Crawl) -> None:
    early = changed(crawl, A)
    shared = changed(crawl, A, "2", kind="notice.posted", source_ids=(SOURCE.name, "press"), minor=True)
    archive.commit_detection(crawl, concluded(archive, crawl, early, shared))
    watching.begin()
    second = watching.end()
    late = changed(second, A, "3", kind="page.added")
    archive.commit_detection(second, concluded(archive, second, late))

    def ids(**wanted: object) -> list[str]:
        return [each.id for each in archive.changes(**wanted)]  # type: ignore[arg-type]  # of the three filters

    assert ids() == [early.id, shared.id, late.id]
    assert ids(since=late.detected_at) == [late.id]  # inclusive
    assert ids(source="press") == [shared.id]
    assert ids(kind="page.*") == [early.id, late.id]
    assert ids(kind="page.changed", source=SOURCE.name) == [early.id]
    assert archive.change("unknown") is None
    assert archive.held(source="press", since=MONDAY) == ()


def test_changes_are_found_by_time_whatever_history_was_taken_in_since(
    archive: Archive, watching: Watching, crawl: Crawl
) -> None:
    """What imported history brings is detected when it is taken in, and says so; ours before it is not hidden by it."""
    ours = changed(crawl, A)
    archive.commit_detection(crawl, concluded(archive, crawl, ours))
    past = changed(crawl, A, "past", imported=True, detected_at=ours.detected_at - timedelta(days=365))
    archive.add_change(past)
    assert [each.id for each in archive.changes(since=ours.detected_at)] == [ours.id]
    assert archive.changes_named([past.id, "unknown", ours.id, past.id]) == archive.changes()


def test_of_what_was_told_before_a_moment_nothing_is_read(archive: Archive, watching: Watching, crawl: Crawl) -> None:
    times = [MONDAY + timedelta(days=number) for number in range(200)]
    archive.commit_detection(
        crawl, concluded(archive, crawl, *(changed(crawl, A, str(at), detected_at=at) for at in times))
    )
    with counted(archive, each=10) as few:
        assert len(archive.changes(since=times[-5])) == 5
    with counted(archive, each=10) as all_:
        assert len(archive.changes()) == 200
    assert 5 * few.steps < all_.steps


def test_an_unknown_source_has_an_empty_state(archive: Archive, crawl: Crawl) -> None:
    assert isinstance(concluded(archive, crawl), Detection)
    assert archive.state_before(crawl, OTHER).last_good == {}
