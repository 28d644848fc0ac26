"""Reads WACZ packages: which WARC files they hold, and which of them are what the package says they are."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from storage.imports.warcfile import NotAnArchive

_DESCRIPTION = "datapackage.json"
_LARGEST = 16 << 20  # bytes of a description; one line of some 200 bytes for each file of the package
_BLOCK = 1 << 20
_UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)
_WARC = re.compile(r"\.warc(?:\.gz)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One WARC file of a package. ``wrong`` says what about it is not as the package says, "" where all is."""

    path: str
    wrong: str = ""


class Package:
    """An open WACZ file. What ZIP says of a file's sum is left to the package's own hashes, which say more."""

    def __init__(self, file: zipfile.ZipFile, name: str) -> None:
        self._zip, self._name = file, name
        self.members = tuple(self._members())

    @contextmanager
    def member(self, path: str) -> Iterator[BinaryIO]:
        """One file of it, as bytes, with a copy on disk that goes when it is closed."""
        with TemporaryFile() as copied:
            with self._zip.open(self._unchecked(path)) as stream, suppress(*_UNREADABLE):
                shutil.copyfileobj(stream, copied, _BLOCK)  # what there is before the damage
            copied.seek(0)
            yield copied

    def _members(self) -> Iterator[Member]:
        hashes, missing = self._hashes()
        paths = sorted(info.filename for info in self._zip.infolist() if _WARC.search(info.filename))
        if not paths:
            raise NotAnArchive(f"{self._name}: no WACZ file (it holds no WARC file); nothing was taken from it")
        for path in paths:
            if path not in hashes:
                yield Member(path=path, wrong=missing or "no hash of it in the package")
            elif self._hash(path) != hashes[path]:
                yield Member(path=path, wrong="its hash is not the one that the package gives")
            else:
                yield Member(path=path)

    def _hashes(self) -> tuple[dict[str, str], str]:
        """The SHA-256 of each file by its path, and what is wrong with the description as a whole."""
        raw = self._small(_DESCRIPTION)
        if raw is None:
            return {}, "the package has no readable description"
        digest = _json(self._small("datapackage-digest.json") or b"")
        if isinstance(digest, dict) and _hex(digest.get("hash")) not in ("", sha256(raw).hexdigest()):
            return {}, "the hash of the package's description is wrong"
        said = _json(raw)
        resources = said.get("resources") if isinstance(said, dict) else None
        if not isinstance(resources, list):
            return {}, "the package has no readable description"
        named = (each for each in resources if isinstance(each, dict))
        return {str(each.get("path")): _hex(each.get("hash")) for each in named}, ""

    def _small(self, path: str) -> bytes | None:
        try:
            with self._zip.open(path) as stream:
                data = stream.read(_LARGEST + 1)
        except (KeyError, *_UNREADABLE):
            return None
        return data if len(data) <= _LARGEST else None

    def _unchecked(self, path: str) -> zipfile.ZipInfo:
        info = copy(self._zip.getinfo(path))
        del info.CRC  # else the bytes before the end of a file with one wrong bit could not be read
        return info

    def _hash(self, path: str) -> str:
        found = sha256()
        try:
            with self._zip.open(self._unchecked(path)) as stream:
                while block := stream.read(_BLOCK):
                    found.update(block)
        except _UNREADABLE:
            return "unreadable"
        return found.hexdigest()


@contextmanager
def opened(path: Path, name: str) -> Iterator[Package]:
    """A WACZ file, with its WARC files checked.

    Raises:
        NotAnArchive: for a ZIP file that is broken, cut, or holds no WARC file.
    """
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise NotAnArchive(f"{name}: a damaged WACZ file ({error}); nothing was taken from it") from None
    with file:
        yield Package(file, name)


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _hex(value: object) -> str:
    return str(value or "").removeprefix("sha256:").lower()
