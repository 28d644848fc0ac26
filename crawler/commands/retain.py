"""``retain``: lets go what the rule of retention does not keep."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.session import Refusal, Session
from crawler.tell import count
from crawler.writing import writer
from storage.records import Retained

app = new_app()


@app.command(epilog="Example: amtsblick retain --dry-run")
def retain(
    ctx: typer.Context,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One object about what went.")] = False,
) -> None:
    """Let go the bytes and texts that `[archive] keep` does not keep; `run` does this once a day.

    Rows, hashes and the chain stay, a log entry says what went, and holds are obeyed.
    """
    run = session(ctx)
    rule = run.config.archive.rule
    if not rule:
        raise Refusal('[archive] keep = "all": everything is kept; see docs/archive-care.md for rules')
    if dry_run:
        with run.reader() as archive:
            found = archive.retain(rule, run.zone, run.now(), by="", dry_run=True)
    else:
        with writer(run) as archive:
            found = archive.retain(rule, run.zone, run.now(), by=getpass.getuser())
    if json:
        run.output.json(
            {
                "keep": run.config.archive.keep,
                "dry_run": dry_run,
                "payloads": found.contents,
                "texts": found.readings,
                "bytes": found.bytes,
                "addresses": [{"address": address, "looks": looks} for address, looks in found.addresses],
            }
        )
        return
    _report(run, found, dry_run=dry_run)


def _report(run: Session, found: Retained, *, dry_run: bool) -> None:
    out = run.output
    for address, looks in found.addresses:
        out.say(f"{address}: {count(looks, 'look', 'looks')}")
    verb = "would go" if dry_run else "went"
    payloads, texts = count(found.contents, "payload", "payloads"), count(found.readings, "text", "texts")
    out.say(f"{payloads} and {texts} {verb}, {found.bytes} bytes; kept: {run.config.archive.keep}")
