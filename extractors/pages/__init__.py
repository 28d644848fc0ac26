"""The page objects: each turns one kind of document into a page; the markup decides which."""

from __future__ import annotations

from extractors.html import Element, Refusal, base_of, head, links
from extractors.model import Hints, Page
from extractors.pages import berlin_de, generic, selectors
from extractors.pages.landmarks import SELECTOR_RULE
from extractors.pages.parts import Document

__all__ = ["SELECTOR_RULE", "choose", "read"]


def choose(tree: Element, hints: Hints) -> str:
    """Return the name of the page object for a document: by its markup, unless the config says otherwise.

    A source set to berlin.de whose page is not built that way any more is read as any other page is.
    """
    if hints.main or hints.extractor == generic.NAME or not berlin_de.recognises(tree):
        return generic.NAME
    return berlin_de.NAME


def read(tree: Element, uri: str, hints: Hints) -> Page | Refusal:
    """Read a document with the page object that fits it and the configured selectors; changes the tree."""
    name = choose(tree, hints)
    base = base_of(tree, uri)
    targets = links(tree, base)
    selection = selectors.apply(tree, hints)
    if isinstance(selection, selectors.BadSelector):
        return Refusal(rule="selector", detail=selection.detail)
    document = Document(tree=tree, uri=uri, base=base, head=head(tree, uri), links=targets, selection=selection)
    return berlin_de.read(document) if name == berlin_de.NAME else generic.read(document)
