"""What changed between two texts, in one form for terminal, mail and web."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, LCSseq

from extractors.address import key
from extractors.model import Block, BlockKind
from extractors.text import block_fold, fold
from extractors.words import word_set

# Two blocks are one block, edited, from this ratio on (0…100): of German sentences tried, unrelated ones of one
# topic stayed under 50, rewritten ones came out above 65.
_ALIKE = 60
# The longest common subsequence needs quadratic memory: 8,000 lines against 8,000 took 0.22 s (measured).
_MAX_BLOCKS = 8_000
# Pairing compares every removed with every added block of a gap; a gap of 200 × 200 takes about 0.1 s.
_MAX_GAP = 40_000
# difflib is cubic on repeats: 1,500 against 2,000 repeated sentences took 3.45 s. Longer texts get the plain LCS.
_MAX_READABLE = 1_200
_MAX_TOKENS = 20_000

# Numbers, times and dates stay whole: "12.30", "180.3" and "14.09.2018" are one token each.
_TOKEN = re.compile(r"\d(?:[\d.,:/]*\d)?|[^\W\d_]+|\s+|.", re.DOTALL)

_MONTHS_AND_DAYS = word_set(
    """januar jänner februar feber märz april mai juni juli august september oktober november dezember
    jan feb mär mrz apr jun jul aug sep sept okt nov dez montag dienstag mittwoch donnerstag freitag samstag
    sonnabend sonntag january february march may june july october december monday tuesday wednesday thursday
    friday saturday sunday"""
)
_NEGATIONS = word_set(
    """nicht nichts nie niemals niemand nirgends ohne weder kaum kein keine keinem keinen keiner keines keinerlei
    nein not no never none nobody without"""
)
# Swapping one of these for another mends grammar; it moves no fact.
_ARTICLES = word_set("der die das dem den des ein eine einem einen einer eines the a an")
_SALUTATIONS = word_set("herr herrn frau dr prof senator senatorin minister ministerin präsident präsidentin familie")


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
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    runs: list[Run] = []
    for same, start, stop, left, right in _opcodes([fold(t) for t in old], [fold(t) for t in new]):
        if same:
            runs.append(Run(op=RunOp.SAME, text="".join(new[left:right])))
            continue
        if stop > start:
            runs.append(Run(op=RunOp.DEL, text="".join(old[start:stop])))
        if right > left:
            runs.append(Run(op=RunOp.INS, text="".join(new[left:right])))
    return tuple(_smooth(runs))


def is_minor(before: Block, after: Block) -> bool:
    """True when only spelling, punctuation or a caption differs (design §4.11).

    Never minor: digits, months, weekdays, negations, names, link targets, invisible characters.
    """
    if [key(link.uri) for link in before.links] != [key(link.uri) for link in after.links]:
        return False
    caption = before.kind is after.kind is BlockKind.CAPTION
    return is_minor_text(before.text, after.text) or (caption and not _telling(before.text, after.text))


def is_minor_text(before: str, after: str) -> bool:
    """:func:`is_minor` for texts without links, such as titles and labels."""
    old, new = _TOKEN.findall(fold(before)), _TOKEN.findall(fold(after))
    old, new = [t for t in old if not t.isspace()], [t for t in new if not t.isspace()]
    for same, start, stop, left, right in _opcodes(old, new):
        if not same and not _slip(old, new, slice(start, stop), slice(left, right)):
            return False
    return True


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
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    if head:
        yield True, range(head), range(head)
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(middle_old), len(middle_new)) > _MAX_BLOCKS:
        yield False, range(head, len(old) - tail), range(head, len(new) - tail)
    else:
        for same, start, stop, left, right in _lcs(middle_old, middle_new):
            yield same, range(head + start, head + stop), range(head + left, head + right)
    if tail:
        yield True, range(len(old) - tail, len(old)), range(len(new) - tail, len(new))


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _lcs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Opcodes of the longest common subsequence; a deletion and an insertion side by side are one replacement."""
    start = left = 0
    for code in LCSseq.opcodes(old, new):
        if code.tag != "equal":
            continue
        if code.src_start > start or code.dest_start > left:
            yield False, start, code.src_start, left, code.dest_start
        yield True, code.src_start, code.src_end, code.dest_start, code.dest_end
        start, left = code.src_end, code.dest_end
    if len(old) > start or len(new) > left:
        yield False, start, len(old), left, len(new)


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
        runs = words(before[i].text, after[j].text)
        yield BlockChange(op=Op.CHANGED, before=before[i], after=after[j], runs=runs)
    for lost in waiting:
        if lost not in partner:
            yield BlockChange(op=Op.REMOVED, before=before[lost], after=None, runs=_whole(before[lost], RunOp.DEL))


