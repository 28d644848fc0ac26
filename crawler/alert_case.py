"""A change with the states of the site it was told from, as a folder: a test of what is told, made by a command."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from alerts.retraction import KIND as RETRACTED
from alerts.retraction import retracted
from crawler.case import CASE, answer_of, suffix
from crawler.readers import Received
from storage.archive import Archive
from storage.records import Capture, Change, Crawl
from web.written import moment

BODIES = "bodies"
# So many crawls lie in a case at most: the state that readers knew, and the last ones before the change was told.
MOST_CRAWLS = 6


def name_of(change: Change) -> str:
    """What the folder of a case is called."""
    return f"{change.kind.replace('.', '-')}-{change.id[:8]}"


def save(folder: Path, archive: Archive, change: Change, source: Mapping[str, Any], *, wrong: str = "") -> int:
    """Write the crawls from the last state that readers knew up to the one that brought a change.

    ``source`` is the source's table in the config. With ``wrong`` (why) the change is not among what is expected of a
    replay; everything else that those crawls brought is. Returns how many crawls there are.

    Raises:
        OSError: when the folder cannot be written.
        CodingError: for a body that cannot be decoded.
    """
    crawls = _crawls(archive, change)
    (folder / BODIES).mkdir(parents=True, exist_ok=True)
    about = {
        "told": {"kind": change.kind, "uri": change.uri, "summary": change.summary},
        "wrong": wrong,
        "expected": _expected(archive, crawls, change, wrong=bool(wrong)),
        "source": dict(source),
        "crawls": [{"at": moment(crawl.started_at), "answers": _answers(folder, archive, crawl)} for crawl in crawls],
    }
    (folder / CASE).write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return len(crawls)


def _crawls(archive: Archive, change: Change) -> list[Crawl]:
    """Oldest first: the last crawl that saw what readers knew, and all after it that the change may rest on."""
    until = [
        crawl
        for crawl in reversed(archive.crawls(change.source))
        if crawl.id <= change.crawl_id and crawl.ended_at is not None
    ]
    uris = dict.fromkeys((change.uri, *change.uris, *(one for one in (change.before,) if isinstance(one, str))))
    good = [last for uri in uris if (last := _last_good(archive, uri, change.crawl_id))]
    first = min(good, default=until[-2].id if len(until) > 1 else change.crawl_id)
    wanted = [crawl for crawl in until if crawl.id >= first]
    return [wanted[0], *wanted[1:][1 - MOST_CRAWLS :]]


def _last_good(archive: Archive, uri: str, before: int) -> int:
    """The last crawl before another that saw a page, 0 if none did."""
    seen = (each for each in archive.captures_of(uri) if each.version_id is not None and each.crawl_id < before)
    return max((each.crawl_id for each in seen), default=0)


def _expected(archive: Archive, crawls: Sequence[Crawl], change: Change, *, wrong: bool) -> list[dict[str, str]]:
    """What those crawls brought and nobody took back: the first one is the replay's baseline, which tells nothing."""
    later = {crawl.id for crawl in crawls[1:]}
    told = archive.changes(source=change.source)
    false = retracted(told).keys() | ({change.id} if wrong else set())
    right = (one for one in told if one.crawl_id in later and one.kind != RETRACTED and one.id not in false)
    return [{"kind": one.kind, "uri": one.uri} for one in right]


def _answers(folder: Path, archive: Archive, crawl: Crawl) -> list[dict[str, Any]]:
    view = archive.crawl_view(crawl)
    captures = (*(look.capture for look in view.looks.values()), *view.probes)
    return [_answer(folder, archive, capture) for capture in sorted(captures, key=lambda each: (each.uri, each.id))]


def _answer(folder: Path, archive: Archive, capture: Capture) -> dict[str, Any]:
    """One answer; that of a 304 is the one it confirmed."""
    kept = archive.capture(capture.id) or capture  # a look comes without what is known of its bytes
    shown = (archive.capture(kept.revisit_of) if kept.revisit_of else None) or kept
    if shown.status is None or shown.payload_digest is None:
        return {"address": capture.uri, "status": shown.status}
    received = Received(
        uri=capture.uri, status=shown.status, head=shown.head, payload=archive.payload(shown.payload_digest)
    )
    answer = answer_of(received)
    file = f"{BODIES}/{sha256(answer.body).hexdigest()[:16]}{suffix(answer)}"
    (folder / file).write_bytes(answer.body)
    return {"address": capture.uri, "status": answer.status, "headers": dict(answer.headers), "body": file}
