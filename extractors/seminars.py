"""Seminars: what a page says about numbered seminars and about what took one's place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice

from extractors.model import Block, BlockKind, Page, SeminarMention
from extractors.places import city_apart, city_of, place_named
from extractors.seminar_dates import Dated, dated, is_outside
from extractors.seminar_names import MAX_NAMED, Named, named_in, of_year, same_series
from extractors.seminar_passages import GOES_ON, fate_blocks, goes_on, lines_of, opening, part_about, told
from extractors.seminar_states import instead, leaves_open, postpones, state_of, tells_fate
from extractors.seminar_years import Usual, below_heading, usual_year
from extractors.text import squash

__all__ = ["mentions", "same_series"]

# How many paragraphs below a heading or title may say when a seminar is; reports name the date at once.
_NEAR = 6
_LOWEST = 7  # below every heading
_STOPS = (".", "!", "?", ":", ";")
# "Wie beim 21. Seminar 2018, …": what is over and only mentioned on the way to something else.
_ON_THE_WAY = re.compile(
    r"\b(?:wie|bei[m]?|seit|nach|vor|auf|während|anlässlich|rande|rahmen|aus|ende|beiträge\w*|ergebnisse\w*|protokoll\w*)"
    r"\s+(?:(?:schon|bereits|zuletzt)\s+)?(?:bei[m]?\s+)?(?:de[mrs]\s+|das\s+)?$",
    re.IGNORECASE,
)
# A title longer than this is a sentence; it is cut where it is shown.
_TITLE = 160

_WHERE = re.compile(r"(?:Ort|Veranstaltungsort|Tagungsort|Stadt|Wo)\s*[:|]\s*")


def mentions(page: Page, seen_on: date) -> tuple[SeminarMention, ...]:
    """What the page says about each seminar it registers (design §4.13), in reading order, one per seminar."""
    found: dict[tuple[str, int | None, int | None], SeminarMention] = {}
    usual = usual_year(page, seen_on)
    for mention in islice(chain(_by_heads(page, usual), _by_paragraphs(page, usual, seen_on)), MAX_NAMED):
        match = next((key for key in found if _same(found[key], mention)), None)
        if match is None:
            found[mention.series, mention.number, mention.year] = mention
        else:
            found[match] = _joined(found[match], mention)
    return tuple(_by_clock(mention, seen_on) for mention in found.values())


def _by_clock(mention: SeminarMention, seen_on: date) -> SeminarMention:
    """Where no word tells, what lay behind when the page was read is reported, and what lay ahead announced."""
    last = mention.end or (str(mention.year) if mention.year else "")
    if mention.state or not last:
        return mention
    past = last < seen_on.isoformat()[: len(last)]
    return replace(mention, state="reported" if past else "announced", by_clock=True)


def _same(a: SeminarMention, b: SeminarMention) -> bool:
    which = a.number == b.number if a.number is not None or b.number is not None else a.year == b.year
    return which and same_series(a.series, b.series)


def _joined(first: SeminarMention, second: SeminarMention) -> SeminarMention:
    """One mention from two places of a page: the first that says a thing says it; its date keeps its sentence."""
    opened = first.state == "postponed" != second.state  # the other place shows the day that it was to be on
    dated = first if first.start or opened else second
    return replace(
        first,
        year=first.year or second.year,
        start=dated.start,
        end=dated.end,
        quote=dated.quote or first.quote,
        city=(dated.city or first.city or second.city),
        state=first.state or second.state,
        named_by_title=first.named_by_title or second.named_by_title,
        substitute=first.substitute or second.substitute,
        passing=first.passing and second.passing,
        blocks=tuple(sorted({*first.blocks, *second.blocks})),
    )


# --- where a seminar is named


def _by_heads(page: Page, usual: Usual) -> Iterator[SeminarMention]:
    """Seminars that the title, a heading, a list entry or a table row names."""
    in_title = named_in(page.title, -1) or of_year(page.title, -1)
    for head in in_title:
        yield from _mention(page, head, usual, range(len(page.blocks)))
    entries = [index for index, block in enumerate(page.blocks) if _is_entry(block)]
    for index in entries:
        block = page.blocks[index]
        alone = block.kind is BlockKind.PARAGRAPH and not in_title and len(entries) == 1
        open_below = block.kind is BlockKind.HEADING or alone
        below = range(index + 1, _section_end(page, index)) if open_below else range(0)
        for head in named_in(block.text, index) or of_year(block.text, index):
            yield from _mention(page, head, below_heading(page, index, usual), below)


def _is_entry(block: Block) -> bool:
    """True for what names a seminar without telling of it: heading, row, list entry, line without a full stop."""
    if "eminar" not in block.text:
        return False
    match block.kind:
        case BlockKind.HEADING | BlockKind.ROW:
            named = True
        case BlockKind.ITEM:  # several sentences are prose in a list's clothes
            named = len(lines_of(block.text)) <= 2
        case _:
            named = len(block.text) <= _TITLE and block.kind is BlockKind.PARAGRAPH and not block.text.endswith(_STOPS)
    return named and bool(named_in(block.text, 0) or of_year(block.text, 0))


def _section_end(page: Page, heading: int) -> int:
    """The index behind the last block below a heading: a heading as high, or of a seminar, ends it."""
    for index in range(heading + 1, len(page.blocks)):
        block = page.blocks[index]
        level = page.blocks[heading].level or _LOWEST
        if block.kind is BlockKind.HEADING and (block.level <= level or named_in(block.text, index)):
            return index
    return len(page.blocks)


def _by_paragraphs(page: Page, usual: Usual, seen_on: date) -> Iterator[SeminarMention]:
    """Seminars that running text names with a date or a fate: in one sentence, or in some of one paragraph."""
    for index, block in enumerate(page.blocks):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or "eminar" not in block.text:
            continue
        lines = lines_of(block.text)
        for place, line in enumerate(lines):
            heads = named_in(line, index)
            for head in heads:
                following = goes_on(lines[place + 1 :]) if len(heads) == 1 else ()
                yield from _in_text(page, head, [part_about(line, head), *following], usual, seen_on)


def _in_text(page: Page, head: Named, scope: Sequence[str], usual: Usual, seen_on: date) -> Iterator[SeminarMention]:
    """One mention by a sentence and those that go on about it; without a date it only tells what became of it."""
    shift = head.text.index(scope[0])
    own = _dated(head.text, head, usual, slice(shift, shift + len(scope[0])))
    found = max(filter(None, (own, _best(scope[1:], head, usual))), key=lambda each: each.score, default=None)
    fate = not is_outside(head.text, head.span) and any(tells_fate(line) for line in scope)
    if found is not None or fate:
        title = head.text[slice(*head.span)]
        built = _built(page, head, found, title=title, block=head.block, scope=scope, usual=usual)
        yield replace(built, passing=found is None or _in_passing(head.text, head, found, seen_on))


def _in_passing(line: str, head: Named, found: Dated, seen_on: date) -> bool:
    """True for a seminar that is over and that a sentence about something else refers to."""
    over = found.span.end < seen_on.isoformat()[: len(found.span.end)]
    return over and bool(_ON_THE_WAY.search(line[max(0, head.span[0] - 40) : head.span[0]]))


# --- what is said about it


def _mention(page: Page, head: Named, usual: Usual, below: range) -> Iterator[SeminarMention]:
    """One mention; none for a year's seminar that nothing is said about but its year."""
    block, found = head.block, _best([head.text], head, usual)
    if found is None:
        block, found = _best_below(page, head, usual, below)
    scope = [head.text, *(line for index in below for line in lines_of(page.blocks[index].text))]
    built = _built(page, head, found, title=_shown(head), block=block, scope=scope, usual=usual)
    if head.number is not None or built.substitute or built.start:
        yield built


