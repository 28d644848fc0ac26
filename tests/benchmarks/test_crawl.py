"""The benchmark of crawls measures what it says: a site in which every page is found, and every process counted."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from benchmarks.crawl import ours, reference
from benchmarks.crawl.running import cost_of
from benchmarks.crawl.server import serving
from benchmarks.crawl.site import NAVIGATION, Site, noise, woven
from crawler import config
from crawler.clock import Clock
from crawler.runner import CrawlProcess

_BURN = "import time; end = time.process_time() + 0.4\nwhile time.process_time() < end: pass"
_LEAVE = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {_BURN!r}])"


def test_every_page_is_linked_and_has_as_many_links_as_an_authoritys() -> None:
    site = Site(300)
    assert {len(set(site.targets(page))) for page in range(site.pages)} == {NAVIGATION}
    seen, waiting = {0}, [0]
    while waiting:
        found = set(site.targets(waiting.pop())) - seen
        seen |= found
        waiting += found
    assert seen == set(range(site.pages))


def test_every_fetch_is_another_and_two_pages_in_a_hundred_are_edited() -> None:
    site = Site(100)
    parts = site.parts(1)
    assert woven(parts, noise(random.Random(1), 1.0)) != woven(parts, noise(random.Random(2), 2.0))
    edited = site.edited()
    changed = [page for page in range(100) if edited.parts(page) != site.parts(page)]
    assert len(changed) == 2 == len(edited.editions)


def test_the_cost_of_a_process_that_outlives_its_parent_is_counted() -> None:
    cost, _ = cost_of([sys.executable, "-c", _LEAVE])
    assert cost.cpu >= 0.4


def test_the_reference_finds_a_version_too_many_and_one_too_few(tmp_path: Path) -> None:
    with (
        serving(25, "noise") as server,
        CrawlProcess(config.load(ours.config(tmp_path, server.home, 25)), ("site",)) as crawl_process,
    ):
        right = reference.Reference(server.home)
        for _ in range(2):
            crawl_process.crawl(("site",), Clock())
            changed = right.look()
        archive = ours.archive(tmp_path)
        assert changed == set()
        assert reference.compare(archive, right, {}, changed) == []
        page = next(uri for uri in right.texts if uri.endswith(".html"))
        right.texts[page].append("another text")
        assert reference.compare(archive, right, {}, {page}) == [
            f"{page}: 1 versions, 2 texts",
            f"{page}: changed, told 0 times",
        ]
        right.texts[page].pop()
        server.edit()
        crawl_process.crawl(("site",), Clock())
        told, _ = reference.told_since(archive, 0)
        assert set(told) == right.look()
