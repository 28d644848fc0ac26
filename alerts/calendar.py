"""The seminar register as an iCalendar file (RFC 5545) that calendar programs can subscribe to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from alerts.letter import Section
from alerts.visible import one_line, web_link
from alerts.wording import Wording
from storage.records import Change, SeminarRow

_OCTETS = 75  # RFC 5545 §3.1: the longest line, without its line break
_OFF = frozenset({"cancelled", "postponed", "replaced"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_QUOTE = 400  # characters of the sentence that a date was read from


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """One seminar on the calendar. ``sequence`` rises with every change that was told."""

    row: SeminarRow
    first: date
    last: date
    status: str
    sequence: int
    revised: datetime


def calendar(seminars: Iterable[SeminarRow], changes: Iterable[Change], wording: Wording) -> str:
    """A calendar with one all-day event for each seminar of which a day is known, or was.

    ``changes`` are those of kind ``seminar.*``, in the order of commit. The same register gives the same bytes. A date
    that no longer holds stays on the calendar as cancelled: a program that keeps a copy would show it for ever.
    METHOD is left out: with it the file would be an invitation (RFC 5546), and need an organizer.
    """
    history: dict[str, list[Change]] = {}
    for change in changes:
        history.setdefault(change.subject, []).append(change)
    name = escape(wording.words.sections[Section.SEMINARS])
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Amtsblick//Seminare//DE",
        "CALSCALE:GREGORIAN",
        f"NAME:{name}",  # RFC 7986; the next line is what programs knew before it
        f"X-WR-CALNAME:{name}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]
    for seminar in seminars:
        event = _event(seminar, history.get(seminar.id, ()))
        if event is not None:
            lines += _lines(event, wording)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _event(row: SeminarRow, history: Sequence[Change]) -> _Event | None:
    now = _days(row.start, row.end)
    span = now or _last_known(history)
    if span is None:
        return None
    return _Event(
        row=row,
        first=span[0],
        last=span[1],
        status=_status(row, known=now is not None),
        sequence=sum(change.kind == "seminar.changed" for change in history),
        revised=max((change.detected_at for change in history), default=row.first_seen),
    )


def _status(row: SeminarRow, *, known: bool) -> str:
    """A postponed seminar with its new date takes place; with none, what is on the calendar does not."""
    if row.state in _OFF and not (row.state == "postponed" and known):
        return "CANCELLED"
    return "CONFIRMED" if known and not row.conflicts else "TENTATIVE"


def _last_known(history: Sequence[Change]) -> tuple[date, date] | None:
    """The days a seminar had when it last had any."""
    for change in reversed(history):
        for facts in (change.after, change.before):
            span = _days(_fact(facts, "start"), _fact(facts, "end"))
            if span is not None:
                return span
    return None


def _fact(facts: Any, name: str) -> str | None:
    value = facts.get(name) if isinstance(facts, Mapping) else None
    return value if isinstance(value, str) else None


def _days(start: str | None, end: str | None) -> tuple[date, date] | None:
    """First and last day; None where only a month is known, or nothing."""
    if not start or not _DAY.fullmatch(start):
        return None
    first = date.fromisoformat(start)
    last = date.fromisoformat(end) if end and _DAY.fullmatch(end) else first
    return first, max(first, last)


def _lines(event: _Event, wording: Wording) -> list[str]:
    row, revised = event.row, f"{event.revised:%Y%m%dT%H%M%SZ}"
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escape(row.id)}@seminare.amtsblick",
        f"DTSTAMP:{revised}",  # without METHOD: when what is said was last revised (RFC 5545 §3.8.7.2)
        f"SEQUENCE:{event.sequence}",
        f"LAST-MODIFIED:{revised}",
        f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}",  # the day after, as DTEND is exclusive
        f"SUMMARY:{escape(_summary(event, wording))}",
        f"STATUS:{event.status}",
        "TRANSP:TRANSPARENT",
    ]
    if row.city:
        lines.append(f"LOCATION:{escape(row.city)}")
    said = (one_line(row.quote, _QUOTE), wording.words.advice)
    lines.append("DESCRIPTION:" + "\\n".join(escape(text) for text in said if text))
    link = web_link(row.uri)
    return [*lines, *([f"URL:{link}"] if link else []), "END:VEVENT"]


def _summary(event: _Event, wording: Wording) -> str:
    """The title; that it is off stands before it, since many programs do not show the status."""
    if event.status != "CANCELLED":
        return one_line(event.row.title)
    return f"{wording.words.states.get(event.row.state, event.row.state)}: {one_line(event.row.title)}"


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
