"""The hash chain over captures in order of arrival: each link covers its capture and all before it.

A link is ``sha256(previous link || canonical JSON of the columns of arrival)``; bytes enter by their digest, so
that erasing them leaves the chain whole. The link before the first is ``sha256(installation id)``.
What a capture was judged to be is no part of it: judgements are repeated, arrivals are not.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlite_utils import Database

from storage import seals
from storage.codec import json_text, written

_ARRIVALS = """
SELECT c.id, c.crawl_id, r.address, c.uri, c.captured_at, q.digest, h.digest, p.digest, c.status, c.peer,
       c.elapsed_ms, c.location, c.hop_of, c.revisit_of, c.probe, c.linked_from, c.depth, c.is_document,
       c.label, c.error, c.chain
FROM capture c JOIN resource r ON r.id = c.resource JOIN content q ON q.id = c.request
JOIN content h ON h.id = c.head LEFT JOIN content p ON p.id = c.payload
ORDER BY c.id
"""


def link(previous: bytes, arrival: tuple[Any, ...]) -> bytes:
    """The link of one capture; ``arrival`` has the columns of arrival in the order of the table, digests for bytes."""
    cells = [written(cell) if isinstance(cell, bytes) else cell for cell in arrival]
    return sha256(previous + json_text(cells).encode()).digest()


def head(db: Database) -> tuple[int, bytes]:
    """Id and link of the newest capture; 0 and the link before the first where there is none."""
    row = db.execute("SELECT id, chain FROM capture ORDER BY id DESC LIMIT 1").fetchone()
    if row is not None and row[1] is None:
        raise seals.damaged(f"the link of capture {row[0]}")
    return (int(row[0]), bytes(row[1])) if row else (0, genesis(db))


def broken(db: Database) -> tuple[int, ...]:
    """Ids of captures whose link is not the one that their columns and the link before give."""
    previous = genesis(db)
    wrong = []
    for row in db.execute(_ARRIVALS):
        *arrival, stored = row
        if link(previous, tuple(arrival)) != stored:
            wrong.append(int(row["id"]))
        previous = stored
    return tuple(wrong)


def genesis(db: Database) -> bytes:
    """The link before the first capture."""
    identity = db.execute("SELECT installation_id FROM archive").fetchone()[0]
    return sha256(str(identity).encode()).digest()
