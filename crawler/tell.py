"""What a crawl came to, in words for an operator: one line per source, and what to do when it is not complete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.summary import CrawlOutcome, CrawlSummary

_NEXT = {
    CrawlOutcome.INCOMPLETE: "the rest is asked again at the next look",
    CrawlOutcome.BLIND: "the site cannot be checked at present; nothing is taken for gone. Look again later, "
    "and see `amtsblick status`",
    CrawlOutcome.STOPPED: "what was seen is kept; run it again to go on",
    CrawlOutcome.LOCKED: "try again when the other one is done",
    CrawlOutcome.NO_SPACE: "free some space, then it goes on; what was stored is safe",
    CrawlOutcome.UNWRITABLE: "see to the folder of the archive and run it again",
    CrawlOutcome.DAMAGED: "restore a backup",
    CrawlOutcome.UNUSABLE: "see `amtsblick config check`",
    CrawlOutcome.CRASHED: "run it again; what was stored is safe. If it happens again, it is a fault of the program",
}
_SHOWN_FAILURES = 5
# The gravest first: what needs a hand before what passes by itself.
_GRAVITY = (65, 78, 74, 75, 3)


def count(number: int, one: str, many: str) -> str:
    """``1 page``, ``2 pages``."""
    return f"{number} {one if number == 1 else many}"


def lines(summary: CrawlSummary) -> Iterator[str]:
    """The lines about one source, the first of them complete in itself."""
    if summary.pages or summary.documents or summary.outcome is CrawlOutcome.COMPLETE:
        seen = f"{count(summary.pages, 'page', 'pages')}, {count(summary.documents, 'document', 'documents')}"
        found = f"{summary.new} new, {summary.changed} changed, {summary.failed} failed"
        took = f"coverage {share(summary.coverage)}; {summary.seconds:.0f} s"
        yield f"{summary.source}: {summary.outcome}; {seen}; {found}; {took}"
    else:
        yield f"{summary.source}: {summary.outcome}"
    if summary.drifted:
        pages = count(summary.drifted, "page", "pages")
        yield f"    {pages}: text moved, but not the main text, or that shrank (changes --explain says where)"
    for failure in summary.failures[:_SHOWN_FAILURES]:
        detail = f" ({failure.detail})" if failure.detail else ""
        yield f"    {failure.outcome}, {failure.rule}: {failure.uri}{detail}"
    if len(summary.failures) > _SHOWN_FAILURES:
        yield f"    and {len(summary.failures) - _SHOWN_FAILURES} more (crawl --json lists all)"
    if summary.outcome is not CrawlOutcome.COMPLETE:
        reason = f"{summary.reason}; " if summary.reason else ""
        yield f"    {reason}{_NEXT.get(summary.outcome, '')}"
    elif summary.baseline and summary.pages:
        yield "    this was the first look: it fills the archive; changes are told from the next one on"
    elif summary.changes:
        yield f"    {count(summary.changes, 'thing', 'things')} happened (amtsblick changes shows what)"


def share(coverage: float) -> str:
    """A share in per cent, never rounded up to 100."""
    return f"{int(coverage * 100)} %"


def exit_code(summaries: Iterable[CrawlSummary]) -> int:
    """The exit code for several crawls: the gravest of theirs."""
    codes = {summary.exit_code for summary in summaries}
    return next((code for code in _GRAVITY if code in codes), max(codes, default=0))
