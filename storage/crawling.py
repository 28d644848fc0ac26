"""The crawler's side of the archive: crawls, captures, and what to ask for next time."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from sqlite3 import Row
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlite_utils import Database

from extractors import address, heads
from extractors.model import ASSET, Link, Outcome, Page, Reading
from storage import captures, chain, failpoint, judging, payloads, readings, search
from storage.batches import batches
from storage.codec import RowCodec, json_text, moment, plain, stamp
from storage.connection import Connection, insert
from storage.errors import ArchiveBusy
from storage.lock import FileLock
from storage.records import Capture, Crawl, GoodAnswer, Known, KnownAsset, NewCapture, Role, Source, Stored, Watch

CRAWLS = RowCodec(Crawl)
WATCHES = RowCodec(Watch)
_SOURCES = RowCodec(Source)
# A revisit has no bytes of its own: those that it confirmed came with another capture.
_ANSWER = """
SELECT a.status, a.head, a.payload FROM capture c JOIN capture a ON a.id = coalesce(c.revisit_of, c.id)
JOIN content p ON p.id = a.payload WHERE c.id = ? AND c.version_id IS NOT NULL AND p.size = ?
"""
_PARTS = {"request": "request", "head": "head", "payload": "shown"}  # and the column of the last good look


def source_lock(connection: Connection, source: str) -> FileLock:
    """The lock of whoever crawls a source."""
    busy = f'source "{source}" is being crawled by {{holder}}; try again when it has finished'
    return connection.named_lock(f"crawl-{quote(source, safe='')}", busy)


def start_crawl(connection: Connection, source: Source, now: datetime) -> Crawl:
    """Begin a crawl under the source's lock."""
    connection.require_writer()
    lock = source_lock(connection, source.name)
    if lock.held:
        raise ArchiveBusy(f'source "{source.name}" is already being crawled by this process')
    lock.acquire()
    try:
        with connection.write("crawl") as db:
            config = json_text({name: cell for name, cell in _SOURCES.row(source).items() if name != "name"})
            row = {"source": source.name, "config": config, "started_at": stamp(now)}
            crawl_id = insert(db, "crawl", row)
    except BaseException:
        lock.release()
        raise
    return Crawl(id=crawl_id, source=source.name, started_at=now)


def end_crawl(connection: Connection, crawl_id: int, now: datetime, *, exhausted: bool, reason: str) -> Crawl:
    """Close a crawl, fold the log into the file, let go of the source."""
    with connection.write("crawl") as db:
        db.execute(
            "UPDATE crawl SET ended_at = ?, exhausted = ?, reason = ? WHERE id = ? AND ended_at IS NULL",
            [stamp(now), exhausted, plain(reason), crawl_id],
        )
        search.tidy(db)
        crawl = CRAWLS.value(db.execute("SELECT * FROM crawl WHERE id = ?", [crawl_id]).fetchone())
    connection.checkpoint()
    lock = source_lock(connection, crawl.source)
    if lock.held:
        lock.release()
    return crawl


def abandoned_crawls(connection: Connection, own: frozenset[int]) -> tuple[Crawl, ...]:
    """Crawls without an end whose source nobody works on; ``own`` are those of the caller."""
    with connection.read() as db:
        rows = db.execute("SELECT * FROM crawl WHERE ended_at IS NULL AND imported = 0 ORDER BY id").fetchall()
    crawls = [CRAWLS.value(row) for row in rows if row["id"] not in own]
    return tuple(crawl for crawl in crawls if _deserted(source_lock(connection, crawl.source)))


def count_captures(connection: Connection, crawl_id: int) -> int:
    """How many captures a crawl has."""
    with connection.read() as db:
        return int(db.execute("SELECT count(*) FROM capture WHERE crawl_id = ?", [crawl_id]).fetchone()[0])


