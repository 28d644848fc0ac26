"""Differences as plain facts: what a told change carries for command line, mail and web alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from extractors import diff
from extractors.diff import BlockChange, Op, RunOp
from extractors.model import Block, BlockKind
from storage.records import Json

# More passages than this are told by their number: a reader opens the page instead (the archive keeps both states).
MAX_PASSAGES = 200
# A wording with fewer letters is a figure or a sign; so many words on either side then say what it counts.
MIN_LETTERS, BESIDE = 3, 2


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
    old = {link.text: link.uri for link in (*change.before.links, *change.before.contacts)}
    return [
        {"label": link.text, "before": old[link.text], "after": link.uri}
        for link in (*change.after.links, *change.after.contacts)
        if link.text in old and old[link.text] != link.uri
    ]


def counts(changes: Iterable[BlockChange]) -> tuple[int, int, int]:
    """Return how many passages were changed, added and removed; moved ones are none of these."""
    ops = [change.op for change in changes]
    return ops.count(Op.CHANGED), ops.count(Op.ADDED), ops.count(Op.REMOVED)


def wording(change: BlockChange) -> tuple[str, str]:
    """Return the words that differ in a changed passage, before and after, with what stands between them.

    Where they are figures or signs only, the words beside them come with them: "am 23. Juni" says more than "23".
    """
    runs = list(change.runs)
    marks = [n for n, run in enumerate(runs) if run.op is not RunOp.SAME]
    if not marks:
        return "", ""
    first, last = marks[0], marks[-1]
    inner = runs[first : last + 1]
    before = "".join(run.text for run in inner if run.op is not RunOp.INS)
    after = "".join(run.text for run in inner if run.op is not RunOp.DEL)
    if _letters(before) < MIN_LETTERS or _letters(after) < MIN_LETTERS:
        left = _last_words(runs[first - 1].text) if first else ""
        right = _first_words(runs[last + 1].text) if last + 1 < len(runs) else ""
        before, after = f"{left}{before}{right}", f"{left}{after}{right}"
    return before.strip(), after.strip()


def _letters(words: str) -> int:
    return sum(map(str.isalpha, words)) if words.strip() else MIN_LETTERS  # what is wholly new or gone needs no context


def _last_words(line: str) -> str:
    found = re.search(rf"(?:\S+\s+){{0,{BESIDE - 1}}}\S*\s*$", line)
    return found.group() if found else ""


def _first_words(line: str) -> str:
    found = re.match(rf"\s*\S*(?:\s+\S+){{0,{BESIDE - 1}}}", line)
    return found.group() if found else ""


def invisible_only(before: str, after: str) -> bool:
    """Tell whether two texts differ in format characters alone, which no reader sees (design §4.12)."""
    return before != after and _seen(before) == _seen(after)


def _seen(line: str) -> str:
    return "".join(char for char in line if unicodedata.category(char) != "Cf")
