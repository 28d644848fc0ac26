"""Bytes kept once per content: payloads, heads, requests, readings and messages, each under its SHA-256.

``coding`` says how ``data`` is kept, and ``base`` names the row that it leans on. There are two kinds of rows that
others may lean on: key frames, which lean on nothing (RAW, ZSTD), and sisters, which lean on the key frame of another
page of the site. A delta leans on one of the two, an earlier version of the same thing, and nothing leans on it.
So no row is more than two steps from a key frame, however long its history (docs/adr/0014). ``data`` is NULL once
the bytes were erased; digest and size stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from sqlite3 import Row
from typing import Any, NamedTuple

from backports import zstd
from sqlite_utils import Database

from storage.batches import batches
from storage.codec import json_text, unwritten, written
from storage.errors import ArchiveDamaged
from storage.records import ErasureKind

RAW = 0
ZSTD = 1
SISTER = 2
DELTA = 3

# Measured on 65 saved pages of public authorities, 79 kB on average: level 6 takes 0.6 ms a page and is 7 % smaller
# than level 3 (0.2 ms); level 12 takes 3 ms for another 2 %. Against an earlier version, or the like of another page
# (benchmarks.archive), level 6 is 5 % smaller than level 3 and takes twice as long. Few rows are key frames.
_KEY_LEVEL = 6
_LEVEL = 3
# Bytes, of the reference and the new ones together, from which both have to fit one window and repeats are looked
# for by long-distance matching. Measured on random bytes with 8 kB put in: without it nothing is found again from
# 3 MB on. The largest window is the one that every zstd decompresses without being told (128 MiB).
_LARGE = 1 << 20
_LARGEST_WINDOW = 27
# A delta that is larger than this part of a fresh frame makes way for one: that pays after as many further versions,
# and a page watched every week has that many before its next edit. Of a few bytes nothing is left to save.
_POOR = 4
# Of a row's own compression a neighbour has to save this part before the row leans on it. With a quarter, half of the
# readings in benchmarks.crawl were compressed alone to know, and the archive was 1 % larger.
_WORTH = 8
_SMALLEST = 64  # bytes of a row to lean on; what is smaller has nothing to give (zstd itself wants 8)
# The pages of a site lean on few key frames, every one of a crawl on the same two or three (of payload and head).
_KEYS = 8
_LARGEST_KEY = 1 << 20  # bytes; what is larger is unpacked anew each time

_COLUMNS = "id, digest, size, coding, base, data"
# The row to lean on for what is like this one: it itself, or what it leans on if it is a delta; and its key frame.
_FRAME = f"""
SELECT f.id, f.digest, f.size, f.coding, f.base, f.data, k.coding AS key_coding, k.size AS key_size, k.data AS key_data
FROM content e JOIN content f ON f.id = CASE e.coding WHEN {DELTA} THEN e.base ELSE e.id END
LEFT JOIN content k ON k.id = f.base
WHERE e.id = ? AND e.data IS NOT NULL AND e.size >= {_SMALLEST} AND f.data IS NOT NULL AND f.size >= {_SMALLEST}
"""  # noqa: S608 - numbers of this module
# The key frame at the end of a row's leaning, two steps at most.
_KEY_FRAME = f"""
SELECT f.id, f.digest, f.size, f.coding, f.data
FROM content e LEFT JOIN content b ON b.id = e.base LEFT JOIN content k ON k.id = b.base
JOIN content f ON f.id = coalesce(k.id, b.id, e.id)
WHERE e.id = ? AND f.base IS NULL AND f.data IS NOT NULL AND f.size >= {_SMALLEST}
"""  # noqa: S608 - numbers of this module
_BY_DIGEST = "substr(digest, 1, 6) = substr(?1, 1, 6) AND digest = ?1"  # the index has the first six bytes


class Kept(NamedTuple):
    """Where some bytes are kept."""

    id: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows that new bytes probably resemble: an earlier version of the same thing, or the like of another page."""

    earlier: int | None = None
    sister: int | None = None


class _Packed(NamedTuple):
    coding: int
    base: int | None
    data: bytes


class _Key(NamedTuple):
    """The bytes of a key frame, and their digest."""

    whole: bytes
    digest: bytes


class _Frame(NamedTuple):
    """A row to lean on: its bytes, and how many of them it takes up itself as it is stored."""

    id: int
    base: int | None
    stored: int
    whole: bytes


def store(db: Database, data: bytes, alike: Alike | None = None) -> Kept:
    """The row that holds these bytes, made if there is none yet; ``alike`` names what they are compressed against.

    Bytes that were let go, by a rule of retention or as a message that had its time, are put back when they come again.
    Those that were erased by an order stay erased.
    """
    digest = sha256(data).digest()
    found = db.execute(f"SELECT id, data IS NULL FROM content WHERE {_BY_DIGEST}", [digest]).fetchone()  # noqa: S608
    if found:
        if found[1] and not _is_ordered(db, found[0]):
            packed = _packed(db, data, alike or Alike())
            db.execute("UPDATE content SET coding = ?, base = ?, data = ? WHERE id = ?", [*packed, found[0]])
            db.execute("DELETE FROM erased WHERE content = ?", [found[0]])
        return Kept(int(found[0]), digest)
    packed = _packed(db, data, alike or Alike())
    cursor = db.execute(
        "INSERT INTO content (digest, size, coding, base, data) VALUES (?, ?, ?, ?, ?)", [digest, len(data), *packed]
    )
    return Kept(int(cursor.lastrowid or 0), digest)


