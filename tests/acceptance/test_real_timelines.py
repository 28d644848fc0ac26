"""Real pages of public authorities, captured again and again, through ``crawl`` and ``changes --json``."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.harness import Answer, Desk, serving

SOURCE = """[[source]]
name = "amt"
start = ["{start}"]
delay = 0
confirm_after = "0s"
allow_private = true
register = ""
"""


def rows(index: Path) -> list[dict[str, str]]:
    with index.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


# Texts in which only the menu changed, to a reader's eye and to ours.
MENU_ONLY = {"007.html", "018.html", "019.html", "021.html", "024.html"}


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_university_of_applied_sciences_over_two_years(shared: Path, tmp_path: Path) -> None:
    """26 states of one page, each looked at twice: what no reader sees is silent, every other state is told once.

    The state in which the file is empty blinds, and removes nothing; a great cut is told at the second look.
    """
    folder = shared / "berlin_de" / "timelines" / "htw-berlin_coronavirus"
    told: dict[str, list[str]] = {}
    with serving() as site:
        desk = Desk(tmp_path, SOURCE.format(start=f"{site.base}/coronavirus/"))
        for row in rows(folder / "INDEX.tsv"):
            site.pages["/coronavirus/"] = Answer((folder / row["file"]).read_bytes())
            moment = datetime.fromisoformat(row["commit_date"])
            looks = [desk.crawl(each.isoformat(), expect=None) for each in (moment, moment + timedelta(minutes=10))]
            told[row["file"]] = [change["kind"] for changes in looks for change in changes]
        index = rows(folder / "INDEX.tsv")
    quiet = {row["file"] for row in index if row["kind_vs_previous_file"] == "same-visible-text"} | MENU_ONLY
    content = {row["file"] for row in index if row["kind_vs_previous_commit"] == "content"} - quiet
    assert {name: kinds for name, kinds in told.items() if name in quiet | {"000.html"} and kinds} == {}
    assert told["004.html"] == ["source.blind"]
    assert told["005.html"] == ["source.seeing", "page.changed"]
    assert {name: told[name] for name in content - {"005.html"} if told[name] != ["page.changed"]} == {}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_university_through_a_day_and_a_half(shared: Path, tmp_path: Path) -> None:
    """Three pages, six looks: no page comes, goes or moves; a change on all three is told once."""
    folder = shared / "berlin_de" / "timelines" / "corona.hhu.de_html7"
    index = rows(folder / "INDEX.tsv")
    names = sorted({row["file"].partition("__")[0] for row in index})
    kinds: list[list[str]] = []
    with serving() as site:
        start = '", "'.join(f"{site.base}/{name}" for name in names)
        desk = Desk(tmp_path, SOURCE.format(start=start))
        for look in range(6):
            for name in names:
                site.pages[f"/{name}"] = Answer((folder / f"{name}__00{look}.html").read_bytes())
            changes = desk.crawl(f"2020-10-29T{12 + look:02d}:00:00Z", expect=None)
            kinds.append([change["kind"] for change in changes])
    assert kinds[0] == []
    assert {kind for look in kinds for kind in look} <= {"page.changed", "document.added", "document.removed"}
    assert all(len(look) <= 4 for look in kinds), kinds
