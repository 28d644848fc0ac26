"""``/openapi.json``: the JSON of the view, described for programs (OpenAPI 3.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from storage.records import Role, SearchKind
from web.answers import Answer, Sent
from web.ask import Ask
from web.schemas import SCHEMAS

_DAY_OR_TIME = {"type": "string", "maxLength": 200}
_TYPED = {"type": "string", "maxLength": 200}
_PAGE = {"type": "integer", "minimum": 1, "maximum": 999_999}
_DIGITS = {"type": "string", "pattern": "^[0-9]{14}$"}
#: Named parts of paths, whatever the route.
_PARTS: Mapping[str, Mapping[str, Any]] = {
    "week": {"type": "string", "pattern": "^[0-9]{4}-W[0-9]{2}$", "examples": ["2021-W21"]},
    "day": {"type": "string", "format": "date"},
    "year": {"type": "integer", "minimum": 0, "maximum": 999_912, "description": "of pages also a month: 202103"},
    "id": {"type": "string", "description": "of a change"},
    "name": {"type": "string", "description": "of a source"},
    "number": {"type": "string", "pattern": "^[0-9]+$", "description": "of a digest"},
    "before": _DIGITS,
    "after": _DIGITS,
    "when": _DIGITS,
    "address": {
        "type": "string",
        "examples": ["https://www.example.org/list?year=2021"],
        "description": "the watched page's address, its query included, as it is or percent-encoded",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What one route answers under ``/json``: ``schema`` is a name of :data:`web.schemas.SCHEMAS`.

    "" is a redirect to another address of the view. ``query`` are parameters by name.
    """

    summary: str
    schema: str
    query: Mapping[str, Mapping[str, Any]] | None = None


#: By the route's path (:data:`web.routes.ROUTES`).
DESCRIBED: Mapping[str, Described] = {
    "/": Described(summary="The changes of the last weeks, and when each source was checked", schema="Start"),
    "/week/{week}": Described(summary="The changes of one ISO week", schema="Week"),
    "/day/{day}": Described(summary="The changes of one day", schema="Day"),
    "/year/{year:int}": Described(summary="The days of a year that have changes", schema="Year"),
    "/change/{id}": Described(summary="One change, with what differs", schema="ChangeSeen"),
    "/change/{id}/beside": Described(summary="The same", schema="ChangeSeen"),
    "/seminars": Described(summary="The register of seminars", schema="Seminars"),
    "/notices": Described(summary="All notices", schema="Notices"),
    "/documents": Described(summary="All documents, by source", schema="Documents"),
    "/source/{name}": Described(
        summary="What one source watches",
        schema="Source",
        query={"words": _TYPED, "kind": {"type": "string", "enum": ["", *map(str, Role)]}, "page": _PAGE},
    ),
    "/search": Described(
        summary="Search in all texts that were ever read",
        schema="Found",
        query={
            "words": _TYPED,
            "source": _TYPED,
            "kind": {"type": "string", "enum": ["", *map(str, SearchKind)]},
            "since": _DAY_OR_TIME,
            "until": _DAY_OR_TIME,
            "page": _PAGE,
        },
    ),
    "/digests": Described(summary="All digests, newest first", schema="Digests", query={"page": _PAGE}),
    "/digest/{number}": Described(summary="One digest", schema="Digest"),
    "/health": Described(summary="How everything stands", schema="Health"),
    "/page": Described(summary="The life of an address, in its newest year", schema="Life"),
    "/page/{year:int}": Described(summary="One year of the life of an address", schema="Life"),
    "/compare": Described(
        summary="Leads to the comparison of two states",
        schema="",
        query={"uri": {"type": "string", "maxLength": 2083}, "from": _DAY_OR_TIME, "to": _DAY_OR_TIME},
    ),
    "/compare/{before}/{after}": Described(summary="What differs between two states", schema="Difference"),
    "/compare/beside/{before}/{after}": Described(summary="The same", schema="Difference"),
    "/web/{when}": Described(summary="An archived state and its text", schema="State"),
}


def openapi(ask: Ask) -> Answer:
    """The description as a file."""
    body = json.dumps(document(ask.settings.version, ask.settings.mount), ensure_ascii=False).encode()
    return Sent(body=body, media_type="application/json")


@cache
def document(version: str, mount: str) -> dict[str, Any]:
    """The whole description; ``mount`` is the path that a proxy serves the view under."""
    from web.routes import ROUTES  # noqa: PLC0415 - one of the routes is this description

    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Amtsblick",
            "version": version,
            "description": "What changed on the watched pages, and how they were. Fields may be added; none goes.",
        },
        "servers": [{"url": mount or "/"}],
        "paths": dict(_path(to.path, DESCRIBED[to.path], target=to.target) for to in ROUTES if to.path in DESCRIBED),
        "components": {"schemas": dict(SCHEMAS)},
    }


def _path(route: str, described: Described, *, target: bool) -> tuple[str, dict[str, Any]]:
    path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route) + ("/{address}" if target else "")
    parts = re.findall(r"\{(\w+)\}", path)
    parameters = [{"name": name, "in": "path", "required": True, "schema": dict(_PARTS[name])} for name in parts] + [
        {"name": name, "in": "query", "required": False, "schema": dict(schema)}
        for name, schema in (described.query or {}).items()
    ]
    return f"/json{path}", {
        "get": {
            "summary": described.summary,
            "operationId": re.sub(r"\W+", "_", path).strip("_") or "start",
            "parameters": parameters,
            "responses": _responses(described),
        }
    }


def _responses(described: Described) -> dict[str, Any]:
    nothing = {"description": "why there is nothing", "content": _json("Nothing")}
    found: dict[str, Any] = {"304": {"description": "what is already known (If-None-Match)"}, "default": nothing}
    if described.schema:
        found["200"] = {"description": described.summary, "content": _json(described.schema)}
    if described.schema in ("", "State"):
        found["302"] = {"description": "where it is"}
    if described.schema in ("Found", "Digest", "State"):  # pages that also say what is wrong, or what was erased
        also = {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in (described.schema, "Nothing")]}
        for status in ("400", "404", "410"):
            found[status] = {"description": "what is wrong", "content": {"application/json": {"schema": also}}}
    return found


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
