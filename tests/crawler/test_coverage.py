"""`coverage`: no day without an answer, and no answer better than what was seen."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import cli
from crawler.coverage import Checked, Day, Life, Why, days, folded
from crawler.slots import parse
from extractors.model import Outcome
from storage.archive import Archive
from storage.records import Coverage, Crawl, Source
from tests.crawler.bench import Bench
from tests.server import LONG, Reply, Site, html
from tests.storage.makers import bad, fetched, ok

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 23, 4, 30, tzinfo=UTC)  # the clocks change on the Sunday after
DAY = timedelta(days=1)
CRON = parse("30 5 * * *")


def look(at: datetime, *, judged: int = 4, known: int = 4, failures: int = 0, reason: str = "finished") -> Coverage:
    crawl = Crawl(
        id=int(at.timestamp()), source="a", started_at=at, ended_at=at, exhausted=reason == "finished", reason=reason
    )
    return Coverage(crawl=crawl, known=known, judged=judged, pages=judged, documents=0, failed=(), failures=failures)


def of(*looks: Coverage, blind: tuple[int, ...] = (), since: date = date(2026, 3, 23), **more: Any) -> list[Day]:
    facts: dict[str, Any] = {
        "active": frozenset(),
        "enabled": True,
        "cron": CRON,
        "zone": BERLIN,
        "now": MONDAY + 7 * DAY,
    }
    return list(days(looks, blind, (), since, Life(**(facts | more))))


@pytest.mark.parametrize(
    ("seen", "checked", "why"),
    [
        (look(MONDAY), Checked.FULLY, Why.NONE),
        (look(MONDAY, judged=3), Checked.FULLY, Why.NONE),  # robots refusals are no failures (design §5)
        (look(MONDAY, judged=3, failures=1), Checked.PARTLY, Why.FAILURES),
        (look(MONDAY, judged=3, reason="max_pages"), Checked.PARTLY, Why.CAP),
        (look(MONDAY, judged=3, reason="deadline"), Checked.PARTLY, Why.DEADLINE),
        (look(MONDAY, judged=3, reason="shutdown"), Checked.PARTLY, Why.STOPPED),
        (look(MONDAY, judged=0, reason="abandoned"), Checked.NOT, Why.BROKE_OFF),
    ],
)
def test_the_look_of_a_day_says_how_far_it_was_checked(seen: Coverage, checked: Checked, why: Why) -> None:
    (day,) = of(seen, now=MONDAY + DAY / 4)
    assert (day.day, day.checked, day.why) == (date(2026, 3, 23), checked, why)


def test_a_look_at_a_site_that_cannot_be_checked_is_none() -> None:
    seen = look(MONDAY, judged=1, failures=3)
    (day,) = of(seen, blind=(seen.crawl.id,), now=MONDAY + DAY / 4)
    assert (day.checked, day.why) == (Checked.NOT, Why.BLIND)


def test_the_best_look_stands_for_its_day() -> None:
    (day,) = of(look(MONDAY, judged=2, failures=2), look(MONDAY + DAY / 4), now=MONDAY + DAY / 2)
    assert (day.checked, day.looks) == (Checked.FULLY, 2)


def test_days_without_a_look_say_why() -> None:
    first, *rest = of(look(MONDAY), active={date(2026, 3, 25)})
    assert first.checked is Checked.FULLY
    assert [day.why for day in rest[:3]] == [Why.OFF, Why.PAUSED, Why.OFF]
    assert {day.why for day in of(look(MONDAY), enabled=False)[1:]} == {Why.PAUSED}
    assert {day.why for day in of(look(MONDAY), cron=parse("0 5 * * mon"))[1:7]} == {Why.NOT_DUE}
    assert of(look(MONDAY), now=MONDAY + DAY - timedelta(hours=2))[-1].why is Why.NOT_DUE  # this morning's is to come


def test_days_are_those_of_the_zone_also_when_the_clocks_change() -> None:
    late = look(datetime(2026, 3, 28, 23, 30, tzinfo=UTC))  # half past midnight on Sunday in Berlin
    later = look(datetime(2026, 3, 29, 22, 30, tzinfo=UTC))  # half past midnight on Monday, an hour "earlier"
    found = {day.day: day.checked for day in of(late, later)}
    assert [found[date(2026, 3, day)] for day in (28, 29, 30)] == [Checked.NOT, Checked.FULLY, Checked.FULLY]


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4), st.sampled_from(["finished", "deadline", "shutdown"])))
)
def test_folding_loses_and_doubles_no_day(looks: list[tuple[int, int, str]]) -> None:
    seen = [
        look(MONDAY + day * DAY, judged=judged, failures=4 - judged, reason=reason) for day, judged, reason in looks
    ]
    found = of(*seen, now=MONDAY + 20 * DAY)
    stretches = list(folded(iter(found)))
    assert sum(each.days for each in stretches) == len(found) == 21
    assert all((b.first - a.last).days == 1 for a, b in itertools.pairwise(stretches))
    assert all((a.checked, a.why) != (b.checked, b.why) for a, b in itertools.pairwise(stretches))


def test_what_became_known_later_does_not_darken_earlier_days(tmp_path: Path) -> None:
    source = Source(name="a", start=("https://example.org/a/",), scope=())
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        for day, pages in enumerate((2, 3)):
            at = MONDAY + day * DAY
            crawl = archive.start_crawl(source, at)
            for number in range(pages):
                uri = f"https://example.org/a/{number}"
                archive.add_capture(crawl.id, fetched(uri, at, f"{uri}{day}".encode()), ok(uri, f"Text {number}"))
            archive.add_capture(crawl.id, fetched("https://example.org/x", at, b"", status=500), bad(Outcome.FAILED))
            archive.end_crawl(crawl.id, at, True, "finished")
        assert [(each.judged, each.known) for each in archive.coverages("a")] == [(2, 3), (3, 4)]
        assert len(archive.coverages("a", MONDAY + DAY)) == 1


@pytest.mark.slow
def test_the_command_tells_a_week_in_a_table_and_in_json(
    bench: Bench, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.pages["/"] = html("Start", LONG, links=("/a", "/b"))
    site.pages["/a"] = site.pages["/b"] = html("A", LONG)
    bench.watch(site)
    bench.crawl(at=MONDAY)
    site.pages["/b"] = Reply("down", status=500)
    bench.crawl(at=MONDAY + DAY)
    site.pages["/"] = site.pages["/a"] = Reply("down", status=500)
    bench.crawl(at=MONDAY + 2 * DAY)
    words = ["--config", str(bench.file), "--now", (MONDAY + 4.5 * DAY).isoformat(), "coverage", "site"]
    assert cli.run(words) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[1:] == [
        "2026-03-23 1 fully 3 of 3",
        "2026-03-24 1 partly 2 of 3 pages failed",
        "2026-03-25 1 not 0 of 3 the site could not be checked",
        "2026-03-26 – 2026-03-27 2 not – nothing ran: machine off, or the service stopped",
    ]
    assert cli.run([*words, "--since", "2026-03-25", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["day"], row["checked"], row["why"]) for row in rows] == [
        ("2026-03-25", "not", "blind"),
        ("2026-03-26", "not", "machine-off"),
        ("2026-03-27", "not", "machine-off"),
    ]
    assert cli.run([*words[:-1], "sit"]) == 2
    assert "did you mean “site”" in capsys.readouterr().err
    assert cli.run([*words, "--since", "morgen früh"]) == 2
