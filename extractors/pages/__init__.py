"""The page objects: each turns one kind of document into a page; the markup decides which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractors import installed
from extractors.html import Element, Refusal, base_of, head, links
from extractors.model import Hints, Page
from extractors.pages import berlin_de, generic, plugins, selectors
from extractors.pages.landmarks import SELECTOR_RULE
from extractors.pages.parts import Document

__all__ = ["SELECTOR_RULE", "choose", "lost", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The page object that reads a document."""

    name: str
    read: Callable[[Document], Page | Refusal]


def choose(tree: Element, hints: Hints) -> Chosen | Refusal:
    """Return the page object for a document: by its markup, unless the config says otherwise.

    A source set to a page object whose page is not built that way is read as any other page is. Refuses where a
    broken plug-in cannot say whether the page is its own.
    """
    wanted = "generic" if hints.main else hints.extractor
    if wanted in ("auto", berlin_de.NAME) and berlin_de.recognises(tree):
        return Chosen(name=berlin_de.NAME, read=berlin_de.read)
    for name in installed.names() if wanted == "auto" else () if wanted in installed.BUILT_IN else (wanted,):
        plugin = plugins.find(name)
        answer = plugin.recognises(tree)
        if isinstance(answer, Refusal) and plugins.is_undecided(name, hints):
            return answer
        if answer is True:
            return Chosen(name=name, read=plugin.read)
    return Chosen(name=generic.NAME, read=generic.read)


def read(tree: Element, uri: str, hints: Hints) -> Page | Refusal:
    """Read a document with the page object that fits it and the configured selectors; changes the tree."""
    chosen = choose(tree, hints)
    if isinstance(chosen, Refusal):
        return chosen
    base = base_of(tree, uri)
    targets = links(tree, base)
    selection = selectors.apply(tree, hints)
    if isinstance(selection, selectors.BadSelector):
        return Refusal(rule="selector", detail=selection.detail)
    document = Document(
        tree=tree,
        uri=uri,
        base=base,
        head=head(tree, uri),
        links=targets,
        selection=selection,
        previous=hints.previous,
    )
    return chosen.read(document)


def lost(page: Page, hints: Hints) -> str:
    """Return the name of the plug-in that read this page last time and does not recognise it any more, or ""."""
    before = hints.previous.extractor if hints.previous is not None else ""
    asked = hints.extractor in ("auto", before) and not hints.main
    return before if asked and page.extractor != before and before in installed.names() else ""
