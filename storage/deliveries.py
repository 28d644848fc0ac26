"""The outbox: one row per message and recipient, each step of it compared and set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from sqlite3 import Row

from sqlite_utils import Database

from storage import payloads
from storage.codec import maybe_moment, maybe_stamp, moment, plain, stamp
from storage.connection import Connection, insert
from storage.errors import ArchiveBusy
from storage.lock import FileLock
from storage.records import Delivery, DeliveryState, NewDelivery

#: How long an attempt may take before the message counts as orphaned although somebody sends mail: a little more
#: than the ten minutes that RFC 5321 §4.5.3.2.6 allows a server for its last answer.
LEASE = timedelta(minutes=15)


def store(db: Database, digest: int, new: NewDelivery, now: datetime) -> None:
    """Queue one message; part of the caller's transaction."""
    row = {
        "digest": digest,
        "recipient": new.recipient,
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


class Outbox:
    """The outbox as one opened archive sees it: it knows which attempts are its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._claims: set[int] = set()

    def due(self, now: datetime, *, everything: bool) -> tuple[Delivery, ...]:
        """What is to be sent now; messages in the hands of a dead process are."""
        orphaned = self._lock.held or not self._lock.taken()
        with self._connection.read() as db:
            rows = db.execute(
                """
                SELECT * FROM delivery WHERE state IN ('queued', 'deferred', 'sending') AND CASE state
                    WHEN 'sending' THEN ? OR lease_until <= ?
                    ELSE ? OR next_at IS NULL OR next_at <= ? END
                ORDER BY id
                """,
                [orphaned, stamp(now), everything, stamp(now)],
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
        self, delivery_id: int, state: DeliveryState, answer: str, next_at: datetime | None, now: datetime
    ) -> bool:
        """Write down how an attempt ended; a message that did go out is sent, whatever was done to it meanwhile."""
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
        if delivery_id in self._claims:
            self._claims.discard(delivery_id)
            self._lock.release()
        return done

    def everything(self) -> tuple[Delivery, ...]:
        """Every delivery."""
        with self._connection.read() as db:
            return tuple(_delivery(db, row) for row in db.execute("SELECT * FROM delivery ORDER BY id").fetchall())

    def unsettled(self) -> tuple[Delivery, ...]:
        """Every delivery that has neither gone out nor been given up."""
        with self._connection.read() as db:
            rows = db.execute("SELECT * FROM delivery WHERE state NOT IN ('sent', 'dropped') ORDER BY id").fetchall()
            return tuple(_delivery(db, row) for row in rows)

    def move(self, delivery_id: int, origins: tuple[DeliveryState, ...], target: DeliveryState, now: datetime) -> bool:
        """Put a delivery from one of some states into another; queued means: due now."""
        marks = ", ".join("?" * len(origins))
        with self._connection.write("close") as db:
            cursor = db.execute(
                f"UPDATE delivery SET state = ?, next_at = ?, updated_at = ? WHERE id = ? AND state IN ({marks})",  # noqa: S608 - question marks
                [
                    target,
                    stamp(now) if target is DeliveryState.QUEUED else None,
                    stamp(now),
                    delivery_id,
                    *origins,
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
    return Delivery(
        id=row["id"],
        digest=row["digest"],
        recipient=row["recipient"],
        envelope_from=row["envelope_from"],
        message_id=row["message_id"],
        message=payloads.load(db, row["message"]),
        html=payloads.load(db, row["html"]),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        created_at=moment(row["created_at"]),
        next_at=maybe_moment(row["next_at"]),
        last_answer=row["last_answer"],
        sent_at=maybe_moment(row["sent_at"]),
    )
