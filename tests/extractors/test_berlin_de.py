"""The page object for berlin.de: both eras of the layout, one reading."""

from __future__ import annotations

from datetime import date

import pytest

from extractors import html, pages
from extractors.model import Block, BlockKind, Hints, Page, PageKind
from extractors.text import text_digest

URI = "https://www.berlin.de/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/22-seminar/"

HEAD = """<meta charset="UTF-8"><title>Das 22. Seminar - Berlin.de</title>
<meta name="generator" content="imperia9/14/1373/1397/1400/223052" data-filename="index.php">
<meta name="dcterms.date" content="2019-07-01"><meta name="dcterms.title" content="Das 22. Seminar">
<link rel="canonical" href="https://www.berlin.de/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/22-seminar/">
<link rel="stylesheet" href="/i9f/default.css?{stamp}">
<link href="/lageso/ueber-uns/index.php/rss" rel="alternate" type="application/rss+xml">"""

NOTICE = """<div class="emergency-box"><h2 class="title">Einschränkungen im Haus</h2>
<div class="textile">&#10; <p>&#10; Das Haus schließt.<br />&#10; Wir bleiben <span class="caps">FÜR</span> Sie da.&#10; </p></div>
<h2 class="title">Corona in Berlin</h2><div class="textile"><p>Informationen: <a href="/corona/">berlin.de/corona</a></p></div></div>"""

BODY = """<p>Es fand vom 16.&ndash;21. Juni 2019 in Mos&shy;kau statt. Bericht der <a href="https://stiftung.example.org/bericht/"
 class="extern" title=" (Öffnet in neuem Fenster)">Stiftung</a>, <a href="/lageso/_assets/karte.pdf?ts=17">Karte</a> (PDF, 16.0 kB).</p>
<ul><li>Agentur „Meine Karriere“</li><li>Zentrum <strong>Butowo</strong><ul><li>Werkstatt</li></ul></li></ul>
<table><thead><tr><th>Tag</th><th>Ort</th></tr></thead><tbody><tr><td><p>Montag</p></td><td>Haus 1</td></tr></tbody></table>"""

OLD = """<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="de" lang="de"><head>{head}</head>
<body class="locale_de bobde"><div id="page-wrapper"><header id="header" class="kiekma"><p>Portal</p></header>
<div role="main" id="layout-grid" class="template-land_overview"><div id="layout-grid__area--maincontent">
<div class="container-wrapper"><div class="container">{notice}
<div class="row row-breadcrumb"><nav class="html5-section breadcrumb" aria-label="Breadcrumb">
<p class="aural">Sie befinden sich hier:</p><ul><li><a href="/lageso/" class="homehaus">LA&shy;GeSo</a></li>
<li><a href="/lageso/ueber-uns/">Über uns</a></li><li class="aural">Das 22. Seminar</li></ul></nav></div>
<div class="row"><div class="span2 column-left"><nav><h6 class="aural">Sekundäre Navigation</h6><a href="/lageso/x/">Nachbar</a></nav></div>
<div class="span7 column-content"><h6 class="aural" id="aural_maincontent">Inhaltsspalte</h6>
<div class="html5-section article" role="main"><div class="html5-header header"><h1 class="title">Das 22. Seminar</h1></div>
<div class="html5-section main-image"><div class="html5-figure image main type-article"><img src="/imgscaler/a/b.jpg" alt="Roter Platz">
<div class="caption"><div class="caption--text"><strong>Roter Platz</strong></div><span class="copyright">Bild: LAGeSo</span></div></div></div>
<div class="html5-section body"><div class="html5-section block modul-text_bild"><div class="html5-section body"><div class="text ">
<div class="textile">{body}</div></div></div></div>
<div class="html5-header modul-headline"><h2 class="title">Unterlagen</h2></div>
<div class="html5-section download-multi modul-download-multi"><div class="html5-section download modul-download">
<div class="html5-header header"><p class="title"><strong>Informationsmaterial</strong></p></div><div class="html5-section body">
<p class="caption"><span class="doc-type">
PDF-Dokument (180.3 kB)        </span></p></div><div class="download-btn"><a href="/lageso/_assets/info.pdf" class="btn">Download</a>
</div></div></div><p>zuklappen</p></div></div></div>
<div class="span3 column-right html5-aside" role="complementary"><h2 class="aural">Es folgen die Inhalte der rechten Seitenspalte</h2>
<div class="html5-section modul-contact"><h3 class="title">Kontakt</h3><p>Turmstraße 21</p>
<div class="bo-nahverkehr"><h3>Nahverkehr</h3><p>U9, {stamp}</p></div></div></div></div></div></div></div></div>
<footer id="footer" class="kiekma"><p>Stand {stamp}</p></footer></div></body></html>"""

