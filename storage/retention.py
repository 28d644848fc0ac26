"""Retention: which bytes and texts may go by a rule, and letting them go. Rows, hashes and the chain stay.

A state is kept as bytes and text, or goes as both. Of every address the rule is applied to the looks that showed the
page and, apart from them, to those that did not. Whatever the rule says, what detection leans on is kept, and what is
younger than a month: a month that has not ended has no first look yet that could stand for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from extractors.model import Page
from storage import erasing, failpoint, holds, payloads
from storage.codec import json_text, load_page, moment, stamp
from storage.connection import Connection, insert
from storage.looks import EARLIER_LOOKS
from storage.records import ErasureKind, Keep, Retained

YOUNG = timedelta(days=31)  # the longest month: the youngest look that could be the first of a whole one

_MARK = "[ausgesondert]"  # what stands in the place of a text that the rule let go; staff see it

_LOOKS = """
SELECT c.id, c.resource, c.captured_at, c.payload, c.reading, c.version_id, c.revisit_of
FROM capture c WHERE (c.payload IS NOT NULL OR c.revisit_of IS NOT NULL) AND c.captured_at <= ?
ORDER BY c.resource, c.captured_at, c.id
"""

# What detection and the next crawl lean on: of each address the last look and the last good one, the last good ones of
# every source, looks of versions that readers were held at, and of pages in doubt.
_LEANED_ON = """
SELECT max(c.id) FROM capture c GROUP BY c.resource, c.version_id IS NULL
UNION SELECT id FROM (
    SELECT c.id, row_number() OVER (PARTITION BY c.resource, k.source ORDER BY c.captured_at DESC, c.id DESC) AS back
    FROM capture c JOIN crawl k ON k.id = c.crawl_id WHERE c.version_id IS NOT NULL) WHERE back <= :looks
UNION SELECT max(c.id) FROM capture c JOIN watch w ON w.held_version = c.version_id GROUP BY c.version_id
UNION SELECT c.id FROM capture c JOIN resource r ON r.id = c.resource JOIN watch w ON w.address = r.address
    WHERE c.outcome = 'suspect' AND w.doubt <> ''
