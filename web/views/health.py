"""For operators and their monitoring: how everything stands, whether the view answers, and metrics."""

from __future__ import annotations

import platform
import sqlite3
from dataclasses import dataclass

from alerts.operator import command, do, what
from alerts.operator_words import OPERATOR_WORDS
from web import reports
from web.answers import Answer, Nothing, Sent, Shown
from web.ask import Ask
from web.health import Health
from web.texts.health import TEXTS
from web.views.listed import size

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that is not well: what it is, what to do, and the command that helps, "" if none does."""

    what: str
    do: str
    command: str
    grave: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the page of the state shows; sizes are ready to read, versions are (program, its version)."""

    health: Health
    troubles: tuple[Trouble, ...]
    archive: str
    free: str
    versions: tuple[tuple[str, str], ...]


def health(ask: Ask) -> Answer:
    """Sources, digests, queue, archive."""
    if ask.settings.health is None:
        return Nothing(what="no_such_page")
    found = ask.settings.health(ask.archive)
    words, when = OPERATOR_WORDS[ask.visitor.language], ask.visitor.words.moment
    content = Seen(
        health=found,
        troubles=tuple(
            Trouble(what=what(each, words, when), do=do(each, words, when), command=command(each), grave=each.grave)
            for each in found.conditions
        ),
        archive=size(found.archive_bytes, ask),
        free=size(found.free_bytes, ask),
        versions=_versions(ask),
    )
    row = {**reports.as_json(found), "versions": dict(_versions(ask))}
    return Shown(template="health.html.j2", title=TEXTS[ask.visitor.language].title, content=content, row=row)


def alive(ask: Ask) -> Answer:
    """Whether requests are answered from the archive: one row of it is read."""
    _ = ask.archive.installation_id
    return Sent(body=b"ok\n", media_type="text/plain; charset=utf-8")


def metrics(ask: Ask) -> Answer:
    """The same as ``status --format prometheus``, without readers' addresses."""
    if ask.settings.health is None:
        return Nothing(what="no_such_page")
    return Sent(body=reports.prometheus(ask.settings.health(ask.archive)).encode(), media_type=_PROMETHEUS)


def _versions(ask: Ask) -> tuple[tuple[str, str], ...]:
    return (
        ("amtsblick", ask.settings.version),
        ("python", platform.python_version()),
        ("sqlite", sqlite3.sqlite_version),
    )
