"""What detection remembers, put into the words of today's extractor: nothing is told, and nothing told is taken back.

Pages are compared with what the same bytes give today, so what is remembered of them must be worded alike: notices, the
lines that pages share, the register of seminars, the labels of documents and which pages link them. What an earlier
extractor did not see was there all the same, and enters untold, as at a baseline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.detect import notices, register, seminars, shared
from alerts.detect.board import digest_of, in_force
from alerts.detect.boxes import boxes, shows, text_key
from alerts.detect.claims import loose
from alerts.detect.ledger import Ledger
from alerts.detect.scene import Scene
from alerts.detect.shelf import linked_documents
from alerts.detect.world import Lines
from extractors import address
from extractors.model import Outcome
from extractors.seminars import mentions
from storage.pages import StoredPage
from storage.records import (
    Crawl,
    CrawlView,
    DetectionState,
    Look,
    Memory,
    NoticeRow,
    Reread,
    Role,
    SeminarRow,
    Source,
    Standing,
    Version,
    Watch,
)

# Dice overlap of words from which two readings are of one notice: half, so that a box that is read as two is found.
# Our choice.
SAME_NOTICE = 0.5

_THERE = frozenset({Standing.LIVE, Standing.MISSING})


def remember(
    state: DetectionState, pairs: Sequence[Reread], source: Source, crawl: Crawl, found: Sequence[Watch] = ()
) -> Memory:
    """Return what is remembered of a source, as if today's extractor had read its pages from the first day on.

    ``state`` holds the pages as they are read today, ``pairs`` with what was read from the same bytes before, ``crawl``
    stands for the next crawl. ``found`` are addresses that only today's extractor finds a link to.
    """
    if state.source.baseline_crawl is None:
        return Memory(source=state.source, watches=(), notices=(), seminars=())
    shown = {pair.capture.address: pair for pair in pairs if _is_there(state, pair.capture.address)}
    at = max((pair.capture.captured_at for pair in pairs), default=crawl.started_at)
    reworded = _merged([(row, _reworded(row, shown)) for row in state.notices], at)
    view = CrawlView(crawl=replace(crawl, started_at=at, ended_at=at), looks=_looks(state, shown), probes=())
    ledger = Ledger(Scene(replace(state, notices=reworded), view, source, at))
    names = frozenset(view.looks)
    notices.baseline(ledger, names)
    seminars.baseline(ledger, names)
    _forget_unsaid(ledger, names)
    shared.baseline(ledger)
    _relabel(ledger, state)
    for watch in found:
        ledger.watches.setdefault(watch.address, watch)
    known = {row.id: row for row in state.notices}
    detection = ledger.detection()
    changed = {row.id: row for row in reworded if known[row.id] != row} | {row.id: row for row in detection.notices}
    return Memory(
        source=detection.source,
        watches=detection.watches,
        notices=tuple(changed.values()),
        seminars=detection.seminars,
    )


def _is_there(state: DetectionState, name: str) -> bool:
    watch = state.watches.get(name)
    return watch is not None and watch.standing in _THERE and name in state.last_good


def _looks(state: DetectionState, shown: Mapping[str, Reread]) -> dict[str, Look]:
    """A look at every page that is there, as it was read today and on the day its text was new."""
    return {name: _look(state.watches[name], pair, state.last_good[name]) for name, pair in shown.items()}


def _look(watch: Watch, pair: Reread, version: Version) -> Look:
    capture = replace(
        pair.capture, outcome=Outcome.OK, captured_at=version.since, text_digest=version.text_digest, location=None
    )
    return Look(
        capture=capture, role=watch.role, before=version, page=version.page, linked_from=watch.linked_from,
        depth=watch.depth, label=watch.label,
    )  # fmt: skip


# --- notices


def _reworded(row: NoticeRow, shown: Mapping[str, Reread]) -> NoticeRow:
    """A notice in the words that most of its pages give it now, on the pages that are read to show it.

    A notice that today's extractor does not see keeps its words and has no pages: it is neither lifted nor posted
    again.
    """
    on = [(uri, pair) for uri in row.uris if (pair := shown.get(address.key(uri))) is not None]
    on = [(uri, pair) for uri, pair in on if pair.old != pair.new]
    if row.lifted_at is not None or not on:
        return row
    lines = Lines()
    key = text_key(row.text)
    found = {uri: row.text if shows(pair.new, key, lines) else _successor(row, pair) for uri, pair in on}
    votes = Counter(wording for wording in found.values() if wording)
    wording = max(votes, key=lambda each: (votes[each], each == row.text, each)) if votes else row.text
    lost = {uri for uri, pair in on if not shows(pair.new, text_key(wording), lines)}
    uris = tuple(uri for uri in row.uris if uri not in lost)
    digest = row.text_digest if wording == row.text else digest_of(text_key(wording))
    peak = max(len(uris), row.peak_pages - len(lost)) if uris else 0
    return replace(row, text=wording, text_digest=digest, uris=uris, peak_pages=peak)


def _merged(rows: Sequence[tuple[NoticeRow, NoticeRow]], at: datetime) -> tuple[NoticeRow, ...]:
    """The notices in new words, from pairs of old and new; what is read as one now is one.

    The first of several stands; the others keep the words they had and are replaced by it, untold.
    """
    first: dict[tuple[str, str], NoticeRow] = {}
    for _, new in sorted(rows, key=lambda pair: (pair[0].first_seen, pair[0].id)):
        if in_force(new) and new.uris:
            first.setdefault((new.host, text_key(new.text)), new)
    merged = []
    for old, new in rows:
        heir = first.get((new.host, text_key(new.text)))
        folded = heir is not None and heir.id != new.id and in_force(new)
        merged.append(replace(old, lifted_at=at, replaced_by=heir.id) if folded and heir else new)
    return tuple(merged)


def _successor(row: NoticeRow, pair: Reread) -> str:
    """What a notice reads like in the new reading of a page: the box, the line, or the lines, that have its words."""
    wanted = Counter(loose(row.text).split())
    wordings = (*(box.wording for box in boxes(pair.new)), *(block.text for block in pair.new.frame))
    ranked = [(_alike(wanted, wording), wording) for wording in wordings]
    ranked.append(_gathered(wanted, pair.new))
    share, wording = max(ranked)
    return wording if share >= SAME_NOTICE else ""


def _gathered(wanted: Counter[str], page: StoredPage) -> tuple[float, str]:
    """The lines of main text and frame that are made of a notice's words, as one text, and how alike it is."""
    lines = [
        block.text
        for block in (*page.frame, *page.blocks)
        if (words := Counter(loose(block.text).split())) and not words - wanted
    ]
    wording = "\n".join(dict.fromkeys(lines))
    return _alike(wanted, wording), wording


