"""One record of another archive as it was read, and why a record is left out."""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

# Before it no page was ever archived; what claims to be older has a broken clock (CERN's first page is of 1990).
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)  # a recorder whose clock is a time zone off

_WARC_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?Z", re.ASCII)
_DIGITS = re.compile(r"\d{14}", re.ASCII)
_ALGORITHMS = {
    "sha1": "sha1",
    "sha-1": "sha1",
    "sha256": "sha256",
    "sha-256": "sha256",
    "md5": "md5",
    "sha512": "sha512",
}


class Left(StrEnum):
    """Why a record is not taken in."""

    KIND = "no answer"  # request, warcinfo, metadata, conversion, …
    NOT_HTTP = "not HTTP"
    OTHER_HOST = "another host"
    OUT_OF_SCOPE = "outside the scope"
    ROBOTS = "robots.txt"
    UNLINKED = "a document no page links"
    DIGEST = "wrong digest"
    UNPROVEN = "no digest, in a file whose hash is wrong"
    TOO_LARGE = "too large"
    DATE = "no possible date"
    ADDRESS = "no usable address"
    NO_HEAD = "no HTTP head"
    ORIGINAL = "a revisit whose original is not here yet"
    KNOWN = "already here"
    LOST = "not given out by the archive"


#: What makes an import incomplete: the rest is left out by rule.
LOST = frozenset(
    {Left.DIGEST, Left.UNPROVEN, Left.TOO_LARGE, Left.DATE, Left.ADDRESS, Left.NO_HEAD, Left.ORIGINAL, Left.LOST}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a capture comes from: the file's name or the archive's address, and the record's id or URI-M there."""

    archive: str
    record: str
    digest: str = ""  # of its payload, "sha1:…" in Base32: what a revisit names


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One answer of another archive: head as recorded, payload with transfer coding undone and content coding left.

    ``payload`` is None of a revisit, whose ``digest`` names the payload it stands for, and of a 304; that of our own
    exports names the payload that it confirmed.
    """

    uri: str
    captured_at: datetime
    status: int
    head: bytes
    payload: bytes | None
    origin: Origin
    peer: str = ""
    cut: str = ""  # why the payload is not whole (WARC-Truncated)
    request: bytes = b""  # where a request record stands behind the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A record that is left out. ``what`` says more: the record's type, a host."""

    why: Left
    what: str = ""
    uri: str = ""


def warc_date(text: str) -> datetime | None:
    """The time of a WARC-Date (ISO 28500 §5.4), None for anything else."""
    match = _WARC_DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    micro = int((match[7] or "0")[:6].ljust(6, "0"))
    try:
        return datetime(year, month, day, hour, minute, second, micro, tzinfo=UTC)
    except ValueError:
        return None


def digits(text: str) -> datetime | None:
    """The time of 14 digits as web archives write it, None for anything else."""
    if not _DIGITS.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def possible(moment: datetime, now: datetime) -> bool:
    """Whether something can have been recorded at a moment."""
    return EARLIEST <= moment <= now + AHEAD


def customary(data: bytes) -> str:
    """The digest that WARC files and indexes carry: ``sha1:`` and Base32."""
    return f"sha1:{b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"


def agrees(declared: str, *bodies: bytes) -> bool | None:
    """Whether a declared digest is that of one of some bodies; None where it names no algorithm we know."""
    name, colon, value = declared.strip().partition(":")
    algorithm = _ALGORITHMS.get(name.lower()) if colon else None
    wanted = _raw(value, algorithm) if algorithm else None
    if algorithm is None or wanted is None:
        return None
    return any(hashlib.new(algorithm, body, usedforsecurity=False).digest() == wanted for body in bodies)


def normal_digest(declared: str) -> str:
    """A declared payload digest in one spelling: ``sha1:`` in Base32, others in hex; "" where it is none."""
    name, colon, value = declared.strip().partition(":")
    algorithm = _ALGORITHMS.get(name.lower()) if colon else None
    raw = _raw(value, algorithm) if algorithm else None
    if raw is None or algorithm is None:
        return ""
    return f"sha1:{b32encode(raw).decode()}" if algorithm == "sha1" else f"{algorithm}:{raw.hex()}"


def _raw(value: str, algorithm: str) -> bytes | None:
    """The bytes of a digest that may be written in hex or in Base32."""
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size
    value = value.strip()
    try:
        raw = bytes.fromhex(value) if len(value) == 2 * size else b32decode(value.upper() + "=" * (-len(value) % 8))
    except (ValueError, binascii.Error):
        return None
    return raw if len(raw) == size else None
