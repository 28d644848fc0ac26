"""Pages that come, move, go and return: one event each, with their lists, and never on the word of a sick host."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from extractors.model import Outcome, Page, PageKind
from tests.alerts.detect_support import (
    Answer,
    Block,
    Doubtful,
    Moved,
    Sim,
    events,
    heading,
    item,
    key,
    kinds,
    page,
    para,
    source,
    uri,
)

NAMES = ("anton", "berta", "caesar", "dora", "emil", "friedrich", "gustav", "heinrich")
TEXT = {
    name: (
        f"Der Abschnitt {name} beschreibt das Vorhaben {number}.",
        f"Verantwortlich ist das Referat {name.upper()} mit {number + 4} Stellen.",
    )
    for number, name in enumerate(NAMES)
}


def article(name: str, *more: Block | str, at: str = "/p") -> Page:
    return page(f"{at}/{name}", f"Vorhaben {name}", *TEXT.get(name, (f"Text zu {name}.", f"Mehr zu {name}.")), *more)


def listed(*names: str, at: str = "/p") -> Page:
    return page(
        at,
        "Vorhaben",
        "Eine Übersicht.",
        *(item(f"Vorhaben {name}", f"{at}/{name}") for name in names),
        kind=PageKind.LIST,
    )


def site(*names: str, at: str = "/p") -> dict[str, Answer]:
    made: dict[str, Answer] = {f"{at}/{name}": article(name, at=at) for name in names or NAMES}
    made[at] = listed(*(names or NAMES), at=at)
    return made


def started(pages: dict[str, Answer] | None = None, **changes: object) -> Sim:
    sim = Sim(source(register="", **changes))
    assert sim.crawl(pages or site()) == []
    return sim


def rules_held(sim: Sim) -> set[str]:
    return {held.rule for held in sim.held}


# --- added


def test_a_new_page_claims_its_list_line_its_teaser_and_its_date() -> None:
    sim = started()
    pages = {**site(), "/p/ida": article("ida")}
    start = pages["/p"]
    assert isinstance(start, Page)
    entry = (
        heading("2022"),
        para("Vorhaben ida", ("Vorhaben ida", "/p/ida")),
        para("14.09.2022"),
        para("Text zu ida. …"),
    )
    pages["/p"] = replace(start, blocks=(start.blocks[0], *entry, *start.blocks[1:]))
    assert events(sim.crawl(pages)) == [("page.added", "/p/ida")]


def test_a_new_page_does_not_claim_an_unrelated_edit_beside_its_line() -> None:
    sim = started()
    pages = {**site(*NAMES, "ida")}
    start = pages["/p"]
    assert isinstance(start, Page)
    other = para("Die Leitung hat seit dem 1. Juli Frau Dr. Sommer übernommen.")
    pages["/p"] = replace(start, blocks=(*start.blocks, other))
    told = sim.crawl(pages)
    assert events(told) == [("page.added", "/p/ida"), ("page.changed", "/p")]
    assert told[1].after["text"] == other.text


def test_an_entry_that_was_plain_text_and_is_now_linked_is_part_of_the_new_page() -> None:
    pages = site()
    start = pages["/p"]
    assert isinstance(start, Page)
    pages["/p"] = replace(start, blocks=(*start.blocks, item("Vorhaben ida")))
    sim = started(pages)
    assert events(sim.crawl(site(*NAMES, "ida"))) == [("page.added", "/p/ida")]


def test_a_link_in_running_text_claims_its_sentence_alone() -> None:
    sim = started()
    pages = site()
    shown = pages["/p/anton"]
    assert isinstance(shown, Page)
    sentence = "Näheres steht im Bericht ida."
    first = shown.blocks[0].text
    new = para(f"{first} {sentence}", ("Bericht ida", "/p/ida"))
    pages["/p/anton"] = replace(shown, blocks=(new, *shown.blocks[1:]), links=new.links)
    pages["/p/ida"] = article("ida")
    assert events(sim.crawl(pages)) == [("page.added", "/p/ida")]


def test_a_list_that_grows_by_one_and_loses_its_last_is_one_event() -> None:
    sim = started()
    pages: dict[str, Answer] = {**site(), "/p/ida": article("ida"), "/p": listed("ida", *NAMES[:-1])}
    assert events(sim.crawl(pages)) == [("page.added", "/p/ida")]
    assert "rolling-list" in rules_held(sim)


def test_pagination_that_shifts_every_line_is_no_event() -> None:
    second = "/p?page_at_1_0=2"

    def sheets(*names: str) -> dict[str, Answer]:
        made: dict[str, Answer] = {f"/p/{name}": article(name) for name in names}
        for number, path in enumerate(("/p", second, "/p?page_at_1_0=3")):
            lines = names[4 * number : 4 * number + 4]
            if lines:
                made[path] = page(
                    path,
                    "Vorhaben",
                    *(item(f"Vorhaben {n}", f"/p/{n}") for n in lines),
                    nav=(second,),
                    kind=PageKind.LIST,
                )
        return made

    sim = started(sheets(*NAMES))
    assert events(sim.crawl(sheets("ida", *NAMES))) == [("page.added", "/p/ida")]
    assert "pagination" in rules_held(sim)


def test_a_page_that_leaves_a_list_but_is_still_there_is_a_change_of_the_list() -> None:
    sim = started()
    pages: dict[str, Answer] = {**site(), "/p": listed(*(name for name in NAMES if name != "dora"))}
    (told,) = sim.crawl(pages)
    assert (told.kind, told.uri) == ("page.changed", uri("/p"))
    assert "dora" in told.before["text"]


def test_a_page_that_names_a_known_one_as_its_own_address_is_no_news() -> None:
    sim = started()
    pages = site()
    pages["/p/anton?druck=1"] = replace(article("anton"), uri=uri("/p/anton?druck=1"), canonical=uri("/p/anton"))
    assert sim.crawl(pages) == []
    assert "canonical" in rules_held(sim)
    assert sim.crawl(pages) == []


def test_press_releases_are_told_as_such_in_a_press_source() -> None:
    sim = started(press=True)
    assert events(sim.crawl(site(*NAMES, "ida"))) == [("press.new", "/p/ida")]


def test_a_feed_repeats_what_its_pages_say() -> None:
    def feed(*names: str) -> Page:
        return replace(listed(*names, at="/p/feed"), kind=PageKind.FEED)

    sim = started({**site(), "/p/feed": feed(*NAMES)})
    assert events(sim.crawl({**site(*NAMES, "ida"), "/p/feed": feed("ida", *NAMES[:-1])})) == [("page.added", "/p/ida")]


# --- changed


def test_reordered_lines_are_told_as_a_new_order_and_minor() -> None:
    sim = started()
    (told,) = sim.crawl({**site(), "/p": listed(*reversed(NAMES))})
    assert (told.kind, told.minor, told.reason) == ("page.changed", True, "Reihenfolge geändert")


def test_another_target_under_the_same_label_is_named_as_such() -> None:
    pages = {**site(), "/p/anton": article("anton", para("Zum Antrag.", ("Antrag", "https://formulare.example/1")))}
    sim = started(pages)
    (told,) = sim.crawl(
        {**pages, "/p/anton": article("anton", para("Zum Antrag.", ("Antrag", "https://formulare.example/2")))}
    )
    assert (told.kind, told.minor, told.reason) == ("page.changed", False, "Linkziel geändert")
    assert "https://formulare.example/2" in told.summary


def test_invisible_characters_are_named() -> None:
    pages = {**site(), "/p/anton": article("anton", "Konto 123 bei der Bank.")}
    sim = started(pages)
    (told,) = sim.crawl({**pages, "/p/anton": article("anton", "Konto \u202e123 bei der Bank.")})
    assert (told.reason, told.minor) == ("Unsichtbare Zeichen geändert", False)
    assert "[U+202E]" in told.summary


def test_a_page_split_into_two_is_one_change_and_one_new_page() -> None:
    pages = {**site(), "/p/anton": article("anton", *TEXT["berta"], *TEXT["dora"])}
    sim = started(pages)
    split: dict[str, Answer] = {
        **site(*NAMES, "teil-zwei"),
        "/p/teil-zwei": page("/p/teil-zwei", "Teil zwei", *TEXT["berta"], *TEXT["dora"]),
    }
    assert events(sim.crawl(split)) == [("page.added", "/p/teil-zwei"), ("page.changed", "/p/anton")]


def test_a_new_title_claims_the_list_lines_that_follow_it() -> None:
    sim = started()
    pages = site()
    renamed = replace(article("anton"), title="Vorhaben Aachen")
    start = pages["/p"]
    assert isinstance(start, Page)
    pages["/p"] = replace(start, blocks=(start.blocks[0], item("Vorhaben Aachen", "/p/anton"), *start.blocks[2:]))
    pages["/p/anton"] = renamed
    (told,) = sim.crawl(pages)
    assert (told.kind, told.uri, told.reason) == ("page.changed", uri("/p/anton"), "Titel geändert")


# --- moved


def test_a_page_that_is_gone_here_and_there_with_the_same_text_has_moved() -> None:
    sim = started()
    pages: dict[str, Answer] = {
        **site(),
        "/p/anton": Outcome.GONE,
        "/p/neu/anton": replace(article("anton"), uri=uri("/p/neu/anton")),
    }
    start = pages["/p"]
    assert isinstance(start, Page)
    pages["/p"] = replace(start, blocks=(start.blocks[0], item("Vorhaben anton", "/p/neu/anton"), *start.blocks[2:]))
    (told,) = sim.crawl(pages)
    assert (told.kind, told.before, told.after) == ("page.moved", uri("/p/anton"), uri("/p/neu/anton"))
    assert sim.crawl(pages) == []


def test_a_page_that_moves_and_changes_is_one_event_that_says_what_changed() -> None:
    sim = started()
    pages: dict[str, Answer] = {
        **site(),
        "/p/anton": Moved("/p/aachen"),
        "/p/aachen": page("/p/aachen", "Vorhaben Aachen", TEXT["anton"][0], "Das ist ganz neu."),
    }
    (told,) = sim.crawl(pages)
    assert (told.kind, told.uri) == ("page.moved", uri("/p/aachen"))
    assert "Das ist ganz neu." in [entry["after"] for entry in told.facts["diff"]]
    (edited,) = sim.crawl(
        {**pages, "/p/aachen": page("/p/aachen", "Vorhaben Aachen", TEXT["anton"][0], "Das ist noch neuer.")}
    )
    assert (edited.kind, edited.uri) == ("page.changed", uri("/p/aachen"))


@pytest.mark.parametrize("redirect", [True, False])
def test_many_pages_moved_by_one_rewriting_are_one_event(redirect: bool) -> None:
    sim = started(scope=(uri("/p"), uri("/neu")))
    pages = site(at="/neu")
    for path in site():
        pages[path] = Moved(path.replace("/p", "/neu")) if redirect else Outcome.GONE
    (told,) = sim.crawl(pages)
    assert (told.kind, told.uri, len(told.uris)) == ("page.moved", uri("/neu"), len(NAMES) + 1)
    assert sim.crawl(pages) == []


def test_two_pages_that_move_by_themselves_are_two_events() -> None:
    sim = started()
    pages: dict[str, Answer] = {
        **site(),
        "/p/anton": Moved("/p/xanten"),
        "/p/xanten": replace(article("anton"), uri=uri("/p/xanten")),
        "/p/dora": Moved("/p/ypern"),
        "/p/ypern": replace(article("dora"), uri=uri("/p/ypern")),
    }
    assert events(sim.crawl(pages)) == [("page.moved", "/p/xanten"), ("page.moved", "/p/ypern")]


@pytest.mark.parametrize("target", ["/", "/p", "/p/berta"])
def test_a_redirect_to_home_start_or_another_known_page_is_a_removal_in_disguise(target: str) -> None:
    sim = started()
    pages: dict[str, Answer] = {**site(), "/p/anton": Moved(target)}
    assert sim.crawl(pages) == []
    assert events(sim.crawl(pages)) == [("page.removed", "/p/anton")]


def test_a_section_that_leads_to_one_new_place_is_one_move_with_all_addresses() -> None:
    sim = started()
    pages: dict[str, Answer] = dict.fromkeys(site(), Moved("https://neu.example/partnerschaft"))
    (told,) = sim.crawl(pages)
    assert (told.kind, told.uri, len(told.uris)) == ("page.moved", "https://neu.example/partnerschaft", len(NAMES) + 1)
    assert sim.crawl(pages) == []


def test_a_section_redirected_for_the_time_being_waits_for_confirmation() -> None:
    sim = started()
    pages: dict[str, Answer] = dict.fromkeys(site(), Moved("https://neu.example/wartung", status=302))
    assert sim.crawl(pages, after=timedelta(hours=24)) == []
    assert sim.crawl(site(), after=timedelta(hours=24)) == []
    assert sim.crawl(pages) == []
    assert kinds(sim.crawl(pages)) == ["page.moved"]


# --- gone, and there again


def test_a_removal_waits_for_two_equal_looks_far_enough_apart() -> None:
    sim = started()
    pages: dict[str, Answer] = {**site(), "/p/anton": Outcome.GONE}
    day = timedelta(hours=24)
    assert [event for _ in range(2) for event in sim.crawl(pages, after=day)] == []
    assert events(sim.crawl({**pages, "/p/anton": Outcome.SOFT404}, after=day)) == [("page.removed", "/p/anton")]


def test_a_page_that_is_back_before_the_confirmation_is_no_event() -> None:
    sim = started()
    gone: dict[str, Answer] = {**site(), "/p/anton": Outcome.GONE}
    assert [event for pages in (gone, site(), gone, site()) for event in sim.crawl(pages)] == []


def test_the_list_line_of_a_lost_page_is_claimed_whenever_it_vanishes() -> None:
    without = listed(*NAMES[1:])
    sim = started()
    early: dict[str, Answer] = {**site(), "/p/anton": Outcome.GONE, "/p": without}
    assert sim.crawl(early) == []
    assert events(sim.crawl(early)) == [("page.removed", "/p/anton")]
    late = started()
    pages: dict[str, Answer] = {**site(), "/p/anton": Outcome.GONE}
    late.crawl(pages)
    assert events(late.crawl(pages)) == [("page.removed", "/p/anton")]
    assert late.crawl({**pages, "/p": without}) == []


def test_a_page_that_returns_is_told_once_with_what_is_new() -> None:
    sim = started()
    pages: dict[str, Answer] = {**site(), "/p/anton": Outcome.GONE, "/p": listed(*NAMES[1:])}
    sim.crawl(pages)
    sim.crawl(pages)
    back = {**site(), "/p/anton": article("anton", "Jetzt mit neuem Schluss.")}
    (told,) = sim.crawl(back)
    assert (told.kind, told.uri) == ("page.returned", uri("/p/anton"))
    assert [entry["after"] for entry in told.facts["diff"]] == ["Jetzt mit neuem Schluss."]
    assert sim.crawl(back) == []
    assert events(sim.crawl(pages) + sim.crawl(pages)) == [("page.removed", "/p/anton")]


def test_nothing_is_removed_while_most_of_the_host_is_unwell() -> None:
    sim = started()
    pages: dict[str, Answer] = {
        **site(),
        **dict.fromkeys(("/p/anton", "/p/berta", "/p/caesar", "/p/dora", "/p/emil", "/p/gustav"), Outcome.GONE),
    }
    assert [event for _ in range(4) for event in sim.crawl(pages, home=Outcome.FAILED)] == []
    assert "host-unwell" in rules_held(sim)
    assert len(sim.crawl(pages)) == 6


@pytest.mark.parametrize("how", ["gone", "soft404", "one text", "home", "mixed"])
def test_a_section_taken_down_while_its_host_is_well_is_told_once(how: str) -> None:
    sim = started()
    common = page("/p", "Archiviert", "Dieser Bereich ist nicht mehr verfügbar.")
    answers: dict[str, Answer] = {
        "gone": Outcome.GONE, "soft404": Outcome.SOFT404, "one text": Doubtful(common), "home": Moved("/"), "mixed": Doubtful(common),
    }  # fmt: skip
    pages: dict[str, Answer] = dict.fromkeys(site(), answers[how])
    if how == "mixed":
        pages["/p/anton"] = Outcome.GONE
    assert sim.crawl(pages) == []
    (told,) = sim.crawl(pages)
    assert (told.kind, told.uri, len(told.uris), told.importance) == ("page.removed", uri("/p"), len(NAMES) + 1, 100)
    assert [event for _ in range(3) for event in sim.crawl(pages)] == []
    assert events(sim.crawl(site())) == [("page.returned", "/p")]


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.SOFT404])
def test_a_section_that_is_gone_with_its_whole_host_is_not_removed(outcome: Outcome) -> None:
    sim = started()
    pages: dict[str, Answer] = dict.fromkeys(site(), outcome)
    assert [event for _ in range(4) for event in sim.crawl(pages, home=Outcome.GONE)] == []


def test_one_text_everywhere_on_a_sick_host_is_an_outage_and_no_takedown() -> None:
    sim = started()
    pages: dict[str, Answer] = dict.fromkeys(site(), Doubtful(page("/p", "Pause", "Gleich geht es weiter.")))
    told = [event for _ in range(4) for event in sim.crawl(pages, home=Outcome.MAINTENANCE)]
    assert kinds(told) == ["source.blind"]
    assert kinds(sim.crawl(site())) == ["source.seeing"]


def test_no_cap_removes_a_section_either() -> None:
    sim = started()
    some: dict[str, Answer] = dict.fromkeys(("/p", "/p/anton"), Outcome.GONE)
    assert [
        event for _ in range(3) for event in sim.crawl(some, exhausted=False, reason="max_pages", home=Outcome.FAILED)
    ] == []
    assert key("/p/dora") in sim.watches


LONG = tuple(f"Der Absatz {number} beschreibt die Regel {number} in vielen Worten." for number in range(12))


def test_a_page_that_was_cut_and_is_still_being_edited_is_told_at_the_second_look() -> None:
    """Two looks need not be equal where both show what is left of the page: only a stand-in must hold still."""
    full = page("/p/regeln", "Regeln", *LONG)
    sim = started({**site(), "/p/regeln": full})
    first = page("/p/regeln", "Regeln", *LONG[:3])
    second = page("/p/regeln", "Regeln", *LONG[:3], "Seit heute gilt zudem die Regel 13.")
    assert sim.crawl({**site(), "/p/regeln": Doubtful(first)}) == []
    told = sim.crawl({**site(), "/p/regeln": Doubtful(second)})
    assert events(told) == [("page.changed", "/p/regeln")]
    assert "Regel 13" in told[0].after["text"]


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_source_of_few_pages_that_are_all_cut_is_seen_and_told_at_the_second_look(number: int) -> None:
    """Doubt about most pages is no blindness where each shows a text of its own."""
    names = [f"/p/regeln-{n}" if n else "/p" for n in range(number)]
    texts = {name: [f"{name}: {line}" for line in LONG] for name in names}
    sim = started({name: page(name, name, *lines) for name, lines in texts.items()})
    cut: dict[str, Answer] = {name: Doubtful(page(name, name, *lines[:2])) for name, lines in texts.items()}
    assert sim.crawl(cut) == []
    assert events(sim.crawl(cut)) == [("page.changed", name) for name in names]


def test_a_stand_in_that_varies_is_never_told() -> None:
    sim = started({**site(), "/p/regeln": page("/p/regeln", "Regeln", *LONG)})
    for number in range(4):
        odd = page("/p/regeln", "Störung", f"Die Anfrage {number}{number} wurde nicht beantwortet.")
        assert sim.crawl({**site(), "/p/regeln": Doubtful(odd)}) == []


def test_the_same_difference_on_a_few_pages_is_one_event() -> None:
    """Three of nine pages change alike: one event; what else changed on one of them is another."""
    names, fee = NAMES[:3], "Die Gebühr beträgt {} Euro."

    def state(euro: int, extra: str) -> dict[str, Answer]:
        pages: dict[str, Answer] = {f"/p/{name}": article(name, fee.format(euro)) for name in names}
        return {**site(), **pages, "/p/anton": article("anton", fee.format(euro), extra)}

    sim = started(state(12, "Ansprechpartner ist Herr Winter."))
    told = sim.crawl(state(14, "Ansprechpartnerin ist Frau Sommer."))
    assert kinds(told) == ["page.changed", "page.changed"]
    shared, single = sorted(told, key=lambda change: -len(change.uris))
    assert shared.uris == tuple(uri(f"/p/{name}") for name in names)
    assert (shared.before["text"], shared.after["text"]) == (fee.format(12), fee.format(14))
    assert "Auf 3 Seiten" in shared.summary
    assert single.uri == uri("/p/anton")
    assert "Gebühr" not in single.after["text"]
    assert sim.crawl(state(14, "Ansprechpartnerin ist Frau Sommer.")) == []


def _sheets(entries: list[str], size: int = 3) -> dict[str, Answer]:
    """A news list with a pager: each entry is a date, a linked title and a lead of its own."""
    sheets: dict[str, Answer] = {}
    for start in range(0, len(entries), size):
        blocks = [
            block
            for name in entries[start : start + size]
            for block in (
                para(f"{len(name) + 2}. März 2026"),
                heading(f"Vorhaben {name}", (f"Vorhaben {name}", f"/p/{name}")),
                para(f"Das ist der Vorspann zu {name}, ganz ohne Verweis."),
            )
        ]
        sheets["/p" if start == 0 else f"/p?page={start // size}"] = page(
            "/p" if start == 0 else f"/p?page={start // size}", "Vorhaben", *blocks, kind=PageKind.LIST
        )
    return sheets


@pytest.mark.parametrize("size", [3, 4, 20])
def test_a_new_entry_that_pushes_all_others_on_is_one_event(size: int) -> None:
    """With a pager the entries move to the next sheet, without one the last entry falls off the end."""
    pages = {f"/p/{name}": article(name) for name in (*NAMES, "neu")}
    old, new = list(NAMES), ["neu", *NAMES]
    known = {path: answer for path, answer in pages.items() if path != "/p/neu"}
    sim = started({**_sheets(old, size), **known})
    assert events(sim.crawl({**_sheets(new, size), **pages})) == [("page.added", "/p/neu")]


def test_a_list_of_fixed_length_drops_its_last_entry_whole() -> None:
    pages = {f"/p/{name}": article(name) for name in (*NAMES, "neu")}
    known = {path: answer for path, answer in pages.items() if path != "/p/neu"}
    sim = started({**_sheets(list(NAMES), 20), **known})
    assert events(sim.crawl({**_sheets(["neu", *NAMES[:-1]], 20), **pages})) == [("page.added", "/p/neu")]


def test_a_list_line_of_a_page_that_does_not_match_is_no_news() -> None:
    """With ``match`` a release on something else is not watched, and neither is its line in the list."""

    def releases(*names: str) -> dict[str, Answer]:
        dates = (para(f"{len(name)}. März 2026") for name in names)
        lines = (item(f"Mitteilung {name}", f"/p/{name}") for name in names)
        return {
            "/p": page("/p", "Presse zu Moskau", *(block for pair in zip(dates, lines, strict=True) for block in pair))
        }

    watched = {"/p/moskau": page("/p/moskau", "Besuch aus Moskau", "Eine Delegation aus Moskau kam.")}
    sim = started({**releases("moskau", "baeder"), **watched}, match=("Moskau",))
    assert sim.crawl({**releases("kitas", "moskau", "baeder"), **watched}) == []
    assert sim.crawl({**releases("schulen", "kitas", "moskau"), **watched}) == []
    plain = started({**releases("moskau", "baeder"), **watched})
    assert events(plain.crawl({**releases("kitas", "moskau", "baeder"), **watched})) == [("page.changed", "/p")]


def test_a_section_that_moved_with_its_inner_links_has_no_new_text() -> None:
    def at(folder: str) -> dict[str, Answer]:
        pages: dict[str, Answer] = {
            f"{folder}/{name}": page(
                f"{folder}/{name}", f"Vorhaben {name}", *TEXT[name], para("Zur Übersicht", ("Zur Übersicht", folder))
            )
            for name in NAMES
        }
        lines = (item(f"Vorhaben {name}", f"{folder}/{name}") for name in NAMES)
        return {folder: page(folder, "Vorhaben", "Eine Übersicht.", *lines, kind=PageKind.LIST), **pages}

    sim = started(at("/p"))
    gone: dict[str, Answer] = {path: Moved(path.replace("/p", "/p2", 1)) for path in at("/p")}
    (told,) = sim.crawl({**gone, **at("/p2")})
    assert (told.kind, len(told.uris)) == ("page.moved", len(NAMES) + 1)
    assert "geändert" not in told.summary


def test_links_to_unwatched_pages_follow_pages_that_moved_alike() -> None:
    """A folder moves; of the links to it only some lead to pages that are watched. All of them just followed."""

    def listing(folder: str) -> Page:
        lines = (item(f"Vorhaben {name}", f"{folder}/{name}") for name in (*NAMES[:3], "fremd"))
        return page("/p", "Vorhaben", "Eine Übersicht.", *lines, kind=PageKind.LIST)

    old = {f"/p/alt/{name}": article(name, at="/p/alt") for name in NAMES[:3]}
    sim = started({"/p": listing("/p/alt"), **old})
    new = {f"/p/neu/{name}": article(name, at="/p/neu") for name in NAMES[:3]}
    gone: dict[str, Answer] = {path: Moved(path.replace("alt", "neu")) for path in old}
    assert kinds(sim.crawl({"/p": listing("/p/neu"), **gone, **new})) == ["page.moved"]


def test_a_page_known_under_an_alias_goes_on_under_its_own_address_without_a_word() -> None:
    """Links with a node number first, without it later: one page, whose changes are told once."""

    def spelled(tail: str, *names: str, more: str = "") -> dict[str, Answer]:
        made: dict[str, Answer] = {}
        for name in names:
            own = article(name, *((more,) if more else ()))
            made[f"/p/{name}{tail}"] = replace(own, uri=uri(f"/p/{name}{tail}"), canonical=uri(f"/p/{name}"))
        return made

    names = NAMES[:4]
    start = {"/p": page("/p", "Vorhaben", "Eine Übersicht.", kind=PageKind.LIST)}
    sim = started({**start, **spelled("?nn=1", *names)})
    both = {**start, **spelled("?nn=1", *names), **spelled("", *names)}
    assert sim.crawl(both) == []
    assert sim.crawl(both) == []
    edited = {**start, **spelled("?nn=1", *names, more="Neu."), **spelled("", *names, more="Neu.")}
    told = sim.crawl(edited)
    assert sorted(where for change in told for where in change.uris) == sorted(uri(f"/p/{name}") for name in names)
    gone: dict[str, Answer] = {path: Outcome.GONE for path in both if path != "/p" and "anton" in path}
    assert events(sim.crawl({**edited, **gone}) + sim.crawl({**edited, **gone})) == [("page.removed", "/p/anton")]


def test_an_edit_between_the_fetches_of_an_alias_and_its_page_is_told() -> None:
    alias = replace(article("anton"), uri=uri("/p/anton?nn=1"), canonical=uri("/p/anton"))
    start = {"/p": page("/p", "Vorhaben", "Eine Übersicht.", kind=PageKind.LIST)}
    sim = started({**start, "/p/anton?nn=1": alias})
    new = replace(article("anton", "Neu."), canonical=uri("/p/anton"))
    late: dict[str, Answer] = {**start, "/p/anton?nn=1": alias, "/p/anton": new}
    assert sim.crawl(late) == []
    caught_up: dict[str, Answer] = {**late, "/p/anton?nn=1": replace(new, uri=uri("/p/anton?nn=1"))}
    assert len(sim.crawl(caught_up)) == 1
    assert sim.crawl(caught_up) == []
