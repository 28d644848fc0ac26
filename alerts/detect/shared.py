"""Text that most pages share and that is no notice: one minor event when it changes (design §4.5)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace

from alerts.detect import changes, sentences, ticking
from alerts.detect.claims import Side
from alerts.detect.ledger import Draft, Ledger
from alerts.detect.scene import Seen, Stand
from alerts.detect.world import (
    SHARED_IMPORTANCE,
    SHARED_PAGES,
    SHARED_REASON,
    folded,
    is_navigation,
    is_shared,
    mark,
    still,
)
from extractors import text
from extractors.model import Block, BlockKind

# So many lines of a frame are replaced by an edit at most; more than that, and more than half of it, is a new template.
EDITED_LINES = 2


@dataclass(slots=True)
class _Difference:
    """Shared lines that went and came, as blocks, and the pages concerned."""

    before: list[Block] = field(default_factory=list)
    after: list[Block] = field(default_factory=list)
    pages: dict[str, Seen] = field(default_factory=dict)


def baseline(ledger: Ledger) -> None:
    """Remember the shared lines of the frame: it is no part of a version, so nothing else remembers them."""
    pages = [seen for seen in ledger.scene.present if seen.page]
    lines = [block.text for block, count in _frames(ledger, pages).values() if is_shared(count, len(pages))]
    ledger.source = replace(ledger.source, shared=tuple(sorted(lines)))


def claim(ledger: Ledger) -> None:
    """Tell the shared lines that changed, as one event, and claim them on every page."""
    difference = _Difference()
    template = _compare_frames(ledger, difference)
    _compare_main(ledger, difference, template=template)
    if difference.before or difference.after:
        _tell(ledger, difference)


# --- the frame: header, aside, footer


def _compare_frames(ledger: Ledger, difference: _Difference) -> bool:
    """Compare what the frames share now with what they were known to share; True when it is a new template.

    Only new readings count, and only when they are half of the pages: a kept page is its version's
    first look, whose frame may be an old one.
    """
    known = ledger.scene.known
    fresh = [seen for seen in known if seen.read_anew]
    if len(fresh) < SHARED_PAGES or 2 * len(fresh) < len(known):
        return False
    frames = _frames(ledger, fresh)
    shared = {name: block for name, (block, count) in frames.items() if is_shared(count, len(fresh))}
    # A line that is shared by many readings now, but was on the same pages before, belongs to a part of the site.
    new = _new_in_frames(ledger, fresh, shared.keys())
    came = {name: block for name, block in shared.items() if 2 * new[name] >= frames[name][1]}
    old = {still(folded(line)): line for line in ledger.source.shared}
    lost = {name: old[name] for name in _gone(ledger, fresh, frozenset(old))}
    gained = {name: block for name, block in came.items() if name not in old}
    ledger.source = replace(
        ledger.source,
        shared=tuple(
            sorted({*(line for name, line in old.items() if name not in lost), *(b.text for b in gained.values())})
        ),
    )
    lost = {name: line for name, line in lost.items() if not _is_notice_line(ledger, line)}
    gained = {name: block for name, block in gained.items() if not _is_notice_line(ledger, block.text)}
    if max(len(lost), len(gained)) > max(EDITED_LINES, len(old) / 2):
        ledger.hold(
            ledger.scene.start_uri, "template", f"{len(lost)} shared lines went, {len(gained)} came, all round the text"
        )
        return True
    # The same words, parted into other lines, have neither gone nor come.
    now = _words(block.text for name, block in shared.items() if name not in old)
    then = _words(lost.values())
    lost = {name: line for name, line in lost.items() if not _words([line]) <= now}
    gained = {name: block for name, block in gained.items() if not _words([block.text]) <= then}
    difference.before += [Block(kind=BlockKind.PARAGRAPH, text=line) for line in lost.values()]
    difference.after += list(gained.values())
    if lost or gained:
        difference.pages.update({seen.address: seen for seen in fresh})
    return False


def _gone(ledger: Ledger, fresh: Sequence[Seen], names: frozenset[str]) -> list[str]:
    """The shared lines that most of the pages which showed them do not show any more, wherever on the page."""
    had: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for seen in fresh:
        then, now = ledger.page(seen, Side.BEFORE), seen.page
        if then is not None and now is not None:
            before = {still(line) for line in ledger.lines.frame(then)} & names
            moved = before - {still(line) for line in (*ledger.lines.frame(now), *_boxed(seen))}
            if moved:  # seldom, and only then is the main text asked for
                moved -= {still(line) for line in ledger.lines.main(now)}
            had.update(before)
            kept.update(before - moved)
    return [name for name in had if had[name] >= SHARED_PAGES and 2 * kept[name] < had[name]]


def _words(lines: Iterable[str]) -> Counter[str]:
    return Counter(word for line in lines for word in folded(line).split())


def _frames(ledger: Ledger, pages: Iterable[Seen]) -> dict[str, tuple[Block, int]]:
    """Lines of the pages' frames that are no navigation, by their number-blind form, with how many pages show them."""
    found: dict[str, tuple[Block, int]] = {}
    for seen in pages:
        for name, block in _named(ledger, seen).items():
            first, count = found.get(name) or (block, 0)
            found[name] = (first, count + 1)
    return found


