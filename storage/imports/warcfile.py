"""Reads the records of WARC files with warcio: bounded in memory, digests checked, heads as recorded."""

from __future__ import annotations

import logging
import re
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO, RawIOBase
from typing import Any, BinaryIO

from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from extractors import address
from storage.errors import ArchiveError
from storage.exports import form
from storage.imports.found import Found, Left, Origin, Skipped, agrees, customary, normal_digest, possible, warc_date

#: How many bytes of a payload are wanted of an address: 0 for none of it; why not is said by :class:`Skipped`.
Wanted = Callable[[str, str], "int | Skipped"]

GZIP = b"\x1f\x8b"
_WARC = b"WARC/"
_LINE = 1 << 16  # bytes of one line in a record's head: an address has 2,000 characters, a cookie 4 KB
_HEAD = 1 << 18  # bytes of an HTTP head; servers and browsers take 8 to 256 KB
_BLOCK = 1 << 16
_MEMBER = zlib.MAX_WBITS | 16  # zlib's way to ask for gzip
_HTTP = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})(?: [^\r\n]*)?\r?\n")
_END = re.compile(rb"\r?\n\r?\n")
_CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:[^\r\n]*chunked", re.IGNORECASE | re.MULTILINE)
_NOT_MODIFIED = "server-not-modified"
_NOT_MODIFIED_STATUS = 304

logging.getLogger("warcio").setLevel(logging.CRITICAL)  # it would write hostile bytes to the terminal


class NotAnArchive(ArchiveError):  # noqa: N818 - as all of storage.errors
    """A file that is neither WARC nor WACZ, as one line."""

    exit_code = 65


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A place of a file that cannot be read, in one line; the records behind it follow, if there are any."""

    line: str


def records(
    file: BinaryIO, name: str, wanted: Wanted, now: datetime, *, proven: bool = False
) -> Iterator[Found | Skipped | Broken]:
    """Every record of a WARC file, plain or gzipped, as an answer, as what is left out, or as what cannot be read.

    ``proven`` takes only records whose own digest proves them, for files whose hash is wrong. At most the wanted
    bytes of one payload are in memory at once.

    Raises:
        NotAnArchive: when not even the first record can be read.
    """
    start = file.read(len(_WARC))
    if not start.startswith((GZIP, _WARC)):
        what = f"it begins with {start!r}" if start else "it is empty"
        raise NotAnArchive(f"{name}: no WARC file ({what}); nothing was taken from it")
    count, offset = 0, 0
    while True:
        file.seek(offset)
        source = _Members(file) if start.startswith(GZIP) else _Plain(file)
        part = _Part(source, name, wanted, now, proven=proven)
        yield from part
        count += part.count
        if not part.broken:
            return
        begun, resumed = part.start(), part.next_start()
        ends = f"it goes on at byte {resumed}" if resumed is not None else "the rest is lost"
        yield Broken(
            line=f"{name}: broken in the record at byte {begun}, after {count} records ({part.broken}); {ends}"
        )
        if resumed is None:
            return
        offset = resumed


_BROKEN = (EOFError, OSError, zlib.error, UnicodeError, ValueError)


def _why(error: BaseException) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


class _Part:
    """The records of a file from one place on, up to its end or to where it is ``broken``."""

    def __init__(self, source: _Stream, name: str, wanted: Wanted, now: datetime, *, proven: bool) -> None:
        self.count = 0
        self.broken = ""
        self.name, self.wanted, self.now, self.proven = name, wanted, now, proven
        self._source = source
        self._iterator = _Iterator(source)

    def __iter__(self) -> Iterator[Found | Skipped]:
        held: Found | None = None  # until it is known what the records beside it say
        while True:
            try:
                record = next(self._iterator, None)
                if record is None:
                    self.broken = self._source.broken
                    break
                block = _Block(record)
                beside = _beside(record, block, held) if held is not None else None
                found = _read(record, block, self)
                block.drain()
            except (ArchiveLoadFailed, *_BROKEN) as error:
                self.broken = self._source.broken or _why(error)
                break
            self.count += 1
            if beside is not None:
                held = beside
            elif held is not None:
                yield held
                held = None
            if isinstance(found, Found):
                held = found
            else:
                yield found
        if held is not None:
            yield held

    def start(self) -> int:
        """Where the record, or the gzip member, begins that could not be read."""
        return self._source.start(self._iterator.offset)

    def next_start(self) -> int | None:
        """Where reading can go on behind it."""
        return self._source.next_start(self.start())


class _Stream(RawIOBase):
    """The uncompressed bytes of a file from where it stands; where they end too early, ``broken`` says why."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.broken = ""
        self._file = file

    def readable(self) -> bool:
        """As every file."""
        return True

    def tell(self) -> int:
        """How far the file was read."""
        return self._file.tell()

    def start(self, record: int) -> int:
        """Where what holds a record begins, in bytes of the file as it lies on the disk."""
        raise NotImplementedError

    def next_start(self, last: int) -> int | None:
        """Where the next record begins behind the one that began at ``last`` and could not be read."""
        raise NotImplementedError


