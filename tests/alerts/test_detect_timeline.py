"""One real event, one alert: a site of 25 addresses through a timeline of noise, edits and failures (design §4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from extractors.model import BlockKind, Notice, Outcome, Page, PageKind
from storage.archive import Archive
from tests.alerts.detect_archive import Archived
from tests.alerts.detect_support import (
    Answer,
    Block,
    Moved,
    Same,
    Sim,
    box,
    events,
    heading,
    item,
    key,
    page,
    paper,
    para,
    pdf,
    source,
)

CITIES = ("Moskau", "Berlin")
TOPICS = (
    "Pflege", "Inklusion", "Beratung", "Teilhabe", "Hospiz", "Wohnen", "Schule", "Arbeit", "Sport", "Kultur",
    "Reha", "Frühförderung", "Ehrenamt", "Statistik", "Familie", "Mobilität", "Ausbildung", "Verwaltung",
)  # fmt: skip
OPEN = box("Der Zutritt ist nur mit Termin möglich. Bitte rufen Sie vorher an.", "Eingeschränkter Betrieb")
CLOSED = box("Das Haus ist bis auf Weiteres geschlossen. Anträge nehmen wir per Post an.", "Eingeschränkter Betrieb")


def site(stamp: str = "1", notice: Notice = OPEN) -> dict[str, Answer]:
    """Twenty pages, two lists, three documents; ``stamp`` is noise in the frame of every page."""
    frame = (f"Aufrufe heute: {stamp}", "Landesamt, Beispielstraße 1, 10000 Berlin")
    made: dict[str, Answer] = {}
    lines = []
    for number, topic in enumerate(TOPICS, 1):
        path = f"/p/{topic.lower()}"
        lines.append(item(f"Bericht {number}: {topic}", path))
        made[path] = page(
            path,
            f"Bericht {number}: {topic}",
            f"Die Delegation besprach im Haus {number} das Thema {topic}.",
            f"Im Jahr {2000 + number} nahmen {number + 11} Gäste am Austausch über {topic} teil.",
            f"Die Fortsetzung des Gesprächs über {topic} ist für den {number}. Mai 2021 geplant.",
            notices=(notice,),
            frame=frame,
            papers=(paper(f"/docs/{topic.lower()}.pdf", f"Protokoll {topic}", "180.3 kB"),) if number <= 3 else (),
        )
        if number <= 3:
            made[f"/docs/{topic.lower()}.pdf"] = pdf(
                f"/docs/{topic.lower()}.pdf", f"Protokoll zu {topic}.", "Beschlüsse folgen."
            )
    made["/p"] = page(
        "/p",
        "Städtepartnerschaft",
        "Seit 1991 arbeiten beide Städte zusammen.",
        *lines[:9],
        notices=(notice,),
        frame=frame,
        nav=("/p/archiv",),
        kind=PageKind.LIST,
    )
    made["/p/archiv"] = page(
        "/p/archiv", "Archiv", "Ältere Berichte.", *lines[9:], notices=(notice,), frame=frame, kind=PageKind.LIST
    )
    return made


def edit(pages: dict[str, Answer], path: str, old: str, new: str) -> None:
    shown = pages[path]
    assert isinstance(shown, Page)
    blocks = tuple(replace(block, text=block.text.replace(old, new)) for block in shown.blocks)
    assert blocks != shown.blocks
    pages[path] = replace(shown, blocks=blocks)


def everywhere(pages: dict[str, Answer], change: object) -> dict[str, Answer]:
    return {
        path: change(shown) if isinstance(shown, Page) and shown.kind is not PageKind.DOCUMENT else shown
        for path, shown in pages.items()
    }  # type: ignore[operator]


@pytest.fixture(params=["in memory", "on disk"])
def sim(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sim]:
    """The same story in memory, and with a real archive that stores, judges and commits."""
    if request.param == "in memory":
        yield Sim(source(register=""))
        return
    with Archive.open(tmp_path / "amtsblick.db", create=True) as archive:
        yield Archived.on(archive, source=source(register=""))


def started(sim: Sim) -> dict[str, Answer]:
    pages = site()
    assert sim.crawl(pages) == []
    return pages


def test_first_full_crawl_registers_everything_and_tells_nothing(sim: Sim) -> None:
    pages = started(sim)
    assert sim.told == []
    assert set(sim.watches) == {key(path) for path in pages}
    assert all(watch.told for watch in sim.watches.values())
    (notice,) = sim.notices.values()
    assert notice.peak_pages == 20


def test_the_whole_timeline_gives_one_event_for_each_thing_that_happened(sim: Sim) -> None:
    pages = started(sim)

    # a: only noise
    for number in range(3):
        pages = everywhere(
            pages, lambda shown, n=number: replace(shown, frame=(para(f"Aufrufe heute: {n + 7}"), shown.frame[1]))
        )
        assert sim.crawl(pages) == []

    # b: the notice changes on every page
    pages = everywhere(pages, lambda shown: replace(shown, notices=(CLOSED,)))
    (changed,) = sim.crawl(pages)
    assert (changed.kind, changed.uri, len(changed.uris), changed.facts["pages"]) == (
        "notice.changed",
        "https://amt.example/p",
        20,
        20,
    )
    assert changed.before == {"text": OPEN.text}
    assert changed.after == {"text": CLOSED.text}

    # c: a new page, linked from a list
    shown = pages["/p"]
    assert isinstance(shown, Page)
    pages["/p/neu"] = page(
        "/p/neu", "Bericht 19: Musik", "Ein neuer Bericht über Musik.", notices=(CLOSED,), frame=shown.frame
    )
    line = item("Bericht 19: Musik", "/p/neu")
    pages["/p"] = replace(shown, blocks=(shown.blocks[0], line, *shown.blocks[1:]), links=(*line.links, *shown.links))
    assert events(sim.crawl(pages)) == [("page.added", "/p/neu")]

    # d: a date in a paragraph
    edit(pages, "/p/arbeit", "8. Mai 2021", "18. Mai 2021")
    (changed,) = sim.crawl(pages)
    assert (changed.kind, changed.uri, changed.minor) == ("page.changed", "https://amt.example/p/arbeit", False)
    assert "18. Mai 2021" in changed.after["text"]
    assert "18" in changed.summary

    # e: a typing error corrected
    edit(pages, "/p/sport", "Delegation", "Delgation")
    sim.crawl(pages)
    edit(pages, "/p/sport", "Delgation", "Delegation")
    (changed,) = sim.crawl(pages)
    assert (changed.kind, changed.minor) == ("page.changed", True)

    # f: a document replaced under its address, g: saved again without a change
    pages["/docs/pflege.pdf"] = pdf("/docs/pflege.pdf", "Protokoll zu Pflege.", "Beschlüsse vom 3. Mai liegen bei.")
    edit_size(pages, "/p/pflege", "192.0 kB")
    (changed,) = sim.crawl(pages)
    assert (changed.kind, changed.uri, changed.title) == (
        "document.changed",
        "https://amt.example/docs/pflege.pdf",
        "Protokoll Pflege",
    )
    assert changed.uris == ("https://amt.example/p/pflege",)
    assert (changed.before["size"], changed.after["size"]) == ("180.3 kB", "192.0 kB")
    edit_size(pages, "/p/pflege", "193.5 kB")
    assert sim.crawl(pages) == []

    # h: a page is gone; told once, after two equal looks
    pages["/p/kultur"] = Outcome.GONE
    assert sim.crawl(pages) == []
    assert events(sim.crawl(pages)) == [("page.removed", "/p/kultur")]
    assert sim.crawl(pages) == []

    # i: a page moves by a redirect, and its list line follows
    old = pages["/p/wohnen"]
    assert isinstance(old, Page)
    pages["/p/wohnen"] = Moved("/p/wohnen-und-leben")
    pages["/p/wohnen-und-leben"] = replace(old, uri="https://amt.example/p/wohnen-und-leben")
    relink(pages, "/p", "/p/wohnen", "/p/wohnen-und-leben")
    (moved,) = sim.crawl(pages)
    assert (moved.kind, moved.uri) == ("page.moved", "https://amt.example/p/wohnen-und-leben")
    assert (moved.before, moved.after) == ("https://amt.example/p/wohnen", "https://amt.example/p/wohnen-und-leben")
    assert moved.facts["diff"] == []

    # j: an outage of three crawls, during which a page is edited
    down: dict[str, Answer] = dict.fromkeys(pages, Outcome.FAILED)
    assert events(sim.crawl(down, home=Outcome.FAILED, robots=Outcome.FAILED)) == [("source.blind", "/p")]
    assert sim.crawl(down, home=Outcome.FAILED, robots=Outcome.FAILED) == []
    edit(pages, "/p/schule", "18 Gäste", "81 Gäste")
    assert events(sim.crawl(pages)) == [("page.changed", "/p/schule"), ("source.seeing", "/p")]

    # k: a new template around the same text
    pages = everywhere(pages, new_template)
    assert sim.crawl(pages) == []

    # l: white space, quotes, dashes
    pages = everywhere(
        pages,
        lambda shown: replace(
            shown, blocks=tuple(replace(b, text=b.text.replace(" im ", " im\u00a0")) for b in shown.blocks)
        ),
    )
    assert sim.crawl(pages) == []

    # the notice is lifted
    pages = everywhere(pages, lambda shown: replace(shown, notices=()))
    (lifted,) = sim.crawl(pages)
    assert (lifted.kind, len(lifted.uris)) == ("notice.lifted", 20)

    # the whole section is taken down while the host is well
    gone: dict[str, Answer] = dict.fromkeys(pages, Outcome.GONE)
    assert sim.crawl(gone) == []
    (removed,) = sim.crawl(gone)
    assert (removed.kind, removed.uri, len(removed.uris)) == ("page.removed", "https://amt.example/p", 20)
    assert sim.crawl(gone) == []
    assert sim.crawl(gone) == []


def edit_size(pages: dict[str, Answer], path: str, size: str) -> None:
    shown = pages[path]
    assert isinstance(shown, Page)
    pages[path] = replace(shown, attachments=tuple(replace(one, size=size) for one in shown.attachments))


def relink(pages: dict[str, Answer], path: str, old: str, new: str) -> None:
    shown = pages[path]
    assert isinstance(shown, Page)

    def led(block: Block) -> Block:
        return replace(
            block,
            links=tuple(
                replace(link, uri=link.uri.replace(old, new)) if link.uri.endswith(old) else link
                for link in block.links
            ),
        )

    blocks = tuple(led(block) for block in shown.blocks)
    pages[path] = replace(
        shown,
        blocks=blocks,
        links=tuple(link for block in blocks for link in block.links) + shown.links[len(shown.blocks) - 1 :],
    )


def new_template(shown: Page) -> Page:
    """Headings become paragraphs, the frame gets other words around the same text, the title stands twice."""
    blocks = tuple(
        replace(block, kind=BlockKind.PARAGRAPH if block.kind is BlockKind.HEADING else block.kind)
        for block in shown.blocks
    )
    return replace(shown, blocks=(heading(shown.title), *blocks), extractor="other")


@pytest.mark.parametrize("static", [False, True])
def test_an_identical_second_crawl_tells_nothing(sim: Sim, static: bool) -> None:
    pages = started(sim)
    again: dict[str, Answer] = dict.fromkeys(pages, Same()) if static else pages
    for _ in range(3):
        assert sim.crawl(again, after=timedelta(hours=1)) == []
