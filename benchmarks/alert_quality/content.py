"""What a page of a timeline says, before a template turns it into markup."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from html import escape
from typing import Any, TypeVar, cast

_LINK = re.compile(r"\[\[([^|\]]+)\|([^\]]+)\]\]")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; ``[[words|address]]`` is a link, here and in all other parts."""

    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """A heading within the text."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A table, the first row its head."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class File:
    """A document offered under a label."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its caption."""

    file: str
    caption: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list of news."""

    day: date
    title: str
    path: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Teasers:
    """A list of news: page ``number`` of ``count``."""

    entries: tuple[Entry, ...]
    number: int = 1
    count: int = 1


Part = Para | Head | Items | Rows | File | Picture | Teasers


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One page. ``ident`` is the number its content management system gives it for good."""

    path: str
    title: str
    parts: tuple[Part, ...]
    ident: int = 0
    edited: date = date(2024, 1, 8)
    crumbs: tuple[tuple[str, str], ...] = ()
    press_line: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A notice above the pages: a title and paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


def swap(thing: T, old: str, new: str) -> T:
    """The same content with words exchanged wherever they stand: in a text, a tuple or a dataclass."""
    return cast("T", _swapped(thing, old, new))


def _swapped(thing: object, old: str, new: str) -> object:
    if isinstance(thing, str):
        return thing.replace(old, new)
    if isinstance(thing, tuple):
        return tuple(_swapped(each, old, new) for each in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        changes: dict[str, Any] = {each.name: _swapped(getattr(thing, each.name), old, new) for each in fields(thing)}
        return replace(thing, **changes)
    return thing


def inline(text: str) -> str:
    """Our text as HTML: escaped, links made."""
    return _LINK.sub(lambda found: f'<a href="{found[2]}">{found[1]}</a>', escape(text, quote=False))
