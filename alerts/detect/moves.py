"""Pages that have another address now: by a redirect, or gone here while the same text came up there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from alerts.detect import changes, notices, sentences
from alerts.detect.claims import Side
from alerts.detect.ledger import Draft, Ledger
from alerts.detect.likeness import likeness, words_in_common
from alerts.detect.removals import documents_of
from alerts.detect.scene import SAME_PAGE, WHOLE_SECTION, Seen, Stand
from extractors import address, text
from extractors.diff import BlockChange
from storage.pages import StoredPage
from storage.records import Change, Json, Standing

# Without a redirect only the text speaks for a move: it must be nearly the same.
SAME_TEXT = 0.8
# Where many sentences were edited, the words must do. Pages of German offices on different matters came out below 0.5,
# on two kinds of one matter (two permits, in the same formulas) up to 0.8; measured on the sites of the benchmark.
SAME_WORDS = 0.85
# Redirects that say of themselves that they will not last (RFC 9110 §15.4).
_NUMBER = re.compile(r"\d+")
_TEMPORARY = frozenset({302, 303, 307})


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One page that went from an address to another; ``new`` is None where the other was not fetched."""

    old: Seen
    new: Seen | None
    uri: str

    @property
    def address(self) -> str:
        """The new address."""
        return self.new.address if self.new else address.key(self.uri)


def find(ledger: Ledger) -> list[Move]:
    """Find the moves of this crawl and let links follow them.

    A redirect to a page that was known before and says something else stands in for a lost
    page: the old address is taken for gone.
    """
    found = [*_by_redirect(ledger), *_by_text(ledger)]
    for move in found:
        ledger.claims.moved[move.old.address] = move.address
        if move.new is not None and not move.new.live:
            ledger.origins[move.new.address] = move.old
    _let_the_registers_follow(ledger, found)
    return found


def claim(ledger: Ledger, found: Sequence[Move]) -> None:
    """Tell the moves: one event for many by one rewriting, one for a section that leads to one new place."""
    left = list(found)
    for host in sorted({move.old.host for move in found}):
        on_host = [move for move in left if move.old.host == host]
        for group in _to_one_place(ledger, host, on_host):
            left = [move for move in left if move not in group]
            _tell_section(ledger, group)
    groups: defaultdict[tuple[str, str], list[Move]] = defaultdict(list)
    merged = Counter(move.address for move in left)
    for move in left:
        one_place = ("", move.address) if merged[move.address] > 1 else None
        groups[one_place or rewriting(move.old.address, move.address)].append(move)
    _let_links_follow(ledger, {name for name, moves in groups.items() if len(moves) > 1})
    for moves in groups.values():
        _tell(ledger, sorted(moves, key=lambda move: (len(move.address), move.address)))


def _let_links_follow(ledger: Ledger, rewritings: Collection[tuple[str, str]]) -> None:
    """Links to what nobody watches follow as well, where they were rewritten as the pages were that moved together."""
    for seen in ledger.changed_pages() if rewritings else ():
        before, after = (ledger.page(seen, side) for side in Side)
        if before is None or after is None:
            continue
        now = {(link.text, address.key(link.uri)) for block in after.blocks for link in block.links}
        for link in (link for block in before.blocks for link in block.links):
            old = address.key(link.uri)
            new = next((name for label, name in sorted(now) if label == link.text and name != old), None)
            if new is not None and (link.text, old) not in now and rewriting(old, new) in rewritings:
                ledger.claims.relinked[old] = new


def rewriting(old: str, new: str) -> tuple[str, str]:
    """Return what one address has in the place of what the other has: ("alt", "neu") for host/alt/x and host/neu/x."""
    one, other = old.split("/"), new.split("/")
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if len(one) == len(other) == 1:
        stem, dot, ending = one[0].rpartition(".")
        other_stem, other_dot, other_ending = other[0].rpartition(".")
        if dot and (stem == other[0] or (other_dot and stem == other_stem)):
            return f".{ending}", f".{other_ending}" if stem == other_stem else ""
        if other_dot and other_stem == one[0]:
            return "", f".{other_ending}"
    return "/".join(one), "/".join(other)


def _by_redirect(ledger: Ledger) -> Iterable[Move]:
    scene = ledger.scene
    for seen in scene.known:
        if seen.stand is not Stand.MOVED or seen.look is None or seen.look.target is None or seen.before is None:
            continue
        target = scene.seen.get(seen.look.target)
        new = target if target is not None and target.stand is Stand.GOOD and target.page is not None else None
        awaited = seen.watch is not None and new is not None and seen.watch.doubt == _leads_to(new.address)
        if new is not None and not awaited and _stands_in(seen.before.page, new):
            scene.seen[seen.address] = replace(seen, stand=Stand.GONE)
            scene.forget_lists()
            ledger.hold(seen.uri, "redirect-elsewhere", f"leads to another known page, {new.uri}: taken for gone")
            continue
        uri = new.uri if new else seen.look.target_uri or f"http://{seen.look.target}"
        yield Move(old=seen, new=new, uri=uri)


