"""Seals: eight bytes in every row that say whether the row is still what was written.

SQLite notices a page that is torn, not a letter that is another. So each row of the archive bears a hash of its own
cells. Triggers of the writing connection renew it (they are temporary, they live in this program and not in the file):
what another program, or a failing disk, does to a row leaves a seal that does not fit. Every row is compared with its
seal before anything is answered from it. A seal proves no authorship: who can write the file can write a seal. That is
what the chain is for (:mod:`storage.chain`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from hashlib import blake2b
from sqlite3 import Row
from typing import Any

from sqlite_utils import Database

from storage.errors import ArchiveDamaged

#: Every sealed table with the columns of its key.
SEALED: Mapping[str, tuple[str, ...]] = {
    "archive": ("id",),
    "resource": ("id",),
    "content": ("id",),
    "crawl": ("id",),
    "reading": ("id",),
    "capture": ("id",),
    "version": ("id",),
    "source_state": ("name",),
    "watch": ("source", "address"),
    "notice": ("id",),
    "seminar": ("id",),
    "change": ("seq",),
    "held": ("id",),
    "subscription": ("name",),
    "digest": ("number",),
    "delivery": ("id",),
    "slot": ("job", "slot"),
    "recipient": ("id",),
    "erasure": ("id",),
    "erased": ("content",),
    "redacted": ("capture",),
    "hold": ("id",),
    "provenance": ("capture", "archive", "record"),
    "unresolved": ("id",),
}

#: Bytes are proven by their own SHA-256, and how they are kept may change.
_ONLY = {
    "content": ("id", "digest", "size"),
    "reading": ("id", "content", "text_digest", "frame_digest", "extractor", "extractor_version"),  # not: searched
}

# 64 bits: one flipped bit in 10^19 would go unnoticed, and a capture grows by no more than nine bytes.
_SIZE = 8
_FUNCTION = "amtsblick_seal"
_LONG = 1 << 18  # characters of a cell: a notice on a hundred thousand pages names them in nine million

# A packed row may unpack to the right bytes although a bit of it is another (RFC 8878 §3.1.1: sizes and flags of a
# frame). The seal of a row of ``content`` goes on with four bytes about what is stored, which verify looks at.
_PACKED = "data"
_PACKED_SIZE = 4
_PACKED_FUNCTION = "amtsblick_seal_packed"
_ENCODER = json.JSONEncoder(separators=(",", ":"), default=bytes.hex)


def seal(cells: Mapping[str, Any]) -> bytes:
    """The seal of a row: BLAKE2b over its cells, in the order of their names, as JSON."""
    return _seal(*(cells[name] for name in sorted(cells)))


def install(db: Database) -> None:
    """Let this connection seal every row that it writes."""
    _register(db)
    for table in SEALED:
        names = columns(db, table)
        covered = (*names, _PACKED) if table == "content" else names
        for event, when in (("insert", "INSERT"), ("update", f"UPDATE OF {_listed(covered)}")):
            trigger = f"CREATE TEMP TRIGGER seal_{table}_{event} AFTER {when} ON main.{table}"
            action = f"UPDATE {table} SET seal = {_call(table, names, 'NEW.')} WHERE {_same(table)}"  # noqa: S608
            db.execute(f"{trigger} BEGIN {action}; END")


def functions() -> Mapping[str, Callable[..., bytes]]:
    """What a connection needs to know to seal rows, by name."""
    return {_FUNCTION: _seal, _PACKED_FUNCTION: _seal_packed}


def add(db: Database) -> None:
    """Give every table that has none a column for seals, and seal all rows that have none; part of a migration."""
    _register(db)
    for table in SEALED:
        if not db.execute(f"PRAGMA table_info({table})").fetchone():
            continue  # a later migration makes it
        if all(row[1] != "seal" for row in db.execute(f"PRAGMA table_info({table})")):
            db.execute(f"ALTER TABLE {table} ADD COLUMN seal BLOB")
        names = columns(db, table)
        again = "WHERE seal IS NULL" if table != "archive" else ""  # what a migration brought was written without one
        db.execute(f"UPDATE {table} SET seal = {_call(table, names)} {again}")  # noqa: S608 - names of the schema


def of_migrations(db: Database) -> bytes:
    """The seal of the list of migrations, a table that is not ours; it stands in the archive's own row."""
    rows = db.execute("SELECT migration_set, name, applied_at FROM _sqlite_migrations ORDER BY id").fetchall()
    return _seal(*(cell for row in rows for cell in row))


def require(row: Row, what: str, beside: Collection[str] = ()) -> None:
    """Raise ArchiveDamaged unless a row fits its seal; ``beside`` are columns that are not covered, or joined to it."""
    cells = {name: row[name] for name in row.keys() if name != "seal" and name not in beside}  # noqa: SIM118 - a Row
    require_cells(cells, row["seal"], what)


