"""What an export has to remember while it runs: on disk, in a nameless file that SQLite removes in the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, Self

from storage.errors import ArchiveUnwritable, DiskFull

_TABLES = """
CREATE TABLE anchor (
    uri TEXT, payload INTEGER, record TEXT, date TEXT, digest TEXT, like_chunks INTEGER, PRIMARY KEY (uri, payload)
) WITHOUT ROWID;
CREATE TABLE seen (what TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE line (list TEXT, sorting BLOB, line BLOB);
"""


class Anchor(NamedTuple):
    """The response record of this export that holds a payload, with its WARC date and the payload's digest there.

    ``like_chunks`` says whether the payload begins as one in chunks does.
    """

    record: str
    date: str
    digest: str
    like_chunks: bool


class Ledger:
    """Use it in a ``with`` statement. Raises DiskFull where its temporary folder has no room."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # "": on disk, removed when it is closed

    def __enter__(self) -> Self:
        with _errors():
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.execute("PRAGMA journal_mode = OFF")
            self._db.executescript(_TABLES)
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def anchor(self, uri: str, payload: int) -> Anchor | None:
        """Which record holds this payload of this URI, if one does."""
        with _errors():
            row = self._db.execute(
                "SELECT record, date, digest, like_chunks FROM anchor WHERE uri = ? AND payload = ?", [uri, payload]
            ).fetchone()
        return Anchor(row[0], row[1], row[2], bool(row[3])) if row else None

    def hold(self, uri: str, payload: int, anchor: Anchor) -> None:
        """Remember the record that holds a payload of a URI."""
        with _errors():
            self._db.execute("INSERT OR IGNORE INTO anchor VALUES (?, ?, ?, ?, ?, ?)", [uri, payload, *anchor])

    def first(self, what: str) -> bool:
        """True the first time that this is said."""
        with _errors():
            return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", [what]).rowcount == 1

    def note(self, name: str, sorting: bytes, line: bytes) -> None:
        """Put a line on a list."""
        with _errors():
            self._db.execute("INSERT INTO line VALUES (?, ?, ?)", [name, sorting, line])

    def lines(self, name: str) -> Iterator[bytes]:
        """A list, sorted byte by byte."""
        with _errors():
            rows = self._db.execute("SELECT line FROM line WHERE list = ? ORDER BY sorting, rowid", [name])
            for row in rows:
                yield row[0]


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) == sqlite3.SQLITE_FULL:
            raise DiskFull(
                "the folder for temporary files has no space left; free some, or name another one in SQLITE_TMPDIR"
            ) from error
        raise ArchiveUnwritable(
            f"the folder for temporary files cannot be used ({error}); set SQLITE_TMPDIR"
        ) from error
