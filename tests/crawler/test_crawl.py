"""A crawl asks each known address, follows what is linked, keeps its caps and manners, and survives bad servers."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler import config
from crawler.clock import Clock
from crawler.runner import CrawlProcess, run_crawl
from crawler.summary import CrawlOutcome, LogLine, Progress
from extractors.model import Outcome
from storage.archive import Archive
from storage.records import Role
from tests.crawler.bench import Bench
from tests.server import LONG, Canary, Reply, Site, html, redirect, serving

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def _pages(site: Site, *paths: str) -> None:
    """A start page that links all the others."""
    site.pages["/"] = html("Start", LONG * 3, links=paths)
    for path in paths:
        site.pages[path] = html(f"Seite {path}", LONG * 3)


def test_every_link_is_asked_once_however_it_is_spelled(bench: Bench, site: Site) -> None:
    spellings = (
        "/a",
        "/a/",
        "/a#oben",
        "/a?utm_source=x",
        "/./a",
        "/a/index.html",
        site.url("/a"),
        "//" + site.base[7:] + "/a",
    )
    site.pages["/"] = html("Start", LONG * 3, links=spellings)
    for path in ("/a", "/a/", "/a/index.html"):
        site.pages[path] = html("A", LONG * 3, links=("/", "/index.php", *spellings))
    bench.watch(site)
    summary = bench.crawl()
    assert len(site.paths()) == 2
    assert summary.pages == 2
    assert summary.outcome is CrawlOutcome.COMPLETE
    assert summary.coverage == 1.0


def test_only_the_scope_is_followed_but_documents_also_beside_it(bench: Bench, site: Site) -> None:
    site.pages["/amt/"] = html(
        "Amt", LONG * 3, links=("/amt/a", "/amtsblatt", "/x", "/dateien/plan.pdf", "http://127.0.0.9/y.pdf")
    )
    site.pages["/amt/a"] = html("A", LONG * 3)
    bench.watch(site, path="/amt/")
    bench.crawl()
    assert sorted(site.paths()) == ["/amt/", "/amt/a", "/dateien/plan.pdf"]
    site.forget()
    bench.watch(site, "documents = false", path="/amt/")
    bench.crawl()
    assert "/amt/a" in site.paths()


def test_documents_are_left_out_where_the_source_says_so(bench: Bench, site: Site) -> None:
    site.pages["/amt/"] = html("Amt", LONG * 3, links=("/amt/plan.pdf", "/amt/bild.jpg"))
    bench.watch(site, "documents = false", path="/amt/")
    bench.crawl()
    assert site.paths() == ["/amt/"]


def test_a_link_that_says_pdf_is_asked_and_the_answer_settles_what_it_is(bench: Bench, site: Site) -> None:
    """``/download.php?id=7`` may lie anywhere on the host; what turns out to be a page counts within the scope only."""
    offers = "".join(
        f'<p><a href="{path}">Schrift {n}</a> (PDF, 2 kB)</p>'
        for n, path in enumerate(("/download.php?id=7", "/amt/seite", "/woanders", "/fehlt"))
    )
    site.pages["/amt/"] = html("Amt", LONG * 3).replace("<ul>", f"{offers}<ul>")
    site.pages["/download.php?id=7"] = Reply(b"%PDF-1.4 no text\n%%EOF\n", type="application/octet-stream")
    site.pages["/amt/seite"] = html("Eine Seite", LONG * 3)
    site.pages["/woanders"] = html("Keine Schrift", LONG * 3, links=("/amt/nur-von-dort",))
    site.pages["/amt/nur-von-dort"] = html("Dort", LONG * 3)
    bench.watch(site, path="/amt/")
    bench.crawl(at=NOW)
    bench.crawl(at=NOW + WEEK)
    assert set(site.paths()) == {"/amt/", "/download.php?id=7", "/amt/seite", "/woanders", "/fehlt"}
    with bench.archive() as archive:
        roles = {one.uri.removeprefix(site.url("")): one.role for one in archive.frontier("site")}
    assert roles["/download.php?id=7"] is Role.DOCUMENT
    assert roles["/amt/seite"] is Role.PAGE
    assert "/woanders" not in roles


def test_an_address_that_nobody_links_any_more_is_still_asked(bench: Bench, site: Site) -> None:
    _pages(site, "/a", "/b")
    bench.watch(site)
    bench.crawl(at=NOW)
    site.pages["/"] = html("Start", LONG * 3)
    site.forget()
    bench.crawl(at=NOW + WEEK)
    assert sorted(site.paths()) == ["/", "/a", "/b"]


@pytest.mark.parametrize("path", ["/etag", "/exact"])
def test_the_servers_own_validators_are_sent_back_by_the_letter(bench: Bench, site: Site, path: str) -> None:
    """A server that compares by the letter (nginx: if_modified_since exact) answers 304."""
    bench.watch(site, path=path)
    bench.crawl(at=NOW)
    assert "if-none-match" not in site.asked(path)[0].headers
    site.forget()
    bench.crawl(at=NOW + WEEK)
    sent = site.asked(path)[0].headers
    if path == "/etag":
        assert sent["if-none-match"] == 'W/"Marke:1"'
        assert "if-modified-since" not in sent
    else:
        assert sent["if-none-match"] == '"abc-1"'
        assert sent["if-modified-since"] == "Mon, 02 Mar 2026 07:00:00 GMT"
    last = bench.last(site.url(path))
    assert (last.status, last.outcome) == (304, Outcome.UNCHANGED)


def test_links_of_an_unchanged_page_are_followed(bench: Bench, site: Site) -> None:
    """A page that was missing when its list was first read is found although the list answers 304 ever since."""
    site.pages["/"] = Reply(html("Start", LONG * 3, links=("/neu",)), etag='"1"')
    bench.watch(site, "max_pages = 1")
    bench.crawl(at=NOW)
    assert site.paths() == ["/"]
    site.pages["/neu"] = html("Neu", LONG * 3)
    bench.watch(site)
    site.forget()
    bench.crawl(at=NOW + WEEK)
    assert site.paths() == ["/", "/neu"]
    assert bench.last(site.url("/")).status == 304


def test_the_same_bytes_are_unchanged_without_being_read_again(bench: Bench, site: Site) -> None:
    _pages(site, "/a")
    bench.watch(site)
    bench.crawl(at=NOW)
    summary = bench.crawl(at=NOW + WEEK)
    assert bench.last(site.url("/a")).outcome is Outcome.UNCHANGED
    assert (summary.new, summary.changed) == (0, 0)


def test_what_changed_is_counted_as_changed(bench: Bench, site: Site) -> None:
    _pages(site, "/a")
    bench.watch(site)
    first = bench.crawl(at=NOW)
    assert (first.new, first.baseline, first.changes) == (2, True, 0)
    site.pages["/a"] = html("Seite /a", LONG * 3, "Neu ist dieser Absatz über die Öffnungszeiten.")
    second = bench.crawl(at=NOW + WEEK)
    assert (second.new, second.changed) == (0, 1)


def test_hops_of_a_redirect_are_captures_of_their_own(bench: Bench, site: Site) -> None:
    _pages(site, "/alt")
    site.pages["/alt"] = redirect("/zwischen", 301)
    site.pages["/zwischen"] = redirect("/neu", 302)
    site.pages["/neu"] = html("Neu", LONG * 3)
    bench.watch(site)
    bench.crawl()
    first, second, third = (bench.last(site.url(path)) for path in ("/alt", "/zwischen", "/neu"))
    assert (first.outcome, first.location) == (Outcome.MOVED, site.url("/zwischen"))
    assert (second.outcome, second.hop_of) == (Outcome.MOVED, first.id)
    assert (third.outcome, third.hop_of) == (Outcome.OK, second.id)


def test_a_slash_redirect_folds_into_the_same_address(bench: Bench, site: Site) -> None:
    _pages(site, "/a")
    site.pages["/a"] = redirect("/a/", 301)
    site.pages["/a/"] = html("A", LONG * 3)
    bench.watch(site)
    summary = bench.crawl()
    assert summary.pages == 2
    assert bench.last(site.url("/a")).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("path", "rule", "requests"), [("/redirect-loop", "redirect-loop", 1), ("/ping", "redirect-loop", 2)]
)
def test_redirect_loops_end_and_make_no_version(bench: Bench, site: Site, path: str, rule: str, requests: int) -> None:
    bench.watch(site, path=path)
    bench.crawl()
    assert len([found for found in site.paths() if found != "/"]) == requests
    assert bench.last(site.url(path)).rule == rule
    with bench.archive() as archive:
        assert archive.versions_of(site.url(path)) == ()


def test_a_chain_of_redirects_ends_after_eight(bench: Bench, site: Site) -> None:
    bench.watch(site, path="/redirect-chain/0")
    bench.crawl()
    assert len([path for path in site.paths() if path.startswith("/redirect-chain")]) == 9
    assert bench.last(site.url("/redirect-chain/0")).rule == "redirect-limit"


def test_a_redirect_to_another_host_is_recorded_and_not_followed(bench: Bench, site: Site) -> None:
    with serving("127.0.0.3") as other:
        other.pages["/"] = html("Woanders", LONG * 3)
        _pages(site, "/a")
        site.pages["/a"] = redirect(other.url("/"))
        bench.watch(site)
        bench.crawl()
        assert other.requests == []
    last = bench.last(site.url("/a"))
    assert (last.outcome, last.location) == (Outcome.MOVED, other.url("/"))


def test_one_bad_page_never_stops_the_others(bench: Bench, site: Site) -> None:
    bad = ("/drop", "/partial", "/status/500", "/status/403", "/redirect-loop", "/gzip-cut", "/nirgends")
    good = tuple(f"/gut/{number}/x" for number in range(5))
    _pages(site, *bad, *good)
    for path in bad:
        del site.pages[path]  # the server's own misbehaviour answers there
    bench.watch(site)
    summary = bench.crawl()
    assert all(bench.last(site.url(path)).outcome is Outcome.OK for path in good)
    assert bench.last(site.url("/nirgends")).outcome is Outcome.GONE
    assert summary.exit_code == 3
    failed = {failure.uri for failure in summary.failures}
    assert {site.url("/drop"), site.url("/status/500"), site.url("/partial")} <= failed


def test_a_passing_fault_is_asked_again_behind_the_others(bench: Bench, site: Site) -> None:
    _pages(site, "/a", "/b")
    answers = iter([Reply("x", status=503), Reply(html("A", LONG * 3))])
    site.pages["/a"] = lambda _asked: next(answers)
    bench.watch(site)
    summary = bench.crawl()
    assert site.paths() == ["/", "/a", "/b", "/a"]
    assert [capture.status for capture in bench.captures(site.url("/a"))] == [503, 200]
    assert summary.outcome is CrawlOutcome.COMPLETE


def test_a_host_that_is_down_is_not_asked_again_and_again(bench: Bench, site: Site) -> None:
    paths = tuple(f"/s/{number}/x" for number in range(20))
    _pages(site, *paths)
    bench.watch(site)
    bench.crawl(at=NOW)
    site.forget()
    for path in ("/", *paths):
        site.pages[path] = Reply("x", status=500)
    bench.crawl(at=NOW + WEEK)
    assert len(site.paths()) <= 21 + 2 * 2 + 1


def test_retry_after_is_obeyed(bench: Bench, site: Site) -> None:
    _pages(site, "/a", "/b")
    answers = iter([Reply("x", status=429, headers=(("Retry-After", "1"),)), Reply(html("A", LONG * 3))])
    site.pages["/a"] = lambda _asked: next(answers)
    bench.watch(site)
    bench.crawl()
    first = site.asked("/a")[0].at
    assert all(asked.at - first >= 1 for asked in site.requests if asked.at > first)
    assert bench.last(site.url("/a")).outcome is Outcome.OK


def test_a_retry_after_beyond_the_deadline_is_not_waited_for(bench: Bench, site: Site) -> None:
    _pages(site, "/a", "/b")
    site.pages["/a"] = Reply("x", status=503, headers=(("Retry-After", "3600"),))
    bench.watch(site, 'deadline = "60s"')
    started = time.monotonic()
    bench.crawl()
    assert time.monotonic() - started < 10
    assert site.paths() == ["/", "/a"]
    assert bench.last(site.url("/b")).rule == "retry-after"


def test_an_endless_calendar_stays_within_the_cap_and_starves_nobody(bench: Bench, site: Site) -> None:
    """F29: every page links to three new ones; the other pages are all asked."""

    def month(number: int) -> str:
        return html(f"Monat {number}", LONG, links=tuple(f"/kalender/{3 * number + step}/" for step in (1, 2, 3)))

    for number in range(400):
        site.pages[f"/kalender/{number}/"] = month(number)
    others = tuple(f"/seite/{number}/" for number in range(10))
    deep = {path: html(path, LONG, links=(path + "tiefer/",)) for path in others} | {
        path + "tiefer/": html(path, LONG) for path in others
    }
    site.pages |= {"/": html("Start", LONG * 3, links=("/kalender/0/", *others)), **deep}
    bench.watch(site, "max_pages = 60")
    summary = bench.crawl()
    assert len(site.paths()) <= 60
    assert set(deep) <= set(site.paths())
    assert "cap reached" in summary.reason


def test_max_pages_and_max_depth_are_kept(bench: Bench, site: Site) -> None:
    _pages(site, *(f"/s{number}" for number in range(30)))
    site.pages["/s0"] = html("Null", LONG * 3, links=("/tief",))
    bench.watch(site, "max_pages = 10")
    summary = bench.crawl()
    assert len(site.paths()) == 10
    assert "max_pages" in summary.reason
    site.forget()
    bench.watch(site, "max_depth = 1")
    bench.crawl()
    assert len(site.paths()) == 31
    assert "/tief" not in site.paths()


def test_a_slow_server_costs_its_own_pages_only(bench: Bench, site: Site) -> None:
    """F31: silent and dripping answers end at the time-out; the fast host beside them is asked meanwhile."""
    with serving("127.0.0.2") as slow:
        fast = tuple(f"/f/{number}/x" for number in range(20))
        site.pages["/"] = html("Start", LONG * 3, links=fast)
        for path in fast:
            site.pages[path] = html(path, LONG * 3)
        starts = [site.url("/"), slow.url("/slow"), slow.url("/drip")]
        bench.write(
            f'[[source]]\nname = "site"\nstart = {starts}\nallow_private = true\ndelay = 0\ntimeout = "1s"\n'.replace(
                "'", '"'
            )
        )
        started = time.monotonic()
        bench.crawl()
        assert time.monotonic() - started < 12
        done = max(asked.at for asked in site.requests) - min(asked.at for asked in site.requests)
        assert done < 3
    assert all(bench.last(site.url(path)).outcome is Outcome.OK for path in fast)
    assert bench.last(slow.url("/slow")).rule == "timeout"
    assert bench.last(slow.url("/drip")).rule == "timeout"


def test_the_deadline_ends_a_crawl_and_nothing_is_lost(bench: Bench, site: Site) -> None:
    _pages(site, *(f"/s/{number}/x" for number in range(50)))
    bench.watch(site, 'delay = 0.2\ndeadline = "1s"')
    started = time.monotonic()
    summary = bench.crawl()
    assert time.monotonic() - started < 5
    assert summary.outcome is CrawlOutcome.INCOMPLETE
    assert "deadline" in summary.reason
    assert bench.last(site.url("/")).outcome is Outcome.OK


def test_the_delay_is_kept_between_two_requests(bench: Bench, site: Site) -> None:
    _pages(site, "/a", "/b", "/c")
    bench.watch(site, "delay = 0.25")
    bench.crawl()
    times = [asked.at for asked in site.requests]
    assert all(later - earlier >= 0.25 for earlier, later in pairwise(times))


def test_feeds_and_sitemaps_may_be_the_start(bench: Bench, site: Site) -> None:
    entries = "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in ("/a/1", "/a/2", "/x/3"))
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    site.pages["/a/sitemap.xml"] = Reply(
        f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{namespace}">{entries}</urlset>', type="application/xml"
    )
    for path in ("/a/1", "/a/2", "/x/3"):
        site.pages[path] = html(path, LONG * 3)
    bench.watch(site, f'scope = ["{site.url("/a/")}"]', path="/a/sitemap.xml")
    bench.crawl()
    assert sorted(site.paths()) == ["/a/1", "/a/2", "/a/sitemap.xml"]


def test_with_match_only_pages_that_have_a_word_are_watched(bench: Bench, site: Site) -> None:
    site.pages["/"] = html("Liste", LONG * 3, links=("/a", "/b"))
    site.pages["/a"] = html("Besuch aus Moskau", LONG * 3)
    site.pages["/b"] = html("Impfwoche", LONG * 3)
    bench.watch(site, 'match = ["moskau"]')
    bench.crawl()
    with bench.archive() as archive:
        assert {known.uri for known in archive.frontier("site")} == {site.url("/a")}
    assert bench.captures(site.url("/b")), "the other page is kept all the same"


def test_the_host_is_looked_at_when_the_section_is_gone(bench: Bench, site: Site) -> None:
    site.pages["/amt/"] = html("Amt", LONG * 3, links=("/amt/a",))
    site.pages["/amt/a"] = html("A", LONG * 3)
    site.pages["/"] = html("Willkommen", LONG * 3)
    bench.watch(site, path="/amt/")
    bench.crawl(at=NOW)
    assert "/" not in site.paths()
    del site.pages["/amt/"], site.pages["/amt/a"]
    bench.crawl(at=NOW + WEEK)
    assert site.paths()[-1] == "/"
    with bench.archive() as archive:
        probes = archive.crawl_view(archive.crawls()[0]).probes
    assert {probe.uri: probe.outcome for probe in probes}[site.url("/")] is Outcome.OK


def test_a_dry_run_asks_everything_and_stores_nothing(bench: Bench, site: Site, tmp_path: Path) -> None:
    _pages(site, "/a")
    bench.watch(site)
    summary = bench.crawl(dry_run=True)
    assert sorted(site.paths()) == ["/", "/a"]
    assert summary.pages == 2
    assert not bench.archive_path.exists()
    bench.crawl(at=NOW)
    before = bench.archive_path.read_bytes()
    site.pages["/a"] = html("Seite /a", LONG * 3, "Ein neuer Absatz über neue Öffnungszeiten.")
    assert bench.crawl(dry_run=True).changed == 1
    assert bench.archive_path.read_bytes() == before


def test_a_source_that_is_being_crawled_is_left_to_the_other(bench: Bench, site: Site) -> None:
    _pages(site, "/a")
    bench.watch(site)
    source = config.load(bench.file).sources["site"]
    with Archive.open(bench.archive_path, create=True) as archive:
        archive.start_crawl(source, NOW)
        summary = bench.crawl()
    assert (summary.outcome, summary.exit_code) == (CrawlOutcome.LOCKED, 75)
    assert site.requests == []


def test_a_folder_that_cannot_be_written_is_one_line(bench: Bench, site: Site, tmp_path: Path) -> None:
    _pages(site, "/a")
    (tmp_path / "taken").write_text("no folder")
    bench.watch(site, tail='[archive]\npath = "taken/amtsblick.db"')
    summary = bench.crawl()
    assert summary.exit_code == 74
    assert summary.reason
    assert "\n" not in summary.reason
    assert site.requests == []


def test_a_crawl_can_be_stopped_at_once(bench: Bench, site: Site) -> None:
    """Twenty silent pages are queued; a stop does not wait for their time-outs."""
    _pages(site, *(f"/slow/{number}" for number in range(20)))
    bench.watch(site, 'timeout = "30s"')
    stop = threading.Event()

    def on_event(event: object) -> None:
        if isinstance(event, Progress):
            stop.set()

    started = time.monotonic()
    for path in [path for path in site.pages if path != "/"]:
        del site.pages[path]
    summary = run_crawl(config.load(bench.file), ["site"], Clock(), on_event, stop=stop)[0]
    assert summary.outcome is CrawlOutcome.STOPPED
    assert time.monotonic() - started < 20
    with bench.archive() as archive:
        crawl = archive.crawls()[0]
    assert (crawl.reason, crawl.exhausted) == ("shutdown", False)
    assert bench.last(site.url("/")).outcome is Outcome.OK


@pytest.mark.parametrize("failpoint", ["capture.halfway:3", "detection.halfway:1"])
def test_a_crawl_that_is_killed_is_said_to_be_and_the_next_one_heals(
    bench: Bench, site: Site, monkeypatch: pytest.MonkeyPatch, failpoint: str
) -> None:
    _pages(site, "/a", "/b")
    bench.watch(site)
    monkeypatch.setenv("AMTSBLICK_FAILPOINT", failpoint)
    summary = run_crawl(config.load(bench.file), ["site"], Clock(frozen_at=NOW))[0]
    assert summary.outcome is CrawlOutcome.CRASHED
    assert "signal 9" in summary.reason
    monkeypatch.delenv("AMTSBLICK_FAILPOINT")
    healed = bench.crawl(at=NOW + WEEK)
    assert healed.outcome is CrawlOutcome.COMPLETE
    with bench.archive() as archive:
        assert [crawl.detected for crawl in archive.crawls()] == [True, True]
        assert archive.unread_captures() == ()
        assert archive.changes() == ()


def test_a_quiet_crawl_logs_nothing_and_listens_nowhere(bench: Bench, site: Site, crawl_process: CrawlProcess) -> None:
    """While a page is asked for, no process of the crawl holds a listening TCP socket; and a good crawl logs nothing."""
    held: list[set[int]] = []

    def look(_asked: object) -> str:
        held.append(_listening(crawl_process.pid))
        return html("A", LONG * 3)

    _pages(site, "/a")
    site.pages["/a"] = look  # type: ignore[assignment]
    bench.watch(site)
    bench.crawl()
    assert held == [set()]
    assert len(_sockets(crawl_process.pid)) > 0, "it has sockets, and none of them listens"
    assert [event for event in bench.events if isinstance(event, LogLine)] == []


def _sockets(session: int) -> set[int]:
    """The inodes of all sockets that the processes of a session hold."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int((process / "stat").read_text().rsplit(") ", 1)[1].split()[3]) == session:
                targets = [str(link.readlink()) for link in (process / "fd").iterdir()]
                found |= {int(target[8:-1]) for target in targets if target.startswith("socket:[")}
        except OSError:
            continue  # it has just ended
    return found


