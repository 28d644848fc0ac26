"""The spider that watches one source: asks each known address again, follows what is linked, and stops where told."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.clock import Clock
from crawler.config import Config, SourceConfig
from crawler.exchange import Exchange
from crawler.frontier import Candidate, Frontier
from crawler.job import Job
from crawler.recorder import REDIRECTS, Ask, Look, Recorder
from crawler.robots import RobotsDenied, RobotsUnreachable
from extractors import address
from extractors.model import Outcome, Reading
from storage.errors import ArchiveError

MAX_HOPS = 8  # redirects in a row (reliability F30; Firefox follows 20, curl 50)
RETRIES = 2  # after a passing fault; behind all other requests, so that the host has had some time
_LAST = -100  # pages first: what they need to look as they do can wait for the next crawl
# So many addresses in a row without a usable answer, and the host is taken to be down: nothing there is tried twice.
_HOST_DOWN = 3

# Faults that often pass: what the network did, and what servers answer when they are overloaded or restarted.
_PASSING_RULES = frozenset({"timeout", "connection", "network", "dns"})
_PASSING_STATUS = frozenset({408, 429, 500, 502, 503, 504})
_NOT_WELL = frozenset({Outcome.OK, Outcome.UNCHANGED, Outcome.FAILED, Outcome.DENIED})


class SourceSpider(Spider):
    """One crawl of one source. Subclasses carry the source; the crawl's keeper gives it all that it leaves open."""

    config: ClassVar[Config]
    source: ClassVar[SourceConfig]
    clock: ClassVar[Clock]
    archive_path: ClassVar[Path]

    job: Job
    recorder: Recorder
    frontier: Frontier
    prepare: Callable[[], Awaitable[bool]]  # what the first request waits for; False: it could not be done
    refuse: Callable[[Exception], None]  # told of an archive that cannot be written

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourceSpider:
        """What Scrapy calls to make it; every part of the crawl finds the job here."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.job = Job(cls.config, cls.source, cls.clock, cls.archive_path)
        spider.job.crawler = crawler
        return spider

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bad: Counter[str] = Counter()  # by host: addresses in a row without a usable answer
        self._probed = False

    async def start(self) -> AsyncIterator[Request]:
        """Start addresses first, then all that the archive knows, linked or not (design §4.7)."""
        if not await self.prepare():
            return
        for candidate in self.frontier.seeds():
            yield self.request(Ask(candidate=candidate))

    async def answered(self, response: Response) -> AsyncIterator[Request]:
        """Record an answer and go on from there."""
        ask, exchange = _of(response.request)
        async for request in self._kept(self._go_on(ask, exchange)):
            yield request

    async def failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Record that there was no answer; the other addresses do not notice."""
        async for request in self._kept(self._unanswered(failure)):
            yield request

    async def _kept(self, requests: AsyncIterator[Request]) -> AsyncIterator[Request]:
        """Pass requests on. An archive that cannot be written ends the crawl; any other mistake costs one page."""
        try:
            async for request in requests:
                yield request
        except (ArchiveError, OSError) as error:
            self.refuse(error)
            raise CloseSpider(self.job.stopping) from None

    async def _unanswered(self, failure: Failure) -> AsyncIterator[Request]:
        if self.job.check():
            return  # not asked, or no longer waited for: that says nothing about the page
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        ask = request.meta["ask"]
        error = failure.value or RuntimeError("no reason given")
        if isinstance(error, RobotsDenied | RobotsUnreachable):
            denied = isinstance(error, RobotsDenied)
            self.recorder.refused(
                ask,
                Reading(
                    outcome=Outcome.DENIED if denied else Outcome.FAILED,
                    rule="robots-denied" if denied else "robots-unreachable",
                    detail=str(error),
                ),
            )
            return
        exchange = request.meta.get("exchange")
        if not isinstance(exchange, Exchange):
            raise error
        async for again in self._go_on(ask, exchange):
            yield again

    async def _go_on(self, ask: Ask, exchange: Exchange) -> AsyncIterator[Request]:
        if exchange.status in REDIRECTS:
            async for request in self._redirected(ask, exchange):
                yield request
            return
        look = await self.recorder.record(ask, exchange)
        again = self._again(ask, exchange, look)
        if again is not None:
            yield again
        elif look.page is not None and not ask.probe:
            for candidate in self.frontier.links(look.page, ask.candidate.depth):
                yield self.request(Ask(candidate=candidate))
        for asset in self.recorder.assets.named(look.assets, ask.candidate, exchange.uri):
            yield self.request(Ask(candidate=asset), priority=_LAST)

    async def _redirected(self, ask: Ask, exchange: Exchange) -> AsyncIterator[Request]:
        """One hop is one capture. Only the own host is followed, no address twice, and no further than MAX_HOPS."""
        target = address.clean(exchange.header("location"), exchange.uri)
        chain = (*ask.chain, exchange.uri)
        ending = _ending(target, chain)
        if target is None or ending is not None:
            verdict = ending or Reading(
                outcome=Outcome.FAILED, rule="redirect-broken", detail=exchange.header("location")[:500]
            )
            await self.recorder.record(ask, exchange, target, verdict)
            self.recorder.condemn(ask.hops, verdict)
            return
        away = address.host(target) != address.host(exchange.uri)
        verdict = Reading(outcome=Outcome.MOVED, rule="redirect-off-site" if away else "redirect", detail=target)
        look = await self.recorder.record(ask, exchange, target, verdict)
        if not away and (following := self._following(ask, target)) is not None:
            yield self.request(
                Ask(candidate=following, hops=(*ask.hops, look.capture_id), chain=chain, probe=ask.probe)
            )

    def _following(self, ask: Ask, target: str) -> Candidate | None:
        """The next hop: the same address spelled otherwise, or another one that nobody has asked yet."""
        found = address.key(target)
        candidate = ask.candidate
        if found == candidate.address or ask.probe or candidate.is_asset:
            return Candidate(
                uri=target,
                address=found,
                depth=candidate.depth,
                is_document=candidate.is_document,
                label=candidate.label,
                linked_from=candidate.linked_from,
                known=candidate.known if found == candidate.address else None,
                is_asset=candidate.is_asset,
            )
        # The home page tells nothing about a page that led to it; detection asks for it by a probe of its own.
        outside = found == address.host(target) and not address.in_scope(target, self.source.scope)
        if outside or not self.frontier.redirected(target):
            return None
        return Candidate(
            uri=target,
            address=found,
            depth=candidate.depth,
            is_document=candidate.is_document or address.is_document(target),
            label=candidate.label,
            linked_from=candidate.linked_from,
            known=self.frontier.known.get(found),
        )

    def _again(self, ask: Ask, exchange: Exchange, look: Look) -> Request | None:
        """The same request once more, if the fault may pass and the host seems to be up."""
        if ask.candidate.is_asset:
            return None
        host = address.host(exchange.uri)
        passing = exchange.rule in _PASSING_RULES or exchange.status in _PASSING_STATUS
        passing = passing or look.reading.outcome is Outcome.TRUNCATED
        if not passing:
            self._bad[host] = 0
            return None
        self._bad[host] += ask.attempt == 0
        if ask.attempt >= RETRIES or self._bad[host] >= _HOST_DOWN or self.job.check():
            return None
        repeated = Ask(
            candidate=ask.candidate, hops=ask.hops, chain=ask.chain, attempt=ask.attempt + 1, probe=ask.probe
        )
        return self.request(repeated, priority=-10 * repeated.attempt)

    def probes(self) -> list[Request]:
        """The home pages of the start hosts, to be asked once at the end when the source looks taken down or unwell.

        With them (and robots.txt, which every crawl asks) detection can tell a section that was taken down from
        a host that is down (design §4.8).
        """
        if self._probed or self.job.check() or not self._in_doubt():
            return []
        self._probed = True
        homes = {address.host(uri): address.home(uri) for uri in self.source.start}
        return [self.request(Ask.for_probe(uri)) for uri in homes.values()]

    def _in_doubt(self) -> bool:
        outcomes = self.recorder.tally.outcomes
        starts = {address.key(uri) for uri in self.source.start}
        if any(outcomes.get(start, Outcome.FAILED) not in _NOT_WELL for start in starts):
            return True
        known = [outcomes.get(found) for found in self.frontier.known]
        # Where most pages say the same, one common page stands in for them, whatever its status.
        if 2 * len(self.recorder.common) > len(known):
            return True
        return 2 * sum(outcome is not None and not outcome.good for outcome in known) > len(known)

    def request(self, ask: Ask, priority: int = 0) -> Request:
        """What asks it, with the validators of the last good answer."""
        known = ask.candidate.known
        headers: dict[str, str] = {}
        if known is not None and known.last_good is not None:
            # The server's own words, verbatim: servers compare them by the letter (nginx: `if_modified_since exact`).
            if known.etag:
                headers["If-None-Match"] = known.etag
            if known.last_modified:
                headers["If-Modified-Since"] = known.last_modified
        return Request(
            ask.uri,
            callback=self.answered,
            errback=self.failed,
            headers={name: value.encode("latin-1", "replace") for name, value in headers.items()},
            dont_filter=True,
            priority=priority,
            meta={"ask": ask, "download_slot": address.host(ask.uri), "download_fail_on_dataloss": False},
        )


def _of(request: Request | None) -> tuple[Ask, Exchange]:
    if request is None:
        raise TypeError("an answer without its request")
    return request.meta["ask"], request.meta["exchange"]


def _ending(target: str | None, chain: tuple[str, ...]) -> Reading | None:
    if target in chain:
        return Reading(outcome=Outcome.FAILED, rule="redirect-loop", detail=f"leads back to {target}")
    if target is not None and len(chain) > MAX_HOPS:
        return Reading(outcome=Outcome.FAILED, rule="redirect-limit", detail=f"more than {MAX_HOPS} redirects in a row")
    return None
