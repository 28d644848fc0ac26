"""Processes that hang, die or are told to go, and clocks that jump: no slot is lost and none is doubled (F11, F15, F42)."""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import pytest

from alerts.detect.source import INTERRUPTED
from crawler import runner, schedule
from crawler.clock import Clock
from crawler.config import CONFIG_VARIABLE, load
from crawler.order import Order
from crawler.runner import CrawlProcess
from crawler.schedule import Schedule
from crawler.session import Session
from crawler.summary import CrawlOutcome
from storage.archive import Archive
from storage.errors import ArchiveBusy
from storage.lock import FileLock
from storage.records import Crawl, DeliveryState
from tests.alerts.servers import HANG, Script, scripted_server
from tests.crawler.bench import Bench
from tests.crawler.daemon import Daemon
from tests.server import LONG, Site, html

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
SLOW = tuple(f"/slow?{number}" for number in range(20))


def gone(pid: int) -> bool:
    """Whether a process has ended with all its threads (files stay locked until then), or only waits for its parent."""
    try:
        ended = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        return ended and len(list(Path(f"/proc/{pid}/task").iterdir())) <= 1
    except OSError:
        return True


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until something is so, for a few seconds at most."""
    end = time.monotonic() + 5
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def hanging(site: Site, daemon: Daemon, looks: int = 1) -> int:
    """Wait until the daemon's crawl, its first or a later one, hangs in answers that do not come; the pid of its process.

    That a look was begun counts, too: what the one before it asked may reach the site late.
    """
    daemon.wait(lambda: any("slow" in path for path in site.paths()) and daemon.children() != [])
    daemon.wait(lambda: len(daemon.looks()) >= looks and daemon.looks()[0].ended_at is None)
    (child,) = daemon.children()
    return child


# --- a scheduler that is killed, and one too many


@pytest.mark.slow
def test_the_slot_of_a_killed_scheduler_is_run_again_by_the_next_one(config_file: Path, site: Site) -> None:
    site.pages["/"] = html("Start", LONG, links=SLOW)
    first = Daemon(config_file)
    child = hanging(site, first)
    first.process.kill()
    first.process.wait()
    site.pages["/"] = html("Start", LONG)
    killed_at = time.monotonic()
    second = Daemon(config_file)
    try:
        second.wait(lambda: len(second.looks()) == 2)
        assert time.monotonic() - killed_at < 10 * _slowness()  # most of it the new process needs to load
        second.wait(lambda: second.looks()[0].ended_at is not None)
        newest, oldest = second.looks()
        assert (newest.exhausted, oldest.exhausted) == (True, False)
        assert gone(child)
        assert "cut short; looking again" in second.log.read_text()
        with Archive.open(second.archive_path, readonly=True) as archive:
            assert len(archive.slots("crawl:site", limit=9)) == 1
    finally:
        second.terminate()


@pytest.mark.slow
def test_a_crawl_process_that_dies_is_replaced_once_for_its_slot(config_file: Path, site: Site) -> None:
    site.pages["/"] = html("Start", LONG, links=SLOW)
    daemon = Daemon(config_file)
    try:
        os.kill(hanging(site, daemon), signal.SIGKILL)
        site.forget()
        os.kill(hanging(site, daemon, looks=2), signal.SIGKILL)
        site.pages["/"] = html("Start", LONG)
        daemon.wait(lambda: daemon.log.read_text().count("ended by signal 9") == 2)
        with Archive.open(daemon.archive_path, readonly=True) as archive:
            assert len(archive.slots("crawl:site", limit=9)) == 1
    finally:
        assert daemon.terminate()[0] == 0
    assert len(daemon.looks()) == 2


@pytest.mark.slow
def test_a_second_scheduler_gives_way_within_two_seconds(config_file: Path) -> None:
    daemon = Daemon(config_file)
    try:
        daemon.wait(lambda: "keeping the schedule" in daemon.log.read_text())
        daemon.wait(lambda: daemon.crawls() == 1)  # its start-up is no longer in the way
        started = time.monotonic()
        second = subprocess.run(
            [sys.executable, "-m", "crawler", "--config", str(config_file), "run"],
            capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        seconds = time.monotonic() - started
    finally:
        daemon.terminate()
    assert second.returncode == 75
    (line,) = second.stderr.splitlines()
    assert f"process {daemon.process.pid}" in line
    assert seconds < 2 * _slowness()


def _slowness() -> float:
    """How much longer than on an idle machine a process takes here and now: time limits of tests are not for load."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def looked_at(bench: Bench, site: Site) -> None:
    """A site of eight pages that was looked at once."""
    numbers = tuple(f"/{number}" for number in range(1, 8))
    site.pages |= {"/": html("Start", LONG, links=numbers)} | {
        path: html(f"Seite {path}", f"{LONG} {path}") for path in numbers
    }
    bench.watch(site)
    assert bench.crawl().pages == 8
    site.forget()


