"""Site text made fit to be shown, and addresses made fit to be linked."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

from extractors import address

# Carry no meaning in running text (design §4.12): dropped without a trace.
_SILENT = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


def shown(text: str) -> str:
    """Return text as readers may see it: line breaks kept, controls gone, other invisible characters named.

    Bidirectional controls and their kin can make a sentence read as its opposite; they are written
    out as ``[U+202E]``. Lone surrogates and unassigned code points become U+FFFD.
    """
    # Printable (str.isprintable) is what has none of the categories below.
    return text if text.isprintable() else "".join(map(_shown_character, text))


def one_line(text: str, limit: int = 0) -> str:
    """Return :func:`shown` on one line, cut at a word's end with "…" when longer than ``limit`` (0: no limit)."""
    line = " ".join(shown(text).split())
    if not limit or len(line) <= limit:
        return line
    head = line[: limit - 1]
    at_word = head.rfind(" ")
    return head[:at_word].rstrip(" .,;:–-") + " …" if at_word > limit // 2 else head + "…"


def web_link(uri: str) -> str:
    """Return the address if it may stand behind a link (http or https, no user name, host in ASCII), else ""."""
    return address.clean(uri) or ""


def readable(uri: str, limit: int = 200) -> str:
    """Return an address as text: without scheme and final slash, cut when very long."""
    return one_line(uri, limit).removeprefix("https://").removeprefix("http://").rstrip("/")


def archived(base_url: str, uri: str, at: datetime) -> str:
    """Return the address of the archived state in the web view (a URI-M of RFC 7089), "" without a web view."""
    link = web_link(uri)
    return f"{base_url.rstrip('/')}/web/{at.astimezone(UTC):%Y%m%d%H%M%S}/{link}" if base_url and link else ""


def _shown_character(character: str) -> str:
    if character == "\n" or character in _SILENT:
        return "\n" if character == "\n" else ""
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp" | "Zs":
            return " "
        case "Cf":
            return f"[U+{ord(character):04X}]"
        case "Cs" | "Cn":
            return "\ufffd"
        case "Co":  # icon fonts
            return ""
        case _:
            return character
