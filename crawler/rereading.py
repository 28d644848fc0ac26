"""Reads stored bytes again with today's extractor: what a source goes by before its crawl, and the whole archive."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.detection import remember_anew
from crawler.config import SourceConfig
from crawler.frontier import Candidate, Frontier
from crawler.readers import Readers, Received
from extractors import address, edition
from extractors.model import Hints, Outcome, Page
from extractors.text import text_digest
from storage.archive import Archive
from storage.records import Capture, Known, Role, Watch

# So many payloads are read between two transactions: a commit takes as long as a page, and a kill costs that many.
BATCH = 16


@dataclass(slots=True)
class Tally:
    """What reading again came to, in payloads: ``kept`` ones could not be read again and stay as they were."""

    read: int = 0
    changed: int = 0
    kept: int = 0


class Rereader:
    """Reads a source's stored bytes again; ``config`` None stands for a source that left the config."""

    def __init__(
        self,
        archive: Archive,
        name: str,
        config: SourceConfig | None,
        readers: Readers,
        on_step: Callable[[int, str], None] = lambda _looks, _uri: None,
    ) -> None:
        """``on_step`` is told after each payload how many looks showed it, and its URI."""
        self.tally = Tally()
        self._archive, self._name, self._config, self._readers = archive, name, config, readers
        self._hints = config.hints() if config is not None else Hints()
        self._on_step = on_step
        self.stale = frozenset(each for each in archive.editions() if not self._is_current(each))

    def backlog(self) -> int:
        """How many good looks an earlier extractor has read."""
        return self._archive.backlog(self._name, self.stale) if self.stale else 0

    def is_due(self) -> bool:
        """Whether the next crawl would compare texts of two extractors."""
        return self._archive.is_outdated(self._name, self.stale)

    async def catch_up(self, now: datetime) -> None:
        """Read again what the next crawl is compared with, then put what is remembered of it into the new words.

        Stopped at any point, the next call goes on from there. Detections have to be complete before.
        """
        if self._config is None:
            return
        looks, before = self.backlog(), self._archive.frontier(self._name)
        captures = [self._archive.capture(found) for found in self._archive.outdated(self._name, self.stale)]
        await self._in_batches([each for each in captures if each is not None], self._renew)
        if self.is_due():
            found = _newly_linked(self._config, before, self._reworded(before), self._archive)
            remember_anew(self._archive, self._config.as_source(), self.stale, found, now)
            self._on_step(looks - self.backlog(), "")

    async def read_history(self) -> None:
        """Read all other good looks again, oldest first; stopped at any point, the next call goes on from there."""
        after = 0
        while self.stale and (found := self._archive.next_in_backlog(self._name, self.stale, after, BATCH)):
            await self._in_batches(found, self._replace)
            after = found[-1].id

    async def _in_batches(self, captures: Sequence[Capture], store: Callable[[Capture, Page], int]) -> None:
        for start in range(0, len(captures), BATCH):
            batch = captures[start : start + BATCH]
            pages = await asyncio.gather(*(self._read(capture) for capture in batch))
            with self._archive.transaction():
                done = [(capture, store(capture, page)) for capture, page in zip(batch, pages, strict=True)]
            for capture, looks in done:
                self._on_step(looks, capture.uri)

    def _renew(self, capture: Capture, page: Page) -> int:
        self._archive.renew(capture.id, page)
        return 0

    def _replace(self, capture: Capture, page: Page) -> int:
        return self._archive.replace_readings(capture.id, self.stale, page)

    async def _read(self, capture: Capture) -> Page:
        """A capture's page by today's extractor.

        Bytes that were erased, or that today's extractor cannot read, keep the text they had: it is all there is.
        """
        old = self._archive.page_of(capture.id)
        origin = (self._archive.capture(capture.revisit_of) if capture.revisit_of else None) or capture
        try:
            payload = self._archive.payload(origin.payload_digest or "sha256:")
        except (KeyError, ValueError):
            payload = None
        if payload is not None:
            received = Received(uri=origin.uri, status=origin.status or 200, head=origin.head, payload=payload)
            limit = self._config.max_bytes if self._config is not None else None
            reading = await self._readers.read(received, self._hints, limit=limit)
            if reading.page is not None and reading.outcome is not Outcome.FAILED:
                self.tally.read += 1
                self.tally.changed += text_digest(reading.page) != capture.text_digest
                return reading.page
        if old is None:
            raise AssertionError("a look that was read, without a page")
        self.tally.kept += 1
        return replace(old, extractor_version=edition.stamp(self._hints))

    def _reworded(self, before: Sequence[Known]) -> list[Page]:
        """The pages of the frontier as today's extractor reads them: their versions were renewed."""
        looks = [self._archive.capture(each.last_good) for each in before if each.last_good is not None]
        versions = [self._archive.version(look.version_id) for look in looks if look and look.version_id]
        return [version.page.whole for version in versions if version is not None]

    def _is_current(self, version: str) -> bool:
        """Whether readings marked so are today's. Without a config, the selectors they were made with are unknown."""
        if self._config is None and edition.has_setup(version):
            return True
        return edition.is_current(version, self._hints)


def _newly_linked(
    config: SourceConfig, before: Sequence[Known], pages: Sequence[Page], archive: Archive
) -> tuple[Watch, ...]:
    """What only today's extractor finds linked on the known pages: it was there before, so it is watched untold."""
    frontier = Frontier(config, before)
    for _ in frontier.seeds():
        pass  # they are known
    for known in before:
        for _ in frontier.links(known.page, known.depth) if known.page is not None else ():
            pass  # so was all that they were read to link
    state = archive.source_state(config.name)
    if state.baseline_crawl is None:
        return ()
    depths = {each.address: each.depth for each in before}
    found = (one for page in pages for one in frontier.links(page, depths.get(address.key(page.uri), 0)))
    return tuple(_watch(config.name, one, state.baseline_crawl) for one in found if not archive.looked_at(one.uri))


def _watch(source: str, found: Candidate, first_crawl: int) -> Watch:
    return Watch(
        source=source,
        address=found.address,
        uri=found.uri,
        role=Role.DOCUMENT if found.is_document else Role.PAGE,
        first_crawl=first_crawl,
        label=found.label,
        linked_from=(address.key(found.linked_from),) if found.linked_from else (),
        depth=found.depth,
        told=True,
    )
