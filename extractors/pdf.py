"""PDF documents: their text by pages and paragraphs, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from extractors.model import Answer, Block, BlockKind, Hints, Page, PageKind
from extractors.text import squash

# Longer documents are read as far as this: annual reports have some hundred pages, hostile files any number.
MAX_SHEETS = 2_000
MAX_CHARACTERS = 4_000_000

# pdfium writes U+FFFE for a hyphen that only ends a line; pypdf keeps the hyphen.
_LINE_HYPHEN = re.compile(r"\ufffe[ \t]*\r?\n?|(?<=[a-zäöüß])[-\u00ad\u2010][ \t]*\r?\n(?=[a-zäöüß])")
_BULLET = re.compile(r"^\s*(?:[•◦▪‣·–—*-]|\d{1,2}[.)]|[a-z]\))\s+")
_SENTENCE_END = (".", "!", "?", ":", ";", "…")
# A line shorter than this part of the longest line of its page ends a paragraph: justified text fills its lines.
_SHORT = 0.72


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
        except Unreadable as reason:
            failure = reason
            continue
        blocks = tuple(block for number, text in enumerate(sheets, 1) for block in _blocks(text, number))
        if not blocks:
            failure = Unreadable("scan", "no text on any page")
            continue
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
        sheets: list[str] = []
        for index in range(min(len(document), MAX_SHEETS)):
            text = document[index].get_textpage().get_text_range()
            sheets.append(text)
            if sum(map(len, sheets)) > MAX_CHARACTERS:
                break
    except (pypdfium2.PdfiumError, UnicodeError) as error:
        raise Unreadable("broken", str(error)) from error
    finally:
        document.close()
    return sheets


def _pypdf(body: bytes) -> list[str]:
    import pypdf  # noqa: PLC0415 - only for documents that pdfium could not read
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - as above

    try:
        reader = pypdf.PdfReader(BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted", "a password is needed")
        sheets = []
        for index, sheet in enumerate(reader.pages):
            sheets.append(sheet.extract_text())
            if index + 1 >= MAX_SHEETS or sum(map(len, sheets)) > MAX_CHARACTERS:
                break
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        # pypdf meets broken structures with many kinds of exceptions; each of them means that the file is broken.
        raise Unreadable("broken", f"{type(error).__name__}: {error}") from error
    return sheets


_ENGINES: Mapping[Engine, Callable[[bytes], list[str]]] = {Engine.PDFIUM: _pdfium, Engine.PYPDF: _pypdf}


def _blocks(text: str, sheet: int) -> Iterator[Block]:
    for paragraph in _paragraphs(_LINE_HYPHEN.sub("", text)):
        bullet = _BULLET.match(paragraph)
        kind = BlockKind.ITEM if bullet else BlockKind.PARAGRAPH
        words = squash(paragraph)
        if words:
            yield Block(kind=kind, text=words, sheet=sheet, rule="pdf")


def _paragraphs(text: str) -> Iterator[str]:
    """Lines joined into paragraphs, by what ends one: a blank line, a short line, a bullet to follow."""
    lines = [line.strip() for line in text.replace("\x00", "").splitlines()]
    longest = max(map(len, lines), default=0)
    paragraph: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line:
            paragraph.append(line)
        if not paragraph:
            continue
        short = len(line) < _SHORT * longest and (line.endswith(_SENTENCE_END) or not following[:1].islower())
        if not line or not following or short or _BULLET.match(following):
            yield " ".join(paragraph)
            paragraph = []


def _file_name(uri: str) -> str:
    """The file's name, readable."""
    return squash(unquote(PurePosixPath(urlsplit(uri).path).stem).replace("_", " ")) or uri
