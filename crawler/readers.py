"""The reader processes turn an answer's bytes into a page, under limits, and never take the crawl down with them."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING

from extractors import address, installed
from extractors.model import Hints, Outcome, Reading
from extractors.pdfmark import PDF_MARK, PDF_MARK_WITHIN, Engine

if TYPE_CHECKING:
    from pebble import ProcessExpired, ProcessPool

# Limits of one reader (reliability T12, T18): a 466 KB PDF took 1 GiB and 19 s in one library, and aborted in the next.
MEMORY = 1 << 30
SECONDS = 60.0
_OPEN_FILES = 64  # a reader opens no files besides fonts and zone data
_TASKS = 500  # then a fresh process takes over: parsers written in C leak a little
# Reading takes some 3 ms a page, less than any polite pause between two requests, so one reader will do. Where none is
# asked for, and pages have to be read whose text Trafilatura must find (13 ms), another core helps with what waits.
_LATE = 1.0  # seconds after which a read is late: what a reader has not caught up with since it began
_MOST = 4  # readers at once, and never more than cores

# What a PDF is tried with: both engines; the second alone, where the first took its process along; its bytes alone.
_PDF_ATTEMPTS: tuple[tuple[str, ...] | None, ...] = (None, (Engine.PYPDF.value,), ())
_PDF_LEAST = 5.0  # seconds for the last attempt, which only takes a hash
_PDF_FIRST_SHARE = 0.5  # of the seconds: 150 pages take the first engine 0.1 s, and the second one needs its time too
_LARGE = 1 << 20
_ENDING = 10.0  # seconds for a pool to end; it takes a tenth of one, and kills a reader that does not obey after three
_LEAVING = 1.0  # seconds until the pool forgets the task that ended its process
_SPENT = frozenset({"reader-timeout", "reader-memory", "reader-crash"})

# Imported once in the process that the readers are forked from, so that a new reader starts in milliseconds.
_PRELOAD = ["crawler.nursery"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One answer as received, on its way to a reader: head and payload still as bytes, content coding left in place."""

    uri: str
    status: int
    head: bytes
    payload: bytes
    complete: bool = True
    path: str = ""  # where the payload is on its way, if it is too large to be copied


@cache
def shared() -> Readers:
    """The readers of this process: several crawls in a row use the same ones."""
    return Readers()


