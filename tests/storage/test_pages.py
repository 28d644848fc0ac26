"""Pages whose text is fetched when somebody asks for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.detection.cases import CASES
from benchmarks.detection.history import SOURCE, History
from benchmarks.detection.site import Reader
from extractors.model import Block, BlockKind, Link, Page
from storage import pages
from storage.archive import Archive
from storage.pages import Pages, StoredPage, at_hand, whole
from tests.storage.makers import page

URI = "https://example.org/a/"


def framed(text: str, *lines: str) -> Page:
    frame = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines)
    return page(URI, text, frame=frame)


def test_what_stands_round_the_text_is_at_hand_and_the_text_is_fetched() -> None:
    fetched: list[Page] = []
    shown = framed("a text", "a footer")

    def fetch() -> Page:
        fetched.append(shown)
        return shown

    stored = pages.stored(shown, fetch)
    assert (stored.uri, stored.kind, stored.frame) == (URI, shown.kind, shown.frame)
    assert (stored.notices, stored.attachments, stored.canonical) == ((), (), None)
    assert not fetched
    assert (stored.whole, stored.blocks, stored.text) == (shown, shown.blocks, "Title\na text")
    assert (stored.title, stored.links, len(fetched)) == ("Title", (), 5)
    assert (stored.said, len(fetched)) == (shown, 6)


def test_of_a_page_that_changed_all_is_at_hand_but_its_links() -> None:
    fetched: list[Page] = []
    shown = replace(framed("a text", "a footer"), links=(Link(uri=f"{URI}b", text="B"),))

    def fetch() -> Page:
        fetched.append(shown)
        return shown

    held = pages.stored(shown, fetch).held()
    assert (held.title, held.blocks, held.text, len(fetched)) == ("Title", shown.blocks, "Title\na text", 1)
    assert (held.said, len(fetched)) == (replace(shown, links=()), 1)
    assert (held.links, held.whole, held, len(fetched)) == (shown.links, shown, at_hand(shown), 3)
    reframed = replace(held, frame=())
    assert (reframed.said.frame, reframed.said.blocks) == ((), shown.blocks)


def test_what_a_changed_page_says_as_before_is_one_object_for_both_states() -> None:
    def of(*lines: str, level: int = 0) -> StoredPage:
        blocks = [Block(kind=BlockKind.PARAGRAPH, text=line, level=level) for line in lines]
        return at_hand(replace(page(URI, ""), blocks=tuple(blocks)))

    before, now = of("one", "two", "three"), of("new", "one", "three", "four")
    held = now.held(before)
    assert held == now
    assert [any(block is old for old in before.blocks) for block in held.blocks] == [False, True, True, False]
    assert of("one", level=2).held(before).blocks == of("one", level=2).blocks


def test_a_page_with_the_frame_of_another_look_is_whole_with_it() -> None:
    then, now = framed("a text", "a footer"), framed("a text", "another footer")
    assert replace(at_hand(then), frame=now.frame).whole == now
    assert at_hand(then).whole is whole(then) is then


def test_stored_pages_are_equal_when_the_whole_of_them_is() -> None:
    one, same, other = at_hand(framed("a text")), at_hand(framed("a text")), at_hand(framed("another"))
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != framed("a text")


def test_only_the_pages_used_last_are_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_AT_HAND", 30)
    kept = Pages()
    for number in range(4):
        kept.put(number, framed(f"text {number}"), 10)
        kept.whole(0)
    assert [kept.whole(number) is not None for number in range(4)] == [True, False, True, True]
    assert kept.outline(0) is None, "nobody looks at all of them"
    kept.put(0, framed("text 0"), 10)
    kept.put(9, framed("larger than all that may be kept"), 31)
    assert [number for number in range(10) if kept.whole(number)] == [9]
    outline = kept.keep(9, framed("text"), lambda: pytest.fail("nobody asked for it"))
    assert kept.outline(9) is outline is kept.keep(9, framed("text"), lambda: pytest.fail("nobody asked for it"))
    kept.clear()
    assert (kept.outline(9), kept.whole(9)) == (None, None)


def test_of_a_large_section_few_pages_are_kept_whole_also_once_it_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_LARGE", 3)
    monkeypatch.setattr(pages, "_AT_HAND_OF_LARGE", 20)
    kept = Pages()

    def look(number: int) -> None:
        shown = kept.put(number, framed(f"text {number}"), 10)
        kept.keep(number, shown, lambda: shown)

    for number in range(2):
        look(number)
    assert [kept.whole(number) is not None for number in range(2)] == [True, True]
    for number in range(2, 5):
        look(number)
    assert [kept.whole(number) is not None for number in range(5)] == [False, False, False, True, True]
    kept.release()
    assert [kept.outline(number) for number in range(5)] == [None] * 5
    assert kept.whole(4) is not None
    kept.put(5, framed("text 5"), 10)
    assert [kept.whole(number) is not None for number in range(6)] == [False, False, False, False, True, True]
    kept.clear()
    for number in range(4):
        kept.put(number, framed(f"text {number}"), 10)
    assert all(kept.whole(number) for number in range(4))


def test_what_neighbours_have_in_common_is_one_object() -> None:
    kept = Pages()
    first = kept.put(1, framed("one", "a header", "made at 10:00"), 1)
    second = kept.put(2, framed("two", "a header", "made at 11:00"), 1)
    third = kept.put(3, framed("three", "a header", "made at 11:00"), 1)
    assert [block.text for block in second.frame] == ["a header", "made at 11:00"]
    assert second.frame[0] is first.frame[0]
    assert third.frame is second.frame
    assert third.blocks[0].text == "three"


def test_pages_that_are_read_one_by_one_leave_nothing_but_those_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A web view reads for years."""
    monkeypatch.setattr(pages, "_AT_HAND", 1)
    history = History(tmp_path / "amtsblick.db", Reader(60))
    history.begin()
    with Archive.open(history.path, readonly=True) as archive:
        assert all(archive.page_of(number) for number in range(1, 61))
        assert not archive._connection.pages._outlines
        assert len(archive._connection.pages._whole) == 1


@pytest.mark.parametrize("case", CASES)
def test_a_section_larger_than_memory_is_told_the_same(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all its pages one is kept whole."""

    def told(name: str) -> list[object]:
        history = History(tmp_path / name, Reader(60))
        history.begin()
        history.look(lambda state: CASES["20 pages changed"].wanted(state, 60, 0))
        history.look(lambda state: CASES[case].wanted(state, 60, 1))
        with Archive.open(history.path) as archive:
            return [archive.changes_between(0, archive.last_seq()), archive.source_state(SOURCE.name)]

    plenty = told("plenty.db")
    monkeypatch.setattr(pages, "_AT_HAND", 1)
    assert told("little.db") == plenty
    assert plenty[0]


def test_the_view_of_a_crawl_holds_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_AT_HAND", 1)
    history = History(tmp_path / "amtsblick.db", Reader(60))
    history.begin()
    with Archive.open(history.path) as archive:
        (crawl,) = archive.crawls(SOURCE.name)
        view = archive.crawl_view(crawl)
        shown = [look.page for look in view.looks.values() if look.page is not None]
        assert len(shown) == 60
        at_once = sum(archive._connection.pages.whole(number) is not None for number in range(1, 100))
        assert at_once == 1
        assert all(isinstance(one, StoredPage) and one.blocks for one in shown)
        known = [each.page for each in archive.frontier(SOURCE.name)]
        assert all(any(one is other for other in shown) for one in known), "one object for one reading"
