"""How many pages show a line: what most pages share is told once, not page by page (design §4.5)."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256

from alerts.detect.claims import loose
from extractors import text
from extractors.model import Block, Page
from extractors.noise import without_stamps

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


class Lines:
    """The folded lines of pages, worked out once for each page object."""

    def __init__(self) -> None:
        self._main: dict[int, tuple[Page, tuple[str, ...]]] = {}
        self._frame: dict[int, tuple[Page, tuple[str, ...]]] = {}
        self._everything: dict[int, tuple[Page, frozenset[str]]] = {}
        self._said: dict[int, tuple[Page, str]] = {}
        self._folded: dict[str, str] = {}  # a frame's lines are the same on every page: folding is what takes the time

    def main(self, page: Page) -> tuple[str, ...]:
        """The page's main blocks, folded, in order."""
        if id(page) not in self._main:
            self._main[id(page)] = (page, tuple(self._fold(block.text) for block in page.blocks))
        return self._main[id(page)][1]

    def frame(self, page: Page) -> tuple[str, ...]:
        """The page's frame blocks, folded, in order."""
        if id(page) not in self._frame:
            self._frame[id(page)] = (page, tuple(self._fold(block.text) for block in page.frame))
        return self._frame[id(page)][1]

    def _fold(self, line: str) -> str:
        if line not in self._folded:
            self._folded[line] = folded(line)
        return self._folded[line]

    def frame_says(self, page: Page, line: str) -> bool:
        """Tell whether the words of a line stand in the page's frame in a row, whatever lines they are cut into there.

        Fewer words than a phrase has are found in any frame by chance, and do not count.
        """
        words = loose(without_stamps(line))
        if len(words.split()) < PHRASE_WORDS:
            return False
        if id(page) not in self._said:
            self._said[id(page)] = (page, f" {loose(' '.join(self.frame(page)))} ")
        return f" {words} " in self._said[id(page)][1]

    def everything(self, page: Page) -> frozenset[str]:
        """All visible lines of the page but its notices."""
        if id(page) not in self._everything:
            self._everything[id(page)] = (page, frozenset((*self.main(page), *self.frame(page))))
        return self._everything[id(page)][1]


def is_shared(carriers: int, pages: int) -> bool:
    """Tell whether that many carriers among that many pages make a text a shared one."""
    return carriers >= SHARED_PAGES and 2 * carriers >= pages


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
