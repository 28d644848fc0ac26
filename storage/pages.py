"""Pages as those see them who look at a whole section: what stands round the main text is at hand, the rest on disk."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from extractors.model import Attachment, Block, Link, Notice, Page, PageKind

T = TypeVar("T")

# Pages at hand as a whole, in bytes of JSON, which is about what they take in memory: a thousand or so. A crawl of a
# smaller section unpacks each page once. Of a larger one each is gone before it is asked for again, and few will do.
_AT_HAND, _LARGE, _AT_HAND_OF_LARGE = 16 << 20, 4096, 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredPage:
    """A page of the archive without title, main text and links, which ``whole`` fetches.

    The fields are those of :class:`extractors.model.Page`. Of most pages of a crawl nobody asks more: they show what
    they did. All texts of a section of thousands of pages at once were most of a crawl's memory, and then their links.
    """

    uri: str
    kind: PageKind
    canonical: str | None
    notices: tuple[Notice, ...]
    attachments: tuple[Attachment, ...]
    frame: tuple[Block, ...]
    fetch: Callable[[], Page]

    @property
    def whole(self) -> Page:
        """The page with its main text. Raises ArchiveDamaged."""
        return self._framed(self.fetch())

    @property
    def said(self) -> Page:
        """The page with all that it says, without its links. Raises ArchiveDamaged."""
        page = self._words()
        return self._framed(replace(page, links=()) if page.links else page)

    def held(self, other: StoredPage | None = None) -> StoredPage:
        """The same page with its text at hand for good: of a page that changed, each rule asks for it.

        What it has in common with the text of ``other``, mostly nearly all, is one object for both. Its links stay on
        disk: a menu of eighty takes more memory than the text, and rules only ask for those of pages that moved.
        """
        page = replace(self.fetch(), links=())
        if other is not None:
            theirs = {block.text: block for block in other.blocks}
            blocks = [block if (own := theirs.get(block.text)) != block else own for block in page.blocks]
            page = replace(page, blocks=tuple(blocks))
        return replace(self, fetch=_Held(page, self.fetch))

    @property
    def title(self) -> str:
        """The title, as in the page."""
        return self._words().title

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The main text, as in the page."""
        return self._words().blocks

    @property
    def text(self) -> str:
        """Title and main text, as in the page."""
        return self._words().text

    @property
    def links(self) -> tuple[Link, ...]:
        """The links, as in the page."""
        return self.fetch().links

    def _words(self) -> Page:
        """The page, its links left out where they would have to be fetched."""
        return self.fetch.said if isinstance(self.fetch, _Held) else self.fetch()

    def _framed(self, page: Page) -> Page:
        """The page with this one's lines round the text, which may be those of another look."""
        return page if page.frame is self.frame or page.frame == self.frame else replace(page, frame=self.frame)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StoredPage):
            return NotImplemented
        return self is other or self.whole == other.whole

    def __hash__(self) -> int:
        return hash(self.uri)


class _Held:
    """Fetches a page of which all is at hand but its links."""

    __slots__ = ("_fetch", "said")

    def __init__(self, said: Page, fetch: Callable[[], Page]) -> None:
        self.said, self._fetch = said, fetch

    def __call__(self) -> Page:
        return replace(self.said, links=self._fetch().links)


def stored(page: Page, fetch: Callable[[], Page]) -> StoredPage:
    """A page without its text; ``fetch`` gives the whole of it."""
    return StoredPage(
        uri=sys.intern(page.uri),
        kind=page.kind,
        canonical=page.canonical,
        notices=page.notices,
        attachments=page.attachments,
        frame=page.frame,
        fetch=fetch,
    )


def at_hand(page: Page) -> StoredPage:
    """A page that stays in memory as a whole: for one, not for a section's thousands."""
    return stored(page, lambda: page)


AnyPage = Page | StoredPage  # to those who do not ask for the main text, or only now and then


def whole(page: AnyPage) -> Page:
    """The page with its main text. Raises ArchiveDamaged."""
    return page.whole if isinstance(page, StoredPage) else page


class Pages:
    """The pages that an open archive has in memory, by the id of their reading.

    As a whole those last used. Without their text all of a section that somebody looks at, so that who compares two of
    them compares one object with itself. Who reads one page after the other, as a web view does for years, leaves none.
    """

    def __init__(self) -> None:
        self._outlines: dict[int, StoredPage] = {}
        self._whole: OrderedDict[int, tuple[Page, int]] = OrderedDict()
        self._size = 0
        self._room = _AT_HAND
        self._neighbour: Page | None = None
        self._offered: dict[Attachment, Attachment] = {}  # of outlines: many pages offer the same documents
        self._ones: dict[int, object] = {}  # versions, which those who look at a section have more than once
        self.newest: dict[tuple[object, ...], tuple[int, int]] = {}  # crawl and content of the last one stored, by sort

    def outline(self, reading_id: int) -> StoredPage | None:
        """A page without its text, None if it was not kept here."""
        return self._outlines.get(reading_id)

    def keep(self, reading_id: int, page: Page, fetch: Callable[[], Page]) -> StoredPage:
        """Keep a page without its text as long as the archive is open; ``fetch`` gives the whole of it."""
        found = self._outlines.get(reading_id)
        if found is None:
            offered = tuple([self._offered.setdefault(each, each) for each in page.attachments])
            found = self._outlines[reading_id] = stored(replace(page, attachments=offered), fetch)
            if len(self._outlines) == _LARGE:
                self._room = _AT_HAND_OF_LARGE
        return found

    def one(self, version_id: int, made: T) -> T:
        """The same version, as the one object that all have who look at the section."""
        known = self._ones.get(version_id)
        if isinstance(known, type(made)) and known == made:  # else its page was read by another extractor meanwhile
            return known
        self._ones[version_id] = made
        return made

    def whole(self, reading_id: int) -> Page | None:
        """A page, None if it is not at hand any more."""
        found = self._whole.get(reading_id)
        if found is None:
            return None
        self._whole.move_to_end(reading_id)
        return found[0]

    def put(self, reading_id: int, page: Page, size: int) -> Page:
        """Have a page of ``size`` bytes at hand; what it has in common with its neighbour is one object afterwards."""
        page = self._neighbour = page if self._neighbour is None else _like(page, self._neighbour)
        if reading_id not in self._whole:
            self._whole[reading_id] = (page, size)
            self._size += size
            while self._size > self._room and len(self._whole) > 1:
                self._size -= self._whole.popitem(last=False)[1][1]
        return page

    def release(self) -> None:
        """Forget the section that somebody looked at: who has its pages keeps them, and asks for no others."""
        self._outlines.clear()
        self._ones.clear()
        self._offered.clear()

    def clear(self) -> None:
        """Forget them all: some may not be in the archive any more."""
        self.release()
        self._whole.clear()
        self._room = _AT_HAND
        self._size = 0
        self._neighbour = None
        self.newest.clear()


def _like(page: Page, other: Page) -> Page:
    """The same page, with the other's notices and lines round the text where they are equal."""
    frame = _shared(page.frame, other.frame)
    notices = other.notices if page.notices == other.notices else page.notices
    same = frame is page.frame and notices is page.notices
    return page if same else replace(page, frame=frame, notices=notices)


def _shared(mine: tuple[Block, ...], theirs: tuple[Block, ...]) -> tuple[Block, ...]:
    if mine == theirs:
        return theirs
    if len(mine) != len(theirs):
        return mine
    return tuple([other if own == other else own for own, other in zip(mine, theirs, strict=True)])
