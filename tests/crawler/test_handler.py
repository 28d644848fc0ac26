"""Every exchange is kept as it stood on the wire, and the network is asked within guard and verification."""

from __future__ import annotations

import gzip
import ssl
from hashlib import sha256
from pathlib import Path

import pytest
import trustme

from extractors.model import Outcome
from tests.crawler.bench import Bench
from tests.server import LONG, ODD_HEAD, Reply, Site, html, serving


def test_the_head_of_an_answer_is_kept_byte_for_byte(bench: Bench, site: Site) -> None:
    bench.watch(site, path="/odd-head")
    bench.crawl()
    assert bench.last(site.url("/odd-head")).head == ODD_HEAD


def test_the_request_is_kept_as_it_was_sent(bench: Bench, site: Site) -> None:
    site.pages["/"] = html("Start", LONG * 3)
    bench.watch(site, tail='[crawler]\ncontact = "amt@example.org"')
    bench.crawl()
    lines = bench.last(site.url("/")).request.decode().split("\r\n")
    assert lines[0] == "GET / HTTP/1.1"
    assert lines[-2:] == ["", ""]
    sent = dict(line.split(": ", 1) for line in lines[1:-2])
    assert sent["Accept-Encoding"] == "identity"
    assert sent["User-Agent"].startswith("Amtsblick/")
    assert "(+https://" in sent["User-Agent"]
    assert sent["User-Agent"].endswith("; amt@example.org)")
    received = site.asked("/")[0].headers
    assert {name.lower(): value for name, value in sent.items()} == dict(received)
    assert not {"cookie", "referer", "authorization"} & set(received)


def test_peer_and_time_are_kept(bench: Bench, site: Site) -> None:
    site.pages["/"] = html("Start", LONG * 3)
    bench.watch(site)
    bench.crawl()
    capture = bench.last(site.url("/"))
    assert capture.peer == f"127.0.0.1:{site.port}"
    assert 0 <= capture.elapsed_ms < 5000


def test_an_interim_answer_is_not_taken_for_the_head(bench: Bench, site: Site) -> None:
    body = html("Start", LONG * 3).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
    site.pages["/"] = Reply(raw=b"HTTP/1.1 103 Early Hints\r\nLink: </x.css>\r\n\r\n" + head + body)
    bench.watch(site)
    bench.crawl()
    assert bench.last(site.url("/")).head == head


def test_chunks_are_joined_and_a_content_coding_stays(bench: Bench, site: Site) -> None:
    coded = gzip.compress(html("Gepackt", LONG * 3).encode(), mtime=0)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (coded[:100], coded[100:]))
    site.pages["/"] = Reply(
        raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunks
        + b"0\r\n\r\n"
    )
    bench.watch(site)
    bench.crawl()
    capture = bench.last(site.url("/"))
    assert capture.payload_digest == "sha256:" + sha256(coded).hexdigest()
    assert capture.outcome is Outcome.OK
    with bench.archive() as archive:
        page = archive.page_of(capture.id)
    assert page is not None
    assert page.title == "Gepackt"


@pytest.mark.parametrize("path", ["/partial", "/chunk-cut", "/gzip-cut"])
def test_a_cut_answer_is_kept_but_becomes_no_version(bench: Bench, site: Site, path: str) -> None:
    bench.watch(site, path=path)
    summary = bench.crawl()
    capture = bench.last(site.url(path))
    assert capture.outcome is Outcome.TRUNCATED
    assert capture.payload_size > 0
    assert summary.failed == 1
    with bench.archive() as archive:
        assert archive.versions_of(site.url(path)) == ()


def test_a_whole_answer_without_a_length_is_accepted(bench: Bench, site: Site) -> None:
    bench.watch(site, path="/close")
    bench.crawl()
    assert bench.last(site.url("/close")).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("path", "rule"), [("/huge", "too-large"), ("/huge-head", "head-too-large"), ("/drop", "network")]
)
def test_what_cannot_be_an_answer_is_a_failed_capture(bench: Bench, site: Site, path: str, rule: str) -> None:
    bench.watch(site, 'max_bytes = "1MB"', path=path)
    summary = bench.crawl()
    capture = bench.last(site.url(path))
    assert (capture.outcome, capture.rule) == (Outcome.FAILED, rule)
    assert capture.payload_digest is None
    assert capture.request.startswith(b"GET " + path.encode())
    assert summary.failed == 1


def test_a_bomb_of_a_content_coding_fails_by_its_size(bench: Bench, site: Site) -> None:
    bomb = gzip.compress(b"<html>" + b"x" * 40_000_000, mtime=0)
    site.pages["/"] = Reply(bomb, headers=(("Content-Encoding", "gzip"),))
    bench.watch(site, 'max_bytes = "1MB"')
    bench.crawl()
    assert bench.last(site.url("/")).rule == "too-large"


def test_nobody_listening_is_a_failed_capture_and_no_mistake(bench: Bench) -> None:
    with serving() as gone:
        address = gone.base
    bench.watch(f"{address}/")
    summary = bench.crawl()
    assert summary.exit_code == 3
    assert bench.last(f"{address}/").rule == "robots-unreachable"


def _tls(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, file


def test_a_certificate_of_an_unknown_authority_is_refused(bench: Bench, tmp_path: Path) -> None:
    context, _ = _tls(tmp_path, "127.0.0.1")
    with serving(tls=context) as site:
        site.pages["/"] = html("Geheim", LONG * 3)
        bench.watch(site)
        bench.crawl()
        assert site.requests == [], "nothing is sent before the certificate is accepted"
    assert bench.last(f"{site.base}/robots.txt").rule == "tls"


def test_an_office_authority_is_accepted_with_verification_on(bench: Bench, tmp_path: Path) -> None:
    context, file = _tls(tmp_path, "127.0.0.1")
    with serving(tls=context) as site:
        site.pages["/"] = html("Intern", LONG * 3)
        bench.watch(site, tail=f'[crawler]\nca_file = "{file}"')
        bench.crawl()
        assert bench.last(site.url("/")).outcome is Outcome.OK


def test_a_certificate_for_another_host_is_refused_also_with_an_office_authority(bench: Bench, tmp_path: Path) -> None:
    context, file = _tls(tmp_path, "other.example.org")
    with serving(tls=context) as site:
        bench.watch(site, tail=f'[crawler]\nca_file = "{file}"')
        bench.crawl()
        assert site.requests == []
    assert bench.last(f"{site.base}/robots.txt").rule == "tls"
