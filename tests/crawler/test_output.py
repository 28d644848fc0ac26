"""Nothing that a site wrote can steer a terminal, a spreadsheet or a calendar."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.calendar_file import calendar, escape, fold
from crawler.output import Output, csv_cell, json_line, one_line, safe
from storage.records import SeminarRow

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


@given(st.text())
def test_a_calendar_line_is_folded_at_75_octets_and_unfolds_to_the_same(text: str) -> None:
    line = f"SUMMARY:{escape(text)}"
    folded = fold(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line


def seminar(**facts: object) -> SeminarRow:
    row: dict[str, object] = {
        "id": "sozialseminar-22", "series": "Sozialseminar", "number": 22, "year": 2019, "title": "22. Sozialseminar",
        "start": "2019-06-16", "end": "2019-06-21", "city": "Moskau", "state": "announced", "substitute": "",
        "quote": "", "uri": "https://example.org/22/", "mentions": (), "conflicts": (),
        "first_seen": datetime(2019, 1, 7, tzinfo=UTC), "last_seen": datetime(2019, 1, 7, tzinfo=UTC),
    }  # fmt: skip
    return SeminarRow(**(row | facts))  # type: ignore[arg-type]


def test_a_calendar_event_lasts_to_the_end_of_its_last_day_and_cannot_be_broken_out_of() -> None:
    text = calendar([seminar(title="A, B; C\\ \r\nEND:VEVENT")], datetime(2026, 3, 2, tzinfo=UTC))
    lines = text.split("\r\n")
    assert "DTSTART;VALUE=DATE:20190616" in lines
    assert "DTEND;VALUE=DATE:20190622" in lines
    assert lines.count("END:VEVENT") == 1
    assert "\n" not in text.replace("\r\n", "")
    assert "A\\, B\\; C\\\\" in text


@pytest.mark.parametrize("start", [None, "2019-06"])
def test_a_seminar_without_a_day_is_no_event(start: str | None) -> None:
    assert "VEVENT" not in calendar([seminar(start=start, end=start)], datetime(2026, 3, 2, tzinfo=UTC))
