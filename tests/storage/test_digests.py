"""Windows close once, digests are numbered without gaps of meaning, slots are claimed by one."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.errors import ArchiveBusy, ArchiveDamaged
from storage.records import DigestHead, NewDigest
from tests.storage.makers import HOUR, MONDAY, Watching, changed, concluded, digest

A = "https://example.org/a/x"


def happen(watching: Watching, count: int) -> None:
    watching.begin()
    watching.see(A, f"text {watching.now}")
    crawl = watching.end()
    changes = [changed(crawl, A, str(n)) for n in range(count)]
    watching.archive.commit_detection(crawl, concluded(watching.archive, crawl, *changes))


def test_the_first_subscriptions_are_told_everything_later_ones_what_comes(
    archive: Archive, watching: Watching
) -> None:
    happen(watching, 2)
    archive.record_subscriptions(["team", "board"], MONDAY)
    happen(watching, 1)
    archive.record_subscriptions(["team", "late"], MONDAY + HOUR)
    told = {}
    for name in ("team", "board", "late"):
        row = archive.subscription(name)
        assert row is not None
        told[name] = (row.told_through, row.since, row.last_digest_at)
    assert told == {"team": (0, MONDAY, None), "board": (0, MONDAY, None), "late": (3, MONDAY + HOUR, None)}
    assert archive.subscription("nobody") is None


def test_a_digest_closes_its_window_and_queues_its_mails(archive: Archive, watching: Watching) -> None:
    archive.record_subscriptions(["team"], MONDAY)
    happen(watching, 2)
    slot = MONDAY + HOUR
    row = archive.commit_digest(lambda number: digest(number, 0, 2, slot, recipients=3, slot=slot))
    assert (row.number, row.after, row.through, row.body) == (1, 0, 2, '{"title": "ä"}')
    assert archive.digests("team") == archive.digests() == (row,)
    assert archive.digest(1) == row
    assert (archive.digest(2), archive.digests("other")) == (None, ())
    subscription = archive.subscription("team")
    assert subscription is not None
    assert (subscription.told_through, subscription.last_digest_at, subscription.last_slot) == (2, slot, slot)
    assert [each.recipient for each in archive.outbox()] == [f"person{n}@example.org" for n in range(3)]


def test_a_window_is_closed_once(archive: Archive, watching: Watching) -> None:
    archive.record_subscriptions(["team"], MONDAY)
    happen(watching, 1)
    archive.commit_digest(lambda number: digest(number, 0, 1, MONDAY))
    with pytest.raises(ArchiveBusy, match="just closed"):
        archive.commit_digest(lambda number: digest(number, 0, 1, MONDAY))
    assert len(archive.outbox()) == 1


def test_an_immediate_mail_closes_no_window(archive: Archive, watching: Watching) -> None:
    archive.record_subscriptions(["team"], MONDAY)
    happen(watching, 1)
    archive.commit_digest(lambda number: digest(number, 0, 1, MONDAY, kind="immediate"))
    row = archive.subscription("team")
    assert row is not None
    assert (row.told_through, row.last_digest_at) == (0, None)


def test_a_digest_that_cannot_be_built_takes_no_number(archive: Archive) -> None:
    archive.record_subscriptions(["team"], MONDAY)

    def broken(number: int) -> NewDigest:
        raise RuntimeError(str(number))

    with pytest.raises(RuntimeError, match="1"):
        archive.commit_digest(broken)
    assert archive.commit_digest(lambda number: digest(number, 0, 0, MONDAY)).number == 1


def test_a_slot_is_claimed_once(archive: Archive) -> None:
    assert archive.last_slot("crawl") is None
    assert archive.claim_slot("crawl", MONDAY, MONDAY + HOUR)
    assert not archive.claim_slot("crawl", MONDAY, MONDAY + 2 * HOUR)
    assert archive.claim_slot("digest", MONDAY, MONDAY)
    assert archive.claim_slot("crawl", MONDAY + HOUR, MONDAY + HOUR)
    assert archive.last_slot("crawl") == MONDAY + HOUR


def test_of_many_schedulers_one_gets_each_slot(archive: Archive) -> None:
    slots = [MONDAY + timedelta(hours=n) for n in range(25)]

    def scheduler(path: Path) -> list[bool]:
        with Archive.open(path) as own:
            return [own.claim_slot("crawl", slot, MONDAY) for slot in slots]

    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(scheduler, [archive.path] * 4))
    assert [sum(column) for column in zip(*claims, strict=True)] == [1] * len(slots)


def test_a_slot_and_its_digest_are_one_step(archive: Archive) -> None:
    archive.record_subscriptions(["team"], MONDAY)

    def attempt() -> None:
        with archive.transaction():
            assert archive.claim_slot("digest:team", MONDAY, MONDAY)
            archive.commit_digest(lambda number: digest(number, 7, 9, MONDAY))

    with pytest.raises(ArchiveBusy):
        attempt()
    assert archive.claim_slot("digest:team", MONDAY, MONDAY)


def test_heads_are_the_digests_without_their_texts(archive: Archive, watching: Watching) -> None:
    archive.record_subscriptions(["team"], MONDAY)
    happen(watching, 2)
    archive.commit_digest(lambda number: digest(number, 0, 1, MONDAY, change_ids=("a", "b")))
    archive.commit_digest(lambda number: digest(number, 1, 2, MONDAY + HOUR, subject="Zwei"))
    found = archive.digest_heads(["digest"])
    assert found.total == 2
    for head, row in zip(reversed(found.heads), archive.digests(), strict=True):
        assert head == DigestHead(**{field.name: getattr(row, field.name) for field in fields(DigestHead)})
    assert archive.digest_heads(["digest"], first=1, number=5).heads == found.heads[1:]
    assert archive.digest_heads(["immediate"]).total == 0
    first, second = archive.digests()
    assert (archive.digest_neighbours(first), archive.digest_neighbours(second)) == ((None, 2), (1, None))


def test_what_was_told_at_once_is_known_until_a_digest_that_began_later_has_it(archive: Archive) -> None:
    archive.record_subscriptions(["team", "board"], MONDAY)
    times = {}

    def tell(name: str, after: int, kind: str = "immediate", subscription: str = "team") -> None:
        at = MONDAY + HOUR * archive.coming_number()
        through = after + (kind == "immediate")
        archive.commit_digest(
            lambda number: digest(number, after, through, at, kind=kind, change_ids=(name,), subscription=subscription)
        )
        times[name] = at

    tell("a", 0)
    tell("first digest", 0, "digest")
    tell("b", 1)  # stored after the window of the next one was read, and before that was stored
    tell("second digest", 0, "digest")
    tell("of others", 1, subscription="board")
    tell("c", 2)
    assert archive.told_at_once("team") == {name: times[name] for name in ("b", "c")}
    assert archive.told_at_once("board") == {"of others": times["of others"]}
    assert archive.told_at_once("nobody") == {}
    assert archive.told("team") == {"a", "first digest", "b", "second digest", "c"}
    tell("third digest", 0, "digest")
    assert archive.told_at_once("team") == {"c": times["c"]}


@pytest.mark.parametrize(
    ("damage", "blind"),
    [
        ("DELETE FROM digest WHERE number = 3", ()),
        ("DELETE FROM digest WHERE number = 2", ("coming_number",)),
        ("UPDATE digest SET change_ids = '[]' WHERE number = 2", ("coming_number",)),
        ("UPDATE digest SET subscription = 'board' WHERE number = 3", ("coming_number",)),
    ],
)
def test_a_digest_that_is_not_what_was_written_is_noticed(
    archive: Archive, path: Path, damage: str, blind: tuple[str, ...]
) -> None:
    archive.record_subscriptions(["team"], MONDAY)
    for _ in range(3):
        archive.commit_digest(lambda number: digest(number, 0, 0, MONDAY, kind="immediate", change_ids=(str(number),)))
    archive.close()
    with sqlite3.connect(path) as db:
        db.execute(damage)
    db.close()
    with Archive.open(path, readonly=True) as damaged:
        asked = {"coming_number": damaged.coming_number}
        asked |= {name: partial(getattr(damaged, name), "team") for name in ("told", "told_at_once", "digests")}
        for name in sorted(asked.keys() - set(blind)):
            with pytest.raises(ArchiveDamaged):
                asked[name]()


def test_the_coming_number_is_the_one_that_the_next_digest_gets(archive: Archive) -> None:
    archive.record_subscriptions(["team"], MONDAY)
    for number in (1, 2, 3):
        assert archive.coming_number() == number
        assert archive.commit_digest(lambda each: digest(each, 0, 0, MONDAY)).number == number
