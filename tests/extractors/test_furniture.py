"""What stands inside the main text and is none: it goes to the frame, and nothing of the text goes with it."""

from __future__ import annotations

import pytest

from extractors import html, pages
from extractors.model import Hints, Page

URI = "https://amt.example.org/seminare/22/"
TEXT = "".join(
    f"<p>Der {n}. Absatz sagt, was an diesem Tag im Amt geschah, und ist so lang wie ein Absatz eben ist.</p>"
    for n in range(6)
)
LINKS = "".join(f'<li><a href="/m/{n}/">Eine andere Meldung mit der Nummer {n}</a></li>' for n in range(3))
TEASERS = "".join(
    f'<div class="teaser"><h3><a href="/m/{n}/">Meldung {n}</a></h3><p>Kurz gesagt.</p><a href="/m/{n}/">Mehr lesen</a></div>'
    for n in range(3)
)


def read(body: str) -> Page:
    tree = html.parse(f"<html><head><title>Das Seminar - Amt</title></head><body>{body}</body></html>")
    assert tree is not None
    assert not isinstance(tree, html.Refusal)
    page = pages.read(tree, URI, Hints())
    assert isinstance(page, Page)
    return page


def article(inside: str, after: str = "") -> Page:
    return read(f"<main><article><h1>Das Seminar</h1>{TEXT}{inside}</article>{after}</main>")


PLAIN = article("").text

EXTRAS = {
    "das könnte sie interessieren": f"<h2>Das könnte Sie auch interessieren</h2><ul>{LINKS}</ul>",
    "related": f"<section><h3>Related articles</h3>{TEASERS}</section>",
    "more on the topic": f"<h2>Mehr zum Thema</h2><ul>{LINKS}</ul>",
    "other news": f"<div><h2>Weitere Meldungen</h2>{TEASERS}</div>",
    "title in a box of its own": f"<div><div><h2>Ähnliche Beiträge</h2></div><div>{TEASERS}</div></div>",
    "share row": '<div class="share"><p>Diese Seite teilen</p><a href="https://x.example/?u=1">Teilen</a></div>',
    "buttons": '<p><a href="#top">Nach oben</a></p><p><a href="javascript:print()">Seite drucken</a></p><p><a href="../">Zurück zur Übersicht</a></p>',
    "comments": '<div id="comments"><h2>3 Kommentare</h2><p>Das finde ich gut, und zwar sehr.</p></div>',
    "newsletter": '<div class="newsletter-signup"><p>Abonnieren Sie unseren Brief.</p><form><label>Mail</label></form></div>',
    "rating": "<h2>War diese Seite hilfreich?</h2><p>Ja Nein</p>",
    "tags": '<ul class="tags"><li><a href="/t/1">Pflege</a></li><li><a href="/t/2">Moskau</a></li></ul>',
    "aside": f'<div><aside class="teaserbox"><h3>Service</h3><ul>{LINKS}</ul></aside></div>',
}  # fmt: skip


@pytest.mark.parametrize("name", EXTRAS)
def test_an_extra_is_no_text(name: str) -> None:
    assert article(EXTRAS[name]).text == PLAIN
    assert read(f"<main><h1>Das Seminar</h1>{TEXT}{EXTRAS[name]}</main>").text == PLAIN


def test_teasers_behind_the_one_article_are_no_text() -> None:
    assert article("", TEASERS).text == PLAIN


def test_what_is_moved_out_of_the_text_still_stands_in_the_frame() -> None:
    page = article(EXTRAS["other news"])
    assert {"Weitere Meldungen", "Meldung 1 Kurz gesagt. Mehr lesen"} <= {block.text for block in page.frame}


