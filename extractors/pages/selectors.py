"""CSS selectors from the config, and the elements of a page that they choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from lxml import etree
from lxml.cssselect import CSSSelector, SelectorError

from extractors.html import Element
from extractors.model import Hints


@dataclass(frozen=True, slots=True, kw_only=True)
class BadSelector:
    """A selector that is none: the config key it stands under, its text, and what is wrong with it."""

    key: str
    selector: str
    reason: str

    @property
    def detail(self) -> str:
        """One German line for the operator."""
        return f"Der Selektor „{self.selector}“ unter {self.key} ist ungültig: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The elements that the configured selectors chose on one page."""

    main: tuple[Element, ...] = ()
    notices: frozenset[Element] = field(default=frozenset())


NOTHING = Selection()


def check(key: str, selectors: Sequence[str]) -> BadSelector | None:
    """Return the first selector of a config key that cannot be used, None if all are well-formed."""
    for selector in selectors:
        reason = _problem(selector)
        if reason:
            return BadSelector(key=key, selector=selector, reason=reason)
    return None


def apply(tree: Element, hints: Hints) -> Selection | BadSelector:
    """Take the ignored elements out of the tree, and return those chosen for main text and notices."""
    for key, selectors in (("main", hints.main), ("notice", hints.notice), ("ignore", hints.ignore)):
        bad = check(key, selectors)
        if bad is not None:
            return bad
    for element in matches(tree, hints.ignore):
        _remove(element)
    return Selection(
        main=_outermost(matches(tree, hints.main)), notices=frozenset(_outermost(matches(tree, hints.notice)))
    )


@lru_cache(maxsize=256)
def _problem(selector: str) -> str:
    try:
        _compiled(selector)(etree.Element("probe"))  # an unknown namespace prefix shows only when it is used
    except (SelectorError, etree.XPathError) as problem:
        return str(problem) or "unvollständig"
    return ""


@lru_cache(maxsize=256)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def matches(tree: Element, selectors: Sequence[str]) -> list[Element]:
    """Return every element that one of the selectors names, once, in document order; :func:`check` them before."""
    chosen = {element for selector in selectors for element in cast("list[Element]", _compiled(selector)(tree))}
    return [element for element in tree.iter() if element in chosen] if chosen else []


def _outermost(elements: Sequence[Element]) -> tuple[Element, ...]:
    chosen = set(elements)
    return tuple(element for element in elements if chosen.isdisjoint(element.iterancestors()))


def _remove(element: Element) -> None:
    """Take an element out and leave the text behind it in place."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
