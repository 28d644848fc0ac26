"""Stores what comes within an instant in one transaction: a commit costs as much as all else of storing a look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from storage.archive import Archive
from storage.errors import ArchiveError

Result = TypeVar("Result")

# Without a pause between two requests an answer comes every 2 to 6 ms: some ten share a commit. Nobody waits for it:
# the next request is under way meanwhile. With 10 ms a crawl took 3 to 7 % more (benchmarks.crawl, 500 pages).
_PATIENCE = 0.03
_MOST = 32  # what a rollback would cost, and for how long others wait for the archive's lock


class Batch:
    """Stores for one crawl, in the thread of its event loop. ``is_alone`` says that nothing else is under way."""

    def __init__(self, archive: Archive, is_alone: Callable[[], bool]) -> None:
        self._archive, self._is_alone = archive, is_alone
        self._pending: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []
        self._timer: asyncio.TimerHandle | None = None

    async def store(self, write: Callable[[], Result]) -> Result:
        """Call ``write`` and return what it does, once that is durable.

        A write that raises takes back what it did itself; when the transaction fails, all of the batch raise that.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()
        self._pending.append((write, done))
        if len(self._pending) >= _MOST:
            self._commit()
        elif self._timer is None:
            self._timer = loop.call_later(0 if self._is_alone() else _PATIENCE, self._commit)
        return await done

    def _commit(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._pending = self._pending, []
        try:
            with self._archive.transaction():
                results = [_called(write) for write, _ in batch]
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait have to hear of it
            results = [error] * len(batch)
        for (_, done), result in zip(batch, results, strict=True):
            if done.done():
                continue  # the crawl is being stopped, and no longer waits for it
            if isinstance(result, Exception):
                done.set_exception(result)
            else:
                done.set_result(result)


def _called(write: Callable[[], Any]) -> Any:
    """What a write returns, or the mistake it raises; what concerns the archive as a whole ends the batch."""
    try:
        return write()
    except (ArchiveError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - one page's mistake is no other page's
        return error
