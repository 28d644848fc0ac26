"""An export bears its name only when it is whole, is for its owner alone, and `verify FILE` sees every damage (F43)."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.errors import ArchiveDamaged, ArchiveError, ArchiveUnwritable
from storage.exports import bag, checking, tables, wacz, warcfile
from storage.records import About, ExportProof
from tests.storage import handed
from tests.storage.handed import ABOUT, ALL
from tests.storage.test_export import SHEET

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("all.warc.gz", "all.warc", "all.wacz", "bag", "bag.zip", "tables", "tables.zip", "changes.csv")


def no_step(*_: object) -> None: ...


def write(archive: Path, final: Path, *, force: bool = False, about: About = ABOUT) -> None:
    """Hand an archive over in the format that the name says."""
    with Archive.open(archive, readonly=True) as opened, opened.handover(ALL) as holdings:
        if ".warc" in final.name:
            warcfile.write(final, holdings, about, force=force, step=no_step)
        elif final.suffix == ".wacz":
            wacz.write(final, holdings, about, force=force, step=no_step)
        elif final.name.startswith("bag"):
            bag.write(final, holdings, about, [SHEET], force=force, step=no_step)
        else:
            tables.write(final, holdings, about, [SHEET], what="csv", force=force)


def check(path: Path, head: str | None = None) -> ExportProof:
    return checking.check(path, head, no_step)


def is_flagged(path: Path) -> bool:
    try:
        return bool(check(path).findings)
    except ArchiveError:
        return True


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "amtsblick.db"
    with Archive.open(path, create=True) as archive:
        handed.build(archive)
    return path


# Hands the archive over again and again, and kills itself at the system call that it is told the number of: every
# touch of a file (an event of the audit hook) and every look that is written counts.
KILLED = """
import os, signal, sys
from pathlib import Path
from tests.storage import test_export_faults as here

archive, final, number, force = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "force"
folder, left = str(final.parent), number

def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

def touched(event, arguments):
    if event in ("open", "os.rename", "os.link", "os.remove", "os.mkdir") and folder in str(arguments[0]):
        count()

fsync = os.fsync
def counted(descriptor):
    fsync(descriptor)
    count()