def _best(lines: Sequence[str], head: Named, usual: Usual) -> Dated | None:
    """The best date of some sentences, the first of equals."""
    found = [each for line in lines if (each := _dated(line, head, usual)) is not None]
    return max(found, key=lambda each: each.score, default=None)


def _best_below(page: Page, head: Named, usual: Usual, below: range) -> tuple[int, Dated | None]:
    best: tuple[int, Dated | None] = (head.block, None)
    paragraphs = 0
    for index in below:
        block = page.blocks[index]
        paragraphs += block.kind is BlockKind.PARAGRAPH
        lines = lines_of(block.text)
        found = _best([line for line in lines if paragraphs <= _NEAR or "eminar" in line], head, usual)
        if found is not None and block.kind is BlockKind.ITEM and found.programme:
            continue  # "18. Mai: Besuch im Rathaus" is one day of many
        if found is not None and (best[1] is None or found.score > best[1].score):
            best = index, found
    return best


def _dated(line: str, head: Named, usual: Usual, part: slice = slice(None)) -> Dated | None:
    """A sentence's date, looked for in a part of it; none where the sentence is about another seminar."""
    said = line[part]
    named = named_in(said, 0)
    own = next((other.span for other in named if other.number == head.number), None)
    if line == head.text:
        own = head.span
    if named and own is None:
        return None
    found = dated(said, own, usual=usual, only=head.year)
    if found is None:
        return None
    shift = part.start or 0
    start, stop = found.span.position
    return replace(found, quote=line, span=replace(found.span, position=(start + shift, stop + shift)))


