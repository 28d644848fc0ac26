"""Copies of a living archive that are proven before they bear their name, and how one is brought back.

A backup is one ZIP file: the archive as one SQLite file, the config less its secrets, and a manifest with the digests
of both and the head of the chain. ZIP, because every system opens it without this program. ADR 17.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from storage import erasing, failpoint, opening, recipients
from storage.codec import moment, stamp, unwritten, written
from storage.connection import Connection, translated
from storage.errors import ArchiveDamaged, ArchiveError, ArchiveUnwritable, refused
from storage.files import sync
from storage.lock import FileLock
from storage.records import BackupMade, Restored
from storage.verify import Step, verify

DATABASE, CONFIG, MANIFEST = "amtsblick.db", "amtsblick.toml", "manifest.json"
_FORMAT = 1
_SUFFIX = ".zip"
_PIECE = 1 << 20  # bytes copied at once
_HEAD_DIGITS = 16  # of 64 in a name: enough to tell heads apart; the manifest has it whole


def backup(connection: Connection, target: Path, config: str, now: datetime, step: Step, *, program: str) -> BackupMade:
    """Copy the archive as it is at this moment, prove the copy, and give it its name.

    ``target`` is a folder, or a file whose name gets date and head before its suffix. Crawls go on meanwhile. Nothing
    stands under a final name that is not whole. ArchiveDamaged when the archive itself is: no damage is backed up.
    """
    folder, stem = (target, "amtsblick") if target.is_dir() else (target.parent, target.name.removesuffix(_SUFFIX))
    if not folder.is_dir():
        raise ArchiveUnwritable(f"{folder}: no such folder; make it, or choose another place")
    copy = folder / f".{stem}.{os.getpid()}.db.tmp"
    packed = folder / f".{stem}.{os.getpid()}.zip.tmp"
    try:
        with connection.errors(), _disk(folder):
            opening.touch(copy)
            connection.db.execute("PRAGMA query_only = 0").fetchone()  # a reader's; its file is opened read-only still
            connection.db.execute("VACUUM INTO ?", [str(copy)])  # one state of the archive, whatever is written to it
            failpoint.hit("backup.copied")
            head, captures = _proven(copy, step)
            final = folder / f"{stem}-{now:%Y%m%dT%H%M%SZ}-{head.hex()[:_HEAD_DIGITS]}{_SUFFIX}"
            if final.exists():
                raise ArchiveUnwritable(f"{final}: is there already, and holds the same state; nothing was done")
            digest = _digest(copy)
            manifest = {
                "format": _FORMAT,
                "program": program,
                "made_at": stamp(now),
                "installation": connection.installation_id(),
                "captures": captures,
                "head": written(head),
                "files": {DATABASE: written(digest), CONFIG: written(sha256(config.encode()).digest())},
            }
            _pack(packed, copy, config, manifest, now)
            if _member_digest(packed, DATABASE) != digest:
                raise ArchiveUnwritable(f"{packed}: what was written cannot be read back; check the disk")
            failpoint.hit("backup.checked")
            packed.rename(final)
            sync(folder)
    finally:
        for left in (copy, copy.with_name(f"{copy.name}-journal"), packed):
            left.unlink(missing_ok=True)
    return BackupMade(path=final, head=written(head), captures=captures, bytes=final.stat().st_size)


def restore(source: Path, target: Path, now: datetime, step: Step, *, force: bool) -> Restored:
    """Prove a backup, then put its archive in place, with its queue on hold and later erasures repeated.

    An archive that stands there is replaced only with ``force``; it is kept beside, under another name.
    """
    if target.exists() and not force:
        raise ArchiveUnwritable(
            f"{target}: there is an archive already; --force puts the backup in its place and keeps it beside"
        )
    if not target.parent.is_dir():
        raise ArchiveUnwritable(f"{target.parent}: no such folder; make it, or change [archive] path")
    lock = FileLock(target.with_name(target.name + ".lock"), f"{target}: in use by {{holder}}; stop it, then repeat")
    draft = target.with_name(f".{target.name}.{os.getpid()}.restore.tmp")
    with lock.hold(), _idle(target), _disk(target.parent):
        try:
            manifest = _unpack(source, draft)
            failpoint.hit("restore.copied")
            opening.writer(draft, create=False, timeout=10.0).close()  # a backup of an earlier schema is migrated first
            head, captures = _proven(draft, step)
            if written(head) != manifest["head"]:
                raise ArchiveDamaged(f"{source}: the archive in it is not the one of its manifest; use another backup")
            config = config_of(source)
            held = _hold_queue(draft, now)
            _beside(target, draft)
            aside = _put_aside(target, now)
            draft.rename(target)
            sync(target.parent)
        finally:
            for left in draft.parent.glob(f"{draft.name}*"):
                shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
    connection = opening.writer(target, create=False, timeout=10.0)
    try:
        recipients.heal(connection)
        repeated = erasing.heal(connection)
    finally:
        connection.close()
    return Restored(
        path=target,
        made_at=moment(manifest["made_at"]),
        head=written(head),
        captures=captures,
        held=held,
        repeated=repeated,
        aside=aside,
        config=config,
    )


def hand_over(
    connection: Connection, target: Path, config: str, now: datetime, step: Step, *, program: str
) -> BackupMade:
    """Retire an archive and back it up: it can be read, and takes no more crawls and sends no more mail.

    It retires before it is copied, so that nothing comes in between that no machine would have; if no copy comes of
    it, it is back in service.
    """
    with _idle(connection.path):
        _retire(connection, "", now)
        try:
            made = backup(connection, target, config, now, step, program=program)
        except BaseException:
            take_back(connection)
            raise
        _retire(connection, made.path.name, now)
    return made


def _retire(connection: Connection, successor: str, now: datetime) -> None:
    with connection.write("retire") as db:
        db.execute("UPDATE archive SET retired_at = ?, retired_for = ?", [stamp(now), successor])


def take_back(connection: Connection) -> bool:
    """Undo :func:`hand_over`. False if it was not retired."""
    with connection.write("retire") as db:
        cursor = db.execute("UPDATE archive SET retired_at = NULL, retired_for = '' WHERE retired_at IS NOT NULL")
        return cursor.rowcount == 1


@contextmanager
def _idle(target: Path) -> Iterator[None]:
    """Nobody keeps the schedule of an archive, crawls for it or sends its mail while it is replaced or handed over."""
    folder = target.with_name(target.name + ".d")
    with ExitStack() as stack:
        for path in sorted(folder.glob("*.lock")):
            busy = f"{target}: {{holder}} is at work on it ({path.stem}); stop it, then repeat"
            stack.enter_context(FileLock(path, busy).hold())
        yield


def _proven(path: Path, step: Step) -> tuple[bytes, int]:
    """Head of the chain and number of captures of a copy in which nothing is wrong."""
    connection = opening.reader(path, timeout=10.0)
    try:
        proof = verify(connection, None, step)
    finally:
        connection.close()
    if proof.findings:
        first = proof.findings[0]
        more = f" and {len(proof.findings) - 1} more" if len(proof.findings) > 1 else ""
        raise ArchiveDamaged(
            f"the copied archive is damaged: {first.part}: {first.item} {first.detail}{more}; "
            "`amtsblick verify` lists all damage; no copy was made"
        )
    return unwritten(proof.head), proof.captures


def _pack(packed: Path, copy: Path, config: str, manifest: dict[str, object], now: datetime) -> None:
    opening.touch(packed)
    when = (now.year, now.month, now.day, now.hour, now.minute, now.second)
    # Payloads are compressed one by one already; what is left shrinks to a half at the fastest level.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in ((MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False)), (CONFIG, config)):
            archive.writestr(_entry(name, when), text)
        with copy.open("rb") as source, archive.open(_entry(DATABASE, when), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, _PIECE)
    sync(packed)


def _entry(name: str, when: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, when)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _unpack(source: Path, draft: Path) -> dict[str, str]:
    """Write the archive of a backup to a file of its own; its manifest, once the digests fit."""
    with _backup_of(source) as archive:
        opening.touch(draft)
        with draft.open("r+b") as copy:
            manifest = _fitting(source, archive, copy.write)
            copy.flush()
            os.fsync(copy.fileno())
    return manifest


def check(source: Path) -> BackupMade | None:
    """Compare what lies in a backup with its manifest; None for a ZIP file that is no backup of ours.

    Raises ArchiveDamaged where it does not fit. The archive in it was verified when it was made.
    """
    with _backup_of(source) as archive:
        if DATABASE not in archive.namelist():
            return None
        manifest = _fitting(source, archive, lambda _: None)
    return BackupMade(
        path=source, head=manifest["head"], captures=int(manifest["captures"]), bytes=source.stat().st_size
    )


def _fitting(source: Path, archive: zipfile.ZipFile, take: Callable[[bytes], object]) -> dict[str, str]:
    """The manifest of a backup, once its files fit it; the archive in it is given to ``take``, piece by piece."""
    manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != _FORMAT:
        raise ArchiveDamaged(f"{source}: a backup of format {manifest['format']}; this program knows {_FORMAT}")
    digest = sha256()
    with archive.open(DATABASE) as packed:
        while piece := packed.read(_PIECE):
            digest.update(piece)
            take(piece)
    found = {DATABASE: digest.digest(), CONFIG: sha256(archive.read(CONFIG)).digest()}
    for name, value in found.items():
        if written(value) != manifest["files"][name]:
            raise ArchiveDamaged(f"{source}: damaged: {name} does not fit its manifest; use another backup")
    return {name: str(manifest[name]) for name in ("made_at", "head", "captures")}


def config_of(source: Path) -> str:
    """The config that lies in a backup."""
    with _backup_of(source) as archive:
        return archive.read(CONFIG).decode()


@contextmanager
def _backup_of(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except FileNotFoundError:
        raise ArchiveUnwritable(f"{source}: no such file") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveDamaged(f"{source}: no backup of Amtsblick, or a damaged one; use another backup") from None
    except OSError as error:
        if error.errno is None:  # zipfile's own words for a file that is no ZIP file
            raise ArchiveDamaged(f"{source}: damaged; use another backup") from None
        raise refused(Path(error.filename or source), "read", error) from None
    except Exception as error:
        if type(error).__module__ != "zlib":
            raise
        raise ArchiveDamaged(f"{source}: damaged ({error}); use another backup") from None


def _hold_queue(draft: Path, now: datetime) -> int:
    """Put everything that has not gone out on hold: it may have gone out since the backup was made."""
    connection = opening.writer(draft, create=False, timeout=10.0)
    try:
        with connection.write("restore") as db:
            cursor = db.execute(
                "UPDATE delivery SET state = 'held', next_at = NULL, lease_until = NULL, updated_at = ?, "
                "last_answer = ? WHERE state IN ('queued', 'deferred', 'sending')",
                [stamp(now), "held by a restore: it may have gone out before"],
            )
            db.execute("UPDATE archive SET retired_at = NULL, retired_for = '' WHERE retired_at IS NOT NULL")
            return int(cursor.rowcount)
    finally:
        connection.close()


def _beside(target: Path, draft: Path) -> None:
    """No log of the archive that goes may be taken for one of the archive that comes."""
    for suffix in ("-wal", "-shm"):
        left = draft.with_name(draft.name + suffix)
        if left.exists() and left.stat().st_size and suffix == "-wal":
            raise ArchiveUnwritable(f"{left}: was not folded into its archive; try again")
    if target.exists():
        # The last connection folds the log into the file; after a crash nobody has.
        with suppress(ArchiveError):
            opening.writer(target, create=False, timeout=1.0).close()


def _put_aside(target: Path, now: datetime) -> Path | None:
    """Keep the archive that stands there, with its log, under a name that nothing else uses."""
    if not target.exists():
        return None
    aside = target.with_name(f"{target.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    for suffix in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            target.with_name(target.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return _read_digest(file.read)


def _member_digest(packed: Path, name: str) -> bytes:
    with zipfile.ZipFile(packed) as archive, archive.open(name) as file:
        return _read_digest(file.read)


def _read_digest(read: Callable[[int], bytes]) -> bytes:
    digest = sha256()
    while piece := read(_PIECE):
        digest.update(piece)
    return digest.digest()


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """Errors of the disk that a copy is written to, in one line."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise translated(error, folder / DATABASE) or error from error
    except OSError as error:
        raise refused(Path(error.filename or folder), "written", error) from error
