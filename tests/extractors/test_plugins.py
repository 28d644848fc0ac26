"""Page objects of other distributions: asked by markup, versioned, and never trusted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from extractors import installed
from extractors.edition import EXTRACTOR_VERSION
from extractors.model import Answer, BlockKind, Hints, Outcome, Page, PageKind, Reading
from extractors.pages import plugins
from extractors.read import read
from tests.crawler.plugged import example, install

TEXT = "Am Sonntag wird der Brunnen geschmückt, danach spielt die Kapelle auf dem Markt."
OWN = f'<html lang="de"><head><title>Fest</title><meta name="generator" content="MusterCMS"></head><body><div id="inhalt"><h1>Fest</h1><p>{TEXT}</p></div></body></html>'
FOREIGN = OWN.replace("MusterCMS", "Anderes")
BERLIN = f'<html><body><div id="layout-grid__area--maincontent"><h1>Amt</h1><p>{TEXT}</p></div></body></html>'
HEAD = "from extractors.pages.kit import *\n\ndef recognises(tree):\n    return first(tree, 'meta[content=MusterCMS]') is not None\n\n"
Install = Callable[..., None]


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs the page object `musterstadt` for one test."""

    def forget() -> None:
        sys.modules.pop("musterstadt", None)
        for cached in (installed.points, installed.names, installed.versions, plugins.find):
            cached.cache_clear()

    def put(code: str, points: str = "musterstadt = musterstadt", version: str = "1") -> None:
        monkeypatch.syspath_prepend(str(install(tmp_path / "plugins", code, points, version)))
        monkeypatch.setattr(sys, "dont_write_bytecode", True)  # two versions within a second look alike
        forget()

    yield put
    forget()


def reading_of(text: str, extractor: str = "auto", previous: Page | None = None) -> Reading:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    answer = Answer(uri="https://www.example.org/fest/", status=200, headers=headers, body=text.encode())
    return read(answer, Hints(extractor=extractor, previous=previous))


def page_of(text: str, extractor: str = "auto") -> Page:
    page = reading_of(text, extractor).page
    assert page is not None
    return page


class TestChoice:
    def test_the_markup_decides(self, plug: Install) -> None:
        plug(*example())
        assert page_of(OWN).extractor == "musterstadt"
        assert page_of(FOREIGN).extractor == "generic"
        assert page_of(BERLIN).extractor == "berlin.de"

    def test_the_config_decides(self, plug: Install) -> None:
        plug(*example())
        assert page_of(OWN, "generic").extractor == "generic"
        assert page_of(OWN, "berlin.de").extractor == "generic"
        assert page_of(OWN, "musterstadt").extractor == "musterstadt"
        assert page_of(FOREIGN, "musterstadt").extractor == "generic"

    def test_the_version_is_that_of_the_distribution(self, plug: Install) -> None:
        code, points = example()
        plug(code, points, "1.4")
        assert page_of(OWN).extractor_version.startswith(f"{EXTRACTOR_VERSION}+musterstadt-1.4")
        assert "+" not in page_of(FOREIGN).extractor_version

    def test_a_class_is_a_page_object_too(self, plug: Install) -> None:
        code = (
            HEAD
            + "class Town:\n    def recognises(self, tree):\n        return recognises(tree)\n    def read(self, document):\n        return read_by(document, main='#inhalt')\n"
        )
        plug(code, "musterstadt = musterstadt:Town")
        assert page_of(OWN).extractor == "musterstadt"


class TestPage:
    def test_what_it_leaves_empty_is_taken_from_the_document(self, plug: Install) -> None:
        code = (
            HEAD
            + "def read(document):\n    return Page(uri='x', title='Fest', blocks=(Block(kind=BlockKind.PARAGRAPH, text='Heute ist Fest.'),))\n"
        )
        plug(code)
        page = page_of(OWN.replace("</body>", '<a href="/mehr">Mehr</a></body>'))
        assert (page.uri, page.language) == ("https://www.example.org/fest/", "de")
        assert [link.uri for link in page.links] == ["https://www.example.org/mehr"]
        assert [(block.kind, block.rule) for block in page.blocks] == [(BlockKind.PARAGRAPH, "page-object")]

    def test_the_kit_reads_by_selectors(self, plug: Install) -> None:
        plug(*example())
        stamped = OWN.replace("<p>", '<p class="meldung-datum">3. Mai 2026</p><p>', 1)
        page = page_of(stamped)
        assert (page.kind, page.text) == (PageKind.PRESS, f"Fest\n{TEXT}")
        assert [date.day.isoformat() for date in page.dates] == ["2026-05-03"]


