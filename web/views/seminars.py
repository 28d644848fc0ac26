"""The register of seminars: a table, a timeline by year with what each page says, and a calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from alerts.attached import attachments
from alerts.calendar import calendar
from alerts.items import contradictions, seminar_facts
from alerts.languages import wording
from alerts.letter import SeminarFacts
from extractors.model import Attachment
from storage.records import Mention, SeminarRow
from web import rows
from web.answers import Answer, Sent, Shown
from web.ask import Ask
from web.entries import Entry, entries
from web.texts.seminars import TEXTS

_CALENDAR = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one page says: ``when`` and ``state`` ready to read, ``archived`` the path of the state it was read from."""

    mention: Mention
    quote: str
    when: str
    state: str
    archived: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One side of a conflict: a value, the page that has it, and its sentence, "" if none is kept."""

    value: str
    uri: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Pages that contradict each other."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seminar:
    """One seminar with all that is known of it; ``year`` "" where none is."""

    row: SeminarRow
    facts: SeminarFacts
    year: str
    documents: tuple[Attachment, ...]
    claims: tuple[Claim, ...]
    disputes: tuple[Dispute, ...]
    changes: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The whole register, and the same by year, newest first."""

    seminars: tuple[Seminar, ...]
    years: tuple[tuple[str, tuple[Seminar, ...]], ...]


def seminars(ask: Ask) -> Answer:
    """The register with its sources and conflicts."""
    found = ask.archive.seminars()
    attached = {row.id: attachments(ask.archive, row) for row in found}
    told = _told(ask, found)
    listed = tuple(_seminar(ask, row, attached[row.id], told.get(row.id, ())) for row in found)
    newest = sorted(listed, key=lambda each: (each.year, each.row.start or "", each.row.number or 0), reverse=True)
    years = tuple((year, tuple(group)) for year, group in groupby(newest, key=lambda each: each.year))
    return Shown(
        template="seminars.html.j2",
        title=TEXTS[ask.visitor.language].title,
        content=Register(seminars=listed, years=years),
        row={"seminars": [rows.seminar(row, attached[row.id]) for row in found]},
    )


def ics(ask: Ask) -> Answer:
    """The register as a calendar, the same as ``seminars --format ics`` prints."""
    heads = ask.changes.of_family("seminar")
    changes = ask.archive.changes_numbered(head.seq for head in heads)
    text = calendar(ask.archive.seminars(), changes, wording("de", ask.settings.zone))
    return Sent(body=text.encode(), media_type=_CALENDAR)


def _told(ask: Ask, found: Iterable[SeminarRow]) -> dict[str, list[Entry]]:
    """The changes of each seminar, newest first, by its id."""
    heads = [head for row in found for head in ask.changes.of_subject(row.id)]
    told: dict[str, list[Entry]] = {}
    for entry in entries(ask, heads):
        told.setdefault(entry.change.subject, []).append(entry)
    return told


def _seminar(ask: Ask, row: SeminarRow, documents: tuple[Attachment, ...], told: Iterable[Entry]) -> Seminar:
    return Seminar(
        row=row,
        facts=seminar_facts(row, ask.visitor.words),
        year=_year(row),
        documents=documents,
        claims=tuple(_claim(ask, mention) for mention in row.mentions),
        disputes=_disputes(ask, row),
        changes=tuple(told),
    )


def _year(row: SeminarRow) -> str:
    """The year it falls into: of its date, else its own, else the earliest that a page says."""
    said = [mention.start for mention in row.mentions if mention.start]
    first = row.start or (str(row.year) if row.year is not None else min(said, default=""))
    return first[:4]


def _claim(ask: Ask, mention: Mention) -> Claim:
    words = ask.visitor.words
    return Claim(
        mention=mention,
        quote=mention.quote or mention.title,
        when=words.span(mention.start, mention.end),
        state=words.words.states.get(mention.state, mention.state),
        archived=ask.to.memento(mention.captured_at, mention.uri) if mention.captured_at else "",
    )


def _disputes(ask: Ask, row: SeminarRow) -> tuple[Dispute, ...]:
    quotes = {mention.uri: mention.quote for mention in reversed(row.mentions) if mention.quote}
    said = zip(contradictions(row.conflicts, ask.visitor.words), row.conflicts, strict=True)
    return tuple(
        Dispute(
            field=readable.field,
            values=tuple(
                Value(value=value, uri=uri, quote=quotes.get(uri, ""))
                for (value, _), (_, uri) in zip(readable.values, conflict.values, strict=True)
            ),
        )
        for readable, conflict in said
    )
