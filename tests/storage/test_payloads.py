"""Bytes kept against other bytes: small, never more than two steps from a key frame, and free of what is erased."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from extractors.model import ASSET, Outcome, Reading
from storage import payloads
from storage.archive import Archive
from storage.errors import ArchiveDamaged
from storage.payloads import DELTA, RAW, SISTER, ZSTD, Alike
from tests.storage.makers import MONDAY, Watching, digest

RNG = random.Random(6)
TEMPLATE = "".join(f"<li><a href='/{RNG.getrandbits(32):x}'>{RNG.getrandbits(32):x}</a>" for _ in range(300))


def page(text: str, noise: int) -> bytes:
    return f"<html>{TEMPLATE}<main>{text}</main><i>{noise}</i></html>".encode()


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    with Archive.open(path, create=True) as archive, archive.transaction():
        yield archive._connection.db


def row(db: Database, content_id: int) -> tuple[int, int | None, int]:
    found = db.execute("SELECT coding, base, length(data) FROM content WHERE id = ?", [content_id]).fetchone()
    return tuple(found)


def depth(db: Database, content_id: int) -> int:
    _, base, _ = row(db, content_id)
    return 0 if base is None else 1 + depth(db, base)


def history(db: Database, texts: list[bytes], sister: int | None = None) -> list[int]:
    """The same page again and again; each is stored against the one before."""
    made: list[int] = []
    for text in texts:
        alike = Alike(earlier=made[-1]) if made else Alike(sister=sister)
        made.append(payloads.store(db, text, alike).id)
    return made


def test_noise_in_every_fetch_costs_next_to_nothing(db: Database) -> None:
    first, *later = history(db, [page("text", noise) for noise in range(50)])
    assert row(db, first)[0] == ZSTD
    assert {row(db, each)[:2] for each in later} == {(DELTA, first)}
    assert max(row(db, each)[2] for each in later) < 40 < row(db, first)[2] / 50


def test_a_first_look_leans_on_a_neighbour_and_the_later_ones_on_it(db: Database) -> None:
    (key,) = history(db, [page("one", 0)])
    made = history(
        db, [page(f"{RNG.getrandbits(999):x}", 1)] + [page("two", noise) for noise in range(2, 9)], sister=key
    )
    assert row(db, made[0])[:2] == (SISTER, key)
    assert {row(db, each)[0] for each in made[1:]} <= {DELTA, SISTER}
    assert max(depth(db, each) for each in made) == 2
    third = history(db, [page("three", 3)], sister=made[-1])[0]
    assert row(db, third)[:2] == (SISTER, key)  # by way of the neighbour, its key frame


def test_a_neighbour_that_is_of_no_use_is_not_leaned_on(db: Database) -> None:
    (key,) = history(db, [b"User-agent: *\nDisallow: /search\nSitemap: https://example.org/sitemap.xml\n"])
    (made,) = history(db, [page("one", 0)], sister=key)
    assert row(db, made)[:2] == (ZSTD, None)


def test_a_page_that_became_another_starts_anew(db: Database) -> None:
    other = bytes(RNG.choices(range(32, 127), k=20_000))
    made = history(db, [page("text", 1), page("text", 2), other, other + b"!"])
    assert [row(db, each)[:2] for each in made] == [(ZSTD, None), (DELTA, made[0]), (ZSTD, None), (DELTA, made[2])]


def test_what_wanders_away_gets_a_new_frame_before_it_is_dear(db: Database) -> None:
    lines = [f"{RNG.getrandbits(400):x}" for _ in range(100)]
    texts = []
    for _ in range(200):
        lines[RNG.randrange(100)] = f"{RNG.getrandbits(400):x}"
        texts.append("\n".join(lines).encode())
    made = history(db, texts)
    assert [payloads.load(db, each) for each in made] == texts
    assert max(depth(db, each) for each in made) <= 2
    frames = sum(row(db, each)[0] != DELTA for each in made)
    assert 5 < frames < 60
    assert sum(row(db, each)[2] for each in made) < 0.3 * 200 * row(db, made[0])[2]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=12), st.randoms())
def test_any_bytes_come_back_whatever_they_were_compared_with(texts: list[bytes], rng: random.Random) -> None:
    with sqlite3.connect(":memory:") as conn:
        conn.row_factory = sqlite3.Row
        db = Database(conn)
        db.execute("CREATE TABLE content (id INTEGER PRIMARY KEY, digest, size, coding, base, data)")
        made: list[int] = []
        for text in texts:
            near = [None, *made]
            made.append(payloads.store(db, text, Alike(rng.choice(near), rng.choice(near))).id)
        gone = set(rng.sample(made, rng.randint(0, len(made) // 2)))
        kept = {each: text for each, text in zip(made, texts, strict=True) if each not in gone}
        payloads.rebase(db, gone)
        for each in gone:
            db.execute("UPDATE content SET data = NULL, base = NULL WHERE id = ?", [each])
        assert payloads.load_many(db, kept) == {each: payloads.load(db, each) for each in kept} == kept
        assert max(depth(db, each) for each in made) <= 2
    conn.close()


def test_a_large_file_that_was_saved_again_is_found_again_beyond_the_usual_window(db: Database) -> None:
    first = RNG.randbytes(4 << 20)
    second = first[: 1 << 20] + RNG.randbytes(5000) + first[1 << 20 :]
    made = history(db, [first, second])
    assert row(db, made[0])[0] == RAW
    assert row(db, made[1])[2] < 12_000
    assert payloads.load(db, made[1]) == second


def test_without_what_is_to_go_every_other_row_is_whole_and_holds_none_of_it(db: Database) -> None:
    secret = f"{RNG.getrandbits(800):x}"
    (key,) = history(db, [page(secret, 0)])
    first, *later = history(db, [page("a", noise) for noise in range(5)], sister=key)
    others = [history(db, [page(f"{n}", n)], sister=key)[0] for n in range(3)]
    mine = [first, *later, *others]
    texts = payloads.load_many(db, mine)
    before = sum(row(db, each)[2] for each in mine)
    assert payloads.rebase(db, [key]) == 4
    db.execute("UPDATE content SET data = zeroblob(3), coding = 0 WHERE id = ?", [key])
    assert payloads.load_many(db, mine) == texts
    assert row(db, first)[:2] == (ZSTD, None)  # the heir
    assert {row(db, each)[:2] for each in others} == {(SISTER, first)}
    assert sum(row(db, each)[2] for each in mine) < before + 2 * row(db, first)[2]
    assert payloads.rebase(db, [key]) == 0


def test_what_leans_on_damaged_bytes_is_not_handed_out(db: Database) -> None:
    made = history(db, [page("text", noise) for noise in range(3)])
    db.execute(
        "UPDATE content SET data = CAST(substr(data, 1, 20) || x'00' || substr(data, 22) AS BLOB) WHERE id = ?",
        made[:1],
    )
    for each in made:
        with pytest.raises(ArchiveDamaged, match="restore a backup"):
            payloads.load(db, each)
        with pytest.raises(ArchiveDamaged):
            payloads.load_many(db, [each])


def test_a_key_frame_is_unpacked_once_for_all_that_lean_on_it(db: Database) -> None:
    (key,) = history(db, [page("one", 0)])
    payloads._remembered.cache_clear()  # another test may have had the same key frame
    before = payloads._remembered.cache_info()
    others = [history(db, [page(f"page {each}", n) for n in range(3)], sister=key) for each in range(5)]
    after = payloads._remembered.cache_info()
    assert {row(db, first)[:2] for first, *_ in others} == {(SISTER, key)}
    assert after.misses - before.misses == 1
    assert after.hits - before.hits == 5 * 3 - 1


def test_a_key_frame_in_memory_hides_no_damage_and_no_erasure(db: Database) -> None:
    (key,) = history(db, [page("one", 0)])
    history(db, [page("two", 1)], sister=key)
    sound = db.execute("SELECT data FROM content WHERE id = ?", [key]).fetchone()[0]
    middle = len(sound) // 2
    damaged = sound[:middle] + bytes(each ^ 0xFF for each in sound[middle : middle + 8]) + sound[middle + 8 :]
    db.execute("UPDATE content SET data = ? WHERE id = ?", [damaged, key])
    with pytest.raises(ArchiveDamaged, match="restore a backup"):
        history(db, [page("three", 2)], sister=key)
    db.execute("UPDATE content SET data = ? WHERE id = ?", [sound, key])
    payloads.rebase(db, [key])
    assert payloads._remembered.cache_info().currsize == 0
    db.execute("UPDATE content SET data = NULL WHERE id = ?", [key])  # as another process may have done meanwhile
    (made,) = history(db, [page("three", 2)], sister=key)
    assert row(db, made)[:2] == (ZSTD, None)


def test_captures_readings_and_heads_lean_on_what_the_page_had_before(archive: Archive, watching: Watching) -> None:
    for noise in range(4):
        watching.begin()
        for name in "ab":
            head = (
                f"HTTP/1.1 200 OK\r\nDate: {noise}\r\nSet-Cookie: a={RNG.getrandbits(90)}{name}\r\n"
                + "X-Long: y\r\n" * 9
            )
            watching.see(f"https://example.org/a/{name}", f"{name} {noise}", page(name, noise), head=head.encode())
        watching.end()
    db = archive._connection.db
    codings = {
        part: [
            row[0]
            for row in db.execute(f"SELECT c.coding FROM content c JOIN capture ON {part} = c.id ORDER BY capture.id")
        ]
        for part in ("payload", "head")
    }
    assert codings["payload"] == [ZSTD, SISTER, *[DELTA] * 6]
    assert codings["head"][0] == ZSTD
    assert set(codings["head"][1:]) <= {SISTER, DELTA}
    read = [
        row[0] for row in db.execute("SELECT coding FROM content WHERE id IN (SELECT content FROM reading) ORDER BY id")
    ]
    assert read[0] != DELTA
    assert DELTA in read[2:]
    for name in "ab":
        looks = archive.captures_of(f"https://example.org/a/{name}")
        assert [archive.payload(look.payload_digest or "") for look in looks] == [page(name, n) for n in range(4)]
        assert [look.head.split(b"\r\n")[1] for look in looks] == [f"Date: {n}".encode() for n in range(4)]


def test_a_style_between_two_pages_is_no_neighbour(archive: Archive, watching: Watching) -> None:
    watching.begin()
    watching.see("https://example.org/a/a", "a", page("a", 1))
    style = Reading(outcome=Outcome.OK, rule=ASSET)
    watching.see("https://example.org/a/a.css", style, b"p { margin: 0 } " * 50)
    watching.see("https://example.org/a/b", "b", page("b", 2))
    watching.end()
    rows = archive._connection.db.execute(
        "SELECT c.coding FROM content c JOIN capture ON payload = c.id ORDER BY capture.id"
    )
    assert [row[0] for row in rows] == [ZSTD, ZSTD, SISTER]


def test_a_message_that_had_its_time_is_kept_again_when_the_same_is_sent(path: Path) -> None:
    with Archive.open(path, create=True) as archive:
        archive.record_subscriptions(["team"], MONDAY)
        archive.commit_digest(lambda number: digest(number, 0, 0, MONDAY))
        archive.outbox_drop(1, MONDAY)
        archive.purge_messages(MONDAY + timedelta(days=40))
        assert archive.outbox()[0].html == b""
        archive.commit_digest(lambda number: digest(number, 0, 0, MONDAY))
        again = archive.outbox()[-1].html
        assert again == digest(2, 0, 0, MONDAY).deliveries[0].html
        assert again != b""
