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
from extractors import address
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


def public(web: WebSettings) -> bool:
    """Whether the view is set up to be reached by others than who sits at this machine."""
    return bool(web.base_url) and not is_loopback(urlsplit(web.base_url).hostname or "")


def lacking(web: WebSettings, where: str) -> str:
    """What a view that others reach at ``where`` must name and does not, as one line; "" if nothing."""
    missing = [key for key in ("imprint", "privacy", "accessibility") if not getattr(web, key)]
    return f"{where} can be reached by others, and [web] names no {', '.join(missing)}" if missing else ""


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
        own = urlsplit(address.clean(self.base) or self.base).hostname or ""  # as a browser names it: IDNA
        return (*self.web.hosts, *LOOPBACK, *([f"[{own}]" if ":" in own else own] if own else []))
