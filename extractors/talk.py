"""Sentences in which a website speaks of itself (its pages, the request, the browser) and not of its matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extractors.dates import spans
from extractors.phrases import StandIn
from extractors.sayings import FAULTS
from extractors.sayings_gates import BESIDE, GATES
from extractors.text import sentences

# A sentence longer than this is looked at as far as this: what a site says about itself is short.
_MAX_SENTENCE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What the sentences of a text say, in characters: of each kind, of what goes with any kind, and altogether."""

    kinds: dict[StandIn, int]
    beside: int
    total: int

    def share(self, kind: StandIn) -> float:
        """The part of the text, 0…1, in which the site speaks of itself, if one sentence is of this kind."""
        return (sum(self.kinds.values()) + self.beside) / self.total if kind in self.kinds and self.total else 0.0

    @property
    def foremost(self) -> StandIn | None:
        """The kind that most of it belongs to."""
        return max(self.kinds, key=lambda kind: self.kinds[kind], default=None)


_QUOTED = re.compile(r"„[^„“”]{1,200}[“”]|\"[^\"]{1,200}\"|»[^»«]{1,200}«|“[^“”]{1,200}”")


def listen(lines: Iterable[str], *, allowed: Iterable[StandIn], dated: bool = False) -> Talk:
    """Sort the sentences of some lines; ``allowed`` are the kinds that count.

    What stands in quotation marks is somebody else's speech. A sentence with a date tells of the future rather
    than of now, unless ``dated``.
    """
    counted = frozenset(allowed)
    kinds: dict[StandIn, int] = {}
    beside = total = 0
    for sentence in _sentences(lines):
        size = len(sentence)
        total += size
        kind = kind_of(sentence, dated=dated)
        if kind in counted:
            kinds[kind] = kinds.get(kind, 0) + size
        elif kind is None and _goes_beside(sentence):
            beside += size
    return Talk(kinds=kinds, beside=beside, total=total)


def kind_of(sentence: str, *, dated: bool = False) -> StandIn | None:
    """The kind of stand-in that would say a sentence, if the website speaks of itself in it."""
    own = _QUOTED.sub(" ", sentence[:_MAX_SENTENCE])
    for saying in (*FAULTS, *GATES):
        if all(part.search(own) for part in saying.parts) and not (saying.never and saying.never.search(own)):
            return None if saying.kind.dated_is_news and not dated and spans(own) else saying.kind
    return None


def _goes_beside(sentence: str) -> bool:
    own = sentence[:_MAX_SENTENCE]
    return any(all(part.search(own) for part in parts) for parts in BESIDE)


def _sentences(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from sentences(line)
