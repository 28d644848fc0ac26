"""What changed between two states of a page: in its title, notices, text and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from extractors.diff import BlockChange, Op, align
from extractors.model import Block, BlockKind, Page


class Part(StrEnum):
    """The part of a page that something changed in."""

    TITLE = "title"
    NOTICE = "notice"
    TEXT = "text"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One block that changed, and the part of the page it stands in."""

    part: Part
    change: BlockChange


def compared(before: Page, after: Page) -> tuple[Compared, ...]:
    """Return what changed, part by part, so that a notice is never paired with a paragraph."""
    return _changed(
        (Part.TITLE, lines([before.title]), lines([after.title])),
        (Part.NOTICE, _notices(before), _notices(after)),
        (Part.TEXT, before.blocks, after.blocks),
        (Part.DOCUMENT, _documents(before), _documents(after)),
    )


def compared_texts(part: Part, before: str, after: str) -> tuple[Compared, ...]:
    """Return what changed between two texts, line by line."""
    return _changed((part, lines(before.splitlines()), lines(after.splitlines())))


def lines(texts: Sequence[str]) -> tuple[Block, ...]:
    """Return lines as blocks; empty ones are left out."""
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in texts if line)


def _changed(*parts: tuple[Part, Sequence[Block], Sequence[Block]]) -> tuple[Compared, ...]:
    return tuple(
        Compared(part=part, change=change)
        for part, before, after in parts
        for change in align(before, after)
        if change.op is not Op.SAME
    )


def _notices(page: Page) -> tuple[Block, ...]:
    return lines([line for notice in page.notices for line in notice.text.splitlines()])


def _documents(page: Page) -> tuple[Block, ...]:
    return lines([f"{each.label} ({each.size})" if each.size else each.label for each in page.attachments])
