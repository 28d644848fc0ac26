"""Taking in from a web archive: listed, fetched once, politely, and gone on with after every interruption."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from gzip import compress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler import cdx, cli, memento
from crawler.cdx import Listed, Unlistable
from crawler.memento import Client, Later, Reply, original_head
from extractors import address
from storage.archive import Archive
from storage.imports.found import customary
from tests.conftest import ROOT
from tests.imports import makers
from tests.imports.makers import HOST, SECTION, Answer, html, weeks

CONFIG = f"{makers.CONFIG}delay = 0\n"
STAMPED = "%Y%m%d%H%M%S"


def stamp(answer: Answer) -> str:
    return datetime.fromisoformat(answer.at).strftime(STAMPED)


@dataclass
class Machine:
    """A web archive of the Wayback Machine's dialect. ``trouble`` may answer a path in its own way."""

    answers: list[Answer]
    base: str = ""
    asked: list[str] = field(default_factory=list)
    trouble: Callable[[str, int], tuple[int, dict[str, str], bytes] | None] = lambda _path, _count: None
    part: int = 1000  # rows in one answer

    def reply(self, path: str) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(path)
        odd = self.trouble(path, sum(each == path for each in self.asked))
        if odd is not None:
            return odd
        split = urlsplit(path)
        if split.path == "/cdx/search/cdx":
            return 200, {"Content-Type": "application/json"}, self._list(parse_qs(split.query))
        if split.path.startswith("/web/"):
            wanted, _, uri = path.removeprefix("/web/").partition("id_/")
            for each in self.answers:
                if each.uri == uri and stamp(each) == wanted:
                    return self._memento(each)
        return 404, {}, b"not archived"

    def _memento(self, answer: Answer) -> tuple[int, dict[str, str], bytes]:
        own = {f"X-Archive-Orig-{name}": value for name, value in (("Server", "Amt"), *answer.more)}
        at = format_datetime(datetime.fromisoformat(answer.at), usegmt=True)
        headers = {
            "Content-Type": answer.kind,
            "Memento-Datetime": at,
            "Link": f'<{answer.uri}>; rel="original"',
            **own,
        }
        return int(answer.status[:3]), headers, answer.body

    def _list(self, query: dict[str, list[str]]) -> bytes:
        wanted, prefix = address.key(query["url"][0]), "matchType" in query
        first = query.get("from", ["0"])[0]
        fits = (each for each in self.answers if stamp(each) >= first)
        rows = [
            ["key", stamp(each), each.uri, each.kind, each.status[:3], customary(each.body)[5:], "9"]
            for each in fits
            if address.key(each.uri) == wanted or (prefix and address.key(each.uri).startswith(wanted))
        ]
        start = int(query.get("resumeKey", ["0"])[0])
        end = start + min(self.part, int(query.get("limit", ["1000"])[0]))
        more = [[], [str(end)]] if end < len(rows) else []
        header = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
        return json.dumps([header, *rows[start:end], *more] if rows else []).encode()


