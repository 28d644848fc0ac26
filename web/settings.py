"""What the config tells the web view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from alerts.model import WebSettings
from storage.records import Source
from web.health import Examine

PORT = 8765  # unless somebody says otherwise; no service of Debian's takes it
#: Names that a browser on the same machine uses; always let in, so that a tunnel or a proxy beside it needs no setting.
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def is_loopback(host: str) -> bool:
    """Whether an address or a name is this machine's own, which nobody else can reach."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the archive is, what is watched, and how the view is reached.

    ``now`` reads the clock; ``zone`` is the one whose days visitors live by. ``sources`` are all enabled sources in
    the order of the config. ``contact`` is the operator's address or page, "" if none is set. ``health`` says how
    everything stands, without readers' addresses and paths of the machine.
    """

    archive: Path
    zone: ZoneInfo
    now: Callable[[], datetime]
    version: str
    web: WebSettings = field(default_factory=WebSettings)
    sources: tuple[Source, ...] = ()
    contact: str = ""
    health: Examine | None = None

    @property
    def base(self) -> str:
        """The view's own address without a slash at its end, "" where none is set."""
        return self.web.base_url.rstrip("/")

    @property
    def listens(self) -> tuple[str, int]:
        """Where to listen unless somebody says otherwise: at the view's own address if that is on this machine."""
        own = urlsplit(self.base)
        if own.scheme == "http" and own.hostname and is_loopback(own.hostname):
            return own.hostname, own.port or 80
        return "127.0.0.1", PORT

    @property
    def mount(self) -> str:
        """The path that a reverse proxy serves the view under, "" for a host of its own."""
        return urlsplit(self.base).path.rstrip("/")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names, without port, that the view answers to; "*" stands for any, "*.example.org" for those below."""
        own = urlsplit(self.base).hostname
        return (*self.web.hosts, *LOOPBACK, *([own] if own else []))
