"""Other ways of keeping what was fetched: a WARC file, a git repository, a table of compressed versions."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import zlib
from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from benchmarks.archive.site import Fetch

_GIT = {
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


def warc(fetches: Iterable[Fetch], folder: Path) -> int:
    """Bytes of a gzip WARC with request and response records, and a revisit where the same bytes came before."""
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415 - the other rivals do without it
    from warcio.warcwriter import WARCWriter  # noqa: PLC0415

    place = folder / "all.warc.gz"
    seen: dict[bytes, tuple[str, str]] = {}
    with place.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for fetch in fetches:
            date = f"{fetch.at:%Y-%m-%dT%H:%M:%SZ}"
            answer = _http(StatusAndHeaders, fetch.head, is_request=False)
            digest = sha256(fetch.body).digest()
            if digest in seen:
                record = writer.create_revisit_record(fetch.uri, f"sha256:{digest.hex()}", *seen[digest], answer)
            else:
                seen[digest] = fetch.uri, date
                facts = {"WARC-Date": date}
                record = writer.create_warc_record(
                    fetch.uri, "response", BytesIO(fetch.body), http_headers=answer, warc_headers_dict=facts
                )
            asked = writer.create_warc_record(
                fetch.uri, "request", http_headers=_http(StatusAndHeaders, fetch.request, is_request=True)
            )
            writer.write_request_response_pair(asked, record)
    return place.stat().st_size


def git(fetches: Iterable[Fetch], folder: Path, pages: int) -> int:
    """Bytes of the objects of a git repository, one commit a week, packed with ``gc --aggressive``; bodies alone."""
    run = _runner(folder)
    run("init", "--quiet")
    for number, fetch in enumerate(fetches, 1):
        (folder / f"{fetch.uri.rstrip('/').rpartition('/')[2]}.html").write_bytes(fetch.body)
        if number % pages == 0:
            run("add", "--all")
            run("commit", "--quiet", "--message", "week")
    run("gc", "--quiet", "--aggressive", "--prune=now")
    return sum(file.stat().st_size for file in (folder / ".git/objects").rglob("*") if file.is_file())


def compressed(fetches: Iterable[Fetch], folder: Path) -> int:
    """Bytes of an SQLite file with each distinct body under its digest, deflated by itself; bodies alone."""
    place = folder / "versions.db"
    db = sqlite3.connect(place)
    db.execute("CREATE TABLE body (digest BLOB PRIMARY KEY, data BLOB)")
    for fetch in fetches:
        row = (sha256(fetch.body).digest(), zlib.compress(fetch.body, 6))
        db.execute("INSERT OR IGNORE INTO body VALUES (?, ?)", row)
    db.commit()
    db.execute("VACUUM")
    db.close()
    return place.stat().st_size


def _http(kind, head: bytes, *, is_request: bool):  # type: ignore[no-untyped-def]  # warcio has no types
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    fields = [tuple(line.split(": ", 1)) for line in lines]
    protocol, rest = ("", first) if is_request else first.split(" ", 1)
    return kind(rest, fields, protocol=protocol, is_http_request=is_request)


def _runner(folder: Path):  # type: ignore[no-untyped-def]
    def run(*words: str) -> None:
        subprocess.run(["git", "-C", str(folder), *words], check=True, env=os.environ | _GIT)

    return run
