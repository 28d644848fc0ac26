"""Runs the detections that are still missing, each stored in one transaction with what it owes at once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from storage.archive import Archive
from storage.records import Change, Crawl, CrawlView, DetectionState, Memory, NewDigest, Reread, Source, Watch

Owed = Callable[[int, tuple[Change, ...]], Sequence[NewDigest]]


def detect_missing(archive: Archive, sources: Mapping[str, Source], owed: Owed, now: datetime) -> tuple[Change, ...]:
    """Detect every crawl that has ended and was not detected yet, oldest first, and return the changes stored.

    ``owed`` is given the first free digest number and the changes with their commit numbers, and answers with
    the digests that are due at once; both are stored in the transaction that marks the crawl as detected, so
    that a kill at any moment loses and doubles nothing. A crawl that is still running is left alone, as
    is one of a source that ``sources`` does not name (it is detected once the source is configured again).
    """
    told: list[Change] = []
    for crawl in archive.undetected():
        source = sources.get(crawl.source)
        if source is None or crawl.ended_at is None:
            continue
        from alerts.detect import rules  # noqa: PLC0415 - most commands find nothing to detect, and need not wait for it

        with _uncollected():
            # Neither is held by a name: what was known and what was seen make room for storing what follows from them.
            detection = rules.apply(*_known_and_seen(archive, crawl, source), source, now)
            archive.forget_pages()
            told.extend(archive.commit_detection(crawl, detection, owed))
    return tuple(told)


def _known_and_seen(archive: Archive, crawl: Crawl, source: Source) -> tuple[DetectionState, CrawlView]:
    """What was known before a crawl, and what it saw, with all their pages."""
    both = archive.state_before(crawl, source), archive.crawl_view(crawl)
    archive.release_section()
    return both


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for cycles: a detection makes a page's every block, and frees them all at its end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def remember_anew(
    archive: Archive, source: Source, stale: Collection[str], found: Sequence[Watch], now: datetime
) -> None:
    """Put what detection remembers of a source into the words of today's extractor; nothing is told.

    ``stale`` are the versions of the extractor whose readings its pages had until now, ``found`` the addresses that
    only today's extractor finds a link to: they were there before, and are no news when they show themselves.
    """
    from alerts.detect import anew  # noqa: PLC0415 - see above

    def rework(state: DetectionState, pairs: tuple[Reread, ...], crawl: Crawl) -> Memory:
        return anew.remember(state, pairs, source, crawl, found)

    archive.remember(source, stale, now, rework)
