"""The Scrapy process of a child: carries out orders one after the other, and stops when told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.config import Config, ConfigError
from crawler.crawling import archive_for, config_of
from crawler.keeper import SUMMARY_STAT, reporter
from crawler.loader import spider_class
from crawler.order import Order
from crawler.readers import shared
from crawler.summary import CrawlOutcome, CrawlSummary, Done

logger = logging.getLogger("amtsblick.crawl")


class OrderlyProcess(AsyncCrawlerProcess):
    """One Scrapy crawl after the other in one reactor, so that start-up is paid once."""

    def __init__(self) -> None:
        project = Settings()
        project.setmodule("crawler.settings", priority="project")
        project.set("EVENTS", "json", priority="cmdline")
        project.set("LOG_INSTALL_ROOT_HANDLER", value=False, priority="cmdline")
        super().__init__(project)
        self._tell = reporter("json")
        self._stopping = False
        self._broken = 0

    def run(self, orders: AsyncIterator[Order]) -> int:
        """Carry out all orders; blocks until there are no more. 0 when each source has told its summary."""
        from twisted.internet import reactor  # noqa: PLC0415 - only now the right one is installed

        async def everything() -> None:
            try:
                async for order in orders:
                    await self._carry_out(order)
                    self._tell(Done())
                    if self._stopping:
                        return
            except Exception:
                self._broken += 1
                logger.exception("the crawl process broke off")
            finally:
                self._stop_reactor()

        reactor.callWhenRunning(lambda: asyncio.ensure_future(everything()))
        self.start(stop_after_crawl=False)
        shared().stop()
        return 1 if self._broken else 0

    async def stop(self) -> None:
        """End the crawl that is running, and begin no other."""
        self._stopping = True
        await super().stop()

    async def _carry_out(self, order: Order) -> None:
        try:
            config = config_of(order)
        except ConfigError as error:
            for name in order.names:
                self._tell(CrawlSummary(source=name, outcome=CrawlOutcome.UNUSABLE, reason=str(error)))
            return
        with archive_for(config, order) as path:
            for name in order.names:
                await self._crawl_one(config, order, name, path)

    async def _crawl_one(self, config: Config, order: Order, name: str, path: Path) -> None:
        source = config.source_named(name)
        if source is None:
            self._tell(CrawlSummary(source=name, outcome=CrawlOutcome.UNUSABLE, reason=f"there is no source {name!r}"))
            return
        if self._stopping:
            self._tell(CrawlSummary(source=name, outcome=CrawlOutcome.STOPPED, reason="stopped before its turn"))
            return
        crawler = self.create_crawler(spider_class(config, source, order.clock, path))
        try:
            await self.crawl(crawler)
            told = crawler.stats.get_value(SUMMARY_STAT) is not None
        except Exception:
            logger.exception("the crawl of %s broke off", name)
            told = False
        if not told:
            self._broken += 1
            reason = "the crawl broke off; the log says where"
            self._tell(CrawlSummary(source=name, outcome=CrawlOutcome.CRASHED, reason=reason))
