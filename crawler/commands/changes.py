"""``changes``: what happened, in the order of commit; and taking back what proved wrong."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from alerts.retraction import KIND as RETRACTED
from alerts.retraction import retracted, retraction, retraction_id
from crawler.cli import new_app, session
from crawler.lookup import known_source
from crawler.session import Refusal, Session
from crawler.tables import KINDS
from crawler.values import kind as checked_kind
from storage.archive import Archive
from storage.records import Change, Held
from web import rows

app = new_app()


class Action(StrEnum):
    """What to do with one change."""

    RETRACT = "retract"
    CASE = "case"


@app.command(
    epilog="Examples: amtsblick changes --since 2026-03-02 --kind 'seminar.*' · "
    "amtsblick changes retract 4f0c… --reason 'only the template was new' --save-case cases"
)
def changes(
    ctx: typer.Context,
    action: Annotated[
        Action | None, typer.Argument(help="Take one change back, or write it as a test case; none lists all.")
    ] = None,
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
    save_case: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="With retract or case: write what the change was told from as a test case."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """List what happened, in the order it was recorded, small corrections included.

    `retract` keeps a change that proved wrong, marks it, and puts one correction into the next digest of those who
    were told. `case` writes a change as a test case without taking it back.
    """
    run = session(ctx)
    if action is Action.RETRACT:
        _retract(run, id_, reason, save_case, json=json)
        return
    if reason is not None:
        raise Refusal("--reason goes with `amtsblick changes retract ID`")
    if action is Action.CASE:
        _write_case(run, id_, save_case)
        return
    if save_case is not None:
        raise Refusal("--save-case goes with `amtsblick changes retract ID` or `amtsblick changes case ID`")
    start = run.moment("--since", since, "start")
    if kind is not None:
        try:
            checked_kind(kind, KINDS)
        except ValueError as error:
            raise Refusal(f"--kind: {error}") from None
    with run.reader() as archive:
        if source is not None:
            known_source(run, archive, source)
        found = archive.changes(since=start, source=source, kind=None if kind == "*" else kind)
        kept = archive.held(source=source, since=start) if explain else ()
        wrong = retracted(archive.changes_named(map(retraction_id, found)))
    found = tuple(change for change in found if change.kind != RETRACTED)
    if json:
        for change in found:
            run.output.json(rows.change(change, wrong.get(change.id)))
        for each in kept:
            run.output.json(rows.held(each))
        return
    _show(run, found, kept, wrong, explain=explain)


def _retract(run: Session, prefix: str | None, reason: str | None, save_case: Path | None, *, json: bool) -> None:
    if prefix and not (reason and reason.strip()):
        raise Refusal("--reason is missing: its readers are told why the report was wrong")
    from crawler.writing import writer  # noqa: PLC0415 - a quarter of a second that listing needs not

    with writer(run) as archive:
        change = _one(archive, prefix)
        if save_case is not None:
            _no_history(change)
        mark = retraction(change, rows_line(reason or ""), run.now())
        if archive.change(mark.id) is not None:
            raise Refusal(f"{change.id} is taken back already; `amtsblick changes case {prefix}` writes it as a case")
        place = _new_case(save_case, change) if save_case is not None else None
        mark = archive.add_change(mark)
        if place is not None:
            _save(run, archive, change, place, wrong=mark.reason)
    if json:
        run.output.json(rows.change(change, mark))
    else:
        run.output.say(f"taken back: {rows_line(change.summary)}")
        if not change.imported:  # of imported history nobody was told
            run.output.note("those who were told are told so in their next digest")
        if place is None and not change.imported:
            run.output.note(f"`amtsblick changes case {change.id[:8]} --save-case DIR` writes it as a test case")


def _write_case(run: Session, prefix: str | None, save_case: Path | None) -> None:
    if save_case is None:
        raise Refusal("--save-case DIR is missing: the folder that the case is written to")
    with run.reader() as archive:
        change = _one(archive, prefix)
        _no_history(change)
        wrong = archive.change(retraction_id(change))
        _save(run, archive, change, _new_case(save_case, change), wrong=wrong.reason if wrong else "")


def _one(archive: Archive, prefix: str | None) -> Change:
    """The change whose id begins so."""
    if not prefix:
        raise Refusal("which change? Give its ID; `amtsblick changes --explain` lists them")
    fitting = [one for one in archive.changes() if one.id.startswith(prefix) and one.kind != RETRACTED]
    if len(fitting) != 1:
        found = f"{len(fitting)} changes begin with" if fitting else "there is no change"
        raise Refusal(f"{found} {prefix}; `amtsblick changes --explain` lists the ids")
    return fitting[0]


def _no_history(change: Change) -> None:
    """A case is made of our own crawls."""
    if change.imported:
        raise Refusal(f"{change.id} was worked out of imported history; a test case is made of looks of our own")


def _new_case(folder: Path, change: Change) -> Path:
    from crawler import alert_case  # noqa: PLC0415 - loads the parsers into this process

    place = folder / alert_case.name_of(change)
    if place.exists():
        raise Refusal(f"{place}: there is a case of this name already; move it away or choose another folder")
    return place


def _save(run: Session, archive: Archive, change: Change, place: Path, *, wrong: str) -> None:
    """Write the case and say what to do with it."""
    from crawler import alert_case, shown  # noqa: PLC0415 - see above
    from extractors.coding import CodingError  # noqa: PLC0415 - see above

    table = shown.source_table(run.source(change.source))
    try:
        crawls = alert_case.save(place, archive, change, table, wrong=wrong)
    except CodingError as error:
        raise Refusal(f"{change.uri}: {error}", 65) from None
    except OSError as error:
        raise Refusal(f"{place}: cannot be written ({error.strerror})", 74) from None
    run.output.note(f"{place}: {crawls} crawls as they were stored, and what a replay of them has to tell.")
    run.output.note("Now correct `expected` in case.json (kinds and addresses): the case fails until that is told.")


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
