"""``crawl``: one look at the sources now."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler import tell
from crawler.cli import new_app, session
from crawler.progress import CrawlProgress
from crawler.runner import run_crawl
from crawler.session import Refusal, Session
from crawler.summary import CrawlSummary
from crawler.writing import writer
from extractors.model import Outcome
from storage.archive import Archive
from storage.records import DeliveryState

app = new_app()

_NO_CONFIG = 78
_LEFT = frozenset({Outcome.GONE, Outcome.SOFT404, Outcome.MOVED})


@app.command(epilog="Examples: amtsblick crawl · amtsblick crawl lageso-partnerschaft --json")
def crawl(
    ctx: typer.Context,
    *,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help="All that are not paused otherwise.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Ask and read all pages, store nothing.")] = False,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Without a config file: watch the shipped sources.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One summary per source, one object a line.")] = False,
) -> None:
    """Look at the sources now, keep what they show, find what changed, and queue the mail that is owed at once."""
    run = session(ctx)
    names = [run.source(name).name for name in sources] if sources else [each.name for each in run.config.enabled]
    if not names:
        raise Refusal(
            f"{run.config_file}: there is nothing to look at; add a [[source]] block (amtsblick try URL writes one)", 78
        )
    _agreed(run, names, defaults=defaults)
    if not dry_run:
        with writer(run, create=True) as archive:
            # Folder, lock, version and clock are right, and earlier crawls are detected, before anything is asked.
            archive.require_service()
    with CrawlProgress(run.output) as progress:
        summaries = run_crawl(run.config, names, run.clock, progress.show, dry_run=dry_run)
    _report(run, summaries, json=json, dry_run=dry_run)
    if not dry_run and run.config.archive_path.exists():
        _attend(run)
    raise typer.Exit(tell.exit_code(summaries))


def _attend(run: Session) -> None:
    """Write the feeds, queue what operators have to be told, give the sign of life if the whole round went well."""
    config = run.config
    if not (config.operator.to or config.operator.heartbeat or config.feeds_dir):
        return
    from crawler import operators  # noqa: PLC0415 - mails and feeds load slowly
    from crawler.publishing import publish  # noqa: PLC0415 - see above

    with Archive.open(config.archive_path) as archive:
        publish(run, archive)
        operators.attend(run, archive)
        operators.sign_of_life(run, archive)


def _agreed(run: Session, names: list[str], *, defaults: bool) -> None:
    """Without a config file nothing is asked of anybody before somebody has said yes."""
    if run.config_file is not None or defaults:
        return
    archive = run.config.archive_path
    if not (run.output.stderr.isatty() and run.interactive):
        raise Refusal(
            f"there is no config file; with --defaults it looks at {', '.join(names)} and writes to {archive}",
            _NO_CONFIG,
        )
    run.output.note("There is no config file. With the shipped defaults this would look at")
    for name in names:
        run.output.note(f"    {name}: {' '.join(run.source(name).start)}")
    run.output.note(f"and write to {archive}")
    if not typer.confirm("Go ahead?", err=True):
        raise Refusal(
            "nothing was done; `amtsblick config show > amtsblick.toml` gives a file to start from", _NO_CONFIG
        )


def _report(run: Session, summaries: tuple[CrawlSummary, ...], *, json: bool, dry_run: bool) -> None:
    out = run.output
    for summary in summaries:
        if json:
            out.json(summary.as_json() | {"crawl_id": str(summary.crawl_id) if summary.crawl_id else None})
        for line in tell.lines(summary):
            (out.note if json else out.say)(line)
    if dry_run:
        out.note("nothing was stored (--dry-run)")
        return
    with run.reader() as archive:
        for summary in summaries:
            for line in _left(run, archive, summary):
                out.note(line)
        waiting = archive.queue_counts()[DeliveryState.QUEUED]
    if waiting:
        out.note(f"{tell.count(waiting, 'mail waits', 'mails wait')} to be sent; `amtsblick deliver` sends")


def _left(run: Session, archive: Archive, summary: CrawlSummary) -> list[str]:
    """Start addresses that are no longer there, each in one line with what to do next."""
    lines = []
    for start in run.source(summary.source).start:
        looks = archive.captures_of(start)
        if looks and looks[-1].outcome in _LEFT:
            says = f"answers {looks[-1].status}" if looks[-1].outcome is not Outcome.MOVED else "has moved"
            ever = any(look.outcome.good for look in looks)
            known = "what was kept of it stays in the archive" if ever else "nothing is known of it"
            lines.append(
                f"{summary.source}: {start} {says}; {known}. Look whether it lives elsewhere and correct `start`, "
                "or set `enabled = false`"
            )
    return lines
