"""Whether readers beside the crawl pay: ``python -m benchmarks.crawl.cores [--pages N] [--pairs N]``.

The wall time of first crawls with pages read in reader processes, as ever, and with the same reading done inside the
crawl's own process, in turns.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.crawl import ours
from benchmarks.crawl.running import Cost, cost_of
from benchmarks.crawl.server import Variant, serving

AT_MOST = 0.8  # wall time beside to wall time inside, where there is much to read
SITES: dict[Variant, str] = {
    "unmarked": "pages that say nothing of their parts, so that Trafilatura is asked",
    "validators": "pages with landmarks: it is not, and reading is the smaller part",
}


def main(words: list[str]) -> int:
    """Measure, print, and return 0 when the mark is met."""
    if words[:1] in (["beside"], ["inside"]):
        _crawl(inside=words[0] == "inside")
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl.cores", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000, help="pages of the site (1000)")
    parser.add_argument("--pairs", type=int, default=5, help="how often each is measured (5)")
    options = parser.parse_args(words)
    return max([_compare(variant, options.pages, options.pairs) for variant in SITES])


def _compare(variant: Variant, pages: int, pairs: int) -> int:
    """Measure on one site, print, and return 0 when the mark is met."""
    costs: dict[str, list[Cost]] = {"beside": [], "inside": []}
    with serving(pages, variant) as server:
        for _pair in range(pairs):
            for how, found in costs.items():
                with TemporaryDirectory() as name:
                    file = ours.config(Path(name), server.home, pages)
                    command = [sys.executable, "-m", "benchmarks.crawl.cores", how]
                    found.append(cost_of(command, os.environ | {"AMTSBLICK_CONFIG": str(file)})[0])
    print(f"{SITES[variant]}:")
    for how, found in costs.items():
        wall, cpu = (statistics.median(getattr(cost, name) for cost in found) for name in ("wall", "cpu"))
        print(f"  read {how} the crawl: {wall:.2f} s on the clock, {cpu:.2f} s of processor time")
    ratio = statistics.median(a.wall / b.wall for a, b in zip(*costs.values(), strict=True))
    if variant != "unmarked":
        print(f"  ratio {ratio:.2f}, no mark", flush=True)
        return 0
    print(f"  ratio {ratio:.2f}, at most {AT_MOST}: {'met' if ratio <= AT_MOST else 'MISSED'}", flush=True)
    return int(ratio > AT_MOST)


def _crawl(*, inside: bool) -> None:
    """What ``crawler.child`` does, with the reading where it is asked for."""
    from crawler import crawling, readers  # noqa: PLC0415 - not for the process that measures
    from crawler.reading import read_received  # noqa: PLC0415
    from extractors.model import Hints, Reading  # noqa: PLC0415

    async def read(
        _self: readers.Readers, received: readers.Received, hints: Hints, *, limit: int | None = None
    ) -> Reading:
        return read_received(received, hints, limit or 1 << 25)

    if inside:
        readers.Readers.read = read  # type: ignore[method-assign]  # what is measured is the difference
        readers.warm = lambda: None
    crawling.crawl(["site"], os.environ)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
