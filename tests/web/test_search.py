"""The search: what it finds, what it says when it finds nothing, and that nothing typed is syntax."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from storage.archive import Archive
from tests.storage.makers import Watching
from tests.web import filled
from tests.web.view import View, running
from web.views import search
from web.views.search import typed

PAGES = 230


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """A view of an archive in which one word stands on more pages than may be leafed to."""
    folder: Path = tmp_path_factory.mktemp("many")
    with Archive.open(folder / "amtsblick.db", create=True, fleeting=True) as archive:
        watching = Watching(archive)
        watching.once(**{f"p{n}": f"Öffnung Nummer {n}" for n in range(PAGES)})
        watching.once(p1="Geschlossen", p2="Öffnung am 2. Tag")
    with running(filled.settings_of(folder)) as view:
        yield view


def hits(view: View, query: str) -> list[str]:
    return [hit["uri"].rpartition("/")[2] for hit in view.get(f"/json/search?{query}").json["hits"]]


def test_a_hit_shows_its_words_marked_and_leads_to_the_state_and_to_the_life_of_its_page(many: View) -> None:
    (hit,) = many.get("/json/search?words=%22nummer+1%22").json["hits"]
    assert (hit["passages"][0]["text"], hit["passages"][0]["marks"]) == ("Öffnung Nummer 1", [[8, 16]])
    assert hit["until"]
    tree = many.get("/de/search?words=nummer+17").tree
    assert [mark.text for mark in tree.xpath("//mark")] == ["Nummer", "17"]
    (title,) = tree.xpath("//article/h3/a/@href")
    assert title == "/de/web/20260105060018/https://example.org/a/p17"
    assert tree.xpath("//article//ul//a/@href") == ["/de/page/https://example.org/a/p17"]


def test_filters_limit_it_and_days_are_understood_as_people_write_them(many: View) -> None:
    assert hits(many, "words=geschlossen") == ["p1"]
    assert hits(many, "words=nummer+1&until=05.01.2026") == ["p1"]
    assert hits(many, "words=nummer+1&until=2026") == ["p1"]
    assert hits(many, "words=nummer+1&since=2026-02") == []
    assert hits(many, "words=geschlossen&kind=document") == []
    assert hits(many, "words=geschlossen&source=section") == ["p1"]
    page = many.get("/de/search?words=geschlossen&since=05.01.2026&source=section&kind=page").tree
    assert page.xpath("//input[@name='since']/@value") == ["05.01.2026"]
    assert page.xpath("//option[@selected]/text()") == ["section", "auf Seiten (ohne Hinweise)"]


@pytest.mark.parametrize(
    ("query", "wrong", "sentence"),
    [
        ("words=...", "words", "mindestens ein Wort"),
        ("words=a&since=morgen", "since", "ist kein Datum"),
        ("words=a&until=31.02.2020", "until", "ist kein Datum"),
        ("words=a&since=2021&until=2020", "order", "liegt nach dem letzten"),
        ("words=a&source=x", "source", "gibt es nicht"),
        ("words=a&kind=x", "kind", "wo gesucht werden soll"),
    ],
)
def test_what_means_nothing_is_said_beside_the_form(many: View, query: str, wrong: str, sentence: str) -> None:
    answer = many.get(f"/json/search?{query}")
    assert (answer.status, answer.json["wrong"]) == (400, [wrong])
    page = many.get(f"/de/search?{query}")
    assert page.status == 400
    assert sentence in page.tree.xpath("//div[@role='alert']")[0].text_content()


def test_nothing_found_is_said_in_plain_words(many: View) -> None:
    answer = many.get("/de/search?words=Quastenflosser")
    assert answer.status == 200
    assert "Nichts gefunden." in answer.text
    assert "Ergebnisse" not in many.get("/de/search").text


@pytest.mark.parametrize(
    "words",
    [
        "öffnung OR geschlossen",
        "öffnung NOT geschlossen",
        "NEAR(öffnung nummer)",
        "öffnung AND",
        "'; DROP TABLE search; --",
    ],
)
def test_what_other_programs_take_for_operators_are_words(many: View, words: str) -> None:
    assert many.get(f"/json/search?words={quote_plus(words)}").json["hits"] == []


@pytest.mark.parametrize(
    "words", ["öffnung*", "^öffnung", "öffnung) --", "{öffnung}", '"öffnung', "title:öffnung -öffnung"]
)
def test_signs_are_passed_over(many: View, words: str) -> None:
    answer = many.get(f"/json/search?words={quote_plus(words)}")
    assert (answer.status, len(answer.json["hits"])) == (200, 0 if "title" in words else 20)


@pytest.mark.parametrize("words", ['"', "'", "\x00", "%", "\\", "(" * 150, "*"])
def test_signs_alone_are_no_words(many: View, words: str) -> None:
    assert many.get(f"/json/search?words={quote_plus(words)}").json["wrong"] == ["words"]


def test_quotation_marks_of_all_sorts_make_phrases() -> None:
    assert typed('eins "zwei drei" „vier fünf“ «sechs sieben» ... ""') == (
        "eins",
        "zwei drei",
        "vier fünf",
        "sechs sieben",
    )
    assert len(typed(" ".join(f"w{n}" for n in range(50)))) == 12


def test_pages_of_results_end_where_narrowing_down_helps_more(many: View) -> None:
    seen = [uri for page in range(1, 11) for uri in hits(many, f"words=%C3%B6ffnung&page={page}")]
    assert len(seen) == len(set(seen)) == 200
    last = many.get("/de/search?words=%C3%B6ffnung&page=10")
    assert "Es gibt noch mehr." in last.text
    assert last.tree.xpath("//a[@rel='prev']/@href") == ["/de/search?words=%C3%B6ffnung&page=9"]
    assert not last.tree.xpath("//a[@rel='next']")
    assert hits(many, "words=%C3%B6ffnung&page=999999") == hits(many, "words=%C3%B6ffnung&page=10")


def test_a_search_that_takes_too_long_says_that_it_is_only_a_part(many: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_PATIENCE", 0.0)
    answer = many.get("/json/search?words=%C3%B6ffnung").json
    assert (answer["complete"], answer["hits"]) == (False, [])
    assert "dies ist nur ein Teil" in many.get("/de/search?words=%C3%B6ffnung").text
