"""Nothing that a site wrote can steer a terminal, a spreadsheet or a calendar."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.output import Output, csv_cell, json_line, one_line, safe

HOSTILE = "\x1b]52;c;ZXZpbA==\x07 \x1b[2J \x9b31m \u202ereversed\u2066 \x00 \x7f \u2028"
HARMLESS = "Grüße aus Москва – „Straße“ 🏛 1.204"


def steers(text: str) -> bool:
    """Whether a terminal would do something else than show the text."""
    return any(
        (ord(c) < 0x20 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c in "\u061c\u200e\u200f\u2028\u2029"
        or "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"
        for c in text
    )  # fmt: skip


def test_control_and_bidi_characters_become_visible() -> None:
    assert not steers(safe(HOSTILE))
    assert "␛[2J" in safe(HOSTILE)
    assert "<U+202E>" in safe(HOSTILE)
    assert safe(HARMLESS) == HARMLESS


@given(st.text())
def test_no_text_at_all_steers_a_terminal(text: str) -> None:
    assert not steers(one_line(text))
    assert "\n" not in one_line(text)
    assert not steers(json_line({"text": text}))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_json_keeps_every_character(text: str) -> None:
    assert json.loads(json_line({"text": text})) == {"text": text}


def test_a_table_in_a_pipe_has_one_line_a_row_and_nothing_that_steers() -> None:
    out = io.StringIO()
    Output(stdout=out).table(("name", "title"), [("a", f"two\nlines {HOSTILE}"), ("longer", HARMLESS)])
    assert len(out.getvalue().splitlines()) == 3
    assert not steers(out.getvalue())


def test_an_error_is_one_line_whatever_a_site_put_into_it() -> None:
    err = io.StringIO()
    Output(stderr=err).error(f"no\nsuch\npage {HOSTILE}")
    assert err.getvalue().startswith("amtsblick: no such page")
    assert err.getvalue().count("\n") == 1
    assert not steers(err.getvalue())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert csv_cell(text).startswith("'")


def test_harmless_cells_stay_as_they_are() -> None:
    text = io.StringIO()
    csv.writer(text).writerow([csv_cell(HARMLESS)])
    assert next(csv.reader([text.getvalue()])) == [HARMLESS]
