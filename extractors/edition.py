"""The version that a reading carries: of the extractor, of a page object's own, and of how a source sets them up."""

from __future__ import annotations

from hashlib import sha256

from extractors import installed
from extractors.model import Hints

# Raised whenever a page could read differently than before: stored bytes are then read again, so that a new
# extractor makes no change (design §4.12).
EXTRACTOR_VERSION = "4"

_OWN = "+"  # stands before the version of the page object that read a page
_SETUP = "~"  # stands before the mark of the set-up


def stamp(hints: Hints, own: str = "") -> str:
    """Return what a reading made with these hints is marked with; ``own`` is the page object's version.

    ``1``, ``1+bezirk-3``, ``1+bezirk-3~5f0c2a91``: the last part marks a set-up other than the usual one.
    """
    setup = _setup(hints)
    return EXTRACTOR_VERSION + (_OWN + own if own else "") + (_SETUP + setup if setup else "")


def is_current(version: str, hints: Hints) -> bool:
    """Tell whether a reading marked so is one that today's extractor would give with these hints.

    The page object's own part is passed over: which one reads a page is known only once it is read.
    """
    marked, _, setup = version.partition(_SETUP)
    return marked.partition(_OWN)[0] == EXTRACTOR_VERSION and setup == _setup(hints)


def has_setup(version: str) -> bool:
    """Tell whether a reading marked so was made with selectors or page objects of its own."""
    return _SETUP in version


def _setup(hints: Hints) -> str:
    """A mark of the selectors and of the page objects that may read a page, "" for the usual set-up.

    A selector that was added, or a page object that was installed, makes another text of the same bytes: no more
    news than a new extractor is.
    """
    objects = installed.versions() if hints.extractor not in installed.BUILT_IN or hints.extractor == "auto" else ()
    if hints.main:
        objects = ()
    parts = (hints.main, hints.notice, hints.ignore, objects, "" if hints.extractor == "auto" else hints.extractor)
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:8] if any(parts) else ""
