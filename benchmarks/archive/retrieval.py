"""How fast any page of any day is back out of archives of several sizes, in how much memory, and their bytes."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from backports import zstd
from sqlite_utils import Database

from benchmarks.archive import site
from benchmarks.archive.ours import SOURCE
from extractors import address
from extractors.model import Block, BlockKind, Page
from storage import payloads, readings, search
from storage.archive import Archive
from storage.codec import stamp

LOOKS = 100  # at each page, one a day
ASKED = 400
WITHIN = {100_000: 20.0, 1_000_000: 40.0}  # milliseconds, of 95 answers in 100
_WORDS = ("Förderung", "gesundheitsamt")  # one of the commonest words, and a rarer one in another spelling
_DAY = timedelta(days=1)

_CONTENT = "INSERT INTO content (id, digest, size, coding, base, data) VALUES (?, ?, ?, ?, ?, ?)"
_CAPTURE = """
INSERT INTO capture (id, crawl_id, resource, uri, captured_at, request, head, payload, status, peer, elapsed_ms, probe,
    depth, is_document, label, error, chain, outcome, rule, reading, version_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 200, '192.0.2.1:443', 40, 0, 1, 0, '', '', ?, 'ok', 'read', ?, ?)
"""


def main(sizes: Sequence[int], *, as_json: bool) -> int:
    """Make an archive of each size, ask it, print the curve; 0 when all marks that were measured are met."""
    found: dict[int, dict[str, float]] = {}
    for size in sizes:
        with TemporaryDirectory() as folder:
            place = Path(folder) / "amtsblick.db"
            start = time.monotonic()
            fill(place, max(size // LOOKS, 1))
            filled = time.monotonic() - start
            words = [sys.executable, "-m", "benchmarks.archive.retrieval", str(place), str(max(size // LOOKS, 1))]
            asked = subprocess.run(words, check=True, capture_output=True, text=True).stdout
            found[size] = {"captures": size, "bytes": place.stat().st_size, **json.loads(asked), "fill_s": filled}
        _print(found[size], as_json=as_json)
    for size, most in WITHIN.items():
        late = found.get(size, {}).get("p95_ms")
        state = "not measured" if late is None else f"{late:.2f}  {'met' if late <= most else 'MISSED'}"
        print(
            f"ms out of {size}, 95 of 100 answers: at most {most:g}: {state}",
            file=sys.stderr if as_json else sys.stdout,
        )
    return 0 if all(row["p95_ms"] <= WITHIN.get(size, row["p95_ms"]) for size, row in found.items()) else 1


def _print(row: dict[str, float], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(row))
        return
    print(
        f"{row['captures']:>9} captures {row['bytes'] / 1e6:>8.1f} MB {row['bytes'] / row['captures']:>6.0f} bytes each"
        f"  a page of a day: first {row['first_ms']:.1f} ms, median {row['median_ms']:.2f}, p95 {row['p95_ms']:.2f}"
        f"  search: {row['search_ms']:.0f} ms  memory {row['peak_mb']:.0f} MB  (filled in {row['fill_s']:.0f} s)",
        flush=True,
    )


# --- filling


def fill(place: Path, pages: int) -> None:
    """An archive with 100 daily looks at each page, the text of each edited once in between.

    Written past the archive's writer, in the rows that it would make, since it is durable after each capture. Left
    out: detection, and the hash chain (its bytes are there and are no hashes).
    """
    with Archive.open(place, create=True) as archive, _unchecked(archive) as db:
        kept = [_page(db, number, pages) for number in range(pages)]
        request = payloads.store(db, site.fetch(0, 0, site.FIRST, 1).request).id
        captures = content = 0
        for look in range(LOOKS):
            at = site.FIRST + look * _DAY
            crawl = (SOURCE.name, "{}", stamp(at), stamp(at + timedelta(hours=1)))
            db.execute(
                "INSERT INTO crawl (source, config, started_at, ended_at, detected) VALUES (?, ?, ?, ?, 1)", crawl
            )
            content = content or 1 + db.execute("SELECT max(id) FROM content").fetchone()[0]
            rows, looks = [], []
            for number, page in enumerate(kept):
                moment = at + number * timedelta(milliseconds=300)
                rows += page.answers(content, look, moment)
                captures += 1
                looks.append(page.look(captures, look, moment, request, content))
                content += 2
            db.conn.executemany(_CONTENT, rows)
            db.conn.executemany(_CAPTURE, looks)
        db.execute("UPDATE resource SET looks = ?", [LOOKS])
        search.refresh(db, (reading for page in kept for reading in page.readings))
        search.tidy(db)


@contextmanager
def _unchecked(archive: Archive) -> Iterator[Database]:
    """One transaction in which a version may name its first look before that is there."""
    db = archive._connection.db  # noqa: SLF001 - past the writer, see above
    db.execute("PRAGMA foreign_keys = OFF")
    with archive.transaction():
        yield db


class _Kept:
    """A page while an archive is filled: its key frames and its two texts."""

    def __init__(self, number: int, pages: int) -> None:
        self.uri = site.HOST + site.path(number)
        self.resource = self.body = self.head = 0
        first = site.fetch(number, 0, site.FIRST, min(pages, 100))
        self.whole, self.first_head = first.body, first.head
        self.readings: list[int] = []
        self.versions: list[int] = []

    def answers(self, content: int, look: int, moment: datetime) -> Iterator[tuple[object, ...]]:
        """The rows of body and head, with noise of this look in both."""
        noise = sha256(f"{self.uri} {look}".encode()).hexdigest().encode()
        body = self.whole.replace(b"</footer>", noise + b"</footer>", 1)
        head = self.first_head.replace(b"Server:", f"X-Time: {moment}\r\nServer:".encode(), 1)
        for number, (data, frame, whole) in enumerate(
            ((body, self.body, self.whole), (head, self.head, self.first_head))
        ):
            prefix = zstd.ZstdDict(whole, is_raw=True).as_prefix
            packed = zstd.compress(data, 3, zstd_dict=prefix)
            yield content + number, sha256(data).digest(), len(data), payloads.DELTA, frame, packed

    def look(self, capture: int, look: int, moment: datetime, request: int, content: int) -> tuple[object, ...]:
        """The row of one look."""
        edition = 2 * look // LOOKS
        link = random.Random(capture).randbytes(32)
        return (
            capture, look + 1, self.resource, self.uri, stamp(moment), request, content + 1, content, link,
            self.readings[edition], self.versions[edition],
        )  # fmt: skip


def _page(db: Database, number: int, pages: int) -> _Kept:
    page = _Kept(number, pages)
    page.resource = _insert(db, "resource", address=address.key(page.uri))
    page.body = payloads.store(db, page.whole, payloads.Alike(sister=1 if number else None)).id
    page.head = payloads.store(db, page.first_head).id
    for edition in range(2):
        blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in site.paragraphs(number, edition))
        text = Page(uri=page.uri, title=page.uri, blocks=blocks, extractor="generic", extractor_version="1")
        alike = payloads.Alike() if not page.readings else readings.like(db, page.readings[-1])
        kept = readings.store(db, text, alike)
        since = site.FIRST + edition * (LOOKS // 2) * _DAY + number * timedelta(milliseconds=300)
        version = _insert(
            db, "version", resource=page.resource, uri=page.uri, text_digest=kept.text_digest, since=stamp(since),
            first_capture=1 + edition * (LOOKS // 2) * pages + number, reading=kept.id,
        )  # fmt: skip
        page.readings.append(kept.id)
        page.versions.append(version)
    return page


def _insert(db: Database, table: str, **row: object) -> int:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    return int(db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values())).lastrowid or 0)


# --- asking, in a process of its own


def ask(place: Path, pages: int) -> dict[str, float]:
    """Any page of any day, through the reader that ``snapshot --at`` uses; milliseconds by the clock."""
    rng = random.Random("asked")
    times = []
    with Archive.open(place, readonly=True) as archive:
        for _ in range(ASKED):
            uri = site.HOST + site.path(rng.randrange(pages))
            at = site.FIRST + rng.uniform(1, LOOKS) * _DAY
            start = time.perf_counter()
            view = archive.snapshot_at(uri, at)
            times.append(1000 * (time.perf_counter() - start))
            if view is None or not 0 <= (at - view.capture.captured_at) / _DAY <= 1:
                raise AssertionError(f"no state of {uri} at {at}")
        peak = _peak()
        start = time.perf_counter()
        for word in _WORDS:
            archive.search([word], limit=20)
        searched = 1000 * (time.perf_counter() - start) / len(_WORDS)
    first, *others = times
    others.sort()
    median, late = others[len(others) // 2], others[len(others) * 95 // 100]
    return {"first_ms": first, "median_ms": median, "p95_ms": late, "search_ms": searched, "peak_mb": peak}


def _peak() -> float:
    """The most memory that this process has had, in MB; getrusage would count the process that started it as well."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(ask(Path(sys.argv[1]), int(sys.argv[2]))))
