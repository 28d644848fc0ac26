"""Seminars: what a page says about numbered seminars and about what took one's place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from extractors.dates import MONTH_NAMES, spans
from extractors.model import BlockKind, DateSpan, Page, SeminarMention
from extractors.places import city_of
from extractors.text import sentences, squash
from extractors.words import word_set

# How many paragraphs below a heading or title may say when a seminar is; reports name the date at once.
_NEAR = 6
# A title longer than this is a sentence; it is cut where it is shown.
_TITLE = 160

_SEMINAR = r"(?:[A-ZÄÖÜ][\wäöüß]*-?)?[sS]eminar(?:s|es|en)?(?![\w-])"
_BETWEEN = (
    r"(?:(?:[A-ZÄÖÜ][\wäöüß]*-\s+(?:und|&)\s+)|(?:[A-ZÄÖÜ][\wäöüß]*(?:-[A-ZÄÖÜ][\wäöüß]*)*\s+(?:und\s+)?)"
    r"|(?:[a-zäöüß]{3,}(?:e|en|er|es|em)\s+)){0,3}?"
)
_TOPIC = (
    r"(?:\s+(?:im Bereich|in den Bereichen|zum Thema)\s+[A-ZÄÖÜ][\wäöüß]+(?:\s+und\s+[A-ZÄÖÜ][\wäöüß]+)?"
    r"|\s+(?:zur|zum|zu|für|über)\s+(?:[\wäöüß-]+\s+){0,3}?[A-ZÄÖÜ][\wäöüß-]+|\s+[A-ZÄÖÜ][\wäöüß-]+(?:\s+und\s+[A-ZÄÖÜ][\wäöüß-]+)?)?"
)
_NUMBERED = re.compile(rf"(?<![\d.,])(?P<number>[1-9]\d{{0,2}})\.\s*(?P<name>{_BETWEEN}{_SEMINAR}{_TOPIC})")
_OF_YEAR = re.compile(rf"(?<![\w.-])(?P<name>{_SEMINAR})\s+(?P<year>(?:19|20)\d\d)(?!\d|[.-]\d)")
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?!\d)")
_MONTHS = "|".join(MONTH_NAMES)
_A_DATE = re.compile(rf"(?:{_MONTHS}|bis|und)\b")

_CANCELLED = re.compile(
    r"\b(?:abgesagt|absage|entfällt|entfallen|fällt aus|findet nicht statt|cancelled)\b", re.IGNORECASE
)
_REPORTED = re.compile(
    r"\b(?:führte[n]?|fand(?:en)?|nahm(?:en)?|tagte[n]?|trafen?|erfolgreich abgeschlossen|stattgefunden|durchgeführt|"
    r"erweiterte|beteiligte[n]?|informierte[n]?|einigten|würdigte[n]?|eröffnete[n]?|rückblick|bericht|took place)\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"\b(?:findet|finden|stattfinden|wird|werden|lädt|laden|einladung|geplant|anmeldung|anmelden|bevorstehend\w*|"
    r"vorgesehen|verschoben|ankündigung|takes place|will)\b",
    re.IGNORECASE,
)
_HELD = re.compile(r"\b(?:statt|stattfinden|durchgeführt|durch|in der zeit|termin|datum|wann)\b", re.IGNORECASE)
_BESIDES = re.compile(
    r"\b(?:vorbereitung|seit|basiert|abkommen|unterzeichnet|auszeichnung|gegründet|anmeldeschluss|bis spätestens)\b",
    re.IGNORECASE,
)

_WHERE = re.compile(r"(?:Ort|Veranstaltungsort|Tagungsort|Stadt|Wo)\s*[:|]\s*")

_INSTEAD = re.compile(
    r"(?:[Aa]ustausch\s+(?:von\s+|der\s+)?schriftliche\w*\s+\w+|schriftliche\w*\s+\w*[aA]ustausch\w*|"
    r"(?:digitale\w*|virtuelle\w*)\s+\w*(?:[aA]ustausch|[tT]reffen|[sS]eminar|[kK]onferenz)\w*|Videokonferenz\w*|Online-\w+)"
)
# Words of a series' name that tell it from no other.
_PLAIN = word_set(
    "arbeits und in den im bereich bereichen zu zur zum für über der die das des von mit thema fragen seminar"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """A seminar as it is named at one place: ``block`` is an index into the page's blocks, -1 the title."""

    series: str
    number: int | None
    year: int | None
    block: int
    text: str
    span: tuple[int, int]


