"""What runs for years stays as large as it was: memory, open files, threads, and what a look adds to the archive."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from benchmarks.crawl import ours
from benchmarks.flat import __main__ as marks
from benchmarks.flat import cycles

_Start = Callable[[Path], AbstractContextManager[tuple[Callable[[], None], int]]]


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(cycles.served, marks=pytest.mark.slow, id="one crawl process"),
        pytest.param(cycles.scheduled, marks=pytest.mark.slow, id="one scheduler"),
    ],
)
def test_fifty_cycles_leave_nothing_behind(tmp_path: Path, start: _Start) -> None:
    with start(tmp_path) as (cycle, process):
        first, last = cycles.measured(cycle, process, ours.archive(tmp_path), (10, 50))
    assert last.memory - first.memory <= marks.MEMORY
    assert last.files - first.files <= marks.FILES
    assert last.threads - first.threads <= marks.THREADS
    assert last.looks - first.looks == 40 * (first.looks // 10)
    assert cycles.growth(first, last) <= marks.PER_LOOK
