"""What became of every visible block: nothing of the full text is missing, and each block says where it went."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.case import load
from extractors import charset, html
from extractors.blocks import Area, Place, pieces
from extractors.explain import explain
from extractors.model import Answer, Hints, Page, PageKind, Part, Shown
from extractors.read import read
from tests.extractors.test_golden import CASES

HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
PAGE = """<html><head><title>Amt</title></head><body>
<nav><ul><li><a href="/">Start</a></li><li><a href="/kontakt">Kontakt</a></li></ul></nav>
<div class="alert" role="alert"><p>Am Freitag ist das Amt geschlossen.</p></div>
<main><h1>Sprechzeiten</h1><p>Kontakt</p><p>Wir sind am Montag von 9 bis 12 Uhr für Sie da, auch am Telefon.</p>
<p class="werbung">Neu: unser Kalender</p><p><a href="/plan.pdf">Lageplan</a> (PDF, 80 kB)</p></main>
<footer><p>Marktplatz 1</p></footer></body></html>"""


def shown_of(text: str, hints: Hints | None = None) -> tuple[Shown, ...]:
    answer = Answer(uri="https://www.example.org/amt/", status=200, headers=HEADERS, body=text.encode())
    reading = read(answer, hints or Hints())
    assert reading.page is not None
    return explain(answer, hints or Hints(), reading.page)


def letters(texts: list[str]) -> str:
    return "".join(letter for text in texts for letter in text if letter.isalnum())


def fates(shown: tuple[Shown, ...]) -> list[tuple[str, str, str]]:
    return [(str(each.part), each.rule, each.text) for each in shown]


def test_each_block_says_where_it_went_and_why() -> None:
    assert fates(shown_of(PAGE)) == [
        ("", "navigation", "Start"),
        ("", "navigation", "Kontakt"),
        ("notice", "notice-like", "Am Freitag ist das Amt geschlossen."),
        ("title", "title", "Sprechzeiten"),
        ("text", "main", "Kontakt"),
        ("text", "main", "Wir sind am Montag von 9 bis 12 Uhr für Sie da, auch am Telefon."),
        ("text", "main", "Neu: unser Kalender"),
        ("document", "document", "Lageplan (PDF, 80 kB)"),
        ("", "footer", "Marktplatz 1"),
    ]


def test_what_a_selector_leaves_out_is_named() -> None:
    shown = shown_of(PAGE, Hints(ignore=(".werbung",)))
    assert ("", "ignored", "Neu: unser Kalender") in fates(shown)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_nothing_of_the_full_text_is_missing(folder: Path) -> None:
    """In the order of the page, each letter once; and every block of the main text is among them."""
    case = load(folder)
    reading = read(case.answer, case.hints)
    assert reading.page is not None
    shown = explain(case.answer, case.hints, reading.page)
    tree = html.parse(charset.decode(case.answer.body, case.answer.header("Content-Type")).text)
    assert isinstance(tree, html.Element)
    full = pieces(next(tree.iter("body")), case.answer.uri, Place(area=Area.FRAME, rule=""))
    assert letters([each.text for each in shown]) == letters([piece.block.text for piece in full])
    kept = [each.text for each in shown if each.part is Part.TEXT]
    assert kept == [block.text for block in reading.page.blocks]


def test_what_a_page_object_loses_shows() -> None:
    """The full text is read without it: a reading that lacks a paragraph does not hide it."""
    answer = Answer(uri="https://www.example.org/amt/", status=200, headers=HEADERS, body=PAGE.encode())
    page = read(answer, Hints()).page
    assert page is not None
    shown = explain(answer, Hints(), replace(page, blocks=page.blocks[:1]))
    lost = [each for each in shown if each.text.startswith("Wir sind am Montag")]
    assert [(each.part, each.rule) for each in lost] == [(Part.NOTHING, "left-out")]


def test_a_document_is_its_own_blocks() -> None:
    page = Page(uri="https://www.example.org/x.pdf", title="x.pdf", kind=PageKind.DOCUMENT)
    answer = Answer(uri=page.uri, status=200, headers=(), body=b"%PDF-1.7")
    assert explain(answer, Hints(), page) == ()
