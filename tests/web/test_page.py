"""The life of one address, and the comparison of any two of its states."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

import pytest

from extractors import read as reading
from extractors.model import Answer, Hints
from storage.archive import Archive
from tests.demo import Demo
from tests.web.kept import HOST, HTML, PAGE, Got, crawl, crawl_all, page, settings
from tests.web.view import View, running

pytestmark = pytest.mark.slow

FIRST, THIRD, LAST = "20240301050000", "20240501050000", "20250201050000"
PLAN = f"{HOST}/amt/plan.pdf"
SECTION = "/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/"


def started(demo: Demo) -> str:
    """The section's first page, wherever the demo served it."""
    done = demo.run("changes", "--kind", "notice.lifted", "--json")
    return str(json.loads(done.stdout.splitlines()[0])["uri"])


# --- the life of an address


def test_the_newest_year_is_shown_and_leads_to_the_others(kept: View) -> None:
    newest = kept.get(f"/json/page/{PAGE}").json
    assert (newest["uri"], newest["year"]) == (PAGE, 2025)
    assert newest["years"] == [{"year": 2024, "looks": 4}, {"year": 2025, "looks": 2}]
    assert [each["since"] for each in newest["versions"]] == ["2024-05-01T05:00:00Z", "2025-02-01T05:00:00Z"]
    assert [each["outcome"] for each in newest["captures"]] == ["ok", "moved"]
    earlier = kept.get(f"/json/page/2024/{PAGE}").json
    assert [each["outcome"] for each in earlier["captures"]] == ["ok", "unchanged", "failed", "ok"]
    assert len(earlier["versions"]) == 2
    assert f"/de/page/2024/{PAGE}" in kept.get(f"/de/page/{PAGE}").tree.xpath("//nav//a/@href")
    assert kept.get(f"/page/2019/{PAGE}").status == 404
    assert kept.get(f"/page/99999999999/{PAGE}").status == 404


def test_looks_are_told_in_plain_words(kept: View) -> None:
    text = kept.get(f"/de/page/2024/{PAGE}").tree.text_content()
    assert "1. April 2024, 07:00 Uhr: Die Adresse war nicht erreichbar." in text
    moved = kept.get(f"/de/page/{PAGE}").tree
    assert "Die Adresse leitete um nach amt.example.org/amt/neu" in moved.text_content()
    assert f"/de/page/{HOST}/amt/neu" in moved.xpath("//main//a/@href")


def test_every_version_leads_to_its_state_and_to_what_changed(kept: View) -> None:
    links = kept.get(f"/de/page/2024/{PAGE}").tree.xpath("//ol//a/@href")
    assert f"/de/web/{THIRD}/{PAGE}" in links
    assert f"/de/compare/{FIRST}/{THIRD}/{PAGE}" in links
    for link in links:
        assert kept.get(link).status == 200


def test_two_states_are_chosen_without_a_script(kept: View) -> None:
    (form,) = kept.get(f"/de/page/{PAGE}").tree.xpath("//form")
    assert (form.get("method"), form.get("action")) == ("get", "/de/compare")
    assert [select.get("name") for select in form.xpath(".//select")] == ["from", "to"]
    assert form.xpath(".//select[@name='from']/option/@value") == [LAST, THIRD, FIRST]
    assert form.xpath(".//select/option[@selected]/@value") == [THIRD, LAST]
    query = urlencode({"uri": form.xpath(".//input/@value")[0], "from": LAST, "to": FIRST})
    first = kept.get(f"/de/compare?{query}")
    assert first.status == 302
    second = kept.get(first.headers["location"])
    assert (second.status, first.headers["location"]) == (200, f"/de/compare/{FIRST}/{LAST}/{PAGE}")


@pytest.mark.parametrize(
    "query", ["", "uri=x", f"uri={PAGE}&from=1&to={LAST}", f"uri=javascript:1&from={FIRST}&to={LAST}"]
)
def test_a_choice_that_lacks_something_says_so(kept: View, query: str) -> None:
    assert kept.get(f"/compare?{query}").status == 400


def test_the_life_in_the_demo_names_what_was_told(view: View, demo: Demo) -> None:
    start = started(demo)
    row = view.get(f"/json/page/{start}").json
    told = {each["id"] for week in demo.weeks for each in week["reported"] if start in (each["uri"], *each["uris"])}
    assert set(row["changes"]) == told
    assert len(row["versions"]) == 5
    assert len(row["captures"]) == 19
    tree = view.get(f"/de/page/{start}").tree
    for change in told:
        assert f"/de/change/{change}" in tree.xpath("//main//a/@href")
    assert "Die Seite wurde nicht gefunden" in tree.text_content()


