"""What no other rule explains: one ``page.changed`` for each page and crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from alerts.detect import around, changes, common, sentences, ticking
from alerts.detect.claims import Side, loose
from alerts.detect.ledger import Draft, Ledger
from alerts.detect.lines import claim_retitled
from alerts.detect.rest import Rest
from alerts.detect.scene import Seen, Stand
from alerts.detect.world import NOISY_LOOKS, folded
from extractors import address, text
from extractors.diff import BlockChange, Op
from extractors.model import Attachment, Block, BlockKind, Outcome, PageKind
from storage.pages import StoredPage
from storage.records import Json

# Below this many blocks without a partner the template is the same; above it blocks may have been cut differently.
RECUT_BLOCKS = 2


def claim(ledger: Ledger) -> None:
    """Tell every page on which something is left that no told change explains."""
    renamed = {
        seen.address: (seen.before.page.title, seen.page.title)
        for seen in ledger.changed_pages()
        if seen.before and seen.page and seen.before.page.title != seen.page.title
    }
    claim_retitled(ledger, renamed)
    beside = around.passages(ledger)
    rests: list[tuple[Seen, Rest]] = []
    for seen in ledger.scene.known:
        if seen.stand is not Stand.GOOD or seen.page is None or seen.before is None:
            continue
        if ledger.watches[seen.address].held_version is not None:
            ledger.watch(seen, held_version=None)
        rest = _left(ledger, seen, seen.before.page, seen.page) if seen.changed else Rest()
        rest = replace(rest, passages=(*rest.passages, *beside.get(seen.address, ())))
        if rest and seen.page.kind is PageKind.FEED:
            ledger.hold(seen.uri, "feed", "its entries are pages of their own")
        elif rest:
            rests.append((seen, rest))
        else:
            _rest_quietly(ledger, seen)
    rests = ticking.claim(ledger, rests)
    told = common.tell(ledger, rests)
    for seen, rest in rests:
        if own := rest.without(told.get(seen.address, ())):
            _tell_or_mute(ledger, seen, own)
        else:
            _calm(ledger, seen)


def _rest_quietly(ledger: Ledger, seen: Seen) -> None:
    if seen.changed:
        ledger.hold(seen.uri, "explained", "all that changed here belongs to other events, or says nothing")
    _calm(ledger, seen)


def _calm(ledger: Ledger, seen: Seen) -> None:
    """Nothing of the page's own changed: it is no noisy one, or not any more."""
    watch = ledger.watches[seen.address]
    if watch.changed_looks or watch.muted:
        ledger.watch(seen, changed_looks=0, muted=False)


def _tell_or_mute(ledger: Ledger, seen: Seen, rest: Rest) -> None:
    """Tell what is left on one page."""
    watch = ledger.watches[seen.address]
    looks = watch.changed_looks + 1
    ledger.watch(seen, changed_looks=looks, muted=looks >= NOISY_LOOKS)
    if watch.muted:
        ledger.hold(seen.uri, "muted", "changes at every look; told once as page.noisy")
    elif looks >= NOISY_LOOKS:
        _tell_noisy(ledger, seen, looks)
    else:
        _tell(ledger, seen, rest)


def _left(ledger: Ledger, seen: Seen, before: StoredPage, after: StoredPage) -> Rest:
    claims = ledger.claims
    if claims.has_page(seen.address):
        return Rest(passages=(), title=None, attachments=())
    old = list(claims.rest(seen.address, Side.BEFORE, ledger.blocks(seen, Side.BEFORE)))
    new = list(claims.rest(seen.address, Side.AFTER, ledger.blocks(seen, Side.AFTER)))
    passages = () if old == new else _passages(ledger, old, new, (before, after))
    if all(_goes_with_its_section(ledger, seen, change) for change in passages):
        passages = ()
    title = None
    claimed = claims.has_title(seen.address, Side.BEFORE) or claims.has_title(seen.address, Side.AFTER)
    if text.fold(before.title) != text.fold(after.title) and not claimed:
        title = changes.line_change("title", before.title, after.title)
    return Rest(passages=passages, title=title, attachments=tuple(_attachments(ledger, seen, before, after)))


