"""Documents are told by their text, under their label, with the pages that link them (design §4.2, §4.6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.model import Link, Outcome, Page, PageKind
from tests.alerts.detect_support import (
    HOST,
    Answer,
    Sim,
    box,
    events,
    item,
    key,
    kinds,
    page,
    paper,
    para,
    pdf,
    source,
    uri,
)

DOC = "/docs/plan.pdf"


def site(*papers: str, label: str = "Plan", size: str = "180.3 kB") -> dict[str, Answer]:
    """A start page and four others; ``papers`` are the paths of PDFs that the page /p/a offers under one label."""
    made: dict[str, Answer] = {
        f"/p/{name}": page(f"/p/{name}", f"Seite {name}", f"Text der Seite {name}.") for name in "abcd"
    }
    made["/p"] = page("/p", "Start", "Willkommen.", nav=tuple(f"/p/{name}" for name in "abcd"))
    shown = made["/p/a"]
    assert isinstance(shown, Page)
    made["/p/a"] = replace(shown, attachments=tuple(paper(path, label, size) for path in papers))
    made.update({path: pdf(path, "Erster Absatz des Plans.", "Zweiter Absatz.") for path in papers})
    return made


def started(pages: dict[str, Answer], **changes: object) -> Sim:
    sim = Sim(source(register="", **changes))
    assert sim.crawl(pages) == []
    return sim


def test_a_new_document_is_one_event_with_its_label_and_page() -> None:
    sim = started(site())
    (told,) = sim.crawl(site(DOC))
    assert (told.kind, told.uri, told.uris, told.title) == ("document.added", uri(DOC), (uri("/p/a"),), "Plan")
    assert (told.before, told.after) == (None, {"label": "Plan", "uri": uri(DOC), "size": "180.3 kB"})
    assert "180.3 kB" in told.summary
    assert "Seite a" in told.summary
    assert sim.crawl(site(DOC)) == []


def test_a_document_linked_from_two_pages_is_one_event() -> None:
    sim = started(site())
    pages = site(DOC)
    other = pages["/p/b"]
    assert isinstance(other, Page)
    said = para("Siehe Plan (PDF).", ("Plan (PDF)", DOC))
    pages["/p/b"] = replace(other, blocks=(*other.blocks, said), links=(*other.links, *said.links))
    (told,) = sim.crawl(pages)
    assert (told.kind, told.uris) == ("document.added", (uri("/p/a"), uri("/p/b")))


def test_a_document_beside_the_text_of_a_page_that_changed_has_the_label_of_its_link() -> None:
    sim = started(site())
    pages = site()
    shown = pages["/p/a"]
    assert isinstance(shown, Page)
    links = (*shown.links, Link(uri=uri(DOC), text="Der Plan"))
    pages["/p/a"] = replace(shown, blocks=(*shown.blocks, para("Ein neuer Absatz.")), links=links)
    pages[DOC] = pdf(DOC, "Text.")
    told = {change.kind: change for change in sim.crawl(pages)}
    assert told.keys() == {"document.added", "page.changed"}
    assert (told["document.added"].title, told["document.added"].uris) == ("Der Plan", (uri("/p/a"),))


def test_the_documents_of_a_new_page_are_part_of_it() -> None:
    sim = started(site())
    pages: dict[str, Answer] = {
        **site(),
        "/p/neu": page("/p/neu", "Neu", "Ganz neu.", papers=(paper(DOC, "Plan"),)),
        DOC: pdf(DOC, "Text."),
    }
    assert events(sim.crawl(pages)) == [("page.added", "/p/neu")]


def test_another_text_at_the_same_address_is_a_change_and_claims_size_and_line() -> None:
    sim = started(site(DOC))
    pages = {**site(DOC, size="200 kB"), DOC: pdf(DOC, "Erster Absatz des Plans.", "Der zweite Absatz ist neu.")}
    (told,) = sim.crawl(pages)
    assert (told.kind, told.before["size"], told.after["size"]) == ("document.changed", "180.3 kB", "200 kB")
    assert [(entry["op"], entry["sheet"]) for entry in told.facts["diff"]]
    assert (told.version_before, told.version_after) != (None, None)


def test_the_same_text_saved_again_is_nothing_with_whatever_size() -> None:
    sim = started(site(DOC))
    assert sim.crawl(site(DOC, size="181.0 kB")) == []
    assert "saved-again" in {held.rule for held in sim.held}


def test_a_new_address_under_the_same_label_is_a_change_if_the_text_differs_and_nothing_if_not() -> None:
    sim = started(site(DOC))
    moved = {**site("/docs/plan-2.pdf"), DOC: Outcome.GONE}
    assert sim.crawl(moved) == []
    assert sim.crawl(moved) == []
    newer: dict[str, Answer] = {
        **site("/docs/plan-3.pdf"),
        "/docs/plan-3.pdf": pdf("/docs/plan-3.pdf", "Ein neuer Plan."),
        DOC: Outcome.GONE,
    }
    newer["/docs/plan-2.pdf"] = Outcome.GONE
    (told,) = sim.crawl(newer)
    assert (told.kind, told.uri) == ("document.changed", uri("/docs/plan-3.pdf"))
    assert (told.before["uri"], told.after["uri"]) == (uri("/docs/plan-2.pdf"), uri("/docs/plan-3.pdf"))
    assert sim.crawl(newer) == []


def test_a_successor_that_cannot_be_read_yet_is_told_when_it_can() -> None:
    sim = started(site(DOC))
    new = "/docs/plan-2.pdf"
    assert sim.crawl({**site(new), new: Outcome.FAILED, DOC: Outcome.GONE}) == []
    (told,) = sim.crawl({**site(new), new: pdf(new, "Ein neuer Plan."), DOC: Outcome.GONE})
    assert (told.kind, told.uri, told.before["uri"]) == ("document.changed", uri(new), uri(DOC))
    assert sim.crawl({**site(new), new: pdf(new, "Ein neuer Plan."), DOC: Outcome.GONE}) == []


def test_other_bytes_without_readable_text_are_a_change_without_words() -> None:
    pages = {**site(DOC), DOC: pdf(DOC, identity="sha256:1")}
    sim = started(pages)
    assert sim.crawl(pages) == []
    (told,) = sim.crawl({**pages, DOC: pdf(DOC, identity="sha256:2")})
    assert (told.kind, told.before, told.after) == ("document.changed", None, None)


def test_unlinked_but_still_served_is_removed_at_once() -> None:
    sim = started(site(DOC))
    pages = {**site(), DOC: site(DOC)[DOC]}
    (told,) = sim.crawl(pages)
    assert (told.kind, told.uri, told.uris) == ("document.removed", uri(DOC), (uri("/p/a"),))
    assert told.before == {"label": "Plan", "uri": uri(DOC), "size": "180.3 kB"}
    assert sim.crawl(pages) == []
    assert kinds(sim.crawl(site(DOC))) == ["document.added"]


def test_unlinked_and_gone_is_removed_once_and_confirmed() -> None:
    sim = started(site(DOC))
    pages: dict[str, Answer] = {**site(), DOC: Outcome.GONE}
    assert sim.crawl(pages) == []
    assert events(sim.crawl(pages)) == [("document.removed", DOC)]
    assert sim.crawl(pages) == []


def test_a_document_goes_with_its_page() -> None:
    sim = started(site(DOC))
    pages: dict[str, Answer] = {**site(DOC), "/p/a": Outcome.GONE, DOC: Outcome.GONE}
    assert sim.crawl(pages) == []
    (told,) = sim.crawl(pages)
    assert (told.kind, told.facts["documents"]) == ("page.removed", [["Plan", uri(DOC)]])
    assert sim.crawl(pages) == []


def test_a_section_takes_its_documents_along() -> None:
    sim = started(site(DOC))
    pages: dict[str, Answer] = dict.fromkeys(site(DOC), Outcome.GONE)
    assert sim.crawl(pages) == []
    assert kinds(sim.crawl(pages)) == ["page.removed"]
    assert sim.crawl(pages) == []


def test_a_document_that_could_not_be_fetched_is_neither_changed_nor_removed() -> None:
    sim = started(site(DOC))
    broken: dict[str, Answer] = {**site(DOC), DOC: Outcome.FAILED}
    assert [event for _ in range(4) for event in sim.crawl(broken)] == []
    assert sim.crawl(site(DOC)) == []


def test_another_label_for_the_same_document_is_a_change_of_the_page() -> None:
    sim = started(site(DOC))
    (told,) = sim.crawl(site(DOC, label="Plan für 2022"))
    assert (told.kind, told.uri, told.minor) == ("page.changed", uri("/p/a"), False)
    assert [(entry["kind"], entry["before"], entry["after"]) for entry in told.facts["diff"]] == [
        ("attachment", "Plan", "Plan für 2022")
    ]


def test_lines_of_a_plain_site_about_a_document_are_claimed() -> None:
    """Where no page object takes attachments out of the text, link, size and date stand in it."""

    def plain(label: str, size: str, path: str) -> dict[str, Answer]:
        made = {**site(), path: pdf(path, f"Inhalt {size}.")}
        lines = (item(label, path), para(f"PDF-Dokument ({size})"))
        made["/p/a"] = page("/p/a", "Seite a", "Text der Seite a.", *lines)
        return made

    sim = started(site())
    assert events(sim.crawl(plain("Plan", "12 kB", DOC))) == [("document.added", DOC)]
    (told,) = sim.crawl(plain("Plan", "15 kB", DOC))
    assert told.kind == "document.changed"


@pytest.mark.parametrize("documents", [False, True])
def test_documents_that_are_not_wanted_are_left_alone(documents: bool) -> None:
    sim = started(site(), documents=documents)
    told = kinds(sim.crawl({**site(DOC), "/p/b": page("/p/b", "Seite b", "Text der Seite b.", notices=(box("Zu."),))}))
    assert ("document.added" in told) is documents
    assert HOST


def test_the_first_page_that_names_a_document_names_it_for_the_register() -> None:
    """An attachment's label goes before a link's text; a feed names documents in entries that are no links of its own."""
    pages = site(DOC, label="Plan (PDF)")
    pages["/p/0"] = replace(page("/p/0", "Liste", item("Der Plan", DOC)), links=(), kind=PageKind.FEED)
    pages["/p/b"] = page("/p/b", "Seite b", item("Anderer Plan", "/docs/other.pdf"))
    pages["/p/c"] = page("/p/c", "Seite c", item("Noch ein Name", "/docs/other.pdf"))
    pages["/docs/other.pdf"] = pdf("/docs/other.pdf", "Ein anderer Text.")
    sim = started(pages)
    assert {path: sim.watches[key(path)].label for path in (DOC, "/docs/other.pdf")} == {
        DOC: "Der Plan",
        "/docs/other.pdf": "Anderer Plan",
    }
    del pages["/p/0"]
    assert started(pages).watches[key(DOC)].label == "Plan (PDF)"
