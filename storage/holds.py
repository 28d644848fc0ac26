"""Legal holds: what must not be erased, by an order or by a rule of retention, as long as the hold stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from extractors import address
from storage.codec import RowCodec, json_text, stamp
from storage.connection import Connection, insert
from storage.errors import ArchiveHeld
from storage.records import Hold

HOLDS = RowCodec(Hold)

#: Captures that a hold covers: those of its address, or of its source.
COVERED = """
SELECT c.id, h.id AS hold
FROM hold h JOIN capture c JOIN resource r ON r.id = c.resource JOIN crawl k ON k.id = c.crawl_id
WHERE h.lifted_at IS NULL AND CASE h.kind WHEN 'uri' THEN r.address = h.subject ELSE k.source = h.subject END
"""


def holds(connection: Connection) -> tuple[Hold, ...]:
    """Every hold there ever was, oldest first."""
    with connection.read() as db:
        return tuple(HOLDS.value(row) for row in db.execute("SELECT * FROM hold ORDER BY id").fetchall())


def add(connection: Connection, new: Hold) -> Hold:
    """Hold a source, or an address; the id is given here."""
    row = HOLDS.row(new)
    del row["id"]
    if new.kind == "uri":
        row["subject"] = address.key(new.subject)
    with connection.write("hold") as db:
        made = insert(db, "hold", row)
        return HOLDS.value(db.execute("SELECT * FROM hold WHERE id = ?", [made]).fetchone())


def lift(connection: Connection, hold: int, now: datetime) -> bool:
    """End a hold. False if there is none, or it has ended."""
    with connection.write("hold") as db:
        cursor = db.execute("UPDATE hold SET lifted_at = ? WHERE id = ? AND lifted_at IS NULL", [stamp(now), hold])
        return cursor.rowcount == 1


def refuse(db: Database, captures: Iterable[int]) -> None:
    """Raise ArchiveHeld if one of some captures is covered by a hold."""
    row = db.execute(
        f"SELECT hold FROM ({COVERED}) WHERE id IN (SELECT value FROM json_each(?)) LIMIT 1",  # noqa: S608 - a constant
        [json_text(sorted(captures))],
    ).fetchone()
    if row is not None:
        hold = HOLDS.value(db.execute("SELECT * FROM hold WHERE id = ?", [row[0]]).fetchone())
        raise ArchiveHeld(
            f"hold {hold.id} on {hold.subject} ({hold.reason}) keeps this from being erased; "
            f"`amtsblick hold remove {hold.id}` lifts it"
        )
