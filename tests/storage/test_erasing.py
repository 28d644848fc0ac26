"""What is erased is gone from the file and from every copy of it, and what is left says so and still proves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage import erasing, failpoint, passages, payloads
from storage.archive import Archive
from storage.errors import ArchiveHeld
from storage.records import DeliveryState, ErasureKind, ErasureOrder, Hold
from tests.storage import full
from tests.storage.full import SECRET, URIS
from tests.storage.makers import MONDAY, Watching

ROOT = Path(__file__).resolve().parents[2]


def order(kind: ErasureKind, subject: str) -> ErasureOrder:
    return ErasureOrder(
        kind=kind, subject=subject, by="kim", reason="asked for", basis="Art. 17 GDPR", name=erasing.new_name()
    )


def passage(text: str) -> ErasureOrder:
    return order(ErasureKind.PASSAGE, passages.subject(text))


def on_disk(path: Path) -> bytes:
    """The archive and everything beside it, as bytes."""
    return b"".join(file.read_bytes() for file in path.parent.rglob("*") if file.is_file())


def said(path: Path, words: str) -> bool:
    """Whether a packed archive still says some words: unpacked, everywhere."""
    with Archive.open(path, readonly=True) as archive:
        db = archive._connection.db
        contents = [row[0] for row in db.execute("SELECT id FROM content WHERE data IS NOT NULL")]
        kept = [payloads.load(db, each).decode("utf-8", "replace") for each in contents]
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        cells = [str(cell) for table in tables for row in db.execute(f"SELECT * FROM {table}") for cell in row]
    return any(words in text for text in (*kept, *cells))


def assert_proven(path: Path) -> None:
    with Archive.open(path, readonly=True) as archive:
        assert archive.verify().findings == ()


@pytest.fixture
def filled(path: Path) -> Path:
    full.fill(path)
    return path


def raw(path: Path) -> None:
    """Keep one payload and one reading as they are, so that their words can be looked for in the file."""
    with Archive.open(path) as archive:
        db = archive._connection.db
        for (content,) in db.execute("SELECT id FROM content WHERE data IS NOT NULL").fetchall():
            data = payloads.load(db, content)
            db.execute("UPDATE content SET coding = 0, data = ? WHERE id = ?", [data, content])


@pytest.mark.parametrize("spelling", [SECRET, "erika  MUSTERMANN aus\u00a0Zim\u00admer 17"])
def test_a_passage_goes_from_everywhere(filled: Path, spelling: str) -> None:
    raw(filled)
    assert SECRET.encode() in on_disk(filled)
    with Archive.open(filled) as archive:
        before = archive.chain_head()
        done = archive.erase(passage(spelling), MONDAY)
        assert archive.chain_head() == before
        (view,) = [archive.snapshot_at(URIS[1], each.captured_at) for each in archive.captures_of(URIS[1])][1:2]
        assert view is not None
        assert view.erased is not None
        assert view.erased.basis == "Art. 17 GDPR"
        assert view.payload == b""
        assert erasing.MARK in view.page.text
        assert "Fassung 1" in view.page.text
        assert archive.digest(2).body == ""  # type: ignore[union-attr]
        assert archive.outbox()[2].message == b""
        assert [each.state for each in archive.outbox() if each.digest == 2] == [DeliveryState.DROPPED] * 2
        assert set(archive.erasures_of(URIS[1])) == {archive.captures_of(URIS[1])[1].id}
    assert done.tombstone.payloads == 1
    assert done.uris == (URIS[1],)
    assert not said(filled, "Mustermann")
    assert b"Mustermann" not in on_disk(filled)
    assert_proven(filled)


def test_what_was_erased_is_known_by_a_hash_alone(filled: Path) -> None:
    with Archive.open(filled) as archive:
        archive.erase(passage(SECRET), MONDAY)
    beside = filled.with_name(filled.name + ".erased").read_text()
    assert "Mustermann" not in beside
    assert "Art. 17 GDPR" in beside


def test_an_address_goes_with_its_texts_and_changes(filled: Path) -> None:
    raw(filled)
    with Archive.open(filled) as archive:
        done = archive.erase(order(ErasureKind.URI, URIS[1]), archive.newest_time() or MONDAY)
        assert done.captures == 4
        assert [change.summary for change in archive.changes()] == [erasing.MARK] * 4
        assert all(row.body == "" for row in archive.digests())
        assert archive.snapshot_at(URIS[0], MONDAY.replace(year=2027)).payload  # type: ignore[union-attr]
        assert [len(each.head) > 0 for each in archive.captures_of(URIS[1])] == [True] * 4
    assert not said(filled, "Seite y")
    assert b"Seite y" not in on_disk(filled)
    assert_proven(filled)


def test_one_capture_goes_and_its_neighbours_stay(filled: Path) -> None:
    with Archive.open(filled) as archive:
        looks = archive.captures_of(URIS[0])
        archive.erase(order(ErasureKind.CAPTURE, str(looks[1].id)), archive.newest_time() or MONDAY)
        assert set(archive.erasures_of(URIS[0])) == {looks[1].id}
        assert archive.snapshot_at(URIS[0], looks[0].captured_at).payload  # type: ignore[union-attr]
    assert not said(filled, "Seite x, Fassung 1")
    assert said(filled, "Seite x, Fassung 2")
    assert_proven(filled)


def test_bytes_that_another_address_shows_stay_and_are_named(path: Path) -> None:
    with Archive.open(path, create=True) as archive:
        Watching(archive).once(x="the same", y="the same", z="other")
        done = archive.erase(order(ErasureKind.URI, "https://example.org/a/x"), MONDAY.replace(year=2027))
        assert done.shared == ("https://example.org/a/y",)
        assert archive.snapshot_at("https://example.org/a/y", MONDAY.replace(year=2027)).payload == b"the same"  # type: ignore[union-attr]
    assert_proven(path)


def test_watching_goes_on_after_an_erasure(path: Path) -> None:
    with Archive.open(path, create=True) as archive:
        watching = Watching(archive)
        watching.once(x="Erstfassung")
        archive.erase(order(ErasureKind.URI, "https://example.org/a/x"), MONDAY.replace(year=2027))
        watching.once(x="Erstfassung")
        watching.once(x="two")
        assert [each.outcome for each in archive.captures_of("https://example.org/a/x")] == ["ok", "unchanged", "ok"]
        assert archive.frontier("section")
        assert archive.snapshot_at("https://example.org/a/x", watching.now).payload == b"two"  # type: ignore[union-attr]
    assert not said(path, "Erstfassung")
    assert_proven(path)


def test_a_word_of_a_link_goes_and_the_chain_stands(path: Path) -> None:
    with Archive.open(path, create=True) as archive:
        watching = Watching(archive)
        watching.begin()
        watching.see("https://example.org/a/p", "text", label="Lebenslauf Erika Mustermann (PDF)")
        watching.see("https://example.org/a/q", "more")
        watching.end()
        archive.erase(passage("Erika Mustermann"), MONDAY)
        assert archive.broken_links() == (1,)
        proof = archive.verify(archive.chain_head())
        assert proof.findings == ()
        assert proof.proven is not None
        assert proof.proven.whole
    assert not said(path, "Mustermann")


def test_a_dry_run_changes_nothing(filled: Path) -> None:
    with Archive.open(filled) as archive:
        before = full.answers(archive)
        done = archive.erase(passage(SECRET), MONDAY, dry_run=True)
        assert done.tombstone.payloads == 1
        assert full.answers(archive) == before
    assert not filled.with_name(filled.name + ".erased").exists()


def test_a_hold_stands_against_it_until_it_is_lifted(filled: Path) -> None:
    with Archive.open(filled) as archive:
        held = archive.add_hold(
            Hold(id=0, kind="source", subject="section", by="kim", reason="a trial", since=MONDAY, lifted_at=None)
        )
        with pytest.raises(ArchiveHeld, match="a trial"):
            archive.erase(passage(SECRET), MONDAY)
        assert archive.lift_hold(held.id, MONDAY)
        assert not archive.lift_hold(held.id, MONDAY)
        archive.erase(passage(SECRET), MONDAY)


def test_an_older_copy_that_is_put_back_loses_it_too(filled: Path) -> None:
    older = filled.read_bytes()
    with Archive.open(filled) as archive:
        archive.erase(passage(SECRET), MONDAY)
        archive.erase(order(ErasureKind.URI, URIS[0]), archive.newest_time() or MONDAY)
        names = [each.name for each in archive.tombstones()]
    filled.write_bytes(older)
    assert said(filled, "Mustermann")
    with Archive.open(filled) as archive:
        assert [each.name for each in archive.tombstones()] == names
    assert not said(filled, "Mustermann")
    assert not said(filled, "Seite x, Fassung")
    assert_proven(filled)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [each for each in failpoint.NAMES if each.startswith(("erase.", "vacuum."))],
)
def test_a_kill_in_the_middle_is_made_up_by_the_next_opening(filled: Path, name: str) -> None:
    raw(filled)
    program = (
        "import sys; from tests.storage.test_erasing import *\n"
        "with Archive.open(sys.argv[1]) as archive: archive.erase(passage(SECRET), MONDAY)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(filled)],
        cwd=ROOT,
        env=os.environ | {failpoint.VARIABLE: name},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    with Archive.open(filled) as archive:
        if not archive.tombstones():  # killed before it was noted: nothing was done, nothing was said to be done
            assert said(filled, "Mustermann")
            return
    assert not said(filled, "Mustermann")
    assert b"Mustermann" not in on_disk(filled)
    assert_proven(filled)
