"""Sets of words, written the way they are read."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text parted by white space."""
    return frozenset(text.split())
