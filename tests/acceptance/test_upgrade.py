"""A new extractor is not news: it reads every page in other words, and nobody hears of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.acceptance.harness import Answer, Site, serving
from tests.acceptance.upgrade import Upgraded

TOPICS = ("Wasser", "Verkehr", "Schule", "Pflege")
NOTICE = ("Das Bürgerbüro ist bis auf Weiteres geschlossen.", "Bitte schreiben Sie uns an die bekannte Anschrift.")
FOOT = ("Amt Musterstadt, Rathausplatz 1", "Fahrstuhl gesperrt bis zum 3. Mai", "Wir sind für Sie da")
TOKENS = itertools.count(1)


def pdf(*lines: str, producer: str = "Amt") -> bytes:
    """A real PDF of one page; another ``producer`` gives other bytes with the same text."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setProducer(producer)
    for row, line in enumerate(lines):
        canvas.drawString(72, 760 - 60 * row, line)
    canvas.save()
    return out.getvalue()


class Office:
    """A site with all that detection remembers: a notice, shared lines, a seminar, documents under labels."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.notice: tuple[str, ...] = NOTICE
        self.foot = FOOT
        self.word = "Frist"
        self.day = "16. bis 21. Juni 2019"
        self.papers = {"/files/plan.pdf": pdf("Plan der Stadt", "Erster Teil des Plans", "Zweiter Teil")}
        self.noise = ""
        self.show()

    def show(self, noise: bool = False) -> None:
        """Put the pages on the site; with ``noise`` no page has the bytes it had."""
        if noise:
            self.noise = f'<input type="hidden" value="{next(TOKENS):08x}">'
        links = "".join(f'<li><a href="/amt/{topic.lower()}">{topic}</a></li>' for topic in TOPICS)
        pages = {"/": self._page("Amt Musterstadt", f"<ul>{links}<li><a href='/amt/seminar'>Seminar</a></li></ul>")}
        for topic in TOPICS:
            text = "".join(
                f"<p>Der Bereich {topic} nennt in Absatz {n} eine {self.word if topic == 'Schule' else 'Regel'} für den "
                f"Antrag auf Hilfe und Beratung im Bezirk.</p>"
                for n in range(1, 6)
            )
            figure = f"<figure><img src='/x.png' alt=''><figcaption>Bild zum Bereich {topic}</figcaption></figure>"
            more = ""
            if topic == "Wasser":
                more = "<h2>Dokumente</h2><ul><li><a href='/files/plan.pdf'>Plan der Stadt</a> (PDF, 12 kB)</li></ul>"
            pages[f"/amt/{topic.lower()}"] = self._page(topic, text + figure + more)
        pages["/amt/seminar"] = self._page(
            "22. Arbeits- und Sozialseminar in Moskau",
            f"<p>Das 22. Arbeits- und Sozialseminar fand vom {self.day} in Moskau statt.</p>"
            "<p>Gäste aus beiden Städten sprachen über Pflege, Rente und die Arbeit der Ämter.</p>",
        )
        pages["/amt/still"] = self._page("Still", "<p>Diese Seite gab es schon immer, nur fand sie niemand.</p>")
        self.site.pages = {path: Answer(body) for path, body in pages.items()}
        self.site.pages["/robots.txt"] = Answer("User-agent: *\nDisallow:\n", type="text/plain")
        papers = {**self.papers, "/files/still.pdf": pdf("Ein stilles Papier")}
        self.site.pages |= {path: Answer(body, type="application/pdf") for path, body in papers.items()}

    def _page(self, title: str, body: str) -> str:
        box = "".join(f"<p>{line}</p>" for line in self.notice)
        notice = f'<div class="alert" role="alert"><h2>Hinweis</h2>{box}</div>' if box else ""
        foot = "".join(f"<p>{line}</p>" for line in self.foot)
        return (
            f"<html lang=de><head><title>{title} | Amt</title></head><body><header><p>Stadt am Fluss</p></header>{notice}"
            f"<main><h1>{title}</h1>{body}</main><form>{self.noise}</form><footer>{foot}</footer></body></html>"
        )


def config(site: Site) -> str:
    return (
        f'[[source]]\nname = "amt"\nstart = ["{site.base}/"]\nregister = "seminars"\ndelay = 0\n'
        'confirm_after = "0s"\nallow_private = true\n'
    )


@pytest.fixture
def office() -> Iterator[Office]:
    with serving() as site:
        yield Office(site)


@pytest.fixture
def desk(tmp_path: Path, office: Office) -> Upgraded:
    """After a first look by the extractor of today."""
    made = Upgraded(tmp_path, config(office.site))
    assert made.crawl("2026-03-03T05:30:00Z") == []
    return made


def registers(desk: Upgraded) -> dict[str, Any]:
    """What the registers say, but for the words of notices and the time of the last look."""
    return {
        "notices": {row["first_seen"] for row in desk.json("notices") if row["lifted_at"] is None and row["uris"]},
        "seminars": [(row["number"], row["start"], row["end"], row["state"]) for row in desk.json("seminars")],
    }


@pytest.mark.parametrize("reextracted", [False, True], ids=["crawl", "reextract"])
def test_nothing_is_told_after_an_upgrade(desk: Upgraded, office: Office, reextracted: bool) -> None:
    """Neither of the same bytes nor of others that say the same; links that only the new one finds are no news."""
    before = registers(desk)
    desk.upgrade()
    if reextracted:
        (row,) = desk.json("reextract")
        assert row["looks"] == row["read"] == row["changed"] == 7
    assert desk.crawl("2026-03-04T05:30:00Z") == []
    assert registers(desk) == before
    office.show(noise=True)
    assert desk.crawl("2026-03-05T05:30:00Z") == []
    text = desk.run("snapshot", f"{office.site.base}/amt/wasser").out
    assert text.startswith("WASSER")
    assert "Bild zum Bereich" not in text
    assert desk.json("snapshots", f"{office.site.base}/amt/still")


def test_what_happens_beside_an_upgrade_is_told_and_nothing_else(desk: Upgraded, office: Office) -> None:
    desk.upgrade()
    office.word, office.day = "Gebühr", "23. bis 28. Juni 2019"
    office.notice = ("Das Bürgerbüro ist nur am Montag geöffnet, sonst geschlossen.", NOTICE[1])
    office.foot = ("Amt Musterstadt, Marktplatz 2", *FOOT[1:])
    office.papers = {"/files/plan.pdf": pdf("Plan der Stadt", "Erster Teil des Plans", "Zweiter Teil in neuer Fassung")}
    office.show(noise=True)
    told = {row["kind"]: row for row in desk.crawl("2026-03-04T05:30:00Z")}
    pages = [row for row in desk.json("changes") if row["kind"] == "page.changed"]
    assert sorted(told) == ["document.changed", "notice.changed", "page.changed", "seminar.changed"]
    assert sorted((row["minor"], row["uri"].removeprefix(office.site.base)) for row in pages) == [
        (False, "/amt/schule"),
        (True, "/"),
    ]
    assert len(desk.json("changes")) == 5
    assert "Gebühr" in str(pages)
    assert told["seminar.changed"]["after"]["start"] == "2019-06-23"
    assert "nur am Montag" in told["notice.changed"]["after"]["text"]
    office.notice = ()
    office.show(noise=True)
    assert [row["kind"] for row in desk.crawl("2026-03-05T05:30:00Z")] == ["notice.lifted"]


def test_other_selectors_are_no_news(desk: Upgraded, office: Office) -> None:
    """A selector that is added makes another text of the same page: the old bytes are read with it as well."""
    desk.write(config(office.site) + 'ignore = ["figure", "h2"]\n')
    office.show(noise=True)
    assert desk.crawl("2026-03-04T05:30:00Z") == []
    assert "Bild zum Bereich" not in desk.run("snapshot", f"{office.site.base}/amt/wasser").out
