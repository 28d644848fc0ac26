"""What the tests of crawls share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import config
from crawler.runner import CrawlProcess
from tests.crawler.bench import Bench
from tests.server import LONG, Site, html, serving


@pytest.fixture(scope="session")
def crawl_process() -> Iterator[CrawlProcess]:
    """One crawl process for all tests of a worker: start-up is paid once."""
    with CrawlProcess(config.shipped()) as process:
        yield process


@pytest.fixture
def bench(tmp_path: Path, crawl_process: CrawlProcess) -> Bench:
    """A desk with a folder of its own."""
    return Bench(tmp_path, crawl_process)


@pytest.fixture
def site() -> Iterator[Site]:
    """A web site on loopback."""
    with serving() as made:
        yield made


@pytest.fixture
def config_file(tmp_path: Path, site: Site) -> Path:
    site.pages["/"] = html("Start", LONG, links=("/a",))
    site.pages["/a"] = html("A", LONG)
    file = tmp_path / "amtsblick.toml"
    file.write_text(
        f'[[source]]\nname = "site"\nstart = ["{site.url("/")}"]\nallow_private = true\ndelay = 0\n'
        '[[subscription]]\nname = "team"\nto = ["team@example.org"]\n'
    )
    file.chmod(0o600)
    return file