NEW = """<!doctype html><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="de" lang="de" data-lang="de"><head>{head}</head>
<body id="top" class="locale_de bde-vertical-organization"><div id="page-wrapper" class="screendefault ">
<header id="header" data-nosnippet="true"><a href="https://www.berlin.de">Portal</a></header>{outside}
<div role="main" id="layout-grid" class="template-land_overview"><div id="layout-grid__area--contentheader">
<nav class="breadcrumb" aria-label="Sie befinden sich hier"><ol><li><a href="/lageso/" class="homehaus">LA&shy;GeSo</a></li>
<li><a href="/lageso/ueber-uns/">Über uns</a></li></ol></nav>{notice}</div>
<div id="layout-grid__area--herounit"><div class="herounit-article withimage"><h1 class="title">Das 22. Seminar</h1>
<div class="image"><img src="/imgscale4/x/y.png" alt="Roter Platz"><p class="image__caption">Roter Platz</p>
<p class="image__copyright cnw_skip_translation">Bild: LAGeSo</p></div></div></div>
<div id="layout-grid__area--maincontent"><div class="anker-jumptocontact"><a href="#kontakt">Direkt zur Kontaktinformation</a></div>
<section class="modul-text_bild  imagealignleft teaser "><div class="text"><div class="textile">{body}</div></div></section>
<section class="modul-download-multi"><h2 class="title">Unterlagen</h2><ul class="modul-download-multi" aria-label="Downloads">
<li class="modul-download " ><div class="modul-download__left"><strong class="title">Informationsmaterial</strong>
<p class="caption"><span class="doc-type"> PDF-Dokument (180.3 kB) </span></p></div><div class="modul-download__right">
<div class="link-download"><a href="/lageso/_assets/info.pdf?ts=1789109787" class="link">Download</a></div></div></li></ul></section>
<div id="kontakt" class="sprungmarke"></div><div class="modul-contact"><h2>Kontakt</h2><p>Turmstraße 21</p></div>
<section class="modul-publictransport"><h3>Nahverkehr</h3><p>U9, {stamp}</p></section></div></div>
<footer id="footer" data-nosnippet="true"><p>Stand {stamp}</p></footer></div></body></html>"""


def page_of(markup: str, uri: str = URI) -> Page:
    tree = html.parse(markup)
    assert not isinstance(tree, html.Refusal)
    assert tree is not None
    page = pages.read(tree, uri, Hints())
    assert isinstance(page, Page)
    return page


def layout(era: str, *, notice: str = NOTICE, body: str = BODY, stamp: str = "1626340800", outside: str = "") -> str:
    return era.format(head=HEAD.format(stamp=stamp), notice=notice, body=body, stamp=stamp, outside=outside)


both_eras = pytest.mark.parametrize("era", [OLD, NEW], ids=["old", "new"])


def said(page: Page) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in page.blocks]


@both_eras
def test_the_main_text_is_there_in_order_and_nothing_else(era: str) -> None:
    page = page_of(layout(era))
    assert page.extractor == "berlin.de"
    assert page.title == "Das 22. Seminar"
    assert said(page) == [
        (BlockKind.CAPTION, "Roter Platz"),
        (BlockKind.CAPTION, "Bild: LAGeSo"),
        (
            BlockKind.PARAGRAPH,
            "Es fand vom 16.–21. Juni 2019 in Moskau statt. Bericht der Stiftung, Karte (PDF, 16.0 kB).",
        ),
        (BlockKind.ITEM, "Agentur „Meine Karriere“"),
        (BlockKind.ITEM, "Zentrum Butowo"),
        (BlockKind.ITEM, "Werkstatt"),
        (BlockKind.ROW, "Tag | Ort"),
        (BlockKind.ROW, "Montag | Haus 1"),
        (BlockKind.HEADING, "Unterlagen"),
    ]


