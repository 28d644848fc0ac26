"""``demo``: the whole job on a bundled replay of the site."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.demo import DemoWeek, next_steps, run_demo
from crawler.output import Output, one_line
from crawler.progress import CrawlProgress
from crawler.replay.weeks import WEEKS
from crawler.tell import count

app = new_app()

_OUT = Path("amtsblick-demo")


@app.command(epilog="Examples: amtsblick demo · amtsblick demo --out somewhere --json")
def demo(
    ctx: typer.Context,
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where config, archive and mails are left.")] = _OUT,
    json: Annotated[bool, typer.Option("--json", help="One object a week.")] = False,
) -> None:
    """Look at a replay of the partnership section for some weeks, and show what happened and which mail that gave."""
    run = session(ctx)
    output = run.output
    mails, base, started = 0, "", time.monotonic()
    progress = CrawlProgress(output, lines=False)
    weeks = run_demo(out, lambda _week, event: progress.show(event))
    output.note("A replay of the site on this machine, week by week; the clock is simulated, nothing else is.")
    with progress:
        for week in weeks:
            mails, base = mails + len(week.mails), week.base
            if json:
                output.json(week.as_json())
            else:
                progress.pause(partial(_show, output, week))
    told = f"{count(len(WEEKS), 'week', 'weeks')}, {count(mails, 'mail', 'mails')}"
    output.note(
        f"\n{told} in {time.monotonic() - started:.0f} s. Left in {out}: amtsblick.toml, amtsblick.db, outbox/."
    )
    output.note("Four things to try next:")
    for title, command in next_steps(out, base, program()):
        output.note(f"\n  {title}\n    {command}")


def _show(output: Output, week: DemoWeek) -> None:
    output.say(f"\nWeek {week.week.number}, {week.week.monday.isoformat()}: {week.week.story}")
    for change in week.reported:
        told = f"{change.kind}{' (minor)' if change.minor else ''}: {one_line(change.summary)}"
        output.say("    told:  " + "\n           ".join(output.wrapped(told, indent=11)))
    if not week.reported:
        output.say("    told:  nothing")
    for mail in week.mails:
        output.say(f"    mail:  {mail.name}")


def program() -> str:
    """How this program can be called again from the same place."""
    here = Path(sys.argv[0])
    found = shutil.which("amtsblick")
    if here.name != "amtsblick" or (found and Path(found).resolve() == here.resolve()):
        return "amtsblick"
    return shlex.quote(os.path.relpath(here))
