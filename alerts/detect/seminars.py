"""Seminars: one event when one enters the register or what is known of it changes, however many pages say so.

A page that comes and names a seminar in its title is part of the seminar's event whenever there is one: the page is
new *because* the seminar is. Where the register knew all of it already (the list had announced it), the page itself
is the news and is told as ``page.added``, so that every new page is told exactly once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from alerts.detect import register, seminar_sentences, sentences
from alerts.detect.claims import Side
from alerts.detect.ledger import Draft, Ledger
from alerts.detect.lines import claim_lines
from alerts.detect.scene import Seen, Stand
from extractors import dates, diff, text
from extractors.model import BlockKind, SeminarMention
from extractors.seminar_states import tells_fate
from extractors.seminars import mentions
from storage.pages import StoredPage
from storage.records import Change, Mention, SeminarRow

# What the substitute's own words, the title and the quote add to the facts never makes a change by itself.
_TOLD = ("start", "end", "city", "state")


@dataclass(slots=True)
class _Touch:
    """What one crawl says about one seminar: pages with what they said before and say now."""

    row: SeminarRow
    known: bool
    pages: dict[str, Seen] = field(default_factory=dict)
    before: dict[str, SeminarMention] = field(default_factory=dict)
    after: dict[str, SeminarMention] = field(default_factory=dict)


def baseline(ledger: Ledger, names: frozenset[str]) -> None:
    """Register the seminars that some pages mention, without telling them."""
    if not ledger.scene.source.register:
        return
    found: list[tuple[Seen, SeminarMention]] = []
    for seen in ledger.scene.present:
        if seen.address in names and seen.page is not None and seen.look is not None and seen.stand is Stand.GOOD:
            found += [(seen, each) for each in mentions(seen.page.said, seen.look.capture.captured_at.date())]
    for seen, mention in sorted(found, key=lambda each: each[1].passing):  # a stable sort: the others keep their order
        _enter(ledger, seen, mention)


def claim(ledger: Ledger) -> None:
    """Tell what happened to the seminars, and claim the pages, lines and sentences that say so."""
    if not ledger.scene.source.register:
        return
    touched = _touched(ledger)
    new_pages: dict[str, StoredPage | None] = {}
    for touch in touched:
        change = _tell(ledger, touch)
        if change is None:
            continue
        for name, seen in sorted(touch.pages.items()):
            _claim_on(ledger, touch, change, seen)
            if name in ledger.absorbed:
                new_pages[name] = seen.page
    claim_lines(ledger, Side.AFTER, new_pages)


def _touched(ledger: Ledger) -> list[_Touch]:
    touches: dict[str, _Touch] = {}
    for seen in ledger.scene.present:
        if seen.stand is not Stand.GOOD or seen.look is None or seen.page is None:
            continue
        before = ledger.page(seen, Side.BEFORE)
        if seen.live and not seen.changed and before is not None:
            continue
        day = seen.look.capture.captured_at.date()
        said = _by_row(ledger, seen, mentions(before.said, day)) if before is not None else {}
        if seen.address in ledger.silent:
            for mention in mentions(seen.page.said, day):
                _enter(ledger, seen, mention)
            continue
        for mention in mentions(seen.page.said, day):
            row = register.find(ledger.seminars.values(), mention)
            known = row is not None
            if register.is_aside(row, mention, day):
                continue
            if row is None:
                row = register.first_entry(mention, ledger.seminars, ledger.scene.ended_at)
                ledger.seminars[row.id] = row
            touch = touches.setdefault(row.id, _Touch(row=row, known=known))
            touch.pages[seen.address] = seen
            touch.after[seen.address] = mention
        for row_id, mention in said.items():
            touch = touches.setdefault(row_id, _Touch(row=ledger.seminars[row_id], known=True))
            touch.pages[seen.address] = seen
            touch.before[seen.address] = mention
    for touch in touches.values():
        _update(ledger, touch)
    return [touch for _, touch in sorted(touches.items())]


def _by_row(ledger: Ledger, seen: Seen, said: tuple[SeminarMention, ...]) -> Mapping[str, SeminarMention]:
    """What a page said before, by seminar; what the register had missed enters it untold, as it is no news."""
    found: dict[str, SeminarMention] = {}
    for mention in said:
        row = register.find(ledger.seminars.values(), mention)
        if row is None or register.is_aside(row, mention, ledger.scene.ended_at.date()):
            row = _enter(ledger, seen, mention)
        if row is not None:
            found[row.id] = mention
    return found


def _enter(ledger: Ledger, seen: Seen, mention: SeminarMention) -> SeminarRow | None:
    """Note what a page says, untold; None for a mention in passing that tells nothing."""
    at = ledger.scene.ended_at
    row = register.find(ledger.seminars.values(), mention)
    if seen.look is not None and register.is_aside(row, mention, seen.look.capture.captured_at.date()):
        return None
    if row is None:
        row = register.first_entry(mention, ledger.seminars, at)
    others = [said for said in row.mentions if (said.source, said.address) != (ledger.scene.source.name, seen.address)]
    own = register.kept(mention, seen, ledger.scene.source.name, _first_said(ledger, row, seen))
    row = register.settle(row, [*others, own], mention.series, at)
    ledger.seminars[row.id] = row
    return row


def _first_said(ledger: Ledger, row: SeminarRow, seen: Seen) -> datetime:
    ours = (ledger.scene.source.name, seen.address)
    return next((said.seen_at for said in row.mentions if (said.source, said.address) == ours), ledger.scene.ended_at)


def _update(ledger: Ledger, touch: _Touch) -> None:
    """Put the new mentions in the place of the old ones. Words that did not change keep the mention they gave.

    Otherwise the mere passing of a seminar's date would change its state when its page is edited for another reason.
    """
    source, at = ledger.scene.source.name, ledger.scene.ended_at
    row = touch.row
    said = {(mention.source, mention.address): mention for mention in row.mentions}
    series = row.series
    for name, seen in touch.pages.items():
        now, then = touch.after.get(name), touch.before.get(name)
        if now is None:
            if len(said) > 1:
                said.pop((source, name), None)
        elif then is None or not _same_words(then, now) or (source, name) not in said:
            now = _without_old_date(now, then, said.get((source, name)))
            said[source, name] = register.kept(now, seen, source, _first_said(ledger, row, seen))
            series = now.series if now.named_by_title else series
    ledger.seminars[row.id] = register.settle(row, list(said.values()), series, at)


def _without_old_date(now: SeminarMention, then: SeminarMention | None, kept: Mention | None) -> SeminarMention:
    """A page that puts its seminar off and still shows the old date gives no date, however often it is edited."""
    if now.state != "postponed" or then is None or now.start != then.start:
        return now
    old = then.state != "postponed" or (kept is not None and kept.start is None)
    return replace(now, start=None, end=None) if old else now


def _same_words(one: SeminarMention, other: SeminarMention) -> bool:
    return replace(one, blocks=(), passing=False) == replace(other, blocks=(), passing=False)


# --- telling


def _tell(ledger: Ledger, touch: _Touch) -> Change | None:
    row = ledger.seminars[touch.row.id]
    if not touch.known:
        return _tell_new(ledger, touch, row)
    if row == touch.row:
        return None
    return _tell_changed(ledger, touch, touch.row, row)


def _tell_new(ledger: Ledger, touch: _Touch, row: SeminarRow) -> Change:
    return ledger.tell(
        replace(
            _draft(touch, row, "seminar.new"),
            summary=seminar_sentences.entered(row),
            importance=90,
            reason="Neuer Bericht" if row.state == "reported" else "Neues Seminar",
            after=register.facts(row),
            marks=("", f"new@{ledger.scene.crawl.id}"),
        )
    )


def _tell_changed(ledger: Ledger, touch: _Touch, before: SeminarRow, after: SeminarRow) -> Change | None:
    fields = [name for name in _TOLD if getattr(before, name) != getattr(after, name)]
    if (before.state, after.state) == ("", "announced"):  # whatever is registered before it happens is announced
        fields.remove("state")
    disputed = {c.field for c in after.conflicts} - {c.field for c in before.conflicts}
    retitled = before.title != after.title and after.uri == before.uri
    if not fields and not disputed and not retitled:
        if before.title != after.title:
            ledger.hold(after.uri, "seminar-known", "another page names a seminar that the register knows in full")
        return None
    minor = not fields and not disputed and diff.is_minor_text(before.title, after.title)
    importance, reason = seminar_sentences.weight(fields, disputed, minor, after.state)
    return ledger.tell(
        replace(
            _draft(touch, after, "seminar.changed"),
            summary=seminar_sentences.changed(before, after, fields, disputed),
            importance=importance,
            reason=reason,
            minor=minor,
            before=register.facts(before),
            after=register.facts(after),
            marks=(_mark(before), f"{_mark(after)}@{ledger.scene.crawl.id}"),
        )
    )


def _draft(touch: _Touch, row: SeminarRow, kind: str) -> Draft:
    main = next((seen for _, seen in sorted(touch.pages.items()) if seen.uri == row.uri), None)
    return Draft(
        kind=kind,
        subject=row.id,
        uri=row.uri,
        uris=tuple(sorted({mention.uri for mention in row.mentions})),
        title=sentences.cut(row.title or seminar_sentences.name_of(row.number, row.series, row.year)),
        summary="",
        importance=0,
        reason="",
        marks=("", ""),
        facts={
            "substitute": row.substitute,
            "quote": row.quote,
            "conflicts": register.conflicts_as_facts(row),
            "year": row.year,
        },
        observed_at=main.observed_at if main else None,
    )


def _mark(row: SeminarRow) -> str:
    return "|".join(str(value) for value in (row.title, row.start, row.end, row.city, row.state, *row.conflicts))


# --- claiming


def _claim_on(ledger: Ledger, touch: _Touch, change: Change, seen: Seen) -> None:
    after, before = touch.after.get(seen.address), touch.before.get(seen.address)
    if not seen.live and seen.address not in ledger.origins:
        if after is not None and after.named_by_title and seen.before is None:
            ledger.claims.page(seen.address)
            ledger.absorbed[seen.address] = change
            ledger.hold(seen.uri, "page-of-a-seminar", "the new page is part of its seminar's event", into=change)
        return
    if _is_now_its_page(before, after) or _became_report(before, after):
        ledger.claims.page(seen.address)
        ledger.hold(seen.uri, "page-of-a-seminar", "the page was rewritten for the seminar", into=change)
        return
    if before is not None and after is not None and _same_words(before, after):
        return
    for side, mention in ((Side.BEFORE, before), (Side.AFTER, after)):
        if mention is not None:
            _claim_sentences(ledger, seen, side, mention, (before, after))


def _is_now_its_page(before: SeminarMention | None, after: SeminarMention | None) -> bool:
    return before is None and after is not None and after.named_by_title


def _became_report(before: SeminarMention | None, after: SeminarMention | None) -> bool:
    if before is None or after is None or not after.named_by_title:
        return False
    return before.state != after.state == "reported"


def _claim_sentences(
    ledger: Ledger,
    seen: Seen,
    side: Side,
    mention: SeminarMention,
    both: tuple[SeminarMention | None, SeminarMention | None],
) -> None:
    """Claim the sentences that only this state has and that say what changed: dates, city, the seminar itself."""
    blocks = ledger.blocks(seen, side)
    fresh = set(ledger.fresh(seen, side))
    elsewhere = {text.fold(s) for block in ledger.blocks(seen, side.other) for s in text.sentences(block.text)}
    cities = {said.city for said in both if said is not None and said.city}
    for index in mention.blocks:
        if index == -1:
            ledger.claims.title(seen.address, side)
        elif index in fresh and blocks[index].kind is not BlockKind.PARAGRAPH:
            ledger.claims.block(seen.address, side, index)
        elif index in fresh:
            for sentence in text.sentences(blocks[index].text):
                if text.fold(sentence) not in elsewhere and _says_it(sentence, mention, cities):
                    ledger.claims.sentence(seen.address, side, index, sentence)


def _says_it(sentence: str, mention: SeminarMention, cities: set[str]) -> bool:
    if text.fold(mention.quote) == text.fold(sentence) or dates.spans(sentence, mention.year):
        return True
    if any(city in sentence for city in cities) or tells_fate(sentence):
        return True
    return mention.number is not None and f"{mention.number}." in sentence
