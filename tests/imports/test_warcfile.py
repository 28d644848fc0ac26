"""What is read of WARC and WACZ files: each record whole and proven, or named as what it is."""

from __future__ import annotations

import gzip
import tracemalloc
import zipfile
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.imports import wacz
from storage.imports.found import Found, Left, Skipped, agrees, customary, digits, normal_digest, warc_date
from storage.imports.warcfile import Broken, NotAnArchive, records
from tests.imports import makers
from tests.imports.makers import SECTION, Answer, html, record, warc

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MANY = [answer for week in makers.weeks() for answer in week]


def read(data: bytes, room: int = 1 << 20, *, proven: bool = False) -> list[Found | Skipped | Broken]:
    return list(records(BytesIO(data), "a.warc", lambda _uri, _media: room, NOW, proven=proven))


def test_an_answer_comes_back_byte_for_byte() -> None:
    head = b"HTTP/1.1 200 Sehr  gut\r\nserver:Amt\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Folded: a\r\n b\r\n\r\n"
    body = gzip.compress(b"<p>text</p>", mtime=0)
    (found,) = read(record("response", f"{SECTION}a#top", head + body, ("WARC-Date", "2015-03-02T05:00:00.25Z")))
    assert isinstance(found, Found)
    assert (found.uri, found.head, found.payload, found.status) == (f"{SECTION}a", head, body, 200)
    assert found.captured_at == datetime(2015, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)
    assert found.origin.archive == "a.warc"
    assert found.origin.record.startswith("urn:uuid:")


