"""The command line as a stranger drives it: data on stdout, one line on stderr, the exit codes of design §5."""

from __future__ import annotations

import email
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest

from crawler import cli
from crawler.cli import COMMANDS, hoisted
from storage import schema
from storage.archive import Archive
from tests.crawler.bench import Bench
from tests.server import LONG, Reply, Site, html

MONDAY = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
WEEK = timedelta(weeks=1)
ESCAPE = "\x1b]52;c;ZXZpbA==\x07"


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

    def json(self, *words: str) -> list[dict[str, Any]]:
        """The objects a command prints; it must print nothing else on stdout."""
        assert self(*words, "--json") == 0, self.err
        return [json.loads(line) for line in self.out.splitlines()]

    def refuses(self, *words: str) -> str:
        """The one line of a mistake that is answered with exit 2."""
        assert self(*words) == 2, self.err
        assert self.out == ""
        (line,) = self.err.splitlines()
        assert line.startswith("amtsblick: ")
        return line.removeprefix("amtsblick: ")


@pytest.fixture
def shell(bench: Bench, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(bench.file, capsys)


@pytest.fixture
def watched(bench: Bench, site: Site) -> Iterator[Site]:
    """A site looked at on two Mondays: one page changed its hours, one page broke."""
    site.pages["/"] = html("Start", LONG, links=("/a", "/b"))
    site.pages["/a"] = html(f"Öffnungszeiten {ESCAPE}", LONG, "Geöffnet von 9 bis 15 Uhr.")
    site.pages["/b"] = html("Kontakt", LONG)
    reader = '[[subscription]]\nname = "team"\nto = ["team@example.org"]\n[mail]\nfrom = "Amt <amt@example.org>"'
    bench.watch(site, tail=reader)
    bench.crawl(at=MONDAY)
    site.pages["/a"] = html(f"Öffnungszeiten {ESCAPE}", LONG, "Geöffnet von 9 bis 12 Uhr.")
    del site.pages["/b"]
    bench.crawl(at=MONDAY + WEEK)
    return site


class TestHelp:
    def test_every_command_has_help_with_an_example(self, capsys: pytest.CaptureFixture[str]) -> None:
        leaves = {
            "source": ["list"],
            "config": ["check", "show"],
            "recipients": ["list", "add", "pause", "remove", "forget"],
            "hold": ["list", "add", "remove"],
        }
        for name in COMMANDS:
            for words in [[name, leaf] for leaf in leaves.get(name, [])] or [[name]]:
                assert cli.run([*words, "--help"]) == 0
                out = capsys.readouterr().out
                assert "Example" in out, words
                assert f"amtsblick {' '.join(words)}" in " ".join(out.split()), words

    def test_the_list_of_commands_loads_neither_scrapy_nor_the_parsers(self) -> None:
        heavy = "scrapy trafilatura lxml pypdfium2 sqlite_utils apscheduler jinja2 pydantic rich"
        script = (
            "import sys; from crawler import cli; assert cli.run(['--help']) == 0; "
            f"found = [name for name in {heavy.split()} if name in sys.modules]; assert not found, found"
        )
        subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)

    def test_the_version_is_that_of_the_distribution(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["--version"]) == 0
        assert capsys.readouterr().out.startswith("amtsblick 0.")


