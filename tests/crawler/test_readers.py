"""Readers work under limits: whatever a page does to its reader costs that page, and nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
from backports import zstd

from crawler import readers
from crawler.exchange import fields
from crawler.readers import Readers, Received
from extractors.coding import CodingError, decode
from extractors.model import Hints, Outcome, Reading
from tests.server import LONG, ODD_HEAD, html

pytestmark = pytest.mark.slow

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


@pytest.fixture
def pool() -> Iterator[Readers]:
    made = Readers(memory=1 << 29, seconds=30.0)
    yield made
    made.stop()


def _page(body: bytes | None = None) -> Received:
    return Received(uri="https://a.example/", status=200, head=HEAD, payload=body or html("Titel", LONG * 3).encode())


def _hang(*_: object) -> Reading:
    while True:
        pass


def _sleep(*_: object) -> Reading:
    signal.pause()
    raise AssertionError


def _eat(*_: object) -> Reading:
    hoard = []
    while True:
        hoard.append(bytearray(1 << 24))


def _abort(*_: object) -> Reading:
    os.kill(os.getpid(), signal.SIGABRT)
    raise AssertionError


def _leave(*_: object) -> Reading:
    os._exit(7)


def _raise(*_: object) -> Reading:
    raise ZeroDivisionError("by the page")


def test_a_page_is_read(pool: Readers) -> None:
    reading = asyncio.run(pool.read(_page(), Hints()))
    assert reading.outcome is Outcome.OK
    assert reading.page is not None
    assert reading.page.title == "Titel"


@pytest.mark.parametrize(
    ("mischief", "rule"),
    [
        (_hang, "reader-timeout"),
        (_sleep, "reader-timeout"),
        (_eat, "reader-memory"),
        (_abort, "reader-crash"),
        (_leave, "reader-crash"),
        (_raise, "reader-error"),
    ],
)
def test_mischief_fails_its_own_page_and_the_next_one_is_read(
    pool: Readers, monkeypatch: pytest.MonkeyPatch, mischief: Callable[..., Reading], rule: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(readers, "_read", mischief)
        patched.setattr(pool, "_seconds", 1.0 if rule == "reader-timeout" else 30.0)
        reading = asyncio.run(pool.read(_page(), Hints()))
    assert (reading.outcome, reading.rule) == (Outcome.FAILED, rule)
    assert reading.page is None
    assert asyncio.run(pool.read(_page(), Hints())).outcome is Outcome.OK


def test_a_page_larger_than_the_limit_once_decoded_fails(pool: Readers) -> None:
    head = HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: br\r\n\r\n")
    received = Received(uri="https://a.example/", status=200, head=head, payload=brotli.compress(b"x" * 5_000_000))
    assert asyncio.run(pool.read(received, Hints(), limit=1_000_000)).rule == "too-large"


TEXT = html("Titel", LONG * 30).encode()


def _coded(coding: str, data: bytes) -> bytes:
    match coding:
        case "gzip" | "x-gzip":
            packer = zlib.compressobj(wbits=31)
            return packer.compress(data) + packer.flush()
        case "deflate":
            return zlib.compress(data)
        case "raw deflate":
            packer = zlib.compressobj(wbits=-15)
            return packer.compress(data) + packer.flush()
        case "br":
            return brotli.compress(data)
        case _:
            return zstd.compress(data)


CODINGS = ["gzip", "x-gzip", "deflate", "raw deflate", "br", "zstd"]


@pytest.mark.parametrize("coding", CODINGS)
def test_codings_are_undone_and_a_cut_is_noticed(coding: str) -> None:
    name, coded = coding.removeprefix("raw "), _coded(coding, TEXT)
    whole = decode(coded, name, 1 << 20)
    assert (whole.body, whole.complete) == (TEXT, True)
    cut = decode(coded[: len(coded) // 2], name, 1 << 20)
    assert not cut.complete
    with pytest.raises(CodingError) as caught:
        decode(coded, name, len(TEXT) - 1)
    assert caught.value.rule == "too-large"


def test_several_codings_are_undone_last_one_first() -> None:
    coded = _coded("br", _coded("gzip", TEXT))
    assert decode(coded, "gzip, br", 1 << 20).body == TEXT
    assert decode(TEXT, "identity", 1 << 20).body == TEXT
    assert decode(_coded("gzip", TEXT) + _coded("gzip", b"x") + b"\0\0", "gzip", 1 << 20).body == TEXT + b"x"


@pytest.mark.parametrize(
    ("coding", "rule"),
    [("compress", "coding-unknown"), ("gzip", "coding-damaged"), ("br", "coding-damaged"), ("zstd", "coding-damaged")],
)
def test_what_cannot_be_undone_is_said(coding: str, rule: str) -> None:
    with pytest.raises(CodingError) as caught:
        decode(b"this is no coded text at all", coding, 1 << 20)
    assert caught.value.rule == rule


def test_header_fields_are_read_as_they_were_sent() -> None:
    found = fields(ODD_HEAD)
    assert found[0] == ("x-ODD-case", "Wert mit  Leerzeichen")
    assert [value for name, value in found if name.lower() == "set-cookie"] == ["a=1", "b=2"]
    assert ("X-Folded", "eins zwei") in found
    assert ("X-Bytes", "\xfc\xff") in found
