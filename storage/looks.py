"""What one crawl saw: of each address its last capture, where redirects ended, who linked it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from extractors import address
from extractors.drift import AROUND_TEXT, MAIN_SHRUNK, SAME_TEXT
from extractors.model import Outcome
from storage import captures, readings
from storage.batches import batches
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

# The last capture of an address stands for it, and decides whether it belongs to the source.
_ASKED = "SELECT max(id) FROM capture WHERE crawl_id = ? AND probe = 0 GROUP BY resource ORDER BY min(id)"
_PROBES = "SELECT id FROM capture WHERE crawl_id = ? AND probe = 1 ORDER BY id"
_HOPS = "WHERE c.crawl_id = ? AND c.hop_of IS NOT NULL ORDER BY c.id"
_LOOKED_AT = """
SELECT r.address, c.uri, c.outcome, c.status, c.rule, c.is_document
FROM (SELECT max(id) AS last, min(id) AS first FROM capture WHERE crawl_id = ? AND probe = 0 GROUP BY resource) asked
JOIN capture c ON c.id = asked.last JOIN resource r ON r.id = c.resource WHERE c.member <> 0 ORDER BY asked.first
"""
_OUTAGES = frozenset({Outcome.TRUNCATED, Outcome.EMPTY, Outcome.MAINTENANCE})


def crawl_view(connection: Connection, crawl: Crawl) -> CrawlView:
    """All that a crawl saw; captures that are no members stay out. Looks come without what is known of their bytes."""
    with connection.read() as db:
        view = _View(connection, crawl)
        asked = [int(row[0]) for row in db.execute(_ASKED, [crawl.id])]
        for some in batches(asked):
            view.take(some)
        view.take([int(row[0]) for row in db.execute(_PROBES, [crawl.id])])
        view.let_lead()
        view.look_back()
        view.link()
    return CrawlView(crawl=crawl, looks=view.looks, probes=tuple(view.probes), probed=view.probed)


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


def _asked(db: Database, ids: Sequence[int]) -> list[_Asked]:
    rows = captures.by_ids(db, ids)
    return [
        _Asked(
            # No rule asks for what came over the wire.
            replace(capture, payload_digest=None, payload_size=0, elapsed_ms=0, revisit_of=None),
            rows[capture.id]["resource"],
            rows[capture.id]["reading"],
            bool(rows[capture.id]["member"]),
            bool(rows[capture.id]["is_document"]),
            rows[capture.id]["linked_from"],
            rows[capture.id]["depth"],
            rows[capture.id]["label"],
        )
        for capture in captures.outlines_of(rows[each] for each in ids)
    ]


class _View:
    """The view of one crawl while it is made, some captures after the others: what they are made of is much more."""

    def __init__(self, connection: Connection, crawl: Crawl) -> None:
        self.looks: dict[str, Look] = {}
        self.probes: list[Capture] = []
        self.probed: dict[int, StoredPage] = {}
        self._connection, self._crawl = connection, crawl
        self._strays: dict[str, Capture] = {}  # the last captures of what does not belong to the source
        self._moved: dict[int, str] = {}  # rows of addresses that show something else, with the address

    def take(self, ids: Sequence[int]) -> None:
        """Add the last captures of some addresses, or probes."""
        rows = _asked(self._connection.db, ids)
        members = [row for row in rows if row.member or row.capture.probe]
        kept = _Kept(self._connection, self._crawl, members)
        if len(self._moved) <= MOVED_PAGES:
            self._moved |= {row.resource: row.capture.address for row in members if kept.moved(row)}
        for row in rows:
            if row.capture.probe:
                self.probes.append(row.capture)
                if (page := kept.page(row)) is not None:
                    self.probed[row.capture.id] = page
            elif row.member:
                self.looks[row.capture.address] = _look(kept, row)
            else:
                self._strays[row.capture.address] = row.capture

    def let_lead(self) -> None:
        """Find where redirects ended."""
        hops = captures.select(self._connection.db, _HOPS, [self._crawl.id])
        following = {hop.hop_of: hop for hop in captures.outlines_of(hops)}
        for where, look in self.looks.items():
            if look.capture.location and (end := self._end(look.capture, following)):
                self.looks[where] = replace(look, target=end[0], target_uri=end[1])

    def _end(self, first: Capture, hops: Mapping[int | None, Capture]) -> tuple[str, str] | None:
        """Address and URI where the chain that begins with this capture ended; None if it is none, or a loop."""
        seen = {first.address}
        where, uri = first.address, first.uri
        current: Capture | None = first
        while current is not None and current.location:
            following = hops.get(current.id)
            uri = following.uri if following is not None else current.location
            where = address.key(uri)
            # A target that was fetched on another way, or not at all (another host), has no hop of its own.
            following = following if following is not None else self._last(where)
            if where in seen and (following is None or following.location):
                return None
            seen.add(where)
            current = following
        return None if where == first.address else (where, uri)

    def _last(self, where: str) -> Capture | None:
        return self.looks[where].capture if where in self.looks else self._strays.get(where)

    def look_back(self) -> None:
        """Fetch what the good looks before showed where an address shows something else now, newest first."""
        if len(self._moved) > MOVED_PAGES:
            return
        earlier = captures.readings_before(self._connection.db, self._moved, self._crawl, EARLIER_LOOKS)
        pages = readings.outlines(self._connection, (name for names in earlier.values() for name in names))
        for resource, names in earlier.items():
            where = self._moved[resource]
            if where in self.looks:
                self.looks[where] = replace(self.looks[where], earlier=tuple(pages[name] for name in names))

    def link(self) -> None:
        """Find the pages of this crawl that link an address or offer it as a document, where somebody may ask."""
        wanted = self._unknown()
        shown = ((where, look.page.whole) for where, look in self.looks.items() if look.page is not None)
        for where, linking in linked_from(shown, wanted).items() if wanted else ():
            self.looks[where] = replace(self.looks[where], linked_from=linking)

    def _unknown(self) -> Mapping[str, str]:
        """All addresses, by their URI, but those that readers know and that showed themselves before."""
        db, source = self._connection.db, self._crawl.source
        known: set[str] = set()
        if db.execute("SELECT 1 FROM source_state WHERE name = ? AND baseline_crawl IS NOT NULL", [source]).fetchone():
            told = "SELECT address FROM watch WHERE source = ? AND told = 1 AND standing IN (?, ?)"
            known = {str(row[0]) for row in db.execute(told, [source, Standing.LIVE, Standing.MISSING])}
        return {
            look.capture.uri: where
            for where, look in self.looks.items()
            if where not in known or look.last is None
        }  # fmt: skip


class _Kept:
    """What the archive keeps about some captures of one crawl, fetched at once."""

    def __init__(self, connection: Connection, crawl: Crawl, rows: Sequence[_Asked]) -> None:
        self.before = captures.looks_before(connection.db, (row.resource for row in rows), crawl)
        of_looks = [look.version for look in self.before.values()]
        of_unchanged = [row.capture.version_id for row in rows if row.capture.outcome is Outcome.UNCHANGED]
        self.versions = captures.versions(connection, (name for name in (*of_looks, *of_unchanged) if name is not None))
        readings_ = {*(row.reading for row in rows), *(look.reading for look in self.before.values())}
        self.pages = readings.outlines(connection, (name for name in readings_ if name is not None))

    def moved(self, row: _Asked) -> bool:
        """Whether an address shows something else than before."""
        ok = row.capture.outcome is Outcome.OK and row.capture.rule != SAME_TEXT
        return ok and row.resource in self.before

    def page(self, row: _Asked) -> StoredPage | None:
        """The page a capture shows: of an unchanged one the version's, which may have been rebased meanwhile."""
        if row.capture.outcome is Outcome.UNCHANGED:
            version = self.versions.get(row.capture.version_id or 0)
            return version.page if version is not None else None
        if row.capture.outcome in (Outcome.OK, Outcome.SUSPECT) and row.reading is not None:
            return self.pages[row.reading]
        return None


