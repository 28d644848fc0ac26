"""The one entry point: any answer in, one reading out."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extractors.edition import EXTRACTOR_VERSION
from extractors.model import Answer, Hints, Outcome, Page, PageKind, Reading
from extractors.read import read
from extractors.text import text_digest

URI = "https://amt.example.org/seminare/22/"
PAGE = """<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>22. Seminar</title></head><body><nav><a href="/">Start</a></nav>
<main><h1>22. Seminar</h1><p>Es fand vom 16. bis 21. Juni 2019 in Moskau statt, wie die Senatsverwaltung für Soziales berichtet.</p>
<ul><li>Agentur „Meine Karriere“</li></ul></main></body></html>"""
FEED = b"<rss><channel><title>Presse</title><item><title>Eins</title><link>https://amt.example.org/1</link></item></channel></rss>"


def answer(
    body: bytes | str,
    content_type: str = "text/html; charset=utf-8",
    *,
    status: int = 200,
    uri: str = URI,
    complete: bool = True,
) -> Answer:
    headers = (("Content-Type", content_type),) if content_type else ()
    payload = body.encode() if isinstance(body, str) else body
    return Answer(uri=uri, status=status, headers=headers, body=payload, complete=complete)


def pdf(text: str = "Programm der Reise nach Moskau") -> bytes:
    """A PDF of one page, by hand: the structure is ISO 32000-1, §7.5."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode() if text else b""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + head + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))


def test_a_page_is_read_and_stamped_with_the_extractors_version() -> None:
    reading = read(answer(PAGE), Hints())
    assert reading.outcome is Outcome.OK
    assert reading.page is not None
    assert reading.page.title == "22. Seminar"
    assert reading.page.extractor_version == EXTRACTOR_VERSION


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/octet-stream", "application/pdf", "image/png"])
def test_the_bytes_say_that_a_page_is_one(content_type: str) -> None:
    reading = read(answer(PAGE, content_type), Hints())
    assert reading.page is not None
    assert reading.page.title == "22. Seminar"


def test_the_encoding_does_not_change_the_text() -> None:
    spellings = [
        answer(PAGE),
        answer(PAGE.replace("utf-8", "iso-8859-1").replace("„", '"').replace("“", '"').encode("latin-1"), "text/html"),
        answer("\ufeff" + PAGE),
        answer(PAGE.replace('<meta charset="utf-8">', ""), "text/html"),
        answer(PAGE.encode("utf-16"), "text/html"),
    ]
    pages = [read(each, Hints()).page for each in spellings]
    assert len({text_digest(page) for page in pages if page is not None}) == 1
    assert None not in pages


def test_a_pdf_is_read_by_its_bytes() -> None:
    reading = read(answer(pdf(), "application/octet-stream", uri="https://amt.example.org/programm.pdf"), Hints())
    assert reading.outcome is Outcome.OK
    assert reading.page is not None
    assert reading.page.kind is PageKind.DOCUMENT
    assert "Programm der Reise" in reading.page.text
    assert reading.page.extractor_version == EXTRACTOR_VERSION


@pytest.mark.parametrize("body", [pdf(""), b"%PDF-1.4\nnothing more\n%%EOF\n"])
def test_a_pdf_without_readable_text_is_a_document_whose_bytes_count(body: bytes) -> None:
    first = read(answer(body, "application/pdf", uri="https://amt.example.org/s.pdf"), Hints())
    other = read(answer(body + b"%%EOF\n", "application/pdf", uri="https://amt.example.org/s.pdf"), Hints())
    assert first.outcome is other.outcome is Outcome.OK
    assert first.rule.startswith("pdf-")
    assert first.detail
    assert first.page is not None
    assert other.page is not None
    assert first.page.blocks == ()
    assert text_digest(first.page) != text_digest(other.page)


def test_a_feed_is_a_list_of_links() -> None:
    for content_type in ("application/rss+xml", "text/html", ""):
        reading = read(answer(FEED, content_type), Hints())
        assert reading.outcome is Outcome.OK
        assert reading.page is not None
        assert reading.page.kind is PageKind.FEED


