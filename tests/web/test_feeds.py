"""Feeds, as feed readers read them."""

from __future__ import annotations

from typing import Any

import feedparser
import pytest

from tests.demo import Demo
from tests.web.view import View


def read(view: View, path: str) -> Any:
    answer = view.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    parsed = feedparser.parse(answer.body)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def kinds(parsed: Any) -> list[str]:
    return [entry.tags[0].term for entry in parsed.entries]


def test_a_correction_stands_in_every_feed_that_had_its_report(made: View) -> None:
    assert kinds(read(made, "/feed.atom")) == ["change.retracted", "notice.posted", "page.changed", "seminar.new"]
    assert kinds(read(made, "/feed/section.atom")) == kinds(read(made, "/feed.atom"))
    assert kinds(read(made, "/feed/kind/page.atom")) == ["change.retracted", "page.changed"]
    assert kinds(read(made, "/feed/kind/page.changed.atom")) == ["change.retracted", "page.changed"]
    assert kinds(read(made, "/feed/kind/seminar.atom")) == ["seminar.new"]
    assert kinds(read(made, "/feed/kind/document.atom")) == []
    assert "Es war nur die Vorlage." in made.get("/feed.atom").text


def test_what_is_no_kind_and_no_source_has_no_feed(made: View) -> None:
    for path in (
        "/feed/nowhere.atom",
        "/feed/kind/source.blind.atom",
        "/feed/kind/x.atom",
        "/feed/kind/change.retracted.atom",
    ):
        answer = made.get(path)
        assert (answer.status, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_a_reader_that_has_it_already_is_told_so(made: View) -> None:
    for path in ("/feed.atom", "/feed/section.atom", "/feed/kind/seminar.atom", "/seminars.ics"):
        tag = made.get(path).headers["etag"]
        again = made.get(path, if_none_match=tag)
        assert (again.status, again.body) == (304, b"")
        assert made.get(path, if_none_match='"other"').status == 200


def test_pages_lead_to_the_feeds_that_go_with_them(made: View) -> None:
    for path, feed in {
        "seminars": "/feed/kind/seminar.atom",
        "notices": "/feed/kind/notice.atom",
        "documents": "/feed/kind/document.atom",
        "source/section": "/feed/section.atom",
    }.items():
        links = made.get(f"/de/{path}").tree.xpath("//head/link[@type='application/atom+xml']/@href")
        assert links == ["/feed.atom", feed]
        assert made.get(feed).status == 200


@pytest.mark.slow
def test_the_demo_s_feed_has_what_it_told_with_the_same_ids_in_every_feed(view: View, demo: Demo) -> None:
    told = [each["kind"] for week in demo.weeks for each in week["reported"] if not each["kind"].startswith("source.")]
    everything = read(view, "/feed.atom")
    assert sorted(kinds(everything)) == sorted(told)
    ids = {entry.id for entry in everything.entries}
    of_sources = [read(view, f"/feed/{name}.atom") for name in ("lageso-partnerschaft", "lageso-presse")]
    assert {entry.id for feed in of_sources for entry in feed.entries} == ids
    assert len({feed.feed.id for feed in (everything, *of_sources)}) == 3