def _built(
    page: Page,
    head: Named,
    found: Dated | None,
    *,
    title: str,
    block: int,
    scope: Sequence[str],
    usual: Usual,
) -> SeminarMention:
    said = told(page, head, found.quote if found else "", scope)
    state = state_of(said, opening(page, head))
    if state == "postponed":
        found = _new_date(head, scope, usual)
    span, quote = (found.span, found.quote) if found else (None, "")
    city = city_of(quote, span.position) if span else None
    if city is None and head.number is not None:
        city = city_of(head.text) or city_apart(head.text) or (_place(page, scope) if head.block == -1 else None)
    substitute = instead(scope) if head.number is None else instead(said) if state == "replaced" else ""
    return SeminarMention(
        series=head.series,
        number=head.number,
        year=head.year or (int(span.start[:4]) if span else None),
        title=squash(title)[:_TITLE],
        start=span.start if span else None,
        end=span.end if span else None,
        city=city,
        state="replaced" if head.number is None and substitute and not span else state,
        quote=quote or _fate_sentence([*said, *scope], substitute),
        named_by_title=head.block == -1,
        substitute=substitute,
        blocks=tuple(sorted({head.block, block, *fate_blocks(page, said)})),
    )


def _fate_sentence(lines: Sequence[str], substitute: str) -> str:
    """The sentence that says what became of a seminar, or what took its place; "" if none does."""
    return next((line for line in lines if tells_fate(line) or (substitute and substitute in line)), "")


def _place(page: Page, scope: Sequence[str]) -> str | None:
    """The city that a page about one seminar names apart from the date: in a line of its own, or where it opens."""
    for block in page.blocks:
        if labelled := _WHERE.match(block.text):
            return place_named(block.text[labelled.end() :])
    opening = [line for block in page.blocks[:3] for line in lines_of(block.text) if "eminar" in line]
    said = (line for line in (*opening, *scope) if line in opening or GOES_ON.match(line))
    return next((city for line in said if (city := city_of(line))), None)


def _new_date(head: Named, scope: Sequence[str], usual: Usual) -> Dated | None:
    """The date that a seminar was put off to: said to be the new one, or said after the postponement; else None.

    The day it was to be on stands on many of these pages, often above the word that puts it off.
    """
    fresh: list[Dated] = []
    later: list[Dated] = []
    since = False
    for line in scope:
        found = _dated(line, head, usual)
        if found is not None and found.fresh:
            fresh.append(found)
        elif found is not None and since and not found.former and not found.programme:
            later.append(found)
        since = since or postpones(line)
    if not fresh and any(leaves_open(line) for line in scope):
        return None
    return max(fresh or later, key=lambda each: each.score, default=None)


def _shown(head: Named) -> str:
    """The heading without the section's name before it: "Partnerschaft: 22. Seminar …" is about the seminar."""
    before, colon, _ = head.text[: head.span[0]].rpartition(": ")
    return head.text[len(before) + len(colon) :]
