"""What a page says about seminars: number, dates, city and state, and nothing that is another event's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from extractors.model import Block, BlockKind, Page, SeminarMention, StatedDate
from extractors.seminar_names import MAX_NAMED
from extractors.seminars import mentions, same_series

SEEN = date(2021, 1, 11)
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"


def page(title: str, *lines: str) -> Page:
    """A page; "#" begins a heading, "•" a list item."""
    kinds = {"#": BlockKind.HEADING, "•": BlockKind.ITEM}
    blocks = (
        Block(kind=kinds.get(line[0], BlockKind.PARAGRAPH), text=line.lstrip("#• "), level=2 * (line[0] == "#"))
        for line in lines
    )
    return Page(uri="https://www.example.org/", title=title, blocks=tuple(blocks))


def only(shown: Page) -> SeminarMention:
    (mention,) = mentions(shown, SEEN)
    return mention


def test_a_report_names_its_seminar_in_title_and_text() -> None:
    """The title gives number and series, the first paragraph dates and city."""
    mention = only(
        page(
            "Städtepartnerschaft: 22. Arbeits- und Sozialseminar erfolgreich abgeschlossen",
            "Beide Verwaltungen führten in der Zeit 16.-21. Juni 2019 in Moskau das 22. Arbeits- und Sozialseminar durch.",
            "Zuvor war am 3. April 2019 eine Vereinbarung unterzeichnet worden.",
        )
    )
    assert (mention.number, mention.series) == (22, "Arbeits- und Sozialseminar")
    assert (mention.start, mention.end, mention.city) == ("2019-06-16", "2019-06-21", "Moskau")
    assert (mention.state, mention.named_by_title) == ("reported", True)
    assert mention.title == "22. Arbeits- und Sozialseminar erfolgreich abgeschlossen"
    assert "16.-21. Juni 2019" in mention.quote
    assert mention.blocks == (-1, 0)


def test_two_sentences_of_one_paragraph_tell_one_seminar() -> None:
    """A partner names the number in one sentence and the dates in the next."""
    mention = only(
        page(
            "Zehn Jahre Kooperation",
            "Im Jahr 2017 nahm eine Delegation am 18. Sozialseminar in Moskau teil. Das Departement führte vom 4. bis zum "
            "9. Juli 2017 in Moskau das Sozialseminar durch.",
        )
    )
    assert (mention.number, mention.start, mention.end, mention.city) == (18, "2017-07-04", "2017-07-09", "Moskau")
    assert not mention.named_by_title


def test_a_heading_and_the_text_below_it() -> None:
    """Dates of a visit before, and of an agreement long ago, are not those of the seminar."""
    mention = only(
        page(
            "Partnerschaft",
            "#Teilnahme am 18. Sozialseminar in Moskau",
            "Grundlage ist das Abkommen vom 28. August 1991.",
            "Jedes Jahr sind zwei Sozialseminare geplant. Das erste Sozialseminar findet derzeit (vom 4. bis 9. Juni 2017 in Moskau statt).",
            "Zur Vorbereitung auf das Sozialseminar fand am 12. Mai 2017 ein Treffen statt.",
            "Im Herbst 2017 wird das zweite Sozialseminar in Berlin stattfinden.",
        )
    )
    assert (mention.number, mention.start, mention.end) == (18, "2017-06-04", "2017-06-09")


def test_a_year_without_travel_is_registered_by_its_year() -> None:
    """Number None, the year, and what took the seminar's place in the page's words."""
    mention = only(
        page(
            "Städtepartnerschaft Berlin-Moskau: Seminar 2020",
            "Reisen waren nicht möglich.",
            "Die Senatorin und der Minister einigten sich auf den Austausch von schriftlichen Fachinformationen.",
        )
    )
    assert (mention.number, mention.year, mention.title) == (None, 2020, "Seminar 2020")
    assert mention.substitute == "Austausch von schriftlichen Fachinformationen"
    assert mention.state == "reported"


def test_list_entries_are_mentions_of_their_own() -> None:
    """Each entry of a list is read by itself."""
    found = mentions(
        page(
            "Seminare",
            "•22. Arbeits- und Sozialseminar, 16.–21. Juni 2019, Moskau",
            "•21. Arbeits- und Sozialseminar (11. bis 16. November 2018, Berlin)",
            "•20. Arbeits- und Sozialseminar",
        ),
        SEEN,
    )
    assert [(m.number, m.start, m.city) for m in found] == [
        (22, "2019-06-16", "Moskau"),
        (21, "2018-11-11", "Berlin"),
        (20, None, None),
    ]


def test_an_announcing_sentence_registers_a_seminar() -> None:
    """A sentence with number and date is enough, wherever it stands."""
    mention = only(
        page("Aktuelles", "Das 23. Arbeits- und Sozialseminar findet vom 12. bis 16. Mai 2021 in Berlin statt.")
    )
    assert (mention.number, mention.start, mention.end, mention.city) == (23, "2021-05-12", "2021-05-16", "Berlin")
    assert mention.state == "announced"


def test_labelled_lines_tell_date_and_place() -> None:
    """“Termin:” and “Ort:” on lines of their own belong to the seminar of the title."""
    mention = only(page("5. Klimaseminar", "Termin: 4.–6. Mai 2026", "Ort: Potsdam"))
    assert (mention.start, mention.end, mention.city) == ("2026-05-04", "2026-05-06", "Potsdam")


@pytest.mark.parametrize("words", ["entfällt", "wird abgesagt", "fällt aus"])
def test_a_cancelled_seminar(words: str) -> None:
    """What does not take place is cancelled, its date still told."""
    mention = only(page("5. Klimaseminar", f"Das 5. Klimaseminar am 4. Mai 2026 in Potsdam {words}."))
    assert (mention.state, mention.start) == ("cancelled", "2026-05-04")


@pytest.mark.parametrize(
    "text",
    [
        "In diesem Jahr sind zwei Sozialseminare geplant.",
        "Das zweite Sozialseminar findet im Herbst 2017 statt.",
        "Am 3. Mai 2021 findet das Seminar statt.",
        "Vom 4. bis 9. Juni 2017 läuft das Sozialseminar.",
        "Am 14. September 2018 wird die Auszeichnung überreicht.",
        "Das 17. Sozialseminar hat Maßstäbe gesetzt.",
    ],
)
def test_no_seminar_is_registered(text: str) -> None:
    """No ordinal with a full stop, or no date in running text: nothing to register."""
    assert mentions(page("Partnerschaft", text), SEEN) == ()


@pytest.mark.parametrize(
    "text",
    [
        "In Vorbereitung auf das 23. Sozialseminar fand am 12. Mai 2017 in Berlin ein Arbeitstreffen statt.",
        "Beim 22. Sozialseminar in Moskau wurde vereinbart, dass am 14.09.2018 ein Treffen in Berlin stattfindet.",
        "Nach dem 23. Sozialseminar reiste die Delegation am 12. Mai 2017 nach Kasan.",
        "§ 3. Seminar der Verwaltung.",
        "Am 22. Juni 2019 endet das Seminar.",
    ],
)
def test_a_date_of_something_else_registers_nothing(text: str) -> None:
    """A sentence that names a seminar and dates another event is no announcement."""
    assert mentions(page("Partnerschaft", text), SEEN) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Am 12. Mai 2017 fand ein Besuch in Berlin statt.",
        "Das Abkommen vom 28. August 1991 ist die Grundlage.",
        "Pressemitteilung vom 14.09.2018",
        "Stand: 3. Mai 2027",
        "Datum, 08 | 06 | 2017",
        "14.09.2018",
        "•18. Mai 2027: Empfang im Rathaus",
    ],
)
def test_another_date_on_a_seminars_page_is_not_its_own(text: str) -> None:
    """Better no date than that of a visit, an agreement or the page."""
    mention = only(page("22. Sozialseminar", "Es geht um Pflege.", text))
    assert (mention.start, mention.end) == (None, None)


@pytest.mark.parametrize(
    ("text", "start", "end", "city"),
    [
        ("Zum 23. Sozialseminar am 3. Mai 2027 in Berlin laden wir ein.", "2027-05-03", "2027-05-03", "Berlin"),
        ("Die Einladung zum 23. Sozialseminar (12. bis 16. Mai 2027, Bonn) ist da.", "2027-05-12", "2027-05-16", "Bonn"),
        ("Beim 23. Sozialseminar vom 4. bis 9. Juli 2017 in Moskau sprach sie.", "2017-07-04", "2017-07-09", "Moskau"),
        ("Für den 3. bis 5. Mai 2027 ist in Potsdam das 23. Sozialseminar geplant.", "2027-05-03", "2027-05-05", "Potsdam"),
        ("Das 23. Sozialseminar soll im Juni 2027 in Moskau stattfinden.", "2027-06", "2027-06", "Moskau"),
        ("Das 23. Sozialseminar findet am 3. Mai 2027 in St. Petersburg statt.", "2027-05-03", "2027-05-03", "St. Petersburg"),
        ("Das 23. Sozialseminar findet am 3. Mai 2027 in Frankfurt (Oder) statt.", "2027-05-03", "2027-05-03", "Frankfurt (Oder)"),
        ("Das 23. Sozialseminar findet am 3. Mai 2027 in Musterstadt statt.", "2027-05-03", "2027-05-03", "Musterstadt"),
        ("In Anerkennung der Arbeit findet das 23. Sozialseminar am 3. Mai 2027 statt.", "2027-05-03", "2027-05-03", None),
        ("Das 23. Sozialseminar findet am 3. Mai 2027 online statt.", "2027-05-03", "2027-05-03", None),
    ],
)  # fmt: skip
def test_sentences_of_many_forms_announce(text: str, start: str, end: str, city: str | None) -> None:
    """Date and city stand before or behind the name."""
    mention = only(page("Aktuelles", text))
    assert (mention.number, mention.start, mention.end, mention.city) == (23, start, end, city)


def test_two_seminars_of_one_sentence_keep_their_dates() -> None:
    """What stands between one name and the next is said of the one."""
    text = (
        "Das 17. Sozialseminar fand vom 27. November bis 2. Dezember 2016 in Berlin statt, das 18. Sozialseminar vom "
        "4. bis 9. Juli 2017 in Moskau."
    )
    found = mentions(page("Rückblick", text), SEEN)
    assert [(m.number, m.start, m.city, m.quote) for m in found] == [
        (17, "2016-11-27", "Berlin", text),
        (18, "2017-07-04", "Moskau", text),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("Das 23. Sozialseminar wird vom 12. bis 16. Mai 2021 auf den 6. bis 10. September 2021 verschoben.",),
        ("Das 23. Sozialseminar (12. bis 16. Mai 2021) wird verschoben.", "Neuer Termin: 6. bis 10. September 2021."),
        ("Das 23. Sozialseminar findet vom 6. bis 10. September 2021 statt.", "Ursprünglich war es vom 12. bis 16. Mai 2021 geplant."),
    ],
)  # fmt: skip
def test_a_seminar_that_is_put_off_has_its_new_date(lines: tuple[str, ...]) -> None:
    """Put off is announced, for the later date."""
    mention = only(page("23. Sozialseminar", *lines))
    assert (mention.start, mention.end, mention.state) == ("2021-09-06", "2021-09-10", "announced")


def test_a_later_line_cancels() -> None:
    """ "Das Seminar entfällt." on the page of one seminar is about that one; what is "nicht abgesagt" is not."""
    text = "Das 23. Sozialseminar findet vom 12. bis 16. Mai 2021 in Berlin statt."
    assert only(page("23. Sozialseminar", text, "Aktualisierung: Das Seminar entfällt.")).state == "cancelled"
    assert only(page("23. Sozialseminar", text, "Das zweite Seminar entfällt.")).state == "announced"
    assert only(page("23. Sozialseminar", text, "Die Lesung beim Seminar entfällt.")).state == "announced"
    assert only(page("23. Sozialseminar", text, "Das Konzert zum 23. Sozialseminar entfällt.")).state == "announced"
    assert (
        only(page("23. Sozialseminar", text, "Sollte das Seminar abgesagt werden, melden wir uns.")).state
        == "announced"
    )
    assert only(page("23. Sozialseminar", text, "Das Seminar wird nicht abgesagt.")).state == "announced"


def test_a_year_is_only_guessed_for_what_is_to_come() -> None:
    """A date without a year: that of the page's own date, or of the look where the page names no year at all."""
    text = "Das 7. Klimaseminar findet vom 3. bis 5. Mai in Potsdam statt."
    assert only(page("7. Klimaseminar", text)).start == "2021-05-03"
    assert only(page("7. Klimaseminar", text.replace("Mai", "Januar"))).start is None
    assert only(page("7. Klimaseminar", text, "Es gibt sie seit 2003.")).start is None
    dated = replace(page("7. Klimaseminar", text), dates=(StatedDate(day=date(2019, 2, 1), role="press", quote=""),))
    assert only(dated).start == "2019-05-03"


