"""Answers that took long to work out, kept until the archive says something else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")

_MOST = 2_000  # answers, of a few kB each: entries of lists, a feed for every source and kind, checks of sources


class Kept:
    """Shared by all threads. A state that is another one makes an answer anew: nothing that was erased is kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[Hashable, tuple[Hashable, object]] = {}

    def get(self, name: tuple[Callable[..., object], Hashable], state: Hashable, make: Callable[[], T]) -> T:
        """The answer of that name, made anew unless it was made at the same ``state`` of the archive.

        ``name`` begins with the function that it is the answer of, so that no two kinds of answers meet.
        """
        with self._lock:
            held = self._held.get(name)
        if held is not None and held[0] == state:
            found: T = held[1]  # type: ignore[assignment]  # what the same function made
            return found
        made = make()  # outside the lock: two threads may do the same, which is better than one waiting for all
        with self._lock:
            if len(self._held) >= _MOST:
                self._held.clear()
            self._held[name] = (state, made)
        return made
