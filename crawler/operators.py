"""Keeps operators informed: looks whether all is well, queues what they have to be told, and gives the sign of life."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from alerts import operator
from alerts.operator import Condition, SourceVitals, Vitals
from alerts.transports import choose
from crawler import heartbeat, slots
from crawler.health import Health, examine
from crawler.session import Session
from storage.archive import Archive
from storage.records import Delivery, DeliveryState, DigestRow, NewDelivery

# When the weekly mail is due, in the zone of the schedule: an hour behind the readers' digests by default, so that it
# can tell how they went.
WEEKLY = slots.parse("0 8 * * mon")
_JOB = "operator"
_OVER_WITH_A_LOOK = frozenset({"never", "overdue", "crashed", "not-begun"})
_WAITING = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.DEFERRED, DeliveryState.HELD)


def attend(run: Session, archive: Archive, *, awaited: Collection[str] = ()) -> DigestRow | None:
    """Queue what operators have to be told now; None when that is nothing, or nobody is to be told.

    Of ``awaited`` sources, which are being looked at or are about to be, it is no news that no look came yet.
    """
    if not run.config.operator.to:
        return None
    health = examine(run.config, archive, run.now())
    known = operator.told(archive).open
    conditions = [
        each
        for each in health.conditions
        if each.key in known or each.kind not in _OVER_WITH_A_LOOK or each.subject not in awaited
    ]
    slot = _weekly_slot(run, archive)
    with archive.transaction():
        weekly = slot is not None and archive.claim_slot(_JOB, slot, health.at)
        return operator.report(
            archive,
            run.config.operator.to,
            conditions,
            run.context(),
            language=run.config.operator.language,
            weekly=_vitals(health) if weekly else None,
        )


def sign_of_life(run: Session, archive: Archive) -> bool:
    """Call the heartbeat address if the last crawl of each source, the digests and the outbox went well."""
    if not run.config.operator.heartbeat:
        return False
    return examine(run.config, archive, run.now()).round_went_well and heartbeat.beat(run.config)


def alarm(run: Session, reason: str) -> None:
    """Tell operators that the archive itself fails, past the outbox that it holds; a server that is away is not met."""
    now = run.now()
    condition = Condition(kind="archive", since=now, detail=reason, grave=True)
    context = run.context(sending=True)
    transport = choose(context.mail)
    try:
        for new in operator.emergency(run.config.operator.to, condition, context, run.config.operator.language):
            transport.send(_delivery(new, now))
    finally:
        transport.close()


def _weekly_slot(run: Session, archive: Archive) -> datetime | None:
    """The slot of the weekly mail that nobody acted on, if the archive was at work before it."""
    first = archive.first_time()
    found = slots.due(WEEKLY, run.zone, run.now(), last=archive.last_slot(_JOB, run.now()))
    return found.slot if found and first is not None and found.slot > first else None


def _vitals(health: Health) -> Vitals:
    return Vitals(
        sources=tuple(
            SourceVitals(
                name=each.name,
                at=each.last_crawl.started_at if each.last_crawl else None,
                judged=each.judged,
                known=each.known,
            )
            for each in health.sources
            if each.enabled
        ),
        sent=health.queue.get(DeliveryState.SENT, 0),
        waiting=sum(health.queue.get(state, 0) for state in _WAITING),
        refused=health.queue.get(DeliveryState.REFUSED, 0),
        archive_bytes=health.archive_bytes,
        free_bytes=health.free_bytes,
    )


def _delivery(new: NewDelivery, now: datetime) -> Delivery:
    """A message that stands in no archive, as transports take it."""
    return Delivery(
        id=0,
        digest=0,
        recipient=new.recipient,
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
    )
