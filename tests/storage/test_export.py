"""What is handed over says what is kept, no more and no less, and is there whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import bagit
import pytest
from sqlite_utils import Database
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from extractors.model import ASSET, Outcome, Reading
from storage import payloads
from storage.archive import Archive
from storage.errors import ArchiveDamaged, ArchiveError, ArchiveUnwritable, DiskFull
from storage.exports import bag, cdxj, form, tables, wacz, warcfile
from storage.exports.tables import Sheet
from storage.records import Handed, Selection
from tests.conftest import ROOT
from tests.storage import handed
from tests.storage.handed import ABOUT, ALL, BEGIN, DAY, PAGE
from tests.storage.makers import SOURCE, Watching

SHEET = Sheet(name="words.csv", lines=lambda: iter([b"word\r\n", "Grüße\r\n".encode()]), heads=1)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "amtsblick.db"
    with Archive.open(path, create=True) as archive:
        handed.build(archive)
    return path


def no_step(_: str) -> None: ...


def to_warc(path: Path, final: Path, selection: Selection = ALL, **more: Any) -> Handed:
    with Archive.open(path, readonly=True) as archive, archive.handover(selection) as holdings:
        return warcfile.write(final, holdings, ABOUT, **({"force": False, "step": no_step} | more))


class Read:
    """A record as warcio reads it, with its block as it stands in the file."""

    def __init__(self, record: ArcWarcRecord) -> None:
        self.fields = dict(record.rec_headers.headers)
        self.type = record.rec_type
        self.uri = self.fields.get("WARC-Target-URI", "")
        self.block = record.raw_stream.read()
        self.head, _, self.body = self.block.partition(b"\r\n\r\n")

    @property
    def told(self) -> dict[str, str]:
        return dict(form.read_fields(self.block))


def records(file: Path) -> list[Read]:
    with file.open("rb") as stream:
        return [Read(record) for record in ArchiveIterator(stream, no_record_parse=True, check_digests=True)]


@pytest.fixture(scope="module")
def everything(built: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Read]:
    final = tmp_path_factory.mktemp("everything") / "all.warc.gz"
    to_warc(built, final)
    return records(final)


def of(found: list[Read], kind: str, uri: str) -> list[Read]:
    return [each for each in found if each.type == kind and each.uri == uri]


class TestRecords:
    def test_an_answer_stands_there_byte_for_byte(self, everything: list[Read]) -> None:
        first, last = of(everything, "response", PAGE)
        assert first.block == handed.HEAD + handed.HTML
        assert last.block == handed.HEAD + handed.NEW_HTML
        assert of(everything, "response", handed.PDF)[0].block == handed.PDF_HEAD + handed.PDF_BYTES
        assert first.fields["WARC-IP-Address"] == "127.0.0.1"

    def test_a_request_stands_beside_each_answer(self, everything: list[Read]) -> None:
        answers = {each.fields["WARC-Record-ID"] for each in everything if each.type in ("response", "revisit")}
        requests = [each for each in everything if each.type == "request"]
        assert {each.fields.get("WARC-Concurrent-To") for each in requests} - {None} == answers
        assert of(everything, "request", PAGE)[0].block == b"GET /a/ HTTP/1.1\r\nHost: amt.example.org\r\n\r\n"

    def test_a_304_is_a_revisit_with_the_head_it_confirmed_and_keeps_its_own_in_the_metadata(
        self, everything: list[Read]
    ) -> None:
        (revisit,) = of(everything, "revisit", PAGE)
        origin = of(everything, "response", PAGE)[0]
        assert revisit.block == handed.HEAD
        assert revisit.fields["WARC-Profile"] == form.IDENTICAL_PAYLOAD
        assert revisit.fields["WARC-Refers-To"] == origin.fields["WARC-Record-ID"]
        assert revisit.fields["WARC-Refers-To-Target-URI"] == PAGE
        assert revisit.fields["WARC-Refers-To-Date"] == origin.fields["WARC-Date"] == "2026-01-05T06:00:02Z"
        assert revisit.fields["WARC-Payload-Digest"] == origin.fields["WARC-Payload-Digest"]
        told = of(everything, "metadata", PAGE)[1].told
        assert base64.b64decode(told["headAsReceived"]) == handed.NOT_MODIFIED
        assert told["outcome"] == "unchanged"

    def test_the_same_bytes_again_are_a_revisit_with_their_own_head(self, everything: list[Read]) -> None:
        first = of(everything, "response", handed.PDF)
        again = of(everything, "revisit", handed.PDF)
        assert (len(first), len(again)) == (1, 2)
        assert {each.fields["WARC-Refers-To"] for each in again} == {first[0].fields["WARC-Record-ID"]}
        assert {each.block for each in again} == {handed.PDF_HEAD}

    def test_noise_errors_and_redirects_are_answers_of_their_own(self, everything: list[Read]) -> None:
        assert len({each.body for each in of(everything, "response", handed.NOISY)}) == 3
        assert [each.block for each in of(everything, "response", handed.GONE)] == [
            handed.LOST_HEAD + b"<p>not here</p>"
        ] * 3
        assert [each.block for each in of(everything, "response", handed.OLD)] == [handed.MOVED_HEAD] * 3
        noisy = of(everything, "metadata", handed.NOISY)[0].told
        assert noisy["redirectedFrom"] == of(everything, "response", handed.OLD)[0].fields["WARC-Record-ID"]

    def test_what_never_answered_has_a_request_and_a_judgement(self, everything: list[Read]) -> None:
        found = [each for each in everything if each.uri == handed.DEAD]
        assert Counter(each.type for each in found) == {"request": 3, "metadata": 3}
        told = found[1].told
        assert (told["outcome"], told["rule"], told["detail"]) == ("failed", "dns", "no such host")

    def test_a_style_that_a_304_confirmed_is_replayed_too(self, archive: Archive, path: Path, tmp_path: Path) -> None:
        style, css = "https://example.org/a/style.css", b"p { color: red }"
        watching = Watching(archive)
        watching.begin()
        watching.see(style, Reading(outcome=Outcome.OK, rule=ASSET), css, member=False)
        kept = archive.known_asset("example.org/a/style.css")
        assert kept is not None
        watching.see(style, Reading(outcome=Outcome.OK, rule=ASSET), b"", status=304, revisit_of=kept.capture)
        watching.end()
        to_warc(path, tmp_path / "all.warc.gz")
        found = records(tmp_path / "all.warc.gz")
        (first,), (again,) = of(found, "response", style), of(found, "revisit", style)
        assert first.body == css
        assert again.fields["WARC-Refers-To"] == first.fields["WARC-Record-ID"]
        assert {each.told["role"] for each in of(found, "metadata", style)} == {"asset"}

    def test_the_text_that_was_read_comes_once_with_its_extractor(self, everything: list[Read]) -> None:
        texts = of(everything, "conversion", form.TEXT_OF + PAGE)
        assert [each.block.decode() for each in texts] == ["Title\nGrüße", "Title\nNeue Grüße"]
        assert texts[0].fields["WARC-Refers-To"] == of(everything, "response", PAGE)[0].fields["WARC-Record-ID"]
        assert len(of(everything, "conversion", form.TEXT_OF + handed.NOISY)) == 1
        told = of(everything, "metadata", PAGE)[0].told
        assert told["extractor"] == "generic 1"
        assert told["textRecord"] == texts[0].fields["WARC-Record-ID"]

    def test_the_file_says_whose_it_is_and_where_the_chain_ends(self, everything: list[Read], built: Path) -> None:
        told = everything[0].told
        with Archive.open(built, readonly=True) as archive:
            assert told["chainHead"] == archive.chain_head()
            assert told["installation"] == archive.installation_id
        assert told["chainPosition"] == told["captures"] == str(handed.TOTAL)
        assert told["publisher"] == ABOUT.organization
        assert json.loads(told["source"])["start"] == list(handed.SOURCE.start)
        assert {each.fields["WARC-Warcinfo-ID"] for each in everything[1:]} == {everything[0].fields["WARC-Record-ID"]}

    def test_the_chain_can_be_proved_from_the_file_alone(self, everything: list[Read]) -> None:
        """As docs/export.md says, with nothing but SHA-256."""
        link = ""
        for told in (each.told for each in everything if each.type == "metadata"):
            before, arrival = told["chainBefore"], told["arrival"]
            assert link in ("", before)
            link = "sha256:" + hashlib.sha256(bytes.fromhex(before[7:]) + arrival.encode()).hexdigest()
            assert link == told["chain"]
        assert link == everything[0].told["chainHead"]
        payload = json.loads(of(everything, "metadata", PAGE)[0].told["arrival"])[7]
        assert payload == f"sha256:{hashlib.sha256(handed.HTML).hexdigest()}"

    def test_no_hostile_word_becomes_a_field(self, everything: list[Read]) -> None:
        (found,) = {each.uri for each in everything if "x%0D" in each.uri and each.type == "response"}
        assert found == f"{handed.HOST}/a/x%0D%0AWARC-Type:%20response?q=%C3%A4%20%E2%80%AE%3Cb%3E&a=1"
        assert of(everything, "metadata", found)[0].told["uri"] == handed.HOSTILE
        told = of(everything, "metadata", handed.PDF)[0].told
        assert told["linkLabel"] == "=Plan A"
        assert "X" not in of(everything, "metadata", handed.DEAD)[0].told

    def test_heads_that_would_be_misread_are_mended_and_kept(self, everything: list[Read]) -> None:
        (chunked,) = of(everything, "response", handed.CHUNKED)
        assert chunked.block == handed.CHUNKED_HEAD + b"<p>In pieces</p>"
        (ambiguous,) = of(everything, "response", handed.AMBIGUOUS)
        assert ambiguous.head.split(b"\r\n")[1] == b"X-Archive-Orig-Transfer-Encoding: chunked"
        (bare,) = of(everything, "response", handed.BARE)
        assert bare.block == b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Bare</p>"
        for uri, head in ((handed.AMBIGUOUS, handed.CHUNKED_HEAD), (handed.BARE, handed.BARE_HEAD)):
            assert base64.b64decode(of(everything, "metadata", uri)[0].told["headAsReceived"]) == head

    def test_two_exports_of_one_state_are_equal(self, built: Path, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        for folder in ("a", "b"):
            to_warc(built, tmp_path / folder / "all.warc.gz")
        assert (tmp_path / "a/all.warc.gz").read_bytes() == (tmp_path / "b/all.warc.gz").read_bytes()

    def test_each_record_is_a_gzip_member_and_a_plain_name_means_plain(self, built: Path, tmp_path: Path) -> None:
        to_warc(built, tmp_path / "all.warc.gz")
        to_warc(built, tmp_path / "all.warc")
        assert (tmp_path / "all.warc").read_bytes().startswith(b"WARC/1.1\r\n")
        assert [each.block for each in records(tmp_path / "all.warc")][1:] == [
            each.block for each in records(tmp_path / "all.warc.gz")
        ][1:]


class TestSelection:
    def test_a_304_brings_along_what_it_leans_on(self, built: Path, tmp_path: Path) -> None:
        second = Selection(since=BEGIN + DAY, until=BEGIN + DAY + DAY / 2)
        done = to_warc(built, tmp_path / "day.warc.gz", second)
        assert (done.captures, done.carried) == (handed.A_DAY, 1)
        found = records(tmp_path / "day.warc.gz")
        (origin,), (revisit,) = of(found, "response", PAGE), of(found, "revisit", PAGE)
        assert origin.fields["WARC-Date"] == "2026-01-05T06:00:02Z"
        assert revisit.fields["WARC-Refers-To"] == origin.fields["WARC-Record-ID"]
        assert of(found, "metadata", PAGE)[0].told["carriedFor"] == revisit.fields["WARC-Record-ID"]
        assert of(found, "response", handed.PDF)[0].body == handed.PDF_BYTES  # not selected before: in full

    @pytest.mark.parametrize(
        ("selection", "captures"),
        [
            (Selection(address="amt.example.org/a"), 3),
            (Selection(address="amt.example.org/a", below=True), handed.IN_SECTION),
            (Selection(address="amt.example.org/a/o", below=True), 0),
            (Selection(source="section"), handed.TOTAL),
            (Selection(source="another"), 0),
            (Selection(since=BEGIN + 2 * DAY), handed.A_DAY),
            (Selection(until=BEGIN + DAY), handed.A_DAY),
        ],
    )
    def test_only_what_was_asked_for(self, built: Path, selection: Selection, captures: int) -> None:
        with Archive.open(built, readonly=True) as archive, archive.handover(selection) as holdings:
            assert holdings.count == captures
            assert len(list(holdings.captures())) == captures

    def test_what_a_crawl_writes_meanwhile_is_not_seen(self, archive: Archive, path: Path, tmp_path: Path) -> None:
        watching = Watching(archive)
        watching.once(a="one", b="two")
        with Archive.open(path, readonly=True) as reading, reading.handover(ALL) as holdings:
            watching.once(a="three")
            done = warcfile.write(tmp_path / "all.warc.gz", holdings, ABOUT, force=False, step=no_step)
            assert len(reading.crawls()) == 1
        assert done.captures == 2


class TestErased:
    @pytest.fixture
    def erased(self, built: Path, tmp_path: Path) -> Callable[[str], Path]:
        def erase(column: str) -> Path:
            """A copy in which bytes of the page's first look are gone, as `erase` leaves them."""
            copy = tmp_path / "erased.db"
            shutil.copyfile(built, copy)
            with closing(sqlite3.connect(copy)) as conn:
                conn.row_factory = sqlite3.Row
                (gone,) = conn.execute(f"SELECT {column} FROM capture WHERE id = 2").fetchone()
                payloads.rebase(Database(conn), [gone])
                conn.execute("UPDATE content SET data = NULL, base = NULL WHERE id = ?", [gone])
                conn.commit()
            return copy

        return erase

    def test_a_payload_that_is_gone_leaves_a_tombstone(self, erased: Callable[[str], Path], tmp_path: Path) -> None:
        done = to_warc(erased("payload"), tmp_path / "all.warc.gz")
        found = records(tmp_path / "all.warc.gz")
        assert done.erased == 2  # the look itself and the 304 that confirmed it
        assert [each.block for each in of(found, "response", PAGE)] == [handed.HEAD + handed.NEW_HTML]
        assert of(found, "revisit", PAGE) == []
        first, confirmed, last = (each.told for each in of(found, "metadata", PAGE))
        assert (first["erased"], confirmed["erased"], last.get("erased")) == ("payload", "payload", None)
        assert first["payloadDigest"] == f"sha256:{hashlib.sha256(handed.HTML).hexdigest()}"

    def test_so_do_a_head_and_a_request(self, erased: Callable[[str], Path], tmp_path: Path) -> None:
        to_warc(erased("head"), tmp_path / "head.warc.gz")
        first = of(records(tmp_path / "head.warc.gz"), "metadata", handed.NOISY)[0].told
        assert first["erased"] == "head"  # the same head served both
        to_warc(erased("request"), tmp_path / "request.warc.gz")
        found = records(tmp_path / "request.warc.gz")
        assert len(of(found, "response", PAGE)) == 2
        assert of(found, "metadata", PAGE)[0].told["erased"] == "request"


