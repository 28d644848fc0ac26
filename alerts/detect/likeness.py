"""How much text two pages have in common."""

from __future__ import annotations

import re
from collections import Counter

from extractors import text
from storage.pages import StoredPage

_WORD = re.compile(r"\w+")


def likeness(before: StoredPage, after: StoredPage) -> float:
    """Return the Dice overlap of two pages' sentences, weighted by length: 0.0 nothing in common, 1.0 the same text.

    Notices and frame are left out, so that what all pages share makes no two pages alike. Two
    pages without any main text are alike if their titles and attachments are.
    """
    one, other = _sentences(before), _sentences(after)
    total = sum(one.values()) + sum(other.values())
    if total == 0:
        return float(_outside(before) == _outside(after))
    return 2 * sum((one & other).values()) / total


def left_over(before: StoredPage, after: StoredPage) -> float:
    """Return the share of a page's sentences, weighted by length, that a former state of it had as well: 0.0 … 1.0."""
    one, other = _sentences(before), _sentences(after)
    total = sum(other.values())
    return sum((one & other).values()) / total if total else 0.0


def words_in_common(before: StoredPage, after: StoredPage) -> float:
    """Return the Dice overlap of two pages' words, 0.0 … 1.0: of a page in which one word was exchanged, nearly 1.0."""
    one, other = _words(before), _words(after)
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _words(page: StoredPage) -> Counter[str]:
    return Counter(word for block in page.blocks for word in _WORD.findall(text.fold(block.text).casefold()))


def _sentences(page: StoredPage) -> Counter[str]:
    weights: Counter[str] = Counter()
    for block in page.blocks:
        for sentence in text.sentences(block.text):
            folded = text.fold(sentence)
            weights[folded] += len(folded)
    return weights


def _outside(page: StoredPage) -> tuple[str, tuple[str, ...]]:
    return text.fold(page.title), tuple(text.fold(attachment.label) for attachment in page.attachments)
