"""Files that lie ready in memory, from the same server behind the same gate: ``/4096`` is one of 4,096 bytes."""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.gate import Gate
from web.protocol import Protocol
from web.server import listening, url_of


async def _file(request: Request) -> Response:
    return Response(b"x" * request.path_params["size"], media_type="text/html; charset=utf-8")


def main() -> None:
    """Serve until it is ended; the address is the first line."""
    with listening("127.0.0.1", 0) as listener:
        print(url_of(listener), flush=True)
        app = Gate(Starlette(routes=[Route("/{size:int}", _file)]))
        config = uvicorn.Config(app, log_level="error", access_log=False, http=Protocol, ws="none", server_header=False)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    sys.exit(main())