def test_a_years_seminar_needs_more_than_its_year() -> None:
    """Number None is for what took a seminar's place, or for a date."""
    assert mentions(page("Programm: Seminar 2020", "Es geht um Pflege."), SEEN) == ()
    assert (
        only(page("Jahresseminar 2027", "Das Jahresseminar findet vom 3. bis 5. Mai 2027 in Bonn statt.")).year == 2027
    )
    assert only(page("Seminare", "•Seminar 2020 – schriftlicher Austausch")).substitute == "schriftlicher Austausch"


def test_a_page_full_of_names_ends_soon() -> None:
    """Hostile text: time grows with the names that count, and those are few (the time limit is the measure)."""
    assert len(mentions(page("22. Sozialseminar " * 2_000, "22. Sozialseminar " * 2_000), SEEN)) == 1
    many = " ".join(f"{n}. Sozialseminar am 3. Mai 2027," for n in range(1, 999))
    assert len(mentions(page("Seminare", many), SEEN)) <= MAX_NAMED


def _seed(name: str, start: str) -> Page:
    lines = [line.strip() for line in next(SHARED.glob(f"{name}_*")).read_text().splitlines() if line.strip()]
    first = next(number for number, line in enumerate(lines) if line.startswith(start))
    return page(lines[first], *lines[first + 1 :])


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real texts (shared/seeds) are not here")
@pytest.mark.parametrize(
    ("name", "start", "expected"),
    [
        ("000", "Städtepartnerschaft Berlin-Moskau: Seminar", [(None, 2020, None, None, None, "reported")]),
        (
            "001",
            "Städtepartnerschaft Berlin-Moskau: 22.",
            [(22, 2019, "2019-06-16", "2019-06-21", "Moskau", "reported")],
        ),
        ("002", "Das Landesamt", []),
        ("003", "Berlin-Moskau", [(18, 2017, "2017-07-04", "2017-07-09", "Moskau", "reported")]),
        ("004", "Städtepartnerschaft", [(18, 2017, "2017-06-04", "2017-06-09", "Moskau", "announced")]),
        ("004", "Teilnahme", [(18, 2017, "2017-06-04", "2017-06-09", "Moskau", "announced")]),
    ],
)
def test_the_real_texts(name: str, start: str, expected: list[tuple[object, ...]]) -> None:
    """The five texts say what a person reads in them; two contradict each other about the 18th."""
    found = mentions(_seed(name, start), date(2026, 11, 22))
    assert [(m.number, m.year, m.start, m.end, m.city, m.state) for m in found] == expected


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Sozialseminar", "Arbeits- und Sozialseminar", True),
        ("Seminar im Bereich Soziales", "Sozialseminar", True),
        ("Seminar", "Klimaseminar", True),
        ("Fachseminar Wasser", "Wasserseminar", True),
        ("Klimaseminar", "Wasserseminar", False),
        ("Klimaseminar", "Sozialseminar", False),
        ("Seminar zur umfassenden Teilhabe von Menschen mit Handicap", "Sozialseminar", True),
    ],
)
def test_names_of_one_series(a: str, b: str, same: bool) -> None:
    """The series is the same when the telling words of one name are among those of the other."""
    assert same_series(a, b) is same
    assert same_series(b, a) is same
