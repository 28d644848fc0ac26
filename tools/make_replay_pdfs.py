"""Make the PDFs of the bundled replay: ``python tools/make_replay_pdfs.py`` writes them into crawler/replay/pdf/."""
# ruff: noqa: INP001 -- a script, no package

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

TARGET: Final = Path(__file__).resolve().parent.parent / "crawler" / "replay" / "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One PDF: pages of paragraphs, the first of each page is its heading."""

    name: str
    title: str
    pages: tuple[tuple[str, ...], ...]
    compressed: bool = True
    subject: str = ""


_MATERIAL: Final = (
    (
        "Informationsmaterial des Departements für Arbeit und soziale Sicherheit der Bevölkerung der Stadt Moskau",
        "Das Departement ist für rund drei Millionen Menschen zuständig, die Leistungen der Stadt erhalten.",
        (
            "Es unterhält Zentren für soziale Leistungen in allen Stadtbezirken, Einrichtungen der Rehabilitation und "
            "Agenturen, die bei der Suche nach Arbeit helfen."
        ),
        (
            "Im Jahr 2020 wurden viele Angebote auf Telefon und Internet umgestellt. Ehrenamtliche brachten "
            "Lebensmittel und Medikamente in die Wohnungen älterer Menschen."
        ),
    ),
    (
        "Angebote für Menschen mit Behinderung",
        "Die Zentren der Rehabilitation arbeiten mit Familien, Schulen und Betrieben zusammen.",
        "Wer eine Ausbildung beginnt, wird in den ersten beiden Jahren von einer festen Ansprechperson begleitet.",
    ),
)


def _programme(last_day: str) -> tuple[tuple[str, ...], ...]:
    return (
        (
            "Programm des 23. Arbeits- und Sozialseminars",
            "Erster Tag: Begrüßung im Landesamt und Rundgang durch das Haus.",
            "Zweiter Tag: Besuch eines Stadtteilzentrums, das Kurse für Tablets anbietet.",
            "Dritter Tag: Gespräche in der Senatsverwaltung über den Weg in den Arbeitsmarkt.",
            "Vierter Tag: Werkstatt für Menschen mit Behinderung, am Nachmittag freie Zeit.",
            last_day,
        ),
    )


SHEETS: Final = (
    Sheet(
        name="fachvereinbarung_kurzfassung.pdf",
        title="Fachvereinbarung (Kurzfassung)",
        pages=(
            (
                "Fachvereinbarung Arbeit und Soziales (Kurzfassung)",
                "Beide Städte informieren einander über neue Vorhaben und laden Fachleute der anderen Seite ein.",
                "Die Gastgeber tragen die Kosten für Unterkunft und Übersetzung, die Gäste die Kosten der Reise.",
            ),
        ),
    ),
    Sheet(name="informationsmaterial_moskau_2020.1.pdf", title="Informationsmaterial 2020", pages=_MATERIAL),
    Sheet(
        name="informationsmaterial_moskau_2020.2.pdf",
        title="Informationsmaterial 2020",
        pages=_MATERIAL,
        compressed=False,
        subject="Erneut gespeichert",
    ),
    Sheet(
        name="programm_23_seminar.1.pdf",
        title="Programm",
        pages=_programme("Fünfter Tag: Auswertung und Abschied."),
    ),
    Sheet(
        name="programm_23_seminar.2.pdf",
        title="Programm",
        pages=_programme("Fünfter Tag: Fachgespräch über Pflege zu Hause, danach Auswertung und Abschied."),
    ),
)


def make(sheet: Sheet, target: Path) -> None:
    """Write one PDF; the same sheet gives the same bytes with one version of reportlab."""
    styles = getSampleStyleSheet()
    story = []
    for number, page in enumerate(sheet.pages):
        if number:
            story.append(PageBreak())
        story.append(Paragraph(page[0], styles["Heading1"]))
        story += [Paragraph(text, styles["BodyText"]) for text in page[1:]]
    document = SimpleDocTemplate(
        str(target / sheet.name),
        pagesize=A4,
        title=sheet.title,
        author="Landesamt für Gesundheit und Soziales",
        subject=sheet.subject,
        lang="de",
        invariant=1,
        pageCompression=int(sheet.compressed),
    )
    document.build(story)


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    for each in SHEETS:
        make(each, TARGET)
        print(f"{each.name}: {(TARGET / each.name).stat().st_size} bytes")
