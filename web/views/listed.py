"""Addresses that a source watches, as lists show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel.numbers import format_decimal

from storage.records import Life, Role, Watch, Watched
from web.ask import Ask
from web.rows import Row
from web.written import moment

_LINKING = 5  # pages that link a document which are listed; a document in a frame is linked by all pages
_UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One watched address; ``size`` ready to read, "" where it is not known; ``more_pages`` are not in ``pages``."""

    watch: Watch
    life: Life | None
    size: str
    pages: tuple[str, ...]
    more_pages: int


def listed(ask: Ask, found: Watched) -> tuple[Listed, ...]:
    """Some of what a source watches; of documents also their size and how many versions they have."""
    documents = [watch.address for watch in found.watches if watch.role is Role.DOCUMENT]
    lives = ask.archive.lives(documents) if documents else {}
    return tuple(_listed(ask, watch, found.linking, lives.get(watch.address)) for watch in found.watches)


def _listed(ask: Ask, watch: Watch, spelled: Mapping[str, str], life: Life | None) -> Listed:
    pages = tuple(spelled.get(where, where) for where in watch.linked_from[:_LINKING])
    return Listed(
        watch=watch,
        life=life,
        size=size(life.bytes, ask) if life and life.bytes else "",
        pages=pages,
        more_pages=len(watch.linked_from) - len(pages),
    )


def size(number: int, ask: Ask) -> str:
    """A number of bytes as people write it: "12 kB", "3,4 MB"."""
    unit, name = next((each for each in _UNITS if number >= each[0]), _UNITS[-1])
    digits = 1 if unit > _UNITS[-1][0] else 0
    shown = format_decimal(max(round(number / unit, digits), 1), locale=ask.visitor.words.words.locale)
    return f"{shown} {name}"


def row_of(each: Listed) -> Row:
    """One watched address, for programs."""
    watch, life = each.watch, each.life
    return {
        "uri": watch.uri,
        "role": str(watch.role),
        "standing": str(watch.standing),
        "missing_since": moment(watch.missing_since),
        "moved_to": watch.moved_to,
        "label": watch.label or None,
        "linked_from": list(each.pages),
        "more_linked_from": each.more_pages,
        **(
            {"bytes": life.bytes or None, "versions": life.versions, "changed_at": moment(life.last_since)}
            if life
            else {}
        ),
    }
