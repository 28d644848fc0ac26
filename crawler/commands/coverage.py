"""``coverage``: of every day, whether a source was checked, and why not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from crawler.cli import new_app, session
from crawler.config import SourceConfig
from crawler.coverage import Checked, Day, Life, Why, blind_crawls, days, folded
from crawler.session import Session
from crawler.tell import count
from storage.archive import Archive

app = new_app()

_EVERY = 1_000_000  # crawls: one an hour for a century
_WORDS = {
    Why.NONE: "",
    Why.BLIND: "the site could not be checked",
    Why.CAP: "more addresses than the limits of the source allow",
    Why.DEADLINE: "the deadline passed",
    Why.FAILURES: "pages failed",
    Why.STOPPED: "stopped before the end",
    Why.BROKE_OFF: "the look broke off",
    Why.UNDER_WAY: "a look is under way",
    Why.PAUSED: "paused, or not watched yet",
    Why.OFF: "nothing ran: machine off, or the service stopped",
    Why.NOT_DUE: "no look was due",
}


@app.command(epilog="Example: amtsblick coverage lageso-partnerschaft --since 2026-01-01")
def coverage(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Its name in the config.")],
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="The first day; that of the first look otherwise.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One object per day.")] = False,
) -> None:
    """Say of every day whether a source was checked fully, partly or not, and why. Equal days are one line."""
    run = session(ctx)
    watched = run.source(source)
    start = run.moment("--since", since, "start")
    with run.reader() as archive:
        found = _days(run, archive, watched, start)
    if json:
        for day in found:
            run.output.json(_row(day))
        return
    if not found:
        run.output.note(f"{source}: never looked at; `amtsblick crawl {source}` looks")
        return
    table = []
    for each in folded(iter(found)):
        span = f"{each.first}" if each.days == 1 else f"{each.first} – {each.last}"
        seen = f"{each.judged} of {each.known}" if each.known else "–"
        table.append((span, str(each.days), str(each.checked), seen, _WORDS[each.why]))
    run.output.table(("days", "number", "checked", "addresses", "why"), table)
    fully = sum(day.checked is Checked.FULLY for day in found)
    run.output.note(f"{source}: {fully} of {count(len(found), 'day', 'days')} checked fully")


def _days(run: Session, archive: Archive, source: SourceConfig, since: datetime | None) -> tuple[Day, ...]:
    crawls = archive.crawls(limit=_EVERY)
    own = [crawl for crawl in crawls if crawl.source == source.name]
    first = _local(run, since or own[-1].started_at) if since or own else None
    if first is None:
        return ()
    coverages = archive.coverages(source.name, since)
    life = Life(
        active=frozenset(
            _local(run, at)
            for at in (*(crawl.started_at for crawl in crawls), *(row.created_at for row in archive.digests()))
        ),
        enabled=source.enabled,
        cron=source.cron,
        zone=run.zone,
        now=run.now(),
    )
    under_way = frozenset(_local(run, crawl.started_at) for crawl in own if crawl.ended_at is None)
    blind = blind_crawls(coverages, archive.changes(source=source.name, kind="source.*"))
    return tuple(days(coverages, blind, under_way, first, life))


def _local(run: Session, at: datetime) -> date:
    return at.astimezone(run.zone).date()


def _row(day: Day) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "checked": str(day.checked),
        "why": str(day.why) or None,
        "looks": day.looks,
        "judged": day.judged,
        "known": day.known,
        "failed": day.failed,
        "coverage": round(day.judged / day.known, 4) if day.known else None,
    }
