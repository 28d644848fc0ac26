"""The outbox: frozen bytes, one sender at a time, and nothing stuck when a sender dies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.archive import Archive
from storage.records import DeliveryState
from tests.storage.makers import HOUR, MONDAY, digest


@pytest.fixture
def queued(archive: Archive) -> Archive:
    archive.record_subscriptions(["team"], MONDAY)
    archive.commit_digest(lambda number: digest(number, 0, 0, MONDAY, recipients=3))
    return archive


def due(archive: Archive, now: object = MONDAY, everything: bool = False) -> list[int]:
    return [each.id for each in archive.due_deliveries(now, everything)]  # type: ignore[arg-type]  # a time


def test_a_message_stands_frozen_and_due_at_once(queued: Archive) -> None:
    first = queued.due_deliveries(MONDAY)[0]
    assert first.message == b"Subject: 1\r\n\r\nDigest 1 for 0\r\n"
    assert (first.html, first.envelope_from, first.message_id) == (
        b"<p>Digest</p>",
        "amtsblick@example.org",
        "<1.0@example.org>",
    )
    assert (first.state, first.attempts, first.next_at, first.sent_at) == (DeliveryState.QUEUED, 0, MONDAY, None)
    assert due(queued) == [1, 2, 3]
    assert due(queued, MONDAY - HOUR) == []
    assert due(queued, MONDAY - HOUR, everything=True) == [1, 2, 3]


def test_sending_is_claim_and_close(queued: Archive) -> None:
    claimed = queued.claim_delivery(1, MONDAY)
    assert claimed is not None
    assert (claimed.state, claimed.attempts) == (DeliveryState.SENDING, 1)
    assert queued.claim_delivery(1, MONDAY) is None
    assert due(queued, everything=True) == [2, 3]
    assert queued.close_delivery(1, DeliveryState.SENT, "250 ok", None, MONDAY + HOUR)
    sent = queued.outbox()[0]
    assert (sent.state, sent.last_answer, sent.sent_at) == (DeliveryState.SENT, "250 ok", MONDAY + HOUR)
    assert queued.claim_delivery(1, MONDAY) is None
    assert not queued.close_delivery(1, DeliveryState.DEFERRED, "451", None, MONDAY)
    assert queued.outbox()[0] == sent


def test_a_deferred_message_waits_for_its_time(queued: Archive) -> None:
    queued.claim_delivery(1, MONDAY)
    queued.close_delivery(1, DeliveryState.DEFERRED, "451 later", MONDAY + HOUR, MONDAY)
    assert due(queued) == [2, 3]
    assert due(queued, everything=True) == [1, 2, 3]
    assert due(queued, MONDAY + HOUR) == [1, 2, 3]
    again = queued.claim_delivery(1, MONDAY + HOUR)
    assert again is not None
    assert (again.attempts, again.message) == (2, b"Subject: 1\r\n\r\nDigest 1 for 0\r\n")


def test_a_clock_that_was_set_back_keeps_no_message_waiting(queued: Archive) -> None:
    ahead = MONDAY + timedelta(days=400)
    queued.claim_delivery(1, ahead)
    queued.close_delivery(1, DeliveryState.DEFERRED, "451 later", ahead + HOUR, ahead)
    queued.claim_delivery(2, MONDAY)
    queued.close_delivery(2, DeliveryState.DEFERRED, "451 later", MONDAY + 3.3 * HOUR, MONDAY)
    assert due(queued, ahead) == [2, 3]
    assert due(queued) == [1, 3]
    again = queued.claim_delivery(1, MONDAY)
    assert again is not None
    queued.close_delivery(1, DeliveryState.DEFERRED, "451 later", MONDAY + HOUR, MONDAY)
    assert due(queued) == [3]


def test_two_processes_do_not_send_one_message(queued: Archive) -> None:
    queued.claim_delivery(1, MONDAY)
    with Archive.open(queued.path) as second:
        assert second.claim_delivery(1, MONDAY) is None
        assert due(second) == [2, 3]
        queued.close_delivery(1, DeliveryState.SENT, "250", None, MONDAY)
        assert second.claim_delivery(1, MONDAY) is None
        assert second.claim_delivery(2, MONDAY) is not None


def test_a_message_is_due_again_when_its_sender_is_gone(queued: Archive) -> None:
    with Archive.open(queued.path) as second:
        assert second.claim_delivery(1, MONDAY) is not None
        assert due(queued, MONDAY + timedelta(minutes=14)) == [2, 3]
    assert due(queued) == [1, 2, 3]
    taken = queued.claim_delivery(1, MONDAY)
    assert taken is not None
    assert (taken.attempts, taken.message_id) == (2, "<1.0@example.org>")


def test_held_messages_wait_for_a_person(queued: Archive) -> None:
    queued.claim_delivery(1, MONDAY)
    queued.close_delivery(1, DeliveryState.HELD, "535 wrong password", None, MONDAY)
    assert due(queued, everything=True) == [2, 3]
    assert not queued.outbox_retry(1, MONDAY)
    assert queued.outbox_release(1, MONDAY)
    assert not queued.outbox_release(1, MONDAY)
    assert due(queued) == [1, 2, 3]


def test_refused_messages_can_be_tried_again_or_dropped(queued: Archive) -> None:
    queued.claim_delivery(1, MONDAY)
    queued.close_delivery(1, DeliveryState.REFUSED, "550 unknown", None, MONDAY)
    assert queued.outbox_retry(1, MONDAY + HOUR)
    assert due(queued, MONDAY + HOUR) == [1, 2, 3]
    assert queued.outbox_drop(1, MONDAY)
    assert not queued.outbox_drop(1, MONDAY)
    assert due(queued, MONDAY + HOUR, everything=True) == [2, 3]
    counts = queued.queue_counts()
    assert counts[DeliveryState.DROPPED] == 1
    assert counts[DeliveryState.QUEUED] == 2
    assert set(counts) == set(DeliveryState)
    assert not queued.outbox_drop(99, MONDAY)


def test_what_is_being_sent_cannot_be_dropped_and_counts_as_sent_if_it_was(queued: Archive) -> None:
    queued.claim_delivery(1, MONDAY)
    assert not queued.outbox_drop(1, MONDAY)
    queued.close_delivery(1, DeliveryState.HELD, "", None, MONDAY)
    queued.outbox_drop(1, MONDAY)
    assert queued.close_delivery(1, DeliveryState.SENT, "250 after all", None, MONDAY)
    assert queued.outbox()[0].state is DeliveryState.SENT
