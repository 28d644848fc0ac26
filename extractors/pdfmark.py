"""What bytes are a PDF, and what PDFs can be tried with: all that the crawl asks before a reader reads one."""

from __future__ import annotations

from enum import StrEnum

PDF_MARK = b"%PDF-"
# Acrobat takes the mark anywhere in the first 1,024 bytes (ISO 32000-1, annex H), and so may begin right behind them.
PDF_MARK_WITHIN = 1_024 + len(PDF_MARK)
_END_WITHIN = 2_048


class Engine(StrEnum):
    """The PDF libraries, in the order they are tried."""

    PDFIUM = "pdfium"
    PYPDF = "pypdf"


def is_pdf(body: bytes) -> bool:
    """True when the bytes are a PDF, also behind what a faulty server wrote before it."""
    if PDF_MARK not in body[:PDF_MARK_WITHIN]:
        return False
    return body.lstrip()[:1] != b"<" or b"%%EOF" in body[-_END_WITHIN:]
