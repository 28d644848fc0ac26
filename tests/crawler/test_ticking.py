"""A site that puts something new into every answer: told as unchanged without reading it, and its changes are found."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from extractors.heads import fields
from extractors.model import Answer, Hints, Outcome
from extractors.read import read
from tests.crawler.bench import Bench
from tests.server import LONG, Reply, Site

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = ("/", "/amt", "/plan")


class Ticking:
    """Three pages with a token, a visitor counter and the moment in each answer. ``texts`` may be changed."""

    def __init__(self, site: Site) -> None:
        self.texts = dict.fromkeys(NAMES, LONG * 3)
        self._count = itertools.count(100_001)
        for name in NAMES:
            site.pages[name] = lambda _asked, name=name: self._answer(name)  # type: ignore[misc]

    def _answer(self, name: str) -> Reply:
        number = next(self._count)
        links = "".join(f'<li><a href="{other}">Weiter zu {other}</a></li>' for other in NAMES)
        return Reply(
            f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{name}</title>'
            f'<meta name="csrf-token" content="{number:032x}"><link rel="stylesheet" href="/a.css?v={number}"></head>'
            f"<body><nav><ul>{links}</ul></nav><main><h1>Seite {name}</h1><p>{self.texts[name]}</p></main>"
            f"<footer><p>Erstellt am 02.03.2026 06:00:{number % 60:02d} | Besucher: {number}</p></footer></body></html>"
        )


def test_what_ticks_is_no_change_and_what_changes_beside_it_is_one(bench: Bench, site: Site) -> None:
    ticking = Ticking(site)
    bench.watch(site)
    bench.crawl(at=NOW)
    for day in (1, 2):
        summary = bench.crawl(at=NOW + day * DAY)
        assert (summary.pages, summary.same_text, summary.changes) == (3, 3, 0)
    ticking.texts["/plan"] = ticking.texts["/plan"].replace("Termine", "Fristen", 1)
    summary = bench.crawl(at=NOW + 3 * DAY)
    assert (summary.same_text, summary.changes) == (2, 1)
    summary = bench.crawl(at=NOW + 4 * DAY)
    assert (summary.same_text, summary.changes) == (3, 0)


def test_every_look_has_its_own_bytes_and_the_reading_that_they_give(bench: Bench, site: Site) -> None:
    Ticking(site)
    bench.watch(site)
    for day in range(3):
        bench.crawl(at=NOW + day * DAY)
    with bench.archive() as archive:
        for name in NAMES:
            captures = archive.captures_of(site.url(name))
            assert [(each.outcome, each.rule) for each in captures] == [
                (Outcome.OK, "read"), (Outcome.OK, "same-text"), (Outcome.OK, "same-text"),
            ]  # fmt: skip
            assert len({each.payload_digest for each in captures}) == 3
            assert len({each.version_id for each in captures}) == 1
            before = None
            for each in captures:
                assert each.payload_digest is not None
                head, body = fields(each.head), archive.payload(each.payload_digest)
                answer = Answer(uri=each.uri, status=200, headers=head, body=body)
                before = read(answer, Hints(previous=before)).page
                assert archive.page_of(each.id) == before


def test_with_words_to_match_a_page_that_ticks_stays_what_it_was(bench: Bench, site: Site) -> None:
    ticking = Ticking(site)
    ticking.texts["/amt"] = LONG * 2 + "Das Seminar findet in Moskau statt."
    bench.watch(site, 'match = ["moskau"]')
    for day in range(2):
        bench.crawl(at=NOW + day * DAY)
    with bench.archive() as archive:
        first, second = (set(archive.crawl_view(crawl).looks) for crawl in archive.crawls())
    assert first == second
    assert any(where.endswith("/amt") for where in first)
    assert not any(where.endswith("/plan") for where in first)
