"""What a replayed page consists of, before a template of either era turns it into markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Final

_LINK: Final = re.compile(r"\[\[([^|\]]+)\|([^\]]+)\]\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of the second level within the text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Paragraphs and, after them, list items; ``[[words|address]]`` is a link."""

    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()  # paragraphs after the list


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A lead image with its credit; the portal repeats the alternative text as the caption."""

    file: str
    alt: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A PDF offered under a label; the portal itself states the size."""

    label: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a press list."""

    day: date
    title: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a press list: ``number`` of ``count``, each ``?page_at_1_0=N`` of its own path."""

    entries: tuple[Entry, ...]
    number: int
    count: int


Part = Heading | Text | Download | Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One page: ``ident`` is the number the content management system gives it for good."""

    path: str
    title: str
    ident: int
    edited: date
    parts: tuple[Part, ...]
    crumbs: tuple[tuple[str, str], ...] = ()  # (name, path) from the office's home down
    picture: Picture | None = None
    press_line: str = ""  # "Pressemitteilung vom 14.01.2021"
    template: str = "land_article"
    feed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBox:
    """The office's notice: headings, each with its paragraphs."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """What only this one fetch shows: the noise of a page.

    ``stamp`` is the Unix time in the addresses of style sheets, cut to ten minutes as on the real portal
    (seen on pages of July 2021); ``made`` is the visible time of the page's making; ``token`` names scaled images.
    """

    base: str
    now: datetime
    stamp: int
    made: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What the portal knows about a PDF: its size as stated ("2.1 kB"), and when it was put there (Unix time)."""

    size: str
    uploaded: int


Files = Mapping[str, File]  # by path


def inline(text: str) -> str:
    """Our text as HTML: escaped, links made."""
    return _LINK.sub(lambda found: f'<a href="{found[2]}">{found[1]}</a>', escape(text, quote=False))
