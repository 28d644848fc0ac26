"""The commands that prove, copy, erase and keep: one clear line, the right code, and what they say is so."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler import cli
from storage.archive import Archive
from storage.records import DeliveryState
from tests.storage import full

CONFIG = """
[archive]
path = "amtsblick.db"

[[source]]
name = "section"
start = ["https://example.org/a/"]

[operator]
heartbeat = "https://hc.example.org/ping/very-secret"

[crawler]
proxy = "http://proxy.example.org:3128"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    full.fill(folder / "amtsblick.db", rounds=2)
    (folder / "amtsblick.toml").write_text(CONFIG)
    monkeypatch.chdir(folder)
    return folder


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    found = cli.run(["--now", "2027-06-01T00:00:00Z", *arguments])
    said, noted = capsys.readouterr()
    assert found == code, noted
    return said, noted


def test_verify_proves_a_head_by_its_first_digits(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Archive.open(home / "amtsblick.db", readonly=True) as archive:
        head = archive.chain_head()
    assert head in told(capsys, "verify")[0]
    assert "proves captures 1 to 8" in told(capsys, "verify", "--head", head)[0]
    assert "proves captures 1 to 8" in told(capsys, "verify", "--head", head[7:23])[0]
    assert "is not in the chain" in told(capsys, "verify", "--head", "00" * 32, code=65)[1]
    assert "is no head" in told(capsys, "verify", "--head", "lead", code=2)[1]
    row = json.loads(told(capsys, "verify", "--json", "--head", head)[0])
    assert (row["whole"], row["findings"], row["proven"]["whole"]) == (True, [], True)


def test_verify_names_what_is_damaged(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Archive.open(home / "amtsblick.db") as archive:
        archive._connection.db.execute("UPDATE content SET data = zeroblob(9) WHERE id = 3")
    said, noted = told(capsys, "verify", code=65)
    assert "content 3" in said
    assert "https://example.org/a/x" in said
    assert "damaged" in noted
    assert json.loads(told(capsys, "verify", "--json", code=65)[0])["whole"] is False


def test_a_damaged_index_of_words_is_one_line_and_is_made_anew(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = told(capsys, "search", "Fassung", "--json")[0]
    with closing(sqlite3.connect(home / "amtsblick.db")) as db:
        db.execute("UPDATE search_data SET block = substr(block, 1, length(block) / 2) WHERE id > 10")
        db.commit()
    said, noted = told(capsys, "search", "Fassung", code=65)
    assert (said, noted.count("\n")) == ("", 1)
    assert "search --rebuild" in noted
    assert "search" in told(capsys, "verify", code=65)[0]
    assert "no words" in told(capsys, "search", "--rebuild", "Fassung", code=2)[1]
    assert "anew from" in told(capsys, "search", "--rebuild")[0]
    assert told(capsys, "search", "Fassung", "--json")[0] == whole
    told(capsys, "verify")


def test_a_citation_says_where_a_look_stands(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del home
    said, _ = told(capsys, "snapshot", full.URIS[0], "--at", "2026-01-06", "--cite")
    for word in ("URI-R:     https://example.org/a/x", "2026-01-05T07:00:01+01:00", "sha256:", "capture 1 of 8"):
        assert word in said
    row = json.loads(told(capsys, "snapshot", full.URIS[0], "--at", "2026-01-06", "--json")[0])["citation"]
    assert set(row) == {
        "uri", "captured_at", "payload_digest", "installation", "capture", "link", "captures", "head"
    }  # fmt: skip


def test_a_backup_goes_to_a_new_machine(home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                        monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    made = json.loads(told(capsys, "backup", "..", "--json")[0])
    assert made["head"][7:23] in made["file"]
    assert "a backup of 8 captures" in told(capsys, "verify", made["file"])[0]
    assert json.loads(told(capsys, "verify", made["file"], "--head", made["head"], "--json")[0])["whole"] is True
    assert "is not its head" in told(capsys, "verify", made["file"], "--head", "00" * 32, code=65)[1]
    cut = tmp_path / "cut.zip"
    cut.write_bytes(Path(made["file"]).read_bytes()[:-100])
    assert "cut, or damaged" in told(capsys, "verify", str(cut), code=65)[1]
    new = tmp_path / "new"
    new.mkdir()
    monkeypatch.chdir(new)
    said, _ = told(capsys, "restore", made["file"])
    assert "messages are held" in said
    config = (new / "amtsblick.toml").read_text()
    assert "secret" not in config
    assert "proxy.example.org" in config
    assert (new / "amtsblick.toml").stat().st_mode & 0o777 == 0o600
    assert "whole" in told(capsys, "verify")[0]
    assert "--force" in told(capsys, "restore", made["file"], code=74)[1]
    assert "released" not in told(capsys, "outbox", "retry", "--all", code=2)[1]
    told(capsys, "outbox", "release", "--all")
    with Archive.open(new / "amtsblick.db", readonly=True) as archive:
        assert archive.queue_counts()[DeliveryState.HELD] == 0
    assert home.exists()


def test_an_archive_that_was_handed_over_says_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del home
    assert "--take-back" in told(capsys, "backup", "--handover", "move.zip")[0]
    assert "handed over" in told(capsys, "crawl", code=78)[1]
    assert "handed over" in told(capsys, "deliver", code=78)[1]
    told(capsys, "changes")
    told(capsys, "backup", "--take-back")
    assert "was not handed over" in told(capsys, "backup", "--take-back", code=2)[1]


def test_erasing_needs_a_reason_and_a_yes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    why = ("--reason", "asked for", "--basis", "Art. 17 GDPR")
    assert "--reason and --basis" in told(capsys, "erase", "--passage", full.SECRET, code=2)[1]
    assert "--yes" in told(capsys, "erase", "--passage", full.SECRET, *why, code=2)[1]
    assert "one of" in told(capsys, "erase", *why, code=2)[1]
    assert "no word" in told(capsys, "erase", "--passage", " … ", *why, code=2)[1]
    assert "nothing of it" in told(capsys, "erase", "--passage", "so nirgends", *why, "--yes", code=2)[1]
    assert "there is no look" in told(capsys, "erase", "--capture", "999", *why, "--yes", code=2)[1]
    leak = ("--reason", f"about {full.SECRET}", "--basis", "x", "--yes")
    assert "leave the passage out" in told(capsys, "erase", "--passage", full.SECRET, *leak, code=2)[1]
    assert "nothing was erased" in told(capsys, "erase", "--passage", full.SECRET, *why, "--dry-run")[1]
    shutil.copy(home / "amtsblick.db", home / "amtsblick.db.schema-4")
    said, noted = told(capsys, "erase", "--passage", full.SECRET, *why, "--yes", "--by", "kim")
    assert "erased: 1 payload" in said
    assert "amtsblick.db.schema-4 is an older copy" in noted
    assert "erased" in told(capsys, "snapshots", full.URIS[1])[0]
    late = ("snapshot", full.URIS[1], "--at", "2027-01-01")
    assert "the original is gone" in told(capsys, *late)[1]
    assert "erased on" in told(capsys, *late, "--as", "raw", code=2)[1]
    assert "kim" in told(capsys, "verify")[0]
    assert full.SECRET not in told(capsys, "verify", "--json")[0]


def test_holds_and_retention(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "everything is kept" in told(capsys, "retain", code=2)[1]
    (home / "amtsblick.toml").write_text(CONFIG.replace('.db"\n', '.db"\nkeep = "monthly, cited"\n', 1))
    told(capsys, "hold", "add", full.URIS[0], "--reason", "a trial")
    assert "a reason" in told(capsys, "hold", "add", "section", code=2)[1].replace("--", "")
    assert "a trial" in told(capsys, "hold", "list")[0]
    assert "hold 2" in told(capsys, "erase", "--uri", full.URIS[0], "--reason", "a", "--basis", "b", "--yes", code=2)[1]
    told(capsys, "hold", "remove", "2")
    assert "no hold 2" in told(capsys, "hold", "remove", "2", code=2)[1]
    assert json.loads(told(capsys, "retain", "--dry-run", "--json")[0])["keep"] == "monthly, cited"
    told(capsys, "retain")


@pytest.mark.parametrize(
    ("keep", "says"), [("allways", "no rule"), ("first, monthyl", "monthly"), ("all, first", "no rule")]
)
def test_a_wrong_rule_is_one_line(home: Path, capsys: pytest.CaptureFixture[str], keep: str, says: str) -> None:
    (home / "amtsblick.toml").write_text(CONFIG.replace('.db"\n', f'.db"\nkeep = "{keep}"\n', 1))
    _, noted = told(capsys, "retain", code=78)
    assert says in noted
    assert "archive.keep" in noted
    assert len(noted.splitlines()) == 1
