"""Small archives of every earlier schema, filled by the program of their day, become whole archives of today's."""

from __future__ import annotations

import gzip
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from storage import failpoint, schema
from storage.archive import Archive
from storage.records import DeliveryState, ErasureKind
from tests.storage.makers import MONDAY, Watching
from tests.storage.test_erasing import order

ROOT = Path(__file__).resolve().parents[2]
STORED = sorted((ROOT / "tests" / "golden" / "archives").glob("v*"))
X, Y = "https://example.org/a/x", "https://example.org/a/y"

every_schema = pytest.mark.parametrize("stored", STORED, ids=lambda each: each.name[:2])


def number(stored: Path) -> int:
    return int(stored.name.partition(".")[0][1:])


def bring(stored: Path, path: Path) -> None:
    """As SQL where that says it all, as a packed file from schema 5 on: SQL knows nothing of an index of words."""
    if stored.suffix == ".gz":
        path.write_bytes(gzip.decompress(stored.read_bytes()))
        return
    conn = sqlite3.connect(path)
    conn.executescript(stored.read_text())
    conn.close()


def assert_all_there(archive: Archive) -> None:
    assert archive.verify().findings == ()
    assert [len(archive.captures_of(uri)) for uri in (X, Y)] == [3, 3]
    assert [version.page.text.split(".")[0][-1] for version in archive.versions_of(Y)] == ["0", "1", "2"]
    assert archive.snapshot_at(Y, MONDAY.replace(year=2030)).payload.startswith(b"Seite y, Fassung 2")  # type: ignore[union-attr]
    assert [change.summary for change in archive.changes()] == ["Fassung 0", "Fassung 1", "Fassung 2"]
    assert [row.number for row in archive.digests()] == [1, 2, 3]
    assert archive.queue_counts()[DeliveryState.SENT] == 1
    assert len(archive.outbox()) == 6


def test_there_is_one_of_every_earlier_schema() -> None:
    assert [each.name.partition(".")[0] for each in STORED] == [f"v{each}" for each in range(1, schema.VERSION)]


@every_schema
def test_nothing_is_lost(path: Path, stored: Path) -> None:
    bring(stored, path)
    with Archive.open(path) as archive:
        assert_all_there(archive)
        Watching(archive, now=MONDAY.replace(year=2027)).once(x="more", y="more")
        archive.erase(order(ErasureKind.URI, X), MONDAY.replace(year=2028))
        assert archive.verify().findings == ()
    assert path.with_name(f"{path.name}.schema-{number(stored)}").exists()


@pytest.mark.slow
@every_schema
@pytest.mark.parametrize("moment", ["begun", "written", "stored"])
def test_a_kill_leaves_the_old_or_the_new_schema(path: Path, stored: Path, moment: str) -> None:
    bring(stored, path)
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from storage.archive import Archive; Archive.open(sys.argv[1])", str(path)],
        cwd=ROOT,
        env=os.environ | {failpoint.VARIABLE: f"schema.{moment}"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    with sqlite3.connect(path) as db:
        version = db.execute("PRAGMA user_version").fetchone()[0]
    db.close()
    assert version == (schema.VERSION if moment == "stored" else number(stored))
    with Archive.open(path) as archive:
        assert_all_there(archive)


# Opens an archive and kills itself at the statement whose number it is given; 0 if there are not so many.
AT_STATEMENT = """
import os, signal, sqlite3, sys
from storage.archive import Archive

left, connect = int(sys.argv[2]), sqlite3.connect

def count(_statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

def traced(*words, **more):
    connection = connect(*words, **more)
    connection.set_trace_callback(count)
    return connection

sqlite3.connect = traced
Archive.open(sys.argv[1])
os._exit(0)
"""


@pytest.mark.long
@pytest.mark.timeout(900)
@every_schema
def test_a_kill_at_any_statement_leaves_the_old_or_the_new_schema(path: Path, stored: Path) -> None:
    """F44: at each statement of the opening that migrates, those of triggers included."""
    found = set()
    statement, step = 0, 1
    while True:
        statement += step
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink() if file.is_file() else None
        bring(stored, path)
        done = subprocess.run(
            [sys.executable, "-c", AT_STATEMENT, str(path), str(statement)], cwd=ROOT, capture_output=True, check=False
        )
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        with sqlite3.connect(path) as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
        db.close()
        assert version in (number(stored), schema.VERSION), f"statement {statement}"
        found.add(version)
        with Archive.open(path) as archive:
            assert_all_there(archive)
        step = 1 if statement < 150 else 7  # the many at the end seal row after row
    assert found == {number(stored), schema.VERSION}
    assert statement > 20
