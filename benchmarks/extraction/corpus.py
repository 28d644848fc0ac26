"""Finds the marked pages on this machine; they are not part of the repository and are known by their bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from benchmarks.extraction.gold import Gold
from benchmarks.extraction.rendering import render

# Beside a checkout; elsewhere with --pages.
DEFAULT_FOLDERS = (Path(__file__).resolve().parents[3] / "shared" / "berlin_de",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One marked page with its bytes and its text as marked."""

    gold: Gold
    body: bytes
    main: str
    optional: str


def bodies(folders: Iterable[Path], golds: Iterable[Gold]) -> dict[str, bytes]:
    """Return the bytes of the marked pages that stand somewhere in the folders, by SHA-256."""
    wanted = {gold.page_sha256 for gold in golds}
    found: dict[str, bytes] = {}
    for path in _files(folders):
        body = path.read_bytes()
        digest = sha256(body).hexdigest()
        if digest in wanted:
            found[digest] = body
    return found


def cases(folders: Iterable[Path], golds: Iterable[Gold]) -> list[Case]:
    """Render the pages that are here and take their text as marked; raises ``DriftError`` and ``NoBrowserError``."""
    listed = list(golds)
    here = bodies(folders, listed)
    present = [gold for gold in listed if gold.page_sha256 in here]
    found = []
    for gold, lines in zip(present, render([here[gold.page_sha256] for gold in present]), strict=True):
        main, optional = gold.texts(lines)
        found.append(Case(gold=gold, body=here[gold.page_sha256], main=main, optional=optional))
    return found


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*.html") if path.is_file())