def ended(bench: Bench) -> Crawl:
    """The newest crawl, once it has ended."""
    limit = time.monotonic() + 60
    while True:
        with bench.archive() as archive:
            (crawl,) = archive.crawls(limit=1)
            if crawl.ended_at is not None:
                return crawl
        assert time.monotonic() < limit
        time.sleep(0.05)  # a condition is waited for, with a limit


@pytest.mark.slow
@pytest.mark.parametrize(("victim", "reason"), [("parent", "shutdown"), ("both", "abandoned")])
def test_a_source_is_not_called_blind_because_whoever_looked_was_killed(
    bench: Bench, site: Site, victim: str, reason: str
) -> None:
    looked_at(bench, site)
    healthy = site.pages.pop("/4")
    site.pages["/4"] = lambda _: site.closing.wait(60) or healthy
    parent = subprocess.Popen(
        [sys.executable, "-m", "crawler", "--config", str(bench.file), "crawl"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while not site.asked("/4"):
        assert parent.poll() is None
        time.sleep(0.05)  # a condition is waited for; the look itself has a limit
    children = Path(f"/proc/{parent.pid}/task").glob("*/children")
    (child,) = (int(pid) for file in children for pid in file.read_text().split())
    parent.kill()
    if victim == "both":
        os.killpg(child, signal.SIGKILL)
    parent.wait()
    site.pages["/4"] = healthy
    if victim == "parent":
        assert ended(bench).reason == reason
    wait_for(lambda: gone(child))  # until then it holds the source's lock
    bench.crawl()
    with bench.archive() as archive:
        last, cut = archive.crawls(limit=2)
        assert (last.reason, cut.reason) == ("finished", reason)
        assert archive.changes() == ()


def test_no_way_in_which_a_crawl_itself_fails_makes_its_source_blind() -> None:
    of_the_site = {CrawlOutcome.COMPLETE, CrawlOutcome.INCOMPLETE, CrawlOutcome.BLIND}
    assert {outcome.value for outcome in set(CrawlOutcome) - of_the_site} <= INTERRUPTED


@pytest.mark.slow
def test_a_crawl_whose_parent_no_longer_listens_is_no_failure_of_the_archive(bench: Bench, site: Site) -> None:
    """Between the death of a parent and the end of standard input lies the moment in which its output is broken."""
    looked_at(bench, site)
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "crawler.child", "--serve", "site"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, CONFIG_VARIABLE: str(bench.file)},
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(Order(config=str(bench.file), names=("site",), clock=Clock()).encode().encode() + b"\n")
    child.stdin.flush()
    child.stdout.close()
    while len(site.paths()) < 8:
        assert child.poll() is None
        time.sleep(0.05)  # a condition is waited for; the look itself has a limit
    assert ended(bench).reason == "finished"
    child.stdin.close()
    child.wait(30)
    with bench.archive() as archive:
        assert archive.changes() == ()


# --- told to stop


@pytest.mark.slow
def test_a_second_sigterm_ends_it_within_two_seconds_and_leaves_no_process(config_file: Path, site: Site) -> None:
    site.pages["/"] = html("Start", LONG, links=SLOW)
    daemon = Daemon(config_file)
    try:
        child = hanging(site, daemon)
        os.kill(child, signal.SIGSTOP)  # it will not obey
        daemon.process.send_signal(signal.SIGTERM)
        daemon.wait(lambda: "stopping" in daemon.log.read_text())
        code, seconds = daemon.terminate()
        assert (code, seconds < 2) == (0, True)
        wait_for(lambda: gone(child))
    finally:
        daemon.process.kill()
    with Archive.open(daemon.archive_path) as archive:
        assert [crawl.source for crawl in archive.abandoned_crawls()] == ["site"]  # the next start ends and repeats it


@pytest.mark.slow
def test_one_sigterm_is_enough_for_a_crawl_that_does_not_obey(config_file: Path, site: Site) -> None:
    site.pages["/"] = html("Start", LONG, links=SLOW)
    daemon = Daemon(config_file)
    try:
        child = hanging(site, daemon)
        os.kill(child, signal.SIGSTOP)
        with ExitStack() as stack:
            with suppress(ArchiveBusy):  # then the crawl has stopped with the archive's lock in hand, as it may
                stack.enter_context(FileLock(daemon.archive_path.with_name("amtsblick.db.lock"), "").hold(1))
            code, seconds = daemon.terminate()
        assert (code, seconds < 10) == (0, True)
        wait_for(lambda: gone(child))
    finally:
        daemon.process.kill()


@pytest.mark.slow
def test_a_mail_in_the_middle_of_its_text_is_sent_by_the_next_start(config_file: Path, site: Site) -> None:
    with Archive.open(config_file.with_name("amtsblick.db"), create=True) as archive:
        archive.record_subscriptions(["team"], datetime.now(UTC) - timedelta(days=30))
    script = Script(answers={"dot": [HANG, "250 queued"]})
    with scripted_server(script) as port:
        mail = f'[mail]\nfrom = "Amt <amt@example.org>"\nsmtp = "smtp://127.0.0.1:{port}"\n'
        config_file.write_text(
            config_file.read_text().replace('"team@example.org"]', '"team@example.org"]\nwhen_empty = "always"') + mail
        )
        first = Daemon(config_file)
        first.wait(lambda: "DATA" in script.commands)
        code, seconds = first.terminate()
        assert (code, seconds < 10.5) == (0, True)
        with Archive.open(first.archive_path, readonly=True) as archive:
            (row,) = archive.outbox()
            assert row.state is DeliveryState.SENDING
        second = Daemon(config_file)
        try:
            second.wait(lambda: len(script.accepted) == 1)
        finally:
            assert second.terminate()[0] == 0
        assert script.accepted[0].replace(b"\r\n..", b"\r\n.").rstrip() == row.message.rstrip()
    with Archive.open(first.archive_path, readonly=True) as archive:
        assert [each.state for each in archive.outbox()] == [DeliveryState.SENT]
        assert len(archive.digests("team")) == 1


@pytest.mark.slow
@pytest.mark.parametrize("points", [2, pytest.param(50, marks=[pytest.mark.long, pytest.mark.timeout(3600)])])
def test_sigterm_at_any_moment_loses_nothing_and_the_next_start_goes_on(
    config_file: Path, site: Site, points: int
) -> None:
    chance = random.Random(points)
    site.pages["/"] = html("Start", LONG, links=(*SLOW[:3], *(f"/{number}" for number in range(30))))
    for number in range(30):
        site.pages[f"/{number}"] = html(f"Seite {number}", LONG, f"Zimmer {number}")
    for _ in range(points):
        daemon = Daemon(config_file)
        daemon.wait(lambda: "keeping the schedule" in daemon.log.read_text())  # noqa: B023 - waited for at once
        daemon.log.unlink()
        time.sleep(chance.uniform(0, 5))
        code, seconds = daemon.terminate()
        assert (code, seconds < 10) == (0, True)
        with Archive.open(daemon.archive_path, readonly=True) as archive:
            assert archive.broken_links() == ()
            assert len(archive.slots("crawl:site", limit=9)) <= 2
    site.pages["/"] = html("Start", LONG, links=tuple(f"/{number}" for number in range(30)))
    daemon = Daemon(config_file)
    daemon.wait(lambda: "keeping the schedule" in daemon.log.read_text())
    try:
        daemon.wait(lambda: any(crawl.exhausted for crawl in daemon.looks()))
    finally:
        assert daemon.terminate()[0] == 0
    with Archive.open(daemon.archive_path, readonly=True) as archive:
        assert archive.changes(kind="page.*") == ()  # all it ever saw is the same site: nothing happened
        assert archive.undetected() == ()


def test_a_crawl_process_that_hangs_is_stopped_and_then_killed_with_its_group(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_HUNG_AFTER", 0.2)
    monkeypatch.setattr(runner, "STOP_GRACE", 0.5)
    file = tmp_path / "amtsblick.toml"
    file.write_text(f'[[source]]\nname = "site"\nstart = ["{site.url("/")}"]\nallow_private = true\ndeadline = "1s"\n')
    file.chmod(0o600)
    with CrawlProcess(load(file)) as process:
        os.kill(process.pid, signal.SIGSTOP)
        started = time.monotonic()
        (summary,) = process.crawl(["site"], Clock())
        assert time.monotonic() - started < 5
    assert summary.outcome is CrawlOutcome.CRASHED
    assert "did not end within 1 s, was stopped, and ended by signal 9" in summary.reason


# --- many schedulers, one archive


def claim_all(path: str, slots: int) -> int:
    """What one process gets of all slots when several want them."""
    with Archive.open(path, timeout=60) as archive:
        return sum(
            archive.claim_slot("crawl:site", MONDAY + number * timedelta(hours=1), MONDAY) for number in range(slots)
        )


@pytest.mark.parametrize("slots", [100, pytest.param(1000, marks=pytest.mark.long)])
def test_four_processes_that_want_the_same_slots_get_each_of_them_once(tmp_path: Path, slots: int) -> None:
    path = tmp_path / "amtsblick.db"
    Archive.open(path, create=True).close()
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        got = [future.result() for future in [pool.submit(claim_all, str(path), slots) for _ in range(4)]]
    assert sum(got) == slots


# --- clocks


class Wall:
    """A session whose clock a test sets."""

    def __init__(self, file: Path) -> None:
        self.at = MONDAY
        self.session = Session(config_option=file)
        self.session.now = lambda: self.at  # type: ignore[method-assign]


@pytest.fixture
def wall(config_file: Path) -> Wall:
    return Wall(config_file)


def test_a_clock_that_was_ahead_for_a_while_stops_nothing_once_it_is_right_again(wall: Wall) -> None:
    path = wall.session.config.archive_path
    source = wall.session.config.source[0]
    with Archive.open(path, create=True) as archive:
        archive.start_crawl(source.as_source(), MONDAY - timedelta(days=30))
    keeper = Schedule(wall.session, "0" * 32)
    claimed = []
    for days in (0, 0, 3650, 3650, 0, 1, 1, -1, 2):  # ten years ahead, and back
        wall.at = MONDAY + timedelta(days=days, hours=3)
        claimed.append(keeper._claim(source))
    # On the day before the first, a slot had passed that nobody had acted on: a jump may make up one.
    assert claimed == [True, False, True, False, False, True, False, True, True]


def test_a_clock_that_woke_in_1970_runs_nothing_until_it_is_set(
    wall: Wall, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = wall.session.config.source[0]
    with Archive.open(wall.session.config.archive_path, create=True) as archive:
        archive.start_crawl(source.as_source(), MONDAY - timedelta(days=30))
    keeper = Schedule(wall.session, "0" * 32)
    wall.at = datetime(1970, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(schedule.logger, "handlers", [])  # whatever an earlier test of this process left there
    monkeypatch.setattr(schedule.logger, "propagate", True)
    with caplog.at_level(logging.ERROR):
        assert not keeper._claim(source)
        assert not keeper._claim(source)
    assert caplog.text.count("waiting until it is set") == 1
    wall.at = MONDAY + timedelta(hours=3)
    assert keeper._claim(source)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
def test_fifty_random_jumps_in_thirty_days_double_no_slot_and_make_up_one_each_at_most(wall: Wall, seed: int) -> None:
    chance = random.Random(seed)
    source = wall.session.config.source[0]
    with Archive.open(wall.session.config.archive_path, create=True) as archive:
        archive.start_crawl(source.as_source(), MONDAY - timedelta(days=30))
    keeper = Schedule(wall.session, "0" * 32)
    jumps = sorted(chance.sample(range(30 * 24), 50))
    offset, runs, claims = timedelta(0), 0, []
    for hour in range(30 * 24):
        jumped = hour in jumps
        if jumped:
            offset = chance.choice((-1, 1)) * chance.choice((HOUR, 24 * HOUR, 3650 * 24 * HOUR)) + chance.choice(
                (timedelta(0), offset)
            )
        wall.at = MONDAY + hour * HOUR + offset
        for _ in range(2):
            runs += keeper._claim(source)
        claims.append(runs)
    with Archive.open(wall.session.config.archive_path, readonly=True) as archive:
        slots = archive.slots("crawl:site", limit=9999)
    assert len(slots) == len(set(slots)) == runs
    assert runs <= 31 + len(jumps)
    assert all(later - earlier <= 1 for earlier, later in pairwise(claims))


@pytest.mark.parametrize("off", [timedelta(minutes=10), 3 * HOUR, timedelta(days=8, hours=2), 9 * HOUR])
def test_a_machine_that_was_off_or_asleep_over_a_slot_makes_up_one(wall: Wall, off: timedelta) -> None:
    source = wall.session.config.source[0]
    keeper = Schedule(wall.session, "0" * 32)
    with Archive.open(wall.session.config.archive_path, create=True):
        pass
    slot = source.cron.after(MONDAY, wall.session.zone)
    assert slot is not None
    wall.at = slot - timedelta(minutes=5)
    keeper._claim(source)
    wall.at += off + timedelta(minutes=5)
    asked = [keeper._claim(source) for _ in range(20)]
    assert asked == [True] + 19 * [False]
    wall.at = max(wall.at, slot) + HOUR / 2
    assert not keeper._claim(source)


def test_times_are_set_anew_when_the_wall_clock_was_set_back(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    with Archive.open(wall.session.config.archive_path, create=True):
        pass
    keeper = Schedule(wall.session, "0" * 32)
    keeper._scheduler.start(paused=True)
    try:
        keeper._repeat("check", schedule.TICK, lambda: None)
        (job,) = keeper._scheduler.get_jobs()
        job.modify(
            next_run_time=datetime.now(UTC) + timedelta(days=3650)
        )  # as it stands after a jump of ten years back
        keeper.watch_clock()
        assert job.next_run_time > datetime.now(UTC) + timedelta(days=1)
        ahead = keeper._offset + timedelta(days=3650).total_seconds()
        monkeypatch.setattr(keeper, "_offset", ahead)
        keeper.watch_clock()
        assert job.next_run_time <= datetime.now(UTC) + schedule.TICK
    finally:
        keeper._scheduler.shutdown()