def _listening(session: int) -> set[int]:
    """The inodes of its listening TCP and open UDP sockets."""
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    inodes = {int(row[9]) for row in rows if row[3] == "0A"}
    rows = [line.split() for name in ("udp", "udp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return _sockets(session) & (inodes | {int(row[9]) for row in rows})


def test_the_environments_proxies_are_ignored(bench: Bench, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = Canary("127.0.0.4")
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, canary.site.base)
    _pages(site, "/a")
    bench.watch(site)
    run_crawl(config.load(bench.file), ["site"], Clock())
    assert canary.touched == 0
    assert sorted(site.paths()) == ["/", "/a"]
    canary.site.close()


def _scrapy(*words: str, folder: Path, config_file: Path) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).resolve().parents[2]
    environ = {
        "AMTSBLICK_CONFIG": str(config_file),
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
        "PATH": "/usr/bin:/bin",
    }
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=root,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_scrapy_itself_lists_and_crawls_the_sources(bench: Bench, site: Site, tmp_path: Path) -> None:
    _pages(site, "/a", "/status/500")
    del site.pages["/status/500"]
    bench.watch(site)
    assert _scrapy("list", folder=tmp_path, config_file=bench.file).stdout.split() == ["site"]
    done = _scrapy("crawl", "site", folder=tmp_path, config_file=bench.file)
    assert done.returncode == 3, done.stderr
    assert len(done.stderr.splitlines()) < 10
    assert "site: incomplete" in done.stderr
    with bench.archive() as archive:
        crawl = archive.crawls()[0]
        assert crawl.detected
    assert _scrapy("crawl", "nichts", folder=tmp_path, config_file=bench.file).returncode == 2


def test_a_wrong_config_is_one_line_for_scrapy_too(bench: Bench, tmp_path: Path) -> None:
    bench.write('[[source]]\nname = "x"\nstrat = ["https://example.org/"]\n')
    done = _scrapy("list", folder=tmp_path, config_file=bench.file)
    assert done.returncode == 78
    assert len(done.stderr.strip().splitlines()) == 1
