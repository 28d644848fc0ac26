"""Subscriptions, the windows they were told, digests, and the slots of the schedule."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from sqlite3 import Row

from sqlite_utils import Database

from storage import deliveries, payloads, seals
from storage.codec import RowCodec, json_text, maybe_stamp, moment, plain, stamp
from storage.connection import Connection, insert
from storage.errors import ArchiveBusy
from storage.records import DigestHead, DigestHeads, DigestRow, NewDigest, SubscriptionRow

_SUBSCRIPTIONS = RowCodec(SubscriptionRow)


def last_seq(db: Database) -> int:
    """The newest commit number ever given."""
    return _counter(db, "change")


def next_number(db: Database) -> int:
    """The number of the next digest; numbers are never given twice."""
    return _counter(db, "digest") + 1


def record_subscriptions(connection: Connection, names: Collection[str], now: datetime) -> None:
    """Make rows for the names that have none."""
    with connection.read() as db:
        known = {row[0] for row in db.execute("SELECT name FROM subscription")}
    if known.issuperset(names):
        return
    with connection.write("digest") as db:
        first_ever = db.execute("SELECT count(*) FROM subscription").fetchone()[0] == 0
        told = 0 if first_ever else last_seq(db)
        for name in names:
            db.execute(
                "INSERT INTO subscription (name, told_through, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [name, told, stamp(now)],
            )


def subscription(connection: Connection, name: str) -> SubscriptionRow | None:
    """The row of one subscription."""
    with connection.read() as db:
        seals.require_complete(db, "subscription", "sqlite_autoindex_subscription_1")
        row = db.execute("SELECT * FROM subscription NOT INDEXED WHERE name = ?", [name]).fetchone()
    return _SUBSCRIPTIONS.value(row) if row else None


def commit_digest(connection: Connection, build: Callable[[int], NewDigest]) -> DigestRow:
    """Number, build and store one digest."""
    with connection.write("digest") as db:
        number = next_number(db)
        store(db, number, build(number))
        return _digest(db, db.execute("SELECT * FROM digest WHERE number = ?", [number]).fetchone())


def store(db: Database, number: int, new: NewDigest) -> None:
    """Write a digest, its deliveries and the end of its window; part of the caller's transaction."""
    if new.kind == "digest":
        _close_window(db, new)
    row = {
        "number": number,
        "subscription": new.subscription,
        "kind": new.kind,
        "after": new.after,
        "through": new.through,
        "created_at": stamp(new.created_at),
        "slot": maybe_stamp(new.slot),
        "change_ids": json_text(new.change_ids),
        "subject": plain(new.subject),
        "body": payloads.store(db, plain(new.body).encode()).id,
    }
    insert(db, "digest", row)
    for delivery in new.deliveries:
        deliveries.store(db, number, delivery, new.created_at)


def digests(connection: Connection, name: str | None) -> tuple[DigestRow, ...]:
    """Digests in the order of their numbers."""
    with connection.read() as db:
        rows = db.execute("SELECT * FROM digest ORDER BY number").fetchall()
        if [row["number"] for row in rows] != list(range(1, next_number(db))):
            raise seals.damaged("the list of every digest")
        for row in rows:
            seals.require(row, f"digest {row['number']}")
        return tuple(_digest(db, row) for row in rows if name in (None, row["subscription"]))


def coming_number(connection: Connection) -> int:
    """The number that the next digest gets."""
    with connection.read() as db:
        number = next_number(db)
        if db.execute("SELECT coalesce(max(number), 0) FROM digest").fetchone()[0] != number - 1:
            raise seals.damaged("the list of every digest")
        return number


def told(connection: Connection, name: str) -> frozenset[str]:
    """The ids of all changes that a subscription was ever told."""
    with connection.read() as db:
        return frozenset(each for row in _newest_first(db, name) for each in json.loads(row["change_ids"]))


def told_at_once(connection: Connection, name: str) -> dict[str, datetime]:
    """When changes that wait for a subscription's next digest were told ahead of it, by id; others may be there too.

    What was told at once before the last digest but one was stored is no part of the next: the window of the last one
    was read afterwards, and has it, or begins behind it.
    """
    found: dict[str, datetime] = {}
    closed = 0
    with connection.read() as db:
        for row in _newest_first(db, name):
            closed += row["kind"] == "digest"
            if closed > 1:
                break
            if row["kind"] == "immediate":
                for told_id in json.loads(row["change_ids"]):
                    found.setdefault(told_id, moment(row["created_at"]))
    return found


