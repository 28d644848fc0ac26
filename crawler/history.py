"""Works out what happened in the past from imported captures, as if we had watched (docs/adr/0019).

All that was imported for a source is played anew, oldest first, into an archive that is thrown away: the same
reading, judging and detecting as after a crawl. What comes of it replaces what an earlier import came to, so that it
depends on the captures alone, not on the order in which they arrived. The live watch is neither asked nor changed.
"""

from __future__ import annotations

import glob
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from alerts.detect import rules
from crawler.clock import Clock
from crawler.config import SourceConfig
from crawler.exchange import Exchange
from crawler.frontier import Candidate, Frontier
from crawler.readers import Readers
from crawler.recorder import REDIRECTS, Ask, Recorder
from extractors import address
from extractors.model import Outcome, Reading
from storage.archive import Archive
from storage.imports.keeping import Judged, Past
from storage.pages import at_hand
from storage.records import Change, Crawl, DetectionState, Known, Role, Source, Watch, change_id

# A crawl of a section rests less than half a day, and schedules that look once a day leave more than that between two.
PAUSE = timedelta(hours=12)
# Crawlers repeat a failed request, or ask by http and https, within minutes.
SAME_LOOK = timedelta(minutes=10)
_OK = 200
_ENDLESS = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What the imported captures of a source came to; ``versions`` are its own stretches of text."""

    source: str
    captures: int
    crawls: int
    first: datetime
    last: datetime
    versions: int
    changes: int


def reaches(source: SourceConfig, uri: str) -> bool:
    """Whether an address lies in what a source watches, its documents outside the scope left out."""
    return address.in_scope(uri, source.scope) or address.key(uri) in {address.key(start) for start in source.start}


def crawls(captures: Sequence[Past]) -> Iterator[tuple[Past, ...]]:
    """Captures in the order of time, put together as somebody must have crawled them.

    A new crawl begins after a pause, and where an address is asked again: later than a repeated request would be, or
    with other bytes.
    """
    group: list[Past] = []
    seen: dict[str, Past] = {}
    for one in captures:
        before = seen.get(one.address)
        if group and (one.captured_at - group[-1].captured_at > PAUSE or (before and _asked_again(before, one))):
            yield tuple(group)
            group, seen = [], {}
        group.append(one)
        seen[one.address] = one
    if group:
        yield tuple(group)


def _asked_again(before: Past, one: Past) -> bool:
    if one.captured_at - before.captured_at > SAME_LOOK:
        return True
    hop = before.status in REDIRECTS or one.status in REDIRECTS
    return not hop and before.status == one.status and before.payload_digest != one.payload_digest


async def work_out(
    archive: Archive,
    configs: Sequence[SourceConfig],
    readers: Readers,
    on_step: Callable[[str], None] = lambda _uri: None,
) -> tuple[Worked, ...]:
    """Work out the history of all sources that something was imported of, and store it.

    They are played together, as they would have been watched: two sources on one host see one notice. Interrupted, it
    leaves what was known before; the next import does it.
    """
    prefix = f".{archive.path.name}-history-"
    for left in archive.path.parent.glob(f"{glob.escape(prefix)}*"):
        shutil.rmtree(left, ignore_errors=True)  # by an import that was killed; the import lock is ours
    everything = archive.past()
    found = {one.name: _captures(one, everything) for one in configs}
    with (
        TemporaryDirectory(prefix=prefix, dir=archive.path.parent) as folder,
        Archive.open(Path(folder) / "history.db", create=True, fleeting=True) as scratch,
    ):
        played = {
            one.name: _Replay(archive, scratch, one, readers=readers, captures=found[one.name], on_step=on_step)
            for one in configs
        }
        groups = [(group, name) for name in played for group in crawls(found[name])]
        for group, name in sorted(groups, key=lambda each: each[0][0].captured_at):  # stable: else as in the config
            await played[name].crawl(group)
        worked = []
        for name, replay in played.items():
            if not found[name]:
                continue
            until = archive.first_watched(name)
            told = [each for each in replay.changes if until is None or each.observed_at < until]
            own = (one for one in found[name] if one.own == name)
            versions, changes = archive.commit_history(name, replay.judged(own), told)
            worked.append(_worked(name, found[name], sum(each == name for _, each in groups), versions, changes))
    return tuple(worked)


def _captures(config: SourceConfig, everything: Sequence[Past]) -> tuple[Past, ...]:
    return tuple(one for one in everything if one.own == config.name or reaches(config, one.uri))


def _worked(source: str, captures: Sequence[Past], count: int, versions: int, changes: int) -> Worked:
    return Worked(
        source=source,
        captures=len(captures),
        crawls=count,
        first=captures[0].captured_at,
        last=captures[-1].captured_at,
        versions=versions,
        changes=changes,
    )


class _Replay:
    """Plays the crawls of one source into an archive that is thrown away, one after the other."""

    def __init__(
        self,
        archive: Archive,
        scratch: Archive,
        config: SourceConfig,
        *,
        readers: Readers,
        captures: Sequence[Past],
        on_step: Callable[[str], None],
    ) -> None:
        self.changes: list[Change] = []
        self._archive, self._scratch, self._readers, self._on_step = archive, scratch, readers, on_step
        # Of a style or a picture nothing changes in history: what a page needs to look as it does is not asked for.
        self._config, self._source = config.model_copy(update={"assets": False}), config.as_source()
        self._numbers: dict[int, int] = {}  # captures of the archive: those of the scratch one
        self._frontier = Frontier(_Bounds(config))
        self._linked: dict[str, _Link] = {}  # by address: who linked it first
        self._seen: set[str] = set()  # addresses that showed their page
        self._before: frozenset[str] = frozenset()  # those of them that did before this crawl
        self._starts = frozenset(address.key(uri) for uri in config.start)
        # Whether a crawl has seen what the source starts from; where none ever does, the first one has to do.
        self._begun = not any(one.address in self._starts and one.status == _OK for one in captures)

    async def crawl(self, group: Sequence[Past]) -> None:
        """Play one crawl and detect what it changed."""
        scratch, begun, ended = self._scratch, group[0].captured_at, group[-1].captured_at
        crawl = scratch.start_crawl(self._source, begun)
        recorder = Recorder(scratch, crawl, source=self._config, clock=Clock(frozen_at=begun), readers=self._readers)
        targets: dict[str, int] = {}
        for one in group:
            await self._look(recorder, one, targets)
            self._on_step(one.uri)
        self._begun = self._begun or bool(self._starts & self._seen)
        crawl = scratch.end_crawl(crawl.id, ended, self._begun, "imported")
        state = self._remembered(scratch.state_before(crawl, self._source), crawl, {one.address for one in group})
        detection = rules.apply(state, scratch.crawl_view(crawl), self._source, ended)
        told = scratch.commit_detection(crawl, detection)
        self._before = frozenset(self._seen)
        self.changes += [_of_the_past(each) for each in told if not each.kind.startswith("source.")]

    def judged(self, captures: Iterator[Past]) -> Iterator[Judged]:
        """What became of captures of the archive."""
        for one in captures:
            capture = self._scratch.capture(self._numbers[one.capture])
            if capture is None:
                raise AssertionError("a capture vanished")
            page = self._scratch.page_of(capture.id)
            reading = Reading(outcome=capture.outcome, rule=capture.rule, detail=capture.detail, page=page)
            # What a 304 confirmed may lie elsewhere: such a look has no bytes to show.
            version = self._scratch.version(capture.version_id) if one.shows and capture.version_id else None
            yield Judged(
                capture=one.capture,
                reading=reading,
                version=version.id if version else None,
                text=version.page.whole if version else None,
            )

    async def _look(self, recorder: Recorder, one: Past, targets: dict[str, int]) -> None:
        kept = self._archive.capture(one.capture)
        if kept is None:
            raise AssertionError("a capture vanished")
        payload = self._bytes(one.payload_digest)
        exchange = Exchange(
            uri=one.uri,
            captured_at=one.captured_at,
            head=bytearray(kept.head),
            payload=payload,
            status=one.status,
            peer=kept.peer,
        )
        exchange.complete = not one.cut and not _too_short(exchange)
        hop = targets.get(one.uri)
        ask = Ask(candidate=self._candidate(one), hops=() if hop is None else (hop,))
        if payload is None and one.payload_digest is not None:
            look = recorder.note(ask, exchange, self._without_bytes(one))
        elif one.status in REDIRECTS:
            look = await recorder.record(ask, exchange, one.location, _verdict(one))
            if one.location is not None:
                targets[one.location] = look.capture_id
        else:
            look = await recorder.record(ask, exchange)
        self._numbers[one.capture] = look.capture_id
        if look.page is not None:
            self._seen.add(one.address)
            fresh = one.address in self._before or self._is_news(one.address, one.captured_at)
            for found in self._frontier.links(look.page, ask.candidate.depth):
                self._linked.setdefault(found.address, _Link(found, one.captured_at, fresh=fresh))

    def _without_bytes(self, one: Past) -> Reading:
        """Of bytes that were erased, or let go by rule, the text that was read of them, if that is still kept."""
        try:
            page = self._archive.page_of(one.capture)
        except KeyError:
            page = None
        if page is None:
            return Reading(outcome=Outcome.FAILED, rule="erased", detail="its bytes are no longer kept")
        return Reading(outcome=Outcome.OK, rule="kept-text", detail="its bytes are no longer kept", page=page)

    def _bytes(self, digest: str | None) -> bytes | None:
        try:
            return self._archive.payload(digest) if digest is not None else None
        except KeyError:
            return None  # erased since

    def _candidate(self, one: Past) -> Candidate:
        linked = self._linked.get(one.address)
        found = linked.candidate if linked else Candidate(uri=one.uri, address=one.address)
        document = found.is_document or address.is_document(one.uri)
        known = self._known(one, found, document=document) if one.address in self._seen else None
        return replace(found, uri=one.uri, is_document=document, known=known)

    def _known(self, one: Past, found: Candidate, *, document: bool) -> Known:
        good, page = self._scratch.last_good_capture(one.address), self._scratch.last_good_page(one.address)
        return Known(
            uri=one.uri,
            address=one.address,
            role=Role.DOCUMENT if document else Role.PAGE,
            depth=found.depth,
            label=found.label,
            etag=None,
            last_modified=None,
            last_good=good.id if good else None,
            page=at_hand(page) if page is not None else None,
            leads=page.links if page is not None else (),
        )

    def _is_news(self, where: str, at: datetime) -> bool:
        """Whether an address cannot be older than its first capture: a page seen without a link to it now has one."""
        link = self._linked.get(where)
        return link is not None and link.fresh and at - link.at <= PAUSE and where not in self._before

    def _remembered(self, state: DetectionState, crawl: Crawl, asked: set[str]) -> DetectionState:
        """The state, with what is first archived now and may have been there for long: that is no news."""
        at = crawl.ended_at or crawl.started_at
        late = frozenset(name for name in asked - self._before if not self._is_news(name, at))
        links = [link for name, link in self._linked.items() if name in late and name not in state.watches]
        documents = {
            link.candidate.address: _watch(self._source, link.candidate, crawl)
            for link in links
            if link.candidate.is_document and state.source.baseline_crawl is not None
        }
        return replace(state, watches={**state.watches, **documents}, late=late)


@dataclass(frozen=True, slots=True)
class _Link:
    """Who linked an address first, and when. ``fresh``: the page had been seen without it."""

    candidate: Candidate
    at: datetime
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Bounds:
    """A source's own bounds without its caps: what was archived is there to be read."""

    config: SourceConfig

    @property
    def start(self) -> tuple[str, ...]:
        return self.config.start

    @property
    def scope(self) -> tuple[str, ...]:
        return self.config.scope

    @property
    def documents(self) -> bool:
        return self.config.documents

    @property
    def max_pages(self) -> int:
        return _ENDLESS

    @property
    def max_depth(self) -> int:
        return _ENDLESS


