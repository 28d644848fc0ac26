"""The JSON objects of the view as JSON Schema 2020-12, by name; :mod:`web.openapi` publishes them.

The fields are those of docs/json.md. Fields may be added, so nothing here forbids others; a test does, to find those
that are not described.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extractors.diff import Op
from extractors.find import Part as FoundIn
from extractors.model import Outcome, PageKind
from storage.records import Role, SearchKind, Standing
from web.compare import Part

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_DAY: Schema = {
    "type": "string",
    "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
    "description": "only the month or the year where no more is known",
}
_DIGEST: Schema = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
_NUMBER: Schema = {"type": "string", "pattern": r"^\d+$", "description": "a number as an id"}
_URI: Schema = {"type": "string", "description": "an address as it was found"}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(names: Any) -> Schema:
    return {"type": "string", "enum": [str(each) for each in names]}


def _object(fields: Mapping[str, Schema], *, optional: Mapping[str, Schema] | None = None, title: str = "") -> Schema:
    found: Schema = {
        "type": "object",
        "properties": {**fields, **(optional or {})},
        "required": list(fields),
    }
    return {"description": title, **found} if title else found


_SEMINAR_FACTS = {
    "number": _maybe({"type": "integer"}),
    "series": _TEXT,
    "title": _TEXT,
    "start": _maybe(_DAY),
    "end": _maybe(_DAY),
    "city": _maybe(_TEXT),
    "state": _TEXT,
}
_ATTACHMENT = {"label": _TEXT, "uri": _URI, "size": _TEXT}
_LOOK = {
    "id": _NUMBER,
    "uri": _URI,
    "captured_at": _MOMENT,
    "status": _maybe({"type": "integer"}),
    "outcome": _one_of(Outcome),
    "rule": _TEXT,
    "detail": _TEXT,
    "payload_digest": _maybe(_DIGEST),
    "text_digest": _maybe(_DIGEST),
    "bytes": _maybe(_COUNT),
    "location": _maybe(_URI),
    "provenance": _list(_object({"archive": _TEXT, "record": _TEXT})),
}
_PAGE = {
    "title": _TEXT,
    "kind": _one_of(PageKind),
    "language": _maybe(_TEXT),
    "text": _TEXT,
    "notices": _list(_TEXT),
    "documents": _list(_ref("Attachment")),
    "dates": _list(_object({"day": {"type": "string", "format": "date"}, "role": _TEXT, "quote": _TEXT})),
    "extractor": _TEXT,
    "extractor_version": _TEXT,
}
_DIGEST_HEAD = {
    "digest": _NUMBER,
    "subscription": _TEXT,
    "kind": _TEXT,
    "created_at": _MOMENT,
    "subject": _TEXT,
    "changes": _list(_TEXT),
}
_CHECK = _object({"source": _TEXT, "checked_at": _maybe(_MOMENT), "judged": _COUNT, "known": _COUNT})
_PAGED = {"page": {"type": "integer", "minimum": 1}, "pages": {"type": "integer", "minimum": 1}}
_RUNS = _list(_object({"op": _TEXT, "text": _TEXT}))

#: What each kind of change has before and after (docs/json.md, "Changes").
_FACTS: Schema = {
    "description": "by kind of change, see docs/json.md",
    "anyOf": [
        {"type": "null"},
        {"type": "string", "description": "the address of a page that moved"},
        _object(_SEMINAR_FACTS, title="a seminar"),
        _object({"text": _TEXT}, title="a notice; a page's passages that differ"),
        _object({"title": _TEXT, "text": _TEXT}, title="a page"),
        _object({"title": _TEXT, "date": _maybe(_DAY), "text": _TEXT}, title="a press release"),
        _object({"title": _TEXT, "uri": _URI}, title="a page that is gone, or back"),
        _object({"title": _TEXT}, title="a page that is gone, or back"),
        _object(_ATTACHMENT, title="a document"),
        _object({"known": _COUNT, "judged": _COUNT}, title="how many pages are known and could be judged"),
        _object({"blind_since": _MOMENT}, title="since when a source could not be checked"),
    ],
}

SCHEMAS: Mapping[str, Schema] = {
    "Nothing": _object({"status": {"type": "integer"}, "error": _TEXT, "message": _TEXT}, title="why there is nothing"),
    "Change": _object(
        {
            "id": _TEXT,
            "kind": _TEXT,
            "minor": _FLAG,
            "source": _TEXT,
            "source_ids": _list(_TEXT),
            "uri": _URI,
            "uris": _list(_URI),
            "title": _TEXT,
            "summary": _TEXT,
            "detected_at": _MOMENT,
            "observed_at": _MOMENT,
            "before": _FACTS,
            "after": _FACTS,
            "imported": _FLAG,
            "reason": _TEXT,
            "retracted": _maybe(_object({"at": _MOMENT, "reason": _TEXT})),
        },
        title="one thing that happened",
    ),
    "Block": _object(
        {
            "op": _one_of(Op),
            "part": _one_of(Part),
            "before": _maybe(_TEXT),
            "after": _maybe(_TEXT),
            "runs": _RUNS,
        },
        title="one block of a page that changed; runs are its words, kept, gone and new",
    ),
    "Start": _object(
        {
            "weeks": _list(_object({"week": _TEXT, "changes": _list(_ref("Change"))})),
            "sources": _list(_CHECK),
        }
    ),
    "Week": _object({"week": _TEXT, "changes": _list(_ref("Change"))}),
    "Day": _object({"day": {"type": "string", "format": "date"}, "changes": _list(_ref("Change"))}),
    "Year": _object(
        {"year": {"type": "integer"}, "days": {"type": "object", "additionalProperties": _COUNT}},
        title="how many changes became known on each day that has any",
    ),
    "ChangeSeen": {
        "allOf": [
            _ref("Change"),
            _object({"blocks": _list(_ref("Block")), "earlier": _list(_TEXT), "later": _list(_TEXT)}),
        ],
        "description": "one change with what differs; earlier and later are ids",
    },
    "Attachment": _object(_ATTACHMENT, title="a linked document as its page presents it"),
    "Claim": _object(
        {
            "uri": _URI,
            "source": _TEXT,
            "title": _TEXT,
            "start": _maybe(_DAY),
            "end": _maybe(_DAY),
            "city": _maybe(_TEXT),
            "state": _maybe(_TEXT),
            "quote": _TEXT,
            "version": _maybe(_NUMBER),
            "captured_at": _maybe(_MOMENT),
        },
        title="what one page says about a seminar",
    ),
    "Seminar": _object(
        {
            "id": _TEXT,
            "year": _maybe({"type": "integer"}),
            **_SEMINAR_FACTS,
            "substitute": _TEXT,
            "uri": _URI,
            "uris": _list(_URI),
            "attachments": _list(_ref("Attachment")),
            "conflicts": _list(
                _object({"field": _TEXT, "values": _list(_object({"value": _maybe(_TEXT), "uri": _URI}))})
            ),
            "claims": _list(_ref("Claim")),
            "first_seen": _MOMENT,
            "last_seen": _MOMENT,
        }
    ),
    "Seminars": _object({"seminars": _list(_ref("Seminar"))}),
    "Notice": _object(
        {
            "id": _TEXT,
            "host": _TEXT,
            "text": _TEXT,
            "uris": _list(_URI),
            "pages": _COUNT,
            "first_seen": _MOMENT,
            "last_seen": _MOMENT,
            "lifted_at": _maybe(_MOMENT),
            "replaced_by": _maybe(_TEXT),
        }
    ),
    "Notices": _object({"notices": _list(_ref("Notice"))}),
    "Watched": _object(
        {
            "uri": _URI,
            "role": _one_of(Role),
            "standing": _one_of(Standing),
            "missing_since": _maybe(_MOMENT),
            "moved_to": _maybe(_URI),
            "label": _maybe(_TEXT),
            "linked_from": _list(_URI),
            "more_linked_from": _COUNT,
        },
        optional={"bytes": _maybe(_COUNT), "versions": _COUNT, "changed_at": _maybe(_MOMENT)},
        title="one address that is watched; the last three where it ever had a state",
    ),
    "Documents": _object(
        {"sources": _list(_object({"source": _TEXT, "total": _COUNT, "documents": _list(_ref("Watched"))}))}
    ),
    "Source": _object(
        {
            "source": _TEXT,
            "enabled": _FLAG,
            "start": _list(_URI),
            "checked_at": _maybe(_MOMENT),
            "judged": _COUNT,
            "known": _COUNT,
            "total": _COUNT,
            **_PAGED,
            "addresses": _list(_ref("Watched")),
            "changes": _list(_ref("Change")),
        }
    ),
    "Found": _object(
        {
            "words": _TEXT,
            "source": _maybe(_TEXT),
            "kind": _maybe(_TEXT),
            "since": _maybe(_TEXT),
            "until": _maybe(_TEXT),
            "page": {"type": "integer", "minimum": 1},
            "hits": _list(_ref("Hit")),
            "more": _FLAG,
            "complete": _FLAG,
            "wrong": _list(_TEXT),
        },
        title="what a search found; wrong names parameters that mean nothing",
    ),
    "Hit": _object(
        {
            "uri": _URI,
            "kind": _one_of(SearchKind),
            "title": _TEXT,
            "version": _NUMBER,
            "since": _MOMENT,
            "until": _maybe(_MOMENT),
            "versions": _COUNT,
            "first_since": _MOMENT,
            "passages": _list(
                _object(
                    {
                        "part": _one_of(FoundIn),
                        "text": _TEXT,
                        "marks": _list({"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2}),
                    }
                )
            ),
        },
        title="one page that has, or had, the words; marks are [start, end) in code points",
    ),
    "DigestHead": _object(_DIGEST_HEAD),
    "Digests": _object({"digests": _list(_ref("DigestHead")), **_PAGED}),
    "Digest": _object(
        {**_DIGEST_HEAD, "erased": _FLAG},
        optional={
            "language": _TEXT,
            "since": _maybe(_MOMENT),
            "until": _maybe(_MOMENT),
            "items": _list(
                _object(
                    {
                        "change": _TEXT,
                        "kind": _TEXT,
                        "section": _TEXT,
                        "headline": _TEXT,
                        "sentence": _TEXT,
                        "uri": _maybe(_URI),
                        "observed_at": _maybe(_MOMENT),
                    }
                )
            ),
            "coming": _list(
                _object({"title": _TEXT, "when": _TEXT, "city": _TEXT, "state": _TEXT, "uri": _maybe(_URI)})
            ),
            "in_force": _list(_object({"host": _TEXT, "text": _TEXT, "since": _MOMENT, "pages": _COUNT})),
            "checks": _list(_CHECK),
            "held": _list(_TEXT),
        },
        title="one digest; without what it told where that was erased",
    ),
    "Health": _object(
        {
            "well": _FLAG,
            "grave": _FLAG,
            "problems": _list(_TEXT),
            "conditions": _list(
                _object(
                    {
                        "kind": _TEXT,
                        "subject": _TEXT,
                        "grave": _FLAG,
                        "since": _maybe(_MOMENT),
                        "number": {"type": "number"},
                        "what": _TEXT,
                        "do": _TEXT,
                        "command": _maybe(_TEXT),
                    }
                )
            ),
            "notes": _list(_TEXT),
            "seconds_since_complete": _maybe({"type": "integer"}),
            "sources": _list(
                _object(
                    {
                        "source": _TEXT,
                        "enabled": _FLAG,
                        "well": _FLAG,
                        "problem": _maybe(_TEXT),
                        "last_crawl": _maybe(_MOMENT),
                        "last_crawl_ended": _maybe(_MOMENT),
                        "last_crawl_reason": _maybe(_TEXT),
                        "last_complete": _maybe(_MOMENT),
                        "seconds_since_complete": _maybe({"type": "integer"}),
                        "next_crawl": _maybe(_MOMENT),
                        "seeing": _FLAG,
                        "known": _maybe(_COUNT),
                        "judged": _maybe(_COUNT),
                        "failed": _maybe(_COUNT),
                        "drifted": _maybe(_COUNT),
                        "coverage": _maybe({"type": "number", "minimum": 0, "maximum": 1}),
                    }
                )
            ),
            "subscriptions": _list(
                _object(
                    {
                        "subscription": _TEXT,
                        "last_digest": _maybe(_MOMENT),
                        "next_digest": _maybe(_MOMENT),
                        "overdue_since": _maybe(_MOMENT),
                    }
                )
            ),
            "queue": _object(
                {"oldest_waiting": _maybe(_MOMENT)},
                optional=dict.fromkeys(("queued", "sending", "sent", "deferred", "refused", "held", "dropped"), _COUNT),
            ),
            "disk": _object({"archive": _TEXT, "archive_bytes": _COUNT, "free_bytes": _COUNT}),
            "versions": _object({"amtsblick": _TEXT, "python": _TEXT, "sqlite": _TEXT}),
        },
        title="what `amtsblick status --json` prints, and the versions that run",
    ),
    "Tombstone": _object(
        {
            "id": _TEXT,
            "erased_at": _MOMENT,
            "kind": _TEXT,
            "subject": _maybe(_TEXT),
            "by": _TEXT,
            "reason": _TEXT,
            "basis": _TEXT,
            "payloads": _COUNT,
            "texts": _COUNT,
            "changes": _COUNT,
            "messages": _COUNT,
        },
        title="an erasure",
    ),
    "Version": _object(
        {"id": _NUMBER, "since": _MOMENT, "text_digest": _maybe(_DIGEST)},
        title="a stretch of time in which a page's text stayed the same",
    ),
    "Look": _object(_LOOK, title="one look at an address"),
    "Life": _object(
        {
            "uri": _URI,
            "year": _maybe({"type": "integer"}),
            "month": _maybe({"type": "integer", "minimum": 1, "maximum": 12}),
            "years": _list(_object({"year": {"type": "integer"}, "looks": _COUNT})),
            "months": _list(_object({"month": {"type": "integer"}, "looks": _COUNT})),
            "versions": _list(_ref("Version")),
            "captures": _list(_object({**_LOOK, "erased": _maybe(_ref("Tombstone"))})),
            "changes": _list(_TEXT),
        },
        title="the life of an address in one year, or in one month of a year with very many looks",
    ),
    "Difference": _object(
        {
            "uri": _URI,
            "from": _ref("Look"),
            "to": _ref("Look"),
            "changed": _FLAG,
            "blocks": _list(_ref("Block")),
        }
    ),
    "State": _object(
        {
            **_LOOK,
            "erased": _maybe(_ref("Tombstone")),
            "citation": _maybe(
                _object(
                    {
                        "uri": _URI,
                        "captured_at": _MOMENT,
                        "payload_digest": _maybe(_DIGEST),
                        "installation": _TEXT,
                        "capture": _NUMBER,
                        "link": _DIGEST,
                        "captures": _NUMBER,
                        "head": _DIGEST,
                    }
                )
            ),
            "missing": _list(_URI),
            "first": _maybe(_MOMENT),
            "previous": _maybe(_MOMENT),
            "next": _maybe(_MOMENT),
            "last": _maybe(_MOMENT),
        },
        optional=_PAGE,
        title="an archived state; without the fields of its text where it has none",
    ),
}
