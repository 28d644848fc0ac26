"""The command: ``python -m benchmarks.crawl [--pages N] [--pairs N] [--only VARIANT] [--json]``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.crawl import ours, reference
from benchmarks.crawl.running import Cost, cost_of
from benchmarks.crawl.server import Serving, Variant, serving

ROUNDS = ("first", "unchanged", "2 % changed")
# Processor time of ours to plain Scrapy's, at most: the marks that the crawl was built for (README.md).
MARKS: dict[tuple[Variant, str], float] = {
    ("validators", "first"): 0.75,
    ("noise", "first"): 0.75,
    ("validators", "unchanged"): 0.25,
    ("noise", "unchanged"): 0.45,
    ("validators", "2 % changed"): 0.30,
}
WHO = ("plain", "naive", "ours")
_Key = tuple[Variant, str, str]


@dataclass
class _Results:
    costs: defaultdict[_Key, list[Cost]] = field(default_factory=lambda: defaultdict(list))
    stored: defaultdict[_Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)


def main(words: list[str] | None = None) -> int:
    """Measure, print, and return 0 when all marks are met and nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000, help="pages of the site (1000)")
    parser.add_argument("--pairs", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--only", choices=("validators", "noise"), help="one of the two variants of the site")
    parser.add_argument("--ours-only", action="store_true", help="without the others: no ratios (for large sites)")
    parser.add_argument("--json", action="store_true", help="one object a line")
    options = parser.parse_args(words)
    variants: tuple[Variant, ...] = (options.only,) if options.only else ("validators", "noise")
    who = ("ours",) if options.ours_only else WHO
    results = _Results()
    for _pair in range(options.pairs):
        for variant in variants:
            with TemporaryDirectory() as name, serving(options.pages, variant) as server:
                _measure(results, server, variant, Path(name), who)
    return _report(results, options.pages, options.pairs, who, as_json=options.json)


def _measure(results: _Results, server: Serving, variant: Variant, folder: Path, who: tuple[str, ...]) -> None:
    """The three rounds of everybody on one site, taking turns."""
    file = ours.config(folder, server.home, server.site.pages)
    right = reference.Reference(server.home)
    seq = 0
    for number, what in enumerate(ROUNDS):
        if what == ROUNDS[-1]:
            server.edit()
        for name in who:
            store = ours.archive(folder) if name == "ours" else folder / f"{name}.db"
            before = store.stat().st_size if store.exists() else 0
            rival = [sys.executable, "-m", "benchmarks.crawl.rivals", name, server.home, str(store)]
            cost, _said = cost_of(ours.command(file) if name == "ours" else rival)
            results.costs[variant, what, name].append(cost)
            results.stored[variant, what, name].append((store.stat().st_size if store.exists() else 0) - before)
            print(f"{variant}, {what}, {name}: {cost.wall:.0f} s, largest {cost.largest:.0f} MiB", file=sys.stderr)
        changed = right.look()
        told, seq = reference.told_since(ours.archive(folder), seq)
        if number == 0:
            told = {}  # what a first crawl tells is how the section stands, nothing that changed
        wrong = reference.compare(ours.archive(folder), right, told, changed)
        results.wrong += [f"{variant}, {what}: {each}" for each in wrong]
        print(f"{variant}, {what}: {len(wrong)} wrong", file=sys.stderr, flush=True)  # a large site takes an hour


def _report(results: _Results, pages: int, pairs: int, who: tuple[str, ...], *, as_json: bool) -> int:
    missed = False
    if not as_json:
        print(f"{pages} pages, medians of {pairs}; processor time with all children, per 1,000 pages; {_machine()}")
        head = ("site", "round", "who", "CPU s", "wall s", "of plain", "at most", "", "largest MiB", "together MiB")
        print("{:11}{:13}{:7}{:>7}{:>8}{:>10}{:>9} {:7}{:>12}{:>13}{:>14}".format(*head, "stored kB"))
    for (variant, what, name), costs in results.costs.items():
        cpu, wall, largest, together = (
            statistics.median(getattr(cost, each) for cost in costs) for each in ("cpu", "wall", "largest", "together")
        )
        stored = statistics.median(results.stored[variant, what, name])
        plain = results.costs.get((variant, what, "plain"), [])
        ratio = statistics.median(a.cpu / b.cpu for a, b in zip(costs, plain, strict=True)) if plain else None
        mark = MARKS.get((variant, what)) if name == "ours" and ratio is not None else None
        met = mark is None or ratio is None or ratio <= mark
        missed |= not met
        row = {
            "site": variant, "round": what, "who": name, "cpu": 1000 * cpu / pages, "wall": 1000 * wall / pages,
            "ratio": ratio, "at_most": mark, "met": met, "largest": largest, "together": together, "stored": stored,
        }  # fmt: skip
        if as_json:
            print(json.dumps(row | {"pages": pages, "pairs": pairs}))
            continue
        verdict = "" if mark is None else "met" if met else "MISSED"
        print(
            f"{variant:11}{what:13}{name:7}{row['cpu']:7.2f}{row['wall']:8.2f}"
            f"{'' if ratio is None else f'{ratio:.3f}':>10}{'' if mark is None else f'{mark:.2f}':>9} {verdict:7}"
            f"{largest:12.0f}{together:13.0f}{stored / 1000:14.0f}"
        )
    for each in results.wrong[:20]:
        print(f"WRONG  {each}")
    if not as_json and "ours" in who:
        agreed = f"{len(results.wrong)} times WRONG" if results.wrong else "as the reference has them, each time"
        print(f"versions and changes: {agreed}; load of the machine {os.getloadavg()[0]:.1f}")
    return int(missed or bool(results.wrong))


def _machine() -> str:
    names = ("scrapy", "twisted", "lxml", "trafilatura")
    parts = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {parts}"


if __name__ == "__main__":
    sys.exit(main())
