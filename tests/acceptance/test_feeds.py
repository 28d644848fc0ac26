"""A source that begins with a feed or a sitemap: what it lists is watched, in the scope that the config names."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.acceptance.harness import Answer, Desk, Site, serving

pytestmark = pytest.mark.slow

DAY = "2026-03-{:02d}T06:00:00Z"
XML = "application/xml"


def page(title: str, text: str, *links: str) -> Answer:
    items = "".join(f'<li><a href="{link}">Mehr: {link}</a></li>' for link in links)
    return Answer(f"<html><body><main><h1>{title}</h1><p>{text}</p><ul>{items}</ul></main></body></html>")


def fill(site: Site) -> None:
    site.pages = {"/": page("Amt", "Willkommen beim Amt.")}
    for path in ("/2026/eins/", "/2026/zwei/", "/amt/drei/"):
        site.pages[path] = page(f"Meldung {path}", f"Der Text von {path} steht ganz für sich allein.", "/anderswo/")
    site.pages["/anderswo/"] = page("Anderswo", "Das will niemand wissen, denn es steht in keiner Liste.")


def urlset(base: str, *paths: str) -> str:
    entries = "".join(f"<url><loc>{base}{path}</loc></url>" for path in paths)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def index(base: str, *paths: str) -> str:
    entries = "".join(f"<sitemap><loc>{base}{path}</loc></sitemap>" for path in paths)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'


def rss(base: str, *paths: str) -> str:
    entries = "".join(f"<item><title>Meldung {path}</title><link>{base}{path}</link></item>" for path in paths)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Amt</title>{entries}</channel></rss>'


def desk_for(folder: Path, site: Site, start: str, more: str = "") -> Desk:
    return Desk(
        folder, f'[[source]]\nname = "a"\nstart = ["{site.base}{start}"]\ndelay = 0\nallow_private = true\n{more}\n'
    )


def asked(site: Site) -> set[str]:
    return {path for path, _ in site.requests} - {"/robots.txt"}


@pytest.mark.parametrize("scope", [False, True])
@pytest.mark.parametrize("kind", ["feed", "sitemap", "packed", "index"])
def test_what_a_feed_or_sitemap_lists_is_watched(tmp_path: Path, kind: str, scope: bool) -> None:
    """Without a scope all that is listed on its host; with one what lies in it. What entries link is in neither."""
    with serving() as site:
        fill(site)
        paths = ("/2026/eins/", "/2026/zwei/", "/amt/drei/")
        listing = urlset(site.base, *paths)
        start = {"feed": "/feed/", "sitemap": "/sitemap.xml", "packed": "/sitemap.xml.gz", "index": "/index.xml"}[kind]
        site.pages["/feed/"] = Answer(rss(site.base, *paths), type="application/rss+xml")
        site.pages["/sitemap.xml"] = Answer(listing, type=XML)
        site.pages["/sitemap.xml.gz"] = Answer(gzip.compress(listing.encode()), type="application/x-gzip")
        site.pages["/index.xml"] = Answer(index(site.base, "/sitemap.xml.gz", "/leer.xml"), type=XML)
        site.pages["/leer.xml"] = Answer(urlset(site.base), type=XML)
        desk = desk_for(tmp_path, site, start, f'scope = ["{site.base}/amt/"]' if scope else "")
        (summary,) = desk.json("crawl", now=DAY.format(1))
        assert (summary["outcome"], summary["failed"]) == ("complete", 0)
        wanted = {"/amt/drei/"} if scope else set(paths)
        lists = {start, "/sitemap.xml.gz", "/leer.xml"} if kind == "index" else {start}
        assert asked(site) == wanted | lists


def test_a_new_entry_of_a_feed_is_one_page_added(tmp_path: Path) -> None:
    with serving() as site:
        fill(site)
        site.pages["/feed/"] = Answer(rss(site.base, "/2026/eins/"), type="application/rss+xml")
        desk = desk_for(tmp_path, site, "/feed/")
        assert desk.crawl(DAY.format(1)) == []
        site.pages["/feed/"] = Answer(rss(site.base, "/2026/zwei/", "/2026/eins/"), type="application/rss+xml")
        (change,) = desk.crawl(DAY.format(4))
        assert (change["kind"], change["uri"]) == ("page.added", f"{site.base}/2026/zwei/")


def test_an_entry_that_leaves_the_feed_is_still_watched(tmp_path: Path) -> None:
    """A feed shows the newest entries; a page is gone only when its own address says so."""
    with serving() as site:
        fill(site)
        site.pages["/feed/"] = Answer(rss(site.base, "/2026/eins/", "/2026/zwei/"), type="application/rss+xml")
        desk = desk_for(tmp_path, site, "/feed/")
        assert desk.crawl(DAY.format(1)) == []
        site.pages["/feed/"] = Answer(rss(site.base, "/2026/zwei/"), type="application/rss+xml")
        site.pages["/2026/eins/"] = page("Meldung /2026/eins/", "Der Text wurde am Nachmittag neu geschrieben.")
        kinds = [(change["kind"], change["uri"]) for change in desk.crawl(DAY.format(4))]
        assert ("page.changed", f"{site.base}/2026/eins/") in kinds
        assert "page.removed" not in [kind for kind, _ in kinds]


def test_try_shows_what_a_feed_lists_and_how_to_watch_it(tmp_path: Path) -> None:
    with serving() as site:
        fill(site)
        site.pages["/sitemap.xml"] = Answer(urlset(site.base, "/2026/eins/", "/2026/zwei/"), type=XML)
        desk = desk_for(tmp_path, site, "/sitemap.xml")
        shown = desk.run("try", f"{site.base}/sitemap.xml", "--allow-private").out
        assert f"{site.base}/2026/zwei/" in shown
        assert f'start = ["{site.base}/sitemap.xml"]' in shown
        assert asked(site) == {"/sitemap.xml", "/2026/eins/", "/2026/zwei/"}
