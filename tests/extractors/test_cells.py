"""A page that a table arranges: the menu in one cell is navigation, whatever the others hold, and links alone stay."""

from __future__ import annotations

import pytest

from extractors.model import Answer, Hints, Outcome, Page
from extractors.read import read

NAMES = ("Start", "Meldewesen", "Pässe und Ausweise", "Müllabfuhr", "Bücherei", "Friedhöfe")
MENU = "".join(f'<tr><td bgcolor="#ddd"><a href="/s.php?id={n}">{name}</a></td></tr>' for n, name in enumerate(NAMES))
SIDE = (
    "<b>Anschrift</b><br>Verbandsgemeinde Hochwald<br>Schulstraße 4<br>54411 Hochwald<br>Telefon 06503 809-0, werktags"
)
TEXT = "<p>Im Bürgerbüro melden Sie Ihren Wohnsitz an oder ab.</p><p>Bitte bringen Sie Ihren Ausweis mit.</p>"
LOST = "<p>Die Seite, die Sie suchen, gibt es nicht oder nicht mehr.</p>"
LINKS = "".join(f'<a href="/d.php?id={n}">Formular Nummer {n}</a><br><br>' for n in range(6))


def answer(title: str, content: str, *, menu: str = f"<table>{MENU}</table>") -> Answer:
    body = (
        f"<html><head><title>Hochwald: {title}</title></head><body><table width=800><tr><td colspan=3>Hochwald</td></tr>"
        f"<tr><td width=160>{menu}<br><font size=1>Heute ist 05.05.2022, 7:07 Uhr</font></td>"
        f"<td width=480>{content}</td><td>{SIDE}</td></tr></table></body></html>"
    )
    head = (("Content-Type", "text/html; charset=utf-8"),)
    return Answer(uri="https://amt.example/s.php?id=1", status=200, headers=head, body=body.encode())


def page(title: str, content: str, *, menu: str = f"<table>{MENU}</table>") -> Page:
    reading = read(answer(title, content, menu=menu), Hints())
    assert reading.page is not None
    return reading.page


@pytest.mark.parametrize("headline", ["<h3>Meldewesen</h3>", "<p><b>Meldewesen</b></p>"])
@pytest.mark.parametrize(
    "menu", [f"<table>{MENU}</table>", "<br><br>".join(f'<a href="/{n}">{n}</a>' for n in NAMES) + "<hr>"]
)
def test_a_menu_in_a_cell_beside_the_text_is_no_text(headline: str, menu: str) -> None:
    read_page = page("Meldewesen", headline + TEXT, menu=menu)
    assert "Bücherei" not in read_page.text
    assert "Heute ist" not in read_page.text
    assert "Wohnsitz" in read_page.text
    assert not any("Bücherei" in block.text for block in read_page.frame)
    assert len(read_page.links) == len(NAMES)


def test_a_list_of_links_under_its_heading_is_text_and_the_menu_is_not() -> None:
    text = page("Formulare", f"<h3>Formulare</h3>{LINKS}").text
    assert "Formular Nummer 5" in text
    assert "Bücherei" not in text


@pytest.mark.parametrize("title", ["", "Formulare"])
def test_a_list_of_links_without_a_heading_is_never_lost(title: str) -> None:
    assert "Formular Nummer 5" in page(title, LINKS).text


def test_links_in_a_table_of_data_are_text() -> None:
    rows = "".join(
        f"<tr><td>{''.join(f'<a href=/{n}/{k}>Antrag {n}-{k}</a> ' for k in range(5))}</td>"
        "<td>Diese Anträge stellen Sie im Bürgerbüro, wenn Sie neu in der Gemeinde sind und hier bleiben.</td></tr>"
        for n in range(3)
    )
    assert "Antrag 2-4" in page("Anträge", f"<h3>Anträge</h3><p>Alle Anträge:</p><table>{rows}</table>").text


@pytest.mark.parametrize("headline", ["h3", "b"])
def test_the_site_s_own_error_page_is_seen_through_its_menu(headline: str) -> None:
    before = page("Meldewesen", f"<{headline}>Meldewesen</{headline}>{TEXT}")
    lost = answer("Seite nicht gefunden", f"<{headline}>Seite nicht gefunden</{headline}>{LOST}")
    assert read(lost, Hints(previous=before)).outcome is Outcome.SOFT404


def test_a_page_with_another_sentence_under_the_same_menu_is_a_page() -> None:
    before = page("Meldewesen", f"<h3>Meldewesen</h3>{TEXT}")
    after = answer("Meldewesen", f"<h3>Meldewesen</h3>{TEXT.replace('Ausweis', 'Ausweis und ein Foto')}")
    assert read(after, Hints(previous=before)).outcome is Outcome.OK


def test_a_page_that_tells_of_an_error_above_its_text_is_a_page() -> None:
    before = page("Meldewesen", f"<h3>Meldewesen</h3>{TEXT}")
    after = answer("Seite nicht gefunden", f"<h3>Seite nicht gefunden</h3>{LOST}{TEXT}")
    assert read(after, Hints(previous=before)).outcome is Outcome.OK
