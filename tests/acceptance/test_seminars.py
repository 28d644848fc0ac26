"""The register of seminars through the command line: conflicts that end, postponements, and what is no seminar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.harness import Answer, Desk, Site, serving

pytestmark = pytest.mark.slow

DAY = "2027-03-{:02d}T06:00:00Z"
# The address of the 17th is that of a page of 2016: neither number in it is a day or another seminar.
PAGES = {
    "/s/2016-17-seminar/": (
        "17. Fachseminar Pflege",
        ["Das 17. Fachseminar Pflege fand vom 27. November bis 2. Dezember 2016 in Bonn statt."],
    ),
    "/s/18-seminar/": (
        "18. Fachseminar Pflege",
        ["Vom 4. bis zum 9. Juli 2017 fand in Moskau das 18. Fachseminar Pflege statt."],
    ),
    "/s/partner/": (
        "Unsere Teilnahme am 18. Fachseminar Pflege",
        ["Das 18. Fachseminar Pflege fand vom 4. bis 9. Juni 2017 in Moskau statt."],
    ),
    "/s/24-seminar/": (
        "XXIV. Fachseminar Pflege",
        ["Das Seminar findet vom 10. bis 14. Mai 2027 in Eisenhüttenstadt statt."],
    ),
    "/s/leitung/": (
        "Neue Leitung",
        ["Wie schon beim 21. Fachseminar Pflege 2018 sprach sie im Rathaus.", "Sie leitet das Referat seit 2020."],
    ),
}


def html(title: str, lines: list[str]) -> Answer:
    text = "".join(f"<p>{line}</p>" for line in lines)
    return Answer(f"<html lang=de><head><title>{title}</title></head><body><main><h1>{title}</h1>{text}</main></body>")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Site, Desk]]:
    with serving() as site:
        links = "".join(f'<li><a href="{path}">Seite {number}</a></li>' for number, path in enumerate(PAGES))
        site.pages = {
            "/": html("Amt", ["Willkommen beim Amt."]),
            "/s/": Answer(f"<html lang=de><body><main><h1>Unsere Reihe</h1><ul>{links}</ul></main></body></html>"),
        }
        site.pages |= {path: html(*words) for path, words in PAGES.items()}
        desk = Desk(
            tmp_path,
            f'[[source]]\nname = "amt"\nstart = ["{site.base}/s/"]\nregister = "seminars"\ndelay = 0\nallow_private = true\n',
        )
        assert desk.crawl(DAY.format(1)) == []
        yield site, desk


def register(desk: Desk) -> dict[int, dict[str, Any]]:
    return {row["number"]: row for row in desk.json("seminars")}


def test_a_conflict_shows_with_both_sentences_until_one_page_changes(watched: tuple[Site, Desk]) -> None:
    """The register holds what the pages' titles name, not what they mention; the 18th's sources contradict each other."""
    site, desk = watched
    rows = register(desk)
    assert sorted(rows) == [17, 18, 24]
    assert (rows[17]["start"], rows[17]["end"], rows[17]["city"]) == ("2016-11-27", "2016-12-02", "Bonn")
    assert (rows[24]["start"], rows[24]["state"], rows[24]["city"]) == ("2027-05-10", "announced", "Eisenhüttenstadt")
    torn = rows[18]
    assert (torn["start"], torn["end"], torn["city"]) == (None, None, "Moskau")
    claims = {claim["uri"]: claim for claim in torn["claims"]}
    for path, start in (("/s/18-seminar/", "2017-07-04"), ("/s/partner/", "2017-06-04")):
        claim = claims[site.base + path]
        assert (claim["start"], claim["quote"], claim["state"]) == (start, PAGES[path][1][0], "reported")
        assert claim["version"]
        assert claim["captured_at"] == DAY.format(1)
        assert claim["quote"] in desk.run("snapshot", claim["uri"], "--at", claim["captured_at"]).out
        assert claim["quote"] in " ".join(desk.run("seminars").out.split())

    site.pages["/s/partner/"] = html(PAGES["/s/partner/"][0], [PAGES["/s/partner/"][1][0].replace("Juni", "Juli")])
    (change,) = desk.crawl(DAY.format(8))
    assert (change["kind"], change["after"]["start"], change["after"]["end"]) == (
        "seminar.changed", "2017-07-04", "2017-07-09",
    )  # fmt: skip
    healed = register(desk)[18]
    assert (healed["start"], healed["conflicts"]) == ("2017-07-04", [])
    assert {claim["captured_at"] for claim in healed["claims"]} == {DAY.format(1), DAY.format(8)}


def test_a_seminar_put_off_twice_and_at_last_called_off(watched: tuple[Site, Desk]) -> None:
    """Each step is one event in words of its own; an open date is open, and the old one is not shown for it."""
    site, desk = watched
    steps = [
        (
            ["Das Seminar wird vom 10. bis 14. Mai 2027 auf den 13. bis 17. September 2027 verschoben."],
            ("2027-09-13", "2027-09-17", "postponed"),
            "Das 24. Fachseminar Pflege wurde vom 10.–14. Mai auf den 13.–17. September 2027 verschoben.",
        ),
        (
            ["Das für den 13. bis 17. September 2027 geplante XXIV. Fachseminar Pflege wird nochmals verschoben.",
             "Ein neuer Termin steht noch nicht fest."],
            (None, None, "postponed"),
            "Das 24. Fachseminar Pflege wurde verschoben; ein neuer Termin steht noch nicht fest.",
        ),
        (
            ["Das XXIV. Fachseminar Pflege muss leider ausfallen."],
            (None, None, "cancelled"),
            "Das 24. Fachseminar Pflege wurde abgesagt.",
        ),
    ]  # fmt: skip
    for week, (lines, expected, sentence) in enumerate(steps, start=1):
        site.pages["/s/24-seminar/"] = html(PAGES["/s/24-seminar/"][0], lines)
        (change,) = desk.crawl(DAY.format(1 + 7 * week))
        assert (change["kind"], change["summary"]) == ("seminar.changed", sentence)
        row = register(desk)[24]
        assert (row["start"], row["end"], row["state"]) == expected
