"""Lists that run over several addresses: what one new entry pushes on to the next sheet is no news (design §4.2)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import takewhile

from alerts.detect.claims import Side, targets
from alerts.detect.ledger import Ledger
from alerts.detect.lines import is_unlooked
from alerts.detect.scene import Seen, Stand
from alerts.detect.world import still
from extractors import text
from extractors.model import Block
from storage.pages import StoredPage
from storage.records import Role

# What systems call the number of a list's sheet: in the query (berlin.de: page_at_1_0, Government Site Builder:
# gtp=…_list%3D2, Plone: b_start:int) or as a part of the path (WordPress: /page/2).
_IN_QUERY = re.compile(
    r"(?:\w*page\w*|\w*seite|p|pg|start|offset|b_start(?::int)?|skip|from|ab|gtp|currentpage|tx_\w+(?:\[|%5B)\w*page\w*(?:\]|%5D))"
    r"=[^&]*\d[^&]*",
    re.IGNORECASE,
)
_IN_PATH = re.compile(r"/(?:page|seite|p)[/-]\d{1,4}(?=/|$)", re.IGNORECASE)

# An entry of a list is a date, a linked title and a lead at most; with more lines an entry a sheet has text of its own.
ENTRY_LINES = 3


def stem(name: str) -> str:
    """Return what all sheets of one list have in common in their addresses: the address without a sheet's number."""
    path, mark, query = name.partition("?")
    kept = [piece for piece in query.split("&") if not _IN_QUERY.fullmatch(piece)]
    shorter = _IN_PATH.sub("", path)
    return f"{shorter}?{'&'.join(kept)}" if mark and any(kept) else shorter


def is_further_sheet(ledger: Ledger, seen: Seen, page: StoredPage) -> bool:
    """Tell whether a new page is a further sheet of a known list; what it lists is told for itself where it is new."""
    entries = [block for block in page.blocks if block.links]
    if not entries or seen.address == stem(seen.address) or ENTRY_LINES * len(entries) < len(page.blocks):
        return False
    others = [other for other in ledger.scene.known if other.address != seen.address and _same_list(other, seen)]
    return any(_same_title(other, page) for other in others)


def claim(ledger: Ledger, new: Set[str]) -> None:
    """Claim lines that only moved from sheet to sheet; ``new`` are the addresses that this crawl brought."""
    _claim_moved_on(ledger)
    _claim_rolled_off(ledger, new)
    _claim_rolled_on(ledger)


def _same_list(one: Seen, other: Seen) -> bool:
    return stem(one.address) == stem(other.address)


def _same_title(seen: Seen, page: StoredPage) -> bool:
    """Titles may count the sheets ("Nachrichten, Seite 3")."""
    before = still(text.fold(seen.before.page.title)) if seen.before else ""
    return bool(before) and before in still(text.fold(page.title))


def _claim_moved_on(ledger: Ledger) -> None:
    """A line that left one sheet of a list and turned up on another has only been pushed on by what came before it."""
    lost: defaultdict[tuple[str, str], list[tuple[Seen, int]]] = defaultdict(list)
    for seen in ledger.changed_pages():
        blocks = ledger.blocks(seen, Side.BEFORE)
        for index in ledger.fresh(seen, Side.BEFORE):
            lost[stem(seen.address), ledger.claims.mark(blocks[index], Side.BEFORE)].append((seen, index))
    new = [seen for seen in ledger.scene.pages if ledger.is_new(seen)]
    for seen in (*ledger.changed_pages(), *new):
        blocks = ledger.blocks(seen, Side.AFTER)
        for index in ledger.fresh(seen, Side.AFTER):
            places = lost.get((stem(seen.address), ledger.claims.mark(blocks[index], Side.AFTER)), [])
            n = next((n for n, place in enumerate(places) if place[0] is not seen or blocks[index].links), None)
            if n is not None:
                other, at = places.pop(n)
                ledger.claims.block(seen.address, Side.AFTER, index)
                ledger.claims.block(other.address, Side.BEFORE, at)
                ledger.hold(seen.uri, "pagination", "a line moved on to another sheet of the list")


def _claim_rolled_off(ledger: Ledger, new: Set[str]) -> None:
    """A list of fixed length drops its last entries for new ones; the pages they led to are still there."""
    for seen in ledger.changed_pages():
        before, after = ledger.blocks(seen, Side.BEFORE), ledger.blocks(seen, Side.AFTER)
        came = [
            index
            for index in ledger.fresh(seen, Side.AFTER)
            if any(name in new or is_unlooked(ledger, name) for name in targets(after[index]))
        ]
        last = list(_fresh_entries(ledger, seen, Side.BEFORE, reversed(range(len(before)))))
        if came and 0 < len(last) <= len(came):
            _claim_entries(ledger, seen, Side.BEFORE, last)
            ledger.hold(seen.uri, "rolling-list", f"{len(last)} line(s) left the end of the list as new ones came")


def _claim_rolled_on(ledger: Ledger) -> None:
    """Known entries at the top of a further sheet come from the one before it, which lost them in an earlier crawl."""
    sheets = [seen for seen in ledger.changed_pages() if seen.address != stem(seen.address)]
    stems = {stem(seen.address) for seen in sheets}
    number = Counter(name for seen in ledger.scene.present if (name := stem(seen.address)) in stems) if stems else {}
    for seen in sheets:
        if number[stem(seen.address)] < 2:
            continue
        first = list(_fresh_entries(ledger, seen, Side.AFTER, range(len(ledger.blocks(seen, Side.AFTER)))))
        if first:
            _claim_entries(ledger, seen, Side.AFTER, first)
            ledger.hold(seen.uri, "pagination", f"{len(first)} known entries moved on to this sheet of the list")


def _fresh_entries(ledger: Ledger, seen: Seen, side: Side, order: Iterable[int]) -> Iterator[int]:
    """The linked lines that differ and lead to known pages, in some order, up to the first other linked line."""
    blocks, fresh = ledger.blocks(seen, side), set(ledger.fresh(seen, side))
    linked = (index for index in order if blocks[index].links)
    return takewhile(lambda index: index in fresh and _are_there(ledger, blocks[index]), linked)


def _are_there(ledger: Ledger, block: Block) -> bool:
    """True when all that a line leads to is known and did not say it is gone; a capped crawl may not have asked."""
    found = [ledger.scene.seen.get(name) for name in targets(block)]
    return all(
        seen is not None and seen.role is Role.PAGE and seen.live and seen.stand not in {Stand.GONE, Stand.MOVED}
        for seen in found
    )


def _claim_entries(ledger: Ledger, seen: Seen, side: Side, entries: Sequence[int]) -> None:
    blocks, fresh = ledger.blocks(seen, side), set(ledger.fresh(seen, side))
    for index in (*entries, *_beside(blocks, fresh, entries)):
        ledger.claims.block(seen.address, side, index)


def _beside(blocks: Sequence[Block], fresh: set[int], entries: Sequence[int]) -> Iterator[int]:
    """Lines without a link that belong to some entries of a list: their dates and leads.

    After an entry come at most as many as stand between it and the entry before it.
    """
    linked = [index for index, block in enumerate(blocks) if block.links]
    for index in entries:
        before = max((other for other in linked if other < index), default=index - 1)
        after = min((other for other in linked if other > index), default=len(blocks))
        around = (*range(before + 1, index), *range(index + 1, min(after, index + (index - before))))
        yield from (other for other in around if other in fresh)
