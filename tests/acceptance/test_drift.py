"""What moves on a page without changing its text is told to nobody, and can be seen by whoever looks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.harness import Answer, Site, serving
from tests.acceptance.upgrade import Upgraded

TOKENS = itertools.count(1)
RULES = tuple(f"In Absatz {n} steht, was für einen Antrag auf Hilfe und seine Frist im Amt gilt." for n in range(1, 9))


class Pages:
    """Five pages: one whose aside rotates, one whose aside changes for good, one that loses text to its aside, …"""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.aside = {"rotates": "", "lasts": "Das Stadtfest beginnt am Samstag auf dem Markt.", "slips": ""}
        self.rules = dict.fromkeys(("rotates", "lasts", "slips", "repeats", "still"), RULES)
        self.show()

    def show(self) -> None:
        token = next(TOKENS)
        self.aside["rotates"] = f"Tipp des Tages: die Amtsstube Nummer {chr(64 + token)} hat einen neuen Tisch."
        links = "".join(f'<li><a href="/{name}">Die Seite {name}</a></li>' for name in self.rules)
        self.site.pages = {"/": Answer(self._page("Amt", f"<ul>{links}</ul>", "", 0))}
        for name, rules in self.rules.items():
            text = "".join(f"<p>{rule} Das gilt für {name}.</p>" for rule in rules)
            aside = f"<p>{self.aside.get(name, '')}</p>"
            if name == "slips" and len(rules) < len(RULES):
                aside += "".join(f"<p>{rule} Das gilt für {name}.</p>" for rule in RULES[len(rules) :])
            self.site.pages[f"/{name}"] = Answer(self._page(name, text, aside, token if name != "still" else 0))

    def _page(self, title: str, text: str, aside: str, token: int) -> str:
        return (
            f"<html lang=de><head><title>Seite {title}</title></head><body><main><h1>Seite {title}</h1>{text}</main>"
            f'<aside>{aside}</aside><input type="hidden" value="{token}"></body></html>'
        )


@pytest.fixture
def pages() -> Iterator[Pages]:
    with serving() as site:
        yield Pages(site)


@pytest.mark.slow
@pytest.mark.timeout(300)  # twenty commands, on a machine that may do other things
def test_what_moves_without_being_told_is_on_record(tmp_path: Path, pages: Pages) -> None:
    base = pages.site.base
    desk = Upgraded(
        tmp_path,
        f'[[source]]\nname = "amt"\nstart = ["{base}/"]\ndelay = 0\nallow_private = true\nconfirm_after = "0s"\n',
    )

    def rule(name: str) -> tuple[str, str]:
        last = desk.json("snapshots", f"{base}/{name}")[-1]
        return last["outcome"], last["rule"]

    def held() -> list[tuple[str, str]]:
        wanted = ("around-text", "main-shrunk")
        return [(row["rule"], row["uri"].removeprefix(base)) for row in desk.held() if row["rule"] in wanted]

    assert desk.crawl("2026-03-01T05:30:00Z") == []

    pages.aside["lasts"] = "Das Stadtfest ist vorbei, und der Markt wird gefegt."
    pages.rules["slips"] = RULES[:4]
    pages.show()
    (summary,) = desk.json("crawl", now="2026-03-02T05:30:00Z")
    assert (summary["changes"], summary["drifted"], summary["same_text"]) == (0, 3, 1)
    assert rule("rotates") == rule("lasts") == ("ok", "around-text")
    assert rule("slips") == ("ok", "main-shrunk")
    assert rule("repeats") == ("ok", "same-text")
    assert rule("still") == ("unchanged", "same bytes")
    assert "Das Stadtfest ist vorbei" in desk.json("snapshots", f"{base}/lasts")[-1]["detail"]
    assert desk.json("status", expect=None)[0]["sources"][0]["drifted"] == 3
    assert held() == [("main-shrunk", "/slips")]

    for day in (3, 4):
        pages.show()
        assert desk.crawl(f"2026-03-0{day}T05:30:00Z") == []
    assert rule("lasts") == ("ok", "same-text")
    assert rule("rotates") == ("ok", "around-text")
    # Of the aside that is another one every day, only that the first one is gone lasts: one entry, however many looks.
    assert held() == [("main-shrunk", "/slips"), ("around-text", "/lasts"), ("around-text", "/rotates")]
    entry = next(row for row in desk.held() if row["rule"] == "around-text")
    assert "neu: „Das Stadtfest ist vorbei" in entry["detail"]
    assert "fort: „Das Stadtfest beginnt" in entry["detail"]

    pages.rules["slips"] = RULES
    pages.show()
    assert desk.crawl("2026-03-06T05:30:00Z") == []


def test_a_real_change_beside_a_slip_is_told_at_once(tmp_path: Path, pages: Pages) -> None:
    """Waiting for a second look would be waiting for news: only what still stands on the page is left out."""
    base = pages.site.base
    desk = Upgraded(
        tmp_path,
        f'[[source]]\nname = "amt"\nstart = ["{base}/"]\ndelay = 0\nallow_private = true\nconfirm_after = "48h"\n',
    )
    assert desk.crawl("2026-03-01T05:30:00Z") == []
    pages.rules["slips"] = (*RULES[:3], RULES[3].replace("Frist", "Gebühr"))
    pages.show()
    (told,) = desk.crawl("2026-03-02T05:30:00Z")
    assert (told["kind"], told["uri"]) == ("page.changed", f"{base}/slips")
    assert "Gebühr" in str(told["after"])
    assert "Absatz 6" not in str((told["before"], told["after"]))


def test_text_beside_that_of_many_pages_is_one_entry(tmp_path: Path, pages: Pages) -> None:
    """What the margin of a part of the site says is seen once, not page by page."""
    base = pages.site.base
    pages.rules |= {f"weitere{n}": RULES for n in range(6)}
    pages.show()
    desk = Upgraded(
        tmp_path,
        f'[[source]]\nname = "amt"\nstart = ["{base}/"]\ndelay = 0\nallow_private = true\nconfirm_after = "0s"\n',
    )
    assert desk.crawl("2026-03-01T05:30:00Z") == []
    pages.aside |= dict.fromkeys(("weitere1", "weitere2", "weitere3"), "Der Markt wird am Montag gefegt.")
    for day in (2, 3, 4):
        pages.show()
        assert desk.crawl(f"2026-03-0{day}T05:30:00Z") == []
    (entry,) = (row for row in desk.held() if "gefegt" in row["detail"])
    assert (entry["rule"], entry["uri"]) == ("around-text-shared", f"{base}/")
