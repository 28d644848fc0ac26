"""The page object for every other site: nothing of the main text is lost, nothing of the frame gets in."""

from __future__ import annotations

import html as escaping
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import blocks, html, pages
from extractors.model import MAX_LINKS, BlockKind, Hints, Page, PageKind
from extractors.text import fold, text_digest

URI = "https://amt.example.org/seminare/22/"
BANNER = "Wegen Umbau bleibt das Haus bis 3. Mai geschlossen."

CONTENT = """<h1>22. Seminar</h1><p>Es fand vom 16. bis 21. Juni 2019 in Moskau statt.</p><p>Kurz.</p>
<ul><li>Agentur</li><li>Zentrum <a href="/zentrum/">Butowo</a></li></ul><dl><dt>Leitung</dt><dd>Frau Z.</dd></dl>
<table><tr><th>Tag</th><th>Ort</th></tr><tr><td>Montag</td><td>Haus 1</td></tr></table>
<h2>Unterlagen</h2><ul><li><a href="/programm.pdf">Programm (PDF, 1,2 MB)</a></li></ul>"""

# The same words under templates that have nothing in common.
TEMPLATES = {
    "main": '<nav><a href="/">Start</a></nav><div class="banner">{banner}</div><main>{content}</main><footer>{foot}</footer>',
    "role": '<div id="top" role="navigation"><a href="/x/">X</a></div><div role="alert">{banner}</div><div role="main">{content}</div><div role="contentinfo">{foot}</div>',
    "article": '<header><a href="/">Amt</a><p class="hinweis">{banner}</p></header><article>{content}</article><footer>{foot}</footer>',
    "content": '<ul class="menu"><li><a href="/">Start</a></li></ul><div class="site-notice">{banner}</div><div id="content">{content}</div><div class="footer">{foot}</div>',
    "nothing": '<div class="navi"><a href="/">Start</a> <a href="/y/">Y</a></div><div class="alert-box">{banner}</div><div class="a1"><div class="b2">{content}</div></div><div class="fuss">{foot}</div>',
    "flat": '<p class="nav"><a href="/">Start</a></p><div class="warnung">{banner}</div>{content}<div class="footer">{foot}</div>',
    "table": '<table width="100%"><tr><td class="navigation"><a href="/">Start</a></td><td><div class="meldung">{banner}</div><div id="inhalt">{content}</div></td></tr></table>',
}
FOOT = "<p>Amt, Musterstraße 1</p><p>Stand: 22.11.2026, 14:03:22 Uhr</p><p>Besucher: 4711</p>"


def page_of(body: str, *, head: str = "<title>22. Seminar - Amt</title>", hints: Hints | None = None) -> Page:
    tree = html.parse(f'<!DOCTYPE html><html lang="de"><head>{head}</head><body>{body}</body></html>')
    assert not isinstance(tree, html.Refusal)
    assert tree is not None
    page = pages.read(tree, URI, hints or Hints())
    assert isinstance(page, Page)
    return page


def templated(name: str, *, content: str = CONTENT, banner: str = BANNER, foot: str = FOOT) -> Page:
    return page_of(TEMPLATES[name].format(content=content, banner=banner, foot=foot))


every_template = pytest.mark.parametrize("name", TEMPLATES)


@every_template
def test_no_paragraph_entry_or_row_is_lost_and_none_is_added(name: str) -> None:
    page = templated(name)
    assert page.title == "22. Seminar"
    assert [(block.kind, block.text) for block in page.blocks] == [
        (BlockKind.PARAGRAPH, "Es fand vom 16. bis 21. Juni 2019 in Moskau statt."),
        (BlockKind.PARAGRAPH, "Kurz."),
        (BlockKind.ITEM, "Agentur"),
        (BlockKind.ITEM, "Zentrum Butowo"),
        (BlockKind.ITEM, "Leitung"),
        (BlockKind.ITEM, "Frau Z."),
        (BlockKind.ROW, "Tag | Ort"),
        (BlockKind.ROW, "Montag | Haus 1"),
        (BlockKind.HEADING, "Unterlagen"),
    ]
    assert [(file.label, file.size, file.format) for file in page.attachments] == [("Programm", "1,2 MB", "PDF")]


