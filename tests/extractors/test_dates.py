"""Promises of extractors.dates: every span an office writes is read whole, and nothing else is a date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import dates
from extractors.dates import MONTH_NAMES, german, spans


def found(text: str, year: int | None = None) -> list[tuple[str, str]]:
    return [(span.start, span.end) for span in spans(text, year)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("führten in der Zeit 16.-21. Juni 2019 in Moskau", "2019-06-16", "2019-06-21"),
        ("vom 4. bis zum 9. Juli 2017 in Moskau", "2017-07-04", "2017-07-09"),
        ("(vom 4. bis 9. Juni 2017 in Moskau statt)", "2017-06-04", "2017-06-09"),
        ("vom 12. bis 16. Mai 2021", "2021-05-12", "2021-05-16"),
        ("27. November bis 2. Dezember 2016", "2016-11-27", "2016-12-02"),
        ("27. November - 02. Dezember 2016", "2016-11-27", "2016-12-02"),
        ("28. Dezember bis 6. Januar 2027", "2026-12-28", "2027-01-06"),
        ("28. Dezember 2026 bis 6. Januar", "2026-12-28", "2027-01-06"),
        ("28.12.2026 – 06.01.2027", "2026-12-28", "2027-01-06"),
        ("02.11.–04.12.2026", "2026-11-02", "2026-12-04"),
        ("2.11. - 4.12.2026", "2026-11-02", "2026-12-04"),
        ("16.-21.06.2019", "2019-06-16", "2019-06-21"),
        ("16. - 21. 06. 2019", "2019-06-16", "2019-06-21"),
        ("vom 1. Mai bis einschließlich 3. Juni 2020", "2020-05-01", "2020-06-03"),
        ("vom 1. Mai bis einschließlich zum 3. Juni 2020", "2020-05-01", "2020-06-03"),
        ("vom Montag, dem 3. März, bis Freitag, den 7. März 2026", "2026-03-03", "2026-03-07"),
        ("Sa. 3.5.2025 – So. 4.5.2025", "2025-05-03", "2025-05-04"),
        ("Freitag (3. Mai 2019) bis Sonntag (5. Mai 2019)", "2019-05-03", "2019-05-05"),
        ("vom 28.12.2026, 9 Uhr, bis 06.01.2027, 17 Uhr", "2026-12-28", "2027-01-06"),
        ("am 16. und 17. Juni 2019", "2019-06-16", "2019-06-17"),
        ("am 16./17. Juni 2019", "2019-06-16", "2019-06-17"),
        ("am 16., 17. und 18. Juni 2019", "2019-06-16", "2019-06-18"),
        ("am 31. Mai und 1. Juni 2019", "2019-05-31", "2019-06-01"),
        ("16-21 June 2019", "2019-06-16", "2019-06-21"),
        ("16 to 21 June 2019", "2019-06-16", "2019-06-21"),
        ("2019-06-16 bis 2019-06-21", "2019-06-16", "2019-06-21"),
        ("2019-06-16/2019-06-21", "2019-06-16", "2019-06-21"),
        ("Juni bis Juli 2018", "2018-06", "2018-07"),
        ("Juni/Juli 2018", "2018-06", "2018-07"),
        ("Dezember 2017/Januar 2018", "2017-12", "2018-01"),
        ("Dezember 2017 bis Januar 2018", "2017-12", "2018-01"),
        ("vom 4.5. (Di.) bis 6.5.2027 (Do.)", "2027-05-04", "2027-05-06"),
        ("vom 4. (Dienstag) bis 6. Mai (Donnerstag) 2027", "2027-05-04", "2027-05-06"),
        ("Di 04.05.2027 - Do 06.05.2027", "2027-05-04", "2027-05-06"),
        ("vom 3.5. – 7.5.27", "2027-05-03", "2027-05-07"),
        ("zwischen dem 4. und 9. Juli 2017", "2017-07-04", "2017-07-09"),
        ("4. & 5. Mai 2027", "2027-05-04", "2027-05-05"),
        ("31.12.2026/1.1.2027", "2026-12-31", "2027-01-01"),
        ("vom 25. Jan. bis 3. Febr. 2027", "2027-01-25", "2027-02-03"),
        ("vom 3. Mai bis zum 7. Mai des Jahres 2027", "2027-05-03", "2027-05-07"),
    ],
)
def test_a_span_is_read_with_both_its_ends(text: str, start: str, end: str) -> None:
    assert found(text) == [(start, end)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("am 14.09.2018", "2018-09-14"),
        ("Pressemitteilung vom 14.09.2018", "2018-09-14"),
        ("am 14.9.2018.", "2018-09-14"),
        ("Stand 14.09.18", "2018-09-14"),
        ("8. Juni 2017", "2017-06-08"),
        ("08 | 06 | 2017", "2017-06-08"),
        ("3. Jänner 2020", "2020-01-03"),
        ("3. Jan. 2020", "2020-01-03"),
        ("Montag, den 3. März 2026", "2026-03-03"),
        ("01.02.2026, 14 Uhr", "2026-02-01"),
        ("am 3. Dezember 2019 um 18 Uhr", "2019-12-03"),
        ("am 16.06.2019 – 18 Uhr", "2019-06-16"),
        ("Raum 3 – 5. Juni 2019", "2019-06-05"),
        ("Abs. 2, 3. Mai 2020", "2020-05-03"),
        ("am 29.02.2024", "2024-02-29"),
        ("im Juni 2017", "2017-06"),
        ("Ende Mai 2019.", "2019-05"),
    ],
)
def test_a_day_or_month_is_read_by_itself(text: str, day: str) -> None:
    assert found(text) == [(day, day)]


@pytest.mark.parametrize(
    "text",
    [
        "1.204",
        "1.204.500 Euro",
        "Az. 12.34.5678",
        "Az. 12.04.56789",
        "30.02.2026",
        "29.02.2025",
        "22. Arbeits- und Sozialseminar",
        "am 22. Das Seminar",
        "Version 1.2.19",
        "10.10.10.10",
        "12.30 Uhr",
        "8.00-12.30 Uhr",
        "Drucksache 18/12.04.2017",
        "Themenjahr 2018-2020",
        "im Herbst 2017",
        "16. Maifest 2019",
        "vom 21. bis 16. Juni 2019",
        "vom 30.02. bis 3.3.2026",
        "12. Mai 3019",
        "seit dem 16. Dezember",
        "Abschnitt 1.2.",
        "Straße des 17. Juni 135",
        "Platz des 4. Juli",
        "",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert found(text) == []


def test_the_year_is_taken_from_outside_where_the_text_names_none() -> None:
    assert found("am 14. September von den beiden Ministern", 2018) == [("2018-09-14", "2018-09-14")]
    assert found("vom 28. Dezember bis 6. Januar", 2026) == [("2026-12-28", "2027-01-06")]
    assert found("am 02.11. und Abschnitt 1.2.", 2026) == [("2026-11-02", "2026-11-02")]
    assert found("am 14. September 2017", 2018) == [("2017-09-14", "2017-09-14")]


def test_several_dates_come_in_reading_order_with_their_places() -> None:
    text = "Vom 4. bis 9. Juni 2017, am 12. Mai und 14. Juni 2018 sowie 14.09.2018 – 12.05.2017."
    assert [(text[slice(*span.position)], span.start) for span in spans(text)] == [
        ("4. bis 9. Juni 2017", "2017-06-04"),
        ("12. Mai", "2018-05-12"),
        ("14. Juni 2018", "2018-06-14"),
        ("14.09.2018", "2018-09-14"),
        ("12.05.2017", "2017-05-12"),
    ]


def test_a_span_leaves_its_year_to_the_next() -> None:
    assert found("4.-6. Mai und 8.-10. Juni 2027") == [("2027-05-04", "2027-05-06"), ("2027-06-08", "2027-06-10")]


def test_a_month_with_its_year_is_another_matter_than_the_next() -> None:
    assert found("Juni/Juli 2017 und Juni bis Juli 2018") == [("2017-06", "2017-07"), ("2018-06", "2018-07")]


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2019-06-16", "2019-06-21", "16.–21. Juni 2019"),
        ("2016-11-27", "2016-12-02", "27. November – 2. Dezember 2016"),
        ("2026-12-28", "2027-01-06", "28. Dezember 2026 – 6. Januar 2027"),
        ("2018-09-14", None, "14. September 2018"),
        ("2018-09-14", "2018-09-14", "14. September 2018"),
        ("2017-06", None, "Juni 2017"),
        ("2017-06", "2017-07", "Juni–Juli 2017"),
        ("2017-12", "2018-01", "Dezember 2017 – Januar 2018"),
        ("2018-09-14", "2018-10", "September–Oktober 2018"),
    ],
)
def test_a_span_is_written_as_germans_write_it(start: str, end: str | None, text: str) -> None:
    assert german(start, end) == text


_DAYS = st.dates(date(1990, 1, 1), date(2069, 12, 31))
_TO = st.sampled_from(["-", "–", " – ", " bis ", " bis zum ", " bis einschließlich "])


@given(_DAYS, st.integers(1, 400), _TO, st.sampled_from(["vom ", "", "(", "in der Zeit "]), st.data())
def test_no_end_of_a_span_is_ever_lost(start: date, length: int, to: str, before: str, data: st.DataObject) -> None:
    end = start + timedelta(days=length)
    forms = [f"{start:%d.%m.%Y}{to}{end:%d.%m.%Y}", f"{_named(start)}{to}{_named(end)}"]
    if length < 366:
        forms += [f"{start:%d.%m.}{to}{end:%d.%m.%Y}", f"{_named(start, '')}{to}{_named(end)}"]
    if (start.year, start.month) == (end.year, end.month):
        forms += [f"{start.day}.{to}{_named(end)}", f"{start:%d.}{to}{end:%d.%m.%Y}"]
    text = f"{before}{data.draw(st.sampled_from(forms))} in Moskau"
    if length == 365 and (end.month, end.day) == (start.month, start.day):
        return  # without its year the same day twice
    assert found(text) == [(start.isoformat(), end.isoformat())]


@given(_DAYS, st.integers(0, 400))
def test_what_is_written_is_read_back(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    assert found(german(start.isoformat(), end.isoformat())) == [(start.isoformat(), end.isoformat())]


@given(st.text(alphabet="0123456789. -–/,|und bisMaJni()\n", max_size=80))
def test_whatever_is_found_is_a_true_span_at_its_place(text: str) -> None:
    last = 0
    for span in spans(text, 2020):
        assert span.start <= span.end
        date.fromisoformat(span.start if len(span.start) > 7 else f"{span.start}-01")
        assert last <= span.position[0] < span.position[1] <= len(text)
        last = span.position[0]


@pytest.mark.parametrize("piece", ["1. ", "1. bis ", "1., ", "1. Mai, ", "Mai ", "1. Mai bis ", " ", "1/"])
def test_hostile_text_takes_linear_work(piece: str) -> None:
    """Counted in regular-expression matches, not in seconds: the counts of one text and of its double are compared."""
    assert _matches(piece * 400) <= 2 * _matches(piece * 200) + 100


def _matches(text: str) -> int:
    count = 0

    class Counting:
        def __init__(self, pattern: object) -> None:
            self.pattern = pattern

        def __getattr__(self, name: str) -> object:
            nonlocal count
            count += 1
            return getattr(self.pattern, name)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("_AT", "_FIRST", "_TO", "_AND"):
            patch.setattr(dates, name, Counting(getattr(dates, name)))
        spans(text)
    return count


def _named(day: date, year: str | None = None) -> str:
    return f"{day.day}. {MONTH_NAMES[day.month - 1]} {day.year if year is None else year}".strip()
