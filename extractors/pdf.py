"""PDF documents: their text by pages and paragraphs, or why there is none."""

from __future__ import annotations

import ctypes
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from extractors import fileinfo, sheets
from extractors.model import Answer, FileInfo, Page, PageKind
from extractors.pdfmark import PDF_MARK, PDF_MARK_WITHIN, Engine
from extractors.sheets import Line, Sheet
from extractors.text import squash

# Annual reports have some hundred pages; a document beyond these limits is not read in part, since what changes
# behind the limit would go unseen: it is compared by its bytes.
MAX_SHEETS = 2_000
MAX_CHARACTERS = 4_000_000

_LINE_END = re.compile("\ufffe(?:\r?\n)?|\r?\n|\r")  # pdfium's own sign is a hyphen at the end of a line, and its end
_BEYOND_UTF16 = re.compile("[\U00010000-\U0010ffff]")  # characters that pdfium counts as two
_PICTURES_WITHIN = 2  # how deep forms are searched for the picture of a scan


class Unreadable(Exception):  # noqa: N818 - named for what the document is, not for a failure of ours
    """The document has no text that can be read; ``reason`` is encrypted, scan, broken, too-long or too-complex."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


class _Found(NamedTuple):
    sheets: tuple[Sheet, ...]
    info: Mapping[str, str]


def read_pdf(answer: Answer, engines: Sequence[Engine] = tuple(Engine)) -> Page:
    """Read a PDF: blocks by sheet, running lines in ``frame``, what the file says about itself in ``file``.

    ``engines`` leaves one out after it brought a reader process down: pdfium aborts on some hostile
    files instead of raising.

    Raises:
        Unreadable: no engine found text.
    """
    found = _first_text(answer.body[max(answer.body.find(PDF_MARK, 0, PDF_MARK_WITHIN), 0) :], engines)
    main, heads = sheets.blocks(found.sheets)
    if not main:
        raise Unreadable("scan", "no text on any page")
    info = fileinfo.read(found.info)
    said = fileinfo.title(info, " ".join(block.text for block in (*main[:10], *heads)))
    return Page(
        uri=answer.uri,
        title=said or file_name(answer.uri),
        kind=PageKind.DOCUMENT,
        blocks=main,
        frame=heads,
        file=FileInfo(
            **info,
            sheets=len(found.sheets),
            pictures=sum(sheet.blank and sheet.pictured for sheet in found.sheets),
        ),
        extractor="pdf",
    )


def _first_text(body: bytes, engines: Sequence[Engine]) -> _Found:
    """What the first engine makes of it that finds text; each one's failure is the next one's turn."""
    failure = Unreadable("too-complex", "every engine was brought down")
    for place, engine in enumerate(engines):
        try:
            found = _ENGINES[engine](body)
        except (MemoryError, RecursionError) as problem:
            failure = Unreadable("too-complex", type(problem).__name__)
        except Unreadable as problem:
            # A second engine that breaks on what the first one found to be a scan does not know better.
            failure = failure if place and failure.reason in {"scan", "encrypted"} else problem
            if problem.reason == "too-long":
                break
        else:
            if not all(sheet.blank for sheet in found.sheets):
                return found
            failure = Unreadable("scan", "no text on any page")
    raise failure


# --- pdfium


def _pdfium(body: bytes) -> _Found:
    import pypdfium2  # noqa: PLC0415 - loads a native library that only documents need

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        reason = "encrypted" if "password" in str(error).lower() else "broken"
        raise Unreadable(reason, str(error)) from error
    try:
        read = _bounded(len(document), (_pdfium_sheet(document, index) for index in range(len(document))))
        return _Found(read, document.get_metadata_dict())
    except (pypdfium2.PdfiumError, UnicodeError) as error:
        raise Unreadable("broken", str(error)) from error
    finally:
        document.close()


def _pdfium_sheet(document: Any, index: int) -> Sheet:
    from pypdfium2 import raw  # noqa: PLC0415 - as above

    sheet = document[index]
    try:
        text = sheet.get_textpage()
        try:
            lines = tuple(_pdfium_lines(text, sheet.get_rotation()))
        finally:
            text.close()
        read = Sheet(lines=lines)
        if not read.blank:
            return read
        pictures = sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_PICTURES_WITHIN)
        return Sheet(lines=lines, pictured=any(True for _ in pictures))
    finally:
        sheet.close()


def _pdfium_lines(text: Any, rotation: int) -> Iterator[Line]:
    """The lines of a sheet, in the order in which the file draws them."""
    from pypdfium2 import raw  # noqa: PLC0415 - as above

    whole = str(text.get_text_range())
    plain = _BEYOND_UTF16.search(whole) is None  # else characters and pdfium's positions differ
    x, y = ctypes.c_double(), ctypes.c_double()
    start = 0
    for end in [*_LINE_END.finditer(whole), None]:
        piece = whole[start : end.start() if end else None]
        height = None
        if plain and piece.strip():
            first = start + len(piece) - len(piece.lstrip())
            at = raw.FPDFText_GetCharIndexFromTextIndex(text, first)
            if at >= 0 and raw.FPDFText_GetCharOrigin(text, at, x, y):
                height = {0: y.value, 90: -x.value, 180: -y.value}.get(rotation, x.value)
        hyphen = "-" if end and end[0].startswith("\ufffe") else ""
        yield Line(text=sheets.clean(piece) + hyphen, height=height)
        start = end.end() if end else start


# --- pypdf


def _pypdf(body: bytes) -> _Found:
    import pypdf  # noqa: PLC0415 - only for documents that pdfium could not read
    from pypdf.errors import DependencyError, LimitReachedError, PyPdfError  # noqa: PLC0415 - as above

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it skips in broken files is nothing for a log
    try:
        reader = pypdf.PdfReader(BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted", "a password is needed")
        read = _bounded(len(reader.pages), (_pypdf_sheet(sheet) for sheet in reader.pages))
        return _Found(read, {str(key).lstrip("/"): str(value) for key, value in (reader.metadata or {}).items()})
    except DependencyError as error:
        raise Unreadable("encrypted", str(error)) from error
    except LimitReachedError as error:
        raise Unreadable("too-complex", str(error)) from error
    except (PyPdfError, LookupError, ArithmeticError, AttributeError, ValueError, TypeError, OSError) as error:
        # pypdf meets broken structures with many kinds of exceptions; each of them means that the file is broken.
        raise Unreadable("broken", f"{type(error).__name__}: {error}") from error


def _pypdf_sheet(sheet: Any) -> Sheet:
    lines = tuple(Line(text=sheets.clean(line)) for line in sheet.extract_text().splitlines())
    read = Sheet(lines=lines)
    if not read.blank:
        return read
    resources = sheet.get("/Resources")
    drawn = resources.get_object().get("/XObject") if resources is not None else None
    return Sheet(lines=lines, pictured=drawn is not None)


# --- both


def _bounded(count: int, read: Iterator[Sheet]) -> tuple[Sheet, ...]:
    if count > MAX_SHEETS:
        raise Unreadable("too-long", f"{count} pages")
    kept: list[Sheet] = []
    size = 0
    for sheet in read:
        size += sum(len(line.text) for line in sheet.lines)
        if size > MAX_CHARACTERS:
            raise Unreadable("too-long", f"more than {MAX_CHARACTERS} characters")
        kept.append(sheet)
    return tuple(kept)


_ENGINES: Mapping[Engine, Callable[[bytes], _Found]] = {Engine.PDFIUM: _pdfium, Engine.PYPDF: _pypdf}


def file_name(uri: str) -> str:
    """The name of the file at an address, readable."""
    return squash(unquote(PurePosixPath(urlsplit(uri).path).stem).replace("_", " ")) or uri
