"""Works out the summary of a crawl from what the archive holds of it."""

from __future__ import annotations

from dataclasses import replace

from crawler.config import SourceConfig
from crawler.recorder import Counts
from crawler.summary import CrawlOutcome, CrawlSummary, Failure
from extractors import address
from storage.archive import Archive
from storage.records import Crawl

# Reasons that a person would not understand by themselves.
_REASONS = {
    "max_pages": "there are more addresses than max_pages allows",
    "deadline": "the deadline passed before all addresses were asked",
    "shutdown": "stopped before all addresses were asked",
    "closespider_timeout": "the deadline passed before all addresses were asked",
    "closespider_pagecount": "more answers than any source may give",
    "memusage_exceeded": "the crawl needed too much memory",
}


def sum_up(archive: Archive, crawl: Crawl, source: SourceConfig, counts: Counts, seconds: float) -> CrawlSummary:
    """The summary of a crawl that has ended and was detected."""
    coverage = archive.coverage(source.name)
    failures = tuple(_failure(*failed, counts) for failed in coverage.failed) if coverage else ()
    failed = coverage.failures if coverage else 0
    share = round(coverage.judged / coverage.known, 4) if coverage and coverage.known else 0.0
    state = archive.source_state(source.name)
    return CrawlSummary(
        source=source.name,
        outcome=_outcome(crawl, failed, blind=state.blind_since is not None),
        pages=counts.pages,
        documents=counts.documents,
        new=counts.new,
        changed=counts.changed,
        failed=failed,
        coverage=share,
        seconds=round(seconds, 3),
        requests=counts.requests,
        reason="" if crawl.exhausted else _REASONS.get(crawl.reason, crawl.reason),
        crawl_id=crawl.id,
        baseline=state.baseline_crawl == crawl.id,
        drifted=coverage.drifted if coverage else 0,
        same_text=coverage.same_text if coverage else 0,
        failures=failures,
    )


def _failure(uri: str, outcome: str, rule: str, counts: Counts) -> Failure:
    return Failure(uri=uri, outcome=outcome, rule=rule, detail=counts.details.get(address.key(uri), ""))


def _outcome(crawl: Crawl, failed: int, *, blind: bool) -> CrawlOutcome:
    if crawl.reason == "shutdown":
        return CrawlOutcome.STOPPED
    if blind:
        return CrawlOutcome.BLIND
    return CrawlOutcome.COMPLETE if crawl.exhausted and not failed else CrawlOutcome.INCOMPLETE


def finished(summary: CrawlSummary, refusal: tuple[CrawlOutcome, str] | None, pattern: str) -> CrawlSummary:
    """The summary with what kept the crawl from its end, and the pattern of addresses that was cut off, if any."""
    if refusal is not None:
        return replace(summary, outcome=refusal[0], reason=refusal[1])
    if pattern:
        cut = f"cap reached: addresses like {pattern} link ever more of their kind, the rest of them was left out"
        return replace(summary, reason="; ".join(filter(None, (summary.reason, cut))))
    return summary
