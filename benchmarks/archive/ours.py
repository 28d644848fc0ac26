"""The same fetches in an archive of Amtsblick, made by its own writer, one durable transaction after the other."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.archive.site import HOST, Fetch
from extractors.model import Answer, Hints, Page
from extractors.read import read
from storage.archive import Archive
from storage.records import NewCapture, Source

SOURCE = Source(name="section", start=(f"{HOST}/",), scope=(f"{HOST}/",))
_HEADERS = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes of the whole file and of the payloads alone, and seconds of processor time for all captures."""

    whole: int
    payloads: int
    storing: float  # the fetch as it arrived
    judging: float  # its reading, its version and the index of words


def keep(fetches: Iterable[Fetch], folder: Path, pages: int) -> Kept:
    """Fill an archive; reading the pages (the extractor's work) is left out of the time."""
    place = folder / "amtsblick.db"
    last: dict[str, Page | None] = {}
    storing = judging = 0.0
    arriving = iter(fetches)
    with Archive.open(place, create=True) as archive:
        while week := list(islice(arriving, pages)):
            crawl = archive.start_crawl(SOURCE, week[0].at)
            for fetch in week:
                answer = Answer(uri=fetch.uri, status=200, headers=_HEADERS, body=fetch.body)
                reading = read(answer, Hints(previous=last.get(fetch.uri)))
                last[fetch.uri] = reading.page
                new = NewCapture(
                    uri=fetch.uri, captured_at=fetch.at, request=fetch.request, head=fetch.head, status=200,
                    payload=fetch.body, peer="192.0.2.1:443", elapsed_ms=40,
                )  # fmt: skip
                start = time.process_time()
                stored = archive.add_capture(crawl.id, new)
                between = time.process_time()
                archive.judge_capture(stored.capture_id, reading)
                storing += between - start
                judging += time.process_time() - between
            archive.end_crawl(crawl.id, week[-1].at, exhausted=True, reason="finished")
    return Kept(place.stat().st_size, _payloads(place, folder / "payloads.db"), storing, judging)


def _payloads(archive: Path, place: Path) -> int:
    """Bytes of the payloads' rows and of their index, in a file that holds the same table and nothing else."""
    db = sqlite3.connect(place)
    db.execute("ATTACH ? AS archive", [str(archive)])
    tables = "SELECT sql FROM archive.sqlite_schema WHERE tbl_name = 'content' AND sql IS NOT NULL ORDER BY type DESC"
    for (sql,) in db.execute(tables).fetchall():
        db.execute(sql)
    db.execute("INSERT INTO content SELECT * FROM archive.content WHERE id IN (SELECT payload FROM archive.capture)")
    db.commit()
    db.close()
    return place.stat().st_size
