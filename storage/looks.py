"""What one crawl saw: of each address its last capture, where redirects ended, who linked it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import tee
from sqlite3 import Row
from typing import NamedTuple

from sqlite_utils import Database

from extractors import address
from extractors.drift import AROUND_TEXT, MAIN_SHRUNK, SAME_TEXT
from extractors.model import Outcome
from storage import captures, readings
from storage.codec import stamp
from storage.connection import Connection
from storage.crawling import CRAWLS
from storage.linking import linked_from
from storage.pages import StoredPage
from storage.records import Capture, Coverage, Crawl, CrawlView, Look, Role, Standing

# How far back one page is compared with itself, and for how many of them in one crawl: where more pages move at once,
# it is a template or a program that moves them, and what each of them showed before does not help to tell.
EARLIER_LOOKS = 8
MOVED_PAGES = 100

_LOOKED_AT = """
SELECT r.address, c.uri, c.outcome, c.status, c.rule, c.member, c.is_document
FROM capture c JOIN resource r ON r.id = c.resource WHERE c.crawl_id = ? AND c.probe = 0 ORDER BY c.id
"""
_OUTAGES = frozenset({Outcome.TRUNCATED, Outcome.EMPTY, Outcome.MAINTENANCE})


def crawl_view(connection: Connection, crawl: Crawl) -> CrawlView:
    """All that a crawl saw; captures that are no members stay out. Looks come without what is known of their bytes."""
    with connection.read() as db:
        rows = _Rows(captures.stream(db, "WHERE c.crawl_id = ? ORDER BY c.id", [crawl.id]))
        ends = {where: rows.end(row.capture) for where, row in rows.last.items() if row.capture.location}
        last = rows.members()
        kept = _Kept(connection, crawl, [*last.values(), *rows.probes])
        linked = _linked_from(kept, last, _unknown(db, crawl, kept, last))
    looks = {
        where: _look(kept, last.pop(where), linked=linked.get(where, ()), end=ends.get(where)) for where in tuple(last)
    }
    probed = {row.capture.id: page for row in rows.probes if (page := kept.page(row)) is not None}
    return CrawlView(crawl=crawl, looks=looks, probes=tuple(row.capture for row in rows.probes), probed=probed)


class _Asked(NamedTuple):
    """What a crawl's view needs of one capture: rows as SQLite gives them have every cell of four tables."""

    capture: Capture
    resource: int
    reading: int | None
    member: bool
    is_document: bool
    linked_from: str | None
    depth: int
    label: str


def _asked(rows: Iterable[Row]) -> Iterator[_Asked]:
    rows, again = tee(rows)
    for row, capture in zip(rows, captures.outlines_of(again), strict=True):
        yield _Asked(
            # No rule asks for what came over the wire.
            replace(capture, payload_digest=None, payload_size=0, elapsed_ms=0),
            row["resource"],
            row["reading"],
            bool(row["member"]),
            bool(row["is_document"]),
            row["linked_from"],
            row["depth"],
            row["label"],
        )


class _Rows:
    """The captures of one crawl: the last one of each address, the probes, and the redirects hop by hop."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.last: dict[str, _Asked] = {}
        self.probes: list[_Asked] = []
        self._next: dict[int, Capture] = {}
        for row in _asked(rows):
            if row.capture.hop_of is not None:
                self._next[row.capture.hop_of] = row.capture
            if row.capture.probe:
                self.probes.append(row)
            else:
                self.last[row.capture.address] = row

    def members(self) -> dict[str, _Asked]:
        """Give away the last captures of what belongs to the source."""
        found, self.last = {where: row for where, row in self.last.items() if row.member}, {}
        return found

    def end(self, first: Capture) -> tuple[str, str] | None:
        """Address and URI where the chain that begins with this capture ended; None if it is none, or a loop."""
        seen = {first.address}
        where, uri = first.address, first.uri
        current: Capture | None = first
        while current is not None and current.location:
            following = self._next.get(current.id)
            uri = following.uri if following is not None else current.location
            where = address.key(uri)
            # A target that was fetched on another way, or not at all (another host), has no hop of its own.
            if following is None and where in self.last:
                following = self.last[where].capture
            if where in seen and (following is None or following.location):
                return None
            seen.add(where)
            current = following
        return None if where == first.address else (where, uri)


def coverage(connection: Connection, source: str) -> Coverage | None:
    """What the last ended crawl of a source could judge of all that is known of it."""
    with connection.read() as db:
        found = db.execute(
            "SELECT * FROM crawl WHERE source = ? AND imported = 0 AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1",
            [source],
        ).fetchone()
        if found is None:
            return None
        return _covered(db, CRAWLS.value(found), _watched(db, source))


def coverages(connection: Connection, source: str, since: datetime | None) -> Iterator[Coverage]:
    """What each ended crawl of a source could judge of what was known of it then, oldest first."""
    with connection.read() as db:
        rows = db.execute(
            """
            SELECT * FROM crawl WHERE source = ? AND imported = 0 AND ended_at IS NOT NULL AND started_at >= ?
            ORDER BY id
            """,
            [source, stamp(since) if since else ""],
        ).fetchall()
        watched = db.execute(
            "SELECT address, first_crawl FROM watch WHERE source = ? AND standing <> ?", [source, Standing.MOVED]
        ).fetchall()
        for row in rows:
            known = {str(each["address"]) for each in watched if each["first_crawl"] <= row["id"]}
            yield _covered(db, CRAWLS.value(row), known)


def _covered(db: Database, crawl: Crawl, watched: set[str]) -> Coverage:
    # The last capture of an address stands for it, and decides whether it belongs to the source.
    last = {str(row["address"]): row for row in db.execute(_LOOKED_AT, [crawl.id])}
    last = {where: row for where, row in last.items() if row["member"]}
    return _cover(crawl, last.values(), watched | last.keys())


class _Kept:
    """What the archive keeps about some captures of one crawl, fetched at once."""

    def __init__(self, connection: Connection, crawl: Crawl, rows: Sequence[_Asked]) -> None:
        self.before = captures.looks_before(connection.db, (row.resource for row in rows), crawl)
        of_looks = [look.version for look in self.before.values()]
        of_unchanged = [row.capture.version_id for row in rows if row.capture.outcome is Outcome.UNCHANGED]
        self.versions = captures.versions(connection, (name for name in (*of_looks, *of_unchanged) if name is not None))
        readings_ = {*(row.reading for row in rows), *(look.reading for look in self.before.values())}
        self._earlier = self._earlier_readings(connection, crawl, rows)
        readings_.update(name for names in self._earlier.values() for name in names)
        self.pages = readings.outlines(connection, (name for name in readings_ if name is not None))

    def _earlier_readings(
        self, connection: Connection, crawl: Crawl, rows: Sequence[_Asked]
    ) -> Mapping[int, tuple[int, ...]]:
        moved = {row.resource for row in rows if row.capture.outcome is Outcome.OK and row.capture.rule != SAME_TEXT}
        moved &= self.before.keys()
        if len(moved) > MOVED_PAGES:
            return {}
        return captures.readings_before(connection.db, moved, crawl, EARLIER_LOOKS)

    def earlier(self, row: _Asked) -> tuple[StoredPage, ...]:
        """What the good looks before showed at an address that shows something else now, newest first."""
        return tuple(self.pages[name] for name in self._earlier.get(row.resource, ()))

    def page(self, row: _Asked) -> StoredPage | None:
        """The page a capture shows: of an unchanged one the version's, which may have been rebased meanwhile."""
        if row.capture.outcome is Outcome.UNCHANGED:
            version = self.versions.get(row.capture.version_id or 0)
            return version.page if version is not None else None
        if row.capture.outcome in (Outcome.OK, Outcome.SUSPECT) and row.reading is not None:
            return self.pages[row.reading]
        return None


