"""Pages that came or came back: each told once, with the list lines that link it and its own documents folded in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from alerts.detect import changes, press, sentences
from alerts.detect.claims import Side, targets
from alerts.detect.ledger import Draft, Ledger
from alerts.detect.lines import claim_lines
from alerts.detect.scene import Seen, Stand
from extractors import text
from extractors.model import Block, Page, PageKind
from storage.records import Json, Role, Standing

# That many pages back at once, lost at once, are a section that is back.
SECTION_PAGES = 3
# A new page lists its first words, for a mail's reader to see what it is about.
TEASER_BLOCKS = 3


def claim(ledger: Ledger) -> None:
    """Tell new pages, and claim the lines that link them; what is new to us only is taken in silently."""
    told: dict[str, Page | None] = {}
    for seen in ledger.scene.pages:
        if not ledger.is_new(seen) or seen.page is None or seen.look is None:
            continue
        if alias := ledger.scene.alias_of(seen):
            ledger.watch(seen, told=True, standing=Standing.MOVED, moved_to=alias)
            ledger.hold(seen.uri, "canonical", f"names {alias} as its own address")
            continue
        _take_in(ledger, seen)
        if seen.address in ledger.absorbed or seen.address in ledger.claims.moved.values():
            continue
        if rule := _untold(ledger, seen, seen.page):
            ledger.hold(seen.uri, rule, "taken in without being told")
        else:
            told[seen.address] = seen.page
            _tell_new(ledger, seen, seen.page)
    claim_lines(ledger, Side.AFTER, told)
    _claim_shifted(ledger)
    _claim_rolled_off(ledger, told.keys() | ledger.absorbed.keys())


def claim_returned(ledger: Ledger) -> None:
    """Tell pages that are there again; a section that was lost at once and is back at once is one event."""
    groups: defaultdict[object, list[Seen]] = defaultdict(list)
    for seen in ledger.scene.pages:
        watch = seen.watch
        if watch is None or seen.stand is not Stand.GOOD or watch.standing not in {Standing.REMOVED, Standing.MOVED}:
            continue
        if seen.address in ledger.claims.moved.values() or ledger.scene.alias_of(seen) is not None:
            continue
        groups[watch.missing_since].append(seen)
    back: dict[str, Page | None] = {}
    for group in groups.values():
        back.update({seen.address: seen.page for seen in group})
        if len(group) >= SECTION_PAGES:
            _tell_returned(ledger, group)
        else:
            for seen in group:
                _tell_returned(ledger, [seen])
    claim_lines(ledger, Side.AFTER, back)


def fold_aliases(ledger: Ledger) -> None:
    """Let a page that was known under another address go on under the one it names as its own, without a word.

    While the two differ (one was fetched before an edit, the other after it) both are watched. Links may lead to
    either, and to where a page stood before it moved.
    """
    for watch in ledger.watches.values():
        if watch.standing is Standing.MOVED and watch.moved_to:
            ledger.claims.relinked[watch.address] = watch.moved_to
    for seen in ledger.scene.pages:
        alias = ledger.scene.alias_of(seen) if seen.stand is Stand.GOOD else None
        if alias is not None:
            ledger.claims.relinked[seen.address] = alias
    for seen in ledger.scene.known:
        alias = ledger.scene.alias_of(seen) if seen.stand is Stand.GOOD else None
        if alias is None or seen.address in ledger.claims.moved:
            continue
        ledger.claims.moved[seen.address] = alias
        own = ledger.scene.seen[alias]
        if seen.page and own.page and not seen.changed and text.text_digest(seen.page) == text.text_digest(own.page):
            ledger.watch(seen, standing=Standing.MOVED, moved_to=alias)
            ledger.hold(seen.uri, "canonical", f"names {own.uri} as its own address")


def _take_in(ledger: Ledger, seen: Seen) -> None:
    if seen.look is not None:
        ledger.watch(
            seen,
            uri=seen.uri,
            told=True,
            standing=Standing.LIVE,
            linked_from=seen.look.linked_from,
            depth=seen.look.depth,
        )


def _untold(ledger: Ledger, seen: Seen, page: Page) -> str:
    """The rule by which a new page is no news, "" if it is."""
    if seen.address in ledger.silent:
        return "new-by-config"
    if page.kind is PageKind.FEED:
        return "feed"
    return "pagination" if _is_pagination(ledger, seen, page) else ""


def _is_pagination(ledger: Ledger, seen: Seen, page: Page) -> bool:
    """A further sheet of a known list, made of lines that were on its other sheets."""
    siblings = [other for other in ledger.scene.known if _path(other) == _path(seen) and other.address != seen.address]
    linked = [block for block in page.blocks if block.links]
    if not siblings or not linked:
        return False
    known = {text.fold(block.text) for other in siblings if other.before for block in other.before.page.blocks}
    return all(text.fold(block.text) in known for block in linked)


def _tell_new(ledger: Ledger, seen: Seen, page: Page) -> None:
    if press.is_release(ledger.scene, seen, page):
        ledger.tell(press.draft(seen, page))
        return
    ledger.tell(
        Draft(
            kind="page.added",
            subject=seen.address,
            uri=seen.uri,
            uris=(seen.uri,),
            title=seen.title,
            summary=sentences.page_added(seen.title),
            importance=60,
            reason="Neue Seite",
            marks=("", seen.mark_after),
            after={"title": page.title, "text": teaser(page)},
            facts=page_facts(page),
            observed_at=seen.observed_at,
            version_after=seen.look.capture.version_id if seen.look else None,
        )
    )


def teaser(page: Page) -> str:
    """Return the first words of a page."""
    return sentences.cut(" ".join(block.text for block in page.blocks[:TEASER_BLOCKS]), 400)


def page_facts(page: Page) -> dict[str, Json]:
    """Return what a mail says about a new page besides its title."""
    return {
        "teaser": teaser(page),
        "attachments": [{"label": one.label, "uri": one.uri, "size": one.size} for one in page.attachments],
        "dates": [{"day": one.day.isoformat(), "role": one.role} for one in page.dates],
    }


def _tell_returned(ledger: Ledger, group: Sequence[Seen]) -> None:
    diffs: list[Json] = []
    for seen in group:
        if seen.changed and seen.before is not None and seen.page is not None:
            diffs.extend(changes.as_facts(changes.passages(seen.before.page.blocks, seen.page.blocks)))
        ledger.watch(seen, standing=Standing.LIVE, missing_since=None, doubt="", moved_to=None, told=True)
        ledger.claims.page(seen.address)
    top = min(group, key=lambda seen: (len(seen.address), seen.address))
    ledger.tell(
        Draft(
            kind="page.returned",
            subject=top.address,
            uri=top.uri,
            uris=tuple(seen.uri for seen in group),
            title=top.title,
            summary=sentences.pages_returned(tuple(seen.title for seen in group), bool(diffs)),
            importance=60,
            reason="Wieder da",
            marks=(f"removed:{top.mark_before}", top.mark_after),
            after={"title": top.title, "uri": top.uri},
            facts={"pages": len(group), "titles": [[seen.title, seen.uri] for seen in group], "diff": diffs},
            observed_at=top.observed_at,
            version_before=top.before.id if top.before else None,
            version_after=top.look.capture.version_id if top.look else None,
        )
    )


def _path(seen: Seen) -> str:
    return seen.address.partition("?")[0]


def _claim_shifted(ledger: Ledger) -> None:
    """A line that left one sheet of a list and turned up on another has only been pushed on by what came before it."""
    lost: defaultdict[tuple[str, str], list[tuple[Seen, int]]] = defaultdict(list)
    for seen in ledger.changed_pages():
        blocks = ledger.blocks(seen, Side.BEFORE)
        for index in ledger.fresh(seen, Side.BEFORE):
            lost[_path(seen), ledger.claims.mark(blocks[index], Side.BEFORE)].append((seen, index))
    new = [seen for seen in ledger.scene.pages if ledger.is_new(seen)]
    for seen in (*ledger.changed_pages(), *new):
        blocks = ledger.blocks(seen, Side.AFTER)
        for index in ledger.fresh(seen, Side.AFTER):
            places = lost.get((_path(seen), ledger.claims.mark(blocks[index], Side.AFTER)), [])
            n = next((n for n, place in enumerate(places) if place[0] is not seen or blocks[index].links), None)
            if n is not None:
                other, at = places.pop(n)
                ledger.claims.block(seen.address, Side.AFTER, index)
                ledger.claims.block(other.address, Side.BEFORE, at)
                ledger.hold(seen.uri, "pagination", "a line moved on to another sheet of the list")


def _claim_rolled_off(ledger: Ledger, new: set[str]) -> None:
    """A list of fixed length drops its last line for each new one; the dropped pages are still there."""
    for seen in ledger.changed_pages():
        before, after = ledger.blocks(seen, Side.BEFORE), ledger.blocks(seen, Side.AFTER)
        came = [index for index in ledger.fresh(seen, Side.AFTER) if targets(after[index]) & new]
        fresh = set(ledger.fresh(seen, Side.BEFORE))
        last: list[int] = []
        for index in reversed(range(len(before))):
            if not before[index].links:
                continue
            if index not in fresh or not _are_there(ledger, before[index]):
                break
            last.append(index)
        if came and 0 < len(last) <= len(came):
            for index in (*last, *_beside(before, fresh, last)):
                ledger.claims.block(seen.address, Side.BEFORE, index)
            ledger.hold(seen.uri, "rolling-list", f"{len(last)} line(s) left the end of the list as new ones came")


def _beside(blocks: Sequence[Block], fresh: set[int], last: Sequence[int]) -> Iterator[int]:
    """Lost lines without a link that belong to the last entries of a list: their dates and leads.

    After an entry come at most as many as stand between it and the entry before it.
    """
    linked = [index for index, block in enumerate(blocks) if block.links]
    for index in last:
        before = max((other for other in linked if other < index), default=index - 1)
        after = min((other for other in linked if other > index), default=len(blocks))
        around = (*range(before + 1, index), *range(index + 1, min(after, index + (index - before))))
        yield from (other for other in around if other in fresh)


def _are_there(ledger: Ledger, block: Block) -> bool:
    found = [ledger.scene.seen.get(name) for name in targets(block)]
    return all(seen is not None and seen.role is Role.PAGE and seen.stand is Stand.GOOD and seen.live for seen in found)
