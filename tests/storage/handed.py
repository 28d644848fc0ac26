"""A small archive with everything that an export has to tell: one address for each case, seen three times."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

from extractors.model import Outcome, Reading
from storage.archive import Archive
from storage.records import About, Capture, NewCapture, Selection, Source
from tests.storage.makers import Watching, bad, ok

HOST = "http://amt.example.org"
SOURCE = Source(name="section", start=(f"{HOST}/a/",), scope=(f"{HOST}/a/",))
BEGIN = datetime(2026, 1, 5, 6, tzinfo=UTC)
DAY = timedelta(days=1)
# How many looks there are: a crawl asks the robots.txt, and the rest in the section; one address never answers.
A_DAY, TOTAL, IN_SECTION, ANSWERED = 12, 36, 33, 33
ABOUT = About(
    software="Amtsblick 0 (test)", created=BEGIN + 30 * DAY, title="Amtsblick: section", organization="Landesamt für Prüfung",
    contact="webarchiv@example.org",
)  # fmt: skip
ALL = Selection()

PAGE, PDF, OLD, NOISY, GONE = f"{HOST}/a/", f"{HOST}/a/plan.pdf", f"{HOST}/a/old", f"{HOST}/a/noisy", f"{HOST}/a/gone"
CHUNKED, AMBIGUOUS, BARE, ZIPPED = f"{HOST}/a/chunked", f"{HOST}/a/ambiguous", f"{HOST}/a/bare", f"{HOST}/a/zipped"
HOSTILE = f"{HOST}/a/x%0D%0AWARC-Type:%20response?q=ä \u202e<b>&a=1"
DEAD, ROBOTS = f"{HOST}/a/dead", f"{HOST}/robots.txt"

HTML = b"<!DOCTYPE html><html><head><title>Amt</title></head><body><p>Gr\xc3\xbc\xc3\x9fe aus dem Amt</p></body></html>"
NEW_HTML = HTML.replace(b"aus dem", b"aus dem neuen")
PDF_BYTES = b"%PDF-1.4\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"
HEAD = b'HTTP/1.1 200 Alles in Ordnung\r\nserver:Amt\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Type: text/html; charset=utf-8\r\nETag: "v1"\r\n\r\n'
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\nX-Seen: again\r\n\r\n'
PDF_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"
CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n"
BARE_HEAD = b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n"
MOVED_HEAD = f"HTTP/1.1 301 Moved\r\nLocation: {PAGE}\r\nContent-Length: 0\r\n\r\n".encode()
LOST_HEAD = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n"
ZIPPED_HEAD = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\n\r\n"
ZIPPED_BODY = gzip.compress(b"<p>Zipped</p>", mtime=0)
AMBIGUOUS_BODY = b"ad\r\n<p>begins like a chunk</p>"


def build(archive: Archive) -> None:
    """Three crawls, a day apart: all new; confirmed or the same again; the page changed."""
    watching = Watching(archive, SOURCE, BEGIN)
    for day, html in enumerate((HTML, HTML, NEW_HTML)):
        watching.now = BEGIN + day * DAY
        watching.begin()
        _crawl(watching, day, html)
        watching.end()


def captures(archive: Archive) -> list[Capture]:
    """Everything, in order of arrival."""
    with archive.handover(ALL) as holdings:
        return [capture for _, capture in holdings.captures()]


def _crawl(watching: Watching, day: int, html: bytes) -> None:
    def request(uri: str) -> bytes:
        return f"GET {uri.removeprefix(HOST)} HTTP/1.1\r\nHost: amt.example.org\r\n\r\n".encode("ascii", "ignore")

    def see(uri: str, text: Reading | None, body: bytes | None, head: bytes, **more: object) -> int:
        assert watching.crawl is not None
        watching.now += timedelta(seconds=1)
        facts: dict[str, Any] = {
            "request": request(uri),
            "peer": "127.0.0.1:8000",
            "elapsed_ms": 12,
            "status": 200,
        } | more
        new = NewCapture(uri=uri, captured_at=watching.now, payload=body, head=head, **facts)
        return watching.archive.add_capture(watching.crawl.id, new, text).capture_id

    see(ROBOTS, bad(Outcome.GONE), b"User-agent: *\n", LOST_HEAD, status=404, probe=True)
    if day == 1:
        see(PAGE, None, b"", NOT_MODIFIED, status=304)
    else:
        see(PAGE, ok(PAGE, "Grüße" if day == 0 else "Neue Grüße"), html, HEAD)
    see(PDF, ok(PDF, "Plan"), PDF_BYTES, PDF_HEAD, is_document=True, label="=Plan\nA", linked_from=PAGE, depth=1)
    hop = see(OLD, bad(Outcome.MOVED), b"", MOVED_HEAD, status=301, location=PAGE)
    see(NOISY, ok(NOISY, "Always the same"), f"<p>Always the same</p><!-- {day} -->".encode(), HEAD, hop_of=hop)
    see(GONE, bad(Outcome.GONE), b"<p>not here</p>", LOST_HEAD, status=404)
    see(HOSTILE, ok(HOSTILE, "=HYPERLINK(\u202e)"), b"<p>hostile</p>", HEAD)
    see(CHUNKED, ok(CHUNKED, "In pieces"), b"<p>In pieces</p>", CHUNKED_HEAD)
    see(AMBIGUOUS, ok(AMBIGUOUS, "Begins"), AMBIGUOUS_BODY, CHUNKED_HEAD)
    see(ZIPPED, ok(ZIPPED, "Zipped"), ZIPPED_BODY, ZIPPED_HEAD)
    see(BARE, ok(BARE, "Bare"), b"<p>Bare</p>", BARE_HEAD)
    failed = Reading(outcome=Outcome.FAILED, rule="dns", detail="no such host")
    see(DEAD, failed, None, b"", status=None, error="no such host\r\nX: y")
