"""A page that marks no main text: Trafilatura is asked once for the same open text, and never changes its mind."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import charset, html, pages
from extractors.model import BlockKind, Hints, Page

URI = "https://amt.example.org/seminare/"
UNMARKED = """<html><head><title>22. Seminar - Amt</title>{head}</head><body class="{token}"><div class="navi">{menu}</div>
<div class="alert-box">{banner}</div><div class="a1"><div class="b2"><h1>22. Seminar</h1>
<p>Das Seminar fand vom 16. bis 21. Juni 2019 in Moskau statt, mit Gästen aus vielen Häusern der Stadt.</p>
<ul><li>Agentur</li><li>Zentrum <a href="/zentrum/">Butowo</a></li></ul><p>{text}</p><p>{stamp}</p></div></div>
<div class="c3"><p>{open}</p></div><div class="footer"><p>{foot}</p></div></body></html>"""
USUAL = {
    "head": "",
    "token": "",
    "menu": '<a href="/">Start</a>',
    "banner": "",
    "text": "Die Gruppe besuchte drei Einrichtungen für ältere Menschen und sprach mit den Leitungen.",
    "stamp": "",
    "open": "Turmstraße 21",
    "foot": "Amt",
}
words = st.lists(st.sampled_from(["Haus", "Berlin", "2019", "17", "Pflege", "Amt", "Moskau"]), max_size=12).map(
    " ".join
)
menus = st.lists(words, max_size=6).map(lambda lines: "".join(f'<a href="/{n}/">{t}</a>' for n, t in enumerate(lines)))


def read(markup: str, previous: Page | None = None) -> Page:
    tree = html.parse(markup)
    assert tree is not None
    assert not isinstance(tree, html.Refusal)
    page = pages.read(tree, URI, Hints(previous=previous))
    assert isinstance(page, Page)
    return page


def unmarked(**parts: str) -> str:
    return UNMARKED.format(**(USUAL | parts))


@settings(deadline=None, max_examples=60)
@given(menus, words, words, words, words, words)
def test_a_page_reads_the_same_with_and_without_the_page_before(
    menu: str, banner: str, foot: str, text: str, open_text: str, token: str
) -> None:
    before = read(unmarked())
    for changed in (
        unmarked(menu=menu, banner=banner, foot=foot, token=token),
        unmarked(text=text),
        unmarked(open=open_text, menu=menu),
    ):
        assert read(changed, before) == read(changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"menu": '<a href="/">Anfang</a> <a href="/neu/">Neu im Menü</a>'},
        {"foot": "Amt für anderes, Musterstraße 1, mit einem langen Satz über die Anfahrt mit der Bahn"},
        {"banner": "Am Montag bleibt das Haus geschlossen."},
        {"stamp": "Stand: 22.11.2026, 14:03:22 Uhr"},
        {"head": "<script>var token = 4711</script>"},
    ],
)
def test_a_change_outside_the_main_text_asks_nobody_again(changed: dict[str, str]) -> None:
    first = unmarked(stamp="Stand: 21.11.2026, 09:00:00 Uhr")
    before = read(first)
    assert before.choice
    code = """