@pytest.mark.parametrize(
    ("given_answer", "outcome", "rule"),
    [
        (answer(b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"), Outcome.FAILED, "not-html"),
        (answer(b"\x89PNG\r\n\x1a\n\x00\x00", "text/html"), Outcome.FAILED, "not-html"),
        (answer(b'{"a": 1}', "application/json"), Outcome.FAILED, "not-html"),
        (answer(b"PK\x03\x04\x00\x00", "application/pdf"), Outcome.FAILED, "not-document"),
        (answer(PAGE, uri="https://amt.example.org/a.pdf"), Outcome.FAILED, "html-for-document"),
        (answer(b"<rss><channel", "text/xml"), Outcome.TRUNCATED, "feed-cut"),
        (answer(""), Outcome.EMPTY, "empty-body"),
        (answer(" \n "), Outcome.EMPTY, "empty-body"),
        (answer(PAGE, status=404), Outcome.GONE, "status-404"),
        (answer(PAGE, status=410), Outcome.GONE, "status-410"),
        (answer(PAGE, status=500), Outcome.FAILED, "status-500"),
        (answer(PAGE, complete=False), Outcome.TRUNCATED, "transfer-cut"),
        (answer("<div>" * 5000, "text/html"), Outcome.FAILED, "too-complex"),
    ],
)
def test_what_is_no_page_gets_a_clear_outcome(given_answer: Answer, outcome: Outcome, rule: str) -> None:
    reading = read(given_answer, Hints())
    assert (reading.outcome, reading.rule) == (outcome, rule)


def test_a_broken_selector_is_one_line_about_the_config() -> None:
    reading = read(answer(PAGE), Hints(main=("div[",)))
    assert (reading.outcome, reading.rule) == (Outcome.FAILED, "selector")
    assert "div[" in reading.detail


def test_a_selector_that_finds_nothing_is_no_empty_page() -> None:
    reading = read(answer(PAGE), Hints(main=("#nirgends",)))
    assert (reading.outcome, reading.rule) == (Outcome.FAILED, "selector-empty")
    assert "#nirgends" in reading.detail
    assert read(answer(PAGE), Hints(main=("main",))).outcome is Outcome.OK


def test_reading_twice_gives_the_same() -> None:
    bare = PAGE.replace("main>", "section>")
    assert read(answer(bare), Hints()) == read(answer(bare), Hints())


def test_no_answer_reads_differently_after_another() -> None:
    alone = read(answer(PAGE.replace("main>", "section>")), Hints())
    for n in range(6):
        read(answer(PAGE.replace("main>", "section>").replace("22.", f"{n}.")), Hints())
    assert read(answer(PAGE.replace("main>", "section>")), Hints()) == alone


TYPES = [
    "",
    "text/html",
    "text/html; charset=utf-16",
    "text/html; charset=nonsense",
    "application/pdf",
    "application/rss+xml",
    "text/xml",
]


@settings(deadline=None, max_examples=300)
@given(
    st.binary(max_size=2000),
    st.sampled_from(TYPES),
    st.sampled_from(["", "<html><body>", "%PDF-1.7\n", "<rss>", "\ufeff<p>"]),
)
@example(b"\xff\xfe<\x00", "text/html", "")
@example(b"<?xml version='1.0' encoding='utf-16'?><html/>", "application/xhtml+xml", "")
@example(b"<base href='http://[::1'><a href='x'>y</a>", "text/html", "<html><body>")
def test_any_bytes_give_a_reading(body: bytes, content_type: str, start: str) -> None:
    reading = read(answer(start.encode() + body, content_type), Hints())
    assert isinstance(reading, Reading)
    assert reading.rule != "reader-error"
    assert "\n" not in reading.detail
    if reading.outcome.good:
        assert isinstance(reading.page, Page)


@given(st.text(max_size=60), st.integers(100, 599))
def test_any_address_and_status_give_a_reading(uri: str, status: int) -> None:
    assert isinstance(read(answer(PAGE, uri=uri, status=status), Hints()), Reading)
