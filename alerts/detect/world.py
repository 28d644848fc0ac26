"""How many pages show a line: what most pages share is told once, not page by page (design §4.5)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
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
            # Most lines are folded as they stand, and are not kept twice.
            lines = ((block.text, folded(block.text)) for block in page.blocks)
            found = tuple([line if line == as_folded else as_folded for line, as_folded in lines])
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


# Lines that fewer than one page in so many shows so far are forgotten: of thousands of pages, most lines.
_SELDOM = 1000


class _Tally:
    """Counts the lines of pages by their hashes, as far as they may turn out to be shared by so many pages.

    All lines of thousands of pages are too many to be held at once. What is seldom so far is forgotten now and then,
    with how often it may have been seen (Manku and Motwani, Approximate frequency counts over data streams, 2002), and
    no new line is counted any more when too few pages are left. So a few lines may stay open: near the mark, or without
    a word whether they stand in a main text. They are counted once more by themselves.
    """

    def __init__(self, pages: int, seldom: int) -> None:
        self._pages, self._seldom = pages, seldom
        self._seen = self._missed = 0
        self._counts: dict[int, tuple[int, int]] = {}  # by hash: seen, and how often before it at most
        self._in_main: set[int] = set()
        self._lines: dict[int, str] = {}  # of those that are or may be shared

    def add(self, main: Set[str], frame: Iterable[str]) -> None:
        """Count the lines of one page."""
        is_late = not is_shared(self._pages - self._seen + self._missed, self._pages)
        for line in (*main, *(set(frame) - main)):
            name = hash(line)
            known = self._counts.get(name)
            if known is None and is_late:
                continue
            count, missed = known or (0, self._missed)
            self._counts[name] = (count + 1, missed)
            if line in main:
                self._in_main.add(name)
            if is_shared(count + 1 + missed, self._pages):
                self._lines[name] = line
        self._seen += 1
        if self._seen % self._seldom == 0:
            self._missed += 1
            self._counts = {name: each for name, each in self._counts.items() if sum(each) > self._missed}
            self._in_main &= self._counts.keys()

    def shared(self) -> tuple[set[str], set[str], set[str]]:
        """The lines that are shared, those of them that stand in a main text, and those of which it is not known."""
        shared, main, unclear = set(), set(), set()
        for name, line in self._lines.items():
            count, missed = self._counts.get(name, (0, self._missed))
            if is_shared(count, self._pages) and (name in self._in_main or not missed):
                shared.add(line)
                if name in self._in_main:
                    main.add(line)
            elif is_shared(count + missed, self._pages):
                unclear.add(line)
        return shared, main, unclear


def carried(worlds: Iterable[Sequence[StoredPage]], lines: Lines, *, seldom: int = _SELDOM) -> Carried:
    """Return the lines that enough pages of any world show; ``seldom`` is no matter of what they are."""
    shared: set[str] = set()
    main: set[str] = set()
    for pages in worlds:
        tally = _Tally(len(pages), seldom)
        for page in pages:
            tally.add({folded(block.text) for block in page.blocks}, lines.frame(page))
        found, in_main, unclear = tally.shared()
        shared |= found
        main |= in_main
        if unclear:
            counts, texts = _counted(pages, lines, unclear)
            again = {line for line in unclear if is_shared(counts[line], len(pages))}
            shared |= again
            main |= again & texts
    return Carried(frozenset(shared), frozenset(main))


def _counted(pages: Iterable[StoredPage], lines: Lines, wanted: Set[str]) -> tuple[Counter[str], set[str]]:
    """On how many pages some lines stand, and which of them in a main text."""
    counts: Counter[str] = Counter()
    main: set[str] = set()
    for page in pages:
        in_text = wanted & {folded(block.text) for block in page.blocks}
        main |= in_text
        counts.update(in_text | (wanted & set(lines.frame(page))))
    return counts, main


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


@lru_cache(maxsize=8192)  # the lines round the text are the same on thousands of pages
def still(line: str) -> str:
    """Return a folded line without its numbers: counters, dates and years in a frame tick on their own."""
    return _NUMBERS.sub("0", line)


def mark(line: str) -> str:
    """Return a short name for a folded line, for remembering which ones are known to be shared."""
    return sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:16]
