"""The main text of a page that does not say where it is: Trafilatura's opinion, asked once for the same open text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice

from extractors.blocks import Area, Piece
from extractors.edition import EXTRACTOR_VERSION
from extractors.elements import HEADINGS, amount
from extractors.html import Element, name_words
from extractors.model import BlockKind
from extractors.pages.attachments import offers_files
from extractors.pages.boilerplate import main_lines, version
from extractors.pages.furniture import MAX_PIECES, MIN_TEASER_LINK, is_noise, is_prose
from extractors.pages.landmarks import BEFORE, MAIN_TEXT
from extractors.pages.names import FOOTERS, link_share
from extractors.pages.skeleton import containers, skeleton
from extractors.text import fold
from extractors.words import word_set

# A line shorter than this is main text only if Trafilatura has it as a line of its own: "Kontakt" is part of many.
MIN_INSIDE_CHARS = 25
# The smallest element that holds this share of what Trafilatura took is where the main text stands. Our choice: a
# teaser or a caption that it picked up elsewhere must not widen it to the whole page.
REGION_SHARE = 0.9
# If the place that Trafilatura chose holds less than this part of all running text, it took one section of several.
# Our choice.
MIN_PROSE_SHARE = 0.5

# Elements that stand alone in a page without any structure; its footer has one around it.
_PROSE = word_set("body p ul ol dl table h1 h2 h3 h4 h5 h6 blockquote pre figure")
# Elements that are one piece of a text with what they hold, and never the place where it stands. A cell may be one.
_HOLDERS = word_set("table caption thead tbody tfoot tr ul ol menu dl li dt dd blockquote pre figure figcaption")
MAX_BETWEEN = 10  # elements between a heading and the box under it: other headings and empty ones. Our choice.
_STAMP = "\x1d"  # stands for a line of noise in what the choice is remembered under: its words do not matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which of a page's open pieces are main text; ``memory`` is for the next reading of the same open text."""

    pieces: list[Piece]
    memory: str


def choose(found: Sequence[Piece], memory: str = "") -> Choice:
    """Give the main text its place. ``memory`` is what the last reading of this page remembered.

    What is remembered depends on nothing but the open pieces: their texts, and the elements around them with their
    names. Where these are the same as last time, so is the choice, and Trafilatura is not asked again.
    """
    open_to = [n for n, piece in enumerate(found) if piece.place.area is Area.FRAME and piece.place.rule == BEFORE.rule]
    if len(open_to) > MAX_PIECES:
        whole = set(open_to)
        return Choice(
            pieces=[_placed(piece, n in whole, False, "whole-page") for n, piece in enumerate(found)], memory=""
        )
    noise = {n for n in open_to if is_noise(found[n].block.text)}
    shown = [found[n] for n in open_to if n not in noise]
    markup = skeleton(shown)
    mark = _mark([_stamp(found[n]) if n in noise else found[n] for n in open_to], markup if not noise else "")
    rule, places = _remembered(memory, mark)
    if not rule:
        rule, places = _decide(found, open_to, noise, markup)
    chosen = {open_to[place] for place in places}
    chosen -= _titles_of_links(found, chosen, noise)
    last = max(chosen, default=0)
    pieces = [_placed(piece, n in chosen, n > last, rule) for n, piece in enumerate(found)]
    return Choice(pieces=pieces, memory=f"{mark} {rule} {_written(places)}")


def _mark(pieces: Sequence[Piece], markup: str) -> str:
    kinds = " ".join(f"{piece.block.kind}{piece.block.level}" for piece in pieces)
    text = "\n".join((EXTRACTOR_VERSION, version(), kinds, markup or skeleton(pieces)))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _stamp(piece: Piece) -> Piece:
    return replace(piece, block=replace(piece.block, text=_STAMP, links=()))


def _written(places: Sequence[int]) -> str:
    """A set of numbers as a hexadecimal mask."""
    chosen = set(places)
    bits = "".join("1" if place in chosen else "0" for place in range(max(places, default=0), -1, -1))
    return f"{int(bits, 2):x}"


def _remembered(memory: str, mark: str) -> tuple[str, list[int]]:
    known, _, rest = memory.partition(" ")
    if known != mark:
        return "", []
    rule, _, written = rest.partition(" ")
    mask = int(written, 16)
    return rule, [place for place, bit in enumerate(reversed(f"{mask:b}")) if bit == "1"]


def _decide(found: Sequence[Piece], open_to: Sequence[int], noise: set[int], markup: str) -> tuple[str, list[int]]:
    """The rule, and the places among the open pieces of those that are main text."""
    lines = main_lines(markup, sum(len(found[n].block.text) for n in open_to if n not in noise))
    taken = [n for n in open_to if n not in noise and _is_in(found[n], lines)] if lines else []
    if not taken:  # a page of a few words: all that is not header, footer or aside
        return "whole-page", list(range(len(open_to)))
    chosen = _region(found, open_to, taken, noise)
    return "trafilatura", [place for place, n in enumerate(open_to) if n in chosen]


def _placed(piece: Piece, main: bool, after: bool, rule: str) -> Piece:
    if main:
        place = replace(MAIN_TEXT, rule=rule)
    elif after and piece.place.rule == BEFORE.rule:
        place = replace(piece.place, rule="after-main")
    else:
        return piece
    return replace(piece, place=place, block=replace(piece.block, rule=place.rule))


def _is_in(piece: Piece, lines: Sequence[str]) -> bool:
    text = fold(piece.block.text)
    if len(text) < MIN_INSIDE_CHARS:
        return text in lines
    return any(text in line for line in lines) or any(len(line) >= MIN_INSIDE_CHARS and line in text for line in lines)


