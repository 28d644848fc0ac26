"""Runs what waits for readers so that Ctrl-C and SIGTERM end it between two steps, not inside one."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

Result = TypeVar("Result")


def end_as_ctrl_c_does() -> None:
    """From now on SIGTERM raises KeyboardInterrupt, too; so does SIGINT where a shell had it ignored."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)


def run_async(main: Coroutine[Any, Any, Result]) -> Result:
    """``asyncio.run``, in which a signal that raises KeyboardInterrupt elsewhere cancels ``main`` at its next pause.

    A second one raises at once. An exception that a signal handler raises can strike inside a queue that is being
    filled. Seen: the thread that waited at the queue was never woken again, and the end of the readers waited for
    that thread (3 of 150 times).

    Raises:
        KeyboardInterrupt: once ``main`` has ended, if there was a signal.
    """
    ours = [each for each in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(each) is signal.default_int_handler]
    interrupt = _Interrupt()
    for number in ours:
        signal.signal(number, interrupt.ask)
    try:
        return asyncio.run(interrupt.obeyed(main))
    finally:
        for number in ours:
            signal.signal(number, signal.default_int_handler)
        if interrupt.asked:
            raise KeyboardInterrupt


class _Interrupt:
    """Whether a signal came, and the task that is to end because of it."""

    asked = False
    _task: asyncio.Future[Any] | None = None

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        if self._task is not None:
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    async def obeyed(self, main: Coroutine[Any, Any, Result]) -> Result:
        """Await ``main``, cancelled when there is a signal or was one already."""
        task = asyncio.ensure_future(main)
        self._task = task
        if self.asked:
            task.cancel()
        try:
            return await task
        finally:
            self._task = None  # its loop is about to close
