"""Page objects of other distributions: loaded when a page may be theirs, and never trusted."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path
from types import UnionType
from typing import Any, Protocol, get_args, get_origin, get_type_hints

from extractors.html import Element, Refusal
from extractors.installed import RULE, names, points
from extractors.model import Hints, Page
from extractors.pages.landmarks import SELECTOR_RULE
from extractors.pages.parts import Document

_REMEDY = 'Abhilfe: das Seitenobjekt reparieren, oder für die Quelle extractor = "generic" setzen.'
_OURS = str(Path(__file__).resolve().parents[1])


class PageObject(Protocol):
    """What an entry point has to lead to: a module, a class or an object with these two functions."""

    def recognises(self, tree: Element) -> bool:
        """Whether a document is one of its own, by its markup; it must leave the tree as it is."""

    def read(self, document: Document) -> Page:
        """What a reader sees on it; any exception is a page that could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A page object by its entry point; its version is that of its distribution."""

    name: str
    distribution: str
    version: str
    page_object: PageObject | None
    fault: str = ""  # why it cannot be used, in German

    def recognises(self, tree: Element) -> bool | Refusal:
        """Ask whether a document is one of its own."""
        if self.page_object is None:
            return self._refusal(self.fault)
        try:
            answer = self.page_object.recognises(tree)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's code costs one page, and says so
            return self._refusal(f"scheitert an der Seite: {_told(error)}")
        return bool(answer)

    def read(self, document: Document) -> Page | Refusal:
        """Read a document; what the page object leaves empty is taken from the document's head and links."""
        if self.page_object is None:
            return self._refusal(self.fault)
        try:
            page = self.page_object.read(document)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - see above
            return self._refusal(f"scheitert an der Seite: {_told(error)}")
        wrong = _wrong("Page", page, Page)
        if wrong:
            return self._refusal(f"liefert keine Seite: {wrong}")
        head = document.head
        own = ("", SELECTOR_RULE)  # the selectors were the page object's, not the config's
        return replace(
            page,
            uri=document.uri,
            blocks=tuple(replace(block, rule=RULE) if block.rule in own else block for block in page.blocks),
            language=page.language or head.language,
            links=page.links or document.links,
            feeds=page.feeds or head.feeds,
            canonical=page.canonical or head.canonical,
            extractor=self.name,
            extractor_version=f"{self.name}-{self.version}",
        )

    def _refusal(self, what: str) -> Refusal:
        return Refusal(rule=RULE, detail=f"Das Seitenobjekt „{self.name}“ ({self.distribution}) {what}. {_REMEDY}")


@cache
def find(name: str) -> Plugin:
    """Load a page object, once a process; one that cannot be used says why."""
    found = [point for point in points() if point.name == name]
    if not found:
        there = f"; installiert: {', '.join(names())}" if names() else ""
        return _useless(name, "", f"ist nicht installiert{there}")
    if len(found) > 1:
        return _useless(name, _source(found[0]), f"gibt es doppelt, auch in {_source(found[1])}")
    return _load(found[0])


def is_undecided(name: str, hints: Hints) -> bool:
    """Tell whether a page may belong to a page object that cannot say so because it is broken.

    A page that another one read before is none of its pages; a page never seen before may be.
    """
    return hints.extractor == name or hints.previous is None or hints.previous.extractor == name


def _load(point: EntryPoint) -> Plugin:
    try:
        loaded: Any = point.load()
        if isinstance(loaded, type):
            loaded = loaded()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - see above
        return _useless(point.name, _source(point), f"lässt sich nicht laden: {_told(error)}")
    missing = [name for name in ("recognises", "read") if not callable(getattr(loaded, name, None))]
    if missing:
        return _useless(point.name, _source(point), f"hat keine Funktion {' und '.join(missing)} ({point.value})")
    version = point.dist.version if point.dist else ""
    return Plugin(name=point.name, distribution=_source(point), version=version, page_object=loaded)


def _useless(name: str, distribution: str, fault: str) -> Plugin:
    return Plugin(name=name, distribution=distribution or "unbekannt", version="", page_object=None, fault=fault)


def _source(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def _told(error: BaseException) -> str:
    """An exception on one line, with the last place outside this package that it passed."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith((_OURS, "<"))]
    where = f" ({Path(own[-1].filename).name}, Zeile {own[-1].lineno})" if own else ""
    said = " ".join(str(error).split()).rstrip(".")
    return f"{type(error).__name__}{f': {said}' if said else ''}{where}"


def _wrong(place: str, value: object, wanted: Any) -> str:
    """Say where a value is not of its declared type, however deep; "" where all is as it should be."""
    if get_origin(wanted) is UnionType:
        fits = any(not _wrong(place, value, each) for each in get_args(wanted))
        return "" if fits else _instead(place, value, wanted)
    if get_origin(wanted) is tuple:
        if not isinstance(value, tuple):
            return _instead(place, value, wanted)
        inner = get_args(wanted)[0]
        return next(filter(None, (_wrong(f"{place}[{n}]", each, inner) for n, each in enumerate(value))), "")
    if not isinstance(value, get_origin(wanted) or wanted):
        return _instead(place, value, wanted)
    if not is_dataclass(value):
        return ""
    model: Any = type(value)
    parts = ((f"{place}.{name}", getattr(value, name), each) for name, each in _types(model).items())
    return next(filter(None, (_wrong(*part) for part in parts)), "")


@cache
def _types(model: type) -> dict[str, Any]:
    """The declared type of each field of a dataclass."""
    hints = get_type_hints(model)
    return {each.name: hints[each.name] for each in fields(model)}


def _instead(place: str, value: object, wanted: Any) -> str:
    return f"{place} ist {type(value).__name__} statt {getattr(wanted, '__name__', None) or wanted}"
