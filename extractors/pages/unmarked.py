"""The main text of a page that does not say where it is: Trafilatura's opinion, asked once for the same open text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from extractors.blocks import Area, Piece
from extractors.edition import EXTRACTOR_VERSION
from extractors.html import Element
from extractors.pages.boilerplate import main_lines, version
from extractors.pages.furniture import MAX_PIECES, is_noise, is_prose
from extractors.pages.landmarks import BEFORE, MAIN_TEXT
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
_STAMP = "\x1d"  # stands for a line of noise in what the choice is remembered under: its words do not matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which of a page's open pieces are main text; ``memory`` is for the next reading of the same open text."""

    pieces: list[Piece]
    memory: str


def choose(found: Sequence[Piece], memory: str = "") -> Choice:
    """Give the main text its place. ``memory`` is what the last reading of this page remembered.

    The choice depends on nothing but the open pieces: their texts, and the elements around them with their names.
    Where these are the same as last time, so is the choice, and Trafilatura is not asked again.
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
    chosen = set(_region(found, open_to, taken, noise))
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


def _region(found: Sequence[Piece], open_to: Sequence[int], taken: Sequence[int], noise: set[int]) -> list[int]:
    """The open pieces from the first to the last one taken, and all others in the element that holds nearly all of it.

    In a flat page that element is the body, which holds header and footer as well: then, beyond the last taken
    piece, only what stands in the same element or in none counts, and before the first only the headline.
    """
    around = {n: containers(found[n]) for n in open_to}
    region = _holder(found, around, taken)
    prose = [n for n in open_to if n not in noise and is_prose(found[n].block)]
    if prose and not _holds_most(found, prose, {n for n in prose if region in around[n]}):
        return [n for n in open_to if prose[0] <= n <= prose[-1] or found[n].block.level == 1]
    inside = [region in around[n] for n in open_to]
    headline = next((n for n in open_to if found[n].block.level == 1), taken[0])
    first, last = min(taken[0], headline), taken[-1]
    if region.tag == "body":
        top = _top(around[last], region)
        inside = [n > last and ((el := _top(around[n], region)) is top or el.tag in _PROSE) for n in open_to]
    return [n for n, within in zip(open_to, inside, strict=True) if within or first <= n <= last]


def _holds_most(found: Sequence[Piece], prose: Iterable[int], held: set[int]) -> bool:
    """Tell whether a place holds most of the running text; if not, Trafilatura took one section of several."""
    total = sum(len(found[n].block.text) for n in prose)
    return sum(len(found[n].block.text) for n in held) >= MIN_PROSE_SHARE * total


def _top(around: Sequence[Element], body: Element) -> Element:
    """The outermost container of a piece below the body."""
    return next((element for element in around if element is not body), body)


def _holder(found: Sequence[Piece], around: dict[int, list[Element]], taken: Sequence[int]) -> Element:
    """The smallest element that holds the greater part of what was taken."""
    weights: dict[Element, int] = {}
    for n in taken:
        for element in around[n]:
            weights[element] = weights.get(element, 0) + len(found[n].block.text)
    needed = REGION_SHARE * sum(len(found[n].block.text) for n in taken)
    return next(element for element in reversed(around[taken[0]]) if weights[element] >= needed)
