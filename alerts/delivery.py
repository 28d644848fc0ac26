"""The outbox at work: what is due is claimed, sent with the frozen bytes, and closed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alerts import letter, mail
from alerts.answers import AMBIGUOUS, Answer, Transport
from alerts.retries import given_up, next_attempt
from storage.archive import Archive
from storage.records import Delivery, DeliveryState, NewDelivery, Owed

_LOG = logging.getLogger(__name__)
_UNFINISHED = frozenset({DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.SENDING})
# So many connections lost one after the other are no longer one message's fault.
_LOST_IN_A_ROW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of one message in this pass."""

    id: int
    recipient: str
    state: DeliveryState
    answer: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What one pass over the outbox did; ``halted`` says why nothing more could be sent, "" if all could."""

    attempts: tuple[Attempt, ...]
    halted: str = ""

    def count(self, state: DeliveryState) -> int:
        """How many messages of this pass ended in a state."""
        return sum(attempt.state is state for attempt in self.attempts)


def deliver_due(archive: Archive, transport: Transport, now: datetime, everything: bool = False) -> DeliveryReport:
    """Send what is due (``everything``: all that is owed, whatever its next attempt's time), and close the transport.

    Each message is claimed in the archive before it is sent and closed after, so that it is never sent
    twice at the same time and never forgotten. A recipient's messages keep their order: a newer one
    waits until an older one was tried, and beyond that if the recipient was put off. Where the server, the
    login or the encryption fails, all that is due waits with that reason and nobody is refused. Where a server takes
    the recipient and not the message, a short notice that says where to read it is queued in its place. Bytes of
    messages that ended long ago are erased at the end of the pass.
    """
    attempts: list[Attempt] = []
    waiting = _waiting(archive.unfinished_deliveries())
    halted, lost = "", 0
    try:
        for due in archive.due_deliveries(now, everything):
            if _must_wait(due, waiting):
                continue
            claimed = archive.claim_delivery(due.id, now)
            if claimed is None:
                continue
            answer = Answer(state=DeliveryState.DEFERRED, text=halted, halt=True) if halted else transport.send(claimed)
            attempt = _closed(archive, claimed, answer, now)
            attempts.append(attempt)
            lost = lost + 1 if _was_lost(answer) else 0
            if not halted and (answer.halt or lost >= _LOST_IN_A_ROW):
                halted = _reason_for_all(answer)
            elif attempt.state not in _UNFINISHED or answer.message_fault:
                waiting[due.recipient].discard(due.id)
    finally:
        transport.close()
    archive.purge_messages(now)
    return DeliveryReport(attempts=tuple(attempts), halted=halted)


def send_past_the_outbox(messages: Iterable[NewDelivery], transport: Transport, now: datetime) -> tuple[Answer, ...]:
    """Try once, each, messages that stand in no archive: a test, or the alarm that the archive itself fails."""
    try:
        return tuple(transport.send(_unqueued(new, now)) for new in messages)
    finally:
        transport.close()


def _unqueued(new: NewDelivery, now: datetime) -> Delivery:
    return Delivery(
        id=0,
        digest=0,
        recipient=new.recipient,
        part=new.part,
        envelope_from=new.envelope_from,
        message_id=new.message_id,
        message=new.message,
        html=new.html,
        state=DeliveryState.SENDING,
        attempts=1,
        created_at=now,
        next_at=None,
        last_answer="",
        sent_at=None,
        updated_at=now,
    )


def _waiting(unfinished: Iterable[Owed]) -> dict[str, set[int]]:
    """The unfinished deliveries of each recipient."""
    waiting: dict[str, set[int]] = {}
    for each in unfinished:
        waiting.setdefault(each.recipient, set()).add(each.id)
    return waiting


def _must_wait(due: Delivery, waiting: dict[str, set[int]]) -> bool:
    return any(other < due.id for other in waiting.setdefault(due.recipient, set()))


def _reason_for_all(answer: Answer) -> str:
    """Why the rest waits: what was ambiguous about one message is not so about those never handed over."""
    return "the server stopped answering" if answer.message_fault else answer.text


def _was_lost(answer: Answer) -> bool:
    return answer.state is DeliveryState.DEFERRED and "connection lost" in answer.text


def _closed(archive: Archive, delivery: Delivery, answer: Answer, now: datetime) -> Attempt:
    """Record how an attempt ended; what has had its five days and its dozen tries is held for the operator."""
    state, text, next_at = answer.state, answer.text, None
    if state is DeliveryState.DEFERRED:
        if given_up(delivery.created_at, delivery.attempts, now):
            state, text = DeliveryState.HELD, f"given up after {delivery.attempts} attempts; last answer: {text}"
        else:
            next_at = next_attempt(delivery.id, delivery.attempts, now)
    notice = _notice(archive, delivery, now) if state is DeliveryState.REFUSED and answer.message_fault else None
    archive.close_delivery(delivery.id, state, text, next_at, now, notice=notice)
    _log(delivery, state, text)
    return Attempt(id=delivery.id, recipient=delivery.recipient, state=state, answer=text, next_at=next_at)


def _notice(archive: Archive, delivery: Delivery, now: datetime) -> NewDelivery | None:
    """The notice that stands in for a message which was turned down; a notice that is turned down has none."""
    row = archive.digest(delivery.digest)
    if row is None or delivery.part != "message":
        return None
    try:
        content = letter.from_json(row.body)
    except ValueError:  # of a version that wrote its letters in another way
        return None
    return mail.notice(delivery, content, now)


def _log(delivery: Delivery, state: DeliveryState, text: str) -> None:
    routine = state is DeliveryState.SENT
    level = logging.DEBUG if routine else logging.WARNING if text.startswith(AMBIGUOUS) else logging.INFO
    said = unnamed(text, delivery.recipient)
    _LOG.log(level, "mail %d to %s: %s (%s)", delivery.id, masked(delivery.recipient), state, said)


def masked(address: str) -> str:
    """An address as it may stand in a log: ``l…@example.org``."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def unnamed(text: str, address: str) -> str:
    """A server's answer as it may stand in a log: servers repeat the address they refuse."""
    return re.sub(re.escape(address), lambda _found: masked(address), text, flags=re.IGNORECASE)
