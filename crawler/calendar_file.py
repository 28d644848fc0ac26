"""The seminar register as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from crawler.output import one_line
from storage.records import SeminarRow

_OCTETS = 75  # RFC 5545 §3.1: the longest line, without its line break
_STATUS = {
    "announced": "CONFIRMED",
    "reported": "CONFIRMED",
    "cancelled": "CANCELLED",
    "postponed": "CONFIRMED",
    "replaced": "CANCELLED",
}


def calendar(seminars: Iterable[SeminarRow], made_at: datetime) -> str:
    """A calendar with one all-day event per seminar whose first day is known; times are UTC."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Amtsblick//Seminare//DE",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for seminar in seminars:
        lines += _event(seminar, made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _event(seminar: SeminarRow, made_at: datetime) -> list[str]:
    span = days(seminar)
    if span is None:
        return []
    first, last = span
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escape(seminar.id)}@seminare.amtsblick",
        f"DTSTAMP:{made_at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",  # the day after, as DTEND is exclusive
        f"SUMMARY:{escape(seminar.title)}",
        f"LAST-MODIFIED:{seminar.last_seen:%Y%m%dT%H%M%SZ}",
        f"STATUS:{_STATUS.get(seminar.state, 'TENTATIVE')}",
        "TRANSP:TRANSPARENT",
    ]
    if seminar.city:
        lines.append(f"LOCATION:{escape(seminar.city)}")
    if seminar.quote:
        lines.append(f"DESCRIPTION:{escape(seminar.quote)}")
    lines += [f"URL:{one_line(seminar.uri)}", "END:VEVENT"]
    return lines


def days(seminar: SeminarRow) -> tuple[date, date] | None:
    """First and last day of a seminar; None when only a month is known, or nothing, or its sources disagree."""
    if not seminar.start or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", seminar.start):
        return None
    first = date.fromisoformat(seminar.start)
    end = seminar.end or ""
    last = date.fromisoformat(end) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", end) else first
    return first, max(first, last)


def escape(text: str) -> str:
    """A TEXT value (RFC 5545 §3.3.11)."""
    return one_line(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def fold(line: str) -> str:
    """A content line, folded at 75 octets and never inside a character (RFC 5545 §3.1)."""
    parts: list[str] = []
    current, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _OCTETS:
            parts.append(current)
            current, size = "", 1  # the space that marks a continuation counts
        current += character
        size += width
    return "\r\n ".join([*parts, current])
