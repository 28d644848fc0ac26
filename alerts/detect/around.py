"""What one page alone says beside its main text, in a contact box say, is the page's own; a tip of the day is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from alerts.detect import changes
from alerts.detect.claims import Side, unmatched
from alerts.detect.ledger import Ledger
from alerts.detect.scene import Seen
from alerts.detect.world import SHARED_PAGES, folded, is_navigation, is_shared, still
from extractors.diff import BlockChange, Op
from extractors.model import Block, BlockKind
from extractors.noise import is_frame_noise

# What numbers beside a text mean to readers where they are no counters: telephones, hours, days, places, prices.
_FIGURES = re.compile(
    r"\b(?:tel|fon|fax|mobil|uhr|zimmer|raum|haus|etage|stock|euro|termin|frist|montag|dienstag|mittwoch|donnerstag|freitag"
    r"|samstag|sonntag|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)|€|straße|platz"
    r"|phone|room|price|hours",
    re.IGNORECASE,
)


# Looks at which the text beside was the same, from which other words there are an editor's: our choice. A line that
# rotates has hardly shown the same words so often; that of a longer rotation is told at most once in EARLIER_LOOKS.
STEADY_LOOKS = 3


def passages(ledger: Ledger) -> Mapping[str, tuple[BlockChange, ...]]:
    """Return what changed round the text of single pages since the last look, by address.

    Other numbers in the same words are told at once; other words where the text beside stood still until now. Whole
    lines that took the place of others may be a tip or a teaser and are held once they stay
    (:mod:`alerts.detect.drift`). Left out is what is no page's own: lines that many pages show, or show but for their
    numbers while many of them changed; ways to other pages; notices; stamps and counters; and everything where most
    pages that were read anew differ round their text, which is a template's doing or an advert's.
    """
    fresh = [seen for seen in ledger.scene.known if _is_comparable(ledger, seen)]
    found = {seen.address: told for seen in fresh if (told := changes.passages(*_difference(ledger, seen)))}
    if not found or is_shared(len(found), len(fresh)):
        return {}
    lines, blind = _carriers(ledger, fresh)
    changed = Counter(
        name for told in found.values() for name in {still(line) for each in told for line in _lines(each)}
    )

    def is_own(change: BlockChange, steady: bool) -> bool:
        names = {still(line) for line in _lines(change)}
        if len(names) != 1 or change.before is None or change.after is None:
            if not steady:
                return False  # other words: an editor's or a lottery's
        elif blind[min(names)] < SHARED_PAGES and not _FIGURES.search(min(names)):
            return False  # other numbers in words that no other page has: a counter, for all we can know
        return not any(
            is_shared(lines[line], len(fresh))
            or (is_shared(blind[still(line)], len(fresh)) and 2 * changed[still(line)] >= blind[still(line)])
            for line in _lines(change)
        )

    steady = {seen.address for seen in fresh if seen.address in found and _is_steady(seen)}
    own = {
        name: tuple(change for change in told if is_own(change, name in steady and not _is_exchanged(told)))
        for name, told in found.items()
    }
    return {name: told for name, told in own.items() if any(not _is_heading(change) for change in told)}


def _is_heading(change: BlockChange) -> bool:
    """A heading says nothing without what stands below it: documents and links are told as such."""
    blocks = [block for block in (change.before, change.after) if block is not None]
    return all(block.kind is BlockKind.HEADING for block in blocks)


def _is_steady(seen: Seen) -> bool:
    """Whether the text beside a page's own said the same at all the looks that are known, but for its numbers."""
    earlier = seen.look.earlier if seen.look is not None else ()
    said = [{still(folded(block.text)) for block in page.frame if not _is_no_text(block)} for page in earlier]
    return len(said) >= STEADY_LOOKS and all(lines == said[0] for lines in said)


def _is_exchanged(told: Sequence[BlockChange]) -> bool:
    """Whether lines went and others, unlike them, took their place."""
    return {Op.ADDED, Op.REMOVED} <= {change.op for change in told}


def _lines(change: BlockChange) -> list[str]:
    return [folded(block.text) for block in (change.before, change.after) if block is not None]


def _is_comparable(ledger: Ledger, seen: Seen) -> bool:
    watch = ledger.watches[seen.address]
    quiet = seen.read_anew and watch.held_version is None and not ledger.claims.has_page(seen.address)
    return quiet and seen.page is not None and ledger.page(seen, Side.BEFORE) is not None


def _difference(ledger: Ledger, seen: Seen) -> tuple[list[Block], list[Block]]:
    """The blocks that went from and came to a page's frame."""
    old, new = ledger.page(seen, Side.BEFORE), seen.page
    if old is None or new is None or old.frame == new.frame:
        return [], []
    lines = ledger.lines
    before, after = lines.frame(old), lines.frame(new)
    went = [old.frame[index] for index in unmatched(before, after)]
    came = [new.frame[index] for index in unmatched(after, before)]
    return [block for block in went if _matters(ledger, block, seen, Side.AFTER)], [
        block for block in came if _matters(ledger, block, seen, Side.BEFORE)
    ]


def _matters(ledger: Ledger, block: Block, seen: Seen, other: Side) -> bool:
    line = folded(block.text)
    if _is_no_text(block) or any(line in key.split("\n") for key in ledger.notice_texts):
        return False
    page = ledger.page(seen, other)
    return page is None or not (ledger.lines.frame_says(page, block.text) or line in ledger.lines.main(page))


def _is_no_text(block: Block) -> bool:
    return bool(block.links) or is_navigation(block) or is_frame_noise(block.text)


def _carriers(ledger: Ledger, fresh: Sequence[Seen]) -> tuple[Counter[str], Counter[str]]:
    """How many pages show a line round their text, before or after: word for word, and but for its numbers."""
    exact: Counter[str] = Counter()
    blind: Counter[str] = Counter()
    for seen in fresh:
        pages = (page for side in Side if (page := ledger.page(seen, side)) is not None)
        mine = {line for page in pages for line in ledger.lines.frame(page)}
        exact.update(mine)
        blind.update({still(line) for line in mine})
    return exact, blind
