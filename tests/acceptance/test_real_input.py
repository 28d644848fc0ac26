"""The real texts this project began with, put into berlin.de's real markup and crawled in two steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from lxml import html as lxml_html

from tests.acceptance.harness import Answer, Desk, Site, serving

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SECTION = "/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/"
SEMINARS = SECTION + "seminare-in-den-bereichen-arbeit-und-soziales/"
PRESS = "/sen/ias/presse/pressemitteilungen/2018/pressemitteilung.739330.php"
PARTNER = "/themenfelder/soziales-gesundheit/berlin-moskau-zehnjaehrige-kooperation-im-bereich-soziales/"
PARITY = "/themen-a-z/themen-a-z-detailansicht/article/staedtepartnerschaft-berlin-moskau.html"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the real texts (shared/) are not here"),
]


def seed(number: int) -> list[str]:
    """The paragraphs of one seed text."""
    (path,) = (SHARED / "seeds").glob(f"{number:03d}_*.txt")
    return [part.strip() for part in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")) if part.strip()]


def parts(number: int) -> tuple[list[str], list[str]]:
    """Notice and content of a LAGeSo page, parted by the line that the old layout hid before the content."""
    paragraphs = seed(number)
    cut = paragraphs.index("Inhaltsspalte")
    return paragraphs[:cut], paragraphs[cut + 1 :]


def markup(paragraph: str) -> str:
    """A paragraph as the site's editor writes it; bullets become a list."""
    lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
    if not any(line.startswith("•") for line in lines):
        return f"<p>{'<br />'.join(map(escape, lines))}</p>"
    lead = "".join(f"<p>{escape(line)}</p>" for line in lines if not line.startswith("•"))
    items = "".join(f"<li>{escape(line.lstrip('• '))}</li>" for line in lines if line.startswith("•"))
    return f"{lead}<ul>{items}</ul>"


def box(notice: list[str]) -> str:
    """The office's notice in its box: two headings with their text."""
    title, first, second, rest = notice
    return (
        f'<div class="emergency-box"><h2 class="title">{escape(title)}</h2><div class="textile">{markup(first)}</div>'
        f'<h2 class="title">{escape(second)}</h2><div class="textile">{markup(rest)}</div></div>'
    )


def in_old_layout(title: str, body: str, notice: str) -> str:
    """A real page of the old layout with another title, another text and another notice."""
    tree = lxml_html.fromstring((SHARED / "berlin_de/html/hierbautberlin__index_page.html").read_bytes())
    for link in tree.xpath("//link[@rel='canonical']"):
        link.getparent().remove(link)
    (old_box,) = tree.xpath("//div[contains(@class,'emergency-box')]")
    if notice:
        old_box.getparent().replace(old_box, lxml_html.fragment_fromstring(notice))
    else:
        old_box.getparent().remove(old_box)
    (article,) = tree.xpath("//div[contains(@class,'article')][@role='main']")
    for child in list(article):
        article.remove(child)
    content = f'<div><div class="html5-header header"><h1 class="title">{escape(title)}</h1></div>{body}</div>'
    article.extend(list(lxml_html.fragment_fromstring(content)))
    tree.xpath("//title")[0].text = f"{title} - Berlin.de"
    return lxml_html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")


def textile(paragraphs: list[str]) -> str:
    inner = "".join(map(markup, paragraphs))
    return (
        '<div class="html5-section block modul-text_bild"><div class="html5-section body">'
        f'<div class="text "><div class="textile">{inner}</div></div></div></div>'
    )


def download(label: str, size: str) -> str:
    return (
        '<div class="html5-section download-multi modul-download-multi"><div class="html5-section download modul-download">'
        f'<div class="html5-header header"><p class="title"><strong>{escape(label)}</strong></p></div>'
        f'<div class="html5-section body"><p class="caption"><span class="doc-type">{size}</span></p></div>'
        f'<div class="download-btn"><a href="{SEMINARS}_assets/informationsmaterial.pdf" class="btn">Download</a></div></div></div>'
    )


def section(notice: list[str]) -> dict[str, str]:
    """The LAGeSo pages by path, all with one wording of the notice."""
    _, exchange = parts(0)
    _, report = parts(1)
    over = box(notice)
    links = "".join(
        f'<p><a href="{SEMINARS}{name}/">{escape(text)}</a></p>'
        for name, text in (("2020-seminar", exchange[0]), ("22-seminar", report[0]))
    )
    *body, label, size = exchange[1:]
    return {
        SECTION: in_old_layout("Städtepartnerschaft Berlin - Moskau", f'<div class="textile">{links}</div>', over),
        SEMINARS + "2020-seminar/": in_old_layout(exchange[0], textile(body) + download(label, size), over),
        SEMINARS + "22-seminar/": in_old_layout(report[0], textile(report[1:]), over),
    }


def partner(paragraphs: list[str], title: str) -> str:
    inner = "".join(f"<p>{escape(part)}</p>" for part in paragraphs if part != title)
    return (
        '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Partner</title></head><body>'
        '<nav><a href="/">Start</a> <a href="/themen">Themen</a></nav>'
        f'<div id="content"><h1>{escape(title)}</h1>{inner}</div><footer>Impressum | Datenschutz</footer></body></html>'
    )


