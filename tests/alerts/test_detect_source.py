"""Blind is not gone: what cannot be checked is told once as such, and never as a change (design §4.9, §4.10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from extractors.model import Outcome, Page
from tests.alerts.detect_support import (
    HOST,
    Answer,
    Doubtful,
    Sim,
    box,
    events,
    item,
    key,
    kinds,
    page,
    para,
    source,
    uri,
)

SUB = tuple(f"/p/{name}" for name in "abcdefghijkl")
BAD = [o for o in Outcome if not o.settles and o is not Outcome.SUSPECT]


def site(*extra: str) -> dict[str, Answer]:
    paths = (*SUB, *extra)
    made: dict[str, Answer] = {
        path: page(path, f"Seite {path[-1]}", f"Der Text der Seite {path[-1]} steht hier.") for path in paths
    }
    made["/p"] = page("/p", "Start", *(item(f"Seite {path[-1]}", path) for path in paths))
    return made


def changed(
    pages: dict[str, Answer], path: str, words: str = "Ganz andere Worte stehen nun hier."
) -> dict[str, Answer]:
    shown = pages[path]
    assert isinstance(shown, Page)
    return {**pages, path: replace(shown, blocks=(para(words),))}


def started(**changes: object) -> Sim:
    sim = Sim(source(register="", **changes))
    assert sim.crawl(site()) == []
    return sim


@pytest.mark.parametrize("outcome", BAD)
def test_days_of_outage_are_one_event_and_its_end_another(outcome: Outcome) -> None:
    sim = started()
    down: dict[str, Answer] = dict.fromkeys(site(), outcome)
    told = [
        event for _ in range(20) for event in sim.crawl(down, after=timedelta(hours=6), home=outcome, robots=outcome)
    ]
    assert events(told) == [("source.blind", "/p")]
    assert set(told[0].uris) == {uri(path) for path in site()}
    assert "nicht prüfen" in told[0].summary
    assert events(sim.crawl(changed(site(), "/p/c"))) == [("page.changed", "/p/c"), ("source.seeing", "/p")]
    assert sim.crawl(changed(site(), "/p/c")) == []


def test_forbidden_start_pages_blind_even_if_the_rest_can_be_read() -> None:
    sim = started()
    pages = {**changed(site(), "/p/c"), "/p": Outcome.DENIED}
    assert kinds(sim.crawl(pages)) == ["source.blind"]
    assert sim.crawl(pages) == []
    back = sim.crawl({**pages, "/p": site()["/p"]})
    assert events(back) == [("page.changed", "/p/c"), ("source.seeing", "/p")]
    assert "Der Text der Seite c" in next(event for event in back if event.kind == "page.changed").before["text"]


def test_a_change_made_and_undone_while_blind_is_not_told() -> None:
    sim = started()
    sim.crawl({**changed(site(), "/p/c"), "/p": Outcome.FAILED})
    assert kinds(sim.crawl(site())) == ["source.seeing"]


def test_half_of_the_pages_unreadable_is_coverage_and_more_is_blind() -> None:
    pages: dict[str, Answer] = {**site(), **dict.fromkeys(SUB[:6], Outcome.FAILED)}
    assert started().crawl(pages) == []
    assert kinds(started().crawl({**pages, SUB[6]: Outcome.FAILED})) == ["source.blind"]


def test_robots_that_forbid_some_pages_remove_nothing() -> None:
    sim = started()
    denied: dict[str, Answer] = {**site(), **dict.fromkeys(SUB[:5], Outcome.DENIED)}
    assert [event for _ in range(5) for event in sim.crawl(denied)] == []
    assert sim.crawl(site()) == []


@pytest.mark.parametrize("reason", ["max_pages", "deadline", "crashed", "shutdown"])
def test_a_crawl_that_was_cut_short_removes_nothing_and_is_not_blind(reason: str) -> None:
    sim = started()
    some = changed({path: site()[path] for path in ("/p", "/p/a", "/p/b")}, "/p/b")
    assert events(sim.crawl(some, exhausted=False, reason=reason)) == [("page.changed", "/p/b")]
    assert sim.crawl(changed(site(), "/p/b")) == []


def test_what_a_half_crawl_finds_new_is_told_once() -> None:
    sim = started()
    half = {path: site("/p/z")[path] for path in ("/p", "/p/a", "/p/z")}
    assert events(sim.crawl(half, exhausted=False, reason="deadline")) == [("page.added", "/p/z")]
    assert sim.crawl(site("/p/z")) == []


def test_there_is_no_news_before_a_crawl_has_seen_the_whole_source() -> None:
    sim = Sim(source(register=""))
    half = {path: site()[path] for path in ("/p", "/p/a", "/p/b")}
    assert sim.crawl(half, exhausted=False, reason="max_pages") == []
    assert sim.state is not None
    assert sim.state.baseline_crawl is None
    assert not any(watch.told for watch in sim.watches.values())
    assert sim.crawl(changed(site(), "/p/a")) == []
    assert sim.state.baseline_crawl == 2
    assert all(watch.told for watch in sim.watches.values())


def test_a_source_that_is_down_from_the_start_is_blind_then_has_its_baseline() -> None:
    sim = Sim(source(register=""))
    assert kinds(sim.crawl({"/p": Outcome.FAILED})) == ["source.blind"]
    assert sim.crawl({"/p": Outcome.FAILED}) == []
    assert kinds(sim.crawl(site())) == ["source.seeing"]
    assert kinds(sim.crawl(changed(site(), "/p/a"))) == ["page.changed"]


def test_a_page_that_failed_in_the_baseline_is_no_news_when_it_can_be_read() -> None:
    sim = Sim(source(register=""))
    assert sim.crawl({**site(), "/p/a": Outcome.FAILED}) == []
    assert sim.crawl(site()) == []
    assert kinds(sim.crawl(changed(site(), "/p/a"))) == ["page.changed"]


def test_a_start_address_that_is_gone_at_the_baseline_is_said_with_what_to_do_next() -> None:
    sim = Sim(source(register=""))
    assert sim.crawl({"/p": Outcome.GONE}) == []
    (held,) = [held for held in sim.held if held.rule == "start-gone"]
    assert held.uri == HOST + "/p"
    assert sim.crawl({"/p": Outcome.GONE}) == []
    assert events(sim.crawl(site()))[0] == ("page.added", "/p/a")


def test_what_a_wider_scope_brings_in_has_a_baseline_of_its_own() -> None:
    sim = started()
    wider: dict[str, Answer] = {
        **site("/p/neu"),
        "/q": page("/q", "Q", "Ein anderer Bereich.", nav=("/q/1",), notices=(box("Geschlossen."),)),
        "/q/1": page("/q/1", "Q1", "Text."),
    }
    sim.source = replace(sim.source, start=(uri("/p"), uri("/q")), scope=(uri("/p"), uri("/q")))
    assert events(sim.crawl(wider)) == [("page.added", "/p/neu")]
    assert {watch.address for watch in sim.watches.values() if watch.told} >= {key("/q"), key("/q/1")}
    later = {
        **wider,
        "/q/2": page("/q/2", "Q2", "Neu."),
        "/q": page(
            "/q", "Q", "Ein anderer Bereich.", item("Q2", "/q/2"), nav=("/q/1",), notices=(box("Geschlossen."),)
        ),
    }
    assert events(sim.crawl(later)) == [("page.added", "/q/2")]


def test_a_suspect_page_is_told_once_a_second_look_agrees() -> None:
    sim = started(confirm_after=timedelta(hours=48))
    odd = page("/p/b", "Seite b", "Kurz.")
    pages: dict[str, Answer] = {**site(), "/p/b": Doubtful(odd)}
    assert sim.crawl(pages, after=timedelta(hours=24)) == []
    assert sim.crawl(pages, after=timedelta(hours=24)) == []
    (told,) = sim.crawl(pages, after=timedelta(hours=24))
    assert (told.kind, told.uri, told.facts["confirmed"]) == ("page.changed", HOST + "/p/b", True)
    assert sim.crawl({**site(), "/p/b": odd}) == []


def test_a_suspect_page_that_recovers_is_no_event() -> None:
    sim = started()
    assert sim.crawl({**site(), "/p/b": Doubtful(page("/p/b", "?", "Kurz."))}) == []
    assert sim.crawl(site()) == []
    assert sim.crawl({**site(), "/p/b": Doubtful(page("/p/b", "?", "Kurz."))}) == []


def test_with_no_patience_the_next_crawl_confirms() -> None:
    sim = started(confirm_after=timedelta(0))
    pages = {**site(), "/p/b": Outcome.GONE}
    assert sim.crawl(pages, after=timedelta(minutes=1)) == []
    assert kinds(sim.crawl(pages, after=timedelta(minutes=1))) == ["page.removed"]


def test_a_page_that_changes_at_every_look_is_muted_at_the_fifth_and_heard_again_when_still() -> None:
    sim = started()
    told = [
        event for n in range(8) for event in sim.crawl(changed(site(), "/p/c", f"Zufallssatz {n} mit Wort {n * 7}."))
    ]
    assert kinds(told) == ["page.changed"] * 4 + ["page.noisy"]
    still = changed(site(), "/p/c", "Zufallssatz 7 mit Wort 49.")
    assert sim.crawl(still) == []
    assert kinds(sim.crawl(changed(site(), "/p/c", "Etwas ganz Neues."))) == ["page.changed"]