def mentions(page: Page, seen_on: date) -> tuple[SeminarMention, ...]:
    """What the page says about each seminar it registers (design §4.13), in reading order, one per seminar."""
    found: dict[tuple[str, int | None, int | None], SeminarMention] = {}
    for mention in (*_by_heads(page, seen_on), *_by_paragraphs(page, seen_on)):
        match = next((key for key in found if _same(found[key], mention)), None)
        if match is None:
            found[mention.series, mention.number, mention.year] = mention
        else:
            found[match] = _joined(found[match], mention)
    return tuple(found.values())


def same_series(a: str, b: str) -> bool:
    """True when two names mean one series: the telling words of one are among those of the other."""
    one, two = _telling(a), _telling(b)
    return one <= two or two <= one


def _telling(name: str) -> frozenset[str]:
    """The words that tell a series, by their stems: "Sozialseminar" and "Bereich Soziales" both say sozial."""
    found = set()
    for word in re.findall(r"[^\W\d_]+", name.lower()):
        stem = re.sub(r"seminar\w*$", "", word)
        if stem and stem not in _PLAIN:
            found.add(re.sub(r"(?:es|en|er|e|s)$", "", stem)[:8])
    return frozenset(found - {"fach", "arbeit"})


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
        blocks=tuple(sorted({*first.blocks, *second.blocks})),
    )


# --- where a seminar is named


def _heads_in(text: str, block: int) -> Iterator[_Head]:
    taken: list[tuple[int, int]] = []
    for match in _NUMBERED.finditer(text):
        if _A_DATE.match(match["name"]):
            continue
        taken.append(match.span())
        said = _YEAR.search(text[: match.start()][-12:])
        yield _Head(
            series=_series(match["name"]), number=int(match["number"]), year=int(said.group()) if said else None,
            block=block, text=text, span=match.span(),
        )  # fmt: skip


def _of_year(text: str, block: int) -> Iterator[_Head]:
    for match in _OF_YEAR.finditer(text):
        yield _Head(
            series=_series(match["name"]),
            number=None,
            year=int(match["year"]),
            block=block,
            text=text,
            span=match.span(),
        )


def _series(name: str) -> str:
    """The name without its genitive: "Sozialseminars" is the "Sozialseminar"."""
    return squash(re.sub(r"([sS]eminar)(?:s|es|en)\b", r"\1", name))


def _by_heads(page: Page, seen_on: date) -> Iterator[SeminarMention]:
    """Seminars that the title, a heading, a list entry or a table row names."""
    in_title = list(_heads_in(page.title, -1))
    for head in in_title or _of_year(page.title, -1):
        yield _mention(page, head, seen_on, range(len(page.blocks)))
    for index, block in enumerate(page.blocks):
        if block.kind not in (BlockKind.HEADING, BlockKind.ITEM, BlockKind.ROW) or not _is_entry(
            block.kind, block.text
        ):
            continue
        for head in _heads_in(block.text, index):
            below = range(index + 1, _section_end(page, index)) if block.kind is BlockKind.HEADING else range(0)
            yield _mention(page, head, seen_on, below)


def _is_entry(kind: BlockKind, text: str) -> bool:
    """True for a list entry or heading; a list item of several sentences is prose in a list's clothes."""
    return kind is not BlockKind.ITEM or len(sentences(text)) <= 2


def _section_end(page: Page, heading: int) -> int:
    """The index behind the last block below a heading: a heading as high, or of a seminar, ends it."""
    for index in range(heading + 1, len(page.blocks)):
        block = page.blocks[index]
        if block.kind is BlockKind.HEADING and (
            block.level <= page.blocks[heading].level or any(_heads_in(block.text, index))
        ):
            return index
    return len(page.blocks)


def _by_paragraphs(page: Page, seen_on: date) -> Iterator[SeminarMention]:
    """Seminars that running text names with a date: in one sentence, or in two of one paragraph."""
    for index, block in enumerate(page.blocks):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or "eminar" not in block.text:
            continue
        lines = sentences(block.text)
        for place, line in enumerate(lines):
            heads = list(_heads_in(line, index))
            for head in heads:
                saying = [line] if len(heads) > 1 else [line, *_goes_on(lines[place + 1 :])]
                dated = _date_in(saying, head, seen_on)
                if dated is not None:
                    yield _built(page, head, dated, title=line[slice(*head.span)], named=False)


def _goes_on(following: Sequence[str]) -> Iterator[str]:
    """The sentences that still speak of the same seminar: the next two that say "Seminar" without another number."""
    for line in following[:2]:
        if "eminar" in line and not any(_heads_in(line, 0)):
            yield line


# --- what is said about it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated:
    span: DateSpan
    quote: str
    score: int
    block: int = -2


