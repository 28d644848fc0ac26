"""Cases of alerts that were wrong or missing: written by the command, replayed through ``crawl`` and ``changes``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.acceptance.harness import Answer, Desk, Site, serving
from tests.acceptance.replay import expected, replay

CASES = sorted(file.parent for file in Path("tests/golden/alerts").glob("*/case.json"))
CONFIG = """
[archive]
path = "amtsblick.db"
[[source]]
name = "amt"
start = ["{base}/amt/"]
register = "seminars"
allow_private = true
delay = 0
confirm_after = "0s"
[[subscription]]
name = "team"
to = ["lea@example.org"]
[mail]
from = "Amtsblick <amtsblick@example.org>"
"""
LONG = "Das Amt berichtet hier über seine Arbeit mit den Partnern und über die Treffen der letzten Jahre. " * 4


def _page(title: str, *parts: str) -> Answer:
    text = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
    return Answer(
        f"<!doctype html><html lang=de><title>{title}</title><body><main><h1>{title}</h1>{text}</main></body></html>"
    )


def _teaser(number: int) -> str:
    shows = (
        "Besuchen Sie die Ausstellung im Rathaus.",
        "Lesen Sie den Rundbrief der Bücherei.",
        "Gehen Sie schwimmen.",
    )
    return f'<div class="teaser"><p>{shows[number]}</p></div>'


def _story(site: Site, desk: Desk) -> list[str]:
    """A site whose office puts off a seminar, while a teaser shows something else; the ids of what was told."""
    link = '<ul><li><a href="/amt/seminar-23/">23. Arbeits- und Sozialseminar</a></li></ul>'
    seminar = "Das 23. Arbeits- und Sozialseminar findet vom {} in Berlin statt."
    site.pages["/amt/"] = _page("Partnerschaft", LONG, _teaser(0), link)
    site.pages["/amt/seminar-23/"] = _page(
        "23. Arbeits- und Sozialseminar", seminar.format("12. bis 16. Mai 2021"), LONG
    )
    desk.crawl("2021-03-01T06:00:00Z")
    site.pages["/amt/"] = _page("Partnerschaft", LONG, _teaser(1), link)
    site.pages["/amt/seminar-23/"] = _page(
        "23. Arbeits- und Sozialseminar", seminar.format("9. bis 13. Juni 2021"), LONG
    )
    told = desk.crawl("2021-03-08T06:00:00Z")
    assert [one["kind"] for one in told] == ["seminar.changed", "page.changed"]
    return [one["id"] for one in told]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_what_the_repository_has_of_cases_is_told_as_it_should_be(folder: Path, tmp_path: Path) -> None:
    assert replay(folder, tmp_path) == expected(folder)


def test_there_are_cases() -> None:
    assert len(CASES) >= 2


def test_a_change_that_was_wrong_becomes_a_case_that_fails_until_it_is_mended(tmp_path: Path) -> None:
    place = tmp_path / "desk"
    place.mkdir()
    with serving() as site:
        desk = Desk(place, CONFIG.format(base=site.base))
        seminar, page = _story(site, desk)
        result = desk.run(
            "changes",
            "retract",
            page,
            "--reason",
            "nur der Anreißer",
            "--save-case",
            "cases",
            now="2021-03-09T06:00:00Z",
        )
    (folder,) = (place / "cases").iterdir()
    assert str(folder.name) in result.err
    case = json.loads((folder / "case.json").read_text("utf-8"))
    assert case["wrong"] == "nur der Anreißer"
    assert "lea@example.org" not in (folder / "case.json").read_text("utf-8")
    assert [one["kind"] for one in case["expected"]] == ["seminar.changed"]
    assert [one["kind"] for one in replay(folder, _made(tmp_path / "as-it-was"))] == ["seminar.changed", "page.changed"]
    case["source"]["ignore"] = [".teaser"]
    (folder / "case.json").write_text(json.dumps(case), "utf-8")
    assert replay(folder, _made(tmp_path / "mended")) == case["expected"]
    again = desk.run("changes", "case", page, "--save-case", "cases", expect=2)
    assert "there is a case of this name already" in again.err
    desk.run("changes", "case", seminar, "--save-case", "cases")
    assert len(list((place / "cases").iterdir())) == 2


def test_a_page_that_the_server_confirmed_is_in_a_case_as_it_was(tmp_path: Path) -> None:
    link = '<ul><li><a href="/amt/still/">Was gleich bleibt</a></li></ul>'
    with serving() as site:
        desk = Desk(tmp_path, CONFIG.format(base=site.base))
        site.pages["/amt/"] = _page("Partnerschaft", LONG, link)
        site.pages["/amt/still/"] = replace(_page("Was gleich bleibt", LONG, "Und mehr."), headers={"ETag": '"1"'})
        desk.crawl("2021-03-01T06:00:00Z")
        site.pages["/amt/"] = _page("Partnerschaft", LONG, "Ein neuer Absatz steht hier.", link)
        site.pages["/amt/still/"] = Answer(status=304, headers={"ETag": '"1"'})
        (told,) = desk.crawl("2021-03-08T06:00:00Z")
        desk.run("changes", "case", told["id"], "--save-case", "cases")
    (folder,) = (tmp_path / "cases").iterdir()
    crawls = json.loads((folder / "case.json").read_text("utf-8"))["crawls"]
    still = [one for crawl in crawls for one in crawl["answers"] if one["address"].endswith("/still/")]
    assert [one["status"] for one in still] == [200, 200]
    assert all("Was gleich bleibt" in (folder / one["body"]).read_text("utf-8") for one in still)


def test_slips_get_one_line(tmp_path: Path) -> None:
    with serving() as site:
        desk = Desk(tmp_path, CONFIG.format(base=site.base))
        _, page = _story(site, desk)
    for words, said in (
        (["case"], "--save-case DIR is missing"),
        (["case", "--save-case", "cases"], "which change?"),
        (["case", "zzz", "--save-case", "cases"], "there is no change zzz"),
        (["--save-case", "cases"], "goes with"),
        (["case", page, "--save-case", "cases", "--reason", "x"], "goes with"),
    ):
        result = desk.run("changes", *words, expect=2)
        assert said in result.err
        assert len(result.err.strip().splitlines()) == 1
    assert not (tmp_path / "cases").exists()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
