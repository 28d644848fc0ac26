"""What every request must pass and every answer must carry, whatever the view (docs/web.md, "What protects it")."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping, Sequence
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

#: Of our own pages: nothing but our own style, nothing framed but archived states, no script at all.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
#: What is on every answer that does not say otherwise itself.
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("X-Robots-Tag", "noindex, nofollow, noarchive"),  # a search engine must lead to the office's page, not to a copy
    ("Cache-Control", "no-cache"),
)
_METHODS = ("GET", "HEAD")
# Longer than any address of a source (address.clean takes 2,083 characters) with what stands before it.
_LONGEST_URL = 4_096
# What browsers and proxies send is two thousand or so; the usual limit of servers is this one.
_LONGEST_HEAD = 16_384
_PLAIN = b"text/plain; charset=utf-8"
_LOG = logging.getLogger(__name__)


class Gate:
    """ASGI middleware: lets in GET and HEAD of a sane length, and puts the protecting headers on every answer.

    A header that an answer brings itself stays as it is. It stands before all else, so that a fault of anything behind
    it is one line in the log and an answer like the others.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":  # no web sockets; the server's own start and stop go through
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        begun = False

        async def protected(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS:
                    headers.setdefault(name, value)
                begun = True
            await send(message)

        try:
            await (_refusal(scope) or self._app)(scope, receive, protected)
        except Exception as error:  # noqa: BLE001 - whatever it is, the visitor learns nothing of it
            _LOG.error("%s: %s: %s", asked(scope), type(error).__name__, error)
            if not begun:
                await plain(500, "this could not be shown\n")(scope, receive, protected)


def asked(scope: Scope) -> str:
    """What was asked for, as it was sent and fit for a log: without its query, which may be somebody's search."""
    raw: bytes = scope.get("raw_path") or b""
    return raw[:200].decode("ascii", "backslashreplace")


def plain(status: int, text: str, **headers: str) -> ASGIApp:
    """An answer for those that no page can be made for."""
    return PlainTextResponse(text, status, headers=headers)


def bare(text: str) -> Sequence[tuple[bytes, bytes]]:
    """The header fields of an answer that the server itself must make, before there is a request to speak of."""
    own = ((b"content-type", _PLAIN), (b"content-length", str(len(text)).encode()), (b"connection", b"close"))
    return (*own, *((name.lower().encode(), value.encode()) for name, value in HEADERS))


def _refusal(scope: Scope) -> ASGIApp | None:
    raw: bytes = scope.get("raw_path") or b""
    if scope["method"] not in _METHODS:
        return plain(405, "only GET and HEAD\n", Allow=", ".join(_METHODS))
    if not raw.startswith(b"/"):  # a whole address, as a proxy is asked (RFC 9112 §3.2.2): we are none
        return plain(400, "no path\n")
    if len(raw) + len(scope["query_string"]) > _LONGEST_URL:
        return plain(414, "address too long\n")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > _LONGEST_HEAD:
        return plain(431, "too many header fields\n")
    if any(_announces_body(*field) for field in scope["headers"]):
        # What is no body to one server is the next request to another (RFC 9112 §11.2).
        return plain(400, "no content, please\n", Connection="close")
    return None


def _announces_body(name: bytes, value: bytes) -> bool:
    return name == b"transfer-encoding" or (name == b"content-length" and value.strip() != b"0")
