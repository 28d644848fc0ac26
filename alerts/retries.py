"""When a message that could not be sent is tried again, and when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

# RFC 5321 §4.5.4.1 asks for at least 30 minutes as a rule and for tries until 4–5 days are over, RFC 1123 §5.3.1.1 for
# two tries in the first hour. The first wait is short: most temporary refusals are greylisting, over in five minutes.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 180))
JITTER = 0.1  # so that mails of one night do not return all at once
GIVE_UP_AFTER = timedelta(days=5)
GIVE_UP_ATTEMPTS = 12  # a machine that was off for a week has not tried


def next_attempt(delivery_id: int, attempts: int, now: datetime) -> datetime:
    """When to try again after ``attempts`` tries; the jitter follows from the delivery, so that it can be repeated."""
    wait = WAITS[min(max(attempts, 1), len(WAITS)) - 1]
    draw = int.from_bytes(sha256(f"{delivery_id}:{attempts}".encode()).digest()[:4]) / 0xFFFFFFFF
    return now + wait * (1 + JITTER * (2 * draw - 1))


def given_up(created_at: datetime, attempts: int, now: datetime) -> bool:
    """Whether a message has had its five days and its dozen tries."""
    return attempts >= GIVE_UP_ATTEMPTS and now - created_at >= GIVE_UP_AFTER
