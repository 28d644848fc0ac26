"""Media types: what a header names, what bytes are, and which of them a page may load without anything acting."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from extractors import address

OCTETS = "application/octet-stream"
_TYPE = re.compile(r"([\w!#$&^.+-]{1,100}/[\w!#$&^.+-]{1,100})\s*(?:;.*)?", re.ASCII | re.DOTALL)
_PASSIVE = re.compile(
    r"text/css|image/[\w.+-]+|font/[\w.+-]+|application/(?:x-)?font-[\w.+-]+|application/vnd\.ms-fontobject"
)
_UNTOLD = frozenset({"", OCTETS, "text/plain", "application/x-octet-stream", "binary/octet-stream"})
_SIGNS = (
    (b"\x89PNG\r\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"OTTO", "font/otf"),
    (b"\x00\x01\x00\x00", "font/ttf"),
)
_BY_NAME = {".css": "text/css", ".svg": "image/svg+xml"}
# The ends of names that a saved file gets; all others are ".bin".
_ENDINGS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "text/css": "css",
    "text/calendar": "ics",
    "application/pdf": "pdf",
    "application/rss+xml": "xml",
    "application/atom+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/json": "json",
    "image/png": "png",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}


def named(content_type: str) -> str:
    """The type that a Content-Type header names, in lower case and without parameters; "" if it names none."""
    found = _TYPE.fullmatch(content_type.strip())
    return found[1].lower() if found else ""


def passive(content_type: str, body: bytes, uri: str) -> str:
    """The type under which bytes may be loaded by a page as style, image or font; "" for anything else.

    A server that names no type of its own ("octet-stream") is told by the first bytes, then by the name.
    """
    told = named(content_type)
    if told not in _UNTOLD:
        return told if _PASSIVE.fullmatch(told) else ""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    sign = next((media for start, media in _SIGNS if body.startswith(start)), "")
    return sign or _BY_NAME.get(PurePosixPath(urlsplit(uri).path).suffix.lower(), "")


def is_html(content_type: str, body: bytes) -> bool:
    """Whether an answer is a page of HTML, by what its header says, else by its beginning."""
    return "html" in content_type.lower() or (named(content_type) in _UNTOLD and b"<html" in body[:2048].lower())


def ending(content_type: str, uri: str) -> str:
    """The end of a file's name, without dot, made of letters and digits only."""
    return _ENDINGS.get(named(content_type)) or address.document_ending(uri) or "bin"
