"""Writes one text as the PDFs of several office programs: other lines, sheets, fonts, headers and habits, the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

_SYLLABLE = re.compile(r"(?<=[aeiouäöü])(?=[bcdfghjklmnpqrstvwxzß][aeiouäöü])")


@dataclass(frozen=True, kw_only=True)
class Program:
    """The habits of one program that exports PDFs."""

    font: str = "Helvetica"
    size: float = 11
    width: int = 80  # characters
    rows: int = 40
    leading: float = 1.3
    between: float = 0.6  # extra leading between paragraphs
    hyphen: str = ""  # "-" or a soft hyphen, where it parts words at a line's end
    ligatures: bool = False
    header: Sequence[str] = ()  # {n} is the sheet, {all} their number
    footer: Sequence[str] = ()
    edges_last: bool = False  # header and footer are drawn behind the text
    cover: bool = False  # no header on the first sheet
    word_by_word: bool = False
    bullet: str = "•"
    producer: str = "Schreibprogramm 7.1"
    title: str = ""
    compress: bool = True


def export(paragraphs: Sequence[str], program: Program) -> bytes:
    """The PDF of a text; a paragraph that begins with "* " is a list item, "\\f" a new sheet."""
    sheets = list(_sheets(paragraphs, program))
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=int(program.compress))
    canvas.setProducer(program.producer)
    canvas.setTitle(program.title)
    for number, sheet in enumerate(sheets, 1):
        edges = () if program.cover and number == 1 else tuple(_edges(program, number, len(sheets)))
        for x, y, text in (*sheet, *edges) if program.edges_last else (*edges, *sheet):
            canvas.setFont(program.font, program.size)
            _draw(canvas, x, y, text, program)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _edges(program: Program, number: int, count: int) -> Iterator[tuple[float, float, str]]:
    for row, text in enumerate(program.header):
        yield 72, 810 - 12 * row, text.format(n=number, all=count)
    for row, text in enumerate(reversed(program.footer)):
        yield 72, 30 + 12 * row, text.format(n=number, all=count)


def _sheets(paragraphs: Sequence[str], program: Program) -> Iterator[list[tuple[float, float, str]]]:
    step = program.size * program.leading
    top = 800 - 12 * len(program.header) - 16
    sheet: list[tuple[float, float, str]] = []
    y = top
    for paragraph in paragraphs:
        if paragraph == "\f":
            yield sheet
            sheet, y = [], top
            continue
        item = paragraph.startswith("* ")
        for index, line in enumerate(_lines(paragraph.removeprefix("* "), program)):
            if len(sheet) >= program.rows:
                yield sheet
                sheet, y = [], top
            first = f"{program.bullet} " if item and index == 0 else ""
            sheet.append((90 if item and index else 72, y, first + line))
            y -= step
        y -= step * program.between
    yield sheet


def _lines(paragraph: str, program: Program) -> Iterator[str]:
    line = ""
    for word in paragraph.split():
        rest = word
        while rest:
            joined = f"{line} {rest}".strip()
            if len(joined) <= program.width:
                line, rest = joined, ""
                continue
            head, rest = _parted(rest, program.width - len(line) - 2, program.hyphen)
            yield f"{line} {head}".strip()
            line = ""
    if line:
        yield line


def _parted(word: str, room: int, hyphen: str) -> tuple[str, str]:
    """As much of a word as fits: up to its own hyphen, or up to a syllable with the program's."""
    own = [match.end() for match in re.finditer(r"(?<=\w)-(?=\w)", word) if match.end() <= room]
    if own:
        return word[: own[-1]], word[own[-1] :]
    if hyphen and word.isalpha():
        cuts = [match.start() for match in _SYLLABLE.finditer(word) if 2 <= match.start() < room]
        if cuts:
            return word[: cuts[-1]] + hyphen, word[cuts[-1] :]
    return "", word


def _draw(canvas: Canvas, x: float, y: float, text: str, program: Program) -> None:
    if program.ligatures:
        text = text.replace("fi", "\ufb01").replace("fl", "\ufb02")
    if not program.word_by_word:
        canvas.drawString(x, y, text)
        return
    for word in text.split(" "):
        canvas.drawString(x, y, word)
        x += canvas.stringWidth(f"{word} ", program.font, program.size)