@every_template
def test_a_box_outside_the_main_text_is_a_notice_yet_uncertain(name: str) -> None:
    assert [(notice.text, notice.certain) for notice in templated(name).notices] == [(BANNER, False)]


def test_a_new_template_around_the_same_text_is_no_change() -> None:
    assert len({text_digest(templated(name)) for name in TEMPLATES}) == 1


@every_template
def test_stamps_counters_and_tokens_are_no_change(name: str) -> None:
    form = (
        '<form action="/s?{t}"><input type="hidden" name="csrf" value="{t}"><label>Suche</label><input name="q"></form>'
    )
    texts = []
    for token, clock in (("a1b2", "14:03:22"), ("c3d4", "15:04:23")):
        foot = f"<p>Seite erzeugt am 22.11.2026 {clock}</p>" + form.format(t=token) + f"<!-- {token} -->"
        page = templated(
            name, foot=foot, content=CONTENT + f"<script>var t='{token}'</script><p>Stand: 22.11.2026, {clock} Uhr</p>"
        )
        texts.append((text_digest(page), page.frame))
    assert texts[0] == texts[1]


words = st.lists(
    st.sampled_from(["Haus", "Senat", "Bericht", "Berlin", "Moskau", "Pflege", "2019", "17"]),
    min_size=4,
    max_size=25,
)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(["p", "li", "td", "h2", "dd"]), words), min_size=1, max_size=12),
    st.sampled_from(sorted(TEMPLATES)),
)
def test_every_piece_of_any_main_text_is_read(parts: list[tuple[str, list[str]]], name: str) -> None:
    wraps = {
        "p": "<p>{}</p>",
        "li": "<ul><li>{}</li></ul>",
        "td": "<table><tr><td>{}</td><td>x</td></tr></table>",
        "h2": "<h2>{}</h2>",
        "dd": "<dl><dd>{}</dd></dl>",
    }
    content = "<h1>22. Seminar</h1>" + "".join(
        wraps[tag].format(f"{n} " + " ".join(line)) for n, (tag, line) in enumerate(parts)
    )
    text = templated(name, content=content).text
    assert [line for n, (_, line) in enumerate(parts) if f"{n} " + " ".join(line) not in text] == []


def test_footers_and_asides_are_frame_and_navigation_is_nothing() -> None:
    page = page_of(
        """<header><p>Ein Amt für alle</p><nav><a href="/n/">Navigation</a></nav></header><main><h1>T</h1><p>Text</p></main>
        <aside><p>Sprechzeiten: Montag</p></aside><form><p>Suche im Amt</p></form><footer><p>Musterstraße 1</p><a href="/i/">Impressum</a></footer>
        <div id="cookie-banner">Diese Seite verwendet Cookies.</div><script>x</script>"""
    )
    assert [(block.text, block.rule) for block in page.frame] == [
        ("Ein Amt für alle", "header"),
        ("Sprechzeiten: Montag", "aside"),
        ("Musterstraße 1", "footer"),
    ]
    assert {link.text for link in page.links} == {"Navigation", "Impressum"}


def test_text_before_and_after_the_main_text_is_told_apart() -> None:
    page = page_of("<div>Vorher steht das.</div><main><p>Text</p></main><div>Nachher steht das.</div>")
    assert [(block.text, block.rule) for block in page.frame] == [
        ("Vorher steht das.", "before-main"),
        ("Nachher steht das.", "after-main"),
    ]


@pytest.mark.parametrize(
    "box",
    [
        '<div class="cookie-notice">Wir verwenden Cookies.</div>',
        '<div id="CybotCookiebotDialog" role="dialog">Zustimmung</div>',
        '<div class="consent-banner alert">Datenschutz</div>',
        "<dialog open>Wir verwenden Cookies <button>OK</button></dialog>",
        '<div role="alert"></div>',
        '<div class="banner" hidden>Alt</div>',
        '<div class="alert" style="display: none">Alt</div>',
    ],
)
def test_consent_banners_and_unseen_boxes_are_no_notices(box: str) -> None:
    page = page_of(f"{box}<main><h1>T</h1><p>Text</p></main>")
    assert page.notices == ()
    assert page.frame == ()


