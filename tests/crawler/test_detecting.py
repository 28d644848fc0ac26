"""Detection in a process of its own, as a large section has it: the same comes of it, and its end is nobody else's."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler import cli, config, detecting
from crawler.clock import NOW_VARIABLE, Clock
from crawler.runner import CrawlProcess
from storage import failpoint as failpoints
from storage.errors import ArchiveDamaged
from tests.crawler.bench import Bench
from tests.server import LONG, Site, html

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
READERS = '[[subscription]]\nname = "team"\nto = ["team@example.org"]\nimmediately = ["page.*"]\n'


def _crawl(desk: Bench, at: datetime, *, apart: bool, failpoint: str = "") -> subprocess.CompletedProcess[str]:
    """One crawl by Scrapy's own command, which takes settings."""
    environ = {"AMTSBLICK_CONFIG": str(desk.file), NOW_VARIABLE: at.isoformat(), failpoints.VARIABLE: failpoint}
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "site", "-s", f"DETECT_APART={0 if apart else 1000}"], cwd=ROOT,
        env=os.environ | environ, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def _pages(site: Site, text: str) -> None:
    site.pages["/"] = html("Start", LONG, links=("/b",))
    site.pages["/b"] = html("B", text)


def _told(desk: Bench) -> tuple[object, ...]:
    with desk.archive() as archive:
        changes = [(each.id, each.summary, each.detected_at, each.seq) for each in archive.changes()]
        digests = [(each.number, each.subscription, each.kind, each.change_ids) for each in archive.digests()]
        return changes, digests, [crawl.detected for crawl in archive.crawls()]


def test_what_comes_of_it_is_the_same_with_its_mails(tmp_path: Path, site: Site, crawl_process: CrawlProcess) -> None:
    desks = {}
    for apart in (False, True):
        (tmp_path / str(apart)).mkdir()
        desks[apart] = Bench(tmp_path / str(apart), crawl_process)
        desks[apart].watch(site, tail=READERS)
    for week, text in enumerate((LONG, f"{LONG} Die Sprechstunde am Dienstag entfällt.")):
        _pages(site, text)
        for apart, desk in desks.items():
            done = _crawl(desk, NOW + week * WEEK, apart=apart)
            assert done.returncode == 0, done.stderr
            assert "Traceback" not in done.stderr
    changes, digests, detected = told = _told(desks[False])
    assert _told(desks[True]) == told
    assert (len(changes), len(digests), detected) == (1, 1, [True, True])


def test_a_process_that_is_killed_is_told_and_the_next_crawl_does_its_work_once(bench: Bench, site: Site) -> None:
    _pages(site, LONG)
    bench.watch(site)
    assert _crawl(bench, NOW, apart=True).returncode == 0
    _pages(site, f"{LONG} Die Sprechstunde am Dienstag entfällt.")
    done = _crawl(bench, NOW + WEEK, apart=True, failpoint="detection.halfway")
    assert "was killed, as the system does when memory runs out; run it again; what was stored is safe" in done.stderr
    assert "Traceback" not in done.stderr
    assert _told(bench) == ([], [], [False, True])  # newest first
    assert _crawl(bench, NOW + 2 * WEEK, apart=True).returncode == 0
    changes, _, detected = _told(bench)
    assert (len(changes), detected) == (1, [True, True, True])


def test_what_stands_in_its_way_is_told_as_it_is(bench: Bench) -> None:
    bench.watch("http://localhost/")
    bench.archive_path.write_bytes(b"no archive at all" * 1000)
    with pytest.raises(ArchiveDamaged, match="amtsblick"):
        detecting._detect_apart(bench.archive_path, config.load(bench.file), Clock(frozen_at=NOW))


def test_any_command_that_writes_takes_care_in_the_same_way(
    bench: Bench, site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _pages(site, LONG)
    bench.watch(site)
    _crawl(bench, NOW, apart=True, failpoint="detection.halfway")
    monkeypatch.setattr(detecting, "LARGE", 1)
    monkeypatch.setenv(failpoints.VARIABLE, "detection.halfway")  # this process has read it already, another has not
    command = ["--config", str(bench.file), "--now", (NOW + WEEK).isoformat(), "deliver"]
    assert cli.run(command) == 75
    said = capsys.readouterr().err
    assert said.endswith("was killed, as the system does when memory runs out; run it again, what was stored is safe\n")
    assert said.count("\n") == 1
    monkeypatch.delenv(failpoints.VARIABLE)
    assert cli.run(command) == 0
    assert _told(bench)[2] == [True]
