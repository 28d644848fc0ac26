"""The state of everything in the forms that people and monitoring systems read: `status --format`, `/metrics`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from importlib import metadata
from typing import Any

from alerts.operator import Condition, command, do, what
from alerts.operator_words import OPERATOR_WORDS
from alerts.visible import one_line
from web.health import Health, SourceHealth, SubscriptionHealth
from web.written import moment

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3  # Monitoring Plugins Development Guidelines, "Plugin Return Codes"
_WORDS = OPERATOR_WORDS["en"]
_PREFIX = "amtsblick"


def line(condition: Condition) -> str:
    """A condition as one line for a terminal: what is wrong; what to do."""
    helps = command(condition)
    return f"{_what(condition)}; {do(condition, _WORDS, _when)}{f' `{helps}`' if helps else ''}"


def as_json(health: Health) -> dict[str, Any]:
    """The one object that ``status --json`` prints."""
    return {
        "well": health.well,
        "grave": health.grave,
        "problems": [line(each) for each in health.conditions],
        "conditions": [_condition(each) for each in health.conditions],
        "notes": list(health.notes),
        "seconds_since_complete": _since(health.last_complete, health.at),
        "sources": [_source(each, health.at) for each in health.sources],
        "subscriptions": [_subscription(each) for each in health.subscriptions],
        "queue": {**health.queue, "oldest_waiting": moment(health.oldest_waiting)},
        "disk": {
            "archive": str(health.archive),
            "archive_bytes": health.archive_bytes,
            "free_bytes": health.free_bytes,
        },
    }


def nagios(health: Health) -> tuple[str, int]:
    """One line with performance data, and the exit code that Nagios, Icinga and their kin expect."""
    code = CRITICAL if health.grave else WARNING if health.conditions else OK
    name = ("OK", "WARNING", "CRITICAL")[code]
    said = "; ".join(_what(each) for each in health.conditions) or _all_well(health)
    data = " ".join(
        [
            f"waiting={_waiting(health)};;;0",
            f"refused={health.queue.get('refused', 0)};;;0",
            f"archive={health.archive_bytes}B;;;0",
            f"free={health.free_bytes}B;;;0",
        ]
    )
    return f"AMTSBLICK {name} - {_piped(said)} | {data}", code


def unknown(reason: str) -> str:
    """The line of Nagios for a state that cannot be found out."""
    return f"AMTSBLICK UNKNOWN - {_piped(reason)}"


def prometheus(health: Health) -> str:
    """Prometheus' text exposition format, version 0.0.4; times are Unix seconds."""
    return "".join(f"{line_}\n" for line_ in _metrics(health))


def _what(condition: Condition) -> str:
    return what(condition, _WORDS, _when)


def _when(at: datetime) -> str:
    return moment(at) or ""


def _since(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else max(0, int((now - at).total_seconds()))


def _waiting(health: Health) -> int:
    return sum(health.queue.get(state, 0) for state in ("queued", "sending", "deferred", "held"))


def _all_well(health: Health) -> str:
    watched = sum(each.enabled for each in health.sources)
    return f"{watched} source{'s' if watched != 1 else ''} checked, {_waiting(health)} mails waiting"


def _piped(text: str) -> str:
    """One line without the sign that begins performance data."""
    return one_line(text).replace("|", "/")


def _condition(each: Condition) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "subject": each.subject,
        "grave": each.grave,
        "since": moment(each.since),
        "number": each.number,
        "what": _what(each),
        "do": do(each, _WORDS, _when),
        "command": command(each) or None,
    }


def _source(each: SourceHealth, now: datetime) -> dict[str, Any]:
    last = each.last_crawl
    return {
        "source": each.name,
        "enabled": each.enabled,
        "well": not each.conditions,
        "problem": "; ".join(_what(one) for one in each.conditions) or None,
        "last_crawl": moment(last.started_at) if last else None,
        "last_crawl_ended": moment(last.ended_at) if last else None,
        "last_crawl_reason": last.reason if last else None,
        "last_complete": moment(each.last_complete),
        "seconds_since_complete": _since(each.last_complete, now),
        "next_crawl": moment(each.next_crawl),
        "seeing": each.seeing,
        "known": each.known,
        "judged": each.judged,
        "failed": each.failed,
        "drifted": each.drifted,
        "coverage": None if each.coverage is None else round(each.coverage, 4),
    }


