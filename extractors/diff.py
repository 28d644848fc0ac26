"""What changed between two texts, in one form for terminal, mail and web."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from extractors.address import key
from extractors.model import Block, BlockKind
from extractors.spelling import is_minor_text, tells
from extractors.text import block_fold, fold
from extractors.tokens import TOKEN, common, lcs, opcodes

__all__ = ["BlockChange", "Op", "Run", "RunOp", "align", "all_minor", "is_minor", "is_minor_text", "words"]

# Two blocks are one block, edited, from this ratio on (0…100): of German sentences tried, unrelated ones of one
# topic stayed under 50, rewritten ones came out above 65.
_ALIKE = 60
# The longest common subsequence needs quadratic memory: 8,000 lines against 8,000 took 0.22 s (measured).
_MAX_BLOCKS = 8_000
# Pairing compares every removed with every added block of a gap; a gap of 200 × 200 takes about 0.1 s.
_MAX_GAP = 40_000
# So many edited blocks of a gap are marked word by word, ten times what any reader is shown; 50,000 took 10 s.
_MAX_WORDED = 2_000
# Two paragraphs are compared by so many characters; where many are compared, their beginnings must do.
_COMPARED, _COMPARED_OF_MANY, _MANY = 5_000, 400, 400


class RunOp(StrEnum):
    """What happened to a stretch of words."""

    SAME = "same"
    DEL = "del"
    INS = "ins"


class Op(StrEnum):
    """What happened to a block."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text that was kept, removed or added."""

    op: RunOp
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockChange:
    """One block's fate: ``before`` is None if added, ``after`` if removed; ``runs`` are its words, marked."""

    op: Op
    before: Block | None
    after: Block | None
    runs: tuple[Run, ...]


def align(before: Sequence[Block], after: Sequence[Block]) -> tuple[BlockChange, ...]:
    """Pair the blocks of two states, in the order of the new one, with removed blocks where they stood.

    A block that only stands elsewhere is moved, not removed and added. Bounded in time for any input:
    beyond 8,000 blocks the middle is compared by position.
    """
    gaps = list(_gaps([block_fold(block) for block in before], [block_fold(block) for block in after]))
    moved_from, moved_to = _moves(before, after, gaps)
    changes: list[BlockChange] = []
    for same, old, new in gaps:
        if same:
            changes += (_same(before[i], after[j]) for i, j in zip(old, new, strict=True))
            continue
        left = [i for i in old if i not in moved_from]
        changes += _gap(before, after, left, new, moved_to)
    return tuple(changes)


def words(before: str, after: str) -> tuple[Run, ...]:
    """The word-level difference of two texts; numbers and dates are never cut.

    Words that differ only in what :func:`extractors.text.fold` ignores are the same, shown as the new text has them.
    """
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    runs: list[Run] = []
    for same, start, stop, left, right in opcodes([fold(t) for t in old], [fold(t) for t in new]):
        if same:
            runs.append(Run(op=RunOp.SAME, text="".join(new[left:right])))
            continue
        if stop > start:
            runs.append(Run(op=RunOp.DEL, text="".join(old[start:stop])))
        if right > left:
            runs.append(Run(op=RunOp.INS, text="".join(new[left:right])))
    return tuple(_smooth(runs))


def _targets(block: Block) -> list[str]:
    return [key(link.uri) for link in (*block.links, *block.contacts)]


def is_minor(before: Block, after: Block) -> bool:
    """True when only spelling, punctuation or a caption differs (design §4.11).

    Never minor: digits, months, weekdays, negations, names, link targets, invisible characters.
    """
    if _targets(before) != _targets(after):
        return False
    caption = before.kind is after.kind is BlockKind.CAPTION
    return is_minor_text(before.text, after.text) or (caption and not _telling(before.text, after.text))


def all_minor(changes: Sequence[BlockChange]) -> bool:
    """True when none of the changes is more than minor; nothing at all is minor."""
    return all(_minor_change(change) for change in changes)


def _minor_change(change: BlockChange) -> bool:
    if change.op in (Op.SAME, Op.MOVED):
        return True
    if change.before is not None and change.after is not None:
        return is_minor(change.before, change.after)
    alone = change.before or change.after
    return alone is not None and alone.kind is BlockKind.CAPTION and not _telling(alone.text, "")


# --- aligning blocks


def _gaps(old: list[str], new: list[str]) -> Iterator[tuple[bool, range, range]]:
    """Stretches of equal and of unequal lines, in order."""
    head = common(old, new)
    tail = common(old[head:][::-1], new[head:][::-1])
    if head:
        yield True, range(head), range(head)
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(middle_old), len(middle_new)) > _MAX_BLOCKS:
        yield False, range(head, len(old) - tail), range(head, len(new) - tail)
    else:
        for same, start, stop, left, right in lcs(middle_old, middle_new):
            yield same, range(head + start, head + stop), range(head + left, head + right)
    if tail:
        yield True, range(len(old) - tail, len(old)), range(len(new) - tail, len(new))


