"""The outbox: one row per message and recipient, each step of it compared and set."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from sqlite3 import Row

from sqlite_utils import Database

from storage import payloads, seals
from storage.codec import maybe_moment, maybe_stamp, moment, plain, stamp
from storage.connection import Connection, insert
from storage.errors import ArchiveBusy
from storage.lock import FileLock
from storage.records import Delivery, DeliveryState, NewDelivery, Owed

#: How long an attempt may take before the message counts as orphaned although somebody sends mail: a little more
#: than the ten minutes that RFC 5321 §4.5.3.2.6 allows a server for its last answer.
LEASE = timedelta(minutes=15)

#: No attempt is put off for longer (:mod:`alerts.retries` waits three hours and a tenth at most): a later time was
#: written while the clock was ahead, and would be waited for until the clock is there again.
LONGEST_WAIT = timedelta(hours=4)

#: How long the bytes of a message stay after the last delivery of its digest came to an end: long enough to answer
#: "I never got it", and no longer. What stays is the hash of the bytes, and the digest, which renders the same again.
KEPT_AFTER = timedelta(days=30)
_FINAL = "'sent', 'refused', 'dropped'"


def store(db: Database, digest: int, new: NewDelivery, now: datetime) -> None:
    """Queue one message; part of the caller's transaction."""
    row = {
        "digest": digest,
        "recipient": new.recipient,
        "part": new.part,
        "envelope_from": new.envelope_from,
        "message_id": new.message_id,
        "message": payloads.store(db, new.message).id,
        "html": payloads.store(db, new.html).id,
        "state": DeliveryState.QUEUED,
        "created_at": stamp(now),
        "next_at": stamp(now),
        "updated_at": stamp(now),
    }
    insert(db, "delivery", row)


def erase(db: Database, ids: Sequence[int], now: datetime) -> None:
    """Mark deliveries as purged, and erase their bytes where nothing else has the same; part of a transaction.

    Bytes are kept once per content: an empty HTML part, or a page that shows our own digest, may be an answer of a
    website too, and that is history.
    """
    wanted = json.dumps(list(ids))
    db.execute("UPDATE delivery SET purged_at = ? WHERE id IN (SELECT value FROM json_each(?))", [stamp(now), wanted])
    db.execute(
        """
        WITH mine (id) AS (
            SELECT message FROM delivery WHERE id IN (SELECT value FROM json_each(:ids))
            UNION SELECT html FROM delivery WHERE id IN (SELECT value FROM json_each(:ids)))
        UPDATE content SET data = NULL WHERE id IN (
            SELECT id FROM mine
            EXCEPT SELECT message FROM delivery WHERE purged_at IS NULL
            EXCEPT SELECT html FROM delivery WHERE purged_at IS NULL
            EXCEPT SELECT body FROM digest
            EXCEPT SELECT content FROM reading
            EXCEPT SELECT payload FROM capture EXCEPT SELECT head FROM capture EXCEPT SELECT request FROM capture)
        """,
        {"ids": wanted},
    )


