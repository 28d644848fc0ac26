"""``notices``: what the watched offices say above their pages, and for how long."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli import new_app, session
from web import rows

app = new_app()


@app.command(epilog="Example: amtsblick notices --json")
def notices(
    ctx: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """List the notices, oldest first: text, pages, and from when to when they stood."""
    run = session(ctx)
    with run.reader() as archive:
        found = archive.notices()
    if not found and not json:
        run.output.note("no notice was seen so far")
    for row in found:
        if json:
            run.output.json(rows.notice(row))
            continue
        state = "in force"
        if row.replaced_by or row.lifted_at:
            verb = "reworded" if row.replaced_by else "lifted"
            state = f"{verb} {run.local(row.lifted_at)}" if row.lifted_at else verb
        pages = f"{row.peak_pages} page{'s' if row.peak_pages != 1 else ''}"
        run.output.say(f"{run.local(row.first_seen)}  {row.host}  {pages}  {state}")
        for line in row.text.splitlines():
            run.output.say(f"    {line}")
