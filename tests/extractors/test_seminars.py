"""What a page says about seminars: number, dates, city and state, and nothing that is another event's."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.model import Block, BlockKind, Page, SeminarMention
from extractors.seminars import mentions, same_series

SEEN = date(2021, 1, 11)


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
    ("a", "b", "same"),
    [
        ("Sozialseminar", "Arbeits- und Sozialseminar", True),
        ("Seminar im Bereich Soziales", "Sozialseminar", True),
        ("Seminar", "Klimaseminar", True),
        ("Fachseminar Wasser", "Wasserseminar", True),
        ("Klimaseminar", "Wasserseminar", False),
    ],
)
def test_names_of_one_series(a: str, b: str, same: bool) -> None:
    """The series is the same when the telling words of one name are among those of the other."""
    assert same_series(a, b) is same
    assert same_series(b, a) is same
