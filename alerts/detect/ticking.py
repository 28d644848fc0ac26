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
    ticking: defaultdict[str, list[BlockChange]] = defaultdict(list)
    for name, places in sorted(_alike(rests).items()):
        shared = is_shared(len(places), len(ledger.scene.known))
        if ticks(ledger, name, shared=shared, at_once=shared and _differ(places)):
            for address, (_, change) in places.items():
                ticking[address].append(change)
            _, change = next(iter(places.values()))
            block = change.after or change.before
            hold(ledger, len(places), block.text if block else "")
    _remember(ledger)
    left: list[tuple[Seen, Rest]] = []
    for seen, rest in rests:
        others = rest.without(ticking.get(seen.address, ()))
        if not others:
            ledger.hold(seen.uri, "ticking", "nothing changed here but what a program writes")
        left.append((seen, others))
    return left


def name_of(line: str) -> str:
    """Return what a folded line goes by whatever its numbers are."""
    return mark(still(line))


def ticks(ledger: Ledger, name: str, *, shared: bool, at_once: bool = False) -> bool:
    """Count a passage that changed, on many pages if ``shared``; True when it does so by itself, as far as is known.

    ``at_once``: one look at it is enough to know.
    """
    remembered = {each.mark: each.looks for each in ledger.scene.before.ticking}
    looks = ledger.ticks.get(name, remembered.get(name, 0) + shared)
    looks = max(looks, NOISY_LOOKS if at_once else 0)
    if shared:
        ledger.ticks[name] = looks
    return looks >= NOISY_LOOKS


def hold(ledger: Ledger, pages: int, line: str) -> None:
    """Record a passage that ticks."""
    ledger.hold(ledger.scene.start_uri, "ticking", f"on {pages} pages, and written by a program: {line[:80]}")


def _remember(ledger: Ledger) -> None:
    """What was found to tick stays known; of the rest only what changed at this look."""
    known = {each.mark: each.looks for each in ledger.scene.before.ticking if each.looks >= NOISY_LOOKS}
    looks = known | ledger.ticks
    ledger.source = replace(
        ledger.source, ticking=tuple(Ticking(mark=name, looks=number) for name, number in sorted(looks.items()))
    )


_Places = dict[str, tuple[Seen, BlockChange]]  # by the page's address


def _alike(rests: Sequence[tuple[Seen, Rest]]) -> Mapping[str, _Places]:
    """The passages by the mark of their words without numbers, with the page of each."""
    found: defaultdict[str, _Places] = defaultdict(dict)
    for seen, rest in rests:
        for change in rest.told:
            name = name_of(_said(change.after or change.before))
            found[name].setdefault(seen.address, (seen, change))
    return found


def _differ(places: _Places) -> bool:
    """Tell whether no wording is that of most pages."""
    said = Counter(_said(change.after or change.before) for _, change in places.values())
    return 2 * said.most_common(1)[0][1] <= len(places)


def _said(block: Block | None) -> str:
    """A block's comparison form, with links led without their queries: tokens of a fetch stand there."""
    return _QUERY.sub("?", text.block_fold(block)) if block else ""
