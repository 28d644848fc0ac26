"""The command: ``python -m benchmarks.web [--captures N] [--seconds N] [--readers N] [--json]``."""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlsplit

from benchmarks.archive import retrieval, site
from benchmarks.web import made, plain
from benchmarks.web.made import Made
from web.routes import ROUTES

MARK, SLOW_MARK = 50.0, 200.0  # milliseconds, of 95 answers in 100
SLOW = frozenset({"search", "compare", "compare beside", "change", "change beside"})  # search, and what makes a diff
WRITES = 5.0  # captures a second: more than a polite crawl makes
_WORDS = ("Förderung", "gesundheitsamt", "Bescheid", "Verordnung", "umwelt", "Jugendhilfe")
_DAY = timedelta(days=1)

Path_ = Callable[[random.Random], str]


def kinds(of: Made) -> Mapping[str, Path_]:
    """How to ask for each kind of page; those whose route there is."""

    def uri(rng: random.Random) -> str:
        return site.HOST + site.path(rng.randrange(of.pages))

    def at(rng: random.Random) -> str:
        return f"{site.FIRST + rng.uniform(1, retrieval.LOOKS) * _DAY:%Y%m%d%H%M%S}"

    def two(rng: random.Random) -> str:
        first, last = site.FIRST + 2 * _DAY, site.FIRST + (retrieval.LOOKS - 2) * _DAY
        return f"{first:%Y%m%d%H%M%S}/{last:%Y%m%d%H%M%S}/{uri(rng)}"

    def day(rng: random.Random) -> str:
        return f"{site.FIRST + rng.randrange(retrieval.LOOKS) * _DAY:%Y-%m-%d}"

    def week(rng: random.Random) -> str:
        return f"2025-W{rng.randrange(2, 14):02}"

    every: dict[str, tuple[str, Path_]] = {
        "start": ("/", lambda _: "/de/"),
        "week": ("/week/{week}", lambda rng: f"/de/week/{week(rng)}"),
        "day": ("/day/{day}", lambda rng: f"/de/day/{day(rng)}"),
        "year": ("/year/{year:int}", lambda _: "/de/year/2025"),
        "change": ("/change/{id}", lambda rng: f"/de/change/{rng.choice(of.changes)}"),
        "change beside": ("/change/{id}/beside", lambda rng: f"/de/change/{rng.choice(of.changes)}/beside"),
        "page": ("/page", lambda rng: f"/de/page/{uri(rng)}"),
        "page as JSON": ("/page", lambda rng: f"/json/page/{uri(rng)}"),
        "archived state": ("/web/{when}", lambda rng: f"/de/web/{at(rng)}/{uri(rng)}"),
        "archived state as it looked": ("/web/{when}", lambda rng: f"/web/{at(rng)}if_/{uri(rng)}"),
        "compare": ("/compare/{before}/{after}", lambda rng: f"/de/compare/{two(rng)}"),
        "compare beside": ("/compare/beside/{before}/{after}", lambda rng: f"/de/compare/beside/{two(rng)}"),
        "TimeMap": ("/timemap/link", lambda rng: f"/timemap/link/{uri(rng)}"),
        "seminars": ("/seminars", lambda _: "/de/seminars"),
        "notices": ("/notices", lambda _: "/de/notices"),
        "documents": ("/documents", lambda _: "/de/documents"),
        "source": ("/source/{name}", lambda _: "/de/source/section"),
        "search": ("/search", lambda rng: f"/de/search?words={quote(rng.choice(_WORDS))}"),
        "digests": ("/digests", lambda _: "/de/digests"),
        "health": ("/health", lambda _: "/de/health"),
        "feed": ("/feed.atom", lambda _: "/feed.atom"),
        "style": ("", lambda _: "/static/style.css"),
    }
    there = {to.path for to in ROUTES} | {""}
    return {name: path for name, (route, path) in every.items() if route in there}


@contextmanager
def serving(words: list[str], log: Path) -> Iterator[tuple[str, int]]:
    """A server in a process of its own; gives its address and process id, and ends it."""
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, *words], stdout=out, stderr=out)
        try:
            yield _address(process, log), process.pid
        finally:
            process.terminate()
            process.wait(timeout=20)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    while process.poll() is None:
        _, found, address = log.read_text("utf-8").partition("http://127.0.0.1:")
        if found and "\n" in address:
            return f"http://127.0.0.1:{address.split('/')[0]}"
        time.sleep(0.05)
    raise SystemExit(log.read_text("utf-8"))


def ask(url: str, path: str) -> tuple[float, int]:
    """One request as a reader's browser makes it: (milliseconds to the last byte, bytes).

    No bytes where the view refused (503) what took it too long.
    """
    start = time.perf_counter()
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        size = len(answer.read())
        if answer.status not in (200, 302, 503):
            raise AssertionError(f"{path}: {answer.status}")
        if answer.status == 302:  # an archived state has one address, the one of its own second
            return ask(url, answer.headers["Location"])
    finally:
        connection.close()
    return 1000 * (time.perf_counter() - start), 0 if answer.status == 503 else size


