"""PDFs made on the spot: real pages of text, the same text in other bytes, scans, encrypted files."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

_LINES_ON_A_PAGE = 42


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document on the server. Another ``saved`` gives other bytes with the same text."""

    lines: tuple[str, ...] = ()
    saved: int = 1
    scan: bool = False  # no text in it, only strokes
    locked: bool = False  # cannot be read without its password
    put: datetime = field(default=datetime(2024, 1, 8, 7, tzinfo=UTC))

    def body(self) -> bytes:
        """The file."""
        out = BytesIO()
        lock = StandardEncryption("geheim", strength=128) if self.locked else None
        canvas = Canvas(out, pagesize=A4, encrypt=lock, invariant=1)
        canvas.setProducer(f"Amtsdrucker {self.saved}.0")
        canvas.setCreator("Textverarbeitung" * self.saved)
        if self.scan:
            _strokes(canvas, self)
        else:
            _write(canvas, [row for line in self.lines for row in (textwrap.wrap(line, 84) or [""])])
        canvas.save()
        return out.getvalue()

    def size(self) -> str:
        """The size as an office writes it."""
        return f"{len(self.body()) / 1000:.1f} kB".replace(".", ",")

    def again(self) -> Paper:
        """The same text, saved once more."""
        return replace(self, saved=self.saved + 1)


def _write(canvas: Canvas, rows: list[str]) -> None:
    for at in range(0, max(len(rows), 1), _LINES_ON_A_PAGE):
        canvas.setFont("Helvetica", 11)
        for down, row in enumerate(rows[at : at + _LINES_ON_A_PAGE]):
            canvas.drawString(64, 780 - 17 * down, row)
        canvas.showPage()


def _strokes(canvas: Canvas, paper: Paper) -> None:
    for at, line in enumerate(paper.lines):
        canvas.line(60, 700 - 20 * at, 60 + 7 * len(line), 700 - 20 * at)
    canvas.showPage()
