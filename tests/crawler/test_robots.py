"""robots.txt by RFC 9309 (F28): refusals are obeyed, and a file that cannot be had means wait, not all allowed."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from crawler.robots import MAX_BYTES, parse
from crawler.summary import CrawlOutcome
from extractors.model import Outcome
from tests.crawler.bench import Bench
from tests.server import LONG, Asked, Canary, Reply, Site, html, redirect

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def _two_pages(site: Site) -> None:
    site.pages["/"] = html("Start", LONG * 3, links=("/a", "/geheim/b"))
    site.pages["/a"] = html("A", LONG * 3)
    site.pages["/geheim/b"] = html("B", LONG * 3)


def test_what_robots_txt_forbids_is_never_asked(bench: Bench, site: Site) -> None:
    _two_pages(site)
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /geheim/\n", type="text/plain")
    bench.watch(site)
    summary = bench.crawl()
    assert sorted(site.paths()) == ["/", "/a"]
    refused = bench.last(site.url("/geheim/b"))
    assert (refused.outcome, refused.rule, refused.request) == (Outcome.DENIED, "robots-denied", b"")
    assert summary.exit_code == 0, "a robots refusal is no failure"
    assert site.requests[0].path == "/robots.txt"


def test_our_own_group_counts_before_that_for_everybody(bench: Bench, site: Site) -> None:
    _two_pages(site)
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: amtsblick\nDisallow: /geheim/\n"
    site.pages["/robots.txt"] = Reply(rules, type="text/plain")
    bench.watch(site)
    bench.crawl()
    assert sorted(site.paths()) == ["/", "/a"]


def test_a_site_that_closes_itself_is_asked_nothing_more_and_nothing_counts_as_removed(
    bench: Bench, site: Site
) -> None:
    _two_pages(site)
    bench.watch(site, 'confirm_after = "0s"')
    bench.crawl(at=NOW)
    site.forget()
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /\n", type="text/plain")
    for week in (1, 2, 3):
        bench.crawl(at=NOW + timedelta(weeks=week))
    assert site.paths() == []
    with bench.archive() as archive:
        kinds = [change.kind for change in archive.changes()]
    assert not [kind for kind in kinds if kind.startswith("page.")]


@pytest.mark.parametrize("broken", [Reply("x", status=503), Reply("x", status=500), Reply("x", status=429)])
def test_without_an_answer_the_rules_of_a_day_hold_and_then_nothing_is_asked(
    bench: Bench, site: Site, broken: Reply
) -> None:
    _two_pages(site)
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /geheim/\n", type="text/plain")
    bench.watch(site)
    bench.crawl(at=NOW)
    site.pages["/robots.txt"] = broken
    site.forget()
    bench.crawl(at=NOW + timedelta(hours=23))
    assert sorted(site.paths()) == ["/", "/a"]
    site.forget()
    summary = bench.crawl(at=NOW + timedelta(hours=25))
    assert site.paths() == []
    assert bench.last(site.url("/")).rule == "robots-unreachable"
    assert summary.exit_code == 3


def test_a_robots_txt_that_never_answers_stops_the_crawl_in_time(bench: Bench, site: Site) -> None:
    _two_pages(site)

    def silent(_asked: Asked) -> Reply:
        site.closing.wait(20)
        return Reply()

    site.pages["/robots.txt"] = silent
    bench.watch(site, 'timeout = "0.3s"')
    started = time.monotonic()
    bench.crawl()
    assert time.monotonic() - started < 5
    assert site.paths() == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_robots_txt_forbids_nothing(bench: Bench, site: Site, status: int) -> None:
    _two_pages(site)
    site.pages["/robots.txt"] = Reply("x", status=status)
    bench.watch(site)
    bench.crawl()
    assert sorted(site.paths()) == ["/", "/a", "/geheim/b"]


def test_a_web_page_in_place_of_robots_txt_forbids_nothing(bench: Bench, site: Site) -> None:
    _two_pages(site)
    site.pages["/robots.txt"] = html("Willkommen", "Disallow: /")
    bench.watch(site)
    bench.crawl()
    assert sorted(site.paths()) == ["/", "/a", "/geheim/b"]


def test_redirects_of_robots_txt_are_followed_but_not_into_the_private_network(bench: Bench, site: Site) -> None:
    canary = Canary("127.0.0.2")
    _two_pages(site)
    site.pages["/robots.txt"] = redirect("/robots2.txt")
    site.pages["/robots2.txt"] = Reply("User-agent: *\nDisallow: /geheim/\n", type="text/plain")
    bench.watch(site)
    bench.crawl()
    assert "/geheim/b" not in site.paths()
    site.forget()
    site.pages["/robots.txt"] = redirect(canary.site.url("/robots.txt"))
    bench.crawl(at=datetime.now(UTC) + timedelta(days=2))
    assert canary.touched == 0
    assert site.paths() == []
    canary.site.close()


def test_a_robots_txt_that_redirects_for_ever_counts_as_absent(bench: Bench, site: Site) -> None:
    _two_pages(site)
    site.pages["/robots.txt"] = redirect("/redirect-chain/1")
    bench.watch(site)
    bench.crawl()
    asked = [path for path in site.paths() if path.startswith("/redirect-chain")]
    assert len(asked) == 5
    assert "/geheim/b" in site.paths()


def test_only_the_first_500_kib_count() -> None:
    padding = b"# " + b"x" * 1022 + b"\n"
    within = parse(b"User-agent: *\nDisallow: /a/\n" + padding * 10_000)
    assert not within.allows("https://example.org/a/b")
    beyond = parse(padding * (MAX_BYTES // len(padding) + 1) + b"User-agent: *\nDisallow: /\n")
    assert beyond.allows("https://example.org/a/b")


def test_crawl_delay_raises_the_pause(bench: Bench, site: Site) -> None:
    _two_pages(site)
    site.pages["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 0.3\n", type="text/plain")
    bench.watch(site)
    bench.crawl()
    times = [asked.at for asked in site.requests]
    assert len(times) == 4
    assert all(later - earlier >= 0.3 for earlier, later in pairwise(times))


def test_the_file_is_a_capture_and_no_page(bench: Bench, site: Site) -> None:
    _two_pages(site)
    site.pages["/robots.txt"] = Reply("User-agent: *\nAllow: /\n", type="text/plain")
    bench.watch(site)
    summary = bench.crawl()
    with bench.archive() as archive:
        view = archive.crawl_view(archive.crawls()[0])
        assert [probe.uri for probe in view.probes] == [site.url("/robots.txt")]
        assert view.probes[0].outcome is Outcome.OK
        assert archive.captures_of(site.url("/robots.txt")) == ()
    assert summary.pages == 3
    assert summary.outcome is CrawlOutcome.COMPLETE
