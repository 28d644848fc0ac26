"""What the rules have worked out so far: told changes, what was held back, and the state that will be remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from alerts.detect.boxes import box_blocks, box_key
from alerts.detect.claims import Claims, Side, unmatched
from alerts.detect.scene import Scene, Seen, Stand
from alerts.detect.world import Lines
from extractors.model import Block
from storage.pages import StoredPage
from storage.records import (
    Change,
    Detection,
    Held,
    Json,
    NoticeRow,
    SeminarRow,
    SourceState,
    Watch,
    change_id,
)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A change as a rule states it; the ledger adds what is the same for all changes of a crawl.

    ``marks`` name the states before and after, for the id.
    """

    kind: str
    subject: str
    uri: str
    uris: tuple[str, ...]
    title: str
    summary: str
    importance: int
    reason: str
    marks: tuple[str, str]
    before: Json = None
    after: Json = None
    facts: Mapping[str, Json] | None = None
    minor: bool = False
    observed_at: datetime | None = None
    version_before: int | None = None
    version_after: int | None = None


class Ledger:
    """The working memory of one detection."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.claims = Claims()
        self.watches: dict[str, Watch] = dict(scene.state.watches)
        self.notices: dict[str, NoticeRow] = {row.id: row for row in sorted(scene.state.notices, key=_name)}
        self.seminars: dict[str, SeminarRow] = {row.id: row for row in sorted(scene.state.seminars, key=_name)}
        self.source: SourceState = scene.before
        self.settled: list[int] = []
        self.lines = Lines()
        self.origins: dict[str, Seen] = {}  # new addresses of pages that moved, and what was at the old ones
        self.absorbed: dict[str, Change] = {}  # new pages that are part of another change
        self.silent: frozenset[str] = frozenset()  # addresses that only a changed config brought in
        self.ticks: dict[str, int] = {}  # passages that changed on many pages, and at how many looks in a row
        self.notice_texts: frozenset[str] = frozenset()  # folded texts of boxes that are notices, and no other text
        self._changes: list[Change] = []
        self._held: list[Held] = []
        self._fresh: dict[tuple[str, Side, int], tuple[int, ...]] = {}
        self._led: dict[tuple[str, Side, int], tuple[Block, ...]] = {}

    # --- telling and holding back

    def tell(self, draft: Draft) -> Change:
        """Add a change and return it with its id."""
        scene = self.scene
        change = Change(
            id=change_id(scene.source.name, draft.kind, draft.subject, *draft.marks),
            kind=draft.kind,
            source=scene.source.name,
            subject=draft.subject,
            uri=draft.uri,
            uris=draft.uris,
            title=draft.title,
            summary=draft.summary,
            minor=draft.minor,
            before=draft.before,
            after=draft.after,
            facts=draft.facts or {},
            detected_at=scene.now,
            observed_at=draft.observed_at or scene.ended_at,
            crawl_id=scene.crawl.id,
            importance=draft.importance,
            reason=draft.reason,
            version_before=draft.version_before,
            version_after=draft.version_after,
            source_ids=(scene.source.name,),
        )
        self._changes.append(change)
        return change

    def hold(self, uri: str, rule: str, detail: str, into: Change | None = None) -> None:
        """Record that something was seen and not told, by which rule, and into which change it was folded."""
        self._held.append(
            Held(
                crawl_id=self.scene.crawl.id,
                source=self.scene.source.name,
                uri=uri,
                rule=rule,
                detail=detail,
                into=into.id if into else "",
            )
        )

    # --- the state to remember

    def watch(self, seen: Seen, **changes: object) -> Watch:
        """Change what is remembered of an address, making its watch where there is none."""
        watch = self.watches.get(seen.address)
        if watch is None:
            watch = Watch(
                source=self.scene.source.name,
                address=seen.address,
                uri=seen.uri,
                role=seen.role,
                first_crawl=self.scene.crawl.id,
            )
        changed = replace(watch, **changes)  # type: ignore[arg-type]  # the callers name fields of Watch
        self.watches[seen.address] = changed
        return changed

    def detection(self) -> Detection:
        """All that was worked out, in a fixed order."""
        state = self.scene.state
        return Detection(
            changes=tuple(self._changes),
            held=tuple(self._held),
            source=self.source,
            watches=tuple(
                self.watches[name] for name in sorted(self.watches) if state.watches.get(name) != self.watches[name]
            ),
            notices=_differing(self.notices, {row.id: row for row in state.notices}),
            seminars=_differing(self.seminars, {row.id: row for row in state.seminars}),
            settled=tuple(self.settled),
            doubted=self.scene.doubted,
        )

    # --- the parts of pages

    def blocks(self, seen: Seen, side: Side) -> tuple[Block, ...]:
        """The main text of a page before or after, then that of boxes that turned out to be no notices.

        Links lead to the addresses that pages go by, whichever of their addresses the site wrote.
        """
        if not self.claims.relinked:
            return self._blocks_as_written(seen, side)
        key = (seen.address, side, len(self.claims.relinked) + len(self.notice_texts))
        if key not in self._led:
            written = self._blocks_as_written(seen, side)
            self._led[key] = tuple(self.claims.led(block, Side.AFTER) for block in written)
        return self._led[key]

    def _blocks_as_written(self, seen: Seen, side: Side) -> tuple[Block, ...]:
        page = self.page(seen, side)
        if page is None:
            return ()
        loose_boxes = (
            notice for notice in page.notices if not notice.certain and box_key(notice) not in self.notice_texts
        )
        return (*page.blocks, *(block for notice in loose_boxes for block in box_blocks(notice)))

    def page(self, seen: Seen, side: Side) -> StoredPage | None:
        """A page before or after; before a move it stood at its old address."""
        if side is Side.AFTER:
            return seen.page
        return self.origins.get(seen.address, seen).was

    def fresh(self, seen: Seen, side: Side) -> tuple[int, ...]:
        """Indexes of the blocks on one side that the other side does not have."""
        key = (seen.address, side, len(self.claims.moved) + len(self.claims.relinked))
        if key not in self._fresh:
            blocks, others = self.blocks(seen, side), self.blocks(seen, side.other)
            if blocks == others and not (self.claims.moved and any(block.links for block in blocks)):
                return self._fresh.setdefault(key, ())  # so it is on most pages when something on all of them changed
            mine = [self.claims.mark(block, side) for block in blocks]
            theirs = [self.claims.mark(block, side.other) for block in others]
            self._fresh[key] = tuple(unmatched(mine, theirs))
        return self._fresh[key]

    def is_new(self, seen: Seen) -> bool:
        """Tell whether an address shows itself for the first time since readers are told of this source."""
        return seen.stand is Stand.GOOD and (seen.watch is None or not seen.watch.told)

    def changed_pages(self) -> Sequence[Seen]:
        """Live pages that show another text than before."""
        return [seen for seen in self.scene.known if seen.changed]


def _name(row: NoticeRow | SeminarRow) -> str:
    """What makes the order of rows independent of how they were handed over."""
    return row.id


def _differing(after: Mapping[str, Row], before: Mapping[str, Row]) -> tuple[Row, ...]:
    return tuple(row for name, row in sorted(after.items()) if before.get(name) != row)