@pytest.mark.parametrize(
    "box",
    [
        "<dialog open><h2>Achtung</h2><p>Geschlossen.</p></dialog>",
        '<div role="alert"><h2>Achtung</h2>Geschlossen.</div>',
        '<section class="m-notification"><h2>Achtung</h2>Geschlossen.</section>',
        '<div id="stoerung"><h2>Achtung</h2><p>Geschlossen.</p></div>',
    ],
)
def test_notice_boxes_keep_their_title(box: str) -> None:
    (notice,) = page_of(f"{box}<main><h1>T</h1><p>Text</p></main>").notices
    assert (notice.title, [block.text for block in notice.blocks]) == ("Achtung", ["Geschlossen."])


WEAK_NAMES = [
    'div class="stoerer"',
    'div class="topmeldung"',
    'div class="breaking-news"',
    'div class="c-disruption"',
    'div class="modul-alarm"',
    'div class="infobanner"',
    'div class="info-box"',
    'div role="region" aria-label="Wichtige Mitteilung"',
    'div role="complementary" aria-label="Aktueller Hinweis"',
    'section aria-label="Wichtige Hinweise"',
    'div aria-label="Störungsmeldung"',
    'div aria-live="polite"',
    'div aria-live="assertive"',
    'div role="note"',
    "amt-alert",
]
WEAK_TEXT = "<h2>Umzug</h2><p>Das Amt zieht in die Hafenstraße.</p>"


@pytest.mark.parametrize("name", WEAK_NAMES)
def test_a_weak_name_makes_a_notice_at_the_top_of_the_page_only(name: str) -> None:
    box = f"<{name}>{WEAK_TEXT}</{name.partition(' ')[0]}>"
    for page in (
        page_of(f"{box}<main><h1>T</h1><p>Text</p></main>"),
        page_of(f"<main>{box}<h1>T</h1><p>Text</p></main>"),
    ):
        assert [notice.text for notice in page.notices] == ["Umzug\nDas Amt zieht in die Hafenstraße."]
        assert not any(notice.certain for notice in page.notices)
    if "alert" not in name:  # the name that counts anywhere outside the main text
        assert page_of(f"<main><h1>T</h1><p>Text</p></main>{box}").notices == ()
        assert page_of(f"<div><h1>T</h1><p>Text</p>{box}</div>").notices == ()
    assert page_of(f"<main><h1>T</h1><p>Text</p>{box}<p>Text</p></main>").notices == ()


@pytest.mark.parametrize(
    "box",
    [
        '<div class="stoerer stellenangebot"><p>Werden Sie Teil unseres Teams im Bürgeramt.</p></div>',
        '<div class="headline-teaser"><h2>Neues Bad</h2><p>Das Bad öffnet im Mai.</p></div>',
        '<div class="top-bar"><span>Telefon 030 12345</span> <a href="/kontakt/">Kontakt</a></div>',
        '<div class="top-bar"><b>Farben</b> Drücken Sie die Leertaste, um die Farben zu bestätigen.</div>',
        '<div class="info-bar"><script>// Der Knopf wechselt die Farben der Seite.</script><b>Standard</b></div>',
        '<div class="info-bar"><ul><li><a href="/en/">en</a></li><li>Farbwechsel</li><li>Standard</li></ul></div>',
        '<div aria-live="polite"></div>',
        '<div aria-live="polite"><p>Wir verwenden Cookies, um die Seite zu verbessern.</p></div>',
        '<div aria-live="polite">12 Treffer</div>',
        '<section aria-label="Rechtliche Hinweise"><p>Alle Angaben sind ohne Gewähr und gelten nur hier.</p></section>',
        '<section aria-label="Hinweise zum Datenschutz"><p>Wir speichern nichts, was Sie uns nicht sagen.</p></section>',
        '<section aria-label="Wichtige Seiten"><p>Hier finden Sie alles, was oft gesucht wird.</p></section>',
        '<section aria-label="Pressemitteilungen"><p>Der Senat hat den Haushalt beschlossen.</p></section>',
        "<app-teaser><h2>Neues Bad</h2><p>Das Bad öffnet im Mai.</p></app-teaser>",
    ],
)
def test_what_only_resembles_a_notice_is_none(box: str) -> None:
    assert page_of(f"{box}<main><h1>T</h1><p>Text</p></main>").notices == ()


