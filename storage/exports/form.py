"""What the WARC files of this archive look like: record types, field names, profiles, digests and ids.

The words are those of ISO 28500:2017 (WARC 1.1), read at https://iipc.github.io/warc-specifications/ ; whoever reads
such files finds here what the writer meant. Nothing here knows how a file is written or read.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha1
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

VERSION = "WARC/1.1"
CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

# Profiles of revisit records (§6.7). We write the first one alone (docs/adr/0016); others write the second too.
IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

HTTP_REQUEST = "application/http; msgtype=request"
HTTP_RESPONSE = "application/http; msgtype=response"
WARC_FIELDS = "application/warc-fields"
PLAIN_TEXT = "text/plain; charset=utf-8"

# Before the address of a page, for the text read from it: indexers take each conversion record for a page of its own,
# and under the page's address it would be replayed in its place (pywb 2.10). Browsertrix writes the same.
TEXT_OF = "urn:text:"

# Before the name of a header that would be misread in the file: as replay tools name what they had to rename.
RENAMED = b"X-Archive-Orig-"


class RecordType(StrEnum):
    """The record types of §6."""

    WARCINFO = "warcinfo"
    RESPONSE = "response"
    RESOURCE = "resource"
    REQUEST = "request"
    METADATA = "metadata"
    REVISIT = "revisit"
    CONVERSION = "conversion"
    CONTINUATION = "continuation"


class Field(StrEnum):
    """The named fields of §5 that we write."""

    TYPE = "WARC-Type"
    RECORD_ID = "WARC-Record-ID"
    DATE = "WARC-Date"
    TARGET_URI = "WARC-Target-URI"
    WARCINFO_ID = "WARC-Warcinfo-ID"
    CONCURRENT_TO = "WARC-Concurrent-To"
    REFERS_TO = "WARC-Refers-To"
    REFERS_TO_URI = "WARC-Refers-To-Target-URI"
    REFERS_TO_DATE = "WARC-Refers-To-Date"
    PROFILE = "WARC-Profile"
    BLOCK_DIGEST = "WARC-Block-Digest"
    PAYLOAD_DIGEST = "WARC-Payload-Digest"
    IP_ADDRESS = "WARC-IP-Address"
    TRUNCATED = "WARC-Truncated"
    FILENAME = "WARC-Filename"


class Told(StrEnum):
    """The lines of our metadata records; ``via`` and ``fetchTimeMs`` are the standard's own (§6.6)."""

    CAPTURE = "capture"  # its position in the chain, from 1
    CRAWL = "crawl"
    SOURCE = "source"
    ROLE = "role"  # "page", "document", "asset" (a style, an image, a font) or "probe" (robots.txt, say)
    OUTCOME = "outcome"
    RULE = "rule"
    DETAIL = "detail"
    VIA = "via"
    LABEL = "linkLabel"
    DEPTH = "linkDepth"
    HOP_OF = "redirectedFrom"  # the record id of the answer that redirected here
    FETCH_MS = "fetchTimeMs"
    URI = "uri"  # as it was asked for, where the target URI had to be encoded
    PAYLOAD_DIGEST = "payloadDigest"  # sha256:…
    TEXT_DIGEST = "textDigest"  # sha256:… of the text that was read
    EXTRACTOR = "extractor"
    TEXT_RECORD = "textRecord"  # the record id of the conversion that holds that text
    HEAD = "headAsReceived"  # base64, where the record does not hold it byte for byte
    ERASED = "erased"  # what of the capture is no longer held: "request", "head", "payload"
    CARRIED = "carriedFor"  # the record that leans on this one, which lies outside what was asked for
    CHAIN_BEFORE = "chainBefore"
    ARRIVAL = "arrival"  # JSON: what the link covers
    CHAIN = "chain"  # sha256 over the bytes of chainBefore and the text of arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: its named fields but the lengths and digests, and its block in two parts.

    ``head`` is the HTTP head of requests, answers and revisits and empty otherwise; ``body`` is all behind it, and
    the payload where there is one.
    """

    type: RecordType
    fields: tuple[tuple[str, str], ...]
    content_type: str
    head: bytes = b""
    body: bytes = b""
    payload_digest: str = ""  # of a revisit: that of the payload it stands for

    @property
    def id(self) -> str:
        """Its record id, in angle brackets."""
        return self.field(Field.RECORD_ID)

    def field(self, name: str) -> str:
        """The value of a named field, "" if it has none."""
        return next((value for key, value in self.fields if key == name), "")


# What a line of WARC fields cannot hold.
_CONTROL = re.compile(r"[\x00-\x1f]+")
# As much of a body as a reader of chunked answers takes for the size of a chunk (RFC 9112 §7.1).
_CHUNK_SIZE = re.compile(rb"[ \t]*[0-9A-Fa-f]+[ \t]*(;[^\n]*)?\r?\n")
_TRANSFER = re.compile(rb"^(transfer-encoding)(?=[ \t]*:)", re.IGNORECASE | re.MULTILINE)
_MIME = re.compile(rb"^content-type[ \t]*:[ \t]*([^\s;]+)", re.IGNORECASE | re.MULTILINE)
# Everything that may stand in a URI (RFC 3986 §2), and what servers and browsers take beside it.
_URI = "!#$%&'()*+,/:;=?@[]-._~|{}^`\\"


def digest(*parts: bytes) -> str:
    """``sha1:`` and Base32: the only spelling that every tool of the field writes, compares and looks up."""
    found = sha1(usedforsecurity=False)
    for part in parts:
        found.update(part)
    return f"sha1:{b32encode(found.digest()).decode()}"


def record_id(installation: str, what: str) -> str:
    """A record id that is the same in every export of an archive (RFC 4122 §4.3): ``what`` names the record."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'urn:amtsblick:{installation}:{what}')}>"


