"""Texts as tokens, and where two sequences of them differ."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import LCSseq

# difflib is cubic on repeats: 1,500 against 2,000 repeated sentences took 3.45 s. Longer texts get the plain LCS.
_MAX_READABLE = 1_200
_MAX_TOKENS = 20_000

# Numbers, times and dates stay whole: "12.30", "180.3" and "14.09.2018" are one token each.
TOKEN = re.compile(r"\d(?:[\d.,:/]*\d)?|[^\W\d_]+|\s+|.", re.DOTALL)


def opcodes(old: list[str], new: list[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Yield (same, start, stop, left, right) for stretches of two token lists that are equal or not, in order."""
    head = common(old, new)
    tail = common(old[head:][::-1], new[head:][::-1])
    if head:
        yield True, 0, head, 0, head
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    codes: Iterable[tuple[bool, int, int, int, int]]
    if max(len(a), len(b)) > _MAX_TOKENS:
        codes = [(False, 0, len(a), 0, len(b))]
    elif max(len(a), len(b)) > _MAX_READABLE:
        codes = lcs(a, b)
    else:  # longest runs first reads better than the longest subsequence, and is affordable here
        matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
        codes = ((tag == "equal", i, k, j, m) for tag, i, k, j, m in matcher.get_opcodes())
    for same, start, stop, left, right in codes:
        yield same, head + start, head + stop, head + left, head + right
    if tail:
        yield True, len(old) - tail, len(old), len(new) - tail, len(new)


def common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many items two sequences have in common at their start."""
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def lcs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
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
