"""The view as an ASGI application: from a request to a view, and from its answer to a response."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from hashlib import blake2b
from importlib import resources

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from storage.archive import Archive
from storage.errors import ArchiveBusy, ArchiveDamaged, ArchiveError, ArchiveSlow
from web.addresses import named
from web.answers import Answer, Elsewhere, Nothing, Sent, Shown
from web.archives import Readers
from web.ask import Ask
from web.gate import Gate, asked
from web.kept import Kept
from web.ledger import Ledger
from web.opening import Opening, Openings, opening_of
from web.render import Renderer
from web.routes import ROUTES, RouteTo
from web.rows import dumped
from web.settings import Settings
from web.visitor import Visitor, visitor

# Seconds for one answer (reliability.md T43).
_LONGEST = 5.0
_STATIC = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_STATIC_AGE = 86_400  # seconds; their addresses bear the program's version
_PLAIN = "amtsblick.plain"  # set in a request's scope: what cannot be had is said in one line of text
_LOG = logging.getLogger(__name__)


def application(settings: Settings) -> ASGIApp:
    """The view of one archive. The archive is opened at the first request, and may come into being later."""
    view = _View(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        view.close()

    app = Starlette(
        routes=[*map(view.route, ROUTES), Route("/static/{name}", view.static)],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=settings.hosts, www_redirect=False),
            Middleware(Openings, mount=settings.mount),
        ],
        exception_handlers={HTTPException: view.refused},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # it would lead to what the Host field says, without language and mount
    return Gate(app)  # not among the middleware: Starlette's own answer to a fault would pass it by


class _View:
    """What all requests share: the readers' threads, the ledger, the templates."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._readers = Readers(settings.archive)
        self._ledger = Ledger(settings.zone)
        self._kept = Kept()
        self._renderer = Renderer(settings)
        folder = resources.files("web") / "static"
        self._static = {name: (folder / name).read_bytes() for name in _STATIC}

    def close(self) -> None:
        self._readers.close()

    def route(self, to: RouteTo) -> Route:
        path = f"{to.path}/{{target:path}}" if to.target else to.path
        return Route(path, partial(self._respond, to))

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._static:
            raise HTTPException(404)
        headers = {"Cache-Control": f"max-age={_STATIC_AGE}"}
        return Response(self._static[name], media_type=_STATIC[name], headers=headers)

    async def refused(self, request: Request, error: Exception) -> Response:
        """An address that is none of ours."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        return self._response(request, Nothing(what="no_such_page", status=status))

    async def _respond(self, to: RouteTo, request: Request) -> Response:
        opening = opening_of(request.scope)
        request.scope[_PLAIN] = to.plain
        if opening.json and not to.json:
            raise HTTPException(404)
        try:
            async with asyncio.timeout(_LONGEST):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._readers.pool, self._answered, to, request)
        except TimeoutError:
            return self._response(request, Nothing(what="too_long", status=503))

    def _answered(self, to: RouteTo, request: Request) -> Response:
        """In a thread of the readers': ask the archive, lay the answer out."""
        try:
            return self._response(request, self._readers.ask(partial(self._answer, to, request)))
        except ArchiveError as error:
            _LOG.error("%s", error)
            answer = Nothing(what=_trouble(error), status=503)
        except Exception as error:  # noqa: BLE001 - a fault of ours: a line in the log, a page that gives nothing away
            _LOG.error("%s: %s: %s", asked(request.scope), type(error).__name__, error)
            answer = Nothing(what="broken", status=500)
        return self._response(request, answer)

    def _answer(self, to: RouteTo, request: Request, archive: Archive) -> Answer:
        target = ""
        if to.target:
            found = _target(request, to)
            if found is None:
                return Nothing(what="no_address", status=400)
            target = found
        ask = Ask(
            archive=archive,
            changes=self._ledger.refreshed(archive) if to.changes else self._ledger.empty,
            settings=self._settings,
            visitor=self._visitor(request, opening_of(request.scope)),
            now=self._settings.now(),
            path={name: str(value) for name, value in request.path_params.items() if name != "target"},
            target=target,
            query={} if to.target else dict(request.query_params),
            headers=dict(request.headers),
            kept=self._kept,
            json=opening_of(request.scope).json,
        )
        return to.view(ask)

    def _visitor(self, request: Request, opening: Opening) -> Visitor:
        language = "en" if opening.json else opening.language
        return visitor(self._settings, language, request.headers.get("accept-language", ""))

    def _response(self, request: Request, answer: Answer) -> Response:
        opening = opening_of(request.scope)
        who = self._visitor(request, opening)
        match answer:
            case Elsewhere():
                response = Response(status_code=answer.status, headers={"Location": answer.to})
            case Sent():
                # Not as media_type: a charset would be added to types of text that archived answers bear none of.
                response = Response(answer.body, answer.status, headers={"Content-Type": answer.media_type})
                if answer.policy:
                    response.headers["Content-Security-Policy"] = answer.policy
            case Nothing() if request.scope.get(_PLAIN) and not opening.json:
                message = f"{self._renderer.row_of(answer)['message']}\n"
                response = Response(message, answer.status, media_type="text/plain; charset=utf-8")
            case Shown() | Nothing() if opening.json:
                row = answer.row if isinstance(answer, Shown) else self._renderer.row_of(answer)
                response = Response(dumped(row), answer.status, media_type="application/json")
            case _:
                query = request.scope["query_string"].decode("latin-1")
                path = f"{opening.rest}?{query}" if query else opening.rest
                page = self._renderer.page(answer, who, path)
                body = page.encode("utf-8", "replace")  # half a character of a site's must not cost the page
                response = Response(body, answer.status, media_type="text/html; charset=utf-8")
                response.headers["Content-Language"] = who.language
                if not who.chosen:
                    response.headers.append("Vary", "Accept-Language")
        for name, value in () if isinstance(answer, Nothing) else answer.headers:
            response.headers.append(name, value)
        return _revalidated(request, response)


def _target(request: Request, to: RouteTo) -> str | None:
    """The watched page's address at the end of a path, as it was sent."""
    before = to.path.count("/") + 1
    raw = request.scope["raw_path"].decode("latin-1").split("/", before)
    return named(raw[before] if len(raw) > before else "", request.scope["query_string"].decode("latin-1"))


def _trouble(error: ArchiveError) -> str:
    if isinstance(error, ArchiveBusy):
        return "busy"
    if isinstance(error, ArchiveSlow):
        return "too_long"
    return "damaged" if isinstance(error, ArchiveDamaged) else "no_archive"


def _revalidated(request: Request, response: Response) -> Response:
    """Let a browser keep its copy of a page that says the same (RFC 9110 §13.1.2)."""
    if response.status_code != 200 or "ETag" in response.headers:
        return response
    tag = f'"{blake2b(response.body, digest_size=12).hexdigest()}"'
    response.headers["ETag"] = tag
    if tag not in request.headers.get("if-none-match", ""):
        return response
    kept = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    return Response(status_code=304, headers=kept)
