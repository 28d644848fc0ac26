"""The registers and the looks as tables for others: JSON Lines with every field, CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from alerts.attached import attachments
from alerts.retraction import KIND as RETRACTED
from alerts.retraction import retracted
from crawler.output import csv_cell, json_line
from extractors import address
from storage.archive import Archive
from storage.exports.holdings import Holdings
from storage.exports.tables import Sheet
from storage.records import Selection
from web import rows
from web.rows import Row

_MARK = "\ufeff".encode()  # spreadsheets tell UTF-8 by it


class What(StrEnum):
    """The tables there are."""

    CHANGES = "changes"
    SEMINARS = "seminars"
    NOTICES = "notices"
    CAPTURES = "captures"


_TYPES = {What.CHANGES: "change", What.SEMINARS: "seminar", What.NOTICES: "notice", What.CAPTURES: "capture"}
# The columns of a CSV file: the fields that say something in a cell; JSON Lines have the nested ones too.
_COLUMNS = {
    What.CHANGES: (
        "id", "kind", "minor", "source", "uri", "uris", "title", "summary", "detected_at", "observed_at",
        "before", "after", "imported", "reason", "retracted",
    ),
    What.SEMINARS: (
        "id", "number", "year", "series", "title", "start", "end", "city", "state", "substitute", "uri", "uris",
        "attachments", "conflicts", "first_seen", "last_seen",
    ),
    What.NOTICES: (
        "id", "host", "text", "uris", "pages", "first_seen", "last_seen", "lifted_at", "replaced_by",
    ),
    What.CAPTURES: (
        "id", "source", "uri", "captured_at", "status", "outcome", "rule", "detail", "payload_digest", "text_digest",
        "bytes", "location", "probe",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What is selected of an archive, table by table; to be used inside :meth:`storage.archive.Archive.handover`."""

    archive: Archive
    holdings: Holdings

    def of(self, what: What) -> Iterator[Row]:
        """The objects of one table: those that the command of that name prints, with their ``type``."""
        made: dict[What, Callable[[], Iterable[Row]]] = {
            What.CHANGES: self._changes,
            What.SEMINARS: self._seminars,
            What.NOTICES: self._notices,
            What.CAPTURES: self._captures,
        }
        return ({"type": _TYPES[what], **row} for row in made[what]())

    @property
    def _chosen(self) -> Selection:
        return self.holdings.selection

    def _changes(self) -> Iterator[Row]:
        wrong = retracted(self.archive.changes(kind=RETRACTED))
        until = self._chosen.until
        for change in self.archive.changes(since=self._chosen.since, source=self._chosen.source):
            late = until is not None and change.detected_at > until
            if change.kind != RETRACTED and not late and self._is_at((change.uri, *change.uris)):
                yield rows.change(change, wrong.get(change.id))

    def _seminars(self) -> Iterator[Row]:
        for row in self.archive.seminars():
            own = self._chosen.source is None or any(each.source == self._chosen.source for each in row.mentions)
            at = self._is_at([row.uri, *(each.uri for each in row.mentions)])
            if own and at and self._overlaps(row.first_seen, row.last_seen):
                yield rows.seminar(row, attachments(self.archive, row))

    def _notices(self) -> Iterator[Row]:
        for row in self.archive.notices():
            if self._is_at(row.uris) and self._overlaps(row.first_seen, row.last_seen) and self._is_of_source(row.host):
                yield rows.notice(row)

    def _captures(self) -> Iterator[Row]:
        for source, row in self.holdings.captures():
            yield {**rows.capture(row), "source": source, "probe": row.probe, "version": _text(row.version_id)}

    def _is_of_source(self, host: str) -> bool:
        """Notices belong to a host; a source's are those of the hosts it starts at."""
        if self._chosen.source is None:
            return True
        starts = (uri for _, config in self.holdings.sources() for uri in config.get("start", ()))
        return any(address.host(uri) == host for uri in starts)

    def _overlaps(self, first: Any, last: Any) -> bool:
        since, until = self._chosen.since, self._chosen.until
        return (since is None or last >= since) and (until is None or first <= until)

    def _is_at(self, uris: Iterable[str]) -> bool:
        wanted = self._chosen.address
        if wanted is None:
            return True
        keys = [address.key(uri) for uri in uris]
        below = (f"{wanted}/", f"{wanted}?") if self._chosen.below else ()
        return any(key == wanted or key.startswith(below) for key in keys if below or key == wanted)


def json_sheet(tables: Tables, name: str, whats: Sequence[What]) -> Sheet:
    """One or several tables as JSON Lines; ``type`` tells them apart."""

    def lines() -> Iterator[bytes]:
        for what in whats:
            for row in tables.of(what):
                yield f"{json_line(row)}\n".encode()

    return Sheet(name=name, lines=lines)


def csv_sheet(tables: Tables, name: str, what: What) -> Sheet:
    """One table as CSV (RFC 4180, UTF-8 with its mark); no cell is a formula."""

    def lines() -> Iterator[bytes]:
        columns = _COLUMNS[what]
        yield _MARK + _csv_line(columns)
        for row in tables.of(what):
            yield _csv_line([csv_cell(_text(row[column])) for column in columns])

    return Sheet(name=name, lines=lines, heads=1)


def _csv_line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode("utf-8", "replace")


def _text(value: Any) -> str:
    """A value as it stands in a cell: nothing for null, lists behind each other, nested ones as JSON."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() if all(isinstance(each, str) for each in value):
            return " ".join(value)
        case Mapping() | list():
            return json_line(value) if isinstance(value, Mapping) else " ".join(map(_text, value))
        case _:
            return str(value)
