"""Times several ways of reading the same pages in one interleaved run: a slow moment of the machine hits all."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import geometric_mean
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of reading: ``prepare`` is not timed (a tree is changed by reading it, so each run needs a new one)."""

    prepare: Callable[[bytes], Any]
    run: Callable[[Any], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The best processor time of each page in seconds, in the order of the pages."""

    seconds: tuple[float, ...]

    @property
    def total(self) -> float:
        """All pages, each read once."""
        return sum(self.seconds)


def interleaved(ways: Mapping[str, Way], bodies: Sequence[bytes], rounds: int) -> dict[str, Times]:
    """Read every page in every way, ``rounds`` times in turn; processor time, so that other work does not count."""
    best = {name: [float("inf")] * len(bodies) for name in ways}
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for number, body in enumerate(bodies):
                for name, way in ways.items():
                    best[name][number] = min(best[name][number], _once(way, body))
                gc.collect()
    finally:
        gc.enable()
    return {name: Times(seconds=tuple(seconds)) for name, seconds in best.items()}


def ratio_of_sums(slow: Times, fast: Times) -> float:
    """How many times as fast, over all pages: the large ones weigh more."""
    return slow.total / fast.total


def ratio_per_page(slow: Times, fast: Times) -> float:
    """How many times as fast, every page weighing the same (the geometric mean)."""
    return geometric_mean(a / b for a, b in zip(slow.seconds, fast.seconds, strict=True))


def _once(way: Way, body: bytes) -> float:
    prepared = way.prepare(body)
    start = time.process_time()
    way.run(prepared)
    return time.process_time() - start
