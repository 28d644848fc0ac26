"""What a person sees while pages are looked at: a bar on a terminal, plain lines in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from crawler.output import Output, one_line
from crawler.summary import CrawlSummary, Event, LogLine
from crawler.summary import Progress as Step

if TYPE_CHECKING:  # most commands run in no terminal, and need not wait until it is loaded
    from rich.progress import Progress, TaskID

_LOUD = frozenset({"WARNING", "ERROR", "CRITICAL"})  # anything quieter belongs into the log file


class _Barred:
    """Has a bar on a terminal, which is shown while the block runs."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._bar = _bar() if output.stderr.isatty() else None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()


class ReadingProgress(_Barred):
    """Shows how much of the archive is done: a bar on a terminal, a line now and then in a pipe."""

    _LINES = 10  # in a pipe: one for each tenth of the work

    def __init__(self, output: Output, doing: str = "reading again") -> None:
        super().__init__(output)
        self._doing = doing
        self._total = self._done = self._told = 0

    def start(self, total: int) -> None:
        """Say how many looks there are to go through."""
        self._total = total
        if self._bar:
            self._task = self._bar.add_task(self._doing, total=total, uri="")
        elif total:
            self._output.note(f"{self._doing}: {total} …")

    def step(self, looks: int, uri: str) -> None:
        """So many looks more are done; ``uri`` is the last one's."""
        self._done += looks
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=self._done, uri=one_line(uri)[-60:])
        elif self._total and self._done * self._LINES // self._total > self._told:
            self._told = self._done * self._LINES // self._total
            self._output.note(f"{self._doing}: {self._done} of {self._total}")


class CountProgress(_Barred):
    """Counts what is done where nobody knows how much there is: a line that moves on a terminal, nothing in a pipe."""

    def __init__(self, output: Output, what: str) -> None:
        super().__init__(output)
        self._what, self._done = what, 0

    def __enter__(self) -> Self:
        super().__enter__()
        if self._bar:
            self._task = self._bar.add_task(self._what, total=None, uri="")
        return self

    def total(self, total: int) -> None:
        """Say how many there are, once that is known."""
        if self._bar and self._task is not None:
            self._bar.update(self._task, total=total)

    def step(self, uri: str) -> None:
        """One more is done."""
        self._done += 1
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=self._done, uri=one_line(uri)[-60:])


def _bar() -> Progress:
    from rich.console import Console  # noqa: PLC0415 - see above
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[uri]}", markup=False),
        console=Console(file=sys.stderr),
        transient=True,
    )


class StepProgress(_Barred):
    """Shows how far something in several parts has got: a bar for each on a terminal, a line for each in a pipe."""

    def __init__(self, output: Output, what: str) -> None:
        super().__init__(output)
        self._what = what
        self._part = ""

    def step(self, part: str, done: int, total: int) -> None:
        """Of ``total`` things of a part, ``done`` are done."""
        first = part != self._part
        self._part = part
        if self._bar is None:
            if first:
                self._output.note(f"{self._what}: {part} …")
            return
        if first:
            self._task = self._bar.add_task(f"{self._what}: {part}", total=total, uri="")
        if self._task is not None:
            self._bar.update(self._task, completed=done, total=total)


class CrawlProgress(_Barred):
    """Shows the events of crawls on stderr; use it in a ``with`` statement and hand ``show`` to the runner."""

    def __init__(self, output: Output, *, lines: bool = True) -> None:
        """``lines=False`` leaves out the lines that stand in for the bar in a pipe."""
        super().__init__(output)
        self._lines = lines
        self._tasks: dict[str, TaskID] = {}
        self._begun: set[str] = set()  # sources that a line was written of

    def show(self, event: Event) -> None:
        """One event of a crawl."""
        match event:
            case Step():
                self._step(event)
            case LogLine() if event.level in _LOUD:
                self._line(f"{event.level.lower()}: {event.message}")
            case CrawlSummary() if self._bar and event.source in self._tasks:
                self._bar.remove_task(self._tasks.pop(event.source))

    def pause(self, write: Callable[[], None]) -> None:
        """Let somebody else write to the terminal while the bar is away."""
        if self._bar:
            self._bar.stop()
        write()
        if self._bar:
            self._bar.start()

    def _step(self, event: Step) -> None:
        if self._bar is None:
            if event.source not in self._begun and self._lines:
                self._begun.add(event.source)
                self._output.note(f"{event.source}: looking …")
            return
        uri = one_line(event.uri)
        if event.source not in self._tasks:
            self._tasks[event.source] = self._bar.add_task(event.source, total=event.known, uri=uri)
        self._bar.update(self._tasks[event.source], completed=event.done, total=event.known, uri=uri[-60:])

    def _line(self, text: str) -> None:
        if self._bar:
            self._bar.console.print(one_line(text), markup=False, emoji=False, highlight=False)
        else:
            self._output.note(text)
