"""Small real values for the tests of the archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from extractors import address
from extractors.model import Block, BlockKind, Link, Outcome, Page, Reading
from storage.archive import Archive
from storage.records import (
    Change,
    Crawl,
    Detection,
    NewCapture,
    NewDelivery,
    NewDigest,
    Source,
    SourceState,
    Stored,
    Watch,
    change_id,
)

MONDAY = datetime(2026, 1, 5, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCE = Source(name="section", start=("https://example.org/a/",), scope=("https://example.org/a/",))
OTHER = Source(name="press", start=("https://example.org/press/",), scope=("https://example.org/",))


def page(uri: str, text: str, **more: Any) -> Page:
    blocks = (Block(kind=BlockKind.PARAGRAPH, text=text),)
    return Page(uri=uri, title="Title", blocks=blocks, extractor="generic", extractor_version="1", **more)


def ok(uri: str, text: str, **more: Any) -> Reading:
    return Reading(outcome=Outcome.OK, rule="text", page=page(uri, text, **more))


def suspect(uri: str, text: str) -> Reading:
    return Reading(outcome=Outcome.SUSPECT, rule="much shorter", page=page(uri, text))


def bad(outcome: Outcome) -> Reading:
    return Reading(outcome=outcome, rule=f"looks {outcome}")


def fetched(uri: str, at: datetime, body: bytes | None = b"body", **more: Any) -> NewCapture:
    facts: dict[str, Any] = {
        "request": b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "head": b'HTTP/1.1 200 OK\r\neTag: "abc"\r\nLast-Modified: Mon, 05 Jan 2026 06:00:00 GMT\r\n\r\n',
        "status": 200 if body is not None else None,
        "peer": "127.0.0.1:80",
    }
    return NewCapture(uri=uri, captured_at=at, payload=body, **(facts | more))


def link(uri: str) -> Link:
    return Link(uri=uri, text="more")


class Watching:
    """Crawls a source of an archive at one hour after the other."""

    def __init__(self, archive: Archive, source: Source = SOURCE, now: datetime = MONDAY) -> None:
        self.archive = archive
        self.source = source
        self.now = now
        self.crawl: Crawl | None = None

    def begin(self) -> Crawl:
        self.crawl = self.archive.start_crawl(self.source, self.now)
        return self.crawl

    def see(
        self, uri: str, text: str | Reading | None, body: bytes | None = None, member: bool | None = None, **more: Any
    ) -> Stored:
        """One capture; a text is what the reader makes of it, and its bytes too unless ``body`` says otherwise."""
        assert self.crawl is not None
        self.now += timedelta(seconds=1)
        reading = ok(uri, text) if isinstance(text, str) else text
        content = body if body is not None else str(text).encode()
        new = fetched(uri, self.now, content, **more)
        return self.archive.add_capture(self.crawl.id, new, reading, member)

    def end(self, exhausted: bool = True, reason: str = "finished") -> Crawl:
        assert self.crawl is not None
        crawl = self.archive.end_crawl(self.crawl.id, self.now, exhausted, reason)
        self.now += HOUR
        return crawl

    def once(self, **texts: str) -> Crawl:
        """A whole crawl: ``a="text"`` is the page https://example.org/a/a; detected without changes."""
        self.begin()
        for name, text in texts.items():
            self.see(f"https://example.org/a/{name}", text)
        crawl = self.end()
        self.archive.commit_detection(crawl, concluded(self.archive, crawl))
        return crawl


def concluded(archive: Archive, crawl: Crawl, *changes: Change, **more: Any) -> Detection:
    """A detection that watches every address seen."""
    view = archive.crawl_view(crawl)
    watches = tuple(
        Watch(source=crawl.source, address=where, uri=look.capture.uri, role=look.role, first_crawl=crawl.id, told=True)
        for where, look in view.looks.items()
    )
    facts = {"source": SourceState(name=crawl.source, baseline_crawl=1), "watches": watches}
    empty: dict[str, Any] = {"held": (), "notices": (), "seminars": ()}
    return Detection(changes=changes, **(empty | facts | more))


def changed(crawl: Crawl, uri: str, mark: str = "", **more: Any) -> Change:
    subject = address.key(uri)
    facts: dict[str, Any] = {
        "id": change_id(crawl.source, "page.changed", subject, f"{crawl.id}", mark),
        "kind": "page.changed",
        "source": crawl.source,
        "subject": subject,
        "uri": uri,
        "uris": (uri,),
        "title": "Title",
        "summary": "Der Text der Seite wurde geändert.",
        "minor": False,
        "before": {"text": "ä"},
        "after": None,
        "facts": {"runs": [["del", "a"], ["ins", "b"]]},
        "detected_at": crawl.ended_at or crawl.started_at,
        "observed_at": crawl.started_at,
        "crawl_id": crawl.id,
    }
    return Change(**(facts | more))


def digest(number: int, after: int, through: int, now: datetime, recipients: int = 1, **more: Any) -> NewDigest:
    deliveries = tuple(
        NewDelivery(
            recipient=f"person{n}@example.org",
            envelope_from="amtsblick@example.org",
            message_id=f"<{number}.{n}@example.org>",
            message=f"Subject: {number}\r\n\r\nDigest {number} for {n}\r\n".encode(),
            html=b"<p>Digest</p>",
        )
        for n in range(recipients)
    )
    facts: dict[str, Any] = {
        "subscription": "team",
        "kind": "digest",
        "slot": None,
        "change_ids": (),
        "subject": "Eine neue Meldung",
        "body": '{"title": "ä"}',
    }
    return NewDigest(after=after, through=through, created_at=now, deliveries=deliveries, **(facts | more))
