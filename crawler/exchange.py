"""One request and what came back for it, as it stood on the wire: what a capture is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


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

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The header fields of the answer, in order, as :func:`fields` reads them."""
        return fields(bytes(self.head))

    def header(self, name: str) -> str:
        """The first value of a header of the answer, "" if there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


def fields(head: bytes) -> tuple[tuple[str, str], ...]:
    """The header fields of an answer's head: names as sent, folded lines joined (RFC 9112 §5.2), bad lines skipped.

    Decoded as Latin-1, which takes any byte and gives it back (RFC 9110 §5.5).
    """
    found: list[tuple[str, str]] = []
    for raw in head.decode("latin-1").split("\n")[1:]:
        line = raw.removesuffix("\r")
        if not line:
            break
        if line[0] in " \t" and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}".strip())
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            found.append((name.strip(), value.strip()))
    return tuple(found)