def _region(found: Sequence[Piece], open_to: Sequence[int], taken: Sequence[int], noise: set[int]) -> set[int]:
    """The open pieces from the first to the last one taken, and all others in the element that holds nearly all of it.

    Where that element is the body, or no more than a table or a list, the text stands flat beside header and footer.
    """
    around = {n: containers(found[n]) for n in open_to}
    tops = [n for n in open_to if found[n].block.level == 1]
    prose = [n for n in open_to if n not in noise and is_prose(found[n].block)]
    region = _holder(found, around, taken)
    if prose and not _holds_most(found, prose, {n for n in prose if region in around[n]}):
        known = sorted({*prose, *taken})
        place = _place(around, known, _common([around[n] for n in known]))
        return _flat(found, around, place, known[0], known[-1], whole=False) | set(tops)
    place = _place(around, taken, region)
    first, last = min([taken[0], *tops[:1]]), taken[-1]
    held = {n for n in open_to if region in around[n] and region.tag != "body"}
    if held and place is region:
        return held | {n for n in open_to if first <= n <= last}
    return held | _flat(found, around, place, first, last, whole=True)


def _flat(
    found: Sequence[Piece],
    around: dict[int, list[Element]],
    place: Element,
    first: int,
    last: int,
    *,
    whole: bool,
) -> set[int]:
    """The open pieces from the first to the last one known, and what belongs to them in the place they stand in.

    Before the first these are the headings and pictures above it, unless it is the headline. Beyond the last it is
    what stands in the same element, in one of running text or in none; where the known ones may not be the ``whole``
    text, only titles with nothing under them.
    """
    chosen = {n for n, way in around.items() if first <= n <= last}
    for n in reversed([n for n in around if n < first and found[first].block.level != 1]):
        if not _is_title(found[n], around[n], place):
            break
        chosen.add(n)
    ended = _part(around[last], place) if place in around[last] else None
    parts = {n: _part(way, place) for n, way in around.items() if n > last and place in way}
    flat = [n for n, part in parts.items() if part is None or part is ended or part.tag in _PROSE]
    if whole:
        return chosen | set(flat)
    return chosen | set(flat if all(_is_title(found[n], around[n], place) for n in flat) else ())


def _is_title(piece: Piece, way: Sequence[Element], place: Element) -> bool:
    """Tell whether a piece is a heading in no box of its own within the place, or the caption of a picture."""
    return piece.block.kind in (BlockKind.HEADING, BlockKind.CAPTION) and _box(way) is place


def _place(around: dict[int, list[Element]], taken: Sequence[int], region: Element) -> Element:
    """The element that a text stands in, where the region is a piece of it: a table of data, a list, a quotation."""
    way = next(around[n] for n in taken if region in around[n])
    return _box(way) if region in _own(way) else region


def _box(way: Sequence[Element]) -> Element:
    """The innermost element around a piece that may hold other pieces of a text."""
    return way[max(0, len(way) - len(_own(way)) - 1)]


def _own(way: Sequence[Element]) -> Sequence[Element]:
    """The elements around a piece that are one piece of a text with it: its table, its list, its quotation."""
    start = next((n + 1 for n in range(len(way) - 1, -1, -1) if way[n].tag not in _HOLDERS), 0)
    return way[start:]


def _part(way: Sequence[Element], place: Element) -> Element | None:
    """The element just below a place that a piece stands in, None where it stands in the place itself."""
    return next(iter(way[way.index(place) + 1 :]), None)


def _common(ways: Sequence[Sequence[Element]]) -> Element:
    """The innermost element that all pieces stand in."""
    shared = list(ways[0])
    for way in ways:
        shared = [one for one, other in zip(shared, way, strict=False) if one is other]
    return shared[-1]


def _titles_of_links(found: Sequence[Piece], chosen: Iterable[int], noise: set[int]) -> set[int]:
    """The headings at the end of a text that stand over a box of links: they are its title, and no part of the text."""
    titles: set[int] = set()
    for n in sorted(chosen, reverse=True):
        if n in noise:
            continue
        if found[n].block.kind is not BlockKind.HEADING or found[n].block.level == 1 or not _heads_links(found[n]):
            break
        titles.add(n)
    else:
        return set()  # a page of nothing but headings and links
    return titles


def _heads_links(piece: Piece) -> bool:
    """Tell whether the next text behind a heading is a box of links, none of them a document's; no footer is one."""
    line = next((el for el in (piece.element, *piece.element.iterancestors()) if el.tag in HEADINGS), piece.element)
    behind = islice(line.itersiblings(), MAX_BETWEEN)
    box = next((el for el in behind if el.tag not in HEADINGS and amount(el, 1)), None)
    if box is None or box.tag == "footer" or name_words(box) & FOOTERS:
        return False
    return link_share(box) >= MIN_TEASER_LINK and not offers_files(box)


def _holds_most(found: Sequence[Piece], prose: Iterable[int], held: set[int]) -> bool:
    """Tell whether a place holds most of the running text; if not, Trafilatura took one section of several."""
    total = sum(len(found[n].block.text) for n in prose)
    return sum(len(found[n].block.text) for n in held) >= MIN_PROSE_SHARE * total


def _holder(found: Sequence[Piece], around: dict[int, list[Element]], taken: Sequence[int]) -> Element:
    """The smallest element that holds the greater part of what was taken."""
    weights: dict[Element, int] = {}
    for n in taken:
        for element in around[n]:
            weights[element] = weights.get(element, 0) + len(found[n].block.text)
    needed = REGION_SHARE * sum(len(found[n].block.text) for n in taken)
    return next(element for element in reversed(around[taken[0]]) if weights[element] >= needed)
