"""What all page objects do alike: sort the pieces of a page, drop its noise, read the dates it states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from extractors.blocks import Area, Piece
from extractors.dates import spans
from extractors.html import Element, Head
from extractors.linked import is_only_links
from extractors.model import Block, BlockKind, Link, Notice, Page, StatedDate
from extractors.pages.furniture import is_noise
from extractors.pages.selectors import Selection
from extractors.text import is_frame_noise, speaks_of_restriction, squash, without_stamps

MAX_MENU_CHARS = 120  # a line of a menu is so short. Our choice.

_PUBLISHED = ("dcterms.date", "dc.date", "dcterms.issued", "dc.date.issued", "article:published_time", "date")
_MODIFIED = ("dcterms.modified", "dc.date.modified", "article:modified_time", "last-modified")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PRESS_LINE = re.compile(
    r"(?:Presse(?:mitteilung|information|erklärung)|Medieninformation)\b.{0,60}?\bvom\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One parsed document: ``links`` are all its targets, those of ignored elements too; ``previous`` its last page."""

    tree: Element
    uri: str
    base: str
    head: Head
    links: tuple[Link, ...]
    selection: Selection
    previous: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The pieces of a page by area; ``stamps`` are the lines on the page's own making that were dropped."""

    main: tuple[Piece, ...]
    notices: tuple[Notice, ...]
    frame: tuple[Piece, ...]
    stamps: tuple[str, ...]


def sort(pieces: Iterable[Piece]) -> Parts:
    """Sort pieces into main text, notice boxes and frame; lines of noise fall out of all of them."""
    main: list[Piece] = []
    frame: list[Piece] = []
    stamps: list[str] = []
    boxes: dict[int, list[Piece]] = {}
    for piece in pieces:
        text = piece.block.text
        # A row of figures is content, however much it looks like a counter.
        if piece.block.kind is not BlockKind.ROW and is_noise(text):
            stamps.append(text)
        elif piece.place.area is Area.MAIN:
            main.append(piece)
        elif piece.place.area is Area.NOTICE:
            boxes.setdefault(piece.place.box, []).append(piece)
        elif piece.place.area is Area.FRAME and not _is_menu_entry(piece.block):
            frame += _without_noise(piece)
    notices = tuple(notice(box) for box in boxes.values())
    return Parts(main=tuple(main), notices=notices, frame=tuple(frame), stamps=tuple(stamps))


def _without_noise(piece: Piece) -> tuple[Piece, ...]:
    text = piece.block.text
    left = of_frame(text)
    if left == text:
        return (piece,)
    return (replace(piece, block=replace(piece.block, text=left)),) if left else ()


def of_frame(text: str) -> str:
    """Return what is kept of a line of the frame: without the stamps and counters in it, "" where that is nothing.

    An address says something beside them.
    """
    left = without_stamps(text)
    if left != text:
        left = squash(left).strip(" .,:;|()[]–-·•")
    return "" if is_frame_noise(left) else left


def _is_menu_entry(block: Block) -> bool:
    """A short line of the frame that is nothing but links is navigation, unless it leads to news of a closure."""
    return is_only_links(block) and len(block.text) <= MAX_MENU_CHARS and not speaks_of_restriction(block.text)


def notice(box: Sequence[Piece]) -> Notice:
    """Make a notice of the pieces of one box: a heading at its top is its title."""
    blocks = tuple(piece.block for piece in box)
    titled = blocks[0].kind is BlockKind.HEADING
    return Notice(
        title=blocks[0].text if titled else "",
        blocks=blocks[1:] if titled else blocks,
        certain=box[0].place.certain,
    )


def stated_dates(head: Head, blocks: Sequence[Block], stamps: Sequence[str]) -> tuple[StatedDate, ...]:
    """Read what a page states of its own dates: its press line, its meta elements, its stamps."""
    found: dict[str, StatedDate] = {}
    for block in blocks[:5]:
        if is_press_line(block.text):
            _state(found, "press", block.text, block.text)
    for role, names in (("published", _PUBLISHED), ("modified", _MODIFIED)):
        for name in names:
            if name in head.meta:
                _state(found, role, head.meta[name], f"{name}: {head.meta[name]}")
    for stamp in stamps:
        _state(found, "modified", stamp, stamp)
    return tuple(found.values())


def is_press_line(text: str) -> bool:
    """Tell whether a short line names the day of a press release: "Pressemitteilung Nr. 3 vom 14.09.2018"."""
    return len(text) < 120 and _PRESS_LINE.match(text) is not None


def _state(found: dict[str, StatedDate], role: str, text: str, quote: str) -> None:
    day = None if role in found else day_in(text)
    if day is not None:
        found[role] = StatedDate(day=day, role=role, quote=quote)


def day_in(text: str) -> date | None:
    """Return the first full day that a short text names, written the German way or as ISO 8601."""
    match = _ISO_DAY.search(text)
    start = match.group() if match else next((span.start for span in spans(text) if len(span.start) == 10), None)
    try:
        return date.fromisoformat(start) if start else None
    except ValueError:
        return None