def test_where_a_page_moved_is_told_at_both_addresses(view: View, demo: Demo) -> None:
    (moved,) = [each for week in demo.weeks for each in week["reported"] if each["kind"] == "page.moved"]
    old, new = moved["before"], moved["after"]
    assert "Die Seite ist umgezogen nach" in view.get(f"/de/page/{old}").tree.text_content()
    assert f"/de/page/{old}" in view.get(f"/de/page/{new}").tree.xpath("//main//a/@href")


def test_the_json_has_the_captures_of_the_command_line(view: View, demo: Demo) -> None:
    start = started(demo)
    said = [json.loads(line) for line in demo.run("snapshots", start, "--json").stdout.splitlines()]
    assert view.get(f"/json/page/{start}").json["captures"] == said


def test_a_year_of_very_many_looks_is_shown_month_by_month(tmp_path: Path) -> None:
    """Every eight hours for a year; what such a page costs is measured by the benchmark of the view."""
    path = tmp_path / "amtsblick.db"
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    texts = [page(f"Die Sprechstunde ist am Montag um {number} Uhr im Rathaus.") for number in range(50)]
    answer = Answer(uri=PAGE, status=200, headers=(("Content-Type", HTML),), body=b"")
    read = [Got(body=text, reading=reading.read(replace(answer, body=text), Hints())) for text in texts]
    with Archive.open(path, create=True) as archive, archive.transaction():
        looks = ((begin + timedelta(hours=8 * number), {PAGE: read[number // 20]}) for number in range(1_000))
        crawl_all(archive, looks)
    with running(settings(path)) as made:
        tree = made.get(f"/de/page/{PAGE}").tree
        assert len(tree.xpath("//ul[@class='looks']/li")) == 85
        assert len(tree.xpath("//select[@name='to']/option")) == 50
        links = tree.xpath("//nav[@aria-label='Monate']//a/@href")
        assert links == [f"/de/page/2024{month:02}/{PAGE}" for month in range(10, 0, -1)]
        rows = [made.get(link.replace("/de/", "/json/")).json for link in links]
        assert sum(len(row["captures"]) for row in rows) == 1_000 - 85
        assert (rows[-1]["year"], rows[-1]["month"], len(rows[-1]["captures"])) == (2024, 1, 93)
        assert made.get(f"/page/202412/{PAGE}").status == 404


# --- comparison


def test_a_comparison_is_that_of_the_command_line(view: View, demo: Demo) -> None:
    start = started(demo)
    done = demo.run("diff", start, "--from", "2021-03-15T12:00:00Z", "--to", "2021-06-22", "--json")
    said = json.loads(done.stdout)
    shown = view.get(f"/json/compare/20210315043000/20210621033000/{start}")
    assert shown.json == said
    assert said["changed"]


def test_moments_between_lead_to_the_states_they_show(kept: View) -> None:
    reply = kept.get(f"/compare/2023/202412/{PAGE}")
    assert reply.headers["location"] == f"/compare/{FIRST}/{THIRD}/{PAGE}"
    turned = kept.get(f"/compare/beside/{THIRD}/20240303/{PAGE}")
    assert turned.headers["location"] == f"/compare/beside/20240302050000/{THIRD}/{PAGE}"
    assert kept.get(f"/compare/x/{FIRST}/{PAGE}").status == 400


@pytest.mark.parametrize("form", ["", "beside/"])
def test_words_are_marked_by_more_than_colour(kept: View, form: str) -> None:
    tree = kept.get(f"/de/compare/{form}{FIRST}/{THIRD}/{PAGE}").tree
    assert "Montag" in tree.xpath("string(//del)")
    assert "Dienstag" in tree.xpath("string(//ins)")
    assert tree.xpath("//del/span/text()")[0].startswith("entfernt")


def test_documents_are_compared_page_by_page(kept: View) -> None:
    tree = kept.get(f"/de/compare/{FIRST}/{LAST}/{PLAN}").tree
    assert "Seite 2 des Dokuments" in tree.xpath("//h2/text()")
    assert "Freitag" in tree.xpath("string(//ins)")


def test_hostile_texts_are_compared_in_bounded_time(tmp_path: Path) -> None:
    """Two pages of thousands of paragraphs that are all alike, and all different."""
    path = tmp_path / "amtsblick.db"

    def many(word: str) -> bytes:
        return page("".join(f"<p>Absatz {number % 97} {word} {number} a b c d e f g</p>" for number in range(9_000)))

    with Archive.open(path, create=True) as archive:
        for day, word in ((1, "eins"), (2, "zwei")):
            crawl(archive, datetime(2024, 1, day, tzinfo=UTC), {PAGE: Got(body=many(word))})
    with running(settings(path)) as made:
        start = perf_counter()
        reply = made.get(f"/compare/20240101000000/20240102000000/{PAGE}")
        assert perf_counter() - start < 6
        assert reply.status in (200, 503)
