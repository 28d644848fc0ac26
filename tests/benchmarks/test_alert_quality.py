"""The score of alert quality: what counts as told, and that a whole timeline is played to the product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.alert_quality import prose
from benchmarks.alert_quality.content import Article, Items, Para, swap
from benchmarks.alert_quality.driver import Timeline, play, read_lines
from benchmarks.alert_quality.labels import Label, Played, Step, Told, quiet
from benchmarks.alert_quality.markup import drupal
from benchmarks.alert_quality.papers import Paper
from benchmarks.alert_quality.place import Place, retyped, route
from benchmarks.alert_quality.scoring import GRACE, Fault, place, score, total
from benchmarks.alert_quality.sites import TIMELINES
from extractors.model import Answer, Hints
from extractors.read import read
from tests.server import Asked

CHANGED = Label(kind="page.changed", path="/a")


def told(kind: str, path: str, **more: object) -> Told:
    uri = f"http://127.0.0.1:8000{path}"
    return replace(Told(kind=kind, uri=uri, uris=(uri,)), **more)  # type: ignore[arg-type]


def played(step: Step, *looks: tuple[Told, ...]) -> Played:
    return Played(step=step, told=looks)


def faults(*steps: Played) -> list[Fault]:
    return [case.fault for case in score(steps).cases]


def test_a_label_told_once_is_a_hit() -> None:
    result = score([played(Step("x", (CHANGED,)), (told("page.changed", "/a"),))])
    assert (result.precision, result.recall, result.delays, result.clean) == (1.0, 1.0, (0,), True)


def test_silence_where_nothing_happened_is_a_perfect_score() -> None:
    result = score([played(quiet("x"), ())])
    assert (result.precision, result.recall, result.clean) == (1.0, 1.0, True)


def test_an_address_is_the_same_with_scheme_slash_and_session() -> None:
    assert place("https://127.0.0.1:1/a/;jsessionid=7F?nn=1#x") == place("/a")
    assert place("/a?page=2") != place("/a")
    assert route("/x.pdf?__blob=publicationFile&v=3") == "/x.pdf"


def test_a_second_telling_is_a_duplicate_and_costs_precision() -> None:
    step = Step("x", (CHANGED,))
    again = score([played(step, (told("page.changed", "/a"), told("page.changed", "/a")))])
    assert (again.precision, again.recall, again.count(Fault.DUPLICATE)) == (0.5, 1.0, 1)
    assert faults(played(step, (told("page.changed", "/a"),)), played(quiet("y"), (told("page.changed", "/a"),))) == [
        Fault.DUPLICATE
    ]


def test_one_page_of_an_event_that_many_share_is_a_duplicate() -> None:
    label = Label(kind="page.changed", path="/", paths=("/", "/b"))
    shared = told("page.changed", "/", uris=("http://h/", "http://h/b"))
    assert faults(played(Step("x", (label,)), (shared, told("page.changed", "/b")))) == [Fault.DUPLICATE]


def test_the_right_page_with_a_wrong_kind() -> None:
    result = score([played(Step("x", (CHANGED,)), (told("page.added", "/a"),))])
    assert [case.fault for case in result.cases] == [Fault.WRONG_KIND]
    assert (result.precision, result.recall) == (0.0, 0.0)


def test_a_right_item_takes_its_label_before_a_wrong_one_can() -> None:
    step = Step("x", (CHANGED,))
    assert faults(played(step, (told("page.added", "/a"), told("page.changed", "/a")))) == [Fault.FALSE]


def test_a_missed_label_and_a_false_alarm() -> None:
    found = faults(played(Step("x", (CHANGED,)), (told("page.changed", "/b"),)))
    assert sorted(found) == sorted([Fault.FALSE, Fault.MISSED])


def test_late_is_a_delay_and_too_late_is_missed() -> None:
    item = (told("page.changed", "/a"),)
    silence: tuple[Told, ...] = ()
    step = Step("x", (CHANGED,))
    late = score(
        [played(step, silence), *(played(quiet("y"), silence) for _ in range(GRACE - 1)), played(quiet("z"), item)]
    )
    assert (late.delays, late.clean) == ((GRACE,), True)
    later = [played(step, silence), *(played(quiet("y"), silence) for _ in range(GRACE)), played(quiet("z"), item)]
    assert sorted(faults(*later)) == sorted([Fault.MISSED, Fault.FALSE])


def test_before_its_confirming_look_an_event_is_told_too_early() -> None:
    label = Label(kind="page.removed", path="/a", look=2)
    gone = (told("page.removed", "/a"),)
    assert faults(played(Step("x", (label,), 2), (), gone)) == []
    assert Fault.EARLY in faults(played(Step("x", (label,), 2), gone, ()))


def test_optional_events_count_neither_way() -> None:
    label = Label(kind="page.changed", path="/a", optional=True)
    for items in ((), (told("page.changed", "/a"),)):
        result = score([played(Step("x", (label,)), items)])
        assert (result.labels, result.told, result.clean) == (0, 0, True)


def test_other_right_answers() -> None:
    label = Label(kind="page.moved", path="/b", kinds=("page.returned",), places=("/c",))
    assert faults(played(Step("x", (label,)), (told("page.returned", "/c"),))) == []


def test_details_are_faults_that_leave_precision_alone() -> None:
    label = Label(
        kind="seminar.changed",
        path="/a",
        paths=("/a", "/b"),
        minor=True,
        facts={"after.start": "2021-06-09", "before": "/x"},
    )
    item = told("seminar.changed", "/a", minor=False, after={"start": "2021-06-10"}, before="http://h/y")
    result = score([played(Step("x", (label,)), (item,))])
    assert (result.precision, result.recall, result.count(Fault.DETAIL)) == (1.0, 1.0, 4)
    right = told(
        "seminar.changed",
        "/a",
        minor=True,
        after={"start": "2021-06-09"},
        before="http://h/x",
        uris=("http://h/a", "http://h/b/"),
    )
    assert score([played(Step("x", (label,)), (right,))]).clean


def test_a_tool_that_knows_no_kinds_is_matched_by_address() -> None:
    label = Label(kind="notice.posted", path="/", paths=("/", "/b", "/c"))
    step = Step("x", (label,))
    unknown = told("*", "/b")
    assert faults(played(step, (unknown,))) == []
    assert score([played(step, (unknown, told("*", "/c")))]).told == 2


def test_several_timelines_add_up() -> None:
    good = score([played(Step("x", (CHANGED,)), (told("page.changed", "/a"),))])
    bad = score([played(Step("x", (CHANGED,)), ())])
    both = total([good, bad])
    assert (both.steps, both.labels, both.recall, both.precision) == (2, 2, 0.5, 1.0)


def test_lines_of_another_tool() -> None:
    items = list(read_lines("Starting up\npage.changed\thttp://h/a\n*\thttp://h/b \n\n"))
    assert [(item.kind, item.uri) for item in items] == [("page.changed", "http://h/a"), ("*", "http://h/b")]


def test_the_timelines_are_many_and_long_enough() -> None:
    """Issue 4: at least six sites, at least 120 steps, and every label speaks of an address of its own site."""
    lengths = {}
    for name, timeline in TIMELINES.items():
        site = timeline.place()
        steps = list(timeline.steps(site))
        lengths[name] = len(steps)
        assert all(label.path.startswith("/") for step in steps for label in step.labels)
        assert not steps[0].labels, "the first look fills the archive"
    assert len(lengths) >= 6
    assert sum(lengths.values()) >= 120


@pytest.mark.parametrize("name", TIMELINES)
def test_every_page_is_served_at_every_step(name: str) -> None:
    """Pages are as large as an authority's, and other bytes at each fetch only where the site is noisy."""
    site = TIMELINES[name].place()
    site.base = "http://127.0.0.1:1"
    for number, _step in enumerate(TIMELINES[name].steps(site)):
        for path in list(site.pages)[:4]:
            reply = site.answer(Asked(path, {}, 0.0), secure=True)
            assert number or len(reply.bytes) > 3000


