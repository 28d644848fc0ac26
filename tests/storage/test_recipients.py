"""Readers in the archive: added, pausing, removed for good, forgotten, and what an older backup makes of it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.records import DeliveryState, NewDigest, RecipientState
from tests.storage.makers import HOUR, MONDAY, Watching, digest

LEA = "person0@example.org"
DAY = timedelta(days=1)


@pytest.fixture
def queued(archive: Archive) -> Archive:
    archive.record_subscriptions(["team", "press"], MONDAY)
    archive.commit_digest(lambda number: digest(number, 0, 0, MONDAY, recipients=3))
    archive.commit_digest(lambda number: digest(number, 0, 0, MONDAY, recipients=3, subscription="press"))
    return archive


def states(archive: Archive) -> list[str]:
    return [str(each.state) for each in archive.outbox()]


def bytes_on_disk(archive: Archive) -> bytes:
    return b"".join(file.read_bytes() for file in archive.path.parent.iterdir() if file.is_file())


def test_a_removal_stops_what_is_queued_for_that_person_alone(queued: Archive) -> None:
    queued.claim_delivery(1, MONDAY)
    assert queued.remove_recipient("team", "Person0@Example.org", MONDAY) == 1
    assert states(queued) == ["dropped", "queued", "queued", "queued", "queued", "queued"]
    # Its server put it off meanwhile: it is not tried again. Had it gone out, it would count as sent.
    assert not queued.close_delivery(1, DeliveryState.DEFERRED, "451", MONDAY + HOUR, MONDAY)
    assert 1 not in [each.id for each in queued.due_deliveries(MONDAY, True)]
    assert queued.remove_recipient("", LEA, MONDAY) == 1
    assert states(queued) == ["dropped", "queued", "queued", "dropped", "queued", "queued"]


def test_a_removal_leaves_a_salted_hash_and_no_address(archive: Archive) -> None:
    archive.record_subscriptions(["team"], MONDAY)
    archive.add_recipient("team", "marker-lea@example.org", MONDAY)
    archive.remove_recipient("team", "marker-lea@example.org", MONDAY)
    archive.remove_recipient("team", "marker-uwe@example.org", MONDAY)
    lea, uwe = archive.recipients()
    assert (lea.address, lea.state) == ("", RecipientState.REMOVED)
    assert lea.salt != uwe.salt
    path = archive.path.with_name(archive.path.name + ".removed")
    assert b"marker" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("scope", ["team", ""])
def test_a_removal_survives_the_restoring_of_an_older_archive(queued: Archive, scope: str, tmp_path: Path) -> None:
    """Whatever puts the older file back, somebody who asked not to be written to is not written to."""
    queued.add_recipient("team", LEA, MONDAY)
    path, backup = queued.path, tmp_path / "backup"
    queued.close()
    shutil.copy(path, backup)
    with Archive.open(path) as archive:
        archive.remove_recipient(scope, LEA, MONDAY + HOUR)
    path.unlink()
    shutil.copy(backup, path)
    with Archive.open(path) as archive:
        (row,) = archive.recipients()
        assert (row.state, row.address, row.subscription) == (RecipientState.REMOVED, "", scope)
        team, press = archive.outbox()[0], archive.outbox()[3]
        assert (str(team.state), str(press.state)) == ("dropped", "dropped" if scope == "" else "queued")
        archive.add_recipient("team", LEA, MONDAY + DAY)
    with Archive.open(path) as archive:
        assert [row.state for row in archive.recipients() if row.subscription == "team"] == [RecipientState.ACTIVE]


def test_who_comes_back_after_a_removal_stays_also_when_that_backup_is_restored(
    queued: Archive, tmp_path: Path
) -> None:
    queued.remove_recipient("team", LEA, MONDAY)
    path, backup = queued.path, tmp_path / "backup"
    queued.close()
    shutil.copy(path, backup)
    with Archive.open(path) as archive:
        archive.add_recipient("team", LEA, MONDAY + HOUR)
    shutil.copy(backup, path)
    with Archive.open(path) as archive:
        assert archive.recipients() == ()  # the config may name them again


def test_a_line_that_a_power_cut_left_in_half_is_passed_over(queued: Archive) -> None:
    queued.remove_recipient("team", LEA, MONDAY)
    path = queued.path.with_name(queued.path.name + ".removed")
    queued.close()
    path.write_bytes(path.read_bytes() + b'{"list": "team", "salt": "00')
    with Archive.open(queued.path) as archive:
        assert len(archive.recipients()) == 1


def test_a_pause_ends_nothing_but_the_mail(queued: Archive) -> None:
    queued.add_recipient("team", LEA, MONDAY)
    queued.pause_recipient("", LEA, MONDAY + DAY, MONDAY)
    member, everywhere = queued.recipients()
    assert (member.subscription, member.state, member.paused_until) == ("team", RecipientState.ACTIVE, MONDAY + DAY)
    assert (everywhere.subscription, everywhere.state) == ("", RecipientState.PAUSED)
    queued.remove_recipient("", LEA, MONDAY)
    queued.pause_recipient("", LEA, MONDAY + DAY, MONDAY)
    (row,) = queued.recipients()
    assert row.state is RecipientState.REMOVED


def test_who_is_forgotten_stands_nowhere(archive: Archive) -> None:
    archive.record_subscriptions(["team"], MONDAY)

    def build(number: int) -> NewDigest:
        return digest(number, 0, 0, MONDAY, recipients=2)

    archive.commit_digest(build)
    archive.add_recipient("team", LEA, MONDAY)
    archive.claim_delivery(1, MONDAY)
    archive.close_delivery(1, DeliveryState.REFUSED, f"550 no {LEA} here", None, MONDAY)
    digest_of = archive.outbox()[0].message
    assert archive.forget_recipient(LEA.upper(), MONDAY) == 1
    gone, kept = archive.outbox()
    assert (gone.recipient, gone.message, gone.message_id) == ("forgotten-1", b"", "")
    assert (kept.recipient, kept.html, kept.message[:8]) == ("person1@example.org", b"<p>Digest</p>", b"Subject:")
    assert not archive.outbox_retry(1, MONDAY)
    dump = "\n".join(archive._connection.db.conn.iterdump())
    assert LEA not in dump
    assert digest_of
    assert archive.recipients()[0].state is RecipientState.REMOVED


def test_bytes_go_thirty_days_after_the_last_delivery_of_their_digest(queued: Archive) -> None:
    """Hash, size and digest stay; what is still owed keeps its bytes; what somebody else has in common stays too."""
    for number in (1, 2, 4, 5, 6):
        queued.claim_delivery(number, MONDAY)
        queued.close_delivery(number, DeliveryState.SENT, "250", None, MONDAY)
    assert queued.purge_messages(MONDAY + 29 * DAY) == 0
    hashes = queued._connection.db.execute("SELECT digest FROM content ORDER BY id").fetchall()
    # The first digest still owes its third reader a message; both digests have one HTML part in common.
    assert queued.purge_messages(MONDAY + 30 * DAY) == 3
    first, second = queued.outbox()[0], queued.outbox()[3]
    assert first.message.startswith(b"Subject")
    assert first.html == b"<p>Digest</p>"
    assert (second.message, second.html, second.recipient) == (b"", b"", LEA)
    assert queued.digest(2) is not None
    queued.outbox_drop(3, MONDAY + 31 * DAY)
    assert queued.purge_messages(MONDAY + 60 * DAY) == 0
    assert queued.purge_messages(MONDAY + 61 * DAY) == 3
    assert [row for row in queued.outbox() if row.message or row.html] == []
    assert [
        tuple(row) for row in queued._connection.db.execute("SELECT digest FROM content ORDER BY id").fetchall()
    ] == [tuple(row) for row in hashes]
    assert queued.purge_messages(MONDAY + 90 * DAY) == 0


def test_an_answer_of_a_website_with_the_same_bytes_stays(archive: Archive) -> None:
    watching = Watching(archive)
    archive.record_subscriptions(["team"], MONDAY)
    archive.commit_digest(lambda number: digest(number, 0, 0, MONDAY))
    message = archive.outbox()[0].message
    shown = archive._connection.db.execute("SELECT message FROM delivery").fetchone()[0]
    watching.once(x="text")
    archive._connection.db.execute("UPDATE reading SET content = ? WHERE id = 1", [shown])
    archive.outbox_drop(1, MONDAY)
    assert archive.purge_messages(MONDAY + 40 * DAY) == 1
    assert archive.outbox()[0].message == b""
    kept = archive._connection.db.execute("SELECT data FROM content WHERE id = ?", [shown]).fetchone()[0]
    assert kept is not None
    assert message


def test_refused_and_given_up_mail_can_be_asked_for(queued: Archive) -> None:
    for number, state in ((1, DeliveryState.REFUSED), (2, DeliveryState.HELD), (3, DeliveryState.SENT)):
        queued.claim_delivery(number, MONDAY + HOUR)
        queued.close_delivery(number, state, "550 no", None, MONDAY + HOUR)
    assert [each.id for each in queued.undelivered(MONDAY)] == [1, 2]
    (held,) = queued.undelivered(MONDAY + 2 * HOUR)
    assert (held.id, held.state, held.last_answer) == (2, DeliveryState.HELD, "550 no")


def test_who_was_written_to_is_known_from_any_digest_of_the_list(queued: Archive) -> None:
    people = {f"person{n}@example.org" for n in range(5)}
    queued.commit_digest(lambda number: digest(number, 0, 0, MONDAY, recipients=4, subscription="press"))
    queued.commit_digest(lambda number: digest(number, 0, 0, MONDAY, recipients=1))
    assert queued.written_to("team", people) == {"person0@example.org", "person1@example.org", "person2@example.org"}
    assert queued.written_to("press", people) == people - {"person4@example.org"}
    assert queued.written_to("press", ["person3@example.org"]) == {"person3@example.org"}
    queued.remove_recipient("press", "person3@example.org", MONDAY)  # the only message to them is dropped
    assert queued.written_to("press", people) == {"person0@example.org", "person1@example.org", "person2@example.org"}
    assert queued.written_to("team", ()) == frozenset()
