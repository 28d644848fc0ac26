"""`recipients` as an operator uses it: without touching the config, with one line for every slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.harness import Answer, Desk, Site, serving

CONFIG = """
[[source]]
name = "site"
start = ["{base}/"]
delay = 0
allow_private = true

[[subscription]]
name = "team"
to = ["lea@example.org", "uwe@example.org"]

[[subscription]]
name = "presse"
to = ["lea@example.org"]
when_empty = "always"

[mail]
from = "Amt <amt@example.org>"
"""
PAGE = (
    "<html><body><main><h1>Amt</h1><p>Sprechzeiten sind dienstags von 9 bis {} Uhr im Haus A.</p></main></body></html>"
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, CONFIG.format(base="http://127.0.0.1:1"))


def listed(desk: Desk, now: str) -> dict[tuple[str, str], str]:
    rows = desk.json("recipients", "list", now=now)
    return {(row["subscription"], row["address"]): row["state"] for row in rows}


def crawled(desk: Desk, site: Site, until: str, now: str) -> None:
    site.pages = {"/": Answer(PAGE.format(until))}
    desk.json("crawl", now=now)


@pytest.mark.timeout(300)  # twenty commands, on a machine that may do other things
def test_readers_come_pause_and_go(tmp_path: Path) -> None:
    with serving() as site:
        desk = Desk(tmp_path, CONFIG.format(base=site.base))
        crawled(desk, site, "12", "2026-03-02T05:30:00Z")
        desk.run("recipients", "add", "nora@example.org", "--subscription", "team", now="2026-03-02T06:00:00Z")
        desk.run("recipients", "pause", "uwe@example.org", "--until", "2026-03-16", now="2026-03-02T06:00:00Z")
        desk.run("recipients", "remove", "lea@example.org", "--subscription", "presse", now="2026-03-02T06:00:00Z")
        assert listed(desk, "2026-03-02T06:00:00Z") == {
            ("team", "lea@example.org"): "active",
            ("team", "uwe@example.org"): "paused",
            ("team", "nora@example.org"): "active",
            ("presse", "lea@example.org"): "removed",
        }
        crawled(desk, site, "14", "2026-03-03T05:30:00Z")
        sent = desk.run("digest", "--send", now="2026-03-09T06:00:00Z")
        assert "example.org: sent" in sent.out
        assert "lea@example.org" not in sent.out + sent.err
        assert [row["recipient"] for row in desk.json("outbox")] == ["lea@example.org", "nora@example.org"]
        assert listed(desk, "2026-03-16T06:00:00Z")["team", "uwe@example.org"] == "active"
        assert len(list((tmp_path / "outbox").glob("*-1.*"))) == 2
        done = desk.run("recipients", "forget", "lea@example.org", now="2026-03-16T06:00:00Z")
        assert "one message erased" in done.out
        assert not [file for file in (tmp_path / "outbox").iterdir() if b"lea@example.org" in file.read_bytes()]
        assert "the config still names this address" in done.err
        assert [row["recipient"] for row in desk.json("outbox")] == ["forgotten-1", "nora@example.org"]
        again = desk.run("outbox", "retry", "1", now="2026-03-16T06:00:00Z", expect=2)
        assert again.err.count("\n") == 1
        assert listed(desk, "2026-03-16T06:00:00Z")["team", "lea@example.org"] == "removed"


def test_somebody_can_be_removed_before_there_is_an_archive(desk: Desk) -> None:
    desk.run("recipients", "remove", "uwe@example.org")
    assert [row["state"] for row in desk.json("recipients", "list")] == ["active", "removed", "active"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("remove", "lae@example.org"), "did you mean “lea@example.org”?"),
        (("forget", "niemand@example.com"), "is not on any list"),
        (("add", "nora"), "has no domain"),
        (("add", "nora@example.org"), "there are several subscriptions"),
        (("add", "nora@example.org", "--subscription", "taem"), "did you mean “team”?"),
        (("pause", "lea@example.org", "--until", "2020-01-01"), "is not in the future"),
        (("pause", "lea@example.org", "--until", "bald"), "--until"),
        (("list", "--subscription", "nobody"), "there is no subscription"),
    ],
)
def test_slips_get_one_line(desk: Desk, words: tuple[str, ...], said: str) -> None:
    result = desk.run("recipients", *words, expect=2)
    assert said in result.err
    assert result.err.count("\n") == 1
