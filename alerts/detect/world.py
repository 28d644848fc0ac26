"""How many pages show a line: what most pages share is told once, not page by page (design §4.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from alerts.detect.claims import loose
from extractors import text
from extractors.model import Block
from extractors.noise import without_stamps
from storage.pages import StoredPage

_NUMBERS = re.compile(r"\d+(?:[.,:/-]\d+)*")

# A text is shared when it stands on at least half of a source's pages and on at least three (design §4.5).
SHARED_PAGES = 3
# What showed another text at every one of this many looks is a clock, not a message (design §4: page.noisy).
NOISY_LOOKS = 5
SHARED_IMPORTANCE, SHARED_REASON = 15, "Gemeinsamer Text vieler Seiten"
# Words in a row that make a phrase: our choice, the fewest that a name with a street or a number has.
PHRASE_WORDS = 3


def folded(line: str) -> str:
    """Return the comparison form of a line, without the stamps and counters that tick inside it."""
    return text.fold(without_stamps(line))


_AT_HAND = 1 << 18  # lines of main texts that are kept: those of some thousand pages that changed, before and after
_FRAMES = 8192  # frames of which lines are kept: mostly all pages have a few, but a program may stamp each of them


@lru_cache(maxsize=8192)  # the lines of a frame are the same on every page: folding is what takes the time
def _folded(line: str) -> str:
    return folded(line)


class Lines:
    """The folded lines of pages, made once as long as not too many other pages are asked for in between."""

    def __init__(self) -> None:
        self._main: dict[object, tuple[str, ...]] = {}  # by what fetches the text, which is what makes it the same
        self._room = _AT_HAND
        self._frame: dict[int, tuple[tuple[Block, ...], tuple[str, ...]]] = {}
        self._said: dict[int, tuple[tuple[Block, ...], str]] = {}

    def main(self, page: StoredPage) -> tuple[str, ...]:
        """The page's main blocks, folded, in order."""
        found = self._main.get(page.fetch)
        if found is None:
            found = tuple([folded(block.text) for block in page.blocks])
            if self._room < len(found):
                self._main.clear()
                self._room = _AT_HAND
            self._room -= len(found)
            self._main[page.fetch] = found
        return found

    def frame(self, page: StoredPage) -> tuple[str, ...]:
        """The page's frame blocks, folded, in order."""
        found = self._frame.get(id(page.frame))
        if found is None:
            if len(self._frame) >= _FRAMES:
                self._frame.clear()
            found = self._frame[id(page.frame)] = (page.frame, tuple([_folded(block.text) for block in page.frame]))
        return found[1]

    def frame_says(self, page: StoredPage, line: str) -> bool:
        """Tell whether the words of a line stand in the page's frame in a row, whatever lines they are cut into there.

        Fewer words than a phrase has are found in any frame by chance, and do not count.
        """
        words = loose(without_stamps(line))
        if len(words.split()) < PHRASE_WORDS:
            return False
        found = self._said.get(id(page.frame))
        if found is None:
            if len(self._said) >= _FRAMES:
                self._said.clear()
            found = self._said[id(page.frame)] = (page.frame, f" {loose(' '.join(self.frame(page)))} ")
        return f" {words} " in found[1]

    def everything(self, page: StoredPage) -> frozenset[str]:
        """All visible lines of the page but its notices."""
        return frozenset((*self.main(page), *self.frame(page)))


def is_shared(carriers: int, pages: int) -> bool:
    """Tell whether that many carriers among that many pages make a text a shared one."""
    return carriers >= SHARED_PAGES and 2 * carriers >= pages


@dataclass(frozen=True, slots=True)
class Carried:
    """The lines that are shared, and those of them that stand in some page's main text."""

    lines: frozenset[str]
    in_main: frozenset[str]


def carried(worlds: Iterable[Sequence[StoredPage]], lines: Lines) -> Carried:
    """Return the lines that enough pages of any world show.

    The lines of thousands of pages are too many to be held at once: they are counted by their hashes, and no new one
    is counted any more when too few pages are left to share it.
    """
    shared: set[str] = set()
    main: set[str] = set()
    for pages in worlds:
        counts: dict[int, int] = {}
        in_main: set[int] = set()
        for number, page in enumerate(pages):
            text_lines = {folded(block.text) for block in page.blocks}
            is_late = not is_shared(len(pages) - number, len(pages))
            for line in text_lines.union(lines.frame(page)):
                name = hash(line)
                if is_late and name not in counts:
                    continue
                counts[name] = counts.get(name, 0) + 1
                if line in text_lines:
                    in_main.add(name)
                if is_shared(counts[name], len(pages)):
                    shared.add(line)
                    if name in in_main:
                        main.add(line)
    return Carried(frozenset(shared), frozenset(main))


# So many links with at most as many other words between them are a menu with its heading ("Inhalt"), not a sentence.
MENU_LINKS, MENU_WORDS = 3, 2


def is_navigation(block: Block) -> bool:
    """Tell whether a block is nothing but links: on many pages they lead through the site and say nothing."""
    if not block.links:
        return False
    rest = loose(block.text)
    for link in sorted(block.links, key=lambda link: -len(link.text)):
        rest = rest.replace(loose(link.text), "", 1)
    return len(rest.split()) <= (MENU_WORDS if len(block.links) >= MENU_LINKS else 0)


@lru_cache(maxsize=65_536)  # the lines round the text are the same on thousands of pages
def still(line: str) -> str:
    """Return a folded line without its numbers: counters, dates and years in a frame tick on their own."""
    return _NUMBERS.sub("0", line)


def mark(line: str) -> str:
    """Return a short name for a folded line, for remembering which ones are known to be shared."""
    return sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:16]
