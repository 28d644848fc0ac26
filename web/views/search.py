"""Search in all texts that were ever read."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from zoneinfo import ZoneInfo

from extractors.find import Passage, wanted
from storage.records import SearchHit, SearchKind
from web import rows
from web.answers import Answer, Shown
from web.ask import Ask
from web.moments import Edge, MomentError, parse
from web.paging import link, page_asked
from web.texts.search import TEXTS
from web.views.source import known_sources

_ON_A_PAGE = 20
_PAGES = 10  # what is further down is narrowed down, not leafed to
_LONGEST = 200  # characters of what was typed
_WORDS = 12  # each is looked for in the whole vocabulary
_PATIENCE = 1.5  # seconds; a reading of the archive that takes two is refused as a whole (web.archives)
# A phrase in quotation marks of any of our languages, or a word.
_TYPED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]|([^\s\"“”„«»]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a passage; ``marked`` if it is what was looked for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One page that has, or had, the words; ``passages`` are (part, pieces)."""

    hit: SearchHit
    passages: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What was typed, as it goes back into the form; ``source`` and ``kind`` "" mean all."""

    words: str = ""
    source: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the page of a search shows.

    ``wrong`` are fields of the form that mean nothing, by name. ``more``: there are further pages than may be leafed
    to. ``cut``: it took too long to look through everything.
    """

    form: Form
    sources: tuple[str, ...]
    hits: tuple[Hit, ...] = ()
    asked: bool = False
    wrong: frozenset[str] = frozenset()
    number: int = 1
    previous: str = ""
    next: str = ""
    more: bool = False
    cut: bool = False


def search(ask: Ask) -> Answer:
    """The form, and what was found."""
    form = Form(**{each.name: ask.query.get(each.name, "").strip()[:_LONGEST] for each in fields(Form)})
    sources = known_sources(ask)
    since, until = _moment(ask, form.since, "start"), _moment(ask, form.until, "end")
    wrong = frozenset(_wrong(form, sources, since, until))
    words = typed(form.words)
    if not form.words or wrong:
        return _shown(ask, Found(form=form, sources=sources, wrong=wrong, asked=bool(form.words)))
    number = min(page_asked(ask), _PAGES)
    end = time.monotonic() + _PATIENCE
    found = ask.archive.search(
        words,
        source=form.source or None,
        kind=SearchKind(form.kind) if form.kind else None,
        since=since if isinstance(since, datetime) else None,
        until=until if isinstance(until, datetime) else None,
        limit=number * _ON_A_PAGE + 1,
        going=lambda: time.monotonic() < end,
    )
    path, further = ask.to.path("search"), len(found) > number * _ON_A_PAGE
    content = Found(
        form=form,
        sources=sources,
        hits=tuple(_hit(each) for each in found[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE]),
        asked=True,
        number=number,
        previous=link(ask, path, number - 1) if number > 1 else "",
        next=link(ask, path, number + 1) if further and number < _PAGES else "",
        more=further and number == _PAGES,
        cut=time.monotonic() >= end,
    )
    return _shown(ask, content)


def typed(text: str) -> tuple[str, ...]:
    """What a person typed as words and phrases; nothing in it is an operator."""
    found = (phrase or word for phrase, word in _TYPED.findall(text))
    return tuple(each for each in found if wanted([each]))[:_WORDS]


def _moment(ask: Ask, text: str, edge: Edge) -> datetime | MomentError | None:
    if not text:
        return None
    zone: ZoneInfo = ask.settings.zone
    try:
        return parse(text, zone, ask.now, edge)
    except MomentError as error:
        return error


def _wrong(
    form: Form, sources: tuple[str, ...], since: datetime | MomentError | None, until: datetime | MomentError | None
) -> Iterator[str]:
    """The fields that mean nothing."""
    if form.words and not typed(form.words):
        yield "words"
    if form.source and form.source not in sources:
        yield "source"
    if form.kind and form.kind not in set(SearchKind):
        yield "kind"
    if isinstance(since, MomentError):
        yield "since"
    if isinstance(until, MomentError):
        yield "until"
    if isinstance(since, datetime) and isinstance(until, datetime) and since > until:
        yield "order"


def _hit(hit: SearchHit) -> Hit:
    return Hit(hit=hit, passages=tuple((str(each.part), tuple(_pieces(each))) for each in hit.passages))


def _pieces(passage: Passage) -> Iterator[Piece]:
    at = 0
    for start, end in passage.marks:
        if at < start:
            yield Piece(text=passage.text[at:start], marked=False)
        yield Piece(text=passage.text[start:end], marked=True)
        at = end
    if at < len(passage.text):
        yield Piece(text=passage.text[at:], marked=False)


def _shown(ask: Ask, content: Found) -> Answer:
    texts = TEXTS[ask.visitor.language]
    form = content.form
    row = {
        "words": form.words,
        "source": form.source or None,
        "kind": form.kind or None,
        "since": form.since or None,
        "until": form.until or None,
        "page": content.number,
        "hits": [rows.search_hit(each.hit) for each in content.hits],
        "more": bool(content.next) or content.more,
        "complete": not content.cut,
        "wrong": sorted(content.wrong),
    }
    title = texts.title_of.format(words=form.words) if form.words else texts.title
    status = 400 if content.wrong else 200
    return Shown(template="search.html.j2", title=title, content=content, row=row, status=status)
