"""What a person meets: every kind of page in Chromium, and the way from a mail to what it tells of."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from crawler.demo import VIEW
from crawler.replay import paths
from tests.browser import asked, axe, is_wider_than_its_window, opened
from tests.demo import Demo
from tests.web.view import View

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]

KINDS = (
    "start", "week", "day", "year", "change", "change beside", "change of a notice", "page", "comparison",
    "comparison beside", "state", "state of a document", "seminars", "notices", "documents", "source", "search", "found nothing",
    "digests", "digest", "health", "nothing",
)  # fmt: skip


@pytest.fixture(scope="session")
def addresses(view: View, demo: Demo) -> Mapping[str, str]:
    """One address of each kind of page."""
    told = [change for week in demo.weeks for change in week["reported"]]
    base = "{0.scheme}://{0.netloc}".format(urlsplit(told[0]["uri"]))
    section = base + paths.SECTION
    seminar = next(change for change in told if change["kind"] == "seminar.changed")
    notice = next(change for change in told if change["kind"] == "notice.changed")
    document = next(change for change in told if change["kind"] == "document.changed")
    return {
        "start": "/",
        "week": "/week/2021-W13",
        "day": "/day/2021-03-29",
        "year": "/year/2021",
        "change": f"/change/{seminar['id']}",
        "change beside": f"/change/{seminar['id']}/beside",
        "change of a notice": f"/change/{notice['id']}",
        "page": f"/page/{section}",
        "comparison": f"/compare/20210301043000/20210524033000/{section}",
        "comparison beside": f"/compare/beside/20210301043000/20210524033000/{section}",
        "state": f"/web/20210524033000/{section}",
        "state of a document": f"/page/{document['uri']}",
        "seminars": "/seminars",
        "notices": "/notices",
        "documents": "/documents",
        "source": "/source/lageso-partnerschaft",
        "search": "/search?words=Seminar",
        "found nothing": "/search?words=Quastenflosser",
        "digests": "/digests",
        "digest": "/digest/5",
        "health": "/health",
        "nothing": f"/page/{base}/nie-gesehen",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_can_be_used_by_everybody(
    browser: Browser, view: View, addresses: Mapping[str, str], kind: str
) -> None:
    """Axe finds nothing, wide and light, narrow and dark; nothing is wider than a phone, or than a window at 200 %.

    No page asks anybody else, keeps anything, or has a script.
    """
    with opened(browser, width=1200) as page:
        made = asked(page)
        page.goto(f"{view.url}/de{addresses[kind]}", wait_until="networkidle")
        assert page.locator("h1").count() == 1
        assert axe(page).violations == {}
        page.set_viewport_size({"width": 600, "height": 450})  # what 200 % leaves of 1200
        assert not is_wider_than_its_window(page)
        page.set_viewport_size({"width": 360, "height": 740})
        page.emulate_media(color_scheme="dark")
        assert axe(page).violations == {}
        assert not is_wider_than_its_window(page)
        page.goto(f"{view.url}/en{addresses[kind]}")
        assert not is_wider_than_its_window(page)
        assert page.locator("html").get_attribute("lang") == "en"
        assert {urlsplit(request.url).netloc for request in made} == {urlsplit(view.url).netloc}
        assert page.context.cookies() == []
        assert page.locator("script").count() == 0


def letter(demo: Demo, words: str) -> EmailMessage:
    """The mail of the demo whose subject has these words."""
    for path in sorted((demo.folder / "outbox").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        if words in str(message["Subject"]):
            return message
    raise AssertionError(f"no mail about {words}")


def test_from_the_mail_to_the_change_to_the_old_page_to_the_search(browser: Browser, view: View, demo: Demo) -> None:
    """The way of somebody who reads that a seminar was put off, and wants to see it with their own eyes."""
    part = letter(demo, "verschoben").get_body(("html",))
    assert part is not None
    mail = str(part.get_content()).replace(VIEW, view.url)  # the demo's own port may be taken here
    with opened(browser) as page:
        page.set_content(mail)
        page.get_by_role("link", name="Vergleich ansehen").first.click()
        expect(page.locator("h1")).to_contain_text("23. Arbeits- und Sozialseminar verschoben")
        page.get_by_role("link", name="Nachher, archiviert am 29. März 2021").click()
        expect(page.get_by_text("Archivierter Stand vom 29. März 2021")).to_be_visible()
        frame = page.frame_locator("iframe")
        expect(frame.get_by_text("findet vom 9. bis 13. Juni 2021 in Berlin statt").first).to_be_visible()

        page.get_by_role("link", name="Alle Stände dieser Seite").click()
        page.get_by_role("link", name="Stand vom 29. März 2021, 05:30 Uhr mit dem davor vergleichen").click()
        changed = page.locator(".block.changed").filter(has_text="statt")
        for words, mark in (("12", "del"), ("16. Mai", "del"), ("9", "ins"), ("13. Juni", "ins")):
            expect(changed.locator(mark).filter(has_text=words)).to_have_count(1)

        page.get_by_role("link", name="Suche", exact=True).click()
        page.get_by_label("Suchbegriffe").fill("Sozialseminar Juni")
        page.get_by_role("button", name="Suchen").click()
        expect(page.locator("mark").first).to_be_visible()
        _is_ours(page, view)


def test_the_digest_online_leads_to_the_change_and_to_both_states(browser: Browser, view: View, demo: Demo) -> None:
    number = next(
        each["digest"] for each in view.get("/json/digests").json["digests"] if "verschoben" in each["subject"]
    )
    with opened(browser, f"{view.url}/de/digest/{number}") as page:
        page.locator("main").get_by_role("link", name="verschoben").first.click()
        expect(page.locator("h1")).to_contain_text("23. Arbeits- und Sozialseminar verschoben")
        page.get_by_role("link", name="Nebeneinander").click()
        expect(page.get_by_role("columnheader", name="Vorher").first).to_be_visible()
        page.get_by_role("link", name="Vorher, archiviert am 22. März 2021").click()
        expect(page.frame_locator("iframe").get_by_text("12. bis 16. Mai 2021").first).to_be_visible()


def test_the_keyboard_is_enough(browser: Browser, view: View) -> None:
    """Past the menu with one key, on to what matters, and back; what has the focus can be seen."""
    with opened(browser, f"{view.url}/de/") as page:
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_have_text("Zum Inhalt")
        expect(focused).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        first = page.locator("main").get_by_role("link").first
        expect(first).to_be_focused()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        title = first.inner_text()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(title)


def test_a_page_prints_without_what_only_a_screen_can_use(browser: Browser, view: View, tmp_path: Path) -> None:
    with opened(browser, f"{view.url}/de/seminars") as page:
        page.emulate_media(media="print")
        assert not page.locator("nav").first.is_visible()
        assert page.locator("h1").is_visible()


def _is_ours(page: Page, view: View) -> None:
    assert page.url.startswith(view.url)
