"""Content codings undone, within a limit and with proof that the coded stream was whole (RFC 9110 §8.4)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]  # it has no stubs
from backports import zstd

_CHUNK = 1 << 16


class CodingError(ValueError):
    """A body that cannot be decoded: unknown coding, damaged bytes, or more than the limit. ``rule`` says which."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A body without its content codings; ``complete`` is false when a coded stream ended early."""

    body: bytes
    complete: bool


def decode(body: bytes, codings: str, limit: int) -> Decoded:
    """Undo the codings of a Content-Encoding header, last one first.

    Raises CodingError for an unknown coding ("coding-unknown"), damaged data ("coding-damaged") and
    for more than ``limit`` bytes ("too-large"); memory stays near the limit whatever the data claims.
    """
    names = [name.strip().lower() for name in codings.split(",") if name.strip()]
    complete = True
    for name in reversed(names):
        if name == "identity" or not body:
            continue
        body, whole = _undo(name, body, limit)
        complete = complete and whole
    return Decoded(body=body, complete=complete)


def _undo(name: str, body: bytes, limit: int) -> tuple[bytes, bool]:
    try:
        match name:
            case "gzip" | "x-gzip":
                return _gzip(body, limit)
            case "deflate":
                return _deflate(body, limit)
            case "br":
                return _brotli(body, limit)
            case "zstd":
                return _zstd(body, limit)
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise CodingError("coding-damaged", f"the {name} coding is damaged: {error}") from error
    raise CodingError("coding-unknown", f"the content coding {name!r} is unknown")


def _gzip(body: bytes, limit: int) -> tuple[bytes, bool]:
    out = bytearray()
    rest = body
    while rest:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            out += member.decompress(rest, limit + 1 - len(out))
        except zlib.error:
            if not out:
                raise
            return bytes(out), True  # zero padding or other bytes behind the last member: gzip(1) ignores them too
        _bounded(len(out), limit)
        if not member.eof:
            return bytes(out), False
        rest = member.unused_data
    return bytes(out), True


def _deflate(body: bytes, limit: int) -> tuple[bytes, bool]:
    try:
        stream = zlib.decompressobj()
        out = stream.decompress(body, limit + 1)
    except zlib.error:  # RFC 9110 §8.4.1.2: some send the bare stream without the zlib wrapper
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        out = stream.decompress(body, limit + 1)
    _bounded(len(out), limit)
    return out, stream.eof


def _brotli(body: bytes, limit: int) -> tuple[bytes, bool]:
    stream = brotli.Decompressor()
    out = bytearray(stream.process(body, output_buffer_limit=_CHUNK))
    while not stream.is_finished():  # a few bytes of input may hold any amount of output
        _bounded(len(out), limit)
        piece = stream.process(b"", output_buffer_limit=_CHUNK)
        if not piece:
            break
        out += piece
    _bounded(len(out), limit)
    return bytes(out), bool(stream.is_finished())


def _zstd(body: bytes, limit: int) -> tuple[bytes, bool]:
    out = bytearray()
    rest = body
    while rest:
        stream = zstd.ZstdDecompressor()
        out += stream.decompress(rest, max_length=limit + 1 - len(out))
        _bounded(len(out), limit)
        if not stream.eof:
            return bytes(out), False
        rest = stream.unused_data
    return bytes(out), True


def _bounded(size: int, limit: int) -> None:
    if size > limit:
        raise CodingError("too-large", f"more than {limit} bytes when decoded")
