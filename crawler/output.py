"""What reaches the terminal or a pipe: safe text, tables and JSON Lines; data on stdout, all else on stderr."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, TextIO

from web.written import moment

# C0 but line feed and tab, DEL, C1, the bidi controls, line and paragraph separators, lone surrogates: what could
# move the cursor, write to the clipboard, or turn the reading direction (ECMA-48, Trojan Source).
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BREAKS = re.compile(r"[\t\n]+")
_NARROWEST = 20  # columns the last cell keeps on a narrow terminal, however long the others are


def safe(text: str) -> str:
    """A text that cannot steer a terminal: control and bidi characters become visible, line feeds stay."""
    return _UNSAFE.sub(_visible, text)


def one_line(text: str) -> str:
    """:func:`safe`, on one line."""
    return safe(_BREAKS.sub(" ", text))


def _visible(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's own pictures of the control characters
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def json_line(row: Mapping[str, Any]) -> str:
    """One JSON object on one line; what could steer a terminal is escaped, so that the text stays exact."""
    line = json.dumps(row, ensure_ascii=False, separators=(", ", ": "), default=_plain)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", line)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    raise TypeError(f"{type(value).__name__} has no JSON form")


def csv_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection): a quote before ``= + - @``, tab, CR."""
    text = one_line(text)
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠") else text


class Output:
    """Where a command writes to. ``colour`` is true on a terminal that has not asked for none (no-color.org)."""

    def __init__(self, stdout: TextIO | None = None, stderr: TextIO | None = None) -> None:
        self.stdout = stdout or sys.stdout
        self.stderr = stderr or sys.stderr

    @property
    def terminal(self) -> bool:
        """Whether a person reads stdout as it comes."""
        return self.stdout.isatty()

    @property
    def colour(self) -> bool:
        """Whether stdout may have colours."""
        return self.terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def say(self, text: str = "") -> None:
        """A line, or several, on stdout."""
        print(safe(text), file=self.stdout)

    def line(self, text: str) -> None:
        """A line on stdout whose parts went through :func:`one_line` already, and that may hold our own colours."""
        print(text, file=self.stdout)

    def raw(self, data: bytes) -> None:
        """Bytes on stdout as they are; a terminal gets them made safe."""
        if self.terminal:
            self.say(data.decode("utf-8", "replace"))
            return
        self.stdout.flush()
        self.stdout.buffer.write(data)
        self.stdout.buffer.flush()

    def json(self, row: Mapping[str, Any]) -> None:
        """One object as one line on stdout, at once."""
        print(json_line(row), file=self.stdout, flush=True)

    def note(self, text: str) -> None:
        """A line on stderr, after what was said before it on stdout: both may lead into one file."""
        self.stdout.flush()
        self._tell(text)

    def error(self, text: str) -> None:
        """What went wrong, in one line on stderr; stdout may be what went wrong."""
        with suppress(OSError):
            self.stdout.flush()
        self._tell(f"amtsblick: {one_line(text).strip()}")

    def _tell(self, text: str) -> None:
        with suppress(OSError):  # nobody can be told, and the work is no worse for it
            print(safe(text), file=self.stderr, flush=True)

    def wrapped(self, text: str, indent: int) -> list[str]:
        """The lines of a text that starts at a column; in a pipe it stays one line."""
        if not self.terminal:
            return [text]
        room = max(shutil.get_terminal_size().columns - indent, _NARROWEST)
        return textwrap.wrap(text, room, break_on_hyphens=False) or [""]

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Columns for people; on a terminal the last one is wrapped, in a pipe every row is one line."""
        cells = [[one_line(cell) for cell in row] for row in (header, *rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
        for row in cells:
            start = "".join(cell.ljust(width + 2) for cell, width in zip(row[:-1], widths, strict=False))
            lines = self.wrapped(row[-1], len(start))
            self.say((start + lines[0]).rstrip())
            for line in lines[1:]:
                self.say(" " * len(start) + line)
