"""Words that a person types, found however a page spells them, and shown where they stand."""

from __future__ import annotations

import pytest

from extractors.find import Part, index_words, passages, wanted
from extractors.model import Attachment, Block, BlockKind, Notice, Page

ALL = frozenset(Part)


def page(*texts: str, **more: object) -> Page:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts)
    return Page(**({"uri": "https://example.org/", "title": "", "blocks": blocks} | more))  # type: ignore[arg-type]


def marked(text: str, *words: str) -> list[str]:
    """What is marked in a text; the index has to agree that it is there."""
    sought = wanted(words)
    terms = index_words(page(text)).split()
    in_index = all(any(word.search(term) for term in terms) for each in sought for word in each.words)
    found = passages(page(text), sought, ALL)
    assert in_index or not found
    return [each.text[start:end] for each in found for start, end in each.marks]


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("partnerschaft", "Die Städtepartnerschaften", ["partnerschaft"]),
        ("moskau", "die Moskauer", ["Moskau"]),
        ("PARTNER", "die Städtepartnerschaft", ["partner"]),
        ("staedte", "Städte und Staedte", ["Städte", "Staedte"]),
        ("städte", "Städte, Staedte, Stadte", ["Städte", "Staedte", "Stadte"]),
        ("stadte", "Städte, Staedte", ["Städte", "Staedte"]),
        ("strasse", "Straße STRASSE", ["Straße", "STRASSE"]),
        ("straße", "Strasse Straße", ["Strasse", "Straße"]),
        ("ueber", "Übergabe gegenüber", ["Über", "über"]),
        ("Über", "U\u0308bergabe", ["Über"]),  # the umlaut as letter and mark
        ("treue", "Treuhand", []),
        ("lodz", "Łódź", ["Łódź"]),
        ("é", "é e", ["é", "e"]),
        ("23", "23. Seminar 2023", ["23"]),
        ("2023", "im Jahr 2023/24", ["2023"]),
        ("am", "am Amt, Am Ende", ["am", "Am"]),
        ("partnerschaft moskau", "Städtepartnerschaft-Moskaus Tage", ["partnerschaft-Moskau"]),
        ("partnerschaft moskau", "Partnerschaft mit Moskau", []),
        ('"OR*(', "a or b", ["or"]),
    ],
)
def test_spellings(typed: str, text: str, found: list[str]) -> None:
    assert marked(text, typed) == found


def test_all_words_have_to_be_there_but_not_in_one_line() -> None:
    both = page("Berlin zuerst", "dann Moskau", "und wieder Berlin")
    assert [each.text for each in passages(both, wanted(["berlin", "moskau"]), ALL)] == [
        "Berlin zuerst",
        "dann Moskau",
        "und wieder Berlin",
    ]
    assert passages(both, wanted(["berlin", "riga"]), ALL) == ()


def test_what_is_shown_holds_every_word_even_far_down() -> None:
    many = page(*["Berlin"] * 50, "Moskau")
    assert [each.text for each in passages(many, wanted(["berlin", "moskau"]), ALL)] == ["Berlin"] * 3 + ["Moskau"]


def test_parts_are_told_apart() -> None:
    box = Notice(title="Hinweis", blocks=(Block(kind=BlockKind.PARAGRAPH, text="geschlossen"),), certain=True)
    found = page("offen", title="Amt", notices=(box,), attachments=(Attachment(uri="x", label="Programm geschlossen"),))
    sought = wanted(["geschlossen"])
    assert [each.part for each in passages(found, sought, ALL)] == [Part.NOTICE, Part.LABEL]
    assert [each.part for each in passages(found, sought, frozenset({Part.NOTICE}))] == [Part.NOTICE]
    assert passages(found, wanted(["offen"]), frozenset({Part.NOTICE})) == ()


def test_a_long_line_is_cut_round_the_first_find() -> None:
    (found,) = passages(page("Wort " * 200 + "Moskau " + "Wort " * 200), wanted(["moskau"]), ALL)
    assert found.text.startswith("… Wort")
    assert found.text.endswith("Wort …")
    assert len(found.text) < 240
    assert [found.text[start:end] for start, end in found.marks] == ["Moskau"]


@pytest.mark.parametrize("typed", ["", " ", "§", "*", '"', "___"])
def test_without_a_letter_nothing_is_looked_for(typed: str) -> None:
    assert wanted([typed]) == ()


def test_a_hostile_page_takes_no_time() -> None:
    """Patterns of alternatives are tried against what they were not made for."""
    assert marked("ae" * 100_000, "ae" * 31 + "x") == []
