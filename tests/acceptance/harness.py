"""Drives the installed command as a stranger would: a site on loopback, a config file, subprocesses, JSON Lines."""

from __future__ import annotations

import atexit
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

from crawler import cli
from crawler.clock import Clock
from crawler.commands import crawl as crawling
from crawler.config import Config, shipped
from crawler.runner import CrawlProcess

# Commands that last, or are killed in tests, get a process of their own. All others are run in this one, and crawls in
# one crawl process for all tests of a worker, as `run` has it: there are thousands of them, and each would load for a
# second or two.
_LASTING = frozenset({"demo", "reextract", "run", "serve"})
COMMAND = Path(sys.executable).parent / "amtsblick"


@dataclass(frozen=True)
class Answer:
    """What the site answers at one path."""

    body: bytes | str = ""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Site:
    """A web site whose pages a test changes between two crawls; ``get`` may also be a function of the path."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.pages: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.fallback = Answer("<html><body><h1>Seite nicht gefunden</h1></body></html>", status=404)
        self.every: Answer | None = None  # answers everything, when set: an outage, a maintenance page
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # head and body are two writes: without this each answer waits for 40 ms

            def do_GET(self) -> None:
                site.requests.append((self.path, dict(self.headers.items())))
                answer = site.every or site.pages.get(self.path, site.fallback)
                body = answer.body.encode() if isinstance(answer.body, str) else answer.body
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.type)
                self.send_header("Content-Length", str(len(body)))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: object) -> None:
                pass

        self.server = ThreadingHTTPServer((address, 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://{address}:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def serving(address: str = "127.0.0.1") -> Iterator[Site]:
    """A site on a free port, closed at the end."""
    site = Site(address)
    try:
        yield site
    finally:
        site.close()


@dataclass(frozen=True)
class Result:
    """What one command gave."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def _here(folder: Path, options: list[str]) -> Result:
    out, err = _Pipe(), _Pipe()
    with redirect_stdout(out), redirect_stderr(err), chdir(folder), patch.object(crawling, "run_crawl", _crawled):
        code = cli.run(options)
    return Result(code, out.text, err.text)


class _Pipe(io.TextIOWrapper):
    """A stream as a pipe is one: it takes bytes as well, and is no terminal."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "utf-8", write_through=True)

    @property
    def text(self) -> str:
        kept = self.buffer
        assert isinstance(kept, io.BytesIO)
        return kept.getvalue().decode()


@cache
def _crawl_process() -> CrawlProcess:
    """The one of a worker."""
    process = CrawlProcess(shipped())
    atexit.register(process.close)
    return process


def _crawled(config: Config, names: Sequence[str], clock: Clock, on_event: Any, *, dry_run: bool = False) -> Any:
    """What :func:`crawler.runner.run_crawl` does, by a process that is already there."""
    process = _crawl_process()
    process.config = config
    return process.crawl(names, clock, on_event, dry_run=dry_run)


class Desk:
    """A folder with a config file, and the command run in it."""

    def __init__(self, folder: Path, config: str) -> None:
        self.folder = folder
        self.config = folder / "amtsblick.toml"
        self._told: set[str] = set()  # ids of the changes that were given before
        self.write(config)

    def write(self, config: str) -> None:
        self.config.write_text(config, encoding="utf-8")
        self.config.chmod(0o600)

    def run(self, *words: str, now: str | None = None, expect: int | None = 0) -> Result:
        """Runs one command; ``expect`` is the exit code that it must have, None for any."""
        options = ["--config", str(self.config), *(["--now", now] if now else []), *words]
        alone = words[0] in _LASTING or "PYTHONPATH" in os.environ  # page objects of a test's own, found at the start
        result = self._as_process(options) if alone else _here(self.folder, options)
        assert "Traceback" not in result.err, result.err
        if expect is not None:
            assert result.code == expect, f"{words} gave {result.code}\n{result.out}\n{result.err}"
        return result

    def _as_process(self, options: list[str]) -> Result:
        line = [str(COMMAND), *options]
        env = {name: value for name, value in os.environ.items() if not name.startswith("AMTSBLICK_")}
        done = subprocess.run(line, capture_output=True, text=True, cwd=self.folder, env=env, timeout=110, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def json(self, *words: str, now: str | None = None, expect: int | None = 0) -> list[dict[str, Any]]:
        return self.run(*words, "--json", now=now, expect=expect).rows

    def catch_up(self) -> None:
        """Take what there is for known: a crawl was not started by :meth:`crawl`."""
        self._told.update(row["id"] for row in self.json("changes", expect=None))

    def crawl(self, now: str, expect: int | None = 0) -> list[dict[str, Any]]:
        """Crawls everything at a moment and gives the changes it brought."""
        self.json("crawl", now=now, expect=expect)
        fresh = [row for row in self.json("changes") if row["id"] not in self._told]
        self._told.update(row["id"] for row in fresh)
        return fresh