def find(db: Database, digest: bytes) -> Kept | None:
    """The row with this digest, None if the archive holds none."""
    row = db.execute(f"SELECT id FROM content WHERE {_BY_DIGEST}", [digest]).fetchone()  # noqa: S608 - a constant
    return Kept(int(row[0]), digest) if row else None


def load(db: Database, content_id: int) -> bytes:
    """The bytes of a row, checked against their digest. KeyError if they were erased."""
    row = db.execute(f"SELECT {_COLUMNS} FROM content WHERE id = ?", [content_id]).fetchone()  # noqa: S608 - a constant
    if row is None:
        raise ArchiveDamaged(f"the stored bytes {content_id} are not there any more: restore a backup")
    return _whole(db, row)


def load_many(db: Database, content_ids: Iterable[int]) -> dict[int, bytes]:
    """The bytes of many rows, as :func:`load` gives them, by id."""
    found: dict[int, bytes] = {}
    for some in batches(sorted(set(content_ids))):  # so that the references of many need not all be in memory
        rows = _rows(db, some)
        whole = _unchecked(db, rows)
        found.update({row["id"]: _checked(row, whole[row["id"]]) for row in rows})
    return found


def load_digest(db: Database, digest: str) -> bytes:
    """The bytes with this digest (``sha256:<hex>``). KeyError if the archive holds none."""
    row = db.execute(f"SELECT {_COLUMNS} FROM content WHERE {_BY_DIGEST}", [unwritten(digest)]).fetchone()  # noqa: S608
    if row is None:
        raise KeyError(digest)
    return _whole(db, row)


def rebase(db: Database, content_ids: Collection[int]) -> int:
    """Keep every row that leans on one of these without it, so that their bytes can go; how many rows that were.

    To be called before the bytes are erased, in the same transaction. Rows that are themselves among ``content_ids``
    are left as they are. Of those that leaned on one row the oldest becomes a key frame, and the others lean on it.
    """
    leaning = db.execute(
        """
        SELECT id, coding, base FROM content WHERE base IN (SELECT value FROM json_each(?1))
            AND id NOT IN (SELECT value FROM json_each(?1)) AND data IS NOT NULL ORDER BY base, id
        """,
        [json_text(sorted(content_ids))],
    ).fetchall()
    heirs: dict[int, _Frame] = {}
    _remembered.cache_clear()
    for row in leaning:
        whole = load(db, row["id"])
        heir = heirs.get(row["base"])
        packed = _alone(whole)
        if heir is not None:
            packed = min(_against(row["coding"], whole, heir), packed, key=_length)
        elif len(whole) >= _SMALLEST:
            heirs[row["base"]] = _Frame(row["id"], None, len(packed.data), whole)
        db.execute("UPDATE content SET coding = ?, base = ?, data = ? WHERE id = ?", [*packed, row["id"]])
    return len(leaning)


def _is_ordered(db: Database, content_id: int) -> bool:
    """Whether somebody ordered that these bytes be erased."""
    order = "SELECT kind FROM erased JOIN erasure ON erasure.id = erased.erasure WHERE content = ?"
    row = db.execute(order, [content_id]).fetchone()
    return row is not None and row[0] != ErasureKind.RETENTION


# --- packing