def warm() -> None:
    """Start the process that readers are forked from; it loads for half a second beside what the caller does next."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(_PRELOAD)
    forkserver.ensure_running()


@dataclass(slots=True)
class _Load:
    """What one reader has to do."""

    waiting: int = 0  # reads
    began: float | None = None  # when it first answered: until then it was still starting
    is_late: bool = False  # the last answer came late, and others wait

    def answered(self, asked: float, now: float) -> None:
        """Take note of an answer, or of a read that was given up."""
        self.waiting -= 1
        self.is_late = self.began is not None and now - max(asked, self.began) > _LATE and self.waiting > 0
        self.began = self.began or now


class Readers:
    """Reader processes: one started with the first answer to be read, more when it lags. :meth:`stop` ends them."""

    def __init__(self, *, memory: int = MEMORY, seconds: float = SECONDS, limit: int = 32 << 20) -> None:
        """``limit`` bounds a body once its content coding is undone, in bytes."""
        self._memory, self._seconds, self._limit = memory, seconds, limit
        self._pools: dict[ProcessPool, _Load] = {}  # of one process each

    async def read(self, received: Received, hints: Hints, *, limit: int | None = None) -> Reading:
        """Read one answer; a reader that crashes, hangs or outgrows its memory gives outcome ``failed`` with a rule."""
        with _handed_over(received) as parcel:
            return await self._read(parcel, hints, limit or self._limit, may_be_pdf=_may_be_pdf(received))

    async def _read(self, received: Received, hints: Hints, bound: int, *, may_be_pdf: bool) -> Reading:
        if not may_be_pdf:
            return _with_suspects(await self._attempt(received, hints, bound, self._seconds), received, hints)
        started = time.monotonic()
        for engines in _PDF_ATTEMPTS:
            left = started + self._seconds - time.monotonic()
            seconds = self._seconds * _PDF_FIRST_SHARE if engines is None else max(left, _PDF_LEAST)
            reading = await self._attempt(received, replace(hints, pdf_engines=engines), bound, seconds)
            if reading.rule not in _SPENT:
                break
        return reading

    async def _attempt(self, received: Received, hints: Hints, limit: int, seconds: float) -> Reading:
        """One task for a reader; once more where the pool broke, which may have been another page's doing."""
        for last in (False, True):
            pool = self._least_busy()
            load = self._pools[pool]
            load.waiting += 1
            asked = time.monotonic()
            try:
                future = pool.schedule(_read, args=(received, hints, limit), timeout=seconds)
                reading: Reading = await asyncio.wrap_future(future)
            except Exception as error:  # noqa: BLE001 - a reader's mistake costs one page, not the crawl
                reading = self._failure(error, seconds)
                if isinstance(error, RuntimeError) and not isinstance(error, RecursionError):
                    self._drop(pool)
                    if not last:
                        continue
            finally:
                load.answered(asked, time.monotonic())
            break
        if reading.rule == "reader-memory" and pool in self._pools:
            # What it took is hardly given back: a fresh process serves the next page.
            pool.schedule(_leave, timeout=_LEAVING)
        return reading

    def stop(self) -> None:
        """End the readers at once; a read that is under way fails."""
        for pool in tuple(self._pools):
            self._drop(pool)

    def _drop(self, pool: ProcessPool) -> None:
        """End a pool, unless another read has done so already."""
        if self._pools.pop(pool, None) is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it out
            # In a thread, since one of the pool's own may never end: see crawler.interrupts.
            joining = threading.Thread(target=pool.join, daemon=True)
            joining.start()
            joining.join(_ENDING)

    def _failure(self, error: Exception, seconds: float) -> Reading:
        from pebble import ProcessExpired  # noqa: PLC0415 - is there already, see below

        match error:
            case TimeoutError():
                return _failed("reader-timeout", f"not read within {seconds:.0f} s")
            case MemoryError():
                return _failed("reader-memory", f"reading took more than {self._memory >> 20} MiB")
            case ProcessExpired():
                return _expired(error)
            case RuntimeError() if not isinstance(error, RecursionError):
                return _failed("reader-crash", "the reader process ended")
            case _:
                return _failed("reader-error", f"{type(error).__name__}: {error}")

    def _least_busy(self) -> ProcessPool:
        """The reader for which the fewest reads wait; a new one where there is none, or all lag."""
        least = min(self._pools, key=lambda pool: self._pools[pool].waiting, default=None)
        if least is not None and not (self._pools[least].is_late and len(self._pools) < min(_MOST, _cores())):
            return least
        from pebble import ProcessPool  # noqa: PLC0415 - most crawls read nothing

        warm()
        made = ProcessPool(
            max_workers=1,
            max_tasks=_TASKS,
            initializer=_limited,
            initargs=(self._memory, self._seconds),
            context=multiprocessing.get_context("forkserver"),
        )
        self._pools[made] = _Load()
        return made


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
    if received.path:
        received = replace(received, payload=Path(received.path).read_bytes())
    from crawler.reading import read_received  # noqa: PLC0415 - only readers load the parsers; the crawl starts without them

    return read_received(received, hints, limit)


def _leave() -> None:
    """Runs in a reader process: makes room for a fresh one."""
    os._exit(0)


@contextmanager
def _handed_over(received: Received) -> Iterator[Received]:
    """The same for a reader; a large payload goes through memory of the system's, and is copied once less in ours."""
    if len(received.payload) < _LARGE or not hasattr(os, "memfd_create"):  # which is Linux's own
        yield received
        return
    with os.fdopen(os.memfd_create("payload"), "wb", buffering=0) as file:
        rest = memoryview(received.payload)
        while rest:
            rest = rest[file.write(rest) :]
        yield replace(received, payload=b"", path=f"/proc/{os.getpid()}/fd/{file.fileno()}")


def _may_be_pdf(received: Received) -> bool:
    """True where the bytes, the head or the address speak of a PDF; under a content coding only the latter two can."""
    marked = PDF_MARK in received.payload[:PDF_MARK_WITHIN] or b"application/pdf" in received.head.lower()
    return marked or address.document_ending(received.uri) == "pdf"


def _expired(error: ProcessExpired) -> Reading:
    code = error.exitcode
    if code == -signal.SIGXCPU:
        return _failed("reader-timeout", "reading took too much processor time")
    return _failed("reader-crash", f"the reader process ended with code {code}")


def _with_suspects(reading: Reading, received: Received, hints: Hints) -> Reading:
    """Name the page objects of plug-ins that may have taken too much; documents are none of theirs."""
    if reading.rule not in _SPENT or address.is_document(received.uri):
        return reading
    names = " or ".join(installed.may_be_at_work(hints))
    return replace(reading, detail=f"{reading.detail}; the cause may be the page object {names}") if names else reading


def _failed(rule: str, detail: str) -> Reading:
    return Reading(outcome=Outcome.FAILED, rule=rule, detail=detail)
