"""A year of a site that no extractor knows: each thing that happens is told once, and nothing else is."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.acceptance.harness import Answer, Desk, Site, serving

pytestmark = pytest.mark.slow

TOPICS = (
    "Wasser", "Verkehr", "Schule", "Pflege", "Wohnen", "Energie", "Umwelt", "Kultur", "Sport", "Familie",
    "Jugend", "Gesundheit", "Arbeit", "Integration", "Sicherheit", "Digitales", "Haushalt", "Europa", "Bauen", "Recht",
)  # fmt: skip
BANNER = "Das Bürgerbüro ist bis auf Weiteres nur mit Termin geöffnet."
TOKENS = itertools.count(1)


def pdf(*lines: str, producer: str = "Amt") -> bytes:
    """A real PDF of one page; another ``producer`` gives other bytes with the same text."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setProducer(producer)
    canvas.setCreator(producer)
    for row, line in enumerate(lines):
        canvas.drawString(72, 760 - 20 * row, line)
    canvas.save()
    return out.getvalue()


@dataclass(frozen=True)
class State:
    """The site as its editors see it."""

    banner: str = BANNER
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    moved: dict[str, str] = field(default_factory=dict)
    template: int = 1
    nav: tuple[str, ...] = TOPICS[:6]
    programme: bytes = b""
    charset: str = "utf-8"


def paragraphs(topic: str, rng: random.Random) -> tuple[str, ...]:
    words = (
        "Amt",
        "Antrag",
        "Beratung",
        "Bezirk",
        "Bürger",
        "Förderung",
        "Frist",
        "Gebäude",
        "Hilfe",
        "Plan",
        "Stelle",
        "Verein",
    )
    return tuple(
        f"Im Bereich {topic} berät die Stelle {number} über {rng.choice(words)} und {rng.choice(words)}, "
        f"ausführlich und kostenlos, nach Vereinbarung unter der Durchwahl {rng.randint(100, 999)}."
        for number in range(1, 5)
    )


def first() -> State:
    rng = random.Random(7)
    texts = {f"/thema/{topic.lower()}": (topic, *paragraphs(topic, rng)) for topic in TOPICS}
    return State(texts=texts, programme=pdf("Programm der Fachtage", "Eroeffnung am Montag", producer="A"))


def render(state: State, path: str, base: str) -> bytes:
    """The page at a path, with other noise at every fetch."""
    token = next(TOKENS)
    if path == "/":
        title, body = (
            "Fachamt Musterstadt",
            "<p>Willkommen beim Fachamt. Hier finden Sie alle Themen.</p><ul>"
            + "".join(
                f'<li><a href="{state.moved.get(page, page)}">{text[0]}</a></li>'
                for page, text in state.texts.items()
                if page not in state.gone and page not in state.moved.values()
            )
            + "</ul>",
        )
    else:
        title, *rest = state.texts[path]
        body = "".join(f"<p>{part}</p>" for part in rest)
        if path == "/thema/kultur":
            body += '<h2>Unterlagen</h2><p><a href="/files/programm.pdf">Programm der Fachtage</a> (PDF, 12 kB)</p>'
    nav = "".join(f'<li><a href="/thema/{name.lower()}">{name}</a></li>' for name in state.nav)
    banner = f'<div class="hinweis-banner"><p>{state.banner}</p></div>' if state.banner else ""
    foot = f"<footer><p>Fachamt Musterstadt, Rathausplatz 1</p><p>Seite erzeugt am 03.02.2026 um 10:{token % 60:02d}:07 Uhr</p></footer>"
    hidden = f'<form><input type="hidden" name="csrf" value="{token:08x}"></form>'
    head = (
        f'<meta charset="{state.charset}"><title>{title} | Fachamt</title><link rel="stylesheet" href="/s.css?{token}">'
    )
    if state.template == 1:
        page = f"<html lang=de><head>{head}</head><body><header><ul class=nav>{nav}</ul></header>{banner}<main><h1>{title}</h1>{body}</main>{hidden}{foot}</body></html>"
    else:
        page = (
            f'<!doctype html><html lang="de"><head>{head}</head><body class="v2"><div class="top"><nav><ul>{nav}</ul></nav></div>'
            f'<div class="wrap"><section role="alert" class="hinweis-banner x"><p>{state.banner}</p></section>'
            f'<main id="m"><article><header><h1 class="t"><span>{title}</span></h1></header><div class="rte">{body}</div></article></main></div>{hidden}{foot}</body></html>'
        )
    return page.encode(state.charset)


