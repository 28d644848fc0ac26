"""A small archive with something in every table, and what it answers; the tests of damage, backups and erasure use it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path
from typing import Any

from storage.archive import Archive
from storage.imports.found import Found, Origin
from storage.imports.keeping import Taken
from storage.records import Held, Hold, Mention, NoticeRow, SeminarRow, SourceState
from tests.storage.makers import HOUR, MONDAY, SOURCE, Watching, changed, concluded, digest, suspect

URIS = tuple(f"https://example.org/a/{name}" for name in ("x", "y", "z"))
SECRET = "Erika Mustermann aus Zimmer 17"
ROUNDS = 4


def words(number: int, name: str) -> str:
    return f"Seite {name}, Fassung {number}. " + " ".join(f"Wort{number * 7 + each}{name}" for each in range(60))


def fill(path: Path, rounds: int = ROUNDS) -> None:
    """Crawls, versions, changes, digests, mail in every state, registers, readers and a hold."""
    with Archive.open(path, create=True) as archive:
        watching = Watching(archive)
        archive.record_subscriptions(["team"], MONDAY)
        for number in range(rounds):
            _round(archive, watching, number)
        now = watching.now
        first, second, *_ = archive.due_deliveries(now, everything=True)
        archive.claim_delivery(first.id, now)
        archive.close_delivery(first.id, first.state.SENT, "250 ok", None, now)
        archive.claim_delivery(second.id, now)
        archive.close_delivery(second.id, second.state.DEFERRED, "451 later", now + HOUR, now)
        archive.add_recipient("team", "lea@example.org", now)
        archive.remove_recipient("team", "max@example.org", now)
        archive.claim_slot("crawl:section", now, now)
        archive.lift_hold(
            archive.add_hold(
                Hold(id=0, kind="uri", subject=URIS[2], by="kim", reason="a test", since=now, lifted_at=None)
            ).id,
            now,
        )


def take_in(path: Path) -> None:
    """History of before: a look that was imported, and a revisit that waits for its original."""
    with Archive.open(path) as archive:
        first = Found(
            uri=URIS[0], captured_at=MONDAY - timedelta(days=400), status=200, head=b"HTTP/1.1 200 OK\r\n\r\n",
            payload=words(99, "alt").encode(), origin=Origin(archive="old.warc", record="urn:uuid:1", digest="sha1:A"),
        )  # fmt: skip
        later = dataclasses.replace(
            first, payload=None, origin=Origin(archive="old.warc", record="urn:uuid:2", digest="sha1:B")
        )
        assert archive.take(SOURCE, first, MONDAY) is Taken.NEW
        assert archive.take(SOURCE, later, MONDAY) is Taken.WAITING


def _round(archive: Archive, watching: Watching, number: int) -> None:
    watching.begin()
    for name, uri in zip("xyz", URIS, strict=True):
        body = f"<p>{words(number, name)}</p><!-- {number * 31} -->".encode()
        text = (f"Auskunft gibt {SECRET}. " if name == "y" and number == 1 else "") + words(number, name)
        watching.see(uri, text, body if name != "y" or number != 1 else f"<p>{text}</p>".encode())
    watching.see("https://example.org/a/odd", suspect("https://example.org/a/odd", f"kurz {number}"))
    crawl = watching.end()
    versions = archive.versions_of(URIS[1])
    change = changed(
        crawl,
        URIS[1],
        summary=f"Der Text wurde geändert ({number}).",
        after={"text": versions[-1].page.text[:200]},
        version_after=versions[-1].id,
        version_before=versions[-2].id if number else None,
    )
    now = watching.now
    archive.commit_detection(
        crawl,
        concluded(
            archive,
            crawl,
            change,
            held=(
                Held(crawl_id=crawl.id, source="section", uri=URIS[0], rule="around-text", detail=words(number, "h")),
            ),
            notices=(_notice(number, now),),
            seminars=(_seminar(number, now),),
            source=SourceState(name="section", baseline_crawl=1, shared=(words(number, "s")[:80],)),
        ),
    )
    archive.commit_digest(
        lambda n: digest(
            n,
            number,
            archive.last_seq(),
            now,
            recipients=2,
            change_ids=(change.id,),
            body=f'{{"title": "{words(number, "d")}", "text": "{versions[-1].page.text[:300]}"}}',
        )
    )
    watching.now += timedelta(days=40)


def _notice(number: int, now: Any) -> NoticeRow:
    return NoticeRow(
        id=f"n{number}", host="example.org", text=words(number, "n"), text_digest="sha256:00", uris=URIS, peak_pages=3,
        first_seen=now, last_seen=now,
    )  # fmt: skip


def _seminar(number: int, now: Any) -> SeminarRow:
    mention = Mention(
        source="section", address="example.org/a/x", uri=URIS[0], title=f"{number}. Seminar", start="2026-06-01", end=None,
        city="Moskau", state="announced", quote=words(number, "q"), named_by_title=True, substitute="", seen_at=now,
    )  # fmt: skip
    return SeminarRow(
        id=f"s{number}", series="A", number=number, year=None, title=f"{number}. Seminar", start="2026-06-01", end=None,
        city="Moskau", state="announced", substitute="", quote=words(number, "q"), uri=URIS[0], mentions=(mention,),
        conflicts=(), first_seen=now, last_seen=now,
    )  # fmt: skip


def answers(archive: Archive) -> list[Any]:
    """What a person asks of an archive, asked of all of it."""
    asked: list[Any] = [archive.changes(), archive.held(), archive.notices(), archive.seminars(), archive.crawls()]
    asked += [archive.digests(), archive.outbox(), archive.recipients(), archive.holds(), archive.tombstones()]
    asked += [archive.changes(since=MONDAY + timedelta(days=50)), archive.subscription("team"), archive.chain_head()]
    asked.append(archive.origins(range(1, 40)))
    asked += [archive.held(since=MONDAY + timedelta(days=50)), archive.crawls(SOURCE.name, limit=1)]
    asked += [archive.told("team"), archive.told_at_once("team"), archive.coming_number()]
    for uri in (*URIS, "https://example.org/a/odd"):
        asked += [archive.known(uri), archive.captures_of(uri), archive.versions_of(uri)]
        for days in (0, 1, 45, 90, 400):
            view = archive.snapshot_at(uri, MONDAY + timedelta(days=days))
            asked.append(dataclasses.astuple(view) if view else None)
    return asked
