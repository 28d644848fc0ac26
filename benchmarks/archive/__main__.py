"""The command: ``python -m benchmarks.archive [--pages N] [--weeks N] [--retrieval [CAPTURES …]] [--json]``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.archive import ours, retrieval, rivals, site

# The marks that the archive was built for (README.md).
OF_GIT = 1.1
OF_WARC = 1 / 8
STORING = 1.0  # milliseconds of processor time


def main(words: list[str] | None = None) -> int:
    """Measure, print, and return 0 when all marks are met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive", description=__doc__)
    parser.add_argument("--pages", type=int, default=100, help="pages of the site (100)")
    parser.add_argument("--weeks", type=int, default=52, help="times each is fetched (52)")
    parser.add_argument(
        "--retrieval", type=int, nargs="*", metavar="CAPTURES",
        help="instead: how fast any page of any day is back, for archives of these sizes (10000 100000 1000000)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one object a line")
    options = parser.parse_args(words)
    if options.retrieval is not None:
        return retrieval.main(options.retrieval or [10_000, 100_000, 1_000_000], as_json=options.json)
    if options.pages < 1 or options.weeks < 2:
        parser.error("needs at least 1 page and 2 weeks")
    return _keeping(options.pages, options.weeks, as_json=options.json)


def _keeping(pages: int, weeks: int, *, as_json: bool) -> int:
    def again() -> Iterator[site.Fetch]:
        return site.fetches(pages, weeks)

    raw = sum(len(fetch.body) for fetch in again())
    with TemporaryDirectory() as name:
        folders = [Path(name) / each for each in ("ours", "warc", "git", "zlib")]
        for folder in folders:
            folder.mkdir()
        kept = ours.keep(again(), folders[0], pages)
        sizes = {
            "archive, whole file": kept.whole,
            "archive, payloads with their index": kept.payloads,
            "gzip WARC with revisits": rivals.warc(again(), folders[1]),
            "git, packed aggressively (bodies alone)": rivals.git(again(), folders[2], pages),
            "zlib per version (bodies alone)": rivals.compressed(again(), folders[3]),
        }
    whole, payloads, warc, git, _ = sizes.values()
    captures = pages * weeks
    storing, judging = (1000 * seconds / captures for seconds in (kept.storing, kept.judging))
    marks = [
        ("payloads to git", payloads / git, OF_GIT),
        ("whole file to WARC", whole / warc, OF_WARC),
        ("ms of processor time to store a capture", storing, STORING),
    ]
    deflating = _deflating(islice(again(), 500))
    if as_json:
        facts = {"captures": captures, "raw": raw, "bytes": sizes, "storing_ms": storing, "judging_ms": judging}
        facts["deflating_ms"] = deflating
        print(json.dumps(facts | {"marks": [{"what": a, "value": b, "at_most": c} for a, b, c in marks]}))
    else:
        print(f"{captures} captures of {pages} pages, {raw} bytes of payload, noise in every fetch")
        for what, size in sizes.items():
            print(f"{what:40}{size:>12} bytes {size / captures:>8.0f} a capture {size / raw:>8.4f} of the payloads")
        print(f"reading, version and index of words: {judging:.2f} ms of processor time a capture")
        for what, value, most in marks:
            print(f"{what:40}{value:>8.3f}  at most {most:.3f}  {'met' if value <= most else 'MISSED'}")
        print(f"beside it: {deflating:.2f} ms to deflate a body; load of the machine {os.getloadavg()[0]:.1f}")
    return 0 if all(value <= most for _, value, most in marks) else 1


def _deflating(fetches: Iterable[site.Fetch]) -> float:
    """Milliseconds of processor time to deflate one body: what a machine makes of the other times today."""
    bodies = [fetch.body for fetch in fetches]
    start = time.process_time()
    for body in bodies:
        zlib.compress(body, 6)
    return 1000 * (time.process_time() - start) / len(bodies)


if __name__ == "__main__":
    sys.exit(main())
