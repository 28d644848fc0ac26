"""The replayed press releases: list, pages and feed items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from crawler.replay import paths
from crawler.replay.parts import Article, Entry, Listing, Text
from crawler.replay.weeks import Doing

PER_PAGE: Final = 8  # the portal shows about twenty; fewer keep the demo short and the list paged
CRUMBS: Final = (
    ("Landesamt für Gesundheit und Soziales", "/lageso/"),
    ("Service", "/lageso/service/"),
    ("Pressemitteilungen", paths.PRESS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One press release."""

    ident: int
    day: date
    title: str
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        """Its address, made by the portal from year and number."""
        return f"{paths.PRESS}{self.day.year}/pressemitteilung.{self.ident}.php"


_NEW: Final = Release(
    ident=1078412,
    day=date(2021, 4, 22),
    title="Fachleute aus Moskau kommen im Juni nach Berlin",
    paragraphs=(
        "Das Landesamt für Gesundheit und Soziales teilt mit:",
        (
            "Im Rahmen der Städtepartnerschaft zwischen Berlin und Moskau werden im Juni wieder Gäste der Moskauer "
            "Sozialverwaltung erwartet. Nach einem Jahr, in dem nur Briefe und Dateien ausgetauscht wurden, ist es das "
            "erste Treffen am selben Tisch."
        ),
        (
            "Im Mittelpunkt stehen digitale Hilfen für ältere Menschen und der Weg in den allgemeinen Arbeitsmarkt. "
            "Besuche in drei Berliner Einrichtungen ergänzen die Gespräche."
        ),
        "Pressekontakt: Pressestelle des LAGeSo, Telefon (030) 90229-0",
    ),
)

_OLD: Final = (
    Release(
        ident=1059271,
        day=date(2021, 2, 24),
        title="Versorgungsamt: Anträge lassen sich jetzt ganz ohne Papier stellen",
        paragraphs=(
            "Wer einen Schwerbehindertenausweis beantragt, kann alle Unterlagen über das Internet einreichen.",
            "Das Kundencenter hilft weiterhin auch am Telefon.",
        ),
    ),
    Release(
        ident=1046618,
        day=date(2021, 1, 27),
        title="Schriftlicher Austausch mit Moskau: eine Bilanz des Jahres 2020",
        paragraphs=(
            "Die Städtepartnerschaft mit Moskau hat das Jahr ohne Reisen gut überstanden.",
            "Beide Verwaltungen haben einander Berichte über Stadtteilzentren und Pflege zu Hause geschickt.",
        ),
    ),
    Release(
        ident=1039144,
        day=date(2021, 1, 12),
        title="Wechsel an der Spitze der Abteilung Soziales",
        paragraphs=("Die Abteilung Soziales des LAGeSo hat seit Januar eine neue Leitung.",),
    ),
    Release(
        ident=1027735,
        day=date(2020, 12, 4),
        title="Jahresbericht der Heimaufsicht erschienen",
        paragraphs=(
            "Der Bericht beschreibt 612 Prüfungen in Berliner Pflegeeinrichtungen.",
            "Er steht im Internet bereit und wird auf Wunsch zugeschickt.",
        ),
    ),
    Release(
        ident=1001580,
        day=date(2020, 9, 30),
        title="Badesaison beendet: 38 Badestellen mit gutem Wasser",
        paragraphs=("Mit dem September endet die Überwachung der Berliner Badestellen für dieses Jahr.",),
    ),
    Release(
        ident=983307,
        day=date(2020, 7, 21),
        title="Sozialseminare mit Moskau ruhen, der Austausch geht weiter",
        paragraphs=(
            "Wegen der Pandemie reisen in diesem Jahr keine Delegationen zwischen Berlin und Moskau.",
            "An die Stelle der Treffen treten schriftliche Berichte, die beide Seiten übersetzen lassen.",
        ),
    ),
    Release(
        ident=940916,
        day=date(2020, 5, 19),
        title="Landesamt vergibt Förderung für Selbsthilfegruppen",
        paragraphs=("Rund 140 Gruppen erhalten in diesem Jahr einen Zuschuss.",),
    ),
    Release(
        ident=822764,
        day=date(2019, 6, 24),
        title="Berliner Delegation aus Moskau zurück",
        paragraphs=(
            "Zwölf Fachleute haben sich in Moskau über Rehabilitation und Beschäftigung informiert.",
            "Der Besuch gehört zum festen Programm der Städtepartnerschaft.",
        ),
    ),
    Release(
        ident=738815,
        day=date(2018, 9, 13),
        title="Auszeichnung für den Fachaustausch zwischen Berlin und Moskau",
        paragraphs=("Das Auswärtige Amt würdigt die Zusammenarbeit der beiden Sozialverwaltungen.",),
    ),
    Release(
        ident=714403,
        day=date(2018, 6, 8),
        title="Trinkwasser in Berlin: Prüfbericht liegt vor",
        paragraphs=("Im Jahr 2017 hat das LAGeSo mehr als 3.000 Proben untersucht.",),
    ),
    Release(
        ident=651127,
        day=date(2017, 11, 17),
        title="Gäste aus Moskau zu Besuch im Landesamt",
        paragraphs=(
            "Eine Delegation der Moskauer Sozialverwaltung ist ab Sonntag zu Gast in Berlin.",
            "Auf dem Programm stehen Werkstätten, ein Wohnprojekt und das Gespräch mit der Senatsverwaltung.",
        ),
    ),
)


def releases(done: frozenset[Doing]) -> tuple[Release, ...]:
    """All press releases, newest first."""
    return (_NEW, *_OLD) if Doing.PRESS_RELEASED in done else _OLD


def press_pages(done: frozenset[Doing]) -> dict[str, Article]:
    """The pages of all releases and of the list, by path; further pages of the list with their query."""
    known = releases(done)
    pages = {release.path: _page(release) for release in known}
    count = -(-len(known) // PER_PAGE)
    for number in range(1, count + 1):
        path = paths.PRESS if number == 1 else f"{paths.PRESS}?page_at_1_0={number}"
        pages[path] = _list(known[(number - 1) * PER_PAGE : number * PER_PAGE], path, number, count)
    return pages


def _page(release: Release) -> Article:
    return Article(
        path=release.path,
        title=release.title,
        ident=release.ident,
        edited=release.day,
        crumbs=CRUMBS,
        press_line=f"Pressemitteilung vom {release.day:%d.%m.%Y}",
        parts=(Text(paragraphs=release.paragraphs),),
        template="land_press",
    )


def _list(shown: Sequence[Release], path: str, number: int, count: int) -> Article:
    entries = tuple(Entry(day=each.day, title=each.title, path=each.path) for each in shown)
    return Article(
        path=path,
        title="Pressemitteilungen",
        ident=346210,
        edited=max(each.day for each in shown),
        crumbs=CRUMBS[:-1],
        parts=(Listing(entries=entries, number=number, count=count),),
        template="land_overview",
        feed=paths.FEED,
    )
