"""Changes as the lists of the view show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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
    """The entries of some changes, in the order given; what was withdrawn meanwhile is passed over."""
    wanted = list(heads)
    taken_back = [ask.changes.retracted[head.id] for head in wanted if head.id in ask.changes.retracted]
    numbers = [head.seq for head in (*wanted, *taken_back)]
    found = {change.id: change for change in ask.archive.changes_numbered(numbers)}
    wrong = {each.subject: found[each.id] for each in taken_back if each.id in found}
    return tuple(
        Entry(item=item_of(ask, found[head.id]), change=found[head.id], at=at(head), wrong=wrong.get(head.id))
        for head in wanted
        if head.id in found
    )


def item_of(ask: Ask, change: Change) -> Item:
    """A change as a digest tells it, without links."""
    return items.item_of(change, ask.visitor.words, _NO_WEB)
