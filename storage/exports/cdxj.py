"""The index of a WARC file: sorted lines of key, time and JSON (CDXJ 0.1.0 of the Webrecorder specifications)."""

from __future__ import annotations

import json
import re
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

_WWW = re.compile(r"www\d*\.")
_PORTS = {"http": 80, "https": 443}
# What the key keeps as it is: all that is printable ASCII but the space, # and %.
_PLAIN = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "#%")
REVISIT = "warc/revisit"


def key(uri: str) -> str:
    """The key that replay tools look a URI up by (SURT): ``de,berlin)/lageso/ueber-uns``.

    Host backwards and without ``www.``, path and query in lower case and with one way of percent-encoding, the
    parts of the query sorted; what is not http keeps its spelling.
    """
    try:
        split = urlsplit(uri)
        host, port = (split.hostname or "").rstrip("."), split.port
    except ValueError:
        return uri
    if split.scheme not in _PORTS or not host:
        return uri
    host = _WWW.sub("", host, count=1) if _WWW.match(host) else host
    labels = host if ":" in host else ",".join(reversed(host.split(".")))
    where = f"{labels}:{port}" if port not in (None, _PORTS[split.scheme]) else labels
    query = "&".join(sorted(_one_way(split.query).split("&"))) if split.query else ""
    return f"{where}){_path(split.path)}{'?' if query else ''}{query}".lower()


def line(uri: str, stamp: str, *, mime: str, status: int, digest: str, offset: int, length: int, file: str) -> bytes:
    """One line of the index; ``stamp`` is a time of the archive (RFC 3339 in UTC)."""
    facts = {
        "url": uri,
        "mime": mime,
        "status": str(status),
        "digest": digest,
        "length": str(length),
        "offset": str(offset),
        "filename": file,
    }
    return f"{key(uri)} {timestamp(stamp)} {json.dumps(facts)}\n".encode()


def timestamp(stamp: str) -> str:
    """The 14 digits of a time of the archive."""
    return re.sub(r"\D", "", stamp)[:14]


def _path(path: str) -> str:
    """A path without empty and dot segments, and without its final slash."""
    kept: list[str] = []
    for segment in _one_way(path).split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept)


def _one_way(text: str) -> str:
    return quote_from_bytes(_decoded(text), safe=_PLAIN)


def _decoded(text: str) -> bytes:
    """Percent-encoding undone until nothing is left of it."""
    data = text.encode("utf-8", "replace")
    while (plain := unquote_to_bytes(data)) != data:
        data = plain
    return data
