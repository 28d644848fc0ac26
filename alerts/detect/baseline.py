"""The first full sight of a source, and what a changed config adds: taken in untold (design §4.10)."""

from __future__ import annotations

from dataclasses import replace

from alerts.detect import notices, seminars, shared, shelf
from alerts.detect.ledger import Ledger
from alerts.detect.scene import Seen, Stand
from extractors import address
from extractors.model import Page
from storage.records import Role, Standing


def register(ledger: Ledger) -> None:
    """Fill the register from a crawl whose frontier was exhausted; nothing is told."""
    scene = ledger.scene
    labels = shelf.labels(ledger)
    for seen in scene.seen.values():
        if seen.look is not None and (seen.role is Role.PAGE or scene.source.documents):
            _register_one(ledger, seen, labels.get(seen.address) or seen.look.label)
    names = frozenset(seen.address for seen in scene.present)
    notices.baseline(ledger, names)
    seminars.baseline(ledger, names)
    shared.baseline(ledger)
    ledger.source = replace(ledger.source, baseline_crawl=scene.crawl.id)


def note(ledger: Ledger) -> None:
    """Remember the addresses of a crawl before the baseline, so that the next one asks for them again."""
    for seen in ledger.scene.seen.values():
        if seen.look is not None and seen.stand is Stand.GOOD:
            ledger.watch(seen, linked_from=seen.look.linked_from, depth=seen.look.depth, label=seen.look.label)
    ledger.hold(ledger.scene.start_uri, "before-baseline", "no crawl of this source has seen all of it yet")


def brought_in(ledger: Ledger) -> frozenset[str]:
    """The new addresses that start, scope and match would not have reached as they were at the last full crawl.

    Of imported history also those that nobody archived before, though they may have been there.
    """
    scene = ledger.scene
    before, source = scene.before, scene.source
    new = [seen for seen in scene.pages if ledger.is_new(seen)]
    late = frozenset(seen.address for seen in new if seen.address in scene.state.late)
    if (before.start, before.scope, before.match) == (source.start, source.scope, source.match):
        return late
    reached = _reached(ledger, new)
    return late | frozenset(seen.address for seen in new if seen.address not in reached)


def remember_config(ledger: Ledger) -> None:
    """Take over start, scope and match once a crawl has seen all that they reach."""
    source = ledger.scene.source
    ledger.source = replace(
        ledger.source, start=source.start, scope=source.scope, match=source.match, last_full_at=ledger.scene.ended_at
    )


def concerns(page: Page, words: tuple[str, ...]) -> bool:
    """Tell whether a page's text has one of the words a source asks for; without words every page does."""
    if not words:
        return True
    said = " ".join((page.text, *(one.label for one in page.attachments))).casefold()
    return any(word.casefold() in said for word in words)


def _register_one(ledger: Ledger, seen: Seen, label: str) -> None:
    look = seen.look
    if look is None:
        return
    known = {"linked_from": look.linked_from, "depth": look.depth, "label": label, "told": True}
    if seen.stand is Stand.GOOD:
        alias = ledger.scene.alias_of(seen) if seen.role is Role.PAGE else None
        if alias:
            ledger.watch(seen, standing=Standing.MOVED, moved_to=alias, **known)
        else:
            ledger.watch(seen, uri=seen.uri, **known)
    elif seen.stand is Stand.GONE:
        if seen.address in ledger.scene.starts:
            ledger.watch(seen, standing=Standing.REMOVED, **known)
            ledger.hold(
                seen.uri,
                "start-gone",
                "not there (any more): check the address, or bring its archived state in with import --archive",
            )
    elif seen.stand is Stand.MOVED:
        if seen.address in ledger.scene.starts:
            ledger.watch(seen, standing=Standing.MOVED, moved_to=look.target, **known)
    else:
        ledger.watch(seen, **known)


def _reached(ledger: Ledger, new: list[Seen]) -> set[str]:
    """Follow the links that lie in the old scope, from the old start addresses and from all that was known."""
    scene = ledger.scene
    old = scene.before
    starts = {address.key(uri) for uri in old.start}
    within = {
        seen.address: seen
        for seen in new
        if (seen.address in starts or address.in_scope(seen.uri, old.scope))
        and seen.page
        and concerns(seen.page.said, old.match)
    }
    reached = {name for name in within if name in starts}
    edge = [seen.page for seen in scene.known if seen.page] + [
        seen.page for name, seen in within.items() if name in reached and seen.page
    ]
    while edge:
        page = edge.pop()
        for link in page.links:
            name = address.key(link.uri)
            if name in within and name not in reached:
                reached.add(name)
                if (found := within[name].page) is not None:
                    edge.append(found)
    return reached