class Town:
    """Keeps a :class:`State` on a site."""

    def __init__(self, site: Site) -> None:
        self.site, self.state = site, first()
        site.pages = self  # type: ignore[assignment]

    def get(self, path: str, default: Answer) -> Answer:
        state = self.state
        if path == "/files/programm.pdf":
            return Answer(state.programme, type="application/pdf")
        if path in state.moved:
            return Answer(status=301, headers={"Location": state.moved[path]})
        if path in state.gone or (path != "/" and path not in state.texts):
            return default
        return Answer(render(state, path, self.site.base), type=f"text/html; charset={state.charset}")

    def change(self, **fields: object) -> None:
        self.state = replace(self.state, **fields)  # type: ignore[arg-type]

    def edit(self, path: str, old: str, new: str) -> None:
        text = tuple(part.replace(old, new) for part in self.state.texts[path])
        assert text != self.state.texts[path]
        self.change(texts={**self.state.texts, path: text})


@pytest.fixture
def town(tmp_path: Path) -> Iterator[tuple[Town, Desk]]:
    with serving() as site:
        desk = Desk(
            tmp_path,
            f'[[source]]\nname = "amt"\nstart = ["{site.base}/"]\nscope = ["{site.base}/"]\nregister = "seminars"\n'
            'delay = 0\nconfirm_after = "0s"\nallow_private = true\n',
        )
        yield Town(site), desk


def days() -> Iterator[str]:
    return (f"2026-03-{day:02d}T05:30:00Z" for day in range(1, 31))


def kinds(rows: list[dict[str, object]]) -> list[str]:
    return [str(row["kind"]) for row in rows]


