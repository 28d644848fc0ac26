"""Runs the detections that are still missing, each stored in one transaction with what it owes at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from alerts.detect import rules
from storage.archive import Archive
from storage.records import Change, NewDigest, Source

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
        state = archive.state_before(crawl, source)
        detection = rules.apply(state, archive.crawl_view(crawl), source, now)
        told.extend(archive.commit_detection(crawl, detection, owed))
    return tuple(told)
