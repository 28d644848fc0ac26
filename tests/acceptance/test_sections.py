"""A section that ends: by one common page, or by redirects to one place; and what stands round a document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.harness import Answer, Desk, Site, serving

pytestmark = pytest.mark.slow

DAY = "2026-03-{:02d}T06:00:00Z"
PAGES = ("/a/", *(f"/a/{number}" for number in range(4)))


def page(title: str, text: str, *links: str, banner: str = "") -> Answer:
    items = "".join(f'<li><a href="{link}">Mehr: {link}</a></li>' for link in links)
    notice = f'<div class="alert" role="alert"><p>{banner}</p></div>' if banner else ""
    return Answer(f"<html><body><main>{notice}<h1>{title}</h1><p>{text}</p><ul>{items}</ul></main></body></html>")


def fill(site: Site, banner: str = "") -> None:
    site.pages = {"/": page("Amt", "Willkommen beim Amt.", "/a/")}
    site.pages["/a/"] = page("Bereich", "Hier beginnt der Bereich.", *PAGES[1:], banner=banner)
    for path in PAGES[1:]:
        site.pages[path] = page(f"Thema {path}", f"Der Text von {path} steht ganz für sich allein.", banner=banner)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Site, Desk]]:
    with serving() as site:
        fill(site)
        desk = Desk(tmp_path, f'[[source]]\nname = "a"\nstart = ["{site.base}/a/"]\ndelay = 0\nallow_private = true\n')
        assert desk.crawl(DAY.format(1)) == []
        yield site, desk


def test_one_common_page_with_status_200_is_the_end_of_the_section(watched: tuple[Site, Desk]) -> None:
    """Every address says the same while the home page is well: told once, after a second look 48 hours later."""
    site, desk = watched
    for path in PAGES:
        site.pages[path] = page("Angebot beendet", "Dieser Bereich unserer Website wurde eingestellt.")
    assert desk.crawl(DAY.format(4)) == []
    (change,) = desk.crawl(DAY.format(8))
    assert (change["kind"], len(change["uris"])) == ("page.removed", len(PAGES))
    assert desk.crawl(DAY.format(12)) == []


def test_temporary_redirects_to_one_place_are_one_move_once_they_last(watched: tuple[Site, Desk]) -> None:
    """302 says of itself that it will not last: believed at the second look, then one event for all."""
    site, desk = watched
    site.pages["/neu"] = page("Neues Angebot", "Hier steht das neue Angebot des Amtes.")
    for path in PAGES:
        site.pages[path] = Answer(status=302, headers={"Location": "/neu"})
    assert desk.crawl(DAY.format(4)) == []
    (change,) = desk.crawl(DAY.format(8))
    assert (change["kind"], change["after"], len(change["uris"])) == ("page.moved", f"{site.base}/neu", len(PAGES))


def test_a_notice_inside_the_main_element_is_one(watched: tuple[Site, Desk]) -> None:
    """Many templates put the box into <main>, before the headline: by its role it is a notice, whatever it says."""
    site, desk = watched
    fill(site, banner="Neue Telefonnummern ab Montag.")
    (posted,) = desk.crawl(DAY.format(2))
    assert (posted["kind"], len(posted["uris"])) == ("notice.posted", len(PAGES))


def test_the_heading_over_a_document_goes_with_it(watched: tuple[Site, Desk]) -> None:
    """A document that comes with a heading over it is one event."""
    site, desk = watched
    old = str(site.pages["/a/"].body)
    section = '<h2>Downloads</h2><p><a href="/a/plan.pdf">Plan 2026</a> (PDF, 3 kB)</p>'
    site.pages["/a/"] = Answer(old.replace("</main>", f"{section}</main>"))
    site.pages["/a/plan.pdf"] = Answer(b"%PDF-1.4\nno text in here\n%%EOF\n", type="application/pdf")
    (change,) = desk.crawl(DAY.format(2))
    assert (change["kind"], change["uri"]) == ("document.added", f"{site.base}/a/plan.pdf")


def test_the_text_of_a_document_counts_whatever_its_address_looks_like(watched: tuple[Site, Desk]) -> None:
    """A PDF behind ``/download.php?id=7``, outside the scope, is known by the words beside its link."""
    site, desk = watched
    old = str(site.pages["/a/"].body)
    offer = '<p><a class="download" href="/download.php?id=7">Brunnensatzung</a> <span>(PDF, 1,4 kB)</span></p>'
    site.pages["/a/"] = Answer(old.replace("</main>", f"{offer}</main>"))
    site.pages["/download.php?id=7"] = Answer(b"%PDF-1.4\nno text in here\n%%EOF\n", type="application/pdf")
    (added,) = desk.crawl(DAY.format(2))
    assert (added["kind"], added["uri"]) == ("document.added", f"{site.base}/download.php?id=7")
    site.pages["/download.php?id=7"] = Answer(b"%PDF-1.4\nother text\n%%EOF\n", type="application/pdf")
    (changed,) = desk.crawl(DAY.format(3))
    assert (changed["kind"], changed["uri"]) == ("document.changed", f"{site.base}/download.php?id=7")
