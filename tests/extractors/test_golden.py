"""Golden folders: a page, how it was asked for, and what is to be read from it. UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from crawler.case import CASE, check, load
from extractors.model import Answer, Hints, PageKind
from extractors.read import read
from extractors.text import text_digest

ROOT = Path(__file__).resolve().parents[1] / "golden" / "pages"
CASES = sorted(folder.parent for folder in ROOT.glob(f"*/{CASE}"))
REAL = ROOT.parent / "real_pages.json"
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"
# Read wrongly so far; what is expected says how it should be. Whoever mends one takes it off this list.
WRONG: dict[str, str] = {}


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_what_is_read_is_what_is_expected(folder: Path, request: pytest.FixtureRequest) -> None:
    """A difference is shown block by block; where the new reading is right, UPDATE_GOLDEN=1 takes it over."""
    wrong = WRONG.get(folder.name)
    if wrong:
        request.applymarker(pytest.mark.xfail(reason=wrong, strict=True))
    difference = check(folder, update=UPDATE and not wrong)
    assert not difference, f"{folder.name}\n{difference}"


def test_there_are_cases_of_both_eras_and_of_other_authorities() -> None:
    names = [folder.name for folder in CASES]
    assert sum(name.startswith("berlin-old-") for name in names) >= 4
    assert sum(name.startswith("berlin-new-") for name in names) >= 4
    assert sum(not name.startswith("berlin-") for name in names) >= 8


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_an_expectation_that_is_wrong_fails(folder: Path, tmp_path: Path) -> None:
    """The comparison sees one letter in one block."""
    case = load(folder)
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "expected.json").write_text(case.expected.replace("e", "é", 1), "utf-8")
    assert check(tmp_path)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_links_of_the_main_text_are_among_those_of_the_page(folder: Path) -> None:
    """Detection looks for documents in the page's links before it fetches the text (alerts.detect.shelf)."""
    case = load(folder)
    page = read(case.answer, case.hints).page
    if page is not None and page.kind not in (PageKind.DOCUMENT, PageKind.FEED):
        assert {link.uri for block in page.blocks for link in block.links} <= {link.uri for link in page.links}


def summary(file: Path) -> dict[str, object]:
    """What is read from a real page, without a word of it."""
    kind = "application/rss+xml" if file.suffix == ".xml" else "text/html; charset=utf-8"
    answer = Answer(
        uri=f"https://www.example.org/{file.stem}/",
        status=200,
        headers=(("Content-Type", kind),),
        body=file.read_bytes(),
    )
    reading = read(answer, Hints())
    found: dict[str, object] = {"outcome": str(reading.outcome), "rule": reading.rule}
    if reading.page is not None:
        page = reading.page
        kinds = Counter(str(block.kind) for block in page.blocks)
        found |= {"read_by": page.extractor, "kind": str(page.kind), "blocks": dict(sorted(kinds.items()))}
        found |= {"notices": len(page.notices), "attachments": len(page.attachments), "dates": len(page.dates)}
        found["text"] = text_digest(page)[:23]
    return found


def test_the_real_pages_are_read_as_before(shared: Path) -> None:
    """Every word, number and link target of theirs counts; UPDATE_GOLDEN=1 takes a better reading over."""
    files = sorted(file for file in (shared / "berlin_de" / "html").iterdir() if file.suffix in (".html", ".xml"))
    found = {file.name: summary(file) for file in files}
    if UPDATE:
        rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in found.items())
        REAL.write_text(f"{{\n{rows}\n}}\n", "utf-8")
    expected = json.loads(REAL.read_text("utf-8"))
    assert found == expected
