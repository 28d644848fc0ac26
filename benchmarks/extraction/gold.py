"""The gold: which lines of a page's rendering are its main text, kept as marks and never as sentences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from benchmarks.extraction.rendering import Line
from benchmarks.extraction.scoring import tokens

FOLDER = Path(__file__).with_name("marked")
# Pages are looked at and mended for the open set; for the hold-out nobody looks at what fails.
OPEN, HOLDOUT = "open", "holdout"
BERLIN = "berlin.de"

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


class DriftError(Exception):
    """A page renders otherwise than when it was marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """The marks of one page.

    ``main`` and ``optional`` are line numbers from 1; ``check`` is a hash over the tokens of all marked lines, so that
    a rendering that drifted is noticed.
    """

    name: str
    set: str
    page_sha256: str
    uri: str
    origin: str
    site: str
    main: frozenset[int]
    optional: frozenset[int]
    check: str

    def texts(self, lines: Sequence[Line]) -> tuple[str, str]:
        """Return main and optional text, taken from a rendering; raises :class:`DriftError`."""
        if check_of(lines, self.main, self.optional) != self.check:
            raise DriftError(f"{self.name} renders otherwise than when it was marked: mark it again")
        return _taken(lines, self.main), _taken(lines, self.optional)


def check_of(lines: Sequence[Line], main: Iterable[int], optional: Iterable[int]) -> str:
    """Hash the marked lines: 16 hex digits over their tokens."""
    marked = [("main", number) for number in sorted(main)] + [("optional", number) for number in sorted(optional)]
    said = [f"{mark} {' '.join(tokens(_line(lines, number)))}" for mark, number in marked]
    return sha256("\n".join(said).encode()).hexdigest()[:16]


def load(folder: Path = FOLDER) -> list[Gold]:
    """Read all gold files, by set and name."""
    return [_read(path) for path in sorted(folder.glob("*/*.toml"))]


def numbers(ranges: str) -> frozenset[int]:
    """Read "3 7-9" as 3, 7, 8, 9; raises ValueError for anything else."""
    found: set[int] = set()
    for part in ranges.split():
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ValueError(f"{part!r} is no line number and no range of them")
        first = int(match.group(1))
        found.update(range(first, int(match.group(2) or first) + 1))
    return frozenset(found)


def ranges(found: Iterable[int]) -> str:
    """Write line numbers as :func:`numbers` reads them."""
    spans: list[list[int]] = []
    for number in sorted(found):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _read(path: Path) -> Gold:
    kept = tomllib.loads(path.read_text(encoding="utf-8"))
    return Gold(
        name=path.stem,
        set=path.parent.name,
        page_sha256=kept["sha256"],
        uri=kept["uri"],
        origin=kept["origin"],
        site=kept["site"],
        main=numbers(kept["main"]),
        optional=numbers(kept["optional"]),
        check=kept["check"],
    )


def _line(lines: Sequence[Line], number: int) -> str:
    return lines[number - 1].text if number <= len(lines) else ""


def _taken(lines: Sequence[Line], wanted: Iterable[int]) -> str:
    return "\n".join(_line(lines, number) for number in sorted(wanted))
