"""Who reads what beside the config: those who were added, those who pause, and those who were removed.

A removal leaves a salted hash and no address. It is also written to a file of its own beside the archive, so that an
older archive that is put back, by whatever means, does not write to somebody who had asked not to be written to.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from sqlite3 import Row

from sqlite_utils import Database

from storage import deliveries, files, seals
from storage.codec import maybe_moment, maybe_stamp, moment, stamp
from storage.connection import Connection, insert
from storage.records import RecipientRow, RecipientState

EVERY_LIST = ""
_SALT = 16  # bytes, as NIST SP 800-132 §5.1 asks for at least
_STOPPED = "the recipient was removed"
_FORGOTTEN = "the recipient was removed and forgotten"
_UNSENT = "'queued', 'deferred', 'held', 'sending'"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the file beside the archive: a hash that was removed from a list, or let in again."""

    subscription: str
    salt: bytes
    person: bytes
    removed: bool
    at: str


def is_person(row: RecipientRow, address: str) -> bool:
    """Whether a row is about this address."""
    return hmac.compare_digest(row.person, _person(row.salt, address))


def rows(connection: Connection) -> tuple[RecipientRow, ...]:
    """All rows, in the order they were made."""
    with connection.read() as db:
        return tuple(_rows(db))


def add(connection: Connection, name: str, address: str, now: datetime) -> None:
    """Put an address on a list; it ends a pause or a removal of theirs there."""
    with connection.write("recipient") as db:
        gone = _about(db, address, name)
        _replace(db, name, address, RecipientState.ACTIVE, now, old=gone)
    _note(connection, [_entry(row, removed=False, now=now) for row in gone if row.state is RecipientState.REMOVED])


def pause(connection: Connection, name: str, address: str, until: datetime, now: datetime) -> None:
    """Write nothing to an address before a moment; ``name`` "" means from any list.

    Who was added stays added. A removal stays one.
    """
    with connection.write("recipient") as db:
        mine = _about(db, address, name)
        for row in mine:
            if row.state is not RecipientState.REMOVED:
                db.execute(
                    "UPDATE recipient SET paused_until = ?, changed_at = ? WHERE subscription = ? AND person = ?",
                    [stamp(until), stamp(now), row.subscription, row.person],
                )
        if not any(row.subscription == name for row in mine):
            _replace(db, name, address, RecipientState.PAUSED, now, until=until)


def remove(connection: Connection, name: str, address: str, now: datetime) -> int:
    """Take an address off a list, "" for all; how many queued messages that stopped."""
    with connection.write("recipient") as db:
        row = _removed(db, name, address, now)
        # Before the commit: a kill in between leaves a removal that the next opening carries out, never a lost one.
        _note(connection, [_entry(row, removed=True, now=now)])
        return _stop(db, address, name, now)


def forget(connection: Connection, address: str, now: datetime) -> int:
    """Remove an address from all lists and erase where it stands; how many messages that concerned.

    The frozen bytes of messages to it go, and its address and what servers answered about it in the outbox. What stays
    is a salted hash in the list of removals.
    """
    with connection.write("recipient") as db:
        row = _removed(db, EVERY_LIST, address, now)
        _note(connection, [_entry(row, removed=True, now=now)])
        _stop(db, address, EVERY_LIST, now)
        found = db.execute("SELECT id FROM delivery WHERE recipient = ? COLLATE NOCASE", [_plain(address)]).fetchall()
        ids = [int(row[0]) for row in found]
        for delivery_id in ids:
            db.execute(
                "UPDATE delivery SET recipient = ?, message_id = '', last_answer = ? WHERE id = ?",
                [f"forgotten-{delivery_id}", _FORGOTTEN, delivery_id],
            )
        deliveries.erase(db, ids, now)
        return len(ids)


def heal(connection: Connection) -> None:
    """Carry out the removals that stand beside the archive and not in it: it is older than they are."""
    entries = tuple(_noted(connection.path))
    if not entries:
        return
    known = {(row.subscription, row.person): stamp(row.changed_at) for row in rows(connection)}
    newest = {(entry.subscription, entry.person): entry for entry in entries}
    missing = [entry for key, entry in newest.items() if entry.removed and known.get(key, "") < entry.at]
    back = [entry for key, entry in newest.items() if not entry.removed and key in known and known[key] < entry.at]
    if not missing and not back:
        return
    with connection.write("recipient") as db:
        for entry in missing:
            _take_over(db, entry)
        for entry in back:
            db.execute(
                "DELETE FROM recipient WHERE subscription = ? AND person = ? AND state = 'removed'",
                [entry.subscription, entry.person],
            )


def written_to(connection: Connection, name: str, among: Collection[str]) -> frozenset[str]:
    """Those of some addresses, in lower case, that a list ever had a message for, not refused or dropped."""
    missing = set(among)
    with connection.read() as db:
        found = db.execute(  # CROSS: from the newest back, because who listens was mostly written to by the last digest
            "SELECT recipient FROM delivery CROSS JOIN digest ON digest = number "
            "WHERE subscription = ? AND state NOT IN ('refused', 'dropped') ORDER BY id DESC",
            [name],
        )
        while missing and (row := found.fetchone()) is not None:
            missing.discard(_plain(row[0]))
    return frozenset(among) - missing


