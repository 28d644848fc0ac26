"""Requests that no HTTP client would send: bytes to a socket, and what comes back."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.web.view import Reply, View


@contextmanager
def connected(view: View, *, small: bool = False) -> Iterator[socket.socket]:
    """A connection to the view; ``small`` takes little at once, as a client on a bad line does."""
    made = socket.socket()
    try:
        made.settimeout(20)
        if small:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        made.connect((urlsplit(view.url).hostname or "", urlsplit(view.url).port or 0))
        yield made
    finally:
        made.close()


def until_closed(sock: socket.socket) -> bytes:
    """All that comes until the other side closes, or cuts the connection."""
    parts = []
    try:
        while part := sock.recv(65536):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


def said(view: View, request: bytes) -> bytes:
    """What the view answers to some bytes, to the end of the connection."""
    with connected(view) as sock:
        sock.sendall(request)
        return until_closed(sock)


def replies(view: View, request: bytes) -> list[Reply]:
    """The answers to one request or several; the last must ask for the connection to be closed."""
    return list(parsed(said(view, request)))


def parsed(data: bytes) -> Iterator[Reply]:
    """Answers as they follow each other on a connection."""
    while data:
        head, end, rest = data.partition(b"\r\n\r\n")
        assert end, data
        first, *lines = head.decode("latin-1").split("\r\n")
        assert first.startswith("HTTP/1.1 "), first
        status = int(first.split()[1])
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            low = name.lower()
            headers[low] = f"{headers[low]}, {value.strip()}" if low in headers else value.strip()
        if "content-length" in headers:
            size = int(headers["content-length"])
        else:
            assert status in (204, 304) or headers.get("connection") == "close", head
            size = 0 if status in (204, 304) else len(rest)
        yield Reply(status=status, headers=headers, body=rest[:size])
        data = rest[size:]


def get(target: str | bytes, *fields: str, method: str = "GET", host: str = "localhost", version: str = "1.1") -> bytes:
    """One request as bytes; ``target`` goes out as it is."""
    raw = target if isinstance(target, bytes) else target.encode()
    lines = [f"Host: {host}"] if host else []
    head = "\r\n".join([*lines, *fields, "Connection: close"])
    return method.encode() + b" " + raw + f" HTTP/{version}\r\n{head}\r\n\r\n".encode()
