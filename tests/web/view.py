"""A view that runs on loopback for a test, and the questions put to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import html

from alerts.model import WebSettings
from crawler import config
from crawler.health import examine
from extractors.html import Element
from web.health import Lately
from web.server import listening, server, url_of
from web.settings import Settings

# What stands in every answer, whatever was asked (docs/web.md).
PROTECTING = ("content-security-policy", "x-content-type-options", "referrer-policy", "x-robots-tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer. Header names are in lower case; of several fields of one name the values are joined by a comma."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def tree(self) -> Element:
        return html.fromstring(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A running view."""

    url: str
    settings: Settings

    def get(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """Ask for a path as it is; a header's underscores stand for hyphens."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            fields: dict[str, str] = {}
            for name, value in answer.getheaders():
                low = name.lower()
                fields[low] = f"{fields[low]}, {value}" if low in fields else value
            return Reply(status=answer.status, headers=fields, body=answer.read())
        finally:
            connection.close()


@contextmanager
def running(settings: Settings) -> Iterator[View]:
    """Serve an archive on a free port of loopback."""
    with listening("127.0.0.1", 0) as listener:
        made = server(settings)
        thread = threading.Thread(target=made.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield View(url=url_of(listener).rstrip("/"), settings=settings)
        finally:
            made.should_exit = True
            thread.join(timeout=15)


def settings_for(folder: Path, now: datetime, **web: Any) -> Settings:
    """The settings of a folder with a config, at a moment."""
    held = config.load(folder / "amtsblick.toml")
    return Settings(
        archive=held.archive_path,
        zone=ZoneInfo("Europe/Berlin"),
        now=lambda: now.astimezone(UTC),
        version="test",
        web=WebSettings(**web),
        sources=held.context(now).sources,
        health=Lately(lambda archive: examine(held, archive, now.astimezone(UTC))),
    )