def _subscription(each: SubscriptionHealth) -> dict[str, Any]:
    return {
        "subscription": each.name,
        "last_digest": moment(each.last_digest),
        "next_digest": moment(each.next_digest),
        "overdue_since": moment(each.overdue_since),
    }


Samples = list[tuple[dict[str, str], float | int]]


def _metrics(health: Health) -> Iterator[str]:
    sources = [({"source": each.name}, each) for each in health.sources]

    def per_source(values: Iterator[float | int | None]) -> Samples:
        return [(label, value) for (label, _), value in zip(sources, values, strict=True) if value is not None]

    version = metadata.version("amtsblick")
    yield from _metric("build_info", "The version of the program.", [({"version": version}, 1)])
    yield from _metric("well", "1 if nobody need do anything.", [({}, int(health.well))])
    yield from _metric("condition", "1 for each thing that is not well.", _conditions(health))
    yield from _metric(
        "source_enabled", "1 if the source is watched.", per_source(int(each.enabled) for _, each in sources)
    )
    yield from _metric(
        "source_well", "1 if nothing is wrong with it.", per_source(int(not each.conditions) for _, each in sources)
    )
    yield from _metric(
        "source_known_addresses", "Addresses known of it.", per_source(each.known for _, each in sources)
    )
    yield from _metric(
        "source_judged_addresses", "Of those, judged by the last look.", per_source(each.judged for _, each in sources)
    )
    yield from _metric(
        "source_failed_addresses", "Failures of the last look.", per_source(each.failed for _, each in sources)
    )
    yield from _metric(
        "source_last_complete_timestamp_seconds",
        "When it was last checked completely.",
        per_source(_stamp(each.last_complete) for _, each in sources),
    )
    yield from _metric(
        "source_next_look_timestamp_seconds",
        "When its schedule next asks for a look.",
        per_source(_stamp(each.next_crawl) for _, each in sources),
    )
    digests: Samples = [
        ({"subscription": each.name}, stamp)
        for each in health.subscriptions
        if (stamp := _stamp(each.last_digest)) is not None
    ]
    yield from _metric("last_digest_timestamp_seconds", "When its last digest was made.", digests)
    mails: Samples = [({"state": state}, count) for state, count in health.queue.items()]
    yield from _metric("mails", "Messages in the outbox by their state.", mails)
    oldest = _stamp(health.oldest_waiting)
    yield from _metric(
        "oldest_waiting_mail_timestamp_seconds", "When it was made.", [({}, oldest)] if oldest is not None else []
    )
    yield from _metric("archive_bytes", "Size of the archive on disk.", [({}, health.archive_bytes)])
    yield from _metric("disk_free_bytes", "Free space on its disk.", [({}, health.free_bytes)])


def _conditions(health: Health) -> Samples:
    severities = {True: "critical", False: "warning"}
    seen = {(each.kind, each.subject): severities[each.grave] for each in health.conditions}
    return [({"kind": kind, "subject": subject, "severity": how}, 1) for (kind, subject), how in seen.items()]


def _stamp(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _metric(name: str, about: str, samples: Samples) -> Iterator[str]:
    """One gauge; without samples it is left out."""
    if not samples:
        return
    yield f"# HELP {_PREFIX}_{name} {about}"
    yield f"# TYPE {_PREFIX}_{name} gauge"
    for labels, value in samples:
        inside = ",".join(f'{label}="{_quoted(text)}"' for label, text in labels.items())
        yield f"{_PREFIX}_{name}{f'{{{inside}}}' if inside else ''} {value}"


def _quoted(text: str) -> str:
    return one_line(text).replace("\\", "\\\\").replace('"', '\\"')
