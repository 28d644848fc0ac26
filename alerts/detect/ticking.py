"""Text that a program writes anew for every answer: adverts, counters, weather. It says nothing and mutes nobody."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from alerts.detect.ledger import Ledger
from alerts.detect.rest import Rest
from alerts.detect.scene import Seen
from alerts.detect.world import SHARED_PAGES, is_shared, still
from extractors import text
from extractors.diff import BlockChange
from extractors.model import Block

_QUERY = re.compile(r"\?\S*")


def claim(ledger: Ledger, rests: Sequence[tuple[Seen, Rest]]) -> list[tuple[Seen, Rest]]:
    """Return what is left of some pages' differences without what ticks; a page that only ticks is held.

    A passage ticks when it changed on many pages at once, everywhere to the same words with other numbers: an editor
    writes the same on all of them. Many are half of the source's pages, or three that changed at the look before too.
    """
    ticking: defaultdict[str, list[BlockChange]] = defaultdict(list)
    for places in _alike(rests).values():
        if _is_of_the_site(ledger, places) and _differ(places):
            for name, (_, change) in places.items():
                ticking[name].append(change)
            _hold(ledger, places)
    left: list[tuple[Seen, Rest]] = []
    for seen, rest in rests:
        others = rest.without(ticking.get(seen.address, ()))
        if others:
            left.append((seen, others))
        else:
            ledger.hold(seen.uri, "ticking", "nothing changed here but what a program writes")
    return left


_Places = dict[str, tuple[Seen, BlockChange]]  # by the page's address


def _alike(rests: Sequence[tuple[Seen, Rest]]) -> Mapping[tuple[str, str], _Places]:
    """The passages by their words without numbers, with the page of each."""
    found: defaultdict[tuple[str, str], _Places] = defaultdict(dict)
    for seen, rest in rests:
        for change in rest.told:
            name = still(_said(change.before)), still(_said(change.after))
            found[name].setdefault(seen.address, (seen, change))
    return found


def _is_of_the_site(ledger: Ledger, places: _Places) -> bool:
    again = sum(ledger.watches[name].changed_looks > 0 for name in places)
    return is_shared(len(places), len(ledger.scene.known)) or again >= SHARED_PAGES


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
    where = f"on {len(places)} pages, on each with other numbers: {block.text[:80] if block else ''}"
    ledger.hold(ledger.scene.start_uri, "ticking", where)
