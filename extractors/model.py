"""The types that extraction makes: what an answer was, and what a reader sees on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any


class Outcome(StrEnum):
    """How one archived answer was judged (docs/glossary.md); only ``OK`` may become a version."""

    OK = "ok"
    UNCHANGED = "unchanged"  # 304, or the very bytes of the last good look
    GONE = "gone"  # 404 or 410 from the address itself
    MOVED = "moved"  # a redirect to another address
    SOFT404 = "soft404"  # says "not found" in words or by where it leads, with a status that does not
    MAINTENANCE = "maintenance"
    BLOCKED = "blocked"  # a bot check or a refusal that stands in for the page
    WALL = "wall"  # consent, log-in or "switch on JavaScript"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    CHARSET = "charset"  # undecodable, or decoded wrong by the server itself
    SUSPECT = "suspect"  # readable, but so unlike the last good look that it needs a second one
    DENIED = "denied"  # robots.txt forbids it, or 401/403
    FAILED = "failed"  # no usable answer: network, TLS, time-out, 5xx, unreadable document

    @property
    def settles(self) -> bool:
        """True when the address itself has said how it stands, well or not."""
        return self in _SETTLING

    @property
    def good(self) -> bool:
        """True when the look showed the page: as a new reading or as the one already kept."""
        return self in (Outcome.OK, Outcome.UNCHANGED)


_SETTLING = frozenset({Outcome.OK, Outcome.UNCHANGED, Outcome.GONE, Outcome.MOVED, Outcome.SOFT404})
ASSET = "asset"  # the rule that a capture of a style, an image or a font is judged by
FOREIGN_PAGE = "foreign-page"  # the rule of a suspect page that another server than the site's own seems to have sent


class BlockKind(StrEnum):
    """What a block of text is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CAPTION = "caption"


class PageKind(StrEnum):
    """What sort of page it is, by its own markup."""

    ARTICLE = "article"
    LIST = "list"
    PRESS = "press"
    FEED = "feed"
    DOCUMENT = "document"


class _Packed:
    """Pickles a dataclass as its values alone.

    What Python does for frozen ones with slots looks up all fields of each object, both ways: a page has some 150
    objects, and its way to a reader and back took a fifth of the time of reading it.
    """

    __slots__: tuple[str, ...] = ()  # of each dataclass: its fields, in order

    def __reduce__(self) -> tuple[Callable[..., object], tuple[Any, ...]]:
        kind: Any = type(self)
        return _unpacked, (kind, _values(kind)(self))


@cache
def _values(kind: Any) -> Callable[[object], tuple[Any, ...]]:
    return attrgetter(*kind.__slots__)


@cache
def _setters(kind: Any) -> tuple[Callable[[object, Any], None], ...]:
    return tuple(getattr(kind, name).__set__ for name in kind.__slots__)


def _unpacked(kind: Any, values: tuple[Any, ...]) -> object:
    made = object.__new__(kind)
    for put, value in zip(_setters(kind), values, strict=True):
        put(made, value)
    return made


_MAX_SHARED = 200  # characters of a link's text; longer ones are of one page alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link: where it leads (absolute, cleaned by :func:`extractors.address.clean`) and its visible text."""

    uri: str
    text: str = ""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[Any, ...]]:
        return link, (self.uri, self.text)


def link(uri: str, text: str) -> Link:
    """Return a link, the same object for the same one: nine of ten links of a page are its neighbours' too."""
    return _shared_link(uri, text) if len(text) <= _MAX_SHARED else Link(uri=uri, text=text)


