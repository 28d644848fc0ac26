"""How an archive is opened: made, checked, migrated, or only looked at.

Nothing but SQLite may open and close the file: closing any descriptor of it drops all locks that this process
holds on it, those of its other connections too (https://sqlite.org/howtocorrupt.html §2.2).
"""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from storage import failpoint, schema, seals
from storage.connection import Connection, family, translated
from storage.errors import ArchiveDamaged, ArchiveMissing, ArchiveNewer, ArchiveUnwritable, refused
from storage.files import sync
from storage.lock import FileLock


def writer(path: Path, *, create: bool, timeout: float, fleeting: bool = False) -> Connection:
    """Open for reading and writing; make the file if asked; bring the schema up to date."""
    _check_place(path, create=create)
    lock = FileLock(
        path.with_name(path.name + ".lock"), f"{path}: in use by {{holder}}; try again when it has finished"
    )
    with lock.hold(timeout):
        if create and not path.exists():
            touch(path)
            failpoint.hit("open.created")
        _check_readable(path)
        db = _connect(str(path), timeout, uri=False)
        connection = Connection(path, db, readonly=False, timeout=timeout, lock=lock)
        try:
            with connection.errors():
                version = _schema_version(db, path, empty=create)
                _set(db, "journal_mode", "wal")
                # FULL: with NORMAL a power cut takes back what was acknowledged; OFF only for what is thrown away.
                _set(db, "synchronous", 0 if fleeting else 2)
                _set(db, "mmap_size", 0)  # a damaged page must be an error, not a signal
                _set(db, "foreign_keys", 0)  # a migration may make a table anew that others refer to
                _migrate(connection, version)
                _set(db, "foreign_keys", 1)
                seals.install(db)
        except BaseException:
            db.close()
            raise
    return connection


def reader(path: Path, *, timeout: float, longest: float | None = None) -> Connection:
    """Open for reading: makes nothing, changes nothing, works beside a writer."""
    if not path.is_file():
        raise _missing(path)
    _check_readable(path)
    lock = FileLock(path.with_name(path.name + ".lock"), "")
    db = _connect_reading(path, timeout)
    connection = Connection(path, db, readonly=True, timeout=timeout, lock=lock, longest=longest)
    try:
        with connection.errors():
            _require_current(_schema_version(db, path, empty=False), path)
            _set(db, "query_only", 1)
            _set(db, "mmap_size", 0)
    except BaseException:
        db.close()
        raise
    return connection


def _connect(target: str, timeout: float, *, uri: bool) -> Database:
    # No isolation level: sqlite3 would open deferred transactions by itself before each write.
    conn = sqlite3.connect(target, timeout=timeout, isolation_level=None, uri=uri)
    conn.row_factory = sqlite3.Row
    return Database(conn, execute_plugins=False)


def _connect_reading(path: Path, timeout: float) -> Database:
    """Read-only; in a folder that cannot be written, SQLite needs to be told that nobody writes there."""
    db = _connect(path.as_uri() + "?mode=ro", timeout, uri=True)
    try:
        db.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError as error:
        db.close()
        if os.access(path.parent, os.W_OK, effective_ids=True) or family(error) in (
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_NOTADB,
        ):
            raise translated(error, path) or error from error
    else:
        return db
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise ArchiveUnwritable(
            f"{path}: its newest part lies in {log.name} and this folder cannot be written; "
            "copy both files to a folder of your own and read them there"
        )
    return _connect(path.as_uri() + "?mode=ro&immutable=1", timeout, uri=True)


def _require_current(version: int, path: Path) -> None:
    """A reader cannot migrate, and does not guess."""
    if version < schema.VERSION:
        raise ArchiveUnwritable(
            f"{path}: made by an earlier version; run `amtsblick crawl` once, it brings the archive up to date"
        )


def _schema_version(db: Database, path: Path, *, empty: bool) -> int:
    """0 for an empty file, if that will do; errors for another program's database and for a newer archive."""
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    owner = int(db.execute("PRAGMA application_id").fetchone()[0])
    if owner != schema.APPLICATION_ID:
        if version or owner or db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            raise ArchiveDamaged(f"{path}: a database, but no archive of Amtsblick; check [archive] path")
        if not empty:
            raise _missing(path)
        return 0
    newest = schema.VERSION
    # The header says it, and so does the list of migrations: a newer program may have stopped between the two.
    listed = version and int(
        db.execute("SELECT count(*) FROM _sqlite_migrations WHERE migration_set = 'amtsblick'").fetchone()[0]
    )
    version = max(version, listed)
    if version > newest:
        raise ArchiveNewer(
            f"{path}: made by a newer version of Amtsblick (schema {version}, this program knows {newest}); "
            "update the program"
        )
    return version


def _migrate(connection: Connection, version: int) -> None:
    """All missing migrations in one transaction; a copy of an older archive is put beside it first."""
    newest = schema.VERSION
    if version == newest:
        return
    if version:
        _copy_before(connection, version)
    with connection.write("schema") as db:
        schema.SCHEMA.apply(db)
        db.execute("UPDATE archive SET migrations = ?", [seals.of_migrations(db)])
        seals.add(db)
        db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {newest}")


def _copy_before(connection: Connection, version: int) -> None:
    final = connection.path.with_name(f"{connection.path.name}.schema-{version}")
    if final.exists():
        return
    draft = final.with_name(final.name + ".open")
    draft.unlink(missing_ok=True)
    touch(draft)
    connection.db.execute("VACUUM INTO ?", [str(draft)])
    sync(draft)
    draft.rename(final)
    sync(final.parent)


def _set(db: Database, pragma: str, wanted: str | int) -> None:
    """Set a PRAGMA and read it back: SQLite reports a setting that failed only by the value it keeps."""
    db.execute(f"PRAGMA {pragma} = {wanted}").fetchone()
    row = db.execute(f"PRAGMA {pragma}").fetchone()
    if row is not None and row[0] != wanted:  # mmap_size gives no row where mapping is compiled out
        raise ArchiveUnwritable(
            f"PRAGMA {pragma} stays {row[0]!r} instead of {wanted!r}; is this a network file system?"
        )


def _check_place(path: Path, *, create: bool) -> None:
    if not path.parent.is_dir():
        raise ArchiveUnwritable(f"{path.parent}: no such folder; make it, or change [archive] path")
    if path.is_dir():
        raise ArchiveUnwritable(f"{path}: is a folder, not an archive; change [archive] path")
    if not path.exists() and not create:
        raise _missing(path)


def _check_readable(path: Path) -> None:
    if not os.access(path, os.R_OK, effective_ids=True):
        raise refused(path, "read", PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def touch(path: Path) -> None:
    """Make an empty file for its owner only, whatever the umask; SQLite gives -wal and -shm the same rights."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise refused(path, "made", error) from error


def _missing(path: Path) -> ArchiveMissing:
    return ArchiveMissing(f"{path}: no archive yet; `amtsblick crawl` makes it")
