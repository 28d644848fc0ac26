"""``source``: what is watched."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli import new_app, session

app = new_app(no_args_is_help=True)


@app.callback()
def source() -> None:
    """List the sources."""


@app.command("list", epilog="Example: amtsblick source list --json")
def list_(
    ctx: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """List the sources of the config, paused ones included."""
    run = session(ctx)
    found = run.config.source
    if json:
        for each in found:
            row = each.model_dump(mode="json", by_alias=True, include={"name", "start", "scope", "schedule", "enabled"})
            run.output.json(row)
        return
    if not found:
        run.output.note("the config names no source; add a [[source]] block (amtsblick try URL writes one)")
        return
    run.output.table(
        ("name", "schedule", "", "start"),
        [(each.name, each.schedule, "" if each.enabled else "paused", " ".join(each.start)) for each in found],
    )
