"""An archive to be looked at: as many captures as wanted, with as many changes as an office has in ten years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.archive import retrieval, site
from benchmarks.archive.ours import SOURCE
from extractors import address
from extractors.model import Outcome, Reading
from storage.archive import Archive
from storage.records import Change, Crawl, Detection, NewCapture, Role, SourceState, Watch, change_id

CHANGES = 2_000
_DAY = timedelta(days=1)
_END = site.FIRST + (retrieval.LOOKS + 1) * _DAY

CONFIG = f"""
[archive]
path = "amtsblick.db"
[[source]]
name = "{SOURCE.name}"
start = ["{SOURCE.start[0]}"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A folder with config and archive, and what is asked of it."""

    folder: Path
    pages: int
    changes: tuple[str, ...]


def make(folder: Path, captures: int) -> Made:
    """Fill the archive past its writer (benchmarks.archive), then let the last crawl tell its changes as usual."""
    (folder / "amtsblick.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "amtsblick.toml").chmod(0o600)
    pages = max(captures // retrieval.LOOKS, 2)
    place = folder / "amtsblick.db"
    retrieval.fill(place, pages)
    with Archive.open(place) as archive:
        (crawl,) = archive.crawls(limit=1)  # it looked at every page: how it went is counted on the start page
        with archive.transaction():
            archive._connection.db.execute("UPDATE crawl SET detected = 0 WHERE id = ?", [crawl.id])  # noqa: SLF001
        changes = tuple(_changes(archive, crawl, pages))
        watches = tuple(
            Watch(source=SOURCE.name, address=address.key(each), uri=each, role=Role.PAGE, first_crawl=1, told=True)
            for each in (site.HOST + site.path(number) for number in range(pages))
        )
        state = SourceState(name=SOURCE.name, baseline_crawl=1)
        archive.commit_detection(
            crawl, Detection(changes=changes, source=state, watches=watches, held=(), notices=(), seminars=())
        )
    return Made(folder=folder, pages=pages, changes=tuple(each.id for each in changes))


def _changes(archive: Archive, crawl: Crawl, pages: int) -> Iterator[Change]:
    """Every page's one edit as a change, the same page again where there are fewer pages than changes."""
    for number in range(CHANGES):
        uri = site.HOST + site.path(number % pages)
        before, after = (each.id for each in archive.versions_of(uri))
        at = site.FIRST + (number % retrieval.LOOKS) * _DAY
        yield Change(
            id=change_id(SOURCE.name, "page.changed", address.key(uri), f"{before}", f"{after} {number}"),
            kind="page.changed", source=SOURCE.name, subject=address.key(uri), uri=uri, uris=(uri,),
            title=f"Seite {number % pages}", summary="Der Text der Seite wurde geändert.", minor=number % 3 == 0,
            before={"title": "Seite", "text": "vorher"}, after={"title": "Seite", "text": "nachher"},
            facts={"runs": [["del", "vorher"], ["ins", "nachher"]]}, detected_at=at, observed_at=at, crawl_id=crawl.id,
            version_before=before, version_after=after,
        )  # fmt: skip


def write(place: Path, per_second: float, over: object) -> int:
    """Crawl on, a page every so often, until ``over.wait`` is true; how many captures were stored."""
    stored = 0
    with Archive.open(place) as archive:
        crawl = archive.start_crawl(SOURCE, _END + _DAY)
        while not over.wait(1 / per_second):  # type: ignore[attr-defined] - an event of threading or multiprocessing
            fetch = site.fetch(stored % 50, 0, _END + _DAY + stored * timedelta(seconds=1), 100)
            new = NewCapture(
                uri=fetch.uri, captured_at=fetch.at, request=fetch.request, head=fetch.head, status=200,
                payload=fetch.body, peer="192.0.2.1:443", elapsed_ms=40,
            )  # fmt: skip
            page = archive.last_good_page(address.key(fetch.uri))
            archive.add_capture(crawl.id, new, Reading(outcome=Outcome.OK, rule="text", page=page) if page else None)
            stored += 1
        archive.end_crawl(crawl.id, _END + 2 * _DAY, exhausted=False, reason="stopped")
    return stored
