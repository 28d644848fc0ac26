"""Differences as plain facts: what a told change carries for command line, mail and web alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from extractors import diff
from extractors.diff import BlockChange, Op, RunOp
from extractors.model import Block, BlockKind
from storage.records import Json

# More passages than this are told by their number: a reader opens the page instead (the archive keeps both states).
MAX_PASSAGES = 200


def passages(before: Sequence[Block], after: Sequence[Block]) -> tuple[BlockChange, ...]:
    """Return what differs between two sequences of blocks, in the order of the new one."""
    return tuple(change for change in diff.align(before, after) if change.op is not Op.SAME)


def line_change(kind: str, before: str | None, after: str | None) -> Json:
    """Return the difference of one line that is no block of text: a title, a label, an attachment."""
    runs = diff.words(before or "", after or "")
    op = Op.CHANGED if before is not None and after is not None else Op.ADDED if before is None else Op.REMOVED
    return {
        "op": str(op),
        "kind": kind,
        "before": before,
        "after": after,
        "runs": [[str(run.op), run.text] for run in runs],
    }


def as_facts(changes: Iterable[BlockChange]) -> list[Json]:
    """Return block differences as JSON: op, kind, before, after, marked runs, and the sheet of a document."""
    facts: list[Json] = []
    for change in list(changes)[:MAX_PASSAGES]:
        block = change.after or change.before
        entry: Json = {
            "op": str(change.op),
            "kind": str(block.kind) if block else str(BlockKind.PARAGRAPH),
            "before": change.before.text if change.before else None,
            "after": change.after.text if change.after else None,
            "runs": [[str(run.op), run.text] for run in change.runs],
        }
        if block and block.sheet:
            entry["sheet"] = block.sheet
        if link := link_change(change):
            entry["links"] = link
        facts.append(entry)
    return facts


def link_change(change: BlockChange) -> Json:
    """Return the link targets that differ under the same labels of a changed block: (label, before, after) each."""
    if change.before is None or change.after is None:
        return []
    old = {link.text: link.uri for link in change.before.links}
    return [
        {"label": link.text, "before": old[link.text], "after": link.uri}
        for link in change.after.links
        if link.text in old and old[link.text] != link.uri
    ]


def counts(changes: Iterable[BlockChange]) -> tuple[int, int, int]:
    """Return how many passages were changed, added and removed; moved ones are none of these."""
    ops = [change.op for change in changes]
    return ops.count(Op.CHANGED), ops.count(Op.ADDED), ops.count(Op.REMOVED)


def wording(change: BlockChange) -> tuple[str, str]:
    """Return the words that differ in a changed passage, before and after, with what stands between them."""
    runs = list(change.runs)
    while runs and runs[0].op is RunOp.SAME:
        runs.pop(0)
    while runs and runs[-1].op is RunOp.SAME:
        runs.pop()
    before = "".join(run.text for run in runs if run.op is not RunOp.INS)
    after = "".join(run.text for run in runs if run.op is not RunOp.DEL)
    return before.strip(), after.strip()


def invisible_only(before: str, after: str) -> bool:
    """Tell whether two texts differ in format characters alone, which no reader sees (design §4.12)."""
    return before != after and _seen(before) == _seen(after)


def _seen(line: str) -> str:
    return "".join(char for char in line if unicodedata.category(char) != "Cf")
