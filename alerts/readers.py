"""Who of a subscription is written to now: the addresses of config and archive, without who pauses or was removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from alerts.mail import address_of
from alerts.model import Subscription
from storage.archive import Archive
from storage.recipients import EVERY_LIST, is_person
from storage.records import RecipientRow, RecipientState


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One person on one list. ``origin`` says where the address stands; ``paused_until`` holds while it is ahead.

    ``new`` is true until there is a first message for them, which begins with how things stand.
    """

    subscription: str
    mailbox: str  # as in the config, with a name if it has one
    address: str
    origin: Literal["config", "archive"]
    state: RecipientState
    paused_until: datetime | None
    since: datetime | None  # when the archive was told of them; None for the config's
    new: bool


def readers(archive: Archive, subscription: Subscription, now: datetime) -> tuple[Reader, ...]:
    """Everybody on a list, whatever they are told at present: the config's first, then those who were added.

    A person stands there once, however often and in whatever case the address is written. Who was removed is listed
    only while the config still names them: of others nothing but a hash is left.
    """
    rows = archive.recipients()
    listed: dict[str, tuple[str, str, Literal["config", "archive"]]] = {}
    for mailbox, origin in _mailboxes(subscription, rows):
        if address := address_of(mailbox):
            listed.setdefault(address.casefold(), (mailbox, address, origin))
    greeted = archive.written_to(subscription.name, listed)
    found: list[Reader] = []
    for key, (mailbox, address, origin) in listed.items():
        row = _decision(rows, subscription.name, address)
        state = _state(row, now)
        found.append(
            Reader(
                subscription=subscription.name,
                mailbox=mailbox,
                address=address,
                origin=origin,
                state=state,
                paused_until=row.paused_until if row and state is RecipientState.PAUSED else None,
                since=row.since if row else None,
                new=key not in greeted,
            )
        )
    return tuple(found)


def listening(archive: Archive, subscription: Subscription, now: datetime) -> tuple[Reader, ...]:
    """Those of a list who are written to at this moment."""
    return tuple(one for one in readers(archive, subscription, now) if one.state is RecipientState.ACTIVE)


def removed(archive: Archive, subscription: str, address: str) -> bool:
    """Whether somebody was taken off a list."""
    row = _decision(archive.recipients(), subscription, address)
    return row is not None and row.state is RecipientState.REMOVED


def _mailboxes(
    subscription: Subscription, rows: tuple[RecipientRow, ...]
) -> Iterator[tuple[str, Literal["config", "archive"]]]:
    for mailbox in subscription.to:
        yield mailbox, "config"
    for row in rows:
        if row.subscription == subscription.name and row.state is RecipientState.ACTIVE:
            yield row.address, "archive"


def _decision(rows: tuple[RecipientRow, ...], name: str, address: str) -> RecipientRow | None:
    """What was decided about a person and a list; what was decided about this list goes before all lists."""
    mine = [row for row in rows if row.subscription in {name, EVERY_LIST} and is_person(row, address)]
    return next((row for row in mine if row.subscription == name), mine[0] if mine else None)


def _state(row: RecipientRow | None, now: datetime) -> RecipientState:
    if row is None:
        return RecipientState.ACTIVE
    if row.state is RecipientState.REMOVED:
        return row.state
    pausing = row.paused_until is not None and now < row.paused_until
    return RecipientState.PAUSED if pausing else RecipientState.ACTIVE
