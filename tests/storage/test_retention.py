"""A rule keeps what it says, what detection leans on and what is held, and the log says what went."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storage.archive import Archive
from storage.looks import EARLIER_LOOKS
from storage.records import ErasureKind, Hold, Keep
from tests.storage.makers import MONDAY, Watching, changed, concluded, digest
from tests.storage.test_erasing import assert_proven, order

ZONE = ZoneInfo("Europe/Berlin")
X = "https://example.org/a/x"
WEEKS = 40
LATER = MONDAY + timedelta(weeks=WEEKS + 10)


@pytest.fixture
def year(path: Path) -> Path:
    """Other bytes every week; the one change of the eleventh week was told in a digest."""
    with Archive.open(path, create=True) as archive:
        watching = Watching(archive)
        archive.record_subscriptions(["team"], MONDAY)
        for week in range(WEEKS):
            watching.now = MONDAY + timedelta(weeks=week)
            watching.begin()
            watching.see(X, f"Fassung {week}")
            crawl = watching.end()
            changes = ()
            if week == 10:
                before, after = archive.versions_of(X)[-2:]
                changes = (changed(crawl, X, version_before=before.id, version_after=after.id),)
            archive.commit_detection(crawl, concluded(archive, crawl, *changes))
            if changes:
                ids, now = tuple(each.id for each in changes), watching.now
                archive.commit_digest(lambda n, ids=ids, now=now: digest(n, 0, 1, now, change_ids=ids))  # type: ignore[misc]
    return path


def kept(archive: Archive) -> list[int]:
    gone = archive.erasures_of(X)
    return [week for week, look in enumerate(archive.captures_of(X)) if look.id not in gone]


def months() -> set[int]:
    firsts: dict[tuple[int, int], int] = {}
    for week in reversed(range(WEEKS)):
        at = (MONDAY + timedelta(weeks=week)).astimezone(ZONE)
        firsts[at.year, at.month] = week
    return set(firsts.values())


ALWAYS = set(range(WEEKS - EARLIER_LOOKS, WEEKS))


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ((Keep.FIRST,), {0}),
        ((Keep.LAST,), set()),
        ((Keep.MONTHLY,), months()),
        ((Keep.YEARLY, Keep.CITED), {0, 9, 10}),
        ((Keep.FIRST, Keep.LAST, Keep.MONTHLY, Keep.CITED), {0, 9, 10} | months()),
    ],
)
def test_a_rule_keeps_what_it_says(year: Path, rule: tuple[Keep, ...], wanted: set[int]) -> None:
    with Archive.open(year) as archive:
        planned = archive.retain(rule, ZONE, LATER, by="kim", dry_run=True)
        assert kept(archive) == list(range(WEEKS))
        done = archive.retain(rule, ZONE, LATER, by="kim")
        assert done == planned
        assert set(kept(archive)) == wanted | ALWAYS
        assert archive.retain(rule, ZONE, LATER, by="kim").contents == 0
        (stone,) = archive.tombstones()
        assert (stone.kind, stone.payloads, stone.subject) == ("retention", done.contents, ", ".join(rule))
        for week in wanted:
            view = archive.snapshot_at(X, MONDAY + timedelta(weeks=week, hours=1))
            assert view is not None
            assert view.payload == f"Fassung {week}".encode()
            assert view.page.text.endswith(f"Fassung {week}")
    assert_proven(year)


def test_nothing_that_is_young_goes(year: Path) -> None:
    with Archive.open(year) as archive:
        now: datetime = MONDAY + timedelta(weeks=WEEKS)
        archive.retain((Keep.YEARLY,), ZONE, MONDAY + timedelta(days=30), by="kim")
        assert kept(archive) == list(range(WEEKS))
        archive.retain((Keep.YEARLY,), ZONE, now, by="kim")
        assert set(kept(archive)) == {0} | ALWAYS


def test_a_hold_keeps_everything_while_it_stands(year: Path) -> None:
    with Archive.open(year) as archive:
        hold = Hold(id=0, kind="uri", subject=X, by="kim", reason="a trial", since=MONDAY, lifted_at=None)
        made = archive.add_hold(hold)
        assert archive.retain((Keep.LAST,), ZONE, LATER, by="kim").contents == 0
        archive.lift_hold(made.id, LATER)
        assert archive.retain((Keep.LAST,), ZONE, LATER, by="kim").contents == WEEKS - EARLIER_LOOKS


def test_what_a_304_confirmed_stays_with_it(path: Path) -> None:
    with Archive.open(path, create=True) as archive:
        watching = Watching(archive)
        watching.once(x="Fassung 0")
        for _ in range(EARLIER_LOOKS + 4):
            watching.now += timedelta(weeks=4)
            watching.begin()
            watching.see(X, None, b"", status=304)
            crawl = watching.end()
            archive.commit_detection(crawl, concluded(archive, crawl))
        assert archive.captures_of(X)[-1].revisit_of == 1
        assert archive.retain((Keep.LAST,), ZONE, watching.now + timedelta(weeks=9), by="kim").readings == 0
        view = archive.snapshot_at(X, watching.now)
        assert view is not None
        assert view.payload == b"Fassung 0"


def test_watching_goes_on(year: Path) -> None:
    with Archive.open(year) as archive:
        archive.retain((Keep.LAST,), ZONE, LATER, by="kim")
        watching = Watching(archive, now=LATER)
        watching.once(x=f"Fassung {WEEKS - 1}")
        watching.once(x="Fassung neu")
        assert [look.outcome for look in archive.captures_of(X)[-2:]] == ["unchanged", "ok"]
        assert not list(archive.verify().findings)


def test_what_a_rule_let_go_and_the_site_shows_again_is_kept_again(year: Path) -> None:
    with Archive.open(year) as archive:
        archive.retain((Keep.LAST,), ZONE, LATER, by="kim")
        watching = Watching(archive)
        watching.now = LATER
        watching.once(x="Fassung 3")
        look = archive.captures_of(X)[-1]
        assert look.id not in archive.erasures_of(X)
        assert look.payload_digest == archive.captures_of(X)[3].payload_digest
        assert archive.payload(look.payload_digest or "") == b"Fassung 3"
        page = archive.page_of(look.id)
        assert page is not None
        assert [block.text for block in page.blocks] == ["Fassung 3"]
    assert_proven(year)


def test_what_an_order_erases_after_the_rule_let_it_go_does_not_come_back(year: Path) -> None:
    with Archive.open(year) as archive:
        archive.retain((Keep.LAST,), ZONE, LATER, by="kim")
        archive.erase(order(ErasureKind.URI, X), LATER)
        watching = Watching(archive)
        watching.now = LATER
        watching.once(x="Fassung 3")
        look = archive.captures_of(X)[-1]
        assert archive.erasures_of(X)[look.id].kind == "uri"
        with pytest.raises(KeyError):
            archive.payload(look.payload_digest or "")
    assert_proven(year)