os.fsync = counted
here.no_step = count
sys.addaudithook(touched)
here.write(archive, final, force=force)
print(number - left)
"""


def killed(archive: Path, final: Path, number: int, *, force: bool = False) -> str:
    """What an export prints that kills itself at its so manyth step; nothing where it did."""
    words = [sys.executable, "-c", KILLED, str(archive), str(final), str(number), "force" if force else ""]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.stdout.strip()


def kill_again_and_again(archive: Path, folder: Path, name: str, kills: int, *, force: bool) -> None:
    folder.mkdir()
    final = folder / name
    steps = int(killed(archive, final, 10**6))
    print(f"{steps} steps")
    names = {each.name for each in folder.iterdir()}
    points = (
        sorted({round(1 + each * (steps - 1) / (kills - 1)) for each in range(kills)})
        if kills < steps
        else range(1, steps + 1)
    )
    for number in points:
        shutil.rmtree(folder)
        folder.mkdir()
        if force:
            write(archive, final, about=replace(ABOUT, title="An earlier one"))
        assert killed(archive, final, number, force=force) == "", f"step {number} of {steps} was never reached"
        if final.exists():
            assert check(final).findings == (), f"killed at step {number} of {steps}"
            assert check(final).beside
        write(archive, final, force=True)
        assert {each.name for each in folder.iterdir()} == names, f"killed at step {number} of {steps}"


@pytest.mark.slow
@pytest.mark.parametrize("force", [False, True], ids=["new", "replaced"])
def test_four_kills_leave_no_half_file(built: Path, tmp_path: Path, *, force: bool) -> None:
    kill_again_and_again(built, tmp_path / "here", "all.wacz", 4, force=force)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("force", [False, True], ids=["new", "replaced"])
@pytest.mark.parametrize("name", ["all.warc.gz", "all.wacz"])
def test_fifty_kills_leave_no_half_file(built: Path, tmp_path: Path, name: str, *, force: bool) -> None:
    kill_again_and_again(built, tmp_path / "here", name, 50, force=force)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_written_is_whole_and_for_its_owner_alone(built: Path, tmp_path: Path, name: str) -> None:
    final = tmp_path / name
    write(built, final)
    proof = check(final)
    assert proof.findings == ()
    assert proof.captures == handed.TOTAL
    with Archive.open(built, readonly=True) as archive:
        assert proof.head == archive.chain_head()
    assert proof.chained == (handed.TOTAL if proof.records else 0)
    for each in (tmp_path, *tmp_path.rglob("*")):
        assert each == tmp_path or each.stat().st_mode & 0o777 == (0o700 if each.is_dir() else 0o600), each


def test_a_head_of_before_proves_what_is_in_the_file_up_to_it(built: Path, tmp_path: Path) -> None:
    final = tmp_path / "all.warc.gz"
    write(built, final)
    with Archive.open(built, readonly=True) as archive:
        head = archive.chain_head().removeprefix("sha256:")
    assert check(final, head[:16]).proven == handed.TOTAL
    assert check(final, "00" * 32).proven is None


def cut_and_flip(archive: Path, folder: Path, names: tuple[str, ...], cuts: int, flips: int) -> None:
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    for name in names:
        final = folder / name
        write(archive, final)
        data = final.read_bytes()
        for _ in range(cuts // len(names)):
            final.write_bytes(data[: dice.randrange(len(data))])
            assert is_flagged(final), f"seed {seed}: {name} cut to {final.stat().st_size} bytes"
        for _ in range(flips // len(names)):
            at, bit = dice.randrange(len(data)), dice.randrange(8)
            final.write_bytes(data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :])
            assert is_flagged(final), f"seed {seed}: bit {bit} of byte {at} of {name}"
        final.write_bytes(data)
        assert not is_flagged(final)


def test_sixty_cuts_and_forty_flipped_bits_are_all_seen(built: Path, tmp_path: Path) -> None:
    cut_and_flip(built, tmp_path, ("all.warc.gz", "all.wacz"), 60, 40)


@pytest.mark.long
def test_six_hundred_cuts_and_four_hundred_flipped_bits_are_all_seen(built: Path, tmp_path: Path) -> None:
    cut_and_flip(built, tmp_path, ("all.warc.gz", "all.warc", "all.wacz", "bag.zip", "tables.zip"), 600, 400)


@pytest.mark.parametrize("name", ["bag", "tables"])
def test_each_file_of_a_folder_counts(built: Path, tmp_path: Path, name: str) -> None:
    write(built, tmp_path / name)
    manifest = next((tmp_path / name).rglob("manifest.json"))
    listed = [part["path"] for part in json.loads(manifest.read_bytes())["parts"]]
    assert listed
    for part in listed:
        place = tmp_path / name / part
        data = place.read_bytes()
        place.write_bytes(data[:-1] + b"?")
        assert [each.item for each in check(tmp_path / name).findings] == [part]
        place.unlink()
        assert [(each.item, each.detail) for each in check(tmp_path / name).findings] == [(part, "is not there")]
        place.write_bytes(data)
    manifest.write_bytes(b"{}")
    with pytest.raises(ArchiveDamaged, match="manifest"):
        check(tmp_path / name)
    manifest.unlink()
    with pytest.raises(ArchiveUnwritable, match="nothing says what it ought to be"):
        check(tmp_path / name)


def test_a_file_that_was_put_into_a_bag_is_named(built: Path, tmp_path: Path) -> None:
    write(built, tmp_path / "bag")
    (tmp_path / "bag/data/letter.txt").write_text("slipped in")
    assert [each.item for each in check(tmp_path / "bag").findings] == ["data/letter.txt"]


@pytest.mark.parametrize("name", ["all.wacz", "bag.zip", "tables.zip"])
def test_a_package_alone_is_proven_by_what_lies_inside(built: Path, tmp_path: Path, name: str) -> None:
    write(built, tmp_path / name)
    (tmp_path / f"{name}.manifest.json").unlink()
    proof = check(tmp_path / name)
    assert (proof.findings, proof.beside, proof.captures) == ((), False, handed.TOTAL)
    renamed = tmp_path / f"other{Path(name).suffix}"
    (tmp_path / name).rename(renamed)
    assert check(renamed).findings == ()
    with pytest.raises(ArchiveUnwritable, match="no such file"):
        check(tmp_path / name)


def test_a_manifest_that_was_written_for_other_records_is_seen(built: Path, tmp_path: Path) -> None:
    """Whoever alters a file and writes digests to match has still to make the chain fit."""
    final = tmp_path / "all.warc"
    write(built, final)
    data = final.read_bytes()
    altered = data.replace("Grüße aus dem neuen".encode(), "Grüße aus dem alten".encode())
    assert altered != data
    final.write_bytes(altered)
    beside = tmp_path / "all.warc.manifest.json"
    manifest = json.loads(beside.read_bytes())
    manifest["parts"][0]["sha256"] = checking.sha256(altered).hexdigest()
    beside.write_text(json.dumps(manifest))
    assert {each.part for each in check(final).findings} == {"record", "chain"}
