"""Prints how right the main text is on real pages, beside plain Trafilatura, and whether the marks are met."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.extraction import candidates, corpus, gold
from benchmarks.extraction.corpus import Case
from benchmarks.extraction.rendering import NoBrowserError
from benchmarks.extraction.scoring import Mean, Score, differences, mean, score, tokens

# What issue 3 asks for.
MIN_BERLIN_RECALL = 0.99
MIN_BERLIN_PRECISION = 0.98

EXIT_MISSED = 1
EXIT_NO_PAGES = 2
READERS = (candidates.OURS, *candidates.MODES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One page's scores by reader."""

    case: Case
    scores: dict[str, Score]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Pages that are counted together."""

    name: str
    rows: tuple[Row, ...]

    @property
    def hidden(self) -> bool:
        """Whether its pages are named only on demand."""
        return self.rows[0].case.gold.set == gold.HOLDOUT

    def means(self) -> dict[str, Mean]:
        """Mean scores by reader."""
        return {reader: mean(row.scores[reader] for row in self.rows) for reader in READERS}

    def misses(self) -> list[str]:
        """The marks that this group does not meet, in words."""
        means = self.means()
        us = means[candidates.OURS]
        best = max(candidates.MODES, key=lambda mode: means[mode].f1)
        marks = [(f"F1 (best single mode: {best})", us.f1, means[best].f1)]
        if self.rows[0].case.gold.site == gold.BERLIN:
            marks = [("recall", us.recall, MIN_BERLIN_RECALL), ("precision", us.precision, MIN_BERLIN_PRECISION)]
        return [f"{self.name}: {what} is {is_:.4f}, wanted {least:.4f}" for what, is_, least in marks if is_ < least]


def main() -> int:
    """Return 0 if all marks are met, 1 if one is missed, 2 if there is nothing to measure with."""
    options = _options().parse_args()
    folders = options.pages or list(corpus.DEFAULT_FOLDERS)
    golds = gold.load()
    try:
        found = corpus.cases(folders, golds)
    except (NoBrowserError, gold.DriftError) as problem:
        print(problem, file=sys.stderr)
        return EXIT_NO_PAGES
    if not found:
        where = ", ".join(map(str, folders))
        print(f"none of the {len(golds)} marked pages is in {where}: name their folders with --pages", file=sys.stderr)
        return EXIT_NO_PAGES
    if options.show:
        return _show(found, options.show)
    groups = list(_groups([Row(case=case, scores=_scores(case)) for case in found]))
    misses = [miss for group in groups for miss in group.misses()]
    if options.json:
        _print_json(groups, misses)
    else:
        _print(groups, misses, len(golds), each=options.each)
    return EXIT_MISSED if misses else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, nargs="+", metavar="DIR", help="folders that hold the marked pages")
    parser.add_argument("--json", action="store_true", help="one JSON object a page, one a group")
    parser.add_argument("--each", action="store_true", help="also one line a page of the hold-out")
    parser.add_argument("--show", metavar="NAME", help="which tokens are wrong on the pages of the open set so named")
    return parser


def _scores(case: Case) -> dict[str, Score]:
    uri = case.gold.uri
    found = {candidates.OURS: candidates.ours(case.body, uri)}
    found |= {mode: candidates.trafilaturas(case.body, mode) for mode in candidates.MODES}
    return {
        reader: score(taken.text, main=case.main, optional=case.optional, beside=taken.beside)
        for reader, taken in found.items()
    }


def _groups(rows: Sequence[Row]) -> Iterator[Group]:
    for set_ in (gold.OPEN, gold.HOLDOUT):
        for site in (gold.BERLIN, "elsewhere"):
            fitting = tuple(row for row in rows if (row.case.gold.set, row.case.gold.site) == (set_, site))
            if fitting:
                yield Group(name=site if set_ == gold.OPEN else f"{site}, hold-out", rows=fitting)


def _print(groups: Sequence[Group], misses: Sequence[str], marked: int, *, each: bool) -> None:
    print(f"Main text in tokens: precision, recall, F1 in percent. Trafilatura {candidates.version()}.")
    print(f"{'':44}{'tokens':>7}{'doubt':>6}" + "".join(f"{reader:>20}" for reader in READERS))
    for group in groups:
        print(f"\n{group.name} ({len(group.rows)} pages)")
        for row in group.rows if each or not group.hidden else ():
            counts = f"{len(tokens(row.case.main)):7}{len(tokens(row.case.optional)):6}"
            print(f"  {row.case.gold.name[:41]:42}{counts}" + _percent(row.scores))
        print(f"  {'mean':42}{'':13}" + _percent(group.means()))
    present = sum(len(group.rows) for group in groups)
    if present < marked:
        print(f"\n{marked - present} of {marked} marked pages are not here.")
    print("\n" + ("\n".join(f"MISSED {miss}" for miss in misses) or "All marks are met."))


def _percent(scores: dict[str, Score] | dict[str, Mean]) -> str:
    return "".join(f"{100 * one.precision:8.1f}{100 * one.recall:6.1f}{100 * one.f1:6.1f}" for one in scores.values())


def _print_json(groups: Sequence[Group], misses: Sequence[str]) -> None:
    for group in groups:
        for row in group.rows:
            scores = {reader: asdict(one) | {"f1": one.f1} for reader, one in row.scores.items()}
            print(json.dumps({"page": row.case.gold.name, "group": group.name, "scores": scores}))
        means = {reader: asdict(one) for reader, one in group.means().items()}
        print(json.dumps({"group": group.name, "pages": len(group.rows), "means": means}))
    print(json.dumps({"trafilatura": candidates.version(), "misses": list(misses)}))


def _show(found: Sequence[Case], name: str) -> int:
    """What is missing and what is too much; never for the hold-out, which nobody tunes on."""
    for case in found:
        if name in case.gold.name and case.gold.set == gold.OPEN:
            taken = candidates.ours(case.body, case.gold.uri)
            missing, extra = differences(taken.text, main=case.main, optional=case.optional)
            print(f"{case.gold.name}\n  missing: {_counted(missing)}\n  too much: {_counted(extra)}")
    return 0


def _counted(found: dict[str, int]) -> str:
    return " ".join(token if count == 1 else f"{token}×{count}" for token, count in found.items()) or "–"


if __name__ == "__main__":
    sys.exit(main())
