"""Seminars: what a page says about numbered seminars and about what took one's place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain, islice

from extractors.dates import MONTH_NAMES
from extractors.model import Block, BlockKind, Page, SeminarMention
from extractors.places import city_of, place_named
from extractors.seminar_dates import Dated, Usual, dated, usual_year
from extractors.text import sentences, squash
from extractors.words import word_set

# How many paragraphs below a heading or title may say when a seminar is; reports name the date at once.
_NEAR = 6
# A list of seminars has some dozens; more names than this are no list, and reading on would take quadratic time.
MAX_NAMED = 200
_LOWEST = 7  # below every heading
_STOPS = (".", "!", "?", ":", ";")
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
    r"(?<!nicht )\b(?:abgesagt|absage|entfällt|entfallen|fällt\b[^.]{0,80}\baus|findet\b[^.]{0,80}\bnicht statt|"
    r"(?:nicht stattfinden|cancelled))\b",
    re.IGNORECASE,
)
_PERHAPS = re.compile(r"^(?:sollte|falls|wenn|sofern)\b", re.IGNORECASE)
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
# Words of a series' name that tell it from no other.
_PLAIN = word_set(
    "arbeits und in den im bereich bereichen zu zur zum für über der die das des von mit thema fragen seminar "
    "umfassenden umfassende menschen handicap behinderung behinderungen"
)
# The LAGeSo's series was about "Teilhabe" up to its 17th seminar, and social affairs by name ever since.
_SYNONYMS = {"teilhab": "sozial"}


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
    usual = usual_year(page, seen_on)
    for mention in islice(chain(_by_heads(page, usual), _by_paragraphs(page, usual)), MAX_NAMED):
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
            short = re.sub(r"(?:es|en|er|e|s)$", "", stem)[:8]
            found.add(_SYNONYMS.get(short, short))
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


@lru_cache(maxsize=4096)  # the sentences of a page are looked at once for each seminar it names
def _heads_in(text: str, block: int) -> tuple[_Head, ...]:
    return tuple(islice(_numbered(text, block), MAX_NAMED))


@lru_cache(maxsize=1024)
def _lines(text: str) -> tuple[str, ...]:
    return sentences(text)


def _numbered(text: str, block: int) -> Iterator[_Head]:
    told: set[str] = set()
    for match in _NUMBERED.finditer(text):
        if _A_DATE.match(match["name"]) or match["number"] in told:
            continue
        told.add(match["number"])
        said = _YEAR.search(text[: match.start()][-12:])
        yield _Head(
            series=_series(match["name"]), number=int(match["number"]), year=int(said.group()) if said else None,
            block=block, text=text, span=match.span(),
        )  # fmt: skip


def _of_year(text: str, block: int) -> tuple[_Head, ...]:
    by_year = {match["year"]: match for match in reversed([*_OF_YEAR.finditer(text)])}
    heads = (
        _Head(series=_series(match["name"]), number=None, year=int(year), block=block, text=text, span=match.span())
        for year, match in by_year.items()
    )
    return tuple(sorted(heads, key=lambda head: head.span))


def _series(name: str) -> str:
    """The name without its genitive: "Sozialseminars" is the "Sozialseminar"."""
    return squash(re.sub(r"([sS]eminar)(?:s|es|en)\b", r"\1", name))


def _by_heads(page: Page, usual: Usual) -> Iterator[SeminarMention]:
    """Seminars that the title, a heading, a list entry or a table row names."""
    in_title = _heads_in(page.title, -1) or _of_year(page.title, -1)
    for head in in_title:
        yield from _mention(page, head, usual, range(len(page.blocks)))
    entries = [index for index, block in enumerate(page.blocks) if _is_entry(block)]
    for index in entries:
        block = page.blocks[index]
        alone = block.kind is BlockKind.PARAGRAPH and not in_title and len(entries) == 1
        open_below = block.kind is BlockKind.HEADING or alone
        below = range(index + 1, _section_end(page, index)) if open_below else range(0)
        for head in _heads_in(block.text, index) or _of_year(block.text, index):
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
    return named and bool(_heads_in(block.text, 0) or _of_year(block.text, 0))


def _section_end(page: Page, heading: int) -> int:
    """The index behind the last block below a heading: a heading as high, or of a seminar, ends it."""
    for index in range(heading + 1, len(page.blocks)):
        block = page.blocks[index]
        level = page.blocks[heading].level or _LOWEST
        if block.kind is BlockKind.HEADING and (block.level <= level or _heads_in(block.text, index)):
            return index
    return len(page.blocks)


def _by_paragraphs(page: Page, usual: Usual) -> Iterator[SeminarMention]:
    """Seminars that running text names with a date: in one sentence, or in two of one paragraph."""
    for index, block in enumerate(page.blocks):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or "eminar" not in block.text:
            continue
        lines = _lines(block.text)
        for place, line in enumerate(lines):
            heads = _heads_in(line, index)
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
        if "eminar" in line and not _heads_in(line, 0):
            yield line


# --- what is said about it


def _mention(page: Page, head: _Head, usual: Usual, below: range) -> Iterator[SeminarMention]:
    """One mention; none for a year's seminar that nothing is said about but its year."""
    block, found = head.block, _best([head.text], head, usual)
    if found is None:
        block, found = _best_below(page, head, usual, below)
    built = _built(page, head, found, title=_shown(head), block=block, below=below)
    if head.number is not None or built.substitute or built.start:
        yield built


