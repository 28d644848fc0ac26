"""Serves the replay on loopback; the week is turned by whoever started it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, TypeVar, cast

from crawler.replay.site import respond

ServerT = TypeVar("ServerT", bound=ThreadingHTTPServer)

HOST: Final = "127.0.0.1"
PREFERRED_PORT: Final = 8921  # so that addresses in a demo's archive stay the same from run to run


class ReplayServer(ThreadingHTTPServer):
    """The site in one week; set :attr:`week` (from 1) to turn the page."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.week = 1
        self._counter = itertools.count()

    @property
    def base(self) -> str:
        """``http://127.0.0.1:PORT``, to which the paths are added."""
        return f"http://{HOST}:{self.server_address[1]}"

    def next_count(self) -> int:
        """The number of this fetch: next() on a counter is atomic in CPython."""
        return next(self._counter)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds that an idle connection is kept
    disable_nagle_algorithm = True  # else the last packet of each answer waits 40 ms for an acknowledgement

    def do_GET(self) -> None:
        self._serve(with_body=True)

    def do_HEAD(self) -> None:
        self._serve(with_body=False)

    def _serve(self, *, with_body: bool) -> None:
        server = cast("ReplayServer", self.server)
        asked = {name.lower(): value for name, value in self.headers.items()}
        response = respond(server.week, self.path, asked, server.next_count())
        self.send_response_only(response.status, HTTPStatus(response.status).phrase)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if with_body:
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is the base class's
        """Say nothing: the demo tells its own story."""


def serving(port: int = PREFERRED_PORT) -> AbstractContextManager[ReplayServer]:
    """Serve the replay while the block runs, on ``port`` if it is free and else on any; 0 asks for any."""
    try:
        return running(ReplayServer(port))
    except OSError:
        return running(ReplayServer(0))


@contextmanager
def running(server: ServerT) -> Iterator[ServerT]:
    """Let a server on loopback answer, in a thread of its own, while the block runs."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
