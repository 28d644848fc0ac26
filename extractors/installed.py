"""Which page objects are installed beside the built-in ones, by the entry-point group ``amtsblick.pages``."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from extractors.model import Hints

GROUP = "amtsblick.pages"
RULE = "page-object"  # of a reading that failed because of one
BUILT_IN = ("auto", "berlin.de", "generic")  # what the config key ``extractor`` means without any plug-in


@cache
def points() -> tuple[EntryPoint, ...]:
    """The entry points of the group; looked up once a process, and nothing is loaded."""
    return tuple(entry_points(group=GROUP))


@cache
def names() -> tuple[str, ...]:
    """The names of the installed page objects, sorted."""
    return tuple(sorted({point.name for point in points()} - set(BUILT_IN)))


def may_be_at_work(hints: Hints) -> tuple[str, ...]:
    """The page objects that may have been reading when a reader process had to be stopped."""
    if hints.extractor in names():
        return (hints.extractor,)
    if hints.extractor != "auto" or hints.main:
        return ()
    before = hints.previous.extractor if hints.previous is not None else ""
    return (before,) if before in names() else names()


@cache
def versions() -> tuple[str, ...]:
    """The installed page objects with the versions of their distributions, sorted."""
    found = {f"{point.name}-{point.dist.version if point.dist else ''}" for point in points()}
    return tuple(sorted(found))
