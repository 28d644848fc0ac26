"""Promises of extractors.charset: umlauts come out right whatever is declared, and damage is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.charset import damaged, decode

TEXT = "Das Amt für Bürger schließt am 3. März – „Öffnungszeiten“ ändern sich, § 5 gilt, 10 € Gebühr."
LATIN_9 = TEXT.replace("–", "-").replace("„", '"').replace("“", '"')
HTTP_EQUIV = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'
HTML = "<!doctype html><html><head>{meta}<title>Prüfung</title></head><body><p>{text}</p></body></html>"


def page(meta: str = "", text: str = TEXT) -> str:
    return HTML.format(meta=meta, text=text)


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        (page('<meta charset="UTF-8"/>').encode(), "text/html", "utf-8"),
        (page().encode(), "text/html; charset=utf-8", "utf-8"),
        (page().encode(), "text/html", "utf-8"),
        (page().encode(), "text/html; charset=ISO-8859-1", "utf-8"),
        (page('<meta charset="iso-8859-1">').encode(), "text/html", "utf-8"),
        (page().encode("utf-8-sig"), "text/html; charset=iso-8859-1", "utf-8"),
        (page().encode("utf-16"), "text/html", "utf-16"),
        (page().encode("cp1252"), "text/html; charset=iso-8859-1", "windows-1252"),
        (page().encode("cp1252"), "text/html", "windows-1252"),
        (page('<meta charset="utf-8">').encode("cp1252"), "text/html; charset=utf-8", "windows-1252"),
        (page(HTTP_EQUIV).encode("cp1252"), "", "windows-1252"),
        (page('<meta charset="no-such">').encode("cp1252"), "text/html; charset=hex", "windows-1252"),
        (page(text=LATIN_9).encode("iso-8859-15"), "text/html; charset=iso-8859-15", "iso-8859-15"),
        (b'<?xml version="1.0" encoding="windows-1252"?>' + page().encode("cp1252"), "application/xml", "windows-1252"),
    ],
)
def test_umlauts_come_out_right(body: bytes, content_type: str, encoding: str) -> None:
    decoded = decode(body, content_type)
    assert "Das Amt für Bürger schließt am 3. März" in decoded.text
    assert "10 € Gebühr" in decoded.text
    assert decoded.encoding == encoding
    assert not decoded.damaged


def test_the_same_page_in_five_encodings_is_the_same_text() -> None:
    plain = page()
    bodies = [plain.encode(), plain.encode("cp1252"), plain.encode("utf-8-sig"), plain.encode("utf-16")]
    assert {decode(body, "text/html").text for body in bodies} == {plain}


@pytest.mark.parametrize(
    "text",
    [
        TEXT.encode().decode("cp1252", "replace"),
        TEXT.encode().decode("latin-1"),
        TEXT.encode("cp1252").decode("utf-8", "replace"),
        TEXT.encode().decode("gbk", "replace"),
        "Zur\ufffdck zur \ufffdbersicht der \ufffdmter",
    ],
)
def test_damage_is_seen(text: str) -> None:
    assert damaged(text)
    assert decode(page(text=text).encode(), "text/html").damaged


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Aus „für“ wird „fÃ¼r“, aus „schön“ wird „schÃ¶n“, aus „Maß“ wird „MaÃŸ“. So prüft man Umlaute: ä, ö, ü.",
        "Ein einziges \ufffd ist ein Versehen.",
        "中文 und Русский neben Deutsch",
        "São Paulo, Ântónio, français, À la carte",
        "",
    ],
)
def test_what_only_looks_odd_is_no_damage(text: str) -> None:
    assert not damaged(text)


def test_a_cut_inside_a_letter_costs_one_letter() -> None:
    body = page().encode()
    cut = body[: body.index("ä".encode()) + 1]
    decoded = decode(cut, "text/html")
    assert decoded.encoding == "utf-8"
    assert "Bürger" in decoded.text
    assert not decoded.damaged


@given(
    st.binary(max_size=200),
    st.sampled_from(["", "text/html; charset=utf-7", "text/html; charset=utf-16", "x; charset=rot13"]),
)
def test_no_bytes_are_beyond_decoding(body: bytes, content_type: str) -> None:
    decode(b"<meta charset=idna>" + body, content_type)
    decode(body, content_type)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=100))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    if text.startswith("\ufeff"):
        return  # the mark is no part of the text
    assert decode(text.encode(), "text/html").text == text
