"""Pages as they were read: each distinct one once, found again by what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from sqlite3 import Row
from typing import NamedTuple

from sqlite_utils import Database

from extractors.model import Page
from extractors.text import text_digest
from storage import payloads, seals
from storage.batches import batches
from storage.codec import dumped, frame_digest, json_text, load_page, unwritten
from storage.connection import Connection, insert
from storage.pages import StoredPage

_BESIDE = ("searched",)
_AT_ONCE = 200  # pages unpacked together: all of a section as bytes and as pages were twice its memory


class KeptReading(NamedTuple):
    """Where a reading is kept, the digest of its text; if it was just stored, also its ``content`` and its page."""

    id: int
    text_digest: bytes
    page: Page | None = None
    content: int = 0
    size: int = 0  # of the content, bytes


def store(db: Database, page: Page, alike: payloads.Alike | None = None) -> KeptReading:
    """The row of this reading, made if there is none yet; ``alike`` names contents it is compressed against."""
    data, page = dumped(page)
    content = payloads.store(db, data, alike).id
    found = db.execute("SELECT id, text_digest FROM reading WHERE content = ?", [content]).fetchone()
    if found:
        return KeptReading(int(found[0]), bytes(found[1]), page, content, len(data))
    digest = unwritten(text_digest(page))
    row = {
        "content": content,
        "text_digest": digest,
        "frame_digest": frame_digest(page),
        "extractor": page.extractor,
        "extractor_version": page.extractor_version,
        "searched": 0,
    }
    return KeptReading(insert(db, "reading", row), digest, page, content, len(data))


def remember(connection: Connection, kept: KeptReading) -> None:
    """Have the page of a reading at hand that was just stored: detection asks for it when the crawl ends."""
    if kept.page is not None:
        outline(connection, kept.id, connection.pages.put(kept.id, kept.page, kept.size))


def like(db: Database, reading_id: int | None) -> payloads.Alike:
    """What a later reading of the same page, or another one of the same bytes, is compressed against."""
    row = db.execute("SELECT content FROM reading WHERE id = ?", [reading_id]).fetchone()
    return payloads.Alike(earlier=row[0] if row else None)


def load(connection: Connection, reading_id: int) -> Page:
    """The page of a reading; the same object again while it is at hand."""
    known = connection.pages.whole(reading_id)
    if known is not None:
        return known
    with connection.read() as db:
        row = db.execute("SELECT * FROM reading WHERE id = ?", [reading_id]).fetchone()
        if row is None:
            raise seals.damaged(f"reading {reading_id}")
        return _unpacked(connection, row, payloads.load(db, row["content"]))


def outlines(connection: Connection, reading_ids: Iterable[int]) -> dict[int, StoredPage]:
    """The pages of many readings without their texts, by id; those not remembered are read some at a time."""
    wanted = set(reading_ids)
    pages = connection.pages
    found = {name: page for name in wanted if (page := pages.outline(name)) is not None}
    for name, whole in each(connection, wanted - found.keys()):
        found[name] = outline(connection, name, whole)
    return found


def each(connection: Connection, reading_ids: Iterable[int]) -> Iterator[tuple[int, Page]]:
    """The whole pages of many readings with their ids, one after the other."""
    for some in batches(sorted(set(reading_ids)), _AT_ONCE):
        yield from _some(connection, some)


def _some(connection: Connection, wanted: Sequence[int]) -> Iterator[tuple[int, Page]]:
    at_hand = {name: page for name in wanted if (page := connection.pages.whole(name)) is not None}
    yield from at_hand.items()
    rows = connection.db.execute(
        "SELECT * FROM reading WHERE id IN (SELECT value FROM json_each(?))",
        [json_text([name for name in wanted if name not in at_hand])],
    ).fetchall()
    contents = payloads.load_many(connection.db, (row["content"] for row in rows))
    if len(rows) + len(at_hand) != len(wanted) or any(row["content"] not in contents for row in rows):
        raise seals.damaged("the list of readings")
    for row in rows:
        yield row["id"], _unpacked(connection, row, contents[row["content"]])


def _unpacked(connection: Connection, row: Row, data: bytes) -> Page:
    seals.require(row, f"reading {row['id']}", _BESIDE)
    return connection.pages.put(row["id"], load_page(data), len(data))


def outline(connection: Connection, reading_id: int, page: Page) -> StoredPage:
    """A page without its text, kept as long as the archive is open: for who looks at a whole section."""
    return connection.pages.keep(reading_id, page, _Fetch(connection, reading_id))


class _Fetch:
    """Gives the page of a reading when it is called; a third of what a ``partial`` takes, and each page has one."""

    __slots__ = ("_connection", "_reading_id")

    def __init__(self, connection: Connection, reading_id: int) -> None:
        self._connection, self._reading_id = connection, reading_id

    def __call__(self) -> Page:
        return load(self._connection, self._reading_id)
