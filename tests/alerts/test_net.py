"""The net change of a window: several steps of one thing as one, or as none."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import digest
from alerts.detect import changes
from alerts.detect.rest import Rest
from alerts.net import net
from extractors.model import Block, BlockKind
from storage.archive import Archive
from storage.records import Change
from tests.alerts.bench import SITE, TEAM, change, commit, context
from tests.alerts.letters import FORBIDDEN

PAGE = f"{SITE}/programm/"


def on(kind: str, uri: str = PAGE, **more: Any) -> Change:
    return change(kind, more.pop("title", "Programm"), uri=uri, uris=(uri,), subject=uri, **more)


def edited(was: Sequence[str], now: Sequence[str], kind: str = "page.changed", **more: Any) -> Change:
    """A change of a page from one list of paragraphs to another, as detection tells it."""
    old, new = ([Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts] for texts in (was, now))
    rest = Rest(passages=changes.passages(old, new))
    sides = {"before": {"title": "Programm", "text": rest.before}, "after": {"title": "Programm", "text": rest.after}}
    return on(kind, facts={"diff": rest.facts()}, **{**sides, **more})


def numbered(*steps: Change) -> tuple[Change, ...]:
    return tuple(replace(step, seq=number) for number, step in enumerate(steps, 1))


def told(*steps: Change) -> list[str]:
    return [one.kind for one in net(numbered(*steps)).changes]


A, B, C = "Beginn am 9. Juni 2021.", "Beginn am 16. Juni 2021.", "Beginn am 23. Juni 2021."
OTHER = "Anmeldung bis zum 1. Mai bei Frau Sommer."


def test_there_and_back_is_nothing_told_and_named_as_undone() -> None:
    result = net(numbered(edited([A, OTHER], [B, OTHER]), edited([B, OTHER], [A, OTHER])))
    assert result.changes == ()
    assert [one.title for one in result.undone] == ["Programm"]


def test_two_edits_of_one_passage_are_one_from_first_to_last() -> None:
    (only,) = net(numbered(edited([A, OTHER], [B, OTHER]), edited([B, OTHER], [C, OTHER]))).changes
    assert (only.before["text"], only.after["text"]) == (A, C)
    assert "23. Juni" in only.summary
    assert "16." not in only.summary


def test_edits_of_two_passages_are_both_told() -> None:
    later = OTHER.replace("Sommer", "Winter")
    result = net(numbered(edited([A, OTHER], [B, OTHER]), edited([B, OTHER], [B, later])))
    (only,) = result.changes
    assert len(only.facts["diff"]) == 2
    assert result.steps == {only.id: 2}


def test_what_was_added_and_taken_out_again_leaves_no_trace() -> None:
    (only,) = net(numbered(edited([A], [A, OTHER]), edited([A, OTHER], [B]))).changes
    assert [(entry["before"], entry["after"]) for entry in only.facts["diff"]] == [(A, B)]


def test_a_new_page_that_was_edited_is_a_new_page() -> None:
    (only,) = net(numbered(on("page.added", after={"title": "Alt"}), edited([A], [B], title="Neu"))).changes
    assert only.kind == "page.added"
    assert "Neu" in only.summary


@pytest.mark.parametrize(
    ("first", "then"),
    [("page.added", "page.removed"), ("page.returned", "page.removed"), ("document.added", "document.removed")],
)
def test_what_came_and_went_is_undone(first: str, then: str) -> None:
    assert told(on(first), on(then)) == []


def test_a_page_that_was_away_is_told_only_if_it_came_back_another() -> None:
    assert told(on("page.removed"), on("page.returned", facts={"diff": []})) == []
    assert told(on("page.removed"), edited([A], [B], kind="page.returned")) == ["page.changed"]


def test_a_page_that_moved_and_was_edited_is_one_move_that_says_so() -> None:
    new = f"{SITE}/neu/"
    moved = on("page.moved", new, before=PAGE, after=new, facts={"diff": []})
    (only,) = net(numbered(moved, replace(edited([A], [B]), uri=new, uris=(new,)))).changes
    assert only.kind == "page.moved"
    assert "Dabei wurde der Text geändert" in only.summary
    assert len(only.facts["diff"]) == 1


def test_a_document_replaced_twice_is_compared_with_the_first() -> None:
    paper = {"label": "Programm", "uri": PAGE, "size": ""}
    steps = [edited([A], [B], "document.changed", before=paper, after=paper)]
    steps.append(edited([B], [C], "document.changed", before=paper, after=paper))
    (only,) = net(numbered(*steps)).changes
    assert [(entry["before"], entry["after"]) for entry in only.facts["diff"]] == [(A, C)]


def test_an_unreadable_document_is_never_called_undone() -> None:
    assert told(on("document.changed"), on("document.changed")) == ["document.changed"]


def test_notices_follow_their_wording() -> None:
    first, second, third = ({"text": text} for text in ("Geschlossen", "Nur mit Termin", "Wieder offen"))
    posted = on("notice.posted", after=first)
    reworded = on("notice.changed", before=first, after=second)
    again = on("notice.changed", before=second, after=third)
    back = on("notice.changed", before=second, after=first)
    lifted = on("notice.lifted", before=second)
    (only,) = net(numbered(posted, reworded)).changes
    assert (only.kind, only.after) == ("notice.posted", second)
    assert "Nur mit Termin" in only.summary
    assert told(reworded, again) == ["notice.changed"]
    assert told(reworded, back) == []
    assert told(reworded, lifted) == ["notice.lifted"]
    assert told(posted, reworded, lifted) == []


def test_what_says_something_of_its_own_stays_as_it_is() -> None:
    kinds = ["source.blind", "source.seeing", "press.new"]
    assert told(*(on(kind) for kind in kinds)) == kinds


def test_one_change_on_many_pages_is_no_step_of_a_single_one() -> None:
    uris = tuple(f"{SITE}/{n}/" for n in range(4))
    shared = replace(edited([A], [B]), uris=uris, uri=uris[0])
    single = replace(edited([B], [A]), uris=uris[:1], uri=uris[0])
    assert told(shared, single) == ["page.changed", "page.changed"]


_LINES = [A, B, C, OTHER, "Der Eintritt ist frei.", "Es gibt Suppe und Brot.", "Gäste sind willkommen."]


@given(
    st.lists(st.permutations(_LINES).flatmap(lambda p: st.integers(1, 5).map(lambda n: p[:n])), min_size=2, max_size=5)
)
def test_a_page_that_reads_as_before_is_never_told(states: list[list[str]]) -> None:
    """Whatever happened in between: a page that ends with the lines it began with says nothing new."""
    states = [sorted(state) for state in (*states, states[0])]
    steps = [edited(one, other) for one, other in itertools.pairwise(states) if one != other]
    told_lines = {
        (entry["before"], entry["after"])
        for one in net(numbered(*steps)).changes
        for entry in one.facts["diff"]
        if entry["op"] != "moved"
    }
    gone, came = {before for before, _ in told_lines} - {None}, {after for _, after in told_lines} - {None}
    assert gone == came  # nothing is said to have gone that has not come back under another pairing


def test_a_digest_tells_the_net_change_and_says_so(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "amtsblick.db", create=True) as archive:
        commit(archive, [edited([A, OTHER], [B, OTHER]), on("page.changed", f"{SITE}/x/", title="Anderes")])
        commit(archive, [edited([B, OTHER], [A, OTHER])])
        net_told = digest.preview(archive, replace(TEAM, tell="net"), context())
        steps = digest.preview(archive, TEAM, context())
    assert "was sich im Ganzen geändert hat" in net_told.text
    assert "Eine Änderung wurde wieder zurückgenommen:\n- Seite geändert: Programm" in net_told.text
    assert net_told.text.count("Programm") == 1
    assert steps.text.count("Seite geändert: Programm") >= 2
    assert "nennt jede Änderung einzeln" in steps.text
    assert not re.search(FORBIDDEN, net_told.text)