class _Plain(_Stream):
    """A file without compression."""

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        try:
            return self._file.read(size)
        except _BROKEN as error:
            self.broken = _why(error)
            return b""

    def next_start(self, last: int) -> int | None:
        """Records are found again by their first line."""
        for at in _places(self._file, last + 1, b"\nWARC/1."):
            return at + 1
        return None

    def start(self, record: int) -> int:
        """The record itself."""
        return record


class _Members(_Stream):
    """A file of gzip members, one after the other. warcio takes an error within a member for its end."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self._member = file.tell()
        self._inflate = zlib.decompressobj(_MEMBER)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, at most a block; less never means the end."""
        room = min(size, _BLOCK) if size > 0 else _BLOCK
        while not self.broken:
            try:
                if self._inflate.eof and not self._next():
                    return b""
                raw = self._inflate.unconsumed_tail or self._rest or self._file.read(_BLOCK)
                self._rest = b""
                if not raw:
                    self.broken = "it ends within a gzip member"
                    return b""
                out = self._inflate.decompress(raw, room)
            except _BROKEN as error:
                self.broken = _why(error)
                return b""
            if out:
                return out
        return b""

    def start(self, record: int) -> int:  # noqa: ARG002 - warcio cannot know
        """The gzip member."""
        return self._member

    def next_start(self, last: int) -> int | None:
        """The next gzip member that holds a record."""
        for at in _places(self._file, last + 1, GZIP + b"\x08"):
            self._file.seek(at)
            try:
                if zlib.decompressobj(_MEMBER).decompress(self._file.read(_BLOCK), len(_WARC)) == _WARC:
                    return at
            except zlib.error:
                continue
        return None

    def _next(self) -> bool:
        """Go on with the next member; False at the end. Zeroes behind one are what tapes and disks leave (gzip(1))."""
        rest = self._inflate.unused_data
        while not (rest := rest.lstrip(b"\0")):
            if not (rest := self._file.read(_BLOCK)):
                return False
        self._member = self._file.tell() - len(rest)
        self._inflate, self._rest = zlib.decompressobj(_MEMBER), rest
        return True


def _places(file: BinaryIO, start: int, mark: bytes) -> Iterator[int]:
    """Where a mark stands in a file, from ``start`` on."""
    file.seek(start)
    block, at = b"", start
    while more := file.read(_BLOCK):
        block += more
        found = block.find(mark)
        while found >= 0:
            yield at + found
            found = block.find(mark, found + 1)
        kept = len(mark) - 1
        at += len(block) - kept
        block = block[-kept:]
        file.seek(at + kept)  # whoever was given a place may have read there


