"""The benchmark of the archive measures what it says: rows like the writer's, and every rival keeps every byte."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

from benchmarks.archive import ours, retrieval, rivals, site
from storage.archive import Archive


def test_an_archive_that_was_filled_past_the_writer_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "a.db"
    retrieval.fill(place, 3)
    with closing(sqlite3.connect(place)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("SELECT count(*) FROM capture").fetchone() == (3 * retrieval.LOOKS,)
    with Archive.open(place, readonly=True) as archive:
        looks = archive.captures_of(site.HOST + site.path(2))
        bodies = {archive.payload(look.payload_digest or "") for look in looks}
        assert len(bodies) == len(looks) == retrieval.LOOKS
        assert len(archive.versions_of(looks[0].uri)) == 2
    assert retrieval.ask(place, 3)["median_ms"] > 0


def test_the_archive_and_the_table_keep_every_byte(tmp_path: Path) -> None:
    fetches = list(site.fetches(2, 3))
    kept = ours.keep(fetches, tmp_path, 2)
    assert 0 < kept.payloads < kept.whole
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        looks = [look for page in range(2) for look in archive.captures_of(site.HOST + site.path(page))]
        assert {archive.payload(look.payload_digest or "") for look in looks} == {fetch.body for fetch in fetches}
        assert all(look.outcome.good for look in looks)
    rivals.compressed(fetches, tmp_path)
    with closing(sqlite3.connect(tmp_path / "versions.db")) as db:
        assert {zlib.decompress(row[0]) for row in db.execute("SELECT data FROM body")} == {
            each.body for each in fetches
        }


def test_every_fetch_of_a_page_is_another_and_its_text_is_not() -> None:
    first, second = (site.fetch(1, 0, site.FIRST + week * site.WEEK, 5) for week in range(2))
    assert first.body != second.body
    assert abs(len(first.body) - len(second.body)) < 10
    assert site.fetch(1, 0, site.FIRST, 5) == first
    assert site.paragraphs(1, 1) != site.paragraphs(1, 0)
