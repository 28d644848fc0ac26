"""What was imported comes out as if we had watched: whatever the order, and without a word to anybody."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts import digest
from alerts.detection import detect_missing
from crawler.config import Config, load
from crawler.history import crawls
from crawler.intake import Taker
from crawler.output import json_line
from storage.archive import Archive
from storage.exports import warcfile
from storage.imports.found import Left
from storage.imports.keeping import Past
from storage.records import About, Selection
from tests.imports import makers
from tests.imports.conftest import NOW, Take
from tests.imports.makers import HOST, SECTION, Answer, html, packed, response, revisit, warc, weeks
from tests.storage.makers import Watching
from tests.storage.test_erasing import passage
from web.rows import capture as capture_row
from web.rows import change as change_row

WEEKS = weeks()


def told(archive: Archive) -> list[tuple[str, str]]:
    return [(each.kind, each.uri) for each in archive.changes()]


def account(path: Path) -> list[str]:
    """All that readers of an archive can be shown of it, without the numbers of rows."""
    with Archive.open(path, readonly=True) as archive:
        lines = [json_line(change_row(each)) for each in archive.changes()]
        uris = sorted({one.uri for one in archive.past()})
        for uri in uris:
            versions = [(row.since, row.text_digest, row.uri) for row in archive.versions_of(uri)]
            lines.append(f"{uri} {versions}")
            looks = archive.captures_of(uri)
            origins = archive.origins(each.id for each in looks)
            rows = (capture_row(each, origins[each.id]) for each in looks)
            lines += [json_line({**row, "id": "", "provenance": ""}) for row in rows]
    return sorted(lines)


def test_changes_come_out_as_if_we_had_watched(tmp_path: Path, take: Take) -> None:
    intake = take(warc(itertools.chain(*WEEKS), requests=True))
    assert intake.taken == 14
    assert intake.left == {
        (Left.KIND, "request"): 22, (Left.KIND, "warcinfo"): 1, (Left.OTHER_HOST, "other.example.net"): 4, (Left.UNLINKED, ""): 4,
    }  # fmt: skip
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        first, second = archive.changes()
        assert (first.kind, first.uri) == ("page.changed", f"{SECTION}a")
        assert (first.before["text"], first.after["text"]) == (
            "Das Amt hat drei Mitarbeiter in diesem Haus.",
            "Das Amt hat vier Mitarbeiter in diesem Haus.",
        )
        assert first.observed_at == datetime(2015, 3, 9, 5, 0, 1, tzinfo=UTC)
        assert first.imported
        assert first.version_after is not None
        version = archive.version(first.version_after)
        assert version is not None
        assert version.since == first.observed_at
        assert (second.kind, second.uri) == ("page.added", f"{SECTION}new")
        assert [str(each.outcome) for each in archive.captures_of(f"{SECTION}a")] == [
            "ok",
            "ok",
            "unchanged",
            "unchanged",
        ]
        view = archive.snapshot_at(f"{SECTION}a", datetime(2015, 3, 5, tzinfo=UTC))
        assert view is not None
        assert view.payload == WEEKS[0][1].body
        assert archive.broken_links() == ()


@pytest.mark.parametrize("order", [(3, 1, 0, 2), (1, 3, 2, 0)])
def test_the_order_of_imports_makes_no_difference(tmp_path: Path, take: Take, order: tuple[int, ...]) -> None:
    files = [warc(week) for week in WEEKS]
    take(*files, into="right.db")
    for each in order:
        take(files[each])
        take(files[each])
    assert account(tmp_path / "amtsblick.db") == account(tmp_path / "right.db")
    conn = sqlite3.connect(tmp_path / "amtsblick.db")
    searched = "SELECT sum(searched IS 1), sum(searched IS NOT 1), count(*) FROM reading WHERE id IN (SELECT reading FROM version)"
    assert conn.execute(searched).fetchone() == (6, 0, 6)
    conn.close()


def test_a_change_keeps_its_row_when_more_history_comes(tmp_path: Path, take: Take) -> None:
    take(warc(WEEKS[1]), warc(WEEKS[2]))
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        before = archive.changes()
    take(warc(WEEKS[0]), warc(WEEKS[3]))
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        after = {each.id: each for each in archive.changes()}
    assert before
    assert all(after[each.id].seq == each.seq for each in before)


def test_a_revisit_comes_in_with_its_original_whichever_is_first(tmp_path: Path, take: Take) -> None:
    original = WEEKS[0][1]
    again = [replace(original, at=f"2015-0{month}-01T00:00:00Z") for month in (4, 5)]
    first = take(packed(*(revisit(each) for each in again)))
    assert (first.taken, first.waiting) == (0, 2)
    second = take(warc([original]))
    assert (second.taken, second.waiting) == (3, 0)
    take(warc([original]), packed(*(revisit(each) for each in again)), into="right.db")
    assert account(tmp_path / "amtsblick.db") == account(tmp_path / "right.db")
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        assert len(archive.versions_of(original.uri)) == 1
        assert [each.payload_size for each in archive.captures_of(original.uri)] == [len(original.body)] * 3


def test_a_304_confirms_the_page_it_followed(tmp_path: Path, take: Take) -> None:
    original = WEEKS[0][1]
    take(warc([original, replace(original, at="2015-04-01T00:00:00Z", body=b"", status="304 Not Modified")]))
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        assert [str(each.outcome) for each in archive.captures_of(original.uri)] == ["ok", "unchanged"]
        view = archive.snapshot_at(original.uri, NOW)
        assert view is not None
        assert (view.payload, view.failed_since) == (original.body, ())


def test_an_import_that_was_killed_is_finished_by_the_next(tmp_path: Path, take: Take, config: Config) -> None:
    (tmp_path / ".amtsblick.db-history-dead").mkdir()
    file = tmp_path / "weeks.warc"
    file.write_bytes(warc(itertools.chain(*WEEKS)))
    with Archive.open(tmp_path / "amtsblick.db", create=True) as archive:
        Taker(archive, config.source, NOW).files([file])
        assert archive.unworked() == ("section",)
        assert archive.unread_captures() == archive.abandoned_crawls() == archive.undetected() == ()
    assert take(file.read_bytes(), name="weeks.warc").taken == 0
    take(file.read_bytes(), name="weeks.warc", into="right.db")
    assert account(tmp_path / "amtsblick.db") == account(tmp_path / "right.db")
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        assert archive.unworked() == ()
    assert not list(tmp_path.glob(".*history*"))


def test_what_was_erased_stays_so_and_the_text_without_it_stays_history(tmp_path: Path, take: Take) -> None:
    take(warc(itertools.chain(*WEEKS)))
    with Archive.open(tmp_path / "amtsblick.db") as archive:
        before = archive.changes()
        archive.erase(passage("Sprechzeiten sind am Montag"), NOW)
    take(warc([Answer(uri=f"{SECTION}b", at="2016-01-01T00:00:00Z", body=html("Seite B", "Ein neuer Text."))]))
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        texts = [version.page.text for version in archive.versions_of(f"{SECTION}a")]
        assert ["vier" in text for text in texts] == [False, True]
        assert not any("Sprechzeiten" in text for text in texts)
        assert {each.id for each in before} <= {each.id for each in archive.changes()}
        assert archive.verify().findings == ()


def test_documents_come_in_when_a_page_links_them(tmp_path: Path, take: Take) -> None:
    plan = Answer(uri=f"{HOST}/files/plan.pdf", at="2015-03-01T04:00:00Z", body=b"%PDF-1.4 x", kind="application/pdf")
    other = replace(plan, uri=f"{HOST}/files/other.pdf")
    page = Answer(
        uri=SECTION, at="2015-03-02T05:00:00Z", body=html("Section", "Text genug.", links=["/files/plan.pdf"])
    )
    intake = take(warc([plan, other, page]))
    assert intake.taken == 2
    assert intake.left[Left.UNLINKED, ""] == 1
    later = take(warc([replace(plan, at="2015-05-01T00:00:00Z"), other]))
    assert later.taken == 1
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        assert len(archive.captures_of(plan.uri)) == 2


def test_what_was_archived_late_is_no_news(tmp_path: Path, take: Take) -> None:
    start = html("Section", "Willkommen in dieser Abteilung.", links=["/section/old"])
    old = html("Alte Seite", "Sie stand schon immer hier, nur sammelte sie niemand.", links=["/section/older"])
    older = html("Noch älter", "Auch diese Seite gab es schon, sie wird nur erst jetzt gefunden.")
    take(
        warc(
            [
                Answer(uri=SECTION, at="2014-01-01T00:00:00Z", body=start),
                Answer(uri=SECTION, at="2014-06-01T00:00:00Z", body=start),
                Answer(uri=f"{SECTION}old", at="2015-01-01T00:00:00Z", body=old),
                Answer(uri=f"{SECTION}older", at="2015-01-01T00:00:09Z", body=older),
                Answer(uri=f"{SECTION}nobody-links-it", at="2015-01-02T00:00:00Z", body=older),
            ]
        )
    )
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        assert told(archive) == []


# --- beside a live watch

LIVE = """
SELECT * FROM watch; SELECT * FROM source_state; SELECT * FROM notice; SELECT * FROM seminar; SELECT * FROM held;
SELECT * FROM subscription; SELECT * FROM digest; SELECT * FROM delivery; SELECT * FROM change WHERE imported = 0;
SELECT * FROM crawl WHERE imported = 0;
SELECT c.* FROM capture c JOIN crawl k ON k.id = c.crawl_id WHERE k.imported = 0;
SELECT DISTINCT v.* FROM version v JOIN capture c ON c.version_id = v.id JOIN crawl k ON k.id = c.crawl_id WHERE k.imported = 0;
"""


def live_state(path: Path) -> list[list[Any]]:
    conn = sqlite3.connect(path)
    found = [conn.execute(query).fetchall() for query in LIVE.split(";") if query.strip()]
    conn.close()
    return found


def watch(archive: Archive, config: Config, when: datetime, texts: dict[str, str]) -> None:
    """One live crawl, detected as after each crawl."""
    source = config.source[0].as_source()
    watching = Watching(archive, source, when)
    archive.record_subscriptions(["team"], when)
    watching.begin()
    for uri, text in texts.items():
        watching.see(uri, text, html("Seite", text))
    watching.end()
    owed = digest.owed(archive, config.subscriptions, config.context(when))
    detect_missing(archive, {source.name: source}, owed, when)


CONFIG = f"""{makers.CONFIG}
[[subscription]]
name = "team"
to = ["team@example.org"]
immediately = ["page.*"]

