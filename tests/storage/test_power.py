"""The power fails: whatever the disk kept of what was not yet synced, nothing reported stored is lost or half (F03).

What the archive really does is recorded statement by statement and run again on a file system that notes each write
and sync. A cut may come between any two of them; of what was not synced by then each block is there, is not, or is torn.
"""

from __future__ import annotations

import random
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import apsw
import pytest

from storage import seals
from storage.archive import Archive
from tests.storage.writer import Writer

SECTOR = 512  # bytes that a disk writes whole or not at all
ROUNDS = 3
TABLES = ("capture", "content", "version", "change", "held", "digest", "delivery", "crawl", "watch", "recipient")
CELLS = (
    ("count", "outcome", "capture"),
    ("sum", "detected", "crawl"),
    ("sum", "attempts", "delivery"),
    ("count", "sent_at", "delivery"),
)
WHAT = (*(("count", "*", table) for table in TABLES), *CELLS)
COUNTS = f"SELECT {', '.join(f'(SELECT {what}({cell}) FROM {table})' for what, cell, table in WHAT)}"

Counts = tuple[Any, ...]


@dataclass(frozen=True)
class Write:
    """Bytes that went to a file, or None where it was cut to ``offset`` bytes."""

    file: str
    offset: int
    data: bytes | None


@dataclass(frozen=True)
class Sync:
    """All that was written to a file is on the disk."""

    file: str


@dataclass
class Recording:
    """What reached the file system, in order, and after how much of it each commit had returned, with what it left."""

    events: list[Write | Sync] = field(default_factory=list)
    commits: list[tuple[int, Counts]] = field(default_factory=list)


