"""Many things some at a time: what SQLite gives for each is several times what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 500


def batches(items: Sequence[T], size: int | None = None) -> Iterator[Sequence[T]]:
    """Parts of a sequence, each of ``size`` items, :data:`AT_ONCE` by default, but the last."""
    size = size or AT_ONCE
    for start in range(0, len(items), size):
        yield items[start : start + size]
