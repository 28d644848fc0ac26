"""One request, as the views see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from storage.archive import Archive
from web.addresses import Addresses
from web.answers import Answer
from web.kept import Kept
from web.ledger import Pages
from web.settings import Settings
from web.visitor import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked, by whom, and of what.

    ``path`` are the named parts of the request's path; ``target`` is the watched page's address at its end, "" where
    the route has none. ``query`` are the parameters of pages that have some of their own. ``headers`` are those of the
    request, names in lower case. ``kept`` has answers of earlier requests that still hold.
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

    @property
    def to(self) -> Addresses:
        """The paths that lead on."""
        return self.visitor.to

    @property
    def today(self) -> date:
        """The day it is where the visitors are."""
        return self.now.astimezone(self.settings.zone).date()


View = Callable[[Ask], Answer]