def test_a_top_bar_that_speaks_of_a_closure_is_a_notice() -> None:
    (notice,) = page_of(f'<div class="top-bar"><p>{BANNER}</p></div><main><h1>T</h1><p>Text</p></main>').notices
    assert notice.text == BANNER


def test_notices_keep_their_order_and_stay_apart() -> None:
    page = page_of(
        '<div class="alert">Eins</div><div class="alert">Zwei</div><main><p>Text</p></main><div role="status">Drei</div>'
    )
    assert [notice.text for notice in page.notices] == ["Eins", "Zwei", "Drei"]


def test_a_box_inside_the_main_text_is_text() -> None:
    page = page_of('<main><h1>T</h1><div class="hinweis"><p>Bitte Ausweis mitbringen.</p></div><p>Text</p></main>')
    assert [block.text for block in page.blocks] == ["Bitte Ausweis mitbringen.", "Text"]
    assert page.notices == ()


def test_a_page_of_one_sentence_is_read() -> None:
    page = page_of(
        '<div id="n1"><a href="/">Start</a> <a href="/p/">Politik</a></div><div><h1>Termin</h1><p>Der Termin entfällt.</p></div>'
    )
    assert page.text == "Termin\nDer Termin entfällt."


def test_a_press_list_keeps_all_its_entries_each_in_one_block() -> None:
    entries = "".join(
        f'<li><span>0{n}.03.2026</span> <h3><a href="/p/{n}">Mitteilung {n}</a></h3><p>Mehr dazu.</p></li>'
        for n in range(1, 10)
    )
    page = page_of(f"<main><h1>Presse</h1><ul>{entries}</ul></main>")
    assert page.kind is PageKind.LIST
    assert [block.text for block in page.blocks] == [f"0{n}.03.2026 Mitteilung {n} Mehr dazu." for n in range(1, 10)]


def test_teasers_without_a_list_are_entries_too() -> None:
    teasers = "".join(
        f'<div class="teaser"><h3><a href="/p/{n}">Mitteilung {n}</a></h3><p>Mehr dazu.</p></div>' for n in (1, 2, 3)
    )
    page = page_of(f"<main><h1>Presse</h1>{teasers}</main>")
    assert [(block.kind, block.text) for block in page.blocks] == [
        (BlockKind.ITEM, f"Mitteilung {n} Mehr dazu.") for n in (1, 2, 3)
    ]


def test_an_article_about_lists_is_no_list() -> None:
    page = page_of(
        "<main><h1>T</h1><p>"
        + "Viele Worte über das Amt. " * 20
        + '</p><ul><li><a href="/a">A</a></li><li><a href="/b">B</a></li><li><a href="/c">C</a></li></ul></main>'
    )
    assert page.kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    ("body", "head", "title"),
    [
        ("<main><h1>Eins</h1><p>x</p></main>", "<title>Zwei</title>", "Eins"),
        (
            "<header><h1>Stadt Muster</h1></header><main><h2>Seminar 22</h2><p>x</p></main>",
            "<title>Seminar 22 - Stadt Muster</title>",
            "Seminar 22",
        ),
        (
            "<header><h1>Stadt Muster</h1></header><main><p>Text</p></main>",
            "<title>Seminar 22 | Stadt Muster</title>",
            "Seminar 22",
        ),
        (
            "<header><h1>Seminar 22</h1></header><main><p>Text</p></main>",
            "<title>Seminar 22 | Stadt Muster</title>",
            "Seminar 22",
        ),
        (
            "<main><p>Text</p></main>",
            "<title>Städtepartnerschaft Berlin - Moskau</title>",
            "Städtepartnerschaft Berlin - Moskau",
        ),
        (
            "<main><h1>Sie sind hier</h1><h1>Seminar 22</h1><p>x</p></main>",
            "<title>Seminar 22 - Amt</title>",
            "Seminar 22",
        ),
        (
            "<main><h3>Hundesteuer</h3><p>x</p></main>",
            "<title>Verbandsgemeinde Hochwald: Hundesteuer</title>",
            "Hundesteuer",
        ),
        (
            "<header><h1>Stadt Muster</h1></header><main><p>Text</p></main>",
            "<title>Stadt Muster: Seminar 22</title>",
            "Seminar 22",
        ),
        (
            "<main><h2>Höhe der Steuer</h2><p>Text</p></main>",
            "<title>Hundesteuer: Anmeldung</title>",
            "Hundesteuer: Anmeldung",
        ),
        ("<main><p>Text</p></main>", "", ""),
    ],
)
def test_the_title_is_the_headline_of_the_page(body: str, head: str, title: str) -> None:
    page = page_of(body, head=head)
    assert page.title == title
    assert title not in [block.text for block in page.blocks]


