"""What pages need to look as they do is kept once, asked for politely, and changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from extractors import assets
from extractors.model import ASSET, Answer, Outcome
from tests.crawler.bench import Bench
from tests.server import LONG, Reply, Site

MONDAY = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
STYLE = '@import "more.css"; body { background: url("/img/bg.png") } @font-face { src: url(f.woff2) }'


def page(words: str, picture: str = "/img/a.png") -> str:
    return (
        '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Amt</title>'
        '<link rel="stylesheet" href="/css/main.css?v=3"></head>'
        f'<body><main><h1>Amt</h1><p>{words}</p><p>{LONG}</p><img src="{picture}" alt=""></main></body></html>'
    )


def furnish(site: Site) -> None:
    site.pages["/"] = Reply(page("Die Sprechstunde ist am Montag."), etag='"page"')
    site.pages["/css/main.css?v=3"] = Reply(STYLE, type="text/css", etag='"main"')
    site.pages["/css/more.css"] = Reply("p { color: red }", type="text/css")
    for path in ("/img/bg.png", "/img/a.png", "/css/f.woff2"):
        site.pages[path] = Reply(path.encode(), type="application/octet-stream", etag=f'"{path}"')


def test_they_are_kept_once_asked_again_after_a_week_and_make_no_change(bench: Bench, site: Site) -> None:
    furnish(site)
    bench.watch(site, "assets = true")
    first = bench.crawl(at=MONDAY)
    assert (first.pages, first.changes, first.exit_code) == (1, 0, 0)
    style = bench.last(site.url("/css/main.css?v=3"))
    assert (style.outcome, style.rule, style.uri) == (Outcome.OK, ASSET, site.url("/css/main.css?v=3"))
    assert bench.last(site.url("/css/f.woff2")).payload_digest is not None
    paths = {"/css/main.css?v=3", "/css/more.css", "/img/bg.png", "/img/a.png", "/css/f.woff2"}
    assert paths <= set(site.paths())

    site.requests.clear()
    assert bench.crawl(at=MONDAY + DAY).changes == 0  # the page says that nothing changed
    site.pages["/"] = Reply(page("Die Sprechstunde ist am Dienstag.", "/img/b.png"), etag='"new"')
    site.pages["/img/b.png"] = Reply(b"other", status=404)
    told = bench.crawl(at=MONDAY + 2 * DAY)
    assert (told.changes, told.exit_code) == (1, 0), "a picture that is missing makes no crawl incomplete"
    assert [path for path in site.paths() if path in paths | {"/img/b.png"}] == ["/img/b.png"]

    site.pages["/"] = Reply(page("Die Sprechstunde ist am Mittwoch."), etag='"newer"')
    bench.crawl(at=MONDAY + 9 * DAY)
    again = bench.last(site.url("/css/main.css?v=3"))
    assert (again.status, again.outcome) == (304, Outcome.UNCHANGED)
    assert again.payload_digest == style.payload_digest
    assert again.revisit_of == style.id
    with bench.archive() as archive:
        assert {change.uri for change in archive.changes()} == {site.url("/")}
        assert {known.uri for known in archive.frontier("site")} == {site.url("/")}


def test_where_the_option_is_new_unchanged_pages_are_asked_what_they_need(bench: Bench, site: Site) -> None:
    furnish(site)
    bench.watch(site)
    bench.crawl(at=MONDAY)
    assert "/img/a.png" not in site.paths()
    bench.watch(site, "assets = true")
    assert bench.crawl(at=MONDAY + DAY).changes == 0
    assert "/css/f.woff2" in site.paths()


def test_only_the_own_site_is_asked_and_robots_are_obeyed(bench: Bench, site: Site) -> None:
    furnish(site)
    site.pages["/"] = page("Hallo.", "http://127.0.0.2:1/tracker.gif")
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /css/", type="text/plain")
    bench.watch(site, "assets = true")
    assert bench.crawl(at=MONDAY).exit_code == 0
    assert not [path for path in site.paths() if path.startswith("/css/")]
    assert bench.captures("http://127.0.0.2:1/tracker.gif") == ()
    with bench.archive() as archive:
        assert archive.kept_assets("site"), "unchanged pages would be read again at every look"


def test_all_ways_of_naming_them_are_known() -> None:
    body = b"""<html><head><base href="/a/"><link rel="shortcut icon" href=f.ico><link rel=canonical href=/c>
        <style>@import 'x.css'; b { background: URL( "bg.png" ) }</style></head><body background=old.gif>
        <img src="i.jpg" srcset="i-1.jpg 1x, i-2.jpg 2x,\n/i,3.jpg 640w"><picture><source srcset="p.webp"></picture>
        <p style="background:url('s.png')"><video poster=po.jpg><source src=v.mp4></video>
        <svg><image xlink:href="y.svg"/></svg><script src=s.js></script><img src="javascript:alert(1)">
        <img src="data:image/png;base64,xx"><img src="http://[bad/"></body></html>"""
    answer = Answer(uri="https://example.org/x", status=200, headers=(), body=body)
    assert sorted(uri.removeprefix("https://example.org/") for uri in assets.named_by_page(answer)) == [
        "a/bg.png", "a/f.ico", "a/i-1.jpg", "a/i-2.jpg", "a/i.jpg", "a/old.gif", "a/p.webp", "a/po.jpg", "a/s.png",
        "a/x.css", "a/y.svg", "i,3.jpg",
    ]  # fmt: skip


def test_hostile_styles_end_soon() -> None:
    for body in (b"url(" * 500_000, b'url("' * 400_000, b"@import '" * 200_000, b"url(" + b" " * 2_000_000):
        assert assets.named_by_style(body, "text/css", "https://example.org/") is not None