@pytest.fixture(scope="module")
def archive(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Desk, Site, Site, Site, list[dict[str, object]]]]:
    """Both steps crawled: first the December wording on every page, then that of the next year."""
    with serving() as office, serving("127.0.0.2") as russia, serving("127.0.0.3") as parity:
        press = seed(2)[1:]
        news = in_old_layout(press[0], f'<div class="pressnumber">{press[1]}</div>{textile(press[2:])}', "")
        office.pages[PRESS] = Answer(news)
        office.pages["/"] = Answer("<html><body><h1>Berlin.de</h1><p>Das offizielle Hauptstadtportal</p></body></html>")
        office.pages[SEMINARS + "_assets/informationsmaterial.pdf"] = Answer(
            b"%PDF-1.4 no text\n%%EOF\n", type="application/pdf"
        )
        russian = seed(3)
        russia.pages[PARTNER] = Answer(partner(russian, russian[0]))
        aligned = seed(4)
        title = next(part for part in aligned if "18. Sozialseminar" in part and len(part) < 120)
        parity.pages[PARITY] = Answer(partner(aligned, title))
        folder = tmp_path_factory.mktemp("real")
        desk = Desk(
            folder,
            f"""
[archive]
path = "amtsblick.db"

[[source]]
name = "lageso"
start = ["{office.base}{SECTION}"]
scope = ["{office.base}{SECTION}"]
register = "seminars"
delay = 0
allow_private = true

[[source]]
name = "presse"
start = ["{office.base}{PRESS}"]
press = true
delay = 0
allow_private = true

[[source]]
name = "russlandpartner"
start = ["{russia.base}{PARTNER}"]
register = "seminars"
delay = 0
allow_private = true

[[source]]
name = "paritaet"
start = ["{parity.base}{PARITY}"]
register = "seminars"
delay = 0
allow_private = true
""",
        )
        first, second = parts(1)[0], parts(0)[0]
        office.pages.update({path: Answer(page) for path, page in section(first).items()})
        desk.json("crawl", now="2021-01-04T06:00:00Z", expect=None)
        assert desk.json("changes") == []
        office.pages.update({path: Answer(page) for path, page in section(second).items()})
        desk.json("crawl", now="2021-01-11T06:00:00Z", expect=None)
        yield desk, office, russia, parity, desk.json("changes")


def test_one_changed_notice_and_nothing_else(archive) -> None:
    """Every page of the office changed its notice: that is one event, told with both wordings."""
    *_, changes = archive
    assert [row["kind"] for row in changes] == ["notice.changed"]
    (change,) = changes
    assert "zweiten Lockdown" in change["before"]["text"]
    assert "schränkt weiterhin" in change["after"]["text"]
    assert len(change["uris"]) == 3


def test_title_and_text_stand_clean_of_the_notice(archive) -> None:
    """The text of a page begins with its title and holds every paragraph, and nothing of the notice or the frame."""
    desk, office, *_ = archive
    for number, name in ((0, "2020-seminar/"), (1, "22-seminar/")):
        _, content = parts(number)
        text = desk.run("snapshot", office.base + SEMINARS + name).out
        flat = " ".join(text.split())
        assert flat.startswith(content[0])
        for paragraph in content[: -2 if number == 0 else None]:
            for line in paragraph.split("\n"):
                assert " ".join(line.lstrip(" •").split()) in flat
        for foreign in ("Einschränkungen", "Corona in Berlin", "Inhaltsspalte", "rechten Seitenspalte"):
            assert foreign not in flat


def test_seminars_with_number_dates_city_and_conflict(archive) -> None:
    """The register: the 22nd by its page, the 18th with both sources' dates, 2020 as the written exchange."""
    desk, office, russia, parity, _ = archive
    rows = desk.json("seminars")
    by_number = {row["number"]: row for row in rows}
    assert sorted(by_number, key=str) == [18, 22, None]
    report = by_number[22]
    assert (report["start"], report["end"], report["city"]) == ("2019-06-16", "2019-06-21", "Moskau")
    assert office.base + SEMINARS + "22-seminar/" in report["uris"]
    torn = by_number[18]
    assert (torn["start"], torn["end"], torn["city"]) == (None, None, "Moskau")
    starts = next(conflict for conflict in torn["conflicts"] if conflict["field"] == "start")
    assert {(value["value"], value["uri"]) for value in starts["values"]} == {
        ("2017-07-04", russia.base + PARTNER),
        ("2017-06-04", parity.base + PARITY),
    }
    exchange = by_number[None]
    assert "2020" in exchange["title"]
    (attachment,) = exchange["attachments"]
    assert attachment["label"].startswith("Informationsmaterial zur Tätigkeit des Departments")
    assert attachment["size"] == "180.3 kB"


def test_press_release_states_its_date(archive, tmp_path: Path) -> None:
    """The date of the press release is read from its own line."""
    desk, office, *_ = archive
    (page,) = desk.json("extract", office.base + PRESS)
    assert {"day": "2018-09-14", "role": "press"}.items() <= page["dates"][0].items()
    assert page["title"].startswith("Das Landesamt für Gesundheit und Soziales erhält Auszeichnung")
