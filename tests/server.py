"""A web site on loopback whose pages a test changes between crawls, and whose other paths misbehave by name.

Misbehaving paths: /drop /slow /drip /partial /chunk-cut /gzip-cut /close /etag /exact /redirect-loop /ping /pong
/redirect-chain/N /bad-charset /status/N /429 /503 /odd-head /huge-head /huge /headers
"""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]  # names in lower case
    at: float  # time.monotonic()
    line: str = ""  # the whole request line
    peer: str = ""


@dataclass(frozen=True)
class Reply:
    """What to answer. With ``etag`` or ``modified`` the server answers 304 as nginx does with ``exact``."""

    body: bytes | str = b""
    status: int = 200
    type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    etag: str = ""
    modified: str = ""
    raw: bytes | None = None  # the whole answer, byte for byte; the connection is closed behind it

    @property
    def bytes(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


Page = Reply | str | Callable[[Asked], "Reply | str"]


def html(title: str, *paragraphs: str, links: tuple[str, ...] = ()) -> str:
    """A small whole page."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    anchors = "".join(f'<li><a href="{link}">Weiter zu {link}</a></li>' for link in links)
    return (
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1>{text}<ul>{anchors}</ul></main></body></html>"
    )


LONG = "Die Verwaltung informiert an dieser Stelle über ihre Arbeit, Termine und Wege zu den Ämtern der Stadt. "


class Site:
    """One server on one loopback address. ``pages`` may be changed at any time; ``requests`` records what was asked."""

    def __init__(self, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.pages: dict[str, Page] = {}
        self.every: Page | None = None  # answers everything when set: an outage, a maintenance page
        self.requests: list[Asked] = []
        self.connections = 0
        self.closing = threading.Event()
        self._server = _Server((address, port), _Handler)
        self._server.site = self
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        self.address = address
        host = f"[{address}]" if ":" in address else address
        self.base = f"{'https' if tls else 'http'}://{host}:{self.port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def url(self, path: str = "/") -> str:
        return self.base + path

    def paths(self) -> list[str]:
        """The paths asked for, in order, robots.txt left out."""
        return [asked.path for asked in self.requests if asked.path != "/robots.txt"]

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.requests if asked.path == path]

    def forget(self) -> None:
        self.requests.clear()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    site: Site

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the tests."""

    def process_request(self, request: Any, client_address: Any) -> None:
        self.site.connections += 1
        super().process_request(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms for the client's delayed acknowledgement
    server: _Server
    timeout = 30

    def do_GET(self) -> None:
        site = self.server.site
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.path, headers, time.monotonic(), self.requestline, f"{self.client_address[0]}")
        site.requests.append(asked)
        page = site.every if site.every is not None else site.pages.get(self.path)
        if page is None:
            page = self._misbehaviour(asked)
        if page is None:
            return
        if callable(page):
            page = page(asked)
        self._send(asked, Reply(page) if isinstance(page, str) else page)

    def do_CONNECT(self) -> None:
        """A proxy's tunnel: recorded and refused."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.site.requests.append(Asked(self.path, headers, time.monotonic(), self.requestline))
        self._raw(b"HTTP/1.1 502 No tunnel\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def _send(self, asked: Asked, reply: Reply) -> None:
        if reply.raw is not None:
            self._raw(reply.raw)
            return
        status, body = reply.status, reply.bytes
        if _not_modified(asked.headers, reply):
            status, body = 304, b""
        self.send_response(status)
        if status != 304:
            self.send_header("Content-Type", reply.type)
            self.send_header("Content-Length", str(len(body)))
        if reply.etag:
            self.send_header("ETag", reply.etag)
        if reply.modified:
            self.send_header("Last-Modified", reply.modified)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _raw(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()
        self.close_connection = True

    def _misbehaviour(self, asked: Asked) -> Page | None:
        name, _, rest = asked.path.partition("?")[0].removeprefix("/").partition("/")
        method = getattr(self, "_" + name.replace("-", "_").replace(".", "_"), None)
        if method is not None and name not in {"send", "raw", "misbehaviour"}:
            return method(rest, asked)
        return Reply(html("Seite nicht gefunden", "Die Seite gibt es hier nicht."), status=404)

    def _drop(self, _rest: str, _asked: Asked) -> None:
        self.close_connection = True

    def _slow(self, _rest: str, _asked: Asked) -> None:
        self.server.site.closing.wait(60)
        self.close_connection = True

    def _drip(self, _rest: str, _asked: Asked) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
        while not self.server.site.closing.wait(0.05):
            self.wfile.write(b"x")
            self.wfile.flush()

    def _partial(self, _rest: str, _asked: Asked) -> None:
        body = html("Halbe Seite", LONG * 5).encode()
        self._raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
            + body[: len(body) // 2]
        )

    def _chunk_cut(self, _rest: str, _asked: Asked) -> None:
        body = html("Halbe Seite", LONG * 5).encode()[:300]
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        self._raw(head + b"%x\r\n%s\r\n" % (len(body), body))

    def _gzip_cut(self, _rest: str, _asked: Asked) -> Reply:
        whole = gzip.compress(html("Halbe Seite", LONG * 50).encode(), mtime=0)
        return Reply(whole[: len(whole) // 2], headers=(("Content-Encoding", "gzip"),))

    def _close(self, _rest: str, _asked: Asked) -> None:
        body = html("Ganze Seite", LONG * 5).encode()
        self._raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n" + body)

    def _etag(self, _rest: str, _asked: Asked) -> Reply:
        return Reply(html("Mit Marke", LONG * 3), etag='W/"Marke:1"')

    def _exact(self, _rest: str, _asked: Asked) -> Reply:
        return Reply(html("Mit Datum", LONG * 3), modified="Mon, 02 Mar 2026 07:00:00 GMT", etag='"abc-1"')

    def _redirect_loop(self, _rest: str, asked: Asked) -> Reply:
        return _to(asked.path)

    def _ping(self, _rest: str, _asked: Asked) -> Reply:
        return _to("/pong")

    def _pong(self, _rest: str, _asked: Asked) -> Reply:
        return _to("/ping")

    def _redirect_chain(self, rest: str, _asked: Asked) -> Reply:
        return _to(f"/redirect-chain/{int(rest) + 1}")

    def _bad_charset(self, _rest: str, _asked: Asked) -> Reply:
        return Reply(html("Grün", LONG * 3).encode("latin-1"), type="text/html; charset=utf-8")

    def _status(self, rest: str, _asked: Asked) -> Reply:
        return Reply(html("Fehler", "Es ist ein Fehler aufgetreten."), status=int(rest))

    def _429(self, rest: str, _asked: Asked) -> Reply:
        return Reply("zu viele Anfragen", status=429, headers=(("Retry-After", rest or "1"),))

    def _503(self, rest: str, _asked: Asked) -> Reply:
        return Reply("ausgefallen", status=503, headers=(("Retry-After", rest),) if rest else ())

    def _odd_head(self, _rest: str, _asked: Asked) -> None:
        self._raw(ODD_HEAD + b"<!DOCTYPE html><html><title>x</title><body><main><h1>Kopf</h1></main></body></html>")

    def _huge_head(self, _rest: str, _asked: Asked) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(20000):
            self.wfile.write(b"X-Padding-%d: %s\r\n" % (number, b"x" * 200))
        self._raw(b"\r\n")

    def _huge(self, _rest: str, _asked: Asked) -> Reply:
        return Reply(b"<html>" + b"x" * 3_000_000)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


ODD_HEAD = (
    b"HTTP/1.1 200 Alles  klar\r\n"
    b"x-ODD-case: Wert mit  Leerzeichen \r\n"
    b"Set-Cookie: a=1\r\nset-cookie: b=2\r\n"
    b"X-Folded: eins\r\n zwei\r\n"
    b"Content-Type: text/html;charset=utf-8\n"
    b"no colon here\r\n"
    b"X-Bytes: \xfc\xff\r\n"
    b"\r\n"
)


def _to(path: str, status: int = 302) -> Reply:
    return Reply(status=status, headers=(("Location", path),))


def _not_modified(headers: Mapping[str, str], reply: Reply) -> bool:
    """nginx with `if_modified_since exact`: every validator that is sent must be the very one."""
    sent = headers.get("if-none-match"), headers.get("if-modified-since")
    if reply.status != 200 or sent == (None, None) or not (reply.etag or reply.modified):
        return False
    return (sent[0] is None or sent[0] == reply.etag) and (sent[1] is None or sent[1] == reply.modified)


redirect = _to


@dataclass
class Canary:
    """Listens and only counts: nobody must ever connect."""

    address: str = "127.0.0.1"
    port: int = 0
    site: Site = field(init=False)

    def __post_init__(self) -> None:
        self.site = Site(self.address, port=self.port)
        self.port = self.site.port

    @property
    def touched(self) -> int:
        return self.site.connections


@contextmanager
def serving(address: str = "127.0.0.1", tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[Site]:
    """A site on a free port, closed at the end."""
    site = Site(address, tls, port)
    try:
        yield site
    finally:
        site.close()
