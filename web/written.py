"""Moments as they are written for programs: in JSON, in headers, in addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


def moment(value: datetime | None) -> str | None:
    """A time in UTC, RFC 3339 with ``Z``; fractions of a second only where there are any."""
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def digits(value: datetime) -> str:
    """The 14 digits of a moment in an archive's address (YYYYMMDDhhmmss, UTC)."""
    return f"{value.astimezone(UTC):%Y%m%d%H%M%S}"


def undigits(text: str) -> datetime | None:
    """The last moment that 14 digits stand for, or None where they are no time.

    An address has no fraction of a second; the capture it was made from lies within it.
    """
    if len(text) != 14 or not (text.isascii() and text.isdigit()):
        return None
    try:
        whole = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return whole + timedelta(microseconds=999_999)


def http_date(value: datetime) -> str:
    """A time as header fields have it (RFC 9110 §5.6.7): ``Mon, 24 May 2021 05:30:00 GMT``."""
    return format_datetime(value.astimezone(UTC).replace(microsecond=0), usegmt=True)
