"""A page that marks no main text: Trafilatura is asked once for the same open text, and never changes its mind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import charset, html, pages
from extractors.model import Hints, Page

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
from extractors.model import Hints, Page
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