def _packed(db: Database, data: bytes, alike: Alike) -> _Packed:
    frame = _frame(db, alike.earlier)
    if frame is None:
        return _fresh(db, data, alike.sister)
    delta = _against(DELTA, data, frame)
    if len(delta.data) <= max(frame.stored // _POOR, _SMALLEST):
        return delta
    fresh = _fresh(db, data, frame.base if frame.base is not None else alike.sister)
    return delta if len(delta.data) * _POOR <= len(fresh.data) else fresh


def _fresh(db: Database, data: bytes, sister: int | None) -> _Packed:
    """A row for others to lean on: a key frame, or against that of a sister if that is much smaller.

    What the row would be by itself is first guessed from what its sister's key frame is: pages of a site are about
    as dense as each other, unless one is much longer; to compress each of them twice would be half the cost.
    """
    key = _key_frame(db, sister)
    if key is None:
        return _alone(data)
    packed = _against(SISTER, data, key)
    alike = len(key.whole) <= 2 * len(data) and len(data) <= 2 * len(key.whole)
    if alike and _is_worth(packed, len(data) * key.stored // len(key.whole)):
        return packed
    alone = _alone(data)
    return packed if _is_worth(packed, len(alone.data)) else alone


def _is_worth(packed: _Packed, alone: int) -> bool:
    """Whether to lean on a neighbour saves enough, beside so many bytes that the row takes alone."""
    return len(packed.data) * _WORTH <= alone * (_WORTH - 1)


def _key_frame(db: Database, content_id: int | None) -> _Frame | None:
    """The key frame that a row leans on, or it is itself; None where to lean on it would save nothing."""
    row = db.execute(_KEY_FRAME, [content_id]).fetchone() if content_id is not None else None
    return _whole_frame(row) if row is not None else None


def _frame(db: Database, content_id: int | None) -> _Frame | None:
    """The row to lean on for what is like this one; None where that would save nothing."""
    row = db.execute(_FRAME, [content_id]).fetchone() if content_id is not None else None
    if row is None:
        return None
    if row["base"] is None:
        return _whole_frame(row)
    there = row["key_data"] is not None
    base = _key(row["key_coding"], row["key_data"], row["key_size"]).whole if there else None
    whole = _checked(row, _unpacked(row["coding"], row["data"], row["size"], base))
    return _Frame(row["id"], row["base"], len(row["data"]), whole)


def _whole_frame(row: Row) -> _Frame:
    """A key frame as a row to lean on."""
    key = _key(row["coding"], row["data"], row["size"])
    if key.digest != row["digest"]:
        raise _damaged(row)
    return _Frame(row["id"], None, len(row["data"]), key.whole)


def _alone(data: bytes) -> _Packed:
    packed = zstd.compress(data, _KEY_LEVEL)
    return _Packed(ZSTD, None, packed) if len(packed) < len(data) else _Packed(RAW, None, data)


def _against(coding: int, data: bytes, frame: _Frame) -> _Packed:
    options: dict[int, int] = {zstd.CompressionParameter.compression_level: _LEVEL}
    both = len(frame.whole) + len(data)
    if both > _LARGE:
        options[zstd.CompressionParameter.window_log] = min(both.bit_length(), _LARGEST_WINDOW)
        options[zstd.CompressionParameter.enable_long_distance_matching] = 1
    packed = zstd.compress(data, options=options, zstd_dict=_prefix(frame.whole))
    return _Packed(coding, frame.id, packed)


def _length(packed: _Packed) -> int:
    return len(packed.data)


# --- unpacking


def _rows(db: Database, content_ids: Collection[int]) -> list[Row]:
    sql = f"SELECT {_COLUMNS} FROM content WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608 - a constant
    return db.execute(sql, [json_text(sorted(content_ids))]).fetchall()


def _whole(db: Database, row: Row) -> bytes:
    return _checked(row, _unchecked(db, [row])[row["id"]])


def _unchecked(db: Database, rows: Sequence[Row]) -> dict[int, bytes]:
    """The bytes of some rows by id; what they lean on is not checked by itself, as it has to give the right ones."""
    bases: dict[int, bytes] = {}
    wanted = {row["base"] for row in rows if row["base"] is not None}
    if wanted:
        bases = _unchecked(db, _rows(db, wanted))
    return {row["id"]: _unpack(row, bases.get(row["base"])) for row in rows}


def _checked(row: Row, whole: bytes) -> bytes:
    if sha256(whole).digest() != row["digest"]:
        raise _damaged(row)
    return whole


def _damaged(row: Row) -> ArchiveDamaged:
    return ArchiveDamaged(f"the stored bytes {written(row['digest'])} are damaged: restore a backup")


def _unpack(row: Row, base: bytes | None) -> bytes:
    if row["data"] is None:
        raise KeyError(written(row["digest"]))
    return _unpacked(row["coding"], bytes(row["data"]), row["size"], base)


def _key(coding: int, data: bytes, size: int) -> _Key:
    """The bytes of a key frame, from memory if they were wanted just before."""
    return (_remembered if size <= _LARGEST_KEY else _unpacked_key)(coding, data, size)


def _unpacked_key(coding: int, data: bytes, size: int) -> _Key:
    whole = _unpacked(coding, data, size, None)
    return _Key(whole, sha256(whole).digest())


#: Found by all that is stored of a row, so that it cannot be out of date, whoever writes to the file.
_remembered = lru_cache(maxsize=_KEYS)(_unpacked_key)


def _unpacked(coding: int, data: bytes, size: int, base: bytes | None) -> bytes:
    return data if coding == RAW else _inflate(data, size, base)


def _inflate(data: bytes, size: int, base: bytes | None) -> bytes:
    """At most ``size`` bytes: a damaged frame must not fill the memory."""
    try:
        reference = None if base is None else _prefix(base)
        return zstd.ZstdDecompressor(zstd_dict=reference).decompress(data, max_length=size)
    except (zstd.ZstdError, ValueError):
        return b""  # no digest fits it: reported as damaged by the caller


def _prefix(base: bytes) -> Any:  # what as_prefix gives has no name in the library
    return zstd.ZstdDict(base, is_raw=True).as_prefix
