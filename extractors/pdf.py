"""PDF documents: their text by pages and paragraphs, or why there is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from extractors.model import Answer, Block, BlockKind, Hints, Page, PageKind
from extractors.text import squash

# Annual reports have some hundred pages; a document beyond these limits is not read in part, since what changes
# behind the limit would go unseen: it is compared by its bytes.
MAX_SHEETS = 2_000
MAX_CHARACTERS = 4_000_000

_LINE_HYPHEN = "\ufffe"  # pdfium's sign for a hyphen at the end of a line, together with the line's end
_HYPHENS = ("-", "\u2010", "\u00ad")
# "Arbeits-" at a line's end before one of these is half of a pair of compounds, and keeps its hyphen.
_PAIRING = re.compile(r"(?:und|oder|bzw\.|sowie|bis)\b")
_BULLET = re.compile(r"^\s*(?:[•◦▪‣·–—*-]|\d{1,2}[.)]|[a-z]\))\s+")
_NUMBER = re.compile(
    r"^\d{1,2}\."
)  # … which may as well be the day of a date that the line's end parted from its month
_SENTENCE_END = (".", "!", "?", ":", ";", "…")
# A line shorter than this part of the longest line of its page ends a paragraph: justified text fills its lines.
_SHORT = 0.72
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SHEET_NUMBER = re.compile(r"(?:[–-]\s?)?(?:Seite\s|Page\s|S\.\s)?(\d{1,4})(?:\s?(?:von|of|/)\s?\d{1,4})?(?:\s?[–-])?")


class Engine(StrEnum):
    """The PDF libraries, in the order they are tried."""

    PDFIUM = "pdfium"
    PYPDF = "pypdf"


class Unreadable(Exception):  # noqa: N818 - named for what the document is, not for a failure of ours
    """The document has no text that can be read; ``reason`` is one of encrypted, scan, broken, too-long."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


def read_pdf(answer: Answer, hints: Hints, engines: Sequence[Engine] = tuple(Engine)) -> Page:  # noqa: ARG001 - one signature for all readers
    """Read a PDF.

    ``engines`` leaves one out after it brought a worker process down: pdfium aborts on some hostile
    files instead of raising.

    Raises:
        Unreadable: no engine found text.
    """
    failure = Unreadable("broken")
    for engine in engines:
        try:
            sheets = _ENGINES[engine](answer.body)
        except Unreadable as problem:
            failure = problem
            if problem.reason == "broken":
                continue
            break
        blocks = tuple(block for number, text in enumerate(sheets, 1) for block in _blocks(text, number))
        if not blocks:
            raise Unreadable("scan", "no text on any page")
        return Page(
            uri=answer.uri,
            # The title in the file's own data is often left over from another document, and changes when it is saved.
            title=_file_name(answer.uri),
            kind=PageKind.DOCUMENT,
            blocks=blocks,
            extractor="pdf",
        )
    raise failure


def _pdfium(body: bytes) -> list[str]:
    import pypdfium2  # noqa: PLC0415 - loads a native library that only documents need

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        reason = "encrypted" if "password" in str(error).lower() else "broken"
        raise Unreadable(reason, str(error)) from error
    try:
        return _bounded(len(document), (_sheet_text(document, index) for index in range(len(document))))
    except (pypdfium2.PdfiumError, UnicodeError) as error:
        raise Unreadable("broken", str(error)) from error
    finally:
        document.close()


def _sheet_text(document: Any, index: int) -> str:
    sheet = document[index]
    try:
        text = sheet.get_textpage()
        try:
            return str(text.get_text_range())
        finally:
            text.close()
    finally:
        sheet.close()


def _pypdf(body: bytes) -> list[str]:
    import pypdf  # noqa: PLC0415 - only for documents that pdfium could not read
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415 - as above

    try:
        reader = pypdf.PdfReader(BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted", "a password is needed")
        return _bounded(len(reader.pages), (sheet.extract_text() for sheet in reader.pages))
    except DependencyError as error:
        raise Unreadable("encrypted", str(error)) from error
    except (PyPdfError, LookupError, ArithmeticError, AttributeError, ValueError, TypeError, RecursionError) as error:
        # pypdf meets broken structures with many kinds of exceptions; each of them means that the file is broken.
        raise Unreadable("broken", f"{type(error).__name__}: {error}") from error


def _bounded(sheets: int, texts: Iterable[str]) -> list[str]:
    if sheets > MAX_SHEETS:
        raise Unreadable("too-long", f"{sheets} pages")
    kept: list[str] = []
    size = 0
    for text in texts:
        size += len(text)
        if size > MAX_CHARACTERS:
            raise Unreadable("too-long", f"more than {MAX_CHARACTERS} characters")
        kept.append(text)
    return kept


_ENGINES: Mapping[Engine, Callable[[bytes], list[str]]] = {Engine.PDFIUM: _pdfium, Engine.PYPDF: _pypdf}


def _blocks(text: str, sheet: int) -> Iterator[Block]:
    for paragraph in _paragraphs(_lines(text, sheet)):
        words = squash(paragraph)
        if words:
            kind = BlockKind.ITEM if _BULLET.match(paragraph) else BlockKind.PARAGRAPH
            yield Block(kind=kind, text=words, sheet=sheet, rule="pdf")


def _lines(text: str, sheet: int) -> list[str]:
    """The lines of a sheet as a reader sees them, without its number."""
    plain = unicodedata.normalize("NFC", text.replace(_LINE_HYPHEN, "-\n").translate(_LIGATURES))
    lines = [" ".join(line.split()) for line in _CONTROLS.sub("", plain).splitlines()]
    for end in (-1, 0):
        while lines and not lines[end]:
            lines.pop(end)
        number = _SHEET_NUMBER.fullmatch(lines[end]) if lines else None
        if number and int(number[1]) == sheet:
            lines.pop(end)
    return lines


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Lines joined into paragraphs, by what ends one: a blank line, a short line, a bullet to follow."""
    longest = max(map(len, lines), default=0)
    paragraph = ""
    for line, following in zip(lines, [*lines, ""][1:], strict=True):
        paragraph = _joined(paragraph, line)
        if not paragraph:
            continue
        ended = line.endswith(_SENTENCE_END)
        short = len(line) < _SHORT * longest and (ended or not following[:1].islower())
        broken = line.endswith(_HYPHENS) and bool(following)
        listed = _BULLET.match(following) and (ended or not _NUMBER.match(following))
        if not broken and (not line or not following or short or listed):
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph


def _joined(paragraph: str, line: str) -> str:
    """A paragraph and its next line, the word that a hyphen parted made whole again."""
    if not paragraph or not line:
        return paragraph or line
    if not paragraph.endswith(_HYPHENS) or paragraph[-2:-1].isspace():
        return f"{paragraph} {line}"
    if line[0].islower():
        return f"{paragraph} {line}" if _PAIRING.match(line) else paragraph[:-1] + line
    return paragraph[:-1] + line if paragraph.endswith("\u00ad") else paragraph + line


def _file_name(uri: str) -> str:
    """The file's name, readable."""
    return squash(unquote(PurePosixPath(urlsplit(uri).path).stem).replace("_", " ")) or uri