def _passages(
    ledger: Ledger, old: list[tuple[Block, bool]], new: list[tuple[Block, bool]], pages: tuple[StoredPage, StoredPage]
) -> tuple[BlockChange, ...]:
    """What differs between the blocks left of two states of a page, each with whether something was cut out of it."""
    before, after = pages
    old, new = (_without_standing_notices(ledger, each, before, after) for each in (old, new))
    _drop_equal_rests(old, new)
    one = [block for block, _ in old if not _is_elsewhere(ledger, after, block)]
    other = [block for block, _ in new if not _is_elsewhere(ledger, before, block)]
    return changes.passages(*_without_recutting(one, other))


def _without_standing_notices(
    ledger: Ledger, blocks: list[tuple[Block, bool]], before: StoredPage, after: StoredPage
) -> list[tuple[Block, bool]]:
    """Leave out the lines of notices that the page shows before and after, wherever a template puts them."""
    lines = {line for key in ledger.notice_texts for line in key.split("\n")}
    both = lines & _everything(ledger, before) & _everything(ledger, after)
    return [entry for entry in blocks if folded(entry[0].text) not in both]


def _everything(ledger: Ledger, page: StoredPage) -> frozenset[str]:
    return ledger.lines.everything(page) | _elsewhere(ledger, page)


def _goes_with_its_section(ledger: Ledger, seen: Seen, change: BlockChange) -> bool:
    """A heading that came or went with what stands below it, and was told, belongs to it: "Downloads" over a PDF."""
    heading, side = (change.after, Side.AFTER) if change.op is Op.ADDED else (change.before, Side.BEFORE)
    page, other = ledger.page(seen, side), ledger.page(seen, side.other)
    alone = change.op in (Op.ADDED, Op.REMOVED) and heading is not None and heading.kind is BlockKind.HEADING
    if not alone or page is None or other is None:
        return False
    if {address.key(one.uri) for one in page.attachments} != {address.key(one.uri) for one in other.attachments}:
        return True
    blocks = ledger.blocks(seen, side)
    start = next((n for n, block in enumerate(blocks) if block == heading), len(blocks)) + 1
    end = next((n for n in range(start, len(blocks)) if blocks[n].kind is BlockKind.HEADING), len(blocks))
    return start < end and set(ledger.fresh(seen, side)).issuperset(range(start, end))


def _drop_equal_rests(old: list[tuple[Block, bool]], new: list[tuple[Block, bool]]) -> None:
    """Where something was cut out of a block, what is left counts as unchanged if its words are."""
    for mine, theirs in ((old, new), (new, old)):
        for entry in [entry for entry in mine if entry[1]]:
            words = loose(entry[0].text)
            twin = next((other for other in theirs if loose(other[0].text) == words), None)
            if twin is not None:
                mine.remove(entry)
                theirs.remove(twin)


def _is_elsewhere(ledger: Ledger, page: StoredPage, block: Block) -> bool:
    """Tell whether a page says a block's words beside its main text: what a template shows elsewhere is no change."""
    return folded(block.text) in _elsewhere(ledger, page) or ledger.lines.frame_says(page, block.text)


def _elsewhere(ledger: Ledger, page: StoredPage) -> frozenset[str]:
    """The page's lines that are not main text."""
    notices = (line for notice in page.notices for line in (notice.title, *(block.text for block in notice.blocks)))
    labels = (part for one in page.attachments for part in (one.label, one.size, one.note))
    others = (*notices, *labels, page.title, *page.said.breadcrumb)
    return frozenset((*ledger.lines.frame(page), *(folded(line) for line in others))) - {""}


def _without_recutting(old: list[Block], new: list[Block]) -> tuple[list[Block], list[Block]]:
    """Drop the sentences that both states have, where a template cut the same text into other blocks."""
    marks_old, marks_new = [text.block_fold(b) for b in old], [text.block_fold(b) for b in new]
    common = Counter(marks_old) & Counter(marks_new)
    single_old = [b for b, m in zip(old, marks_old, strict=True) if m not in common]
    single_new = [b for b, m in zip(new, marks_new, strict=True) if m not in common]
    if not single_old or not single_new or max(len(single_old), len(single_new)) <= RECUT_BLOCKS:
        return old, new
    said_old, said_new = _said(single_old), _said(single_new)
    both = said_old & said_new
    weight = sum(len(line) * number for line, number in both.items())
    total = sum(len(line) * number for line, number in (said_old + said_new).items())
    if 4 * weight < total:  # less than half of the text in common: written anew, not cut anew
        return old, new
    return _minus(old, set(map(id, single_old)), both), _minus(new, set(map(id, single_new)), both)


