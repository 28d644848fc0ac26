"""Turns exchanges into captures: stores each one first, has it read where that is needed, and judges it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from crawler.assets import Assets
from crawler.batch import Batch
from crawler.clock import Clock
from crawler.config import SourceConfig
from crawler.exchange import Exchange
from crawler.frontier import Candidate
from crawler.readers import Readers, Received
from extractors import address, assets, coding, sameness
from extractors.heads import fields
from extractors.model import ASSET, Answer, Outcome, Page, Reading
from extractors.office import is_office
from extractors.pdfmark import is_pdf
from extractors.sameness import Shown
from extractors.text import text_digest
from storage.archive import Archive
from storage.pages import AnyPage, whole
from storage.records import Capture, Crawl, NewCapture

REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request and why it is made. ``hops`` are the captures, and ``chain`` the URIs, that redirected here."""

    candidate: Candidate
    hops: tuple[int, ...] = ()
    chain: tuple[str, ...] = ()
    attempt: int = 0
    probe: bool = False

    @property
    def uri(self) -> str:
        """What is asked."""
        return self.candidate.uri

    @classmethod
    def for_probe(cls, uri: str, hop_of: int | None = None) -> Ask:
        """A request that only wants to know how the host is."""
        candidate = Candidate(uri=uri, address=address.key(uri))
        return cls(candidate=candidate, hops=() if hop_of is None else (hop_of,), probe=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of one request. ``page`` is the page as it is now, if it was shown; ``target`` of a redirect."""

    capture_id: int
    reading: Reading
    page: AnyPage | None = None
    target: str | None = None
    assets: tuple[str, ...] = ()  # what the page or style needs to look as it does, where the source keeps that


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many pages and documents a crawl has seen, how many of them are new, or changed; what is known of failures.

    ``details`` by address.
    """

    pages: int
    documents: int
    new: int
    changed: int
    requests: int
    details: Mapping[str, str]


@dataclass(slots=True)
class Tally:
    """What a crawl has seen so far, by address: the last look counts."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)  # of those that have any
    documents: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    shown: dict[str, Shown] = field(default_factory=dict)  # of pages that changed: what they show and showed
    requests: int = 0

    def common(self, page_of: Callable[[str], Page | None]) -> frozenset[str]:
        """The addresses that show one text that none of them had; ``page_of`` gives what an unchanged one shows."""
        if max(Counter(one.now for one in self.shown.values()).values(), default=0) < sameness.COMMON_PAGES:
            return frozenset()
        still = {found for found, outcome in self.outcomes.items() if outcome.good} - self.documents - self.shown.keys()
        pages = ((found, page_of(found)) for found in still)
        keys = {found: sameness.key(page) for found, page in pages if page is not None}
        others = {found: Shown(now=said, before="" if found in self.new else said) for found, said in keys.items()}
        return sameness.common(self.shown | others)

    def counted(self, page_of: Callable[[str], Page | None]) -> Counts:
        """What it comes to, without the addresses; ``page_of`` as in :meth:`common`."""
        return Counts(
            pages=len(self.outcomes.keys() - self.documents),
            documents=len(self.documents),
            new=len(self.new),
            changed=len(self.changed - self.common(page_of)),
            requests=self.requests,
            details=self.details,
        )

    def count(self, ask: Ask, reading: Reading, before: AnyPage | None) -> None:
        """Take one judged look into account; probes and assets do not count."""
        if ask.probe or ask.candidate.is_asset:
            return
        found = ask.candidate.address
        self.outcomes[found] = reading.outcome
        if reading.detail:
            self.details[found] = reading.detail
        else:
            self.details.pop(found, None)
        if ask.candidate.is_document:
            self.documents.add(found)
        shown: AnyPage | None = (
            reading.page if reading.outcome is Outcome.OK else before if reading.outcome.good else None
        )
        if shown is None:
            return
        same = before is not None and (shown is before or _says_the_same(whole(before), whole(shown)))
        self.shown.pop(found, None)
        if before is not None and not same and not ask.candidate.is_document:
            self.shown[found] = Shown(now=sameness.key(whole(shown)), before=sameness.key(whole(before)))
        if before is None:
            self.new.add(found)
        elif not same and text_digest(whole(before)) != text_digest(whole(shown)):
            self.changed.add(found)


class Recorder:
    """Stores and judges the exchanges of one crawl, in the thread that opened the archive."""

    def __init__(
        self,
        archive: Archive,
        crawl: Crawl,
        *,
        source: SourceConfig,
        clock: Clock,
        readers: Readers,
        on_look: Callable[[Ask, Reading], None] = lambda _ask, _reading: None,
        is_alone: Callable[[], bool] = lambda: True,
    ) -> None:
        """``is_alone`` says that no other exchange is under way, so that there is nothing to share a commit with."""
        self.archive, self.crawl = archive, crawl
        self._batch = Batch(archive, is_alone)
        self.assets = Assets(archive, source, clock)
        self.tally = Tally()
        self._source, self._clock, self._readers, self._on_look = source, clock, readers, on_look
        self._starts = frozenset(address.key(uri) for uri in source.start)
        self._words = tuple(word.casefold() for word in source.match)

    async def record(
        self, ask: Ask, exchange: Exchange, target: str | None = None, verdict: Reading | None = None
    ) -> Look:
        """Store an exchange and judge it: by ``verdict``, else as what the archive has already, else by reading it."""
        if verdict is not None or exchange.status is None:
            return self.note(ask, exchange, verdict or _unanswered(exchange), target)
        if ask.candidate.is_asset:
            return self._keep_asset(ask, exchange)
        strays = self._strays(ask, exchange)
        ask = _settled(ask, exchange)
        new = self._capture(ask, exchange, target)
        told = self._told(ask, exchange)
        if told is not None:
            return await self._keep_told(ask, new, told)
        stored = await self._batch.store(lambda: self.archive.add_capture(self.crawl.id, new))
        self.tally.requests += 1
        before = self._before(ask) if stored.is_known or stored.address != ask.candidate.address else None
        page: AnyPage | None = None
        needs: tuple[str, ...] = ()
        if stored.same_as_last_good is not None:
            rule = "not-modified" if exchange.status == 304 else "same-bytes"
            reading = Reading(outcome=Outcome.UNCHANGED, rule=rule)
            page = before or self.archive.page_of(stored.same_as_last_good.id)
            needs = await self._named_before(stored.same_as_last_good)
        elif exchange.status == 304:
            reading = Reading(
                outcome=Outcome.FAILED, rule="unasked-304", detail="the server confirmed what we do not have"
            )
            await self._judge(stored.capture_id, reading, member=self._member(ask, reading))
        else:
            before = whole(before) if before is not None else None
            reading = await self._read(ask, exchange, before)
            page = reading.page if reading.outcome is Outcome.OK else None
            needs = reading.assets if reading.outcome is Outcome.OK else ()
            await self._judge(stored.capture_id, reading, member=not strays and self._member(ask, reading))
        self._done(ask, reading, before)
        page, needs = (None, ()) if strays else (page, needs)
        return Look(capture_id=stored.capture_id, reading=reading, page=page, assets=needs)

    def _told(self, ask: Ask, exchange: Exchange) -> Reading | None:
        """What reading an answer would give, where that can be told from the last good one; None where it cannot."""
        known = ask.candidate.known
        if known is None or known.page is None or known.last_good is None or ask.probe or exchange.status != 200:
            return None
        good = self.archive.good_answer(known.last_good, len(exchange.payload or b""))
        if good is None or good.payload == exchange.payload:
            return None
        from extractors import unread  # noqa: PLC0415 - most crawls meet no page of another text and the same length

        shown = Answer(uri=known.page.uri, status=good.status, headers=fields(good.head), body=good.payload)
        answer = Answer(
            uri=exchange.uri,
            status=exchange.status,
            headers=exchange.headers,
            body=exchange.payload or b"",
            complete=exchange.complete,
        )
        return unread.reading_of(answer, shown, self._source.hints(known.page.whole))

    async def _keep_told(self, ask: Ask, new: NewCapture, reading: Reading) -> Look:
        """Store a look with the judgement of the good one that it reads as."""
        known, member = ask.candidate.known, self._member(ask, reading)
        read_as = known.last_good if known is not None else None
        stored = await self._batch.store(
            lambda: self.archive.add_capture(self.crawl.id, new, reading, member, read_as=read_as)
        )
        self.tally.requests += 1
        self._done(ask, reading, reading.page)
        return Look(capture_id=stored.capture_id, reading=reading, page=reading.page)

    async def _judge(self, capture_id: int, reading: Reading, *, member: bool) -> None:
        await self._batch.store(lambda: self.archive.judge_capture(capture_id, reading, member))

    def _keep_asset(self, ask: Ask, exchange: Exchange) -> Look:
        """Store a style, an image or a font; nothing is read from it but what a style names."""
        if exchange.status == 200 and exchange.complete:
            look = self.note(ask, exchange, Reading(outcome=Outcome.OK, rule=ASSET))
            return replace(look, assets=_named_by(exchange, self._source.max_bytes))
        if exchange.status == 304 and ask.candidate.known is not None:
            return self.note(ask, exchange, Reading(outcome=Outcome.UNCHANGED, rule=ASSET))
        return self.note(ask, exchange, Reading(outcome=Outcome.FAILED, rule=f"status-{exchange.status}"))

    async def _named_before(self, capture: Capture) -> tuple[str, ...]:
        """What an unchanged page needs, where nothing of that was kept yet: the option is new."""
        if not self.assets.first:
            return ()
        whole = self.archive.capture(capture.id)
        return (await self._reread(whole, None)).assets if whole is not None else ()

    def note(self, ask: Ask, exchange: Exchange, reading: Reading, target: str | None = None) -> Look:
        """Store an exchange whose judgement is plain without reading it."""
        new = self._capture(ask, exchange, target)
        stored = self.archive.add_capture(self.crawl.id, new, reading, self._member(ask, reading))
        self.tally.requests += 1
        self._done(ask, reading, None)
        return Look(capture_id=stored.capture_id, reading=reading, target=target)

    def refused(self, ask: Ask, reading: Reading) -> Look:
        """Store that an address was not asked at all, and why."""
        exchange = Exchange(uri=ask.uri, captured_at=self._clock.now(), rule=reading.rule, error=reading.detail)
        return self.note(ask, exchange, reading)

    def condemn(self, hops: tuple[int, ...], reading: Reading) -> None:
        """Judge the captures of a chain of redirects by where it ended."""
        for capture_id in hops:
            self.archive.judge_capture(capture_id, reading)

    @property
    def common(self) -> frozenset[str]:
        """The addresses that show one text that none of them had."""
        return self.tally.common(self.archive.last_good_page)

    async def heal(self) -> None:
        """Read what an earlier crawl stored and was killed before it could judge it."""
        own = {crawl.id for crawl in self.archive.crawls(self._source.name)}
        for capture in self.archive.unread_captures():
            if capture.crawl_id not in own:
                continue  # another source's crawl may be running just now
            before = self.archive.last_good_page(capture.address)
            reading = await self._reread(capture, before)
            if before is not None and reading.page is not None and _versions_differ(before, reading.page):
                # Its crawl is compared with texts of an earlier extractor: it did not look here, the next one does.
                reading = Reading(outcome=Outcome.FAILED, rule="upgraded", detail="read by another version")
                self.archive.judge_capture(capture.id, reading, member=False)
            else:
                self.archive.judge_capture(capture.id, reading)

    async def _reread(self, capture: Capture, previous: Page | None) -> Reading:
        if capture.status is None or capture.payload_digest is None:
            return Reading(
                outcome=Outcome.FAILED, rule="interrupted", detail="the crawl was ended before it was judged"
            )
        if capture.location is not None:
            return Reading(outcome=Outcome.MOVED, rule="redirect", detail=capture.location)
        payload = self.archive.payload(capture.payload_digest)
        received = Received(uri=capture.uri, status=capture.status, head=capture.head, payload=payload)
        return await self._readers.read(received, self._source.hints(previous), limit=self._source.max_bytes)

    async def _read(self, ask: Ask, exchange: Exchange, before: Page | None) -> Reading:
        received = Received(
            uri=exchange.uri,
            status=exchange.status or 0,
            head=bytes(exchange.head),
            payload=exchange.payload or b"",
            complete=exchange.complete,
        )
        reading = await self._readers.read(received, self._source.hints(before), limit=self._source.max_bytes)
        # What the source goes by was read again before the crawl; only a page object may still be an unforeseen one.
        if before is None or reading.page is None or not _versions_differ(before, reading.page):
            return reading
        rebased = await self._rebase(ask.candidate.address)
        if rebased is None:
            return reading
        return await self._readers.read(received, self._source.hints(rebased), limit=self._source.max_bytes)

    async def _rebase(self, found: str) -> Page | None:
        """Read the last good bytes again with today's extractor, so that a new extractor is no change of the page."""
        capture = self.archive.last_good_capture(found)
        if capture is None:
            return None
        reading = await self._reread(capture, None)
        if reading.page is None:
            return None
        self.archive.rebase(found, reading.page)
        return reading.page

    def _before(self, ask: Ask) -> AnyPage | None:
        if ask.probe:
            return None
        known = ask.candidate.known
        if known is not None and known.page is not None:
            return known.page
        return self.archive.last_good_page(ask.candidate.address)

    def _capture(self, ask: Ask, exchange: Exchange, target: str | None) -> NewCapture:
        candidate = ask.candidate
        return NewCapture(
            uri=exchange.uri,
            captured_at=exchange.captured_at,
            request=exchange.request,
            revisit_of=candidate.known.last_good if exchange.status == 304 and candidate.known else None,
            head=bytes(exchange.head),
            payload=exchange.payload,
            status=exchange.status,
            peer=exchange.peer,
            elapsed_ms=exchange.elapsed_ms,
            location=target,
            hop_of=ask.hops[-1] if ask.hops else None,
            probe=ask.probe,
            linked_from=candidate.linked_from,
            depth=candidate.depth,
            is_document=candidate.is_document or _brings_document(exchange),
            label=candidate.label,
            error=exchange.error,
        )

    def _strays(self, ask: Ask, exchange: Exchange) -> bool:
        """Whether a link's words led out of the scope, to something that is no document: nothing to be watched."""
        candidate = ask.candidate
        if not candidate.is_guess or _brings_document(exchange):
            return False
        return not address.in_scope(candidate.uri, self._source.scope)

    def _member(self, ask: Ask, reading: Reading) -> bool:
        """Whether a look belongs to what the source watches: with ``match``, only pages that have one of the words.

        A link to a picture or an archive is no page: it is kept, and not counted among those that should be readable.
        """
        if ask.candidate.is_asset:
            return False
        if reading.rule == "not-html" and ask.candidate.known is None:
            return ask.candidate.address in self._starts
        if not self._words or ask.probe:
            return True
        page = reading.page
        if reading.outcome is Outcome.OK and page is not None:
            texts = chain(
                (page.title,), (block.text for block in page.blocks), (item.label for item in page.attachments)
            )
            said = "\n".join(texts).casefold()
            return any(word in said for word in self._words)
        return ask.candidate.known is not None or ask.candidate.address in self._starts

    def _done(self, ask: Ask, reading: Reading, before: AnyPage | None) -> None:
        self.tally.count(ask, reading, before)
        self._on_look(ask, reading)


def _says_the_same(before: Page, shown: Page) -> bool:
    """Whether a page plainly shows what it did; where it does not, its text is compared."""
    return (
        shown.blocks == before.blocks and shown.title == before.title and shown.attachments == before.attachments
        and shown.notices == before.notices and shown.kind is before.kind and shown.identity == before.identity
    )  # fmt: skip


def _settled(ask: Ask, exchange: Exchange) -> Ask:
    """The request, with its address a page where only a link's words said that it was a document's."""
    if not ask.candidate.is_guess or exchange.status != 200 or _brings_document(exchange):
        return ask
    return replace(ask, candidate=replace(ask.candidate, is_document=False))


def _brings_document(exchange: Exchange) -> bool:
    shown = (exchange.payload or b"") if exchange.status == 200 else b""
    pdf = exchange.status is not None and exchange.header("content-type").lower().startswith("application/pdf")
    return pdf or (bool(shown) and (is_pdf(shown) or is_office(shown, exchange.uri)))


def _named_by(exchange: Exchange, limit: int) -> tuple[str, ...]:
    """What a style sheet names; () of anything else."""
    kind = exchange.header("content-type")
    if not kind.lower().startswith("text/css"):
        return ()
    try:
        decoded = coding.decode(exchange.payload or b"", exchange.header("content-encoding"), limit)
    except coding.CodingError:
        return ()
    return assets.named_by_style(decoded.body, kind, exchange.uri)


def _versions_differ(one: Page, other: Page) -> bool:
    return one.extractor_version != other.extractor_version


def _unanswered(exchange: Exchange) -> Reading:
    return Reading(outcome=Outcome.FAILED, rule=exchange.rule or "network", detail=exchange.error)
