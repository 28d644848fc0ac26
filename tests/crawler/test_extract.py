"""``extract`` and ``try``: what would be read, by which rule, and kept as a test case."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler import cli
from crawler.case import check
from tests.crawler.bench import Bench
from tests.server import LONG, Reply, Site, html

MONDAY = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
PAGE = (
    '<html lang="de"><head><title>Amt</title></head><body><nav><a href="/">Start</a></nav>'
    f'<div class="box"><p>Am Freitag ist das Amt geschlossen.</p></div><div class="text"><h1>Sprechzeiten</h1><p>{LONG}</p>'
    '<p class="werbung">Kaufen Sie den Kalender des Amtes.</p></div></body></html>'
)
SELECTORS = ("--main", ".text", "--notice", ".box", "--ignore", ".werbung", "--ignore", ".nichts")


class Shell:
    """Runs commands in this process and keeps what they print."""

    def __init__(self, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config = config
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        self._capsys.readouterr()
        code = cli.run(["--config", str(self.config), *words])
        self.out, self.err = self._capsys.readouterr()
        assert "Traceback" not in self.err
        return code

    def json(self, *words: str) -> dict[str, Any]:
        assert self(*words, "--json") == 0, self.err
        row: dict[str, Any] = json.loads(self.out)
        return row

    def refuses(self, *words: str) -> str:
        assert self(*words) == 2, self.err
        (line,) = self.err.splitlines()
        return line


@pytest.fixture
def shell(bench: Bench, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(bench.file, capsys)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    file = tmp_path / "seite.html"
    file.write_text(PAGE, "utf-8")
    return file


@pytest.mark.slow
class TestLive:
    def test_an_address_that_was_never_seen_is_asked_once(self, shell: Shell, bench: Bench, site: Site) -> None:
        """Its page and robots.txt, and nothing is stored."""
        site.pages["/"] = html("Start", LONG, links=("/a",))
        bench.watch(site)
        row = shell.json("extract", site.url("/"), "--explain")
        assert (row["title"], row["outcome"]) == ("Start", "ok")
        assert site.paths() == ["/"]
        assert len(site.asked("/robots.txt")) == 1
        assert not bench.archive_path.exists()

    def test_the_archive_is_asked_first_and_live_the_site(self, shell: Shell, bench: Bench, site: Site) -> None:
        site.pages["/"] = html("Alt", LONG)
        bench.watch(site)
        bench.crawl(at=MONDAY)
        site.pages["/"] = html("Neu", LONG)
        site.forget()
        assert shell.json("extract", site.url("/"))["title"] == "Alt"
        assert site.requests == []
        assert shell.json("extract", site.url("/"), "--live")["title"] == "Neu"
        assert shell.json("extract", site.url("/"))["title"] == "Alt"
        assert "give one of them" in shell.refuses("extract", site.url("/"), "--live", "--at", "2026-03-02")

    def test_what_robots_forbids_is_not_asked(self, shell: Shell, bench: Bench, site: Site) -> None:
        site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /amt", type="text/plain")
        site.pages["/amt"] = html("Amt", LONG)
        bench.watch(site)
        assert shell("extract", site.url("/amt")) == 3
        assert "robots" in shell.err.lower()
        assert site.asked("/amt") == []

    def test_a_private_address_needs_its_option(self, shell: Shell, bench: Bench, site: Site) -> None:
        site.pages["/"] = html("Start", LONG)
        bench.watch(site, "allow_private = false")
        assert shell("extract", site.url("/")) == 3
        assert "add --allow-private" in shell.err
        assert site.requests == []
        assert shell("extract", site.url("/"), "--allow-private") == 0

    def test_a_redirect_is_followed_and_told(self, shell: Shell, bench: Bench, site: Site) -> None:
        site.pages["/alt"] = Reply(status=301, headers=(("Location", "/neu"),))
        site.pages["/neu"] = html("Neu", LONG)
        bench.watch(site)
        row = shell.json("extract", site.url("/alt"))
        assert (row["uri"], row["title"]) == (site.url("/neu"), "Neu")
        assert f"leads to {site.url('/neu')}" in shell.err
        tried = shell.json("try", site.url("/alt"))
        assert (tried["leads_to"], tried["title"]) == (site.url("/neu"), "Neu")
        assert f'start = ["{site.url("/neu")}"]' in tried["source"]


@pytest.mark.slow
class TestSelectors:
    def test_they_say_where_the_text_is(self, shell: Shell, bench: Bench, site: Site, saved: Path) -> None:
        bench.watch(site)
        row = shell.json("extract", str(saved), *SELECTORS, "--explain")
        assert row["text"].splitlines() == ["Sprechzeiten", LONG.strip()]
        assert row["notices"] == ["Am Freitag ist das Amt geschlossen."]
        (dropped,) = [block for block in row["blocks"] if "Kalender" in block["text"]]
        assert (dropped["kept"], dropped["rule"]) == (False, "ignored")
        assert 0 < row["main_chars"] < row["full_chars"]

    def test_try_puts_them_into_the_block_to_paste(self, shell: Shell, bench: Bench, site: Site) -> None:
        site.pages["/"] = PAGE
        bench.watch(site)
        row = shell.json("try", site.url("/"), *SELECTORS, "--extractor", "generic")
        assert row["notices"] == ["Am Freitag ist das Amt geschlossen."]
        bench.write(row["source"])
        assert shell("config", "check") == 0
        assert shell.json("try", site.url("/"), "--allow-private")["title"] == "Sprechzeiten"
        for line in ('main = [".text"]', 'ignore = [".werbung", ".nichts"]', 'extractor = "generic"'):
            assert line in row["source"]

    @pytest.mark.parametrize("command", ["extract", "try"])
    def test_a_selector_that_is_none_is_one_line(self, shell: Shell, bench: Bench, site: Site, command: str) -> None:
        bench.watch(site)
        line = shell.refuses(command, site.url("/"), "--main", "div[")
        assert line.startswith("amtsblick: --main: “div[” is no CSS selector: ")
        assert "--ignore: “a|b”" in shell.refuses(command, site.url("/"), "--ignore", "a|b")
        assert "did you mean “generic”?" in shell.refuses(command, site.url("/"), "--extractor", "genric")
        assert site.requests == []


@pytest.mark.slow
class TestExplain:
    def test_every_block_is_shown_and_every_rule_told(
        self, shell: Shell, bench: Bench, site: Site, saved: Path
    ) -> None:
        bench.watch(site)
        assert shell("extract", str(saved), "--explain") == 0
        lines = shell.out.splitlines()
        assert "- paragraph Start" in lines
        assert any(line.startswith("+ heading   Sprechzeiten") for line in lines)
        assert any(line.startswith("  navigation: ") for line in lines)
        assert lines[-1].startswith("Main text: ")

    def test_it_fits_a_terminal_of_80_columns(self, bench: Bench, site: Site, saved: Path) -> None:
        bench.watch(site)
        master, slave = pty.openpty()
        command = [sys.executable, "-m", "crawler", "--config", str(bench.file), "extract", str(saved), "--explain"]
        env = {**os.environ, "COLUMNS": "80", "TERM": "xterm"}
        with subprocess.Popen(command, stdout=slave, stderr=slave, env=env) as running:
            os.close(slave)
            said = b""
            try:
                while chunk := os.read(master, 4096):
                    said += chunk
            except OSError:  # Linux says so when the other end is closed
                pass
        os.close(master)
        assert running.returncode == 0
        lines = said.decode().splitlines()
        assert len(lines) > 10
        assert [line for line in lines if len(line) > 80] == []


@pytest.mark.slow
class TestCase:
    def test_a_page_becomes_a_case_that_holds(self, shell: Shell, bench: Bench, site: Site, tmp_path: Path) -> None:
        site.pages["/amt"] = Reply(PAGE, headers=(("Set-Cookie", "geheim=1"),))
        bench.watch(site)
        assert shell("extract", site.url("/amt"), *SELECTORS, "--save-case", str(tmp_path / "cases")) == 0
        (folder,) = (tmp_path / "cases").iterdir()
        assert {file.name for file in folder.iterdir()} == {"page.html", "case.json", "expected.json"}
        assert (folder / "page.html").read_text("utf-8") == PAGE
        about = json.loads((folder / "case.json").read_text("utf-8"))
        assert (about["address"], about["main"], about["status"]) == (site.url("/amt"), [".text"], 200)
        assert "geheim" not in (folder / "case.json").read_text("utf-8")
        assert "correct expected.json" in shell.err
        assert check(folder) == ""
        expected = (folder / "expected.json").read_text("utf-8")
        (folder / "expected.json").write_text(expected.replace("Freitag", "Montag"), "utf-8")
        assert [line[:1] for line in check(folder).splitlines() if "notice" in line and line[0] in "+-"] == ["-", "+"]

    def test_a_case_is_not_overwritten_without_force(
        self, shell: Shell, bench: Bench, site: Site, saved: Path, tmp_path: Path
    ) -> None:
        bench.watch(site)
        words = ("extract", str(saved), "--save-case", str(tmp_path / "cases"))
        assert shell(*words) == 0
        assert "--force replaces it" in shell.refuses(*words)
        assert shell(*words, "--force") == 0