def measured(url: str, asked: Mapping[str, Path_], readers: int, seconds: float) -> dict[str, list[tuple[float, int]]]:
    """So many readers, each asking once a second for another kind of page."""
    found: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    names = list(asked)
    end = time.monotonic() + seconds
    over = threading.Event()

    def reader(number: int) -> None:
        rng = random.Random(number)
        turn, due = number, time.monotonic() + number / readers
        while due < end and not over.wait(max(0.0, due - time.monotonic())):
            name = names[turn % len(names)]
            found[name].append(ask(url, asked[name](rng)))
            turn, due = turn + 1, due + 1

    with ThreadPoolExecutor(readers) as pool:
        for each in [pool.submit(reader, number) for number in range(readers)]:
            each.result()
    return found


def processor(url: str, process: int, path: Path_, times: int) -> float:
    """Milliseconds of the view's processor time for one of so many answers, when nobody else asks."""
    rng = random.Random("processor")
    start = _spent(process)
    for _ in range(times):
        ask(url, path(rng))
    return 1000 * (_spent(process) - start) / times


def _spent(process: int) -> float:
    """Seconds of processor time of a process so far (proc(5): utime and stime)."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def at_share(values: list[float], share: float) -> float:
    """The value that this share of all is not above."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def main(words: list[str] | None = None) -> int:
    """Measure, print, and return 0 when every kind of page is within its mark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__)
    parser.add_argument("--captures", type=int, default=100_000, help="captures in the archive (100000)")
    parser.add_argument("--seconds", type=float, default=60, help="how long readers ask (60)")
    parser.add_argument("--readers", type=int, default=20, help="how many ask once a second each (20)")
    parser.add_argument("--alone", type=int, default=40, help="answers of each kind whose processor time is taken (40)")
    parser.add_argument("--json", action="store_true", help="one object a line")
    options = parser.parse_args(words)
    with TemporaryDirectory() as name:
        folder = Path(name)
        of = made.make(folder, options.captures)
        rows = _run(of, options.readers, options.seconds, options.alone)
    for row in rows:
        print(json.dumps(row) if options.json else _line(row))
    if not options.json:
        load = os.getloadavg()[0]
        print(f"{of.pages * retrieval.LOOKS} captures of {of.pages} pages; load of the machine {load:.1f}")
    return 0 if all(map(_met, rows)) else 1


def _met(row: Mapping[str, float]) -> bool:
    return row["p95"] <= row["mark"] and not row["refused"]


def _line(row: Mapping[str, float]) -> str:
    state = "met" if _met(row) else "MISSED"
    return (
        f"{row['kind']:28}{row['asked']:>5} asked {row['refused']:>3} refused {row['bytes']:>7} bytes  "
        f"processor {row['cpu']:>6.1f} ms  "
        f"p50 {row['p50']:>7.1f}  p95 {row['p95']:>7.1f}  p99 {row['p99']:>7.1f} ms  "
        f"{row['ratio']:>5.1f} times a file  at most {row['mark']:.0f}  {state}"
    )


def _run(of: Made, readers: int, seconds: float, alone: int) -> list[dict[str, float]]:
    context = multiprocessing.get_context("spawn")
    over = context.Event()
    serve = ["-m", "crawler", "--config", str(of.folder / "amtsblick.toml"), "serve", "--port", "0"]
    with serving(serve, of.folder / "view.log") as (url, view):
        asked = kinds(of)
        for path in asked.values():  # the first answer of a process reads its templates
            ask(url, path(random.Random(0)))
        writer = context.Process(target=made.write, args=(of.folder / "amtsblick.db", WRITES, over))
        writer.start()
        try:
            found = measured(url, asked, readers, seconds)
        finally:
            over.set()
            writer.join()
        cost = {name: processor(url, view, path, alone) for name, path in asked.items()}
    sizes = {name: max(size for _, size in each) for name, each in found.items()}
    with serving(["-m", plain.__name__], of.folder / "plain.log") as (url, _):
        files = {name: (lambda _, size=size: f"/{size}") for name, size in sizes.items()}
        compared = measured(url, files, readers, min(seconds, 20))
    return [
        _row(name, sizes[name], found[name], compared.get(name, [])) | {"cpu": cost[name]}
        for name in asked
        if name in found
    ]


def _row(name: str, size: int, found: list[tuple[float, int]], compared: list[tuple[float, int]]) -> dict[str, float]:
    times, files = [each for each, _ in found], [each for each, _ in compared]
    median = at_share(times, 0.5)
    return {
        "kind": name,  # type: ignore[dict-item]
        "asked": len(times),
        "bytes": size,
        "refused": sum(not size for _, size in found),
        "p50": median,
        "p95": at_share(times, 0.95),
        "p99": at_share(times, 0.99),
        "ratio": median / at_share(files, 0.5) if files else math.nan,
        "mark": SLOW_MARK if name in SLOW else MARK,
    }


if __name__ == "__main__":
    sys.exit(main())
