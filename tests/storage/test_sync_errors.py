"""A disk that could not keep what it was told to keep (F05): strace lets one sync of the archive fail.

A second sync after a failed one may report success for data that the first one has lost, so the connection that met
the error must not write again; the next one begins with what the file really holds.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.backup import check
from storage.exports import checking
from tests.storage import full
from tests.storage.test_kill import ROOT, assert_healed, assert_nothing_half, assert_nothing_lost, witnessed

pytestmark = [pytest.mark.needs_strace, pytest.mark.slow]


def traced(path: Path, *injected: str, rounds: int = 2) -> subprocess.CompletedProcess[str]:
    """The program that fills an archive, with system calls on the archive and its log that fail as ``injected`` says."""
    calls = [word for each in injected for word in ("-e", f"inject={each}")]
    return subprocess.run(
        [
            "strace", "-f", "--seccomp-bpf", "-qq", "-o", path.with_suffix(".trace"),
            "-e", "trace=fsync,fdatasync,pwrite64", "-P", path, "-P", f"{path}-wal", *calls,
            sys.executable, "-m", "tests.storage.failing", path, path.with_suffix(".witness"), str(rounds),
        ],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def fail_one_sync(path: Path, number: int) -> None:
    done = traced(path, f"fdatasync,fsync:error=EIO:when={number}")
    assert path.with_suffix(".trace").read_text().count("INJECTED") == 1
    assert done.returncode == 74, done.stderr
    first, *later = done.stderr.splitlines()
    assert "the disk reports an error" in first
    facts = witnessed(path)
    opened = later or facts  # an archive that could not even be made is asked nothing more
    assert later == ([f"refused: {first}"] if opened else []), "the connection went on"
    if any(kind == "capture" for kind, *_ in facts):
        with Archive.open(path, readonly=True) as archive:
            assert_nothing_lost(archive, facts)
            assert_nothing_half(archive)
    assert_healed(path)


@pytest.mark.parametrize("number", [2, 9])
def test_a_sync_that_fails_ends_the_connection_and_loses_nothing(tmp_path: Path, number: int) -> None:
    fail_one_sync(tmp_path / "a.db", number)


@pytest.mark.long
@pytest.mark.parametrize("number", range(1, 16))
def test_fifteen_syncs_that_fail(tmp_path: Path, number: int) -> None:
    fail_one_sync(tmp_path / "a.db", number)


EXPORT = ["export", "--format", "wacz", "-o", "kept/all.wacz"]


@pytest.mark.parametrize(
    "number", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)]
)
@pytest.mark.parametrize("command", [EXPORT, ["backup", "kept"]], ids=["export", "backup"])
def test_what_cannot_be_synced_gets_no_name(tmp_path: Path, command: list[str], number: int) -> None:
    """Of exports and backups: strace lets the so manyth sync in their folder fail."""
    full.fill(tmp_path / "amtsblick.db", rounds=1)
    (tmp_path / "amtsblick.toml").write_text('[[source]]\nname = "section"\nstart = ["https://example.org/a/"]\n')
    (tmp_path / "amtsblick.toml").chmod(0o600)
    kept = tmp_path / "kept"
    kept.mkdir()
    words = [
        "strace", "-f", "--seccomp-bpf", "-qq", "-o", tmp_path / "trace", "-e", "trace=fsync,fdatasync",
        "-e", f"inject=fsync,fdatasync:error=EIO:when={number}", sys.executable, "-m", "crawler", *command,
    ]  # fmt: skip
    done = subprocess.run(
        words, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert "INJECTED" in (tmp_path / "trace").read_text()
    *progress, line = done.stderr.splitlines()
    assert done.returncode == 74, line
    assert "Input/output error" in line or "disk I/O error" in line
    assert all(each.startswith(("proving the copy: ", "handing over: ")) for each in progress), progress
    for each in kept.iterdir():  # the last of the syncs is the one behind the name
        if each.suffix in (".wacz", ".zip"):
            assert checking.check(each, None, lambda *_: None).findings == () if each.suffix == ".wacz" else check(each)
    remedy = [*words[words.index(sys.executable) :], *(["--force"] if command == EXPORT else [])]
    again = subprocess.run(
        remedy, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert again.returncode == 0 or "is there already, and holds the same state" in again.stderr
    assert not [each.name for each in kept.iterdir() if each.name.startswith(".")]
