"""In which order a crawl asks what waits."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import NotConfigured

from crawler.frontier import Candidate
from crawler.recorder import Ask
from crawler.spiders.source import SourceSpider
from crawler.waiting import WaitingAsks
from extractors import address


def ask(uri: str) -> Ask:
    return Ask(candidate=Candidate(uri=uri, address=address.key(uri)))


@pytest.fixture
def active() -> dict[str, set[Request]]:
    return {}


@pytest.fixture
def waiting(active: dict[str, set[Request]]) -> WaitingAsks:
    class Slots:
        def get(self, host: str) -> Any:
            return SimpleNamespace(active=active[host]) if host in active else None

    crawler: Any = SimpleNamespace(engine=SimpleNamespace(downloader=SimpleNamespace(slots=Slots())))
    found = WaitingAsks.from_crawler(crawler)
    found.open(SourceSpider("section"))
    return found


def put(waiting: WaitingAsks, *uris: str, priority: int = 0) -> None:
    spider = SourceSpider("section")
    for uri in uris:
        assert waiting.enqueue_request(spider.request(ask(uri), priority))


def taken(waiting: WaitingAsks, number: int = 99) -> list[str]:
    found = []
    while len(found) < number and (request := waiting.next_request()) is not None:
        found.append(request.url.removeprefix("https://"))
    return found


def test_nothing_waits(waiting: WaitingAsks) -> None:
    assert not waiting.has_pending_requests()
    assert waiting.next_request() is None


def test_first_come_first_asked_and_what_is_more_pressing_before(waiting: WaitingAsks) -> None:
    put(waiting, "https://a.example/1", "https://a.example/2")
    put(waiting, "https://a.example/again", priority=-10)
    put(waiting, "https://a.example/style", priority=-1000)
    put(waiting, "https://a.example/3")
    assert waiting.has_pending_requests()
    assert taken(waiting, 1) == ["a.example/1"]
    put(waiting, "https://a.example/now", priority=10)
    assert taken(waiting) == ["a.example/now", *(f"a.example/{each}" for each in ("2", "3", "again", "style"))]
    assert not waiting.has_pending_requests()


def test_hosts_are_asked_in_turns(waiting: WaitingAsks) -> None:
    put(waiting, *(f"https://a.example/{n}" for n in range(3)), "https://b.example/1", "https://c.example/1")
    assert taken(waiting) == ["a.example/0", "b.example/1", "c.example/1", "a.example/1", "a.example/2"]


def test_a_host_that_answers_slowly_does_not_hold_up_another(
    waiting: WaitingAsks, active: dict[str, set[Request]]
) -> None:
    put(waiting, "https://a.example/1", "https://b.example/1", "https://b.example/2", "https://a.example/2")
    active["a.example"] = {Request("https://a.example/0")}
    assert taken(waiting) == ["b.example/1", "b.example/2", "a.example/1", "a.example/2"]


def test_the_request_is_the_one_that_was_put_in(waiting: WaitingAsks) -> None:
    repeated = Ask(candidate=ask("https://a.example/1").candidate, attempt=1)
    waiting.enqueue_request(SourceSpider("section").request(repeated, -10))
    request = waiting.next_request()
    assert request is not None
    assert (request.meta["ask"], request.priority, request.dont_filter) == (repeated, -10, True)
    assert request.meta["download_slot"] == "a.example"


def test_only_a_spider_of_ours_makes_requests_of_asks(waiting: WaitingAsks) -> None:
    with pytest.raises(NotConfigured):
        waiting.open(Spider("any"))
