"""After an upgrade detection remembers the same things in other words, so that only what happens is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.detection import remember_anew
from extractors.model import Block, Notice, Outcome, Page
from storage.archive import Archive
from storage.records import Role, Standing, Watch
from tests.alerts.detect_archive import Archived
from tests.alerts.detect_support import (
    Answer,
    Doubtful,
    Same,
    box,
    events,
    key,
    kinds,
    page,
    paper,
    para,
    pdf,
    source,
    uri,
)

NAMES = "abcdef"
BOX = box("Das Haus ist geschlossen. Bitte rufen Sie uns an.", title="Wichtiger Hinweis")
FOOT = ("Rathausplatz 1, Erdgeschoss", "Wir sind gerne für Sie da")
TEXT = tuple(f"In Absatz {number} steht, was für den Antrag und seine Frist gilt." for number in range(1, 11))
OLD = ""  # what the pages of these tests were read by
Reader = Callable[[Page], Page]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "amtsblick.db", create=True) as opened:
        yield opened


def site(*notices: Notice, foot: tuple[str, ...] = FOOT, **texts: str) -> dict[str, Answer]:
    """A start page, six others and a document that one of them offers; each text is the page's own."""
    made: dict[str, Answer] = {
        f"/p/{name}": page(
            f"/p/{name}", f"Seite {name}", texts.get(name, f"Der eigene Text der Seite {name}."), notices=notices, frame=foot,
            papers=[paper("/p/plan.pdf", "Plan", "12 kB")] if name == "a" else (),
        )
        for name in NAMES
    }  # fmt: skip
    made["/p"] = page("/p", "Start", "Willkommen.", notices=notices, frame=foot, nav=[f"/p/{name}" for name in NAMES])
    made["/p/plan.pdf"] = pdf("/p/plan.pdf", "Der Plan")
    return made


def started(archive: Archive, pages: Mapping[str, Answer]) -> Archived:
    sim = Archived.on(archive, source=source())
    assert sim.crawl(pages) == []
    return sim


def upgrade(sim: Archived, read: Reader, *found: Watch) -> None:
    """All that a crawl does first after an upgrade, with ``read`` for what the new extractor makes of a page."""
    for capture in sim.archive.outdated("amt", {OLD}):
        shown = sim.archive.page_of(capture)
        assert shown is not None
        sim.archive.renew(capture, replace(read(shown), extractor_version="2"))
    assert sim.archive.is_outdated("amt", {OLD})
    remember_anew(sim.archive, sim.source, {OLD}, found, sim.at)
    assert not sim.archive.is_outdated("amt", {OLD})
    assert sim.archive.broken_links() == ()
    sim.notices = {row.id: row for row in sim.archive.notices()}


def by(read: Reader, pages: Mapping[str, Answer]) -> dict[str, Answer]:
    """The site as the new extractor reads it."""
    return {
        path: replace(read(shown), extractor_version="2") if isinstance(shown, Page) else shown
        for path, shown in pages.items()
    }


def standing(sim: Archived) -> list[tuple[str, int]]:
    rows = sorted(sim.notices.values(), key=lambda row: row.text)
    return [(row.text, len(row.uris)) for row in rows if row.lifted_at is None and row.uris]


# --- ways to read a page otherwise


def same(shown: Page) -> Page:
    return shown


def in_one_line(shown: Page) -> Page:
    def line(box: Notice) -> Notice:
        return replace(box, title="", blocks=(para(box.text.replace("\n", " – ")),))

    return replace(shown, notices=tuple(line(box) for box in shown.notices))


def in_two_boxes(shown: Page) -> Page:
    def halves(box: Notice) -> Iterator[Notice]:
        for sentence in box.blocks[0].text.split(". "):
            yield replace(box, blocks=(para(sentence),))

    return replace(shown, notices=tuple(half for box in shown.notices for half in halves(box)))


def as_text(shown: Page) -> Page:
    lines = tuple(para(line) for box in shown.notices for line in box.text.splitlines())
    return replace(shown, notices=(), blocks=(*lines, *shown.blocks))


def in_the_frame(shown: Page) -> Page:
    lines = tuple(para(line) for box in shown.notices for line in box.text.splitlines())
    return replace(shown, notices=(), frame=(*lines, *shown.frame))


def framed_anew(shown: Page) -> Page:
    one = " · ".join(block.text for block in shown.frame)
    return replace(shown, frame=(para(one), para("Eine Zeile, die bisher keiner las")) if one else ())


def reworded(shown: Page) -> Page:
    blocks: tuple[Block, ...] = tuple(replace(block, text=f"{block.text} (ganz)") for block in shown.blocks)
    return replace(shown, title=shown.title.upper(), blocks=blocks)


