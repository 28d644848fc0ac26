"""What is to be handed over, as the archive holds it: one still picture, however long the writing takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from sqlite3 import Row
from typing import Any

from sqlite_utils import Database

from extractors.model import Page
from storage import captures, chain, payloads
from storage.codec import json_text, load_page, maybe_stamp, written
from storage.records import Capture, Selection

_ARRIVED = (
    "id", "crawl_id", "address", "uri", "captured_at", "request_digest", "head_digest", "payload_digest", "status",
    "peer", "elapsed_ms", "location", "hop_of", "revisit_of", "probe", "linked_from", "depth", "is_document", "label",
    "error",
)  # fmt: skip  # what a link of the chain covers, in its order (storage.chain)

_FIELDS = """
SELECT c.*, r.address, k.source, q.digest AS request_digest, h.digest AS head_digest, p.digest AS payload_digest,
       p.size AS payload_size, d.content AS page, d.text_digest, d.extractor, d.extractor_version,
       b.chain AS chain_before
"""
_FROM = """
FROM capture c JOIN crawl k ON k.id = c.crawl_id JOIN resource r ON r.id = c.resource
JOIN content q ON q.id = c.request JOIN content h ON h.id = c.head LEFT JOIN content p ON p.id = c.payload
LEFT JOIN reading d ON d.id = c.reading LEFT JOIN capture b ON b.id = c.id - 1
"""
_CHOSEN = """
c.captured_at >= coalesce(:since, '') AND c.captured_at <= coalesce(:until, '~')
AND (:source IS NULL OR EXISTS (SELECT 1 FROM crawl w WHERE w.id = c.crawl_id AND w.source = :source))
AND (:address IS NULL OR EXISTS (
    SELECT 1 FROM resource w WHERE w.id = c.resource
    AND (w.address = :address
         OR :below AND substr(w.address, 1, length(:address) + 1) IN (:address || '/', :address || '?'))
))
"""


class Holdings:
    """The captures of a selection, in order of arrival, and their bytes.

    Made by :meth:`storage.archive.Archive.handover`.
    """

    def __init__(self, db: Database, selection: Selection) -> None:
        self._db = db
        self.selection = selection
        self._given: dict[str, Any] = {
            "source": selection.source,
            "since": maybe_stamp(selection.since),
            "until": maybe_stamp(selection.until),
            "address": selection.address,
            "below": selection.below,
        }
        position, link = chain.head(db)
        self.position = position
        self.head = written(link)
        self.installation = str(db.execute("SELECT installation_id FROM archive").fetchone()[0])
        found = db.execute(
            f"SELECT count(*), min(c.captured_at), max(c.captured_at) FROM capture c WHERE {_CHOSEN}",  # noqa: S608
            self._given,
        ).fetchone()
        self.count = int(found[0])
        self.first, self.last = found[1], found[2]

    def asked(self) -> dict[str, str | bool | None]:
        """The selection as JSON."""
        return {
            **{name: self._given[name] for name in ("source", "since", "until", "address")},
            "below": self.selection.below,
        }

    def rows(self) -> Iterator[Row]:
        """The captures with all that a record of them says."""
        yield from self._db.execute(f"{_FIELDS} {_FROM} WHERE {_CHOSEN} ORDER BY c.id", self._given)

    def row(self, capture_id: int) -> Row | None:
        """One capture; ``chosen`` says whether it is selected."""
        sql = f"{_FIELDS}, ({_CHOSEN}) AS chosen {_FROM} WHERE c.id = :id"
        return self._db.execute(sql, {**self._given, "id": capture_id}).fetchone()  # type: ignore[no-any-return]

    def captures(self) -> Iterator[tuple[str, Capture]]:
        """The captures as everybody else knows them, but without their request and head, each behind its source."""
        names = {int(row[0]): str(row[1]) for row in self._db.execute("SELECT id, source FROM crawl")}
        rows = captures.select(self._db, f"WHERE {_CHOSEN} ORDER BY c.id", self._given)
        for row in rows:
            yield names[row["crawl_id"]], captures.outline_of(row)

    def content(self, content_id: int | None) -> bytes | None:
        """Stored bytes; None if there never were any, or if they were erased."""
        if content_id is None:
            return None
        try:
            return payloads.load(self._db, content_id)
        except KeyError:
            return None

    def page(self, row: Row) -> Page | None:
        """What a capture was read as; not kept in memory, since no page is asked for twice."""
        data = self.content(row["page"])
        return load_page(data) if data is not None else None

    def sources(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The sources whose captures these may be, with what the archive keeps of their newest config."""
        rows = self._db.execute(
            """
            SELECT source, config FROM crawl WHERE id IN (SELECT max(id) FROM crawl GROUP BY source)
                AND source = coalesce(?, source) ORDER BY source
            """,
            [self.selection.source],
        )
        for row in rows:
            config = json.loads(row[1])
            yield str(row[0]), {name: _opened(value) for name, value in config.items()}

    def link_before(self, row: Row) -> str:
        """The link that a capture's own one leans on."""
        before = row["chain_before"]
        return written(before if before is not None else chain.genesis(self._db))

    def arrival(self, row: Row) -> str:
        """What a capture's link covers, as the canonical JSON that is hashed."""
        cells = [row[name] for name in _ARRIVED]
        return json_text([written(cell) if isinstance(cell, bytes) else cell for cell in cells])


def _opened(cell: Any) -> Any:
    """A cell of a config: what is no plain value stands in it as JSON."""
    return json.loads(cell) if isinstance(cell, str) and cell.startswith(("[", '"')) else cell
