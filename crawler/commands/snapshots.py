"""``snapshots``: every look at an address."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.lookup import address_in
from storage.records import Capture, Tombstone
from web import rows

app = new_app()


@app.command(
    epilog="Example: amtsblick snapshots https://www.berlin.de/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/"
)
def snapshots(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address, as it stands in a browser.")],
    json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """List every look at an address, oldest first, the failed ones too."""
    run = session(ctx)
    with run.reader() as archive:
        uri = address_in(archive, url)
        found, erased = archive.captures_of(uri), archive.erasures_of(uri)
        origins = archive.origins(row.id for row in found)
    if json:
        for row in found:
            stone = rows.tombstone(erased[row.id]) if row.id in erased else None
            run.output.json(rows.capture(row, origins.get(row.id, ())) | {"erased": stone})
        return
    run.output.table(
        ("when", "status", "outcome", "bytes", "text", *(["from"] if origins else []), "rule"),
        [
            (
                run.local(row.captured_at),
                str(row.status or "–"),
                str(row.outcome),
                str(row.payload_size),
                (row.text_digest or "–").removeprefix("sha256:")[:12],
                *([", ".join(each.archive for each in origins.get(row.id, ())) or "–"] if origins else []),
                _why(row, erased.get(row.id)),
            )
            for row in found
        ],
    )


def _why(row: Capture, stone: Tombstone | None) -> str:
    said = f"{row.rule}: {row.detail}" if row.detail else row.rule
    return f"{said}; erased: {stone.reason} ({stone.basis})" if stone else said
