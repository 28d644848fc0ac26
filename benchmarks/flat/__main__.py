"""The command: ``python -m benchmarks.flat [--cycles N] [--served]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.crawl import ours
from benchmarks.flat import cycles

# The marks that the program was built for (README.md): from a tenth of the cycles to their end.
MEMORY = 20 * 1024  # KiB
FILES = THREADS = 2
PER_LOOK = 300  # bytes of archive for a look at an unchanged page


def main(words: list[str] | None = None) -> int:
    """Run, print, and return 0 when all marks are met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flat", description=__doc__)
    parser.add_argument("--cycles", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--served", action="store_true", help="one crawl process for all, instead of the scheduler")
    options = parser.parse_args(words)
    if options.cycles < 20:
        parser.error("needs at least 20 cycles")
    start = cycles.served if options.served else cycles.scheduled
    marks = (options.cycles // 10, options.cycles // 2, options.cycles)
    with TemporaryDirectory() as name, start(Path(name)) as (cycle, process):
        sizes = cycles.measured(cycle, process, ours.archive(Path(name)), marks)
    print(f"{'cycles':>8}{'MiB':>8}{'files':>7}{'threads':>9}{'archive kB':>12}{'looks':>8}")
    for each in sizes:
        cells = f"{each.cycles:>8}{each.memory / 1024:>8.1f}{each.files:>7}{each.threads:>9}"
        print(f"{cells}{each.archive / 1000:>12.0f}{each.looks:>8}")
    first, last = sizes[0], sizes[-1]
    checks = (
        ("memory, KiB more", last.memory - first.memory, MEMORY),
        ("open files more", last.files - first.files, FILES),
        ("threads more", last.threads - first.threads, THREADS),
        ("bytes of archive a look", cycles.growth(first, last), PER_LOOK),
    )
    for what, value, most in checks:
        print(f"{what:26}{value:>10.0f}  at most {most:>6}  {'met' if value <= most else 'MISSED'}")
    return int(any(value > most for _, value, most in checks))


if __name__ == "__main__":
    sys.exit(main())
