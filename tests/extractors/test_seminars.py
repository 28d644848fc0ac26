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
    assert mention.state == "replaced"


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
    ("state", "lines"),
    [
        ("postponed", ("Das 23. Sozialseminar wird vom 12. bis 16. Mai 2021 auf den 6. bis 10. September 2021 verschoben.",)),
        ("postponed", ("Das 23. Sozialseminar (12. bis 16. Mai 2021) wird verschoben.", "Neuer Termin: 6. bis 10. September 2021.")),
        ("postponed", ("Das 23. Sozialseminar wird verlegt auf den 6. bis 10. September 2021 (statt 12. bis 16. Mai 2021).",)),
        ("postponed", ("Das 23. Sozialseminar im Mai 2021 muss ausfallen. Es wird vom 6. bis 10. September 2021 nachgeholt.",)),
        ("postponed", ("Das Seminar wurde verschoben. Es findet vom 6. bis 10. September 2021 statt.",)),
        ("announced", ("Das 23. Sozialseminar findet vom 6. bis 10. September 2021 statt.", "Ursprünglich war es vom 12. bis 16. Mai 2021 geplant.")),
        ("announced", ("Nachdem das 23. Sozialseminar auf Mai 2021 verschoben worden war, wird es nun vom 6. bis 10. September 2021 stattfinden.",)),
    ],
)  # fmt: skip
def test_a_seminar_that_is_put_off_has_its_new_date(state: str, lines: tuple[str, ...]) -> None:
    """The later date counts, wherever the one stands that it was to be on."""
    mention = only(page("23. Sozialseminar", *lines))
    assert (mention.start, mention.end, mention.state) == ("2021-09-06", "2021-09-10", state)


@pytest.mark.parametrize(
    "lines",
    [
        ("Das 23. Sozialseminar (12. bis 16. Mai 2021) wird auf unbestimmte Zeit verschoben.",),
        ("Das Seminar wurde verschoben. Ein neuer Termin steht noch nicht fest.", "Es war für den 12. bis 16. Mai 2021 geplant."),
        ("Das 23. Sozialseminar findet vom 12. bis 16. Mai 2021 in Berlin statt.", "Aktualisierung: Das Seminar wird verschoben."),
        ("Das vom 12. bis 16. Mai 2021 geplante 23. Sozialseminar wird um ein Jahr verschoben.",),
    ],
)  # fmt: skip
def test_a_seminar_that_is_put_off_without_a_new_date_has_none(lines: tuple[str, ...]) -> None:
    """The day that it was to be on is not shown as if it held."""
    mention = only(page("23. Sozialseminar", *lines))
    assert (mention.start, mention.end, mention.state) == (None, None, "postponed")


@pytest.mark.parametrize(
    ("text", "substitute"),
    [
        ("Das 23. Sozialseminar wird durch einen schriftlichen Austausch ersetzt.", "schriftlichen Austausch"),
        ("Das 23. Sozialseminar kann nicht stattfinden. Stattdessen gibt es Videokonferenzen.", "Videokonferenzen"),
        ("Statt des 23. Sozialseminars gibt es einen schriftlichen Fachaustausch.", "schriftlichen Fachaustausch"),
        (
            "Das 23. Sozialseminar konnte nicht stattfinden. An seine Stelle trat ein Austausch in Briefen.",
            "Austausch in Briefen",
        ),
        ("Das 23. Sozialseminar fand nicht statt; an seine Stelle traten Hausbesuche.", "Hausbesuche"),
    ],
)
def test_a_seminar_that_something_else_replaces(text: str, substitute: str) -> None:
    """It is not merely cancelled: what took its place is told in the page's words."""
    mention = only(page("23. Sozialseminar", text))
    assert (mention.state, mention.substitute) == ("replaced", substitute)


def test_a_years_seminar_that_something_else_replaced() -> None:
    text = "Wegen der Pandemie konnte das für 2020 geplante Seminar nicht stattfinden. An seine Stelle trat ein Austausch in Briefen."
    mention = only(page("Städtepartnerschaft Berlin-Moskau: Seminar 2020", text, "Berlin berichtete über vieles."))
    assert (mention.year, mention.state, mention.substitute) == (2020, "replaced", "Austausch in Briefen")


def test_a_new_leader_replaces_no_seminar() -> None:
    text = "Das 23. Sozialseminar findet vom 3. bis 5. Mai 2027 in Bonn statt. Der Leiter ging in den Ruhestand. An seine Stelle trat Frau Dr. Weiß."
    mention = only(page("23. Sozialseminar", text))
    assert (mention.state, mention.substitute) == ("announced", "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("23. Fachseminar Pflege", 23),
        ("XXIII. Fachseminar Pflege", 23),
        ("IX. Deutsch-Russisches Seminar", 9),
        ("Einladung zum dreiundzwanzigsten Fachseminar", 23),
        ("Neununddreißigstes Gesundheitsseminar", 39),
        ("Auftakt des siebzehnten Sozialseminars", 17),
        ("Dreissigstes Sozialseminar", 30),
        ("Erstes Sozialseminar in Moskau", 1),
        ("V. Sozialseminar", 5),
    ],
)
def test_numbers_in_figures_roman_and_words(text: str, number: int) -> None:
    """A title may write the number in any way that prose does."""
    assert only(page(text, "Vom 3. bis 5. Mai 2027 in Bonn.")).number == number


