"""Which names the view answers to, and where it says it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alerts.model import WebSettings
from tests.web.raw import get, replies
from tests.web.view import View, running
from web.settings import lacking, public

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("base", "hosts", "good", "bad"),
    [
        ("https://blick.example.org/", (), ("blick.example.org", "BLICK.example.org:443", "localhost"), ("example.org", "www.blick.example.org")),
        ("https://blick.müller.example/", (), ("blick.xn--mller-kva.example",), ("blick.muller.example",)),
        ("http://[2001:db8::7]:8000/", (), ("[2001:db8::7]:8000", "[::1]"), ("[2001:db8::8]", "2001:db8::7")),
        ("", ("*.example.org",), ("a.example.org", "a.b.example.org"), ("example.org", "evilexample.org", "a.example.org.evil.example")),
        ("", ("*",), ("anything.example",), ()),
    ],
    ids=["name", "umlaut", "IPv6", "below", "any"],
)  # fmt: skip
def test_only_configured_names_are_answered(
    view: View, base: str, hosts: tuple[str, ...], good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    with running(replace(view.settings, web=WebSettings(base_url=base, hosts=hosts))) as made:
        for host in good:
            assert [reply.status for reply in replies(made, get("/static/style.css", host=host))] == [200], host
        for host in bad:
            assert [reply.status for reply in replies(made, get("/static/style.css", host=host))] == [400], host


def test_behind_a_proxy_every_path_begins_with_the_mount(view: View) -> None:
    """The proxy may leave the mount in the path or take it away."""
    with running(replace(view.settings, web=WebSettings(base_url="https://example.org/amt/blick/"))) as made:
        for path in ("/amt/blick/de/", "/de/"):
            page = made.get(path)
            assert page.status == 200
            local = [link for link in page.tree.xpath("//@href | //@src") if link.startswith("/")]
            assert local
            assert all(link.startswith("/amt/blick/") for link in local)
        assert made.get("/amt/blick/static/style.css").status == 200
        assert made.get("/openapi.json").json["servers"] == [{"url": "/amt/blick"}]


def test_a_page_has_no_second_spelling_that_a_proxy_s_rule_would_miss(view: View) -> None:
    for path in ("/health", "/year/2021", "/"):
        for wrong in (f"//de{path}", f"///json{path}", f"/de/{path}x", f"/%64e{path}", f"/DE{path}"):
            assert view.get(wrong).status == 404, wrong


def test_a_public_view_is_one_that_others_reach() -> None:
    assert not public(WebSettings())
    assert not public(WebSettings(base_url="http://127.0.0.1:8765/"))
    assert public(WebSettings(base_url="https://blick.example.org/"))
    assert lacking(WebSettings(imprint="x", privacy="x"), "here").endswith("names no accessibility")
    assert lacking(WebSettings(imprint="x", privacy="x", accessibility="x"), "here") == ""
