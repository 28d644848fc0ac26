"""A PDF that cannot be read is a state with a plain sentence, told by its bytes; labels never decide what it is."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extractors.model import Answer, Hints, Outcome, PageKind, Reading
from extractors.pdfmark import Engine
from extractors.read import read
from extractors.text import text_digest
from tests import monsters

SENTENCE = "Das Arbeits- und Sozialseminar findet im Juni in Berlin statt."


def picture() -> ImageReader:
    return ImageReader(BytesIO(b"P6 8 8 255\n" + bytes(range(192))))


def pdf(*sheets: str | None) -> bytes:
    """A PDF with a sentence on each sheet, or a picture where there is None."""
    out = BytesIO()
    canvas = Canvas(out)
    for text in sheets:
        if text is None:
            canvas.drawImage(picture(), 50, 50, 400, 600)
        else:
            canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def locked(body: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(body)))
    writer.encrypt(user_password=password, owner_password="amt", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def look(body: bytes, media_type: str = "application/pdf", name: str = "a.pdf", **hints: tuple[str, ...]) -> Reading:
    headers = (("Content-Type", media_type),) if media_type else ()
    answer = Answer(uri=f"https://h.example/{name}", status=200, headers=headers, body=body)
    return read(answer, Hints(**hints))


def test_a_file_without_a_password_to_open_is_read() -> None:
    reading = look(locked(pdf(SENTENCE), ""))
    assert (reading.outcome, reading.rule) == (Outcome.OK, "read")
    assert reading.page is not None
    assert reading.page.blocks[0].text == SENTENCE


STATES = {
    "encrypted": (locked(pdf(SENTENCE), "geheim"), "pdf-encrypted", "verschlüsselt"),
    "scan": (pdf(None, None), "pdf-scan", "eingescannt"),
    "broken": (b"%PDF-1.4\nnichts\n%%EOF\n", "pdf-broken", "beschädigt"),
    "page loop": (monsters.pdf_page_loop(), "pdf-broken", "beschädigt"),
    "object streams": (monsters.pdf_object_streams(), "pdf-broken", "beschädigt"),
    "too many sheets": (monsters.pdf_many_sheets(2_001), "pdf-too-long", "umfangreich"),
}


@pytest.mark.parametrize(("body", "rule", "word"), STATES.values(), ids=STATES)
def test_what_cannot_be_read_is_told_by_its_bytes(body: bytes, rule: str, word: str) -> None:
    reading = look(body)
    assert (reading.outcome, reading.rule) == (Outcome.OK, rule)
    assert word in reading.detail
    assert reading.page is not None
    assert reading.page.kind is PageKind.DOCUMENT
    assert not reading.page.blocks
    again = look(body.replace(b"%%EOF", b"%% %%EOF")).page
    assert again is not None
    assert text_digest(again) != text_digest(reading.page)


def test_without_an_engine_left_the_bytes_still_tell() -> None:
    reading = look(pdf(SENTENCE), pdf_engines=())
    assert (reading.outcome, reading.rule) == (Outcome.OK, "pdf-too-complex")
    second = look(pdf(SENTENCE), pdf_engines=("pypdf",)).page
    first = look(pdf(SENTENCE)).page
    assert first is not None
    assert second is not None
    assert text_digest(first) == text_digest(second)


def test_the_second_engine_reads_what_the_first_cannot() -> None:
    """A page tree whose count is wrong by far: one engine believes it, the other looks."""
    body = pdf(SENTENCE).replace(b"/Count 1 ", b"/Count 9 ")
    assert look(body, pdf_engines=(Engine.PDFIUM,)).rule == "pdf-broken"
    reading = look(body)
    assert (reading.outcome, reading.rule) == (Outcome.OK, "read")
    assert reading.page is not None
    assert SENTENCE in reading.page.text


def test_the_text_of_a_partly_scanned_file_is_compared_and_the_rest_is_said() -> None:
    reading = look(pdf(SENTENCE, None, None, "Ende."))
    assert (reading.outcome, reading.rule) == (Outcome.OK, "pdf-part-scan")
    assert reading.detail.startswith("2 von 4 Seiten")
    assert reading.page is not None
    assert [(block.sheet, block.text) for block in reading.page.blocks] == [(1, SENTENCE), (4, "Ende.")]
    blank = look(pdf(SENTENCE, "", "Ende."))
    assert blank.rule == "read"


@pytest.mark.parametrize("cut", range(1, 21))
def test_a_cut_file_never_passes_for_whole(cut: int) -> None:
    body = pdf(*[f"{SENTENCE} Blatt {number}." for number in range(6)])
    reading = look(body[: len(body) * cut // 21])
    assert reading.outcome in {Outcome.TRUNCATED, Outcome.FAILED}


def test_a_broken_cross_reference_is_repaired() -> None:
    body = pdf(SENTENCE)
    start = body.index(b"xref\n")
    broken = body[:start] + body[start:].replace(b"0000000", b"0000009", 6)
    reading = look(broken)
    assert (reading.outcome, reading.page and reading.page.blocks[0].text) == (Outcome.OK, SENTENCE)


@pytest.mark.parametrize(
    "before",
    [
        b"\r\n\r\n",
        b"\xef\xbb\xbf",
        b"#" * 1024,
        b"<br />\n<b>Warning</b>: Undefined variable in x.php on line 3<br />\n",
    ],
    ids=["blank", "bom", "a kilobyte", "a warning"],
)
def test_what_a_server_writes_before_a_file_does_no_harm(before: bytes) -> None:
    reading = look(before + pdf(SENTENCE))
    assert (reading.outcome, reading.page and reading.page.blocks[0].text) == (Outcome.OK, SENTENCE)


@pytest.mark.parametrize("media_type", ["text/html", "application/octet-stream", "", "image/png"])
@pytest.mark.parametrize("name", ["a.pdf", "download/17", "a.html"])
def test_a_file_is_known_by_its_bytes(media_type: str, name: str) -> None:
    reading = look(pdf(SENTENCE), media_type, name)
    assert (reading.outcome, reading.rule) == (Outcome.OK, "read")
    assert reading.page is not None
    assert reading.page.kind is PageKind.DOCUMENT


PAGE = (
    f"<html><head><title>Amt</title></head><body><main><h1>Amt</h1><p>{SENTENCE * 4}</p></main></body></html>".encode()
)


@pytest.mark.parametrize(
    ("body", "media_type", "name", "outcome", "rule"),
    [
        (PAGE, "application/pdf", "a.pdf", Outcome.FAILED, "html-for-document"),
        (PAGE, "text/html", "a.pdf", Outcome.FAILED, "html-for-document"),
        (PAGE, "text/html", "a.docx", Outcome.FAILED, "html-for-document"),
        (b"", "application/pdf", "a.pdf", Outcome.EMPTY, "empty-body"),
        (b"kaputt", "application/pdf", "a.pdf", Outcome.FAILED, "not-document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png", "bild", Outcome.FAILED, "not-html"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "text/html", "bild", Outcome.FAILED, "not-html"),
        (b"PK\x03\x04" + b"\0" * 60 + b"daten.csv", "application/zip", "daten", Outcome.FAILED, "not-html"),
        (b'{"titel": "Amt"}', "application/json", "api", Outcome.FAILED, "not-html"),
        (b"Jahr;Zahl\n2019;7\n", "text/csv", "daten", Outcome.FAILED, "not-html"),
        (b"Nur Text.\n", "text/plain", "text", Outcome.FAILED, "not-html"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar", "termin", Outcome.FAILED, "not-html"),
        (PAGE, "application/json", "api", Outcome.OK, "read"),
        (PAGE, "image/png", "bild", Outcome.OK, "read"),
        (PAGE, "text/plain", "seite", Outcome.OK, "read"),
    ],
)
def test_every_other_answer_is_a_state_with_a_name(
    body: bytes, media_type: str, name: str, outcome: Outcome, rule: str
) -> None:
    reading = look(body, media_type, name)
    assert (reading.outcome, reading.rule) == (outcome, rule)
    assert rule == "read" or reading.detail.endswith(".")
