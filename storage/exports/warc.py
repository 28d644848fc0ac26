"""Writes WARC records with warcio, one gzip member each, byte for byte as they are handed in; reads them back."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterator
from hashlib import sha1, sha256
from io import BytesIO
from typing import IO, NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.exports import form
from storage.exports.form import Field, Record, RecordType
from storage.exports.sink import Measured

# Only what is HTTP has a payload within its block; fastwarc 2.0 calls any other payload digest wrong.
_PAYLOADS = (RecordType.REQUEST, RecordType.RESPONSE)
_PIECE = 1 << 16  # bytes read at a time


class Place(NamedTuple):
    """Where a record stands in its file, in bytes."""

    offset: int
    length: int


class _Verbatim(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """A head as it is: warcio would write it anew, with its own spacing and in ASCII."""

    def __init__(self, head: bytes) -> None:
        super().__init__("", [], protocol="")
        self.headers_buff = head

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Leave it as it is."""

    def __bool__(self) -> bool:
        return True


class _PlainWriter(WARCWriter):  # type: ignore[misc]  # see above
    """Adds no payload digest by itself: warcio gives one to metadata too."""

    NO_PAYLOAD_DIGEST_TYPES = tuple(RecordType)


class WarcWriter:
    """Appends records to a stream."""

    def __init__(self, out: Measured, *, compressed: bool) -> None:
        self._out = out
        self._writer = _PlainWriter(out, gzip=compressed, warc_version=form.VERSION)

    def write(self, record: Record) -> Place:
        """Append one record; the digests of its block and of its payload are added."""
        start = self._out.tell()
        length = len(record.head) + len(record.body)
        named = [*record.fields, (str(Field.BLOCK_DIGEST), form.digest(record.head, record.body))]
        payload = record.payload_digest or (form.digest(record.body) if record.type in _PAYLOADS else "")
        if payload:
            named.append((str(Field.PAYLOAD_DIGEST), payload))
        # The head goes in as a part of its own: of a revisit, warcio writes nothing else.
        self._writer.write_record(
            ArcWarcRecord(
                "warc",
                str(record.type),
                StatusAndHeaders("", [(str(name), value) for name, value in named], protocol=form.VERSION),
                BytesIO(record.body),
                _Verbatim(record.head) if record.head else None,
                record.content_type,
                length,
                payload_length=len(record.body) if record.head else -1,
            )
        )
        return Place(start, self._out.tell() - start)


class Seen(NamedTuple):
    """A record as it stands in a file of ours. ``whole``: its block fits its digest."""

    id: str
    type: str
    uri: str
    whole: bool
    payload: str  # of a response: sha256:… of what lies behind its head
    block: bytes  # of metadata; empty otherwise


def read(stream: IO[bytes]) -> Iterator[Seen]:
    """Every record of a WARC file that this program wrote; bounded in memory but for metadata.

    Raises ValueError for what is no WARC, or is cut.
    """
    try:
        for record in ArchiveIterator(stream, no_record_parse=True):
            yield _seen(record)
    except ArchiveLoadFailed as error:
        raise ValueError(" ".join(str(error).split())[:80]) from error


def _seen(record: ArcWarcRecord) -> Seen:
    kept = record.rec_type == RecordType.METADATA
    block, payload = sha1(usedforsecurity=False), sha256()
    head: bytes | None = b""  # as far as it is read, None behind it
    text = b""
    while piece := record.raw_stream.read(_PIECE):
        block.update(piece)
        if kept:
            text += piece
        if head is None:
            payload.update(piece)
        else:
            head += piece
            _, end, body = head.partition(b"\r\n\r\n")
            if end:
                payload.update(body)
                head = None
    fields = record.rec_headers
    return Seen(
        id=fields.get_header(Field.RECORD_ID) or "",
        type=record.rec_type,
        uri=fields.get_header("WARC-Target-URI") or "",
        whole=fields.get_header(Field.BLOCK_DIGEST) == f"sha1:{b32encode(block.digest()).decode()}",
        payload=f"sha256:{payload.hexdigest()}",
        block=text,
    )
