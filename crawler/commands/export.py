"""``export``: what was kept, in the formats of the field, for archives, spreadsheets and other programs."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.interrupts import end_as_ctrl_c_does
from crawler.lookup import address_in, known_source
from crawler.progress import ReadingProgress
from crawler.session import Refusal, Session
from crawler.settings import BOT_PAGE, PRODUCT
from crawler.sheets import Tables, What, csv_sheet, json_sheet
from crawler.tell import count
from extractors import address
from storage.archive import Archive
from storage.exports import bag, tables, wacz, warcfile
from storage.exports.holdings import Holdings
from storage.exports.tables import Sheet
from storage.records import About, Handed, Selection

app = new_app()

_INTERRUPTED = 130
_ALL = tuple(What)


class Form(StrEnum):
    """The formats there are."""

    WARC = "warc"
    WACZ = "wacz"
    CSV = "csv"
    JSON = "json"
    BAGIT = "bagit"


@app.command(
    epilog="Examples: amtsblick export --format wacz -o lageso.wacz --source lageso-partnerschaft · "
    "amtsblick export --format csv --what seminars -o seminare.csv"
)
def export(
    ctx: typer.Context,
    *,
    form: Annotated[Form, typer.Option("--format", help="What to write.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")],
    source: Annotated[str | None, typer.Option(metavar="S", help="Only what this source saw.")] = None,
    since: Annotated[str | None, typer.Option(metavar="WHEN", help="Only from this moment on, inclusive.")] = None,
    until: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Only up to this moment; a bare day means its end.")
    ] = None,
    uri: Annotated[
        str | None, typer.Option(metavar="URL", help="Only this address; with * at its end, all below it too.")
    ] = None,
    what: Annotated[
        What | None, typer.Option(help="With csv and json: one table alone. Default: all that the output has room for.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier export of this name.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One object at the end.")] = False,
) -> None:
    """Hand over what was kept: WARC, WACZ, tables, or a bag for deposit.

    The output bears its name only when it is complete, and a manifest beside or inside it has the SHA-256 of each
    part and the head of the archive's chain. A crawl may run meanwhile; what is written is the state at the start.

    csv and json: FILE is one file (FILE.csv holds the changes unless --what says otherwise), a ZIP file if its name
    ends in .zip, or a folder if its name has no suffix. bagit: a ZIP file if its name ends in .zip, else a folder.
    """
    run = session(ctx)
    end_as_ctrl_c_does()  # which leaves no draft behind
    if what is not None and form not in (Form.CSV, Form.JSON):
        raise Refusal("--what goes with --format csv and --format json")
    if not output.name or output.name == "-":
        raise Refusal("-o needs the name of a file: an export is proved complete by its name")
    try:
        with run.reader() as archive:
            selection = _selection(run, archive, source=source, since=since, until=until, uri=uri)
            with archive.handover(selection) as holdings, ReadingProgress(run.output, "handing over") as progress:
                if not holdings.count and form not in (Form.CSV, Form.JSON):
                    raise Refusal("no capture fits; nothing was written. `amtsblick snapshots URL` lists what there is")
                found = Tables(archive=archive, holdings=holdings)
                handed = _write(
                    run,
                    found,
                    form=form,
                    output=output,
                    what=what,
                    force=force,
                    step=_steps(progress, holdings.count),
                )
                row = _row(output, form, holdings, handed)
    except KeyboardInterrupt:
        run.output.note("stopped; nothing was written")
        raise typer.Exit(_INTERRUPTED) from None
    if json:
        run.output.json(row)
        return
    _say(run, output, holdings, handed)


def _selection(
    run: Session, archive: Archive, *, source: str | None, since: str | None, until: str | None, uri: str | None
) -> Selection:
    first, last = run.moment("--since", since, "start"), run.moment("--until", until, "end")
    if first is not None and last is not None and last < first:
        raise Refusal("--until is before --since")
    if source is not None:
        known_source(run, archive, source)
    below = uri is not None and uri.endswith("*")
    if uri is None:
        where = None
    elif below:
        where = address.key(uri.rstrip("*"))
    else:
        where = address.key(address_in(archive, uri))
    return Selection(source=source, since=first, until=last, address=where, below=below)


def _steps(progress: ReadingProgress, total: int) -> Callable[[str], None]:
    """What is told of each capture; the first one says how many there are, once nothing can be refused any more."""
    begun = False

    def step(uri: str) -> None:
        nonlocal begun
        if not begun:
            progress.start(total)
        begun = True
        progress.step(1, uri)

    return step


def _write(
    run: Session,
    found: Tables,
    *,
    form: Form,
    output: Path,
    what: What | None,
    force: bool,
    step: Callable[[str], None],
) -> Handed:
    holdings = found.holdings
    about = _about(run, holdings)
    match form:
        case Form.WARC:
            return warcfile.write(output, holdings, about, force=force, step=step)
        case Form.WACZ:
            return wacz.write(output, holdings, about, force=force, step=step)
        case Form.BAGIT:
            sheets = [*_csv(found, _ALL), *_json(found, _ALL)]
            return bag.write(output, holdings, about, sheets, force=force, step=step)
        case Form.CSV:
            if what is None and output.suffix not in ("", ".zip"):
                run.output.note("one CSV file has room for one table: the changes. --what names another")
                what = What.CHANGES
            sheets = _csv(found, (what,) if what else _ALL)
        case Form.JSON:
            one = output.suffix not in ("", ".zip")
            sheets = [json_sheet(found, output.name, (what,) if what else _ALL)] if one else _json(found, _ALL)
    return tables.write(output, holdings, about, sheets, what=str(form), force=force)


def _csv(found: Tables, whats: tuple[What, ...]) -> list[Sheet]:
    return [csv_sheet(found, f"{each}.csv", each) for each in whats]


def _json(found: Tables, whats: tuple[What, ...]) -> list[Sheet]:
    return [json_sheet(found, f"{each}.jsonl", (each,)) for each in whats]


def _about(run: Session, holdings: Holdings) -> About:
    names = ", ".join(name for name, _ in holdings.sources())
    return About(
        software=f"{PRODUCT} {version('amtsblick')} ({BOT_PAGE})",
        created=run.now(),
        title=f"{PRODUCT}: {names}",
        organization=run.config.archive.organization,
        contact=run.config.crawler.contact,
    )


def _row(output: Path, form: Form, holdings: Holdings, handed: Handed) -> dict[str, object]:
    return {
        "path": str(output),
        "format": str(form),
        "captures": handed.captures,
        "first_capture": holdings.first,
        "last_capture": holdings.last,
        "records": dict(handed.records),
        "erased": handed.erased,
        "carried": handed.carried,
        "chain_head": holdings.head,
        "chain_position": holdings.position,
        "parts": [
            {"path": each.path, "bytes": each.bytes, "sha256": each.sha256, "rows": each.rows or None}
            for each in handed.parts
        ],
    }


def _say(run: Session, output: Path, holdings: Holdings, handed: Handed) -> None:
    size = max((each.bytes for each in handed.parts), default=0)
    out = run.output
    if handed.records:
        records = sum(handed.records.values())
        out.say(f"{output}: {count(handed.captures, 'capture', 'captures')} in {records} records, {size} bytes")
    else:
        rows = ", ".join(f"{each.path} {each.rows}" for each in handed.parts if each.rows)
        out.say(f"{output}: {rows or 'no rows'}")
    if handed.erased:
        out.say(f"{count(handed.erased, 'capture is', 'captures are')} a tombstone: the bytes were erased")
    if handed.carried:
        out.say(
            f"{count(handed.carried, 'capture lies', 'captures lie')} outside what was asked for: others lean on it"
        )
    if handed.parts[0].path == output.name:
        out.say(f"sha256: {handed.parts[0].sha256}")
    out.say(f"chain head: {holdings.head} (capture {holdings.position})")
