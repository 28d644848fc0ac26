"""Whether an answer's body reaches its end: what a cut leaves behind in HTML, feeds and PDFs."""

from __future__ import annotations

import re

from extractors import office
from extractors.model import Answer, Page, PageKind
from extractors.pdfmark import is_pdf

# Acrobat looks for the mark in the last 1,024 bytes (ISO 32000-1, annex H); signing tools leave a little more.
_PDF_TAIL = 2048
_PDF_START = re.compile(rb"startxref\s{1,8}(\d{1,12})")
# Servers append comments and counters behind </html>, but not tens of kilobytes of them.
_HTML_TAIL = 65_536
_USUAL_TAIL = 256  # where nearly all have it: a look at all of the tail takes as long as a dozen other rules
_HTML_END = re.compile(r"</(?:html|body)\b", re.IGNORECASE)
_FEED_END = re.compile(r"</(?:\w{1,10}:)?(?:rss|feed|rdf|urlset|sitemapindex)\s{0,9}>", re.IGNORECASE)
_HTML_START = re.compile(r"<(?:html|body|head)\b", re.IGNORECASE)
_INSIDE_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}$")
_CONTAINERS = re.compile(r"<(/?)(?:div|main|article|section|table|ul|ol|nav|aside|header|footer|form)\b", re.IGNORECASE)
# Text shorter than this share of the last good one, and no end of the document: our choice, one paragraph in ten.
_KEPT = 0.9


def is_cut(answer: Answer, text: str, page: Page | None, previous: Page | None) -> str | None:
    """Name the rule by which the body is cut, or None where it is whole as far as can be seen.

    ``text`` is the decoded body of HTML and feeds. HTML may lawfully end without ``</html>``, so its absence only
    counts beside another sign: something left open, less text than before, or an answer whose length nobody stated.
    """
    if not answer.complete:
        return "transfer-cut"
    if page is not None and page.kind is PageKind.DOCUMENT:
        return _pdf(answer.body) if is_pdf(answer.body) else office.cut(answer.body)
    if page is not None and page.kind is PageKind.FEED:
        return None if _FEED_END.search(text[-_HTML_TAIL:]) else "feed-cut"
    if _HTML_END.search(text[-_USUAL_TAIL:]) or _HTML_END.search(text[-_HTML_TAIL:]):
        return None
    if not _HTML_START.search(text[:_HTML_TAIL]):
        return "tag-cut" if _INSIDE_TAG.search(text[-2100:]) else None
    return _open_html(answer, text, page, previous)


def _pdf(body: bytes) -> str | None:
    tail = body[-_PDF_TAIL:]
    if b"%%EOF" not in tail:
        return "pdf-cut"
    starts = _PDF_START.findall(tail)
    return "pdf-cut" if starts and int(starts[-1]) >= len(body) else None


def _open_html(answer: Answer, text: str, page: Page | None, previous: Page | None) -> str | None:
    if _INSIDE_TAG.search(text[-2100:]):
        return "tag-cut"
    if text.rfind("<!--") > text.rfind("-->") or _last(text, "<script") > _last(text, "</script"):
        return "script-cut"
    if sum(-1 if match[1] else 1 for match in _CONTAINERS.finditer(text)) > 0:
        return "element-cut"
    if page is not None and previous is not None and len(page.text) < _KEPT * len(previous.text):
        return "shorter-without-end"
    if not _length_stated(answer) and not text.rstrip().endswith(">"):
        return "text-cut"
    return None


def _last(text: str, mark: str) -> int:
    return max(text.rfind(mark), text.rfind(mark.upper()))


def _length_stated(answer: Answer) -> bool:
    """True where the transfer itself would have noticed a cut (RFC 9112 §6.3)."""
    return bool(answer.header("Content-Length")) or "chunked" in answer.header("Transfer-Encoding").lower()
