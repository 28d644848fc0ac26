"""Whether the reading of a page moved while the page did not: its text beside what else it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.model import Block, Page, PageKind
from extractors.text import fold, is_frame_noise, text_digest

SAME_TEXT = "same-text"  # other bytes, and everything a reader sees is the same
AROUND_TEXT = "around-text"  # the main text stayed, the text around it did not
MAIN_SHRUNK = "main-shrunk"  # the main text shrank sharply

# A main text below this share of its former size shrank sharply: our choice, twice the share from which the judge
# takes a page for doubtful.
SHARP = 0.6
WORTH_COMPARING = 200  # characters of main text; below, a third is a word or two
# Share of the lost characters that still stand elsewhere on the page, from which the reader lost them and no editor.
STILL_THERE = 0.5

_SHOWN_LINES = 2
_SHOWN_CHARS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What moved. ``came`` and ``went`` are lines, folded; ``still_there``: what the main text lost is on the page."""

    rule: str
    detail: str
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    still_there: bool = False


def drift(before: Page, after: Page) -> Drift | None:
    """Compare two looks at one page, whose bytes differ; None where there is nothing to say beside a changed text."""
    if _text(before) != _text(after) and text_digest(before) != text_digest(after):
        return _shrunk(before, after)
    came, went = around(before.frame, after.frame)
    if came or went:
        return Drift(rule=AROUND_TEXT, detail=told(came, went), came=came, went=went)
    return Drift(rule=SAME_TEXT, detail="Andere Bytes, derselbe Text.")


def _text(page: Page) -> tuple[object, ...]:
    """All that the digest is taken of; mostly the very same, which is known without taking it."""
    return page.kind, page.title, page.blocks, page.notices, page.attachments, page.identity


def around(before: Sequence[Block], after: Sequence[Block]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines of two frames that came and that went; time stamps, counters and the like are none."""
    if before == after:
        return (), ()
    old, new = Counter(_lines_of(before)), Counter(_lines_of(after))
    return tuple((new - old).elements()), tuple((old - new).elements())


def told(came: Iterable[str], went: Iterable[str]) -> str:
    """Say in one German sentence, with the first lines, what came and went round the main text."""
    parts = [f"{what}: {_quoted(lines)}" for what, lines in (("neu", tuple(came)), ("fort", tuple(went))) if lines]
    return f"Neben dem Haupttext, der gleich blieb, änderte sich anderer Text ({'; '.join(parts)})."


def is_sharply_shorter(before: Page, after: Page) -> bool:
    """Whether a main text worth comparing has lost so much of its length."""
    size_before = _size(before)
    return size_before >= WORTH_COMPARING and _size(after) < SHARP * size_before


def _shrunk(before: Page, after: Page) -> Drift | None:
    if before.kind in (PageKind.FEED, PageKind.DOCUMENT) or not is_sharply_shorter(before, after):
        return None
    now = set(_lines(after))
    lost = [line for line in _lines(before) if line not in now]
    there = _elsewhere(after)
    kept = tuple(line for line in lost if line in there)
    still_there = sum(map(len, kept)) >= STILL_THERE * max(sum(map(len, lost)), 1)
    share = round(100 * _size(after) / _size(before))
    where = f"; was fehlt, steht noch auf der Seite ({_quoted(kept)})" if still_there else ""
    detail = f"Der Haupttext hat nur noch {share} % seiner Länge{where}."
    return Drift(rule=MAIN_SHRUNK, detail=detail, went=tuple(lost), still_there=still_there)


def _size(page: Page) -> int:
    return sum(len(block.text) for block in page.blocks)


def _lines(page: Page) -> tuple[str, ...]:
    return tuple(fold(block.text) for block in page.blocks)


def _lines_of(frame: Sequence[Block]) -> tuple[str, ...]:
    return tuple(fold(block.text) for block in frame if not is_frame_noise(block.text))


def _elsewhere(page: Page) -> frozenset[str]:
    """All visible lines of a page that are not main text."""
    labels = (part for one in page.attachments for part in (one.label, one.note))
    boxes = (line for notice in page.notices for line in notice.text.splitlines())
    return frozenset((*_lines_of(page.frame), *(fold(line) for line in (*labels, *boxes, page.title))))


def _quoted(lines: tuple[str, ...]) -> str:
    shown = ", ".join(f"„{_cut(line)}“" for line in lines[:_SHOWN_LINES])
    more = len(lines) - _SHOWN_LINES
    return f"{shown} und {more} weitere" if more > 0 else shown


def _cut(line: str) -> str:
    return line if len(line) <= _SHOWN_CHARS else f"{line[: _SHOWN_CHARS - 1].rstrip()}…"