def test_facts_about_the_page() -> None:
    head = """<title>T</title><link rel="canonical" href="/seminare/22/?utm_source=x"><link rel="alternate" type="application/atom+xml" href="/feed.atom">
    <meta property="article:published_time" content="2026-03-04T10:00:00+01:00"><base href="/seminare/22/index.html">"""
    page = page_of(
        '<div class="breadcrumbs"><a href="/">Start</a> &gt; <a href="/s/">Seminare</a></div><main><p>Pressemitteilung Nr. 3 vom 4. März 2026</p><a href="zwei/">x</a></main>',
        head=head,
    )
    assert page.canonical == "https://amt.example.org/seminare/22/"
    assert page.feeds == ("https://amt.example.org/feed.atom",)
    assert page.breadcrumb == ("Start", "Seminare")
    assert page.kind is PageKind.PRESS
    assert {(stated.role, stated.day.isoformat()) for stated in page.dates} == {
        ("press", "2026-03-04"),
        ("published", "2026-03-04"),
    }
    assert "https://amt.example.org/seminare/22/zwei/" in [link.uri for link in page.links]


@pytest.mark.parametrize("href", ["https://spiegel.example.com/seminare/22/", "/", "javascript:void(0)"])
def test_a_canonical_address_elsewhere_is_not_believed(href: str) -> None:
    assert page_of("<main><p>x</p></main>", head=f'<link rel="canonical" href="{href}">').canonical is None


def test_links_in_sentences_keep_their_targets_and_documents_their_place() -> None:
    page = page_of(
        '<main><p>Näheres im <a href="/bericht.pdf">Bericht</a> (PDF, 300 kB) und <a href="#unten">unten</a>.</p></main>'
    )
    (block,) = page.blocks
    assert block.text == "Näheres im Bericht (PDF, 300 kB) und unten."
    assert [(link.uri, link.text) for link in block.links] == [("https://amt.example.org/bericht.pdf", "Bericht")]
    assert [(file.label, file.size) for file in page.attachments] == [("Bericht", "300 kB")]


def test_two_line_breaks_part_paragraphs_and_inline_marks_part_nothing() -> None:
    page = page_of("<main>Ein<b>s</b> <i>a</i><br>b<br><br>Zwei<hr>Drei<pre>Vier\n\nFünf</pre></main>")
    assert [block.text for block in page.blocks] == ["Eins a b", "Zwei", "Drei", "Vier", "Fünf"]


def test_an_accordion_keeps_question_and_answer() -> None:
    page = page_of(
        "<main><h3><button>Wer kann kommen?</button></h3><div>Alle.</div><details><summary>Wann?</summary>Montags.</details><button>zuklappen</button></main>"
    )
    assert [block.text for block in page.blocks] == ["Wer kann kommen?", "Alle.", "Wann?", "Montags."]


def test_tabs_are_content() -> None:
    page = page_of("""<main><h1>T</h1><div class="panel-group" role="tablist"><div role="tab"><h2><a role="button" href="#">Frage</a></h2></div>
    <div class="panel-collapse collapse" role="tabpanel"><p>Antwort</p></div></div></main>""")
    assert [block.text for block in page.blocks] == ["Frage", "Antwort"]


def test_a_folded_panel_is_text_and_a_hidden_element_is_not() -> None:
    page = page_of("""<main><p>Frage</p><div class="accordion-panel" style="display:none"><p>Antwort</p></div>
    <p style="display: none">Vorlage</p><p hidden>Alt</p><p hidden="until-found">Gefaltet</p></main>""")
    assert [block.text for block in page.blocks] == ["Frage", "Antwort", "Gefaltet"]


def test_a_link_in_a_sentence_is_text_whatever_its_class_says() -> None:
    page = page_of('<main><p>Internet: <a class="RichTextIntLink NavNode" href="/x/">amt.example.org</a></p></main>')
    assert [block.text for block in page.blocks] == ["Internet: amt.example.org"]


