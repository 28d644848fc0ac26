"""``import``: takes in what other archives hold, as history."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import new_app, session
from crawler.interrupts import end_as_ctrl_c_does, run_async
from crawler.output import one_line
from crawler.session import Refusal, Session
from crawler.tell import count
from web.written import moment

if TYPE_CHECKING:
    from crawler.config import SourceConfig
    from crawler.history import Worked
    from crawler.intake import Intake
    from storage.archive import Archive

app = new_app()

_INTERRUPTED = 130
_INCOMPLETE = 3
_NO_DATA = 65
_SHOWN = 12  # hosts, and other reasons, named one by one


@app.command(
    name="import",
    epilog="Examples: amtsblick import crawl.warc.gz section.wacz · "
    "amtsblick import --archive https://web.archive.org/ --prefix https://www.berlin.de/lageso/ --to 2025",
)
def import_(
    ctx: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="WARC or WACZ files.")] = None,
    *,
    archive: Annotated[
        str | None, typer.Option(metavar="URL", help="Take in from a web archive (Wayback or pywb) instead of files.")
    ] = None,
    prefix: Annotated[
        str | None,
        typer.Option(metavar="SCOPE", help="With --archive: the section, by the beginning of its addresses."),
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only for this source. Default: each record by scope.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="WHEN", help="With --archive: nothing older than this.")
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="WHEN", help="With --archive: nothing newer than this.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One object at the end.")] = False,
) -> None:
    """Take in what other archives hold, with its own times, as history: changes are worked out, no mail is sent.

    Repeat it whenever you like, in any order: what is here already is not taken twice.
    """
    run = session(ctx)
    _checked(files, archive, prefix, from_, to)
    end_as_ctrl_c_does()
    began = time.monotonic()
    from crawler.writing import writer  # noqa: PLC0415 - what it loads, wrong usage need not wait for

    if run.config_file is None and not run.config.archive_path.exists():
        raise Refusal(
            "there is no config file that says which sections are wanted; `amtsblick config show` prints one", 78
        )
    sources = [run.source(source)] if source is not None else list(run.config.source)
    if not sources:
        raise Refusal(f"{run.config_file}: there is no source to take anything in for; add a [[source]] block", 78)
    try:
        with writer(run, create=True) as opened, opened.import_lock():
            table: list[dict[str, Any]] = []
            if archive is not None and prefix is not None:
                from crawler import remote  # noqa: PLC0415 - see above

                asked = remote.Asked(
                    archive=archive,
                    prefix=prefix,
                    since=run.moment("--from", from_, "start"),
                    until=run.moment("--to", to, "end"),
                )
                intake, table = remote.take_in(run, opened, sources, asked)
            else:
                intake = _from_files(run, opened, sources, files or [])
            worked = _work_out(run, opened, intake)
    except KeyboardInterrupt:
        logging.getLogger("asyncio").disabled = True  # after a second signal, its task would report itself once more
        run.output.note("stopped; what was taken in is kept, and the same command goes on from there")
        raise typer.Exit(_INTERRUPTED) from None
    if json:
        run.output.json(_row(intake, worked, table, time.monotonic() - began))
    _tell(run, intake, worked, table, quiet=json)
    raise typer.Exit(_exit_code(intake))


def _checked(
    files: list[Path] | None, archive: str | None, prefix: str | None, from_: str | None, to: str | None
) -> None:
    if archive is None and not files:
        raise Refusal("what is to be taken in? Name WARC or WACZ files, or --archive URL and --prefix SCOPE")
    if archive is not None and files:
        raise Refusal("either files or --archive, not both")
    if archive is not None and prefix is None:
        raise Refusal(
            "--prefix is missing: which section of the archive, such as --prefix https://www.berlin.de/lageso/"
        )
    if archive is None and (prefix or from_ or to):
        raise Refusal("--prefix, --from and --to go with --archive")
    for path in files or []:
        if not path.exists():
            raise Refusal(f"{path}: there is no such file", 74)
        if path.is_dir():
            raise Refusal(f"{path}: is a folder; name the files in it, such as {path}/*.warc.gz")


def _from_files(run: Session, archive: Archive, sources: Sequence[SourceConfig], files: Sequence[Path]) -> Intake:
    from crawler.intake import Taker  # noqa: PLC0415 - see above
    from crawler.progress import CountProgress  # noqa: PLC0415 - see above

    with CountProgress(run.output, "taking in") as progress:
        return Taker(archive, sources, run.now(), progress.step).files(files)


def _work_out(run: Session, archive: Archive, intake: Intake) -> Sequence[Worked]:
    """Work out the history anew, if anything came in now or before an import that was stopped."""
    configs = run.config.source
    if not intake.taken and not set(archive.unworked()) & {each.name for each in configs}:
        return ()
    from crawler import history  # noqa: PLC0415 - see above
    from crawler.progress import CountProgress  # noqa: PLC0415 - see above
    from crawler.readers import Readers  # noqa: PLC0415 - see above

    readers = Readers()
    try:
        with CountProgress(run.output, "reading") as progress:
            return run_async(history.work_out(archive, configs, readers, progress.step))
    finally:
        readers.stop()


def _row(intake: Intake, worked: Sequence[Worked], table: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    return {
        "records": intake.records,
        "taken": intake.taken,
        "known": intake.known,
        "waiting": intake.waiting,
        "left": [{"why": str(why), "what": what, "count": n} for (why, what), n in sorted(intake.left.items())],
        "problems": intake.problems,
        "sources": [
            {
                "source": each.source,
                "captures": each.captures,
                "crawls": each.crawls,
                "first": moment(each.first),
                "last": moment(each.last),
                "versions": each.versions,
                "changes": each.changes,
            }
            for each in worked
        ],
        "years": table,
        "seconds": round(seconds, 3),
    }


def _tell(run: Session, intake: Intake, worked: Sequence[Worked], table: list[dict[str, Any]], *, quiet: bool) -> None:
    out = run.output
    say = out.note if quiet else out.say
    waits = f", {count(intake.waiting, 'revisit waits', 'revisits wait')} for the original" if intake.waiting else ""
    say(
        f"{count(intake.records, 'record', 'records')}: {intake.taken} taken in, {intake.known} here already{waits}, "
        f"{sum(intake.left.values())} left out"
    )
    for (why, what), number in sorted(intake.left.most_common(_SHOWN), key=lambda item: -item[1]):
        say(f"    {number} {why}{f' ({one_line(what)})' if what else ''}")
    if len(intake.left) > _SHOWN:
        say(f"    {sum(n for _, n in intake.left.most_common()[_SHOWN:])} for other reasons (--json names all)")
    for each in worked:
        first, last = run.local(each.first)[:10], run.local(each.last)[:10]
        say(
            f"{each.source}: {count(each.captures, 'capture', 'captures')} from {first} to {last}, "
            f"{count(each.versions, 'version', 'versions')}, {count(each.changes, 'change', 'changes')}"
        )
    if table and not quiet:
        columns = tuple(table[0])
        out.table(columns, [[str(row[name]) for name in columns] for row in table])
    for line in intake.problems:
        out.error(line)


def _exit_code(intake: Intake) -> int:
    if intake.later:
        return intake.later
    if intake.unusable and not intake.records:
        return _NO_DATA
    return _INCOMPLETE if intake.incomplete else 0