@both_eras
def test_a_box_with_several_headings_is_one_certain_notice(era: str) -> None:
    (notice,) = page_of(layout(era)).notices
    assert notice.certain
    assert notice.title == "Einschränkungen im Haus"
    assert [block.text for block in notice.blocks] == [
        "Das Haus schließt. Wir bleiben FÜR Sie da.",
        "Corona in Berlin",
        "Informationen: berlin.de/corona",
    ]
    assert [link.uri for block in notice.blocks for link in block.links] == ["https://www.berlin.de/corona/"]


@both_eras
def test_several_boxes_are_several_notices(era: str) -> None:
    page = page_of(layout(era, notice=NOTICE + '<div class="emergency-box emergency--hot">Bombenfund</div>'))
    assert [notice.text.splitlines()[-1] for notice in page.notices] == [
        "Informationen: berlin.de/corona",
        "Bombenfund",
    ]


def test_a_box_outside_the_grid_is_a_notice_too() -> None:
    page = page_of(layout(NEW, notice="", outside='<div class="emergency-box"><p>Das Haus schließt.</p></div>'))
    assert [(notice.text, notice.certain) for notice in page.notices] == [("Das Haus schließt.", True)]


def test_a_box_inside_the_content_is_a_notice_and_no_text() -> None:
    page = page_of(layout(NEW, notice="", body='<div class="emergency-box"><p>Das Haus schließt.</p></div><p>Text</p>'))
    assert [notice.text for notice in page.notices] == ["Das Haus schließt."]
    assert "Das Haus schließt." not in page.text


@both_eras
def test_downloads_are_attachments_and_no_text(era: str) -> None:
    page = page_of(layout(era))
    first, second = page.attachments
    assert (first.label, first.size, first.format) == ("Informationsmaterial", "180.3 kB", "PDF")
    assert first.uri.startswith("https://www.berlin.de/lageso/_assets/info.pdf")
    assert (second.label, second.size, second.format) == ("Karte", "16.0 kB", "PDF")
    assert "Informationsmaterial" not in page.text
    assert "180.3" not in page.text


def test_the_edition_beside_a_download_is_its_note_and_its_description_is_text() -> None:
    module = """<div class="modul-download"><strong class="title">Merkblatt</strong><div class="text"><p>Für Hebammen.</p></div>
    <p class="caption"><span class="doc-type">PDF-Dokument (1.0 MB)</span> - Stand: Juli 2024</p><a href="/m.pdf">Download</a></div>"""
    page = page_of(layout(NEW, body=module))
    assert (page.attachments[0].label, page.attachments[0].note) == ("Merkblatt", "Stand: Juli 2024")
    assert "Für Hebammen." in [block.text for block in page.blocks]


def test_a_download_without_a_link_stays_in_the_text() -> None:
    page = page_of(layout(NEW, body='<div class="modul-download"><p class="title">Folgt in Kürze</p></div>'))
    assert "Folgt in Kürze" in [block.text for block in page.blocks]


@both_eras
def test_facts_about_the_page(era: str) -> None:
    page = page_of(layout(era))
    assert page.language == "de"
    assert page.identity == "223052"
    assert page.canonical == URI
    assert page.breadcrumb == ("LAGeSo", "Über uns")
    assert page.feeds == ("https://www.berlin.de/lageso/ueber-uns/index.php/rss",)
    assert [(stated.role, stated.day) for stated in page.dates] == [("published", date(2019, 7, 1))]
    assert page.kind is PageKind.ARTICLE
    assert "https://www.berlin.de/lageso/ueber-uns/" in [link.uri for link in page.links]


@both_eras
def test_contact_is_frame_and_bus_lines_are_nothing(era: str) -> None:
    page = page_of(layout(era))
    assert "Turmstraße 21" in [block.text for block in page.frame]
    assert not any("Nahverkehr" in block.text or "U9" in block.text for block in (*page.blocks, *page.frame))


