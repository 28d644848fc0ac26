"""What is measured: crawls that bring little, and crawls in which every page changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from benchmarks.detection.history import Cost, History
from benchmarks.detection.site import State

CHANGED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind of crawl: what its pages show (by the page's last state and the round), and how long it may take."""

    wanted: Callable[[State, int, int], State]
    target: float  # seconds of the processor at the usual number of pages
    told: int  # changes it brings


def _few(state: State, pages: int, turn: int) -> State:
    """Other pages in every round, spread over the site."""
    step = pages // CHANGED
    hit = state.number % step == 1 + turn and state.number // step < CHANGED
    return replace(state, edition=1_000_000 + turn) if hit else state


CASES: Mapping[str, Case] = {
    # Issue 4: under 2 s at 10 and at 500 earlier crawls alike. The others have marks of our own: some seconds.
    "20 pages changed": Case(wanted=_few, target=2.0, told=CHANGED),
    "nothing changed": Case(wanted=lambda state, _pages, _turn: state, target=2.0, told=0),
    "a notice on all pages": Case(wanted=lambda s, _pages, _turn: replace(s, notice=True), target=5.0, told=1),
    "the notice is gone": Case(wanted=lambda s, _pages, _turn: replace(s, notice=False), target=5.0, told=1),
    "another template": Case(
        wanted=lambda s, _pages, turn: replace(s, template=2 * turn + 1), target=5.0, told=1,
    ),
}  # fmt: skip


def measure(history: History, case: Case, turn: int) -> Cost:
    """The cost of one detection of a case."""
    pages = history.reader.pages
    return history.look(lambda state: case.wanted(state, pages, turn))