def _unknown(db: Database, crawl: Crawl, kept: _Kept, last: Mapping[str, _Asked]) -> Mapping[str, str]:
    """The addresses whose links somebody may ask for, by their URI: all but those that readers know, once seen."""
    if not db.execute("SELECT 1 FROM source_state WHERE name = ? AND baseline_crawl > 0", [crawl.source]).fetchone():
        return {row.capture.uri: where for where, row in last.items()}
    told = "SELECT address FROM watch WHERE source = ? AND told = 1 AND standing IN (?, ?)"
    known = {str(row[0]) for row in db.execute(told, [crawl.source, Standing.LIVE, Standing.MISSING])}
    return {
        row.capture.uri: where
        for where, row in last.items()
        if where not in known or row.resource not in kept.before
    }  # fmt: skip


def _linked_from(kept: _Kept, last: Mapping[str, _Asked], wanted: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """For each wanted address the pages of this crawl that link it or offer it as a document."""
    if not wanted:
        return {}
    pages = ((where, page.whole) for where, row in last.items() if (page := kept.page(row)) is not None)
    return linked_from(pages, wanted)


def _look(kept: _Kept, row: _Asked, *, linked: Sequence[str], end: tuple[str, str] | None) -> Look:
    seen = kept.before.get(row.resource)
    before = kept.versions.get(seen.version) if seen is not None else None
    capture = row.capture
    if before is not None and before.text_digest == capture.text_digest:
        capture = replace(capture, text_digest=before.text_digest)  # once is enough, of a hundred bytes each
    came_from = address.key(row.linked_from) if row.linked_from else None
    return Look(
        capture=capture,
        role=Role.DOCUMENT if row.is_document else Role.PAGE,
        before=before,
        page=kept.page(row),
        target=end[0] if end else None,
        target_uri=end[1] if end else None,
        linked_from=linked or ((came_from,) if came_from else ()),
        depth=row.depth,
        label=row.label,
        shown=kept.pages[row.reading] if row.capture.version_id is not None and row.reading is not None else None,
        last=kept.pages[seen.reading] if seen is not None else None,
        earlier=kept.earlier(row),
    )


def _watched(db: Database, source: str) -> set[str]:
    rows = db.execute("SELECT address FROM watch WHERE source = ? AND standing <> ?", [source, Standing.MOVED])
    return {str(row[0]) for row in rows}


def _cover(crawl: Crawl, looks: Iterable[Row], known: set[str]) -> Coverage:
    judged = pages = documents = failures = 0
    rules: Counter[str] = Counter()
    failed = []
    for row in looks:
        outcome = Outcome(row["outcome"] or Outcome.FAILED)
        if outcome.settles:
            judged += 1
            pages += outcome.good and not row["is_document"]
            documents += outcome.good and bool(row["is_document"])
            rules[row["rule"]] += outcome is Outcome.OK
        else:
            failures += _is_outage(outcome, row["status"])
            failed.append((str(row["uri"]), str(outcome), str(row["rule"] or captures.UNREAD)))
    return Coverage(
        crawl=crawl,
        known=len(known),
        judged=judged,
        pages=pages,
        documents=documents,
        failed=tuple(failed),
        failures=failures,
        drifted=rules[AROUND_TEXT] + rules[MAIN_SHRUNK],
        same_text=rules[SAME_TEXT],
    )


def _is_outage(outcome: Outcome, status: int | None) -> bool:
    """A failure that leaves a crawl incomplete: no answer, 5xx, told to wait, cut off, under maintenance."""
    if outcome is Outcome.FAILED:
        return status is None or status >= 500 or status in (408, 429)
    return outcome in _OUTAGES
