"""One crawl of one source: its settings, guard, manners and clock, and whether it is being stopped."""

from __future__ import annotations

import time
from pathlib import Path

from scrapy.crawler import Crawler

from crawler import proxies
from crawler.clock import Clock
from crawler.config import Config, SourceConfig
from crawler.guard import Guard
from crawler.politeness import HostTurns


class Job:
    """Made with the spider, shared by every part of its crawl. ``stopping`` says why it is ending, "" if it is not."""

    def __init__(self, config: Config, source: SourceConfig, clock: Clock, archive_path: Path) -> None:
        self.config, self.source, self.clock = config, source, clock
        self.archive_path = archive_path
        self.guard = Guard((*source.start, *source.scope) if source.allow_private else (), config.crawler.proxy)
        kept = archive_path == config.archive_path or config.archive_path.exists()
        folder = hosts_folder(config.archive_path if kept else archive_path)  # a dry run leaves no trace
        self.turns = HostTurns(folder, lambda: clock.now().timestamp())
        self.stopping = ""
        self.crawler: Crawler | None = None
        self._started = time.monotonic()

    @staticmethod
    def of(crawler: Crawler) -> Job:
        """The job of a crawler that has its spider already."""
        job = getattr(crawler.spider, "job", None)
        if not isinstance(job, Job):
            raise TypeError("only spiders of crawler.spiders.source can be crawled with these settings")
        return job

    @property
    def seconds(self) -> float:
        """How long the crawl has been going on."""
        return time.monotonic() - self._started

    def remaining(self) -> float:
        """Seconds until the deadline."""
        return self.source.deadline.total_seconds() - self.seconds

    def check(self) -> str:
        """Why the crawl is ending, "" if it goes on: the deadline has passed, or Scrapy was told to stop."""
        if not self.stopping and self.remaining() <= 0:
            self.stopping = "deadline"
        if not self.stopping and self.crawler is not None and not self.crawler.crawling:
            self.stopping = "shutdown"
        return self.stopping

    def proxy_for(self, uri: str) -> str:
        """The proxy to ask a URI through, "" for none."""
        return proxies.proxy_for(self.config.crawler, uri)


def hosts_folder(archive_path: Path) -> Path:
    """Where the turns at each host are kept: beside the archive, so that all its crawls share them."""
    return archive_path.with_name(archive_path.name + ".d") / "hosts"
