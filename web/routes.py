"""Which view answers which address (design §7, docs/web.md)."""

from __future__ import annotations

from dataclasses import dataclass

from web.ask import View
from web.views import change, compare, memento, page, start


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTo:
    """One address of the view: ``path`` in Starlette's notation.

    With ``target`` the address of a watched page follows behind it, its query included. ``json`` false: the answer is
    no page, and has no form of its own for programs.
    """

    path: str
    view: View
    target: bool = False
    json: bool = True


ROUTES: tuple[RouteTo, ...] = (
    RouteTo(path="/", view=start.start),
    RouteTo(path="/week/{week}", view=start.week),
    RouteTo(path="/day/{day}", view=start.day),
    RouteTo(path="/year/{year:int}", view=start.year),
    RouteTo(path="/change/{id}", view=change.change),
    RouteTo(path="/change/{id}/beside", view=change.beside),
    RouteTo(path="/page/{year:int}", view=page.in_year, target=True),
    RouteTo(path="/page", view=page.newest, target=True),
    RouteTo(path="/compare", view=compare.choose),
    RouteTo(path="/compare/beside/{before}/{after}", view=compare.side_by_side, target=True),
    RouteTo(path="/compare/{before}/{after}", view=compare.in_place, target=True),
    RouteTo(path="/web/{when}", view=memento.memento, target=True),
    RouteTo(path="/timegate", view=memento.timegate, target=True, json=False),
    RouteTo(path="/timemap/link", view=memento.timemap, target=True, json=False),
    RouteTo(path="/timemap/json", view=memento.timemap_json, target=True, json=False),
)
