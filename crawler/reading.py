"""What a reader process does with one answer: undo its content coding, then let the extractors read it."""

from __future__ import annotations

from dataclasses import replace

from crawler.readers import Received
from extractors import assets
from extractors.coding import CodingError, decode
from extractors.explain import explain
from extractors.heads import fields
from extractors.model import Answer, Hints, Outcome, PageKind, Reading
from extractors.pdf import MAX_CHARACTERS
from extractors.read import read

# The longest German statutes on one page have some 1.5 million characters; documents have their own limit.
MAX_PAGE_CHARACTERS = 2_000_000


def read_received(received: Received, hints: Hints, limit: int) -> Reading:
    """Read one answer as received; a body that cannot be decoded fails by the rule of :class:`CodingError`."""
    headers = fields(received.head)
    codings = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
    try:
        decoded = decode(received.payload, codings, limit)
    except CodingError as error:
        return Reading(outcome=Outcome.FAILED, rule=error.rule, detail=str(error))
    answer = Answer(
        uri=received.uri,
        status=received.status,
        headers=headers,
        body=decoded.body,
        complete=received.complete and decoded.complete,
    )
    reading = _bounded(read(answer, hints))
    if hints.assets and reading.page is not None and reading.page.kind not in (PageKind.DOCUMENT, PageKind.FEED):
        reading = replace(reading, assets=assets.named_by_page(answer))
    if hints.explain and reading.page is not None:
        return replace(reading, shown=explain(answer, hints, reading.page))
    return reading


def _bounded(reading: Reading) -> Reading:
    """The reading, or why its text cannot be kept: detection and mails must hold two states of it in memory."""
    page = reading.page
    if page is None:
        return reading
    blocks = (*page.blocks, *page.frame, *(block for notice in page.notices for block in notice.blocks))
    size = sum(len(block.text) for block in blocks) + sum(len(one.label) + len(one.note) for one in page.attachments)
    limit = MAX_CHARACTERS if page.kind is PageKind.DOCUMENT else MAX_PAGE_CHARACTERS
    if size <= limit:
        return reading
    detail = f"Die Seite hat mehr als {limit // 1_000_000} Millionen Zeichen Text; so viel wird nicht verglichen."
    return Reading(outcome=Outcome.FAILED, rule="too-large", detail=detail)
