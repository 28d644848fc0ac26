"""The parts of pages that a told change accounts for: cut out before the next rule looks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from extractors import address, text
from extractors.model import Block, Link

_WORD = re.compile(r"\w+")


class Side(StrEnum):
    """The state of a page a claim is about."""

    BEFORE = "before"
    AFTER = "after"

    @property
    def other(self) -> Side:
        """The opposite state."""
        return Side.AFTER if self is Side.BEFORE else Side.BEFORE


def loose(line: str) -> str:
    """The words of a line alone, for comparing what is left of a block after something was cut out of it."""
    return " ".join(_WORD.findall(text.fold(line)))


def targets(block: Block) -> frozenset[str]:
    """The addresses that a block's links lead to."""
    return frozenset(address.key(link.uri) for link in block.links)


class Claims:
    """The parts of pages that need no further explanation.

    Pages are named by address, parts by side and by block index, folded sentence, link or attachment
    address. ``moved`` maps addresses to those that took their place, so that a link which
    only follows its page is no change; ``relinked`` names other addresses of one page, in either state.
    """

    def __init__(self) -> None:
        self.moved: dict[str, str] = {}
        self.relinked: dict[str, str] = {}
        self._pages: set[tuple[str, Side]] = set()
        self._titles: set[tuple[str, Side]] = set()
        self._blocks: defaultdict[tuple[str, Side], set[int]] = defaultdict(set)
        self._sentences: defaultdict[tuple[str, Side], set[tuple[int, str]]] = defaultdict(set)
        self._links: defaultdict[tuple[str, Side], set[tuple[int, str]]] = defaultdict(set)
        self._attachments: defaultdict[tuple[str, Side], set[str]] = defaultdict(set)

    def page(self, name: str) -> None:
        """Everything on the page is explained, on both sides."""
        self._pages.update({(name, Side.BEFORE), (name, Side.AFTER)})

    def title(self, name: str, side: Side) -> None:
        """The page's title is explained."""
        self._titles.add((name, side))

    def block(self, name: str, side: Side, index: int) -> None:
        """A whole block is explained."""
        self._blocks[name, side].add(index)

    def sentence(self, name: str, side: Side, index: int, sentence: str) -> None:
        """One sentence of a block is explained."""
        self._sentences[name, side].add((index, text.fold(sentence)))

    def link(self, name: str, side: Side, index: int, target: str) -> None:
        """One link of a block is explained, with its visible text."""
        self._links[name, side].add((index, target))

    def attachment(self, name: str, side: Side, target: str) -> None:
        """One attachment line is explained: label, size and address."""
        self._attachments[name, side].add(target)

    def has_page(self, name: str) -> bool:
        """True when the page needs no explanation at all any more."""
        return (name, Side.AFTER) in self._pages

    def has_title(self, name: str, side: Side) -> bool:
        """True when the page's title is explained."""
        return (name, side) in self._titles

    def has_block(self, name: str, side: Side, index: int) -> bool:
        """True when the whole block is explained."""
        return index in self._blocks[name, side]

    def has_attachment(self, name: str, side: Side, target: str) -> bool:
        """True when the attachment line is explained."""
        return target in self._attachments[name, side]

    def follow(self, target: str) -> str:
        """Where an address of the state before is found now."""
        return self.moved.get(target, target)

    def mark(self, block: Block, side: Side) -> str:
        """The comparison form of a block, with links of the state before led to where their pages went."""
        return text.block_fold(self.led(block, side))

    def rest(self, name: str, side: Side, blocks: Sequence[Block]) -> tuple[tuple[Block, bool], ...]:
        """What is left of some blocks, each with whether something was cut out of it."""
        if (name, side) in self._pages:
            return ()
        kept: list[tuple[Block, bool]] = []
        for index, block in enumerate(blocks):
            if index in self._blocks[name, side]:
                continue
            led = self.led(block, side)
            left = self._cut(name, side, index, led)
            if left is led:
                kept.append((led, False))
            elif loose(left.text):
                kept.append((left, True))
        return tuple(kept)

    def led(self, block: Block, side: Side = Side.BEFORE) -> Block:
        """A block with its links led to the addresses their pages go by, and before a move to where they went."""
        if not self.relinked and (side is Side.AFTER or not self.moved):
            return block
        led = tuple(self._led(link, side) for link in block.links)
        return block if led == block.links else replace(block, links=led)

    def _led(self, link: Link, side: Side) -> Link:
        key = address.key(link.uri)
        where = (self.moved.get(key) if side is Side.BEFORE else None) or self.relinked.get(key)
        return replace(link, uri=f"http://{where}") if where else link

    def _cut(self, name: str, side: Side, index: int, block: Block) -> Block:
        gone = {sentence for at, sentence in self._sentences[name, side] if at == index}
        cut = {target for at, target in self._links[name, side] if at == index}
        if not gone and not cut:
            return block
        line = (
            " ".join(piece for piece in text.sentences(block.text) if text.fold(piece) not in gone)
            if gone
            else block.text
        )
        links: list[Link] = []
        for link in block.links:
            if address.key(link.uri) in cut:
                line = line.replace(link.text, " ", 1)
            elif text.fold(link.text) in text.fold(line):
                links.append(link)
        return replace(block, text=text.squash(line), links=tuple(links))


def unmatched(blocks: Sequence[str], others: Iterable[str]) -> list[int]:
    """Indexes of the marks in ``blocks`` that ``others`` does not hold as often."""
    left = Counter(others)
    found: list[int] = []
    for index, mark in enumerate(blocks):
        if left[mark] > 0:
            left[mark] -= 1
        else:
            found.append(index)
    return found
