"""What a reader process does with one answer: undo its content coding, then let the extractors read it."""

from __future__ import annotations

from crawler.exchange import fields
from crawler.readers import Received
from extractors.coding import CodingError, decode
from extractors.model import Answer, Hints, Outcome, Reading
from extractors.read import read


def read_received(received: Received, hints: Hints, limit: int) -> Reading:
    """Read one answer as received; a body that cannot be decoded fails by the rule of :class:`CodingError`."""
    headers = fields(received.head)
    codings = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
    try:
        decoded = decode(received.payload, codings, limit)
    except CodingError as error:
        return Reading(outcome=Outcome.FAILED, rule=error.rule, detail=str(error))
    answer = Answer(
        uri=received.uri,
        status=received.status,
        headers=headers,
        body=decoded.body,
        complete=received.complete and decoded.complete,
    )
    return read(answer, hints)
