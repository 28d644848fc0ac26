"""robots.txt by RFC 9309: what a host forbids, how slowly it wants to be asked, and what counts when it cannot say."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured

from crawler.exchange import Exchange
from crawler.job import Job
from crawler.recorder import Ask, Recorder
from crawler.settings import PRODUCT
from extractors import address
from extractors.coding import CodingError, decode
from extractors.heads import fields
from extractors.model import Outcome, Reading
from storage.records import Capture

MAX_BYTES = 500 * 1024  # RFC 9309 §2.5: at least 500 KiB must be parsed; the rest is cut
MAX_HOPS = 5  # §2.3.1.2
MAX_AGE = timedelta(hours=24)  # §2.4
# A passing fault of this one file would cost the whole crawl, so it is asked again, each time a pause later.
_ATTEMPTS = 3


class RobotsDenied(IgnoreRequest):
    """The host's robots.txt forbids this address."""


class RobotsUnreachable(IgnoreRequest):
    """The host's robots.txt could not be had, so nothing may be asked there for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a host's robots.txt says to us; ``reachable`` False means: ask nothing (RFC 9309 §2.3.1.4)."""

    reachable: bool = True
    parser: Protego | None = None

    def allows(self, uri: str) -> bool:
        """Whether an address may be asked."""
        return self.parser is None or bool(self.parser.can_fetch(uri, PRODUCT))

    @property
    def delay(self) -> float:
        """The host's Crawl-delay for us in seconds, 0 for none."""
        return float((self.parser.crawl_delay(PRODUCT) if self.parser else None) or 0)


def parse(body: bytes) -> Rules:
    """The rules of a robots.txt; bytes that are none (a web page, say) forbid nothing."""
    return Rules(parser=Protego.parse(body[:MAX_BYTES].decode("utf-8-sig", "replace")))


class RobotsMiddleware:
    """Lets only those requests pass that the host allows, and sets their Crawl-delay. Each host is asked once."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._rules: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """What Scrapy calls to make it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises RobotsDenied or RobotsUnreachable, or lets the request pass."""
        if request.meta.get("robots"):
            return
        job = Job.of(self._crawler)
        if job.guard.refusal(request.url):
            return  # the handler refuses it and says why; its host is not asked for anything
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._fetch(origin))
        known = self._rules[origin]
        rules = known.result() if known.done() else await asyncio.shield(known)
        if not rules.reachable:
            raise RobotsUnreachable(f"{origin}/robots.txt cannot be had: nothing is asked there for now")
        if not rules.allows(request.url):
            raise RobotsDenied(f"{origin}/robots.txt forbids it")
        request.meta["crawl_delay"] = rules.delay

    async def _fetch(self, origin: str) -> Rules:
        job, recorder = Job.of(self._crawler), self._recorder()
        for _attempt in range(_ATTEMPTS):
            rules = await self._follow(f"{origin}/robots.txt", recorder)
            if rules is not None:
                return rules
            if job.check():
                break
            await asyncio.sleep(min(job.source.delay, max(job.remaining(), 0)))
        return self._remembered(origin, recorder) or Rules(reachable=False)

    async def _follow(self, uri: str, recorder: Recorder) -> Rules | None:
        """Ask for the file, across redirects; None when it could not be had."""
        hop_of: int | None = None
        for _hop in range(MAX_HOPS + 1):
            exchange = await self._ask(uri)
            rules = _judged(exchange)
            target = address.clean(exchange.header("location"), uri) if exchange.status in _REDIRECTS else None
            reading = _reading(exchange, target)
            look = recorder.note(Ask.for_probe(uri, hop_of=hop_of), exchange, reading)
            if target is None:
                return rules
            uri, hop_of = target, look.capture_id
        return Rules()  # §2.3.1.2: after five hops the file may be taken for unavailable

    async def _ask(self, uri: str) -> Exchange:
        request = Request(
            uri, meta={"robots": True, "download_slot": address.host(uri), "download_fail_on_dataloss": False}
        )
        try:
            await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever kept the file from us, the exchange says it
            request.meta.setdefault("error", str(error))
        job = Job.of(self._crawler)
        found = request.meta.get("exchange")
        if isinstance(found, Exchange):
            return found
        return Exchange(uri=uri, captured_at=job.clock.now(), rule="network", error=str(request.meta.get("error", "")))

    def _remembered(self, origin: str, recorder: Recorder) -> Rules | None:
        """The rules as they were at most a day ago."""
        capture = recorder.archive.last_robots(address.host(origin))
        if capture is None or Job.of(self._crawler).clock.now() - capture.captured_at > MAX_AGE:
            return None
        return _rules_of(capture, recorder)

    def _recorder(self) -> Recorder:
        recorder = getattr(self._crawler.spider, "recorder", None)
        if not isinstance(recorder, Recorder):
            raise TypeError("the crawl has no recorder")
        return recorder


_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def _judged(exchange: Exchange) -> Rules | None:
    """The rules that an answer gives; None when it gives none and nothing may be concluded."""
    status = exchange.status or 0
    if 400 <= status < 500 and status != 429:
        return Rules()  # §2.3.1.3: unavailable means that nothing is forbidden
    if 200 <= status < 300:
        return _parsed(exchange.payload or b"", exchange.header("content-encoding"))
    return None


def _parsed(payload: bytes, codings: str) -> Rules | None:
    try:
        return parse(decode(payload, codings, 64 * MAX_BYTES).body)
    except CodingError:
        return None


def _rules_of(capture: Capture, recorder: Recorder) -> Rules | None:
    if capture.status is not None and 400 <= capture.status < 500:
        return Rules()
    if capture.payload_digest is None:
        return None
    codings = ", ".join(value for name, value in fields(capture.head) if name.lower() == "content-encoding")
    return _parsed(recorder.archive.payload(capture.payload_digest), codings)


def _reading(exchange: Exchange, target: str | None) -> Reading:
    status = exchange.status or 0
    if target is not None:
        return Reading(outcome=Outcome.MOVED, rule="redirect", detail=target)
    if 200 <= status < 300:
        return Reading(outcome=Outcome.OK, rule="robots")
    if 400 <= status < 500 and status != 429:
        return Reading(outcome=Outcome.GONE, rule="robots-none", detail=f"status {status}: nothing is forbidden")
    return Reading(outcome=Outcome.FAILED, rule=exchange.rule or f"status-{status}", detail=exchange.error)
