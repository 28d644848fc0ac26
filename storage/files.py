"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import IO

from storage.errors import refused


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file beside its place and move it there: who reads it meanwhile sees the old one or the new one.

    Raises OSError; the old file then stands as it stood.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)  # whatever the umask of the process took away
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, safe from a power cut. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def create(path: Path) -> IO[bytes]:
    """A new file to write to, for its owner alone. Raises OSError, FileExistsError where something has the name."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def append(path: Path, text: str) -> None:
    """Add lines to a file that only its owner reads, durably: one write, then fsync.

    Raises an error of the archive; a power cut may leave half a line, which readers of the file pass over.
    """
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(fd, text.encode())
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        raise refused(path, "written", error) from error


def lines(path: Path) -> list[str]:
    """The lines of such a file; none where there is no file. Raises an error of the archive."""
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise refused(path, "read", error) from error
