"""Seminars, notices, documents, sources: what the archive holds, with the page that says so."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from icalendar import Calendar

from crawler import cli
from tests.demo import Demo
from tests.web import filled
from tests.web.view import View

SOURCE = "lageso-partnerschaft"


@pytest.fixture
def printed(demo: Demo, capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., bytes]:
    """What a command prints of the demo's archive."""

    def run(*words: str) -> bytes:
        assert cli.run(["--config", str(demo.folder / "amtsblick.toml"), *words]) == 0
        return capsysbinary.readouterr().out

    return run


@pytest.mark.slow
class TestOfTheDemo:
    def test_the_registers_are_those_that_the_commands_print(self, view: View, printed: Callable[..., bytes]) -> None:
        for name in ("seminars", "notices"):
            rows = [json.loads(line) for line in printed(name, "--json").splitlines()]
            assert view.get(f"/json/{name}").json == {name: rows}

    def test_the_calendar_is_the_one_that_the_command_prints(self, view: View, printed: Callable[..., bytes]) -> None:
        answer = view.get("/seminars.ics")
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert answer.body == printed("seminars", "--format", "ics")
        starts = {
            str(event["SUMMARY"]): event.decoded("DTSTART").isoformat()
            for event in Calendar.from_ical(answer.body).events
        }
        assert starts["23. Arbeits- und Sozialseminar"] == "2021-06-09"

    def test_every_seminar_has_its_sentences_and_the_states_they_were_read_from(self, view: View) -> None:
        rows = {row["id"]: row for row in view.get("/json/seminars").json["seminars"]}
        tree = view.get("/de/seminars").tree
        assert {each.get("id") for each in tree.xpath("//article")} == set(rows)
        assert {each.get("href") for each in tree.xpath("//table//th/a")} == {f"#{name}" for name in rows}
        for name, row in rows.items():
            shown = tree.get_element_by_id(name)
            quotes = [each.text_content() for each in shown.xpath(".//blockquote/p[1]")]
            assert quotes == [claim["quote"] for claim in row["claims"]]
            assert len(shown.xpath(".//blockquote//a[contains(@href, '/de/web/2021')]")) == len(quotes)
        moved = tree.get_element_by_id("arbeits-und-sozialseminar-23")
        links = [each.get("href") for each in moved.xpath(".//ul[@class='told']//a")]
        kinds = [view.get(f"/json{link.removeprefix('/de')}").json["kind"] for link in links]
        assert kinds == ["seminar.changed", "seminar.new"]
        years = [each.text for each in tree.xpath("//section[@class='timeline']/h2")]
        assert years == sorted(years, reverse=True)

    def test_a_reworded_notice_leads_to_its_new_words(self, view: View) -> None:
        tree = view.get("/de/notices").tree
        old = next(row for row in view.get("/json/notices").json["notices"] if row["replaced_by"])
        shown = tree.get_element_by_id(old["id"])
        assert "Durch einen anderen Wortlaut ersetzt am 15. März 2021" in shown.text_content()
        assert shown.xpath(f".//a[@href='#{old['replaced_by']}']")
        assert len(shown.xpath(".//details//li")) == len(old["uris"])
        assert "Aufgehoben" in tree.get_element_by_id(old["replaced_by"]).text_content()

    def test_documents_lead_to_their_versions(self, view: View) -> None:
        (source,) = view.get("/json/documents").json["sources"]
        assert (source["source"], source["total"], len(source["documents"])) == (SOURCE, 3, 3)
        program = next(row for row in source["documents"] if "programm" in row["uri"])
        assert (program["versions"], program["standing"]) == (2, "removed")
        tree = view.get("/de/documents").tree
        (link,) = tree.xpath("//th/a[contains(., 'Programm des 23.')]")
        assert link.get("href") == f"/de/page/{program['uri']}"

    def test_a_source_says_how_far_it_was_checked_and_what_became_of_its_pages(self, view: View) -> None:
        answer = view.get(f"/json/source/{SOURCE}").json
        assert (answer["judged"], answer["known"], answer["total"]) == (17, 17, 17)
        assert {row["standing"] for row in answer["addresses"]} == {"removed", "moved"}
        assert "Ganzer Bereich vom Netz genommen" in view.get(f"/de/source/{SOURCE}").text
        documents = view.get(f"/json/source/{SOURCE}?kind=document").json
        assert {row["role"] for row in documents["addresses"]} == {"document"}