@pytest.fixture
def machine() -> Iterator[Machine]:
    made = Machine([])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = made.reply(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    made.base = f"http://127.0.0.1:{server.server_address[1]}/"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    config = makers.config(tmp_path, CONFIG)

    def command(*words: str) -> tuple[int, str, str]:
        code = cli.run(["--config", str(config), "import", *words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return command


def test_a_section_is_listed_followed_and_taken_in(
    machine: Machine, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    plan = Answer(uri=f"{HOST}/files/plan.pdf", at="2015-03-04T00:00:00Z", body=b"%PDF-1.4 x", kind="application/pdf")
    linked = Answer(
        uri=f"{SECTION}last",
        at="2017-05-05T00:00:00Z",
        body=html("Zuletzt", "Text der Seite.", links=["/files/plan.pdf"]),
    )
    beside = replace(linked, uri=f"{HOST}/sections-of-others/")
    old = Answer(uri="http://www.amt.example.org/section/alt", at="2013-05-05T00:00:00Z", status="301 Moved Permanently", more=(("Location", "/web/20130505000000id_/https://amt.example.org/section/a"),))  # fmt: skip
    machine.answers = [*chain(*weeks()), plan, linked, beside, old]
    machine.part = 5
    code, out, err = run("--archive", machine.base, "--prefix", SECTION, "--json")
    assert (code, err.count("amtsblick:")) == (0, 0), err
    row = json.loads(out)
    assert (row["taken"], row["known"], row["left"]) == (17, 0, [])
    assert [each["year"] for each in row["years"]] == [2013, 2014, 2015, 2016, 2017]
    assert row["years"][3] == {"year": 2016, "captures": 0, "pages": 0, "months": 0, "longest_gap_days": 366}
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        assert [(each.kind, each.uri) for each in archive.changes()][:2] == [
            ("page.changed", f"{SECTION}a"),
            ("page.added", f"{SECTION}new"),
        ]
        (look,) = archive.captures_of(plan.uri)
        (origin,) = archive.origins([look.id])[look.id]
        assert (origin.archive, origin.record) == (
            f"{machine.base}web/",
            f"{machine.base}web/20150304000000/{plan.uri}",
        )
        (moved,) = archive.captures_of(old.uri)
        assert moved.location == f"{SECTION}a"
        assert b"Server: Amt" in look.head
        assert b"Memento" not in look.head
    asked = len(machine.asked)
    code, out, _ = run("--archive", machine.base, "--prefix", SECTION)
    assert (code, out.splitlines()[0]) == (0, "17 records: 0 taken in, 17 here already, 0 left out")
    assert not any("id_/" in path for path in machine.asked[asked:])


def test_it_waits_as_long_as_it_is_asked_to_and_repeats_what_broke_off(
    machine: Machine, run: Callable[..., tuple[int, str, str]]
) -> None:
    machine.answers = list(weeks(1)[0])

    def trouble(path: str, count: int) -> tuple[int, dict[str, str], bytes] | None:
        if path.endswith("/section/a") and "id_/" in path and count < 3:
            return 429, {"Retry-After": "0"}, b"slowly"
        if path.endswith("/section/b") and "id_/" in path and count < 2:
            return 200, {"Memento-Datetime": "Mon, 02 Mar 2015 05:00:02 GMT", "Content-Length": "5000"}, b"cut"
        return None

    machine.trouble = trouble
    code, out, _ = run("--archive", machine.base, "--prefix", SECTION)
    assert (code, out.splitlines()[0]) == (0, "3 records: 3 taken in, 0 here already, 0 left out")


@pytest.mark.parametrize("wait", ["0", "3600"])
def test_an_archive_that_goes_on_refusing_is_left_alone(
    machine: Machine, run: Callable[..., tuple[int, str, str]], wait: str
) -> None:
    machine.answers = list(weeks(1)[0])
    refused = (429, {"Retry-After": wait}, b"slowly")
    machine.trouble = lambda path, _count: refused if path.endswith("/section/b") and "id_/" in path else None
    code, out, err = run("--archive", machine.base, "--prefix", SECTION)
    assert code == 75
    assert out.startswith("2 records: 2 taken in")
    assert err.splitlines()[-1].endswith("what was taken in is kept: run the same command again later")
    machine.trouble = lambda _path, _count: None
    code, out, _ = run("--archive", machine.base, "--prefix", SECTION)
    assert (code, out.splitlines()[0]) == (0, "3 records: 1 taken in, 2 here already, 0 left out")


def test_wrong_bytes_are_not_taken_in(machine: Machine, run: Callable[..., tuple[int, str, str]]) -> None:
    machine.answers = list(weeks(1)[0])
    wrong = (200, {"Memento-Datetime": "Mon, 02 Mar 2015 05:00:02 GMT", "Content-Type": "text/html"}, b"<p>other</p>")
    gone = (404, {}, b"blocked")
    machine.trouble = lambda path, _count: None if "id_/" not in path else wrong if path.endswith("/b") else gone if path.endswith("/a") else None  # fmt: skip
    code, out, _ = run("--archive", machine.base, "--prefix", SECTION, "--json")
    assert code == 3
    assert json.loads(out)["left"] == [
        {"why": "not given out by the archive", "what": "it answered 404", "count": 1},
        {"why": "wrong digest", "what": "", "count": 1},
    ]


def test_archived_refusals_are_history(
    machine: Machine, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    machine.answers = [Answer(uri=SECTION, at="2015-03-02T05:00:00Z", status="429 Too Many Requests", body=b"x")]
    code, out, _ = run("--archive", machine.base, "--prefix", SECTION)
    assert (code, out.splitlines()[0]) == (0, "1 record: 1 taken in, 0 here already, 0 left out")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--archive", "{base}"), 2, "--prefix is missing"),
        (("--archive", "{base}", "--prefix", "https://elsewhere.example.org/"), 2, "no source watches anything under"),
        (("--archive", "ftp://x", "--prefix", SECTION), 2, "is no http address"),
        (
            ("--archive", "http://127.0.0.1:1/", "--prefix", SECTION),
            74,
            "127.0.0.1:1 cannot be reached: Connection refused",
        ),
        (("--archive", "{base}nothing/", "--prefix", SECTION), 74, "has no CDX server that answers"),
        ((), 2, "what is to be taken in?"),
        (("no-such.warc",), 74, "there is no such file"),
        (("amtsblick.toml",), 65, "no WARC file"),
        (("x.warc", "--from", "2015"), 2, "go with --archive"),
        (("--source", "sektion", "amtsblick.toml"), 2, "section"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    words: tuple[str, ...], code: int, said: str, machine: Machine, run: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    machine.trouble = lambda path, _count: (404, {}, b"") if "cdx" in path else None
    found, _, err = run(*(word.format(base=machine.base) for word in words))
    assert found == code
    (line,) = [each for each in err.splitlines() if each.startswith("amtsblick: ")]
    assert said in line


# --- the parts


def test_every_dialect_of_an_index_is_read() -> None:
    row = Listed(uri=SECTION, stamp="20150302050000", status="200", mime="text/html", digest=f"sha1:{'A' * 32}")
    lines = (
        f'org,example)/ 20150302050000 {{"url": "{SECTION}", "mime": "text/html", "status": "200", "digest": "{"A" * 32}"}}',
        f'{{"timestamp": "20150302050000", "url": "{SECTION}", "mime": "text/html", "status": "200", "digest": "{"A" * 32}"}}',
        f"org,example)/ 20150302050000 {SECTION} text/html 200 {'A' * 32} - - 9 9 x.warc.gz",
    )
    for line in lines:
        assert cdx.parse(f"{line}\n") == ([row], "")
    assert cdx.parse("") == cdx.parse("[]") == ([], "")
    for wrong in ("<html>", "[1]", "{}", "a b c", '[["x"],["y"]]', "[" * 5000):
        with pytest.raises(Unlistable):
            cdx.parse(wrong)
    assert cdx.variants("https://www.a.de/x/") == (
        "https://www.a.de/x",
        "http://www.a.de/x",
        "https://a.de/x",
        "http://a.de/x",
    )


def test_the_head_is_that_of_what_was_archived() -> None:
    headers = (
        ("X-Archive-Orig-Date", "Mon, 02 Mar 2015 05:00:00 GMT"), ("X-Archive-Orig-Content-Encoding", "gzip"), ("Date", "Sun, 01 Mar 2026 00:00:00 GMT"),
        ("Content-Type", "text/html"), ("Memento-Datetime", "Mon, 02 Mar 2015 05:00:00 GMT"), ("Link", '<x>; rel="original"'), ("Link", "<s.css>; rel=preload"),
        ("Transfer-Encoding", "chunked"), ("X-Archive-Src", "x.warc.gz"),
    )  # fmt: skip
    head = original_head(Reply(status=200, reason="OK", headers=headers, body=b""))
    assert head == (
        b"HTTP/1.1 200 OK\r\nDate: Mon, 02 Mar 2015 05:00:00 GMT\r\nX-Archive-Orig-Content-Encoding: gzip\r\n"
        b"Content-Type: text/html\r\nLink: <s.css>; rel=preload\r\n\r\n"
    )
    still_coded = (*headers, ("Content-Encoding", "gzip"))
    assert b"\r\nContent-Encoding: gzip\r\n" in original_head(
        Reply(status=200, reason="OK", headers=still_coded, body=b"")
    )


def test_it_pauses_between_requests_and_waits_longer_each_time(machine: Machine, tmp_path: Path) -> None:
    from crawler.config import load  # noqa: PLC0415

    waits: list[float] = []
    client = Client(load(makers.config(tmp_path)), machine.base, 2.5, waits.append)
    client.get(f"{machine.base}x", 100)
    client.get(f"{machine.base}x", 100)
    assert waits == [2.5]
    machine.trouble = lambda _path, _count: (503, {}, b"")
    with pytest.raises(Later):
        client.get(f"{machine.base}y", 100)
    assert waits[1::2] == [2.5] * 4
    assert waits[2::2] == [5.0, 10.0, 20.0]
    assert memento.base_of("web.archive.org") == "https://web.archive.org/"


# --- against pywb


@pytest.mark.needs_witness
def test_pywb_gives_out_a_section_byte_for_byte(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    if not (ROOT / ".witness/pywb/bin/wayback").exists():
        pytest.skip("needs pywb: `make test-setup` adds it")
    from tests.storage.witness import wayback  # noqa: PLC0415

    zipped = Answer(uri="http://www.amt.example.org/section/zip", at="2014-05-06T05:00:05Z", body=compress(html("Gepackt", "Ein gepackter Text.")), more=(("Content-Encoding", "gzip"),))  # fmt: skip
    moved = Answer(uri="http://www.amt.example.org/section/alt", at="2014-05-05T05:00:00Z", status="301 Moved Permanently", more=(("Location", f"{SECTION}a"),))  # fmt: skip
    answers = [*chain(*weeks()), zipped, moved]
    file = tmp_path / "section.warc.gz"
    file.write_bytes(makers.warc(answers))
    (tmp_path / "pywb").mkdir()
    with wayback(tmp_path / "pywb", col=file) as served:
        base = f"http://127.0.0.1:{served.port}/col/"
        code, out, err = run("--archive", base, "--prefix", "amt.example.org/section")
        assert (code, err.count("amtsblick:")) == (0, 0), err
        assert out.startswith("16 records: 16 taken in")
    code, out, _ = run(str(file))
    assert out.startswith("25 records: 0 taken in, 16 here already")
    with Archive.open(tmp_path / "amtsblick.db", readonly=True) as archive:
        for each in answers:
            if "/section/" in each.uri:
                looks = archive.captures_of(each.uri)
                (look,) = [one for one in looks if one.captured_at == datetime.fromisoformat(each.at).astimezone(UTC)]
                assert archive.payload(look.payload_digest or "") == each.body
                assert {one.archive for one in archive.origins([look.id])[look.id]} == {base, file.name}
        assert [(one.kind, one.uri) for one in archive.changes()] == [
            ("page.changed", f"{SECTION}a"),
            ("page.added", f"{SECTION}new"),
        ]
