"""Runs crawls in a child process that can be watched and stopped: what `crawl`, `demo` and the scheduler call."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Protocol, Self
from weakref import WeakSet

from crawler.clock import NOW_VARIABLE, Clock
from crawler.config import CONFIG_VARIABLE, DEFAULTS_VARIABLE, Config
from crawler.order import Order
from crawler.summary import CrawlOutcome, CrawlSummary, Done, Event, Failure, LogLine, Progress, decode

__all__ = ["CrawlOutcome", "CrawlProcess", "CrawlSummary", "Event", "Failure", "LogLine", "Progress", "run_crawl"]

# A crawl ends within a second of being told (it drops what is under way); the rest is detection and a slow disk.
STOP_GRACE = 10.0
# What a crawl may take beyond its sources' deadlines (start-up, detection of a large archive) before it counts as hung.
_HUNG_AFTER = 600.0
_POLL = 0.2
_running: WeakSet[CrawlProcess] = WeakSet()


def kill_all() -> None:
    """End every crawl process of this one at once; what they had stored is whole, the rest is asked again."""
    for process in list(_running):
        _kill_group(process.pid)


class Stop(Protocol):
    """What says that the crawls should end now; a ``threading.Event`` does."""

    def is_set(self) -> bool:
        """Whether they should."""


def run_crawl(
    config: Config,
    names: Sequence[str],
    clock: Clock,
    on_event: Callable[[Event], None] = lambda _event: None,
    *,
    dry_run: bool = False,
    stop: Stop | None = None,
) -> tuple[CrawlSummary, ...]:
    """Crawl the named sources one after the other in one child process, then detect what changed.

    Blocks until the child has ended. ``on_event`` gets progress, log lines and summaries as they come, in this
    thread. A source without a summary (the child was killed) gets one with outcome ``crashed``. Ctrl-C, or ``stop``
    from another thread, stops the child (SIGTERM, then SIGKILL of its process group after :data:`STOP_GRACE`
    seconds); Ctrl-C is raised again. ``dry_run`` asks and reads all pages, but stores nothing.
    """
    if not names:
        return ()
    with CrawlProcess(config, names) as process:
        return process.crawl(names, clock, on_event, dry_run=dry_run, stop=stop)


class CrawlProcess:
    """A crawl process that takes several orders, so that its start-up is paid once (`demo` crawls week after week).

    A context manager: its end is the end of the process, and of every process that this one started.
    ``config`` is what its orders are carried out by. ``names`` are the sources that will probably be crawled, if known.
    """

    def __init__(self, config: Config, names: Sequence[str] = ()) -> None:
        self.config = config
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._buffer = b""
        self._busy = False
        self._said = ""  # the last line on standard error, once the process has ended
        self._told_to_stop_at: float | None = None
        self._hung_after = 0.0  # seconds after which it had to be stopped, 0 if it had not
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "crawler.child", "--serve", *names],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(config),
            start_new_session=True,
        )
        _running.add(self)

    @property
    def pid(self) -> int:
        """The process's id, which is also that of its session and of its process group."""
        return self._child.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def crawl(
        self,
        names: Sequence[str],
        clock: Clock,
        on_event: Callable[[Event], None] = lambda _event: None,
        *,
        dry_run: bool = False,
        stop: Stop | None = None,
    ) -> tuple[CrawlSummary, ...]:
        """Carry out one order, as :func:`run_crawl` describes."""
        summaries: dict[str, CrawlSummary] = {}
        file = str(self.config.file) if self.config.file else None
        self._send(Order(config=file, names=tuple(names), clock=clock, dry_run=dry_run))
        for event in self._events(self._limit(names), stop):
            if isinstance(event, Done):
                self._busy = False
                break
            if isinstance(event, CrawlSummary):
                summaries[event.source] = event
            on_event(event)
        missing = [name for name in names if name not in summaries]
        for summary in self._without_summary(missing) if missing else ():
            summaries[summary.source] = summary
            on_event(summary)
        return tuple(summaries[name] for name in names)

    def close(self) -> None:
        """End the process. A busy one is told to stop; after a grace its whole group is killed."""
        child = self._child
        if self._errors.closed:
            return
        try:
            self._take_no_more()
            if self._busy:
                self._tell_to_stop()
            grace = (
                STOP_GRACE if self._told_to_stop_at is None else self._told_to_stop_at + STOP_GRACE - time.monotonic()
            )
            child.wait(max(grace, 0.0))
        except subprocess.TimeoutExpired:
            pass  # it had its time
        finally:
            _kill_group(child.pid)
            child.wait()
            _running.discard(self)
            self._errors.seek(0)
            self._said = _last_line(self._errors.read()[-4000:])
            self._errors.close()
            if child.stdout is not None:
                child.stdout.close()

    def _send(self, order: Order) -> None:
        stdin = self._child.stdin
        if stdin is None or stdin.closed:
            raise ValueError("this crawl process takes no more orders")
        self._busy = True
        try:
            stdin.write(order.encode().encode() + b"\n")
            stdin.flush()
        except BrokenPipeError:
            return  # it has ended already; what it said on standard error tells why

    def _take_no_more(self) -> None:
        if self._child.stdin is not None:
            try:
                self._child.stdin.close()
            except BrokenPipeError:
                return  # what was still to be written concerns nobody any more

    def _tell_to_stop(self) -> None:
        if self._told_to_stop_at is None:
            self._told_to_stop_at = time.monotonic()
            self._child.send_signal(signal.SIGTERM)

    def _limit(self, names: Sequence[str]) -> float:
        sources = [self.config.source_named(name) for name in names]
        return _HUNG_AFTER + sum(source.deadline.total_seconds() for source in sources if source is not None)

    def _events(self, limit: float, stop: Stop | None) -> Iterator[Event]:
        """The child's events until it closes its output; it is told to stop when asked to, or when it hangs."""
        stdout = self._child.stdout
        if stdout is None:
            return
        hung_at = time.monotonic() + limit
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while True:
                if time.monotonic() > hung_at and self._told_to_stop_at is None:
                    self._hung_after = limit
                if (stop is not None and stop.is_set()) or self._hung_after:
                    self._tell_to_stop()
                if self._told_to_stop_at is not None and time.monotonic() > self._told_to_stop_at + STOP_GRACE:
                    return
                if not selector.select(_POLL):
                    continue
                chunk = os.read(stdout.fileno(), 1 << 16)
                if not chunk:
                    return
                *lines, self._buffer = (self._buffer + chunk).split(b"\n")
                for line in lines:
                    yield _decoded(line)

    def _without_summary(self, names: Sequence[str]) -> list[CrawlSummary]:
        """The process is gone, or must go: what is left to say about the sources it said nothing about."""
        self.close()
        said, code = self._said, self._child.returncode
        if code == CrawlOutcome.UNUSABLE.exit_code:
            outcome, reason = CrawlOutcome.UNUSABLE, said or "the config cannot be used"
        else:
            how = f"by signal {-code}" if code < 0 else f"with code {code}"
            hung = f"did not end within {self._hung_after:.0f} s, was stopped, and " if self._hung_after else ""
            reason = f"the crawl process {hung}ended {how}{': ' if said else ''}{said}"[:500]
            outcome = CrawlOutcome.CRASHED
        return [CrawlSummary(source=name, outcome=outcome, reason=reason) for name in names]


def _environment(config: Config) -> dict[str, str]:
    """What the child finds: where its config is, and no secret (it reads bytes from strangers)."""
    own = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_DOWN}
    own.pop(config.mail.password_env, None)
    return own | ({CONFIG_VARIABLE: str(config.file)} if config.file else {DEFAULTS_VARIABLE: "1"})


_NOT_HANDED_DOWN = frozenset({CONFIG_VARIABLE, DEFAULTS_VARIABLE, NOW_VARIABLE})


def _decoded(line: bytes) -> Event:
    text = line.decode("utf-8", "replace")
    try:
        return decode(text)
    except (ValueError, TypeError):
        return LogLine(level="WARNING", message=text[:2000])  # a library printed to standard output


def _kill_group(leader: int) -> None:
    """The child leads a session of its own: its readers end with it."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _last_line(said: bytes) -> str:
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else ""
