"""The words of the search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.wording import Plural
from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The words of one language."""

    title: str
    title_of: str
    words: str
    hint: str
    source: str
    all_sources: str
    kind: str
    kinds: Mapping[str, str]
    since: str
    until: str
    day_hint: str
    go: str
    results: str
    nothing: str
    nothing_hint: str
    wrong: Mapping[str, str]
    still: str
    stood: str
    versions: Plural
    first_of: str
    state: str
    life: str
    untitled: str
    parts: Mapping[str, str]
    more: str
    cut: str
    page: str
    pages: str
    previous: str
    next: str


TEXTS: Mapping[Language, Search] = {
    "de": Search(
        title="Suche",
        title_of="Suche nach „{words}“",
        words="Suchbegriffe",
        hint="Gesucht wird in allen Fassungen aller Seiten und Dokumente, auch in denen, die es nicht mehr gibt. "
        "Alle Wörter müssen vorkommen; was in Anführungszeichen steht, muss so aufeinander folgen.",
        source="Bereich",
        all_sources="alle Bereiche",
        kind="Wo",
        kinds={
            "": "überall",
            "page": "auf Seiten (ohne Hinweise)",
            "document": "in Dokumenten",
            "notice": "in Hinweisen",
        },
        since="Stand dort ab",
        until="Stand dort bis",
        day_hint="Tag, Monat oder Jahr: 14.09.2018, 2018-09, 2018",
        go="Suchen",
        results="Ergebnisse",
        nothing="Nichts gefunden.",
        nothing_hint="Weniger oder kürzere Wörter finden mehr; ein Wort ab drei Buchstaben wird auch innerhalb von "
        "längeren gefunden.",
        wrong={
            "words": "Bitte geben Sie mindestens ein Wort oder eine Zahl ein.",
            "source": "Diesen Bereich gibt es nicht.",
            "kind": "Bitte wählen Sie, wo gesucht werden soll.",
            "since": "Der erste Tag ist kein Datum. Schreiben Sie ihn zum Beispiel so: 14.09.2018, 2018-09 oder 2018.",
            "until": "Der letzte Tag ist kein Datum. Schreiben Sie ihn zum Beispiel so: 14.09.2018, 2018-09 oder 2018.",
            "order": "Der erste Tag liegt nach dem letzten.",
        },
        still="neueste Fassung, seit {since}",
        stood="Fassung vom {since}, bis {until}",
        versions=("", "{n} Fassungen haben es"),
        first_of="die erste vom {day}",
        state="Archivierten Stand ansehen",
        life="Alle Stände dieser Adresse",
        untitled="(ohne Titel)",
        parts={"title": "Titel", "text": "", "notice": "Hinweis", "label": "Dokument"},
        more="Es gibt noch mehr. Weitere Wörter oder ein engerer Zeitraum grenzen es ein.",
        cut="Es dauerte zu lange, alles durchzusehen; dies ist nur ein Teil. Weitere Wörter grenzen es ein.",
        page="Seite {number}",
        pages="Seiten der Ergebnisse",
        previous="vorige Seite",
        next="nächste Seite",
    ),
    "en": Search(
        title="Search",
        title_of="Search for “{words}”",
        words="Search for",
        hint="This looks through all versions of all pages and documents, also of those that are gone. "
        "All words have to be there; what stands in quotation marks has to follow each other.",
        source="Section",
        all_sources="all sections",
        kind="Where",
        kinds={
            "": "everywhere",
            "page": "on pages (without notices)",
            "document": "in documents",
            "notice": "in notices",
        },
        since="Stood there from",
        until="Stood there until",
        day_hint="a day, a month or a year: 14.09.2018, 2018-09, 2018",
        go="Search",
        results="Results",
        nothing="Nothing found.",
        nothing_hint="Fewer or shorter words find more; a word of three letters and more is found inside longer ones.",
        wrong={
            "words": "Please give at least one word or number.",
            "source": "There is no such section.",
            "kind": "Please choose where to search.",
            "since": "The first day is no date. Write it as 14.09.2018, 2018-09 or 2018, for example.",
            "until": "The last day is no date. Write it as 14.09.2018, 2018-09 or 2018, for example.",
            "order": "The first day is later than the last one.",
        },
        still="newest version, since {since}",
        stood="version of {since}, until {until}",
        versions=("", "{n} versions have it"),
        first_of="the first of {day}",
        state="See the archived state",
        life="All states of this address",
        untitled="(no title)",
        parts={"title": "Title", "text": "", "notice": "Notice", "label": "Document"},
        more="There is more. Further words or a shorter time narrow it down.",
        cut="It took too long to look through everything; this is only a part. Further words narrow it down.",
        page="Page {number}",
        pages="Pages of results",
        previous="previous page",
        next="next page",
    ),
}
