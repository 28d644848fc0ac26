"""The texts on a page that may be notices: boxes of their own, and shared lines that speak of a restriction."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rapidfuzz import fuzz

from alerts.detect.world import Lines, folded, is_navigation
from extractors import text
from extractors.model import Block, BlockKind, Notice
from storage.pages import StoredPage

# Two lines are one line, edited, from this ratio on (0…100): measured for the diff of blocks (extractors.diff).
EDITED = 60
# A line that ends like a sentence and is none of a form's or an address's lines.
_SENTENCE = re.compile(r"\w{2,}\s+\w.*\w[.!]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A text in a notice's place: ``key`` is its folded form, ``wording`` what readers see, both one line a block."""

    key: str
    wording: str
    certain: bool

    @property
    def lines(self) -> tuple[str, ...]:
        """The folded lines."""
        return tuple(self.key.split("\n"))


@lru_cache(maxsize=8192)  # the same box stands on thousands of pages
def text_key(wording: str) -> str:
    """Return the folded form of a notice's text, line by line."""
    return "\n".join(mark for line in wording.splitlines() if (mark := folded(line)))


def box_key(notice: Notice) -> str:
    """Return the folded form of a notice box."""
    return text_key(notice.text)


def box_blocks(notice: Notice) -> tuple[Block, ...]:
    """Return a box as blocks of ordinary text."""
    title = (Block(kind=BlockKind.HEADING, text=notice.title, level=2),) if notice.title else ()
    return (*title, *notice.blocks)


def boxes(page: StoredPage) -> tuple[Box, ...]:
    """Return the page's boxes that have any text, in order."""
    found = (Box(key=box_key(notice), wording=notice.text, certain=notice.certain) for notice in page.notices)
    return tuple(box for box in found if box.key)


def shows(page: StoredPage, key: str, lines: Lines) -> bool:
    """Tell whether a page shows a notice's text, in a box of its own or line by line elsewhere (another template)."""
    own = [box_key(notice) for notice in page.notices]
    wanted = set(key.split("\n"))
    if key in own:
        return True
    if any(wanted < set(other.split("\n")) for other in own):
        return False
    return wanted <= lines.everything(page) | {line for other in own for line in other.split("\n")}


def speaking(
    page: StoredPage,
    lines: Lines,
    is_shared: Callable[[str], bool],
    *,
    before: StoredPage | None = None,
    main: bool = True,
) -> tuple[Box, ...]:
    """Return runs of shared lines of which one speaks of a restriction, each led by its heading.

    What stands beside such a line and came to the page (``before``) with it belongs to it, whatever it says; where
    that is not known, only sentences do. ``main`` False leaves the main text out: that of an unchanged page has nothing
    new to say.
    """
    found: list[Box] = []
    places = [(page.frame, lines.frame(page)), *([(page.blocks, lines.main(page))] if main else [])]
    for blocks, marks in places:
        index = 0
        while index < len(blocks):
            if _speaks(blocks[index]) and is_shared(marks[index]):
                old = lines.everything(before) if before is not None else None
                start, end = _Runs(blocks, marks, is_shared, old).around(index)
                found.append(_box(blocks[start:end]))
                index = end
            else:
                index += 1
    return tuple(found)


def successor(before: StoredPage, after: StoredPage, key: str, lines: Lines) -> Box | None:
    """Return what stands where a notice stood before, if some of its lines were replaced and the others kept.

    A replaced stretch that holds other lines too is a new template, of which nothing can be told.
    """
    wanted = set(key.split("\n"))
    for old, new, blocks in (
        (lines.frame(before), lines.frame(after), after.frame),
        (lines.main(before), lines.main(after), after.blocks),
    ):
        places = [index for index, line in enumerate(old) if line in wanted]
        if places and set(old[places[0] : places[-1] + 1]) <= wanted:
            stretch = _replaced(old, new, places[0], places[-1] + 1)
            if stretch:
                return _box(blocks[stretch.start : stretch.stop])
    return None


def _replaced(old: Sequence[str], new: Sequence[str], start: int, stop: int) -> range:
    """Where the lines ``start`` to ``stop`` of the old text are found in the new one; empty if none was replaced."""
    found: list[int] = []
    replaced = False
    for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if i2 <= start or i1 >= stop:
            continue
        if op == "equal":
            found += range(j1 + max(i1, start) - i1, j1 + min(i2, stop) - i1)
        elif op == "replace":
            left = _without_edited(new, range(j1, j2), [*old[i1:start], *old[stop:i2]])
            found += left
            replaced = bool(left)
    whole = range(found[0], found[-1] + 1) if found else range(0)
    return whole if replaced and len(whole) == len(found) else range(0)


def _without_edited(new: Sequence[str], stretch: range, others: Sequence[str]) -> list[int]:
    """The lines of a replaced stretch that are no edited form of its other old lines; none where these are lost."""
    left = list(stretch)
    for line in others:
        ranked = max(left, key=lambda index: fuzz.ratio(line, new[index]), default=None)
        if ranked is None or fuzz.ratio(line, new[ranked]) < EDITED:
            return []
        left.remove(ranked)
    return left


def _speaks(block: Block) -> bool:
    return line_speaks(block.text) and not is_navigation(block)


@lru_cache(maxsize=8192)  # the lines of a frame are the same on thousands of pages
def line_speaks(line: str) -> bool:
    """Tell whether a line speaks of a restriction."""
    return text.speaks_of_restriction(line)


@dataclass(frozen=True, slots=True)
class _Runs:
    """Which lines beside one that speaks belong to the same notice; ``old`` are the lines the page had before."""

    blocks: Sequence[Block]
    marks: Sequence[str]
    is_shared: Callable[[str], bool]
    old: frozenset[str] | None

    def around(self, index: int) -> tuple[int, int]:
        """First line and end of the run round a line."""
        start, end = index, index + 1
        while start and self._leads(start - 1, index):
            start -= 1
        while end < len(self.blocks) and self._follows(end, index):
            end += 1
        return start, end

    def _is_new(self, index: int) -> bool:
        return self.old is not None and self.marks[index] not in self.old

    def _goes_with(self, index: int, speaker: int) -> bool:
        """Lines of one notice are shared, and came to the page together."""
        block = self.blocks[index]
        together = self._is_new(index) == self._is_new(speaker)
        return together and self.is_shared(self.marks[index]) and not is_navigation(block)

    def _leads(self, index: int, speaker: int) -> bool:
        if not self._goes_with(index, speaker):
            return False
        heading = self.blocks[index].kind is BlockKind.HEADING
        return (heading and index + 1 == speaker) or (self._is_new(index) and not _speaks(self.blocks[index]))

    def _follows(self, index: int, speaker: int) -> bool:
        if not self._goes_with(index, speaker) or self.blocks[index].kind is BlockKind.HEADING:
            return False
        return (
            self._is_new(index) or _speaks(self.blocks[index]) or _SENTENCE.search(self.blocks[index].text) is not None
        )


def _box(blocks: Sequence[Block]) -> Box:
    wording = "\n".join(block.text for block in blocks)
    return Box(key=text_key(wording), wording=wording, certain=False)