def test_the_new_layout_around_the_same_text_is_no_change() -> None:
    assert text_digest(page_of(layout(OLD))) == text_digest(page_of(layout(NEW)))


@both_eras
def test_cache_busters_and_stamps_are_no_change(era: str) -> None:
    early, late = page_of(layout(era)), page_of(layout(era, stamp="1626341400"))
    assert text_digest(early) == text_digest(late)
    assert early.frame == late.frame


@both_eras
def test_a_changed_link_target_is_a_change(era: str) -> None:
    other = BODY.replace("stiftung.example.org/bericht/", "stiftung.example.org/bericht-2/")
    assert text_digest(page_of(layout(era))) != text_digest(page_of(layout(era, body=other)))


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ('<div class="pressnumber">\n Pressemitteilung vom 14.09.2018</div>', date(2018, 9, 14)),
        ('<p class="pressnumber">Pressemitteilung Nr. 2021-012 vom 01.07.2021</p>', date(2021, 7, 1)),
    ],
)
@both_eras
def test_a_press_release_states_its_day(era: str, line: str, day: date) -> None:
    page = page_of(layout(era, body=line + "<p>Text</p>"))
    assert page.kind is PageKind.PRESS
    assert [stated.day for stated in page.dates if stated.role == "press"] == [day]


LIST_NEW = """<section class="modul-autoteaser"><ul class="list--tablelist">{entries}</ul></section>"""
ENTRY_NEW = """<li><div class="cell nowrap date">{day}</div><div class="cell text"><a href="/p/{n}.php">Mitteilung {n}</a></div></li>"""
LIST_OLD = """<div class="html5-section modul-autoteaser">{entries}</div>"""
ENTRY_OLD = """<div class="row-fluid"><div class="span2 date">{day}</div><div class="span5 text"><a href="/p/{n}.php">Mitteilung {n}</a></div></div>"""


@pytest.mark.parametrize(("outer", "entry", "era"), [(LIST_NEW, ENTRY_NEW, NEW), (LIST_OLD, ENTRY_OLD, OLD)])
def test_a_list_entry_is_one_block_with_its_date_and_link(outer: str, entry: str, era: str) -> None:
    entries = "".join(entry.format(day=f"0{n}.07.2021", n=n) for n in (1, 2, 3))
    page = page_of(layout(era, body=outer.format(entries=entries)))
    assert page.kind is PageKind.LIST
    items = [block for block in page.blocks if block.kind is BlockKind.ITEM]
    assert [(block.text, block.links[0].uri) for block in items] == [
        (f"0{n}.07.2021 Mitteilung {n}", f"https://www.berlin.de/p/{n}.php") for n in (1, 2, 3)
    ]


def test_content_inside_a_breadcrumb_row_that_never_ends_is_not_lost() -> None:
    broken = layout(OLD).replace("row row-breadcrumb", "row breadcrumb").replace("</ul></nav></div>", "</ul></nav>", 1)
    assert text_digest(page_of(broken)) == text_digest(page_of(layout(OLD)))


def test_a_page_of_another_make_is_read_even_where_berlin_de_is_configured() -> None:
    tree = html.parse("<main><h1>x</h1><p>y</p></main>")
    assert tree is not None
    assert not isinstance(tree, html.Refusal)
    page = pages.read(tree, URI, Hints(extractor="berlin.de"))
    assert isinstance(page, Page)
    assert page.text == "x\ny"


def test_the_markup_decides_and_not_the_host() -> None:
    assert page_of(layout(OLD), "http://127.0.0.1:8000/x/").extractor == "berlin.de"
    assert page_of("<main><h1>x</h1><p>y</p></main>", URI).extractor == "generic"


def test_caption_and_image_description_do_not_stand_twice() -> None:
    texts = [block.text for block in page_of(layout(OLD)).blocks]
    assert texts.count("Roter Platz") == 1


@pytest.mark.parametrize("marks", ["", "\u00ad", "\u200b"])
def test_blocks_are_equal_whatever_hyphens_hide_in_them(marks: str) -> None:
    page = page_of(layout(NEW, body=f"<p>Städte{marks}partnerschaft</p>"))
    assert Block(kind=BlockKind.PARAGRAPH, text="Städtepartnerschaft", rule="berlin.de:content") in page.blocks
