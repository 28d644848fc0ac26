"""What a timeline says should be told, and what a tool told: the types that driver, scoring and report share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One real event that staff want to hear of, once.

    ``path`` is where design §4.3 puts the event's ``uri``, without scheme and host; ``paths`` are all addresses that
    its ``uris`` must name (empty: not looked at). ``kinds`` and ``places`` are further answers that are as right,
    where the design leaves room. ``look`` is the look of its step at which it can first be known (2 where a second
    equal look must confirm); told sooner it is a false alarm. ``optional`` events may be told or not.
    ``minor`` and ``facts`` ("after.start": "2021-06-09") are what the change must say of itself, None and empty: no
    matter.
    """

    kind: str
    path: str
    paths: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    look: int = 1
    minor: bool | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    optional: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens on a site, the labels it deserves (none: silence), and how many looks follow it."""

    name: str
    labels: tuple[Label, ...] = ()
    looks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One item that a tool reported. ``kind`` is "*" when the tool does not know what it was."""

    kind: str
    uri: str
    uris: tuple[str, ...] = ()
    minor: bool | None = None
    before: object = None
    after: object = None
    summary: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A step as it was played: what the tool told at each of its looks."""

    step: Step
    told: tuple[tuple[Told, ...], ...]


def quiet(name: str, looks: int = 1) -> Step:
    """A step after which nothing should be told."""
    return Step(name, (), looks)
