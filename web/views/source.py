"""What one source watches: how far it was checked, every page and document, and what became known of late."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.letter import Check
from storage.records import Role
from web import rows
from web.answers import Answer, Nothing, Shown
from web.ask import Ask
from web.checks import check
from web.entries import Entry, entries
from web.paging import Paging, paging
from web.texts.source import TEXTS
from web.views.listed import Listed, listed, row_of
from web.written import moment

_ON_A_PAGE = 50
_RECENT = 10
_WORDS, _LONGEST = 5, 100  # words of the filter, characters of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the page of a source shows. ``total`` counts the addresses that fit the filter."""

    name: str
    enabled: bool
    start: tuple[str, ...]
    check: Check
    words: str
    role: str
    total: int
    listed: tuple[Listed, ...]
    paging: Paging
    changes: tuple[Entry, ...]


def source(ask: Ask) -> Answer:
    """One source."""
    name = ask.path["name"]
    if not is_known(ask, name):
        return Nothing(what="no_source", values={"name": name})
    typed = ask.query.get("words", "")[:_LONGEST]
    words = tuple(typed.lower().split()[:_WORDS])
    role = next((each for each in Role if each == ask.query.get("kind")), None)
    total = ask.archive.watched(name, role=role, words=words, number=0).total
    at = paging(ask, ask.to.source(name), total, _ON_A_PAGE)
    found = ask.archive.watched(name, role=role, words=words, first=at.first, number=at.size)
    configured = next((each for each in ask.settings.sources if each.name == name), None)
    content = Seen(
        name=name,
        enabled=configured is not None,
        start=configured.start if configured else ask.archive.source_state(name).start,
        check=check(ask, name),
        words=typed,
        role=str(role or ""),
        total=total,
        listed=listed(ask, found),
        paging=at,
        changes=entries(ask, ask.changes.of_source(name, _RECENT)),
    )
    title = TEXTS[ask.visitor.language].title.format(source=name)
    return Shown(template="source.html.j2", title=title, content=content, row=_row(content))


def known_sources(ask: Ask) -> tuple[str, ...]:
    """All sources: those of the config in its order, then those that have left it and still have their history."""
    return tuple(dict.fromkeys([*(each.name for each in ask.settings.sources), *ask.archive.sources()]))


def is_known(ask: Ask, name: str) -> bool:
    """Whether there is, or was, a source of this name."""
    return any(each.name == name for each in ask.settings.sources) or name in ask.archive.sources()


def _row(content: Seen) -> rows.Row:
    check = content.check
    return {
        "source": content.name,
        "enabled": content.enabled,
        "start": list(content.start),
        "checked_at": moment(check.at),
        "judged": check.judged,
        "known": check.known,
        "total": content.total,
        "page": content.paging.number,
        "pages": content.paging.last,
        "addresses": [row_of(each) for each in content.listed],
        "changes": [rows.change(each.change, each.wrong) for each in content.changes],
    }
