"""Which lines are shared by how many pages."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.detect import world
from alerts.detect.world import Lines, carried, is_shared
from storage.pages import StoredPage, at_hand
from tests.alerts.detect_support import page

_LINES = st.lists(st.sampled_from(["Eins.", "Zwei.", "Drei.", "Vier.", "Fünf."]), max_size=4)
_PAGES = st.lists(st.tuples(_LINES, _LINES), max_size=20)


def made(contents: list[tuple[list[str], list[str]]]) -> list[StoredPage]:
    return [at_hand(page(f"/p/{n}", "Titel", *main, frame=frame)) for n, (main, frame) in enumerate(contents)]


@given(_PAGES, _PAGES, st.integers(1, 10))
@settings(max_examples=400)
def test_what_is_carried_is_what_a_plain_count_gives(
    first: list[tuple[list[str], list[str]]], second: list[tuple[list[str], list[str]]], seldom: int
) -> None:
    shared, in_main = set(), set()
    for contents in (first, second):
        counts = Counter(line for main, frame in contents for line in {*main, *frame})
        mine = {line for line, count in counts.items() if is_shared(count, len(contents))}
        shared |= mine
        in_main |= {line for main, _ in contents for line in main} & mine
    found = carried((made(first), made(second)), Lines(), seldom=seldom)
    assert (found.lines, found.in_main) == (shared, in_main)


def test_lines_that_few_pages_show_are_not_all_held_at_once() -> None:
    tally = world._Tally(1000, 50)
    most = 0
    for number in range(1000):
        tally.add({"Alle zeigen es.", f"Nur Seite {number} zeigt es.", f"Seite {number} auch."}, ())
        most = max(most, len(tally._counts))
    assert most < 150
    assert tally.shared() == ({"Alle zeigen es."}, {"Alle zeigen es."}, set())


def test_the_lines_of_a_text_are_folded_once_as_long_as_there_is_room() -> None:
    lines, one = Lines(), at_hand(page("/p/a", "Titel", "Eins  Zwei.", frame=("Fuß.",)))
    assert lines.main(one) == ("Eins Zwei.",)
    assert lines.main(one) is lines.main(one)
    assert lines.everything(one) == {"Eins Zwei.", "Fuß."}
    lines._room = 0
    other = at_hand(page("/p/b", "Titel", "Drei."))
    before = lines.main(one)
    assert lines.main(other) == ("Drei.",)
    assert lines.main(one) == before
