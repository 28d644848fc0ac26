"""Which digests are due by their schedules, and closing them once."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.model import Context, Subscription
from crawler import slots
from storage.archive import Archive
from storage.records import DigestRow


def job(subscription: Subscription) -> str:
    """The name its slots are claimed under."""
    return f"digest:{subscription.name}"


def due_slot(archive: Archive, subscription: Subscription, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The last slot of its schedule that has passed and was not acted on; None if there is none."""
    row = archive.subscription(subscription.name)
    last = archive.last_slot(job(subscription), now)
    found = slots.due(slots.parse(subscription.schedule), zone, now, last=last)
    return found.slot if found and row is not None and found.slot > row.since else None


def close_due(archive: Archive, subscription: Subscription, context: Context) -> DigestRow | None:
    """Close the window of a slot that has passed, for the one process that claims it."""
    slot = due_slot(archive, subscription, context.zone, context.now)
    if slot is None:
        return None
    from alerts.digest import close_window  # noqa: PLC0415 - templates load slowly, and `status` only asks what is due

    with archive.transaction():
        if not archive.claim_slot(job(subscription), slot, context.now):
            return None
        return close_window(archive, subscription, context, slot=slot)
