"""One request, as the views see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from storage.archive import Archive
from web.addresses import Addresses
from web.answers import Answer
from web.kept import Kept
from web.ledger import Pages
from web.settings import Settings, is_loopback
from web.visitor import Visitor

_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(?::\d{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked, by whom, and of what.

    ``path`` are the named parts of the request's path; ``target`` is the watched page's address at its end, "" where
    the route has none. ``query`` are the parameters of pages that have some of their own. ``headers`` are those of the
    request, names in lower case. ``kept`` has answers of earlier requests that still hold. ``json`` is true where the
    answer goes to a program: for views that have no page.
    """

    archive: Archive
    changes: Pages
    settings: Settings
    visitor: Visitor
    now: datetime
    path: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    json: bool = False

    @property
    def to(self) -> Addresses:
        """The paths that lead on."""
        return self.visitor.to

    @property
    def permanent(self) -> Addresses:
        """The paths that are the same for all visitors: what is cited, and what programs are told."""
        return Addresses(self.settings.mount)

    def cited(self, path: str) -> str:
        """A path as it may be cited: with the configured address before it, else with the one that was asked."""
        base = self.settings.base
        return f"{base.removesuffix(self.settings.mount)}{path}" if base else self._asked(path)

    def absolute(self, path: str) -> str:
        """A path as programs are told it: :meth:`cited`, but at the port they asked if the view is for this machine."""
        own = urlsplit(self.settings.base).hostname or ""
        return self._asked(path) if is_loopback(own) else self.cited(path)

    def _asked(self, path: str) -> str:
        host = self.headers.get("host", "")
        return f"http://{host}{path}" if _HOST.fullmatch(host) else path

    @property
    def today(self) -> date:
        """The day it is where the visitors are."""
        return self.now.astimezone(self.settings.zone).date()


View = Callable[[Ask], Answer]
