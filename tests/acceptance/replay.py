"""Replays a case of ``changes case`` or ``changes retract --save-case``: its answers served again, crawl by crawl."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.shown import toml
from tests.acceptance.harness import Answer, Desk, Site, serving

_TEXT = ("text/", "application/xml", "application/rss+xml", "application/atom+xml", "application/xhtml+xml")
_OWN = {"content-length", "content-type", "transfer-encoding"}  # headers that the server makes itself


def replay(folder: Path, place: Path) -> list[dict[str, str]]:
    """What is told today of a case's crawls, each kind with its address as the case has it."""
    case = json.loads((folder / "case.json").read_text("utf-8"))
    origins = {_origin(answer["address"]) for crawl in case["crawls"] for answer in crawl["answers"]}
    with ExitStack() as stack:
        hosts = sorted({urlsplit(origin).netloc for origin in origins})
        sites = {host: stack.enter_context(serving(f"127.0.0.{n}")) for n, host in enumerate(hosts, 2)}
        desk = Desk(place, _config(case["source"], sites))
        told = []
        for number, crawl in enumerate(case["crawls"]):
            _serve(folder, crawl["answers"], sites)
            changes = desk.crawl(crawl["at"], expect=None)
            assert not (number == 0 and changes), "the first crawl of a case is its baseline"
            told += [{"kind": change["kind"], "uri": _was(change["uri"], sites)} for change in changes]
    return told


def expected(folder: Path) -> list[dict[str, str]]:
    """What a case says that has to be told."""
    return list(json.loads((folder / "case.json").read_text("utf-8"))["expected"])


def _config(source: dict[str, Any], sites: dict[str, Site]) -> str:
    table = {**source, "allow_private": True, "delay": 0}
    for name in ("start", "scope"):
        if name in table:
            table[name] = [_now(uri, sites) for uri in table[name]]
    lines = [f"{key} = {toml(value)}" for key, value in table.items()]
    return "\n".join(['[archive]\npath = "amtsblick.db"\n[[source]]', *lines]) + "\n"


def _serve(folder: Path, answers: list[dict[str, Any]], sites: dict[str, Site]) -> None:
    for site in sites.values():
        site.pages.clear()
    for each in answers:
        parts = urlsplit(each["address"])
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if "body" not in each:
            sites[parts.netloc].pages[path or "/"] = Answer("", status=each["status"] or 503)
            continue
        headers = {name.lower(): _now(value, sites) for name, value in each["headers"].items()}
        body = (folder / each["body"]).read_bytes()
        answer = Answer(body, status=each["status"], type=headers.get("content-type", "application/octet-stream"))
        if answer.type.startswith(_TEXT):
            answer = replace(answer, body=_moved(body, sites))
        sites[parts.netloc].pages[path or "/"] = replace(
            answer, headers={name: value for name, value in headers.items() if name not in _OWN}
        )


def _origin(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def _now(uri: str, sites: dict[str, Site]) -> str:
    """Where an address of the case is served now."""
    return _moved(uri.encode(), sites).decode()


def _moved(body: bytes, sites: dict[str, Site]) -> bytes:
    """The links of a page that name a host of the case lead to where it is served."""
    for host, site in sites.items():
        for scheme in ("https", "http"):
            body = body.replace(f"{scheme}://{host}".encode(), site.base.encode())
    return body


def _was(uri: str, sites: dict[str, Site]) -> str:
    for host, site in sites.items():
        if uri.startswith(site.base):
            return f"http://{host}{uri.removeprefix(site.base)}"
    return uri
