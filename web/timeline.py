"""What connects an address with its archived states (RFC 7089 §2.2, §5): header fields and TimeMaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from storage.records import Capture, Memento
from web.addresses import target
from web.answers import Headers
from web.ask import Ask
from web.rows import Row
from web.written import digits, http_date, moment

LINKS = "application/link-format"


def memento_headers(ask: Ask, state: Memento) -> Headers:
    """The header fields of an archived state."""
    at = state.capture.captured_at
    return (("Memento-Datetime", http_date(at)), ("Link", link_field(ask, state)))


def link_field(ask: Ask, state: Memento) -> str:
    """The Link field of a state, and of what redirects to it: its address then and now, its neighbours in time."""
    uri = state.capture.uri
    named = {
        "first": state.first,
        "prev": state.previous,
        "": state.capture.captured_at,
        "next": state.next,
        "last": state.last,
    }
    relations: dict[str, tuple[datetime, list[str]]] = {}
    for name, at in named.items():
        if at is not None:
            relations.setdefault(digits(at), (at, []))[1].extend([name] if name else [])
    links = [
        f'<{target(uri)}>; rel="original"',
        f'<{ask.absolute(ask.to.timegate(uri))}>; rel="timegate"',
        f'<{ask.absolute(ask.to.timemap(uri))}>; rel="timemap"; type="{LINKS}"',
        *(_link(ask, uri, at, names) for at, names in relations.values()),
    ]
    return ", ".join(links)


def link_format(ask: Ask, states: Sequence[Capture]) -> Iterator[str]:
    """The lines of a TimeMap; ``states`` are all of one address, oldest first."""
    uri = states[-1].uri
    span = f'from="{http_date(states[0].captured_at)}"; until="{http_date(states[-1].captured_at)}"'
    yield f'<{target(uri)}>; rel="original"'
    yield f'<{ask.absolute(ask.to.timemap(uri))}>; rel="self"; type="{LINKS}"; {span}'
    yield f'<{ask.absolute(ask.to.timegate(uri))}>; rel="timegate"'
    for number, state in enumerate(states):
        names = [
            *(["first"] if number == 0 else []),
            *(["last"] if number == len(states) - 1 else []),
        ]
        yield _link(ask, state.uri, state.captured_at, names)


def timemap_row(ask: Ask, states: Sequence[Capture]) -> Row:
    """A TimeMap as JSON, by the names that other archives use."""
    uri = states[-1].uri
    listed = [
        {"datetime": moment(each.captured_at.replace(microsecond=0)), "uri": _place(ask, each.uri, each.captured_at)}
        for each in states
    ]
    return {
        "original_uri": uri,
        "timegate_uri": ask.absolute(ask.to.timegate(uri)),
        "timemap_uri": {"link_format": ask.absolute(ask.to.timemap(uri))},
        "mementos": {"first": listed[0], "last": listed[-1], "list": listed},
    }


def _link(ask: Ask, uri: str, at: datetime, names: Sequence[str]) -> str:
    return f'<{_place(ask, uri, at)}>; rel="{" ".join([*names, "memento"])}"; datetime="{http_date(at)}"'


def _place(ask: Ask, uri: str, at: datetime) -> str:
    return ask.absolute(ask.permanent.memento(at, uri))
