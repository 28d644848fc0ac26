"""What stands before a view's own address in a path: where a proxy put us, the language, the form."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from web.visitor import LANGUAGES

_KEY = "amtsblick.opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a path began: ``language`` "" if it named none; ``json`` for the form for programs; ``rest`` as sent."""

    language: str = ""
    json: bool = False
    rest: str = "/"


class Openings:
    """ASGI middleware: takes the beginning off a path, so that one route serves all languages and forms.

    A proxy may pass the path it serves us under, or leave it out; both are understood.
    """

    def __init__(self, app: ASGIApp, mount: str) -> None:
        self._app = app
        self._mount = mount

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            raw = scope.get("raw_path") or scope["path"].encode()
            opening = read(raw.decode("latin-1"), self._mount)
            taken = len(raw) - len(opening.rest)
            path = scope["path"]
            scope = {**scope, "path": path[taken:] or "/", "raw_path": opening.rest.encode("latin-1"), _KEY: opening}
        await self._app(scope, receive, send)


def opening_of(scope: Scope) -> Opening:
    """How the request's path began."""
    found: Opening = scope.get(_KEY) or Opening()
    return found


def read(path: str, mount: str) -> Opening:
    """Read the beginning of a path: the mount, then one language or ``json``."""
    if mount and (path == mount or path.startswith(f"{mount}/")):
        path = path[len(mount) :] or "/"
    first, slash, rest = path[1:].partition("/") if path.startswith("/") else ("", "", "")
    if first == "json":
        return Opening(json=True, rest=f"/{rest}")
    if first in LANGUAGES:
        return Opening(language=first, rest=f"/{rest}" if slash else "/")
    return Opening(rest=path)
