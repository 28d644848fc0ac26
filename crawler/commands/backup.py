"""``backup``: a proven copy of the living archive, in one file, with the config less its secrets."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.progress import StepProgress
from crawler.session import Refusal, Session
from crawler.shown import without_secrets
from storage.archive import Archive
from storage.records import BackupMade
from web.written import moment

app = new_app()


@app.command(
    epilog="Examples: amtsblick backup /backup/ · amtsblick backup --handover move.zip · amtsblick backup --take-back"
)
def backup(
    ctx: typer.Context,
    *,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A folder, or a file; its name gets the time and the chain's head."),
    ] = None,
    handover: Annotated[
        bool, typer.Option("--handover", help="Retire this archive: another machine goes on with the backup.")
    ] = False,
    take_back: Annotated[bool, typer.Option("--take-back", help="Undo --handover.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One object about what was made.")] = False,
) -> None:
    """Copy the archive while it lives, prove the copy, and only then give it its name."""
    run = session(ctx)
    if take_back:
        if file is not None or handover:
            raise Refusal("--take-back stands alone")
        _take_back(run)
        return
    if file is None:
        raise Refusal("say where to: a folder such as /backup/, or a file")
    made = _make(run, file.expanduser().absolute(), handover=handover)
    if json:
        run.output.json(
            {
                "file": str(made.path),
                "head": made.head,
                "captures": made.captures,
                "bytes": made.bytes,
                "handover": handover,
            }
        )
        return
    run.output.say(f"{made.path}: {made.captures} captures, {made.bytes} bytes, head of the chain {made.head}")
    if handover:
        run.output.say(
            "this archive is retired: it can be read, and crawls and sends no more. On the new machine: "
            f"`amtsblick restore {made.path.name}`; to undo it here: `amtsblick backup --take-back`"
        )


def _make(run: Session, target: Path, *, handover: bool) -> BackupMade:
    now = run.now()
    header = f"# The config of {moment(now)}, without passwords and without an address that serves as one.\n"
    config = header + without_secrets(run.config)
    program = f"amtsblick {metadata.version('amtsblick')}"
    # A copy only reads; but an archive that cannot be written to, for a full disk say, must be copied all the same.
    with Archive.open(run.config.archive_path, readonly=not handover) as archive:
        run.check_clock(archive)
        with StepProgress(run.output, "proving the copy") as progress:
            make = archive.hand_over if handover else archive.backup
            return make(target, config, now, progress.step, program=program)


def _take_back(run: Session) -> None:
    with Archive.open(run.config.archive_path) as archive:
        if not archive.take_back():
            raise Refusal(f"{archive.path} was not handed over")
    run.output.say(f"{run.config.archive_path} is back in service; make sure that no other machine goes on with it")
