"""``kill -9`` at any moment of looking, telling and sending: nothing untold, and no copy that is not the same bytes (F01)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.records import DeliveryState
from tests.acceptance.harness import Desk, Site, serving
from tests.acceptance.test_kills import texts
from tests.alerts.servers import Mailbox, aiosmtpd_server

CONFIG = """
[[source]]
name = "site"
start = ["{base}/"]
delay = 0
allow_private = true

[[subscription]]
name = "team"
to = ["lea@example.org", "uwe@example.org", "eva@example.org"]
immediately = ["*"]

[mail]
from = "Amt <amt@example.org>"
smtp = "smtp://127.0.0.1:{port}"
"""
# What cron would call: a look, which queues what is told at once, a digest when it is due, and what is still owed.
ROUND = """
import sys
from crawler.cli import run
for words in (["crawl", "--json"], ["digest", "--send"], ["deliver", "--now-all"]):
    print(words[0], flush=True)
    run(["--config", sys.argv[1], "--now", sys.argv[2], *words])
"""
# Seconds on both sides of the moment in which the server keeps a message, or kills would hardly ever meet one there.
IN_HAND = 0.1
# How often of ten a kill falls into each stage: most of a look is waiting for pages, which crawls' own kills aim at.
WEIGHTS = (2, 7, 1)
MONDAY = "2026-03-02T05:{:02}:{:02}Z"


STAGES = ("crawl", "digest", "deliver")


def round_and_kill(desk: Desk, now: str, stage: str = "", after: float = 0) -> dict[str, float]:
    """Runs a round, kills its whole process group so many seconds into a stage, and says when each stage began."""
    child = subprocess.Popen(
        [sys.executable, "-c", ROUND, str(desk.config), now],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert child.stdout is not None
    began: dict[str, float] = {}
    for line in child.stdout:
        name = line.decode().strip()
        if name in STAGES:
            began[name] = time.monotonic()
        if name == stage:
            with suppress(subprocess.TimeoutExpired):  # it had come to its end before
                child.wait(after)
            break
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.stdout.close()
    child.wait()
    return began | {"end": time.monotonic()}


def kill_again_and_again(folder: Path, site: Site, mailbox: Mailbox, port: int, kills: int, seed: int) -> None:
    dice = random.Random(seed)
    desk = Desk(folder, CONFIG.format(base=site.base, port=port))
    site.pages = texts(0)
    desk.json("crawl", now=MONDAY.format(0, 0))
    site.pages = texts(1)
    began = round_and_kill(desk, MONDAY.format(1, 0))
    assert len(mailbox.received) >= 3
    lasts = {stage: began[then] - began[stage] for stage, then in pairwise((*STAGES, "end"))}
    for kill in range(2, kills + 2):
        site.pages = texts(kill)
        stage = dice.choices(STAGES, WEIGHTS)[0]
        round_and_kill(desk, MONDAY.format(1, 0), stage, dice.uniform(0, lasts[stage]))
        with Archive.open(folder / "amtsblick.db", readonly=True) as archive:
            # In this order: the crawl process survives its parent for a moment, and may store more in between.
            detected = {change.id for change in archive.changes()}
            told = {change_id for row in archive.digests("team") for change_id in row.change_ids}
            assert detected <= told, f"seed {seed}: a change is neither told nor queued after kill {kill}"
    desk.run("digest", "--send", now=MONDAY.format(2, 0), expect=None)
    desk.run("deliver", "--now-all", now=MONDAY.format(2, 0))
    with Archive.open(folder / "amtsblick.db", readonly=True) as archive:
        outbox = archive.outbox()
        assert {each.state for each in outbox} == {DeliveryState.SENT}, f"seed {seed}"
        digests = archive.digests("team")
        covered = [(row.after, row.through) for row in digests if row.kind == "digest"]
    assert all(before[1] == after[0] for before, after in pairwise(covered))
    copies: dict[tuple[str, str], list[bytes]] = {}
    for _, recipient, message in mailbox.received:
        message_id = str(message_from_bytes(message)["Message-ID"])
        copies.setdefault((recipient, message_id), []).append(message)
    assert set(copies) == {(each.recipient, each.message_id) for each in outbox}, f"seed {seed}"
    assert all(len(set(same)) == 1 for same in copies.values()), f"seed {seed}: copies that differ"
    extra = Counter({key: len(same) - 1 for key, same in copies.items()})
    assert extra.total() <= kills, f"seed {seed}: more copies than kills"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_six_kills(tmp_path: Path) -> None:
    mailbox = Mailbox(slow=IN_HAND)
    with serving() as site, aiosmtpd_server(mailbox) as port:
        kill_again_and_again(tmp_path, site, mailbox, port, 6, seed=random.randrange(10**6))


@pytest.mark.long
@pytest.mark.timeout(7200)  # ten seconds a kill on a machine that does nothing else
def test_two_hundred_kills(tmp_path: Path) -> None:
    mailbox = Mailbox(slow=IN_HAND)
    with serving() as site, aiosmtpd_server(mailbox) as port:
        kill_again_and_again(tmp_path, site, mailbox, port, 200, seed=random.randrange(10**6))
