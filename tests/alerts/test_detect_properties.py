"""Whatever a site looks like: nothing new gives no news, noise gives none, and the order of arrival does not matter."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.detect import rules
from extractors.model import Notice, Outcome, Page
from storage.records import CrawlView
from tests.alerts.detect_support import Answer, Block, Moved, Sim, box, item, page, paper, para, pdf, source

pytestmark = pytest.mark.slow

QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
WORDS = st.sampled_from(
    [
        "Berlin",
        "Moskau",
        "Seminar",
        "Bericht",
        "Termin",
        "geschlossen",
        "nur",
        "mit",
        "Anmeldung",
        "im",
        "Juni",
        "2021",
        "der",
        "die",
        "das",
        "neue",
        "23.",
        "Haus",
        "Amt",
        "Partner",
        "findet",
        "statt",
    ]
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=9).map(lambda words: " ".join(words) + ".")
PATHS = tuple(f"/p/{name}" for name in "abcdefg")
PAPERS = ("/docs/x.pdf", "/docs/y.pdf")
LINE = SENTENCE.map(para) | st.tuples(SENTENCE, st.sampled_from(PATHS)).map(lambda pair: item(*pair))
NOTICE = st.tuples(SENTENCE, st.booleans()).map(lambda pair: box(pair[0], certain=pair[1]))


@st.composite
def shown(draw: st.DrawFn, path: str) -> Page:
    return page(
        path,
        draw(SENTENCE),
        *draw(st.lists(LINE, max_size=5)),
        notices=draw(st.lists(NOTICE, max_size=2)),
        papers=[
            paper(name, draw(SENTENCE)) for name in draw(st.lists(st.sampled_from(PAPERS), max_size=2, unique=True))
        ],
        frame=draw(st.lists(SENTENCE, max_size=3)),
        nav=PATHS,
    )


@st.composite
def site(draw: st.DrawFn) -> dict[str, Answer]:
    made: dict[str, Answer] = {"/p": draw(shown("/p"))}
    for path in draw(st.lists(st.sampled_from(PATHS), unique=True)):
        other = st.sampled_from(
            [Outcome.GONE, Outcome.FAILED, Outcome.DENIED, Moved("/p"), Moved("/p/a"), Moved("/anders")]
        )
        made[path] = draw(st.one_of(shown(path), shown(path), shown(path), other))
    for path in PAPERS:
        made[path] = pdf(path, *draw(st.lists(SENTENCE, max_size=3)), identity="sha256:1")
    return made


def asked_again(first: dict[str, Answer], second: dict[str, Answer]) -> dict[str, Answer]:
    """Every crawl asks for all known addresses again; what the second site does not have is gone."""
    return {**dict.fromkeys(first, Outcome.GONE), **second}


def noisy(answer: Answer, seed: int) -> Answer:
    """The same words in other clothes: white space, quotes, dashes, soft hyphens, another template, a counter."""
    if not isinstance(answer, Page):
        return answer
    rng = random.Random(seed)

    def dressed(line: str) -> str:
        return line.replace(" ", rng.choice([" ", "\u00a0", "  "]), 1).replace("e", rng.choice(["e", "e\u00ad"]), 1)

    def block(old: Block) -> Block:
        return replace(old, text=dressed(old.text), rule=f"rule {seed}")

    def notice(old: Notice) -> Notice:
        return replace(old, blocks=tuple(map(block, old.blocks)))

    return replace(
        answer,
        title=dressed(answer.title),
        blocks=tuple(map(block, answer.blocks)),
        notices=tuple(map(notice, answer.notices)),
        frame=(*answer.frame, para(f"Aufruf Nr. {seed}")),
        extractor_version=str(seed),
    )


@QUICK
@given(first=site(), second=site())
def test_a_crawl_that_sees_what_the_last_one_saw_tells_nothing(
    first: dict[str, Answer], second: dict[str, Answer]
) -> None:
    """What was told settles it; only what waits for confirmation may still follow, once."""
    sim = Sim(source())
    sim.crawl(first)
    second = asked_again(first, second)
    sim.crawl(second)
    waiting = sim.crawl(second)
    assert {event.kind for event in waiting} <= {"page.removed", "document.removed", "page.moved"}
    assert sim.crawl(second) == []
    assert sim.crawl(second) == []


@QUICK
@given(pages=site(), seeds=st.lists(st.integers(1, 999), min_size=1, max_size=4))
def test_any_mixture_of_noise_gives_no_change(pages: dict[str, Answer], seeds: list[int]) -> None:
    still = {path: answer for path, answer in pages.items() if isinstance(answer, Page)}
    sim = Sim(source())
    sim.crawl({path: noisy(answer, 1000) for path, answer in still.items()})
    for seed in seeds:
        assert sim.crawl({path: noisy(answer, seed) for path, answer in still.items()}) == []


@QUICK
@given(first=site(), second=site(), seed=st.integers(0, 9999))
def test_the_order_of_arrival_does_not_matter_and_twice_is_the_same(
    first: dict[str, Answer], second: dict[str, Answer], seed: int
) -> None:
    sim = Sim(source())
    sim.crawl(first)
    second = asked_again(first, second)
    sim.crawl(second)
    assert sim.last is not None
    state, view, detection = sim.last
    assert rules.apply(state, view, sim.source, sim.at) == detection
    rng = random.Random(seed)
    looks, watches = list(view.looks.items()), list(state.watches.items())
    rng.shuffle(looks)
    rng.shuffle(watches)
    notices, seminars = list(state.notices), list(state.seminars)
    rng.shuffle(notices)
    rng.shuffle(seminars)
    other = replace(state, watches=dict(watches), notices=tuple(notices), seminars=tuple(seminars))
    again = rules.apply(
        other, CrawlView(crawl=view.crawl, looks=dict(looks), probes=view.probes[::-1]), sim.source, sim.at
    )
    assert {change.id: change for change in again.changes} == {change.id: change for change in detection.changes}
    assert set(again.watches) == set(detection.watches)
    assert set(again.notices) == set(detection.notices)


@QUICK
@given(first=site(), second=site())
def test_every_change_is_told_once_with_a_sentence_and_a_reason(
    first: dict[str, Answer], second: dict[str, Answer]
) -> None:
    sim = Sim(source())
    sim.crawl(first)
    for pages in (asked_again(first, second), asked_again(second, first), asked_again(first, second)):
        sim.crawl(pages)
    ids = [change.id for change in sim.told]
    assert len(ids) == len(set(ids))
    for change in sim.told:
        assert change.summary
        assert change.reason
        assert change.uris
        assert change.summary.endswith((".", "“"))
        assert not change.summary.startswith(" ")
