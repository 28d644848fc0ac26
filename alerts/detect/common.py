"""The same difference on many pages is one event, also where the pages are fewer than half of all (design §4.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from alerts.detect import sentences
from alerts.detect.ledger import Draft, Ledger
from alerts.detect.rest import Rest
from alerts.detect.scene import Seen
from alerts.detect.world import SHARED_IMPORTANCE, SHARED_PAGES, SHARED_REASON, is_shared, mark
from extractors import text
from extractors.diff import BlockChange, Op
from extractors.model import Block

_Mark = tuple[str, str, str]


def tell(ledger: Ledger, rests: Sequence[tuple[Seen, Rest]]) -> Mapping[str, Sequence[BlockChange]]:
    """Tell the passages that changed alike on several pages once; return them by the address of each page."""
    found: defaultdict[_Mark, dict[str, tuple[Seen, BlockChange]]] = defaultdict(dict)
    for seen, rest in rests:
        for change in rest.told:
            found[_mark(change)].setdefault(seen.address, (seen, change))
    groups: defaultdict[tuple[str, ...], list[dict[str, tuple[Seen, BlockChange]]]] = defaultdict(list)
    for places in found.values():
        if len(places) >= SHARED_PAGES:  # on fewer it may be chance, and is as quickly read
            groups[tuple(sorted(places))].append(places)
    told: defaultdict[str, list[BlockChange]] = defaultdict(list)
    for names, entries in sorted(groups.items()):
        pages = [entries[0][name][0] for name in names]
        _tell(ledger, pages, Rest(passages=tuple(places[names[0]][1] for places in entries)))
        for name in names:
            told[name] += [places[name][1] for places in entries]
    return told


def _mark(change: BlockChange) -> _Mark:
    return str(Op(change.op)), _said(change.before), _said(change.after)


def _said(block: Block | None) -> str:
    return text.block_fold(block) if block else ""


def _tell(ledger: Ledger, pages: Sequence[Seen], rest: Rest) -> None:
    """Tell one difference for all its pages: text of the site itself at the start address, as minor (design §4.5)."""
    minor, importance, reason = rest.weight
    top = pages[0]
    shared = is_shared(len(pages), len(ledger.scene.known))
    if shared:
        minor, importance, reason = True, SHARED_IMPORTANCE, SHARED_REASON
    else:
        reason = f"{reason}, auf mehreren Seiten gleich"
    ledger.tell(
        Draft(
            kind="page.changed",
            subject=top.address,
            uri=ledger.scene.start_uri if shared else top.uri,
            uris=tuple(seen.uri for seen in pages),
            title=sentences.cut(rest.after or rest.before, 80),
            summary=sentences.shared_changed(len(pages), rest.before, rest.after),
            importance=importance,
            reason=reason,
            minor=minor,
            marks=(mark(rest.before), f"{mark(rest.after)}@{ledger.scene.crawl.id}"),
            before={"title": "", "text": rest.before},
            after={"title": "", "text": rest.after},
            facts={
                "pages": len(pages),
                "shared": True,
                "titles": [[seen.title, seen.uri] for seen in pages],
                "diff": rest.facts(),
            },
            observed_at=top.observed_at,
            version_before=top.before.id if top.before else None,
            version_after=top.look.capture.version_id if top.look else None,
        )
    )