[mail]
from = "Amtsblick <amtsblick@example.org>"
"""
FIRST = {SECTION: "Willkommen hier", f"{SECTION}a": "Das Amt hat vier Mitarbeiter in diesem Haus."}
THEN = {**FIRST, f"{SECTION}a": "Das Amt hat fünf Mitarbeiter in diesem Haus."}


def test_the_live_watch_does_not_notice(tmp_path: Path, take: Take, config: Config) -> None:
    """With history of before, between and after its looks, it tells the same, mails the same, and nothing else."""
    config = load(makers.config(tmp_path, CONFIG))
    began = datetime(2015, 3, 10, tzinfo=UTC)
    # Somebody else archived, between two looks of ours, the very bytes that the second one shows.
    seen_by_others = Answer(uri=f"{SECTION}a", at="2015-04-01T00:00:00Z", body=html("Seite", THEN[f"{SECTION}a"]))
    histories = {"plain.db": (), "amtsblick.db": (warc(WEEKS[0]), warc([*itertools.chain(*WEEKS[1:]), seen_by_others]))}
    for name, (first, second) in zip(histories, [(None, None), histories["amtsblick.db"]], strict=True):
        if first:
            take(first, into=name)
        with Archive.open(tmp_path / name, create=True) as archive:
            watch(archive, config, began, FIRST)
        before = live_state(tmp_path / name)
        if second:
            take(second, into=name)
            assert live_state(tmp_path / name) == before
        with Archive.open(tmp_path / name) as archive:
            watch(archive, config, began + timedelta(days=30), THEN)
            shown = digest.preview(archive, config.subscriptions[0], config.context(began + timedelta(days=31)))
            assert "Neue Seite" not in shown.text
    with Archive.open(tmp_path / "plain.db") as plain, Archive.open(tmp_path / "amtsblick.db") as mixed:
        live = [each for each in mixed.changes() if not each.imported]
        assert [(each.kind, each.summary) for each in live] == [(each.kind, each.summary) for each in plain.changes()]
        assert len(live) == 1
        assert len(mixed.outbox()) == len(plain.outbox()) == 1
        # What we watch ourselves is told by us alone: of the four weeks only the first change lies before.
        assert [(each.kind, each.uri) for each in mixed.changes() if each.imported] == [("page.changed", f"{SECTION}a")]
        assert [each.started_at for each in mixed.crawls()] == [each.started_at for each in plain.crawls()]
        assert mixed.coverage("section") is not None
        assert mixed.newest_time() is not None


def test_our_own_looks_are_not_imported_again(tmp_path: Path, take: Take, config: Config) -> None:
    with Archive.open(tmp_path / "amtsblick.db", create=True) as archive:
        watch(archive, config, NOW - timedelta(days=9), FIRST)
        look = archive.captures_of(f"{SECTION}a")[0]
        body = archive.payload(look.payload_digest or "")
        assert body
    stamp = look.captured_at.isoformat().replace("+00:00", "Z")
    intake = take(packed(response(Answer(uri=look.uri, at=stamp, body=body))))
    assert (intake.taken, intake.known) == (0, 1)


def test_our_own_export_gives_the_same_captures(tmp_path: Path, take: Take, config: Config) -> None:
    """Into an empty archive they come as they were, into their own not at all."""
    original = tmp_path / "original.db"
    with Archive.open(original, create=True) as archive:
        watching = Watching(archive, config.source[0].as_source(), datetime(2026, 1, 5, 6, tzinfo=UTC))
        for week, text in enumerate(("Erster Text", "Erster Text", "Zweiter Text")):
            watching.begin()
            watching.see(SECTION, text)
            if week == 0:
                watching.see(f"{SECTION}a", "Gleich")
            else:
                head = b"HTTP/1.1 304 Not Modified\r\nX-Seen: again\r\n\r\n"
                watching.see(f"{SECTION}a", None, b"", status=304, head=head)
            watching.end()
    export(original, tmp_path / "own.warc.gz")
    data = (tmp_path / "own.warc.gz").read_bytes()
    take(data)
    assert looks(tmp_path / "amtsblick.db") == looks(original)
    assert take(data, into="original.db").taken == 0
    export(tmp_path / "amtsblick.db", tmp_path / "again.warc.gz")
    assert take((tmp_path / "again.warc.gz").read_bytes()).taken == 0


def export(path: Path, final: Path) -> None:
    about = About(software="test", created=NOW, title="t", organization="o", contact="c@example.org")
    with Archive.open(path, readonly=True) as archive, archive.handover(Selection()) as holdings:
        warcfile.write(final, holdings, about, force=False, step=lambda _uri: None)


def looks(path: Path) -> list[tuple[object, ...]]:
    with Archive.open(path, readonly=True) as archive:
        uris = (SECTION, f"{SECTION}a")
        found = [each for uri in uris for each in archive.captures_of(uri)]
    return [(one.uri, one.captured_at, one.status, one.head, one.request, one.payload_digest) for one in found]


# --- grouping


def past(*looks: tuple[str, str, str]) -> list[Past]:
    begin = datetime(2015, 1, 1, tzinfo=UTC)
    made: Iterable[Past] = (
        Past(
            capture=number,
            uri=f"{SECTION}{name}",
            address=name,
            captured_at=begin + timedelta(hours=float(hours)),
            status=301 if digest_ == "301" else 200,
            payload_digest=digest_,
            shows=True,
            location=None,
            cut="",
            own="section",
        )
        for number, (hours, name, digest_) in enumerate(looks)
    )
    return list(made)


@pytest.mark.parametrize(
    ("looks", "sizes"),
    [
        ([("0", "a", "1"), ("1", "b", "1"), ("5", "c", "1")], [3]),
        ([("0", "a", "1"), ("24", "a", "1")], [1, 1]),
        ([("0", "a", "1"), ("13", "b", "1")], [1, 1]),
        ([("0", "a", "1"), ("1", "b", "1"), ("6", "a", "1"), ("7", "b", "1")], [2, 2]),
        ([("0", "a", "301"), ("0.001", "a", "2"), ("0.002", "b", "1")], [3]),
        ([("0", "a", "1"), ("0.01", "a", "1")], [2]),
        ([("0", "a", "1"), ("0.01", "a", "2")], [1, 1]),
    ],
    ids=["one", "daily", "pause", "asked again", "redirect", "repeated", "other bytes"],
)
def test_captures_are_put_together_as_they_were_crawled(looks: list[tuple[str, str, str]], sizes: list[int]) -> None:
    assert [len(group) for group in crawls(past(*looks))] == sizes
