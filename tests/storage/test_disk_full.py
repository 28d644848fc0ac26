"""A full disk loses nothing that was acknowledged, says so in one line, and is over when there is space again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.errors import DiskFull
from tests.storage.makers import MONDAY, SOURCE, fetched, ok

ROOT = Path(__file__).resolve().parents[2]

# Fills an archive under a limit on the size of files, which fails a write as a full disk does.
LIMITED = """
import json, os, resource, sys
from storage.archive import Archive
from storage.errors import DiskFull
from tests.storage.makers import MONDAY, SOURCE, fetched, ok
kept = []
with Archive.open(sys.argv[1], create=True) as archive:
    crawl = archive.start_crawl(SOURCE, MONDAY)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
    try:
        for number in range(1000):
            uri = f"https://example.org/a/{number}"
            new = fetched(uri, MONDAY, os.urandom(9000))
            kept.append(archive.add_capture(crawl.id, new, ok(uri, uri)).payload_digest)
    except DiskFull as error:
        print(json.dumps([kept, str(error), error.exit_code]))
"""


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


def test_a_full_disk_keeps_what_was_acknowledged(path: Path) -> None:
    script = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    kept, message, exit_code = json.loads(script.stdout)
    assert len(kept) > 5
    assert "no space left" in message
    assert "\n" not in message
    assert exit_code == 75
    assert_whole(path, kept)


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
