"""Searching the texts of all versions: what is found, and that the index follows the versions."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from extractors.model import Attachment, Block, BlockKind, Notice, Page, PageKind
from storage import judging, payloads, search
from storage.archive import Archive
from storage.codec import dump_page
from storage.errors import ArchiveDamaged
from storage.records import SearchHit, SearchKind
from tests.storage import full
from tests.storage.makers import HOUR, MONDAY, OTHER, Watching, ok, page
from tests.storage.test_schema import GOLDEN

A, B, C = (f"https://example.org/a/{name}" for name in "abc")


def found(archive: Archive, *words: str) -> list[str]:
    return [hit.uri.rpartition("/")[2] for hit in archive.search(words)]


def index(archive: Archive) -> dict[int, list[str]]:
    """All that the index holds: the words of each reading."""
    rows = archive._connection.db.execute("SELECT doc, term FROM search_place ORDER BY doc, term")
    held: dict[int, list[str]] = {}
    for doc, term in rows:
        held.setdefault(doc, []).append(term)
    return held


def marked(hit: SearchHit) -> list[str]:
    return [passage.text[start:end] for passage in hit.passages for start, end in passage.marks]


def test_parts_of_compound_words_and_all_spellings_are_found(archive: Archive, watching: Watching) -> None:
    watching.once(a="Die Städtepartnerschaft mit Moskau", b="Staedtebau in der Straße 5")
    for words in (["partnerschaft"], ["STAEDTE", "moskau"], ["stadte", "mosk"], ["städtepartner"], ["mit moskau"]):
        assert found(archive, *words) == ["a"], words
    assert found(archive, "strasse") == ["b"]
    assert sorted(found(archive, "städte")) == ["a", "b"]
    assert found(archive, "städte", "riga") == []
    (hit,) = archive.search(["partnerschaft"])
    assert marked(hit) == ["partnerschaft"]


def test_a_hit_is_a_page_with_its_newest_version_that_has_the_words(archive: Archive, watching: Watching) -> None:
    for text in ("offen eins", "offen zwei", "zu", "zu heute"):
        watching.once(a=text)
    (hit,) = archive.search(["offen"])
    versions = archive.versions_of(A)
    assert (hit.version_id, hit.since, hit.until) == (versions[1].id, versions[1].since, versions[2].since)
    assert (hit.versions, hit.first_since) == (2, versions[0].since)
    assert hit.passages[0].text == "offen zwei"
    (hit,) = archive.search(["zu"])
    assert (hit.until, hit.versions) == (None, 2)


def test_the_newest_text_comes_first_and_a_limit_cuts_behind_it(archive: Archive, watching: Watching) -> None:
    watching.once(a="Seminar", b="Seminar")
    watching.once(a="Seminar", b="Seminar neu")
    assert found(archive, "seminar") == ["b", "a"]
    assert [hit.uri for hit in archive.search(["seminar"], limit=1)] == [B]


def test_a_text_that_came_back_is_two_versions_of_one_reading(archive: Archive, watching: Watching) -> None:
    for text in ("offen", "zu", "offen"):
        watching.once(a=text)
    (hit,) = archive.search(["offen"])
    assert (hit.versions, hit.until) == (2, None)


def test_times_are_those_in_which_a_text_stood(archive: Archive, watching: Watching) -> None:
    watching.once(a="offen")
    watching.once(a="zu")
    changed = archive.versions_of(A)[1].since
    for since, until, hits in (
        (None, MONDAY, 0),
        (None, MONDAY + timedelta(minutes=1), 1),
        (changed, None, 0),
        (changed - timedelta(seconds=1), None, 1),
        (MONDAY + 9 * HOUR, None, 0),
    ):
        assert len(archive.search(["offen"], since=since, until=until)) == hits, (since, until)
    assert len(archive.search(["zu"], since=MONDAY + 9 * HOUR)) == 1


def test_kinds_and_sources_limit_what_is_found(archive: Archive, watching: Watching) -> None:
    box = Notice(title="", blocks=(Block(kind=BlockKind.PARAGRAPH, text="heute geschlossen"),), certain=True)
    watching.begin()
    watching.see(A, ok(A, "das Haus ist geschlossen"))
    watching.see(B, ok(B, "das Amt", notices=(box,)))
    watching.end()
    press = Watching(archive, OTHER, watching.now)
    press.begin()
    uri = "https://example.org/press/c.pdf"
    press.see(uri, ok(uri, "die Akten sind geschlossen", kind=PageKind.DOCUMENT))
    press.end()

    def of(kind: SearchKind | None = None, source: str | None = None) -> set[str]:
        return {hit.uri for hit in archive.search(["geschlossen"], kind=kind, source=source)}

    assert of() == {A, B, uri}
    assert (of(SearchKind.PAGE), of(SearchKind.NOTICE), of(SearchKind.DOCUMENT)) == ({A}, {B}, {uri})
    assert (of(source="section"), of(source="press"), of(source="none")) == ({A, B}, {uri}, set())


@pytest.mark.parametrize(
    "words",
    [
        ['"'],
        ['" OR "'],
        ["a*"],
        ["NEAR(a b)"],
        ["words:a"],
        ["^a"],
        ["a AND"],
        ["-a"],
        ["(((", "a"],
        ["%_"],
        ["x" * 9999],
    ],
)
def test_nothing_that_is_typed_is_a_query_language(archive: Archive, watching: Watching, words: Sequence[str]) -> None:
    watching.once(a="ein Text")
    assert found(archive, *words) == []
    assert found(archive, *words, "text") in ([], ["a"])


def test_the_index_has_what_versions_show_and_nothing_else(archive: Archive, watching: Watching) -> None:
    db = archive._connection.db
    watching.once(a="erster")
    archive.rebase(A, page(A, "anders gelesen"))
    assert index(archive) == {2: ["anders", "gelesen", "title"]}
    watching.once(a="zweiter")
    assert set(index(archive)) == {2, 3}
    last = archive.last_good_capture(A)
    assert last is not None
    with archive.transaction():
        judging.doubt(db, last.id, "one text on many addresses")
    assert set(index(archive)) == {2}
    assert found(archive, "zweiter") == found(archive, "erster") == []


def test_what_is_rolled_back_is_not_found(archive: Archive, watching: Watching) -> None:
    watching.once(a="erster")

    def stopped() -> None:
        with archive.transaction():
            watching.begin()
            watching.see(A, "zweiter")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stopped()
    assert found(archive, "zweiter") == []
    assert found(archive, "erster") == ["a"]


def test_texts_that_share_a_commit_come_into_the_index_together(archive: Archive, watching: Watching) -> None:
    """One part of the index for all of them; of one that was rolled back to a savepoint there is nothing."""
    watching.begin()
    parts = _parts(archive)

    def broken() -> None:
        with archive.transaction():
            watching.see(C, "dritter")
            raise RuntimeError

    with archive.transaction():
        watching.see(A, "erster")
        with pytest.raises(RuntimeError):
            broken()
        watching.see(B, "zweiter")
        assert index(archive) == {}
    assert index(archive) == {1: ["erster", "title"], 2: ["title", "zweiter"]}
    assert _parts(archive) == parts + 1


def test_a_text_that_goes_in_the_commit_it_came_with_never_was_in_the_index(
    archive: Archive, watching: Watching
) -> None:
    watching.begin()
    with archive.transaction():
        stored = watching.see(A, "erster")
        judging.doubt(archive._connection.db, stored.capture_id, "one text on many addresses")
        watching.see(B, "zweiter")
    assert index(archive) == {2: ["title", "zweiter"]}
    assert archive.verify().findings == ()


def test_a_text_that_was_to_go_and_stays_is_in_the_index(archive: Archive, watching: Watching) -> None:
    """What takes it out again is rolled back, and the commit that brought it is not."""
    watching.begin()

    def broken(capture: int) -> None:
        with archive.transaction():
            judging.doubt(archive._connection.db, capture, "one text on many addresses")
            raise RuntimeError

    with archive.transaction():
        stored = watching.see(A, "erster")
        with pytest.raises(RuntimeError):
            broken(stored.capture_id)
    assert index(archive) == {1: ["erster", "title"]}
    assert archive.verify().findings == ()


def _parts(archive: Archive) -> int:
    """In how many parts the index lies (rows of FTS5's own table beyond its two heads)."""
    return int(archive._connection.db.execute("SELECT count(*) FROM search_data WHERE id > 10").fetchone()[0])


@pytest.mark.parametrize("first", ["the words", "the bytes"])
def test_what_is_forgotten_leaves_no_word_in_the_file(path: Path, first: str) -> None:
    with Archive.open(path, create=True) as archive:
        watching = Watching(archive)
        watching.once(a="Frau Wunderlichname kam", b="es blieb alles")
        watching.once(a="niemand kam")
        db = archive._connection.db
        with archive.transaction():
            for act in (search.forget, _erase) if first == "the words" else (_erase, search.forget):
                act(db, [1])
        assert found(archive, "wunderlichname") == []
        assert found(archive, "kam") == ["a"]
        assert found(archive, "alles") == ["b"]
        with archive.transaction():
            search.refresh(db, [1])  # stays out: its bytes are gone
        assert set(index(archive)) == {2, 3}
        db.execute("VACUUM")
    assert b"wunderlichname" not in path.read_bytes().lower()


def _erase(db: object, reading_ids: Sequence[int]) -> None:
    assert list(reading_ids) == [1]
    rows = db.execute(
        "SELECT content FROM reading WHERE id = 1 UNION SELECT payload FROM capture WHERE id = 1"
    ).fetchall()  # type: ignore[attr-defined]
    contents = [row[0] for row in rows]
    payloads.rebase(db, contents)  # type: ignore[arg-type]
    for content in contents:
        db.execute("UPDATE content SET data = NULL, base = NULL WHERE id = ?", [content])  # type: ignore[attr-defined]


def test_an_archive_from_before_is_put_into_the_index_by_the_next_writer(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.executescript((GOLDEN / "v4.sql").read_text())
    conn.close()
    old = page(A, "alte Städtepartnerschaft")
    with sqlite3.connect(path) as conn:
        conn.executescript(
            """
            INSERT INTO crawl (id, source, config, started_at, detected) VALUES (1, 'section', '{}', '2026-01-01T00:00:00.000000Z', 1);
            INSERT INTO resource VALUES (1, 'example.org/a/a');
            INSERT INTO content VALUES (1, zeroblob(32), 0, 0, NULL, x'');
            """
        )
        data = payloads.zstd.compress(dump_page(old))
        digest = payloads.sha256(dump_page(old)).digest()
        size = len(dump_page(old))
        conn.execute("INSERT INTO content VALUES (2, ?, ?, 1, NULL, ?)", [digest, size, data])
        conn.executescript(
            """
            INSERT INTO reading VALUES (1, 2, zeroblob(32), zeroblob(32), 'generic', '1');
            INSERT INTO capture (id, crawl_id, resource, uri, captured_at, request, head, status, peer, elapsed_ms, probe, depth,
                is_document, label, error, chain, outcome, reading)
            VALUES (1, 1, 1, 'https://example.org/a/a', '2026-01-01T00:00:00.000000Z', 1, 1, 200, '', 1, 0, 0, 0, '', '', x'', 'ok', 1);
            INSERT INTO version VALUES (1, 1, 'https://example.org/a/a', zeroblob(32), '2026-01-01T00:00:00.000000Z', 1, 1);
            UPDATE capture SET version_id = 1;
            """
        )
    conn.close()
    with Archive.open(path) as archive:
        assert archive.page_of(1) == old
        assert archive._connection.db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert archive._connection.db.execute("PRAGMA foreign_key_check").fetchall() == []
    with Archive.open(path, readonly=True) as archive:
        assert found(archive, "partnerschaft") == ["a"]


def test_readings_that_cannot_be_read_stop_no_writer(path: Path) -> None:
    with Archive.open(path, create=True) as archive:
        Watching(archive).once(a="ein Text")
    with sqlite3.connect(path) as conn:
        conn.execute("UPDATE content SET data = x'00', coding = 0 WHERE id = (SELECT content FROM reading)")
        conn.execute("UPDATE reading SET searched = NULL")
    conn.close()
    with Archive.open(path) as archive:
        assert archive._connection.db.execute("SELECT searched FROM reading").fetchone()[0] == 0


def test_a_page_of_documents_is_searched_by_their_labels_too(archive: Archive, watching: Watching) -> None:
    watching.begin()
    reading = ok(A, "Text")
    assert isinstance(reading.page, Page)
    labelled = replace(
        reading.page, attachments=(Attachment(uri="https://example.org/p.pdf", label="Fachprogramm 2019"),)
    )
    watching.see(A, replace(reading, page=labelled))
    watching.end()
    (hit,) = archive.search(["programm"])
    assert [(passage.part, passage.text) for passage in hit.passages] == [("label", "Fachprogramm 2019")]


def test_a_search_ends_when_it_is_told_to(archive: Archive, watching: Watching) -> None:
    watching.once(a="wort", b="wort", c="wort")
    looks: list[int] = []

    def going() -> bool:
        looks.append(1)
        return len(looks) <= 4  # before and behind each page

    assert len(archive.search(["wort"], going=going)) == 2
    assert archive.search(["wort"], going=lambda: False) == ()


# --- damage


def flipped(source: Path, copy: Path, dice: random.Random) -> Path:
    """A copy of an archive with one bit of its index of words turned over."""
    shutil.copyfile(source, copy)
    with closing(sqlite3.connect(copy)) as db:
        row, block = dice.choice(db.execute("SELECT id, block FROM search_data").fetchall())
        data = bytearray(block)
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        db.execute("UPDATE search_data SET block = ? WHERE id = ?", [bytes(data), row])
        db.commit()
    return copy


def asked(path: Path) -> list[tuple[tuple[str, int], ...]]:
    with Archive.open(path, readonly=True) as archive:
        return [
            tuple((hit.uri, hit.versions) for hit in archive.search([word]))
            for word in ("Fassung", "Wort7", "Seite", "kurz")
        ]


@pytest.mark.slow
def test_a_damaged_index_is_named_by_search_or_by_verify_and_made_anew(path: Path, tmp_path: Path) -> None:
    """What FTS5 notices search says; a letter that is another one only verify sees. Neither touches the texts."""
    full.fill(path, rounds=3)
    whole = asked(path)
    seed = random.randrange(10**6)
    dice, named = random.Random(seed), []
    for number in range(30):
        copy = flipped(path, tmp_path / f"{number}.db", dice)
        try:
            found = asked(copy)
        except ArchiveDamaged as error:
            named.append(str(error))
        else:
            with Archive.open(copy, readonly=True) as archive:
                assert found == whole or archive.verify().findings, f"seed {seed}, copy {number}"
        with Archive.open(copy) as archive:
            archive.rebuild_search()
            assert archive.verify().findings == (), f"seed {seed}, copy {number}"
        assert asked(copy) == whole, f"seed {seed}, copy {number}"
    assert named
    assert all("search --rebuild" in line and "\n" not in line for line in named), named


def test_a_reader_that_stays_open_finds_words_that_came_later(watching: Watching, path: Path) -> None:
    watching.once(p1="Der Besuch beginnt.")
    with Archive.open(path, readonly=True) as reader:
        for word in ("Besuch", "Besuch"):
            assert [hit.uri for hit in reader.search([word])] == ["https://example.org/a/p1"]
        assert not reader.search(["Jugendaustausch"])
        watching.once(p1="Der Besuch beginnt.", p2="Ein Jugendaustausch folgt.")
        assert [hit.uri for hit in reader.search(["Jugendaustausch"])] == ["https://example.org/a/p2"]
