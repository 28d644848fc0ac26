"""The notices of the watched offices: what stands above their pages today, and what stood there before."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.visible import shown
from storage.records import NoticeRow
from web import rows
from web.answers import Answer, Shown
from web.ask import Ask
from web.entries import Entry, entries
from web.texts.notices import TEXTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice, its text in lines ready to read; ``followed`` is whether its successor is listed."""

    row: NoticeRow
    lines: tuple[str, ...]
    changes: tuple[Entry, ...]
    followed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """All notices, newest first."""

    in_force: tuple[Notice, ...]
    past: tuple[Notice, ...]


def notices(ask: Ask) -> Answer:
    """All notices."""
    found = ask.archive.notices()
    known = {row.id for row in found}
    heads = {row.id: ask.changes.of_subject(row.id) for row in found}
    told: dict[str, list[Entry]] = {}
    for entry in entries(ask, [head for of_one in heads.values() for head in of_one]):
        told.setdefault(entry.change.subject, []).append(entry)
    listed = [
        Notice(
            row=row,
            lines=tuple(line for line in shown(row.text).splitlines() if line.strip()),
            changes=tuple(told.get(row.id, ())),
            followed=row.replaced_by in known,
        )
        for row in sorted(found, key=lambda row: (row.first_seen, row.id), reverse=True)
    ]
    content = Notices(
        in_force=tuple(each for each in listed if is_in_force(each.row)),
        past=tuple(each for each in listed if not is_in_force(each.row)),
    )
    row = {"notices": [rows.notice(each) for each in found]}
    return Shown(template="notices.html.j2", title=TEXTS[ask.visitor.language].title, content=content, row=row)


def is_in_force(row: NoticeRow) -> bool:
    """Whether a notice stands today."""
    return row.lifted_at is None and row.replaced_by is None