import sys
from extractors.model import BlockKind, Hints, Page
from extractors import html, pages
first, second, choice = sys.stdin.read().split("\\x1d")
page = pages.read(html.parse(second), "https://amt.example.org/seminare/", Hints(previous=Page(uri="", title="", choice=choice)))
assert page.blocks
assert "trafilatura" not in sys.modules
"""
    second = unmarked(**({"stamp": "Stand: 21.11.2026, 09:00:00 Uhr"} | changed))
    text = f"{first}\x1d{second}\x1d{before.choice}"
    subprocess.run([sys.executable, "-c", code], input=text, text=True, check=True)
    assert read(second, before).blocks == before.blocks


def test_a_choice_made_for_another_text_is_not_believed() -> None:
    before = read(
        unmarked(open="Ein ganz anderer Text, der auch nicht kurz ist und der nicht unten auf der Seite steht.")
    )
    assert read(unmarked(), before) == read(unmarked())
    assert before.choice != read(unmarked()).choice


def test_real_pages_read_the_same_with_and_without_the_page_before(shared: Path) -> None:
    compared = 0
    for path in sorted((shared / "berlin_de").rglob("*.html")):
        text = charset.decode(path.read_bytes(), "").text
        if not text.strip():
            continue
        before = read(text)
        assert read(text, before) == before
        more = text.replace("</nav>", '<a href="/neu/">Neu</a></nav>').replace(
            "</footer>", "<p>Neu im Fuß</p></footer>"
        )
        assert read(more, before) == read(more)
        compared += 1
    assert compared > 40


@pytest.mark.parametrize("shape", ["sections", "unclosed-header", "intro-before-main"])
def test_no_section_of_running_text_is_lost(shape: str) -> None:
    lines = [
        f"Der {n}. Abschnitt sagt etwas über das Haus, das anderswo auf dieser Seite nicht steht." for n in range(8)
    ]
    bodies = {
        "sections": "".join(f'<section id="s{n}"><h2>Teil {n}</h2><p>{t}</p></section>' for n, t in enumerate(lines)),
        "unclosed-header": "<header><a href='/'>Amt</a><div><article><h1>T</h1>"
        + "".join(f"<p>{t}</p>" for t in lines),
        "intro-before-main": f"<div><h1>T</h1><p>{lines[0]}</p></div><main>"
        + "".join(f"<p>{t}</p>" for t in lines[1:])
        + "</main>",
    }
    text = read(f"<html><head><title>T - Amt</title></head><body>{bodies[shape]}</body></html>").text
    assert [line for line in lines if line not in text] == []


# Pages without landmarks: the text right in the body, and in a box of its own.
PLAIN = {
    "flat": '<p class="nav"><a href="/">Start</a></p>{text}<div class="footer"><a href="/i/">Impressum</a></div>',
    "footed": '<div class="navi"><a href="/">Start</a></div>{text}<footer><a href="/i/">Impressum</a></footer>',
    "boxed": '<div class="navi"><a href="/">Start</a></div><div class="a1"><div class="b2">{text}</div></div>'
    '<div class="fuss"><a href="/i/">Impressum</a></div>',
}
HAUS = "Haus " * 26
HEADLINE = "<h1>22. Seminar</h1>"
TABLE = f"<table><tr><td>1 {HAUS}</td><td>x</td></tr></table>"
ROWS = (
    "<table>" + "".join(f"<tr><td>{n} Haus Senat Bericht Berlin</td><td>x</td></tr>" for n in range(1, 7)) + "</table>"
)
LIST = f"<ul><li>1 {HAUS}</li><li>2 {HAUS}</li></ul>"
LONG = "Titel über die Häuser der Stadt, ihre Gäste aus Moskau, die Pflege und den Bericht des Senats von Berlin"
PICTURE = "<figure><img src='/b.jpg'><figcaption>{} Das Haus</figcaption></figure>"
# Main texts of which Trafilatura has only the table, the list or the quotation; every piece begins with its number.
TEXTS = {
    "table": f"{HEADLINE}{TABLE}<h2>2 Zuletzt</h2>",
    "paragraph and table": f"{HEADLINE}<p>0 Kurz.</p>{TABLE}<h3>2 Zuletzt</h3>",
    "heading and table": f"{HEADLINE}<h2>0 Zuerst</h2>{TABLE}<h2>2 Zuletzt</h2>",
    "no headline": f"{TABLE}<h4>2 Zuletzt</h4>",
    "two headings": f"{HEADLINE}{TABLE}<h2>2 Danach</h2><h3>3 Zuletzt</h3>",
    "four headings, one of them long": f"{HEADLINE}{TABLE}<h2>2 A</h2><h2>3 {LONG}</h2><h2>4 B</h2><h2>5 C</h2>",
    "an empty paragraph behind": f"{HEADLINE}{TABLE}<h2>2 Zuletzt</h2><p></p>",
    "an empty box behind": f"{HEADLINE}{TABLE}<h2>2 Zuletzt</h2><div><br></div>",
    "an empty list behind": f"{HEADLINE}{TABLE}<h2>2 Zuletzt</h2><ul><li></li></ul>",
    "a picture behind": f"{HEADLINE}{TABLE}<h2>2 Danach</h2>{PICTURE.format(3)}",
    "rows": f"{HEADLINE}{ROWS}<h2>7 Zuletzt</h2>",
    "list": f"{HEADLINE}{LIST}<h2>3 Zuletzt</h2>",
    "definitions": f"{HEADLINE}<dl><dt>1 A</dt><dd>2 {HAUS}</dd><dt>3 B</dt><dd>4 {HAUS}</dd></dl><h2>5 Zuletzt</h2>",
    "quotation": f"{HEADLINE}<blockquote>1 {HAUS}</blockquote><h2>2 Zuletzt</h2>",
    "typed lines": f"{HEADLINE}<pre>1 {HAUS}</pre><h2>2 Zuletzt</h2>",
    "heading above": f"<h2>0 Zuerst</h2>{TABLE}",
    "headings above": f"<h2>0 Zuerst</h2><h3>1 Dann</h3>{LIST.replace('1 ', '2 ', 1).replace('<li>2 H', '<li>3 H')}",
    "picture above": f"{PICTURE.format(0)}<h2>1 Dann</h2>{TABLE.replace('1 ', '2 ', 1)}",
    "definitions around all": f"<dl><dd><table><tr><td>0 Ort</td></tr></table><pre>1 {HAUS}</pre></dd></dl>",
    "rows and three headings": f"{HEADLINE}{ROWS}<h2>7 A</h2><h3>8 {LONG}</h3><h2>9 Zuletzt</h2>",
    "long heading above short rows": f"{HEADLINE}<h2>0 {LONG}</h2>{ROWS}",
    "long heading below short rows": f"{HEADLINE}<h2>0 Zuerst</h2>{ROWS}<h2>7 {LONG}</h2>",
}


def plain(shape: str, text: str) -> Page:
    body = PLAIN[shape].format(text=text)
    return read(f"<html><head><title>22. Seminar - Amt</title></head><body>{body}</body></html>")


@pytest.mark.parametrize("shape", PLAIN)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_title_with_nothing_under_it_is_read_in_its_place(shape: str, text: str) -> None:
    page = plain(shape, text)
    assert [block.text.split()[0] for block in page.blocks] == re.findall(r">(\d) ", text)
    headings = [(block.level, block.text) for block in page.blocks if block.kind is BlockKind.HEADING]
    assert headings == [(int(level), words) for level, words in re.findall(r"<h([2-6])>([^<]*)<", text)]


LINKS = "<ul>" + "".join(f'<li><a href="/{n}/">Mitteilung {n} des Amtes</a></li>' for n in range(8)) + "</ul>"
TEASER = '<div class="teaser"><h3><a href="/p/">Mitteilung des Amtes</a></h3><p>Mehr dazu.</p></div>'


@pytest.mark.parametrize(
    "box",
    [
        f"<nav>{LINKS}</nav>",
        f'<div class="x1">{LINKS}</div>',
        f'<br><div class="x1"><h4>Presse</h4>{LINKS}</div>',
        f'<div class="related">{LINKS}</div>',
        TEASER * 3,
    ],
)
@pytest.mark.parametrize("text", [TABLE, ROWS, LIST, f"<p>1 {HAUS}</p>"])
def test_the_title_of_a_box_of_links_behind_the_text_is_none_of_it(text: str, box: str) -> None:
    page = plain("flat", f"{HEADLINE}{text}<h2>Aus dem Amt</h2><h3>Rubrik</h3>{box}<p>Stand: 22.11.2026, 14:03 Uhr</p>")
    assert [block.text for block in page.blocks if "Haus" not in block.text] == []


def test_the_title_of_a_list_of_links_under_a_text_that_was_not_chosen_is_none_of_it() -> None:
    page = plain("flat", f"{HEADLINE}<h2>0 {LONG}</h2>{ROWS}<h2>Rubrik</h2>{LINKS}")
    assert page.blocks[-1].text == "6 Haus Senat Bericht Berlin | x"


def test_the_title_of_documents_behind_the_text_is_text() -> None:
    files = LINKS.replace('/"', '.pdf"')
    page = plain("flat", f'{HEADLINE}{TABLE}<h2>Unterlagen</h2><div class="x1">{files}</div>')
    assert page.blocks[-1].text == "Unterlagen"


def test_the_headline_of_a_page_is_its_title_whatever_stands_under_it() -> None:
    body = f"<p>1 {HAUS}</p><h1>22. Seminar</h1><nav>{LINKS}</nav>"
    assert read(f"<html><head><title>Amt</title></head><body>{body}</body></html>").title == "22. Seminar"


def test_a_page_of_nothing_but_a_title_and_links_has_its_title() -> None:
    page = read(f"<html><head><title>Amt</title></head><body><h2>Willkommen</h2><nav>{LINKS}</nav></body></html>")
    assert [block.text for block in page.blocks] == ["Willkommen"]


BOXES = '<div class="k1"><h4>Ein Amt für alle</h4></div>{}<div class="k2"><h4>Musterstraße 1</h4></div>'


@pytest.mark.parametrize("headline", [HEADLINE, ""])
@pytest.mark.parametrize("text", [TABLE, LIST, f"<blockquote>1 {HAUS}</blockquote>", f"<h3>0 {LONG}</h3>{ROWS}"])
@pytest.mark.parametrize("around", ["{}", '<div class="w">{}</div>'])
def test_boxes_beside_a_table_or_a_list_are_none_of_the_text(around: str, text: str, headline: str) -> None:
    body = around.format(BOXES.format(f"{headline}{text}<h2>3 Zuletzt</h2>"))
    page = read(f"<html><head><title>22. Seminar - Amt</title></head><body>{body}</body></html>")
    assert page.blocks[-1].text == "3 Zuletzt"
    assert [block.text for block in page.frame] == ["Ein Amt für alle", "Musterstraße 1"]


def test_headings_above_the_headline_are_none_of_the_text() -> None:
    page = plain("flat", f"<h2>Stadt Muster</h2>{HEADLINE}{TABLE}<h2>2 Zuletzt</h2>")
    assert [block.text[:9] for block in page.blocks] == ["1 Haus Ha", "2 Zuletzt"]


def test_cells_that_arrange_a_page_are_places_for_a_text() -> None:
    cells = f"<td><p>Am Rand</p></td><td>{HEADLINE}{TABLE}<h2>2 Zuletzt</h2></td><td><p>Daneben</p></td>"
    page = read(
        f"<html><head><title>22. Seminar - Amt</title></head><body><table><tr>{cells}</tr></table></body></html>"
    )
    assert [block.text[:9] for block in page.blocks] == ["1 Haus Ha", "2 Zuletzt"]
