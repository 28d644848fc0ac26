"""Runs the program that fills an archive (tests.storage.writer) on a disk that fails, and says how it ended.

``python -m tests.storage.failing ARCHIVE WITNESS ROUNDS [WEIGHT [PAGES]]``: an error of the archive is one line on standard
error and its exit code, as in the command line. After it the same connection is asked once more, and a second line
says what came of that. WEIGHT is bytes of noise in each payload; PAGES limits the pages of the file (SQLite's own way of being full).
"""

from __future__ import annotations

import sys
from pathlib import Path

from storage.archive import Archive
from storage.errors import ArchiveError
from tests.storage.makers import MONDAY, OTHER
from tests.storage.writer import Writer


def main(path: str, witness: str, rounds: str, weight: str = "0", pages: str = "0") -> int:
    archive: Archive | None = None
    try:
        archive = Archive.open(Path(path), create=True)
        if int(pages):
            archive._connection.db.execute(f"PRAGMA max_page_count = {int(pages)}").fetchone()
        writer = Writer(archive, Path(witness))
        writer.weight = int(weight)
        archive.record_subscriptions(["team"], writer.now)
        writer.heal()
        for _ in range(int(rounds)):
            writer.round()
    except ArchiveError as error:
        print(error, file=sys.stderr)
        if archive is not None:
            print(_again(archive), file=sys.stderr)
        return error.exit_code
    finally:
        if archive is not None:
            archive.close()
    return 0


def _again(archive: Archive) -> str:
    """What the connection that met the error says to another write."""
    try:
        archive.start_crawl(OTHER, (archive.newest_time() or MONDAY))
    except ArchiveError as error:
        return f"refused: {error}"
    return "accepted"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