def without_papers(shown: Page) -> Page:
    return replace(shown, attachments=(), links=())


EVERY = (in_one_line, in_two_boxes, as_text, in_the_frame, framed_anew, reworded, without_papers)


@pytest.mark.parametrize("read", EVERY)
@pytest.mark.parametrize("again", ["same-bytes", "other-bytes"])
def test_a_site_that_stays_as_it_is_tells_nothing(archive: Archive, read: Reader, again: str) -> None:
    sim = started(archive, site(BOX))
    upgrade(sim, read)
    pages = by(read, site(BOX)) if again == "other-bytes" else {path: Same() for path in site()}
    assert sim.crawl(pages) == []
    assert sim.crawl(by(read, site(BOX))) == []


@pytest.mark.parametrize("read", EVERY)
def test_one_edit_is_told_as_one_after_an_upgrade(archive: Archive, read: Reader) -> None:
    sim = started(archive, site(BOX))
    upgrade(sim, read)
    assert events(sim.crawl(by(read, site(BOX, c="Ganz andere Regeln gelten ab sofort.")))) == [
        ("page.changed", "/p/c")
    ]


@pytest.mark.parametrize("read", [same, in_one_line, in_two_boxes, as_text, in_the_frame])
def test_a_notice_is_lifted_once_however_it_is_read(archive: Archive, read: Reader) -> None:
    sim = started(archive, site(BOX))
    upgrade(sim, read)
    assert all(number == len(NAMES) + 1 for _, number in standing(sim))
    (told,) = sim.crawl(by(read, site()))
    assert told.kind == "notice.lifted"


def test_a_notice_keeps_its_place_in_the_register_under_its_new_words(archive: Archive) -> None:
    sim = started(archive, site(BOX))
    (before,) = sim.notices.values()
    upgrade(sim, in_one_line)
    (after,) = sim.notices.values()
    assert (after.id, after.first_seen, after.lifted_at, after.uris) == (
        before.id,
        before.first_seen,
        None,
        before.uris,
    )
    assert after.text == "Wichtiger Hinweis – Das Haus ist geschlossen. Bitte rufen Sie uns an."
    assert after.text_digest != before.text_digest
    posted = sim.crawl(by(in_one_line, site(BOX, box("Neu"))) | {"/p/a": by(same, site(BOX))["/p/a"]})
    assert len({row.id for row in sim.notices.values()}) == len(sim.notices) > 1
    assert "notice.posted" in kinds(posted)


def test_a_notice_that_is_not_read_any_more_is_neither_lifted_nor_posted_again(archive: Archive) -> None:
    def blind(shown: Page) -> Page:
        return replace(shown, notices=())

    sim = started(archive, site(BOX))
    upgrade(sim, blind)
    assert sim.crawl(by(blind, site(BOX))) == []
    assert standing(sim) == []
    assert [row.lifted_at for row in sim.notices.values()] == [None]


def test_what_only_the_new_extractor_sees_is_no_news_until_it_goes(archive: Archive) -> None:
    def seeing(shown: Page) -> Page:
        return (
            replace(shown, notices=(BOX,))
            if shown.attachments or "Seite" in shown.title or shown.title == "Start"
            else shown
        )

    sim = started(archive, site())
    upgrade(sim, seeing)
    assert sim.crawl(by(seeing, site())) == []
    assert [number for _, number in standing(sim)] == [len(NAMES) + 1]
    assert kinds(sim.crawl(by(same, site()))) == ["notice.lifted"]


def test_two_notices_that_are_read_as_one_become_one(archive: Archive) -> None:
    second = box("Auch die Nebenstelle bleibt an diesem Tag geschlossen.", title="")

    def merged(shown: Page) -> Page:
        words = " ".join(each.text.replace("\n", " ") for each in shown.notices)
        return replace(shown, notices=(box(words, title=""),) if words else ())

    sim = started(archive, site(BOX, second))
    upgrade(sim, merged)
    assert len(standing(sim)) == 1
    assert sim.crawl(by(merged, site(BOX, second))) == []
    assert kinds(sim.crawl(by(merged, site()))) == ["notice.lifted"]


def test_shared_lines_are_compared_in_the_new_words(archive: Archive) -> None:
    sim = started(archive, site())
    upgrade(sim, framed_anew)
    assert sim.crawl(by(framed_anew, site())) == []
    (told,) = sim.crawl(by(framed_anew, site(foot=("Marktplatz 7, Dachgeschoss", FOOT[1]))))
    assert (told.kind, told.minor, len(told.uris)) == ("page.changed", True, len(NAMES) + 1)


