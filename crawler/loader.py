"""Makes a spider class for each configured source, so that `scrapy list` and `scrapy crawl NAME` know them."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from crawler.clock import Clock
from crawler.config import Config, ConfigError, SourceConfig, from_environment
from crawler.settings import USER_AGENT
from crawler.spiders.source import SourceSpider
from extractors import address


def spider_class(
    config: Config, source: SourceConfig, clock: Clock, archive_path: Path | None = None
) -> type[SourceSpider]:
    """The spider of one source, with its settings; ``archive_path`` is another archive than the config's."""
    settings: dict[str, Any] = {
        "USER_AGENT": user_agent(config.crawler.contact),
        # The turn at a host keeps the source's delay, for all crawls together; in Scrapy's own queue it would only hold
        # up a crawl that is to end at once.
        "DOWNLOAD_DELAY": 0.0,
        "AUTOTHROTTLE_START_DELAY": 0.0,
        "AUTOTHROTTLE_MAX_DELAY": 0.0,
        "DOWNLOAD_MAXSIZE": source.max_bytes,
        "DOWNLOAD_TIMEOUT": source.timeout.total_seconds(),
        "DEPTH_LIMIT": source.max_depth,
        # The job ends the crawl at its deadline; this is the second lock on the same door.
        "CLOSESPIDER_TIMEOUT": source.deadline.total_seconds() + 60,
        "CLOSESPIDER_PAGECOUNT": 4 * source.max_pages + 100,
    }
    body = {
        "name": source.name,
        "config": config,
        "source": source,
        "clock": clock,
        "archive_path": archive_path or config.archive_path,
        "custom_settings": settings,
    }
    title = re.sub(r"\W", "", source.name.title())
    return type(f"{title}Spider", (SourceSpider,), body)


def user_agent(contact: str) -> str:
    """Who we are: product, version, a page for webmasters, and whom to write to."""
    printable = "".join(
        character for character in contact if character.isascii() and character.isprintable() and character not in "()"
    )
    return f"{USER_AGENT.removesuffix(')')}; {printable.strip()})" if printable.strip() else USER_AGENT


class ConfiguredSpiders:
    """The spider loader: reads the config that the environment names, as every child process does."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._config, self._clock = config, clock

    @classmethod
    def from_settings(cls, _settings: BaseSettings) -> ConfiguredSpiders:
        """What Scrapy calls to make it. A wrong config is one line and exit 78, no trace."""
        try:
            return cls(from_environment(os.environ), Clock.from_environment(os.environ))
        except (ConfigError, ValueError) as error:
            print(error, file=sys.stderr)
            raise SystemExit(78) from None

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of a source. Raises KeyError for an unknown one."""
        source = self._config.source_named(spider_name)
        if source is None:
            raise KeyError(f"there is no source {spider_name!r}; `scrapy list` names them")
        return spider_class(self._config, source, self._clock)

    def list(self) -> list[str]:
        """The names of all sources that are watched."""
        return [source.name for source in self._config.enabled]

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]  # the method above hides the builtin
        """The sources whose scope has this address."""
        return [source.name for source in self._config.enabled if address.in_scope(request.url, source.scope)]
