"""Pages that came or came back: each told once, with the list lines that link it and its own documents folded in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from alerts.detect import changes, press, sentences, sheets
from alerts.detect.baseline import concerns
from alerts.detect.claims import Side, targets
from alerts.detect.ledger import Draft, Ledger
from alerts.detect.lines import claim_lines
from alerts.detect.scene import Seen, Stand
from alerts.detect.series import counted_on
from extractors import text
from extractors.model import Page, PageKind
from storage.pages import StoredPage
from storage.records import Json, Standing

# That many pages back at once, lost at once, are a section that is back.
SECTION_PAGES = 3
# A new page lists its first words, for a mail's reader to see what it is about.
TEASER_BLOCKS = 3


def claim(ledger: Ledger) -> None:
    """Tell new pages, and claim the lines that link them; what is new to us only is taken in silently."""
    told: dict[str, StoredPage | None] = {}
    series = counted_on(ledger)
    following = {seen.address for pages in series.values() for seen in pages}
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
            continue
        told[seen.address] = seen.page
        if seen.address in following and seen.address not in series:
            ledger.hold(seen.uri, "series", "only its like leads here, and it is the same but for the numbers")
        else:
            _tell_new(ledger, seen, seen.page, [each for each in series.get(seen.address, ()) if each is not seen])
    claim_lines(ledger, Side.AFTER, told)
    sheets.claim(ledger, told.keys() | ledger.absorbed.keys())


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
    back: dict[str, StoredPage | None] = {}
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
        if (
            seen.page
            and own.page
            and not seen.changed
            and text.text_digest(seen.page.said) == text.text_digest(own.page.said)
        ):
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


def _untold(ledger: Ledger, seen: Seen, page: StoredPage) -> str:
    """The rule by which a new page is no news, "" if it is."""
    if seen.address in ledger.silent:
        return "new-by-config"
    if page.kind is PageKind.FEED:
        return "feed"
    if not concerns(_own_words(ledger, page.said), ledger.scene.source.match):
        return "listed-match"
    return "pagination" if sheets.is_further_sheet(ledger, seen, page) else ""


def _own_words(ledger: Ledger, page: Page) -> Page:
    """A page without the lines that lead to other watched pages: their words are not its own."""
    listed = ledger.scene.seen.keys()
    return replace(page, blocks=tuple(block for block in page.blocks if not targets(block) & listed))


def _tell_new(ledger: Ledger, seen: Seen, page: StoredPage, following: Sequence[Seen]) -> None:
    if press.is_release(ledger.scene, seen, page):
        ledger.tell(press.draft(seen, page))
        return
    ledger.tell(
        Draft(
            kind="page.added",
            subject=seen.address,
            uri=seen.uri,
            uris=(seen.uri, *(each.uri for each in following)),
            title=seen.title,
            summary=sentences.page_added(seen.title, len(following)),
            importance=60,
            reason="Neue Seite",
            marks=("", seen.mark_after),
            after={"title": page.title, "text": teaser(page)},
            facts=page_facts(page),
            observed_at=seen.observed_at,
            version_after=seen.look.capture.version_id if seen.look else None,
        )
    )


def teaser(page: StoredPage) -> str:
    """Return the first words of a page."""
    return sentences.cut(" ".join(block.text for block in page.blocks[:TEASER_BLOCKS]), 400)


def page_facts(page: StoredPage) -> dict[str, Json]:
    """Return what a mail says about a new page besides its title."""
    return {
        "teaser": teaser(page),
        "attachments": [{"label": one.label, "uri": one.uri, "size": one.size} for one in page.attachments],
        "dates": [{"day": one.day.isoformat(), "role": one.role} for one in page.said.dates],
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