def _pairs(before: Sequence[Block], after: Sequence[Block], old: Sequence[int], new: Sequence[int]) -> dict[int, int]:
    """New index → old index of the blocks that are alike, each used once, best matches first."""
    if len(old) * len(new) > _MAX_GAP:
        return {j: i for i, j in zip(old, new, strict=False) if _alike(before[i], after[j]) >= _ALIKE}
    scored = ((_alike(before[i], after[j]), -abs(n - m), i, j) for n, i in enumerate(old) for m, j in enumerate(new))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for score, _, i, j in sorted(scored, reverse=True):
        if score < _ALIKE:
            break
        if i not in taken and j not in pairs:
            pairs[j] = i
            taken.add(i)
    return pairs


def _alike(before: Block, after: Block) -> float:
    """0…100. The same words with other link targets are the same block."""
    return float(fuzz.ratio(fold(before.text)[:5_000], fold(after.text)[:5_000], score_cutoff=_ALIKE))


def _same(before: Block, after: Block) -> BlockChange:
    return BlockChange(op=Op.SAME, before=before, after=after, runs=_whole(after, RunOp.SAME))


def _whole(block: Block, op: RunOp) -> tuple[Run, ...]:
    return (Run(op=op, text=block.text),)


# --- words within a block


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    if head:
        yield True, 0, head, 0, head
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    codes: Iterable[tuple[bool, int, int, int, int]]
    if max(len(a), len(b)) > _MAX_TOKENS:
        codes = [(False, 0, len(a), 0, len(b))]
    elif max(len(a), len(b)) > _MAX_READABLE:
        codes = _lcs(a, b)
    else:  # longest runs first reads better than the longest subsequence, and is affordable here
        matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
        codes = ((tag == "equal", i, k, j, m) for tag, i, k, j, m in matcher.get_opcodes())
    for same, start, stop, left, right in codes:
        yield same, head + start, head + stop, head + left, head + right
    if tail:
        yield True, len(old) - tail, len(old), len(new) - tail, len(new)


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


# --- what is only a slip of the pen


def _slip(old: list[str], new: list[str], gone: slice, come: slice) -> bool:
    """True when this difference of two token lists is one of spelling or punctuation."""
    before, after = old[gone], new[come]
    if any(_tells(token) for token in (*before, *after)):
        return False
    a, b = [t for t in before if t.isalpha()], [t for t in after if t.isalpha()]
    if "".join(a).lower() == "".join(b).lower():  # punctuation, case, or a compound written apart
        return True
    if _twice(old, gone, a, b) or _twice(new, come, b, a):
        return True
    if len(a) != len(b):
        return False
    name = _after_name(old, gone.start)
    return all(x == y or _misspelt(x, y, name=name) for x, y in zip(a, b, strict=True))


def _twice(tokens: list[str], place: slice, alone: list[str], other: list[str]) -> bool:
    """True when all that differs is a word that stands twice in a row on one side."""
    first = place.start > 0 and not other and len(alone) == 1
    return first and tokens[place.start - 1].lower() == alone[0].lower()


def _tells(token: str) -> bool:
    """True for a token that carries a fact: a number, a month, a weekday, a negation, a hidden character."""
    lower = token.lower()
    hidden = any(unicodedata.category(character) in ("Cf", "Cc", "Co", "Cs") for character in token)
    return hidden or any(map(str.isdigit, token)) or lower in _MONTHS_AND_DAYS or lower in _NEGATIONS


def _telling(before: str, after: str) -> bool:
    """True when a fact stands in what differs between two texts."""
    changed = (run.text for run in words(before, after) if run.op is not RunOp.SAME)
    return any(_tells(token) for text in changed for token in _TOKEN.findall(text))


def _after_name(tokens: list[str], index: int) -> bool:
    """True when the word before is one that a name follows: a first name, a title, a salutation."""
    previous = next((t for t in reversed(tokens[:index]) if t.isalpha()), "")
    return previous.lower() in _SALUTATIONS or (previous[:1].isupper() and len(previous) > 3)


def _misspelt(old: str, new: str, *, name: bool) -> bool:
    """True when one word is the other with a slip: letters swapped, doubled, lost or mistaken."""
    a, b = old.lower(), new.lower()
    if a in _ARTICLES and b in _ARTICLES:
        return True
    if a in ("un" + b, "miss" + b) or b in ("un" + a, "miss" + a):
        return False
    shorter = min(len(a), len(b))
    allowed = 2 if shorter >= 8 else 1 if shorter >= 4 else 0
    if not allowed or OSA.distance(a, b, score_cutoff=allowed) > allowed:
        return False
    if not old[0].isupper():
        return True
    # A capital may begin a noun or a name. Another letter in it makes another name (Möller, Müller); letters swapped,
    # doubled or lost in a long word make a slip, unless a name is to be expected there.
    return not name and shorter >= 6 and (len(a) != len(b) or sorted(a) == sorted(b))
