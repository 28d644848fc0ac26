"""The same words in another program's PDF are the same text; another word, number or day is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.model import Answer, Page
from extractors.pdf import read_pdf
from extractors.pdfmark import Engine
from extractors.text import text_digest
from tests.extractors.pdfs import Program, export

TEXT = [
    "22. Arbeits- und Sozialseminar Berlin-Moskau",
    (
        "Das Landesamt für Gesundheit und Soziales informiert über die Tätigkeit des Departments für Arbeit und soziale "
        "Sicherheit. Gegenstand sind die Leitlinien der Seniorenpolitik und „geflüchtete Menschen“ in beiden Städten; das "
        "Seminar fand vom 4. bis zum 9. Juli 2017 statt."
    ),
    (
        "Der deutsch-russische Austausch und die deutsch-russische Zusammenarbeit wurden durch die medizinisch-technische "
        "Fachverwaltung unterstützt, wie auch die Arbeits- und Sozialverwaltung, die Gesundheits- oder Pflegedienste und "
        "die E-Mail-Beratung in den Jahren 2019-2020."
    ),
    "Besucht wurden:",
    "* das Reha-Zentrum Butowo für Menschen mit Behinderung und die dortige Werkstatt, in der sie ausgebildet werden",
    "* die Agentur für Arbeit",
    "* die Pflegeeinrichtung Nr. 5 mit 120 Plätzen, finanziert durch die Stadt",
    *(
        f"Die Teilnehmerinnen und Teilnehmer der {number}. Sitzung berichteten ausführlich über die Finanzierung der "
        "beruflichen Eingliederung und über die Öffnungszeiten der Beratungsstellen von 8:00 bis 15:30 Uhr."
        for number in range(1, 40)
    ),
    "Schluss.",
]
BASE = Program()
PROGRAMS = {
    "narrow": replace(BASE, width=50, rows=50, size=9),
    "hyphens": replace(BASE, width=60, hyphen="-", rows=30),
    "soft hyphens": replace(BASE, font="Vera", width=55, hyphen="\u00ad", rows=33, size=9),
    "ligatures": replace(BASE, font="Vera", ligatures=True, width=72, size=10),
    "header": replace(
        BASE, header=["Landesamt für Gesundheit und Soziales", "Abteilung II"], footer=["Seite {n} von {all}"]
    ),
    "header last": replace(
        BASE, header=["LAGeSo {n}"], footer=["Stand: 12.03.2018"], edges_last=True, cover=True, hyphen="-", width=66
    ),
    "number": replace(BASE, footer=["- {n} -"], width=70, rows=20),
    "word by word": replace(BASE, word_by_word=True, width=77),
    "tight": replace(BASE, between=0, leading=1.2, header=["Jahresbericht {n}"], width=64, hyphen="-"),
    "plain": replace(BASE, compress=False, producer="Anderes Programm 2.0", title="Microsoft Word - Dok1.doc"),
    "bullets": replace(BASE, font="Vera", bullet="\u2022", size=9),
}


def read(text: list[str], program: Program, *engines: Engine) -> Page:
    uri = "https://h.example/a/Bericht_2019.pdf"
    return read_pdf(Answer(uri=uri, status=200, headers=(), body=export(text, program)), engines or tuple(Engine))


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_an_export_by_another_program_is_the_same_text(program: Program, engine: Engine) -> None:
    assert text_digest(read(TEXT, program, engine)) == text_digest(read(TEXT, BASE))


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("9. Juli 2017", "10. Juli 2017"),
        ("2019-2020", "2019-2021"),
        ("120", "121"),
        ("Agentur", "Agenturen"),
        ("22.", "23."),
    ],
)
def test_another_day_number_or_word_is_another_text(program: Program, old: str, new: str) -> None:
    text = [paragraph.replace(old, new) for paragraph in TEXT]
    assert text_digest(read(text, program)) != text_digest(read(TEXT, program))


@pytest.mark.parametrize("name", ["narrow", "hyphens", "soft hyphens", "header last", "number"])
def test_the_text_is_whole_whatever_the_lines_and_sheets(name: str) -> None:
    shown = "\n".join(block.text for block in read(TEXT, PROGRAMS[name]).blocks)
    assert shown.replace("\n", " ") == " ".join(line.replace("* ", "• ", 1) for line in TEXT)


def test_what_runs_along_the_edges_is_kept_beside_the_text() -> None:
    page = read(TEXT, PROGRAMS["header"])
    assert [block.text for block in page.frame] == [
        "Landesamt für Gesundheit und Soziales",
        "Abteilung II",
        "Seite 1 von 4",
    ]
    assert page.text.count("Landesamt") == 1
    assert {block.sheet for block in page.blocks} == {1, 2, 3, 4}


def test_a_heading_that_counts_days_is_no_header() -> None:
    text = [piece for day in range(1, 5) for piece in (f"Tag {day}", f"Um 9 Uhr Besuch in Haus {day * 7}.", "\f")][:-1]
    page = read(text, BASE)
    assert [block.text for block in page.blocks][::2] == ["Tag 1", "Tag 2", "Tag 3", "Tag 4"]


def test_sheets_that_are_all_alike_are_text() -> None:
    form = ["Antrag auf Erstattung", "Name und Anschrift der antragstellenden Person", "Ort und Datum"]
    page = read([*form, "\f", *form], BASE)
    assert " ".join(block.text for block in page.blocks) == " ".join(form * 2)


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("22. Arbeits- und Sozialseminar Berlin-Moskau", "22. Arbeits- und Sozialseminar Berlin-Moskau"),
        ("Microsoft Word - Dok1.doc", "Bericht 2019"),
        ("Seminar_Endfassung_neu.docx", "Bericht 2019"),
        ("PowerPoint-Präsentation", "Bericht 2019"),
        ("Dokument1", "Bericht 2019"),
        ("Merkblatt zum Wohngeld", "Bericht 2019"),  # left over from another document
        ("", "Bericht 2019"),
    ],
)
def test_the_title_is_the_documents_own_or_its_files_name(stated: str, title: str) -> None:
    page = read(TEXT[:2], replace(BASE, title=stated))
    assert page.title == title
    assert page.file is not None
    assert page.file.title == stated
    assert page.file.producer == "Schreibprogramm 7.1"
    assert page.file.created[:2] == "20"
    assert text_digest(page) == text_digest(read(TEXT[:2], BASE))
