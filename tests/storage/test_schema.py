"""The schema: its golden dump is what later versions migrate, and every stored type has its columns."""

from __future__ import annotations

import re
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Migrations

from storage import crawling, detecting, digests, schema
from storage.archive import Archive
from storage.seals import SEALED, seal
from tests.storage.makers import MONDAY, SOURCE, Watching, digest

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "schema"


def dump(path: Path) -> str:
    """An archive as SQL; what differs between two empty ones is made the same."""
    conn = sqlite3.connect(path)
    header = [
        f"PRAGMA {name} = {conn.execute(f'PRAGMA {name}').fetchone()[0]};"
        for name in ("application_id", "user_version")
    ]
    # iterdump knows no virtual tables, which bring tables of their own: they are written behind the others.
    with closing(sqlite3.connect(":memory:")) as copy:
        conn.backup(copy)
        virtual = copy.execute("SELECT name, sql FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL%'").fetchall()
        for name, _ in virtual[::-1]:
            copy.execute(f"DROP TABLE {name}")
        *lines, end = copy.iterdump()
    text = "\n".join([*header, *lines, *(f"{sql};" for _, sql in virtual), end]) + "\n"
    conn.close()
    named = {"id": 1, "installation_id": "0" * 32, "retired_at": None, "retired_for": "", "migrations": bytes(8)}
    ours = f"VALUES(1,'{'0' * 32}',NULL,'',X'{'0' * 16}',X'{seal(named).hex().upper()}')"
    text = re.sub(r"VALUES\(1,'[0-9a-f]{32}',NULL,'',X'[0-9A-F]{16}',X'[0-9A-F]{16}'\)", ours, text)
    return re.sub(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00:00'", "'2026-01-05 06:00:00.000000+00:00'", text)


def test_a_new_archive_has_the_schema_that_is_on_record(path: Path) -> None:
    """A change of a released schema needs a migration of its own, and a new dump beside the old ones."""
    Archive.open(path, create=True).close()
    assert dump(path) == (GOLDEN / f"v{schema.VERSION}.sql").read_text()


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("v*.sql")), ids=lambda each: each.stem)
def test_an_archive_of_every_schema_still_opens_and_works(path: Path, golden: Path) -> None:
    conn = sqlite3.connect(path)
    conn.executescript(golden.read_text())
    conn.close()
    with Archive.open(path) as archive:
        Watching(archive).once(x="text")
        assert archive.known("https://example.org/a/x")
        assert archive.coverage(SOURCE.name) is not None


def test_mail_of_the_first_schema_is_kept_and_its_ids_are_not_given_again(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.executescript((GOLDEN / "v1.sql").read_text())
    conn.executescript(
        """
        INSERT INTO content (id, digest, size, coding, data) VALUES (1, zeroblob(32), 0, 0, x'');
        INSERT INTO digest VALUES (1, 'team', 'digest', 0, 0, '2026-01-05T06:00:00.000000Z', NULL, '[]', 'Betreff', 1);
        INSERT INTO delivery (id, digest, recipient, envelope_from, message_id, message, html, state, created_at, updated_at)
            VALUES (7, 1, 'lea@example.org', 'a@example.org', '<1@example.org>', 1, 1, 'queued',
                '2026-01-05T06:00:00.000000Z', '2026-01-05T06:00:00.000000Z');
        DELETE FROM sqlite_sequence WHERE name = 'delivery';
        INSERT INTO sqlite_sequence VALUES ('delivery', 9);
        """
    )
    conn.close()
    with Archive.open(path) as archive:
        (row,) = archive._connection.db.execute("SELECT id, recipient, part, state FROM delivery").fetchall()
        assert tuple(row) == (7, "lea@example.org", "message", "queued")
        archive.record_subscriptions(["team"], MONDAY)
        archive.commit_digest(lambda number: digest(number, 0, 0, MONDAY))
        assert archive.unfinished_deliveries()[-1].id == 10


def test_the_version_is_the_number_of_migrations() -> None:
    assert len(schema.SCHEMA._migrations) == schema.VERSION
    assert isinstance(schema.SCHEMA, Migrations)


@pytest.mark.parametrize(
    ("table", "codec", "extra"),
    [
        ("crawl", crawling.CRAWLS, {"config", "imported"}),
        ("watch", crawling.WATCHES, set()),
        ("source_state", detecting._STATES, set()),
        ("notice", detecting.NOTICES, set()),
        ("seminar", detecting.SEMINARS, set()),
        ("change", detecting.CHANGES, {"withdrawn"}),
        ("held", detecting.HELD, {"id"}),
        ("subscription", digests._SUBSCRIPTIONS, set()),
    ],
)
def test_every_field_has_its_column(archive: Archive, table: str, codec: Any, extra: set[str]) -> None:
    columns = {row[1] for row in archive._connection.db.execute(f"PRAGMA table_info({table})")}
    assert columns == set(codec.columns) | extra | {"seal"}


def test_all_tables_are_strict(archive: Archive) -> None:
    rows = archive._connection.db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall()
    loose = {row[0] for row in rows if "STRICT" not in row[1] and not row[0].startswith("search")}
    assert loose == {"_sqlite_migrations", "sqlite_sequence"}  # sqlite-utils' and SQLite's own, like those of FTS5


def test_every_table_of_ours_is_sealed(archive: Archive) -> None:
    """A table that is left out here is one where damage is not noticed."""
    rows = archive._connection.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    derived = {row[0] for row in rows if row[0].startswith("search")}  # compared with the texts by verify
    assert {row[0] for row in rows} - derived - {"_sqlite_migrations", "sqlite_sequence"} == set(SEALED)
    for table in SEALED:
        columns = {row[1] for row in archive._connection.db.execute(f"PRAGMA table_info({table})")}
        assert "seal" in columns


def test_the_queries_of_a_crawl_use_an_index(archive: Archive) -> None:
    """A page of any day out of 100,000 captures must not read them all."""
    seen: list[tuple[str, Any]] = []
    db = archive._connection.db
    watching = Watching(archive)
    with db.tracer(lambda sql, parameters: seen.append((sql, parameters))):
        watching.once(x="one")
        watching.once(x="two")
        archive.snapshot_at("https://example.org/a/x", watching.now)
        archive.frontier(SOURCE.name)
    plans = [
        (row[3], sql)
        for sql, parameters in seen
        if sql.lstrip().startswith("SELECT")
        for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
    ]
    scans = {
        plan for plan, _ in plans if re.match(r"SCAN (c|v|capture|version|content|reading|resource)\b(?!.*LIMIT)", plan)
    }
    assert scans <= {"SCAN capture"}, scans  # the chain's head: the last row by id, one step from the end


if __name__ == "__main__":  # writes the dump of a new schema
    with tempfile.TemporaryDirectory() as folder:
        Archive.open(Path(folder) / "a.db", create=True).close()
        sys.stdout.write(dump(Path(folder) / "a.db"))
