"""Which of the dates on a page is a seminar's own, and which is a visit's, an award's or the page's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from extractors.dates import spans
from extractors.model import DateSpan, Page

# Points for a sentence and its date. What they add up to only has to order the sentences of one page, and to keep
# those of other matters at nothing; tried on the section's reports and on the sentences of the tests.
_OWN, _WORD, _SPAN, _HELD_POINTS, _LABEL, _NEW, _BESIDE = 4, 2, 2, 1, 3, 8, -5
_SHORT_LINE = 60  # "12. bis 16. Mai 2021 in Berlin" by itself, under a heading

_WEEKDAY = r"(?:\w{2,10}tag|mittwoch|sonnabend)?,?\s*(?:de[nm]\s)?"
_HELD = re.compile(
    r"\b(?:statt|stattfinden|stattfand|stattgefunden|durchgeführt|durch|in der zeit|veranstaltet\w*|tagte[n]?)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^(?:(?:neuer )?termin|datum|wann|zeit|zeitraum)\s*[:|]", re.IGNORECASE)
_NEW_DATE = re.compile(
    r"\b(?:neuer? (?:termin|zeitraum)|verschoben auf|verlegt auf|stattdessen|nunmehr)\b", re.IGNORECASE
)
_MOVED = re.compile(r"\b(?:verschoben|verlegt|neuer termin)\b", re.IGNORECASE)
_FORMER = re.compile(r"\bursprünglich\w*\b", re.IGNORECASE)
_OTHER_MATTER = re.compile(
    r"\b(?:vorbereit\w+|seit|basiert|abkommen|unterzeichnet|auszeichnung|gegründet|vereinba\w+|memorandum|frist|"
    r"arbeitstreffen|vorgespräch\w*|besuch\w*|treffen|vertrag|anmeldeschluss|"
    r"anmeldung(?:en)? (?:ist |sind )?(?:bis|ab)|spätestens|pressemitteilung|datum|stand|veröffentlicht|aktualisiert|"
    r"geboren|bewerbung\w*)\b",
    re.IGNORECASE,
)
# "Nach dem 23. Seminar reiste sie am 12. Mai …": the date is that of something else.
_OUTSIDE = re.compile(
    r"\b(?:auf|vor|nach|seit|anlässlich|beim?|während|rande|rahmen|zum|für|über|zu)\s+(?:de[mnsr]\s+|das\s+)?$",
    re.IGNORECASE,
)
# … unless the date follows the name at once: "beim 18. Sozialseminar vom 4. bis 9. Juli in Moskau".
_ADJACENT = re.compile(
    rf"[\s(,–|-]{{0,6}}(?:(?:in|nach)\s[\w.\s()-]{{2,30}}?[\s,(]*)?(?:(?:am|vom|von|im|ab)\s+)?{_WEEKDAY}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date with the sentence it was read from, and how surely it is the seminar's: the more, the surer.

    ``programme`` is true for a single day that neither a label nor the seminar's name stands beside.
    """

    span: DateSpan
    quote: str
    score: int
    programme: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The year that a date without one is in, if it can be known; no such date is before ``since`` (ISO day or "")."""

    year: int | None
    since: str = ""


def usual_year(page: Page, seen_on: date) -> Usual:
    """The year of the page's own date; on a page without any year that of the look, as far as it is to come."""
    if page.dates:
        return Usual(year=page.dates[0].day.year)
    said = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", page.text)
    return Usual(year=None) if said else Usual(year=seen_on.year, since=seen_on.isoformat())


def dated(line: str, own: tuple[int, int] | None, *, usual: Usual, only: int | None = None) -> Dated | None:
    """The date of one sentence, if it can be the seminar's.

    ``own`` is where the sentence names the seminar by its number, None if it does not; ``usual`` serves where
    it says no year, and with ``only`` no date of another year counts.
    """
    found = [span for span in spans(line, only or usual.year) if only is None or span.start.startswith(str(only))]
    if usual.since and not only:
        found = [span for span in found if span.end >= usual.since or str(usual.year) in line]
    if is_outside(line, own):
        found = [span for span in found if _adjacent(line, own, span)]
    if not found:
        return None
    moved = len(found) > 1 and _MOVED.search(line)
    span = found[-1] if moved else max(found, key=lambda each: (each.start != each.end, -_distance(each, own)))
    score = _score(line, span, own)
    programme = span.start == span.end and own is None and not _LABELLED.search(line)
    return Dated(span=span, quote=line, score=score, programme=programme) if score > 0 else None


def is_outside(line: str, name: tuple[int, int] | None) -> bool:
    """True when the sentence is not about the seminar it names, but about something before, at or after it."""
    return name is not None and bool(_OUTSIDE.search(line[max(0, name[0] - 40) : name[0]]))


def _adjacent(line: str, name: tuple[int, int] | None, span: DateSpan) -> bool:
    """True when the date follows the name at once."""
    return name is not None and bool(_ADJACENT.match(line[name[1] : span.position[0]]))


def _score(line: str, span: DateSpan, own: tuple[int, int] | None) -> int:
    long = span.start != span.end
    near = _adjacent(line, own, span)
    labelled = bool(_LABELLED.search(line))
    score = (
        _OWN * (own is not None)
        + _WORD * ("eminar" in line)
        + _SPAN * long
        + _HELD_POINTS * bool(_HELD.search(line))
        + _LABEL * labelled
        + _NEW * bool(_NEW_DATE.search(line))
        + (len(line) <= _SHORT_LINE)
    )
    if _FORMER.search(line[: span.position[0]]) and not _MOVED.search(line):
        score += 2 * _BESIDE
    # A visit of one day is spoiled by any word of another matter; of a span only by those that lead to it.
    about = line[: span.position[0]] if long else line
    if not near and not labelled and _OTHER_MATTER.search(about):
        score += _BESIDE if long or own is None else 2 * _BESIDE
    whole_month = len(span.start) == len("2017-06")
    if long or whole_month or own is not None or labelled or "eminar" in line:
        return score
    rest = line[: span.position[0]] + line[span.position[1] :]
    said = len(line) <= _SHORT_LINE and re.search(r"[^\W\d_]{3}", rest)
    return score if said else 0  # a bare day in a line by itself is the page's own


def _distance(span: DateSpan, own: tuple[int, int] | None) -> int:
    """Characters between the name and the date; a date behind the name is nearer than one before it."""
    if own is None:
        return span.position[0]
    gap = span.position[0] - own[1]
    return gap if gap >= 0 else 1_000 - gap
