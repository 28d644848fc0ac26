"""What a web archive holds, as its CDX server lists it: pywb's CDXJ and JSON lines, and the Wayback Machine's JSON.

The dialects were read at https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server and
https://pywb.readthedocs.io/en/latest/manual/cdxserver_api.html, and tried against pywb 2.10.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from extractors import address
from storage.imports.found import digits, normal_digest

PAGE = 5000  # rows asked for at once where a server gives them in parts; the Wayback Machine's own limit is higher
_NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One capture as an archive lists it. ``digest`` is that of the payload, "" if the list has none."""

    uri: str
    stamp: str  # 14 digits
    status: str = ""
    mime: str = ""
    digest: str = ""

    @property
    def at(self) -> datetime | None:
        """When it was captured."""
        return digits(self.stamp)


class Unlistable(ValueError):  # noqa: N818 - it says what the answer is
    """An answer that is no list of captures."""


def query(
    uri: str, *, prefix: bool, since: datetime | None, until: datetime | None, limit: int = 0, resume: str = ""
) -> str:
    """The query for all captures of one address, or of all that begin with it; both dialects understand it."""
    # Which fields are wanted is not asked: each dialect has names of its own, and pywb leaves out unknown ones.
    wanted = {"url": uri, "output": "json", **({"matchType": "prefix"} if prefix else {})}
    if since is not None:
        wanted["from"] = since.strftime("%Y%m%d%H%M%S")
    if until is not None:
        wanted["to"] = until.strftime("%Y%m%d%H%M%S")
    if limit:
        wanted["limit"] = str(limit)
        wanted["showResumeKey"] = "true"
    if resume:
        wanted["resumeKey"] = resume
    return urlencode(wanted)


def parse(text: str) -> tuple[list[Listed], str]:
    """The captures of an answer, and the key to ask for more with, "" at the end.

    Raises:
        Unlistable: for an answer in no dialect.
    """
    body = text.strip()
    if not body:
        return [], ""
    if body.startswith("["):
        return _table(body)
    return [_line(line) for line in body.split("\n") if line.strip()], ""


def variants(prefix: str) -> tuple[str, ...]:
    """An address by https and http, with and without ``www.``: archives that tell them apart list each by itself.

    Without its final slash, which the keys of an index lack: by a prefix with it, a section's own page is not found.
    """
    split = urlsplit(prefix)
    bare = split.netloc.removeprefix("www.")
    rest = f"{split.path.rstrip('/') or '/'}{'?' if split.query else ''}{split.query}"
    hosts = (split.netloc, bare if split.netloc != bare else f"www.{bare}")
    schemes = (split.scheme, "http" if split.scheme == "https" else "https")
    return tuple(f"{scheme}://{host}{rest}" for host in hosts for scheme in schemes)


def _table(body: str) -> tuple[list[Listed], str]:
    """The Wayback dialect: a header row, rows, and behind an empty row the key to go on with."""
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unlistable(f"its list is no JSON ({error})") from None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Unlistable("its list has another form than that of a CDX server")
    if not rows:
        return [], ""
    header = [_NAMES.get(str(name), str(name)) for name in rows[0]]
    resume, found = "", []
    for count, row in enumerate(rows[1:], 1):
        if not row:
            resume = str(rows[count + 1][0]) if len(rows) > count + 1 and rows[count + 1] else ""
            break
        found.append(_listed(dict(zip(header, row, strict=False))))
    return found, resume


def _line(line: str) -> Listed:
    """A line of CDXJ, of JSON, or of the old format with fields between spaces."""
    if line.startswith("{"):
        return _listed(_object(line))
    key, _, rest = line.partition(" ")
    stamp, _, rest = rest.partition(" ")
    if digits(stamp) is None:
        raise Unlistable(f"its list has a line that is none of a CDX server: {line[:60]!r}")
    if rest.startswith("{"):
        return _listed({**_object(rest), "timestamp": stamp})
    parts = rest.split(" ")
    if len(parts) < 4 or not key:
        raise Unlistable(f"its list has a line that is none of a CDX server: {line[:60]!r}")
    return _listed({"timestamp": stamp, "url": parts[0], "mime": parts[1], "status": parts[2], "digest": parts[3]})


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Unlistable(f"its list has a line that is no JSON: {text[:60]!r}") from None
    if not isinstance(found, dict):
        raise Unlistable("its list has a line that is no object")
    return {_NAMES.get(str(name), str(name)): value for name, value in found.items()}


def _listed(row: dict[str, Any]) -> Listed:
    if not row.get("timestamp") or not row.get("url"):
        raise Unlistable("its list names no times or addresses")
    uri, digest = str(row["url"]), str(row.get("digest") or "")
    return Listed(
        uri=address.clean(uri) or uri,
        stamp=str(row["timestamp"]),
        status=str(row.get("status") or ""),
        mime=str(row.get("mime") or ""),
        digest=normal_digest(digest if ":" in digest else f"sha1:{digest}"),
    )
