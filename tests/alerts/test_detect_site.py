"""What only the sight of a whole site tells: text that ticks, pages counted on, folders that go, boxes beside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.model import Outcome, Page
from tests.alerts.detect_support import Answer, Block, Moved, events, heading, item, page, para, uri
from tests.alerts.test_detect_pages import NAMES, article, rules_held, site, started


def each(pages: dict[str, Answer], more: dict[str, tuple[Block, ...]]) -> dict[str, Answer]:
    """The pages with further blocks at the end of the main text of some."""
    made = dict(pages)
    for path, blocks in more.items():
        shown = made[path]
        assert isinstance(shown, Page)
        made[path] = replace(shown, blocks=(*shown.blocks, *blocks))
    return made


def beside(pages: dict[str, Answer], frames: dict[str, tuple[Block, ...]]) -> dict[str, Answer]:
    """The pages with what stands beside their text."""
    made = dict(pages)
    for path, blocks in frames.items():
        shown = made[path]
        assert isinstance(shown, Page)
        made[path] = replace(shown, frame=blocks)
    return made


# --- what ticks


def adverts(start: int) -> dict[str, Answer]:
    lines = {path: (para(f"Anzeige: Nur heute {start + n} Prozent auf alles!"),) for n, path in enumerate(site())}
    return each(site(), lines)


def test_an_advert_with_other_numbers_on_every_page_is_no_event_and_mutes_nobody() -> None:
    sim = started()
    for look in range(7):
        assert sim.crawl(adverts(5 + 11 * look)) == []
    assert "ticking" in rules_held(sim)
    pages = adverts(99)
    shown = pages["/p/anton"]
    assert isinstance(shown, Page)
    pages["/p/anton"] = replace(shown, blocks=(para("Verantwortlich ist jetzt Frau Sommer."), *shown.blocks[1:]))
    (told,) = sim.crawl(pages)
    assert told.kind == "page.changed"
    assert "Anzeige" not in told.after["text"]


def test_known_to_tick_is_known_on_few_pages_too() -> None:
    sim = started()
    assert sim.crawl(adverts(5)) == []
    before = adverts(5)
    after = adverts(40)
    assert sim.crawl({**before, **{path: after[path] for path in ("/p/anton", "/p/berta")}}) == []


def test_one_text_with_the_same_new_number_on_all_pages_is_told_once_and_at_most_four_times() -> None:
    """An editor writes the same everywhere; what changes at every look is a clock all the same."""
    sim = started(each(site(), {path: (para("Heute sind es 10 Grad."),) for path in site()}))
    told = [
        sim.crawl(each(site(), {path: (para(f"Heute sind es {11 + look} Grad."),) for path in site()}))
        for look in range(7)
    ]
    assert [len(changes) for changes in told] == [1, 1, 1, 1, 0, 0, 0]
    assert {(change.kind, change.minor, change.uri) for changes in told for change in changes} == {
        ("page.changed", True, uri("/p"))
    }


def test_fees_that_rise_on_three_pages_of_many_are_no_clock() -> None:
    fees = {"/p/anton": (12, 14), "/p/berta": (20, 24), "/p/caesar": (31, 36)}
    sim = started(each(site(), {path: (para(f"Die Gebühr beträgt {old} Euro."),) for path, (old, _) in fees.items()}))
    told = sim.crawl(
        each(site(), {path: (para(f"Die Gebühr beträgt {new} Euro."),) for path, (_, new) in fees.items()})
    )
    assert events(told) == [("page.changed", path) for path in fees]


# --- pages counted on


def calendar(last: int) -> dict[str, Answer]:
    return {
        f"/p/kalender/2025-{month:02d}": page(
            f"/p/kalender/2025-{month:02d}",
            f"Kalender {month}/2025",
            "In diesem Monat gibt es keine Einträge.",
            para("nächster Monat", ("nächster Monat", f"/p/kalender/2025-{month + 1:02d}")),
        )
        for month in range(1, last + 1)
    }


def test_a_calendar_without_end_is_one_new_page() -> None:
    sim = started()
    linked = each(site(), {"/p": (item("Kalender", "/p/kalender/2025-01"),)})
    (told,) = sim.crawl({**linked, **calendar(6)})
    assert (told.kind, told.uri, len(told.uris)) == ("page.added", uri("/p/kalender/2025-01"), 6)
    assert "und 5 weitere gleicher Art" in told.summary
    assert sim.crawl({**linked, **calendar(9)}) == []


def test_minutes_that_the_site_lists_are_told_one_by_one() -> None:
    sim = started()
    minutes = {
        f"/p/sitzung-{n}": page(f"/p/sitzung-{n}", f"{n}. Sitzung", f"Die Sitzung beginnt um {n} Uhr im Saal {n}.")
        for n in range(14, 18)
    }
    linked = each(site(), {"/p": tuple(item(f"{n}. Sitzung", f"/p/sitzung-{n}") for n in range(14, 18))})
    assert events(sim.crawl({**linked, **minutes})) == [("page.added", path) for path in minutes]


# --- folders


def with_folder(*names: str) -> dict[str, Answer]:
    return {**site(), **{f"/p/kultur/{name}": article(name, at="/p/kultur") for name in names}}


def test_a_folder_that_goes_whole_is_one_event() -> None:
    names = ("museum", "theater", "archiv")
    sim = started(with_folder(*names))
    gone = {**site(), **{f"/p/kultur/{name}": Outcome.GONE for name in names}}
    assert sim.crawl(gone) == []
    (told,) = sim.crawl(gone)
    assert (told.kind, len(told.uris)) == ("page.removed", 3)


def test_some_pages_of_a_folder_are_told_one_by_one() -> None:
    names = ("museum", "theater", "archiv", "galerie")
    sim = started(with_folder(*names))
    gone = {**with_folder("galerie"), **{f"/p/kultur/{name}": Outcome.GONE for name in names[:3]}}
    assert sim.crawl(gone) == []
    assert events(sim.crawl(gone)) == sorted(("page.removed", f"/p/kultur/{name}") for name in names[:3])


# --- moves


def test_a_page_with_one_word_exchanged_throughout_has_moved() -> None:
    words = [
        f"Die Beschwerde Nummer {n} wird im Referat von zwei Personen gelesen und binnen einer Woche beantwortet."
        for n in "abcdef"
    ]
    sim = started({**site(), "/p/beschwerden": page("/p/beschwerden", "Beschwerden", *words)})
    kritik = page("/p/kritik", "Kritik", *(line.replace("Beschwerde", "Kritik") for line in words))
    (told,) = sim.crawl({**site(), "/p/beschwerden": Outcome.GONE, "/p/kritik": kritik})
    assert (told.kind, told.uri) == ("page.moved", uri("/p/kritik"))
    assert told.facts["diff"]


def test_the_next_number_in_a_title_is_another_page_however_alike() -> None:
    report = "Das Seminar fand in Berlin statt, dauerte fünf Tage und endete mit einem Empfang im Rathaus."
    sim = started({**site(), "/p/22": page("/p/22", "22. Seminar", report)})
    next_one = page("/p/23", "23. Seminar", report)
    told = sim.crawl({**site(), "/p/22": Outcome.GONE, "/p/23": next_one})
    assert events(told) == [("page.added", "/p/23")]


def test_pages_merged_into_one_are_one_move() -> None:
    pages = with_folder("museum", "theater")
    sim = started(pages)
    merged = page("/p/haeuser", "Häuser", "Alle Häuser stehen jetzt auf einer Seite.")
    told = sim.crawl(
        {
            **pages,
            "/p/kultur/museum": Moved("/p/haeuser"),
            "/p/kultur/theater": Moved("/p/haeuser"),
            "/p/haeuser": merged,
        }
    )
    assert events(told) == [("page.moved", "/p/haeuser")]


# --- beside the text

CONTACT = {f"/p/{name}": (heading("Kontakt"), para(f"Telefon 03981 481-10{n}")) for n, name in enumerate(NAMES)}


def test_another_telephone_number_in_one_pages_own_box_is_told_at_once() -> None:
    sim = started(beside(site(), CONTACT))
    changed = {**CONTACT, "/p/anton": (heading("Kontakt"), para("Telefon 03981 481-222"))}
    (told,) = sim.crawl(beside(site(), changed))
    assert (told.kind, told.uri, told.minor) == ("page.changed", uri("/p/anton"), False)
    assert "481-222" in told.summary
    assert sim.crawl(beside(site(), changed)) == []


def test_another_person_in_a_box_that_stood_still_is_told_and_at_its_second_look_it_is_not() -> None:
    def boxed(person: str) -> dict[str, Answer]:
        lines = (heading("Kontakt"), para(f"{person} beantwortet Ihre Fragen im Rathaus."))
        return beside(site(), {**CONTACT, "/p/anton": lines})

    early = started(boxed("Frau Albers"))
    assert early.crawl(boxed("Frau Brandes")) == []
    sim = started(boxed("Frau Albers"))
    for _ in range(2):
        assert sim.crawl(boxed("Frau Albers")) == []
    (told,) = sim.crawl(boxed("Frau Brandes"))
    assert (told.kind, told.uri) == ("page.changed", uri("/p/anton"))
    assert "Brandes" in told.summary
    assert sim.crawl(boxed("Frau Brandes")) == []


@pytest.mark.parametrize("every", [1, 2, 5])
def test_a_tip_that_rotates_beside_a_text_is_told_once_at_the_most(every: int) -> None:
    def tip(look: int) -> dict[str, Answer]:
        line = para(f"Tipp der Woche: ein Besuch im {NAMES[look // every % len(NAMES)].title()}garten lohnt sich.")
        return beside(site(), {**CONTACT, "/p/anton": (line,)})

    sim = started(tip(0))
    told = [change for look in range(1, 40) for change in sim.crawl(tip(look))]
    assert len(told) <= (every > 2)


def test_a_teaser_that_takes_the_place_of_another_is_no_edit() -> None:
    sim = started(beside(site(), {**CONTACT, "/p/anton": (para("Das Stadtfest beginnt am Samstag auf dem Markt."),)}))
    for _ in range(3):
        assert (
            sim.crawl(
                beside(site(), {**CONTACT, "/p/anton": (para("Das Stadtfest beginnt am Samstag auf dem Markt."),)})
            )
            == []
        )
    other = (para("Neue Bücher liegen in der Bücherei zum Ausleihen bereit."),)
    assert sim.crawl(beside(site(), {**CONTACT, "/p/anton": other})) == []


def test_two_pages_more_make_no_shared_line_go() -> None:
    """The line falls under half of the pages, and is still where it was."""
    sim = started(beside(site(), dict(list(CONTACT.items())[:5])))
    more = {**site(), "/p/ida": article("ida"), "/p/julius": article("julius")}
    told = sim.crawl(beside(more, dict(list(CONTACT.items())[:5])))
    assert {change.kind for change in told} == {"page.added"}


@pytest.mark.parametrize("frame", ["template", "links", "stamp"])
def test_what_is_no_pages_own_is_not_told_from_beside_the_text(frame: str) -> None:
    boxes = {
        "template": {path: (para(f"Spruch des Tages auf {path}: Morgenstund hat Gold im Mund."),) for path in CONTACT},
        "links": {"/p/anton": (item("Auch lesenswert", "/p/berta"),)},
        "stamp": {"/p/anton": (para("Zuletzt geändert am 12.03.2024"),)},
    }[frame]
    sim = started(beside(site(), {path: (para("Sprechzeiten"),) for path in CONTACT}))
    told = sim.crawl(beside(beside(site(), {path: (para("Sprechzeiten"),) for path in CONTACT}), boxes))
    assert [change for change in told if not change.minor] == []


def test_a_folder_that_moves_with_its_own_links_has_no_new_text() -> None:
    """Its pages link what nobody watches under the same folder: those links follow."""

    def folder(at: str) -> dict[str, Answer]:
        return {
            f"{at}/{name}": article(name, para("Zum Bild des Hauses", ("Bild", f"{at}/{name}.jpg")), at=at)
            for name in ("museum", "theater", "archiv")
        }

    sim = started({**site(), **folder("/p/kultur")})
    moved = {path: Moved(path.replace("/kultur/", "/haeuser/")) for path in folder("/p/kultur")}
    (told,) = sim.crawl({**site(), **moved, **folder("/p/haeuser")})
    assert (told.kind, len(told.uris)) == ("page.moved", 3)
    assert told.facts["diff"] == []
    assert "Text" not in told.summary
