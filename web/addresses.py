"""The addresses of the view: every permanent one is made here, and what a request names is read here.

The address of a watched page stands at the end of a path as it is, its query included, as in other web archives:
``/page/https://www.example.org/list?year=2021``. So pages about an address have no parameters of their own; what else
they need stands before it in the path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote, unquote

from alerts.visible import web_link
from web.written import digits

Language = Literal["de", "en"]

# A proxy that tidies paths makes one slash of two.
_SCHEME = re.compile(r"^(https?):/{1,2}(?=[^/])", re.IGNORECASE)
# Programs that are made from a description encode what stands between two slashes (docs/web.md, "JSON").
_ENCODED = re.compile(r"https?%3a%2f%2f", re.IGNORECASE)
# Kept as they are in a path or query (RFC 3986 §3.3); a target's own percent signs stay, since they are its spelling.
_TARGET_SAFE = "!$&'()*+,;=:@/?%~[]-._"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Paths of the view for one visitor: ``language`` "" leaves it to the browser; ``mount`` is a proxy's path."""

    mount: str = ""
    language: Language | Literal[""] = ""

    @property
    def root(self) -> str:
        """What every path of a page begins with."""
        return f"{self.mount}/{self.language}" if self.language else self.mount

    def start(self) -> str:
        """What happened lately."""
        return f"{self.root}/"

    def path(self, name: str) -> str:
        """A page that has a plain name: ``/seminars``."""
        return f"{self.root}/{name}"

    def week(self, name: str) -> str:
        """One ISO week, as ``2021-W21``."""
        return f"{self.root}/week/{name}"

    def year(self, year: int) -> str:
        """The calendar of one year."""
        return f"{self.root}/year/{year}"

    def source(self, name: str) -> str:
        """What one source watches."""
        return f"{self.root}/source/{quote(name, safe='')}"

    def change(self, change_id: str, *, beside: bool = False) -> str:
        """One change; with ``beside`` both states side by side."""
        return f"{self.root}/change/{quote(change_id, safe='')}{'/beside' if beside else ''}"

    def digest(self, number: int) -> str:
        """One digest."""
        return f"{self.root}/digest/{number}"

    def digest_mail(self, number: int) -> str:
        """The HTML of one digest as it was sent."""
        return f"{self.mount}/digest/{number}/mail"

    def feed(self, *, source: str = "", kind: str = "") -> str:
        """The feed of everything, of one source, or of one kind of change or a family of kinds."""
        if kind:
            return f"{self.mount}/feed/kind/{quote(kind, safe='')}.atom"
        return f"{self.mount}/feed/{quote(source, safe='')}.atom" if source else f"{self.mount}/feed.atom"

    def calendar(self) -> str:
        """The register of seminars as a calendar."""
        return f"{self.mount}/seminars.ics"

    def page(self, uri: str, year: int | None = None) -> str:
        """The life of one address; of one year of it (2021), or of one month (202105)."""
        return f"{self.root}/page/{f'{year}/' if year else ''}{target(uri)}"

    def compare(self, before: datetime, after: datetime, uri: str, *, beside: bool = False) -> str:
        """Two states of an address."""
        form = "beside/" if beside else ""
        return f"{self.root}/compare/{form}{digits(before)}/{digits(after)}/{target(uri)}"

    def choice(self) -> str:
        """Where a form sends the two states that are to be compared."""
        return f"{self.root}/compare"

    def memento(self, at: datetime, uri: str, modifier: str = "") -> str:
        """An archived state (URI-M of RFC 7089). The modifiers are those of other web archives.

        "" is the page for people, ``if_`` the state alone, ``id_`` the bytes as they were received, ``im_`` a style,
        an image or a font of the state, ``tx_`` its text.
        """
        lead = self.mount if modifier else self.root
        return f"{lead}/web/{digits(at)}{modifier}/{target(uri)}"

    def timegate(self, uri: str) -> str:
        """The TimeGate of an address (RFC 7089 §2.2)."""
        return f"{self.mount}/timegate/{target(uri)}"

    def timemap(self, uri: str) -> str:
        """The TimeMap of an address (RFC 7089 §2.3)."""
        return f"{self.mount}/timemap/link/{target(uri)}"

    def json(self, path: str) -> str:
        """The same as JSON: ``path`` is one of this object's."""
        return f"{self.mount}/json{path.removeprefix(self.root)}"

    def static(self, name: str) -> str:
        """A file of the view itself."""
        return f"{self.mount}/static/{name}"


def target(uri: str) -> str:
    """An address as it may stand at the end of a path: nothing in it leaves the path or breaks a header."""
    return quote(uri.partition("#")[0], safe=_TARGET_SAFE)


def named(path: str, query: str) -> str | None:
    """The address that the end of a request's path and its query name; None where they name none.

    A missing scheme is made up. What is no http(s) address, or holds a user name, is none.
    """
    text = f"{path}?{query}" if query else path
    if _ENCODED.match(text):
        text = unquote(text)
    text = _SCHEME.sub(r"\1://", text.lstrip("/"))
    if not text:
        return None
    if "://" not in text.partition("?")[0]:
        text = f"https://{text}"
    return web_link(text) or None
