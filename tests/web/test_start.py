"""The start page says what the demo told, and leads on."""

from __future__ import annotations

import pytest

from tests.demo import Demo
from tests.web.view import View

pytestmark = pytest.mark.slow


def told(demo: Demo) -> dict[str, str]:
    """Every change the demo told, with its kind."""
    return {each["id"]: each["kind"] for week in demo.weeks for each in week["reported"]}


def test_every_change_is_in_the_week_it_became_known(view: View, demo: Demo) -> None:
    found: dict[str, str] = {}
    for week in (f"2021-W{number:02}" for number in range(9, 28)):
        found |= {each["id"]: each["kind"] for each in view.get(f"/json/week/{week}").json["changes"]}
    assert found == told(demo)


def test_a_day_with_changes_leads_from_the_calendar_to_them(view: View) -> None:
    days = view.get("/json/year/2021").json["days"]
    assert days["2021-03-15"] == 1
    calendar = view.get("/de/year/2021").tree
    assert len(calendar.xpath("//table[@class='month']//a")) == len(days)
    link = calendar.xpath("//a[contains(@href, '2021-03-15')]")[0]
    assert link.get("aria-label") == "15. März 2021: eine Meldung"
    assert "Hinweis geändert" in view.get(link.get("href")).text


@pytest.mark.parametrize(
    "path", ["/week/2021-W60", "/week/x", "/day/2021-02-30", "/year/1", "/change/0123", "/nowhere"]
)
def test_what_is_not_there_is_said_in_the_visitor_s_language(view: View, path: str) -> None:
    german, english = view.get(path, accept_language="de"), view.get(path, accept_language="fr, en;q=0.5, de;q=0.4")
    assert (german.status, english.status) == (404, 404)
    assert "Hier ist nichts" in german.text
    assert "Nothing here" in english.text
    assert view.get(f"/json{path}").json["status"] == 404
