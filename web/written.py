"""Moments as they are written for programs: in JSON, in headers, in addresses."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

_PATTERNS = {length: "%Y%m%d%H%M%S"[: length - 2] for length in (4, 6, 8, 10, 12, 14)}
_HTTP_DATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", re.ASCII)
_LENGTHS = {8: timedelta(days=1), 10: timedelta(hours=1), 12: timedelta(minutes=1), 14: timedelta(seconds=1)}


def moment(value: datetime | None) -> str | None:
    """A time in UTC, RFC 3339 with ``Z``; fractions of a second only where there are any."""
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def digits(value: datetime) -> str:
    """The 14 digits of a moment in an archive's address (YYYYMMDDhhmmss, UTC)."""
    return f"{value.astimezone(UTC):%Y%m%d%H%M%S}"


def last_moment(text: str) -> datetime | None:
    """The last moment of what 4, 6, 8, 10, 12 or 14 digits name: a year, a month, … a second; None of anything else."""
    pattern = _PATTERNS.get(len(text))
    if pattern is None or not (text.isascii() and text.isdigit()):
        return None
    try:
        start = datetime.strptime(text, pattern).replace(tzinfo=UTC)
        if len(text) > 6:
            after = start + _LENGTHS[len(text)]
        else:
            years, months = divmod(start.month, 12) if len(text) == 6 else (1, 0)
            after = start.replace(year=start.year + years, month=months + 1)
    except (ValueError, OverflowError):
        return None
    return after - timedelta(microseconds=1)


def from_http_date(text: str) -> datetime | None:
    """The time of a header field in the one form that senders may use (RFC 9110 §5.6.7), None for anything else."""
    if not _HTTP_DATE.fullmatch(text.strip()):
        return None
    try:
        return parsedate_to_datetime(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def http_date(value: datetime) -> str:
    """A time as header fields have it (RFC 9110 §5.6.7): ``Mon, 24 May 2021 05:30:00 GMT``."""
    return format_datetime(value.astimezone(UTC).replace(microsecond=0), usegmt=True)
