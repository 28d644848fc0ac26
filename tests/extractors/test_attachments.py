"""Files that a page offers: address, label, size and format as it states them."""

from __future__ import annotations

import pytest

from extractors import html, pages
from extractors.model import Attachment, Hints, Page


def attachments(body: str) -> list[tuple[str, str, str]]:
    return [(file.label, file.size, file.format) for file in page_of(body).attachments]


def page_of(body: str) -> Page:
    tree = html.parse(f"<html><head><title>T</title></head><body><main><h1>T</h1>{body}</main></body></html>")
    assert tree is not None
    assert not isinstance(tree, html.Refusal)
    page = pages.read(tree, "https://amt.example.org/x/", Hints())
    assert isinstance(page, Page)
    return page


@pytest.mark.parametrize(
    ("entry", "label", "size", "kind"),
    [
        ('<a href="/a.pdf">Programm</a> (PDF, 1,2 MB)', "Programm", "1,2 MB", "PDF"),
        ('<a href="/a.docx">Antrag (DOCX, 30 kB)</a>', "Antrag", "30 kB", "Word"),
        ('<a href="/a.odt">Antrag</a>, ODT, 17 KB', "Antrag", "17 KB", "ODT"),
        ('<a href="/a.xlsx">Tabelle der Häuser</a>', "Tabelle der Häuser", "", "Excel"),
        ('<a href="/daten.zip">Daten</a> ZIP, 3 MB', "Daten", "3 MB", "ZIP"),
        ('<a href="/termin.ics">Termin (ICS)</a>', "Termin", "", "ICS"),
        ('<a href="/z.csv?x=1">Zahlen herunterladen</a>', "Zahlen", "", "CSV"),
        (
            '<a href="/s.pdf?__blob=publicationFile">Schreiben vom 14. Oktober 2021<span>PDF | 38 KB | Datei ist nicht barrierefrei</span></a>',
            "Schreiben vom 14. Oktober 2021",
            "38 KB",
            "PDF",
        ),
    ],
)
def test_a_file_is_listed_with_what_the_page_says_of_it(entry: str, label: str, size: str, kind: str) -> None:
    assert attachments(f"<p>Text</p><ul><li>{entry}</li></ul>") == [(label, size, kind)]


def test_a_page_is_no_file() -> None:
    page = page_of('<p><a href="/archiv/">Archiv</a> und <a href="/zip.html">mehr</a></p>')
    assert page.attachments == ()
    assert len(page.blocks[0].links) == 2


def test_a_file_behind_a_picture_is_listed_under_the_words_for_the_picture() -> None:
    body = '<p>Text</p><p><a href="/plakat.pdf"><img src="p.png" alt="Plakat zum Seminar"></a></p>'
    assert [(file.label, file.uri) for file in page_of(body).attachments] == [
        ("Plakat zum Seminar", "https://amt.example.org/plakat.pdf")
    ]


def test_the_frame_s_files_are_none_of_the_page() -> None:
    tree = html.parse('<main><p>Text</p></main><footer><a href="/leitbild.pdf">Leitbild</a></footer>')
    assert tree is not None
    assert not isinstance(tree, html.Refusal)
    page = pages.read(tree, "https://amt.example.org/x/", Hints())
    assert isinstance(page, Page)
    assert page.attachments == tuple[Attachment, ...]()


@pytest.mark.parametrize(
    "entry",
    [
        '<a href="/download.php?id=7">Satzung</a> (PDF, 1,4 kB)',
        '<a href="/download.php?id=7">Satzung (PDF, 1,4 kB)</a>',
        '<a href="/documents/1/2/satzung/f00d">Satzung</a>, PDF, 1,4 kB',
        '<a class="download" href="/getfile.php?nr=3">Satzung</a> <span>(PDF, 1,4 kB)</span>',
        '<a class="icon-pdf" href="/media/1234">Satzung (1,4 kB)</a>',
        '<a title="Öffnet das PDF in einem neuen Fenster" href="/media/1234">Satzung, 1,4 kB</a>',
        '<a type="application/pdf" href="/media/1234">Satzung | 1,4 kB</a>',
        '<a download="satzung.pdf" href="/media/1234">Satzung (1,4 kB)</a>',
    ],
)
def test_a_pdf_at_an_address_that_does_not_say_so_is_known_by_its_link(entry: str) -> None:
    page = page_of(f"<p>Text</p><p>{entry}</p>")
    assert [(file.label, file.size, file.format) for file in page.attachments] == [("Satzung", "1,4 kB", "PDF")]
    assert page.text == "T\nText"


@pytest.mark.parametrize(
    "entry",
    [
        '<a href="/barrierefreiheit/">PDF-Dateien barrierefrei machen</a>',
        '<a href="/publikationen/b.html">Broschüre (PDF, 2 MB)</a>',
        '<a href="/satzung/">Satzung</a> und eine PDF-Anleitung dazu',
        '<a href="/satzung/">Satzung</a> und <a href="/x.pdf">Anlage</a> (PDF)',
        '<a href="/satzung/">Satzung</a> (nicht als PDF erhältlich)',
    ],
)
def test_a_page_that_speaks_of_pdf_is_no_file(entry: str) -> None:
    assert [file.label for file in page_of(f"<p>Text</p><p>{entry}</p>").attachments] in ([], ["Anlage"])


def test_a_sentence_with_such_a_link_stays() -> None:
    page = page_of('<p>Lesen Sie vorher die <a href="/d.php?id=7">Satzung</a> (PDF, 2 kB), bitte ganz.</p>')
    assert [(file.label, file.size) for file in page.attachments] == [("Satzung", "2 kB")]
    assert "bitte ganz" in page.text
