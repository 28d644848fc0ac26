"""The replayed pages of the partnership section and the office's notice; names are true to life, sentences ours."""

from __future__ import annotations

from datetime import date
from typing import Final

from crawler.replay import paths
from crawler.replay.parts import Article, Download, Heading, NoticeBox, Part, Picture, Text
from crawler.replay.reports import EARLIER, Report
from crawler.replay.weeks import Doing

_OFFICE: Final = (("Landesamt für Gesundheit und Soziales", "/lageso/"), ("Über uns", "/lageso/ueber-uns/"))
_IN_SECTION: Final = (*_OFFICE, ("Städtepartnerschaft Berlin - Moskau", paths.SECTION))
_IN_SEMINARS: Final = (*_IN_SECTION, ("Seminare in den Bereichen Arbeit und Soziales", paths.SEMINARS))
_PREFIX: Final = "Städtepartnerschaft Berlin-Moskau: "

_CORONA: Final = ("Corona in Berlin", ("Alle Regeln des Landes stehen auf [[berlin.de/corona|/corona/]].",))
_NOTICE_WINTER: Final = NoticeBox(
    sections=(
        (
            "Einschränkungen im Landesamt für Gesundheit und Soziales (LAGeSo)",
            (
                (
                    "Wegen der Corona-Pandemie bleiben alle Dienstgebäude des LAGeSo für Besucherinnen und Besucher "
                    "geschlossen."
                ),
                "Anliegen nehmen wir schriftlich und am Telefon entgegen.",
            ),
        ),
        _CORONA,
    )
)
_NOTICE_SPRING: Final = NoticeBox(
    sections=(
        (
            "Einschränkungen im Landesamt für Gesundheit und Soziales (LAGeSo)",
            (
                (
                    "Ab dem 15. März 2021 sind Besuche im LAGeSo wieder möglich, jedoch nur mit einem vereinbarten "
                    "Termin und mit medizinischer Maske."
                ),
                "Anliegen nehmen wir weiterhin auch schriftlich und am Telefon entgegen.",
            ),
        ),
        _CORONA,
    )
)


def notice(done: frozenset[Doing]) -> NoticeBox | None:
    """The notice on every page of the office, or None once it is lifted."""
    if Doing.NOTICE_LIFTED in done:
        return None
    return _NOTICE_SPRING if Doing.NOTICE_REWORDED in done else _NOTICE_WINTER


def section_pages(done: frozenset[Doing]) -> dict[str, Article]:
    """The pages of the section by path, as they stand after all that was done; none once it is taken down."""
    if Doing.SECTION_TAKEN_DOWN in done:
        return {}
    pages = [_front(done), _seminar_list(done), _exchange(), *(_report(each, done) for each in _reports(done))]
    if Doing.SEMINAR_ANNOUNCED in done:
        pages.append(_announcement(done))
    if Doing.VISITS_OFFERED in done:
        pages.append(_visits())
    return {page.path: page for page in pages}


def _front(done: frozenset[Doing]) -> Article:
    until = "bis Ende 2024" if Doing.AGREEMENT_EXTENDED in done else "bis Ende 2021"
    links = [
        f"[[Seminare in den Bereichen Arbeit und Soziales|{paths.SEMINARS}]]",
        f"[[Austausch mit der Botschaft der Russischen Föderation|{paths.EXCHANGE}]]",
    ]
    if Doing.VISITS_OFFERED in done:
        links.append(f"[[Hospitationen für Fachkräfte|{paths.VISITS}]]")
    return Article(
        path=paths.SECTION,
        title="Städtepartnerschaft Berlin - Moskau",
        ident=346115,
        edited=date(2021, 2, 11),
        crumbs=_OFFICE,
        picture=Picture(file="roter_platz.jpg", alt="Das Bild zeigt den Roten Platz in Moskau", credit="LAGeSo"),
        parts=(
            Text(
                paragraphs=(
                    (
                        "Berlin und Moskau sind seit August 1991 Partnerstädte. Das Landesamt für Gesundheit und "
                        "Soziales gestaltet den Teil der Partnerschaft, der Menschen mit Behinderung, ältere Menschen "
                        "und Familien betrifft."
                    ),
                    (
                        "Grundlage ist eine Vereinbarung mit dem Departement für Arbeit und soziale Sicherheit der "
                        f"Bevölkerung der Stadt Moskau. Sie gilt {until}."
                    ),
                )
            ),
            Heading(text="Arbeit und Soziales"),
            Text(
                paragraphs=("In der Regel finden jedes Jahr zwei Treffen statt, eines in jeder Stadt.",),
                items=tuple(links),
            ),
            Heading(text="Migration"),
            Text(paragraphs=("In den neunziger Jahren ging es außerdem um die Beratung von Zugewanderten.",)),
            Download(label="Fachvereinbarung (Kurzfassung)", path=paths.PDF_AGREEMENT),
        ),
        template="land_overview",
    )


