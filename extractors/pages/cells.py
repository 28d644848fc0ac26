"""Menus in the cells of tables that arrange a page: pages from before there was markup for navigation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.blocks import Area, Piece, Place
from extractors.elements import CELLS
from extractors.html import Element
from extractors.linked import linked_chars
from extractors.model import BlockKind
from extractors.pages.furniture import MAX_PIECES, is_noise, is_prose
from extractors.pages.landmarks import BEFORE
from extractors.pages.names import MIN_LINK_LIST
from extractors.pages.skeleton import containers
from extractors.text import fold

MENU = Place(area=Area.FRAME, rule="menu-cell")
# From this part of its text in links on, a cell without a heading or a sentence is a menu; the rest are labels such as
# "Bürgerservice" above some of its entries. Our choice.
MENU_SHARE = 0.8
MIN_TITLE_CHARS = 4  # shorter words are inside others. Our choice.
_SENTENCE = re.compile(r"[.!?][\"“”»«)]*$")


def set_menus_apart(found: Sequence[Piece], title: str) -> list[Piece]:
    """Move what stands in menu cells to the frame: little but links, in one row with a cell that holds the page's text.

    A page whose only content is links keeps them: no cell beside them has a heading, a sentence or the title.
    """
    if len(found) > MAX_PIECES:
        return list(found)
    cells = _cells(found)
    menus: set[int] = set()
    for cell, held in cells.items():
        if menus.isdisjoint(held) and _is_menu(found, held, title) and _stands_beside_text(cell, cells, found, title):
            menus.update(held)
    return [_moved(piece) if n in menus else piece for n, piece in enumerate(found)]


def _cells(found: Sequence[Piece]) -> dict[Element, list[int]]:
    """The cells around open pieces, the outer ones first; those of a row of data are one piece, and no cells here."""
    cells: dict[Element, list[int]] = {}
    for n, piece in enumerate(found):
        if piece.place.rule == BEFORE.rule and not is_noise(piece.block.text):
            for element in containers(piece):
                if element.tag in CELLS:
                    cells.setdefault(element, []).append(n)
    return cells


def _is_menu(found: Sequence[Piece], held: Sequence[int], title: str) -> bool:
    blocks = [found[n].block for n in held]
    if sum(len(block.links) for block in blocks) < MIN_LINK_LIST or any(_is_text(found[n], title) for n in held):
        return False
    return sum(map(linked_chars, blocks)) >= MENU_SHARE * sum(len(block.text) for block in blocks)


def _stands_beside_text(cell: Element, cells: dict[Element, list[int]], found: Sequence[Piece], title: str) -> bool:
    row = cell.getparent()
    beside = [other for other in row if other is not cell] if row is not None else []
    return any(_is_text(found[n], title) for other in beside for n in cells.get(other, ()))


def _is_text(piece: Piece, title: str) -> bool:
    """Tell whether a piece is what a page is read for: a heading, a sentence, or what the page's title says."""
    block = piece.block
    if block.kind is BlockKind.HEADING:
        return True
    if is_prose(block) and _SENTENCE.search(block.text):
        return True
    return not block.links and len(block.text) >= MIN_TITLE_CHARS and fold(block.text) in fold(title)


def _moved(piece: Piece) -> Piece:
    return replace(piece, place=MENU, block=replace(piece.block, rule=MENU.rule))
