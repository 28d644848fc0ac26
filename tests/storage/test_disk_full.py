"""A disk that fills up under the program that fills an archive, in four ways (F06); the log's way is tests/crawler's.

Whatever way it is: the exit code is 75 with one line, all that was acknowledged is there and nothing is half, and when
there is room again the next process goes on by itself.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.errors import DiskFull
from tests.storage.makers import MONDAY, SOURCE, fetched, ok
from tests.storage.test_kill import ROOT, assert_healed, assert_nothing_half, assert_nothing_lost, witnessed

pytestmark = pytest.mark.slow

PLENTY = ("2000", "20000")  # rounds, and bytes of noise in each of their four payloads; the disk ends first
Ended = subprocess.CompletedProcess[str]


def fill(
    path: Path, *words: str, before: tuple[str | Path, ...] = (), limit: Callable[[], None] | None = None
) -> Ended:
    """Fill an archive until the disk is full; the witness lies where there is room."""
    command = [*before, sys.executable, "-m", "tests.storage.failing", path, path.with_suffix(".witness"), *words]
    return subprocess.run(command, cwd=ROOT, preexec_fn=limit, capture_output=True, text=True, check=False, timeout=100)


def assert_full(path: Path, done: Ended, folder: Path | None = None) -> None:
    line, *_ = done.stderr.splitlines()
    assert done.returncode == 75, done.stderr
    assert str(path) in line
    assert "no space left" in line
    assert "free some space and repeat" in line
    assert "Traceback" not in done.stderr
    facts = witnessed(path)
    assert sum(kind == "digest" for kind, *_ in facts) > 1, "it was full before there was anything to lose"
    with Archive.open(path, readonly=True) as archive:
        assert_nothing_lost(archive, facts)
        assert_nothing_half(archive)
    known = {path.name, f"{path.name}.lock", f"{path.name}.d", path.with_suffix(".witness").name, "trace"}
    assert {each.name for each in (folder or path.parent).iterdir()} <= known | {f"{path.name}-wal", f"{path.name}-shm"}


def test_no_more_pages_than_are_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    done = fill(path, *PLENTY, "150")
    assert_full(path, done)
    assert_healed(path)


def test_no_larger_files_than_are_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    size = 900_000
    done = fill(path, *PLENTY, limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY)))
    assert_full(path, done)
    assert_healed(path)


@pytest.mark.needs_strace
@pytest.mark.parametrize("write", [900, *(pytest.param(number, marks=pytest.mark.long) for number in range(901, 921))])
def test_every_write_fails_from_one_on(tmp_path: Path, write: int) -> None:
    path = tmp_path / "a.db"
    strace = (
        "strace", "-f", "--seccomp-bpf", "-qq", "-o", tmp_path / "trace", "-e", "trace=pwrite64", "-P", path,
        "-P", f"{path}-wal", "-e", f"inject=pwrite64:error=ENOSPC:when={write}+",
    )  # fmt: skip
    done = fill(path, *PLENTY, before=strace)
    assert_full(path, done)
    assert_healed(path)


# Runs in a mount namespace of its own: a disk of 3 MB that is filled, looked at, made larger and used again.
SMALL = """
import subprocess, sys
from pathlib import Path
from tests.storage.test_disk_full import *
disk, witness = Path(sys.argv[1]), Path(sys.argv[2])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", disk], check=True)
path = disk / "a.db"
path.with_suffix(".witness").symlink_to(witness)
assert_full(path, fill(path, *PLENTY))
again = fill(path, "1")
assert again.returncode == 75, again.stderr
assert "no space left" in again.stderr
subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
assert_healed(path)
print("healed")
"""


def namespaces() -> bool:
    """Whether this user may have a mount namespace, in which a disk of any size can be made."""
    try:
        return subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def test_a_small_disk(tmp_path: Path) -> None:
    if not namespaces():
        pytest.skip("user namespaces are off here: no small disk can be made")
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(
        ["unshare", "-Urm", sys.executable, "-c", SMALL, disk, tmp_path / "witness"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("healed\n")


def assert_whole(path: Path, kept: list[str | None]) -> None:
    with Archive.open(path) as archive:
        assert archive.broken_links() == ()
        found = [archive.captures_of(f"https://example.org/a/{number}") for number in range(len(kept) + 1)]
        assert [captures[0].payload_digest for captures in found[:-1]] == kept
        assert found[-1] == ()
        for digest in kept:
            assert digest is not None
            assert archive.payload(digest)
        crawl = archive.start_crawl(SOURCE, MONDAY)
        uri = "https://example.org/a/after"
        assert archive.add_capture(crawl.id, fetched(uri, MONDAY), ok(uri, "text")).capture_id == len(kept) + 1


def test_a_full_database_file_keeps_what_was_acknowledged_and_works_on(path: Path) -> None:
    kept = []
    with Archive.open(path, create=True) as archive:
        crawl = archive.start_crawl(SOURCE, MONDAY)
        db = archive._connection.db
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 30}").fetchone()

        def fill(first: int) -> None:
            for number in range(first, 1000):
                uri = f"https://example.org/a/{number}"
                new = fetched(uri, MONDAY, bytes(str(number), "ascii") + bytes(range(256)) * 20)
                kept.append(archive.add_capture(crawl.id, new, ok(uri, uri)).payload_digest)

        with pytest.raises(DiskFull, match="no space left"):
            fill(0)
        stored = len(kept)
        assert stored > 3
        db.execute(f"PRAGMA max_page_count = {pages + 60}").fetchone()
        with pytest.raises(DiskFull):
            fill(stored)
        assert len(kept) > stored
    assert_whole(path, kept)
