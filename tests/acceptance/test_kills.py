"""``kill -9`` at any moment of a crawl: what was reported stored is there, and the next command heals the rest by itself."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.summary import Progress, decode
from storage.archive import Archive
from tests.acceptance.harness import Answer, Desk, Site, serving

PAGES = 12
START = "2026-03-{:02d}T05:30:00Z"


def texts(edition: int) -> dict[str, Answer]:
    """The site in one of its editions: each edition rewrites one sentence of one page."""
    pages = {}
    for number in range(PAGES):
        count = (edition + PAGES - 1 - number) // PAGES
        words = f"Der Bereich {number} hat in seiner {count}. Fassung neue Regeln für Anträge und Fristen."
        pages[f"/p{number}"] = Answer(f"<html><body><main><h1>Bereich {number}</h1><p>{words}</p></main></body></html>")
    links = "".join(f'<li><a href="/p{number}">Bereich {number}</a></li>' for number in range(PAGES))
    pages["/"] = Answer(f"<html><body><main><h1>Amt</h1><p>Alle Bereiche</p><ul>{links}</ul></main></body></html>")
    return pages


def crawl_and_kill(desk: Desk, now: str, after: float) -> list[str]:
    """Starts a crawl, kills its whole process group after a time, and returns the addresses it had reported stored."""
    env = {**os.environ, "AMTSBLICK_CONFIG": str(desk.config), "AMTSBLICK_NOW": now}
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.child", "site"],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert child.stdout is not None
    out, told = b"", time.monotonic() + after
    # The random time runs from the first answer on: before it there is only start-up, which other tests kill.
    started = False
    while child.poll() is None and time.monotonic() < told:
        ready, _, _ = select.select([child.stdout], [], [], max(0.0, told - time.monotonic()) if started else 20)
        if ready:
            out += os.read(child.stdout.fileno(), 65536)
            if not started and b'"progress"' in out:
                started, told = True, time.monotonic() + after
        elif started:
            break
        if not started:
            told = time.monotonic() + 20
    os.killpg(child.pid, signal.SIGKILL)
    out += child.stdout.read()
    child.stdout.close()
    child.wait()
    whole = out[: out.rfind(b"\n") + 1].decode().splitlines()
    return [event.uri for event in map(decode, whole) if isinstance(event, Progress)]


def kill_again_and_again(folder: Path, site: Site, kills: int, seed: int) -> None:
    dice = random.Random(seed)
    desk = Desk(folder, f'[[source]]\nname = "site"\nstart = ["{site.base}/"]\ndelay = 0\nallow_private = true\n')
    site.pages = texts(0)
    desk.json("crawl", now=START.format(1))
    reported: list[str] = []
    for edition in range(1, kills + 1):
        site.pages = texts(edition)
        reported += crawl_and_kill(desk, START.format(2), dice.uniform(0, 0.5))
        with Archive.open(folder / "amtsblick.db", readonly=True) as archive:
            for uri in set(reported):
                assert len(archive.captures_of(uri)) >= reported.count(uri), f"seed {seed}: {uri} was reported stored"
    (summary,) = desk.json("crawl", now=START.format(3))
    assert summary["outcome"] == "complete"
    with Archive.open(folder / "amtsblick.db", readonly=True) as archive:
        assert not archive.broken_links()
        assert archive.undetected() == ()
        assert archive.unread_captures() == ()
    changes = desk.json("changes")
    assert len({row["id"] for row in changes}) == len(changes)
    assert {row["kind"] for row in changes} == {"page.changed"}, f"seed {seed}"
    for number in range(PAGES):
        mine = [row for row in changes if row["uri"].endswith(f"/p{number}")]
        for earlier, later in pairwise(mine):
            assert earlier["after"] == later["before"], f"seed {seed}: a step of page {number} was lost or told twice"
        last = desk.run("snapshot", f"{site.base}/p{number}").out
        assert not mine or mine[-1]["after"]["text"] in last
    desk.catch_up()
    assert desk.crawl(START.format(4)) == []


@pytest.mark.slow
def test_six_kills(tmp_path: Path) -> None:
    """Six kills at random moments of six crawls."""
    with serving() as site:
        kill_again_and_again(tmp_path, site, 6, seed=random.randrange(10**6))


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_hundred_kills(tmp_path: Path) -> None:
    """A hundred kills at random moments of a hundred crawls."""
    with serving() as site:
        kill_again_and_again(tmp_path, site, 100, seed=random.randrange(10**6))