class Outbox:
    """The outbox as one opened archive sees it: it knows which attempts are its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._claims: set[int] = set()

    def due(self, now: datetime, *, everything: bool) -> tuple[Delivery, ...]:
        """What is to be sent now, a dead process had in hand, or waits for a time that no wait explains."""
        orphaned = self._lock.held or not self._lock.taken()
        with self._connection.read() as db:
            rows = db.execute(
                """
                SELECT * FROM delivery WHERE state IN ('queued', 'deferred', 'sending') AND CASE state
                    WHEN 'sending' THEN ? OR lease_until <= ?
                    ELSE ? OR next_at IS NULL OR next_at <= ? OR next_at > ? END
                ORDER BY id
                """,
                [orphaned, stamp(now), everything, stamp(now), stamp(now + LONGEST_WAIT)],
            ).fetchall()
            return tuple(_delivery(db, row) for row in rows if row["id"] not in self._claims)

    def claim(self, delivery_id: int, now: datetime) -> Delivery | None:
        """Take one message in hand. The lock of all senders is held until it is closed, and falls with the process."""
        self._connection.require_writer()
        if delivery_id in self._claims:
            return None
        try:
            self._lock.acquire()
        except ArchiveBusy:
            return None
        try:
            with self._connection.write("claim") as db:
                cursor = db.execute(
                    """
                    UPDATE delivery SET state = 'sending', attempts = attempts + 1, lease_until = ?, updated_at = ?
                    WHERE id = ? AND state IN ('queued', 'deferred', 'sending')
                    """,
                    [stamp(now + LEASE), stamp(now), delivery_id],
                )
                row = db.execute("SELECT * FROM delivery WHERE id = ?", [delivery_id]).fetchone()
                taken = _delivery(db, row) if cursor.rowcount == 1 else None
        except BaseException:
            self._lock.release()
            raise
        if taken is None:
            self._lock.release()
        else:
            self._claims.add(delivery_id)
        return taken

    def close(
        self,
        delivery_id: int,
        state: DeliveryState,
        answer: str,
        next_at: datetime | None,
        now: datetime,
        *,
        notice: NewDelivery | None = None,
    ) -> bool:
        """Write down how an attempt ended; a message that did go out is sent, whatever was done to it meanwhile.

        ``notice`` is queued in its place, in the same transaction.
        """
        with self._connection.write("close") as db:
            cursor = db.execute(
                """
                UPDATE delivery SET state = ?, last_answer = ?, next_at = ?, lease_until = NULL, updated_at = ?,
                    sent_at = CASE WHEN ? = 'sent' THEN ? ELSE sent_at END
                WHERE id = ? AND (state = 'sending' OR (? = 'sent' AND state <> 'sent'))
                """,
                [state, plain(answer), maybe_stamp(next_at), stamp(now), state, stamp(now), delivery_id, state],
            )
            done = cursor.rowcount == 1
            if done and notice is not None:
                digest = db.execute("SELECT digest FROM delivery WHERE id = ?", [delivery_id]).fetchone()[0]
                store(db, digest, notice, now)
        if delivery_id in self._claims:
            self._claims.discard(delivery_id)
            self._lock.release()
        return done

    def everything(self) -> tuple[Delivery, ...]:
        """Every delivery."""
        with self._connection.read() as db:
            seals.require_complete(db, "delivery", "sqlite_autoindex_delivery_1", gapless=False)
            return tuple(_delivery(db, row) for row in db.execute("SELECT * FROM delivery ORDER BY id").fetchall())

    def unfinished(self) -> tuple[Owed, ...]:
        """Every delivery that is queued, deferred or being sent."""
        return self._owed("state IN ('queued', 'deferred', 'sending')")

    def undelivered(self, since: datetime) -> tuple[Owed, ...]:
        """What is held, and what was refused at or after a moment."""
        return self._owed("(state = 'held' OR (state = 'refused' AND updated_at >= ?))", stamp(since))

    def _owed(self, which: str, *values: str) -> tuple[Owed, ...]:
        with self._connection.read() as db:
            rows = db.execute(
                f"SELECT id, recipient, state, created_at, last_answer FROM delivery WHERE {which} ORDER BY id",  # noqa: S608 - constants
                list(values),
            ).fetchall()
        return tuple(
            Owed(
                id=row["id"],
                recipient=row["recipient"],
                state=DeliveryState(row["state"]),
                created_at=moment(row["created_at"]),
                last_answer=row["last_answer"],
            )
            for row in rows
        )

    def purge(self, now: datetime) -> int:
        """Erase the bytes of digests whose last delivery ended long enough ago; how many messages that was."""
        with self._connection.read() as db:
            found = self._purgeable(db, now)
        if not found:
            return 0
        with self._connection.write("purge") as db:
            found = self._purgeable(db, now)
            erase(db, [row["id"] for row in found], now)
        return len(found)

    @staticmethod
    def _purgeable(db: Database, now: datetime) -> list[Row]:
        """Rows whose bytes may go: no delivery of their digest is open, or came to its end lately."""
        rows: list[Row] = db.execute(
            f"""
            SELECT id, message, html FROM delivery WHERE purged_at IS NULL AND updated_at <= ? AND digest NOT IN (
                SELECT digest FROM delivery WHERE state NOT IN ({_FINAL}) OR updated_at > ?)
            """,  # noqa: S608 - a constant
            [stamp(now - KEPT_AFTER), stamp(now - KEPT_AFTER)],
        ).fetchall()
        return rows

    def move(self, delivery_id: int, origins: tuple[DeliveryState, ...], target: DeliveryState, now: datetime) -> bool:
        """Put a delivery from one of some states into another; queued means: due now."""
        marks = ", ".join("?" * len(origins))
        with self._connection.write("close") as db:
            cursor = db.execute(
                f"UPDATE delivery SET state = ?, next_at = ?, updated_at = ? "  # noqa: S608 - question marks
                f"WHERE id = ? AND state IN ({marks}) AND (purged_at IS NULL OR ? <> 'queued')",
                [
                    target,
                    stamp(now) if target is DeliveryState.QUEUED else None,
                    stamp(now),
                    delivery_id,
                    *origins,
                    target,
                ],
            )
            return cursor.rowcount == 1

    def counts(self) -> Mapping[DeliveryState, int]:
        """How many deliveries are in each state."""
        with self._connection.read() as db:
            counted = dict(db.execute("SELECT state, count(*) FROM delivery GROUP BY state").fetchall())
        return {state: int(counted.get(state, 0)) for state in DeliveryState}

    @property
    def _lock(self) -> FileLock:
        return self._connection.named_lock("delivery", "mail is being sent by {holder}; try again when it has finished")


def _delivery(db: Database, row: Row) -> Delivery:
    seals.require(row, f"message {row['id']}")
    return Delivery(
        id=row["id"],
        digest=row["digest"],
        recipient=row["recipient"],
        part=row["part"],
        envelope_from=row["envelope_from"],
        message_id=row["message_id"],
        message=b"" if row["purged_at"] else payloads.load(db, row["message"]),
        html=b"" if row["purged_at"] else payloads.load(db, row["html"]),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        created_at=moment(row["created_at"]),
        next_at=maybe_moment(row["next_at"]),
        last_answer=row["last_answer"],
        sent_at=maybe_moment(row["sent_at"]),
        updated_at=moment(row["updated_at"]),
    )
