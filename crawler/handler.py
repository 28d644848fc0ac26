"""The download handler: asks within the address guard and a host's turn, and records every exchange byte for byte."""

from __future__ import annotations

import asyncio
import time
from typing import Any, NoReturn

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
    _ScrapyAgent,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from twisted.internet._sslverify import IOpenSSLTrustRoot
from twisted.internet.ssl import optionsForClientTLS
from twisted.python.failure import Failure
from twisted.web._newclient import STATUS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]  # it has no stubs

from crawler.exchange import Exchange
from crawler.guard import AddressRefused, Guard, GuardedResolver, plain_host, spot
from crawler.job import Job
from crawler.politeness import HostPaused, TurnCancelled, retry_after
from extractors import address

# Real servers stay under 32 KiB (the usual limit of browsers and proxies is 64 to 256 KiB); without a limit
# 16 MB of header lines were taken for an answer.
MAX_HEAD = 256 * 1024
# How soon a stop is noticed while an answer is on its way.
_STOP_POLL = 0.25


class HeadTooLarge(Exception):  # noqa: N818 - it names what the server did
    """The head of an answer outgrew :data:`MAX_HEAD`."""


class Stopped(IgnoreRequest):
    """The crawl is ending: the request was not sent, or its answer is no longer waited for."""


class _RecordingParser(_LenientHTTPClientParser):
    """Keeps the head of the answer as it came: the lines still have their own ends here."""

    exchange: Exchange

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's interface
        head = self.exchange.head
        if self.state == STATUS:  # also after an interim answer (1xx): the head is that of the final one
            head.clear()
        head += line + b"\n"
        if len(head) > MAX_HEAD:
            raise HeadTooLarge
        super().lineReceived(line)


class _Sink:
    """Stands in for a transport to learn what bytes a request is on the wire."""

    def __init__(self) -> None:
        self.data = b""

    def writeSequence(self, lines: list[bytes]) -> None:  # noqa: N802 - Twisted's interface
        self.data += b"".join(lines)


class _RecordingProtocol(_LenientHTTP11ClientProtocol):
    """Hands the exchange that travels with a request's URI to the parser of its answer."""

    def request(self, request: Any) -> Any:
        exchange: Exchange = request._parsedURI.exchange  # noqa: SLF001 - the only thing that goes all the way down
        sink = _Sink()
        request._writeHeaders(sink, None)  # noqa: SLF001 - a GET has no body: these are all its bytes
        exchange.request = sink.data
        transport: Any = self.transport
        peer = transport.getPeer()
        exchange.peer = f"[{peer.host}]:{peer.port}" if ":" in peer.host else f"{peer.host}:{peer.port}"
        answer = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = _RecordingParser
            self._parser.exchange = exchange  # type: ignore[attr-defined]  # its class has just been changed
        return answer


class _RecordingFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> Any:  # noqa: ARG002, N802 - Twisted's interface
        return _RecordingProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted is untyped


class _RecordingAgent(_ScrapyAgent):
    """Sends the exchange along with the request, past connection pool and automatic retries of stale connections.

    ``endpoints`` are those made so far: to make one checks the host's name and, for https, sets up a TLS context.
    """

    endpoints: dict[tuple[Any, ...], Any]

    def _get_agent(self, request: Request, timeout: float) -> Any:
        agent = super()._get_agent(request, timeout)
        if not request.meta.get("proxy"):
            make: Any = agent._getEndpoint  # noqa: SLF001 - what Twisted's agent asks for each request

            def endpoint(uri: Any) -> Any:
                place = (uri.scheme, uri.host, uri.port, timeout)
                if place not in self.endpoints:
                    self.endpoints[place] = make(uri)
                return self.endpoints[place]

            agent._getEndpoint = endpoint  # type: ignore[method-assign]  # noqa: SLF001 - see above
        send = agent._requestWithEndpoint  # noqa: SLF001 - the step where the request's URI is an object of its own

        def recorded(key: Any, endpoint: Any, method: Any, parsedURI: Any, *rest: Any, **named: Any) -> Any:  # noqa: N803
            parsedURI.exchange = request.meta["exchange"]
            return send(key, endpoint, method, parsedURI, *rest, **named)

        agent._requestWithEndpoint = recorded  # type: ignore[method-assign]  # noqa: SLF001 - see above
        return agent


@implementer(IOpenSSLTrustRoot)
class _OfficeTrust:
    """The authorities that the system trusts, and those of a file."""

    def __init__(self, ca_file: str) -> None:
        self._ca_file = ca_file

    def _addCACertsToContext(self, context: SSL.Context) -> None:  # noqa: N802 - Twisted's interface
        context.set_default_verify_paths()
        context.load_verify_locations(self._ca_file)


@implementer(IPolicyForHTTPS)
class _OfficePolicy:
    """Verifies certificates as browsers do, against the system's authorities and one's own."""

    def __init__(self, ca_file: str) -> None:
        self._trust: Any = _OfficeTrust(ca_file)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ARG002, N802 - Twisted's interface
        return optionsForClientTLS(hostname.decode("ascii"), trustRoot=self._trust)


