"""Writes WARC records with warcio, one gzip member each, byte for byte as they are handed in."""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.exports import form
from storage.exports.form import Field, Record, RecordType
from storage.exports.sink import Measured

# Only what is HTTP has a payload within its block; fastwarc 2.0 calls any other payload digest wrong.
_PAYLOADS = (RecordType.REQUEST, RecordType.RESPONSE)


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