def _seminar_list(done: frozenset[Doing]) -> Article:
    items = [f"[[Seminar 2020: schriftlicher Fachaustausch|{paths.SEMINAR_2020}]]"]
    items += [f"[[{each.line}|{each.path}]]" for each in _reports(done) if each.path != paths.SEMINAR_2020]
    if Doing.SEMINAR_ANNOUNCED in done:
        items.insert(0, f"[[23. Arbeits- und Sozialseminar, {_dates_of_23(done)}, Berlin|{paths.SEMINAR_23}]]")
    return Article(
        path=paths.SEMINARS,
        title="Seminare in den Bereichen Arbeit und Soziales",
        ident=346118,
        edited=date(2021, 2, 11),
        crumbs=_IN_SECTION,
        parts=(
            Text(
                paragraphs=(
                    (
                        "Auf den Seminaren lernen Fachleute beider Städte voneinander: in Vorträgen, vor allem aber in "
                        "den Einrichtungen selbst. Hier stehen die Berichte."
                    ),
                ),
                items=tuple(items),
            ),
        ),
        template="land_overview",
    )


def _reports(done: frozenset[Doing]) -> tuple[Report, ...]:
    kept = [each for each in EARLIER if not (each.path == paths.SEMINAR_14 and Doing.REPORT_DELETED in done)]
    if Doing.REPORT_MOVED in done:
        kept = [each.at(paths.SEMINAR_17) if each.path == paths.SEMINAR_17_OLD else each for each in kept]
    return tuple(kept)


def _report(report: Report, done: frozenset[Doing]) -> Article:
    paragraphs = report.paragraphs
    if Doing.TYPO_FIXED not in done:
        paragraphs = tuple(each.replace("Rehabilitationszentren", "Rehabiltationszentren") for each in paragraphs)
    parts: list[Part] = [Text(paragraphs=paragraphs, items=report.items, closing=report.closing)]
    if report.download:
        label, path = report.download
        parts.append(Download(label=label, path=path))
    return Article(
        path=report.path,
        title=_PREFIX + report.title,
        ident=report.ident,
        edited=report.edited,
        crumbs=_IN_SEMINARS,
        parts=tuple(parts),
    )


def _dates_of_23(done: frozenset[Doing]) -> str:
    return "9. bis 13. Juni 2021" if Doing.SEMINAR_MOVED in done else "12. bis 16. Mai 2021"


def _announcement(done: frozenset[Doing]) -> Article:
    return Article(
        path=paths.SEMINAR_23,
        title=f"{_PREFIX}23. Arbeits- und Sozialseminar",
        ident=1066090,
        edited=date(2021, 3, 19),
        crumbs=_IN_SEMINARS,
        parts=(
            Text(
                paragraphs=(
                    f"Das 23. Arbeits- und Sozialseminar findet vom {_dates_of_23(done)} in Berlin statt.",
                    (
                        "Erwartet werden zehn Gäste des Moskauer Departements für Arbeit und soziale Sicherheit der "
                        "Bevölkerung. Thema ist die digitale Teilhabe älterer Menschen."
                    ),
                    "Die Teilnahme ist kostenlos. Anmeldungen nimmt das LAGeSo entgegen.",
                )
            ),
            Download(label="Programm des 23. Arbeits- und Sozialseminars", path=paths.PDF_PROGRAMME),
        ),
    )


def _exchange() -> Article:
    return Article(
        path=paths.EXCHANGE,
        title="Austausch mit der Botschaft der Russischen Föderation",
        ident=612034,
        edited=date(2017, 8, 2),
        crumbs=_IN_SECTION,
        picture=Picture(file="austausch.jpg", alt="Gespräch am runden Tisch in der Botschaft", credit="LAGeSo"),
        parts=(
            Text(
                paragraphs=(
                    (
                        "Im Sommer 2017 trafen sich Vertreterinnen und Vertreter der Senatsverwaltung, des Landesamtes "
                        "und der Botschaft Unter den Linden."
                    ),
                    "Sie zogen eine Bilanz der ersten zehn Jahre und sprachen über gemeinsame Vorhaben.",
                )
            ),
        ),
    )


def _visits() -> Article:
    return Article(
        path=paths.VISITS,
        title="Hospitationen für Fachkräfte",
        ident=1093377,
        edited=date(2021, 6, 4),
        crumbs=_IN_SECTION,
        parts=(
            Text(
                paragraphs=(
                    "Fachkräfte aus Berliner Einrichtungen können bis zu zwei Wochen in Moskau mitarbeiten.",
                    (
                        "Das LAGeSo vermittelt die Plätze und hilft bei den Formalitäten. Bewerben können sich alle, "
                        "die seit mindestens einem Jahr in der Eingliederungshilfe tätig sind."
                    ),
                )
            ),
        ),
    )