class RecordingHandler(HTTP11DownloadHandler):
    """Downloads for http and https. Needs a :class:`crawler.job.Job` with guard, turns and clock on its crawler."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor  # noqa: PLC0415 - importing it earlier would install the wrong one

        resolver = getattr(reactor, "nameResolver", None)
        if not isinstance(resolver, GuardedResolver):
            raise TypeError("no address guard: TWISTED_DNS_RESOLVER must be crawler.guard.GuardedResolver")
        self._job = Job.of(crawler)
        self._resolver = resolver
        self._resolver.guard = self._job.guard
        self._awaited: set[asyncio.Future[Response]] = set()
        self._endpoints: dict[tuple[Any, ...], Any] = {}
        self._watching: asyncio.TimerHandle | None = None
        self._pool._factory = _RecordingFactory  # noqa: SLF001 - as the base class does it
        if self._job.config.ca_file:
            self._contextFactory: Any = _OfficePolicy(str(self._job.config.ca_file))

    async def download_request(self, request: Request) -> Response:
        """One request, within guard and turn; ``request.meta["exchange"]`` tells what happened, also when it raises."""
        job = self._job
        exchange = Exchange(uri=request.url, captured_at=job.clock.now())
        request.meta["exchange"] = exchange
        await self._check(request, exchange)
        host = address.host(request.url)
        delay = max(job.source.delay, float(request.meta.get("crawl_delay", 0)))
        try:
            async with job.turns.turn(
                host, delay, remaining=job.remaining(), stopped=lambda: bool(job.check())
            ) as turn:
                exchange.captured_at = job.clock.now()
                response = await self._fetch(request, exchange)
                if response.status in (429, 503):
                    turn.pause(retry_after(exchange.header("retry-after")) or 0)
        except TurnCancelled:
            raise Stopped(job.stopping) from None
        except HostPaused as error:
            _fail(exchange, "retry-after", str(error), error)
        return response

    async def _check(self, request: Request, exchange: Exchange) -> None:
        guard = self._job.guard
        reason = guard.refusal(request.url)
        proxy = self._job.proxy_for(request.url)
        if proxy and not reason:
            request.meta["proxy"] = proxy
            reason = await self._beyond_proxy(guard, request.url)
        if reason:
            _fail(exchange, "address-refused", reason, AddressRefused(reason))

    async def _beyond_proxy(self, guard: Guard, uri: str) -> str:
        """Look where a name leads before the proxy connects to it; what only the proxy can resolve is its affair."""
        host, port = spot(uri)
        if guard.allows(host, port):
            return ""
        found: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        self._resolver.lookup(host, lambda addresses: None if found.done() else found.set_result(addresses))
        return guard.check(host, port, await found)

    async def _fetch(self, request: Request, exchange: Exchange) -> Response:
        started = time.monotonic()
        try:
            response = await self._ask(request)
        except Stopped:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the network did is an observation
            rule, text = _failure(error)
            host = plain_host(spot(request.url)[0])
            if rule == "dns" and host in self._job.guard.refused:
                rule, text = "address-refused", self._job.guard.refused[host]
            exchange.payload = None
            _fail(exchange, rule, text, error)
        finally:
            exchange.elapsed_ms = round((time.monotonic() - started) * 1000)
        exchange.status = response.status
        exchange.payload = response.body
        exchange.complete = "dataloss" not in response.flags
        return response

    async def _ask(self, request: Request) -> Response:
        agent = _RecordingAgent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        agent.endpoints = self._endpoints
        download = agent.download_request(request)
        answer = download.asFuture(asyncio.get_running_loop())
        self._awaited.add(answer)
        self._watch()
        try:
            with wrap_twisted_exceptions():
                return await answer
        except asyncio.CancelledError:
            if not self._job.check():
                raise
            raise Stopped(self._job.stopping) from None
        finally:
            self._awaited.discard(answer)

    def _watch(self) -> None:
        """Look now and then whether the crawl is being stopped, as long as answers are awaited."""
        if self._watching is None:
            self._watching = asyncio.get_running_loop().call_later(_STOP_POLL, self._look)

    def _look(self) -> None:
        self._watching = None
        if self._job.check():
            for answer in tuple(self._awaited):
                answer.cancel()  # closes the connection; nobody waits for this answer any more
        elif self._awaited:
            self._watch()


def _fail(exchange: Exchange, rule: str, text: str, cause: BaseException) -> NoReturn:
    exchange.rule, exchange.error = rule, " ".join(text.split())[:500]
    raise IgnoreRequest(exchange.error) from cause


_RULES: dict[type[Exception], str] = {
    DownloadTimeoutError: "timeout",
    CannotResolveHostError: "dns",
    DownloadConnectionRefusedError: "connection",
    DownloadCancelledError: "too-large",
}


def _failure(error: Exception) -> tuple[str, str]:
    """The short name and the one line of a network failure."""
    text = str(error) or type(error).__name__
    reasons = getattr(error.__cause__, "reasons", None) or []
    first = next((reason.value for reason in reasons if isinstance(reason, Failure)), None)
    if isinstance(first, SSL.Error) or "certificate" in text.lower() or "VerificationError" in text:
        return "tls", f"the certificate or the encryption of the server was not accepted: {first or text}"
    if isinstance(first, HeadTooLarge):
        return "head-too-large", f"the head of the answer is larger than {MAX_HEAD} bytes"
    if isinstance(error, DownloadFailedError):
        text = f"the connection broke: {first or text}"
    return next((rule for kind, rule in _RULES.items() if isinstance(error, kind)), "network"), text
