"""Who links an address: kept by number and fetched late, but to whoever asks it is a tuple of addresses."""

from __future__ import annotations

from dataclasses import replace

from extractors.model import Attachment, Outcome, Page
from storage import detecting
from storage.archive import Archive
from storage.linking import linked_from, names
from storage.records import MOST_LINKING
from tests.alerts.counting import counted
from tests.storage.makers import SOURCE, Watching, bad, concluded, link, ok, page

A, B, C = (f"https://example.org/a/{name}" for name in "xyz")
WHERE = tuple(f"example.org/a/{name}" for name in "xyz")


def shown(uri: str, *targets: str, offered: str = "") -> Page:
    attachments = (Attachment(uri=offered, label="Programm"),) if offered else ()
    return page(uri, "text", links=tuple(map(link, targets)), attachments=attachments)


def spelled(*where: str) -> dict[str, str]:
    return {f"https://{each}": each for each in where}


def test_the_pages_that_link_an_address_come_in_their_order_and_none_is_its_own() -> None:
    pdf = "https://example.org/a.pdf"
    pages = zip(
        WHERE, (shown(A, A, B, C, f"{B}#part"), shown(B, A, B, C, offered=pdf), shown(C, pdf, A, B, C)), strict=True
    )
    found = linked_from(pages, spelled(*WHERE, "example.org/a.pdf", "example.org/nobody"))
    assert {target: tuple(each) for target, each in found.items()} == {
        WHERE[0]: (WHERE[1], WHERE[2]),
        WHERE[1]: (WHERE[0], WHERE[2]),
        WHERE[2]: (WHERE[0], WHERE[1]),
        "example.org/a.pdf": (WHERE[1], WHERE[2]),
    }
    assert linked_from(zip(WHERE, (shown(A, B),), strict=False), spelled(WHERE[0])) == {}
    assert linked_from([(WHERE[0], shown(A, A))], spelled(WHERE[0])) == {}, "nobody else links it"


def test_it_is_a_tuple_to_those_who_ask() -> None:
    (found,) = linked_from([(WHERE[0], shown(A, C)), (WHERE[1], shown(B, C))], spelled(WHERE[2])).values()
    assert found == WHERE[:2] == names(found)
    assert WHERE[:2] == found
    assert found != WHERE
    assert found != [*WHERE[:2]]
    assert hash(found) == hash(WHERE[:2])
    assert (found[0], found[-1:], len(found), bool(found)) == (WHERE[0], WHERE[1:2], 2, True)
    assert repr(found) == repr(WHERE[:2])
    assert names(["a"]) == ("a",)


def test_pages_that_all_link_each_other_share_one_list() -> None:
    found = linked_from(((where, shown(A, A, B, C)) for where in WHERE), spelled(*WHERE))
    assert len({each._list for each in found.values()}) == 1  # type: ignore[attr-defined]
    assert [len(each) for each in found.values()] == [2, 2, 2]


def test_who_links_what_readers_know_is_not_worked_out(watching: Watching, archive: Archive) -> None:
    pdf = "https://example.org/a/doc.pdf"
    watching.begin()
    watching.see(A, ok(A, "text", links=(link(B), link(C))))
    watching.see(B, ok(B, "text", links=(link(A),)))
    crawl = watching.end()
    first = archive.crawl_view(crawl)
    assert [first.looks[where].linked_from for where in WHERE[:2]] == [(WHERE[1],), (WHERE[0],)]
    concluded_ = concluded(archive, crawl)
    archive.commit_detection(crawl, replace(concluded_, watches=(
        *(replace(watch, linked_from=first.looks[watch.address].linked_from) for watch in concluded_.watches),
    )))  # fmt: skip
    watching.begin()
    watching.see(A, ok(A, "text", links=(link(B), link(C), link(pdf))), b"more")
    watching.see(B, ok(B, "text", links=(link(A), link(pdf))), b"more")
    watching.see(C, "new", linked_from=A)
    watching.see(pdf, "PDF", is_document=True, linked_from=A)
    looks = archive.crawl_view(watching.end()).looks
    assert {where: tuple(look.linked_from) for where, look in looks.items()} == {
        WHERE[0]: (),
        WHERE[1]: (),
        WHERE[2]: (WHERE[0],),
        "example.org/a/doc.pdf": WHERE[:2],
    }


def test_who_links_an_address_that_never_showed_itself_is_worked_out(watching: Watching, archive: Archive) -> None:
    watching.begin()
    watching.see(A, ok(A, "text", links=(link(B),)))
    watching.see(B, bad(Outcome.FAILED), b"", status=500)
    crawl = watching.end()
    archive.commit_detection(crawl, concluded(archive, crawl))
    watching.begin()
    watching.see(A, ok(A, "text", links=(link(B),)), b"more")
    watching.see(B, "there at last")
    looks = archive.crawl_view(watching.end()).looks
    assert [tuple(looks[where].linked_from) for where in WHERE[:2]] == [(), (WHERE[0],)]


def test_a_thousand_pages_that_link_a_page_are_remembered_and_all_that_link_a_document(
    watching: Watching, archive: Archive
) -> None:
    pdf = "https://example.org/a/doc.pdf"
    watching.begin()
    watching.see(A, "text")
    watching.see(pdf, "PDF", is_document=True)
    crawl = watching.end()
    many = tuple(f"example.org/a/{number:04}" for number in range(MOST_LINKING + 1))
    found = concluded(archive, crawl)
    watches = tuple(replace(watch, linked_from=many) for watch in found.watches)
    archive.commit_detection(crawl, replace(found, watches=watches))
    stored = {each.address: each.linked_from for each in archive.watches(SOURCE.name)}
    assert stored == {WHERE[0]: many[:-1], "example.org/a/doc.pdf": many}


def test_who_linked_a_page_is_fetched_when_asked_for_and_kept_when_not(watching: Watching, archive: Archive) -> None:
    crawl = watching.once(x="text", y="another")
    detection = concluded(archive, crawl)
    watches = tuple(replace(watch, linked_from=("example.org/b", watch.address)) for watch in detection.watches)
    archive.commit_detection(watching.once(x="text", y="another"), detection)
    with archive.transaction():
        detecting.store_memory(archive._connection.db, replace(detection, watches=watches))
    watching.begin()
    watching.see(A, "new text")
    state = archive.state_before(watching.end(), SOURCE)
    watch = state.watches[WHERE[0]]
    with counted(archive) as work:
        changed = replace(watch, label="other")
        assert watch == state.watches[WHERE[0]]
    assert work.statements == 0
    assert changed.linked_from == ("example.org/b", WHERE[0])
    with archive.transaction():
        detecting.store_memory(archive._connection.db, replace(detection, watches=(changed,)))
    stored = {each.address: each for each in archive.watches(SOURCE.name)}
    assert (stored[WHERE[0]].linked_from, stored[WHERE[0]].label) == (("example.org/b", WHERE[0]), "other")
    assert stored[WHERE[1]].linked_from == ("example.org/b", WHERE[1])
