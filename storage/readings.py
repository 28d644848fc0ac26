"""Pages as they were read: each distinct one once, found again by what it says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlite_utils import Database

from extractors.model import Page
from extractors.text import text_digest
from storage import payloads, seals
from storage.codec import dumped, frame_digest, json_text, load_page, unwritten
from storage.connection import Connection, insert

_BESIDE = ("searched",)
_AT_ONCE = 200  # pages unpacked together: all of a section as bytes and as pages were twice its memory
_CACHE = 20_000  # pages in memory at once: more than a source has, so that state and view share them


class KeptReading(NamedTuple):
    """Where a reading is kept, the digest of its text, and its page if it was just stored."""

    id: int
    text_digest: bytes
    page: Page | None = None


def store(db: Database, page: Page, alike: payloads.Alike | None = None) -> KeptReading:
    """The row of this reading, made if there is none yet; ``alike`` names contents it is compressed against."""
    data, page = dumped(page)
    content = payloads.store(db, data, alike).id
    found = db.execute("SELECT id, text_digest FROM reading WHERE content = ?", [content]).fetchone()
    if found:
        return KeptReading(int(found[0]), bytes(found[1]), page)
    digest = unwritten(text_digest(page))
    row = {
        "content": content,
        "text_digest": digest,
        "frame_digest": frame_digest(page),
        "extractor": page.extractor,
        "extractor_version": page.extractor_version,
        "searched": 0,
    }
    return KeptReading(insert(db, "reading", row), digest, page)


def remember(connection: Connection, kept: KeptReading) -> None:
    """Have the page of a reading at hand that was just stored: detection asks for it when the crawl ends."""
    if kept.page is not None:
        _remember(connection, kept.id, kept.page)


def like(db: Database, reading_id: int | None) -> payloads.Alike:
    """What a later reading of the same page, or another one of the same bytes, is compressed against."""
    row = db.execute("SELECT content FROM reading WHERE id = ?", [reading_id]).fetchone()
    return payloads.Alike(earlier=row[0] if row else None)


def load(connection: Connection, reading_id: int) -> Page:
    """The page of a reading; the same object again while it is remembered."""
    known = connection.pages.get(reading_id)
    if known is not None:
        return known
    row = connection.db.execute("SELECT * FROM reading WHERE id = ?", [reading_id]).fetchone()
    if row is None:
        raise seals.damaged(f"reading {reading_id}")
    seals.require(row, f"reading {reading_id}", _BESIDE)
    return _remember(connection, reading_id, load_page(payloads.load(connection.db, row["content"])))


def load_many(connection: Connection, reading_ids: Iterable[int]) -> dict[int, Page]:
    """The pages of many readings, as :func:`load` gives them, by id; those not remembered come in one query."""
    wanted = set(reading_ids)
    found = {name: page for name in wanted if (page := connection.pages.get(name)) is not None}
    rows = connection.db.execute(
        "SELECT * FROM reading WHERE id IN (SELECT value FROM json_each(?))",
        [json_text(sorted(wanted - found.keys()))],
    ).fetchall()
    if len(rows) + len(found) != len(wanted):
        raise seals.damaged("the list of readings")
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        contents = payloads.load_many(connection.db, (row["content"] for row in some))
        if any(row["content"] not in contents for row in some):
            raise seals.damaged("the list of readings")
        for row in some:
            seals.require(row, f"reading {row['id']}", _BESIDE)
            found[row["id"]] = _remember(connection, row["id"], load_page(contents[row["content"]]))
    return found


def _remember(connection: Connection, reading_id: int, page: Page) -> Page:
    if len(connection.pages) >= _CACHE:
        connection.pages.clear()
    connection.pages[reading_id] = page
    return page
