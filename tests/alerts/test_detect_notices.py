"""A notice is one event for one host, however many pages show it and however it spreads over them (design §4.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from extractors.model import Notice, Outcome, Page
from storage.archive import Archive
from tests.alerts.detect_archive import Archived
from tests.alerts.detect_support import (
    HOST,
    Answer,
    Block,
    Moved,
    Same,
    Sim,
    box,
    events,
    heading,
    kinds,
    page,
    para,
    source,
)

A, B, C = box("Nur mit Termin."), box("Das Haus ist geschlossen."), box("Wieder offen, bitte Maske tragen.")
SUB = tuple(f"/p/{name}" for name in "abcdefghij")


def site(**notices: object) -> dict[str, Answer]:
    """The start page and ten others; ``all_`` boxes on every page, others on the page that the keyword names."""
    shown = tuple(notices.get("all_", ()))  # type: ignore[call-overload]
    made: dict[str, Answer] = {
        path: page(path, f"Seite {path[-1]}", f"Hier steht der eigene Text der Seite {path[-1]}.", notices=shown)
        for path in SUB
    }
    made["/p"] = page("/p", "Start", "Willkommen.", notices=shown, nav=SUB)
    return made


def put(pages: dict[str, Answer], *paths: str, notices: tuple[object, ...]) -> dict[str, Answer]:
    changed = dict(pages)
    for path in paths:
        shown = pages[path]
        assert isinstance(shown, Page)
        changed[path] = replace(shown, notices=notices)
    return changed


def started(pages: dict[str, Answer], **changes: object) -> Sim:
    sim = Sim(source(register="", **changes))
    assert sim.crawl(pages) == []
    return sim


def test_posted_changed_and_lifted_are_one_event_each_with_all_pages() -> None:
    sim = started(site())
    (posted,) = sim.crawl(site(all_=(A,)))
    (changed,) = sim.crawl(site(all_=(B,)))
    (lifted,) = sim.crawl(site())
    assert kinds((posted, changed, lifted)) == ["notice.posted", "notice.changed", "notice.lifted"]
    assert [len(event.uris) for event in (posted, changed, lifted)] == [11, 11, 11]
    assert {event.uri for event in (posted, changed, lifted)} == {HOST + "/p"}
    assert (posted.before, posted.after) == (None, {"text": A.text})
    assert (lifted.before, lifted.after) == ({"text": B.text}, None)
    assert "11 Seiten" in changed.summary


def test_there_and_back_on_all_pages_is_seen_every_time() -> None:
    sim = started(site(all_=(A,)))
    told = [event for notice in (B, A, B, A) for event in sim.crawl(site(all_=(notice,)))]
    assert kinds(told) == ["notice.changed"] * 4
    assert [event.after["text"] for event in told] == [B.text, A.text, B.text, A.text]
    assert len({event.id for event in told}) == 4
    in_force = [row.text for row in sim.notices.values() if row.lifted_at is None and row.replaced_by is None]
    assert in_force == [A.text]


def test_a_roll_out_over_several_crawls_is_one_event() -> None:
    pages = site(all_=(A,))
    sim = started(pages)
    told = []
    for upto in (3, 6, 9, 10):
        pages = put(pages, *SUB[:upto], notices=(B,))
        told += sim.crawl(pages)
    told += sim.crawl(site(all_=(B,)))
    assert kinds(told) == ["notice.changed"]
    assert told[0].facts["pages"] == 3
    old, new = (next(row for row in sim.notices.values() if row.text == notice.text) for notice in (A, B))
    assert (old.replaced_by, old.lifted_at is not None) == (new.id, True)
    assert (len(new.uris), new.lifted_at) == (11, None)


def test_a_stray_old_page_from_a_cache_during_a_roll_out_is_no_event() -> None:
    pages = site(all_=(A,))
    sim = started(pages)
    pages = put(pages, *SUB[:7], notices=(B,))
    assert kinds(sim.crawl(pages)) == ["notice.changed"]
    assert sim.crawl(put(pages, SUB[0], notices=(A,))) == []
    assert sim.crawl(site(all_=(B,))) == []
    assert sim.crawl(put(site(all_=(B,)), SUB[3], notices=(A,))) == []
    assert "notice-stray" in {held.rule for held in sim.held}
    assert sim.crawl(site(all_=(B,))) == []


def test_a_stray_old_page_early_in_a_roll_out_is_no_way_back() -> None:
    pages = site(all_=(A,))
    sim = started(pages)
    pages = put(pages, *SUB[:3], notices=(B,))
    assert kinds(sim.crawl(pages)) == ["notice.changed"]
    assert sim.crawl(put(pages, SUB[0], notices=(A,))) == []
    assert kinds(sim.crawl(site(all_=(A,)))) == ["notice.changed"]


def test_pages_that_drop_the_old_wording_during_a_roll_out_lift_nothing() -> None:
    pages = site(all_=(A,))
    sim = started(pages)
    assert kinds(sim.crawl(put(pages, *SUB[:3], notices=(B,)))) == ["notice.changed"]
    assert sim.crawl(put(site(), *SUB[:3], notices=(B,))) == []


def test_other_words_in_the_notices_place_change_it_however_different_they_are() -> None:
    sim = started(site(all_=(A,)))
    other = box("Am 3. Oktober feiern wir das Hoffest.", title="Einladung")
    assert kinds(sim.crawl(site(all_=(other,)))) == ["notice.changed"]


def test_two_boxes_are_two_notices_unless_they_change_together() -> None:
    one, two = box("Nur mit Termin.", "Termine"), box("Infos zum Virus.", "Virus")
    sim = started(site(all_=(one, two)))
    changed = sim.crawl(site(all_=(box("Geschlossen.", "Termine"), two)))
    assert kinds(changed) == ["notice.changed"]
    assert changed[0].before == {"text": one.text}
    both = started(site(all_=(one, two))).crawl(
        site(all_=(box("Geschlossen.", "Termine"), box("Neues zum Virus.", "Virus")))
    )
    assert kinds(both) == ["notice.changed"]
    assert "Neues zum Virus." in both[0].after["text"]
    assert "Geschlossen." in both[0].after["text"]


def test_a_notice_and_a_text_edited_in_one_step_are_two_events() -> None:
    sim = started(site(all_=(A,)))
    pages = site(all_=(B,))
    edited = pages["/p/c"]
    assert isinstance(edited, Page)
    pages["/p/c"] = replace(edited, blocks=(para("Hier steht jetzt ein anderer Text der Seite c."),))
    assert events(sim.crawl(pages)) == [("notice.changed", "/p"), ("page.changed", "/p/c")]


def test_a_new_page_that_carries_a_known_notice_tells_nothing_of_it() -> None:
    pages = site(all_=(A,))
    sim = started(pages)
    start = pages["/p"]
    assert isinstance(start, Page)
    pages["/p/k"] = page("/p/k", "Seite k", "Neu.", notices=(A,))
    pages["/p"] = replace(start, links=(*start.links, replace(start.links[0], uri=HOST + "/p/k")))
    assert events(sim.crawl(pages)) == [("page.added", "/p/k")]
    (row,) = sim.notices.values()
    assert len(row.uris) == 12


def test_a_half_crawl_that_does_not_see_the_notice_does_not_lift_it() -> None:
    pages = site(all_=(A,))
    sim = started(pages)
    bare = site()
    assert sim.crawl({path: bare[path] for path in ("/p", *SUB[:3])}, exhausted=False, reason="max_pages") == []
    assert kinds(sim.crawl(bare)) == ["notice.lifted"]


def test_a_notice_is_not_lifted_by_pages_that_are_gone() -> None:
    pages = site(all_=(A,))
    sim = started(pages)
    pages.update(dict.fromkeys(SUB[:5], Outcome.GONE))
    told = sim.crawl(pages) + sim.crawl(pages)
    assert kinds(told) == ["page.removed"] * 5
    (row,) = sim.notices.values()
    assert (len(row.uris), row.peak_pages, row.lifted_at) == (6, 6, None)


def test_a_notice_ends_without_a_word_when_its_whole_section_moves_to_one_place() -> None:
    sim = started(site(all_=(A,)))
    away: dict[str, Answer] = dict.fromkeys(site(), Moved("https://neu.example/x", status=302))
    assert sim.crawl(away) == []
    (row,) = sim.notices.values()
    assert row.lifted_at is None
    assert kinds(sim.crawl(away)) == ["page.moved"]
    (row,) = sim.notices.values()
    assert row.lifted_at is not None


def test_a_notice_that_a_page_drops_while_it_moves_is_lifted_then_and_not_later() -> None:
    pages = put(site(), "/p/a", notices=(A,))
    sim = started(pages)
    bare = site()["/p/a"]
    assert isinstance(bare, Page)
    moved: dict[str, Answer] = {**site(), "/p/a": Moved("/p/z"), "/p/z": replace(bare, uri=HOST + "/p/z")}
    assert sorted(kinds(sim.crawl(moved))) == ["notice.lifted", "page.moved"]
    assert sim.crawl(moved) == []


def test_an_uncertain_box_is_a_notice_only_when_many_pages_show_it() -> None:
    sim = started(site())
    aside = box("Sprechstunde nach Vereinbarung.", "Kontakt", certain=False)
    assert events(sim.crawl(put(site(), "/p/a", notices=(aside,)))) == [("page.changed", "/p/a")]
    assert kinds(started(site()).crawl(site(all_=(aside,)))) == ["notice.posted"]


def frames(pages: dict[str, Answer], *lines: str | Block) -> dict[str, Answer]:
    blocks = tuple(line if isinstance(line, Block) else para(line) for line in lines)
    return {path: replace(shown, frame=blocks) if isinstance(shown, Page) else shown for path, shown in pages.items()}


def test_without_a_box_shared_words_of_restriction_are_a_notice() -> None:
    """A site without a page object: the banner is just a line in the frame of every page."""
    sim = started(frames(site(), "Stadt Beispiel", "Impressum"))
    first, second = (
        "Das Bürgeramt ist bis auf Weiteres geschlossen.",
        "Das Bürgeramt ist ab Montag nur mit Termin erreichbar.",
    )
    told = [
        *sim.crawl(frames(site(), "Stadt Beispiel", heading("Achtung"), first, "Impressum")),
        *sim.crawl(frames(site(), "Stadt Beispiel", heading("Achtung"), first, "Impressum")),
        *sim.crawl(frames(site(), "Stadt Beispiel", heading("Achtung"), second, "Impressum")),
        *sim.crawl(frames(site(), "Stadt Beispiel", heading("Achtung"), first, "Impressum")),
        *sim.crawl(frames(site(), "Stadt Beispiel", "Impressum")),
        *sim.crawl(frames(site(), "Stadt Beispiel", "Impressum")),
    ]
    assert kinds(told) == ["notice.posted", "notice.changed", "notice.changed", "notice.lifted"]
    assert told[0].after == {"text": f"Achtung\n{first}"}
    assert told[1].after == {"text": f"Achtung\n{second}"}


def test_a_banner_in_the_main_text_of_every_page_is_a_notice_and_nothing_else() -> None:
    sim = started(site())
    banner = para("Wegen einer Störung sind die Telefone nicht erreichbar.")
    pages = {
        path: replace(shown, blocks=(banner, *shown.blocks))
        for path, shown in site().items()
        if isinstance(shown, Page)
    }
    assert kinds(sim.crawl(pages)) == ["notice.posted"]
    assert kinds(sim.crawl(site())) == ["notice.lifted"]


def test_other_shared_text_is_one_minor_change_and_told_once() -> None:
    sim = started(frames(site(), "Leitung: Anna Berg", "Impressum"))
    (changed,) = sim.crawl(frames(site(), "Leitung: Otto Tal", "Impressum"))
    assert (changed.kind, changed.minor, changed.uri, len(changed.uris)) == ("page.changed", True, HOST + "/p", 11)
    assert (changed.before["text"], changed.after["text"]) == ("Leitung: Anna Berg", "Leitung: Otto Tal")
    assert sim.crawl(frames(site(), "Leitung: Otto Tal", "Impressum")) == []
    assert sim.crawl(dict.fromkeys(site(), Same())) == []
    edited = frames(site(), "Leitung: Otto Tal", "Impressum")
    assert kinds(sim.crawl(frames(site(), "Leitung: Eva See", "Impressum"))) == ["page.changed"]
    assert kinds(sim.crawl(edited)) == ["page.changed"]


def test_the_same_words_of_a_frame_in_other_lines_are_nothing() -> None:
    """A new template writes the telephone before its label, and each in a line of its own."""
    rest = [f"Zeile {word} der Kopfleiste" for word in ("eins", "zwei", "drei", "vier", "fünf", "sechs")]
    sim = started(frames(site(), *rest, "(030) 90229-0 Tel.:", "Leitung: Anna Berg"))
    assert sim.crawl(frames(site(), *rest, "Tel.: (030) 90229-0", "Leitung:", "Anna Berg")) == []
    (changed,) = sim.crawl(frames(site(), *rest, "Tel.: (030) 90229-0", "Leitung:", "Otto Tal"))
    assert (changed.before["text"], changed.after["text"]) == ("Anna Berg", "Otto Tal")


def test_another_frame_all_round_the_same_text_is_a_template_and_nothing_else() -> None:
    old = ("Stadt Beispiel", "Anschrift: Hauptstraße", "Leitung: Anna Berg", "Seite drucken", "Nach oben", "Impressum")
    new = ("Stadt Beispiel", "Kopfzeile der Stadt", "Ihre Verwaltung im Netz", "Teilen", "Zurück", "Leichte Sprache")
    sim = started(frames(site(), *old))
    assert sim.crawl(frames(site(), *new)) == []
    assert "template" in {held.rule for held in sim.held}
    assert kinds(sim.crawl(frames(site(), *new[:-1], "Gebärdensprache"))) == ["page.changed"]


def test_shared_text_in_the_main_part_is_one_minor_change() -> None:
    def signed(name: str) -> dict[str, Answer]:
        return {
            p: replace(s, blocks=(*s.blocks, para(f"Verantwortlich: {name}")))
            for p, s in site().items()
            if isinstance(s, Page)
        }

    sim = started(signed("Anna Berg"))
    (changed,) = sim.crawl(signed("Otto Tal"))
    assert (changed.kind, changed.minor, len(changed.uris)) == ("page.changed", True, 11)


def test_counters_years_and_page_specific_text_in_the_frame_are_nothing() -> None:
    sim = started(frames(site(), "Besuche: 17", "© 2020 Stadt"))
    for number in (18, 25, 40):
        assert sim.crawl(frames(site(), f"Besuche: {number}", "© 2021 Stadt")) == []
    alone = site()
    shown = alone["/p/a"]
    assert isinstance(shown, Page)
    alone = frames(alone, "Besuche: 41", "© 2021 Stadt")
    alone["/p/a"] = replace(shown, frame=(para("Ein anderer Kasten am Rand."),))
    assert sim.crawl(alone) == []


def test_a_second_source_on_the_host_tells_nothing_of_a_notice_that_is_known(tmp_path: Path) -> None:
    """Notices belong to the archive: one host, one event, whoever sees it first."""
    with Archive.open(tmp_path / "amtsblick.db", create=True) as archive:
        first = Archived.on(archive, source=source(register=""))
        other = source(register="", name="two", start=(HOST + "/q",), scope=(HOST + "/q",))
        second = Archived.on(archive, source=other, at=first.at + timedelta(hours=1))

        def theirs(notice: Notice) -> dict[str, Answer]:
            pages = {f"/q/{n}": page(f"/q/{n}", f"Q {n}", f"Text der Seite q{n}.", notices=(notice,)) for n in "123"}
            return {**pages, "/q": page("/q", "Q", "Auch hier.", notices=(notice,), nav=tuple(pages))}

        assert first.crawl(site(all_=(A,))) == []
        assert second.crawl(theirs(A)) == []
        assert kinds(first.crawl(site(all_=(B,)))) == ["notice.changed"]
        assert second.crawl(theirs(B)) == []
        (row,) = [row for row in second.notices.values() if row.lifted_at is None]
        assert (row.text, len(row.uris)) == (B.text, 15)
        assert kinds(second.crawl(theirs(C))) == ["notice.changed"]
        assert first.crawl(site(all_=(C,))) == []
