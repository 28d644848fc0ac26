"""Patterns that are compiled late: a mistake in one must not wait for the page that it is held against."""

from __future__ import annotations

import gc
import re

import pytest

import alerts.detect.rules  # noqa: F401 - see below
import extractors.read  # noqa: F401 - the two load all modules that keep some
from extractors.patterns import Pattern


def test_every_pattern_can_be_compiled() -> None:
    found = [each for each in gc.get_objects() if type(each) is Pattern]
    assert len(found) > 100
    for each in found:
        re.compile(each.pattern, each.flags)


@pytest.mark.parametrize("text", ["am 3. Mai", "3.", "", "3. und 4."])
def test_it_answers_as_a_compiled_one(text: str) -> None:
    late, made = Pattern(r"(\d)\.", re.IGNORECASE), re.compile(r"(\d)\.", re.IGNORECASE)
    for ask in ("search", "match", "fullmatch"):
        for start in (0, 1):
            found, wanted = getattr(late, ask)(text, start), getattr(made, ask)(text, start)
            assert (found and found.span()) == (wanted and wanted.span())
    assert [each.span() for each in late.finditer(text)] == [each.span() for each in made.finditer(text)]
    assert late.findall(text) == made.findall(text)
