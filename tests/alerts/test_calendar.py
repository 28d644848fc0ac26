"""The calendar as calendar programs read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from alerts.calendar import calendar, escape, fold
from alerts.languages import wording
from storage.records import Change, Conflict, SeminarRow
from tests.alerts.letters import ZONE

NOW = datetime(2019, 1, 7, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def seminar(**facts: object) -> SeminarRow:
    row: dict[str, object] = {
        "id": "sozialseminar-22", "series": "Sozialseminar", "number": 22, "year": 2019, "title": "22. Sozialseminar",
        "start": "2019-06-16", "end": "2019-06-21", "city": "Moskau", "state": "announced", "substitute": "",
        "quote": "Es findet vom 16. bis 21. Juni statt.", "uri": "https://example.org/22/", "mentions": (),
        "conflicts": (), "first_seen": NOW, "last_seen": NOW,
    }  # fmt: skip
    return SeminarRow(**(row | facts))  # type: ignore[arg-type]


def moved(weeks: int, before: tuple[str | None, str | None], after: tuple[str | None, str | None]) -> Change:
    facts = [{"start": start, "end": end} for start, end in (before, after)]
    return Change(
        id=f"{weeks:024}", kind="seminar.changed", source="a", subject="sozialseminar-22", uri="https://example.org/22/",
        uris=(), title="", summary="", minor=False, before=facts[0], after=facts[1], facts={}, crawl_id=1,
        detected_at=NOW + weeks * WEEK, observed_at=NOW + weeks * WEEK,
    )  # fmt: skip


def written(row: SeminarRow, *changes: Change) -> str:
    return calendar([row], changes, wording("de", ZONE))


def read(row: SeminarRow, *changes: Change) -> Any:
    """The one event, as a calendar library understands it; None if there is none."""
    parsed = Calendar.from_ical(written(row, *changes))
    assert parsed.errors == []
    assert "METHOD" not in parsed
    events = [each for each in parsed.walk("VEVENT") if isinstance(each, Event)]
    assert all(event.errors == [] for event in events)
    return events[0] if events else None


def test_an_event_lasts_to_the_end_of_its_last_day_and_says_all_that_is_known() -> None:
    event = read(seminar())
    assert (event.start, event.end) == (date(2019, 6, 16), date(2019, 6, 22))
    assert (event["SUMMARY"], event["LOCATION"], event["STATUS"]) == ("22. Sozialseminar", "Moskau", "CONFIRMED")
    assert event["URL"] == "https://example.org/22/"
    assert "16. bis 21. Juni statt.\nBitte prüfen Sie den Termin" in event["DESCRIPTION"]
    assert event["SEQUENCE"] == 0
    assert event.DTSTAMP == NOW


def test_a_moved_event_keeps_its_uid_and_its_sequence_rises_with_each_move() -> None:
    first, second = (("2019-06-16", "2019-06-21"), ("2019-07-01", "2019-07-05"))
    old = read(seminar())
    new = read(seminar(start=second[0], end=second[1]), moved(1, first, second))
    newest = read(seminar(), moved(1, first, second), moved(2, second, first))
    assert old["UID"] == new["UID"] == newest["UID"]
    assert [event["SEQUENCE"] for event in (old, new, newest)] == [0, 1, 2]
    assert new.start == date(2019, 7, 1)
    assert new.DTSTAMP == NOW + WEEK


@pytest.mark.parametrize(
    ("state", "word"), [("cancelled", "abgesagt"), ("replaced", "durch anderen Austausch ersetzt")]
)
def test_a_seminar_that_does_not_take_place_is_cancelled_and_says_so_in_its_title(state: str, word: str) -> None:
    event = read(seminar(state=state))
    assert event["STATUS"] == "CANCELLED"
    assert event["SUMMARY"] == f"{word}: 22. Sozialseminar"


def test_a_postponed_seminar_is_cancelled_on_its_old_days_until_it_has_new_ones() -> None:
    days = ("2019-06-16", "2019-06-21")
    off = read(seminar(state="postponed", start=None, end=None), moved(1, days, (None, None)))
    assert (off["STATUS"], off.start, off["SEQUENCE"]) == ("CANCELLED", date(2019, 6, 16), 1)
    dated = read(seminar(state="postponed", start="2019-09-01", end=None), moved(1, days, (None, None)))
    assert (dated["STATUS"], dated.start, dated.end) == ("CONFIRMED", date(2019, 9, 1), date(2019, 9, 2))


def test_where_sources_disagree_the_last_known_days_are_tentative() -> None:
    dispute = Conflict(
        field="start", values=(("2019-06-16", "https://a.example/"), ("2019-06-17", "https://b.example/"))
    )
    row = seminar(start=None, end=None, conflicts=(dispute,))
    event = read(row, moved(1, ("2019-06-16", "2019-06-21"), (None, None)))
    assert (event["STATUS"], event.start) == ("TENTATIVE", date(2019, 6, 16))


@pytest.mark.parametrize("start", [None, "2019-06", "2019"])
def test_a_seminar_without_a_day_is_no_event(start: str | None) -> None:
    assert read(seminar(start=start, end=start)) is None


def test_nothing_a_site_writes_breaks_out_of_its_value() -> None:
    evil = "A, B; C\\ \r\nEND:VEVENT\nBEGIN:VALARM \u2028\u202e\ud800"
    event = read(seminar(title=evil, city=evil, quote=evil, uri="https://example.org/\r\nX:1"))
    assert "A, B; C\\ END:VEVENT BEGIN:VALARM" in event["SUMMARY"]
    assert "URL" not in event or "\n" not in str(event["URL"])
    assert [name for name in event if name.startswith("X")] == []


@given(st.text(), st.text(), st.text())
def test_any_text_comes_back_as_one_event_and_the_file_keeps_to_the_book(title: str, city: str, quote: str) -> None:
    text = written(seminar(title=title, city=city, quote=quote))
    lines = text.split("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode("utf-8", "surrogatepass")) <= 75 for line in lines)
    text.encode()
    assert read(seminar(title=title, city=city, quote=quote)) is not None
    assert written(seminar(title=title, city=city, quote=quote)) == text


@given(st.text())
def test_a_line_that_was_folded_unfolds_to_the_same(text: str) -> None:
    line = f"SUMMARY:{escape(text)}"
    folded = fold(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line
