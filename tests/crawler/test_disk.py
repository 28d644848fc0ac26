"""A look on a disk that is full, fills up, or has no room for the log (F06): one line, the right code, over by itself."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler import cli, room
from crawler.schedule import Schedule
from crawler.session import Session
from storage.archive import Archive
from tests.server import LONG, Site, html
from tests.storage.test_disk_full import namespaces

ROOT = Path(__file__).resolve().parents[2]
PAGES = 16
Done = subprocess.CompletedProcess[str]


def heavy(site: Site) -> None:
    """Pages that no compression makes smaller than 1.6 MB together."""
    dice = random.Random(7)
    links = tuple(f"/p{number}" for number in range(PAGES))
    site.pages["/"] = html("Start", LONG, links=links)
    for link in links:
        text = html(f"Seite {link}", LONG, f"Diese Seite heißt {link}.")
        site.pages[link] = f"{text}<!-- {dice.randbytes(100_000).hex()} -->"


def crawl(file: Path, *before: str | Path, limit: Callable[[], None] | None = None, **more: str) -> Done:
    command = [*before, sys.executable, "-m", "crawler", "--config", file, "crawl", "--json"]
    return subprocess.run(
        command, cwd=file.parent, env=os.environ | {"PYTHONPATH": str(ROOT), **more}, preexec_fn=limit,
        capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip


def assert_full(file: Path, done: Done) -> None:
    """The look ended by the disk: what it had stored is whole, and read only once."""
    assert done.returncode == 75, done.stderr
    assert "Traceback" not in done.stderr
    (said,) = [line for line in done.stderr.splitlines() if line.startswith("    ")]
    assert "no space left on the disk" in said
    assert "free some space, then it goes on" in said
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert row["outcome"] == "no-space"
    assert_whole(file)


def assert_whole(file: Path) -> int:
    with Archive.open(file.with_name("amtsblick.db"), readonly=True) as archive:
        assert archive.verify().findings == ()
        return sum(len(archive.versions_of(uri)) for uri in {each.uri for each in archive.frontier("site")})


def assert_over(file: Path) -> None:
    """The next look is one like any other, without anybody's help."""
    done = crawl(file)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "complete"
    assert assert_whole(file) == PAGES + 1  # each page is there once, whenever it was stored
    with Archive.open(file.with_name("amtsblick.db"), readonly=True) as archive:
        assert archive.changes() == ()


@pytest.mark.long
def test_a_look_that_meets_the_largest_file_allowed(config_file: Path, site: Site) -> None:
    heavy(site)
    size = 900_000
    limited = crawl(
        config_file, limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    )
    assert_full(config_file, limited)
    assert_over(config_file)


@pytest.mark.long
@pytest.mark.needs_strace
def test_a_look_whose_writes_fail_from_one_on(config_file: Path, site: Site) -> None:
    heavy(site)
    path = config_file.with_name("amtsblick.db")
    failing = crawl(
        config_file, "strace", "-f", "--seccomp-bpf", "-qq", "-o", config_file.with_name("trace"), "-e", "trace=pwrite64",
        "-P", path, "-P", f"{path}-wal", "-e", "inject=pwrite64:error=ENOSPC:when=350+",
    )  # fmt: skip
    assert_full(config_file, failing)
    assert_over(config_file)


# sitecustomize.py of every process of a look: as many pages of its archive as are allowed.
ALLOWED = """
import os, sqlite3
connect = sqlite3.connect
def limited(*words, **more):
    connection = connect(*words, **more)
    connection.execute(f"PRAGMA max_page_count = {os.environ['PAGES']}").close()
    return connection
sqlite3.connect = limited
"""


@pytest.mark.long
def test_a_look_that_meets_the_last_page_allowed(config_file: Path, site: Site) -> None:
    heavy(site)
    folder = config_file.parent / "python"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(ALLOWED)
    allowed = crawl(config_file, PAGES="300", PYTHONPATH=f"{folder}:{ROOT}")
    assert_full(config_file, allowed)
    assert_over(config_file)


# In a mount namespace of its own: a disk of 3 MB, on which a look does not begin; then it may, and fills it; then the
# disk is made larger.
SMALL = """
import shutil, subprocess, sys
from pathlib import Path
from tests.crawler.test_disk import *
disk, config = Path(sys.argv[1]), Path(sys.argv[2]).read_text()
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", disk], check=True)
file = disk / "amtsblick.toml"
file.write_text(config)
file.chmod(0o600)
done = crawl(file)
assert done.returncode == 75, done.stderr
assert "MB free, and no look begins with less than 200 MB (archive.least_free)" in done.stderr, done.stderr
assert json.loads(done.stdout)["pages"] == 0
file.write_text('[archive]\\nleast_free = "1B"\\n' + config)
assert_full(file, crawl(file))
for command in (["backup", disk], ["export", "--format", "wacz", "-o", disk / "all.wacz"]):
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "--config", file, *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 75, (command, done.stderr)
    assert "no space left" in done.stderr.splitlines()[-1], done.stderr
    left = {each.name for each in disk.iterdir()} - {"amtsblick.toml"}
    assert all(name.startswith("amtsblick.db") for name in left), left
subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
assert_over(file)
print("over")
"""


@pytest.mark.slow
def test_a_look_on_a_small_disk(config_file: Path, site: Site, tmp_path: Path) -> None:
    if not namespaces():
        pytest.skip("user namespaces are off here: no small disk can be made")
    heavy(site)
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(
        ["unshare", "-Urm", sys.executable, "-c", SMALL, disk, config_file],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("over\n")
    assert site.paths() != []


@pytest.mark.slow
@pytest.mark.parametrize("form", [pytest.param("text", marks=pytest.mark.long), "json"])
def test_a_log_that_finds_no_room_stops_no_look(config_file: Path, form: str) -> None:
    config = config_file.read_text()
    config_file.write_text(f'{config}[log]\nfile = "/dev/full"\nformat = "{form}"\n')
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "site"], cwd=ROOT,
        env=os.environ | {"AMTSBLICK_CONFIG": str(config_file)}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    with Archive.open(config_file.with_name("amtsblick.db"), readonly=True) as archive:
        assert [each.reason for each in archive.crawls()] == ["finished"]


@pytest.mark.slow
def test_a_standard_error_without_room_stops_no_look(config_file: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "crawler", "--config", config_file, "crawl"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=full, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 0
    assert "complete" in done.stdout


@pytest.mark.slow
def test_a_standard_output_without_room_is_one_line(config_file: Path) -> None:
    assert cli.run(["--config", str(config_file), "crawl"]) == 0
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "crawler", "--config", config_file, "status", "--json"],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 74
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr


def test_without_room_nothing_is_asked_and_the_slot_is_kept(
    config_file: Path, site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    schedule = Schedule(Session(config_option=config_file), "0" * 32)
    (source,) = schedule._session.config.enabled
    with Archive.open(config_file.with_name("amtsblick.db"), create=True) as archive:
        archive.start_crawl(source.as_source(), schedule._session.now())
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as full:
        full.setattr(room.shutil, "disk_usage", lambda _: usage(1, 1, 120 * 1024**2))
        assert not schedule._claim(source)
        assert not schedule._claim(source)
    assert caplog.text.count("120 MB free, and no look begins with less than 200 MB") == 1
    with Archive.open(config_file.with_name("amtsblick.db"), readonly=True) as archive:
        assert archive.last_slot("crawl:site") is None
    assert site.paths() == []
    schedule._claim(source)
    with Archive.open(config_file.with_name("amtsblick.db"), readonly=True) as archive:
        assert archive.last_slot("crawl:site") is not None
