"""Bytes to text: which encoding an answer is in, and whether its text was damaged on the way."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

# The HTML standard looks at 1,024 bytes; pages with long comments before their meta element are real.
_META_WITHIN = 4096
_META = re.compile(rb"<meta\b[^>]{0,300}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_PROLOG = re.compile(rb"^\s{0,20}<\?xml\b[^>]{0,100}?\bencoding\s*=\s*[\"']([A-Za-z0-9_:.-]{1,40})[\"']")
_HEADER = re.compile(r"\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What the web calls Latin-1 and ASCII is windows-1252 (WHATWG Encoding §4.2).
_WESTERN = {"iso8859-1", "ascii", "cp1252", "latin-1"}
_NAMES = {"cp1252": "windows-1252", "iso8859-15": "iso-8859-15", "cp1251": "windows-1251"}
# Only these let bytes that are valid UTF-8 mean something else often enough to be believed.
_MULTIBYTE = re.compile(r"utf|gb|big5|euc|shift|iso2022|cp93|cp94|cp95|johab|hz")

# UTF-8 read as windows-1252 or Latin-1: "Ã¤", "ÃŸ", "â€ž", "Â§".
_TWICE = re.compile(
    "Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|â€|Â[\u00a0-\u00bf]"
)
_TWICE_SIGNS = ("Ã", "â€", "Â")
_TWICE_BYTES = (b"\x83", b"\x82")  # each of the signs has one of them in UTF-8
# UTF-8 read as GBK: Chinese in the middle of words, as a mirror of a LAGeSo press release shows it ("f眉r").
_CHINESE = re.compile(r"[A-Za-z][\u3400-\u9fff]{1,3}[A-Za-z]")
# In UTF-8 each of them begins with one of these bytes, which are looked for in a fiftieth of the time.
_IDEOGRAPH_LEADS = tuple(bytes([lead]) for lead in range("\u3400".encode()[0], "\u9fff".encode()[0] + 1))
_UMLAUT = re.compile(r"[äöüÄÖÜß]")
# One stray sign is a slip of the pen, of which real pages have some; from this many on it is the encoding.
DAMAGE_MIN = 3
# Replacement characters in more than one of so many characters: a page of 30,000 may carry two or three slips.
_DAMAGE_RATE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A decoded body: ``encoding`` by its WHATWG name; ``damaged`` where letters were lost or decoded twice.

    ``utf8`` is the body itself where it is the text in UTF-8, so that nobody has to encode it again.
    """

    text: str
    encoding: str
    damaged: bool
    utf8: bytes | None = None


@lru_cache(maxsize=1)  # the reading and the judgement of an answer ask for the same
def decode(body: bytes, content_type: str) -> Decoded:
    """Decode by byte order mark, meta element, header, then strict UTF-8, then windows-1252.

    What is valid UTF-8 beyond ASCII is taken for it, whatever single-byte encoding is declared: servers
    declare Latin-1 for all they have, and German text in Latin-1 is never valid UTF-8 by chance. Never raises.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :].decode(name, "replace"), name.removesuffix("-le").removesuffix("-be"))
    strict = _strict(body, "utf-8")
    for label in _declared(body, content_type):
        if label == "utf-8" or (strict is not None and not _MULTIBYTE.match(label)):
            continue
        text = _strict(body, label)
        if text is not None:
            return _decoded(text, _NAMES.get(label, label))
    if strict is not None:
        return _decoded(strict, "utf-8", body)
    return _best_guess(body, content_type)


def damaged(text: str, utf8: bytes | None = None) -> bool:
    """True where letters of the text were lost (U+FFFD) or decoded in the wrong encoding; ``utf8`` is the same text."""
    if text.isascii():
        return False
    lost = text.count("\ufffd") if "\ufffd" in text else 0
    if lost >= DAMAGE_MIN and lost * _DAMAGE_RATE > len(text):
        return True
    if utf8 is None:
        utf8 = text.encode("utf-8", "surrogatepass")
    # One look for each sign takes a hundredth of the time of the patterns, and most texts have none.
    doubtful = any(byte in utf8 for byte in _TWICE_BYTES) and any(sign in text for sign in _TWICE_SIGNS)
    wrong = len(_TWICE.findall(text)) if doubtful else 0
    wrong += len(_CHINESE.findall(text)) if any(lead in utf8 for lead in _IDEOGRAPH_LEADS) else 0
    return wrong >= DAMAGE_MIN and wrong > len(_UMLAUT.findall(text))


def _declared(body: bytes, content_type: str) -> list[str]:
    """The encodings that the meta element and the header name, as Python calls them."""
    head = body[:_META_WITHIN]
    found = []
    for match in (_META.search(head), _PROLOG.search(head)):
        if match:
            name = _codec(match[1].decode("ascii"))
            # Bytes in which an ASCII meta element can be read are in no UTF-16 (HTML §13.2.3.2).
            found.append("utf-8" if name is not None and name.startswith(("utf-16", "utf-32")) else name)
    header = _HEADER.search(content_type)
    found.append(_codec(header[1]) if header else None)
    return [name for name in found if name]


def _codec(label: str) -> str | None:
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding:  # noqa: SLF001 - "hex" and "zip" are codecs, too
        return None
    if info.name in {"idna", "punycode", "utf-7", "unicode_escape", "raw_unicode_escape", "undefined"}:
        return None  # text encodings of Python's that no page is in
    return "cp1252" if info.name in _WESTERN else info.name


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, ValueError):
        return None


def _best_guess(body: bytes, content_type: str) -> Decoded:
    """Nothing fits in full: UTF-8 with some bad bytes (cut in a letter, an include in Latin-1), or windows-1252."""
    text = body.decode("utf-8", "replace")
    letters = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    if letters > text.count("\ufffd"):
        return _decoded(text, "utf-8")
    others = [name for name in _declared(body, content_type) if name != "utf-8"]
    name = others[0] if others else "cp1252"
    return _decoded(body.decode(name, "replace"), _NAMES.get(name, name))


def _decoded(text: str, encoding: str, utf8: bytes | None = None) -> Decoded:
    return Decoded(text=text, encoding=encoding, damaged=damaged(text, utf8), utf8=utf8)
