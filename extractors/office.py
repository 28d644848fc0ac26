"""Files of office programs: told by their bytes, never opened, since their text is not compared."""

from __future__ import annotations

import re

from extractors import address

_ZIP, _OLE, _RTF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"
# What an office file has among its first entries: the list of its parts (Open XML) or its type (OpenDocument).
_OFFICE_ZIP = re.compile(
    rb"\[Content_Types\]\.xml|_rels/\.rels|(?:word|xl|ppt)/|docProps/|mimetypeapplication/vnd\.(?:oasis|sun)"
)
_HEAD = 4_096
# Older servers call a web page or a table of text "Excel"; the program's own mark tells it from an error page.
_SAVED_BY_OFFICE = re.compile(rb"urn:schemas-microsoft-com:office|<\?mso-application|ProgId content=", re.IGNORECASE)
# The directory at the end of an archive, with the longest comment that may follow it (APPNOTE 4.3.16).
_ZIP_END, _ZIP_END_WITHIN = b"PK\x05\x06", 65_557


def is_office(body: bytes, uri: str) -> bool:
    """True when the bytes are a file of Word, LibreOffice, Excel and the like."""
    if body.startswith((_OLE, _RTF)):
        return True
    named = address.document_ending(uri) not in {"", "pdf"}
    if body.startswith(_ZIP):
        return named or _OFFICE_ZIP.search(body[:_HEAD]) is not None
    return named and _SAVED_BY_OFFICE.search(body[:_HEAD]) is not None


def cut(body: bytes) -> str | None:
    """Name the rule by which an office file is cut, or None where it is whole as far as can be seen."""
    if body.startswith(_ZIP):
        return None if _ZIP_END in body[-_ZIP_END_WITHIN:] else "archive-cut"
    if body.startswith(_RTF):
        return None if body.rstrip(b"\x00\r\n\t ").endswith(b"}") else "rtf-cut"
    return None
