"""Readers work under limits: whatever a page does to its reader costs that page, and nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace

import brotli
import pytest
from backports import zstd

from crawler import readers
from crawler.readers import Readers, Received
from extractors.coding import CodingError, decode
from extractors.heads import fields
from extractors.model import Hints, Outcome, Reading
from tests.monsters import gzip_bomb, long_text, pdf_flate_bomb
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


def _pid(*_: object) -> Reading:
    return Reading(outcome=Outcome.OK, rule=str(os.getpid()))


def _pids(pool: Readers, patched: pytest.MonkeyPatch, count: int) -> list[str]:
    patched.setattr(readers, "_read", _pid)

    async def ask() -> list[str]:
        return [(await pool.read(_page(), Hints())).rule for _ in range(count)]

    return asyncio.run(ask())


@pytest.mark.parametrize(("cores", "expected"), [(1, 1), (2, 2), (64, 4)])
def test_another_reader_helps_where_one_lags_and_a_core_is_free(
    pool: Readers, monkeypatch: pytest.MonkeyPatch, cores: int, expected: int
) -> None:
    monkeypatch.setattr(readers, "_cores", lambda: cores)
    monkeypatch.setattr(readers, "_LATE", 0.0)
    monkeypatch.setattr(readers, "_read", _pid)

    async def ask() -> set[str]:
        found = set()
        for _ in range(20):
            many = [pool.read(_page(), Hints()) for _ in range(8)]
            found |= {reading.rule for reading in await asyncio.gather(*many)}
            for load in pool._pools.values():  # as if one had been answered and others not yet
                load.is_late = True
        return found

    assert len(asyncio.run(ask())) == len(pool._pools) == expected
    assert {load.waiting for load in pool._pools.values()} == {0}
    pool.stop()
    assert not pool._pools


def test_a_reader_lags_when_an_answer_comes_late_and_others_wait() -> None:
    load = readers._Load(waiting=5)
    load.answered(asked=10.0, now=12.5)
    assert not load.is_late, "it was still starting"
    load.answered(asked=10.0, now=13.4)
    assert not load.is_late, "it has answered for less than a second"
    load.answered(asked=10.0, now=13.6)
    assert load.is_late
    load.answered(asked=13.5, now=13.7)
    assert not load.is_late, "it has caught up"
    load.answered(asked=10.0, now=19.0)
    assert not load.is_late, "nothing waits any more"


def test_one_reader_does_where_none_lags(pool: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_cores", lambda: 8)
    assert len(set(_pids(pool, monkeypatch, 40))) == 1


def test_a_reader_is_replaced_after_five_hundred_pages(pool: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    pids = _pids(pool, monkeypatch, 501)
    assert len(set(pids[:500])) == 1
    assert pids[500] != pids[0]


@pytest.mark.parametrize("mischief", [_hang, _eat, _abort, _leave])
def test_a_reader_that_met_a_limit_is_replaced(
    pool: Readers, monkeypatch: pytest.MonkeyPatch, mischief: Callable[..., Reading]
) -> None:
    before = _pids(pool, monkeypatch, 2)
    monkeypatch.setattr(readers, "_read", mischief)
    monkeypatch.setattr(pool, "_seconds", 2.0)
    assert asyncio.run(pool.read(_page(), Hints())).outcome is Outcome.FAILED
    after = _pids(pool, monkeypatch, 2)
    assert before[0] == before[1] != after[0] == after[1]


def _aborts_at_one(received: Received, *_: object) -> Reading:
    return _abort() if received.uri.endswith("/bad") else _pid()


def test_pages_that_wait_for_a_reader_survive_its_end(pool: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_read", _aborts_at_one)

    async def many() -> list[Reading]:
        pages = [_page() for _ in range(20)]
        pages.insert(5, replace(_page(), uri="https://a.example/bad"))
        return await asyncio.gather(*(pool.read(page, Hints()) for page in pages))

    rules = [reading.rule for reading in asyncio.run(many())]
    assert rules.pop(5) == "reader-crash"
    assert all(rule.isdigit() for rule in rules)


def test_a_bomb_that_is_a_file_and_no_coding_fails_as_what_it_is(pool: Readers) -> None:
    reading = asyncio.run(pool.read(_page(gzip_bomb()), Hints()))
    assert reading.outcome is Outcome.FAILED
    assert reading.rule in {"not-html", "too-large", "broken-feed"}


PDF = replace(_page(), uri="https://a.example/a.pdf", payload=b"%PDF-1.4 and so on")


def _dies_of_both(_received: Received, hints: Hints, _limit: int) -> Reading:
    return _abort() if hints.pdf_engines is None else Reading(outcome=Outcome.OK, rule=",".join(hints.pdf_engines))


def _dies_of_each(_received: Received, hints: Hints, _limit: int) -> Reading:
    return _abort() if hints.pdf_engines != () else Reading(outcome=Outcome.OK, rule="bytes")


def _hangs_of_both(_received: Received, hints: Hints, _limit: int) -> Reading:
    return _hang() if hints.pdf_engines is None else Reading(outcome=Outcome.OK, rule="second")


@pytest.mark.parametrize(
    ("mischief", "rule"), [(_dies_of_both, "pypdf"), (_dies_of_each, "bytes"), (_hangs_of_both, "second")]
)
def test_a_document_that_brings_a_reader_down_is_tried_with_less(
    pool: Readers, monkeypatch: pytest.MonkeyPatch, mischief: Callable[..., Reading], rule: str
) -> None:
    monkeypatch.setattr(readers, "_read", mischief)
    monkeypatch.setattr(pool, "_seconds", 4.0)
    assert asyncio.run(pool.read(PDF, Hints())).rule == rule


def test_a_document_that_aborts_the_first_engine_is_kept_by_its_bytes(pool: Readers) -> None:
    bomb = replace(PDF, payload=pdf_flate_bomb(1 << 30))
    reading = asyncio.run(pool.read(bomb, Hints()))
    assert (reading.outcome, reading.rule) == (Outcome.OK, "pdf-too-complex")
    assert reading.page is not None


def test_a_large_page_arrives_whole(pool: Readers) -> None:
    body = html("Titel", *(f"{LONG} {number}" for number in range(12_000))).encode()
    assert len(body) > 1 << 20
    page = asyncio.run(pool.read(_page(body), Hints())).page
    assert page is not None
    assert page.text.endswith("11999")


def test_a_page_with_more_text_than_is_compared_fails(pool: Readers) -> None:
    reading = asyncio.run(pool.read(_page(long_text(5 << 20)), Hints()))
    assert (reading.outcome, reading.rule) == (Outcome.FAILED, "too-large")


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


def test_readers_end_although_a_thread_of_the_pool_is_never_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a signal that raised while the pool's queue was being filled: woken once by what is no longer there."""
    monkeypatch.setattr(readers, "_ENDING", 0.5)
    made = Readers()
    asyncio.run(made.read(_page(), Hints()))
    (pool,) = made._pools
    waiting = pool._context.task_queue.not_empty._waiters  # type: ignore[attr-defined]
    while not waiting:
        time.sleep(0.01)  # a condition is waited for
    waiting[0].release()
    while len(waiting) < 2:
        time.sleep(0.01)  # a condition is waited for
    started = time.monotonic()
    made.stop()
    assert 0.4 < time.monotonic() - started < 5
