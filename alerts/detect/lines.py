"""The lines of lists: a page or document that comes or goes explains the lines that link it (design §4.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import multimode

from alerts.detect.claims import Side, loose, targets
from alerts.detect.ledger import Ledger
from alerts.detect.scene import Seen
from extractors import address, text
from extractors.model import Block, BlockKind
from storage.pages import StoredPage

# Words beside a link up to this length are part of its list line: a date, a place, a file size.
BESIDE_A_LINK = 120
# A line beside an entry that only dates it, sizes it or leads on has no more words ("Stand: Juli 2024").
DATING_WORDS = 4
_DATING = re.compile(r"\d|pdf|mehr\b|weiter|lesen|more\b|download|herunterladen", re.IGNORECASE)

# The shape of a list's entries is known from this many of them: our choice, the fewest that can agree.
OTHER_ENTRIES = 2

_WORD = re.compile(r"[^\W\d_]+")


def claim_lines(ledger: Ledger, side: Side, wanted: Mapping[str, StoredPage | None]) -> None:
    """Claim the lines that link any of some addresses, on every page where they are new (after) or lost (before).

    ``wanted`` gives the page at each address as far as known, so that its teaser is recognised as its own words.
    """
    if not wanted:
        return
    for seen in ledger.changed_pages():
        if not ledger.claims.has_page(seen.address):
            _claim_on(ledger, seen, side, wanted)


def claim_retitled(ledger: Ledger, renamed: Mapping[str, tuple[str, str]]) -> None:
    """Claim list lines that only follow a page's new title: ``renamed`` gives old and new title by address."""
    for seen in ledger.changed_pages():
        for side in Side:
            blocks = ledger.blocks(seen, side)
            for index in ledger.fresh(seen, side):
                linked = targets(blocks[index]) & renamed.keys()
                titles = {loose(renamed[name][side is Side.AFTER]) for name in linked}
                if any(title and title in loose(blocks[index].text) for title in titles) and _is_line(blocks[index]):
                    ledger.claims.block(seen.address, side, index)


def claim_unwatched(ledger: Ledger) -> None:
    """Claim list lines that lead to pages nobody has looked at: ``match`` leaves them out, or the crawl ended before.

    The former are none of the source's business, and the latter will be told once they are seen.
    """
    scene = ledger.scene
    if not scene.source.match and scene.crawl.exhausted:
        return
    for side in Side:
        linked = {
            name
            for seen in ledger.changed_pages()
            for index in ledger.fresh(seen, side)
            for name in targets(ledger.blocks(seen, side)[index])
        }
        claim_lines(ledger, side, {name: None for name in linked if is_unlooked(ledger, name)})


def is_unlooked(ledger: Ledger, name: str) -> bool:
    """Tell whether an address is a page in scope that no crawl has looked at, as far as the source remembers."""
    scene = ledger.scene
    in_scope = address.in_scope(f"http://{name}", scene.source.scope)
    return name not in scene.seen and in_scope and not address.is_document(name)


def is_dating(line: str) -> bool:
    """Tell whether a line only dates or sizes what stands beside it, or leads on to it."""
    return bool(_DATING.search(line)) and len(_WORD.findall(line)) <= DATING_WORDS


def _claim_on(ledger: Ledger, seen: Seen, side: Side, wanted: Mapping[str, StoredPage | None]) -> None:
    blocks = ledger.blocks(seen, side)
    for run in _runs(ledger.fresh(seen, side)):
        hits = [index for index in run if targets(blocks[index]) & wanted.keys()]
        for index in hits:
            _claim_hit(ledger, seen, side, index, wanted)
        if hits:
            pages = [wanted[name] for index in hits for name in sorted(targets(blocks[index]) & wanted.keys())]
            words = " ".join(_words(page) for page in pages if page is not None)
            _claim_beside(ledger, seen, side, run=run, hits=hits, words=words)


def _claim_hit(ledger: Ledger, seen: Seen, side: Side, index: int, wanted: Mapping[str, StoredPage | None]) -> None:
    block = ledger.blocks(seen, side)[index]
    hit = targets(block) & wanted.keys()
    if _is_line(block):
        if targets(block) <= wanted.keys():
            ledger.claims.block(seen.address, side, index)
            _claim_counterpart(ledger, seen, side, block, wanted)
        else:
            for name in sorted(hit):
                ledger.claims.link(seen.address, side, index, name)
        return
    labels = [link.text for link in block.links if address.key(link.uri) in hit]
    for sentence in text.sentences(block.text):
        if any(label and text.fold(label) in text.fold(sentence) for label in labels):
            ledger.claims.sentence(seen.address, side, index, sentence)


def _claim_counterpart(
    ledger: Ledger, seen: Seen, side: Side, block: Block, wanted: Mapping[str, StoredPage | None]
) -> None:
    """An entry that was plain text and is now linked, or linked and is now plain, is the same entry."""
    others = ledger.blocks(seen, side.other)
    for index in ledger.fresh(seen, side.other):
        other = others[index]
        if targets(other) <= wanted.keys() and loose(other.text) and loose(other.text) in loose(block.text):
            ledger.claims.block(seen.address, side.other, index)
            return


def _claim_beside(
    ledger: Ledger, seen: Seen, side: Side, *, run: Sequence[int], hits: Sequence[int], words: str
) -> None:
    """Claim what stands between entries and belongs to them: dates, sizes, teasers, the year above the first one."""
    blocks = ledger.blocks(seen, side)
    led_by_heading = False
    leads = _leads(blocks, hits)
    since = leads + 1
    for index in run:
        block = blocks[index]
        since += 1
        if index in hits:
            led_by_heading = block.kind is BlockKind.HEADING
            since = 0
            continue
        if block.kind is BlockKind.HEADING and index + 1 not in hits:
            led_by_heading = False
        after_hit = any(hit < index for hit in hits)
        if targets(block):
            continue
        teaser = bool(words) and _is_quoted(block.text, words)
        of_entry = since <= leads or (led_by_heading and after_hit)
        if is_dating(block.text) or teaser or (of_entry and block.kind is not BlockKind.HEADING):
            ledger.claims.block(seen.address, side, index)


def _leads(blocks: Sequence[Block], hits: Sequence[int]) -> int:
    """How many lines without a link follow each entry of the list that some hits are in, as its other entries have it.

    0 where there are no two other entries to learn it from.
    """
    linked = [index for index, block in enumerate(blocks) if block.links]
    gaps = [after - index - 1 for index, after in pairwise(linked) if index not in hits]
    return min(multimode(gaps)) if len(gaps) >= OTHER_ENTRIES else 0


def _is_line(block: Block) -> bool:
    if block.kind in {BlockKind.ITEM, BlockKind.ROW, BlockKind.HEADING, BlockKind.CAPTION}:
        return True
    rest = len(block.text) - sum(len(link.text) for link in block.links)
    return rest <= BESIDE_A_LINK and len(text.sentences(block.text)) <= 2


def _is_quoted(line: str, words: str) -> bool:
    wanted = loose(line.rstrip(" …."))
    return bool(wanted) and wanted in words


def _words(page: StoredPage) -> str:
    return loose(page.text)


def _runs(indexes: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for index in indexes:
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
