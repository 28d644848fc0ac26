"""Applies all rules to one crawl, in the order in which they may claim what they explain."""

from __future__ import annotations

from datetime import datetime

from alerts.detect import (
    baseline,
    documents,
    drift,
    lines,
    moves,
    notices,
    pages,
    remainder,
    removals,
    seminars,
    shared,
    source,
)
from alerts.detect.ledger import Ledger
from alerts.detect.scene import Scene
from storage.records import CrawlView, Detection, DetectionState, Source


def apply(state: DetectionState, view: CrawlView, source_: Source, now: datetime) -> Detection:
    """Work out what really happened between what was known and what a crawl saw (design §4).

    Pure: the same arguments give the same detection, ids included, in whatever order the looks come. The rules run in
    the order source, notice, seminar, page moved, added, removed, returned, document, shared text, and the
    rest; each cuts out of the pages what it explains, and what is left is one ``page.changed`` a page.
    """
    scene = Scene(state, view, source_, now)
    ledger = Ledger(scene)
    sight = source.judge(scene)
    if sight.blind:
        source.go_blind(ledger, sight)
        return ledger.detection()
    source.see_again(ledger, sight)
    if state.source.baseline_crawl is None:
        if not view.crawl.exhausted:
            baseline.note(ledger)
            return ledger.detection()
        baseline.register(ledger)
    else:
        _compare(ledger)
    if view.crawl.exhausted:
        baseline.remember_config(ledger)
    return ledger.detection()


def _compare(ledger: Ledger) -> None:
    ledger.silent = baseline.brought_in(ledger)
    found = moves.find(ledger)
    if ledger.silent:
        notices.baseline(ledger, ledger.silent)
    pages.fold_aliases(ledger)
    notices.claim(ledger)
    seminars.claim(ledger)
    moves.claim(ledger, found)
    pages.claim(ledger)
    removals.claim(ledger)
    pages.claim_returned(ledger)
    documents.claim(ledger)
    lines.claim_unwatched(ledger)
    shared.claim(ledger)
    remainder.claim(ledger)
    drift.claim(ledger)
