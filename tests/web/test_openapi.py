"""The description of the JSON says what is answered: every route, every field, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from jsonschema_rs import Draft202012Validator
from schemathesis.core.errors import InvalidSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from storage.archive import Archive
from tests.web.view import View
from web.openapi import DESCRIBED
from web.routes import ROUTES
from web.schemas import SCHEMAS

pytestmark = pytest.mark.slow


def test_every_route_with_json_is_described_and_no_other() -> None:
    assert {to.path for to in ROUTES if to.json} == set(DESCRIBED)
    assert {each.schema for each in DESCRIBED.values()} - {""} <= set(SCHEMAS)


def test_every_field_has_a_type() -> None:
    for name, schema in SCHEMAS.items():
        for path, each in _fields(schema, name):
            assert {"type", "$ref", "anyOf", "allOf", "enum"} & set(each), path


def _fields(schema: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        for name, each in schema.get("properties", {}).items():
            yield f"{path}.{name}", each
            yield from _fields(each, f"{path}.{name}")
        for word in ("anyOf", "allOf"):
            for each in schema.get(word, ()):
                yield from _fields(each, path)
        yield from _fields(schema.get("items"), f"{path}[]")


def closed(schema: Any) -> Any:
    """The same schema without room for fields that are not described."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(each) for name, each in schema.items()}
    if found.get("type") == "object" and "additionalProperties" not in found:
        found["unevaluatedProperties" if "allOf" in found else "additionalProperties"] = False
    return found


def strict(document: dict[str, Any]) -> dict[str, Any]:
    """The description, closed; what is put together from two is closed as a whole."""
    found = copy.deepcopy(document)
    schemas = found["components"]["schemas"]
    schemas |= {name: closed(schema) for name, schema in schemas.items() if "allOf" not in schema}
    for name, schema in schemas.items():
        if "allOf" in schema:
            parts = [schemas[each["$ref"].rsplit("/", 1)[1]] if "$ref" in each else each for each in schema["allOf"]]
            properties = {key: closed(value) for each in parts for key, value in each["properties"].items()}
            required = [key for each in parts for key in each["required"]]
            schemas[name] = {
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": False,
            }
    return found


@pytest.fixture(scope="module")
def document(view: View) -> dict[str, Any]:
    reply = view.get("/openapi.json")
    assert reply.headers["content-type"] == "application/json"
    found: dict[str, Any] = reply.json
    return found


def test_the_description_is_one_of_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    try:
        schemathesis.openapi.from_dict(document).validate()
    except InvalidSchema as error:  # its words are long
        raise AssertionError(str(error)[:500]) from None


def real(view: View) -> Iterator[tuple[str, str]]:
    """Addresses under /json that there is something behind, with the route's path in the description."""
    with Archive.open(view.settings.archive, readonly=True) as archive:
        uris = sorted({each.uri for source in view.settings.sources for each in archive.watches(source.name)})
        changes = archive.changes()
        kinds = {each.kind: each.id for each in changes}
        retracted = [each.subject for each in changes if each.kind == "change.retracted"]
        stamps = {uri: [f"{each.since:%Y%m%d%H%M%S}" for each in archive.versions_of(uri)] for uri in uris}
        digests = [each.number for each in archive.digests()]
    for uri, versions in stamps.items():
        yield "/json/page/{address}", f"/json/page/{uri}"
        yield "/json/page/{year}/{address}", f"/json/page/2021/{uri}"
        for at in versions:
            yield "/json/web/{when}/{address}", f"/json/web/{at}/{uri}"
        if versions:
            two = f"{versions[0]}/{versions[-1]}"
            yield "/json/compare/{before}/{after}/{address}", f"/json/compare/{two}/{uri}"
            yield "/json/compare/beside/{before}/{after}/{address}", f"/json/compare/beside/{two}/{uri}"
    for change in (*kinds.values(), *retracted):
        yield "/json/change/{id}", f"/json/change/{change}"
        yield "/json/change/{id}/beside", f"/json/change/{change}/beside"
    yield "/json/", "/json/"
    for week in range(9, 28):
        yield "/json/week/{week}", f"/json/week/2021-W{week:02}"
    yield "/json/day/{day}", "/json/day/2021-03-15"
    yield "/json/year/{year}", "/json/year/2021"
    for plain in ("seminars", "notices", "documents", "digests", "health"):
        yield f"/json/{plain}", f"/json/{plain}"
    for number in digests:
        yield "/json/digest/{number}", f"/json/digest/{number}"
    for source in view.settings.sources:
        yield "/json/source/{name}", f"/json/source/{source.name}"
    for words in (
        "Moskau",
        "",
        "st%C3%A4dte",
        "%22Berlin%20Moskau%22&kind=document",
        "geschlossen&since=gestern&kind=notice",
    ):
        yield "/json/search", f"/json/search?words={words}"


def test_what_is_there_is_answered_by_the_description(view: View, document: dict[str, Any]) -> None:
    """Every kind of page with real content; fields that are not described are found."""
    narrow = strict(document)
    asked = set()
    for path, address in real(view):
        reply = view.get(address)
        assert reply.status == 200, (address, reply.status)
        answer = narrow["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**answer, "components": narrow["components"]}, validate_formats=True)
        wrong = [f"{each.instance_path}: {each.message[:200]}" for each in validator.iter_errors(reply.json)]
        assert not wrong, (address, wrong[:3])
        asked.add(path)
    assert asked == set(document["paths"]) - {"/json/compare"}


def test_any_request_that_the_description_allows_is_answered_by_it(view: View, document: dict[str, Any]) -> None:
    """Schemathesis makes the requests, and holds the answers against the description."""
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=view.url)
    count = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @seed(7)
        @settings(max_examples=5, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy())
        def one(case: schemathesis.Case) -> None:
            # Not all that a schema allows means something: a day in words, an address that nobody watched.
            nonlocal count
            count += 1
            response = case.call(base_url=view.url, allow_redirects=False)
            case.validate_response(response, excluded_checks=[positive_data_acceptance])
            assert response.status_code < 500

        one()
    assert count >= 5 * len(document["paths"]) / 2


def test_an_address_may_be_percent_encoded_as_a_whole(view: View) -> None:
    uri = view.settings.sources[0].start[0]
    encoded = uri.replace(":", "%3A").replace("/", "%2F")
    assert view.get(f"/json/page/{encoded}").json == view.get(f"/json/page/{uri}").json
