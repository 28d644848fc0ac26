"""Opens archive and crawl when a spider starts; ends the crawl, detects what changed and sums up when it closes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider, NotConfigured

from crawler import detecting, logs, memory, room, summing, tell
from crawler.config import ConfigError
from crawler.frontier import Frontier
from crawler.readers import shared
from crawler.recorder import Ask, Recorder, Tally
from crawler.rereading import Rereader
from crawler.spiders.source import SourceSpider
from crawler.summary import CrawlOutcome, CrawlSummary, Event, Progress, encode
from extractors.model import Reading
from storage.archive import Archive
from storage.errors import ArchiveBusy, ArchiveDamaged, ArchiveError, ArchiveNewer, DiskFull
from storage.records import Crawl

logger = logging.getLogger("amtsblick.crawl")

SUMMARY_STAT = "amtsblick/summary"


class CrawlKeeper:
    """The Scrapy extension that makes a run of a spider into a crawl of the archive."""

    def __init__(self, crawler: Crawler) -> None:
        spider = crawler.spider
        if not isinstance(spider, SourceSpider):
            raise NotConfigured("not a spider of a configured source")
        self._crawler, self._spider, self._job = crawler, spider, spider.job
        self._archive: Archive | None = None
        self._crawl: Crawl | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._refusal: tuple[CrawlOutcome, str] | None = None
        self._has_parent = crawler.settings.get("EVENTS") == "json"  # it keeps the log, and shows the progress
        self._report: Callable[[Event], None] = reporter(crawler.settings.get("EVENTS", "text"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlKeeper:
        """What Scrapy calls to make it."""
        keeper = cls(crawler)
        crawler.signals.connect(keeper.opened, signals.spider_opened)
        crawler.signals.connect(keeper.idle, signals.spider_idle)
        crawler.signals.connect(keeper.closed, signals.spider_closed)
        return keeper

    def opened(self) -> None:
        """Take the source's lock and begin; what stands in the way ends the crawl before it asks anything."""
        job = self._job
        source = job.source.as_source()
        try:
            if not self._has_parent and (job.config.log.file or job.config.log.format == "json"):
                logs.start(job.config)
            job.archive_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if job.archive_path == job.config.archive_path:  # what is thrown away again needs no room for years
                room.require(job.archive_path.parent, job.config.archive.least_free)
            self._archive = Archive.open(job.archive_path, create=True)
            job.turns.prepare()
            names = [entry.name for entry in job.config.subscriptions]
            self._archive.record_subscriptions(names, job.clock.now())
            for crawl in self._archive.abandoned_crawls():
                if crawl.source == source.name:  # killed; what it left unread is read first thing
                    self._archive.end_crawl(crawl.id, job.clock.now(), exhausted=False, reason="abandoned")
            self._crawl = self._archive.start_crawl(source, job.clock.now())
            known = self._archive.frontier(source.name)
        except (ArchiveError, ConfigError, OSError) as error:
            self._refuse(error)
            raise CloseSpider(self._job.stopping) from None
        self._alarm = asyncio.get_running_loop().call_later(max(job.remaining(), 0), self._end_now)
        self._spider.frontier = Frontier(job.source, known)
        self._spider.recorder = Recorder(
            self._archive,
            self._crawl,
            source=job.source,
            clock=job.clock,
            readers=shared(),
            on_look=self._looked,
            is_alone=lambda: not self._crawler.engine.downloader.active,
        )
        self._spider.prepare = self._prepare
        self._spider.refuse = self._refuse

    async def _prepare(self) -> bool:
        """Do what the first request waits for; False, and no page is asked, where that cannot be done."""
        try:
            await self._spider.recorder.heal()
            await self._catch_up()
        except (ArchiveError, OSError) as error:
            self._refuse(error)
        except Exception as error:
            # A crawl that asked nothing must not look like a site that does not answer.
            logger.exception("%s: its pages could not be read again", self._job.source.name)
            self._refusal = (CrawlOutcome.CRASHED, f"pages could not be read again: {type(error).__name__}: {error}")
            self._job.stopping = CrawlOutcome.CRASHED.value
        return self._refusal is None

    async def _catch_up(self) -> None:
        """After an upgrade, read again what this crawl will be compared with."""
        job, archive = self._job, self._archive
        if archive is None:
            return
        rereader = Rereader(archive, job.source.name, job.source, shared())
        if not rereader.is_due():
            return
        detecting.detect(archive, job.config, job.clock)  # in the words they were read in
        await rereader.catch_up(job.clock.now())
        self._spider.frontier = Frontier(job.source, archive.frontier(job.source.name))

    def idle(self) -> None:
        """Nothing waits any more: one last look at the host, if the source seems to be gone."""
        if self._crawl is None or self._refusal is not None:
            return
        requests = self._spider.probes()
        for request in requests:
            self._crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def closed(self, reason: str) -> None:
        """End the crawl, detect, and say in one summary what it came to."""
        if self._alarm is not None:
            self._alarm.cancel()
        summary = self._conclude(reason)
        if self._archive is not None:
            self._archive.close()
        self._crawler.stats.set_value(SUMMARY_STAT, summary)
        self._report(summary)

    def _end_now(self) -> None:
        reason = self._job.check() or "deadline"
        self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=reason))

    def _conclude(self, reason: str) -> CrawlSummary:
        job, archive, crawl = self._job, self._archive, self._crawl
        if archive is None or crawl is None:
            outcome, text = self._refusal or (CrawlOutcome.CRASHED, reason)
            return CrawlSummary(source=job.source.name, outcome=outcome, reason=text, seconds=round(job.seconds, 3))
        capped, pattern_capped = self._spider.frontier.capped, self._spider.frontier.pattern_capped
        why = self._refusal[0].value if self._refusal else job.stopping or capped or reason
        try:
            ended = archive.end_crawl(crawl.id, job.clock.now(), exhausted=why == "finished", reason=why)
            counts = self._spider.recorder.tally.counted(archive.last_good_page)
            self._make_room()
            before = archive.last_seq()
            detecting.detect(archive, job.config, job.clock, large=self._crawler.settings.getint("DETECT_APART"))
            changes = archive.changes_between(before, archive.last_seq())
            with Archive.open(job.archive_path, readonly=True) as view:
                found = summing.sum_up(view, ended, job.source, counts, job.seconds)
            found = replace(found, changes=len(changes))
        except (ArchiveError, OSError) as error:
            outcome, text = _outcome(error)
            return CrawlSummary(source=job.source.name, outcome=outcome, reason=text, seconds=round(job.seconds, 3))
        except Exception as error:  # what was fetched is stored; the next command that writes detects it
            logger.exception("%s: what changed could not be worked out", job.source.name)
            text = f"what changed could not be worked out: {type(error).__name__}: {error}"
            return CrawlSummary(
                source=job.source.name, outcome=CrawlOutcome.CRASHED, reason=text, seconds=round(job.seconds, 3)
            )
        return summing.finished(found, self._refusal, pattern_capped)

    def _make_room(self) -> None:
        """Let go of all addresses: nothing is asked any more, and detection needs the memory."""
        self._spider.frontier = Frontier(self._job.source)
        self._spider.recorder.tally = Tally()
        memory.give_back()

    def _refuse(self, error: Exception) -> None:
        if self._refusal is not None:
            return  # of the pages under way each meets the same
        self._refusal = _outcome(error)
        self._job.stopping = self._refusal[0].value
        if not self._has_parent:  # which says it with the summary
            logger.error("%s: %s", self._job.source.name, self._refusal[1])

    def _looked(self, ask: Ask, reading: Reading) -> None:
        if ask.probe or ask.candidate.is_asset:
            return
        frontier, tally = self._spider.frontier, self._spider.recorder.tally
        self._report(
            Progress(
                source=self._job.source.name,
                done=len(tally.outcomes),
                known=max(frontier.size, len(tally.outcomes)),
                uri=ask.uri,
                outcome=reading.outcome.value,
            )
        )


def _outcome(error: Exception) -> tuple[CrawlOutcome, str]:
    text = str(error) or type(error).__name__
    match error:
        case ArchiveBusy():
            return CrawlOutcome.LOCKED, text
        case DiskFull():
            return CrawlOutcome.NO_SPACE, text
        case detecting.DetectionDied():
            return CrawlOutcome.CRASHED, error.what
        case ArchiveDamaged():
            return CrawlOutcome.DAMAGED, text
        case ArchiveNewer() | ConfigError():
            return CrawlOutcome.UNUSABLE, text
        case _:
            return CrawlOutcome.UNWRITABLE, text


def reporter(kind: str) -> Callable[[Event], None]:
    """How a crawl tells what it does: JSON lines for a parent process ("json"), or a summary for a person ("text")."""
    if kind == "json":
        return _as_json
    return _as_text


def _as_json(event: Event) -> None:
    with contextlib.suppress(BrokenPipeError):  # the parent is dead; the end of standard input stops the crawl in order
        os.write(1, (encode(event) + "\n").encode())


def _as_text(event: Event) -> None:
    for line in tell.lines(event) if isinstance(event, CrawlSummary) else ():
        print(line, file=sys.stderr)
