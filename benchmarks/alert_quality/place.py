"""A site as its editors and servers see it: what a timeline changes from step to step, and how it answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from benchmarks.alert_quality.content import Article, Box, File, Para, Part, Teasers, swap
from benchmarks.alert_quality.papers import Paper
from tests.server import Asked, Reply

# What these sites hang onto their own addresses without meaning another page by it.
_EMPTY_KEYS = frozenset(
    {"nn", "sid", "PHPSESSID", "fbclid", "utm_source", "utm_medium", "utm_campaign", "cHash", "ts", "__blob", "v"}
)
_WORDS = re.compile(r"(\|[^\]]*\]\])")  # the address half of [[words|address]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """What only this one fetch shows: the noise of a page. ``count`` is the number of answers so far."""

    base: str
    now: datetime
    count: int

    @property
    def token(self) -> str:
        """24 hexadecimal digits, others at every fetch."""
        return hashlib.sha256(f"{self.now}{self.count}".encode()).hexdigest()[:24]


Markup = Callable[["Place", Article, Fetch], str]


@dataclass(kw_only=True)
class Place:
    """The state of one site. A timeline writes to it between two looks; :meth:`answer` reads it.

    ``pages`` and ``papers`` are by path; ``raw`` answers single paths in their place. ``boxed`` are the paths that
    show the notices (None: all), the other paths show ``others``. ``typing`` writes the words of a page otherwise,
    ``dress`` its whole markup.
    ``config`` is the TOML of the sources, with ``{base}`` for the site's address; empty: one source from ``start``.
    """

    markup: Markup
    name: str
    start: str = "/"
    owner: str = "Stadt Musterhausen"
    config: str = ""
    pages: dict[str, Article] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)
    raw: dict[str, Reply] = field(default_factory=dict)
    moved: dict[str, tuple[int, str]] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    boxes: tuple[Box, ...] = ()
    boxed: frozenset[str] | None = None
    others: tuple[Box, ...] = ()
    nav: tuple[tuple[str, str], ...] = ()
    foot: tuple[str, ...] = ()
    person: str = ""
    template: int = 1
    charset: str = "utf-8"
    said_charset: str | None = ""  # None: the header does not name one; "": the true one
    robots: str = "User-agent: *\nDisallow: /intern/\n"
    every: Callable[[str], Reply | None] | None = None
    typing: Callable[[str], str] | None = None
    dress: Callable[[str, Fetch], str] | None = None
    soft404: bool = False
    validators: bool = False
    now: datetime = datetime(2024, 3, 4, 6, tzinfo=UTC)
    base: str = ""
    https: bool = False  # what is asked in the clear is led to https
    count: int = 0

    # --- what editors do

    def put(self, *articles: Article) -> None:
        """Publish pages."""
        for article in articles:
            self.pages[article.path] = article

    def edit(self, path: str, old: str, new: str) -> None:
        """Exchange words on one page. Raises AssertionError when they do not stand there."""
        before = self.pages[path]
        after = replace(
            before,
            title=before.title.replace(old, new),
            parts=swap(before.parts, old, new),
            press_line=before.press_line.replace(old, new),
        )
        assert after != before, f"{path} does not say {old!r}"
        self.pages[path] = after

    def parts(self, path: str, change: Callable[[tuple[Part, ...]], Sequence[Part]]) -> None:
        """Make the parts of a page anew."""
        self.pages[path] = replace(self.pages[path], parts=tuple(change(self.pages[path].parts)))

    def drop(self, path: str, status: int = 404) -> None:
        """Take a page or a paper away."""
        self.pages.pop(path, None)
        self.papers.pop(path, None)
        if status != 404:
            self.gone[path] = status

    def move(self, old: str, new: str, status: int = 301) -> None:
        """Move a page or a paper, and lead links to it; status 0 leaves no redirect behind."""
        if old in self.pages:
            self.pages[new] = replace(self.pages.pop(old), path=new)
        if old in self.papers:
            self.papers[new] = self.papers.pop(old)
        if status:
            self.moved[old] = (status, new)
        self.relink(old, new)

    def relink(self, old: str, new: str) -> None:
        """Lead every link to another address."""
        for path, page in self.pages.items():
            self.pages[path] = replace(page, parts=_relinked(page.parts, old, new))
        self.nav = tuple((title, new if path == old else path) for title, path in self.nav)

    # --- what the server does

    def answer(self, asked: Asked, *, secure: bool = False) -> Reply:
        """The answer to one request."""
        self.count += 1
        path = route(asked.path)
        if self.https and not secure:
            return Reply(status=301, headers=(("Location", self.base.replace("http://", "https://") + asked.path),))
        if self.every is not None and (reply := self.every(path)) is not None:
            return reply
        if path in self.raw or path == "/robots.txt":
            return self.raw.get(path) or Reply(self.robots, type="text/plain")
        if path in self.moved:
            status, target = self.moved[path]
            return Reply(status=status, headers=(("Location", target),))
        if path in self.papers:
            return _paper(self.papers[path])
        return self._page(path)

    def _page(self, path: str) -> Reply:
        for spelling in (path, f"{path}/", path.rstrip("/"), re.sub(r"index\.(html?|php)$", "", path)):
            if spelling in self.pages:
                return self._html(self.pages[spelling])
        missing = Article(path=path, title="Seite nicht gefunden", parts=_MISSING)
        return self._html(missing, status=200 if self.soft404 else self.gone.get(path, 404))

    def _html(self, article: Article, status: int = 200) -> Reply:
        base = self.base.replace("http://", "https://") if self.https else self.base
        fetch = Fetch(base=base, now=self.now, count=self.count)
        if self.typing is not None:
            article = retyped(article, self.typing)
        html = self.markup(self, article, fetch)
        if self.dress is not None:
            html = self.dress(html, fetch)
        body = html.encode(self.charset, "xmlcharrefreplace")
        said = self.charset if self.said_charset == "" else self.said_charset
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if self.validators and status == 200 else ""
        return Reply(body, status=status, type="text/html" + (f"; charset={said}" if said else ""), etag=tag)

    def shows_boxes(self, path: str) -> tuple[Box, ...]:
        """The notices that a page shows."""
        return self.boxes if self.boxed is None or path in self.boxed else self.others

    def size(self, path: str) -> str:
        """The stated size of a paper."""
        return self.papers[path].size() if path in self.papers else "0,1 kB"

    def settings(self) -> str:
        """The TOML of the sources."""
        own = self.config or f'[[source]]\nname = "{self.name}"\nstart = ["{{base}}{self.start}"]\n{COMMON}'
        return own.replace("{base}", self.base)


COMMON = 'delay = 0\nconfirm_after = "48h"\nallow_private = true\n'
_MISSING: tuple[Part, ...] = (
    Para("Die von Ihnen gewünschte Seite gibt es hier nicht oder nicht mehr."),
    Para("Bitte prüfen Sie die Schreibweise der Adresse, oder beginnen Sie auf der [[Startseite|/]]."),
)


def route(target: str) -> str:
    """The request target without what the sites themselves ignore: session ids, tracking and cache parameters."""
    parts = urlsplit(target)
    path = re.sub(r";[^/]*", "", parts.path)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in _EMPTY_KEYS]
    return f"{path}?{urlencode(kept)}" if kept else path


def retyped(article: Article, typing: Callable[[str], str]) -> Article:
    """The article with all its words written otherwise, addresses left alone."""

    def write(text: str) -> str:
        return "".join(piece if piece.startswith("|") else typing(piece) for piece in _WORDS.split(text))

    return replace(article, title=write(article.title), parts=tuple(_retyped(part, write) for part in article.parts))


def _retyped(part: Part, write: Callable[[str], str]) -> Part:
    if isinstance(part, File):
        return replace(part, label=write(part.label))
    if isinstance(part, Teasers):
        entries = tuple(replace(each, title=write(each.title), lead=write(each.lead)) for each in part.entries)
        return replace(part, entries=entries)
    return _mapped(part, write)


def _mapped(part: Part, write: Callable[[str], str]) -> Part:
    changes: dict[str, Any] = {
        each.name: _written(getattr(part, each.name), write)
        for each in fields(part)
        if each.name not in {"file", "ordered"}
    }
    return replace(part, **changes)


def _written(value: object, write: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return write(value)
    if isinstance(value, tuple):
        return tuple(_written(each, write) for each in value)
    return value


def _relinked(parts: tuple[Part, ...], old: str, new: str) -> tuple[Part, ...]:
    return tuple(_exact(swap(part, f"|{old}]]", f"|{new}]]"), old, new) for part in parts)


def _exact(part: Part, old: str, new: str) -> Part:
    if isinstance(part, File) and part.path == old:
        return replace(part, path=new)
    if isinstance(part, Teasers):
        return replace(part, entries=tuple(replace(e, path=new) if e.path == old else e for e in part.entries))
    return part


def _paper(paper: Paper) -> Reply:
    body = paper.body()
    return Reply(
        body,
        type="application/pdf",
        etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        modified=format_datetime(paper.put, usegmt=True),
    )


def refusing(status: int, words: str = "Service Unavailable") -> Callable[[str], Reply | None]:
    """A host that answers everything with one error."""
    page = f"<html><head><title>{status} {words}</title></head><body><h1>{status} {words}</h1></body></html>"
    return lambda _path: Reply(page, status=status)


def only(paths: Collection[str], reply: Reply) -> Callable[[str], Reply | None]:
    """A host that answers some paths with one reply, and the others as always."""
    return lambda path: reply if path in paths else None
