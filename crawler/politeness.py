"""One request at a time and a pause between two, per host, across all crawls of this archive on this machine.

Each host has one small file. Its lock is held round each request; inside stands when the last request ended and,
after a Retry-After, before when the host wants no other. The pause between two requests is one of real time, also under
``--now``; a pause that the host asked for is over when either the wall clock or the command's own says so.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

# How often a lock held by another process is tried again: well under the usual delay of one second.
_LOCK_POLL = 0.05
_LENGTH = 128  # bytes of a host's file: three times with their names take 90 at most
# A longer Retry-After is taken for a mistake of the server; the next scheduled crawl finds out.
_LONGEST_PAUSE = 24 * 3600.0


class HostPaused(Exception):  # noqa: N818 - it says how the host stands
    """The host wants no request before the crawl would have to end."""


class TurnCancelled(Exception):  # noqa: N818 - it says what became of the wait
    """The crawl is being stopped: nobody needs this turn any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What a host's file remembers: end of the last request, and of a pause it asked for (Unix times).

    ``until`` is by the wall clock, ``by_now`` by that of the command, which ``--now`` may have moved.
    """

    last: float = 0.0
    until: float = 0.0
    by_now: float = 0.0


@dataclass(slots=True)
class Turn:
    """One request's turn at a host; :meth:`pause` tells what the host answered about the next one."""

    asked: float = 0.0

    def pause(self, seconds: float) -> None:
        """Let nobody ask this host for so many seconds."""
        self.asked = min(seconds, _LONGEST_PAUSE)


class HostTurns:
    """Hands out turns; ``folder`` holds one file per host, shared by every process that crawls for this archive.

    ``now`` is the command's own clock, in Unix time.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._folder, self._now = folder, now
        self._here: defaultdict[str, asyncio.Lock] = defaultdict(
            asyncio.Lock
        )  # first come, first served in this process

    def prepare(self) -> None:
        """Make the folder. Raises OSError where that cannot be."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @asynccontextmanager
    async def turn(
        self, host: str, delay: float, *, remaining: float = float("inf"), stopped: Callable[[], bool] = lambda: False
    ) -> AsyncIterator[Turn]:
        """Wait until ``host`` may be asked, at least ``delay`` seconds after its last answer, and hold it meanwhile.

        Raises HostPaused when the host's own pause outlasts ``remaining`` seconds, TurnCancelled once ``stopped``.
        """
        async with self._here[host]:
            file = os.open(self._folder / (quote(host, safe="") or "_"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                await _lock(file, stopped)
                past = _read(file)
                pause = min(past.until - time.time(), past.by_now - self._now(), _LONGEST_PAUSE)
                await _wait(past.last, delay, pause, remaining, stopped)
                turn = Turn()
                try:
                    yield turn
                finally:
                    _write(file, self._after(past, turn))
            finally:
                os.close(file)

    def _after(self, past: _Past, turn: Turn) -> _Past:
        here, now = time.time(), self._now()
        until, by_now = (here + turn.asked, now + turn.asked) if turn.asked else (0.0, 0.0)
        return _Past(last=here, until=max(past.until, until), by_now=max(past.by_now, by_now))


async def _lock(file: int, stopped: Callable[[], bool]) -> None:
    while not stopped():
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(_LOCK_POLL)
        else:
            return
    raise TurnCancelled


async def _wait(last: float, delay: float, pause: float, remaining: float, stopped: Callable[[], bool]) -> None:
    if pause > remaining:
        raise HostPaused(f"the host asked for a pause of {pause:.0f} s")
    # A clock that was set back must not make us wait longer than the delay itself.
    end = time.monotonic() + max(pause, min(last + delay - time.time(), delay), 0.0)
    while (rest := end - time.monotonic()) > 0:
        if stopped():
            raise TurnCancelled
        await asyncio.sleep(min(rest, 0.25))


def _read(file: int) -> _Past:
    try:
        data = json.loads(os.pread(file, 4096, 0) or b"{}")
        return _Past(**{name: float(data.get(name, 0)) for name in ("last", "until", "by_now")})
    except (ValueError, TypeError, AttributeError):
        return _Past()  # a half-written file: the host is asked after the usual delay, no worse


def _write(file: int, past: _Past) -> None:
    """Always as long, so that nothing has to be cut off behind it, which costs more than writing does."""
    facts = {"last": past.last, "until": past.until, "by_now": past.by_now}
    os.pwrite(file, json.dumps(facts).encode().ljust(_LENGTH), 0)


def retry_after(value: str) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110 §10.2.3: a number or a date); None for neither."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return max(0.0, (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - time.time())