def require_cells(cells: Mapping[str, Any], found: bytes | None, what: str) -> None:
    """Raise ArchiveDamaged unless some cells fit the seal of their row."""
    if found is None or seal(cells) != found[:_SIZE]:
        raise damaged(what)


def fits_packed(data: bytes | None, found: bytes | None) -> bool:
    """Whether what is stored of a row of ``content`` is what its seal says."""
    return found is not None and found[_SIZE:] == _packed(data)


def damaged(what: str) -> ArchiveDamaged:
    """The error for something that is not what was written."""
    return ArchiveDamaged(f"{what} is damaged; `amtsblick verify` lists all damage, restore a backup")


def require_complete(db: Database, table: str, index: str, *, gapless: bool = True) -> None:
    """Raise ArchiveDamaged unless table and index hold equally many rows, and the table has them from 1 on without gap.

    One letter in the head of a page hides rows, or shows one twice; it lies in the table or in the index, not in both.
    Without ``gapless`` numbers may be missing.
    """
    rows = [row[0] for row in db.execute(f"SELECT rowid FROM {table} NOT INDEXED")]  # noqa: S608 - constants
    there = db.execute(f"SELECT count(*) FROM {table} INDEXED BY {index}").fetchone()[0]  # noqa: S608 - constants
    wanted = list(range(1, there + 1)) if gapless else sorted(set(rows))
    if len(rows) != there or rows != wanted:
        raise damaged(f"the list of every {table}")


def newest_first(db: Database, table: str, newest: int | None = None) -> Iterator[Row]:
    """The rows of a table that is numbered without a gap, from the newest back; ArchiveDamaged as soon as one hides.

    For who needs the end of a long table: what was not asked for is not looked at. ``newest`` is the number of the last
    row as something else than the table has it; without it whoever asks has to compare what came with an index, because
    a table that hides its end shows no gap. The rows are still to be compared with their seals.
    """
    (key,) = SEALED[table]
    wanted = newest
    for row in db.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY {key} DESC"):  # noqa: S608 - constants
        wanted = row[key] if wanted is None else wanted
        if row[key] != wanted:
            raise damaged(f"the list of every {table}")
        yield row
        wanted -= 1
    if wanted:
        raise damaged(f"the list of every {table}")


def broken(db: Database, step: Callable[[int], None]) -> Iterator[tuple[str, str]]:
    """Table and key of every row that does not fit its seal; ``step`` is told how many rows were looked at."""
    for table, key in SEALED.items():
        names = columns(db, table)
        for number, row in enumerate(db.execute(f"SELECT seal, {_listed(names)} FROM {table} NOT INDEXED"), 1):  # noqa: S608
            if row["seal"] is None or seal({name: row[name] for name in names}) != row["seal"][:_SIZE]:
                yield table, " ".join(str(row[name]) for name in key)
            if number % 1000 == 0:
                step(1000)


def columns(db: Database, table: str) -> tuple[str, ...]:
    """The columns that a seal covers."""
    found = tuple(str(row[1]) for row in db.execute(f"PRAGMA table_info({table})") if row[1] != "seal")
    return _ONLY.get(table, found)


def _register(db: Database) -> None:
    for name, function in functions().items():
        db.conn.create_function(name, -1, function, deterministic=True)


def _seal(*cells: Any) -> bytes:
    for cell in cells:
        if cell.__class__ is str and len(cell) > _LONG:
            return _seal_in_parts(cells)
    return blake2b(_ENCODER.encode(cells).encode(), digest_size=_SIZE).digest()


def _seal_in_parts(cells: Sequence[Any]) -> bytes:
    """The same seal, without the whole row as JSON twice more in memory."""
    digest = blake2b(digest_size=_SIZE)
    for number, cell in enumerate(cells):
        digest.update(b"," if number else b"[")
        if cell.__class__ is str:
            digest.update(b'"')
            for start in range(0, len(cell), _LONG):
                digest.update(_ENCODER.encode(cell[start : start + _LONG])[1:-1].encode())
            digest.update(b'"')
        else:
            digest.update(_ENCODER.encode(cell).encode())
    digest.update(b"]")
    return digest.digest()


def _packed(data: bytes | None) -> bytes:
    return blake2b(data or b"", digest_size=_PACKED_SIZE).digest()


def _seal_packed(data: bytes | None, *cells: Any) -> bytes:
    return _seal(*cells) + _packed(data)


def _call(table: str, names: Sequence[str], row: str = "") -> str:
    cells = ", ".join(f'{row}"{name}"' for name in sorted(names))
    return f'{_PACKED_FUNCTION}({row}"{_PACKED}", {cells})' if table == "content" else f"{_FUNCTION}({cells})"


def _same(table: str) -> str:
    return " AND ".join(f'"{name}" = NEW."{name}"' for name in SEALED[table])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