def _moves(
    before: Sequence[Block], after: Sequence[Block], gaps: Iterable[tuple[bool, range, range]]
) -> tuple[dict[int, int], dict[int, int]]:
    """Blocks of the gaps that stand on both sides: old index → new index, and back."""
    places: dict[str, list[int]] = defaultdict(list)
    gaps = list(gaps)
    for same, old, _ in gaps:
        for i in old if not same else ():
            places[block_fold(before[i])].append(i)
    moved_to: dict[int, int] = {}
    for same, _, new in gaps:
        for j in new if not same else ():
            waiting = places.get(block_fold(after[j]))
            if waiting:
                moved_to[j] = waiting.pop(0)
    return {i: j for j, i in moved_to.items()}, moved_to


def _gap(
    before: Sequence[Block], after: Sequence[Block], old: Sequence[int], new: Sequence[int], moved_to: dict[int, int]
) -> Iterator[BlockChange]:
    """What became of the blocks of one gap: pairs that are alike are one block, edited."""
    pairs = _pairs(before, after, old, [j for j in new if j not in moved_to])
    partner = {i: j for j, i in pairs.items()}
    waiting = list(old)
    worded = 0
    for j in new:
        if j in moved_to:
            yield BlockChange(
                op=Op.MOVED, before=before[moved_to[j]], after=after[j], runs=_whole(after[j], RunOp.SAME)
            )
            continue
        i = pairs.get(j)
        while waiting and (i is not None or waiting[0] not in partner) and waiting[0] != i:
            lost = waiting.pop(0)
            if lost not in partner:
                yield BlockChange(op=Op.REMOVED, before=before[lost], after=None, runs=_whole(before[lost], RunOp.DEL))
        if i is None:
            yield BlockChange(op=Op.ADDED, before=None, after=after[j], runs=_whole(after[j], RunOp.INS))
            continue
        if waiting and waiting[0] == i:
            waiting.pop(0)
        worded += 1
        runs = (
            words(before[i].text, after[j].text)
            if worded <= _MAX_WORDED
            else (*_whole(before[i], RunOp.DEL), *_whole(after[j], RunOp.INS))
        )
        yield BlockChange(op=Op.CHANGED, before=before[i], after=after[j], runs=runs)
    for lost in waiting:
        if lost not in partner:
            yield BlockChange(op=Op.REMOVED, before=before[lost], after=None, runs=_whole(before[lost], RunOp.DEL))


def _pairs(before: Sequence[Block], after: Sequence[Block], old: Sequence[int], new: Sequence[int]) -> dict[int, int]:
    """New index → old index of the blocks that are alike, each used once, best matches first."""
    if len(old) * len(new) > _MAX_GAP:
        return {j: i for i, j in zip(old, new, strict=False) if _alike(before[i], after[j]) >= _ALIKE}
    length = _COMPARED if len(old) * len(new) <= _MANY else _COMPARED_OF_MANY
    texts_old = [fold(before[i].text)[:length] for i in old]
    texts_new = [fold(after[j].text)[:length] for j in new]
    scored = [
        (score, -abs(n - m), i, j)
        for n, i in enumerate(old)
        for m, j in enumerate(new)
        if (score := fuzz.ratio(texts_old[n], texts_new[m], score_cutoff=_ALIKE))
    ]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(scored, reverse=True):
        if i not in taken and j not in pairs:
            pairs[j] = i
            taken.add(i)
    return pairs


def _alike(before: Block, after: Block) -> float:
    """0…100. The same words with other link targets are the same block."""
    return float(
        fuzz.ratio(fold(before.text)[:_COMPARED_OF_MANY], fold(after.text)[:_COMPARED_OF_MANY], score_cutoff=_ALIKE)
    )


def _same(before: Block, after: Block) -> BlockChange:
    return BlockChange(op=Op.SAME, before=before, after=after, runs=_whole(after, RunOp.SAME))


def _whole(block: Block, op: RunOp) -> tuple[Run, ...]:
    return (Run(op=op, text=block.text),)


# --- words within a block


def _smooth(runs: list[Run]) -> Iterator[Run]:
    """Join changes that only a blank or a mark parts: "12. bis 16. Mai" reads better struck out as one."""
    removed = added = ""
    for index, run in enumerate(runs):
        between = run.op is RunOp.SAME and not any(map(str.isalnum, run.text))
        if between and (removed or added) and index + 1 < len(runs):
            removed, added = removed + run.text, added + run.text
        elif run.op is RunOp.SAME:
            yield from _change(removed, added)
            removed = added = ""
            yield run
        elif run.op is RunOp.DEL:
            removed += run.text
        else:
            added += run.text
    yield from _change(removed, added)


def _change(removed: str, added: str) -> Iterator[Run]:
    """A removal and an addition without the ends they share."""
    end = ""
    while removed and added and removed[-1] == added[-1] and not removed[-1].isalnum():
        end, removed, added = removed[-1] + end, removed[:-1], added[:-1]
    if removed.strip() or (removed and not added):
        yield Run(op=RunOp.DEL, text=removed)
    if added:
        yield Run(op=RunOp.INS, text=added)
    if end:
        yield Run(op=RunOp.SAME, text=end)


def _telling(before: str, after: str) -> bool:
    """True when a fact stands in what differs between two texts."""
    changed = (run.text for run in words(before, after) if run.op is not RunOp.SAME)
    return any(tells(token) for text in changed for token in TOKEN.findall(text))