def _best(lines: Sequence[str], head: _Head, usual: Usual) -> Dated | None:
    """The best date of some sentences, the first of equals."""
    found = [each for line in lines if (each := _dated(line, head, usual)) is not None]
    return max(found, key=lambda each: each.score, default=None)


def _best_below(page: Page, head: _Head, usual: Usual, below: range) -> tuple[int, Dated | None]:
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


def _dated(line: str, head: _Head, usual: Usual, part: slice = slice(None)) -> Dated | None:
    """A sentence's date, looked for in a part of it; none where the sentence is about another seminar."""
    said = line[part]
    named = _heads_in(said, 0)
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
    page: Page, head: _Head, found: Dated | None, *, title: str, block: int, below: range = range(0)
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


def _state(page: Page, head: _Head, quote: str) -> str:
    """By the words, those nearest to the seminar's name first; a report's first sentences tell it where none does."""
    own = [line for block in page.blocks for line in _lines(block.text) if _names(line, head)]
    # A substitute is told in the course of the whole text; a report of a seminar says so in its first paragraphs.
    first = page.blocks if head.number is None else page.blocks[:3]
    opening = [line for block in first for line in _lines(block.text)] if head.block == -1 else []
    cancelled = [head.text, quote, *own, *(_told_of(page) if head.block == -1 else ())]
    if any(_CANCELLED.search(line) and not _PERHAPS.search(line) for line in cancelled):
        return "cancelled"
    for line in (head.text, quote, *own, *opening):
        if _REPORTED.search(line):
            return "reported"
        if _ANNOUNCED.search(line):
            return "announced"
    return ""


def _names(line: str, head: _Head) -> bool:
    return any(other.number == head.number and same_series(other.series, head.series) for other in _heads_in(line, 0))


def _told_of(page: Page) -> Iterator[str]:
    """The sentences of a page about one seminar that speak of "das Seminar", of no other."""
    for block in page.blocks:
        for line in _lines(block.text):
            if "eminar" in line and not _heads_in(line, 0) and not _ANOTHER.search(line):
                yield line


def _instead(page: Page, head: _Head, below: range) -> str:
    """What took the seminar's place, in the page's words."""
    texts = [head.text, *(page.blocks[index].text for index in below)]
    return next((match.group() for text in texts if (match := _INSTEAD.search(text))), "")


def _shown(head: _Head) -> str:
    """The heading without the section's name before it: "Partnerschaft: 22. Seminar …" is about the seminar."""
    before, colon, _ = head.text[: head.span[0]].rpartition(": ")
    return head.text[len(before) + len(colon) :]
