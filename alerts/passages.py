"""The changed places of a page, cut down to what a reader needs to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from alerts.letter import Passage, Run
from alerts.visible import one_line, shown
from extractors import diff

_CONTEXT = 70  # characters of unchanged text kept beside a change: a line on a phone, so that the place is found again
_LONGEST_RUN = 1500  # a whole new paragraph fits; what is longer is read on the page itself
_LONGEST_PASSAGE = 3000  # about two printed pages' worth of marks: more is no longer read in a mail
_LABEL = 80
_ADDRESS = 300
_OPS: Mapping[str, Literal["changed", "added", "removed", "moved"]] = {
    "changed": "changed",
    "added": "added",
    "removed": "removed",
    "moved": "moved",
}
_RUN_OPS: Mapping[str, Literal["same", "del", "ins"]] = {"same": "same", "del": "del", "ins": "ins"}


def of_diff(blocks: Sequence[Mapping[str, Any]]) -> tuple[Passage, ...]:
    """Read the ``diff`` of a change's facts: block changes as mappings with op, before, after and runs."""
    return tuple(_passages(blocks))


def of_texts(before: str, after: str) -> tuple[Passage, ...]:
    """Compare two texts line by line in step, or as a whole when they have different numbers of lines."""
    if before == after:
        return ()
    old, new = before.splitlines(), after.splitlines()
    pairs = list(zip(old, new, strict=True)) if len(old) == len(new) else [(" ".join(old), " ".join(new))]
    return tuple(_compared(one, other) for one, other in pairs if one != other)


def _compared(before: str, after: str) -> Passage:
    if not before or not after:
        return _whole("added" if after else "removed", after or before)
    runs = tuple(Run(op=_RUN_OPS[run.op], text=run.text) for run in diff.words(before, after))
    return Passage(op="changed", runs=clipped(runs))


def _whole(op: Literal["added", "removed", "moved"], text: str) -> Passage:
    run_op: Literal["same", "del", "ins"] = "ins" if op == "added" else "del" if op == "removed" else "same"
    return Passage(op=op, runs=clipped((Run(op=run_op, text=text),)))


def _passages(blocks: Sequence[Mapping[str, Any]]) -> Iterator[Passage]:
    for block in blocks:
        op = _OPS.get(block["op"])
        if op is None:
            continue
        before, after = _text(block.get("before")), _text(block.get("after"))
        if runs := block.get("runs"):
            passage = Passage(op=op, runs=clipped(tuple(_run(run) for run in runs)))
        else:
            passage = _compared(before, after) if op == "changed" else _whole(op, after or before)
        yield replace(passage, sheet=block.get("sheet") or 0, targets=tuple(map(_target, block.get("links") or ())))


def _target(link: Mapping[str, str]) -> tuple[str, str, str]:
    return one_line(link["label"], _LABEL), one_line(link["before"], _ADDRESS), one_line(link["after"], _ADDRESS)


def _text(block: Any) -> str:
    """The text of a block, which may be written out as such or as a mapping."""
    return str(block["text"]) if isinstance(block, Mapping) else block or ""


def _run(run: Any) -> Run:
    op, text = (run["op"], run["text"]) if isinstance(run, Mapping) else run
    return Run(op=_RUN_OPS[op], text=text)


def clipped(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Keep of unchanged text only what stands next to a change, and of long changes the beginning."""
    short: list[Run] = []
    changes = [index for index, run in enumerate(runs) if run.op != "same"]
    for index, run in enumerate(runs):
        if sum(len(kept.text) for kept in short) > _LONGEST_PASSAGE:
            return (*short, Run(op="gap", text=""))
        text = shown(run.text)
        if run.op == "same" and changes:
            short.extend(_context(text, first=index < changes[0], last=index > changes[-1]))
        elif len(text) > _LONGEST_RUN:
            short.extend((Run(op=run.op, text=_head(text, _LONGEST_RUN)), Run(op="gap", text="")))
        elif text:
            short.append(Run(op=run.op, text=text))
    return tuple(short)


def _context(text: str, *, first: bool, last: bool) -> Iterator[Run]:
    """What is kept of unchanged text: its end before the first change, its beginning after the last, both between."""
    head, tail = ("" if first else _head(text, _CONTEXT)), ("" if last else _tail(text, _CONTEXT))
    if len(text) <= len(head) + len(tail) + _CONTEXT // 2:  # leaving out a few words saves nothing
        head, tail = text, ""
        if text:
            yield Run(op="same", text=text)
        return
    if head:
        yield Run(op="same", text=head)
    yield Run(op="gap", text="")
    if tail:
        yield Run(op="same", text=tail)


def _head(text: str, size: int) -> str:
    cut = text.rfind(" ", 0, size)
    return text[: cut if cut > size // 2 else size]


def _tail(text: str, size: int) -> str:
    cut = text.find(" ", max(0, len(text) - size))
    return text[cut + 1 :] if 0 <= cut < len(text) - size // 2 else text[-size:]