def _plain(address: str) -> str:
    return address.casefold()


def _person(salt: bytes, address: str) -> bytes:
    return hmac.new(salt, _plain(address).encode(), sha256).digest()


def _rows(db: Database) -> Iterator[RecipientRow]:
    for row in db.execute("SELECT * FROM recipient ORDER BY id").fetchall():
        yield _row(row)


def _row(row: Row) -> RecipientRow:
    seals.require(row, f"recipient {row['id']}")
    return RecipientRow(
        subscription=row["subscription"],
        salt=row["salt"],
        person=row["person"],
        address=row["address"] or "",
        state=RecipientState(row["state"]),
        paused_until=maybe_moment(row["paused_until"]),
        since=moment(row["since"]),
        changed_at=moment(row["changed_at"]),
    )


def _about(db: Database, address: str, name: str) -> tuple[RecipientRow, ...]:
    """The rows of a person that a decision about a list replaces; one about all lists replaces every other."""
    wanted = (row for row in _rows(db) if name in {EVERY_LIST, row.subscription})
    return tuple(row for row in wanted if is_person(row, address))


def _replace(
    db: Database,
    name: str,
    address: str,
    state: RecipientState,
    now: datetime,
    *,
    old: tuple[RecipientRow, ...] = (),
    until: datetime | None = None,
) -> RecipientRow:
    for row in old:
        db.execute("DELETE FROM recipient WHERE subscription = ? AND person = ?", [row.subscription, row.person])
    salt = secrets.token_bytes(_SALT)
    made = RecipientRow(
        subscription=name,
        salt=salt,
        person=_person(salt, address),
        address="" if state is RecipientState.REMOVED else address,
        state=state,
        paused_until=until,
        since=min((row.since for row in old), default=now),
        changed_at=now,
    )
    _store(db, made)
    return made


def _store(db: Database, row: RecipientRow) -> None:
    insert(
        db,
        "recipient",
        {
            "subscription": row.subscription,
            "salt": row.salt,
            "person": row.person,
            "address": row.address or None,
            "state": row.state,
            "paused_until": maybe_stamp(row.paused_until),
            "since": stamp(row.since),
            "changed_at": stamp(row.changed_at),
        },
    )


def _removed(db: Database, name: str, address: str, now: datetime) -> RecipientRow:
    return _replace(db, name, address, RecipientState.REMOVED, now, old=_about(db, address, name))


def _stop(db: Database, address: str, name: str, now: datetime) -> int:
    """Drop what is queued for an address. What is being sent at this moment is not tried again."""
    cursor = db.execute(
        f"""
        UPDATE delivery SET state = 'dropped', last_answer = ?, next_at = NULL, lease_until = NULL, updated_at = ?
        WHERE state IN ({_UNSENT}) AND recipient = ? COLLATE NOCASE
            AND (? = '' OR digest IN (SELECT number FROM digest WHERE subscription = ?))
        """,  # noqa: S608 - a constant
        [_STOPPED, stamp(now), _plain(address), name, name],
    )
    return int(cursor.rowcount)


def _take_over(db: Database, entry: _Entry) -> None:
    """Do to this archive what was done to the one it replaces, knowing a hash alone."""
    at = moment(entry.at)
    row = RecipientRow(
        subscription=entry.subscription,
        salt=entry.salt,
        person=entry.person,
        address="",
        state=RecipientState.REMOVED,
        paused_until=None,
        since=at,
        changed_at=at,
    )
    for old in tuple(_rows(db)):
        same_list = entry.subscription in {EVERY_LIST, old.subscription}
        same_person = old.person == entry.person or (old.address and is_person(row, old.address))
        if same_list and same_person and old.changed_at <= at:
            db.execute("DELETE FROM recipient WHERE subscription = ? AND person = ?", [old.subscription, old.person])
    _store(db, row)
    waiting = db.execute(f"SELECT DISTINCT recipient FROM delivery WHERE state IN ({_UNSENT})").fetchall()  # noqa: S608
    for (address,) in waiting:
        if is_person(row, address):
            _stop(db, address, entry.subscription, at)


# --- the file beside the archive


def _file(archive: Path) -> Path:
    return archive.with_name(archive.name + ".removed")


def _entry(row: RecipientRow, *, removed: bool, now: datetime) -> _Entry:
    return _Entry(subscription=row.subscription, salt=row.salt, person=row.person, removed=removed, at=stamp(now))


def _note(connection: Connection, entries: Iterable[_Entry]) -> None:
    """Append lines, durably: one write, then fsync. A line that a power cut left in half is passed over."""
    text = "".join(
        json.dumps(
            {
                "list": entry.subscription,
                "salt": entry.salt.hex(),
                "person": entry.person.hex(),
                "removed": entry.removed,
                "at": entry.at,
            }
        )
        + "\n"
        for entry in entries
    )
    if not text:
        return
    files.append(_file(connection.path), text)


def _noted(archive: Path) -> Iterator[_Entry]:
    for line in files.lines(_file(archive)):
        try:
            found = json.loads(line)
            yield _Entry(
                subscription=found["list"],
                salt=bytes.fromhex(found["salt"]),
                person=bytes.fromhex(found["person"]),
                removed=bool(found["removed"]),
                at=stamp(moment(found["at"])),
            )
        except (ValueError, KeyError, TypeError):
            continue