def _watch(source: Source, found: Candidate, crawl: Crawl) -> Watch:
    return Watch(
        source=source.name,
        address=found.address,
        uri=found.uri,
        role=Role.DOCUMENT if found.is_document else Role.PAGE,
        first_crawl=crawl.id,
        label=found.label,
        linked_from=(address.key(found.linked_from),) if found.linked_from else (),
        depth=found.depth,
        told=True,
    )


def _verdict(one: Past) -> Reading:
    """A redirect of the past, as a crawl judges one."""
    if one.location is None:
        return Reading(outcome=Outcome.FAILED, rule="redirect-broken")
    away = address.host(one.location) != address.host(one.uri)
    return Reading(outcome=Outcome.MOVED, rule="redirect-off-site" if away else "redirect", detail=one.location)


def _too_short(exchange: Exchange) -> bool:
    """Whether the head announces more bytes than there are: the answer, or its record, was cut."""
    said = exchange.header("content-length")
    return (
        said.isascii() and said.isdigit() and int(said[:15]) > len(exchange.payload or b"") and exchange.status == 200
    )


def _of_the_past(change: Change) -> Change:
    """A change of the replay under an id that says what happened and when, and nothing of where rows stand."""
    before = _canonical([change.before, change.uri, list(change.uris)])
    after = _canonical([change.after, change.title, change.summary, change.observed_at.isoformat()])
    return replace(
        change,
        id=change_id(change.source, change.kind, change.subject, before, after),
        imported=True,
        crawl_id=0,
    )


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
