"""The head of an HTTP answer as header fields."""

from __future__ import annotations


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
