"""``changes``: what happened, in the order of commit."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler import rows
from crawler.cli import new_app, session
from crawler.session import Refusal, Session
from crawler.tables import KINDS
from crawler.values import kind as checked_kind
from storage.archive import Archive
from storage.records import Change, Held

app = new_app()


@app.command(epilog="Example: amtsblick changes --since 2026-03-02 --kind 'seminar.*'")
def changes(
    ctx: typer.Context,
    *,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Only what was found at or after this moment.")
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="S", help="Only this source.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="K", help="Only this kind, or a group such as 'page.*'.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Also what was held back or folded, and why.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """List what happened, in the order it was recorded, small corrections included."""
    run = session(ctx)
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
    if json:
        for change in found:
            run.output.json(rows.change(change))
        for each in kept:
            run.output.json(rows.held(each))
        return
    _show(run, found, kept, explain=explain)


def _known_source(run: Session, archive: Archive, name: str) -> None:
    """A source that left the config still has its history."""
    if run.config.source_named(name) is None and not archive.crawls(name, limit=1):
        run.source(name)


def _show(run: Session, found: tuple[Change, ...], kept: tuple[Held, ...], *, explain: bool) -> None:
    out = run.output
    if not found:
        out.note("nothing happened" if not kept else "nothing was told")
    for change in found:
        minor = " (minor)" if change.minor else ""
        out.say(f"{run.local(change.detected_at)}  {change.kind}{minor}  {rows_line(change.summary)}")
        out.say(f"    {change.uri}" + (f"  and {len(change.uris) - 1} more" if len(change.uris) > 1 else ""))
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
