"""What is handed over, read by others: warcio, fastwarc, cdxj-indexer, wacz, and pywb that replays every look."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
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


@dataclass(frozen=True)
class Exported:
    warc: Path
    wacz: Path
    captures: tuple[Capture, ...]
    payloads: dict[int, bytes]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("exported")
    with Archive.open(folder / "amtsblick.db", create=True) as archive:
        handed.build(archive)
    warc, zipped = folder / "all.warc.gz", folder / "all.wacz"
    with Archive.open(folder / "amtsblick.db", readonly=True) as archive, archive.handover(ALL) as holdings:
        warcfile.write(warc, holdings, ABOUT, force=False, step=lambda _: None)
        wacz.write(zipped, holdings, ABOUT, force=False, step=lambda _: None)
        captures = tuple(capture for _, capture in holdings.captures())
        payloads = {each.id: archive.payload(each.payload_digest) for each in captures if each.payload_digest}
    return Exported(warc, zipped, captures, payloads)


def test_warcio_finds_every_digest_right(exported: Exported) -> None:
    code, said = run("wacz", "warcio", "check", "-v", exported.warc)
    assert code == 0, said
    assert said.count("digest pass") + said.count("not checked (revisit)") == said.count("offset ")


def test_fastwarc_finds_every_digest_right(exported: Exported) -> None:
    assert run("wacz", "fastwarc", "check", "-q", exported.warc)[0] == 0
    verdicts = exported.warc.with_suffix(".verdicts")
    run("wacz", "fastwarc", "check", "-q", "-p", "-o", verdicts, exported.warc)
    found = Counter(re.findall(r">: OK, (PAYLOAD_\w+)", verdicts.read_text()))
    # Of a revisit the payload stands elsewhere: fastwarc calls its digest wrong in any file.
    assert found["PAYLOAD_FAIL"] == _revisits(exported)
    assert found["PAYLOAD_OK"] == 2 * len(exported.captures) - _revisits(exported) - 3  # three were never answered


def _revisits(exported: Exported) -> int:
    """304s, and looks at bytes that an earlier look at the same URI brought."""
    seen: set[tuple[str, str | None]] = set()
    again = 0
    for each in exported.captures:
        if each.status == 200 and each.payload_size:
            again += (each.uri, each.payload_digest) in seen
            seen.add((each.uri, each.payload_digest))
    return again + sum(each.status == 304 for each in exported.captures)


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


def test_pywb_replays_every_look(exported: Exported, tmp_path: Path) -> None:
    """One pywb and one test: its start takes longer than all that is asked of it."""
    with wayback(tmp_path, warc=exported.warc, wacz=exported.wacz) as served:
        for name in ("warc", "wacz"):
            replay = Replay(served, name, exported)
            replay.gives_every_payload_byte_for_byte()
            replay.gives_a_304_the_head_and_body_it_confirmed()
            replay.redirects()
            replay.lists_every_look_and_nothing_else()
            replay.finds_the_look_nearest_to_a_moment()
            replay.opens_every_page_of_the_list()


@dataclass(frozen=True)
class Replay:
    served: Wayback
    collection: str
    exported: Exported

    def gives_every_payload_byte_for_byte(self) -> None:
        looks = [each for each in self.exported.captures if each.status not in (None, 301)]
        assert len(looks) == handed.ANSWERED - 3  # a redirect each day
        for each in looks:
            answer = self._look(each)
            assert answer.body == self.exported.payloads[each.id], each.uri
            assert answer.status == (200 if each.status == 304 else each.status), each.uri

    def gives_a_304_the_head_and_body_it_confirmed(self) -> None:
        (confirmed,) = [each for each in self.exported.captures if each.status == 304]
        answer = self._look(confirmed)
        assert (answer.status, answer.body) == (200, handed.HTML)
        assert answer.headers["x-archive-orig-etag"] == '"v1"'
        assert answer.headers["memento-datetime"] == _http_date(confirmed)

    def redirects(self) -> None:
        hop = next(each for each in self.exported.captures if each.status == 301)
        answer = self._look(hop)
        assert answer.status == 301
        assert answer.headers["location"].endswith(handed.PAGE)

    def lists_every_look_and_nothing_else(self) -> None:
        for uri in (handed.PAGE, handed.PDF, handed.NOISY, handed.GONE, handed.HOSTILE):
            listed = self.served.ask(f"/{self.collection}/timemap/link/{_in_path(uri)}").body.decode()
            times = re.findall(r'rel="(?:first )?(?:last )?memento"; datetime="([^"]+)"', listed)
            assert times == [_http_date(each) for each in self.exported.captures if each.uri == uri], uri
        assert self.served.ask(f"/{self.collection}/timemap/link/{handed.DEAD}").body == b""  # it never answered

    def finds_the_look_nearest_to_a_moment(self) -> None:
        for each in self.exported.captures:
            if each.uri == handed.PAGE:
                asked = each.captured_at.replace(hour=9).strftime(_HTTP)
                answer = self.served.ask(f"/{self.collection}/{handed.PAGE}", Accept_Datetime=asked)
                assert answer.headers["memento-datetime"] == _http_date(each)
                assert "accept-datetime" in answer.headers["vary"].lower()

    def opens_every_page_of_the_list(self) -> None:
        with zipfile.ZipFile(self.exported.wacz) as package:
            lines = [
                *package.read("pages/pages.jsonl").splitlines(),
                *package.read("pages/extraPages.jsonl").splitlines(),
            ]
        pages = [page for page in map(json.loads, lines) if "url" in page]
        assert len(pages) == 9
        for page in pages:
            at = datetime.fromisoformat(page["ts"]).strftime("%Y%m%d%H%M%S")
            assert self.served.ask(f"/{self.collection}/{at}id_/{_in_path(page['url'])}").status == 200

    def _look(self, capture: Capture) -> Answer:
        at = capture.captured_at.strftime("%Y%m%d%H%M%S")
        # pywb undoes the content coding for whom does not say that it may be there.
        return self.served.ask(f"/{self.collection}/{at}id_/{_in_path(capture.uri)}", Accept_Encoding="gzip")


_HTTP = "%a, %d %b %Y %H:%M:%S GMT"


def _http_date(capture: Capture) -> str:
    return capture.captured_at.strftime(_HTTP)


def _in_path(uri: str) -> str:
    """A URI in the path of pywb's own: its server undoes one percent-encoding, and a line break must not come of it."""
    return form.target_uri(uri).replace("%0", "%250")