def add_capture(
    connection: Connection,
    crawl_id: int,
    new: NewCapture,
    reading: Reading | None,
    member: bool | None,
    *,
    read_as: int | None = None,
) -> Stored:
    """Store one fetch, and judge it as far as that is possible now."""
    where = address.key(new.uri)
    with connection.write("capture") as db:
        crawl = db.execute("SELECT source, detected FROM crawl WHERE id = ?", [crawl_id]).fetchone()
        if crawl is None or crawl["detected"]:
            raise ValueError(f"crawl {crawl_id} is unknown or closed: it takes no more captures")
        resource = captures.make_resource(db, where)
        last = captures.last_shown(db, resource)
        alike = likeness(db, crawl_id, new, last)
        payload = payloads.store(db, new.payload, alike["payload"]) if new.payload is not None else None
        failpoint.hit("capture.halfway")
        same, rule = _same_as(db, resource, new, last, payload.id if payload else None)
        revisit_of = _confirmed(db, resource, new, same) if new.status == 304 else None
        if same is not None:
            reading = Reading(outcome=Outcome.UNCHANGED, rule=rule)
        good = same if same is not None or read_as is None else _stored(db, read_as)
        verdict: Mapping[str, Any] = {"member": 0} if member is False else {}
        steady = good is not None and _is_steady(new, last, good)
        if good is not None and reading is not None:
            if member is None:
                member = _membership(db, resource, crawl["source"])
            verdict = judging.as_good(good, reading, member=member, steady=steady)
        made = insert_capture(
            db, crawl_id, new, alike, resource=resource, payload=payload, revisit_of=revisit_of, verdict=verdict
        )
        if good is not None and not steady:
            judging.take_back(db, _stored(db, made), good)
        elif good is None and reading is not None:
            _judge(connection, _stored(db, made), reading, member=member is not False)
        return Stored(
            capture_id=made,
            address=where,
            payload_digest=f"sha256:{payload.digest.hex()}" if payload else None,
            is_known=last is not None,
            same_as_last_good=captures.outline_of(same) if same is not None else None,
        )


def judge_capture(connection: Connection, capture_id: int, reading: Reading, *, member: bool) -> None:
    """Judge a capture that was stored before."""
    with connection.write("judge") as db:
        capture = captures.by_id(db, capture_id)
        if capture is None:
            raise ValueError(f"no capture {capture_id}")
        if db.execute("SELECT detected FROM crawl WHERE id = ?", [capture["crawl_id"]]).fetchone()[0]:
            return
        if capture["version_id"] is not None:
            db.execute("UPDATE capture SET member = ? WHERE id = ?", [member, capture_id])
        else:
            _judge(connection, capture, reading, member=member)


def _judge(connection: Connection, capture: Row, reading: Reading, *, member: bool) -> None:
    sort = (capture["status"], capture["is_document"], capture["probe"])
    crawl_id, near = connection.pages.newest.get(sort, (None, None))
    near = near if crawl_id == capture["crawl_id"] else None
    kept = judging.judge(connection.db, capture, reading, member=member, near=near)
    if kept is not None:
        readings.remember(connection, kept)
        connection.pages.newest[sort] = (capture["crawl_id"], kept.content)


def unread_captures(connection: Connection) -> tuple[Capture, ...]:
    """Captures that nobody has judged, of crawls that are still to be detected."""
    condition = """
        JOIN crawl k ON k.id = c.crawl_id WHERE c.outcome IS NULL AND k.detected = 0 AND k.imported = 0 ORDER BY c.id
    """
    with connection.read() as db:
        return tuple(captures.capture_of(db, row) for row in captures.select(db, condition, []))


def frontier(connection: Connection, source: str) -> tuple[Known, ...]:
    """Every watched address, with the validators of its last good capture and the links it showed."""
    with connection.read() as db:
        rows = db.execute("SELECT * FROM watch WHERE source = ? ORDER BY depth, address", [source])
        watches = [_watched(row) for row in rows]
        common = _Common(watches)
        return tuple(known for some in batches(watches) for known in _known(connection, some, common))


def last_good_page(connection: Connection, where: str) -> Page | None:
    """The page that an address showed at its last good look."""
    with connection.read() as db:
        good = _last_good(db, where)
        return readings.load(connection, good["reading"]) if good is not None else None


def last_good_capture(connection: Connection, where: str) -> Capture | None:
    """The newest capture of an address that showed the page."""
    with connection.read() as db:
        good = _last_good(db, where)
        return captures.capture_of(db, good) if good is not None else None


def good_answer(connection: Connection, capture_id: int, size: int) -> GoodAnswer | None:
    """What a good look was answered with, if its bytes are so many and still there."""
    with connection.read() as db:
        row = db.execute(_ANSWER, [capture_id, size]).fetchone()
        if row is None:
            return None
        try:
            payload = payloads.load(db, row["payload"])
            return GoodAnswer(status=row["status"], head=payloads.load(db, row["head"]), payload=payload)
        except KeyError:  # erased
            return None


def known_asset(connection: Connection, where: str) -> KnownAsset | None:
    """What the archive has of a style, an image or a font: the newest capture that brought its bytes."""
    condition = "WHERE c.resource = ? AND c.rule = ? ORDER BY c.captured_at DESC, c.id DESC LIMIT 1"
    with connection.read() as db:
        resource = captures.resource_of(db, where)
        row = next(captures.select(db, condition, [resource, ASSET]), None)
        if row is None:
            return None
        headers = _headers(db, [row])[row["id"]]
        return KnownAsset(
            asked_at=moment(row["captured_at"]),
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            capture=row["revisit_of"] or row["id"],
        )


