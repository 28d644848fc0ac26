"""The files beside the mail: written after each look, whole or not at all, and without anybody's address."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from icalendar import Calendar

from crawler import cli
from tests.crawler.bench import Bench
from tests.server import LONG, Site, html

MONDAY = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
TAIL = (
    '[[subscription]]\nname = "team"\nto = ["leserin@example.org"]\n[operator]\nto = ["betrieb@example.org"]\n'
    '[feeds]\ndir = "public/feeds"\n'
)
SEMINAR = "23. Arbeits- und Sozialseminar vom {when} in Berlin"


def crawl(bench: Bench, at: datetime) -> None:
    assert cli.run(["--config", str(bench.file), "--now", at.isoformat(), "crawl"]) == 0


def show(site: Site, when: str) -> None:
    site.pages["/"] = html("Seminare", LONG, SEMINAR.format(when=when), links=("/a",))
    site.pages["/a"] = html("Kontakt", LONG, f"Stand: {when}")


@pytest.mark.slow
def test_feeds_and_calendar_follow_the_site_and_name_no_reader(bench: Bench, site: Site) -> None:
    bench.watch(site, 'register = "seminars"', TAIL)
    folder = bench.file.parent / "public" / "feeds"
    show(site, "15. bis 19. Juni 2026")
    crawl(bench, MONDAY)
    names = {"feed.atom", "feed-site.atom", "seminars.ics"}
    assert {file.name for file in folder.iterdir()} == names
    assert feedparser.parse((folder / "feed.atom").read_bytes()).entries == []
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    crawl(bench, MONDAY + timedelta(days=1))
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before  # nothing new, nothing written

    show(site, "22. bis 26. Juni 2026")
    crawl(bench, MONDAY + timedelta(days=2))
    titles = [entry.title for entry in feedparser.parse((folder / "feed-site.atom").read_bytes()).entries]
    assert any("23. Arbeits- und Sozialseminar" in title for title in titles), titles
    (event,) = Calendar.from_ical((folder / "seminars.ics").read_bytes()).walk("VEVENT")
    assert (event["DTSTART"].dt.isoformat(), event["SEQUENCE"]) == ("2026-06-22", 1)
    for file in folder.iterdir():
        assert b"example.org" not in file.read_bytes().replace(b"www.example.org", b"")
        assert stat.S_IMODE(file.stat().st_mode) == 0o644


@pytest.mark.slow
def test_the_command_prints_the_same_calendar(
    bench: Bench, site: Site, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    bench.watch(site, 'register = "seminars"', TAIL)
    show(site, "15. bis 19. Juni 2026")
    crawl(bench, MONDAY)
    capsysbinary.readouterr()
    assert cli.run(["--config", str(bench.file), "seminars", "--format", "ics"]) == 0
    assert capsysbinary.readouterr().out == (bench.file.parent / "public/feeds/seminars.ics").read_bytes()


@pytest.mark.slow
def test_a_folder_that_cannot_be_made_spoils_no_crawl(
    bench: Bench, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    bench.watch(site, tail=TAIL)
    (bench.file.parent / "public").write_text("a file stands here")
    show(site, "15. bis 19. Juni 2026")
    crawl(bench, MONDAY)
    assert "cannot be written" in caplog.text
    assert Path(bench.file.parent / "public").is_file()