def _named(ledger: Ledger, seen: Seen) -> dict[str, Block]:
    """The lines of one page's frame that are no navigation, by their number-blind form."""
    if seen.page is None:
        return {}
    found: dict[str, Block] = {}
    for line, block in zip(ledger.lines.frame(seen.page), seen.page.frame, strict=True):
        if line and (name := still(line)) not in found and not is_navigation(block):
            found[name] = block
    return found


def _new_in_frames(ledger: Ledger, fresh: Sequence[Seen], shared: Set[str]) -> Counter[str]:
    """On how many of the pages that show a shared line in their frame it stood nowhere before."""
    found: Counter[str] = Counter()
    for seen in fresh:
        before = ledger.page(seen, Side.BEFORE)
        if before is None:
            continue
        new = (_named(ledger, seen).keys() & shared) - set(map(still, ledger.lines.frame(before)))
        if new:  # seldom, and only then is the main text asked for
            new -= set(map(still, ledger.lines.main(before)))
        found.update(new)
    return found


def _boxed(seen: Seen) -> set[str]:
    notices = seen.page.notices if seen.page else ()
    return {folded(line) for notice in notices for line in notice.text.splitlines()}


def _is_notice_line(ledger: Ledger, line: str) -> bool:
    mine = folded(line)
    return any(mine in key.split("\n") for key in ledger.notice_texts)


# --- the main text


def _compare_main(ledger: Ledger, difference: _Difference, *, template: bool) -> None:
    for side in Side:
        for line, pages in _moving_lines(ledger, side).items():
            if not _is_shared_change(ledger, side, line, pages):
                continue
            block = _claim_line(ledger, side, line, pages)
            if template or is_navigation(block):
                rule = "template" if template else "navigation"
                ledger.hold(ledger.scene.start_uri, rule, f"on {len(pages)} pages: {block.text[:80]}")
                continue
            if ticking.ticks(ledger, ticking.name_of(line), shared=True):
                ticking.hold(ledger, len(pages), block.text)
                continue
            (difference.before if side is Side.BEFORE else difference.after).append(block)
            difference.pages.update({seen.address: seen for seen in pages})


def _moving_lines(ledger: Ledger, side: Side) -> dict[str, list[Seen]]:
    """Unclaimed lines of the main text that pages lost (before) or gained (after), with the pages."""
    found: defaultdict[str, list[Seen]] = defaultdict(list)
    for seen in ledger.changed_pages():
        page, other = ledger.page(seen, side), ledger.page(seen, side.other)
        if page is None or other is None or ledger.claims.has_page(seen.address):
            continue
        there = ledger.lines.everything(other) | {text.fold(other.title)}
        lines = ledger.lines.main(page)
        free = {line for index, line in enumerate(lines) if not ledger.claims.has_block(seen.address, side, index)}
        for line in sorted(free - there - {""}):
            if not ledger.lines.frame_says(other, line):
                found[line].append(seen)
    return found


def _is_shared_change(ledger: Ledger, side: Side, line: str, pages: Sequence[Seen]) -> bool:
    """True when a line is shared and changed on at least half of the pages that have it and were read."""
    known = ledger.scene.known
    unread = sum(seen.stand is not Stand.GOOD for seen in known)
    # Twice as many as changed, and those not read, are all that may have the line: mostly far from half of the pages.
    if len(pages) < SHARED_PAGES or 2 * (2 * len(pages) + unread) < sum(
        ledger.page(seen, side) is not None for seen in known
    ):
        return False
    worlds = [(seen, page) for seen in known if (page := ledger.page(seen, side)) is not None]
    carriers = [seen for seen, page in worlds if line in ledger.lines.everything(page)]
    looked = sum(seen.stand is Stand.GOOD for seen in carriers)
    return is_shared(len(carriers), len(worlds)) and 2 * len(pages) >= looked


def _claim_line(ledger: Ledger, side: Side, line: str, pages: Sequence[Seen]) -> Block:
    found: list[Block] = []
    for seen in pages:
        page = ledger.page(seen, side)
        for index, mine in enumerate(ledger.lines.main(page) if page else ()):
            if mine == line and page is not None:
                ledger.claims.block(seen.address, side, index)
                found.append(page.blocks[index])
    return found[0]


# --- telling


def _tell(ledger: Ledger, difference: _Difference) -> None:
    before, after = difference.before, difference.after
    old, new = "\n".join(block.text for block in before), "\n".join(block.text for block in after)
    pages = [difference.pages[name] for name in sorted(difference.pages)]
    ledger.tell(
        Draft(
            kind="page.changed",
            subject=f"shared:{ledger.scene.source.name}",
            uri=ledger.scene.start_uri,
            uris=tuple(seen.uri for seen in pages),
            title=sentences.cut(new or old, 80),
            summary=sentences.shared_changed(len(pages), old, new),
            importance=SHARED_IMPORTANCE,
            reason=SHARED_REASON,
            marks=(mark(old), f"{mark(new)}@{ledger.scene.crawl.id}"),
            before={"title": "", "text": old},
            after={"title": "", "text": new},
            facts={"pages": len(pages), "shared": True, "diff": changes.as_facts(changes.passages(before, after))},
            minor=True,
        )
    )
