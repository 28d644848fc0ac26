"""The open text of a page as a small page of its own: its pieces in the elements they stand in, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from extractors.blocks import Piece
from extractors.elements import HEADINGS
from extractors.html import Element
from extractors.model import Block, BlockKind
from extractors.text import fold
from extractors.words import word_set

# Elements that only mark words; all others make a page's structure, those that a site invented too.
_INLINE = word_set(
    """a abbr acronym b bdi bdo big blink button cite code data del dfn em font html i ins kbd label mark nobr q rp rt
    ruby s samp small span strike strong sub sup time tt u var wbr"""
)
_NAMES = ("class", "id", "role")
# Elements that end with their piece.
_LINES = frozenset(("p", *HEADINGS))
# Elements that hold text as it is; in any other a piece is a paragraph.
_TEXT = _LINES | {"li", "td", "th", "dt", "dd", "pre", "blockquote", "figcaption"}
_WHOLE = frozenset(("li", "dt", "dd", "tr", "article"))  # an entry or a row is one piece, whatever it holds


def path(piece: Piece) -> list[Element]:
    """Return the structure around a piece, from the body down to the element that holds its text."""
    around = [el for el in (piece.element, *piece.element.iterancestors()) if el.tag not in _INLINE]
    around.reverse()
    if piece.block.kind in (BlockKind.ITEM, BlockKind.ROW):
        whole = max((n for n, element in enumerate(around) if element.tag in _WHOLE), default=len(around) - 1)
        return around[: whole + 1]
    return around


def containers(piece: Piece) -> list[Element]:
    """Return the elements around a piece that may hold other pieces too, from the body down."""
    return [element for element in path(piece) if element.tag not in _LINES]


def skeleton(pieces: Sequence[Piece]) -> str:
    """Write the pieces as HTML within the elements around them, with the names of these and no other attribute.

    What this leaves out cannot sway a decision that is made on it: scripts, tokens, the targets of links,
    navigation, header and footer.
    """
    parts: list[str] = ["<html>"]
    stack: list[Element] = []
    for piece in pieces:
        way = path(piece)
        shared = _shared(stack, way)
        parts += [f"</{element.tag}>" for element in reversed(stack[shared:])]
        parts += [_opening(element) for element in way[shared:]]
        stack = way
        text = _linked(piece.block)
        parts.append(text if way and way[-1].tag in _TEXT else f"<p>{text}</p>")
    parts += [f"</{element.tag}>" for element in reversed(stack)]
    return "".join([*parts, "</html>"])


def _shared(stack: Sequence[Element], way: Sequence[Element]) -> int:
    count = 0
    for one, other in zip(stack, way, strict=False):
        if one is not other or one.tag in _LINES:
            break
        count += 1
    return count


def _opening(element: Element) -> str:
    names = "".join(f' {name}="{escape(value)}"' for name in _NAMES if (value := element.get(name)))
    return f"<{element.tag}{names}>"


def _linked(block: Block) -> str:
    """The text of a block in comparison form, with its links marked."""
    rest, parts = fold(block.text), []
    for link in block.links:
        before, found, after = rest.partition(fold(link.text))
        if found:
            parts += [escape(before), f'<a href="/">{escape(found)}</a>']
            rest = after
    return "".join([*parts, escape(rest)])
