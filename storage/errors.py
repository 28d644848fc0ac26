"""What can go wrong with an archive, each as one line that says what, where and what to do.

ArchiveError
 ├─ ArchiveMissing      there is no archive at this path (reading never makes one)
 ├─ ArchiveNewer        made by a newer version of Amtsblick
 ├─ ArchiveBusy         another process holds it (``pid``), or has just done what was asked
 ├─ ArchiveSlow         an answer would have taken longer than the reader allows
 ├─ ArchiveDamaged      not a database, another program's database, or stored bytes that fail their digest
 ├─ ArchiveUnwritable   folder or file cannot be written or read, or the disk reports an error
 ├─ ArchiveRetired      it was handed over to another machine, and takes no more crawls or mail
 ├─ ArchiveHeld         a hold keeps something from being erased
 └─ DiskFull            no space left; nothing acknowledged is lost, the next try may succeed
"""

# ruff: noqa: N818 - the names say what is wrong, their base says that it is an error

from __future__ import annotations

import errno
from pathlib import Path
from typing import ClassVar


class ArchiveError(Exception):
    """Base of all: ``str(error)`` is one line for a person; ``exit_code`` follows sysexits.h."""

    exit_code: ClassVar[int] = 74


class ArchiveMissing(ArchiveError):
    """No archive stands at the path; the first crawl makes one."""

    exit_code = 74


class ArchiveNewer(ArchiveError):
    """A newer version of the program made the archive: update the program, the archive is left alone."""

    exit_code = 78


class ArchiveBusy(ArchiveError):
    """Somebody else holds the lock: try again later. ``pid`` is the holder, if it is known."""

    exit_code = 75

    def __init__(self, message: str, pid: int | None = None) -> None:
        super().__init__(message)
        self.pid = pid


class ArchiveSlow(ArchiveError):
    """Reading took longer than the reader allows; only one that was opened with a limit sees it."""

    exit_code = 75


class ArchiveDamaged(ArchiveError):
    """The file is no archive, or something stored in it no longer matches its digest: restore a backup."""

    exit_code = 65


class ArchiveUnwritable(ArchiveError):
    """The folder or file does not allow what was asked, or the disk answered with an error."""

    exit_code = 74


class ArchiveRetired(ArchiveError):
    """Another machine goes on with this archive; here it can only be read."""

    exit_code = 78


class ArchiveHeld(ArchiveError):
    """A legal hold stands against what was asked."""

    exit_code = 2


class DiskFull(ArchiveError):
    """The disk has no space left. What was acknowledged is stored; free some space and repeat."""

    exit_code = 75


def refused(path: Path, what: str, error: OSError) -> ArchiveError:
    """The error of ours for a file or folder that the system refuses; ``what`` is "read", "made" or "written"."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"{path}: cannot be {what}: no space left on the disk; free some space and repeat")
    return ArchiveUnwritable(f"{path}: cannot be {what} ({error.strerror}); check owner and rights of file and folder")
