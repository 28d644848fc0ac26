"""Promises of extractors.spelling: a slip of the pen is told from a fact, and in doubt it is a fact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.spelling import is_minor_text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Infromation", "Information"),
        ("Die Veranstaltng", "Die Veranstaltung"),
        ("Die Verwaltnug hilft", "Die Verwaltung hilft"),
        ("Sozialsenatorin,", "Sozialsenatorin"),
        ("Haus.", "Haus"),
        ("udn so", "und so"),
        ("Strasse", "Straße"),
        ("Die Teilnahmer reisen", "Die Teilnehmer reisen"),
        ("Departement für Arbeit", "Department für Arbeit"),
        ("das es gut ist", "dass es gut ist"),
        ("erfolgreihc beendet", "erfolgreich beendet"),
        ("in Ihrer Rede", "in ihrer Rede"),
        ("zusammen arbeiten", "zusammenarbeiten"),
        ("Fachaustauch", "Fachaustausch"),
        ("die die Stadt", "die Stadt"),
        ("an Sozialseminar teil", "am Sozialseminar teil"),
        ("„Amt“", '"Amt"'),
        ("Amt !", "Amt!"),
        ("gewonnen Eindrücke", "gewonnenen Eindrücke"),
        ("gemeinsame Gespraeche", "gemeinsame Gespräche"),
        ("Ämter sind ofen", "Ämter sind offen"),
        ("Kooperaton", "Kooperation"),
        ("Delegatoin aus", "Delegation aus"),
    ],
)
def test_a_slip_is_minor_in_both_directions(before: str, after: str) -> None:
    assert is_minor_text(before, after)
    assert is_minor_text(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Die Anmeldung ist offen", "Die Abmeldung ist offen"),
        ("Das Amt ist offen", "Das Amt ist zu"),
        ("werden abgesagt", "wurden abgesagt"),
        ("Der Eingang ist dort", "Der Ausgang ist dort"),
        ("Die Anreise beginnt", "Die Abreise beginnt"),
        ("eine Gebühr", "keine Gebühr"),
        ("Zulassung", "Entlassung"),
        ("er kann kommen", "er muss kommen"),
        ("in Moskau", "in Minsk"),
        ("in Berlin", "in Bern"),
        ("die Stadt Bonn", "die Stadt Bern"),
        ("Frau Meier", "Frau Maier"),
        ("Senatorin Breitenbach", "Senatorin Breitenback"),
        ("mit Struschak", "mit Struzhak"),
        ("von Petrosyan", "von Petrosian"),
        ("8:00 Uhr", "8.00 Uhr"),
        ("10.-12. Mai", "10., 12. Mai"),
        ("16.–21. Juni", "16. 21. Juni"),
        ("1.5 Liter", "15 Liter"),
        ("5 €", "5 $"),
        ("50 %", "50"),
        ("Sie dürfen", "Sie müssen"),
        ("geöffnet", "geschlossen"),
        ("vormittags offen", "nachmittags offen"),
        ("Der Termin", "Die Termine"),
        ("mit Termin", "ohne Termin"),
        ("vor dem Haus", "von dem Haus"),
        ("bis Freitag", "ab Freitag"),
        ("www.berlin.de", "www.berlim.de"),
        ("www.landesverwaltung.de", "www.landesverwaltnug.de"),
        ("poststelle@verwaltung.example", "poststelle@verwaltnug.example"),
        ("a@amt.de", "b@amt.de"),
        ("info@amt.berlin", "infos@amt.berlin"),
        ("Eingang A", "Eingang B"),
        ("Haus C", "Haus D"),
        ("zulässig", "unzulässig"),
        ("verboten", "geboten"),
        ("wieder offen", "weiter offen"),
        ("Herr Allert leitet", "Herr Thiel leitet"),
        ("Wohnung", "Währung"),
        ("Leistung", "Leitung"),
        ("im Haus", "in Haus 3"),
        ("erlaubt", "erlaubt nicht"),
        ("ist möglich", "ist nötig"),
        ("spätestens heute", "frühestens heute"),
        ("mindestens zwei", "höchstens zwei"),
        ("zwei Seminare", "drei Seminare"),
        ("erste Etage", "vierte Etage"),
        ("eine Stunde", "keine Stunde"),
        ("III. Forum", "II. Forum"),
        ("Raum IV", "Raum VI"),
        ("Moskau und Berlin", "Berlin und Moskau"),
        ("gestern", "morgen"),
        ("Juni 2019", "Juni 2018"),
        ("im Jänner", "im Januar"),
        ("Zahlung", "Zählung"),
        ("fordern wir", "fördern wir"),
        ("schon da", "schön da"),
        ("Mieter zahlen", "Meter zahlen"),
        ("täglich", "jährlich"),
        ("monatlich", "wöchentlich"),
        ("Kinder", "Rinder"),
        ("Mo bis Fr", "Mo bis Do"),
        ("der Beginn", "das Ende"),
        ("eröffnet", "geöffnet"),
        ("die Einreise", "die Ausreise"),
        ("außerhalb", "innerhalb"),
        ("Süd", "Nord"),
        ("östlich", "westlich"),
        ("links", "rechts"),
        ("niemand darf", "jemand darf"),
        ("darf nur", "darf"),
        ("gültig", "ungültig"),
        ("Ihr Antrag", "Der Antrag"),
        ("abends", "abend"),
        ("Hauptstraße", "Hauptstrasse 1"),
        ("Turmstraße", "Thurmstraße"),
        ("am 3.", "am 4."),
        ("Amtsleiterin Nelli Stanko", "Amtsleiterin Nelly Stanko"),
        ("entfällt", "einfällt"),
        ("verlegt", "verletzt"),
        ("Seminar\u202e", "Seminar"),
    ],
)
def test_another_word_is_never_minor(before: str, after: str) -> None:
    assert not is_minor_text(before, after)
    assert not is_minor_text(after, before)


_TEXTS = st.lists(
    st.sampled_from(
        ["Amt", "nicht", "12", "16.", "–", "-", "Mai", "geöffnet", "€", ",", "in", "im", "„", "Moskau", "\u202e"]
    ),
    max_size=8,
).map(" ".join)


@given(_TEXTS, _TEXTS)
def test_the_order_of_the_two_texts_does_not_matter(before: str, after: str) -> None:
    assert is_minor_text(before, before)
    assert is_minor_text(before, after) == is_minor_text(after, before)


@given(_TEXTS, st.sampled_from(["7", "nicht", "Juli", "€", "\u202e", "a@amt.de", "Dienstag"]))
def test_a_fact_that_comes_is_never_minor(text: str, fact: str) -> None:
    assert not is_minor_text(text, f"{text} {fact}")
    assert not is_minor_text(f"Das Amt {fact} {text}", f"Das Amt {text}")
