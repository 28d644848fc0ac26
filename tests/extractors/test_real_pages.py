"""The readers on real pages of berlin.de and other authorities, where they are at hand."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest
import trafilatura
from lxml import html as plain

from extractors.model import Answer, BlockKind, Hints, Outcome, Page, PageKind, Reading
from extractors.read import read
from extractors.text import fold, is_noise_line, text_digest

AMTSBLATT = "https://www.berlin.de/landesverwaltungsamt/logistikservice/amtsblatt-fuer-berlin/"
LAYOUT_WORDS = ("Inhaltsspalte", "zuklappen", "Direkt zur Kontaktinformation", "rechten Seitenspalte", "Nahverkehr")


def reading_of(path: Path, uri: str, content_type: str = "text/html; charset=utf-8") -> Reading:
    answer = Answer(uri=uri, status=200, headers=(("Content-Type", content_type),), body=path.read_bytes())
    return read(answer, Hints())


def page_of(shared: Path, name: str, uri: str = "https://www.berlin.de/x/y/") -> Page:
    reading = reading_of(shared / "berlin_de" / "html" / name, uri)
    assert reading.page is not None
    return reading.page


def test_one_page_in_both_eras(shared: Path) -> None:
    old = page_of(shared, "hierbautberlin__index_page.html", AMTSBLATT)
    new = page_of(shared, "hierbautberlin__amtsblatt_index_page_2026.partial.html", AMTSBLATT)
    for page in (old, new):
        assert page.extractor == "berlin.de"
        assert page.title == "Amtsblatt für Berlin"
        assert page.identity == "223052"
        assert page.canonical == AMTSBLATT
        assert page.feeds == (f"{AMTSBLATT}index.php/rss",)
        assert page.breadcrumb == ("Landesverwaltungsamt", "Logistikservice", "Amtsblatt für Berlin")
        assert page.language == "de"
        assert "Die letzten 5 Ausgaben" in [block.text for block in page.blocks if block.kind is BlockKind.HEADING]
        assert not any(word in page.text for word in LAYOUT_WORDS)
        assert all(file.size and file.format == "PDF" and file.label not in page.text for file in page.attachments)
    paragraphs = [[block.text for block in page.blocks if block.kind is BlockKind.PARAGRAPH][:5] for page in (old, new)]
    assert paragraphs[0] == paragraphs[1]
    assert [(file.label, file.size) for file in old.attachments[:1]] == [("09.07.2021 Nr. 28 S. 2389-2480", "3.1 MB")]
    assert [(file.label, file.size) for file in new.attachments[:1]] == [("11.09.2026 Nr. 39 S. 2749-2776", "2.0 MB")]
    assert (len(old.attachments), len(new.attachments)) == (7, 6)
    assert [stated.day for page in (old, new) for stated in page.dates] == [date(2021, 7, 9), date(2026, 9, 11)]
    assert [notice.title for notice in old.notices] == [
        "Wir wollen die weitere Ausbreitung des Corona-Virus eindämmen!"
    ]
    assert new.notices == ()


@pytest.mark.parametrize(
    ("name", "title", "day", "first", "last"),
    [
        ("hierbautberlin__pressemitteilung.1102306.html", "Gehweg- und Fahrbahnsanierungen an der Suarezstraße", date(2021, 7, 1), "Der Gehweg an der Ostseite", "presse@charite.de"),
        ("hierbautberlin__pressemitteilung.1102315.html", "Stromnetz Berlin ist wieder im Eigentum des Landes Berlin", date(2021, 7, 1), "", ""),
        ("hierbautberlin__pressemitteilung_2026.partial.html", "Gemeinsam für ein sauberes Spandau: Vielfältige Aktionen zum World Cleanup Day", date(2026, 9, 11), "Rund um den World Cleanup Day", "Tel.: 030 90279–2293"),
    ],
)  # fmt: skip
def test_press_releases(shared: Path, name: str, title: str, day: date, first: str, last: str) -> None:
    page = page_of(shared, name)
    assert page.kind is PageKind.PRESS
    assert page.title == title
    assert ("press", day) in [(stated.role, stated.day) for stated in page.dates]
    body = [block.text for block in page.blocks if block.kind is BlockKind.PARAGRAPH]
    assert body[0].startswith("Pressemitteilung")
    assert body[1].startswith(first)
    assert body[-1].endswith(last)
    assert not any(word in page.text for word in LAYOUT_WORDS)


def test_a_notice_of_links_is_one_notice(shared: Path) -> None:
    (notice,) = page_of(shared, "hierbautberlin__pressemitteilung.1102315.html").notices
    assert notice.title == "Coronavirus"
    assert notice.blocks[0].text.startswith("Fakten statt Fake News")
    assert [block.kind for block in notice.blocks[1:]] == [BlockKind.ITEM] * 4
    assert all(block.links for block in notice.blocks)


def test_every_row_of_a_long_table_is_read(shared: Path) -> None:
    name = "derhuerst__demonstrations-2023-05-23.html"
    page = page_of(shared, name)
    rows = plain.parse(str(shared / "berlin_de" / "html" / name)).xpath("//table//tr")
    said = [
        " ".join(" ".join(cell.text_content().split()) for cell in row if cell.text_content().strip()) for row in rows
    ]
    assert [fold(block.text.replace(" | ", " ")) for block in page.blocks if block.kind is BlockKind.ROW] == [
        fold(line) for line in said if line
    ]
    assert len(said) > 400


def test_the_press_feed_is_read(shared: Path) -> None:
    path = shared / "berlin_de" / "html" / "hierbautberlin__feed.xml"
    reading = reading_of(path, "https://www.berlin.de/presse/pressemitteilungen/index/feed", "application/rss+xml")
    assert reading.outcome is Outcome.OK
    assert reading.page is not None
    assert reading.page.kind is PageKind.FEED
    assert len(reading.page.links) == 2
    assert all("pressemitteilung" in link.uri for link in reading.page.links)


def test_pages_of_other_authorities_lose_no_marked_passage(shared: Path) -> None:
    folder = shared / "berlin_de" / "html"
    missing = []
    for name, gold in json.loads((folder / "trafilatura_gold.json").read_text("utf-8")).items():
        page = page_of(shared, name, gold["url"])
        assert page.extractor == "generic"
        missing += [(name, passage) for passage in gold["with"] if fold(passage) not in fold(page.text)]
    assert missing == []


def _lines(markup: str) -> list[str]:
    text = trafilatura.extract(markup, favor_recall=True, include_comments=False, deduplicate=False) or ""
    return [line.strip("-| ") for line in text.splitlines() if len(line) > 20]


def test_nothing_that_trafilatura_finds_is_lost(shared: Path) -> None:
    """Headings for screen readers and the page's own stamps apart."""
    lost = []
    for path in sorted((shared / "berlin_de" / "html").glob("*.html")):
        page = page_of(shared, path.name)
        files = [f"{file.label} {file.size}" for file in page.attachments]
        notices = [notice.text for notice in page.notices]
        said = fold(" ".join([page.text, *notices, *files, *(block.text for block in page.frame)]).replace(" | ", " "))
        for line in _lines(path.read_text("utf-8", errors="replace")):
            unseen = re.search(r"Willkommen auf den Seiten|^Thema Verbraucherschutz|rechten Seitenspalte", line)
            if not unseen and not is_noise_line(line) and fold(line.replace(" | ", " ")) not in said:
                lost.append((path.name, line))
    assert lost == []


def test_captures_with_the_same_visible_text_have_the_same_digest(shared: Path) -> None:
    folder = shared / "berlin_de" / "timelines" / "htw-berlin_coronavirus"
    with (folder / "INDEX.tsv").open(encoding="utf-8") as index:
        steps = list(csv.DictReader(index, delimiter="\t"))
    previous = None
    compared = 0
    for step in steps:
        reading = reading_of(folder / step["file"], "https://www.htw-berlin.de/coronavirus/")
        if step["bytes"] == "0":
            assert reading.outcome is Outcome.EMPTY
            continue
        assert reading.page is not None
        digest = text_digest(reading.page)
        if step["kind_vs_previous_file"] == "same-visible-text":
            assert digest == previous
            compared += 1
        previous = digest
    assert compared >= 3
