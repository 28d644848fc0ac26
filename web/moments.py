"""Moments as people write them, on a command line and in a form, and as the program writes them back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Edge = Literal["start", "end"]

_FORMS = "2018-09-14, 14.09.2018, 2018-09, 2018, 2018-09-14T12:00:00Z, 20180914120000, today, gestern"
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_DIGITS = re.compile(r"\d{14}", re.ASCII)  # as in the addresses of web archives, always UTC
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|z|[+-]\d{2}:\d{2})?", re.ASCII)
_WORDS = {"today": 0, "heute": 0, "yesterday": -1, "gestern": -1, "vorgestern": -2}
# The end of a day is its last microsecond, the finest step that is recorded.
_TICK = timedelta(microseconds=1)


class MomentError(ValueError):
    """A text that is no moment; the message lists the forms that are understood (exit 2)."""


def rfc3339(text: str) -> datetime:
    """A time with its offset (RFC 3339) in UTC.

    Raises:
        ValueError: for anything else.
    """
    if not _TIME.fullmatch(text):
        raise ValueError(f"“{text}” is no RFC 3339 time such as 2026-03-02T07:00:00Z")
    moment = datetime.fromisoformat(text.upper())
    if moment.tzinfo is None:
        raise ValueError(f"“{text}” has no offset; add Z for UTC")
    return moment.astimezone(UTC)


def written(moment: datetime) -> str:
    """A time as the program writes it: RFC 3339 in UTC with ``Z``; fractions only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse(text: str, zone: ZoneInfo, now: datetime, edge: Edge) -> datetime:
    """A moment as somebody wrote it, in UTC; a bare day, month or year means its start or end in ``zone``.

    Raises:
        MomentError: for a text that is no date, or a day that does not exist.
    """
    text = text.strip()
    try:
        if _DIGITS.fullmatch(text):
            moment = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            return moment if edge == "start" else moment + timedelta(seconds=1) - _TICK
        if _TIME.fullmatch(text):
            moment = datetime.fromisoformat(text.upper())
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
            return moment if edge == "start" or "." in text else moment + _second_or_minute(text) - _TICK
        span = _days(text, now.astimezone(zone).date())
        if span is not None:
            return _midnight(span[0], zone) if edge == "start" else _midnight(span[1] + timedelta(days=1), zone) - _TICK
    except (ValueError, OverflowError):
        raise MomentError(f"“{text}” is no date that exists") from None
    raise MomentError(f"“{text}” is no date; write it as one of {_FORMS}")


def _second_or_minute(text: str) -> timedelta:
    """How long the last unit of a time without fraction lasts: what was recorded within it is "at" that time."""
    return (
        timedelta(seconds=1) if text.partition("+")[0].count(":") - text[19:].count(":") >= 2 else timedelta(minutes=1)
    )


def _days(text: str, today: date) -> tuple[date, date] | None:
    """First and last day that a text means, None if it names none."""
    word = _WORDS.get(text.casefold())
    if word is not None:
        day = today + timedelta(days=word)
        return day, day
    if found := _DAY.fullmatch(text):
        day = date(*map(int, found.groups()))
        return day, day
    if found := _GERMAN.fullmatch(text):
        dom, month, year = map(int, found.groups())
        return date(year, month, dom), date(year, month, dom)
    if found := _MONTH.fullmatch(text):
        year, month = map(int, found.groups())
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), following - timedelta(days=1)
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day (where clocks jump at midnight: right after the jump)."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
