"""What ours is held against: ``python -m benchmarks.crawl.rivals {plain,naive} HOME [DATABASE]``.

Plain Scrapy follows links and counts bytes. The naive monitor is what most people write: it also has the text of each
page extracted in the callback and keeps one row per page. Politeness is off for both.
"""

from __future__ import annotations

import sqlite3
import sys
import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.linkextractors import LinkExtractor

_SETTINGS = {
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": False,
    "COOKIES_ENABLED": False,
    "RETRY_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}


class Plain(Spider):
    """Follows every link, as the tutorial does."""

    name = "plain"
    home = ""
    links = LinkExtractor()
    bytes = pages = 0

    async def start(self) -> Any:
        yield Request(self.home, callback=self.parse)

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        """Count a page and follow its links."""
        self.bytes += len(response.body)
        self.pages += 1
        self.keep(response)
        for link in self.links.extract_links(response):
            yield Request(link.url, callback=self.parse)

    def keep(self, response: Response) -> None:
        """Nothing is kept."""

    def closed(self, reason: str) -> None:
        """Say what it came to."""
        print(self.pages, self.bytes, reason)


class Naive(Plain):
    """The naive monitor."""

    name = "naive"
    database = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        import trafilatura  # noqa: PLC0415 - plain Scrapy does without

        self._extract = trafilatura.extract
        self._db = sqlite3.connect(self.database)
        self._db.execute("CREATE TABLE IF NOT EXISTS page (url TEXT PRIMARY KEY, digest TEXT, text BLOB)")

    def keep(self, response: Response) -> None:
        """Extract the text, and write the row where it is another than last time."""
        text = self._extract(response.text, url=response.url) or ""
        digest = sha256(text.encode()).hexdigest()
        known = self._db.execute("SELECT digest FROM page WHERE url = ?", [response.url]).fetchone()
        if known is None or known[0] != digest:
            row = [response.url, digest, zlib.compress(text.encode())]
            self._db.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?)", row)
            self._db.commit()


def main(words: list[str]) -> None:
    """Crawl once."""
    kind = {"plain": Plain, "naive": Naive}[words[0]]
    kind.home = words[1]
    if kind is Naive:
        Naive.database = words[2]
    process = CrawlerProcess(_SETTINGS)
    process.crawl(kind)
    process.start()


if __name__ == "__main__":
    main(sys.argv[1:])
