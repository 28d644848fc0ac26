"""All linked documents, source by source."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import Role
from web.answers import Answer, Shown
from web.ask import Ask
from web.texts.documents import TEXTS
from web.views.listed import Listed, listed, row_of
from web.views.source import known_sources

_OF_ONE = 50  # documents of one source that are listed here; its own page has all


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSource:
    """The documents of one source; ``total`` counts all, ``documents`` has the first of them."""

    source: str
    total: int
    documents: tuple[Listed, ...]


def documents(ask: Ask) -> Answer:
    """The documents of all sources that have any."""
    found = tuple(each for each in (_of(ask, name) for name in known_sources(ask)) if each.total)
    row = {
        "sources": [
            {"source": each.source, "total": each.total, "documents": [row_of(one) for one in each.documents]}
            for each in found
        ]
    }
    return Shown(template="documents.html.j2", title=TEXTS[ask.visitor.language].title, content=found, row=row)


def _of(ask: Ask, source: str) -> OfSource:
    watched = ask.archive.watched(source, role=Role.DOCUMENT, number=_OF_ONE)
    return OfSource(source=source, total=watched.total, documents=listed(ask, watched))
