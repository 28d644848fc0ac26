"""The command: ``python -m benchmarks.detection [--pages N] [--crawls FEW MANY] [--json]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.detection import curve
from benchmarks.detection.cases import CASES, CHANGED, measure
from benchmarks.detection.history import Cost, History, middle
from benchmarks.detection.site import SECTIONS, Reader

# Cost may grow with the depth of the database's trees, a few parts of a hundred; the rest is the machine's noise.
RATIO = 1.25
SHARE = 20  # a passing crawl looks at every twentieth page, unless --full


def main(words: list[str] | None = None) -> int:
    """Measure, print, and return 0 when all marks are met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection", description=__doc__)
    parser.add_argument("--pages", type=int, default=5000, help="pages of the source (5000)")
    parser.add_argument("--crawls", type=int, nargs="+", default=[10, 500], help="earlier crawls (10 500)")
    parser.add_argument("--rounds", type=int, default=3, help="detections of each kind and archive (3)")
    parser.add_argument("--full", action="store_true", help="every earlier crawl looks at all pages; takes an hour")
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument(
        "--curve", type=int, nargs="*", metavar="CAPTURES",
        help="instead: detection and digest in archives of so many captures (10000 100000 1000000)",
    )  # fmt: skip
    options = parser.parse_args(words)
    if options.curve is not None:
        return curve.main(options.curve or [10_000, 100_000, 1_000_000])
    if options.pages < 2 * SECTIONS or min(options.crawls) < 1 or options.rounds < 1:
        parser.error(f"needs at least {2 * SECTIONS} pages, 1 crawl and 1 round")
    reader = Reader(options.pages)
    reader.check()
    with _histories(reader, options.crawls, full=options.full) as histories:
        costs = _alternating(histories, options.rounds)
    met = {name: _report(name, costs[name], options) for name in CASES}
    return 0 if all(met.values()) else 1


@contextmanager
def _histories(reader: Reader, crawls: Sequence[int], *, full: bool) -> Iterator[dict[int, History]]:
    """An archive for each number of earlier crawls."""
    with TemporaryDirectory() as folder:
        made = {}
        looks = reader.pages if full else max(2 * CHANGED, reader.pages // SHARE)
        for number in crawls:
            history = made[number] = History(Path(folder) / f"{number}.db", reader)
            history.begin()
            history.pass_by(number, changing=CHANGED, looks=looks, tell=lambda done, n=number: _tell(done, n))
        yield made


def _tell(done: int, crawls: int) -> None:
    """Progress, where somebody looks."""
    if sys.stderr.isatty():
        print(f"\rarchive with {crawls} crawls: {done} ", end="", file=sys.stderr, flush=True)


def _alternating(histories: dict[int, History], rounds: int) -> dict[str, dict[int, list[Cost]]]:
    """All cases in turn, each in all archives one after the other, so that a slow moment of the machine hits all."""
    costs: dict[str, dict[int, list[Cost]]] = {name: {number: [] for number in histories} for name in CASES}
    for turn in range(rounds):
        for name, case in CASES.items():
            for number, history in histories.items():
                cost = measure(history, case, turn)
                if cost.changes != case.told:
                    raise RuntimeError(f"{name}: {cost.changes} changes were told, not {case.told}")
                costs[name][number].append(cost)
    return costs


def _report(name: str, by_crawls: dict[int, list[Cost]], options: argparse.Namespace) -> bool:
    """Print one case; true when its marks are met."""
    medians = {number: middle(costs) for number, costs in by_crawls.items()}
    few, many = min(medians), max(medians)
    ratio = medians[many].processor / medians[few].processor
    target = CASES[name].target
    met = ratio <= RATIO and all(cost.processor < target for cost in medians.values())
    if options.json:
        facts = {"case": name, "pages": options.pages, "ratio": round(ratio, 3), "target": target, "met": met}
        print(json.dumps({**facts, "crawls": {str(number): asdict(cost) for number, cost in medians.items()}}))
        return met
    times = "  ".join(f"{n} crawls {cost.processor:.2f} s ({cost.clock:.2f} s)" for n, cost in medians.items())
    print(f"{name:24s} {times}  ratio {ratio:.2f}  {'ok' if met else f'MISSED (under {target:.0f} s, {RATIO})'}")
    return met


if __name__ == "__main__":
    sys.exit(main())
