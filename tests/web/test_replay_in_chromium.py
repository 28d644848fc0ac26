"""Archived pages in a real browser: they look as they did, nothing leaves the view, nothing runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser import asked, axe, is_wider_than_its_window, opened
from tests.web.kept import HOST, PAGE
from tests.web.view import View

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]

FIRST, THIRD, LAST = "20240301050000", "20240501050000", "20250201050000"
STYLE_OF = "name => { const s = getComputedStyle(document.querySelector(name)); return [s.backgroundColor, s.color] }"
LOADED = "() => [...document.images].map(each => each.naturalWidth)"


def test_a_page_looks_as_it_did(kept: View, browser: Browser) -> None:
    """Styles, imported styles, images and fonts come from the archive into a frame without an origin of its own."""
    with opened(browser) as page:
        requests, said = asked(page), []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{kept.url}/de/web/{FIRST}/{PAGE}")
        page.wait_for_load_state("networkidle")
        frame = page.frames[1]
        assert frame.url == f"{kept.url}/web/{FIRST}if_/{PAGE}"
        assert frame.evaluate(STYLE_OF, "body")[0] == "rgb(1, 2, 3)"
        assert frame.evaluate(STYLE_OF, "p")[1] == "rgb(4, 5, 6)"
        assert frame.evaluate(LOADED) == [8, 8, 0]
        assert frame.evaluate("() => [...document.fonts].map(each => each.status)") == ["loaded"]
        paths = {request.url.removeprefix(kept.url) for request in requests}
        assert all(request.url.startswith(f"{kept.url}/") for request in requests)
        assert f"/web/{FIRST}im_/{HOST}/css/f.ttf" in paths
        assert not [text for text in said if "Refused" in text or "CORS" in text or "violates" in text], said


def test_hostile_markup_neither_runs_nor_reaches_out(kept: View, browser: Browser) -> None:
    with opened(browser) as page:
        requests = asked(page)
        page.goto(f"{kept.url}/web/{FIRST}/{HOST}/amt/boese")
        page.wait_for_load_state("networkidle")
        frame = page.frames[1]
        assert len(page.frames) == 2
        assert frame.title() == "Sprechstunde"
        assert "lief" not in page.title()
        for name in ("#js", "#data", "#send"):
            element = frame.query_selector(name)
            if element is not None:
                element.click(force=True, timeout=2000)
        page.wait_for_load_state("networkidle")
        assert page.url == f"{kept.url}/web/{FIRST}/{HOST}/amt/boese"
        assert [request.url for request in requests if not request.url.startswith(f"{kept.url}/")] == []


def test_the_frame_alone_stays_in_its_sandbox(kept: View, browser: Browser) -> None:
    """Opened by itself it has no origin either: nothing of the view can be read from it."""
    with opened(browser, f"{kept.url}/web/{FIRST}if_/{HOST}/amt/boese") as page:
        assert page.evaluate("self.origin") == "null"


def test_a_link_in_the_frame_leads_to_the_archived_state(kept: View, browser: Browser) -> None:
    with opened(browser, f"{kept.url}/de/web/{THIRD}/{PAGE}") as page:
        page.frames[1].click("text=Lageplan", trial=True)
        href = page.frames[1].get_attribute("text=Lageplan", "href")
        assert href == f"/web/{THIRD}/{HOST}/amt/plan.pdf"
        with page.expect_download() as download:
            page.frames[1].click("text=Lageplan")
        assert download.value.suggested_filename == f"{FIRST}.pdf"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        f"web/{FIRST}/{PAGE}",
        f"web/{FIRST}/{HOST}/amt/weg",
        f"page/{PAGE}",
        f"page/2024/{PAGE}",
        f"compare/{FIRST}/{LAST}/{PAGE}",
        f"compare/beside/{FIRST}/{LAST}/{PAGE}",
        f"compare/{FIRST}/{LAST}/{HOST}/amt/plan.pdf",
        f"page/{PAGE}x",
    ],
)
def test_axe_finds_nothing_and_nothing_is_too_wide(kept: View, browser: Browser, path: str, dark: bool) -> None:
    with opened(browser, f"{kept.url}/de/{path}", width=360, dark=dark) as page:
        assert not is_wider_than_its_window(page)
        assert axe(page).violations == {}
