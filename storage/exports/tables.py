"""Tables as files: one alone, or several in a folder or a ZIP file with a manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from storage.exports import stream
from storage.exports.draft import Draft
from storage.exports.holdings import Holdings
from storage.exports.sink import Container, Folder, Measured, Zip
from storage.records import About, Handed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table ready to be written: the name of its file, and its bytes row by row after ``heads`` lines of heading."""

    name: str
    lines: Callable[[], Iterator[bytes]]
    heads: int = 0


def write(final: Path, holdings: Holdings, about: About, sheets: Sequence[Sheet], *, what: str, force: bool) -> Handed:
    """Write all sheets into one file, unless ``final`` is to be a ZIP file (by its name) or a folder (no suffix)."""
    if final.suffix == ".zip":
        return _zipped(final, holdings, about, sheets, what=what, force=force)
    if final.suffix:
        return _single(final, holdings, about, sheets, what=what, force=force)
    with Draft(final, folder=True, force=force) as draft:
        container = Folder(draft.place)
        put(container, sheets)
        handed = Handed(captures=holdings.count, parts=tuple(container.parts))
        with container.file("manifest.json") as out:
            out.write(stream.manifest(stream.facts(holdings, about, handed, what), handed))
        draft.finish(b"")
    return handed


def put(container: Container, sheets: Sequence[Sheet], folder: str = "") -> None:
    """Write each sheet as a file of a container."""
    for sheet in sheets:
        with container.file(folder + sheet.name, packed=True) as out:
            rows = _pour(out, sheet)
        container.parts[-1] = replace(container.parts[-1], rows=rows)


def _single(
    final: Path, holdings: Holdings, about: About, sheets: Sequence[Sheet], *, what: str, force: bool
) -> Handed:
    with Draft(final, force=force) as draft:
        out = Measured(draft.file)
        rows = sum(_pour(out, sheet) for sheet in sheets)
        handed = Handed(captures=holdings.count, parts=(out.row(final.name, rows),))
        draft.finish(stream.manifest(stream.facts(holdings, about, handed, what), handed))
    return handed


def _zipped(
    final: Path, holdings: Holdings, about: About, sheets: Sequence[Sheet], *, what: str, force: bool
) -> Handed:
    with Draft(final, force=force) as draft:
        with Zip(draft.file, about.created) as container:
            put(container, sheets)
            handed = Handed(captures=holdings.count, parts=tuple(container.parts))
            said = stream.facts(holdings, about, handed, what)
            with container.file("manifest.json", packed=True) as out:
                out.write(stream.manifest(said, handed))
        handed = replace(handed, parts=(draft.row(), *handed.parts))
        draft.finish(stream.manifest(said, handed))
    return handed


def _pour(out: Measured, sheet: Sheet) -> int:
    lines = 0
    for line in sheet.lines():
        out.write(line)
        lines += 1
    return lines - sheet.heads
