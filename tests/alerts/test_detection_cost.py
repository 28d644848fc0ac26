"""The work of a detection grows with the pages of a crawl, not with the crawls that the archive keeps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from alerts.detection import detect_missing
from benchmarks.detection.history import SOURCE, History
from benchmarks.detection.site import Reader
from storage.archive import Archive
from tests.alerts.counting import counted

PAGES = 300


def _work(folder: Path, crawls: int, changing: int = 2) -> tuple[int, int]:
    """Statements and steps (in hundreds) of the detection after a crawl in which 20 pages changed."""
    history = History(folder / f"{crawls}.db", Reader(PAGES))
    history.begin()
    history.pass_by(crawls, changing=changing, looks=60, tell=lambda _done: None)
    with Archive.open(history.path) as archive:
        wanted = {s.number: replace(s, edition=9_999) if s.number % 15 == 7 else s for s in history.states}
        history.store(archive, wanted)
    with Archive.open(history.path) as archive, counted(archive) as work:
        told = detect_missing(archive, {SOURCE.name: SOURCE}, lambda _first, _changes: (), history.now)
    assert len(told) >= 20
    return work.statements, work.steps


def test_it_does_the_same_after_5_and_after_60_crawls(tmp_path: Path) -> None:
    few, many = _work(tmp_path, 5), _work(tmp_path, 60)
    assert many[0] <= few[0] + 5, "statements"
    assert many[1] <= 1.25 * few[1], "steps of the virtual machine"
    assert few[0] < PAGES, "what is known of the pages comes in a few queries, not in some for each page"


def test_what_was_held_of_texts_long_gone_is_not_read_again(tmp_path: Path) -> None:
    """Of each page that changed something was held back at once, and counts until its text changes again."""
    few, many = _work(tmp_path, 60, changing=50), _work(tmp_path, 200, changing=50)
    assert many[1] <= 1.05 * few[1], "steps of the virtual machine"