def test_words_are_exchanged_and_written_otherwise_but_addresses_are_not() -> None:
    article = Article(path="/aus/", title="Haus", parts=(Para("Das [[Haus|/haus/]] steht."), Items(("ein Haus",))))
    assert swap(article.parts, "Haus", "Dorf")[1] == Items(("ein Dorf",))
    loud = retyped(article, str.upper)
    assert loud.parts == (Para("DAS [[HAUS|/haus/]] STEHT."), Items(("EIN HAUS",)))


def test_the_papers_say_what_they_should() -> None:
    """Saved again: other bytes, the same text; a scan has none."""
    paper = Paper(lines=("Programm des Seminars", "Montag: Empfang"))
    assert paper.body() == paper.body()
    assert paper.body() != paper.again().body()

    def text(given: Paper) -> str:
        head = (("Content-Type", "application/pdf"),)
        reading = read(Answer(uri="http://h/x.pdf", status=200, headers=head, body=given.body()), Hints())
        return reading.page.text if reading.page else ""

    assert text(paper) == text(paper.again())
    assert "Montag" in text(paper)
    assert "Montag" not in text(replace(paper, scan=True))
    assert "Montag" not in text(replace(paper, locked=True))


def small() -> Timeline:
    def make() -> Place:
        site = Place(markup=drupal.render, name="klein", start="/")
        topics = ("Abwasser", "Bauhof", "Chronik", "Dorffest")
        for topic in topics:
            site.put(Article(path=f"/{topic.lower()}", title=topic, parts=prose.page(topic, 1)))
        links = Items(tuple(f"[[{topic}|/{topic.lower()}]]" for topic in topics))
        site.put(Article(path="/", title="Gemeinde", parts=(Para("Willkommen in der Gemeinde."), links)))
        return site

    def steps(site: Place) -> Iterator[Step]:
        yield quiet("the first look")
        yield quiet("noise")
        site.edit("/", "Willkommen in", "Herzlich willkommen in")
        site.drop("/chronik")
        yield Step(
            "a page changes, another goes",
            (Label(kind="page.changed", path="/"), Label(kind="page.removed", path="/chronik", look=2)),
            looks=2,
        )

    return Timeline(name="klein", about="", place=make, steps=steps)


@pytest.mark.slow
def test_a_timeline_is_played_to_the_product() -> None:
    """Server, crawls, confirmation and score, end to end."""
    result = score(play(small()))
    assert result.clean, result.cases
    assert (result.steps, result.looks, result.labels) == (3, 4, 2)


@pytest.mark.slow
def test_a_timeline_is_played_to_another_tool() -> None:
    """The command gets the start address, keeps its folder from look to look, and its lines are read."""
    command = (
        """sh -c 'n=$(cat n 2>/dev/null || echo 0); echo $((n+1)) > n; """
        """[ $n = 2 ] && printf "*\\t%s\\n" "$0"; [ $n = 3 ] && printf "page.removed\\t%schronik\\n" "$0"; true'"""
    )
    result = score(play(small(), command))
    assert result.clean, result.cases
