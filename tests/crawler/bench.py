"""A desk to try crawls at: a config in a folder of its own, one crawl process for all tests, and the archive to look into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from crawler import config
from crawler.clock import Clock
from crawler.runner import CrawlProcess, CrawlSummary, Event
from extractors import address
from storage.archive import Archive
from storage.records import Capture
from tests.server import Site


class Bench:
    """Crawls a site as a config says. ``extra`` are further lines of its source, ``tail`` further tables."""

    def __init__(self, folder: Path, process: CrawlProcess) -> None:
        self.file = folder / "amtsblick.toml"
        self.archive_path = folder / "amtsblick.db"
        self._process = process
        self.events: list[Event] = []

    def watch(self, site: Site | str, extra: str = "", tail: str = "", path: str = "/") -> None:
        """Write a config with one source that starts at a path of the site."""
        start = site if isinstance(site, str) else site.url(path)
        private = "" if "allow_private" in extra else "allow_private = true\n"
        delay = "" if "delay" in extra else "delay = 0\n"
        timeout = "" if "timeout" in extra else 'timeout = "5s"\n'
        self.write(f'[[source]]\nname = "site"\nstart = ["{start}"]\n{private}{delay}{timeout}{extra}\n{tail}\n')

    def write(self, text: str) -> None:
        """Write the whole config."""
        self.file.write_text(text, encoding="utf-8")
        self.file.chmod(0o600)

    def crawl(self, *names: str, at: datetime | None = None, dry_run: bool = False) -> CrawlSummary:
        """One crawl of the sources named; the summary of the last one."""
        self.events.clear()
        self._process.config = config.load(self.file)
        clock = Clock(frozen_at=at)
        return self._process.crawl(names or ("site",), clock, self.events.append, dry_run=dry_run)[-1]

    @contextmanager
    def archive(self) -> Iterator[Archive]:
        with Archive.open(self.archive_path, readonly=True) as archive:
            yield archive

    def captures(self, uri: str) -> tuple[Capture, ...]:
        """All captures of an address, oldest first, probes included."""
        with self.archive() as archive:
            found = archive.captures_of(uri)
            if found:
                return found
            views = [archive.crawl_view(crawl) for crawl in archive.crawls()]
            wanted = address.key(uri)
            return tuple(probe for view in views for probe in view.probes if probe.address == wanted)

    def last(self, uri: str) -> Capture:
        """The newest capture of an address."""
        return self.captures(uri)[-1]
