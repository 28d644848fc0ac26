"""The text of an archived page in the order of its reading, ready to be laid out as headings, lists and paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from extractors.model import Block, BlockKind

_TOP, _LOWEST = 3, 6  # levels of headings below "text of this state", which is of level 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text; ``to`` is where it leads, "" if nowhere."""

    text: str
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Blocks of one kind that stand together. ``level`` is that of a heading; ``sheet`` begins a page of a PDF."""

    kind: BlockKind
    blocks: tuple[tuple[Piece, ...], ...]
    level: int = 0
    sheet: int = 0


def article(blocks: Sequence[Block], to: Callable[[str], str]) -> tuple[Lines, ...]:
    """Lay out blocks; ``to`` makes a link of an address. Levels of headings are evened out, so that none is skipped."""
    return tuple(_stretches(blocks, to))


def _stretches(blocks: Sequence[Block], to: Callable[[str], str]) -> Iterator[Lines]:
    open_levels: list[int] = []
    sheet = 0
    together = groupby(enumerate(blocks), lambda each: _together(*each))
    for _, group in together:
        members = [block for _, block in group]
        first = members[0]
        level = 0
        if first.kind is BlockKind.HEADING:
            open_levels = [each for each in open_levels if each < first.level]
            level = min(_TOP + len(open_levels), _LOWEST)
            open_levels.append(first.level)
        begins = first.sheet if first.sheet != sheet else 0
        sheet = first.sheet
        lines = tuple(tuple(_pieces(block, to)) for block in members)
        yield Lines(kind=first.kind, blocks=lines, level=level, sheet=begins)


def _together(number: int, block: Block) -> tuple[object, ...]:
    """What two blocks have in common that make one list or one table; others stand alone."""
    alone = block.kind not in (BlockKind.ITEM, BlockKind.ROW)
    return (block.kind, block.sheet, number if alone else -1)


def _pieces(block: Block, to: Callable[[str], str]) -> Iterator[Piece]:
    """The text of a block, its links where their words stand."""
    done = 0
    for link in block.links:
        found = block.text.find(link.text, done) if link.text else -1
        if found < 0:
            continue
        if found > done:
            yield Piece(text=block.text[done:found])
        done = found + len(link.text)
        yield Piece(text=link.text, to=to(link.uri))
    if done < len(block.text):
        yield Piece(text=block.text[done:])