def test_deep_nesting_is_read_without_recursion() -> None:
    page = page_of("<main>" + "<div>" * 1500 + "<p>unten</p>" + "</div>" * 1500 + "<p>danach</p></main>")
    assert [block.text for block in page.blocks] == ["unten", "danach"]


def test_a_page_that_says_where_its_text_is_needs_no_trafilatura() -> None:
    code = """
import sys
from extractors import html, pages
from extractors.model import Hints
for body in ("<main><h1>T</h1><p>x</p></main>", '<div class="html5-section article" role="main"><h1>T</h1><p>x</p></div>'):
    pages.read(html.parse(body), "https://amt.example.org/", Hints())
assert "trafilatura" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def select(body: str, **selectors: tuple[str, ...]) -> Page | html.Refusal:
    tree = html.parse(f"<html><body>{body}</body></html>")
    assert tree is not None
    assert not isinstance(tree, html.Refusal)
    return pages.read(tree, URI, Hints(**selectors))  # type: ignore[arg-type]


BODY = '<div class="x">Oben</div><main><p>Landmarke</p><p class="weg">Zähler</p></main><div id="text"><h1>T</h1><p>Eigentlich</p> und mehr</div>'


def test_configured_selectors_override_what_the_page_says() -> None:
    page = select(BODY, main=("#text",), notice=("div.x",), ignore=("p.weg",))
    assert isinstance(page, Page)
    assert [block.text for block in page.blocks] == ["Eigentlich", "und mehr"]
    assert [(notice.text, notice.certain) for notice in page.notices] == [("Oben", True)]
    assert "Zähler" not in [block.text for block in page.frame]


def test_an_ignored_element_takes_no_neighbour_with_it() -> None:
    page = select("<main><p>a <b>weg</b> b</p>c<i>weg</i>d</main>", ignore=("b", "i"))
    assert isinstance(page, Page)
    assert [block.text for block in page.blocks] == ["a b", "cd"]


@pytest.mark.parametrize("selector", ["div[", "p::", "", ">>", "a:unknown(", "ns|p", "p:nth-child(x)"])
@pytest.mark.parametrize("key", ["main", "notice", "ignore"])
def test_an_invalid_selector_is_named_with_its_key(key: str, selector: str) -> None:
    refusal = select(BODY, **{key: (selector,)})
    assert isinstance(refusal, html.Refusal)
    assert refusal.rule == "selector"
    assert key in refusal.detail
    assert f"„{selector}“" in refusal.detail
    assert "\n" not in refusal.detail


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_as_markup_is_read(text: str) -> None:
    tree = html.parse(text)
    if tree is not None and not isinstance(tree, html.Refusal):
        assert isinstance(pages.read(tree, URI, Hints()), Page)


def test_words_of_a_page_come_out_as_they_went_in() -> None:
    picker = random.Random(7)  # a fixed seed: the same pages each time
    lines = ["".join(picker.choice("abc äß&<>\"'–„“ 0123456789") for _ in range(40)).strip() + "x" for _ in range(60)]
    page = page_of("<main>" + "".join(f"<p>{escaping.escape(line)}</p>" for line in lines) + "</main>")
    assert [fold(block.text) for block in page.blocks] == [fold(line) for line in lines]


def test_monsters_are_cut_or_refused_and_do_not_hang() -> None:
    many = html.parse("<p " + " ".join(f"a{n}" for n in range(200_000)) + ">x</p>")
    assert isinstance(many, html.Refusal)
    assert many.rule == "too-complex"
    deep = html.parse("<div>" * 300_000)
    assert isinstance(deep, html.Refusal)
    tree = html.parse("".join(f'<a href="/{n}">l</a> ' for n in range(30_000)))
    assert tree is not None
    assert not isinstance(tree, html.Refusal)
    page = pages.read(tree, URI, Hints())
    assert isinstance(page, Page)
    assert len(page.links) == MAX_LINKS
    wide = html.parse("<main>" + "<p>x</p>" * (blocks.MAX_BLOCKS + 10) + "</main>")
    assert wide is not None
    assert not isinstance(wide, html.Refusal)
    cut = pages.read(wide, URI, Hints())
    assert isinstance(cut, Page)
    assert len(cut.blocks) == blocks.MAX_BLOCKS
