"""``hold``: what must not be erased, by an order or by the rule of retention."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.lookup import address_in
from crawler.session import Refusal
from crawler.writing import writer
from storage.records import Hold
from web import rows

app = new_app(no_args_is_help=True)


@app.callback()
def hold() -> None:
    """List, add or remove legal holds: while one stands, nothing of its address or source is erased."""


@app.command("list", epilog="Example: amtsblick hold list")
def list_(
    ctx: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """List every hold, those that were lifted too."""
    run = session(ctx)
    with run.reader() as archive:
        found = archive.holds()
    if json:
        for each in found:
            run.output.json(rows.hold(each))
        return
    run.output.table(
        ("id", "on", "since", "until", "by", "reason"),
        [
            (str(each.id), each.subject, run.local(each.since), run.local(each.lifted_at), each.by, each.reason)
            for each in found
        ],
    )


@app.command(epilog="Example: amtsblick hold add lageso-presse --reason 'inquiry 17/2026'")
def add(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="URL|SOURCE", help="An address, or the name of a source.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why.")] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Who decided it; your user name otherwise.")] = "",
) -> None:
    """Keep an address, or all of a source, from being erased."""
    run = session(ctx)
    if not reason.strip():
        raise Refusal("a hold needs a --reason")
    with writer(run) as archive:
        is_source = subject in archive.crawled_sources()
        made = archive.add_hold(
            Hold(
                id=0,
                kind="source" if is_source else "uri",
                subject=subject if is_source else address_in(archive, subject),
                by=by or getpass.getuser(),
                reason=reason,
                since=run.now(),
                lifted_at=None,
            )
        )
    run.output.say(f"hold {made.id} on {made.subject}")


@app.command(epilog="Example: amtsblick hold remove 3")
def remove(
    ctx: typer.Context, id_: Annotated[int, typer.Argument(metavar="ID", help="As `hold list` has it.")]
) -> None:
    """Lift a hold."""
    run = session(ctx)
    with writer(run) as archive:
        if not archive.lift_hold(id_, run.now()):
            raise Refusal(f"there is no hold {id_} in force; `amtsblick hold list` lists them")
    run.output.say(f"hold {id_} is lifted")
