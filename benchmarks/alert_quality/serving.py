"""Serves a place on loopback, in the clear and by TLS at the same port."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import trustme

from benchmarks.alert_quality.place import Place
from tests.server import Asked, Reply, Site

HOST = "127.0.0.1"
_HANDSHAKE = b"\x16"  # the first byte of a TLS client's first record


class PlaceSite(Site):
    """A server whose every page is the place's; a connection that begins with a handshake is led through TLS."""

    def __init__(self, place: Place, authority: trustme.CA) -> None:
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST).configure_cert(self._tls)
        self._connection = threading.local()
        self._place = place
        self.broken: Exception | None = None
        super().__init__(HOST)
        setattr(self._server, "finish_request", self._finish)  # noqa: B010 - socketserver's hook; mypy takes it for a slip
        self.every = self._answer
        place.base = self.base

    def _answer(self, asked: Asked) -> Reply:
        try:
            return self._place.answer(asked, secure=self._connection.secure)
        except Exception as error:
            self.broken = error  # a site that cannot answer must not pass for an outage
            raise

    def _finish(self, request: socket.socket, client: Any) -> None:
        """Look at the first byte before the handler reads it; each connection has its own thread."""
        try:
            self._connection.secure = request.recv(1, socket.MSG_PEEK) == _HANDSHAKE
            if not self._connection.secure:
                self._server.RequestHandlerClass(request, client, self._server)
                return
            with self._tls.wrap_socket(request, server_side=True) as wrapped:
                self._server.RequestHandlerClass(wrapped, client, self._server)
        except OSError:
            return  # a client that hangs up is nobody's fault


@contextmanager
def serving(place: Place, folder: Path) -> Iterator[Path]:
    """Serve a place while the block runs; gives the file of the authority that signed its certificate.

    Raises at the end what the place itself raised while it answered.
    """
    authority = trustme.CA()
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    site = PlaceSite(place, authority)
    try:
        yield file
    finally:
        site.close()
    if site.broken is not None:
        raise site.broken