def _alike(wanted: Counter[str], wording: str) -> float:
    """Dice overlap of words, 0…1."""
    words = Counter(loose(wording).split())
    total = wanted.total() + words.total()
    return 2 * (wanted & words).total() / total if total else 0.0


# --- seminars


def _forget_unsaid(ledger: Ledger, names: frozenset[str]) -> None:
    """Drop what a page is not read to say about a seminar any more, as long as another page says something of it."""
    if not ledger.scene.source.register:
        return
    said = _said(ledger, names)
    for row in list(ledger.seminars.values()):
        kept = [
            mention
            for mention in row.mentions
            if mention.source != ledger.scene.source.name
            or mention.address not in names
            or (row.id, mention.address) in said
        ]
        if kept and len(kept) < len(row.mentions):
            ledger.seminars[row.id] = register.settle(row, kept, row.series, row.last_seen)


def _said(ledger: Ledger, names: frozenset[str]) -> set[tuple[str, str]]:
    """Which seminar is mentioned on which page, as it is read today."""
    found: set[tuple[str, str]] = set()
    for seen in ledger.scene.present:
        if seen.address in names and seen.page is not None and seen.look is not None:
            for mention in mentions(seen.page.said, seen.look.capture.captured_at.date()):
                row: SeminarRow | None = register.find(ledger.seminars.values(), mention)
                if row is not None:
                    found.add((row.id, seen.address))
    return found


# --- documents


def _relabel(ledger: Ledger, state: DetectionState) -> None:
    """Remember what the pages call their documents, and which pages link them, as they are read today."""
    documents = {name for name, watch in state.watches.items() if watch.role is Role.DOCUMENT}
    linked: dict[str, list[str]] = {name: [] for name in documents}
    labels: dict[str, str] = {}
    anew: set[str] = set()
    for seen in ledger.scene.present:
        if seen.page is None:
            continue
        anew.add(seen.address)
        for name, label, _ in linked_documents(seen.page, documents):
            linked[name].append(seen.address)
            labels.setdefault(name, label)
    for name in documents:
        watch = ledger.watches[name]
        if watch.standing not in _THERE:
            continue
        kept = {page for page in watch.linked_from if page not in anew}
        ledger.watches[name] = replace(
            watch, linked_from=tuple(sorted({*kept, *linked[name]})), label=labels.get(name) or watch.label
        )
