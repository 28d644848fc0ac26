"""One open SQLite file: how it is written and read, and what its errors mean."""

from __future__ import annotations

import os
import resource
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from storage import failpoint
from storage.errors import (
    ArchiveBusy,
    ArchiveDamaged,
    ArchiveError,
    ArchiveRetired,
    ArchiveSlow,
    ArchiveUnwritable,
    DiskFull,
    refused,
)
from storage.lock import FileLock
from storage.pages import Pages

# What an archive that was handed over takes no more: another machine does it now.
_SERVICE = frozenset({"crawl", "capture", "detection", "digest", "slot", "claim"})

_LONGEST = 120  # characters of SQLite's own words in a message of ours
_OPERATIONS = 100_000  # of SQLite's machine between two looks at the clock: a few milliseconds
_ROOM = 1 << 20  # bytes: with less than this left, a failed write is called a full disk


@dataclass(slots=True, kw_only=True)
class Words:
    """The index of words as a reader last saw it: when, its words, one a line, and which readings have what was sought.

    ``found`` is by the pattern of a word.
    """

    state: tuple[int | None, ...]
    made_at: float  # time.monotonic()
    text: str
    found: dict[str, frozenset[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Shelf:
    """Where the readers of one file keep the index of words for each other; each puts a newer one in its place.

    ``stale`` is for how many seconds they go on with one that lacks what was stored since: to list the words of a
    million texts takes a fifth of a second, and while a crawl stores, each search would.
    """

    words: Words | None = None
    stale: float = 0.0


class Connection:
    """An open archive file. All SQL runs through :meth:`write` and :meth:`read`; made by :mod:`storage.opening`."""

    def __init__(
        self,
        path: Path,
        db: Database,
        *,
        readonly: bool,
        timeout: float,
        lock: FileLock,
        longest: float | None = None,
    ) -> None:
        self.path = path
        self.db = db
        self.readonly = readonly
        self.timeout = timeout
        self.pages = Pages()  # readings already unpacked
        self.shelf = Shelf()  # what a reader keeps of the index of words
        self._longest = longest  # seconds for one reading
        self._lock = lock
        self._locks: dict[str, FileLock] = {}
        self._failed: ArchiveError | None = None
        self._parts: list[str] = []  # of the transaction that runs: what was written in it
        self._closed = False

    @contextmanager
    def write(self, operation: str) -> Iterator[Database]:
        """One durable transaction, under the lock file; inside another one, a part of it.

        ``BEGIN IMMEDIATE``, because a transaction that turns from reading to writing fails at once when another
        wrote meanwhile, whatever the time-out (SQLITE_BUSY_SNAPSHOT).
        """
        self.require_writer()
        if self.db.conn.in_transaction:
            # A full disk is that also to who would take another error for the mistake of this part alone.
            with self.errors(), self._part(operation), self._savepoint():
                yield self.db
            return
        with self.errors(), self._lock.hold(self.timeout):
            self.db.execute("BEGIN IMMEDIATE")
            self._parts.clear()
            try:
                with self._part(operation):
                    yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                self.pages.clear()  # a commit that fails takes readings back as well
                self.db.rollback()
                raise
            for part in self._parts:
                failpoint.hit(f"{part}.stored")

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """As ``atomic`` of sqlite-utils, which gives each a name of its own, so that none is prepared already."""
        self.db.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self.db.conn.in_transaction:  # some errors have ended the whole transaction
                self.db.execute("ROLLBACK TO part")
                self.db.execute("RELEASE part")
            raise
        self.db.execute("RELEASE part")

    @contextmanager
    def _part(self, operation: str) -> Iterator[None]:
        """What a transaction, or a part of one, has in common."""
        try:
            if operation in _SERVICE:
                self.require_service()
            failpoint.hit(f"{operation}.begun")
            yield
            failpoint.hit(f"{operation}.written")
        except BaseException:
            self.pages.clear()  # it may hold readings that are now rolled back
            raise
        self._parts.append(operation)

    def require_service(self) -> None:
        """Raise ArchiveRetired for an archive that was handed over."""
        row = self.db.execute("SELECT retired_at, retired_for FROM archive").fetchone()
        if row["retired_at"]:
            successor = f", as {row['retired_for']}" if row["retired_for"] else ""
            raise ArchiveRetired(
                f"{self.path}: was handed over on {row['retired_at'][:10]}{successor}: another machine has it now, "
                "here it can only be read; `amtsblick backup --take-back` puts it back into service"
            )

    def require_writer(self) -> None:
        """Raise unless this connection may write."""
        if self.readonly:
            raise ArchiveUnwritable(f"{self.path}: opened for reading only")
        if self._failed:
            raise self._failed

    @contextmanager
    def read(self) -> Iterator[Database]:
        """Several queries that see one state of the archive."""
        with self.errors():
            if self.db.conn.in_transaction:
                yield self.db
                return
            self.db.execute("BEGIN")
            try:
                with self._limit():
                    yield self.db
            finally:
                self.db.rollback()

    @contextmanager
    def _limit(self) -> Iterator[None]:
        if self._longest is None:
            yield
            return
        end = time.monotonic() + self._longest
        self.db.conn.set_progress_handler(lambda: time.monotonic() > end, _OPERATIONS)
        try:
            yield
        except sqlite3.OperationalError as error:
            if family(error) != sqlite3.SQLITE_INTERRUPT:
                raise
            raise ArchiveSlow(f"{self.path}: the answer would have taken too long") from error
        finally:
            self.db.conn.set_progress_handler(None, 0)

    def installation_id(self) -> str:
        """32 hex digits drawn when the archive was made."""
        with self.read() as db:
            return str(db.execute("SELECT installation_id FROM archive").fetchone()[0])

    def named_lock(self, name: str, busy: str) -> FileLock:
        """A lock of its own beside the archive, for what lasts longer than a transaction; the same object each time."""
        if name not in self._locks:
            folder = self.path.with_name(self.path.name + ".d")
            if not self.readonly:
                _private_folder(folder)
            self._locks[name] = FileLock(folder / f"{name}.lock", busy)
        return self._locks[name]

    def checkpoint(self) -> bool:
        """Fold the write-ahead log into the file, under the lock, like every write; False if a reader kept some.

        It does not wait for them: an export reads for minutes, and the next checkpoint does the rest.
        """
        with self.errors(), self._lock.hold(self.timeout):
            self.db.execute("PRAGMA busy_timeout = 0").fetchone()
            try:
                return not self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                self.db.execute(f"PRAGMA busy_timeout = {round(self.timeout * 1000)}").fetchone()

    def vacuum(self) -> None:
        """Write the whole file anew, so that no remains of deleted rows lie in it; needs as much room again."""
        self.require_writer()
        with self.errors(), self._lock.hold(self.timeout):
            failpoint.hit("vacuum.begun")
            self.db.execute("VACUUM")
            failpoint.hit("vacuum.stored")

    def close(self) -> None:
        """Checkpoint, close, let go of all locks."""
        if self._closed:
            return
        self._closed = True
        try:
            if not self.readonly and not self._failed:
                self.checkpoint()
        except ArchiveError:
            pass  # nothing is lost: the log stays beside the file and the next opening reads it
        finally:
            # The last connection checkpoints once more while it closes; it is alone then, so it needs no lock.
            self.db.close()
            for lock in self._locks.values():
                while lock.held:
                    lock.release()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn SQLite's errors into ours; after an input/output error this connection writes no more."""
        try:
            yield
        except (IndexError, UnicodeDecodeError) as error:
            # A row without one of its columns, or a message of SQLite that is no text: the schema is damaged.
            if isinstance(error, IndexError) and str(error) != "No item with that key":
                raise
            raise ArchiveDamaged(f"{self.path}: damaged; keep the file and restore a backup") from error
        except sqlite3.DatabaseError as error:
            known = translated(error, self.path)
            if known is None:
                raise
            if family(error) == sqlite3.SQLITE_IOERR:
                # A second fsync may report success for data that the first one has lost.
                self._failed = known
            raise known from error


def translated(error: sqlite3.DatabaseError, path: Path) -> ArchiveError | None:
    """The error of ours that a SQLite error means, None if it is none a user can cause."""
    code = family(error)
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _no_room(path)):
        return DiskFull(
            f"{path}: no space left on the disk; what was reported stored is safe: free some space and repeat"
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ArchiveBusy(f"{path}: locked by another program; try again later")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or _unreadable(error):
        return _damaged(error, path)
    if code == sqlite3.SQLITE_IOERR:
        return ArchiveUnwritable(f"{path}: the disk reports an error ({error}); check it before the next crawl")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return ArchiveUnwritable(
            f"{path}: cannot be opened or written ({error}); check owner and rights of file and folder"
        )
    return None


def _damaged(error: sqlite3.DatabaseError, path: Path) -> ArchiveDamaged:
    if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_CORRUPT_VTAB:
        return index_damaged(path)  # there is no other virtual table
    no_file = family(error) == sqlite3.SQLITE_NOTADB
    what = "not an archive (no SQLite file)" if no_file else f"damaged ({_one_line(error)})"
    return ArchiveDamaged(f"{path}: {what}; check [archive] path, keep the file and restore a backup")


def index_damaged(path: Path) -> ArchiveDamaged:
    """Of the index of words alone: it is made of the texts, and can be made of them again."""
    return ArchiveDamaged(
        f"{path}: the index of words is damaged, and no answer of it can be trusted; "
        "`amtsblick search --rebuild` makes it anew from the texts"
    )


def _one_line(error: sqlite3.DatabaseError) -> str:
    """What SQLite says; of a damaged table it quotes the whole definition."""
    text = " ".join(str(error).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _unreadable(error: sqlite3.DatabaseError) -> bool:
    """Whether an error of the program's own can only come from a damaged file: a name or a text that is another."""
    words = ("Could not decode to UTF-8", "no such column", "no such table", "no such index")
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith(words)


def insert(db: Database, table: str, row: Mapping[str, Any], *, replace: Sequence[str] = ()) -> int:
    """Insert one row and return its rowid; with ``replace``, update the row that has these columns instead."""
    sql = _insertion(table, tuple(row), tuple(replace))
    return int(db.execute(sql, list(row.values())).lastrowid or 0)


@cache
def _insertion(table: str, names: tuple[str, ...], replace: tuple[str, ...]) -> str:
    cells = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    sql = f"INSERT INTO {table} ({cells}) VALUES ({marks})"  # noqa: S608 - table and columns come from code
    if replace:
        updates = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in replace)
        sql += f" ON CONFLICT ({', '.join(replace)}) DO UPDATE SET {updates}"
    return sql


def _private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise refused(folder, "made", error) from error


def family(error: sqlite3.Error) -> int:
    """The primary result code: the low byte of the extended one (https://sqlite.org/rescode.html)."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _no_room(path: Path) -> bool:
    """Whether a failed write is best explained by a full disk or the process's own limit on file size."""
    disk = os.statvfs(path.parent)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    files = (path, path.with_name(path.name + "-wal"))
    largest = max((file.stat().st_size for file in files if file.exists()), default=0)
    limited = limit != resource.RLIM_INFINITY and largest + _ROOM >= limit
    return limited or disk.f_bavail * disk.f_frsize < _ROOM