class _BoundedReader(BufferedReader):  # type: ignore[misc]  # warcio has no types
    """Refuses lines without end: a record's head is read line by line into memory."""

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(length or _LINE)
        if length is None and len(line) >= _LINE and not line.endswith(b"\n"):
            raise ArchiveLoadFailed("a line without end")
        return line


class _Iterator(WARCIterator):  # type: ignore[misc]  # warcio has no types
    """warcio's own, over bytes that are plain already, and silent."""

    INC_RECORD = ""

    def __init__(self, stream: _Stream) -> None:
        super().__init__(BytesIO(b""), no_record_parse=True)
        self.fh = stream
        self.offset = stream.tell()
        self.reader = _BoundedReader(stream, block_size=_BLOCK)
        self.known_format = "warc"


class _Block:
    """The block of one record, read once from front to end."""

    def __init__(self, record: Any) -> None:
        self._stream = record.raw_stream
        if record.length is None:
            raise ArchiveLoadFailed("its head is cut, or names no length")
        self.length: int = record.length
        self._left = self.length
        self._short = False

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes."""
        parts = []
        while size > 0:
            part = self._stream.read(min(size, _BLOCK, self._left)) if self._left else b""
            if not part:
                self._short = self._left > 0
                break
            parts.append(part)
            size -= len(part)
            self._left -= len(part)
        return b"".join(parts)

    def drain(self) -> None:
        """Read what is left, for nothing.

        Raises:
            ArchiveLoadFailed: when the file has fewer bytes than the record says.
        """
        while self._left and self.read(_BLOCK):
            pass
        if self._left:
            raise ArchiveLoadFailed(f"{self._left} bytes are missing")

    @property
    def ended(self) -> bool:
        """Whether the file ended within the block."""
        return self._short


def _beside(record: Any, block: _Block, held: Found) -> Found | None:
    """An answer with what a record beside it adds; None for a record that is none of its own.

    That is the request, and of our own exports the head as it came: a 304 stands there as the answer it confirmed.
    """
    field = _Fields(record)
    own = field("WARC-Concurrent-To").strip("<>") == held.origin.record != ""
    if not own or field.kind not in ("request", "metadata") or block.length > _HEAD:
        return None
    data = block.read(block.length)
    if field.kind == "request":
        return replace(held, request=data)
    try:
        head = b64decode(form.read_fields(data).get(form.Told.HEAD, ""), validate=True)
        status, head, _ = _split(head)
    except (ValueError, _Leave):
        return held
    if status == _NOT_MODIFIED_STATUS and held.payload is None:
        return replace(held, head=head, status=status)
    return replace(held, head=head) if status == held.status else held


class _Leave(Exception):  # noqa: N818 - it says what is done with the record
    """Ends the reading of a record that is left out."""

    def __init__(self, why: Left, what: str = "") -> None:
        super().__init__()
        self.why, self.what = why, what


class _Fields:
    """The named fields of one record (ISO 28500 §5)."""

    def __init__(self, record: Any) -> None:
        self._headers = record.rec_headers
        self.kind = str(record.rec_type or "")

    def __call__(self, name: str) -> str:
        return str(self._headers.get_header(name) or "").strip()


def _read(record: Any, block: _Block, reader: _Part) -> Found | Skipped:
    field = _Fields(record)
    try:
        uri = _target(field)
        at = _moment(field, reader.now)
        room = reader.wanted(uri, field("WARC-Identified-Payload-Type") or field("Content-Type"))
        if isinstance(room, Skipped):
            return room
        return _found(field, uri, at, _whole(block, room), reader, room=room)
    except _Leave as left:
        return Skipped(why=left.why, what=left.what, uri=field("WARC-Target-URI"))


def _moment(field: _Fields, now: datetime) -> datetime:
    at = warc_date(field("WARC-Date"))
    if at is None or not possible(at, now):
        raise _Leave(Left.DATE, field("WARC-Date")[:40])
    return at


def _target(field: _Fields) -> str:
    if field.kind not in ("response", "revisit", "resource"):
        raise _Leave(Left.KIND, field.kind[:20] or "unnamed")
    uri = field("WARC-Target-URI")
    if not uri.lower().startswith(("http://", "https://")):
        raise _Leave(Left.NOT_HTTP, uri.partition(":")[0][:20])
    cleaned = address.clean(uri)
    if cleaned is None:
        raise _Leave(Left.ADDRESS)
    return cleaned


def _whole(block: _Block, room: int) -> bytes:
    whole = block.read(room + _HEAD + 1)
    if len(whole) < block.length and not block.ended:
        raise _Leave(Left.TOO_LARGE, f"{block.length} bytes")
    return whole


def _found(field: _Fields, uri: str, at: datetime, whole: bytes, reader: _Part, *, room: int) -> Found:
    status, head, body = (200, _made_head(field("Content-Type")), whole) if field.kind == "resource" else _split(whole)
    payload = _without_chunks(head, body)
    revisit = field.kind == "revisit"
    declared = normal_digest(field("WARC-Payload-Digest"))
    of_body = "" if revisit else declared
    verdict = _verdict(field("WARC-Block-Digest"), of_body, whole, body, payload)
    if verdict is False:
        raise _Leave(Left.DIGEST)
    if verdict is None and reader.proven:
        raise _Leave(Left.UNPROVEN)
    if len(payload) > room:
        raise _Leave(Left.TOO_LARGE, f"{len(payload)} bytes")
    bare = status == _NOT_MODIFIED_STATUS  # without a body (RFC 9110 §15.4.5), whatever the record makes of it
    if bare or (revisit and _NOT_MODIFIED in field("WARC-Profile")):
        declared = ""  # many write that of the empty body
    elif revisit and not declared:
        raise _Leave(Left.ORIGINAL)
    return Found(
        uri=uri,
        captured_at=at,
        status=status,
        head=head,
        payload=None if revisit or bare else payload,
        origin=Origin(
            archive=reader.name,
            record=field("WARC-Record-ID").strip("<>")[:500],
            digest=declared if revisit or bare else customary(payload),
        ),
        peer=field("WARC-IP-Address")[:100],
        cut=field("WARC-Truncated")[:40],
    )


def _split(whole: bytes) -> tuple[int, bytes, bytes]:
    """Status, head and body of an HTTP answer."""
    first, end = _HTTP.match(whole[:_HEAD]), _END.search(whole[:_HEAD])
    if first is None or (end is None and len(whole) > _HEAD):
        raise _Leave(Left.NO_HEAD)
    if end is None:  # a head that just ends, without an empty line: what revisits often have
        return int(first[1]), whole, b""
    return int(first[1]), whole[: end.end()], whole[end.end() :]


def _made_head(media_type: str) -> bytes:
    """A resource record has no HTTP head: one that says its type, as replay tools make it."""
    safe = re.sub(r"[^\x20-\x7e]", "", media_type)[:200] or "application/octet-stream"
    return f"HTTP/1.1 200 OK\r\nContent-Type: {safe}\r\n\r\n".encode("ascii")


def _without_chunks(head: bytes, body: bytes) -> bytes:
    """The body without its transfer coding; many recorders have undone it and left the header standing."""
    if not _CHUNKED.search(head):
        return body
    out = ChunkedDataReader(BytesIO(body), decomp_type=None).read()
    return bytes(out)


def _verdict(block: str, payload: str, whole: bytes, *bodies: bytes) -> bool | None:
    """Whether a record's own digests prove it: False if one speaks against it, None where it has none.

    Recorders take the payload's digest before or after the transfer coding is undone; either proves the bytes.
    """
    verdicts = {agrees(block, whole), agrees(payload, *bodies)}
    if False in verdicts:
        return False
    return True if True in verdicts else None
