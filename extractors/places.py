"""Names of cities, and which of them a sentence gives as the place of a date."""

from __future__ import annotations

import re

from extractors.patterns import Pattern
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
    Jakarta Taschkent Windhuk Brazzaville Stettin Breslau Danzig Krakau Posen Lodz Brünn Kaliningrad Petersburg Kasan
    Nowosibirsk Sotschi Wolgograd Odessa Lwiw Charkiw Tiflis Jerewan Baku Almaty Jerusalem Kairo Mexiko Washington
    Hongkong Neu-Delhi Delhi Singapur Toronto Mailand Venedig Florenz Neapel Turin Barcelona Lyon Marseille Rotterdam
    Antwerpen Göteborg Krefeld Gelsenkirchen Mönchengladbach Oberhausen Hagen Hamm Ludwigshafen Leverkusen Solingen
    Darmstadt Herne Neuss Paderborn Ingolstadt Offenbach Fürth Heilbronn Pforzheim Wolfsburg Bottrop Reutlingen
    Bremerhaven Recklinghausen Erlangen Remscheid Moers Salzgitter Siegen Gütersloh Hildesheim Hanau Kaiserslautern
    Schwedt Brandenburg Neubrandenburg Stralsund Greifswald Wismar Görlitz Bautzen Zwickau Plauen Gera Eisenach Gotha
    Dessau Wittenberg Halberstadt Stendal Bamberg Bayreuth Passau Landshut Rosenheim Kempten Tübingen Ludwigsburg
    Esslingen Ravensburg Friedrichshafen Villingen Offenburg Marburg Fulda Wetzlar Worms Speyer Flensburg Neumünster
    Norderstedt Lüneburg Celle Emden Wilhelmshaven Cuxhaven Oranienburg Bernau Eisenhüttenstadt
    Moscow Warsaw Prague Vienna Rome Brussels Lisbon Athens"""
)
_WORD = r"[A-ZÄÖÜ][\wäöüß]+(?:-[A-ZÄÖÜ][\wäöüß]+)?"
# A name may have two parts: Frankfurt am Main, Frankfurt (Oder), Bad Saarow, St. Petersburg, Nischni Nowgorod.
_NAME = (
    rf"(?:(?:Bad|Sankt|St\.|Neu|Alt|Groß|Klein|Nischni|Weliki|Den|New)\s{_WORD}"
    rf"|{_WORD}(?:\s(?:am|an der|a\.)\s[A-Z][\w.]+|\s\([A-Z][\wäöüß]+\))?)"
)
_IN = Pattern(rf"\b(?:in|nach|In|Ort:?|Stadt:?)\s+(?P<name>{_NAME})")
_LABEL = Pattern(r"\b(?:Ort|Veranstaltungsort|Tagungsort|Stadt|Wo)\s*[:|]\s*")
_BESIDE = Pattern(rf"^\)?\s*[,;|·–-]?\s*(?:in\s+)?(?P<name>{_NAME})(?!\w)")
# A place that nobody listed: what stands between "in" and the words by which something takes place there.
_TAKES_PLACE = Pattern(
    rf"\bin\s+(?P<name>{_NAME})\s+(?:statt|stattfinden|stattfand|stattgefunden|durchgeführt|tagte|tagt|zusammen|"
    r"geplant|veranstaltet|ausgerichtet|(?:junge|das|der|die|beide)\s)"
)
_APART = Pattern(rf"(?:[(,;|:–—-]\s?|^|\b(?:Rathaus|Haus|Ort|nach)\s)(?P<name>{_NAME})(?=\s*(?:[),;|:.–—-]|$))")
_ENTRY = 300  # characters: longer than any entry; what follows is text
_NEAR = 600  # characters round a date; longer "sentences" are lists without full stops
_COMPOUND = ("Bad ", "Sankt ", "St. ", "Nischni ", "Weliki ", "Den Haag")
# Words that follow "in" with a capital and are no place.
_NO_PLACE = word_set(
    """Anerkennung Zusammenarbeit Kooperation Form Richtung Vorbereitung Begleitung Abstimmung Anwesenheit Person Höhe
    Vertretung Verbindung Rahmen Zukunft Teilen Kürze Folge Bezug Frage Präsenz Gruppen Kleingruppen Workshops Räumen
    Gebäuden Deutschland Russland Polen Frankreich Italien Spanien
    Europa Österreich"""
)


def city_of(sentence: str, span: tuple[int, int] | None = None) -> str | None:
    """The city that a sentence names as a place, as the sentence writes it; nearest to the date at ``span`` if given.

    A known city counts wherever "in" or "nach" stands before it; any other name only right beside the date.
    """
    if span is not None and len(sentence) > _NEAR:
        first = max(0, span[0] - _NEAR)
        sentence, span = sentence[first : span[1] + _NEAR], (span[0] - first, span[1] - first)
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
    near = _IN.match(sentence[span[1] :].lstrip(" ,)")) or _TAKES_PLACE.search(sentence)
    if near and near["name"].split()[0] not in _NO_PLACE:
        return near["name"]
    return None


def city_apart(entry: str) -> str | None:
    """The known city that a list entry, a row or a heading names by itself: "(Moskau)", ", Bonn", "Rathaus Potsdam"."""
    found = (match["name"] for match in _APART.finditer(entry[:_ENTRY]) if _known(match["name"]))
    return next(found, None)


def place_named(text: str) -> str | None:
    """The place in what stands behind a label such as "Ort:": a city that is known, else the first name."""
    names = [match["name"] for match in re.finditer(rf"(?<![\w-])(?P<name>{_NAME})", text[:200])]
    known = next((name for name in names if _known(name)), None)
    return known or next((name for name in names if name not in _NO_PLACE), None)


def _known(name: str) -> bool:
    return re.split(r"[\s-]", name, maxsplit=1)[0] in CITIES or name.startswith(_COMPOUND)