class TestUsage:
    @pytest.mark.parametrize(
        ("words", "answer"),
        [
            (["chnages"], "there is no command “chnages”; did you mean “changes”?"),
            (["changes", "--sicne", "today"], "no such option: --sicne"),
            (["snapshot"], "missing argument"),
            (["seminars", "--format", "xls"], "'xls' is not one of"),
        ],
    )
    def test_a_slip_is_one_line_and_exit_2(self, shell: Shell, words: list[str], answer: str) -> None:
        assert answer in shell.refuses(*words)

    def test_global_options_may_stand_anywhere(self) -> None:
        assert hoisted(["changes", "--config", "x", "--json"]) == ["--config", "x", "changes", "--json"]
        assert hoisted(["deliver", "--now-all", "--now=y"]) == ["--now=y", "deliver", "--now-all"]
        assert hoisted(["try", "--", "--now", "x"]) == ["try", "--", "--now", "x"]
        assert hoisted(["changes", "--config"]) == ["--config", "changes"]

    def test_a_wrong_config_is_exit_78_with_file_key_and_remedy(self, shell: Shell, bench: Bench) -> None:
        bench.write('[[source]]\nname = "a"\nstart = ["https://example.org/"]\ndleay = 2\n')
        for words in (["changes"], ["crawl"], ["status"], ["run"], ["config", "check"]):
            assert shell(*words) == 78
            words_of_it = "[[source]] no. 1: dleay: there is no such key; did you mean “delay”?"
            assert shell.err == f"amtsblick: {bench.file}:4: {words_of_it}\n"

    def test_reading_never_makes_an_archive(self, shell: Shell, bench: Bench, site: Site) -> None:
        bench.watch(site)
        for words in (["changes"], ["seminars"], ["notices"], ["outbox"], ["deliver"], ["snapshot", site.url("/")]):
            assert shell(*words) == 74
            assert shell.err == f"amtsblick: {bench.archive_path}: no archive yet; `amtsblick crawl` makes it\n"
        assert shell("status") == 1
        assert {path.name for path in bench.file.parent.iterdir()} == {"amtsblick.toml"}

    def test_an_archive_of_a_newer_version_is_exit_78(self, shell: Shell, bench: Bench, site: Site) -> None:
        bench.watch(site)
        with Archive.open(bench.archive_path, create=True):
            pass
        script = (
            f"import sqlite3; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA user_version = {schema.VERSION + 1}')"
        )
        subprocess.run([sys.executable, "-c", f"import sys; {script}", str(bench.archive_path)], check=True)
        for words in (["changes"], ["crawl"]):
            assert shell(*words) == 78
            assert "newer version of Amtsblick" in shell.err

    def test_an_archive_that_cannot_be_made_is_exit_74(self, shell: Shell, bench: Bench, site: Site) -> None:
        bench.watch(site)
        bench.write('[archive]\npath = "amtsblick.toml/sub/a.db"\n' + bench.file.read_text())
        assert shell("crawl") == 74
        assert "cannot be made" in shell.err

    def test_a_fault_of_the_program_is_one_line_too(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("crawler.cli.hoisted", lambda words: 1 / 0)
        assert shell("changes") == 70
        assert shell.err.count("\n") == 1
        assert "AMTSBLICK_TRACEBACK=1" in shell.err
        monkeypatch.setenv("AMTSBLICK_TRACEBACK", "1")
        cli.run(["changes"])
        assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.slow
class TestCrawl:
    def test_without_a_config_and_a_terminal_it_says_what_it_would_do_and_does_nothing(self, tmp_path: Path) -> None:
        data, environ = tmp_path / "data", {"PATH": "/bin", "HOME": str(tmp_path)}
        found = subprocess.run(
            [sys.executable, "-m", "crawler", "crawl"], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False, env=environ | {"XDG_DATA_HOME": str(data), "PYTHONPATH": str(Path.cwd())},
        )  # fmt: skip
        assert found.returncode == 78
        assert found.stderr.count("\n") == 1
        assert "--defaults" in found.stderr
        assert "lageso-partnerschaft" in found.stderr
        assert str(data) in found.stderr
        assert not data.exists()

    def test_a_first_look_is_said_to_be_one_and_exit_0(self, shell: Shell, bench: Bench, site: Site) -> None:
        site.pages["/"] = html("Start", LONG)
        bench.watch(site)
        assert shell("crawl") == 0
        assert "site: complete; 1 page, 0 documents; 1 new, 0 changed, 0 failed; coverage 100 %" in shell.out
        assert "this was the first look" in shell.out
        assert len(shell.err.splitlines()) < 10

    def test_pages_that_fail_are_exit_3_and_named(self, shell: Shell, bench: Bench, site: Site) -> None:
        site.pages["/"] = html("Start", LONG, links=("/a", "/status/500"))
        site.pages["/a"] = html("A", LONG)
        bench.watch(site)
        assert shell("crawl", "--json") == 3
        (row,) = [json.loads(line) for line in shell.out.splitlines()]
        assert (row["source"], row["pages"], row["failed"], row["outcome"]) == ("site", 3, 1, "incomplete")
        assert {"documents", "new", "changed", "coverage", "seconds"} <= set(row)
        assert "/status/500" in shell.err
        assert "asked again at the next look" in shell.err

    def test_a_section_that_is_gone_is_one_line_with_what_to_do_and_no_failure(
        self, shell: Shell, bench: Bench, site: Site
    ) -> None:
        site.pages["/"] = html("Das Amt", LONG)
        bench.watch(site, path="/gone/")
        assert shell("crawl") == 0
        (line,) = [line for line in shell.err.splitlines() if "answers 404" in line]
        assert f"{site.url('/gone/')} answers 404; nothing is known of it" in line
        assert "correct `start`" in line

    def test_an_unknown_source_is_refused_before_anything_is_asked(
        self, shell: Shell, bench: Bench, site: Site
    ) -> None:
        bench.watch(site)
        assert shell.refuses("crawl", "sitte") == "there is no source “sitte”; did you mean “site”?"
        assert site.paths() == []
        assert not bench.archive_path.exists()

    def test_a_dry_run_leaves_nothing(self, shell: Shell, bench: Bench, site: Site) -> None:
        site.pages["/"] = html("Start", LONG)
        bench.watch(site)
        assert shell("crawl", "--dry-run") == 0
        assert site.paths() == ["/"]
        assert not bench.archive_path.exists()

    def test_the_time_of_now_is_what_is_recorded(self, shell: Shell, bench: Bench, site: Site) -> None:
        site.pages["/"] = html("Start", LONG)
        bench.watch(site)
        assert shell("--now", "2026-03-02T05:30:00+01:00", "crawl") == 0
        assert shell.json("snapshots", site.url("/"))[0]["captured_at"] == "2026-03-02T04:30:00Z"
        assert "is before the newest record" in shell.refuses("--now", "2026-03-01", "changes")
        assert "is before the newest record" in shell.refuses("--now", "2026-03-01", "crawl")
        assert shell.refuses("--now", "2026-04-01", "run") == "run keeps real time and refuses --now"


class TestReading:
    def test_changes_have_the_fields_of_the_contract(self, shell: Shell, watched: Site) -> None:
        rows = shell.json("changes")
        (row,) = [row for row in rows if row["kind"] == "page.changed"]
        assert row["uri"] == watched.url("/a")
        assert row["detected_at"] == row["observed_at"] or row["observed_at"] < row["detected_at"]
        assert row["detected_at"] == "2026-03-09T04:30:00Z"
        fields = "id kind minor source source_ids uri uris title summary detected_at observed_at before after imported"
        assert set(fields.split()) <= set(row)
        assert isinstance(row["id"], str)
        assert row["minor"] is False

    def test_changes_are_chosen_by_time_source_and_kind(self, shell: Shell, watched: Site) -> None:
        everything = shell.json("changes")
        assert shell.json("changes", "--since", "09.03.2026") == everything
        assert shell.json("changes", "--since", "2026-03-09T04:30:00Z") == everything  # inclusive
        assert shell.json("changes", "--since", "2026-03-10") == []
        assert shell.json("changes", "--kind", "seminar.*") == []
        assert shell.json("changes", "--source", "site") == everything
        assert "there is no kind “page.gone”" in shell.refuses("changes", "--kind", "page.gone")
        assert "is no date that exists" in shell.refuses("changes", "--since", "30.02.2026")
        assert "did you mean “site”?" in shell.refuses("changes", "--source", "sit")

    def test_explain_names_what_was_held_back_and_by_which_rule(self, shell: Shell, watched: Site) -> None:
        held = [row for row in shell.json("changes", "--explain") if row.get("held")]
        assert any(row["uri"] == watched.url("/b") and row["rule"] for row in held)

    def test_nothing_that_a_page_says_steers_the_terminal(self, shell: Shell, watched: Site) -> None:
        for words in (
            ["changes", "--explain"], ["snapshot", watched.url("/a")], ["diff", watched.url("/a")], ["digest"],
            ["search", "öffnung"], ["search", "öffnung", "--json"], ["changes", "--json"], ["snapshot", watched.url("/a"), "--json"],
        ):  # fmt: skip
            assert shell(*words) == 0
            assert "\x1b" not in shell.out + shell.err
            assert "\x07" not in shell.out + shell.err

    def test_a_snapshot_is_the_last_good_state_and_says_when_later_looks_failed(
        self, shell: Shell, watched: Site
    ) -> None:
        assert shell("snapshot", watched.url("/a"), "--at", "2026-03-02") == 0
        assert "Geöffnet von 9 bis 15 Uhr." in shell.out
        assert "without seeing" not in shell.err
        assert shell("snapshot", watched.url("/a")) == 0
        assert "Geöffnet von 9 bis 12 Uhr." in shell.out
        assert shell("snapshot", watched.url("/b")) == 0
        assert "Kontakt" in shell.out
        assert "looked at once after that without seeing the page; last: gone, 2026-03-09T04:30:00Z" in shell.err
        (row,) = shell.json("snapshot", watched.url("/b"))
        assert [each["outcome"] for each in row["failed_since"]] == ["gone"]

    def test_every_look_is_listed_the_failed_ones_too(self, shell: Shell, watched: Site) -> None:
        first, second = shell.json("snapshots", watched.url("/b"))
        assert (first["status"], first["outcome"], second["status"], second["outcome"]) == (200, "ok", 404, "gone")
        assert first["payload_digest"].startswith("sha256:")
        assert first["text_digest"].startswith("sha256:")
        assert second["text_digest"] is None
        assert {"uri", "captured_at", "bytes"} <= set(first)

    def test_an_address_may_be_given_without_its_scheme(self, shell: Shell, watched: Site) -> None:
        assert len(shell.json("snapshots", watched.url("/b").removeprefix("http://"))) == 2

    @pytest.mark.parametrize("command", ["snapshot", "snapshots", "diff"])
    def test_an_address_never_seen_is_refused_with_the_nearest(self, shell: Shell, watched: Site, command: str) -> None:
        line = shell.refuses(command, watched.url("/aa"))
        assert "was never looked at; did you mean " in line
        assert watched.url("/a") in line

    def test_a_moment_before_the_first_look_is_refused_with_the_first(self, shell: Shell, watched: Site) -> None:
        line = shell.refuses("snapshot", watched.url("/a"), "--at", "2026-03-01")
        assert line.endswith("the first is of 2026-03-02T04:30:00Z")

    def test_a_difference_marks_the_words(self, shell: Shell, watched: Site) -> None:
        assert shell("diff", watched.url("/a")) == 0
        (line,) = [line for line in shell.out.splitlines() if line.startswith("~")]
        assert "[-15-]" in line
        assert "{+12+}" in line
        (row,) = shell.json("diff", watched.url("/a"), "--from", "2026-03-02", "--to", "2026-03-09")
        assert row["changed"] is True
        (block,) = row["blocks"]
        assert (block["op"], block["part"]) == ("changed", "text")
        assert "exchange them" in shell.refuses("diff", watched.url("/a"), "--from", "2026-03-09", "--to", "2026-03-02")

    def test_a_search_marks_the_words_and_says_when_they_stood(self, shell: Shell, watched: Site) -> None:
        assert shell("search", "oeffnung", "15") == 0
        title, times, *passages = shell.out.splitlines()
        assert title.endswith(watched.url("/a"))
        assert times == "  2026-03-02 05:30 until 2026-03-09 05:30"
        assert passages[0].startswith("    title: [Öffnung]szeiten")
        assert passages[1] == "    Geöffnet von 9 bis [15] Uhr."
        (row,) = shell.json("search", "uhr", "--limit", "1")
        assert (row["uri"], row["until"], row["versions"]) == (watched.url("/a"), None, 2)
        (passage,) = row["passages"]
        assert [passage["text"][start:end] for start, end in passage["marks"]] == ["Uhr"]
        assert (
            shell.json("search", "15", "--since", "2026-03-10")
            == shell.json("search", "12", "--until", "2.3.2026")
            == []
        )
        assert [row["uri"] for row in shell.json("search", "kontakt", "--source", "site")] == [watched.url("/b")]

    def test_a_search_that_makes_no_sense_is_refused(self, shell: Shell, watched: Site) -> None:
        assert "no letter or digit" in shell.refuses("search", "§", '"')
        assert "did you mean “site”?" in shell.refuses("search", "uhr", "--source", "sit")
        assert "exchange them" in shell.refuses("search", "uhr", "--since", "2026-03-09", "--until", "2026-03-02")
        assert shell("search", '"OR" NEAR(') == 0
        assert shell.err == "nothing found\n"

    def test_what_was_archived_is_read_again_without_the_network(self, shell: Shell, watched: Site) -> None:
        asked = len(watched.requests)
        (row,) = shell.json("extract", watched.url("/a"), "--at", "2026-03-02", "--explain")
        assert row["outcome"] == "ok"
        assert any(block["kept"] and "15 Uhr" in block["text"] for block in row["blocks"])
        assert len(watched.requests) == asked


class TestMail:
    def test_a_preview_stores_nothing_and_comes_in_every_form(self, shell: Shell, bench: Bench, watched: Site) -> None:
        assert shell("digest") == 0
        assert "Öffnungszeiten" in shell.out
        assert shell("digest", "--format", "html") == 0
        assert "<html" in shell.out
        assert shell("digest", "--format", "eml") == 0
        message = email.message_from_string(shell.out, policy=policy.default)
        assert message["To"] == "team@example.org"
        (row,) = shell.json("digest", "--subscription", "team")
        assert set(row) == {"subscription", "subject", "text", "html"}
        assert shell.json("outbox") == []
        assert "did you mean “team”?" in shell.refuses("digest", "--subscription", "tem")

    def test_a_digest_is_sent_once_and_listed(self, shell: Shell, bench: Bench, watched: Site) -> None:
        assert shell("--now", "2026-03-09T07:00:00Z", "digest", "--send", "--json") == 0
        (digest,) = [json.loads(line) for line in shell.out.splitlines()]
        (row,) = shell.json("outbox")
        assert (row["digest"], row["recipient"], row["state"]) == (digest["digest"], "team@example.org", "sent")
        assert {"id", "message_id", "attempts", "next_at", "last_answer"} <= set(row)
        assert len(list((bench.file.parent / "outbox").glob("*.eml"))) == 1
        assert "is sent; a message that was sent cannot be dropped" in shell.refuses("outbox", "drop", row["id"])
        assert "there is no message 99" in shell.refuses("outbox", "retry", "99")
        assert "say which message: `amtsblick outbox drop ID`" in shell.refuses("outbox", "drop")

    def test_for_cron_a_slot_is_acted_on_once_and_only_after_it_has_passed(
        self, shell: Shell, bench: Bench, watched: Site
    ) -> None:
        bench.write(bench.file.read_text().replace("to = [", 'when_empty = "always"\nto = ['))
        sent = ["digest", "--due", "--send"]
        for moment, digests in (
            ("2026-03-09T05:59:58Z", 1),  # the slot of the Monday before, which was missed
            ("2026-03-09T05:59:59Z", 1),  # 06:59 in Berlin
            ("2026-03-09T06:00:00Z", 2),
            ("2026-03-09T06:00:30Z", 2),
            ("2026-03-15T12:00:00Z", 2),
        ):
            assert shell("--now", moment, *sent) == 0
            assert len(shell.json("outbox")) == digests, moment

    def test_a_server_that_is_away_is_exit_75_and_the_mail_waits(
        self, shell: Shell, bench: Bench, watched: Site
    ) -> None:
        bench.write(bench.file.read_text() + '\nsmtp = "smtp://127.0.0.1:1"\n')
        assert shell("digest", "--send") == 75
        (row,) = shell.json("outbox")
        assert row["state"] in ("queued", "deferred")
        assert shell("outbox", "drop", row["id"]) == 0
        assert shell.json("outbox")[0]["state"] == "dropped"

    def test_a_password_that_is_missing_is_told_before_the_window_is_closed(
        self, shell: Shell, bench: Bench, watched: Site
    ) -> None:
        bench.write(bench.file.read_text() + '\nsmtp = "smtps://me@mail.example.org"\n')
        for words in (["digest", "--send"], ["deliver"], ["config", "check"], ["run"]):
            assert shell(*words) == 78
            assert "AMTSBLICK_SMTP_PASSWORD" in shell.err
        assert shell("digest") == 0
        assert shell.json("outbox") == []


class TestStatus:
    def test_well_is_exit_0_and_each_trouble_exit_1_with_its_reason(self, shell: Shell, watched: Site) -> None:
        soon = ["--now", "2026-03-09T08:00:00Z"]
        (row,) = shell.json(*soon, "status")
        assert row["well"] is True
        assert [each["source"] for each in row["sources"]] == ["site"]
        assert row["sources"][0]["next_crawl"] == "2026-03-10T04:30:00Z"
        assert set(row) >= {"queue", "disk"}
        assert shell("--now", "2026-03-20", "status") == 1
        assert "overdue" in shell.err

    def test_mail_that_waits_longer_than_an_hour_is_a_trouble(self, shell: Shell, bench: Bench, watched: Site) -> None:
        bench.write(bench.file.read_text() + '\nsmtp = "smtp://127.0.0.1:1"\n')
        assert shell("--now", "2026-03-09T06:00:00Z", "digest", "--send") == 75
        assert shell("--now", "2026-03-09T06:59:00Z", "status") == 0
        assert shell("--now", "2026-03-09T07:01:00Z", "status") == 1
        assert "mail waits since 2026-03-09T06:00:00Z" in shell.err

    def test_a_source_that_cannot_be_checked_is_a_trouble(self, shell: Shell, bench: Bench, watched: Site) -> None:
        for path in ("/", "/a", "/b"):
            watched.pages[path] = Reply("down", status=500)
        bench.crawl(at=MONDAY + 2 * WEEK)
        assert shell("--now", "2026-03-16T05:00:00Z", "status") == 1
        assert "cannot be checked at present" in shell.err


@pytest.mark.slow
class TestTry:
    def test_it_shows_what_would_be_read_and_stores_nothing(self, shell: Shell, bench: Bench, site: Site) -> None:
        site.pages["/"] = html("Start", LONG, links=tuple(f"/{number}" for number in range(20)))
        for number in range(20):
            site.pages[f"/{number}"] = html(f"Seite {number}", LONG)
        bench.watch(site)
        (row,) = shell.json("try", site.url("/"), "--allow-private")
        assert (row["title"], row["outcome"], row["robots"]) == ("Start", "ok", "allows it")
        assert row["extractor"]
        assert len(site.paths()) <= 5
        assert not bench.archive_path.exists()
        bench.write(row["source"])
        assert shell("config", "check") == 0

    def test_a_private_address_is_refused_with_the_option_that_allows_it(
        self, shell: Shell, bench: Bench, site: Site
    ) -> None:
        bench.watch(site, "allow_private = false")
        assert shell("try", site.url("/")) == 3
        assert "add --allow-private" in shell.err
        assert site.requests == []

    def test_what_the_config_allows_already_needs_no_option(self, shell: Shell, bench: Bench, site: Site) -> None:
        site.pages["/"] = html("Start", LONG)
        bench.watch(site)
        assert shell("try", site.url("/")) == 0
        assert "title:     Start" in shell.out

    def test_what_is_no_address_is_refused(self, shell: Shell, bench: Bench, site: Site) -> None:
        bench.watch(site)
        assert "is no address of the web" in shell.refuses("try", "file:///etc/passwd")


class TestConfig:
    def test_show_gives_a_file_that_holds_the_same(self, shell: Shell, bench: Bench, site: Site) -> None:
        bench.watch(site)
        assert shell("config", "show") == 0
        bench.write(shell.out)
        first = shell.out
        assert shell("config", "show") == 0
        assert shell.out == first

    def test_check_says_what_the_config_comes_to(self, shell: Shell, bench: Bench, site: Site) -> None:
        bench.watch(site)
        (row,) = shell.json("config", "check")
        assert row["ok"] is True
        assert row["archive"] == str(bench.archive_path)
        assert any("no [[subscription]]" in hint for hint in row["hints"])

    def test_sources_are_listed_with_their_schedule(self, shell: Shell, bench: Bench, site: Site) -> None:
        bench.watch(site, extra="enabled = false")
        (row,) = shell.json("source", "list")
        assert (row["name"], row["schedule"], row["enabled"]) == ("site", "30 5 * * *", False)
        assert shell("source", "list") == 0
        assert "paused" in shell.out


class TestPipes:
    @pytest.mark.parametrize("words", [["config", "show"], ["changes", "--json"], ["--help"]])
    def test_a_reader_that_has_seen_enough_is_no_error(self, shell: Shell, watched: Site, words: list[str]) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        command = [sys.executable, "-m", "crawler", "--config", str(shell.config), *words]
        found = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
        os.close(writing)
        assert (found.returncode, found.stderr) == (0, "")

    def test_raw_bytes_are_the_bytes_as_received(self, shell: Shell, watched: Site) -> None:
        words = [sys.executable, "-m", "crawler", "--config", str(shell.config), "snapshot", watched.url("/b"), "--as"]
        raw = subprocess.run([*words, "raw"], capture_output=True, check=True).stdout
        assert raw == html("Kontakt", LONG).encode()
        assert subprocess.run([*words, "html"], capture_output=True, check=True).stdout == raw
        head = subprocess.run([*words, "headers"], capture_output=True, check=True).stdout
        assert head.startswith(b"HTTP/1.1 200 ")
        assert head.endswith(b"\r\n\r\n")

    @pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
    def test_a_terminal_gets_colours_unless_it_asks_for_none(
        self, shell: Shell, watched: Site, no_color: str, coloured: bool
    ) -> None:
        shown, end = pty.openpty()
        environ = os.environ | {"NO_COLOR": no_color, "TERM": "xterm"}
        command = [sys.executable, "-m", "crawler", "--config", str(shell.config), "diff", watched.url("/a")]
        subprocess.run(command, stdout=end, stderr=subprocess.DEVNULL, env=environ, check=True)
        os.close(end)
        text = b""
        while chunk := _read(shown):
            text += chunk
        os.close(shown)
        assert b"[-15-]" in text
        assert (b"\x1b[" in text) is coloured
        assert b"\x1b]52" not in text


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # Linux answers so when the other side is closed
        return b""
