"""Changes as the lists of the view show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from alerts import items
from alerts.letter import Item
from alerts.model import WebSettings
from storage.records import Change, ChangeHead
from web.ask import Ask
from web.ledger import at

_NO_WEB = WebSettings()  # the links of an item are those of a mail; here they are made for the visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change in a list. ``wrong`` is what took it back, if it was; ``at`` is when it became known."""

    item: Item
    change: Change
    at: datetime
    wrong: Change | None = None


def entries(ask: Ask, heads: Iterable[ChangeHead]) -> tuple[Entry, ...]:
    """The entries of some changes, in the order given; what was withdrawn meanwhile is passed over.

    They are kept until something new is committed or something is erased: the same few are on most pages.
    """
    state = (ask.archive.installation_id, ask.changes.newest, ask.archive.last_erasure())
    found = (
        ask.kept.get((_entry, (head.id, ask.visitor.language)), state, partial(_entry, ask, head)) for head in heads
    )
    return tuple(entry for entry in found if entry is not None)


def _entry(ask: Ask, head: ChangeHead) -> Entry | None:
    taken_back = ask.changes.retracted.get(head.id)
    numbers = [head.seq, *([taken_back.seq] if taken_back else [])]
    found = {change.id: change for change in ask.archive.changes_numbered(numbers)}
    if head.id not in found:
        return None
    return Entry(
        item=item_of(ask, found[head.id]),
        change=found[head.id],
        at=at(head),
        wrong=found.get(taken_back.id) if taken_back else None,
    )


def item_of(ask: Ask, change: Change) -> Item:
    """A change as a digest tells it, without links."""
    return items.item_of(change, ask.visitor.words, _NO_WEB)
