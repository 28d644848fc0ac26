"""Feeds and sitemaps as lists of links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.html import Refusal
from extractors.model import BlockKind, Page, PageKind
from extractors.pages import feed

URI = "https://amt.example.org/presse/index/feed"

RSS = b"""<?xml version="1.0" encoding="utf-8"?><!-- made today -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title><![CDATA[Presse des Amts]]></title><link>https://amt.example.org/presse/</link><language>de-DE</language>
<item><title><![CDATA[Seminar &amp; Austausch]]></title><link>https://amt.example.org/p/2.php</link>
<pubDate>Thu, 01 Jul 2021 16:05:00 +0200</pubDate></item>
<item><title>Ohne &lt;b&gt;Mark&lt;/b&gt;</title><guid>https://amt.example.org/p/1.php</guid></item>
<item><title>Ohne Adresse</title></item></channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Presse</title><link rel="self" href="/feed.atom"/>
<entry><title type="html">Seminar &amp;amp; Austausch</title><link rel="enclosure" href="/x.mp3"/><link href="/p/2.php"/></entry></feed>"""

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="x"><title>Presse</title></channel><item rdf:about="y"><title>Eins</title><link>/p/1.php</link></item></rdf:RDF>"""

SITEMAP = b"""\xef\xbb\xbf<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> https://amt.example.org/a/ </loc><lastmod>2026-01-01</lastmod></url><url><loc>/b/</loc></url></urlset>"""

INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://amt.example.org/s1.xml</loc></sitemap></sitemapindex>"""


def read(body: bytes) -> Page:
    assert feed.is_feed(body)
    page = feed.read(body, URI)
    assert isinstance(page, Page)
    assert page.kind is PageKind.FEED
    return page


def test_rss_gives_its_entries_as_items_with_links() -> None:
    page = read(RSS)
    assert (page.title, page.language) == ("Presse des Amts", "de")
    assert [(block.kind, block.text, block.links[0].uri) for block in page.blocks] == [
        (BlockKind.ITEM, "Seminar & Austausch", "https://amt.example.org/p/2.php"),
        (BlockKind.ITEM, "Ohne Mark", "https://amt.example.org/p/1.php"),
    ]
    assert [link.uri for link in page.links] == ["https://amt.example.org/p/2.php", "https://amt.example.org/p/1.php"]


@pytest.mark.parametrize(
    ("body", "uri"), [(ATOM, "https://amt.example.org/p/2.php"), (RDF, "https://amt.example.org/p/1.php")]
)
def test_atom_and_rss_1_name_the_page_itself(body: bytes, uri: str) -> None:
    page = read(body)
    assert page.title == "Presse"
    assert [link.uri for link in page.links] == [uri]


def test_the_time_a_feed_was_made_is_no_text_of_it() -> None:
    later = RSS.replace(b"made today", b"made tomorrow").replace(
        b"<language>", b"<lastBuildDate>now</lastBuildDate><language>"
    )
    assert read(later) == read(RSS)


def test_sitemaps_give_their_addresses() -> None:
    assert [link.uri for link in read(SITEMAP).links] == ["https://amt.example.org/a/", "https://amt.example.org/b/"]
    assert [link.uri for link in read(INDEX).links] == ["https://amt.example.org/s1.xml"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"rss",
        b"<html><body><rss></rss></body></html>",
        b"<!DOCTYPE html><html><head><title>RSS</title></head></html>",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>',
        b"%PDF-1.4",
    ],
)
def test_other_documents_are_no_feeds(body: bytes) -> None:
    assert not feed.is_feed(body)


def test_entities_are_neither_expanded_nor_fetched() -> None:
    bomb = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&b;&x;</title><item><title>&x;</title><link>/p</link></item></channel></rss>"""
    page = read(bomb)
    assert "root" not in page.text
    assert "aaaa" not in page.text
    assert [link.uri for link in page.links] == ["https://amt.example.org/p"]


@given(st.binary(max_size=400))
def test_any_bytes_behind_a_feeds_first_element_are_read_or_refused(rest: bytes) -> None:
    assert isinstance(feed.read(b"<rss><channel>" + rest, URI), Page | Refusal)
    assert isinstance(feed.read(rest, URI), Page | Refusal)
