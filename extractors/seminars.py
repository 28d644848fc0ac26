"""Seminars: what a page says about numbered seminars and about what took one's place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import chain, islice

from extractors.model import Block, BlockKind, Page, SeminarMention
from extractors.places import city_of, place_named
from extractors.seminar_dates import Dated, Usual, dated, is_outside, usual_year
from extractors.seminar_names import MAX_NAMED, SEMINAR, Named, named_in, of_year, same_series
from extractors.text import sentences, squash

__all__ = ["mentions", "same_series"]

# How many paragraphs below a heading or title may say when a seminar is; reports name the date at once.
_NEAR = 6
_LOWEST = 7  # below every heading
_STOPS = (".", "!", "?", ":", ";")
# Longer "sentences" are lists without full stops, of which the beginning tells what they are about.
_SENTENCE = 2_000
# A title longer than this is a sentence; it is cut where it is shown.
_TITLE = 160

_CANCELLED = re.compile(
    r"(?<!nicht )\b(?:abgesagt|absage|entfällt|entfallen|fällt\b[^.]{0,80}\baus|findet\b[^.]{0,80}\bnicht statt|"
    r"(?:nicht stattfinden|cancelled))\b",
    re.IGNORECASE,
)
_PERHAPS = re.compile(r"^(?:sollte|falls|wenn|sofern)\b", re.IGNORECASE)
_THE_SEMINAR = re.compile(rf"\b(?:[Dd]as|[Dd]ieses|[Uu]nser)\s+(?:[a-zäöüß]{{3,20}}\s+){{0,2}}{SEMINAR}")
_ANOTHER = re.compile(r"\b(?:nächste[nrs]?|zweite[nrs]?|folgende[nrs]?|künftige[nrs]?|weitere[nrs]?)\b", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:führte[n]?|fand(?:en)?|nahm(?:en)?|tagte[n]?|trafen?|erfolgreich abgeschlossen|stattgefunden|durchgeführt|"
    r"erweiterte|beteiligte[n]?|informierte[n]?|einigten|würdigte[n]?|eröffnete[n]?|berichtete[n]?|tauschten|konnten?|"
    r"traten?|rückblick|bericht|took place)\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"\b(?:findet|finden|stattfinden|wird|werden|lädt|laden|einladung|geplant|anmeldung|anmelden|bevorstehend\w*|"
    r"vorgesehen|verschoben|ankündigung|takes place|will)\b",
    re.IGNORECASE,
)
_WHERE = re.compile(r"(?:Ort|Veranstaltungsort|Tagungsort|Stadt|Wo)\s*[:|]\s*")

_INSTEAD = re.compile(
    r"(?:[Aa]ustausch\s+(?:von\s+|der\s+)?schriftliche\w*\s+\w+|schriftliche\w*\s+\w*[aA]ustausch\w*|"
    r"(?:digitale\w*|virtuelle\w*)\s+\w*(?:[aA]ustausch|[tT]reffen|[sS]eminar|[kK]onferenz)\w*|Videokonferenz\w*|Online-\w+)"
)


def mentions(page: Page, seen_on: date) -> tuple[SeminarMention, ...]:
    """What the page says about each seminar it registers (design §4.13), in reading order, one per seminar."""
    found: dict[tuple[str, int | None, int | None], SeminarMention] = {}
    usual = usual_year(page, seen_on)
    for mention in islice(chain(_by_heads(page, usual), _by_paragraphs(page, usual)), MAX_NAMED):
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
    return replace(mention, state="reported" if past else "announced")


def _same(a: SeminarMention, b: SeminarMention) -> bool:
    which = a.number == b.number if a.number is not None or b.number is not None else a.year == b.year
    return which and same_series(a.series, b.series)


def _joined(first: SeminarMention, second: SeminarMention) -> SeminarMention:
    """One mention from two places of a page: the first that says a thing says it; its date keeps its sentence."""
    dated = first if first.start else second
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
        blocks=tuple(sorted({*first.blocks, *second.blocks})),
    )


# --- where a seminar is named


@lru_cache(maxsize=1024)
def _lines(text: str) -> tuple[str, ...]:
    return sentences(text)


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
            yield from _mention(page, head, usual, below)


def _is_entry(block: Block) -> bool:
    """True for what names a seminar without telling of it: heading, row, list entry, line without a full stop."""
    if "eminar" not in block.text:
        return False
    match block.kind:
        case BlockKind.HEADING | BlockKind.ROW:
            named = True
        case BlockKind.ITEM:  # several sentences are prose in a list's clothes
            named = len(_lines(block.text)) <= 2
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


def _by_paragraphs(page: Page, usual: Usual) -> Iterator[SeminarMention]:
    """Seminars that running text names with a date: in one sentence, or in two of one paragraph."""
    for index, block in enumerate(page.blocks):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or "eminar" not in block.text:
            continue
        lines = _lines(block.text)
        for place, line in enumerate(lines):
            heads = named_in(line, index)
            for head, following in zip(heads, [*heads, None][1:], strict=True):
                if len(heads) == 1:
                    found = _best([line, *_goes_on(lines[place + 1 :])], head, usual)
                else:  # what stands between one seminar's name and the next is said of the one
                    start = 0 if head is heads[0] else head.span[0]
                    found = _dated(line, head, usual, slice(start, following.span[0] if following else len(line)))
                if found is not None:
                    yield _built(page, head, found, title=line[slice(*head.span)], block=index)


def _goes_on(following: Sequence[str]) -> Iterator[str]:
    """The sentences that still speak of the same seminar: the next two that say "Seminar" without another number."""
    for line in following[:2]:
        if "eminar" in line and not named_in(line, 0):
            yield line


# --- what is said about it


def _mention(page: Page, head: Named, usual: Usual, below: range) -> Iterator[SeminarMention]:
    """One mention; none for a year's seminar that nothing is said about but its year."""
    block, found = head.block, _best([head.text], head, usual)
    if found is None:
        block, found = _best_below(page, head, usual, below)
    built = _built(page, head, found, title=_shown(head), block=block, below=below)
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
        lines = _lines(block.text)
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
    page: Page, head: Named, found: Dated | None, *, title: str, block: int, below: range = range(0)
) -> SeminarMention:
    span, quote = (found.span, found.quote) if found else (None, "")
    city = city_of(quote, span.position) if span else None
    if city is None and head.number is not None:
        city = city_of(head.text) or (_place(page) if head.block == -1 else None)
    return SeminarMention(
        series=head.series,
        number=head.number,
        year=head.year or (int(span.start[:4]) if span else None),
        title=squash(title)[:_TITLE],
        start=span.start if span else None,
        end=span.end if span else None,
        city=city,
        state=_state(page, head, quote),
        quote=quote,
        named_by_title=head.block == -1,
        substitute=_instead(page, head, below) if head.number is None else "",
        blocks=tuple(sorted({head.block, block})),
    )


