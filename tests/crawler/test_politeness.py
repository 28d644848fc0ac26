"""One request at a time and a pause between two, per host, whichever process asks."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.politeness import HostPaused, HostTurns, TurnCancelled, retry_after


def test_two_requests_to_one_host_lie_the_delay_apart(tmp_path: Path) -> None:
    turns = HostTurns(tmp_path)
    ends: list[float] = []
    starts: list[float] = []

    async def ask() -> None:
        async with turns.turn("a.example", 0.2):
            starts.append(time.monotonic())
            ends.append(time.monotonic())

    async def both() -> None:
        await asyncio.gather(ask(), ask())

    asyncio.run(both())
    assert starts[1] - ends[0] >= 0.2


def test_a_delay_of_zero_is_obeyed_as_written_and_other_hosts_do_not_wait(tmp_path: Path) -> None:
    turns = HostTurns(tmp_path)

    async def many() -> None:
        async with turns.turn("slow.example", 30):
            for _ in range(50):
                async with turns.turn("fast.example", 0):
                    pass

    started = time.monotonic()
    asyncio.run(many())
    assert time.monotonic() - started < 2


PROCESS = """
import asyncio, json, sys, time
from pathlib import Path
from crawler.politeness import HostTurns

async def main():
    turns = HostTurns(Path(sys.argv[1]))
    for _ in range(3):
        async with turns.turn("a.example", 0.1):
            begun = time.time()
            await asyncio.sleep(0.02)
            print(json.dumps([begun, time.time()]), flush=True)

asyncio.run(main())
"""


def test_processes_take_turns_at_one_host(tmp_path: Path) -> None:
    """Three processes, nine requests: none overlap, all lie the delay apart."""
    command = [sys.executable, "-c", PROCESS, str(tmp_path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    spans = sorted(json.loads(line) for process in processes for line in process.communicate()[0].splitlines())
    assert len(spans) == 9
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(spans)]
    assert min(gaps) >= 0.1 - 0.001


def test_a_host_that_asked_for_a_pause_gets_it_also_from_the_next_process(tmp_path: Path) -> None:
    async def pause() -> None:
        async with HostTurns(tmp_path).turn("a.example", 0) as turn:
            turn.pause(0.3)

    async def after() -> float:
        started = time.monotonic()
        async with HostTurns(tmp_path).turn("a.example", 0):
            return time.monotonic() - started

    asyncio.run(pause())
    assert asyncio.run(after()) >= 0.25


def test_a_pause_beyond_the_deadline_is_not_waited_for(tmp_path: Path) -> None:
    async def both() -> None:
        turns = HostTurns(tmp_path)
        async with turns.turn("a.example", 0) as turn:
            turn.pause(3600)
        async with turns.turn("a.example", 0, remaining=60):
            pytest.fail("the host was asked")

    with pytest.raises(HostPaused):
        asyncio.run(both())


def test_a_crawl_that_is_stopped_does_not_wait_for_its_turn(tmp_path: Path) -> None:
    async def both() -> None:
        turns = HostTurns(tmp_path)
        async with turns.turn("a.example", 0):
            pass
        async with turns.turn("a.example", 600, stopped=lambda: True):
            pytest.fail("the host was asked")

    with pytest.raises(TurnCancelled):
        asyncio.run(both())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"last": "x"}', b'{"last": 1e18, "until": 1e18}', b"\xff"])
def test_a_damaged_or_future_file_costs_no_more_than_the_usual_delay(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.example").write_bytes(content)

    async def ask() -> None:
        async with HostTurns(tmp_path).turn("a.example", 0.05, remaining=1e9):
            pass

    if b"until" in content:
        (tmp_path / "a.example").write_bytes(content.replace(b'"until": 1e18', b'"until": 0'))
    started = time.monotonic()
    asyncio.run(ask())
    assert time.monotonic() - started < 1


def test_a_host_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    async def ask() -> None:
        turns = HostTurns(tmp_path / "hosts")
        turns.prepare()
        async with turns.turn("../../x", 0):
            pass

    asyncio.run(ask())
    assert [path.parent.name for path in tmp_path.rglob("*") if path.is_file()] == ["hosts"]
    assert oct((tmp_path / "hosts").stat().st_mode & 0o777) == "0o700"


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    assert retry_after("120") == 120
    assert retry_after(" 0 ") == 0
    assert retry_after("soon") is None
    assert retry_after("") is None
    assert retry_after("-5") is None
    later = retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True))
    assert later is not None
    assert 85 < later <= 90
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0


def test_a_pause_ends_when_the_command_says_it_is_later(tmp_path: Path) -> None:
    """``--now`` moves the clock: three days on, a host that asked for one day of peace is asked again."""

    async def both() -> None:
        async with HostTurns(tmp_path, lambda: 1_000_000.0).turn("a.example", 0) as turn:
            turn.pause(86_400)
        with pytest.raises(HostPaused):
            async with HostTurns(tmp_path, lambda: 1_000_060.0).turn("a.example", 0, remaining=60):
                pytest.fail("the host was asked")
        async with HostTurns(tmp_path, lambda: 1_000_000.0 + 3 * 86_400).turn("a.example", 0, remaining=60):
            pass

    asyncio.run(both())
