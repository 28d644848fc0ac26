"""The view on a socket: uvicorn, until it is told to stop."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

import uvicorn

from web.app import application
from web.protocol import Protocol
from web.settings import Settings

_IDLE = 5  # seconds that a connection may stay open without a request (reliability.md T43)
_STOP = 5  # seconds that answers under way may take once it has to stop
_BACKLOG = 128


class Unservable(Exception):  # noqa: N818 - it says what happened
    """The address cannot be listened on; the message is one line."""


def serving(settings: Settings, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C. ``ready`` is told the view's address once connections are taken.

    Raises:
        Unservable: when the address is taken, or none of this machine's.
    """
    with listening(host, port) as listener:
        ready(url_of(listener))
        server(settings).run(sockets=[listener])


def server(settings: Settings) -> uvicorn.Server:
    """The server of a view, not started yet."""
    config = uvicorn.Config(
        application(settings),
        log_config=None,  # the program's own log has them
        log_level="error",  # what strangers send that is no HTTP is no news
        access_log=False,  # who read what is nobody's business
        http=Protocol,
        server_header=False,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_STOP,
        proxy_headers=False,  # nothing here depends on where a request comes from
        ws="none",
    )
    return uvicorn.Server(config)


def listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections.

    Raises:
        Unservable: when the address is taken, or none of this machine's.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        raise Unservable(f"cannot listen on {host}, port {port}: {_reason(error)}; try another --port") from error


def url_of(listener: socket.socket) -> str:
    """The address that a browser on this machine finds it at."""
    host, port = listener.getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"


def _reason(error: OSError) -> str:
    """The system's own words: Python adds the address once more, as a tuple."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror or error)