UNION SELECT v.first_capture FROM watch w JOIN version v ON v.id = w.held_version
"""

# First looks at the versions that a change in a digest was told from.
_CITED = """
SELECT v.first_capture FROM change g JOIN version v ON v.id IN (g.version_before, g.version_after)
WHERE g.id IN (SELECT j.value FROM digest, json_each(digest.change_ids) j)
"""


@dataclass(frozen=True, slots=True)
class _Going:
    """What a rule lets go: captures, and what only they lean on."""

    captures: frozenset[int]
    contents: frozenset[int]
    readings: frozenset[int]


def retain(
    connection: Connection, rule: Collection[str], zone: ZoneInfo, now: datetime, *, dry_run: bool, by: str
) -> Retained:
    """Let go what a rule does not keep, and write it into the log of deletions; ``dry_run`` only says what it is."""
    connection.db.execute("PRAGMA secure_delete = ON").fetchone()
    with connection.read() as db:
        going = _going(db, rule, zone, now)
        result = _result(db, going)
    if dry_run or not result.contents:
        return result
    with connection.write("retain") as db:
        going = _going(db, rule, zone, now)
        result = _result(db, going)
        _let_go(db, going, ", ".join(each for each in Keep if each in rule), by, now)
    connection.pages.clear()
    connection.checkpoint()
    return result


def _going(db: Database, rule: Collection[str], zone: ZoneInfo, now: datetime) -> _Going:
    looks = db.execute(_LOOKS, [stamp(now - YOUNG)]).fetchall()
    kept = {int(row[0]) for row in db.execute(_LEANED_ON, {"looks": EARLIER_LOOKS}).fetchall()}
    kept |= {int(row[0]) for row in db.execute(f"SELECT id FROM ({holds.COVERED})").fetchall()}  # noqa: S608
    if Keep.CITED in rule:
        kept |= {int(row[0]) for row in db.execute(_CITED).fetchall()}
    for group in _groups(looks):
        kept |= _chosen(group, rule, zone)
    # A 304 has no bytes of its own: what it confirmed stays with it.
    confirmed = "SELECT revisit_of FROM capture WHERE revisit_of IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
    kept |= {int(row[0]) for row in db.execute(confirmed, [json_text(sorted(kept | _young(db, now)))]).fetchall()}
    going = {int(row["id"]) for row in looks if row["id"] not in kept}
    wanted = json_text(sorted(going))
    return _Going(
        captures=frozenset(going),
        contents=_only_of(db, "payload", wanted),
        readings=_only_of(db, "reading", wanted),
    )


def _young(db: Database, now: datetime) -> set[int]:
    rows = db.execute("SELECT id FROM capture WHERE captured_at > ?", [stamp(now - YOUNG)])
    return {int(row[0]) for row in rows}


def _groups(looks: Sequence[Row]) -> Iterable[list[Row]]:
    found: dict[tuple[int, bool], list[Row]] = {}
    for row in looks:
        found.setdefault((row["resource"], row["version_id"] is None), []).append(row)
    return found.values()


def _chosen(group: list[Row], rule: Collection[str], zone: ZoneInfo) -> set[int]:
    """What a rule keeps of the looks of one kind at one address."""
    chosen = set()
    if Keep.FIRST in rule:
        chosen.add(int(group[0]["id"]))
    if Keep.LAST in rule:
        chosen.add(int(group[-1]["id"]))
    periods: list[Callable[[datetime], tuple[int, ...]]] = []
    if Keep.MONTHLY in rule:
        periods.append(lambda at: (at.year, at.month))
    if Keep.YEARLY in rule:
        periods.append(lambda at: (at.year,))
    for period in periods:
        seen = set()
        for row in group:
            name = period(moment(row["captured_at"]).astimezone(zone))
            if name not in seen:
                seen.add(name)
                chosen.add(int(row["id"]))
    return chosen


def _only_of(db: Database, column: str, wanted: str) -> frozenset[int]:
    """Payloads or readings of some captures that no other capture has, and whose bytes are still there.

    A version's text is that of the looks that show it: it goes with the last of them.
    """
    content = "u" if column == "payload" else "(SELECT content FROM reading WHERE id = u)"
    rows = db.execute(
        f"""
        SELECT u FROM (
            SELECT {column} AS u FROM capture WHERE id IN (SELECT value FROM json_each(?1)) AND {column} IS NOT NULL
            EXCEPT SELECT {column} FROM capture WHERE id NOT IN (SELECT value FROM json_each(?1)))
        WHERE (SELECT data FROM content WHERE id = {content}) IS NOT NULL
        """,  # noqa: S608 - column names of the schema
        [wanted],
    )
    return frozenset(int(row[0]) for row in rows)


def _result(db: Database, going: _Going) -> Retained:
    size = db.execute(
        "SELECT coalesce(sum(length(data)), 0) FROM content WHERE id IN (SELECT value FROM json_each(?))",
        [json_text(sorted(going.contents))],
    ).fetchone()[0]
    rows = db.execute(
        """
        SELECT r.address, count(*) FROM capture c JOIN resource r ON r.id = c.resource
        WHERE c.payload IN (SELECT value FROM json_each(?1)) GROUP BY r.address ORDER BY r.address
        """,
        [json_text(sorted(going.contents))],
    ).fetchall()
    return Retained(
        contents=len(going.contents),
        readings=len(going.readings),
        bytes=int(size),
        addresses=tuple((str(row[0]), int(row[1])) for row in rows),
    )


def _let_go(db: Database, going: _Going, rule: str, by: str, now: datetime) -> None:
    row = {
        "name": erasing.new_name(),
        "erased_at": stamp(now),
        "kind": ErasureKind.RETENTION,
        "subject": rule,
        "by": by,
        "reason": "the rule of retention",
        "basis": "archive.keep",
        "payloads": len(going.contents),
        "readings": len(going.readings),
        "changes": 0,
        "messages": 0,
        "cleaned": 1,  # pages that get free are written over at once (secure_delete)
    }
    erasure = insert(db, "erasure", row)
    gone = {content for reading in sorted(going.readings) for content in _hollow(db, reading)}
    erasing.drop_bytes(db, [*going.contents, *gone], erasure)
    failpoint.hit("retain.halfway")


def _hollow(db: Database, reading: int) -> set[int]:
    """Put a page that says nothing in the place of a reading; the content that is free now."""
    content = db.execute("SELECT content FROM reading WHERE id = ?", [reading]).fetchone()[0]
    page = load_page(payloads.load(db, content))
    hollow = Page(uri=page.uri, title=_MARK, kind=page.kind, extractor_version=page.extractor_version)
    return erasing.put_in_place(db, reading, hollow, None)