def _mention(page: Page, head: _Head, seen_on: date, below: range) -> SeminarMention:
    dated = _date_in([head.text], head, seen_on) or _date_below(page, head, seen_on, below)
    return _built(page, head, dated, title=_shown(head), named=head.block == -1)


def _date_in(lines: Sequence[str], head: _Head, seen_on: date) -> _Dated | None:
    """The best date of some sentences, the first of equals."""
    found = [dated for line in lines if (dated := _scored(line, head, seen_on)) is not None]
    return max(found, key=lambda dated: dated.score, default=None)


def _date_below(page: Page, head: _Head, seen_on: date, below: range) -> _Dated | None:
    best: _Dated | None = None
    paragraphs = 0
    for index in below:
        block = page.blocks[index]
        paragraphs += block.kind is BlockKind.PARAGRAPH
        for line in sentences(block.text):
            near = paragraphs <= _NEAR or "eminar" in line
            dated = _scored(line, head, seen_on) if near else None
            if dated is not None and dated.score > 0 and (best is None or dated.score > best.score):
                best = replace(dated, block=index)
    return best


def _scored(line: str, head: _Head, seen_on: date) -> _Dated | None:
    """A sentence's first date and how surely it is that of the seminar; None if it is another's."""
    others = [other for other in _heads_in(line, 0) if other.number != head.number]
    own = any(other.number == head.number for other in _heads_in(line, 0)) or line == head.text
    if others and not own:
        return None
    year = head.year or (seen_on.year if _ANNOUNCED.search(line) else None)
    found = [span for span in spans(line, year) if head.year is None or span.start.startswith(str(head.year))]
    if not found:
        return None
    span = max(
        found,
        key=lambda each: (each.start != each.end) - (others != [] and abs(each.position[0] - head.span[0]) / 10_000),
    )
    score = 4 * own + 2 * ("eminar" in line) + 2 * (span.start != span.end) + bool(_HELD.search(line))
    return _Dated(
        span=span,
        quote=line,
        score=score - 4 * bool(_BESIDES.search(line)),
        block=head.block if line == head.text else -2,
    )


def _built(page: Page, head: _Head, dated: _Dated | None, *, title: str, named: bool) -> SeminarMention:
    span = dated.span if dated else None
    quote = dated.quote if dated else ""
    city = city_of(quote, span.position) if span else None
    used = {head.block} | ({dated.block} if dated and dated.block > -2 else set())
    substitute = _instead(page) if head.number is None else ""
    return SeminarMention(
        series=head.series,
        number=head.number,
        year=head.year or (int(span.start[:4]) if span else None),
        title=squash(title)[:_TITLE],
        start=span.start if span else None,
        end=span.end if span else None,
        city=city or city_of(head.text) or (_place(page) if named else None),
        state=_state(page, head, quote),
        quote=quote,
        named_by_title=named,
        substitute=substitute,
        blocks=tuple(sorted(used)),
    )


def _place(page: Page) -> str | None:
    """The city that a page about one seminar names apart from the date: in a line of its own, or where it opens."""
    for block in page.blocks:
        if labelled := _WHERE.match(block.text):
            return city_of(f"in {block.text[labelled.end() :]}")
    lines = (line for block in page.blocks[:3] for line in sentences(block.text) if "eminar" in line)
    return next((city for line in lines if (city := city_of(line))), None)


def _state(page: Page, head: _Head, quote: str) -> str:
    """By the words, those nearest to the seminar's name first; a report's first sentences tell it where none does."""
    own = [line for block in page.blocks for line in sentences(block.text) if _names(line, head)]
    # A substitute is told in the course of the whole text; a report of a seminar says so in its first paragraphs.
    first = page.blocks if head.number is None else page.blocks[:3]
    opening = [line for block in first for line in sentences(block.text)] if head.block == -1 else []
    cancelled = [head.text, quote, *own]
    if any(_CANCELLED.search(line) for line in cancelled):
        return "cancelled"
    for line in (head.text, quote, *own, *opening):
        if _REPORTED.search(line):
            return "reported"
        if _ANNOUNCED.search(line):
            return "announced"
    return ""


def _names(line: str, head: _Head) -> bool:
    return any(other.number == head.number and same_series(other.series, head.series) for other in _heads_in(line, 0))


def _instead(page: Page) -> str:
    """What took the seminar's place, in the page's words."""
    for block in page.blocks:
        match = _INSTEAD.search(block.text)
        if match:
            return match.group()
    return ""


def _shown(head: _Head) -> str:
    """The heading without the section's name before it: "Partnerschaft: 22. Seminar …" is about the seminar."""
    before, colon, _ = head.text[: head.span[0]].rpartition(": ")
    return head.text[len(before) + len(colon) :]
