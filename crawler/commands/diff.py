"""``diff``: what changed on a page between two moments, word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from crawler import rows
from crawler.cli import new_app, session
from crawler.lookup import address_in, state_at
from crawler.output import Output, moment, one_line
from crawler.session import Refusal, Session
from extractors.diff import BlockChange, Op, Run, RunOp, align
from extractors.model import Block, BlockKind, Page
from storage.archive import Archive
from storage.imports.found import Origin
from storage.records import SnapshotView

app = new_app()

Compared = tuple[str, BlockChange]  # the part of the page, and what happened there

_RED, _GREEN, _OFF = "\x1b[31;9m", "\x1b[32;1m", "\x1b[0m"  # removed words struck through, added ones bold


@app.command(epilog="Example: amtsblick diff URL --from 2026-03-02 --to today")
def diff(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address, as it stands in a browser.")],
    from_: Annotated[
        str | None, typer.Option("--from", metavar="WHEN", help="The earlier moment. Default: before the last change.")
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="WHEN", help="The later moment. Default: now.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """Show what changed on a page: title, notices, text and documents; words as [-removed-] and {+added+}."""
    run = session(ctx)
    end = run.moment("--to", to, "end") or run.now()
    start = run.moment("--from", from_, "start")
    if start is not None and start > end:
        raise Refusal("--from is later than --to; exchange them")
    with run.reader() as archive:
        uri = address_in(archive, url)
        after = state_at(archive, uri, end)
        before = _earlier(run, archive, uri, start) if start else _previous(archive, uri, after)
        origins = archive.origins([before.capture.id, after.capture.id])
    changes = _compare(before.page, after.page)
    if json:
        run.output.json(_row(before, after, changes, origins))
        return
    run.output.note(f"--- {moment(before.capture.captured_at)}  {before.capture.text_digest or ''}")
    run.output.note(f"+++ {moment(after.capture.captured_at)}  {after.capture.text_digest or ''}")
    _show(run.output, changes)


def _earlier(run: Session, archive: Archive, uri: str, start: datetime) -> SnapshotView:
    """The state at ``start``; where there is none yet, the first there is, which is said."""
    view = archive.snapshot_at(uri, start)
    if view is not None:
        return view
    first = next((row.captured_at for row in archive.captures_of(uri) if row.outcome.good), start)
    run.output.note(f"there is no state at {moment(start)}; compared with the first, of {moment(first)}")
    return state_at(archive, uri, first)


def _previous(archive: Archive, uri: str, after: SnapshotView) -> SnapshotView:
    """The state that the one shown replaced: the newest version before it."""
    earlier = [row for row in archive.versions_of(uri) if row.since <= after.capture.captured_at]
    if len(earlier) < 2:
        return state_at(archive, uri, earlier[0].since) if earlier else after
    return state_at(archive, uri, earlier[-2].since)


def _compare(before: Page, after: Page) -> list[Compared]:
    """What changed, part by part, so that a notice is never paired with a paragraph."""
    parts = (
        ("title", _texts([before.title]), _texts([after.title])),
        ("notice", _notices(before), _notices(after)),
        ("text", before.blocks, after.blocks),
        ("document", _documents(before), _documents(after)),
    )
    return [(part, change) for part, old, new in parts for change in align(old, new) if change.op is not Op.SAME]


def _texts(lines: list[str]) -> tuple[Block, ...]:
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines if line)


def _notices(page: Page) -> tuple[Block, ...]:
    return _texts([line for notice in page.notices for line in notice.text.splitlines()])


def _documents(page: Page) -> tuple[Block, ...]:
    return _texts([f"{each.label} ({each.size})" if each.size else each.label for each in page.attachments])


def _row(
    before: SnapshotView, after: SnapshotView, changes: list[Compared], origins: Mapping[int, Sequence[Origin]]
) -> dict[str, Any]:
    return {
        "uri": after.capture.uri,
        "from": rows.capture(before.capture, origins.get(before.capture.id, ())),
        "to": rows.capture(after.capture, origins.get(after.capture.id, ())),
        "changed": bool(changes),
        "blocks": [
            {
                "op": str(each.op),
                "part": part,
                "before": each.before.text if each.before else None,
                "after": each.after.text if each.after else None,
                "runs": [{"op": str(run.op), "text": run.text} for run in each.runs],
            }
            for part, each in changes
        ],
    }


def _show(out: Output, changes: list[Compared]) -> None:
    if not changes:
        out.note("the same text at both moments")
    for part, change in changes:
        lead = "" if part == "text" else f"{part}: "
        before = change.before.text if change.before else ""
        after = change.after.text if change.after else ""
        if change.op is Op.MOVED:
            out.line(f"  {lead}{one_line(after)} (moved)")
        elif change.op is Op.CHANGED and before == after:
            out.line(f"~ {lead}{one_line(after)} (another link target)")
        elif change.op is Op.CHANGED:
            out.line(f"~ {lead}{''.join(_run(run, colour=out.colour) for run in change.runs)}")
        elif change.op is Op.ADDED:
            out.line(f"+ {lead}{_run(Run(op=RunOp.INS, text=after), colour=out.colour)}")
        else:
            out.line(f"- {lead}{_run(Run(op=RunOp.DEL, text=before), colour=out.colour)}")


def _run(run: Run, *, colour: bool) -> str:
    """Words of one kind, marked as wdiff marks them; on a terminal coloured as well."""
    text = one_line(run.text)
    if run.op is RunOp.SAME or not text:
        return text
    left, right, on = ("[-", "-]", _RED) if run.op is RunOp.DEL else ("{+", "+}", _GREEN)
    return f"{on}{left}{text}{right}{_OFF}" if colour else f"{left}{text}{right}"
