"""One request and what came back for it, as it stood on the wire: what a capture is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from extractors.heads import fields


@dataclass(slots=True, kw_only=True)
class Exchange:
    """Filled by the download handler while the request is under way, so that a failure keeps what was there before it.

    ``head`` grows line by line from the status line to the empty line, byte for byte as received. ``payload`` is the
    body with transfer coding undone and content coding left in place, None as long as there is no whole head.
    ``rule`` is the short name of a failure ("timeout", "dns", …), "" for none; ``error`` says it in one line.
    """

    uri: str
    captured_at: datetime
    request: bytes = b""
    head: bytearray = field(default_factory=bytearray)
    payload: bytes | None = None
    status: int | None = None
    peer: str = ""
    elapsed_ms: int = 0
    complete: bool = True
    error: str = ""
    rule: str = ""
    _fields: tuple[int, tuple[tuple[str, str], ...]] = (0, ())  # of so long a head: they are asked for several times

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The header fields of the answer, in order, as :func:`fields` reads them."""
        if self._fields[0] != len(self.head):
            self._fields = (len(self.head), fields(bytes(self.head)))
        return self._fields[1]

    def header(self, name: str) -> str:
        """The first value of a header of the answer, "" if there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")