def _said(blocks: Sequence[Block]) -> Counter[str]:
    return Counter(loose(sentence) for block in blocks for sentence in text.sentences(block.text))


def _minus(blocks: Sequence[Block], single: set[int], both: Counter[str]) -> list[Block]:
    left, kept = Counter(both), list[Block]()
    for block in blocks:
        if id(block) not in single:
            kept.append(block)
            continue
        said: list[str] = []
        for sentence in text.sentences(block.text):
            if left[loose(sentence)] > 0:
                left[loose(sentence)] -= 1
            else:
                said.append(sentence)
        if loose(" ".join(said)):
            line = " ".join(said)
            kept.append(replace(block, text=line, links=tuple(link for link in block.links if link.text in line)))
    return kept


def _attachments(ledger: Ledger, seen: Seen, before: StoredPage, after: StoredPage) -> list[Json]:
    """Attachment lines that changed and that no document's own event explains."""
    claims = ledger.claims
    old = {claims.follow(address.key(one.uri)): one for one in before.attachments}
    new = {address.key(one.uri): one for one in after.attachments}
    found: list[Json] = []
    for name, one in old.items():
        other = new.get(name)
        if other is None:
            if not claims.has_attachment(seen.address, Side.BEFORE, address.key(one.uri)):
                found.append(_attachment_gone(one, new, old))
        elif text.fold(one.label) != text.fold(other.label):
            found.append(changes.line_change("attachment", one.label, other.label))
        elif _facts(one) != _facts(other) and not _was_saved_anew(ledger, name):
            found.append(changes.line_change("attachment", _line(one), _line(other)))
    replaced = {entry["after_uri"] for entry in found if entry.get("after_uri")}
    for name, one in new.items():
        if name not in old and one.uri not in replaced and not claims.has_attachment(seen.address, Side.AFTER, name):
            found.append(changes.line_change("attachment", None, _line(one)))
    return found


def _attachment_gone(one: Attachment, new: dict[str, Attachment], old: dict[str, Attachment]) -> Json:
    """The same label with another target is a changed link; otherwise the line is gone."""
    heir = next((o for name, o in new.items() if name not in old and text.fold(o.label) == text.fold(one.label)), None)
    if heir is None:
        return changes.line_change("attachment", _line(one), None)
    entry: Json = changes.line_change("link", one.uri, heir.uri)
    return {**entry, "label": one.label, "after_uri": heir.uri}


def _facts(one: Attachment) -> tuple[str, str]:
    return text.fold(one.size), text.fold(one.note)


def _was_saved_anew(ledger: Ledger, name: str) -> bool:
    seen = ledger.scene.seen.get(name)
    return seen is not None and seen.look is not None and seen.look.capture.outcome is not Outcome.UNCHANGED


def _line(one: Attachment) -> str:
    return " · ".join(part for part in (one.label, one.size, one.note) if part)


# --- telling


def _tell_noisy(ledger: Ledger, seen: Seen, looks: int) -> None:
    ledger.tell(
        Draft(
            kind="page.noisy",
            subject=seen.address,
            uri=seen.uri,
            uris=(seen.uri,),
            title=seen.title,
            summary=sentences.noisy(seen.title, looks),
            importance=25,
            reason="Ändert sich bei jeder Prüfung",
            marks=(seen.mark_before, seen.mark_after),
            facts={"looks": looks},
            observed_at=seen.observed_at,
            version_before=seen.before.id if seen.before else None,
            version_after=seen.look.capture.version_id if seen.look else None,
        )
    )


def _tell(ledger: Ledger, seen: Seen, rest: Rest) -> None:
    weight = rest.weight
    ledger.tell(
        Draft(
            kind="page.changed",
            subject=seen.address,
            uri=seen.uri,
            uris=(seen.uri,),
            title=seen.title,
            summary=rest.summary(seen.title),
            importance=weight.importance,
            reason=weight.reason,
            minor=weight.minor,
            marks=(seen.mark_before, seen.mark_after),
            before={"title": seen.before.page.title if seen.before else "", "text": rest.before},
            after={"title": seen.page.title if seen.page else "", "text": rest.after},
            facts={"diff": rest.facts(), "confirmed": seen.settled},
            observed_at=seen.observed_at,
            version_before=seen.before.id if seen.before else None,
            version_after=seen.look.capture.version_id if seen.look else None,
        )
    )
