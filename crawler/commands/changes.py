"""``changes``: what happened, in the order of commit; and taking back what proved wrong."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import typer

from alerts.retraction import KIND as RETRACTED
from alerts.retraction import retracted, retraction
from crawler import rows
from crawler.cli import new_app, session
from crawler.session import Refusal, Session
from crawler.tables import KINDS
from crawler.values import kind as checked_kind
from storage.archive import Archive
from storage.records import Change, Held

app = new_app()


class Action(StrEnum):
    """What to do with one change."""

    RETRACT = "retract"


@app.command(
    epilog="Examples: amtsblick changes --since 2026-03-02 --kind 'seminar.*' · "
    "amtsblick changes retract 4f0c… --reason 'only the template was new'"
)
def changes(
    ctx: typer.Context,
    action: Annotated[Action | None, typer.Argument(help="Take one change back; none lists all.")] = None,
    id_: Annotated[str | None, typer.Argument(metavar="ID", help="The change: its id or the beginning of it.")] = None,
    *,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Only what was found at or after this moment.")
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="S", help="Only this source.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="K", help="Only this kind, or a group such as 'page.*'.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Also what was held back or folded, and why.")] = False,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="With retract: why it was wrong, for its readers.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """List what happened, in the order it was recorded, small corrections included.

    `retract` keeps a change that proved wrong, marks it, and puts one correction into the next digest of those who
    were told.
    """
    run = session(ctx)
    if action is not None:
        _retract(run, id_, reason, json=json)
        return
    if reason is not None:
        raise Refusal("--reason goes with `amtsblick changes retract ID`")
    start = run.moment("--since", since, "start")
    if kind is not None:
        try:
            checked_kind(kind, KINDS)
        except ValueError as error:
            raise Refusal(f"--kind: {error}") from None
    with run.reader() as archive:
        if source is not None:
            _known_source(run, archive, source)
        found = archive.changes(since=start, source=source, kind=None if kind == "*" else kind)
        kept = archive.held(source=source, since=start) if explain else ()
        wrong = retracted(archive.changes(kind=RETRACTED))
    found = tuple(change for change in found if change.kind != RETRACTED)
    if json:
        for change in found:
            run.output.json(rows.change(change, wrong.get(change.id)))
        for each in kept:
            run.output.json(rows.held(each))
        return
    _show(run, found, kept, wrong, explain=explain)


def _retract(run: Session, prefix: str | None, reason: str | None, *, json: bool) -> None:
    if not prefix:
        raise Refusal("which change? Give its ID; `amtsblick changes --explain` lists them")
    if not (reason and reason.strip()):
        raise Refusal("--reason is missing: its readers are told why the report was wrong")
    from crawler.writing import writer  # noqa: PLC0415 - a quarter of a second that listing needs not

    with writer(run) as archive:
        fitting = [one for one in archive.changes() if one.id.startswith(prefix) and one.kind != RETRACTED]
        if len(fitting) != 1:
            found = f"{len(fitting)} changes begin with" if fitting else "there is no change"
            raise Refusal(f"{found} {prefix}; `amtsblick changes --explain` lists the ids")
        (change,) = fitting
        mark = retraction(change, rows_line(reason), run.now())
        if archive.change(mark.id) is not None:
            raise Refusal(f"{change.id} is taken back already")
        mark = archive.add_change(mark)
    if json:
        run.output.json(rows.change(change, mark))
    else:
        run.output.say(f"taken back: {rows_line(change.summary)}")
        run.output.note("those who were told are told so in their next digest")


def _known_source(run: Session, archive: Archive, name: str) -> None:
    """A source that left the config still has its history."""
    if run.config.source_named(name) is None and not archive.crawls(name, limit=1):
        run.source(name)


def _show(
    run: Session, found: tuple[Change, ...], kept: tuple[Held, ...], wrong: Mapping[str, Change], *, explain: bool
) -> None:
    out = run.output
    if not found:
        out.note("nothing happened" if not kept else "nothing was told")
    for change in found:
        minor = " (minor)" if change.minor else ""
        out.say(f"{run.local(change.detected_at)}  {change.kind}{minor}  {rows_line(change.summary)}")
        out.say(f"    {change.uri}" + (f"  and {len(change.uris) - 1} more" if len(change.uris) > 1 else ""))
        if change.id in wrong:
            out.say(f"    taken back: {rows_line(wrong[change.id].reason)}")
        if explain:
            out.say(f"    id: {change.id}")
        if explain and change.reason:
            out.say(f"    because: {rows_line(change.reason)}")
    if kept:
        out.say(f"\nHeld back or folded into another ({len(kept)}):")
    for each in kept:
        into = f" → {each.into}" if each.into else ""
        out.say(f"    {each.rule}{into}: {rows_line(each.detail)}  {each.uri}")


def rows_line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
