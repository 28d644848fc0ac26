"""``seminars``: the register, as a table, as JSON, for a spreadsheet or for a calendar."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from typing import Annotated

import typer

from alerts.attached import attachments
from alerts.calendar import calendar
from alerts.languages import wording
from crawler.cli import new_app, session
from crawler.output import Output, csv_cell, one_line
from extractors.model import Attachment
from storage.records import SeminarRow
from web import rows

app = new_app()

_QUOTE = 200  # characters of a sentence in the table; --json has all
_COLUMNS = ("number", "series", "title", "start", "end", "city", "state", "uri", "attachments", "conflicts")


class Form(StrEnum):
    """How to print the register."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    ICS = "ics"


@app.command(epilog="Example: amtsblick seminars --format ics > seminare.ics")
def seminars(
    ctx: typer.Context,
    format_: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.TABLE,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json: one object a line.")] = False,
) -> None:
    """List the register of seminars with dates, places, sources, and where the sources contradict each other."""
    run = session(ctx)
    with run.reader() as archive:
        found = archive.seminars()
        attached = {row.id: attachments(archive, row) for row in found}
        told = archive.changes(kind="seminar.*") if format_ is Form.ICS else ()
        changes = [each for each in told if not each.imported]
    if json or format_ is Form.JSON:
        for row in found:
            run.output.json(rows.seminar(row, attached[row.id]))
    elif format_ is Form.ICS:
        run.output.raw(calendar(found, changes, wording("de", run.zone)).encode())
    elif format_ is Form.CSV:
        run.output.raw(_csv(found, attached).encode("utf-8-sig"))  # spreadsheets tell UTF-8 by its mark
    elif found:
        _table(run.output, found)
    else:
        run.output.note("the register is empty so far")


def _table(out: Output, found: tuple[SeminarRow, ...]) -> None:
    table = []
    for row in found:
        label = f"{row.number}." if row.number is not None else str(row.year or "")
        table.append((label, _when(row), row.city or "–", row.state or "–", row.title))
        for conflict in row.conflicts:
            table.append(("", "", "", "", f"  the sources disagree on {conflict.field}:"))
            table += [("", "", "", "", f"    {value}: {_said(row, uri)}{uri}") for value, uri in conflict.values]
    out.table(("no.", "when", "where", "state", "title"), table)


def _said(row: SeminarRow, uri: str) -> str:
    """The sentence that a page says it in, ready to stand before its address."""
    quote = next((each.quote for each in row.mentions if each.uri == uri and each.quote), "")
    return f"{one_line(quote)[:_QUOTE]} – " if quote else ""


def _when(row: SeminarRow) -> str:
    if any(each.field in ("start", "end", "date", "dates") for each in row.conflicts):
        return "(disagreed)"
    if not row.start:
        return "–"
    return row.start if row.end in (None, row.start) else f"{row.start} – {row.end}"


def _csv(found: tuple[SeminarRow, ...], attached: dict[str, tuple[Attachment, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # RFC 4180
    writer.writerow(_COLUMNS)
    for row in found:
        conflicts = "; ".join(
            f"{each.field}: {' / '.join(value for value, _ in each.values)}" for each in row.conflicts
        )
        documents = "; ".join(f"{each.label} ({each.size}) {each.uri}" for each in attached[row.id])
        cells = (str(row.number or ""), row.series, row.title, row.start, row.end, row.city, row.state, row.uri)
        writer.writerow([csv_cell(cell or "") for cell in (*cells, documents, conflicts)])
    return text.getvalue()