def _leads_to(target: str) -> str:
    """What looks agree on that were led to one place by redirects which call themselves temporary."""
    return f"moved:{target}"


def _stands_in(before: StoredPage, target: Seen) -> bool:
    known = target.live and target.before is not None
    return known and target.page is not None and likeness(before, target.page) < SAME_PAGE


def _by_text(ledger: Ledger) -> Iterable[Move]:
    """Pair what is gone with what is new where the text is the same, the most alike first."""
    gone = [seen for seen in ledger.scene.known if seen.stand is Stand.GONE and seen.before]
    new = [seen for seen in ledger.scene.pages if ledger.is_new(seen) and seen.page]
    ranked = sorted(
        (
            (_sameness(old.before.page, one.page), old.address, one.address)
            for old in gone
            for one in new
            if old.before and one.page
        ),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    taken: set[str] = set()
    for degree, old, one in ranked:
        if degree >= SAME_TEXT and old not in taken and one not in taken:
            taken.update({old, one})
            target = ledger.scene.seen[one]
            yield Move(old=ledger.scene.seen[old], new=target, uri=target.uri)


def _sameness(before: StoredPage, after: StoredPage) -> float:
    if before.said.identity and before.said.identity == after.said.identity:
        return 1.0
    if not before.blocks or not after.blocks:
        return 0.0  # two pages without text are not the same page
    if _numbers(before.title) != _numbers(after.title):
        return 0.0  # the 22nd seminar is not the 23rd, whatever words the two pages share
    alike = likeness(before, after)
    return alike if alike >= SAME_TEXT or words_in_common(before, after) < SAME_WORDS else SAME_TEXT


def _numbers(title: str) -> list[str]:
    return _NUMBER.findall(title)


def _let_the_registers_follow(ledger: Ledger, found: Iterable[Move]) -> None:
    to = {move.old.address: move for move in found if move.address in ledger.origins}
    if not to:
        return
    notices.forget_pages(ledger, list(to), {old: move.uri for old, move in to.items()})
    for row in list(ledger.seminars.values()):
        if any(mention.address in to for mention in row.mentions):
            mentions = tuple(
                replace(mention, address=to[mention.address].address, uri=to[mention.address].uri)
                if mention.address in to
                else mention
                for mention in row.mentions
            )
            moved = to.get(address.key(row.uri))
            ledger.seminars[row.id] = replace(row, mentions=mentions, uri=moved.uri if moved else row.uri)


def _to_one_place(ledger: Ledger, host: str, moves: Sequence[Move]) -> Iterable[list[Move]]:
    """All or nearly all known pages of a host lead to one place, which none of them was."""
    known = [seen for seen in ledger.scene.known if seen.host == host]
    places: defaultdict[str, list[Move]] = defaultdict(list)
    for move in moves:
        places[move.address].append(move)
    for place, group in places.items():
        # The place itself may be known since an earlier look, when its redirects were not believed yet.
        others = sum(seen.address != place for seen in known)
        if len(group) > 1 and len(group) >= WHOLE_SECTION * others:
            yield group


def _tell_section(ledger: Ledger, group: Sequence[Move]) -> None:
    """A redirect that calls itself temporary waits for confirmation, since maintenance is done that way."""
    scene = ledger.scene
    doubt = _leads_to(group[0].address)
    fleeting = any(move.old.look and move.old.look.capture.status in _TEMPORARY for move in group)
    if fleeting and not all(_repeats(ledger, move, doubt) for move in group):
        for move in group:
            watch = move.old.watch
            since = watch.missing_since if watch and watch.doubt == doubt else None
            ledger.watch(move.old, missing_since=since or scene.crawl.started_at, doubt=doubt)
        ledger.hold(group[0].uri, "awaiting-confirmation", f"{len(group)} pages lead here by temporary redirects")
        return
    for move in group:
        ledger.watch(move.old, standing=Standing.MOVED, moved_to=move.address, missing_since=None, doubt="")
    notices.forget_pages(ledger, [move.old.address for move in group])
    _watch_new(ledger, group[0])
    top = min(group, key=lambda move: (len(move.old.address), move.old.address))
    change = ledger.tell(
        Draft(
            kind="page.moved",
            subject=top.old.address,
            uri=top.uri,
            uris=tuple(sorted(move.old.uri for move in group)),
            title=top.new.title if top.new else top.old.title,
            summary=sentences.section_moved(len(group), top.uri),
            importance=95,
            reason="Ganzer Bereich verlegt",
            marks=(top.old.mark_before, f"{top.address}@{scene.crawl.id}"),
            before=top.old.uri,
            after=top.uri,
            facts={"pages": len(group), "moves": _pairs(group), "section": True},
            observed_at=top.old.observed_at,
        )
    )
    _leave_documents(ledger, group, change)


def _leave_documents(ledger: Ledger, group: Sequence[Move], change: Change) -> None:
    """Documents that only the old pages offered and the new ones do not went with the move, and are no event."""
    pages = [move.new.page for move in group if move.new and move.new.page]
    uris = (
        uri for page in pages for uri in (*(one.uri for one in page.attachments), *(link.uri for link in page.links))
    )
    offered = {address.key(uri) for uri in uris}
    for paper in documents_of(ledger, {move.old.address for move in group}):
        if paper.address not in offered:
            ledger.watch(paper, standing=Standing.REMOVED)
            ledger.hold(paper.uri, "with-its-page", "the document went with the pages that linked it", into=change)


def _repeats(ledger: Ledger, move: Move, doubt: str) -> bool:
    watch = move.old.watch
    return watch is not None and watch.doubt == doubt and ledger.scene.confirmed(watch.missing_since)


def _tell(ledger: Ledger, group: Sequence[Move]) -> None:
    diffs: list[Json] = []
    rewritings = {rewriting(move.old.address, move.address) for move in group}
    for move in group:
        diffs.extend(_difference(ledger, move, rewritings))
        ledger.watch(move.old, standing=Standing.MOVED, moved_to=move.address, missing_since=None, doubt="")
        _watch_new(ledger, move)
    notices.forget_pages(ledger, [move.old.address for move in group])
    top = group[0]
    change = ledger.tell(
        Draft(
            kind="page.moved",
            subject=top.old.address,
            uri=top.uri,
            uris=tuple(move.uri for move in group),
            title=top.new.title if top.new else top.old.title,
            summary=sentences.pages_moved(tuple(move.old.title for move in group), bool(diffs), top.uri),
            importance=45,
            reason="Neue Adresse und neuer Text" if diffs else "Neue Adresse",
            marks=(top.old.mark_before, f"{top.address}@{ledger.scene.crawl.id}"),
            before=top.old.uri,
            after=top.uri,
            facts={"pages": len(group), "moves": _pairs(group), "diff": diffs},
            observed_at=top.old.observed_at,
            version_before=top.old.before.id if top.old.before else None,
            version_after=top.new.look.capture.version_id if top.new and top.new.look else None,
        )
    )
    if len({move.address for move in group}) < len(group):
        _leave_documents(ledger, group, change)


def _watch_new(ledger: Ledger, move: Move) -> None:
    new = move.new
    if new is None or new.look is None:
        return
    if not new.live:
        ledger.watch(
            new, uri=new.uri, told=True, standing=Standing.LIVE, linked_from=new.look.linked_from, depth=new.look.depth,
            missing_since=None, doubt="", moved_to=None,
        )  # fmt: skip
        ledger.claims.page(new.address)
    ledger.claims.page(move.old.address)


def _difference(ledger: Ledger, move: Move, rewritings: Collection[tuple[str, str]]) -> list[Json]:
    """What a page says otherwise at its new address; links that only follow the move are none of it."""
    if move.new is None or move.new.page is None or move.old.before is None:
        return []
    before, after = move.old.before.page, move.new.page
    title = [changes.line_change("title", before.title, after.title)] if before.title != after.title else []
    found = changes.passages([ledger.claims.led(block) for block in before.blocks], after.blocks)
    return [*title, *changes.as_facts(change for change in found if not _only_follows(change, rewritings))]


def _only_follows(change: BlockChange, rewritings: Collection[tuple[str, str]]) -> bool:
    """True for the same words whose links were rewritten as the pages were."""
    if change.before is None or change.after is None or text.fold(change.before.text) != text.fold(change.after.text):
        return False
    pairs = zip(change.before.links, change.after.links, strict=False)
    links = [(address.key(old.uri), address.key(new.uri)) for old, new in pairs]
    return all(old == new or rewriting(old, new) in rewritings for old, new in links)


def _pairs(group: Iterable[Move]) -> list[Json]:
    return [{"before": move.old.uri, "after": move.uri, "title": move.old.title} for move in group]
