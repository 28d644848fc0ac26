"""The feed as feed readers read it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import feedparser
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from alerts.feed import ENTRIES, About, feed
from alerts.languages import wording
from alerts.model import WebSettings
from alerts.retraction import retraction
from storage.records import Change
from tests.alerts.letters import FORBIDDEN, WEB, ZONE

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
ABOUT = About(installation="0123456789abcdef" * 2, since=NOW, link=WEB, itself=f"{WEB}/feed.atom")
PAGE = "https://www.example.org/amt/oeffnungszeiten/"


def change(number: int = 1, **more: Any) -> Change:
    facts: dict[str, Any] = {
        "id": f"{number:024x}", "kind": "page.changed", "source": "amt", "subject": PAGE, "uri": PAGE, "uris": (PAGE,),
        "title": "Öffnungszeiten", "summary": "Der Text der Seite wurde geändert.", "minor": False,
        "before": {"title": "Öffnungszeiten", "text": "9 bis 15 Uhr"},
        "after": {"title": "Öffnungszeiten", "text": "9 bis 12 Uhr"}, "facts": {},
        "detected_at": NOW + number * HOUR, "observed_at": NOW + number * HOUR, "crawl_id": 1, "seq": number,
    }  # fmt: skip
    return Change(**(facts | more))


def write(*changes: Change, about: About = ABOUT, web: str = WEB) -> bytes:
    return feed(changes, about, wording("de", ZONE), WebSettings(base_url=web))


def read(*changes: Change, about: About = ABOUT, web: str = WEB) -> Any:
    parsed = feedparser.parse(write(*changes, about=about, web=web))
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return parsed


def test_it_has_what_the_rfc_asks_for_and_links_that_are_absolute() -> None:
    parsed = read(change(1), change(2))
    assert parsed.feed.id.startswith("urn:uuid:")
    assert parsed.feed.updated == "2026-03-02T07:00:00Z"
    assert parsed.feed.author == "Amtsblick"
    assert {link.rel: link.href for link in parsed.feed.links} == {"self": f"{WEB}/feed.atom", "alternate": f"{WEB}/"}
    newest, oldest = parsed.entries
    assert newest.title == "Seite geändert: Öffnungszeiten"
    assert newest.link == f"{WEB}/change/{2:024x}"
    assert {link.rel: link.href for link in newest.links}["related"] == PAGE
    assert newest.updated > oldest.updated
    (notice,) = read(
        change(kind="notice.changed", before={"text": "9 bis 15 Uhr"}, after={"text": "9 bis 12 Uhr"})
    ).entries
    assert "<del>15</del> <ins>12</ins>" in notice.content[0].value
    for element in etree.fromstring(write(change())).iter("{*}id"):
        assert UUID(element.text.removeprefix("urn:uuid:")).version == 5


def test_ids_are_stable_the_same_in_every_feed_and_of_this_installation_alone() -> None:
    mine, again = read(change()), read(change(), change(2))
    assert mine.entries[0].id == again.entries[1].id
    assert mine.feed.id == again.feed.id
    of_source = read(change(), about=About(installation=ABOUT.installation, since=NOW, source="amt"))
    assert of_source.entries[0].id == mine.entries[0].id
    assert of_source.feed.id != mine.feed.id
    other = read(change(), about=About(installation="f" * 32, since=NOW))
    assert other.entries[0].id != mine.entries[0].id
    assert write(change()) == write(change())


def test_without_a_web_view_an_entry_links_its_page() -> None:
    parsed = read(change(), about=About(installation=ABOUT.installation, since=NOW), web="")
    assert parsed.entries[0].link == PAGE
    assert parsed.feed.get("links", []) == []


def test_a_feed_without_entries_is_valid() -> None:
    parsed = read()
    assert parsed.entries == []
    assert parsed.feed.updated == "2026-03-02T05:00:00Z"


def test_it_leaves_out_what_is_for_operators_other_sources_and_history() -> None:
    changes = (
        change(1, kind="source.blind"),
        change(2, imported=True),
        change(3, source="other"),
        change(4, source_ids=("amt",), source="b"),
    )
    assert [entry.id for entry in read(*changes).entries] == [entry.id for entry in read(change(3), change(4)).entries][
        ::1
    ]
    about = About(installation=ABOUT.installation, since=NOW, source="amt")
    assert len(read(*changes, about=about).entries) == 1


def test_a_report_that_was_taken_back_is_followed_by_its_correction() -> None:
    wrong = change(1)
    parsed = read(wrong, retraction(wrong, "nur die Vorlage war neu", NOW + 3 * HOUR))
    assert [
        bool(re.search("Berichtigung|falsch|war kein", entry.title + entry.summary)) for entry in parsed.entries
    ] == [True, False]


def test_it_holds_the_newest_entries_and_no_more() -> None:
    parsed = read(*(change(number) for number in range(1, ENTRIES + 20)))
    assert len(parsed.entries) == ENTRIES
    assert parsed.entries[0].id == read(change(ENTRIES + 19)).entries[0].id


def test_site_text_stays_text() -> None:
    evil = "<script>alert(1)</script> & ]]> \x00\x0b\ud800\u202e"
    data = write(
        change(title=evil, summary=evil, before={"text": evil, "title": evil}, after={"text": "x", "title": evil})
    )
    content = etree.fromstring(data).findtext(".//{*}content")
    assert content is not None
    assert "<script" not in content
    assert b"<script" not in data
    (entry,) = feedparser.parse(data).entries
    assert "alert(1)" in entry.title


@given(st.text(), st.text())
def test_any_text_gives_well_formed_xml(title: str, text: str) -> None:
    data = write(
        change(title=title, summary=text, after={"title": title, "text": text}, uri=f"https://example.org/{title}")
    )
    etree.fromstring(data)
    assert not re.search(FORBIDDEN, "Seite geändert")


def test_a_feed_of_a_kind_or_a_family_has_what_belongs_to_it_and_an_id_of_its_own() -> None:
    changes = (
        change(1),
        change(2, kind="page.added"),
        change(3, kind="pages.other"),
        change(4, kind="document.added"),
    )

    def of(kind: str) -> Any:
        return read(*changes, about=About(installation=ABOUT.installation, since=NOW, kind=kind))

    assert [entry.tags[0].term for entry in of("page").entries] == ["page.added", "page.changed"]
    assert [entry.tags[0].term for entry in of("page.added").entries] == ["page.added"]
    assert len({of("page").feed.id, of("page.added").feed.id, read(*changes).feed.id}) == 3
    wrong = retraction(changes[0], "Vorlage", NOW + 9 * HOUR)
    taken_back = read(*changes, wrong, about=About(installation=ABOUT.installation, since=NOW, kind="page.changed"))
    assert [entry.tags[0].term for entry in taken_back.entries] == ["change.retracted", "page.changed"]
