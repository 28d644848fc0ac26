"""The replayed reports on earlier seminars: numbers, days and cities are those of the real ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from crawler.replay import paths


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report: ``line`` stands in the list of seminars, ``title`` over the report itself."""

    path: str
    ident: int
    edited: date
    line: str
    title: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    download: tuple[str, str] | None = None  # (label, path)

    def at(self, path: str) -> Report:
        """The same report at another address."""
        return replace(self, path=path)


EARLIER: Final = (
    Report(
        path=paths.SEMINAR_2020,
        ident=1021007,
        edited=date(2020, 11, 26),
        line="Seminar 2020: schriftlicher Fachaustausch",
        title="Seminar 2020",
        paragraphs=(
            "Im Jahr 2020 konnte wegen der Pandemie kein Seminar stattfinden.",
            (
                "An seine Stelle trat ein schriftlicher Fachaustausch. Berlin berichtete über Stadtteilzentren und "
                "über die Hilfe für wohnungslose Menschen."
            ),
            "Aus Moskau kam ein Überblick über die Arbeit des Departements, der unten als Datei beiliegt.",
        ),
        download=("Informationsmaterial des Moskauer Departements", paths.PDF_2020),
    ),
    Report(
        path=paths.SEMINAR_22,
        ident=825540,
        edited=date(2019, 7, 9),
        line="22. Arbeits- und Sozialseminar, 16. bis 21. Juni 2019, Moskau",
        title="22. Arbeits- und Sozialseminar in Moskau",
        paragraphs=(
            "Das 22. Arbeits- und Sozialseminar fand vom 16. bis 21. Juni 2019 in Moskau statt.",
            (
                "Zeitgleich tagte dort ein Forum über neue Ideen in der sozialen Arbeit, an dem die Berliner Gäste "
                "teilnahmen. Besucht wurden unter anderem:"
            ),
        ),
        items=(
            "eine Agentur, die jungen Menschen bei der Berufswahl hilft;",
            "ein Zentrum für Rehabilitation im Stadtteil Butowo;",
            "eine Schule mit angeschlossener Werkstatt.",
        ),
        closing=("Die nächste Begegnung ist für Berlin vorgesehen.",),
    ),
    Report(
        path=paths.SEMINAR_21,
        ident=763311,
        edited=date(2018, 12, 5),
        line="21. Arbeits- und Sozialseminar, 11. bis 16. November 2018, Berlin",
        title="21. Arbeits- und Sozialseminar in Berlin",
        paragraphs=(
            "Das 21. Arbeits- und Sozialseminar fand vom 11. bis 16. November 2018 in Berlin statt.",
            "Die Gäste interessierten sich besonders für den Übergang von der Schule in den Beruf. Stationen waren:",
        ),
        items=(
            "eine Berufsschule mit sonderpädagogischem Schwerpunkt,",
            "ein Inklusionsbetrieb in Neukölln,",
            "die Agentur für Arbeit in Mitte.",
        ),
    ),
    Report(
        path=paths.SEMINAR_20,
        ident=722908,
        edited=date(2018, 7, 24),
        line="20. Arbeits- und Sozialseminar, 1. bis 4. Juli 2018, Moskau",
        title="20. Arbeits- und Sozialseminar in Moskau",
        paragraphs=(
            "Das 20. Arbeits- und Sozialseminar fand vom 1. bis 4. Juli 2018 in Moskau statt.",
            "Vier Tage lang ging es um Beschäftigung nach einer längeren Krankheit und um Beratung aus einer Hand.",
        ),
    ),
    Report(
        path=paths.SEMINAR_19,
        ident=654420,
        edited=date(2017, 12, 14),
        line="19. Sozialseminar, 19. bis 24. November 2017, Berlin",
        title="19. Sozialseminar in Berlin",
        paragraphs=(
            "Das 19. Sozialseminar fand vom 19. bis 24. November 2017 in Berlin statt.",
            (
                "Zum ersten Mal stand neben der Eingliederung auch der Arbeitsmarkt auf dem Programm. Die Gäste "
                "besuchten zwei Rehabilitationszentren und ein Wohnprojekt."
            ),
            "Beide Seiten wollen die neuen Themen in den kommenden Jahren vertiefen.",
        ),
    ),
    Report(
        path=paths.SEMINAR_18,
        ident=609256,
        edited=date(2017, 7, 20),
        line="18. Sozialseminar, 4. bis 9. Juli 2017, Moskau",
        title="18. Sozialseminar in Moskau",
        paragraphs=(
            "Das 18. Sozialseminar fand vom 4. bis 9. Juli 2017 in Moskau statt.",
            "Die Berliner Delegation stellte Wege zur Barrierefreiheit im Nahverkehr vor. Gesprochen wurde auch mit:",
        ),
        items=(
            "einem Elternverein,",
            "einem Zentrum für soziale Leistungen,",
            "der Leitung eines Pflegeheims.",
        ),
        closing=("Im Herbst kommen die Gastgeber nach Berlin.",),
    ),
    Report(
        path=paths.SEMINAR_17_OLD,
        ident=541872,
        edited=date(2016, 12, 15),
        line="17. Sozialseminar, 27. November bis 2. Dezember 2016, Berlin",
        title="2016 - 17. Seminar zur Teilhabe von Menschen mit Behinderung",
        paragraphs=(
            "Das 17. Sozialseminar fand vom 27. November bis 2. Dezember 2016 in Berlin statt.",
            "Eröffnet wurde es im Roten Rathaus. Im Mittelpunkt standen Wohnen, Freizeit und Mobilität.",
            "Zum Abschluss besichtigten die Gäste eine Werkstatt in Lichtenberg.",
        ),
    ),
    Report(
        path=paths.SEMINAR_14,
        ident=260733,
        edited=date(2014, 12, 18),
        line="14. Sozialseminar, 23. bis 27. November 2014, Berlin",
        title="2014 - 14. Seminar im Bereich Soziales",
        paragraphs=(
            "Das 14. Sozialseminar fand vom 23. bis 27. November 2014 in Berlin statt.",
            (
                "Fachleute beider Städte sprachen über seelische Gesundheit und über die Begleitung von Menschen mit "
                "Autismus."
            ),
        ),
    ),
)
