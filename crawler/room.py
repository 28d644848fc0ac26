"""Room on the archive's disk: how much there is, and whether a look may begin with it."""

from __future__ import annotations

import shutil
from pathlib import Path

from storage.errors import DiskFull

#: Below this much room operators hear of it while looks still begin, as a multiple of ``archive.least_free``.
EARLY = 2
_MEGABYTE = 1024**2


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def free(folder: Path) -> int:
    """Bytes free on the disk that a folder lies on, or will lie on."""
    return shutil.disk_usage(existing(folder)).free


def require(folder: Path, least: int) -> None:
    """Begin nothing that a disk too full would have to break off. Raises DiskFull below ``least`` bytes."""
    left = free(folder)
    if left < least:
        raise DiskFull(
            f"{folder}: {left // _MEGABYTE} MB free, and no look begins with less than {least // _MEGABYTE} MB "
            "(archive.least_free)"
        )