KEPT = {
    "editor's links": f"<h2>Weitere Informationen</h2><ul>{LINKS}</ul>",
    "links of the matter": f"<h2>Links</h2><ul>{LINKS}</ul>",
    "recommendations": "<h2>Empfehlungen</h2><ul><li>Beachten Sie die <a href='/h/'>Hinweise</a> des Amtes zur Einreise.</li><li>Nehmen Sie den Ausweis mit.</li></ul>",
    "more in sentences": "<h2>Mehr zum Thema</h2><p>Das Amt prüft seit Mai, ob die Seminare auch im Herbst stattfinden.</p>",
    "a sentence that begins like one": "<p>Weitere Meldungen nimmt das Amt unter 115 entgegen, auch nachts.</p>",
    "contact labels": "<dl><dt>E-Mail</dt><dd>amt@example.org</dd><dt>Telegram</dt><dd>keine</dd></dl>",
    "a box between paragraphs": '<p>Vorher.</p><aside class="box"><p>Ausweis mitbringen.</p></aside><p>Nachher.</p>',
    "a box of files": '<aside><h3>Downloads</h3><ul><li>Im <a href="/b.pdf">Bericht</a> steht mehr.</li></ul></aside>',
    "an info box": '<aside class="c-infobox"><h3>Haftung</h3><p>Das Amt haftet nicht.</p></aside>',
    "table": "<table><tr><th>Zurück</th><th>Teilen</th></tr><tr><td>1</td><td>2</td></tr></table>",
    "section after": f"<h2>Mehr zum Thema</h2><ul>{LINKS}</ul><h2>Anfahrt</h2><p>Mit der U9.</p>",
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_what_an_editor_wrote_stays(name: str) -> None:
    """The last section after a dropped one included."""
    visible = html.parse(f"<div>{KEPT[name]}</div>")
    assert visible is not None
    assert not isinstance(visible, html.Refusal)
    said = [" ".join(part.split()) for part in map(str, visible.itertext())]
    wanted = said if name != "section after" else ["Anfahrt", "Mit der U9."]
    text = article(KEPT[name]).text
    assert [part for part in wanted if part not in text] == []


def test_a_list_of_news_keeps_its_entries_whatever_they_are_called() -> None:
    page = read(f"<main><h1>Weitere Meldungen</h1><h2>Aktuelle Meldungen</h2>{TEASERS}<ul>{LINKS}</ul></main>")
    assert [f"Meldung {n}" for n in range(3) if f"Meldung {n}" not in page.text] == []
    assert "Eine andere Meldung mit der Nummer 2" in page.text


def test_a_layout_named_after_its_column_is_the_page() -> None:
    page = read(f'<main><div class="with-sidebar related"><h2>Das Seminar</h2>{TEXT}</div></main>')
    assert page.text == PLAIN


@pytest.mark.parametrize(
    "line",
    [
        "Stand: 07.03.2024 | Drucken | nach oben",
        'Stand: 02.05.2022 | Sie sind Besucher Nr. 40002 | <a href="javascript:window.print()">Drucken</a>',
        "Lesezeit: 2 Minuten · 1424 Aufrufe · Stand 07.03.2024",
        "Heute: 07.03.2024 • Seite empfehlen",
    ],
)
def test_a_line_of_stamps_counters_and_buttons_is_no_text(line: str) -> None:
    assert article(f"<p>{line}</p>").text == PLAIN


@pytest.mark.parametrize(
    "line",
    [
        "Stand: 07.03.2024 | Drucken | Zimmer 12",
        "07.03.2024 | 14 Uhr | Ratssaal",
        "Montag | Dienstag",
        "Kontakt | Hilfe",
    ],
)
def test_a_line_with_one_piece_of_text_is_text(line: str) -> None:
    assert line in article(f"<p>{line}</p>").text


@pytest.mark.parametrize(
    "pager",
    [
        f'<p>Seite 1 von 2: <a href="{URI}">1</a> <a href="{URI}?page=2">2</a></p>',
        f'<p><a href="{URI}">1</a> 2 <a href="{URI}?page=3">3</a></p>',
        '<p>1 <a href="/list/2">2</a> <a href="/list/3">3</a> <a href="/list/2">weiter</a></p>',
        '<div><a href="/l/1">«</a> <a href="/l/1">‹</a> <a href="/l/1">1</a> 2 <a href="/l/3">›</a></div>',
        '<ul><li><a href="/l/1">zurück</a></li><li>1</li><li><a href="/l/2">2</a></li><li>…</li></ul>',
        "<p>Seite 2 von 14</p>",
    ],
)
def test_the_pager_of_a_list_is_no_text(pager: str) -> None:
    assert article(pager).text == PLAIN


@pytest.mark.parametrize(
    "line",
    [
        '<p>Linien: <a href="/bus/1">1</a> <a href="/bus/2">2</a></p>',
        '<ul><li><a href="/bus/12">12</a></li><li><a href="/bus/13">13</a></li></ul>',
        '<p><a href="/a/2023">2023</a> <a href="/a/2024">2024</a></p>',
        '<p>Seite <a href="/s1.pdf">1</a> <a href="/s2.pdf">2</a></p>',
        "<p>12</p><p>34</p>",
        "<table><tr><td>Seite</td><td>1</td></tr><tr><td>2</td><td>3</td></tr></table>",
        '<p>Mehr dazu auf Seite 1 von 2 <a href="/heft">im Heft</a></p>',
        '<p><a href="/weg">weiter</a></p>',
    ],
)
def test_numbers_that_are_no_pages_of_the_list_are_text(line: str) -> None:
    page = article(line)
    assert page.text != PLAIN or page.attachments
