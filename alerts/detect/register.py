"""The register of seminars: which mentions belong together, and what they agree on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from alerts.detect.scene import Seen
from extractors import seminars, text
from extractors.model import SeminarMention
from storage.records import Conflict, Json, Mention, SeminarRow

# A report outweighs an announcement, since what has happened was announced before; so does what became of one that
# never was. A past date alone outweighs only an announcement: pages keep the dates of what was called off.
_RANK = {"": 0, "announced": 1, "postponed": 3, "cancelled": 4, "replaced": 5, "reported": 6}
_PAST_BY_CLOCK = 2
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def kept(mention: SeminarMention, seen: Seen, source: str, at: datetime) -> Mention:
    """Return what a page says about a seminar, as the register keeps it."""
    return Mention(
        source=source,
        address=seen.address,
        uri=seen.uri,
        title=mention.title,
        start=mention.start,
        end=mention.end,
        city=mention.city,
        state=mention.state,
        quote=mention.quote,
        named_by_title=mention.named_by_title,
        substitute=mention.substitute,
        seen_at=at,
        version=seen.look.capture.version_id if seen.look else None,
        captured_at=seen.look.capture.captured_at if seen.look else None,
        crawl=seen.look.capture.crawl_id if seen.look else 0,
        by_clock=mention.by_clock,
    )


def find(rows: Iterable[SeminarRow], mention: SeminarMention) -> SeminarRow | None:
    """Return the seminar a mention is about: same number, or same year where there is none, of the same series.

    Offices name one series by its theme one year and by its field the next; then the same number and
    the same first day make it one seminar.
    """
    if mention.number is None:
        alike = [row for row in rows if row.number is None and row.year == mention.year]
    else:
        alike = [row for row in rows if row.number == mention.number]
    named = (row for row in alike if seminars.same_series(row.series, mention.series))
    dated = (row for row in alike if mention.number is not None and mention.start and row.start == mention.start)
    return next(chain(named, dated), None)


def is_aside(row: SeminarRow | None, mention: SeminarMention, day: date) -> bool:
    """True for a mention in passing that tells nothing: of an unknown seminar, or what once became of one long over."""
    if row is None or not mention.passing:
        return mention.passing
    return mention.start is None and row.end is not None and row.end < day.isoformat()[: len(row.end)]


def first_entry(mention: SeminarMention, taken: Iterable[str], at: datetime) -> SeminarRow:
    """Return an empty row for a seminar that was never mentioned before."""
    which = mention.number if mention.number is not None else mention.year
    slug = re.sub(r"[^a-z0-9]+", "-", mention.series.casefold().translate(_UMLAUTS)).strip("-") or "seminar"
    name, used, again = f"{slug}-{which}", set(taken), 2
    while name in used:
        name, again = f"{slug}-{which}-{again}", again + 1
    return SeminarRow(
        id=name, series=mention.series, number=mention.number, year=mention.year, title="", start=None, end=None,
        city=None, state="", substitute="", quote="", uri="", mentions=(), conflicts=(), first_seen=at, last_seen=at,
    )  # fmt: skip


def settle(row: SeminarRow, mentions: Sequence[Mention], series: str, at: datetime) -> SeminarRow:
    """Return the row with what its mentions agree on; where they contradict each other, with the conflict instead."""
    if not mentions:
        return row
    ranked = sorted(mentions, key=lambda mention: (not mention.named_by_title, mention.seen_at, mention.address))
    best = ranked[0]
    conflicts: list[Conflict] = []
    dating = _standing_dates(ranked)
    start = _agreed("start", dating, conflicts)
    end = _agreed("end", dating, conflicts)
    if any(conflict.field in {"start", "end"} for conflict in conflicts):
        start = end = None  # half a span would be read as the whole
    city = _agreed("city", ranked, conflicts)
    state = max(mentions, key=_rank).state
    dated = next((mention.quote for mention in dating if mention.start and mention.quote), best.quote)
    return replace(
        row,
        series=series if best.named_by_title and series else row.series,
        title=best.title,
        start=start,
        end=end,
        city=city,
        state=state or row.state,
        substitute=next((mention.substitute for mention in ranked if mention.substitute), row.substitute),
        quote=dated,
        uri=best.uri,
        mentions=tuple(sorted(mentions, key=lambda mention: (mention.source, mention.address))),
        conflicts=tuple(conflicts),
        last_seen=at,
    )


def _standing_dates(mentions: Sequence[Mention]) -> Sequence[Mention]:
    """The mentions whose dates still hold: a postponement to an open date takes back what was announced up to then."""
    opened = max((each.crawl for each in mentions if each.state == "postponed" and each.start is None), default=None)
    if opened is None:
        return mentions
    return [
        each
        for each in mentions
        if each.crawl > opened or each.state == "postponed" or (each.state == "reported" and not each.by_clock)
    ]


def _rank(mention: Mention) -> int:
    past_by_clock = mention.by_clock and mention.state == "reported"
    return _PAST_BY_CLOCK if past_by_clock else _RANK.get(mention.state, 0)


def facts(row: SeminarRow) -> Json:
    """Return what a change says about a seminar before and after."""
    return {
        "number": row.number,
        "series": row.series,
        "title": row.title,
        "start": row.start,
        "end": row.end,
        "city": row.city,
        "state": row.state,
    }


def conflicts_as_facts(row: SeminarRow) -> Json:
    """Return a seminar's conflicts as the command line prints them."""
    return [
        {"field": conflict.field, "values": [{"value": value, "uri": uri} for value, uri in conflict.values]}
        for conflict in row.conflicts
    ]


def _agreed(field: str, mentions: Sequence[Mention], conflicts: list[Conflict]) -> str | None:
    """Return the one value all agree on; a month agrees with a day in it, and silence with everything."""
    said: list[tuple[str, str]] = [(value, mention.uri) for mention in mentions if (value := getattr(mention, field))]
    if not said:
        return None
    exact = max((value for value, _ in said), key=len)
    if all(_agree(field, exact, value) for value, _ in said):
        return exact if field != "city" else said[0][0]
    conflicts.append(Conflict(field=field, values=tuple(sorted(set(said)))))
    return None


def _agree(field: str, exact: str, value: str) -> bool:
    if field == "city":
        return text.fold(exact).casefold() == text.fold(value).casefold()
    return exact.startswith(value)
