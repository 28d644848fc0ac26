"""A file or folder that bears its name only when it is complete: written beside its place, synced, renamed."""

from __future__ import annotations

import errno
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from storage.errors import ArchiveError, ArchiveUnwritable, refused
from storage.exports.sink import Measured, sync_tree
from storage.files import create, sync
from storage.records import PartRow

MANIFEST = ".manifest.json"  # behind the name of a file
_PIECE = 1 << 20  # bytes read at a time
_REPLACED = ".old"
_BAG = "bagit.txt"
_OURS = "manifest.json"


class Draft:
    """What is being written in the place of ``final``. Use it in a ``with`` statement and end it with :meth:`finish`.

    Whatever ends the block before that, a kill apart, leaves nothing; what a killed process left is removed by the
    next export to the same name. Errors of the disk are those of :mod:`storage.errors`.
    """

    def __init__(self, final: Path, *, folder: bool = False, force: bool = False) -> None:
        self.final = final.absolute()
        self._force = force
        self._folder = folder
        self.place = self.final.with_name(f".{self.final.name}.{os.getpid()}.part")
        self._manifest = self.final.with_name(f".{self.final.name}{MANIFEST}.{os.getpid()}.part")
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        if not self.final.parent.is_dir():
            raise ArchiveUnwritable(f"{self.final.parent}: no such folder; make it, or choose another place")
        self._sweep()
        self._require_free()
        try:
            if self._folder:
                self.place.mkdir(mode=0o700)
            else:
                self._file = create(self.place)
        except OSError as error:
            raise _refused(self.final, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            with suppress(OSError):  # what is still in its buffer finds no room either
                self._file.close()
        _remove(self.place)
        _remove(self._manifest)
        if isinstance(error, OSError):
            raise _refused(self.final, error) from error

    @property
    def file(self) -> IO[bytes]:
        """The file to write to."""
        if self._file is None:
            raise AssertionError("this draft is a folder, or not begun")
        return self._file

    def row(self) -> PartRow:
        """Size and digests of the file as it will bear its name, read back from the disk."""
        self.file.flush()
        whole = Measured(None)
        with self.place.open("rb") as written:
            while piece := written.read(_PIECE):
                whole.write(piece)
        return whole.row(self.final.name)

    def finish(self, manifest: bytes) -> None:
        """Bring everything to the disk and give it its name; the manifest of a file stands beside it before that.

        What is replaced goes before the new manifest comes: at no moment does a file bear the name that the manifest
        beside it does not prove.
        """
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._require_free()
            with create(self._manifest) as beside:
                beside.write(manifest)
                beside.flush()
                os.fsync(beside.fileno())
            if self._force:
                self.final.unlink(missing_ok=True)
            self._manifest.replace(self.final.with_name(self.final.name + MANIFEST))
            sync(self.final.parent)
        else:
            sync_tree(self.place)
        self._rename()
        sync(self.final.parent)

    def _rename(self) -> None:
        if self._folder:
            old = self.place.with_suffix(_REPLACED)
            if self.final.exists():
                self.final.rename(old)
            self.place.rename(self.final)
            _remove(old)
            return
        try:
            os.link(self.place, self.final)  # fails where somebody has taken the name meanwhile
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
                raise
            self._require_free()
            self.place.rename(self.final)

    def _require_free(self) -> None:
        """Nothing is overwritten unasked, and no folder is replaced that is no export."""
        if not os.path.lexists(self.final):
            return
        if self.final.is_dir() != self._folder:
            kind = "a folder" if self.final.is_dir() else "a file"
            raise ArchiveUnwritable(f"{self.final}: is {kind} already; choose another name")
        if not self._force:
            raise ArchiveUnwritable(f"{self.final}: exists already; choose another name, or add --force to replace it")
        if self._folder and not any((self.final / name).exists() for name in (_BAG, _OURS)):
            raise ArchiveUnwritable(f"{self.final}: is a folder, and no earlier export; choose another name")

    def _sweep(self) -> None:
        """Remove the drafts of this name that nobody writes any more, and put back a folder that was being replaced."""
        name = re.compile(rf"\.{re.escape(self.final.name)}(?:{re.escape(MANIFEST)})?\.(\d+)\.(?:part|old)")
        for each in self.final.parent.iterdir():
            found = name.fullmatch(each.name)
            if found is None or _is_alive(int(found[1])):
                continue
            if each.suffix == _REPLACED and not self.final.exists():
                each.rename(self.final)
            else:
                _remove(each)


def _refused(final: Path, error: OSError) -> ArchiveError:
    if error.errno == errno.EFBIG:  # FAT32, as on many a stick that is handed over, ends at 4 GiB
        return ArchiveUnwritable(
            f"{final}: too large for this disk; choose another one, or export less (--since, --source)"
        )
    return refused(final, "written", error)


def _is_alive(pid: int) -> bool:
    """Whether another process has this number; in a container the next process often has that of the dead one."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid != os.getpid()


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)
