"""What the command prints: a line a site, the case behind each fault, or one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.alert_quality.scoring import Case, Fault, Score

_COLUMNS = (
    "site",
    "steps",
    "looks",
    "labels",
    "told",
    "precision",
    "recall",
    "false",
    "missed",
    "twice",
    "kind",
    "detail",
    "late",
)
_WIDTHS = (20, 6, 6, 7, 6, 10, 7, 6, 7, 6, 5, 7, 5)


def head() -> str:
    """The line over the table."""
    return _line(_COLUMNS)


def line(name: str, score: Score) -> str:
    """One site, or all of them, in one line. "late" is the mean delay in looks."""
    false = score.count(Fault.FALSE) + score.count(Fault.EARLY)
    late = sum(score.delays) / score.hits if score.hits else 0.0
    counts = (false, *(score.count(each) for each in (Fault.MISSED, Fault.DUPLICATE, Fault.WRONG_KIND, Fault.DETAIL)))
    return _line(
        (
            name,
            *map(str, (score.steps, score.looks, score.labels, score.told)),
            f"{score.precision:.3f}",
            f"{score.recall:.3f}",
            *map(str, counts),
            f"{late:.2f}",
        )
    )


def cases(name: str, score: Score) -> Iterator[str]:
    """The case behind each fault."""
    for case in score.cases:
        yield f"{name}, step {case.step} “{case.name}”, look {case.look}: {case.fault}"
        if case.expected:
            yield f"    expected  {case.expected}"
        if case.got:
            yield f"    told      {case.got}"


def as_json(name: str, score: Score, seconds: float) -> str:
    """One JSON object."""
    return json.dumps(
        {
            "site": name,
            "steps": score.steps,
            "looks": score.looks,
            "labels": score.labels,
            "told": score.told,
            "hits": score.hits,
            "precision": round(score.precision, 4),
            "recall": round(score.recall, 4),
            "false": score.count(Fault.FALSE),
            "early": score.count(Fault.EARLY),
            "missed": score.count(Fault.MISSED),
            "duplicates": score.count(Fault.DUPLICATE),
            "wrong_kinds": score.count(Fault.WRONG_KIND),
            "wrong_details": score.count(Fault.DETAIL),
            "delay_mean": round(sum(score.delays) / score.hits, 3) if score.hits else 0.0,
            "delay_max": max(score.delays, default=0),
            "seconds": round(seconds, 1),
            "cases": [_case(case) for case in score.cases],
        },
        ensure_ascii=False,
    )


def _case(case: Case) -> dict[str, object]:
    return {
        "fault": str(case.fault),
        "step": case.step,
        "name": case.name,
        "look": case.look,
        "expected": case.expected,
        "got": case.got,
    }


def _line(cells: tuple[str, ...]) -> str:
    first, *rest = (
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, _WIDTHS, strict=True))
    )
    return first + "".join(rest)
