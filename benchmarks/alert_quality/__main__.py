"""The command: ``python -m benchmarks.alert_quality [SITE…] [--json] [--baseline CMD]``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks.alert_quality import report
from benchmarks.alert_quality.driver import Timeline, ToolError, play
from benchmarks.alert_quality.labels import Played
from benchmarks.alert_quality.scoring import Score, score, shown, total
from benchmarks.alert_quality.sites import TIMELINES


def main(words: list[str] | None = None) -> int:
    """Play the timelines named (all by default) and print the score; 0 when there is nothing to say against it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alert_quality", description=__doc__)
    parser.add_argument("sites", metavar="SITE", nargs="*", help=f"of {', '.join(TIMELINES)}; all by default")
    parser.add_argument("--json", action="store_true", help="one object a site, and one for all of them")
    parser.add_argument("--baseline", metavar="CMD", default="", help="another tool instead, see README.md")
    parser.add_argument("--show", action="store_true", help="tell on standard error what was told at each step")
    parser.add_argument("--keep", metavar="DIR", type=Path, help="keep config and archive there, one folder a site")
    parser.add_argument("--until", metavar="STEP", type=int, default=0, help="end after this step")
    options = parser.parse_args(words)
    unknown = [name for name in options.sites if name not in TIMELINES]
    if unknown:
        parser.error(f"there is no site {unknown[0]!r}; there are {', '.join(TIMELINES)}")
    scores = _play(options)
    if None in scores:
        return 2
    return 0 if all(each is not None and each.clean for each in scores) else 1


def _play(options: argparse.Namespace) -> list[Score | None]:
    """The score of each site; None where the tool could not be run."""
    began = time.monotonic()
    if not options.json:
        print(report.head())
    scores: list[Score | None] = []
    for name in options.sites or TIMELINES:
        try:
            scores.append(_one(name, TIMELINES[name], options))
        except ToolError as error:
            print(f"{name}: the tool cannot be run: {error}", file=sys.stderr)
            scores.append(None)
    known = [each for each in scores if each is not None]
    if len(known) > 1:
        seconds = time.monotonic() - began
        print(report.as_json("all", total(known), seconds) if options.json else report.line("all", total(known)))
    return scores


def _one(name: str, timeline: Timeline, options: argparse.Namespace) -> Score:
    began = time.monotonic()
    keep = options.keep / name if options.keep else None
    if keep is not None:
        keep.mkdir(parents=True)
    tell = _tell if options.show else _tell_nothing
    played = play(timeline, options.baseline, tell, keep=keep, until=options.until)
    result = score(played)
    if options.json:
        print(report.as_json(name, result, time.monotonic() - began), flush=True)
        return result
    print(report.line(name, result), flush=True)
    for line in report.cases(name, result):
        print(f"  {line}", flush=True)
    return result


def _tell(number: int, played: Played) -> None:
    print(f"{number:3d} {played.step.name}", file=sys.stderr)
    for look, told in enumerate(played.told, start=1):
        for item in told:
            print(f"      look {look}: {shown(item)}", file=sys.stderr)


def _tell_nothing(_number: int, _played: Played) -> None:
    """Without --show."""


if __name__ == "__main__":
    sys.exit(main())