def _place(page: Page) -> str | None:
    """The city that a page about one seminar names apart from the date: in a line of its own, or where it opens."""
    for block in page.blocks:
        if labelled := _WHERE.match(block.text):
            return place_named(block.text[labelled.end() :])
    lines = (line for block in page.blocks[:3] for line in _lines(block.text) if "eminar" in line)
    return next((city for line in lines if (city := city_of(line))), None)


def _state(page: Page, head: Named, quote: str) -> str:
    """By the words, those nearest to the seminar's name first; a report's first sentences tell it where none does."""
    own = [line for block in page.blocks for line in _lines(block.text) if _named_in(line, head)]
    # A substitute is told in the course of the whole text; a report of a seminar says so in its first paragraphs.
    first = page.blocks if head.number is None else page.blocks[:3]
    opening = [line for block in first for line in _lines(block.text)] if head.block == -1 else []
    about = [head.text, quote, *(line for line in own if not is_outside(line, _named_in(line, head)))]
    if any(_cancels(line) for line in (*about, *(_told_of(page) if head.block == -1 else ()))):
        return "cancelled"
    for line in (text[:_SENTENCE] for text in (head.text, quote, *own, *opening)):
        if _REPORTED.search(line):
            return "reported"
        if _ANNOUNCED.search(line):
            return "announced"
    return ""


def _cancels(line: str) -> bool:
    return bool(_CANCELLED.search(line[:_SENTENCE])) and not _PERHAPS.search(line)


def _named_in(line: str, head: Named) -> tuple[int, int] | None:
    """Where a sentence names the seminar."""
    named = (
        other.span
        for other in named_in(line, 0)
        if other.number == head.number and same_series(other.series, head.series)
    )
    return next(named, None)


def _told_of(page: Page) -> Iterator[str]:
    """The sentences of a page about one seminar that speak of "das Seminar", of no other."""
    for block in page.blocks:
        for line in _lines(block.text):
            the = _THE_SEMINAR.search(line[:_SENTENCE])
            if the and not is_outside(line, the.span()) and not named_in(line, 0) and not _ANOTHER.search(line):
                yield line


def _instead(page: Page, head: Named, below: range) -> str:
    """What took the seminar's place, in the page's words."""
    texts = [head.text, *(page.blocks[index].text for index in below)]
    return next((match.group() for text in texts if (match := _INSTEAD.search(text))), "")


def _shown(head: Named) -> str:
    """The heading without the section's name before it: "Partnerschaft: 22. Seminar …" is about the seminar."""
    before, colon, _ = head.text[: head.span[0]].rpartition(": ")
    return head.text[len(before) + len(colon) :]
