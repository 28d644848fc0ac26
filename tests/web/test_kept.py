"""What is kept between requests ends with what it was made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import passages
from storage.archive import Archive
from storage.records import ErasureKind, ErasureOrder
from tests.storage.makers import Watching, changed, concluded
from tests.web import filled
from tests.web.view import running
from web.kept import Kept

SECRET = "Erika Mustermann"


def test_an_answer_is_made_once_for_each_state() -> None:
    kept, made = Kept(), []

    def answer(state: int) -> int:
        return kept.get(
            (test_an_answer_is_made_once_for_each_state, "x"), state, lambda: made.append(state) or len(made)
        )

    assert [answer(1), answer(1), answer(2), answer(1)] == [1, 1, 2, 3]


def test_a_feed_ends_with_an_erasure_and_a_check_with_the_next_look(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "amtsblick.db", create=True, fleeting=True) as archive:
        watching = Watching(archive)
        watching.begin()
        watching.see(filled.PAGE, f"Es sprach {SECRET}.")
        crawl = watching.end()
        told = changed(crawl, filled.PAGE, summary=f"Neu ist {SECRET}.", after={"text": f"Es sprach {SECRET}."})
        archive.commit_detection(crawl, concluded(archive, crawl, told))
        with running(filled.settings_of(tmp_path)) as view:
            assert SECRET in view.get("/feed.atom").text
            first = view.get("/json/source/section").json
            assert (first["judged"], first["known"]) == (1, 1)
            order = ErasureOrder(kind=ErasureKind.PASSAGE, subject=passages.subject(SECRET), by="A", reason="B", basis="C", name="1")  # fmt: skip
            archive.erase(order, watching.now)
            feed = view.get("/feed.atom")
            assert feed.status == 200
            assert SECRET not in feed.text
            watching.once(seminar="Neu", liste="Neu")
            second = view.get("/json/source/section").json
            assert second["checked_at"] > first["checked_at"]
            assert second["known"] == 2
            starts = view.get("/json/").json["sources"]
            assert starts[0]["checked_at"] == second["checked_at"]


@pytest.mark.parametrize("path", ["/healthz", "/feed.atom", "/source/section", "/search?words=a"])
def test_an_archive_that_is_damaged_is_said(tmp_path: Path, path: str) -> None:
    (tmp_path / "amtsblick.db").write_bytes(b"SQLite format 3\x00" + b"x" * 5000)
    with running(filled.settings_of(tmp_path)) as view:
        assert view.get(path).status == 503