class TestPackages:
    def test_a_package_tells_every_part_and_where_the_chain_ends(self, built: Path, tmp_path: Path) -> None:
        with Archive.open(built, readonly=True) as archive, archive.handover(ALL) as holdings:
            wacz.write(tmp_path / "all.wacz", holdings, ABOUT, force=False, step=no_step)
            head = archive.chain_head()
        with zipfile.ZipFile(tmp_path / "all.wacz") as package:
            assert package.testzip() is None
            assert package.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
            described = json.loads(package.read("datapackage.json"))
            for part in described["resources"]:
                data = package.read(part["path"])
                assert (part["bytes"], part["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
            digest = json.loads(package.read("datapackage-digest.json"))["hash"]
            assert digest == f"sha256:{hashlib.sha256(package.read('datapackage.json')).hexdigest()}"
            lines = package.read("indexes/index.cdx").splitlines()
            warc = package.read("archive/data.warc.gz")
        assert described["profile"] == "wacz"
        assert described["home"] == {"url": PAGE, "ts": "2026-01-07T06:00:02Z"}
        assert described["amtsblick"]["chain_head"] == head
        assert lines == sorted(lines)
        assert len(lines) == handed.ANSWERED
        for line in lines:
            facts = json.loads(line.split(b" ", 2)[2])
            piece = BytesIO(warc[int(facts["offset"]) :][: int(facts["length"])])
            (record,) = ArchiveIterator(piece)
            assert record.rec_headers["WARC-Target-URI"] == facts["url"]

    @pytest.mark.parametrize("name", ["deposit", "deposit.zip"])
    def test_the_library_of_congress_takes_the_bag(self, built: Path, tmp_path: Path, name: str) -> None:
        with Archive.open(built, readonly=True) as archive, archive.handover(ALL) as holdings:
            bag.write(tmp_path / name, holdings, ABOUT, [SHEET], force=False, step=no_step)
            head = archive.chain_head()
        if name.endswith(".zip"):
            with zipfile.ZipFile(tmp_path / name) as package:
                package.extractall(tmp_path)
        found = bagit.Bag(str(tmp_path / "deposit"))
        assert found.validate()
        assert set(found.algorithms) == {"sha256", "sha512"}
        assert found.info["Source-Organization"] == ABOUT.organization
        assert found.info["Contact-Email"] == ABOUT.contact
        assert found.info["Amtsblick-Chain-Head"] == head
        payload = set(found.payload_entries())
        assert payload == {"data/amtsblick.warc.gz", "data/words.csv", "data/README.txt", "data/manifest.json"}
        with (tmp_path / "deposit/data/words.csv").open("ab") as file:
            file.write(b"!")
        assert not found.is_valid()

    def test_tables_go_into_a_folder_or_a_zip_file_or_one_file(self, built: Path, tmp_path: Path) -> None:
        with Archive.open(built, readonly=True) as archive, archive.handover(ALL) as holdings:
            for name in ("folder", "words.zip", "words.csv"):
                tables.write(tmp_path / name, holdings, ABOUT, [SHEET], what="csv", force=False)
        manifest = json.loads((tmp_path / "folder/manifest.json").read_bytes())
        assert manifest["parts"] == [
            {
                "path": "words.csv",
                "bytes": 15,
                "sha256": hashlib.sha256("word\r\nGrüße\r\n".encode()).hexdigest(),
                "rows": 1,
            }
        ]
        with zipfile.ZipFile(tmp_path / "words.zip") as package:
            assert package.namelist() == ["words.csv", "manifest.json"]
        assert (tmp_path / "words.csv").read_bytes() == "word\r\nGrüße\r\n".encode()


# Hands an archive over and is killed halfway, as by a power cut.
KILLED = """
import os, signal, sys
from pathlib import Path
from tests.storage.test_export import to_warc
def step(uri, seen=[]):
    seen.append(uri)
    if len(seen) == 20:
        os.kill(os.getpid(), signal.SIGKILL)
to_warc(Path(sys.argv[1]), Path(sys.argv[2]), step=step)
"""


# Hands an archive over under a limit on the size of files, which fails a write as a full disk does.
LIMITED = """
import json, resource, sys
from pathlib import Path
from storage.archive import Archive
from storage.errors import ArchiveError
from storage.exports import bag, wacz, warcfile
from tests.storage.handed import ABOUT, ALL
from tests.storage.test_export import SHEET, no_step
folder, said = Path(sys.argv[2]), []
with Archive.open(sys.argv[1], readonly=True) as archive, archive.handover(ALL) as holdings:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    for write, name, more in (
        (warcfile.write, "all.warc.gz", {}), (wacz.write, "all.wacz", {}),
        (bag.write, "bag", {"sheets": [SHEET]}), (bag.write, "bag.zip", {"sheets": [SHEET]}),
    ):
        try:
            write(folder / name, holdings, ABOUT, force=False, step=no_step, **more)
        except ArchiveError as error:
            said.append(str(error))
print(json.dumps(said))
"""


class TestWhole:
    def test_a_file_that_cannot_grow_leaves_nothing_and_one_line(self, built: Path, tmp_path: Path) -> None:
        script = subprocess.run(
            [sys.executable, "-c", LIMITED, built, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True
        )
        said = json.loads(script.stdout)
        assert script.stderr == ""
        assert [line.partition(":")[0].rpartition("/")[2] for line in said] == [
            "all.warc.gz",
            "all.wacz",
            "bag",
            "bag.zip",
        ]
        assert all("too large for this disk" in line and "\n" not in line for line in said)
        assert list(tmp_path.iterdir()) == []

    def test_the_manifest_proves_the_file(self, built: Path, tmp_path: Path) -> None:
        done = to_warc(built, tmp_path / "all.warc.gz")
        manifest = json.loads((tmp_path / "all.warc.gz.manifest.json").read_bytes())
        data = (tmp_path / "all.warc.gz").read_bytes()
        part = {"path": "all.warc.gz", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        assert manifest["parts"] == [part]
        assert manifest["records"] == dict(done.records)
        assert sum(done.records.values()) == len(records(tmp_path / "all.warc.gz"))
        assert sorted(each.name for each in tmp_path.iterdir()) == ["all.warc.gz", "all.warc.gz.manifest.json"]

    def test_nothing_is_overwritten_unasked(self, built: Path, tmp_path: Path) -> None:
        final = tmp_path / "all.warc.gz"
        final.write_bytes(b"precious")
        with pytest.raises(ArchiveUnwritable, match="--force"):
            to_warc(built, final)
        assert final.read_bytes() == b"precious"
        to_warc(built, final, force=True)
        assert records(final)

    def test_nor_what_came_there_meanwhile(self, built: Path, tmp_path: Path) -> None:
        final = tmp_path / "all.warc.gz"

        def step(_: str) -> None:
            final.write_bytes(b"precious")

        with pytest.raises(ArchiveUnwritable):
            to_warc(built, final, step=step)
        assert [each.name for each in tmp_path.iterdir()] == ["all.warc.gz"]
        assert final.read_bytes() == b"precious"

    def test_only_an_earlier_export_is_a_folder_to_replace(self, built: Path, tmp_path: Path) -> None:
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / "letter.txt").write_text("precious")
        with Archive.open(built, readonly=True) as archive, archive.handover(ALL) as holdings:
            with pytest.raises(ArchiveUnwritable, match="no earlier export"):
                tables.write(tmp_path / "home", holdings, ABOUT, [SHEET], what="csv", force=True)
            for force in (False, True):
                tables.write(tmp_path / "export", holdings, ABOUT, [SHEET], what="csv", force=force)
        assert (tmp_path / "home" / "letter.txt").read_text() == "precious"
        assert sorted(each.name for each in tmp_path.iterdir()) == ["export", "home"]

    @pytest.mark.parametrize("form_", ["warc", "wacz", "zip", "bag"])
    def test_a_full_disk_leaves_nothing_and_says_so(self, built: Path, tmp_path: Path, form_: str) -> None:
        def full(_: str) -> None:
            with Path("/dev/full").open("wb", buffering=0) as disk:
                disk.write(b"x")

        with Archive.open(built, readonly=True) as archive, archive.handover(ALL) as holdings:
            write = {"warc": warcfile.write, "wacz": wacz.write}.get(form_) or partial(bag.write, sheets=[SHEET])
            with pytest.raises(DiskFull):
                write(tmp_path / f"all.{form_}", holdings, ABOUT, force=False, step=full)
        assert list(tmp_path.iterdir()) == []

    def test_neither_does_a_stop(self, built: Path, tmp_path: Path) -> None:
        def stop(_: str) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            to_warc(built, tmp_path / "all.warc.gz", step=stop)
        assert list(tmp_path.iterdir()) == []

    def test_a_kill_leaves_no_file_of_that_name_and_the_next_export_cleans_up(
        self, built: Path, tmp_path: Path
    ) -> None:
        final = tmp_path / "all.warc.gz"
        killed = subprocess.run([sys.executable, "-c", KILLED, built, final], cwd=ROOT, check=False)
        assert killed.returncode == -signal.SIGKILL
        (draft,) = tmp_path.iterdir()
        assert draft.name.startswith(".all.warc.gz.")
        to_warc(built, final)
        assert sorted(each.name for each in tmp_path.iterdir()) == ["all.warc.gz", "all.warc.gz.manifest.json"]

    def test_a_folder_that_was_being_replaced_is_put_back(self, built: Path, tmp_path: Path) -> None:
        """As a kill between the two renamings leaves it."""
        with Archive.open(built, readonly=True) as archive, archive.handover(ALL) as holdings:
            tables.write(tmp_path / "export", holdings, ABOUT, [SHEET], what="csv", force=False)
            (tmp_path / "export").rename(tmp_path / f".export.{os.getpid()}.old")
            (tmp_path / f".export.{os.getpid()}.part").mkdir()
            with pytest.raises(ArchiveUnwritable, match="--force"):
                tables.write(tmp_path / "export", holdings, ABOUT, [SHEET], what="csv", force=False)
        assert [each.name for each in tmp_path.iterdir()] == ["export"]

    def test_damaged_bytes_are_named_and_nothing_is_written(self, built: Path, tmp_path: Path) -> None:
        copy = tmp_path / "damaged.db"
        shutil.copyfile(built, copy)
        with closing(sqlite3.connect(copy)) as db:
            db.execute(
                "UPDATE content SET data = zeroblob(length(data)) WHERE id = (SELECT payload FROM capture WHERE id = 3)"
            )
            db.commit()
        with pytest.raises(ArchiveDamaged, match=hashlib.sha256(handed.PDF_BYTES).hexdigest()):
            to_warc(copy, tmp_path / "all.warc.gz")
        assert not [each for each in tmp_path.iterdir() if "warc" in each.name]

    def test_a_folder_that_is_not_there_is_named(self, built: Path, tmp_path: Path) -> None:
        with pytest.raises(ArchiveError, match="no such folder"):
            to_warc(built, tmp_path / "nowhere" / "all.warc.gz")

    def test_memory_does_not_grow_with_the_archive(self, archive: Archive, path: Path, tmp_path: Path) -> None:
        watching = Watching(archive, SOURCE)
        watching.begin()
        for number in range(40):
            watching.see(f"https://example.org/a/{number}", f"Text {number}", os.urandom(500_000))
        watching.end()
        tracemalloc.start()
        try:
            with Archive.open(path, readonly=True) as reading, reading.handover(ALL) as holdings:
                wacz.write(tmp_path / "all.wacz", holdings, ABOUT, force=False, step=no_step)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert (tmp_path / "all.wacz").stat().st_size > 20_000_000
        assert peak < 8_000_000  # a payload of half a megabyte, and what zlib and SQLite hold of it


@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("http://www.berlin.de/lageso/A/", "de,berlin)/lageso/a"),
        ("https://WWW2.x.de:443/", "de,x)/"),
        ("http://x.de", "de,x)/"),
        ("http://127.0.0.1:8000/a?b=1&a=2", "1,0,0,127:8000)/a?a=2&b=1"),
        ("https://x.de/a//b/../%7Ec%2Fd%20e", "de,x)/a/~c/d%20e"),
        ("http://x.de/%C3%A4?Q=%25", "de,x)/%c3%a4?q=%25"),
        ("urn:text:http://x.de/", "urn:text:http://x.de/"),
        ("http://[::1/", "http://[::1/"),
    ],
)
def test_keys_are_those_of_the_wayback_machine(uri: str, key: str) -> None:
    assert cdxj.key(uri) == key


def test_a_bag_without_an_organization_leaves_the_line_out(built: Path, tmp_path: Path) -> None:
    nobody = replace(ABOUT, organization="", contact="Frau Muster, Zi. 12")
    with Archive.open(built, readonly=True) as archive, archive.handover(ALL) as holdings:
        bag.write(tmp_path / "bag", holdings, nobody, [], force=False, step=no_step)
    info = bagit.Bag(str(tmp_path / "bag")).info
    assert "Source-Organization" not in info
    assert info["Contact-Name"] == "Frau Muster, Zi. 12"


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """bagit speaks of every file it looks at."""
    bagit.LOGGER.setLevel("WARNING")
    yield
    bagit.LOGGER.setLevel("NOTSET")