def heads(connection: Connection, kinds: Collection[str], span: tuple[int, int]) -> DigestHeads:
    """Some digests in short, newest first: first and number of ``span``."""
    wanted = json_text(sorted(kinds))
    with connection.read() as db:
        if db.execute("SELECT count(*) FROM digest").fetchone()[0] != next_number(db) - 1:
            raise seals.damaged("the list of every digest")
        of_kinds = "FROM digest WHERE kind IN (SELECT value FROM json_each(?))"
        total = db.execute(f"SELECT count(*) {of_kinds}", [wanted]).fetchone()[0]
        rows = db.execute(
            f"SELECT * {of_kinds} ORDER BY number DESC LIMIT ? OFFSET ?",
            [wanted, span[1], span[0]],
        ).fetchall()
    return DigestHeads(total=total, heads=tuple(map(_head, rows)))


def neighbours(connection: Connection, row: DigestRow) -> tuple[int | None, int | None]:
    """The numbers of the digests of the same subscription before and behind one."""
    with connection.read() as db:
        before, behind = db.execute(
            """
            SELECT (SELECT max(number) FROM digest WHERE subscription = ?1 AND number < ?2),
                (SELECT min(number) FROM digest WHERE subscription = ?1 AND number > ?2)
            """,
            [row.subscription, row.number],
        ).fetchone()
    return before, behind


def digest(connection: Connection, number: int) -> DigestRow | None:
    """One digest."""
    with connection.read() as db:
        row = db.execute("SELECT * FROM digest WHERE number = ?", [number]).fetchone()
        return _digest(db, row) if row else None


def newest_digest(connection: Connection, name: str) -> DigestRow | None:
    """The newest digest of a subscription."""
    with connection.read() as db:
        row = db.execute("SELECT * FROM digest WHERE subscription = ? ORDER BY number DESC LIMIT 1", [name]).fetchone()
        return _digest(db, row) if row else None


def claim_slot(connection: Connection, job: str, slot: datetime, now: datetime) -> bool:
    """Insert the slot; False if it is there."""
    with connection.write("slot") as db:
        cursor = db.execute(
            "INSERT INTO slot (job, slot, claimed_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [job, stamp(slot), stamp(now)],
        )
        return cursor.rowcount == 1


def last_slot(connection: Connection, job: str, until: datetime | None) -> datetime | None:
    """The newest slot of a job, of those up to a moment."""
    return next(iter(slots(connection, job, until, 1)), None)


def slots(connection: Connection, job: str, until: datetime | None, limit: int) -> tuple[datetime, ...]:
    """The newest slots of a job up to a moment, newest first."""
    with connection.read() as db:
        rows = db.execute(
            "SELECT slot FROM slot WHERE job = ? AND slot <= coalesce(?, slot) ORDER BY slot DESC LIMIT ?",
            [job, maybe_stamp(until), limit],
        )
        return tuple(moment(row[0]) for row in rows.fetchall())


def _newest_first(db: Database, name: str) -> Iterator[Row]:
    """The digests of a subscription from the newest back."""
    for row in seals.newest_first(db, "digest", next_number(db) - 1):
        seals.require(row, f"digest {row['number']}")
        if row["subscription"] == name:
            yield row


def _counter(db: Database, table: str) -> int:
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
    return int(row[0]) if row else 0


def _close_window(db: Database, new: NewDigest) -> None:
    """Move the subscription on; only from where the digest begins, so that no change is told twice or left out."""
    cursor = db.execute(
        """
        UPDATE subscription SET told_through = ?, last_digest_at = ?, last_slot = coalesce(?, last_slot)
        WHERE name = ? AND told_through = ?
        """,
        [new.through, stamp(new.created_at), maybe_stamp(new.slot), new.subscription, new.after],
    )
    if cursor.rowcount != 1:
        raise ArchiveBusy(
            f'subscription "{new.subscription}": another process has just closed this digest; run it again'
        )


def _digest(db: Database, row: Row) -> DigestRow:
    seals.require(row, f"digest {row['number']}")
    return DigestRow(
        number=row["number"],
        subscription=row["subscription"],
        kind=row["kind"],
        after=row["after"],
        through=row["through"],
        created_at=moment(row["created_at"]),
        change_ids=tuple(json.loads(row["change_ids"])),
        subject=row["subject"],
        body=_body(db, row["body"]),
    )


def _head(row: Row) -> DigestHead:
    seals.require(row, f"digest {row['number']}")
    return DigestHead(
        number=row["number"],
        subscription=row["subscription"],
        kind=row["kind"],
        created_at=moment(row["created_at"]),
        subject=row["subject"],
        change_ids=tuple(json.loads(row["change_ids"])),
    )


def _body(db: Database, content: int) -> str:
    try:
        return payloads.load(db, content).decode()
    except KeyError:
        return ""
