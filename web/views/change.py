"""One change: what it was, before and after, and where it stands in the life of its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from extractors import address
from storage.records import Change, Version
from web import rows
from web.answers import Answer, Nothing, Shown
from web.ask import Ask
from web.compare import Compared, Part, compared, compared_texts
from web.entries import Entry, entries
from web.ledger import at

_ONE_LOOK = timedelta(
    hours=6
)  # a crawl is over by then (the default deadline is two hours); the next one is a day later
_NEIGHBOURS = 10  # earlier and later changes that are listed; the page's own life has them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One typed fact, before and after; "" where there is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one change shows."""

    entry: Entry
    blocks: tuple[Compared, ...]
    beside: bool
    comparable: bool
    before: Version | None
    after: Version | None
    facts: tuple[Fact, ...]
    earlier: tuple[Entry, ...]
    later: tuple[Entry, ...]
    permanent: str


def change(ask: Ask) -> Answer:
    """One change, its words marked in place."""
    return _seen(ask, beside=False)


def beside(ask: Ask) -> Answer:
    """One change, both states side by side."""
    return _seen(ask, beside=True)


def _seen(ask: Ask, *, beside: bool) -> Answer:
    found = ask.archive.change(ask.path["id"])
    if found is None:
        return Nothing(what="no_change")
    heads = ask.changes.of(address.key(found.uri)) if found.uri else ()
    if found.kind.startswith(("notice.", "seminar.", "source.")):
        heads = ask.changes.of_subject(found.subject)
    own = ask.changes.with_id(found.id)
    entry = next(iter(entries(ask, [own])), None) if own else None
    if entry is None or own is None:
        return Nothing(what="no_change")
    mark = (at(own), own.seq)
    before, after = _versions(ask, found)
    blocks = _blocks(found, before, after)
    content = Seen(
        entry=entry,
        blocks=blocks or (),
        beside=beside,
        comparable=blocks is not None,
        before=before,
        after=after,
        facts=_facts(found, ask),
        earlier=entries(ask, [head for head in heads if (at(head), head.seq) < mark][:_NEIGHBOURS]),
        later=entries(ask, [head for head in reversed(heads) if (at(head), head.seq) > mark][:_NEIGHBOURS]),
        permanent=ask.cited(ask.permanent.change(found.id)),
    )
    row = {
        **rows.change(found, entry.wrong),
        "blocks": [rows.compared(each) for each in content.blocks],
        "earlier": [each.change.id for each in content.earlier],
        "later": [each.change.id for each in content.later],
    }
    return Shown(template="change.html.j2", title=entry.item.headline, content=content, row=row)


def _versions(ask: Ask, found: Change) -> tuple[Version | None, Version | None]:
    """The texts before and after.

    A change of a seminar names none, since several pages may have led to it: it is shown by the page that names it,
    if its text is a new one since that look.
    """
    if found.version_before is not None or found.version_after is not None:
        return _version(ask, found.version_before), _version(ask, found.version_after)
    if not found.kind.startswith("seminar.") or not found.uri:
        return None, None
    until = [each for each in ask.archive.versions_of(found.uri) if each.since <= found.observed_at]
    if not until or found.observed_at - until[-1].since > _ONE_LOOK:
        return None, None
    return (until[-2] if len(until) > 1 else None), until[-1]


def _version(ask: Ask, number: int | None) -> Version | None:
    return ask.archive.version(number) if number is not None else None


def _blocks(found: Change, before: Version | None, after: Version | None) -> tuple[Compared, ...] | None:
    """What differs, word by word; None where there are no two texts to compare."""
    if found.kind.startswith("notice."):
        return compared_texts(Part.NOTICE, _text(found.before), _text(found.after))
    if before is not None and after is not None:
        return compared(before.page.whole, after.page.whole)
    if found.kind == "page.changed" and isinstance(found.before, str | Mapping):
        return compared_texts(Part.TEXT, _text(found.before), _text(found.after))
    return None


def _text(facts: Any) -> str:
    text = facts.get("text") if isinstance(facts, Mapping) else facts
    return text if isinstance(text, str) else ""


def _facts(found: Change, ask: Ask) -> tuple[Fact, ...]:
    """The typed facts that differ, ready to read; texts are compared word by word instead."""
    words = ask.visitor.words.words
    before, after = (side if isinstance(side, Mapping) else {} for side in (found.before, found.after))
    names = [name for name in words.fields if name in before or name in after]
    return tuple(
        Fact(
            name=words.fields[name],
            before=_value(name, before.get(name), ask),
            after=_value(name, after.get(name), ask),
        )
        for name in names
        if before.get(name) != after.get(name)
    )


def _value(name: str, value: Any, ask: Ask) -> str:
    if value is None:
        return ""
    if name in ("start", "end"):
        return ask.visitor.words.span(str(value), None)
    return ask.visitor.words.words.states.get(str(value), str(value)) if name == "state" else str(value)
