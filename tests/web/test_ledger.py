"""All changes in short: what a feed is made from, however many others there are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from alerts.retraction import KIND as RETRACTED
from storage.records import ChangeHead
from tests.storage.makers import MONDAY
from web.ledger import Pages


def head(seq: int, kind: str = "page.changed", source: str = "a", **more: Any) -> ChangeHead:
    at = MONDAY + timedelta(hours=seq)
    facts: dict[str, Any] = {"subject": "s", "addresses": (), "minor": False, "imported": False}
    times = {"detected_at": at, "observed_at": at}
    return ChangeHead(seq=seq, id=f"c{seq}", kind=kind, sources=(source,), **times, **(facts | more))


def test_a_source_or_kind_that_speaks_seldom_keeps_its_entries_beside_one_that_often_does() -> None:
    seldom = head(1, "seminar.new", "b")
    often = [head(seq) for seq in range(3, 50)]
    heads = [seldom, head(2, RETRACTED, "b", subject="c1"), *often, head(50, imported=True), head(51, "source.blind")]
    pages = Pages(heads, ZoneInfo("Europe/Berlin"), 51)
    assert [each.seq for each in pages.to_feed("b", limit=2)] == [1, 2]
    assert [each.seq for each in pages.to_feed(kind="seminar", limit=2)] == [1, 2]
    assert [each.seq for each in pages.to_feed(limit=2)] == [46, 47, 48, 49]
    assert [each.seq for each in pages.of_source("a", 3)] == [51, 50, 49]
    assert [each.seq for each in pages.of_family("seminar")] == [1]
    assert [each.seq for each in pages.of_subject("s")][-1] == 1
