"""``status``: is everything well."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.health import examine
from crawler.session import Refusal, Session
from crawler.tell import share
from crawler.tomlfile import ConfigError
from storage.errors import ArchiveError, ArchiveMissing
from web import reports
from web.health import Health

app = new_app()

_NOT_WELL = 1


class Form(StrEnum):
    """How to print the state."""

    TEXT = "text"
    JSON = "json"
    NAGIOS = "nagios"
    PROMETHEUS = "prometheus"


@app.command(epilog="Examples: amtsblick status · amtsblick status --json · amtsblick status --format nagios")
def status(
    ctx: typer.Context,
    format_: Annotated[Form, typer.Option("--format", help="For people, programs, Nagios or Prometheus.")] = Form.TEXT,
    json: Annotated[
        bool, typer.Option("--json", help="The same as --format json: one object with sources, queue and disk.")
    ] = False,
) -> None:
    """Say whether everything is well: exit 0 if it is, 1 if somebody should look.

    With --format nagios: 0 OK, 1 WARNING, 2 CRITICAL (readers are not being told), 3 UNKNOWN.
    """
    run = session(ctx)
    if format_ is Form.NAGIOS and not json:
        raise typer.Exit(_nagios(run))
    health = _examined(run)
    if json or format_ is Form.JSON:
        run.output.json(reports.as_json(health))
    elif format_ is Form.PROMETHEUS:
        run.output.raw(reports.prometheus(health).encode())
    else:
        _show(run, health)
    raise typer.Exit(0 if health.well else _NOT_WELL)


def _examined(run: Session) -> Health:
    try:
        with run.reader() as archive:
            return examine(run.config, archive, run.now())
    except ArchiveMissing:
        return examine(run.config, None, run.now())


def _nagios(run: Session) -> int:
    """Whatever is wrong is said on standard output: monitoring shows nothing else."""
    try:
        line, code = reports.nagios(_examined(run))
    except (ConfigError, ArchiveError, Refusal, OSError) as error:
        line, code = reports.unknown(str(error)), reports.UNKNOWN
    run.output.say(line)
    return code


def _show(run: Session, health: Health) -> None:
    out = run.output
    rows = []
    for each in health.sources:
        state = "paused" if not each.enabled else "well" if not each.conditions else "NOT WELL"
        coverage = share(each.coverage) if each.coverage is not None else "–"
        last = run.local(each.last_crawl.started_at if each.last_crawl else None)
        whole = run.local(each.last_complete)
        rows.append((each.name, state, last, whole, coverage, str(each.failed), run.local(each.next_crawl)))
    out.table(("source", "state", "last look", "last whole", "coverage", "failed", "next look"), rows)
    if health.subscriptions:
        told = [(each.name, run.local(each.last_digest), run.local(each.next_digest)) for each in health.subscriptions]
        out.table(("subscription", "last digest", "next digest"), told)
    waiting = sum(health.queue.get(state, 0) for state in ("queued", "sending", "deferred", "held"))
    oldest = f" (the oldest since {run.local(health.oldest_waiting)})" if waiting else ""
    sent, refused = health.queue.get("sent", 0), health.queue.get("refused", 0)
    out.say(f"mail: {waiting} waiting{oldest}, {sent} sent, {refused} refused")
    out.say(
        f"disk: {health.archive_bytes / 1024**2:.1f} MB in {health.archive}, {health.free_bytes / 1024**3:.1f} GB free"
    )
    for note in health.notes:
        out.note(f"note: {note}")
    for condition in health.conditions:
        out.error(reports.line(condition))
