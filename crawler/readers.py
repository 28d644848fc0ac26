"""The reader processes turn an answer's bytes into a page, under limits, and never take the crawl down with them."""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import signal
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver

from pebble import ProcessExpired, ProcessPool

from extractors.model import Hints, Outcome, Reading

# Limits of one reader (reliability T12, T18): a 466 KB PDF took 1 GiB and 19 s in one library, and aborted in the next.
MEMORY = 1 << 30
SECONDS = 60.0
_OPEN_FILES = 64  # a reader opens no files besides fonts and zone data
_TASKS = 500  # then a fresh process takes over: parsers written in C leak a little
_WORKERS = 1  # reading takes some 5 ms a page, less than any polite pause between two requests

# Imported once in the process that the readers are forked from, so that a new reader starts in milliseconds.
_PRELOAD = ["crawler.readers", "crawler.reading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One answer as received, on its way to a reader: head and payload still as bytes, content coding left in place."""

    uri: str
    status: int
    head: bytes
    payload: bytes
    complete: bool = True


@cache
def shared() -> Readers:
    """The readers of this process: several crawls in a row use the same ones."""
    return Readers()


def warm() -> None:
    """Start the process that readers are forked from; it loads for half a second beside what the caller does next."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(_PRELOAD)
    forkserver.ensure_running()


class Readers:
    """A pool of reader processes, started with the first answer that has to be read. :meth:`stop` ends them."""

    def __init__(self, *, memory: int = MEMORY, seconds: float = SECONDS, limit: int = 32 << 20) -> None:
        """``limit`` bounds a body once its content coding is undone, in bytes."""
        self._memory, self._seconds, self._limit = memory, seconds, limit
        self._pool: ProcessPool | None = None

    async def read(self, received: Received, hints: Hints, *, limit: int | None = None) -> Reading:
        """Read one answer; a reader that crashes, hangs or outgrows its memory gives outcome ``failed`` with a rule."""
        try:
            future = self._started().schedule(
                _read, args=(received, hints, limit or self._limit), timeout=self._seconds
            )
            reading: Reading = await asyncio.wrap_future(future)
        except Exception as error:  # noqa: BLE001 - a reader's mistake costs one page, not the crawl
            return self._failure(error)
        return reading

    def stop(self) -> None:
        """End the readers at once; a read that is under way fails."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it out
            pool.join()

    def _failure(self, error: Exception) -> Reading:
        match error:
            case TimeoutError():
                return _failed("reader-timeout", f"not read within {self._seconds:.0f} s")
            case MemoryError():
                return _failed("reader-memory", f"reading took more than {self._memory >> 20} MiB")
            case ProcessExpired():
                return _expired(error)
            case RuntimeError() if not isinstance(
                error, RecursionError
            ):  # the pool broke: the next read starts another
                self.stop()
                return _failed("reader-crash", "the reader process ended")
            case _:
                return _failed("reader-error", f"{type(error).__name__}: {error}")

    def _started(self) -> ProcessPool:
        if self._pool is None:
            warm()
            self._pool = ProcessPool(
                max_workers=_WORKERS,
                max_tasks=_TASKS,
                initializer=_limited,
                initargs=(self._memory, self._seconds),
                context=multiprocessing.get_context("forkserver"),
            )
        return self._pool


def _limited(memory: int, seconds: float) -> None:
    """Set the limits of a reader process. CPU time is counted over its whole life, so each task moves its limit on."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _Budget.seconds = seconds


class _Budget:
    """What a reader process remembers about its limits."""

    seconds = SECONDS


def _read(received: Received, hints: Hints, limit: int) -> Reading:
    """Runs in a reader process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = usage.ru_utime + usage.ru_stime
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent + _Budget.seconds) + 1, hard))
    from crawler.reading import read_received  # noqa: PLC0415 - only readers load the parsers; the crawl starts without them

    return read_received(received, hints, limit)


def _expired(error: ProcessExpired) -> Reading:
    code = error.exitcode
    if code == -signal.SIGXCPU:
        return _failed("reader-timeout", "reading took too much processor time")
    return _failed("reader-crash", f"the reader process ended with code {code}")


def _failed(rule: str, detail: str) -> Reading:
    return Reading(outcome=Outcome.FAILED, rule=rule, detail=detail)
