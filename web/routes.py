"""Which view answers which address (design §7, docs/web.md)."""

from __future__ import annotations

from dataclasses import dataclass

from web.ask import View
from web.openapi import openapi
from web.views import (
    change,
    compare,
    digests,
    documents,
    feeds,
    health,
    memento,
    notices,
    page,
    search,
    seminars,
    source,
    start,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTo:
    """One address of the view: ``path`` in Starlette's notation.

    With ``target`` the address of a watched page follows behind it, its query included. ``json`` false: the answer is
    no page, and has no form of its own for programs. ``plain``: what cannot be had is said in one line of text.
    ``changes`` false: it needs no list of changes, and does not wait for one to be read.
    """

    path: str
    view: View
    target: bool = False
    json: bool = True
    plain: bool = False
    changes: bool = True


ROUTES: tuple[RouteTo, ...] = (
    RouteTo(path="/", view=start.start),
    RouteTo(path="/week/{week}", view=start.week),
    RouteTo(path="/day/{day}", view=start.day),
    RouteTo(path="/year/{year:int}", view=start.year),
    RouteTo(path="/change/{id}", view=change.change),
    RouteTo(path="/change/{id}/beside", view=change.beside),
    RouteTo(path="/seminars", view=seminars.seminars),
    RouteTo(path="/seminars.ics", view=seminars.ics, json=False, plain=True),
    RouteTo(path="/notices", view=notices.notices),
    RouteTo(path="/documents", view=documents.documents),
    RouteTo(path="/source/{name}", view=source.source),
    RouteTo(path="/search", view=search.search),
    RouteTo(path="/digests", view=digests.digests),
    RouteTo(path="/digest/{number}", view=digests.digest),
    RouteTo(path="/digest/{number}/mail", view=digests.mail, json=False),
    RouteTo(path="/health", view=health.health),
    RouteTo(path="/healthz", view=health.alive, json=False, plain=True, changes=False),
    RouteTo(path="/metrics", view=health.metrics, json=False, plain=True),
    RouteTo(path="/feed.atom", view=feeds.everything, json=False, plain=True),
    RouteTo(path="/feed/{source}.atom", view=feeds.of_source, json=False, plain=True),
    RouteTo(path="/feed/kind/{kind}.atom", view=feeds.of_kind, json=False, plain=True),
    RouteTo(path="/page/{year:int}", view=page.in_year, target=True),
    RouteTo(path="/page", view=page.newest, target=True),
    RouteTo(path="/compare", view=compare.choose),
    RouteTo(path="/compare/beside/{before}/{after}", view=compare.side_by_side, target=True),
    RouteTo(path="/compare/{before}/{after}", view=compare.in_place, target=True),
    RouteTo(path="/web/{when}", view=memento.memento, target=True),
    RouteTo(path="/timegate", view=memento.timegate, target=True, json=False),
    RouteTo(path="/timemap/link", view=memento.timemap, target=True, json=False),
    RouteTo(path="/timemap/json", view=memento.timemap_json, target=True, json=False),
    RouteTo(path="/openapi.json", view=openapi, json=False, changes=False),
)