BROKEN = {
    "raises": (HEAD + "def read(document):\n    raise KeyError('datum')\n", "KeyError: 'datum' (musterstadt.py, Zeile 7)"),
    "finds nothing": (HEAD + "def read(document):\n    return read_by(document, main='.weg')\n", "worauf .weg zutrifft"),
    "no selector": (HEAD + "def read(document):\n    return read_by(document, main='a[')\n", "Der Selektor „a[“"),
    "no page": (HEAD + "def read(document):\n    return 'Text'\n", "Page ist str statt Page"),
    "a wrong field": (HEAD + "def read(document):\n    return Page(uri='x', title=None)\n", "Page.title ist NoneType statt str"),
    "a list": (HEAD + "def read(document):\n    return Page(uri='x', title='x', blocks=[])\n", "Page.blocks ist list statt tuple"),
    "a wrong block": (HEAD + "def read(document):\n    return Page(uri='x', title='x', blocks=('Text',))\n", "Page.blocks[0] ist str statt Block"),
    "ends the program": (HEAD + "def read(document):\n    raise SystemExit(3)\n", "SystemExit: 3"),
    "recursion": (HEAD + "def read(document):\n    return read(document)\n", "RecursionError"),
    "no syntax": ("def recognises(tree:\n", "lässt sich nicht laden: SyntaxError"),
    "no module": ("import nirgends\n", "ModuleNotFoundError: No module named 'nirgends' (musterstadt.py, Zeile 1)"),
    "no function": ("def recognises(tree):\n    return True\n", "hat keine Funktion read (musterstadt)"),
    "asked": ("def recognises(tree):\n    return tree.find('x').text\n\ndef read(document):\n    pass\n", "AttributeError"),
}  # fmt: skip


class TestBroken:
    @pytest.mark.parametrize("how", BROKEN)
    def test_it_is_one_line_that_says_what_to_do(self, plug: Install, how: str) -> None:
        code, words = BROKEN[how]
        plug(code)
        reading = reading_of(OWN)
        assert (reading.outcome, reading.rule, reading.page) == (Outcome.FAILED, "page-object", None)
        assert reading.detail.startswith("Das Seitenobjekt „musterstadt“ (amtsblick-musterstadt 1) ")
        assert words in reading.detail
        assert 'extractor = "generic"' in reading.detail
        assert "\n" not in reading.detail

    def test_pages_that_another_one_read_before_go_on(self, plug: Install) -> None:
        """It cannot say which pages are its own: those never seen and those it read fail, no others."""
        plug(*example())
        own, foreign = page_of(OWN), page_of(FOREIGN)
        plug("import nirgends\n")
        assert reading_of(OWN, previous=own).rule == "page-object"
        assert reading_of(FOREIGN, previous=foreign).outcome is Outcome.OK
        assert reading_of(FOREIGN).rule == "page-object"
        assert reading_of(FOREIGN, "generic").outcome is Outcome.OK
        assert reading_of(BERLIN).outcome is Outcome.OK

    def test_two_of_one_name_are_neither(self, plug: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        code, points = example()
        plug(code, points)
        twin = tmp_path / "twin" / "zwilling-2.dist-info"
        twin.mkdir(parents=True)
        (twin / "METADATA").write_text("Metadata-Version: 2.1\nName: zwilling\nVersion: 2\n", "utf-8")
        (twin / "entry_points.txt").write_text(f"[amtsblick.pages]\n{points}\n", "utf-8")
        monkeypatch.syspath_prepend(str(twin.parent))
        installed.points.cache_clear()
        plugins.find.cache_clear()
        reading = reading_of(OWN)
        assert reading.rule == "page-object"
        assert "gibt es doppelt" in reading.detail

    def test_one_that_is_not_installed_names_those_that_are(self, plug: Install) -> None:
        plug(*example())
        reading = reading_of(OWN, "nirgends")
        assert reading.rule == "page-object"
        assert "ist nicht installiert; installiert: musterstadt" in reading.detail

    def test_an_error_page_is_judged_all_the_same(self, plug: Install) -> None:
        plug(BROKEN["raises"][0])
        gone = OWN.replace("Fest", "Seite nicht gefunden").replace(TEXT, "Die gewünschte Seite wurde nicht gefunden.")
        assert reading_of(gone).outcome is Outcome.SOFT404


class TestLost:
    def test_a_page_that_it_does_not_know_any_more_is_doubtful(self, plug: Install) -> None:
        plug(*example())
        reading = reading_of(FOREIGN, previous=page_of(OWN))
        assert (reading.outcome, reading.rule) == (Outcome.SUSPECT, "page-object")
        assert reading.page is not None
        assert "„musterstadt“ erkennt die Seite nicht mehr" in reading.detail

    def test_without_the_page_object_it_is_a_page_like_any_other(self, plug: Install) -> None:
        plug(*example())
        own = page_of(OWN)
        assert reading_of(FOREIGN, "generic", own).outcome is Outcome.OK
        assert reading_of(FOREIGN, previous=replace(own, extractor="entfernt")).outcome is Outcome.OK


def test_the_names_of_the_program_cannot_be_taken(plug: Install) -> None:
    code, _ = example()
    plug(code, "generic = musterstadt\nauto = musterstadt")
    assert installed.names() == ()
    assert page_of(OWN).extractor == "generic"
