"""``restore``: a backup brought back, with its mail on hold."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.config import FILE_NAME
from crawler.progress import StepProgress
from crawler.session import Refusal, Session
from crawler.tell import count
from storage.backup import config_of
from storage.backup import restore as bring_back
from storage.files import write_whole
from storage.records import Restored
from web.written import moment

app = new_app()


@app.command(epilog="Example: amtsblick restore amtsblick-20261129T050000Z-3f2a6b0c9d1e4f58.zip")
def restore(
    ctx: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `amtsblick backup` made.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace the archive that is there; it is kept beside.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One object about what was done.")] = False,
) -> None:
    """Prove a backup, put its archive in place, hold its mail, and repeat what was erased since.

    Without a config file, the backup's own is written here first.
    """
    run = session(ctx)
    source = file.expanduser().absolute()
    target = run.config.archive_path if run.config_file else _place(source)
    with StepProgress(run.output, "proving the backup") as progress:
        done = bring_back(source, target, run.now(), progress.step, force=force)
    if run.config_file is None:
        write_whole(Path.cwd() / FILE_NAME, done.config.encode())
    if json:
        run.output.json(_row(done))
    else:
        _report(run, done)


def _place(source: Path) -> Path:
    """Where the config in the backup puts the archive, counted from here."""
    if (Path.cwd() / FILE_NAME).exists():
        raise Refusal(f"{FILE_NAME} is here already; name it with --config")
    return Path.cwd() / Path(tomllib.loads(config_of(source))["archive"]["path"]).expanduser()


def _row(done: Restored) -> dict[str, object]:
    return {
        "archive": str(done.path),
        "made_at": moment(done.made_at),
        "head": done.head,
        "captures": done.captures,
        "held": done.held,
        "erased_again": [each.name for each in done.repeated],
        "replaced": str(done.aside) if done.aside else None,
    }


def _report(run: Session, done: Restored) -> None:
    out = run.output
    out.say(f"{done.path}: as of {run.local(done.made_at)}, {done.captures} captures, head of the chain {done.head}")
    if done.aside:
        out.say(f"the archive that was there is {done.aside}; delete it once all is well")
    for each in done.repeated:
        out.say(f"erased again, as on {run.local(each.erased_at)}: {each.reason} ({each.basis})")
    if done.held:
        out.say(
            f"{count(done.held, 'message is', 'messages are')} held, since it may have gone out after the backup: "
            "`amtsblick outbox` lists them, `amtsblick outbox release ID` or `--all` sends, `outbox drop` gives up"
        )
    out.say("nothing was sent. `amtsblick verify` proves the archive once more, `amtsblick doctor` checks the config")
