"""``diff``: what changed on a page between two moments, word by word."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.lookup import address_in, state_at
from crawler.output import Output, one_line
from crawler.session import Refusal, Session
from extractors.diff import Op, Run, RunOp
from storage.archive import Archive
from storage.records import SnapshotView
from web import rows
from web.compare import Compared, Part, compared
from web.written import moment

app = new_app()

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
    changes = compared(before.page, after.page)
    if json:
        run.output.json(rows.difference(before.capture, after.capture, changes, origins))
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


def _show(out: Output, changes: tuple[Compared, ...]) -> None:
    if not changes:
        out.note("the same text at both moments")
    for each in changes:
        change = each.change
        lead = "" if each.part is Part.TEXT else f"{each.part}: "
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
