"""The texts on a page that may be notices: boxes of their own, and shared lines that speak of a restriction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from alerts.detect.world import Lines, folded, is_navigation
from extractors import text
from extractors.model import Block, BlockKind, Notice, Page


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


def boxes(page: Page) -> tuple[Box, ...]:
    """Return the page's boxes that have any text, in order."""
    found = (Box(key=box_key(notice), wording=notice.text, certain=notice.certain) for notice in page.notices)
    return tuple(box for box in found if box.key)


def shows(page: Page, key: str, lines: Lines) -> bool:
    """Tell whether a page shows a notice's text, in a box of its own or line by line elsewhere (another template)."""
    own = [box_key(notice) for notice in page.notices]
    wanted = set(key.split("\n"))
    if key in own:
        return True
    if any(wanted < set(other.split("\n")) for other in own):
        return False
    return wanted <= lines.everything(page) | {line for other in own for line in other.split("\n")}


def speaking(page: Page, lines: Lines, is_shared: Callable[[str], bool], *, main: bool = True) -> tuple[Box, ...]:
    """Return runs of shared lines of which one speaks of a restriction, each led by its heading.

    ``main`` False leaves the main text out: that of an unchanged page has nothing new to say.
    """
    found: list[Box] = []
    places = [(page.frame, lines.frame(page)), *([(page.blocks, lines.main(page))] if main else [])]
    for blocks, marks in places:
        index = 0
        while index < len(blocks):
            if _speaks(blocks[index]) and is_shared(marks[index]):
                start, end = _run(blocks, marks, index, is_shared)
                found.append(_box(blocks[start:end]))
                index = end
            else:
                index += 1
    return tuple(found)


def successor(before: Page, after: Page, key: str, lines: Lines) -> Box | None:
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
        elif op == "replace" and i1 >= start and i2 <= stop:
            found += range(j1, j2)
            replaced = True
    return range(found[0], found[-1] + 1) if replaced else range(0)


def _speaks(block: Block) -> bool:
    return _line_speaks(block.text) and not is_navigation(block)


@lru_cache(maxsize=8192)  # the lines of a frame are the same on thousands of pages
def _line_speaks(line: str) -> bool:
    return text.speaks_of_restriction(line)


def _run(
    blocks: Sequence[Block], folded: Sequence[str], index: int, is_shared: Callable[[str], bool]
) -> tuple[int, int]:
    """A speaking line takes its heading along, and the lines that follow as far as they speak too."""
    start = (
        index - 1 if index and blocks[index - 1].kind is BlockKind.HEADING and is_shared(folded[index - 1]) else index
    )
    end = index + 1
    while end < len(blocks) and _speaks(blocks[end]) and is_shared(folded[end]):
        end += 1
    return start, end


def _box(blocks: Sequence[Block]) -> Box:
    wording = "\n".join(block.text for block in blocks)
    return Box(key=text_key(wording), wording=wording, certain=False)