def test_a_year_in_twelve_steps(town: tuple[Town, Desk]) -> None:
    """Noise, template, typography and a resaved PDF are silent; notice, seminar, date, PDF, removal and move are told once each."""
    place, desk = town
    day = days()
    base = place.site.base
    assert desk.crawl(next(day)) == []

    place.change(nav=tuple(reversed(place.state.nav)))
    assert desk.crawl(next(day)) == [], "noise and a navigation in another order"

    place.change(banner="Das Bürgerbüro ist wegen Bauarbeiten vom 2. bis 6. März geschlossen.")
    (notice,) = desk.crawl(next(day))
    assert (notice["kind"], len(notice["uris"])) == ("notice.changed", 21)
    assert notice["before"]["text"] == BANNER

    new = (
        "12. Fachseminar Wasser",
        "Das 12. Fachseminar Wasser findet vom 4. bis 6. Mai 2026 in Potsdam statt.",
        "Wir laden herzlich ein.",
    )
    place.change(texts={**place.state.texts, "/termine/fachseminar-12": new})
    (seminar,) = desk.crawl(next(day))
    assert (seminar["kind"], seminar["uri"]) == ("seminar.new", f"{base}/termine/fachseminar-12")
    assert {"number": 12, "start": "2026-05-04", "end": "2026-05-06", "city": "Potsdam"}.items() <= seminar[
        "after"
    ].items()

    place.edit("/termine/fachseminar-12", "4. bis 6. Mai", "11. bis 13. Mai")
    (moved,) = desk.crawl(next(day))
    assert (moved["kind"], moved["before"]["start"], moved["after"]["start"]) == (
        "seminar.changed",
        "2026-05-04",
        "2026-05-11",
    )

    place.edit("/thema/pflege", "ausführlich", "ausfürlich")
    (typo,) = desk.crawl(next(day))
    assert (typo["kind"], typo["minor"], typo["uri"]) == ("page.changed", True, f"{base}/thema/pflege")

    place.change(programme=pdf("Programm der Fachtage", "Eroeffnung am Dienstag", producer="A"))
    (document,) = desk.crawl(next(day))
    assert (document["kind"], document["uri"], document["uris"]) == (
        "document.changed",
        f"{base}/files/programm.pdf",
        [f"{base}/thema/kultur"],
    )

    place.change(programme=pdf("Programm der Fachtage", "Eroeffnung am Dienstag", producer="B"))
    assert desk.crawl(next(day)) == [], "the same PDF saved again"

    place.change(gone=frozenset({"/thema/recht"}))
    told = desk.crawl(next(day)) + desk.crawl(next(day))
    assert [(row["kind"], row["uri"]) for row in told] == [("page.removed", f"{base}/thema/recht")]

    texts = dict(place.state.texts)
    texts["/bereich/bauen"] = texts.pop("/thema/bauen")
    place.change(texts=texts, moved={"/thema/bauen": "/bereich/bauen"})
    (move,) = desk.crawl(next(day))
    assert (move["kind"], move["uri"], move["before"]) == ("page.moved", f"{base}/bereich/bauen", f"{base}/thema/bauen")

    place.site.every = Answer("Internal Server Error", status=500, type="text/plain")
    assert kinds(desk.crawl(next(day), expect=3)) == ["source.blind"]
    assert desk.crawl(next(day), expect=3) == []
    place.site.every = None
    assert kinds(desk.crawl(next(day))) == ["source.seeing"]

    place.change(template=2)
    assert desk.crawl(next(day)) == [], "a new template round the same text"

    place.change(
        charset="iso-8859-1",
        texts={
            path: tuple(part.replace(" und ", "  und\u00a0") for part in text)
            for path, text in place.state.texts.items()
        },
    )
    assert desk.crawl(next(day)) == [], "white space, no-break spaces and another charset"

    place.edit("/thema/schule", "kostenlos", "gegen eine Gebühr von 12 Euro")
    (change,) = desk.crawl(next(day))
    assert (change["kind"], change["minor"], change["uri"]) == ("page.changed", False, f"{base}/thema/schule")

    place.change(banner="")
    assert kinds(desk.crawl(next(day))) == ["notice.lifted"]


def test_maintenance_everywhere_is_no_change(town: tuple[Town, Desk]) -> None:
    """A maintenance page with status 200 at every address changes and removes nothing; what changed meanwhile is told afterwards."""
    place, desk = town
    day = days()
    desk.crawl(next(day))
    place.site.every = Answer(
        "<html><head><title>Wartungsarbeiten</title></head><body><h1>Wartungsarbeiten</h1>"
        "<p>Unser Internetangebot ist vorübergehend nicht erreichbar. Bitte versuchen Sie es später erneut.</p></body></html>"
    )
    assert kinds(desk.crawl(next(day), expect=None)) == ["source.blind"]
    place.edit("/thema/sport", "kostenlos", "nicht kostenlos")
    assert desk.crawl(next(day), expect=None) == []
    place.site.every = None
    assert sorted(kinds(desk.crawl(next(day)))) == ["page.changed", "source.seeing"]


def test_a_section_taken_down_is_told_once(tmp_path: Path) -> None:
    """All pages of the section gone while the host is well: one page.removed with every address."""
    with serving() as site:
        place = Town(site)
        desk = Desk(
            tmp_path,
            f'[[source]]\nname = "amt"\nstart = ["{site.base}/thema/wasser"]\nscope = ["{site.base}/thema/"]\n'
            'delay = 0\nconfirm_after = "48h"\nallow_private = true\n',
        )
        desk.crawl("2026-03-01T05:30:00Z")
        place.change(gone=frozenset(place.state.texts))
        assert desk.crawl("2026-03-08T05:30:00Z") == []
        (removed,) = desk.crawl("2026-03-15T05:30:00Z")
        assert removed["kind"] == "page.removed"
        assert len(removed["uris"]) == 6
        assert desk.crawl("2026-03-22T05:30:00Z") == []
