"""One answer in, one reading out: what came back, whether it is the page at all, and what a reader sees on it."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

from extractors import address, charset, html, pages
from extractors.html import Refusal
from extractors.judge import Verdict, judge
from extractors.model import Answer, Hints, Outcome, Page, PageKind, Reading
from extractors.pages import feed
from extractors.pdf import Unreadable, read_pdf

# Raised whenever a page could read differently than before: stored bytes are then read again, so that a new
# extractor makes no change (design §4.12).
EXTRACTOR_VERSION = "1"

PDF_MARK = b"%PDF-"
# Where readers look for the mark: Acrobat takes it anywhere in the first 1,024 bytes (ISO 32000-1, annex H).
PDF_MARK_WITHIN = 1_024
_SNIFFED_BYTES = 4_096
_HTML_SIGNS = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|main|div|h[1-6]|p|table|ul|script)\b", re.IGNORECASE
)
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_UNREADABLE = {
    "encrypted": "Das PDF ist verschlüsselt; sein Inhalt kann nicht verglichen werden.",
    "scan": "Das PDF enthält nur Bilder; sein Inhalt kann nicht verglichen werden.",
    "broken": "Das PDF ist beschädigt; sein Inhalt kann nicht verglichen werden.",
    "too-long": "Das PDF ist zu umfangreich; sein Inhalt kann nicht verglichen werden.",
}


def read(answer: Answer, hints: Hints) -> Reading:
    """Judge and read one answer; pure and deterministic.

    Never raises, whatever the bytes are: what no rule foresaw is an outcome too, ``failed`` with the rule
    ``reader-error``, and costs one page.
    """
    try:
        return _read(answer, hints)
    except Exception as problem:  # noqa: BLE001 - bytes from strangers meet four parsers here; the crawl must go on
        detail = f"Die Seite ließ sich nicht lesen ({type(problem).__name__})."
        return Reading(outcome=Outcome.FAILED, rule="reader-error", detail=detail)


def _read(answer: Answer, hints: Hints) -> Reading:
    if not 200 <= answer.status < 300 or not answer.body.strip():
        return _judged(answer, None, hints)
    if PDF_MARK in answer.body[:PDF_MARK_WITHIN] and not answer.body.lstrip().startswith(b"<"):
        return _read_document(answer, hints)
    media_type = answer.header("Content-Type").partition(";")[0].strip().lower()
    if feed.is_feed(answer.body):
        return _finish(answer, feed.read(answer.body, answer.uri), hints)
    wanted_document = media_type == "application/pdf" or address.is_document(answer.uri)
    if _is_html(answer.body, media_type):
        return _read_html(answer, hints, wanted_document=wanted_document)
    if wanted_document:
        return Reading(outcome=Outcome.FAILED, rule="not-pdf", detail="Unter der Adresse des PDF liegt keines.")
    kind = media_type or "ohne Angabe einer Art"
    return Reading(outcome=Outcome.FAILED, rule="not-html", detail=f"Unter der Adresse liegt keine Webseite ({kind}).")


def _is_html(body: bytes, media_type: str) -> bool:
    """The bytes decide: servers call a page plain text, and an image a page."""
    start = body[:_SNIFFED_BYTES]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.replace(b"\x00", b"")
    if _HTML_SIGNS.search(start):
        return True
    return media_type in _HTML_TYPES and b"\x00" not in start


def _read_html(answer: Answer, hints: Hints, *, wanted_document: bool) -> Reading:
    text = charset.decode(answer.body, answer.header("Content-Type")).text
    tree = html.parse(text)
    if isinstance(tree, Refusal):
        return _finish(answer, tree, hints)
    page = pages.read(tree, answer.uri, hints) if tree is not None else None
    reading = _finish(answer, page, hints)
    if wanted_document and reading.outcome.good:
        detail = "Unter der Adresse des PDF liegt eine Webseite."
        return Reading(outcome=Outcome.FAILED, rule="html-for-pdf", detail=detail, page=reading.page)
    if hints.main and reading.outcome.good and reading.page is not None and not _selected(reading.page):
        detail = f"Auf der Seite gibt es nichts, worauf main = {list(hints.main)} zutrifft."
        return Reading(outcome=Outcome.FAILED, rule="selector-empty", detail=detail, page=reading.page)
    return reading


def _selected(page: Page) -> bool:
    return bool(page.attachments) or any(block.rule == pages.SELECTOR_RULE for block in page.blocks)


def _read_document(answer: Answer, hints: Hints) -> Reading:
    try:
        page = read_pdf(answer, hints)
    except Unreadable as problem:
        return _unreadable(answer, problem, hints)
    return _finish(answer, page, hints)


def _unreadable(answer: Answer, problem: Unreadable, hints: Hints) -> Reading:
    """A document without readable text is still a document: its bytes tell whether it changed (design §4.6)."""
    name = answer.uri.rsplit("/", 1)[-1]
    digest = "sha256:" + sha256(answer.body).hexdigest()
    page = Page(uri=answer.uri, title=name, kind=PageKind.DOCUMENT, identity=digest, extractor="pdf")
    verdict = judge(answer, page, hints)
    if not verdict.outcome.good:
        return _reading(verdict, page)
    detail = _UNREADABLE.get(problem.reason, problem.detail or _UNREADABLE["broken"])
    return _reading(Verdict(outcome=Outcome.OK, rule=f"pdf-{problem.reason}", detail=detail), page)


def _finish(answer: Answer, page: Page | Refusal | None, hints: Hints) -> Reading:
    if isinstance(page, Refusal):
        return Reading(outcome=Outcome.FAILED, rule=page.rule, detail=page.detail)
    return _judged(answer, page, hints)


def _judged(answer: Answer, page: Page | None, hints: Hints) -> Reading:
    return _reading(judge(answer, page, hints), page)


def _reading(verdict: Verdict, page: Page | None) -> Reading:
    stamped = replace(page, extractor_version=EXTRACTOR_VERSION) if page is not None else None
    return Reading(outcome=verdict.outcome, rule=verdict.rule, detail=verdict.detail, page=stamped)