@pytest.mark.parametrize("body", [b"5\r\nhallo\r\n0\r\n\r\n", b"hallo"], ids=["chunked", "undone already"])
def test_a_transfer_coding_is_undone(body: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    (found,) = read(record("response", SECTION, head + body))
    assert isinstance(found, Found)
    assert found.payload == b"hallo"


def test_a_file_with_more_than_answers_is_sorted() -> None:
    data = b"".join(
        (
            record("warcinfo", "", b"software: x\r\n"),
            record("request", SECTION, b"GET / HTTP/1.1\r\n\r\n"),
            record("response", "dns:amt.example.org", b"20150302050000\n"),
            record("resource", "urn:view:https://amt.example.org/", b"png"),
            record("resource", f"{SECTION}plan.pdf", b"%PDF-1.4", media="application/pdf"),
            record("metadata", SECTION, b"a: b"),
            record("response", "https://user@evil\\x/", b"HTTP/1.1 200 OK\r\n\r\n"),
            record("response", SECTION, b"no http at all"),
            record("response", SECTION, b"HTTP/1.1 200 OK\r\n\r\n", ("WARC-Date", "0001-01-01T00:00:00Z")),
            record("response", SECTION, b"HTTP/1.1 200 OK\r\n\r\n", ("WARC-Date", "2027-01-01T00:00:00Z")),
            record("response", SECTION, b"HTTP/1.1 200 OK\r\n\r\n", ("WARC-Date", "yesterday")),
            record("response", SECTION, b"HTTP/1.1 200 OK\r\n\r\n", ("WARC-Block-Digest", "sha1:" + "A" * 32)),
            record("response", SECTION, b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000_000),
        )
    )
    found = read(data)
    why = Counter(each.why for each in found if isinstance(each, Skipped))
    assert why == {
        Left.KIND: 3, Left.NOT_HTTP: 2, Left.ADDRESS: 1, Left.NO_HEAD: 1, Left.DATE: 3, Left.DIGEST: 1, Left.TOO_LARGE: 1,
    }  # fmt: skip
    (resource,) = (each for each in found if isinstance(each, Found))
    assert resource.head == b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"
    assert resource.payload == b"%PDF-1.4"


def test_a_revisit_names_the_payload_it_stands_for() -> None:
    (found,) = read(makers.revisit(Answer(uri=SECTION, at="2015-03-09T05:00:00Z", body=b"body")))
    assert isinstance(found, Found)
    assert (found.payload, found.status, found.origin.digest) == (None, 200, customary(b"body"))


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_of_a_cut_file_all_whole_records_are_kept_and_the_cut_is_said(packed: bool) -> None:
    data = warc(MANY, gzip=packed)
    whole = read(data)
    assert not any(isinstance(each, Broken) for each in whole)
    for cut in range(100, len(data) - 8, max(1, len(data) // 60)):
        found = read(data[:cut]) if packed or cut > 400 else []
        if not found:
            continue
        kept = [each for each in found if not isinstance(each, Broken)]
        assert kept == whole[: len(kept)]
        assert cut > len(data) - 2000 or len(kept) < len(whole)
        broken = [each.line for each in found if isinstance(each, Broken)]
        # A cut exactly between two records leaves nothing to be noticed.
        assert broken or _begins_a_record(data, cut, packed=packed)
        assert all("a.warc: broken in the record at byte" in line for line in broken)


def _begins_a_record(data: bytes, cut: int, *, packed: bool) -> bool:
    return data[cut:].startswith(b"\x1f\x8b") if packed else data[:cut].endswith((b"\r\n\r\n", b"\r\n\r\nW"))


def test_behind_a_damaged_record_it_goes_on() -> None:
    for packed in (True, False):
        data = bytearray(warc(MANY, gzip=packed))
        at = 3000 if packed else data.index(b"\nWARC/1.1", 2000) + 3
        data[at] ^= 1
        found = read(bytes(data))
        kept = [each for each in found if not isinstance(each, Broken)]
        (broken,) = (each.line for each in found if isinstance(each, Broken))
        assert "it goes on at byte" in broken
        assert len(kept) >= len(read(warc(MANY))) - 2


@given(st.binary(max_size=300))
def test_any_other_file_is_refused_in_one_line(data: bytes) -> None:
    if data.startswith((b"\x1f\x8b", b"WARC/")):
        return
    with pytest.raises(NotAnArchive, match=r"a\.warc: no WARC file \(.*\); nothing was taken from it"):
        read(data)


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=40))
def test_no_damage_raises_anything(at: int, noise: bytes) -> None:
    data = bytearray(warc(MANY[:6], gzip=False))
    data[at + 10 : at + 10 + len(noise)] = noise
    found = read(bytes(data))
    assert all(len(each.line.splitlines()) == 1 for each in found if isinstance(each, Broken))


def test_a_whole_file_in_one_gzip_member_is_read() -> None:
    assert read(gzip.compress(warc(MANY, gzip=False))) == read(warc(MANY, gzip=False))


def test_memory_stays_bounded() -> None:
    bomb = record("response", SECTION, b"HTTP/1.1 200 OK\r\n\r\n" + bytes(48 << 20))
    endless = b"WARC/1.0\r\nX: " + bytes(32 << 20)
    packed, line = gzip.compress(bomb, 1), gzip.compress(endless, 1)
    del bomb, endless
    tracemalloc.start()
    (large,) = read(packed)
    (broken,) = read(line)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(large, Skipped)
    assert large.why is Left.TOO_LARGE
    assert isinstance(broken, Broken)
    assert peak < 24 << 20


def test_digests_in_all_their_spellings() -> None:
    assert agrees("sha1:2jmj7l5rSw0yVb/vlWAYkK/YBwk=", b"") is None
    assert agrees("md5:d41d8cd98f00b204e9800998ecf8427e", b"") is True
    assert agrees("SHA-256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", b"") is True
    assert agrees("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b"x", b"") is True
    assert agrees("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b"x") is False
    assert agrees("blake3:00", b"") is None
    assert normal_digest("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709") == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
    assert normal_digest("sha1:???") == ""
    assert warc_date("2015-02-30T00:00:00Z") is None
    assert digits("20150230000000") is None


# --- WACZ


def test_a_package_gives_its_files_checked(tmp_path: Path) -> None:
    files = {"a.warc.gz": warc(MANY[:4]), "b.warc.gz": warc(MANY[4:8])}
    made = makers.wacz(tmp_path / "x.wacz", files, wrong="b.warc.gz")
    with wacz.opened(made, "x.wacz") as package:
        assert [(each.path, bool(each.wrong)) for each in package.members] == [
            ("archive/a.warc.gz", False),
            ("archive/b.warc.gz", True),
        ]
        with package.member("archive/a.warc.gz") as stream:
            assert stream.read() == files["a.warc.gz"]


def test_of_a_file_with_a_wrong_hash_only_what_proves_itself_is_taken(tmp_path: Path) -> None:
    proven = warc(
        [Answer(uri=f"{SECTION}{n}", at="2015-03-02T05:00:00Z", body=html(str(n), "Text")) for n in range(3)],
        gzip=False,
    )
    bare = record("response", f"{SECTION}bare", b"HTTP/1.1 200 OK\r\n\r\nx")
    path = makers.wacz(tmp_path / "x.wacz", {"a.warc": proven + bare})
    data = bytearray(path.read_bytes())
    data[data.index(b"<h1>1</h1>") + 4] ^= 1
    path.write_bytes(data)
    with wacz.opened(path, "x.wacz") as package, package.member("archive/a.warc") as stream:
        assert package.members[0].wrong
        found = list(records(stream, "x.wacz", lambda _uri, _media: 1 << 20, NOW, proven=True))
    assert [each.uri for each in found if isinstance(each, Found)] == [f"{SECTION}0", f"{SECTION}2"]
    why = [each.why for each in found if isinstance(each, Skipped)]
    assert why == [Left.KIND, Left.DIGEST, Left.UNPROVEN]


def test_what_is_no_package_is_said(tmp_path: Path) -> None:
    made = makers.wacz(tmp_path / "x.wacz", {"a.warc.gz": warc(MANY[:4])})
    made.write_bytes(made.read_bytes()[:-30])
    with pytest.raises(NotAnArchive, match="damaged WACZ"), wacz.opened(made, "x.wacz"):
        pass
    with zipfile.ZipFile(tmp_path / "y.wacz", "w") as empty:
        empty.writestr("x", "")
    with pytest.raises(NotAnArchive, match="no WARC file"), wacz.opened(tmp_path / "y.wacz", "y.wacz"):
        pass
