"""``status``: is everything well."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.health import Health, as_json, examine
from crawler.session import Session
from crawler.tell import share
from storage.errors import ArchiveMissing

app = new_app()

_NOT_WELL = 1


@app.command(epilog="Example: amtsblick status --json")
def status(
    ctx: typer.Context,
    json: Annotated[
        bool, typer.Option("--json", help="One object with an entry per source, the queue and the disk.")
    ] = False,
) -> None:
    """Say whether everything is well: exit 0 if it is, 1 if somebody should look."""
    run = session(ctx)
    try:
        with run.reader() as archive:
            health = examine(run.config, archive, run.now())
    except ArchiveMissing:
        health = examine(run.config, None, run.now())
    if json:
        run.output.json(as_json(health))
    else:
        _show(run, health)
    raise typer.Exit(0 if health.well else _NOT_WELL)


def _show(run: Session, health: Health) -> None:
    out = run.output
    rows = []
    for each in health.sources:
        state = "paused" if not each.enabled else "well" if not each.problem else "NOT WELL"
        coverage = share(each.coverage) if each.coverage is not None else "–"
        last = run.local(each.last_crawl.started_at if each.last_crawl else None)
        rows.append((each.name, state, last, coverage, str(each.failed), run.local(each.next_crawl)))
    out.table(("source", "state", "last look", "coverage", "failed", "next look"), rows)
    waiting = sum(health.queue.get(state, 0) for state in ("queued", "sending", "deferred", "held"))
    out.say(f"mail: {waiting} waiting, {health.queue.get('sent', 0)} sent, {health.queue.get('refused', 0)} refused")
    out.say(
        f"disk: {health.archive_bytes / 1024**2:.1f} MB in {health.archive}, {health.free_bytes / 1024**3:.1f} GB free"
    )
    for problem in health.problems:
        out.error(problem)