def _look(kept: _Kept, row: _Asked) -> Look:
    """One look by itself: what the rest of the crawl says of it comes later."""
    seen = kept.before.get(row.resource)
    before = kept.versions.get(seen.version) if seen is not None else None
    capture = row.capture
    if before is not None and before.text_digest == capture.text_digest:
        capture = replace(capture, text_digest=before.text_digest)  # once is enough, of a hundred bytes each
    return Look(
        capture=capture,
        role=Role.DOCUMENT if row.is_document else Role.PAGE,
        before=before,
        page=kept.page(row),
        linked_from=(sys.intern(address.key(row.linked_from)),) if row.linked_from else (),
        depth=row.depth,
        label=row.label,
        shown=kept.pages[row.reading] if row.capture.version_id is not None and row.reading is not None else None,
        last=kept.pages[seen.reading] if seen is not None else None,
    )


def coverage(connection: Connection, source: str) -> Coverage | None:
    """What the last ended crawl of a source could judge of all that is known of it."""
    with connection.read() as db:
        found = db.execute(
            "SELECT * FROM crawl WHERE source = ? AND imported = 0 AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1",
            [source],
        ).fetchone()
        if found is None:
            return None
        return _cover(db, CRAWLS.value(found), _watched(db, source))


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
            yield _cover(db, CRAWLS.value(row), known)


def _watched(db: Database, source: str) -> set[str]:
    rows = db.execute("SELECT address FROM watch WHERE source = ? AND standing <> ?", [source, Standing.MOVED])
    return {str(row[0]) for row in rows}


def _cover(db: Database, crawl: Crawl, known: set[str]) -> Coverage:
    """``known`` is what was watched then; what the crawl met is added to it."""
    judged = pages = documents = failures = 0
    rules: Counter[str] = Counter()
    failed = []
    for row in db.execute(_LOOKED_AT, [crawl.id]):
        known.add(str(row["address"]))
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
