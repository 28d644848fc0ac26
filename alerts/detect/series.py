"""Pages that a program makes without end, each led to by the one before: a calendar is one page to its readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from alerts.detect.ledger import Ledger
from alerts.detect.scene import Seen
from alerts.detect.world import SHARED_PAGES, still
from extractors import text
from storage.pages import StoredPage


class Pattern(NamedTuple):
    """What pages of one series have in common: address, title and text without their numbers."""

    address: str
    title: str
    words: str


def counted_on(ledger: Ledger) -> Mapping[str, tuple[Seen, ...]]:
    """The new pages that only others of their series lead to, by the address of the one that is told for them all.

    Where that one is known since an earlier crawl it is not among the new pages, and nothing is told. Pages that the
    site itself lists (minutes, reports) are no such series, however alike they are.
    """
    new: defaultdict[Pattern, list[Seen]] = defaultdict(list)
    for seen in ledger.scene.pages:
        if ledger.is_new(seen) and seen.page is not None and any(map(str.isdigit, seen.address)):
            new[_pattern(seen, seen.page)].append(seen)
    known: dict[str, list[Seen]] = {pattern.address: [] for pattern in new}
    for seen in ledger.scene.known if known else ():
        if (name := still(seen.address)) in known:
            known[name].append(seen)
    found: dict[str, tuple[Seen, ...]] = {}
    for pattern, pages in new.items():
        others = [
            seen for seen in known[pattern.address] if seen.before and _pattern(seen, seen.before.page) == pattern
        ]
        names = {seen.address for seen in (*pages, *others)}
        following = tuple(seen for seen in pages if seen.look and _is_led_to(seen.look.linked_from, names))
        if len(names) >= SHARED_PAGES and following:
            told = (*others, *(seen for seen in pages if seen not in following), *following)
            found[told[0].address] = following
    return found


def _is_led_to(linked_from: Sequence[str], names: Set[str]) -> bool:
    """True when some page links it and all that do are of the series; feeds and sitemaps link without a page."""
    return bool(linked_from) and set(linked_from) <= names


def _pattern(seen: Seen, page: StoredPage) -> Pattern:
    words = " ".join(text.fold(block.text) for block in page.blocks)
    return Pattern(still(seen.address), still(text.fold(page.title)), still(words))