@pytest.mark.parametrize(
    "title", ["Zweites Seminar 2027", "Erstes Sozialseminar des Jahres", "Stand B. V. Seminar", "Aktuelles"]
)
def test_numbers_that_begin_anew_each_year_are_no_seminars(title: str) -> None:
    """ "Das zweite Sozialseminar" of a year is not the second of its series."""
    found = mentions(page(title, "Das zweite Sozialseminar findet vom 3. bis 5. Mai 2027 in Bonn statt."), SEEN)
    assert [each.number for each in found if each.number is not None] == []


@pytest.mark.parametrize(
    ("text", "passing"),
    [
        ("Beim 20. Sozialseminar vom 1. bis 4. Juli 2018 in Moskau lernten sie sich kennen.", True),
        ("Nach dem 20. Sozialseminar im Juli 2018 wechselte die Leitung.", True),
        ("Beim 24. Sozialseminar vom 3. bis 7. Mai 2027 in Moskau wird sie sprechen.", False),
        ("Das 20. Sozialseminar fand vom 1. bis 4. Juli 2018 in Moskau statt.", False),
    ],
)
def test_what_is_over_and_only_referred_to_is_in_passing(text: str, passing: bool) -> None:
    """Such a mention enters nothing in the register; what is still to come is news wherever it stands."""
    assert only(page("Neue Leitung", text)).passing is passing


def test_a_year_alone_is_a_date_where_nothing_nearer_is_said() -> None:
    """ "Im Jahr 2027" dates a seminar that is planned for it, and gives way to any month or day."""
    planned = "Das 23. Sozialseminar soll im Jahr 2027 in Moskau stattfinden."
    mention = only(page("23. Sozialseminar", planned))
    assert (mention.start, mention.end, mention.state) == ("2027", "2027", "announced")
    assert only(page("23. Sozialseminar", planned, "Termin: 3. bis 7. Mai 2027")).start == "2027-05-03"
    assert only(page("23. Sozialseminar", "Es geht um den Plan für das Jahr 2027.")).start is None


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
        ("000", "Städtepartnerschaft Berlin-Moskau: Seminar", [(None, 2020, None, None, None, "replaced")]),
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


def test_what_became_of_a_seminar_is_told_of_that_one_alone() -> None:
    """In a sentence on two seminars, and without a date only as one more claim about a seminar known elsewhere."""
    found = mentions(
        page(
            "Nachrichten",
            "Das 27. Sozialseminar wird verschoben, das 28. Sozialseminar findet vom 8. bis 12. November 2027 in Berlin statt.",
        ),
        SEEN,
    )
    assert [(m.number, m.state, m.start, m.passing) for m in found] == [
        (27, "postponed", None, True),
        (28, "announced", "2027-11-08", False),
    ]


@pytest.mark.parametrize(
    "beside",
    [
        "Die Anmeldefrist wurde auf den 1. April 2027 verschoben.",
        "Das Seminar findet nicht im Rathaus, sondern im Hotel am Park statt.",
        "Eine Teilnahmegebühr entfällt.",
        "Bereits das 26. Sozialseminar musste verschoben werden.",
        "Das Seminar im vergangenen Jahr wurde abgesagt.",
        "Wenn das Seminar verschoben wird, erhalten Sie Nachricht.",
        "Statt des gedruckten Programms gibt es eine Online-Fassung.",
        "Das Seminar wird durch Online-Vorträge ergänzt.",
    ],
)
def test_what_became_of_something_else_is_not_the_seminars_fate(beside: str) -> None:
    """A fee, a workshop, last year's seminar: this one is announced as before."""
    shown = page("27. Sozialseminar", "Das 27. Sozialseminar findet vom 10. bis 14. Mai 2027 in Minsk statt.", beside)
    (mention,) = (each for each in mentions(shown, SEEN) if not each.passing)
    assert (mention.state, mention.start) == ("announced", "2027-05-10")


def test_a_date_without_a_year_is_in_that_of_its_heading_or_on_the_side_of_the_page_it_speaks_of() -> None:
    """A list under "2019"; an announcement of December for May, a report of January on November."""
    listed = page(
        "Archiv", "#2019", "•22. Sozialseminar: 16. bis 21. Juni in Moskau", "#2018", "•21. Sozialseminar: 11. November"
    )
    assert [(m.number, m.start) for m in mentions(listed, SEEN)] == [(22, "2019-06-16"), (21, "2018-11-11")]
    for day, text, start in (
        (date(2026, 12, 14), "Das 27. Sozialseminar wird vom 10. bis 14. Mai in Minsk stattfinden.", "2027-05-10"),
        (date(2027, 1, 14), "Das 27. Sozialseminar fand vom 9. bis 13. November in Minsk statt.", "2026-11-09"),
        (date(2027, 1, 14), "Das 27. Sozialseminar fand vom 4. bis 8. Januar in Minsk statt.", "2027-01-04"),
    ):
        dated = replace(page("27. Sozialseminar", text), dates=(StatedDate(day=day, role="press", quote=""),))
        assert only(dated).start == start
