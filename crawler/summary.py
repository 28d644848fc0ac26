"""What one crawl of one source came to, and the events it reports while it runs: the types, and their JSON lines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class CrawlOutcome(StrEnum):
    """How a crawl of one source ended; :attr:`exit_code` is that of design §5."""

    COMPLETE = "complete"  # every known address could be asked; dead links and robots refusals are no failures
    INCOMPLETE = "incomplete"  # pages failed (5xx, time-outs, cuts), or a cap or the deadline cut it short
    BLIND = "blind"  # the source cannot be checked at present
    STOPPED = "stopped"  # by an operator or the scheduler
    LOCKED = "locked"  # another crawl of this source is running, or another command writes to the archive
    NO_SPACE = "no-space"  # no room on the disk
    UNWRITABLE = "unwritable"  # input/output error, or a folder that cannot be written
    DAMAGED = "damaged"  # the archive is damaged
    UNUSABLE = "unusable"  # wrong config, or an archive made by a newer version
    CRASHED = "crashed"  # the crawl process ended without a summary

    @property
    def exit_code(self) -> int:
        """The exit code of a command whose only crawl ended so."""
        return _EXIT_CODES[self]


_EXIT_CODES = {
    CrawlOutcome.COMPLETE: 0,
    CrawlOutcome.INCOMPLETE: 3,
    CrawlOutcome.BLIND: 3,
    CrawlOutcome.STOPPED: 3,
    CrawlOutcome.CRASHED: 3,
    CrawlOutcome.DAMAGED: 65,
    CrawlOutcome.UNWRITABLE: 74,
    CrawlOutcome.LOCKED: 75,
    CrawlOutcome.NO_SPACE: 75,
    CrawlOutcome.UNUSABLE: 78,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One address that could not be judged: the outcome and the rule that said so."""

    uri: str
    outcome: str
    rule: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSummary:
    """What one crawl of one source came to; :meth:`as_json` is what ``crawl --json`` prints.

    ``pages`` and ``documents`` count the addresses asked, by what they are; ``new`` those never seen well before,
    ``changed`` those whose text differs from the last good one, ``failed`` those that count as failures
    (design §5: 5xx, time-outs, cuts). ``coverage`` is the share of known addresses that could be judged, 0 to 1.
    ``changes`` counts the changes that detection committed after this crawl. ``reason`` says in one line why the
    crawl is not complete, "" if it is. ``drifted`` counts the looks at which text moved round the main text, or the
    main text shrank sharply; ``same_text`` those at other bytes that say the same. ``baseline`` is true for a crawl
    that only filled the archive.
    """

    source: str
    outcome: CrawlOutcome
    pages: int = 0
    documents: int = 0
    new: int = 0
    changed: int = 0
    failed: int = 0
    coverage: float = 0.0
    seconds: float = 0.0
    changes: int = 0
    requests: int = 0
    reason: str = ""
    crawl_id: int | None = None
    baseline: bool = False
    drifted: int = 0
    same_text: int = 0
    failures: tuple[Failure, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """The exit code of a command whose only crawl ended so (design §5)."""
        return self.outcome.exit_code

    def as_json(self) -> dict[str, Any]:
        """The summary as the one object that ``crawl --json`` prints."""
        return asdict(self) | {"outcome": str(self.outcome), "failures": [asdict(item) for item in self.failures]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CrawlSummary:
        """The inverse of :meth:`as_json`."""
        failures = tuple(Failure(**item) for item in data.get("failures", ()))
        return cls(**(data | {"outcome": CrawlOutcome(data["outcome"]), "failures": failures}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One address was asked: how far the crawl of ``source`` is. ``known`` is done plus what waits in the frontier."""

    source: str
    done: int
    known: int
    uri: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line for the operator; ``level`` is a name of :mod:`logging`."""

    level: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """All sources of one order were crawled; the crawl process waits for the next order, or ends."""


Event = Progress | LogLine | CrawlSummary | Done

_NAMES: dict[type[Any], str] = {Progress: "progress", LogLine: "log", CrawlSummary: "summary", Done: "done"}


def encode(event: Event) -> str:
    """The event as one JSON line, without the line end."""
    body = event.as_json() if isinstance(event, CrawlSummary) else asdict(event)
    return json.dumps({"event": _NAMES[type(event)]} | body, ensure_ascii=False)


def decode(line: str) -> Event:
    """The inverse of :func:`encode`. Raises ``ValueError`` for a line that is no event."""
    data = json.loads(line)
    match data.pop("event", None) if isinstance(data, dict) else None:
        case "progress":
            return Progress(**data)
        case "log":
            return LogLine(**data)
        case "done":
            return Done()
        case "summary":
            return CrawlSummary.from_json(data)
        case other:
            raise ValueError(f"not an event: {other!r}")
