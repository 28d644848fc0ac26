"""F39: what the view gives to those who ask for more than it shows: nothing, with the protecting headers, and soon."""

from __future__ import annotations

import hashlib
import re
import select
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.demo import Demo
from tests.web.raw import connected, get, parsed, replies, until_closed
from tests.web.view import PROTECTING, Reply, View, running
from web import protocol
from web.routes import ROUTES, RouteTo

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

TRAVERSAL = (
    "../../../../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "%252e%252e%252f%252e%252e%252fetc%252fpasswd",
    "..\\..\\..\\etc\\passwd",
    "..%5c..%5c..%5cetc%5cpasswd",
    "..%c0%af..%c0%af..%c0%afetc/passwd",
    "%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    "%uff0e%uff0e/etc/passwd",
    "..%00/etc/passwd",
    "style.css%00.svg",
    "..;/..;/etc/passwd",
    "....//....//etc/passwd",
    "/etc/passwd",
    "//etc/passwd",
    "../amtsblick.toml",
    "%2e%2e%2famtsblick.db",
    "file:///etc/passwd",
)
SCRIPTS = (
    "<script>alert(1)</script>",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "'%20onmouseover='alert(1)",
    "%22%20autofocus%20onfocus=alert(1)%20x=%22",
    "%3Csvg/onload=alert(1)%3E",
    "javascript:alert(1)",
    "JaVaScRiPt%3Aalert(1)",
    "%09javascript:alert(1)",
    "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
    "%3C/title%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "%7B%7B7*7%7D%7D%7B%25%20debug%20%25%7D",
    "%EF%BC%9Cscript%EF%BC%9E",
    "%ff%fe%3Cscript%3E",
    "%E2%80%AEtpircs",
    "%ed%a0%80",
)
SPLITTING = (
    "x%0d%0aX-Injected:%20yes",
    "x%0aSet-Cookie:%20a=b",
    "x%0d%0a%0d%0a%3Chtml%3E",
    "x%E5%98%8A%E5%98%8DX-Injected:yes",
    "x%c2%85X-Injected:yes",
    "x%00y",
)
QUERIES = (
    "'%20OR%20'1'='1",
    "1;DROP%20TABLE%20capture",
    "1%20UNION%20SELECT%20installation_id%20FROM%20archive",
    "%22",
    "%22%20OR%20%22",
    "a*%20NEAR(b,%20c)",
    "title:a%20AND%20(((",
    "%5e%2d%2b-",
    "99999999999999999999",
    "-1",
    "0x10",
    "NaN",
    "%D9%A2%D9%A0%D9%A2%D9%A1",
    "%25s%25n{0}{0.__class__}",
)
TARGETS = (
    "javascript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,x",
    "ftp://ftp.example.org/x",
    "gopher://127.0.0.1:25/_HELO",
    "https://user:secret@www.example.org/",
    "https://www.example.org@evil.example/",
    "http://127.0.0.1/server-status",
    "http://[::1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost:22/",
    "http://0x7f000001/",
    "http://[::ffff:127.0.0.1]/",
    "http://%31%32%37.0.0.1/",
    "//evil.example/",
    "///evil.example/%2e%2e",
    "/\\evil.example/",
    "https:evil.example",
    "http://evil.example%0d%0aX-Injected:yes/",
    "xn--80ak6aa92e.example/",
)
#: Parameters of all pages that have some, and others that frameworks listen to.
PARAMETERS = (
    "words", "source", "kind", "since", "until", "page", "uri", "from", "to", "q", "next", "redirect", "_method", "debug",
)  # fmt: skip

THIN = 3
BEFORE_ROUTES = (
    "//evil.example/",
    "/de//evil.example/",
    "//evil.example/..",
    "/%2f%2fevil.example/",
    "/\\evil.example/",
    "/de/\\evil.example",
    "/en/en/en/",
    "/json/json/",
    "/json/de/",
    "/..;/admin",
    "/;/static/style.css",
    "/static/../web/app.py",
    "/static/..%2f..%2fpyproject.toml",
    "/static/%2e%2e/texts/common.py",
    "/static/style.css/../../app.py",
    "/.git/config",
    "/.env",
    "/amtsblick.toml",
    "/amtsblick.db",
    "/search/",
    "/de/change/",
    "/?a&a&a=%zz&%ff=%fe&=&&;;#x",
    "/?" + "a=1&" * 900,
    "/json/?%00=%00",
    "/json/nowhere",
    "/" + "a" * 4000,
    "/" + "%2e" * 1300,
    "/week/2021-W21%20",
    "/day/0001-01-01",
    "/day/9999-12-31",
    "/day/20210315",
    "/week/9999-W53",
    "/year/" + "9" * 4000,
)