def statements(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The statements of some rounds of looking, detecting and sending, by connection, each with its values."""
    said: list[list[str]] = []
    connect = sqlite3.connect

    def traced(*words: Any, **more: Any) -> sqlite3.Connection:
        connection = connect(*words, **more)
        mine: list[str] = []
        said.append(mine)
        connection.set_trace_callback(mine.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    for _ in range(ROUNDS):
        with Archive.open(folder / "archive.db", create=True) as archive:
            archive.record_subscriptions(["team"], Writer(archive, folder / "witness").now)
            writer = Writer(archive, folder / "witness")
            writer.heal()
            writer.round()
    monkeypatch.undo()
    return said


class RecordingFile(apsw.VFSFile):
    """A file that notes what is done to it."""

    def __init__(self, recording: Recording, name: Any, flags: list[int]) -> None:
        self._recording = recording
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self._file = "wal" if path.endswith("-wal") else "db" if path.endswith(".db") else ""
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        if self._file:
            self._recording.events.append(Write(self._file, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802 - SQLite's name
        if self._file:
            self._recording.events.append(Write(self._file, size, None))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        if self._file:
            self._recording.events.append(Sync(self._file))
        super().xSync(flags)


class RecordingSystem(apsw.VFS):
    """A file system of such files."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        super().__init__("recording", "")

    def xOpen(self, name: Any, flags: list[int]) -> RecordingFile:  # noqa: N802 - SQLite's name
        return RecordingFile(self._recording, name, flags)


def record(folder: Path, said: list[list[str]], synchronous: str) -> Recording:
    """Run the statements again; ``synchronous`` goes over what they set."""
    recording = Recording()
    system = RecordingSystem(recording)
    path = folder / f"{synchronous}.db"
    for each in said:
        connection = apsw.Connection(str(path), vfs="recording")
        for name, function in seals.functions().items():
            connection.create_scalar_function(name, function)
        for before, statement in pairwise(["", *each]):
            if statement.startswith("--"):
                continue  # a trigger's, which its own statement runs
            if statement == before and statement.lstrip().startswith(("INSERT", "UPDATE")):
                continue  # Python tells of a statement once more for each row that a trigger of its sealed
            sets = "synchronous" in statement and "=" in statement
            tuple(connection.execute(f"PRAGMA synchronous = {synchronous}" if sets else statement))
            if not connection.in_transaction and _is_whole(connection):
                (counts,) = connection.execute(COUNTS)
                if not recording.commits or recording.commits[-1][1] != counts:
                    recording.commits.append((len(recording.events), counts))
        connection.close()
    system.unregister()
    return recording


def _is_whole(connection: apsw.Connection) -> bool:
    (found,) = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'recipient'")
    return bool(found[0])


class Disk:
    """What a disk holds when the power fails after some events: the synced, and of the rest what chance kept."""

    def __init__(self, recording: Recording) -> None:
        self._events = recording.events
        self._synced: dict[str, bytearray] = defaultdict(bytearray)
        self._open: dict[str, list[Write]] = defaultdict(list)
        self._at = 0

    def advance(self, to: int) -> None:
        for event in self._events[self._at : to]:
            if isinstance(event, Write):
                self._open[event.file].append(event)
                continue
            for write in self._open.pop(event.file, []):
                _apply(self._synced[event.file], write, 0, None)
        self._at = to

    def cut(self, dice: random.Random) -> dict[str, bytes]:
        kept = {name: bytearray(data) for name, data in self._synced.items()}
        for name, writes in self._open.items():
            there = kept.setdefault(name, bytearray())
            for write in writes:
                match dice.choice(("lost", "kept", "torn")):
                    case "kept":
                        _apply(there, write, 0, None)
                    case "torn" if write.data is not None:
                        sectors = (len(write.data) + SECTOR - 1) // SECTOR
                        for number in range(sectors):
                            if dice.random() < 0.5:
                                _apply(there, write, number * SECTOR, (number + 1) * SECTOR)
        return {name: bytes(data) for name, data in kept.items()}


def _apply(data: bytearray, write: Write, start: int, end: int | None) -> None:
    if write.data is None:
        del data[write.offset :]
        return
    piece = write.data[start:end]
    at = write.offset + start
    if len(data) < at:
        data.extend(bytes(at - len(data)))
    data[at : at + len(piece)] = piece


def lost(folder: Path, recording: Recording, cuts: int, seed: int) -> int:
    """How many cuts lost a commit that had returned; one that leaves half a commit, or a damaged file, fails at once."""
    dice = random.Random(seed)
    disk, losses = Disk(recording), 0
    first = recording.commits[0][0]
    states = [counts for _, counts in recording.commits]
    moments = sorted(dice.randint(first, len(recording.events)) for _ in range(cuts))
    for number, moment in enumerate(moments):
        disk.advance(moment)
        path = folder / "cut.db"
        for name, data in disk.cut(dice).items():
            (path if name == "db" else folder / "cut.db-wal").write_bytes(data)
        (folder / "cut.db-shm").unlink(missing_ok=True)
        counts = _left(path, thoroughly=number % 20 == 0)
        if counts is None:
            losses += 1
            continue
        assert counts in states, f"seed {seed}, cut {number}: half a transaction"
        returned = sum(at <= moment for at, _ in recording.commits)
        losses += states.index(counts) < returned - 1
    return losses


def _left(path: Path, *, thoroughly: bool) -> Counts | None:
    """What is there after the power came back; None where not even the tables are."""
    connection = sqlite3.connect(path)
    try:
        if thoroughly:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found: Counts | None = connection.execute(COUNTS).fetchone()
    except sqlite3.OperationalError:
        found = None
    finally:
        connection.close()
    return found


def test_five_hundred_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = statements(tmp_path, monkeypatch)
    seed = random.randrange(10**6)
    assert lost(tmp_path, record(tmp_path, said, "FULL"), 500, seed) == 0, f"seed {seed}"


@pytest.mark.long
def test_ten_thousand_cuts_and_that_they_can_lose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = statements(tmp_path, monkeypatch)
    seed = random.randrange(10**6)
    assert lost(tmp_path, record(tmp_path, said, "FULL"), 10_000, seed) == 0, f"seed {seed}"
    assert lost(tmp_path, record(tmp_path, said, "NORMAL"), 1000, seed) > 0, "the test could not fail"
