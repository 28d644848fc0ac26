"""The full text of a page as one string without white space, on which the blocks that were read are found again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.model import Block, Part, Shown

# A text this long stands nearly always once on a page; shorter ones are looked for between these. Our choice.
ANCHOR_CHARS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the tape and what it became."""

    start: int
    end: int
    shown: Shown


class Tape:
    """Full text, cut into blocks whose ``rule`` says why they are dropped if nothing takes them.

    ``unlikely`` are the rules of blocks that are looked through last.
    """

    def __init__(self, blocks: Sequence[Block], unlikely: frozenset[str] = frozenset()) -> None:
        self.blocks = blocks
        self.starts: list[int] = []
        self._unlikely = unlikely
        self._spans: list[Span] = []
        parts, length = [], 0
        for block in blocks:
            self.starts.append(length)
            parts.append(tight(block.text))
            length += len(parts[-1])
        self._text = "".join(parts)
        self._taken = bytearray(length)

    def take(self, start: int, length: int, shown: Shown) -> None:
        """Note what a stretch became."""
        self._taken[start : start + length] = b"\1" * length
        self._spans.append(Span(start=start, end=start + length, shown=shown))

    def find(self, part: Part, blocks: Sequence[Block]) -> None:
        """Find blocks that follow one another: the long ones first, then the short ones between them."""
        texts = [tight(block.text) for block in blocks]
        places = self._anchors(texts)
        self._between(texts, places)
        reached = 0
        for block, text, place in zip(blocks, texts, places, strict=True):
            shown = Shown(part=part, rule=block.rule, kind=block.kind, text=block.text)
            if place < 0 and part is Part.NOTHING:
                continue  # cut otherwise: its parts are among what is left
            if place < 0:  # read otherwise than it stands there: shown behind what stands before it
                self._spans.append(Span(start=reached, end=reached, shown=shown))
            else:
                self.take(place, len(text), shown)
                reached = place + len(text)

    def block_at(self, position: int) -> int:
        """The index of the block that a position of the tape lies in."""
        return bisect_right(self.starts, position) - 1

    def position(self, text: str, start: int = 0, end: int | None = None, *, backwards: bool = False) -> int:
        """Where a text without white space stands, and nothing took it yet; -1 if nowhere. Navigation comes last."""
        second = -1
        for found in self._occurrences(text, start, len(self._text) if end is None else end, backwards=backwards):
            if any(self._taken[found : found + len(text)]):
                continue
            if self.blocks[self.block_at(found)].rule not in self._unlikely:
                return found
            second = found if second < 0 else second
        return second

    def result(self) -> list[Span]:
        """All that was taken and all that was not, in order."""
        return sorted([*self._spans, *self._left()], key=lambda span: (span.start, span.end))

    def _anchors(self, texts: Sequence[str]) -> list[int]:
        places, reached = [], 0
        for text in texts:
            place = self.position(text, reached) if len(text) >= ANCHOR_CHARS else -1
            reached = place + len(text) if place >= 0 else reached
            places.append(place)
        return places

    def _between(self, texts: Sequence[str], places: list[int]) -> None:
        """Place the short texts: those before the first anchor as near to it as can be, the others behind the last."""
        first = next((n for n, place in enumerate(places) if place >= 0), 0)
        end = places[first] if places and places[first] >= 0 else 0
        for n in range(first - 1, -1, -1):
            places[n] = self.position(texts[n], 0, end, backwards=True) if texts[n] else -1
            end = places[n] if places[n] >= 0 else end
        bounds, after = [len(self._text)] * len(texts), len(self._text)
        for n in range(len(texts) - 1, -1, -1):
            bounds[n] = after
            after = places[n] if places[n] >= 0 else after
        reached = 0
        for n in range(first, len(texts)):
            if places[n] < 0 and texts[n]:
                places[n] = self.position(texts[n], reached, bounds[n])
            reached = places[n] + len(texts[n]) if places[n] >= 0 else reached

    def _occurrences(self, text: str, start: int, end: int, *, backwards: bool) -> Iterator[int]:
        find = self._text.rfind if backwards else self._text.find
        found = find(text, start, end) if text else -1
        while found >= 0:
            yield found
            if backwards:
                end = found + len(text) - 1
            else:
                start = found + 1
            found = find(text, start, end)

    def _left(self) -> Iterator[Span]:
        for block, start in zip(self.blocks, self.starts, strict=True):
            letters = [n for n, letter in enumerate(block.text) if tight(letter)]
            run: list[int] = []
            for n, letter in enumerate(letters):
                if not self._taken[start + n]:
                    run.append(letter)
                if run and (self._taken[start + n] or n == len(letters) - 1):
                    last = start + n + (not self._taken[start + n])
                    text = block.text[run[0] : run[-1] + 1]
                    shown = Shown(part=Part.NOTHING, rule=block.rule, kind=block.kind, text=text)
                    yield Span(start=last - len(run), end=last, shown=shown)
                    run = []


def tight(text: str) -> str:
    """Return a text without white space, and without the mark between table cells."""
    return "".join(text.split()).replace("|", "")
