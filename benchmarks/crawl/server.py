"""Serves a :class:`Site` on loopback from a process of its own, so that its work is in nobody's figures.

``python -m benchmarks.crawl.server PAGES VARIANT`` prints its port and takes lines on standard input:
``edit`` edits pages, ``quit`` (or the end of input) ends it; each is answered with ``ok``.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, get_args

from benchmarks.crawl.site import Site, noise, pdf, unmarked, woven

# The third is the first without landmarks, so that readers have to ask Trafilatura where the text is.
Variant = Literal["validators", "noise", "unmarked"]
_KEPT = 10_000  # pages whose bytes are kept; beyond, each is made again when it is asked for
_MODIFIED = b"Mon, 02 Nov 2026 06:00:00 GMT"


class _Pages:
    """The answers to all paths, made before anybody asks."""

    def __init__(self, site: Site, variant: Variant) -> None:
        self.site, self._variant = site, variant
        self._rng = random.Random("noise")
        self._paths = {site.path(page): page for page in range(site.pages)}
        self._parts: dict[int, tuple[bytes, ...]] = {}
        self._still = noise(random.Random("still"), 1_793_000_000.0)
        self._warm()

    def edit(self) -> None:
        """Edit pages; nothing else changes."""
        self.site = self.site.edited()
        self._warm()

    def _warm(self) -> None:
        if self.site.pages <= _KEPT:
            self._parts = {page: self._made(page) for page in range(self.site.pages)}
        for number in range(self.site.pdfs):
            pdf(number)

    def _made(self, page: int) -> tuple[bytes, ...]:
        parts = self.site.parts(page)
        return tuple(map(unmarked, parts)) if self._variant == "unmarked" else parts

    def answer(self, path: str, tag: bytes) -> bytes:
        """The whole answer to one request."""
        page = self._paths.get(path)
        if page is not None:
            parts = self._parts.get(page) or self._made(page)
            if self._variant == "noise":
                return _found(woven(parts, noise(self._rng, time.time())), b"text/html; charset=utf-8", b"")
            own = b'"%d-%d"' % (page, self.site.editions.get(page, 0))
            return _same(own) if tag == own else _found(woven(parts, self._still), b"text/html; charset=utf-8", own)
        number = path.removeprefix("/dokumente/").removesuffix(".pdf")
        if path.startswith("/dokumente/") and number.isdigit() and int(number) < self.site.pdfs:
            own = b'"pdf-%s"' % number.encode() if self._variant != "noise" else b""
            return _same(own) if own and tag == own else _found(pdf(int(number)), b"application/pdf", own)
        return b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nnone"


def _same(tag: bytes) -> bytes:
    return b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\nLast-Modified: %s\r\n\r\n" % (tag, _MODIFIED)


def _found(body: bytes, kind: bytes, tag: bytes) -> bytes:
    marks = b"ETag: %s\r\nLast-Modified: %s\r\n" % (tag, _MODIFIED) if tag else b""
    head = b"HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n"
    return head % (kind, marks, len(body)) + body


class _Connection(asyncio.Protocol):
    def __init__(self, pages: _Pages) -> None:
        self._pages = pages
        self._read = b""
        self._out: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._out = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, self._read = self._read.partition(b"\r\n\r\n")
            first, *lines = head.split(b"\r\n")
            tag = next((line[15:] for line in lines if line[:15].lower() == b"if-none-match: "), b"")
            self._out.write(self._pages.answer(first.split()[1].decode(), tag))


async def _serve(pages: _Pages) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(pages), "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    while (order := (await loop.run_in_executor(None, sys.stdin.readline)).strip()) not in ("", "quit"):
        if order == "edit":
            pages.edit()
        print("ok", flush=True)


class Serving:
    """A server that runs: ``home`` is its address, ``site`` what it shows."""

    def __init__(self, site: Site, process: subprocess.Popen[str]) -> None:
        self.site, self._process = site, process
        self.home = f"http://127.0.0.1:{self._line()}/"

    def edit(self) -> None:
        """Edit pages of the site."""
        assert self._process.stdin is not None
        self._process.stdin.write("edit\n")
        self._process.stdin.flush()
        if self._line() != "ok":
            raise RuntimeError("the server has ended")
        self.site = self.site.edited()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def serving(pages: int, variant: Variant) -> Iterator[Serving]:
    """A server in a process of its own, ended at the end."""
    command = [sys.executable, "-m", "benchmarks.crawl.server", str(pages), variant]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Serving(Site(pages), process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def main(words: list[str]) -> None:
    """Serve until standard input says otherwise."""
    (variant,) = (each for each in get_args(Variant) if each == words[1])
    asyncio.run(_serve(_Pages(Site(int(words[0])), variant)))


if __name__ == "__main__":
    main(sys.argv[1:])
