"""The command: ``python -m benchmarks.profile [--pages N] [--places N]``."""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.crawl import ours
from benchmarks.crawl.server import Variant, serving
from benchmarks.crawl.site import Site, noise, woven
from benchmarks.profile.sampler import Sampler

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
_CASES: tuple[tuple[Variant, int, str], ...] = (
    ("validators", 0, "first crawl"),
    ("validators", 1, "unchanged, confirmed by the server (304)"),
    ("noise", 1, "unchanged text, other bytes"),
)


def main(words: list[str] | None = None) -> int:
    """Profile the crawl process in three cases, and the reading of pages, which other processes do."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("--pages", type=int, default=500, help="pages of the site (500)")
    parser.add_argument("--places", type=int, default=0, help="also the N functions most samples fell into")
    parser.add_argument("--crawl-here", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.crawl_here:
        _crawl_here(Path(options.crawl_here))
    for variant, round_, what in _CASES:
        with TemporaryDirectory() as name, serving(options.pages, variant) as server:
            file = ours.config(Path(name), server.home, options.pages)
            for _ in range(round_ + 1):
                told = _crawl(file, Path(name) / "profile.json")
        _print(f"the crawl process: {what}", told, options.pages, options.places)
    _print("a reader process: pages read once more, with their last state known", _reading(), 200, options.places)
    return 0


def _crawl(file: Path, result: Path) -> dict[str, dict[str, int]]:
    command = [sys.executable, "-m", "benchmarks.profile", "--crawl-here", str(result)]
    environ = os.environ | {"AMTSBLICK_CONFIG": str(file)}
    subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
    told: dict[str, dict[str, int]] = json.loads(result.read_text())
    return told


def _crawl_here(result: Path) -> None:
    """What ``crawler.child`` does, under the sampler; ends the process as it does."""
    sampler = Sampler()
    with sampler.on():
        from crawler import child  # noqa: PLC0415 - its imports are part of it

        child.main(["site"])
    used = resource.getrusage(resource.RUSAGE_SELF)
    total = {"ms": round(1000 * (used.ru_utime + used.ru_stime))}
    result.write_text(json.dumps({"parts": sampler.parts, "places": sampler.places, "total": total}))
    os._exit(0)


def _reading() -> dict[str, dict[str, int]]:
    """Read 200 pages as a reader process does."""
    from crawler.readers import Received  # noqa: PLC0415
    from crawler.reading import read_received  # noqa: PLC0415 - not for the crawl process
    from extractors.model import Hints  # noqa: PLC0415

    site = Site(200)

    def received(page: int, seed: int) -> Received:
        body = woven(site.parts(page), noise(random.Random(seed), 1_793_000_000.0 + seed))
        return Received(uri=f"http://127.0.0.1{site.path(page)}", status=200, head=_HEAD, payload=body)

    before = [read_received(received(page, 1), Hints(), 1 << 25).page for page in range(200)]
    now = [received(page, 2) for page in range(200)]
    sampler, start = Sampler(), time.process_time()
    with sampler.on():
        for one, page in zip(now, before, strict=True):
            read_received(one, Hints(previous=page), 1 << 25)
    total = {"ms": round(1000 * (time.process_time() - start))}
    return {"parts": sampler.parts, "places": sampler.places, "total": total}


def _print(what: str, told: dict[str, dict[str, int]], pages: int, places: int) -> None:
    parts = Counter(told["parts"])
    total = told["total"]["ms"]
    print(f"\n{what}: {total / pages:.2f} ms of processor time a page ({pages} pages, start-up included)")
    for part, count in parts.most_common():
        share = count / parts.total()
        print(f"    {part:34}{100 * share:6.1f} %{share * total / pages:8.2f} ms a page")
    for place, count in Counter(told["places"]).most_common(places):
        print(f"        {100 * count / parts.total():5.1f} %  {place}")


if __name__ == "__main__":
    sys.exit(main())
