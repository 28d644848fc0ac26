"""Digests as they were told: their list, what each said, and the mail as it was sent. Never who got them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alerts import digest as mails
from alerts import letter as letters
from alerts.letter import Item, Letter, Section
from storage.records import Change, DigestHead, DigestRow
from web import rows
from web.answers import Answer, Nothing, Sent, Shown
from web.ask import Ask
from web.paging import Paging, paging
from web.texts.digest import TEXTS as ONE
from web.texts.digests import TEXTS
from web.written import moment

_ON_A_PAGE = 50
_DIGITS = 9
_TO_READERS = ("digest", "immediate")  # what operators are told names readers, and is theirs alone
# A mail brings its own style and nothing else; nothing in it may run, load or lead the page round it away.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list of digests, newest first."""

    digests: tuple[DigestHead, ...]
    paging: Paging


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a digest told. ``archived`` is the path of the state it was told from; ``wrong`` took it back."""

    item: Item
    archived: str
    wrong: Change | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One digest; ``letter`` None: its text was erased."""

    row: DigestRow
    letter: Letter | None
    sections: tuple[tuple[str, tuple[Told, ...]], ...]
    previous: int | None
    next: int | None
    permanent: str


def digests(ask: Ask) -> Answer:
    """All digests, newest first."""
    total = ask.archive.digest_heads(_TO_READERS, number=0).total
    at = paging(ask, ask.to.path("digests"), total, _ON_A_PAGE)
    shown = ask.archive.digest_heads(_TO_READERS, first=at.first, number=at.size).heads
    row = {"digests": [rows.digest(each) for each in shown], "page": at.number, "pages": at.last}
    content = Listing(digests=shown, paging=at)
    return Shown(template="digests.html.j2", title=TEXTS[ask.visitor.language].title, content=content, row=row)


def digest(ask: Ask) -> Answer:
    """All that one digest told, also what the mail had no room for."""
    row = _row(ask)
    if row is None:
        return Nothing(what="no_digest", links=((TEXTS[ask.visitor.language].title, ask.to.path("digests")),))
    letter = letters.from_json(row.body) if row.body else None
    previous, following = ask.archive.digest_neighbours(row)
    content = Seen(
        row=row,
        letter=letter,
        sections=tuple(_sections(ask, letter)) if letter else (),
        previous=previous,
        next=following,
        permanent=ask.cited(ask.permanent.digest(row.number)),
    )
    title = ONE[ask.visitor.language].title.format(number=row.number)
    status = 200 if letter else 410
    return Shown(template="digest.html.j2", title=title, content=content, row=_json(row, letter), status=status)


def mail(ask: Ask) -> Answer:
    """The HTML of a digest as it was sent."""
    row = _row(ask)
    if row is None:
        return Nothing(what="no_digest")
    if not row.body:
        return Nothing(what="digest_erased", status=410)
    html = mails.again(row).html
    headers = (("X-Frame-Options", "SAMEORIGIN"),)
    return Sent(body=html.encode(), media_type="text/html; charset=utf-8", headers=headers, policy=_POLICY)


def _row(ask: Ask) -> DigestRow | None:
    text = ask.path["number"]
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return None
    row = ask.archive.digest(int(text))
    return row if row is not None and row.kind in _TO_READERS else None


def _sections(ask: Ask, letter: Letter) -> Iterator[tuple[str, tuple[Told, ...]]]:
    names = ask.visitor.words.words.sections
    wrong = _taken_back(ask, letter)
    for section in Section:
        found = letter.of(section)
        if found:
            yield names[section], tuple(_told(ask, item, wrong.get(item.id)) for item in found)


def _taken_back(ask: Ask, letter: Letter) -> dict[str, Change]:
    heads = [ask.changes.retracted[item.id] for item in letter.items if item.id in ask.changes.retracted]
    return {change.subject: change for change in ask.archive.changes_numbered(head.seq for head in heads)}


def _told(ask: Ask, item: Item, wrong: Change | None) -> Told:
    seen = item.observed_at if item.uri and item.section is not Section.CHECKS else None
    archived = ask.to.memento(seen, item.uri) if seen else ""
    return Told(item=item, archived=archived, wrong=wrong)


def _json(row: DigestRow, letter: Letter | None) -> rows.Row:
    if letter is None:
        return {**rows.digest(row), "erased": True}
    return {
        **rows.digest(row),
        "erased": False,
        "language": letter.language,
        "since": moment(letter.since),
        "until": moment(letter.until),
        "items": [
            {
                "change": each.id,
                "kind": each.kind,
                "section": str(each.section),
                "headline": each.headline,
                "sentence": each.sentence,
                "uri": each.uri or None,
                "observed_at": moment(each.observed_at),
            }
            for each in letter.items
        ],
        "coming": [
            {"title": each.title, "when": each.when, "city": each.city, "state": each.state, "uri": each.uri or None}
            for each in letter.coming
        ],
        "in_force": [
            {"host": each.host, "text": each.text, "since": moment(each.since), "pages": each.pages}
            for each in letter.in_force
        ],
        "checks": [
            {"source": each.source, "checked_at": moment(each.at), "judged": each.judged, "known": each.known}
            for each in letter.checks
        ],
        "held": list(letter.held),
    }
