"""What is handed over, read by others: warcio, fastwarc, cdxj-indexer, wacz, and pywb that replays every look."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.exports import form, wacz, warcfile
from storage.records import Capture
from tests.storage import handed
from tests.storage.handed import ABOUT, ALL
from tests.storage.witness import Answer, Wayback, run, wayback

pytestmark = pytest.mark.needs_witness

# One pywb answers all tests of this file: its start takes longer than they do.
both = pytest.mark.parametrize("collection", ["warc", "wacz"])


@dataclass(frozen=True)
class Exported:
    warc: Path
    wacz: Path
    captures: tuple[Capture, ...]
    payloads: dict[int, bytes]
    served: Wayback

    def replayed(self, collection: str, capture: Capture) -> Answer:
        at = capture.captured_at.strftime("%Y%m%d%H%M%S")
        return self.served.ask(f"/{collection}/{at}id_/{_in_path(capture.uri)}")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    folder = tmp_path_factory.mktemp("exported")
    with Archive.open(folder / "amtsblick.db", create=True) as archive:
        handed.build(archive)
    warc, zipped = folder / "all.warc.gz", folder / "all.wacz"
    with Archive.open(folder / "amtsblick.db", readonly=True) as archive, archive.handover(ALL) as holdings:
        warcfile.write(warc, holdings, ABOUT, force=False, step=_nothing)
        wacz.write(zipped, holdings, ABOUT, force=False, step=_nothing)
        captures = tuple(capture for _, capture in holdings.captures())
        payloads = {each.id: archive.payload(each.payload_digest) for each in captures if each.payload_digest}
    with wayback(folder, warc=warc, wacz=zipped) as served:
        yield Exported(warc, zipped, captures, payloads, served)


def _nothing(_: str) -> None: ...


def _in_path(uri: str) -> str:
    """A URI in the path of pywb's own: its server undoes one percent-encoding, and a line break must not come of it."""
    return form.target_uri(uri).replace("%0", "%250")


def test_warcio_finds_every_digest_right(exported: Exported) -> None:
    code, said = run("wacz", "warcio", "check", "-v", exported.warc)
    assert code == 0, said
    assert said.count("digest pass") + said.count("not checked (revisit)") == said.count("offset ")


def test_fastwarc_finds_every_digest_right(exported: Exported) -> None:
    assert run("wacz", "fastwarc", "check", "-q", exported.warc)[0] == 0
    verdicts = exported.warc.with_suffix(".verdicts")
    run("wacz", "fastwarc", "check", "-q", "-p", "-o", verdicts, exported.warc)
    # Of a revisit the payload stands elsewhere: fastwarc calls its digest wrong in any file.
    failed = re.findall(r"(<\S+>): OK, PAYLOAD_FAIL", verdicts.read_text())
    assert len(failed) == sum(each.revisit_of is not None for each in exported.captures) + _same_again(exported)


def _same_again(exported: Exported) -> int:
    """Looks at bytes that an earlier look at the same URI brought."""
    seen: set[tuple[str, str | None]] = set()
    again = 0
    for each in exported.captures:
        if each.status == 200 and each.payload_size:
            again += (each.uri, each.payload_digest) in seen
            seen.add((each.uri, each.payload_digest))
    return again


def test_wacz_calls_the_package_valid(exported: Exported) -> None:
    code, said = run("wacz", "wacz", "validate", "-f", exported.wacz)
    assert code == 0, said


def test_our_index_is_the_one_that_the_indexer_of_the_field_makes(exported: Exported, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported.wacz) as package:
        package.extract("archive/data.warc.gz", tmp_path)
        ours = package.read("indexes/index.cdx").decode()
    code, theirs = run("wacz", "cdxj-indexer", "--sort", tmp_path / "archive" / "data.warc.gz")
    assert code == 0
    assert ours.replace('"mime": "unk", ', "") == theirs  # the specification wants a type where there is none


@both
def test_every_look_is_replayed_byte_for_byte(exported: Exported, collection: str) -> None:
    looks = [each for each in exported.captures if each.status not in (None, 301)]
    assert len(looks) == 27  # nine answers a day
    for each in looks:
        answer = exported.replayed(collection, each)
        assert answer.body == exported.payloads[each.id], each.uri
        assert answer.status == (200 if each.status == 304 else each.status), each.uri


@both
def test_a_304_is_replayed_with_the_body_and_head_it_confirmed(exported: Exported, collection: str) -> None:
    (confirmed,) = [each for each in exported.captures if each.status == 304]
    answer = exported.replayed(collection, confirmed)
    assert (answer.status, answer.body) == (200, handed.HTML)
    assert answer.headers["x-archive-orig-etag" if "x-archive-orig-etag" in answer.headers else "etag"] == '"v1"'
    assert _moment(answer) == confirmed.captured_at.strftime("%a, %d %b %Y %H:%M:%S GMT")


@both
def test_a_redirect_leads_on(exported: Exported, collection: str) -> None:
    hop = next(each for each in exported.captures if each.status == 301)
    answer = exported.replayed(collection, hop)
    assert answer.status == 301
    assert answer.headers["location"].endswith(handed.PAGE)


@both
def test_the_timemap_has_every_look_and_nothing_else(exported: Exported, collection: str) -> None:
    for uri in (handed.PAGE, handed.PDF, handed.NOISY, handed.GONE, handed.HOSTILE):
        listed = exported.served.ask(f"/{collection}/timemap/link/{_in_path(uri)}").body.decode()
        times = re.findall(r'rel="(?:first |last )?(?:first |last )?memento"; datetime="([^"]+)"', listed)
        looks = [each.captured_at.strftime("%a, %d %b %Y %H:%M:%S GMT") for each in exported.captures if each.uri == uri]
        assert times == looks, uri


@both
def test_the_timegate_gives_the_look_nearest_to_a_moment(exported: Exported, collection: str) -> None:
    looks = [each for each in exported.captures if each.uri == handed.PAGE]
    for each in looks:
        asked = each.captured_at.replace(hour=9).strftime("%a, %d %b %Y %H:%M:%S GMT")
        answer = exported.served.ask(f"/{collection}/{handed.PAGE}", Accept_Datetime=asked)
        assert answer.status in (200, 302, 307)
        assert "accept-datetime" in answer.headers["vary"].lower()
        found = _moment(answer) or answer.headers["location"]
        assert each.captured_at.strftime("%a, %d %b %Y %H:%M:%S GMT") in found or each.captured_at.strftime("%Y%m%d%H%M%S") in found


def test_what_never_answered_is_no_memento(exported: Exported) -> None:
    assert exported.served.ask(f"/warc/timemap/link/{handed.DEAD}").body == b""


def test_the_pages_are_the_versions(exported: Exported) -> None:
    with zipfile.ZipFile(exported.wacz) as package:
        head, *pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()]
        _, *documents = [json.loads(line) for line in package.read("pages/extraPages.jsonl").splitlines()]
    assert head["format"] == "json-pages-1.0"
    assert [each["ts"] for each in pages if each["url"] == handed.PAGE] == ["2026-01-05T06:00:02Z", "2026-01-07T06:00:02Z"]
    assert [each["url"] for each in documents] == [handed.PDF]
    for each in (*pages, *documents):
        at = datetime.fromisoformat(each["ts"]).strftime("%Y%m%d%H%M%S")
        assert exported.served.ask(f"/wacz/{at}id_/{_in_path(each['url'])}").status == 200


def _moment(answer: Answer) -> str:
    return answer.headers.get("memento-datetime", "")
