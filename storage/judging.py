"""What becomes of a capture once it is judged: an outcome, a reading, perhaps a version."""

from __future__ import annotations

from sqlite3 import Row
from typing import Any

from sqlite_utils import Database

from extractors.model import Outcome, Page, Reading
from storage import captures, payloads, readings, search
from storage.codec import plain
from storage.connection import insert

COMMON_RULE = "common-page"


def judge(
    db: Database, capture: Row, reading: Reading, *, member: bool, near: int | None = None
) -> readings.KeptReading | None:
    """Store the judgement of a capture, and what was read; an ok one belongs to a version from then on.

    ``near`` is the content of a reading of the same sort from the same crawl, where one is known.
    """
    kept, version = None, None
    if reading.page is not None:
        last = captures.last_good(db, capture["resource"])
        kept = readings.store(db, reading.page, _alike(db, capture, last, near))
        if reading.outcome is Outcome.OK and not capture["probe"]:
            version = _version(db, capture, last, kept, reading.page)
    _write(db, capture["id"], reading, member=member, reading_id=kept.id if kept else None, version=version)
    return kept


def as_good(good: Row, reading: Reading, *, member: bool, steady: bool) -> dict[str, Any]:
    """The cells of a capture that reads as ``good`` does: the same reading, and its version if that is still so.

    Where it is not ``steady``, :func:`take_back` finds the version.
    """
    return {
        "outcome": reading.outcome,
        "rule": plain(reading.rule),
        "detail": plain(reading.detail),
        "member": int(member),
        "reading": good["reading"],
        "version_id": good["version_id"] if steady else None,
    }


def take_back(db: Database, capture: Row, good: Row) -> None:
    """Give a capture that shows what ``good`` showed its version; there may have been another one in between.

    After A → B a 304 may still confirm A: then the page has gone back, and that is a version of its own.
    """
    newest = captures.last_good_before(db, capture)
    version = int(good["version_id"])
    if newest is not None and newest["version_id"] != version:
        kept = readings.KeptReading(good["reading"], good["text_digest"])
        version = _version(db, capture, captures.last_good(db, capture["resource"]), kept)
    db.execute("UPDATE capture SET version_id = ? WHERE id = ?", [version, capture["id"]])


def settle(db: Database, capture_id: int, crawl_id: int) -> int | None:
    """Turn a doubtful capture, whose text a second look has confirmed, into a good one; the id of its version.

    None when there is nothing to settle: no such capture, or nothing was read from it.
    """
    capture = captures.by_id(db, capture_id)
    if capture is None or capture["reading"] is None:
        return None
    if capture["version_id"] is not None:
        return int(capture["version_id"])
    kept = readings.KeptReading(capture["reading"], capture["text_digest"])
    version = _version(db, capture, captures.last_good(db, capture["resource"]), kept)
    db.execute(
        "UPDATE capture SET outcome = ?, detail = ?, version_id = ? WHERE id = ?",
        [Outcome.OK, f"{capture['detail']} (confirmed by crawl {crawl_id})".strip(), version, capture_id],
    )
    return version


def doubt(db: Database, capture_id: int, detail: str) -> None:
    """Take back that a capture showed its page: its text stood on many addresses of the crawl at once."""
    capture = captures.by_id(db, capture_id)
    if capture is None or capture["version_id"] is None:
        return
    db.execute(
        "UPDATE capture SET outcome = ?, rule = ?, detail = ?, version_id = NULL WHERE id = ?",
        [Outcome.SUSPECT, COMMON_RULE, detail, capture_id],
    )
    shown = db.execute("SELECT reading FROM version WHERE id = ?", [capture["version_id"]]).fetchall()
    db.execute(
        "DELETE FROM version WHERE id = ? AND NOT EXISTS (SELECT 1 FROM capture WHERE version_id = version.id)",
        [capture["version_id"]],
    )
    search.refresh(db, [row[0] for row in shown])


def _alike(db: Database, capture: Row, last: Row | None, near: int | None) -> payloads.Alike:
    """What a reading is compressed against: that of the last good look, else that of another address of its crawl."""
    if last is not None:
        return readings.like(db, last["reading"])
    if near is None:
        sort = {"status": capture["status"], "is_document": capture["is_document"], "probe": capture["probe"]}
        found = captures.neighbour(db, capture["crawl_id"], **sort, read=True)
        near = found["content"] if found is not None else None
    return payloads.Alike(sister=near)


def _version(db: Database, capture: Row, last: Row | None, kept: readings.KeptReading, page: Page | None = None) -> int:
    """The version this text belongs to: the last good one's if it says the same, otherwise a new one.

    ``last`` is the newest good look of all, which is asked as well: a capture may be judged after a later one.
    """
    for good in (captures.last_good_before(db, capture), last) if last is not None else ():
        if good is None:
            continue
        version = captures.version_row(db, good["version_id"])
        if version is not None and version["text_digest"] == kept.text_digest:
            return int(version["id"])
    row = {
        "resource": capture["resource"],
        "uri": capture["uri"],
        "text_digest": kept.text_digest,
        "since": capture["captured_at"],
        "first_capture": capture["id"],
        "reading": kept.id,
    }
    made = insert(db, "version", row)
    search.refresh(db, [kept.id], page)
    return made


def reword(db: Database, version_id: int, kept: readings.KeptReading) -> None:
    """Give a version another reading of its bytes."""
    old = db.execute("SELECT reading FROM version WHERE id = ?", [version_id]).fetchone()
    row = [kept.id, kept.text_digest, version_id]
    db.execute("UPDATE version SET reading = ?, text_digest = ? WHERE id = ?", row)
    search.refresh(db, [old[0] if old else None, kept.id])


def _write(
    db: Database, capture_id: int, reading: Reading, *, member: bool, reading_id: int | None, version: int | None
) -> None:
    db.execute(
        "UPDATE capture SET outcome = ?, rule = ?, detail = ?, member = ?, reading = ?, version_id = ? WHERE id = ?",
        [reading.outcome, plain(reading.rule), plain(reading.detail), member, reading_id, version, capture_id],
    )
