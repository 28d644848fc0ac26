"""Programs nobody wrote for a test, in environments of their own (`make test-setup`): pywb, wacz, fastwarc, cdxj-indexer."""

from __future__ import annotations

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

WITNESSES = ROOT / ".witness"
_START = 30.0  # seconds


def run(environment: str, command: str, *arguments: Path | str, cwd: Path | None = None) -> tuple[int, str]:
    """A command of an environment: its exit code, and all it said."""
    line = [str(WITNESSES / environment / "bin" / command), *map(str, arguments)]
    done = subprocess.run(line, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Wayback:
    """A running pywb with one collection for each file; addresses are given as they were archived."""

    port: int

    def ask(self, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()


@contextmanager
def wayback(folder: Path, **collections: Path) -> Iterator[Wayback]:
    """pywb over exported files, each a collection of its name."""
    for name, file in collections.items():
        for kind in ("archive", "indexes"):  # what `wb-manager init` makes, and a second more
            (folder / "collections" / name / kind).mkdir(parents=True)
        unpack = ["--unpack-wacz"] if file.suffix == ".wacz" else []
        code, said = run("pywb", "wb-manager", "add", *unpack, name, file, cwd=folder)
        assert code == 0, said
    with replaying(folder, "framed_replay: false\nenable_memento: true\n") as served:
        yield served


@contextmanager
def replaying(folder: Path, config: str) -> Iterator[Wayback]:
    """pywb in a folder of its own, by its config."""
    (folder / "config.yaml").write_text(config)
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    log = folder / "pywb.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [WITNESSES / "pywb/bin/wayback", "-p", str(port), "-b", "127.0.0.1", "-d", folder], cwd=folder, stdout=out, stderr=out
        )  # fmt: skip
    try:
        served = Wayback(port)
        end = time.monotonic() + _START
        while not _answers(served):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
        yield served
    finally:
        process.terminate()
        process.wait(10)


def _answers(served: Wayback) -> bool:
    try:
        return served.ask("/").status < 500
    except OSError:
        time.sleep(0.05)  # a condition is waited for, with a limit
        return False
