"""Promises of the judgement about good pages: an edit is an edit, whatever its size, and a large cut is only doubted."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.model import Answer, Hints, Outcome, Page, Reading
from extractors.read import read
from tests.extractors import pairs

PAIRS = tuple(pairs.good_pairs())


def look(body: str | bytes, before: Page | None = None) -> Reading:
    content = body.encode() if isinstance(body, str) else body
    head = (("Content-Type", "text/html"), ("Content-Length", str(len(content))))
    answer = Answer(uri="https://www.talau.example/thema/seite", status=200, headers=head, body=content)
    return read(answer, Hints(previous=before))


def test_at_most_one_of_three_hundred_good_pairs_is_flagged() -> None:
    assert len(PAIRS) >= 300
    flagged = []
    for pair in PAIRS:
        first = look(pair.before)
        second = look(pair.after, first.page)
        flagged += [(pair.name, each.outcome, each.rule) for each in (first, second) if each.outcome is not Outcome.OK]
    assert len(flagged) <= 1, flagged


def test_of_real_timelines_only_what_is_cut_is_flagged(shared: Path) -> None:
    flagged, count = [], 0
    for folder in sorted((shared / "berlin_de" / "timelines").iterdir()):
        series: dict[str, list[Path]] = {}
        for path in sorted(folder.glob("*.html")):
            series.setdefault(path.stem.rpartition("__")[0], []).append(path)
        for paths in series.values():
            before = None
            for path in paths:
                reading = look(path.read_bytes(), before)
                count += 1
                if reading.outcome is not Outcome.OK:
                    flagged.append(reading.rule)
                before = reading.page or before
    assert count > 40
    assert sorted(flagged) == ["empty-body", "shrunk"]  # one look that got nothing, and one page that was cut


@pytest.mark.parametrize("pair", list(pairs.large_cuts()), ids=lambda pair: pair.name)
def test_a_large_cut_is_doubted_and_taken_for_nothing_else(pair: pairs.Pair) -> None:
    before = look(pair.before)
    assert before.outcome is Outcome.OK
    assert look(pair.after, before.page).outcome is Outcome.SUSPECT