def test_conflicting_pages_stand_side_by_side_with_their_sentences(made: View) -> None:
    tree = made.get("/de/seminars").tree
    (table,) = tree.get_element_by_id("seminar-18").xpath(".//table")
    cells = [[cell.text_content() for cell in row.xpath("td")] for row in table.xpath("tbody/tr")]
    assert [row[0] for row in cells] == ["1. Juni 2022", "4. Juli 2022"]
    assert "example.org/a/seminar" in cells[0][1]
    assert "Das 18. Seminar findet am 1. Juni 2022 statt." in cells[0][1]
    assert [each.text for each in tree.xpath("//section[@class='timeline']/h2")] == ["2022"]


@pytest.mark.parametrize(
    "path", ["seminars", "notices", "documents", "source/section", "digests", "digest/1", "search?words=script"]
)
def test_words_of_a_site_are_never_markup(made: View, path: str) -> None:
    for language in ("de", "en"):
        answer = made.get(f"/{language}/{path}")
        assert answer.status == 200
        assert "<script" not in answer.text
        assert "\u202e" not in answer.text
        assert not answer.tree.xpath("//@onmouseover")


def test_notices_in_force_stand_before_those_that_are_past(made: View) -> None:
    in_force, past = made.get("/de/notices").tree.xpath("//main/section")
    assert [each.get("id") for each in in_force.xpath(".//article")] == ["n1"]
    assert {each.get("id") for each in past.xpath(".//article")} == {"n2", "n3"}


def test_a_document_shows_size_versions_and_the_pages_that_link_it(made: View) -> None:
    (row,) = made.get("/json/documents").json["sources"][0]["documents"]
    assert (row["label"], row["bytes"], row["versions"]) == ("Programm", 1_500_000, 2)
    assert row["linked_from"] == [filled.PAGE]
    assert "1,5 MB" in made.get("/de/documents").text
    assert "1.5 MB" in made.get("/en/documents").text


def test_a_long_list_is_leafed_through_and_filtered(made: View) -> None:
    seen: list[str] = []
    path = "/json/source/section"
    for page in range(1, 7):
        seen += [row["uri"] for row in made.get(f"{path}?page={page}").json["addresses"]]
    assert len(seen) == len(set(seen)) == filled.ADDRESSES + 3
    last = made.get("/de/source/section?page=6&words=a&kind=page").tree
    assert [link.get("href") for link in last.xpath("//a[@rel='prev']")] == [
        "/de/source/section?words=a&kind=page&page=5"
    ]
    assert not last.xpath("//a[@rel='next']")
    assert [row["uri"] for row in made.get(f"{path}?words=A+24").json["addresses"]] == [
        f"https://example.org/a/{n:03}" for n in range(filled.ADDRESSES) if "24" in f"{n:03}"
    ]
    for odd in ("?page=0", "?page=-1", "?page=x", "?page=%C2%B2"):
        assert made.get(f"{path}{odd}").json["page"] == 1
    assert made.get(f"{path}?page=99999999999").json["page"] == 6
    for wild in ("%25", "_", "'", "*"):
        assert made.get(f"{path}?words={wild}").json["total"] == 0, wild


def test_an_unknown_source_is_said(made: View) -> None:
    answer = made.get("/de/source/%3Cb%3E")
    assert answer.status == 404
    assert "&lt;b&gt;" in answer.text
