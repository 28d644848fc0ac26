"""How much SQLite works for something, counted and not timed: the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from storage.archive import Archive


@dataclass(slots=True)
class Work:
    """Statements, and how often so many steps of SQLite's virtual machine were gone in one of them."""

    statements: int = 0
    steps: int = 0


@contextmanager
def counted(archive: Archive, each: int = 100) -> Iterator[Work]:
    """Count what is asked of an archive inside, its steps in units of ``each``."""
    work = Work()
    raw = archive._connection.db.conn

    def statement(_text: str) -> None:
        work.statements += 1

    def step() -> int:
        work.steps += 1
        return 0

    raw.set_trace_callback(statement)
    raw.set_progress_handler(step, each)
    try:
        yield work
    finally:
        raw.set_trace_callback(None)
        raw.set_progress_handler(None, each)