def target_uri(uri: str) -> str:
    """A URI that can stand in a record's head: what is no ASCII, a space or a control character, percent-encoded."""
    return quote(uri, safe=_URI, errors="replace")


def warc_date(stamp: str) -> str:
    """A time of the archive as a WARC date: fractions of a second only where there are any."""
    return stamp.replace(".000000Z", "Z")


def fields_block(pairs: Iterable[tuple[str, str]]) -> bytes:
    """Lines of ``name: value``, each value on one line; empty ones are left out."""
    lines = (f"{name}: {_CONTROL.sub(' ', value).strip()}\r\n" for name, value in pairs if value)
    return "".join(lines).encode("utf-8", "replace")


def read_fields(block: bytes) -> Mapping[str, str]:
    """The inverse of :func:`fields_block`; of a name that is there twice, the first."""
    found: dict[str, str] = {}
    for line in block.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip(), value.strip())
    return found


def mime(head: bytes) -> str:
    """The media type that an answer's head names, without its parameters; "" if it names none."""
    found = _MIME.search(head)
    return found[1].decode("latin-1") if found else ""


def like_chunks(body: bytes) -> bool:
    """Whether a body begins as one in chunks does."""
    return _CHUNK_SIZE.match(body) is not None


def kept_head(head: bytes, *, like_chunks: bool) -> bytes:
    """An answer's head as it can be read back from a file: byte for byte as received, but for two rare cases.

    The body is kept without its transfer coding, so a reader told of chunks looks for them; all of them take a body
    that has none as it is, unless it begins like a chunk (``like_chunks``). Then the header is renamed. And a head
    whose lines end in a bare line feed, or that has no end, gets the ends that readers find the body by.
    """
    if like_chunks:
        head = _TRANSFER.sub(RENAMED + rb"\1", head)
    if head.endswith(b"\r\n\r\n"):
        return head
    lines = head.rstrip(b"\r\n").split(b"\n")
    return b"\r\n".join([*(line.removesuffix(b"\r") for line in lines), b"", b""])