def kept_assets(connection: Connection, source: str) -> bool:
    """Whether a source's last complete crawl kept styles, images and fonts."""
    row = connection.db.execute(
        "SELECT config FROM crawl WHERE source = ? AND exhausted = 1 AND imported = 0 ORDER BY id DESC LIMIT 1",
        [source],
    ).fetchone()
    return row is not None and bool(json.loads(row[0]).get("assets"))


def rebase(connection: Connection, where: str, page: Page) -> None:
    """Give an address's newest version the text of another extractor."""
    with connection.write("judge") as db:
        good = _last_good(db, where)
        if good is None:
            return
        kept = readings.store(db, page, readings.like(db, good["reading"]))
        judging.reword(db, good["version_id"], kept)


def last_robots(connection: Connection, host: str) -> Capture | None:
    """The newest robots.txt of a host that settles what is allowed (RFC 9309 §2.3.1)."""
    condition = f"""
        WHERE c.resource = ? AND (c.status BETWEEN 200 AND 299 OR c.status BETWEEN 400 AND 499) AND c.status <> 429
            AND {captures.WATCHED}
        ORDER BY c.captured_at DESC, c.id DESC LIMIT 1
    """
    with connection.read() as db:
        resource = captures.resource_of(db, address.key(f"{host}/robots.txt"))
        row = next(captures.select(db, condition, [resource]), None)
        return captures.capture_of(db, row) if row is not None else None


def likeness(db: Database, crawl_id: int, new: NewCapture, last: Row | None) -> Mapping[str, payloads.Alike]:
    """What the parts of a capture are compressed against: the last good look, else another address of its crawl."""
    if last is not None:
        return {part: payloads.Alike(earlier=last[column]) for part, column in _PARTS.items()}
    near = captures.neighbour(db, crawl_id, status=new.status, is_document=new.is_document, probe=new.probe)
    return {part: payloads.Alike(sister=near[part] if near is not None else None) for part in _PARTS}


def _same_as(
    db: Database, resource: int, new: NewCapture, last: Row | None, payload: int | None
) -> tuple[Row | None, str]:
    """The good capture whose bytes this one shows again, and the rule that says so; ``last`` is the last good one."""
    if last is None or new.probe:
        return None, ""
    if new.status == 304:
        good = _stored(db, last["id"])
        asked = captures.by_id(db, new.revisit_of) if new.revisit_of not in (None, good["id"]) else None
        if asked is not None and asked["resource"] == resource and asked["version_id"] is not None:
            good = asked
        # A revisit names the capture that has the bytes, never another revisit.
        return (captures.by_id(db, good["revisit_of"]) if good["revisit_of"] else good), "304"
    same = payload is not None and last["shown"] == payload and last["shown_status"] == new.status
    return (_stored(db, last["id"]), "same bytes") if same else (None, "")


def _confirmed(db: Database, resource: int, new: NewCapture, good: Row | None) -> int | None:
    """The capture whose bytes a 304 confirms: the good one, or of an asset, which has none, the one asked about."""
    if good is not None:
        return int(good["id"])
    asked = captures.by_id(db, new.revisit_of) if new.revisit_of else None
    fits = asked is not None and asked["resource"] == resource and asked["payload"] is not None
    return int(asked["id"]) if asked is not None and fits else None


def insert_capture(
    db: Database,
    crawl_id: int,
    new: NewCapture,
    alike: Mapping[str, payloads.Alike],
    *,
    resource: int,
    payload: payloads.Kept | None,
    revisit_of: int | None,
    verdict: Mapping[str, Any] = MappingProxyType({}),
) -> int:
    """Append a capture to the hash chain; its id.

    ``alike`` says what its request and head are compressed against, ``verdict`` are cells of its judgement.
    """
    newest, previous = chain.head(db)
    where = address.key(new.uri)
    request = payloads.store(db, new.request, alike["request"])
    head = payloads.store(db, new.head, alike["head"])
    facts: dict[str, Any] = {
        "status": new.status,
        "peer": plain(new.peer),
        "elapsed_ms": new.elapsed_ms,
        "location": plain(new.location) if new.location is not None else None,
        "hop_of": new.hop_of,
        "revisit_of": revisit_of,
        "probe": int(new.probe),
        "linked_from": plain(new.linked_from) if new.linked_from is not None else None,
        "depth": new.depth,
        "is_document": int(new.is_document),
        "label": plain(new.label),
        "error": plain(new.error),
    }
    start = (newest + 1, crawl_id, where, plain(new.uri), stamp(new.captured_at))
    digests = (request.digest, head.digest, payload.digest if payload else None)
    row: dict[str, Any] = {
        "id": newest + 1,
        "crawl_id": crawl_id,
        "resource": resource,
        "uri": plain(new.uri),
        "captured_at": stamp(new.captured_at),
        "request": request.id,
        "head": head.id,
        "payload": payload.id if payload else None,
        **facts,
        "chain": chain.link(previous, (*start, *digests, *facts.values())),
        **verdict,
    }
    db.execute("UPDATE resource SET looks = looks + 1 WHERE id = ?", [resource])
    return insert(db, "capture", row)


