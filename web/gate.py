"""What every request must pass and every answer must carry, whatever the view (docs/web.md, "What protects it")."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

#: Of our own pages: nothing but our own style, nothing framed but archived states, no script at all.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
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


class Gate:
    """ASGI middleware: lets in GET and HEAD of a sane length, and puts the protecting headers on every answer.

    A header that an answer brings itself stays as it is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":  # no web sockets; the server's own start and stop go through
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def protected(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS:
                    headers.setdefault(name, value)
            await send(message)

        refusal = _refusal(scope)
        await (refusal or self._app)(scope, receive, protected)


def _refusal(scope: Scope) -> ASGIApp | None:
    if scope["method"] not in _METHODS:
        return PlainTextResponse("only GET and HEAD\n", 405, headers={"Allow": ", ".join(_METHODS)})
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _LONGEST_URL:
        return PlainTextResponse("address too long\n", 414)
    return None
