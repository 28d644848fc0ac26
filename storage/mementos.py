"""What web archives ask each other: the state of an address at a moment, its neighbours in time, and the life of both.

A *memento* (RFC 7089) is a capture that showed the page, or a style, an image or a font that was kept for replay. Two
of the same second are one, the later: their addresses have no fraction of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any

from sqlite_utils import Database

from extractors import address
from extractors.model import ASSET, Outcome
from storage import captures, reading, readings
from storage.codec import json_text, moment, stamp, written
from storage.connection import Connection
from storage.records import Capture, Memento, MonthLooks, Stretch

_ASSET = f"(c.rule = '{ASSET}' AND c.outcome IN ('{Outcome.OK}', '{Outcome.UNCHANGED}'))"
_SHOWN = f"WHERE c.resource = ? AND c.probe = 0 AND (c.version_id IS NOT NULL OR {_ASSET})"
_OLDEST_FIRST = "ORDER BY c.captured_at, c.id"
_NEWEST_FIRST = "ORDER BY c.captured_at DESC, c.id DESC"
_SECOND = timedelta(seconds=1)
# A capture whose bytes are there, of each of some addresses.
_HELD = f"""
SELECT r.address FROM json_each(?) wanted JOIN resource r ON r.address = wanted.value
WHERE EXISTS (
    SELECT 1 FROM capture c LEFT JOIN capture o ON o.id = c.revisit_of
    JOIN content p ON p.id = coalesce(o.payload, c.payload)
    WHERE c.resource = r.id AND c.probe = 0 AND (c.version_id IS NOT NULL OR {_ASSET}) AND p.data IS NOT NULL
)
"""  # noqa: S608 - constants


def memento_at(connection: Connection, uri: str, at: datetime) -> Memento | None:
    """The state of an address at or before a moment, or its first one; None where there is none at all."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        if resource is None:
            return None
        captures.require_all(db, resource)
        found = _first(db, resource, f"AND c.captured_at <= ? {_NEWEST_FIRST}", stamp(at))
        found = found or _first(db, resource, _OLDEST_FIRST)
        return _memento(connection, found) if found is not None else None


def nearest(connection: Connection, uri: str, at: datetime) -> Memento | None:
    """The memento of an address nearest to a moment, before or after, whose bytes are there; None if there is none."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        if resource is None:
            return None
        captures.require_all(db, resource)
        before = _first(db, resource, f"AND c.captured_at <= ? {_NEWEST_FIRST}", stamp(at))
        after = _first(db, resource, f"AND c.captured_at > ? {_OLDEST_FIRST}", stamp(at))
        both = [row for row in (before, after) if row is not None and reading.tombstone_of(db, row) is None]
        both.sort(key=lambda each: abs(moment(each["captured_at"]) - at))
        return _memento(connection, both[0]) if both else None


def mementos(connection: Connection, uri: str) -> tuple[Capture, ...]:
    """Every memento of an address, oldest first, without the bytes of request and head."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        if resource is None:
            return ()
        captures.require_all(db, resource)
        rows = captures.select(db, f"{_SHOWN} {_OLDEST_FIRST}", [resource])
        found = {each.captured_at.replace(microsecond=0): each for each in captures.outlines_of(rows)}
    return tuple(found.values())  # of one second the last


def held(connection: Connection, uris: Iterable[str]) -> frozenset[str]:
    """Those of some URIs of which there are bytes."""
    by_key: dict[str, list[str]] = {}
    for uri in uris:
        by_key.setdefault(address.key(uri), []).append(uri)
    with connection.read() as db:
        there = [str(row[0]) for row in db.execute(_HELD, [json_text(list(by_key))])]
    return frozenset(uri for key in there for uri in by_key[key])


def months(connection: Connection, uri: str) -> tuple[MonthLooks, ...]:
    """In which months of UTC an address was looked at, and how often, oldest first."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        if resource is None:
            return ()
        captures.require_all(db, resource)
        rows = db.execute(
            """
            SELECT substr(captured_at, 1, 7), count(*) FROM capture
            WHERE resource = ? AND probe = 0 GROUP BY 1 ORDER BY 1
            """,
            [resource],
        ).fetchall()
    return tuple(MonthLooks(year=int(row[0][:4]), month=int(row[0][5:]), looks=row[1]) for row in rows)


def looks_between(connection: Connection, uri: str, start: datetime, end: datetime) -> tuple[Capture, ...]:
    """The looks at an address from ``start`` until before ``end``, oldest first, without request and head."""
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        if resource is None:
            return ()
        rest = f"WHERE c.resource = ? AND c.probe = 0 AND c.captured_at >= ? AND c.captured_at < ? {_OLDEST_FIRST}"
        rows = captures.select(db, rest, [resource, stamp(start), stamp(end)])
        return tuple(captures.outlines_of(rows))


def stretches(connection: Connection, uri: str) -> tuple[Stretch, ...]:
    """The versions of an address without their pages, oldest first, with when each was last seen.

    As in :func:`storage.reading.versions_of`, where an imported and an own version meet and agree, they are one.
    """
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(uri))
        if resource is None:
            return ()
        captures.require_versions(db, resource)
        seen = {
            int(row[0]): (str(row[1]), int(row[2]))
            for row in db.execute(
                """
                SELECT version_id, max(captured_at), count(*) FROM capture
                WHERE resource = ? AND version_id IS NOT NULL GROUP BY version_id
                """,
                [resource],
            )
        }
        return tuple(_joined(reading.version_rows(db, resource), seen))


def _memento(connection: Connection, found: Row) -> Memento:
    db, resource, at = connection.db, found["resource"], moment(found["captured_at"])
    second = at.replace(microsecond=0)
    return Memento(
        capture=captures.capture_of(db, found),
        page=readings.load(connection, found["reading"]) if found["reading"] is not None else None,
        payload=reading.payload_of(db, found),
        erased=reading.tombstone_of(db, found),
        original=reading.original_of(db, found),
        first=_time(_first(db, resource, _OLDEST_FIRST)) or at,
        previous=_time(_first(db, resource, f"AND c.captured_at < ? {_NEWEST_FIRST}", stamp(second))),
        next=_time(_first(db, resource, f"AND c.captured_at >= ? {_OLDEST_FIRST}", stamp(second + _SECOND))),
        last=_time(_first(db, resource, _NEWEST_FIRST)) or at,
    )


def _joined(rows: Iterable[tuple[Row, bool]], seen: dict[int, tuple[str, int]]) -> Iterator[Stretch]:
    """One stretch for each version; ``rows`` say of each whether it goes on with the one before."""
    held: list[Row] = []
    for row, joins in rows:
        captures.require_version(row)
        if held and not joins:
            yield _stretch(held, seen)
            held = []
        held.append(row)
    if held:
        yield _stretch(held, seen)


def _stretch(rows: Sequence[Row], seen: dict[int, tuple[str, int]]) -> Stretch:
    first = rows[0]
    looks = [seen[int(row["id"])] for row in rows]
    return Stretch(
        id=first["id"],
        uri=first["uri"],
        text_digest=written(first["text_digest"]),
        since=moment(first["since"]),
        last_seen=moment(max(at for at, _ in looks)),
        looks=sum(count for _, count in looks),
        versions=tuple(int(row["id"]) for row in rows),
    )


def _first(db: Database, resource: int, rest: str, *values: Any) -> Row | None:
    return next(captures.select(db, f"{_SHOWN} {rest} LIMIT 1", [resource, *values]), None)


def _time(row: Row | None) -> datetime | None:
    return None if row is None else captures.outline_of(row).captured_at