HOSTS = (
    "evil.example", "", "localhost.evil.example", "evil.example:80", "localhost:99999", "localhost:x", "[::1]", "[::1]:8765",
    "[::1", "[fe80::1%25eth0]", "localhost.", "local_host", "127.0.0.1.", "127.1", "2130706433", "0.0.0.0", "user@localhost",
    "localhost/evil", "localhost evil", "localhost,evil.example", "*", "*.example.org", "LOCALHOST", "a" * 5000,
)  # fmt: skip
BROKEN = (
    b"GET /\r\n\r\n", b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 200, b"GET / HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/1.1\nHost: localhost\nConnection: close\n\n", b"GET / HTTP/1.1\r\n Host: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\nConnection: close\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5, 6\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", b"HEAD / HTTP/1.0\r\nHost: localhost\r\n\r\n",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attack:
    """One class of attack and the request for it."""

    kind: str
    request: bytes


def placed(to: RouteTo, payload: str) -> Iterator[str]:
    """A payload in each part of one route's address and in its query."""
    parts = re.findall(r"\{[^}]+\}", to.path)
    harmless = re.sub(r"\{[^}]+\}", "1", to.path)
    if not to.target:
        for part in parts:
            yield re.sub(r"\{[^}]+\}", "1", to.path.replace(part, payload, 1))
        yield f"{harmless}?" + "&".join(f"{name}={payload}" for name in PARAMETERS)
        return
    for part in parts:
        filled = re.sub(r"\{[^}]+\}", "20210601000000", to.path.replace(part, payload, 1))
        yield f"{filled}/https://www.example.org/"
    harmless = re.sub(r"\{[^}]+\}", "20210601000000", to.path)
    yield f"{harmless}/{payload}"
    yield f"{harmless}/https://www.example.org/?x={payload}"


def attacks(every: int = 1) -> Iterator[Attack]:
    """All of them; or of those that go to each part of each route every so many."""
    yield from on_routes(every)
    for payload in (*TRAVERSAL, *SCRIPTS, *SPLITTING):
        for start in ("/", "/de/", "/json/", "/static/", "/nowhere/"):
            yield Attack("no route", get(start + payload))
    for path in BEFORE_ROUTES:
        yield Attack("path", get(path))
    yield from on_hosts()
    yield from by_method()
    yield from by_fields()
    for request in BROKEN:
        open_ended = request.count(b"\r\n\r\n") == 1 and b"Connection" not in request
        closing = request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        yield Attack("no HTTP", closing if open_ended else request)


def on_routes(every: int) -> Iterator[Attack]:
    """Every so many payloads of each class in each part of each route."""
    classes = {"traversal": TRAVERSAL, "script": SCRIPTS, "splitting": SPLITTING, "query": QUERIES, "target": TARGETS}
    for place, to in enumerate(ROUTES):
        for kind, payloads in classes.items():
            for number, payload in enumerate(payloads):
                form = ("", "/de", "/json")[number % 3]
                if (place + number // 3) % every == 0:
                    for path in placed(to, payload.replace(" ", "%20")):
                        yield Attack(kind, get(form + path))


def on_hosts() -> Iterator[Attack]:
    """Names that are none of the view's, and fields that speak of other names."""
    for host in HOSTS:
        yield Attack("host", get("/", host=host))
    yield Attack("host", get("/", "Host: evil.example"))
    yield Attack("host", get("/", "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example"))
    yield Attack("host", get("/", "X-Original-URL: /admin", "X-Rewrite-URL: /admin", "X-HTTP-Method-Override: DELETE"))


def by_method() -> Iterator[Attack]:
    """Methods that could alter something, and targets that are no path."""
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "DEBUG", "get", "GETX"):
        yield Attack("method", get("/", method=method))
        yield Attack("method", get("/json/year/2021", "Content-Length: 3", method=method) + b"a=b")
    yield Attack("method", get("*", method="OPTIONS"))
    for form in (
        "*", "http://evil.example/", "http://localhost/de/", "https://evil.example/static/style.css", "evil.example:443", "static/style.css",
    ):  # fmt: skip
        yield Attack("target form", get(form))


def by_fields() -> Iterator[Attack]:
    """Header fields that are too much, or ask for something special."""
    yield Attack("size", get("/" + "a" * 20_000))
    yield Attack("size", get("/", f"X-Long: {'a' * 20_000}"))
    yield Attack("size", get("/", *(f"X-{number}: a" for number in range(2000))))
    yield Attack("size", get("/", f"Accept-Language: {'de,' * 4000}"))
    for value in ("bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=" + "0-0," * 1000, "lines=1"):
        yield Attack("range", get("/static/style.css", f"Range: {value}"))
    yield Attack("body", get("/", "Content-Length: 3") + b"a=b")
    yield Attack("body", get("/", "Transfer-Encoding: chunked") + b"3\r\na=b\r\n0\r\n\r\n")
    yield Attack("body", get("/", "Transfer-Encoding: chunked", "Content-Length: 5") + b"0\r\n\r\n")
    yield Attack("upgrade", get("/", "Upgrade: websocket", "Sec-WebSocket-Key: eA==", "Sec-WebSocket-Version: 13"))
    yield Attack("upgrade", get("/", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"))
    yield Attack("conditional", get("/static/style.css", 'If-None-Match: "' + "a" * 9000 + '"'))
    yield Attack("conditional", get("/", "If-Modified-Since: yesterday", "Accept-Datetime: \xff"))
    yield Attack("language", get("/", "Accept-Language: de;q=nan, en;q=1e999, <script>;q=-1"))


class Watched:
    """Files opened and connections made by other threads than the tests' own, while it is switched on."""

    def __init__(self) -> None:
        self.on = False
        self.seen: list[tuple[str, tuple[Any, ...]]] = []
        sys.addaudithook(self._hook)  # there is no way to take one away again

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.on or threading.current_thread() is threading.main_thread():
            return
        if event in ("open", "sqlite3.connect", "subprocess.Popen", "os.system", "os.exec") or event.startswith(
            ("socket.connect", "socket.getaddrinfo", "socket.gethostby", "urllib.", "ctypes.dlopen")
        ):
            self.seen.append((event, args))


WATCHED = Watched()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All answers, and what the view did meanwhile."""

    answers: list[tuple[Attack, Reply]]
    seconds: list[float]
    seen: list[tuple[str, tuple[Any, ...]]]
    before: tuple[str, int]
    after: tuple[str, int]


@pytest.fixture(scope="module", params=[THIN, pytest.param(1, marks=pytest.mark.long)])
def run(view: View, request: pytest.FixtureRequest) -> Run:
    """Every attack once; in the quick form a third of those on the routes."""
    before = _state(view.settings.archive)
    answers, seconds = [], []
    WATCHED.seen.clear()
    WATCHED.on = True
    try:
        for attack in attacks(request.param):
            start = time.perf_counter()
            found = replies(view, attack.request)
            seconds.append(time.perf_counter() - start)
            answers += [(attack, reply) for reply in found]
            assert found or attack.kind == "no HTTP", attack
    finally:
        WATCHED.on = False
    return Run(
        answers=answers, seconds=seconds, seen=list(WATCHED.seen), before=before, after=_state(view.settings.archive)
    )


def _state(archive: Path) -> tuple[str, int]:
    return hashlib.sha256(archive.read_bytes()).hexdigest(), archive.stat().st_mtime_ns


def wrong(run: Run, fault: Any) -> list[tuple[str, bytes, int]]:
    """The first few answers that have a fault."""
    return [(each.kind, each.request[:200], reply.status) for each, reply in run.answers if fault(each, reply)][:5]


def test_there_are_enough_of_them_and_each_class_is_answered(run: Run) -> None:
    assert len(run.answers) > 60
    assert {attack.kind for attack, _ in run.answers} == {attack.kind for attack in attacks(THIN)}


def test_every_answer_carries_what_protects_it(run: Run) -> None:
    assert not wrong(run, lambda _, reply: any(name not in reply.headers for name in PROTECTING))
    assert not wrong(run, lambda _, reply: reply.headers["x-content-type-options"] != "nosniff")
    assert not wrong(run, lambda _, reply: "default-src 'none'" not in reply.headers["content-security-policy"])


def test_nothing_from_outside_the_view_is_in_any_answer(run: Run, demo: Demo) -> None:
    inside = (
        "root:x:0", "root:*:0", "[[source]]", "SQLite format 3", "[core]", "hatchling", "from __future__", "Traceback", 'File "',
        "site-packages", "starlette", "uvicorn", "sqlite3", "PRAGMA", str(ROOT), str(demo.folder), sys.prefix,
    )  # fmt: skip

    def leaks(_: Attack, reply: Reply) -> bool:
        text = reply.body.decode("utf-8", "replace")
        return any(word in text for word in inside) or "server" in reply.headers

    assert not wrong(run, leaks)


def test_no_attack_is_a_fault_of_ours(run: Run) -> None:
    assert not wrong(run, lambda _, reply: reply.status >= 500)


def test_the_view_opens_only_its_own_files_and_connects_to_nobody(run: Run, view: View) -> None:
    own = (sys.prefix, sys.base_prefix, str(ROOT / "web"), str(ROOT / "alerts"), str(ROOT / "extractors"))
    own = (*own, str(ROOT / "storage"), "/usr/share/zoneinfo", f"{view.settings.archive}.d/canary")
    for event, args in run.seen:
        if event == "sqlite3.connect":
            assert str(view.settings.archive) in str(args[0])
        else:
            assert event == "open", (event, args)
            assert str(args[0]).startswith(own), args


def test_the_archive_is_as_it_was(run: Run) -> None:
    assert run.after == run.before


def test_only_get_and_head_are_answered(run: Run) -> None:
    assert not wrong(run, lambda attack, reply: attack.kind == "method" and reply.status not in (405, 400))
    refused = [reply for attack, reply in run.answers if attack.kind == "method" and reply.status == 405]
    assert len(refused) > 15
    assert all(reply.headers["allow"] == "GET, HEAD" for reply in refused)


def test_only_the_view_s_own_names_are_let_in(run: Run) -> None:
    good = {b"[::1]", b"[::1]:8765", b"LOCALHOST", b"localhost", b"localhost:99999"}  # ports are the proxy's business
    for attack, reply in run.answers:
        if attack.kind == "host":
            names = re.findall(rb"^Host: (.*)\r$", attack.request, re.MULTILINE)
            fine = len(names) == 1 and names[0] in good
            assert (reply.status == 200) == fine, (attack, reply.status)
            assert b"evil.example" not in reply.body
            assert reply.status in (200, 400)


def test_no_answer_leads_away(run: Run) -> None:
    def away(_: Attack, reply: Reply) -> bool:
        to = reply.headers.get("location", "/")
        return not to.startswith("/") or to.startswith(("//", "/\\"))

    assert not wrong(run, away)
    assert not wrong(run, lambda _, reply: 300 <= reply.status < 400 and "location" not in reply.headers)


def test_no_request_makes_a_header(run: Run) -> None:
    assert not wrong(run, lambda _, reply: "x-injected" in reply.headers or "set-cookie" in reply.headers)


def test_no_request_makes_markup_or_a_link_that_runs(run: Run) -> None:
    seen = 0
    for attack, reply in run.answers:
        if not reply.headers.get("content-type", "").startswith("text/html") or not reply.body:
            continue
        seen += 1
        tree = html.fromstring(reply.body.decode())
        assert not tree.xpath("//script | //img | //svg | //object | //embed | //base"), attack
        assert not [name for each in tree.iter() for name in each.attrib if name.startswith("on")], attack
        for link in tree.xpath("//@href | //@src | //@action"):
            assert re.match(r"(/(?!/)|https?://|#|mailto:)", link), (attack, link)
    assert seen > 100


def test_what_is_unknown_under_json_is_said_as_json(run: Run, view: View) -> None:
    for attack, reply in run.answers:
        if attack.request.startswith(b"GET /json/") and reply.status in (400, 404) and attack.kind != "host":
            assert reply.headers["content-type"] == "application/json", attack
            assert isinstance(reply.json, dict)
    assert view.get("/json/nowhere").json["error"] == "no_such_page"


def test_every_answer_comes_soon(run: Run) -> None:
    """None takes longer than the view allows itself, and hardly any is noticed, though other tests run beside it."""
    *most, longest = sorted(run.seconds)
    assert longest < 5, longest
    assert most[len(most) * 9 // 10] < 0.5


def test_head_is_answered_as_get_without_a_body(view: View) -> None:
    for path in ("/de/", "/json/year/2021", "/nowhere", "/static/style.css"):
        whole = view.get(path)
        (head,) = parsed_head(view, path)
        assert head.status == whole.status
        assert head.headers["content-length"] == str(len(whole.body))


def parsed_head(view: View, path: str) -> list[Reply]:
    with connected(view) as sock:
        sock.sendall(get(path, method="HEAD"))
        data = until_closed(sock)
    assert data.endswith(b"\r\n\r\n")
    size = re.search(rb"content-length: (\d+)", data)
    assert size
    return [replace(reply, body=b"") for reply in parsed(data + b"x" * int(size[1]))]


def test_requests_in_a_row_on_one_connection_are_answered_in_their_order(view: View) -> None:
    first = get("/json/year/2021").replace(b"Connection: close\r\n", b"")
    second = get("/nowhere").replace(b"Connection: close\r\n", b"")
    found = replies(view, first + second + get("/static/style.css"))
    assert [reply.status for reply in found] == [200, 404, 200]
    smuggled = b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40\r\n\r\n" + get("/static/style.css")
    assert [reply.status for reply in replies(view, smuggled)] == [400]


def test_a_fault_of_ours_is_a_page_that_gives_nothing_away(view: View, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> datetime:
        raise RuntimeError(f"{ROOT}/secret\nsecond line")

    with running(replace(view.settings, now=broken)) as made:
        for path, kind in (("/de/", "text/html; charset=utf-8"), ("/json/", "application/json")):
            reply = made.get(path)
            assert (reply.status, reply.headers["content-type"]) == (500, kind)
            assert all(name in reply.headers for name in PROTECTING)
            assert "secret" not in reply.text
            assert "RuntimeError" not in reply.text
    assert "RuntimeError" in caplog.text
    assert "Traceback" not in caplog.text


def test_without_an_archive_the_answer_is_as_protected(view: View, tmp_path: Path) -> None:
    with running(replace(view.settings, archive=tmp_path / "none.db")) as made:
        reply = made.get("/de/")
        assert reply.status == 503
        assert all(name in reply.headers for name in PROTECTING)
        assert str(tmp_path) not in reply.text
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def impatient(view: View, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    """A view that waits half a second where it would wait for ten and fifteen."""
    for name in ("_HEAD", "_ANSWER"):
        monkeypatch.setattr(protocol, name, 0.5)
    monkeypatch.setattr(protocol, "_SLOWEST", 1 << 20)
    with running(view.settings) as made:
        yield made


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: localh",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc",
        get("/static/style.css").replace(b"Connection: close\r\n", b"") + b"GET / HT",
    ],
    ids=["nothing", "half a head", "half a body", "half a second head"],
)
def test_a_client_that_keeps_us_waiting_is_let_go(impatient: View, begun: bytes) -> None:
    with connected(impatient) as sock:
        sock.sendall(begun)
        start = time.perf_counter()
        until_closed(sock)
        assert 0.3 < time.perf_counter() - start < 5


def test_a_client_that_sends_letter_by_letter_is_let_go(impatient: View) -> None:
    head = get("/", *("X-A: aaaaaaaa" for _ in range(50)))
    with connected(impatient) as sock:
        start = time.perf_counter()
        assert not _dripped(sock, head)
        assert time.perf_counter() - start < 5


def _dripped(sock: socket.socket, data: bytes) -> bool:
    """Whether the other side takes all of it, a letter every tenth of a second."""
    sock.settimeout(0.1)
    for letter in data:
        try:
            sock.sendall(bytes([letter]))
            if not sock.recv(1):
                return False
        except TimeoutError:
            continue
        except ConnectionError:
            return False
    return True


def test_a_client_that_does_not_read_is_let_go(impatient: View) -> None:
    with connected(impatient, small=True) as sock:
        sock.sendall(get("/de/year/2021").replace(b"Connection: close\r\n", b"") * 1000)
        cut = select.poll()
        cut.register(sock, select.POLLRDHUP)
        assert cut.poll(10_000)


def test_slow_clients_do_not_delay_others(view: View) -> None:
    """Ten that send nothing, ten in the middle of a head, ten that ask for much and read nothing."""
    much = get("/de/year/2021").replace(b"Connection: close\r\n", b"") * 20
    alone = slowest_of_twenty(view)
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(connected(view))
            stack.enter_context(connected(view)).sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
            stack.enter_context(connected(view, small=True)).sendall(much)
        delayed = slowest_of_twenty(view)
    assert delayed - alone < 1


def slowest_of_twenty(view: View) -> float:
    """The seconds that the slowest of twenty pairs of ordinary requests takes."""
    slowest = 0.0
    for _ in range(20):
        start = time.perf_counter()
        assert view.get("/static/style.css").status == 200
        assert view.get("/json/year/2021").status == 200
        slowest = max(slowest, time.perf_counter() - start)
    return slowest


def test_too_many_connections_are_told_so(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "CONNECTIONS", 3)
    with running(view.settings) as made, ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(connected(made))
        reply = made.get("/static/style.css")
        assert (reply.status, reply.headers["retry-after"]) == (503, "5")
        assert all(name in reply.headers for name in PROTECTING)
        for _ in range(3):
            stack.enter_context(connected(made))
        with connected(made) as sock:
            assert until_closed(sock) == b""
    with running(view.settings) as made:
        assert made.get("/static/style.css").status == 200