def _stored(db: Database, capture_id: int) -> Row:
    stored = captures.by_id(db, capture_id)
    if stored is None:  # the row was written just before, in this transaction
        raise AssertionError("a capture vanished")
    return stored


def _is_steady(new: NewCapture, last: Row | None, good: Row) -> bool:
    """Whether the newest good look before this one is of the version that it shows again."""
    return (
        last is not None and last["version_id"] == good["version_id"] and last["captured_at"] <= stamp(new.captured_at)
    )


def _membership(db: Database, resource: int, source: str) -> bool:
    """Whether the source's last look at this address belonged to it; True at its first look."""
    row = db.execute(
        """
        SELECT c.member FROM capture c JOIN crawl k ON k.id = c.crawl_id
        WHERE c.resource = ? AND k.source = ? AND c.probe = 0 AND c.version_id IS NOT NULL
            AND k.imported = 0
        ORDER BY c.captured_at DESC, c.id DESC LIMIT 1
        """,
        [resource, source],
    ).fetchone()
    return row is None or bool(row[0])


def _deserted(lock: FileLock) -> bool:
    return lock.held or not lock.taken()


def _last_good(db: Database, where: str) -> Row | None:
    resource = captures.resource_of(db, address.key(where))
    return None if resource is None else captures.last_good(db, resource)


class _Watched(NamedTuple):
    """What asking again needs of a :class:`Watch`, which also has a list of all pages that link it."""

    address: str
    uri: str
    role: Role
    depth: int
    label: str


def _watched(row: Row) -> _Watched:
    WATCHES.require(row)
    return _Watched(sys.intern(row["address"]), sys.intern(row["uri"]), Role(row["role"]), row["depth"], row["label"])


class _Common:
    """What many pages of a section have in common, as one object for all.

    Their links that lead to no watched address (few, and mostly those that stand on every page), and the day on which
    all of them were written anew.
    """

    def __init__(self, watches: Iterable[_Watched]) -> None:
        self._uris = {watch.uri for watch in watches}  # most links are spelled so, and need not be brought in a form
        self._addresses = {watch.address for watch in watches}
        self._shared: dict[tuple[Link, ...], tuple[Link, ...]] = {}
        self._dates: dict[str, str] = {}

    def leads(self, page: Page) -> tuple[Link, ...]:
        """The links of a page that may lead to something new."""
        found = tuple([each for each in page.links if not self._leads_back(each.uri)])
        return self._shared.setdefault(found, found)

    def date(self, header: str | None) -> str | None:
        """A date as the server wrote it."""
        return None if header is None else self._dates.setdefault(header, header)

    def _leads_back(self, uri: str) -> bool:
        return uri in self._uris or address.key(uri) in self._addresses


def _known(connection: Connection, watches: Sequence[_Watched], common: _Common) -> Iterator[Known]:
    goods = captures.last_goods(connection.db, (watch.address for watch in watches))
    headers = _headers(connection.db, goods.values())
    shown = readings.each(connection, (good["reading"] for good in goods.values()))
    pages = {reading: (readings.outline(connection, reading, page), common.leads(page)) for reading, page in shown}
    for watch in watches:
        good = goods.get(watch.address)
        own = headers[good["id"]] if good is not None else {}
        page, leads = pages[good["reading"]] if good is not None else (None, ())
        yield Known(
            uri=watch.uri,
            address=watch.address,
            role=watch.role,
            depth=watch.depth,
            label=watch.label,
            etag=own.get("etag"),
            last_modified=common.date(own.get("last-modified")),
            last_good=good["id"] if good is not None else None,
            page=page,
            leads=leads,
        )


def _headers(db: Database, goods: Collection[Row]) -> dict[int, dict[str, str]]:
    """The header fields of good captures, by id; those of a 304 go over those of the answer it confirms.

    So says RFC 9111 §3.2.
    """
    first = captures.by_ids(db, {good["revisit_of"] for good in goods if good["revisit_of"]})
    found = captures.heads_of(db, [*first.values(), *goods])
    fields = {name: {field.lower(): value for field, value in heads.fields(head)} for name, head in found.items()}
    return {good["id"]: fields.get(good["revisit_of"], {}) | fields[good["id"]] for good in goods}