def test_a_document_that_no_page_is_read_to_link_is_not_removed(archive: Archive) -> None:
    sim = started(archive, site())
    upgrade(sim, without_papers)
    assert sim.crawl(by(without_papers, site(a="Ein anderer Text auf der Seite mit dem Plan."))) != []
    assert kinds(sim.told) == ["page.changed"]
    assert sim.watches[key("/p/plan.pdf")].standing is Standing.LIVE


def test_addresses_that_only_the_new_extractor_finds_are_taken_in_untold(archive: Archive) -> None:
    sim = started(archive, site())
    found = [
        Watch(source="amt", address=key(path), uri=uri(path), role=role, first_crawl=1, told=True)
        for path, role in (("/p/still", Role.PAGE), ("/p/still.pdf", Role.DOCUMENT))
    ]
    upgrade(sim, same, *found)
    pages = site() | {
        "/p/still": page("/p/still", "Still", "Es gab sie schon immer."),
        "/p/still.pdf": pdf("/p/still.pdf", "x"),
    }
    assert sim.crawl(pages) == []
    edited = pages | {"/p/still": page("/p/still", "Still", "Und jetzt steht etwas anderes dort.")}
    assert events(sim.crawl(edited)) == [("page.changed", "/p/still")]


def test_a_seminar_read_otherwise_is_no_event_until_its_page_says_otherwise(archive: Archive) -> None:
    def said(day: str, city: str = "Moskau") -> dict[str, Answer]:
        text = f"Das 22. Arbeits- und Sozialseminar fand vom {day} Juni 2019 in {city} statt."
        return site() | {"/p/s": page("/p/s", "22. Arbeits- und Sozialseminar", text)}

    def vague(shown: Page) -> Page:  # reads the days, and not where
        blocks = tuple(replace(block, text=block.text.replace(" in Moskau", "")) for block in shown.blocks)
        return replace(shown, blocks=blocks)

    sim = started(archive, said("16. bis 21."))
    upgrade(sim, vague)
    assert sim.crawl(by(vague, said("16. bis 21."))) == []
    (told,) = sim.crawl(by(vague, said("17. bis 21.")))
    assert (told.kind, told.before["start"], told.after["start"]) == ("seminar.changed", "2019-06-16", "2019-06-17")
    assert "city" not in {name for name in told.before if told.before[name] != told.after[name]}


def test_a_page_told_as_gone_is_put_on_no_notice(archive: Archive) -> None:
    sim = started(archive, site(BOX))
    gone = site(BOX) | {"/p/f": Outcome.GONE}
    sim.crawl(gone)
    assert kinds(sim.crawl(gone)) == ["page.removed"]
    upgrade(sim, in_one_line)
    assert [number for _, number in standing(sim)] == [len(NAMES)]


def test_a_version_that_readers_were_held_at_is_read_again_too(archive: Archive) -> None:
    sim = started(archive, site())
    dark = dict.fromkeys(site(), Outcome.DENIED) | {"/p/a": site(a="Zwischendurch stand hier etwas.")["/p/a"]}
    assert kinds(sim.crawl(dark)) == ["source.blind"]
    upgrade(sim, reworded)
    assert kinds(sim.crawl(by(reworded, site()))) == ["source.seeing"]


def test_a_doubtful_text_goes_on_waiting_in_the_new_words(archive: Archive) -> None:
    sim = started(archive, site())
    short = page("/p/b", "Seite b", "Nur noch dieser Satz.")
    assert sim.crawl(site() | {"/p/b": Doubtful(short)}) == []
    upgrade(sim, reworded)
    (told,) = sim.crawl(by(reworded, site()) | {"/p/b": Doubtful(replace(reworded(short), extractor_version="2"))})
    assert (told.kind, told.uri) == ("page.changed", uri("/p/b"))


def test_a_kill_between_the_two_steps_is_made_good(archive: Archive) -> None:
    """The looks keep their old readings until detection remembers in the new words: that is how the rest is found."""
    sim = started(archive, site(BOX))
    for capture in archive.outdated("amt", {OLD})[:3]:
        shown = archive.page_of(capture)
        assert shown is not None
        archive.renew(capture, replace(in_two_boxes(shown), extractor_version="2"))
    assert len(archive.outdated("amt", {OLD})) == len(NAMES) + 2 - 3
    upgrade(sim, in_two_boxes)
    assert sim.crawl(by(in_two_boxes, site(BOX)), after=timedelta(days=1)) == []


def test_before_the_baseline_there_is_nothing_to_remember(archive: Archive) -> None:
    sim = Archived.on(archive, source=source())
    assert sim.crawl(site(BOX), exhausted=False, reason="deadline") == []
    upgrade(sim, in_two_boxes)
    assert sim.crawl(by(in_two_boxes, site(BOX))) == []
    assert len(standing(sim)) == 2
