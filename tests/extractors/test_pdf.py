"""Promises of extractors.pdf: the text as a reader has it, the same however the file was saved, or the reason why not."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import chain

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen import canvas
from reportlab.platypus import ListFlowable, ListItem, PageBreak, Paragraph, SimpleDocTemplate

from extractors import pdf
from extractors.model import Answer, BlockKind, Hints, Outcome, Page, PageKind
from extractors.pdf import Unreadable, read_pdf
from extractors.pdfmark import Engine
from extractors.read import read
from extractors.sheets import clean
from extractors.text import text_digest

STYLES = getSampleStyleSheet()
BODY = (
    "Das Landesamt für Gesundheit und Soziales informiert über die Tätigkeit des Departments für Arbeit und soziale "
    "Sicherheit der Bevölkerung der Stadt Moskau. Gegenstand sind die Leitlinien der Seniorenpolitik und „geflüchtete "
    "Menschen“ in beiden Städten; das Seminar fand vom 4. bis zum 9. Juli 2017 statt."
)


def answer(body: bytes, name: str = "Bericht_2019.pdf") -> Answer:
    uri = f"https://h.example/a/{name}"
    return Answer(uri=uri, status=200, headers=(("Content-Type", "application/pdf"),), body=body)


def document(*paragraphs: str, title: str = "", author: str = "") -> bytes:
    """A PDF as an office program lays it out, with lines broken by width."""
    out = BytesIO()
    story = [PageBreak() if text == "\f" else Paragraph(text, STYLES["BodyText"]) for text in paragraphs]
    SimpleDocTemplate(out, title=title, author=author).build(story)
    return out.getvalue()


def sheets(*pages: list[str], password: str = "") -> bytes:
    """A PDF with exactly these lines on its pages."""
    out = BytesIO()
    drawing = canvas.Canvas(out, encrypt=password or None)
    for lines in pages:
        text = drawing.beginText(50, 750)
        for line in lines:
            text.textLine(line)
        drawing.drawText(text)
        drawing.showPage()
    drawing.save()
    return out.getvalue()


def texts(body: bytes, *engines: Engine) -> list[str]:
    page = read_pdf(answer(body), engines or tuple(Engine))
    return [block.text for block in page.blocks]


@pytest.mark.parametrize("engine", Engine)
def test_paragraphs_come_whole_with_their_umlauts(engine: Engine) -> None:
    assert texts(document("Überblick", BODY, f"{BODY} Ende.", "Schluss."), engine) == [
        "Überblick",
        BODY,
        f"{BODY} Ende.",
        "Schluss.",
    ]


@pytest.mark.parametrize("engine", Engine)
def test_a_word_parted_at_a_lines_end_is_made_whole(engine: Engine) -> None:
    lines = [
        "Die Senatsver-",
        "waltung und die Arbeits-",
        "und Sozialverwaltung der Partnerschaft Berlin-",
        "Moskau haben den Austausch der Jahre 2019-",
        "2020 mit allen Gästen und Fachleuten fortgesetzt.",
    ]
    whole = (
        "Die Senatsverwaltung und die Arbeits- und Sozialverwaltung der Partnerschaft Berlin-Moskau haben den "
        "Austausch der Jahre 2019-2020 mit allen Gästen und Fachleuten fortgesetzt."
    )
    assert texts(sheets(lines), engine) == [whole]


def test_a_date_parted_by_a_lines_end_stays_one() -> None:
    lines = ["Das Sozialseminar fand vom 4. bis zum", "9. Juli 2017 in Moskau statt und war gut besucht."]
    assert texts(sheets(lines)) == [" ".join(lines)]


def test_list_items_are_blocks_of_their_own() -> None:
    out = BytesIO()
    items = [
        ListItem(Paragraph(text, STYLES["BodyText"])) for text in ("Reha-Zentrum Butowo", f"Zentrum: {BODY}", "Agentur")
    ]
    SimpleDocTemplate(out).build(
        [Paragraph("Besucht wurden:", STYLES["BodyText"]), ListFlowable(items, bulletType="bullet")]
    )
    page = read_pdf(answer(out.getvalue()))
    assert [block.text for block in page.blocks] == [
        "Besucht wurden:",
        "• Reha-Zentrum Butowo",
        f"• Zentrum: {BODY}",
        "• Agentur",
    ]
    assert [block.kind for block in page.blocks][1:] == [BlockKind.ITEM] * 3


def test_pages_are_numbered_and_their_own_numbers_dropped() -> None:
    page = read_pdf(
        answer(
            sheets(
                ["Erste Seite.", "Seite 1 von 2"],
                ["- 2 -", "Zweite Seite, und das ist ihre längste Zeile.", "Kurz.", "2019"],
            )
        )
    )
    assert [(block.sheet, block.text) for block in page.blocks] == [
        (1, "Erste Seite."),
        (2, "Zweite Seite, und das ist ihre längste Zeile. Kurz."),
        (2, "2019"),
    ]
    assert page.kind is PageKind.DOCUMENT
    assert page.title == "Bericht 2019"


def test_ligatures_and_composed_letters_are_plain_letters() -> None:
    assert clean("Beru\ufb02iche  Re\ufb03nanzierung fu\u0308r alle\x00") == "Berufliche Reffinanzierung für alle"


def _saved_again(body: bytes) -> bytes:
    writer = PdfWriter()
    for sheet in PdfReader(BytesIO(body)).pages:
        writer.add_page(sheet)
    writer.add_metadata({"/Title": "Dokument1", "/Producer": "Anderes Programm", "/ModDate": "D:20270101000000"})
    writer.compress_identical_objects()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_file_saved_again_has_the_same_text() -> None:
    body = document("Überblick", BODY, "\f", BODY, title="Bericht")
    again = _saved_again(body)
    assert again != body
    one, other = read_pdf(answer(body)), read_pdf(answer(again))
    assert replace(other, file=one.file) == one
    assert text_digest(other) == text_digest(one)


def test_a_file_with_an_owners_password_only_is_read() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(sheets(["Frei zu lesen."]))))
    writer.encrypt(user_password="", owner_password="geheim", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    assert texts(out.getvalue()) == ["Frei zu lesen."]


@pytest.mark.parametrize("engines", [(Engine.PDFIUM,), (Engine.PYPDF,), tuple(Engine)])
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (sheets(["Geheim"], password="geheim"), "encrypted"),
        (sheets([]), "scan"),
        (sheets([], [" "]), "scan"),
        (b"%PDF-1.4\nnichts\n%%EOF\n", "broken"),
        (b"<html>keines</html>", "broken"),
        (b"", "broken"),
    ],
    ids=["encrypted", "scan", "blank", "rubbish", "html", "empty"],
)
@pytest.mark.filterwarnings("ignore::pypdf.errors.PdfReadWarning")
def test_a_document_without_text_says_why(body: bytes, reason: str, engines: tuple[Engine, ...]) -> None:
    with pytest.raises(Unreadable) as caught:
        read_pdf(answer(body), engines)
    assert caught.value.reason == reason


def test_a_document_beyond_the_limits_is_not_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    body = sheets(["Eins."], ["Zwei."], ["Drei."])
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "MAX_SHEETS", 2)
        with pytest.raises(Unreadable, match="3 pages"):
            read_pdf(answer(body))
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 8)
    with pytest.raises(Unreadable) as caught:
        read_pdf(answer(body))
    assert caught.value.reason == "too-long"


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_cut_document_never_passes_for_whole(part: float) -> None:
    body = document(*chain.from_iterable((BODY, "\f") for _ in range(4)))
    cut = read(answer(body[: int(len(body) * part)]), Hints())
    assert cut.outcome is Outcome.TRUNCATED


def test_reading_a_document_gives_its_page() -> None:
    reading = read(answer(document(BODY)), Hints(previous=Page(uri="https://h.example/a", title="x")))
    assert reading.outcome is Outcome.OK
    assert reading.page is not None
    assert reading.page.blocks[0].text == BODY
