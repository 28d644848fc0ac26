"""What an operator can get wrong about mail: one line, exit 78 or 75, and nothing is lost by it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.harness import Answer, Desk, serving

SOURCE = '[[source]]\nname = "site"\nstart = ["{base}/"]\ndelay = 0\nallow_private = true\n'
LIST = '[[subscription]]\nname = "team"\nto = ["{to}"]\nschedule = "{schedule}"\nimmediately = ["page.changed"]\n'
PAGE = (
    "<html><body><main><h1>Amt</h1><p>Sprechzeiten sind dienstags von 9 bis {} Uhr im Haus A.</p></main></body></html>"
)
# A template that cannot be parsed, put before the ones of the package for this process alone.
BROKEN = """
import sys
from jinja2 import DictLoader
from alerts import render
from crawler.cli import run
render.PackageLoader = lambda _name: DictLoader({"mail.html.j2": "{% if %}", "mail.txt.j2": "", "item.html.j2": "", "item.txt.j2": ""})
sys.exit(run(sys.argv[1:]))
"""


def config(
    base: str = "http://127.0.0.1:1", to: str = "lea@example.org", schedule: str = "0 7 * * mon", more: str = ""
) -> str:
    return SOURCE.format(base=base) + LIST.format(to=to, schedule=schedule) + more


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (config(schedule="0 7 31 feb *"), "never"),
        (config(schedule="0 7 * * 1"), "mon"),
        (config(schedule="montags"), "schedule"),
        (config(more='[schedule]\ntime_zone = "Europe/Berlni"\n'), "Europe/Berlin"),
        (config(to="lea"), "has no domain"),
        (config(to="lea@example.org\\r\\nBcc: x@example.org"), "control characters"),
        (config(more='[mail]\nsmtp = "mail.example.org"\n'), "mail server"),
        (config(more='[mail]\nsmtp = "smtp://mail.example.org"\n'), "in the clear"),
        (config(more='[mail]\nsmtp = "smtps://me:geheim@mail.example.org"\n'), "password"),
        (config(more='[mail]\nreply_to = "nobody"\n'), "domain"),
        (config(more='[mail]\nunsubscribe = "http://example.org/x"\n'), "https"),
    ],
)
def test_a_config_that_cannot_be_meant_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    result = Desk(tmp_path, text).run("digest", "--send", expect=78)
    assert said in result.err
    assert "geheim" not in result.err
    assert result.err.count("\n") == 1
    assert "amtsblick.toml" in result.err


@pytest.mark.parametrize("host", ["mail.invalid", "a..b.invalid", f"{'a' * 70}.invalid"])
def test_a_server_that_does_not_resolve_costs_nothing(tmp_path: Path, host: str) -> None:
    with serving() as site:
        site.pages = {"/": Answer(PAGE.format(12))}
        desk = Desk(tmp_path, config(base=site.base, more=f'[mail]\nsmtp = "smtp+starttls://{host}:587"\n'))
        desk.json("crawl", now="2026-03-02T05:30:00Z")
        result = desk.run("digest", "--send", now="2026-03-02T06:00:00Z", expect=None)
        assert result.code in {75, 78}
        if result.code == 75:
            (row,) = desk.json("outbox")
            assert (row["state"], row["attempts"]) == ("deferred", 1)
            assert host in row["last_answer"]


def test_a_template_that_fails_closes_no_window_and_keeps_no_change(tmp_path: Path) -> None:
    """The change is stored and told at once in plain words; the digest waits for a template that works."""
    with serving() as site:
        site.pages = {"/": Answer(PAGE.format(12))}
        desk = Desk(tmp_path, config(base=site.base))
        desk.json("crawl", now="2026-03-02T05:30:00Z")
        desk.run("digest", "--send", now="2026-03-02T06:00:00Z")

        def broken(*words: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-c", BROKEN, "--config", str(desk.config), "--now", "2026-03-09T06:00:00Z", *words],
                capture_output=True, text=True, timeout=100, check=False, env=dict(os.environ),
            )  # fmt: skip

        site.pages = {"/": Answer(PAGE.format(14))}
        desk.json("crawl", now="2026-03-09T05:30:00Z")
        failed = broken("digest", "--send")
        assert failed.returncode == 78
        assert "mail.html.j2, line 1" in failed.stderr
        assert failed.stderr.count("\n") == 1
        done = desk.json("digest", "--send", now="2026-03-09T06:05:00Z")
        assert len(done) == 1
        assert [row["state"] for row in desk.json("outbox")] == ["sent"] * 3
