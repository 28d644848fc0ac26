"""Where the bytes of an export go: counted and hashed on their way, into files, folders and ZIP files."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from hashlib import sha256, sha512
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

from storage.files import create, sync
from storage.records import PartRow


class Measured(io.RawIOBase):
    """A stream that knows how many bytes went through it, and their SHA-256 and SHA-512; None: it only counts them."""

    def __init__(self, out: IO[bytes] | None) -> None:
        super().__init__()
        self._out = out
        self._size = 0
        self._sha256, self._sha512 = sha256(), sha512()

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, data: Any) -> int:
        """Pass some bytes on."""
        if self._out is not None:
            self._out.write(data)
        self._size += len(data)
        self._sha256.update(data)
        self._sha512.update(data)
        return len(data)

    def tell(self) -> int:
        """How many bytes went through."""
        return self._size

    def row(self, path: str, rows: int = 0) -> PartRow:
        """What went through so far."""
        return PartRow(
            path=path, bytes=self._size, sha256=self._sha256.hexdigest(), sha512=self._sha512.hexdigest(), rows=rows
        )


class Container(Protocol):
    """Takes files one after the other; ``parts`` are those it has."""

    parts: list[PartRow]

    def file(self, path: str, *, packed: bool = False) -> AbstractContextManager[Measured]:
        """A context manager that gives the stream of a new file; ``packed`` where compressing it pays."""


class Folder:
    """A container that is a folder; each file is on the disk when its block ends."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.parts: list[PartRow] = []

    @contextmanager
    def file(self, path: str, *, packed: bool = False) -> Iterator[Measured]:
        """A new file."""
        del packed
        place = self._place / path
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with create(place) as out:
            stream = Measured(out)
            yield stream
            out.flush()
            os.fsync(out.fileno())
        self.parts.append(stream.row(path))


class Zip:
    """A container that is a ZIP file (ZIP64 where it has to be); ``top`` is put before every path.

    Use it in a ``with`` statement: its end writes the directory of the file. The stream must be one that can seek, or
    each size would stand behind its file, where some readers do not look.
    """

    def __init__(self, out: IO[bytes], made: datetime, top: str = "") -> None:
        self._zip = zipfile.ZipFile(out, "w", allowZip64=True)
        self._made = max(made.timetuple()[:6], (1980, 1, 1, 0, 0, 0))  # ZIP counts from 1980
        self._top = top
        self.parts: list[PartRow] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._zip.close()
            return
        with suppress(Exception):  # it would try again when it is collected, and the first error is the one to tell
            self._zip.close()

    @contextmanager
    def file(self, path: str, *, packed: bool = False) -> Iterator[Measured]:
        """A new file; what is not packed is stored byte for byte, so that readers can reach into it."""
        info = zipfile.ZipInfo(self._top + path, self._made)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16  # of what whoever gets it unpacks; the ZIP file itself is its owner's alone
        with self._zip.open(info, "w", force_zip64=True) as out:
            stream = Measured(out)
            yield stream
        self.parts.append(stream.row(path))


def sync_tree(folder: Path) -> None:
    """Bring the entries of a folder and of all folders below it to the disk."""
    for place in (folder, *(each for each in folder.rglob("*") if each.is_dir())):
        sync(place)
