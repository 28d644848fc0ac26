"""What a page object in a file of its own builds on; docs/how-to-new-site.md shows one."""

from __future__ import annotations

from dataclasses import replace

from extractors.html import Element, resolve, text_of
from extractors.model import Attachment, Block, BlockKind, Hints, Link, Notice, Page, PageKind, StatedDate
from extractors.pages import generic, selectors
from extractors.pages.parts import Document, day_in
from extractors.text import squash

__all__ = [
    "Attachment",
    "Block",
    "BlockKind",
    "Document",
    "Element",
    "Link",
    "Notice",
    "Page",
    "PageKind",
    "StatedDate",
    "day_in",
    "every",
    "first",
    "read_by",
    "resolve",
    "text",
]


class PageError(ValueError):
    """A page that a page object recognised lacks what it has to read."""


def read_by(document: Document, *, main: str = "", notice: str = "", ignore: str = "") -> Page:
    """Read a document by CSS selectors, all else as of any other page; selectors of the config count as well.

    Takes the ignored elements out of ``document.tree``: what is read from them has to be read before.

    Raises:
        PageError: when nothing on the page fits ``main``, or a selector is none.
    """
    hints = Hints(main=_some(main), notice=_some(notice), ignore=_some(ignore))
    chosen = selectors.apply(document.tree, hints)
    if isinstance(chosen, selectors.BadSelector):
        raise PageError(chosen.detail)
    if main and not chosen.main:
        raise PageError(f"Auf der Seite gibt es nichts, worauf {main} zutrifft.")
    selection = replace(
        chosen, main=chosen.main or document.selection.main, notices=chosen.notices | document.selection.notices
    )
    return generic.read(replace(document, selection=selection))


def first(tree: Element, css: str) -> Element | None:
    """Return the first element that a CSS selector names, in document order."""
    return next(iter(every(tree, css)), None)


def every(tree: Element, css: str) -> tuple[Element, ...]:
    """Return every element that a CSS selector names, in document order. Raises PageError for no selector."""
    bad = selectors.check("css", (css,))
    if bad is not None:
        raise PageError(bad.detail)
    return tuple(selectors.matches(tree, (css,)))


def text(element: Element | None) -> str:
    """Return the text of an element on one line, "" for none."""
    return "" if element is None else squash(text_of(element))


def _some(css: str) -> tuple[str, ...]:
    return (css,) if css else ()
