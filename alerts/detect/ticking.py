"""Text that a program writes anew for every answer: adverts, counters, weather. It says nothing and mutes nobody."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from alerts.detect.ledger import Ledger
from alerts.detect.rest import Rest
from alerts.detect.scene import Seen
from alerts.detect.world import NOISY_LOOKS, is_shared, mark, still
from extractors import text
from extractors.diff import BlockChange
from extractors.model import Block
from storage.records import Ticking

_QUERY = re.compile(r"\?\S*")


def claim(ledger: Ledger, rests: Sequence[tuple[Seen, Rest]]) -> list[tuple[Seen, Rest]]:
    """Return what is left of some pages' differences without what ticks; a page that only ticks is held.

    A passage ticks when it changed on at least half of the pages at once, everywhere to the same words with other
    numbers (an editor writes the same on all of them), or at five looks in a row. Its words are remembered.
    """
    remembered = {each.mark: each.looks for each in ledger.source.ticking}
    looks: dict[str, int] = {name: number for name, number in remembered.items() if number >= NOISY_LOOKS}
    ticking: defaultdict[str, list[BlockChange]] = defaultdict(list)
    for name, places in sorted(_alike(rests).items()):
        if is_shared(len(places), len(ledger.scene.known)):
            looks[name] = NOISY_LOOKS if _differ(places) else remembered.get(name, 0) + 1
        if looks.get(name, 0) >= NOISY_LOOKS:
            for address, (_, change) in places.items():
                ticking[address].append(change)
            _hold(ledger, places)
    ledger.source = replace(
        ledger.source, ticking=tuple(Ticking(mark=name, looks=number) for name, number in sorted(looks.items()))
    )
    left: list[tuple[Seen, Rest]] = []
    for seen, rest in rests:
        others = rest.without(ticking.get(seen.address, ()))
        if not others:
            ledger.hold(seen.uri, "ticking", "nothing changed here but what a program writes")
        left.append((seen, others))
    return left


_Places = dict[str, tuple[Seen, BlockChange]]  # by the page's address


def _alike(rests: Sequence[tuple[Seen, Rest]]) -> Mapping[str, _Places]:
    """The passages by the mark of their words without numbers, with the page of each."""
    found: defaultdict[str, _Places] = defaultdict(dict)
    for seen, rest in rests:
        for change in rest.told:
            name = mark(still(_said(change.after or change.before)))
            found[name].setdefault(seen.address, (seen, change))
    return found


def _differ(places: _Places) -> bool:
    """Tell whether no wording is that of most pages."""
    said = Counter(_said(change.after or change.before) for _, change in places.values())
    return 2 * said.most_common(1)[0][1] <= len(places)


def _said(block: Block | None) -> str:
    """A block's comparison form, with links led without their queries: tokens of a fetch stand there."""
    return _QUERY.sub("?", text.block_fold(block)) if block else ""


def _hold(ledger: Ledger, places: _Places) -> None:
    _, change = next(iter(places.values()))
    block = change.after or change.before
    where = f"on {len(places)} pages, and written by a program: {block.text[:80] if block else ''}"
    ledger.hold(ledger.scene.start_uri, "ticking", where)
