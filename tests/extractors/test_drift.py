"""Where the reading of a page moved while the page did not, that is said, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors import drift
from extractors.edition import EXTRACTOR_VERSION, has_setup, is_current, stamp
from extractors.model import Answer, Block, BlockKind, Hints, Notice, Outcome, Page, PageKind
from extractors.read import read
from extractors.text import text_digest

URI = "https://amt.example.org/regeln/"
LINES = tuple(f"In Absatz {number} steht, was für den Antrag und seine Frist gilt." for number in range(1, 11))


def blocks(*lines: str) -> tuple[Block, ...]:
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines)


def page(*lines: str, frame: tuple[str, ...] = (), **more: object) -> Page:
    made = Page(uri=URI, title="Regeln", blocks=blocks(*lines), frame=blocks(*frame))
    return replace(made, **more)  # type: ignore[arg-type]  # the callers name fields of Page


def markup(*lines: str, aside: str = "", foot: str = "") -> str:
    text = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html lang=de><head><title>Regeln</title></head><body><main><h1>Regeln</h1>{text}</main>"
        f"<aside>{aside}</aside><footer><p>Amt am Fluss {foot}</p></footer></body></html>"
    )


def rule_of(before: str, after: str) -> tuple[Outcome, str, str]:
    head = (("Content-Type", "text/html; charset=utf-8"),)
    first = read(Answer(uri=URI, status=200, headers=head, body=before.encode()), Hints())
    assert first.rule == "read"
    hints = Hints(previous=first.page)
    found = read(Answer(uri=URI, status=200, headers=head, body=after.encode()), hints)
    return found.outcome, found.rule, found.detail


def test_a_changed_text_alone_is_no_drift() -> None:
    assert drift.drift(page(*LINES), page(*LINES[:9], "Neu ist dieser Satz.")) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [((), ("Neues aus dem Rathaus",)), (("Neues aus dem Rathaus",), ()), (("Alt und wahr",), ("Neu und wahr",))],
)
def test_text_round_the_same_main_text_is_named(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    found = drift.drift(page(*LINES, frame=("Impressum", *old)), page(*LINES, frame=("Impressum", *new)))
    assert found is not None
    assert (found.rule, found.came, found.went) == (drift.AROUND_TEXT, new, old)
    assert all(line in found.detail for line in (*old, *new))


@pytest.mark.parametrize("noise", ["Stand: 03.02.2026, 10:04:07 Uhr", "Besucher heute: 4711", "© 2026 Amt"])
def test_stamps_and_counters_round_the_text_are_nothing(noise: str) -> None:
    found = drift.drift(page(*LINES, frame=("Impressum",)), page(*LINES, frame=("Impressum", noise)))
    assert found is not None
    assert found.rule == drift.SAME_TEXT


def test_the_order_of_the_frame_is_the_templates() -> None:
    found = drift.drift(page(*LINES, frame=("Eins", "Zwei")), page(*LINES, frame=("Zwei", "Eins")))
    assert found is not None
    assert found.rule == drift.SAME_TEXT


@pytest.mark.parametrize("where", ["frame", "notice"])
def test_a_main_text_that_went_elsewhere_on_the_page_shrank(where: str) -> None:
    lost = LINES[4:]
    box = Notice(title="", blocks=blocks(*lost), certain=False)
    after = page(*LINES[:4], frame=lost) if where == "frame" else page(*LINES[:4], notices=(box,))
    found = drift.drift(page(*LINES), after)
    assert found is not None
    assert (found.rule, found.still_there, found.went) == (drift.MAIN_SHRUNK, True, lost)
    assert "40 %" in found.detail
    assert "noch auf der Seite" in found.detail


def test_a_main_text_that_was_cut_shrank_and_is_not_there_any_more() -> None:
    found = drift.drift(page(*LINES), page(*LINES[:4]))
    assert found is not None
    assert (found.rule, found.still_there) == (drift.MAIN_SHRUNK, False)


@pytest.mark.parametrize(("kept", "lines"), [(7, LINES), (1, LINES[:3])])
def test_small_cuts_and_small_pages_are_no_drift(kept: int, lines: tuple[str, ...]) -> None:
    assert drift.drift(page(*lines), page(*lines[:kept], frame=lines[kept:])) is None


def test_lists_of_entries_and_documents_may_shrink() -> None:
    feed = page(*LINES, kind=PageKind.FEED)
    assert drift.drift(feed, replace(feed, blocks=feed.blocks[:2])) is None


def test_a_collapsed_repetition_is_recorded_as_the_same_text() -> None:
    """Two equal paragraphs in a row may be read as one: the edit is visible at least by its rule."""
    outcome, rule, detail = rule_of(markup(*LINES), markup(*LINES).replace("<main>", '<main class="neu">'))
    assert (outcome, rule, detail) == (Outcome.OK, drift.SAME_TEXT, "Andere Bytes, derselbe Text.")


def test_the_rule_of_a_look_says_what_moved_round_its_text() -> None:
    teaser = "<p>Das Stadtfest beginnt am Samstag auf dem Markt vor dem Rathaus.</p>"
    outcome, rule, detail = rule_of(markup(*LINES), markup(*LINES, aside=teaser))
    assert (outcome, rule) == (Outcome.OK, drift.AROUND_TEXT)
    assert "Das Stadtfest beginnt am Samstag" in detail


def test_a_text_that_changed_has_the_usual_rule() -> None:
    assert rule_of(markup(*LINES), markup(*LINES, "Und ein Satz mehr."))[:2] == (Outcome.OK, "read")


def test_long_and_many_lines_are_cut_in_the_detail() -> None:
    found = drift.drift(page(*LINES), page(*LINES, frame=("a" * 300, "b", "c", "d")))
    assert found is not None
    assert "und 2 weitere" in found.detail
    assert len(found.detail) < 250


# --- the version that a reading carries


def test_a_reading_without_a_set_up_of_its_own_has_the_bare_version() -> None:
    assert stamp(Hints()) == EXTRACTOR_VERSION
    assert is_current(EXTRACTOR_VERSION, Hints())
    assert not has_setup(EXTRACTOR_VERSION)


def test_the_version_of_the_page_object_that_read_a_page_does_not_outdate_it() -> None:
    assert is_current(stamp(Hints(), "bezirk-3"), Hints())


@pytest.mark.parametrize(
    "hints", [Hints(main=("article",)), Hints(notice=(".box",)), Hints(ignore=("aside",)), Hints(extractor="generic")]
)
def test_other_selectors_read_another_text_and_outdate_what_was_read(hints: Hints) -> None:
    assert is_current(stamp(hints), hints)
    assert has_setup(stamp(hints))
    assert not is_current(stamp(hints), Hints())
    assert not is_current(stamp(Hints()), hints)
    assert not is_current(stamp(hints), replace(hints, ignore=("nav",)))


def test_another_version_is_not_todays() -> None:
    assert not is_current("0", Hints())
    assert not is_current(f"0{stamp(Hints(main=('article',)))[1:]}", Hints(main=("article",)))


def test_where_the_last_look_was_at_does_not_matter() -> None:
    assert stamp(Hints(previous=page(*LINES), start_uris=("https://amt.example.org/",))) == EXTRACTOR_VERSION


@pytest.mark.parametrize("times", [2, 5])
def test_a_paragraph_said_twice_in_a_row_is_visible_one_way_or_the_other(times: int) -> None:
    """Where nothing marks the main text, equal neighbours may be read as one: then the rule says that bytes differ."""
    lines = "".join(f"<p>{line}</p>" for line in LINES)
    bare = f"<html lang=de><head><title>Regeln</title></head><body><h1>Regeln</h1>{lines}</body></html>"
    outcome, rule, _ = rule_of(bare, bare.replace(f"<p>{LINES[4]}</p>", f"<p>{LINES[4]}</p>" * times))
    head = (("Content-Type", "text/html; charset=utf-8"),)
    first = read(Answer(uri=URI, status=200, headers=head, body=bare.encode()), Hints()).page
    assert first is not None
    assert outcome is Outcome.OK
    assert rule in ("read", drift.SAME_TEXT)
    assert (rule == "read") == (text_digest(_again(bare, times)) != text_digest(first))


def _again(bare: str, times: int) -> Page:
    head = (("Content-Type", "text/html; charset=utf-8"),)
    body = bare.replace(f"<p>{LINES[4]}</p>", f"<p>{LINES[4]}</p>" * times)
    found = read(Answer(uri=URI, status=200, headers=head, body=body.encode()), Hints()).page
    assert found is not None
    return found
