"""Promises about pages that no rule was written for: bare or in a site's frame, at the first look and beside the last."""

from __future__ import annotations

import pytest

from extractors import sameness, talk
from extractors.model import Answer, Block, BlockKind, Hints, Outcome, Page, Reading
from extractors.phrases import BLOCKED, BROKEN, MAINTENANCE, NOT_FOUND
from extractors.read import read
from tests.extractors import pairs, stand_ins

FRAMES = (pairs.plain, pairs.modern)
URI = "https://www.talau.example/thema/seite-7"
BEFORE = pairs.paragraphs(pairs.said("Trinkwasser", 7))
# In a frame, what these have for text is no text: an extractor reads round it. They are tried bare.
_BARE_ONLY = {
    "cf-managed",
    "keycloak-de",
    "noscript-de",
    "wartung-typo3-oops",
    "wp-critical-de",
    "adfs",
    "empty-template",
}


def document(title: str, inner: str, frame: object) -> str:
    if frame is pairs.plain:
        return f"<html><head><title>{title}</title></head><body>{inner}</body></html>"
    return pairs.modern("", "").replace("<h1></h1>", inner).replace("<title> |", f"<title>{title} |")


def look(body: str, before: Page | None = None) -> Reading:
    head = (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body.encode()))))
    reading = read(Answer(uri=URI, status=200, headers=head, body=body.encode()), Hints(previous=before))
    assert reading.rule != "reader-error", reading.detail
    return reading


@pytest.fixture(scope="module")
def before() -> Page:
    page = look(pairs.modern("Trinkwasser", BEFORE)).page
    assert page is not None
    return page


def test_there_are_many() -> None:
    assert len(stand_ins.BAD) + len(stand_ins.WHOLE) >= 120
    assert len(stand_ins.GOOD) >= 60


@pytest.mark.parametrize("name", stand_ins.BAD)
def test_a_stand_in_is_no_page(name: str, before: Page) -> None:
    title, inner = stand_ins.BAD[name]
    for frame in FRAMES[:1] if name in _BARE_ONLY else FRAMES:
        body = document(title, inner, frame)
        assert look(body).outcome not in {Outcome.OK, Outcome.SUSPECT}
        assert not look(body, before).outcome.good


@pytest.mark.parametrize("name", stand_ins.WHOLE)
def test_a_whole_document_that_is_a_stand_in_is_no_page(name: str, before: Page) -> None:
    assert look(stand_ins.WHOLE[name]).outcome not in {Outcome.OK, Outcome.SUSPECT}
    assert not look(stand_ins.WHOLE[name], before).outcome.good


@pytest.mark.parametrize("name", stand_ins.GOOD)
def test_a_page_that_looks_like_one_is_read(name: str) -> None:
    title, inner = stand_ins.GOOD[name]
    for frame in FRAMES:
        edited = look(document(title, f"{inner}<p>Auskunft gibt Frau Beispiel, Zimmer 12.</p>", frame))
        assert edited.outcome is Outcome.OK, edited.rule
        assert look(document(title, inner, frame)).outcome is Outcome.OK
        assert look(document(title, inner, frame), edited.page).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Unser Webauftritt ist heute leider nicht zu erreichen.", MAINTENANCE),
        ("Ihre Anfrage wurde vom Schutzsystem zurückgewiesen.", BLOCKED),
        ("Das gesuchte Dokument wurde gelöscht.", NOT_FOUND),
        ("In /srv/www/kopf.php on line 3 ist Schluss.", BROKEN),
        ("Unser Webauftritt ist am 3. Mai 2027 nicht zu erreichen.", None),  # that is news
        ("Der Hinweis „Diese Seite wurde nicht gefunden“ erscheint dann.", None),  # that is a quotation
        ("Das Bürgertelefon ist heute nicht zu erreichen.", None),  # that is no website
        ("Der Rat hat die Anfrage der Fraktion abgelehnt.", None),
    ],
)
def test_a_sentence_is_heard_for_what_it_says(sentence: str, kind: object) -> None:
    assert talk.kind_of(sentence) is kind


def test_a_script_shell_names_the_ways_out() -> None:
    body = (
        '<html><head><title>Portal</title><link rel="alternate" type="application/atom+xml" href="/neues.atom">'
        '<link rel="sitemap" href="/sitemap.xml"></head><body><div id="root"></div>'
        '<noscript>Bitte JavaScript aktivieren. <a href="/thema/7/druck">Druckfassung</a></noscript>'
        '<script src="/x.js"></script></body></html>'
    )
    reading = look(body)
    assert reading.outcome is Outcome.WALL
    for way in (
        "Feed: https://www.talau.example/neues.atom",
        "Sitemap: https://www.talau.example/sitemap.xml",
        "/7/druck",
    ):
        assert way in reading.detail


def said(path: str, text: str, title: str = "Hinweis") -> str:
    block = Block(kind=BlockKind.PARAGRAPH, text=text)
    return sameness.key(Page(uri=f"https://h.example{path}", title=title, blocks=(block,)))


def test_answers_that_differ_in_their_own_marks_only_are_one_text() -> None:
    one = said("/a/1", "Das geht nicht. Nummer 8c2fe1aa-11, 10:15:02 Uhr, angefragt: /a/1.")
    assert one == said("/b/22", "Das geht nicht. Nummer 77ab01cd-99, 10:15:09 Uhr, angefragt: /b/22.")
    assert one != said("/a/1", "Das geht doch. Nummer 8c2fe1aa-11, 10:15:02 Uhr, angefragt: /a/1.")
    assert said("/s/1", "Das Seminar fällt aus.", "21. Seminar") != said(
        "/s/2", "Das Seminar fällt aus.", "22. Seminar"
    )
    assert said("/s/1", "Neuer Termin: 03.05.2027.") != said("/s/1", "Neuer Termin: 04.05.2027.")


def test_one_text_is_common_from_three_pages_on_that_each_had_their_own() -> None:
    def shown(count: int, was: str = "Seite {}") -> frozenset[str]:
        return sameness.common({str(n): sameness.Shown(now="x", before=was.format(n)) for n in range(count)})

    assert shown(2) == frozenset()
    assert shown(3) == {"0", "1", "2"}
    assert shown(3, "alle gleich") == frozenset(), "they were one page all along"
    assert sameness.common({str(n): sameness.Shown(now="x") for n in range(9)}) == frozenset(), "nobody knows them yet"
