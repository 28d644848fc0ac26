"""What each command loads: a command that somebody waits for must not load what it does not use."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.words import word_set
from storage.archive import Archive
from tests.storage.makers import Watching

# Each takes a tenth of a second or more, alone or with what it brings along.
HEAVY = word_set(
    """alerts.detect.rules alerts.render apscheduler asyncio babel css_inline extractors.read jinja2 lxml pebble pypdf
    pypdfium2 rapidfuzz rich scrapy smtplib starlette trafilatura twisted uvicorn warcio"""
)
URI = "https://www.example.org/a/"
_CODE = """
import contextlib, io, json, sys
from crawler import cli
for words in sys.argv[2:]:
    with contextlib.redirect_stdout(io.StringIO()):
        code = cli.run(["--config", sys.argv[1], *words.split()])
    print(json.dumps([words, code, sorted(sys.modules)]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config, and an archive in which one page was looked at once."""
    folder = tmp_path_factory.mktemp("start")
    file = folder / "amtsblick.toml"
    file.write_text(
        f'[[source]]\nname = "section"\nstart = ["{URI}"]\n[[subscription]]\nname = "team"\nto = ["team@example.org"]\n'
    )
    file.chmod(0o600)
    with Archive.open(folder / "amtsblick.db", create=True) as archive:
        watching = Watching(archive, now=datetime(2026, 1, 5, 6, tzinfo=UTC))
        watching.begin()
        watching.see(URI, "text")
        watching.end()
        archive.record_subscriptions(["team"], watching.now)
    return folder


def loaded(folder: Path, *commands: str) -> dict[str, set[str]]:
    """What a process has loaded after each command, one after the other."""
    command = [sys.executable, "-c", _CODE, str(folder / "amtsblick.toml"), *commands]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    # 1: `status` is not content with a source that was never looked at to the end.
    assert all(code in {0, 1} for _, code, _ in told), told
    return {words: set(modules) for words, _, modules in told}


def test_help_loads_no_more_than_the_command_line(folder: Path) -> None:
    assert not loaded(folder, "--help")["--help"] & (HEAVY | {"pydantic", "sqlite_utils"})


def test_commands_that_are_waited_for_load_nothing_heavy(folder: Path) -> None:
    found = loaded(
        folder, f"snapshot {URI}", f"snapshots {URI}", "changes", "source list", "status", "recipients list", "outbox"
    )
    assert {words: modules & HEAVY for words, modules in found.items() if modules & HEAVY} == {}


def test_the_crawl_process_asks_first_and_loads_what_reads_and_compares_when_it_is_needed() -> None:
    code = "import sys; from crawler import crawling, process; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    assert not set(done.stdout.split()) & (HEAVY - {"asyncio", "lxml", "scrapy", "twisted"})