@lru_cache(maxsize=8192)  # of neighbours: more addresses than those few thousand pages have that are unpacked together
def _shared_link(uri: str, text: str) -> Link:
    return Link(uri=uri, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(_Packed):
    """One piece of visible text, as a reader would point at it.

    ``text`` is one line: white space collapsed, soft hyphens and zero-width joiners gone, all else
    as the page has it. ``level`` is 1…6 for headings and 0 otherwise; ``sheet`` is the PDF page
    from 1, or 0; ``rule`` names the extraction rule that kept the block. ``contacts`` are the links to mail addresses
    and telephone numbers (``mailto:``, ``tel:``), where no crawl goes.
    """

    kind: BlockKind
    text: str
    links: tuple[Link, ...] = ()
    level: int = 0
    sheet: int = 0
    rule: str = ""
    contacts: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(_Packed):
    """A notice that stands apart from the main text, one per box.

    ``certain`` is true when a page object or a configured selector names the box; false when
    only its place or role speaks for it, so that detection wants to see it on several pages first.
    """

    title: str
    blocks: tuple[Block, ...]
    certain: bool

    @property
    def text(self) -> str:
        """Title and blocks, one line each."""
        lines = [self.title, *(block.text for block in self.blocks)]
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment(_Packed):
    """A linked document as the page presents it; ``size`` as stated ("180.3 kB"), "" if it is not.

    ``note`` is what else the page says beside it ("Stand: Juli 2024").
    """

    uri: str
    label: str
    size: str = ""
    format: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDate:
    """A date that the page states about itself, with the words it was read from."""

    day: date
    role: str  # "press", "published", "modified"
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInfo:
    """What a document file says about itself, "" where it does not; no part of the text digest.

    ``created`` and ``modified`` are ISO 8601 as exact as the file has them. ``sheets`` counts its pages, ``pictures``
    those of them that hold nothing but pictures, so that their text cannot be compared.
    """

    title: str = ""
    author: str = ""
    producer: str = ""
    created: str = ""
    modified: str = ""
    sheets: int = 0
    pictures: int = 0


MAX_LINKS = 10_000  # a page with more links than a source may have pages (max_pages) is cut here; the first ones win


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(_Packed):
    """What a reader sees at one address at one moment.

    ``blocks`` is the main text in reading order without the title; ``frame`` is the other visible
    text (header, aside, footer) without navigation, forms and consent banners: it is no part of the text digest,
    but detection looks there for text that many pages share. ``links`` are all distinct targets a
    crawl may follow, ``feeds`` those declared as RSS or Atom. ``identity`` is the content
    management system's own document number, if the page shows one.
    """

    uri: str
    title: str
    kind: PageKind = PageKind.ARTICLE
    language: str = ""
    blocks: tuple[Block, ...] = ()
    notices: tuple[Notice, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    frame: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    feeds: tuple[str, ...] = ()
    breadcrumb: tuple[str, ...] = ()
    dates: tuple[StatedDate, ...] = ()
    canonical: str | None = None
    identity: str | None = None
    extractor: str = ""
    extractor_version: str = ""
    file: FileInfo | None = None  # of documents
    choice: str = ""  # how the main text of an unmarked page was chosen (extractors.pages.unmarked)

    @property
    def text(self) -> str:
        """Title and main text, one block a line: what ``snapshot --as text`` shows."""
        return "\n".join([self.title, *(block.text for block in self.blocks)]).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer as it is handed to the readers: content-decoded body, head as received.

    ``complete`` is false when the transfer or its content coding ended early.
    """

    uri: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    complete: bool = True

    def header(self, name: str) -> str:
        """The first value of a header, "" if there is none; names are case-blind (RFC 9110 §5.1)."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints(_Packed):
    """What the reader may know besides the bytes: the source's selectors and the last good page."""

    extractor: str = "auto"
    main: tuple[str, ...] = ()
    notice: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    previous: Page | None = None
    start_uris: tuple[str, ...] = ()  # a deep page redirected to one of these, or to "/", is a soft 404
    explain: bool = False  # true: the reading says what became of every visible block
    assets: bool = False  # true: the reading names what the page needs to look as it does
    pdf_engines: tuple[str, ...] | None = None  # None is all of them; fewer after one brought a reader process down


class Part(StrEnum):
    """What a visible block became part of."""

    TITLE = "title"
    TEXT = "text"
    NOTICE = "notice"
    DOCUMENT = "document"
    NOTHING = ""  # dropped: not compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One visible block of a page and what became of it; ``rule`` kept or dropped it (docs/rules.md)."""

    part: Part
    rule: str
    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(_Packed):
    """An answer judged and read: ``rule`` says which rule decided, ``detail`` what a person should know.

    ``page`` is present for ``OK`` and, as far as it could be read, for ``SUSPECT`` and others.
    """

    outcome: Outcome
    rule: str
    detail: str = ""
    page: Page | None = None
    shown: tuple[Shown, ...] = ()  # with Hints.explain: every visible block in the order of the page
    assets: tuple[str, ...] = ()  # with Hints.assets: the addresses of styles, images and fonts


@dataclass(frozen=True, slots=True, kw_only=True)
class SeminarMention:
    """What one page says about one seminar.

    ``number`` is None for a year's substitute, then ``year`` identifies it. ``start``/``end`` are
    ISO days, ISO months where only the month is said, a year where only that is, or None. ``state`` is "announced",
    "reported", "cancelled", "postponed" (to ``start``, or to an open date) or "replaced" (by ``substitute``), from the
    words, else "announced" or "reported" from date and moment; "" where nothing says.
    ``named_by_title`` is true when the page's own title names the seminar. ``quote`` is the sentence
    the date was read from, else the one that says what became of the seminar.
    """

    series: str
    number: int | None
    year: int | None
    title: str
    start: str | None
    end: str | None
    city: str | None
    state: str
    quote: str
    named_by_title: bool
    substitute: str = ""  # what took the seminar's place, in the page's words
    blocks: tuple[int, ...] = field(default=())  # indexes into Page.blocks that the mention rests on; -1 is the title
    passing: bool = False  # over, and only referred to in a sentence about something else
    by_clock: bool = False  # no word says the state: it is what the date and the moment of reading make of it


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """A day or a span of days found in running text; ``position`` is the slice of the text it was read from."""

    start: str  # ISO day, ISO month or year
    end: str
    position: tuple[int, int]
