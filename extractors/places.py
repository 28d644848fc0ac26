"""Names of cities, and which of them a sentence gives as the place of a date."""

from __future__ import annotations

import re

from extractors.words import word_set

# Seats of German governments and large cities, capitals of Europe and the partner cities of Berlin: facts, not a model.
CITIES = word_set(
    """Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dortmund Essen Bremen Dresden Hannover
    Nürnberg Duisburg Bochum Wuppertal Bielefeld Bonn Münster Mannheim Karlsruhe Augsburg Wiesbaden Gießen Kiel Rostock
    Schwerin Potsdam Cottbus Magdeburg Halle Erfurt Weimar Jena Mainz Saarbrücken Freiburg Heidelberg Kassel Lübeck
    Aachen
    Chemnitz Braunschweig Oldenburg Osnabrück Göttingen Regensburg Würzburg Ulm Konstanz Trier Koblenz Eberswalde
    Moskau Minsk Kiew Kyjiw Warschau Prag Wien Bern Zürich Genf Basel Graz Salzburg Linz Innsbruck Paris London Brüssel
    Luxemburg Straßburg Amsterdam Madrid Lissabon Rom Athen Budapest Bratislava Ljubljana Zagreb Belgrad Sarajevo Sofia
    Bukarest Istanbul Ankara Riga Vilnius Tallinn Helsinki Stockholm Oslo Kopenhagen Dublin Reykjavik Tokio Peking
    Jakarta Taschkent Windhuk Brazzaville Moscow Warsaw Prague Vienna Rome Brussels Lisbon Athens"""
)
_WORD = r"[A-ZÄÖÜ][\wäöüß]+(?:-[A-ZÄÖÜ][\wäöüß]+)?"
# A name may have two parts: Frankfurt am Main, Frankfurt (Oder), Bad Saarow, St. Petersburg, Nischni Nowgorod.
_NAME = (
    rf"(?:(?:Bad|Sankt|St\.|Neu|Alt|Groß|Klein|Nischni|Weliki|Den|New)\s{_WORD}"
    rf"|{_WORD}(?:\s(?:am|an der|a\.)\s[A-Z][\w.]+|\s\([A-Z][\wäöüß]+\))?)"
)
_IN = re.compile(rf"\b(?:in|nach|In|Ort:?|Stadt:?)\s+(?P<name>{_NAME})")
_LABEL = re.compile(r"\b(?:Ort|Veranstaltungsort|Tagungsort|Stadt|Wo)\s*[:|]\s*")
_BESIDE = re.compile(rf"^\)?\s*[,;|·–-]?\s*(?:in\s+)?(?P<name>{_NAME})(?!\w)")
_COMPOUND = ("Bad ", "Sankt ", "St. ", "Nischni ", "Weliki ", "Den Haag")
# Words that follow "in" with a capital and are no place.
_NO_PLACE = word_set(
    """Anerkennung Zusammenarbeit Kooperation Form Richtung Vorbereitung Begleitung Abstimmung Anwesenheit Person Höhe
    Vertretung Verbindung Rahmen Zukunft Teilen Kürze Folge Bezug Frage Präsenz Deutschland Russland
    Europa Österreich"""
)


def city_of(sentence: str, span: tuple[int, int] | None = None) -> str | None:
    """The city that a sentence names as a place, as the sentence writes it; nearest to the date at ``span`` if given.

    A known city counts wherever "in" or "nach" stands before it; any other name only right beside the date.
    """
    if span is not None and (labelled := _LABEL.search(sentence)):
        return place_named(sentence[labelled.end() :])
    named = [match for match in _IN.finditer(sentence) if _known(match["name"])]
    if named:
        middle = (span[0] + span[1]) / 2 if span else 0
        return min(named, key=lambda match: abs(match.start() - middle))["name"]
    if span is None:
        return None
    beside = _BESIDE.match(sentence[span[1] :])
    if beside and _known(beside["name"]):
        return beside["name"]
    near = _IN.match(sentence[span[1] :].lstrip(" ,)"))
    if near and near["name"].split()[0] not in _NO_PLACE:
        return near["name"]
    return None


def place_named(text: str) -> str | None:
    """The place in what stands behind a label such as "Ort:": a city that is known, else the first name."""
    names = [match["name"] for match in re.finditer(rf"(?<![\w-])(?P<name>{_NAME})", text[:200])]
    known = next((name for name in names if _known(name)), None)
    return known or next((name for name in names if name not in _NO_PLACE), None)


def _known(name: str) -> bool:
    return re.split(r"[\s-]", name, maxsplit=1)[0] in CITIES or name.startswith(_COMPOUND)
