"""Which of the dates on a page is a seminar's own, and which is a visit's, an award's or the page's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.model import DateSpan
from extractors.patterns import Pattern
from extractors.seminar_states import postpones, was_to_be
from extractors.seminar_years import Usual, dates_in

# Points for a sentence and its date. What they add up to only has to order the sentences of one page, and to keep
# those of other matters at nothing; tried on the section's reports and on the sentences of the tests.
_OWN, _WORD, _SPAN, _HELD_POINTS, _LABEL, _NEW, _BESIDE = 4, 2, 2, 1, 3, 8, -5
_SHORT_LINE = 60  # "12. bis 16. Mai 2021 in Berlin" by itself, under a heading

_WEEKDAY = r"(?:\w{2,10}tag|mittwoch|sonnabend)?,?\s*(?:de[nm]\s)?"
_HELD = Pattern(
    r"\b(?:statt|stattfinden|stattfand|stattgefunden|durchgeführt|durch|in der zeit|veranstaltet\w*|tagte[n]?)\b",
    re.IGNORECASE,
)
_LABELLED = Pattern(r"^(?:(?:neuer )?termin|datum|wann|zeit|zeitraum)\s*[:|]", re.IGNORECASE)
_NEW_DATE = Pattern(
    r"\b(?:neuer? (?:termin|zeitraum)|verschoben auf|verlegt auf|stattdessen|nunmehr|nun vom)\b", re.IGNORECASE
)
_MOVED = Pattern(r"\b(?:verschoben|verlegt|neuer termin)\b", re.IGNORECASE)
# What stands before a date that holds no more: "statt vom 3. bis 7. Mai", "nicht wie geplant im Mai".
_NO_MORE = Pattern(
    r"\b(?:statt|anstatt|anstelle|bisher\w*|alter termin:?|ursprünglich\w*|zunächst|"
    r"nicht(?:,? wie (?:geplant|vorgesehen),?)?)\s+(?:am|vom|de[ns]|im|für|ab|in der zeit)?\s*(?:de[nms]|vom)?\s*$",
    re.IGNORECASE,
)
# … and before the one that something is put off to.
_ONTO = Pattern(
    r"(?:\b(?:auf|ins?|nun|nunmehr|erst|sondern|neuer (?:termin|zeitraum))\b:?\s*(?:ist\s+)?(?:voraussichtlich\s+)?"
    r"(?:de[nr]|die|das|am|im)?\s*(?:zeit|zeitraum|termin|jahr)?\s*(?:vom|von)?)\s*$",
    re.IGNORECASE,
)
_CAUGHT_UP = Pattern(r"\b(?:nachgeholt|nachholen|nachholtermin)\b", re.IGNORECASE)
_BACK = 40  # characters before a date in which such a word may stand
# As far as a year: "im Frühjahr 2027", "für 2027 geplant", "in das Jahr 2028"; never a bare number.
_YEAR_ONLY = Pattern(
    r"\b(?:jahre?s?|anfang|mitte|ende|fand|findet|frühjahr|frühling|sommer|herbst|winter|spätsommer|halbjahr|quartal|für|auf)\s+(?P<year>(?:19|20)\d\d)"
    r"(?!\d|[./-]\d|\s*[/–-])",
    re.IGNORECASE,
)
_PLANNED = Pattern(
    r"\b(?:geplant\w*|vorgesehen\w*|findet|finden|stattfinden|statt|soll|durchgeführt|verschoben|verlegt|termin|angekündigt)\b",
    re.IGNORECASE,
)
_OTHER_MATTER = Pattern(
    r"\b(?:vorbereit\w+|seit|basiert|abkommen|unterzeichnet|auszeichnung|gegründet|vereinba\w+|memorandum|frist|"
    r"arbeitstreffen|vorgespräch\w*|besuch\w*|treffen|vertrag|anmeldeschluss|"
    r"anmeldung(?:en)? (?:ist |sind )?(?:bis|ab)|spätestens|pressemitteilung|datum|stand|veröffentlicht|aktualisiert|"
    r"geboren|bewerbung\w*)\b",
    re.IGNORECASE,
)
# "Nach dem 23. Seminar reiste sie am 12. Mai …": the date is that of something else.
_OUTSIDE = Pattern(
    r"\b(?:auf|vor|nach|seit|anlässlich|beim?|während|rande|rahmen|zum|für|über|zu)\s+(?:de[mnsr]\s+|das\s+)?$",
    re.IGNORECASE,
)
# "Vom 7. bis 9. Juni lädt das Amt zum 12. Pflegeseminar ein": the date is that of what people are called to.
_CONVENES = Pattern(
    r"\b(?:lädt|laden|lud|luden|eingeladen|einladen|einladung|kamen|kommen|trafen|treffen|"
    r"versammel\w+)\b",
    re.IGNORECASE,
)
# … unless the date follows the name at once: "beim 18. Sozialseminar vom 4. bis 9. Juli in Moskau".
_ADJACENT = Pattern(
    rf"[\s(,–|-]{{0,6}}(?:(?:in|nach)\s[\w.\s()-]{{2,30}}?[\s,(]*)?(?:(?:am|vom|von|im|ab)\s+)?{_WEEKDAY}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date with the sentence it was read from, and how surely it is the seminar's: the more, the surer.

    ``programme`` is true for a single day that neither a label nor the seminar's name stands beside, ``fresh`` for
    one that is said to be a new date, ``former`` for one that holds no more.
    """

    span: DateSpan
    quote: str
    score: int
    programme: bool
    fresh: bool = False
    former: bool = False


def dated(line: str, own: tuple[int, int] | None, *, usual: Usual, only: int | None = None) -> Dated | None:
    """The date of one sentence, if it can be the seminar's.

    ``own`` is where the sentence names the seminar by its number, None if it does not; ``usual`` serves where
    it says no year, and with ``only`` no date of another year counts.
    """
    found = dates_in(line, usual, only)
    if is_outside(line, own) and not _CONVENES.search(line):
        found = [span for span in found if _adjacent(line, own, span)]
    holding = [span for span in found if not _NO_MORE.search(_before(line, span))]
    puts_off = postpones(line)
    onto = [span for span in holding if puts_off and _is_onto(line, span)]
    if puts_off and not onto:
        holding = []  # "vom 3. bis 7. Mai geplant, verschoben": the day that it was to be on
    if not found:
        return _year_only(line, own)
    former = not holding or (was_to_be(line) and not onto)
    moved = len(holding) > 1 and _MOVED.search(line)
    candidates = onto or holding or found
    span = (
        candidates[-1] if moved else max(candidates, key=lambda each: (each.start != each.end, -_distance(each, own)))
    )
    score = _score(line, span, own)
    if former:
        score = min(score, 1)  # better than none for what is off
    programme = span.start == span.end and own is None and not _LABELLED.search(line)
    fresh = bool(onto) or (not former and bool(_NEW_DATE.search(line)))
    if score <= 0:
        return None
    return Dated(span=span, quote=line, score=score, programme=programme, fresh=fresh, former=former)


def _before(line: str, span: DateSpan) -> str:
    return line[max(0, span.position[0] - _BACK) : span.position[0]]


def _is_onto(line: str, span: DateSpan) -> bool:
    """True for the date in a postponing sentence that it names as the new one."""
    return bool(_ONTO.search(_before(line, span)) or _CAUGHT_UP.search(line[span.position[1] :]))


def _year_only(line: str, own: tuple[int, int] | None) -> Dated | None:
    """A year by itself, where a sentence plans the seminar for it; worth less than any day or month."""
    if (own is None and "eminar" not in line) or is_outside(line, own) or not _PLANNED.search(line):
        return None
    puts_off = postpones(line)
    for match in _YEAR_ONLY.finditer(line):
        if not _NO_MORE.search(line[: match.start()][-_BACK:]):
            span = DateSpan(start=match["year"], end=match["year"], position=match.span())
            onto = puts_off and bool(_ONTO.search(line[: match.start("year")][-_BACK:]))
            if puts_off and not onto and _YEAR_ONLY.search(line, match.end()):
                continue  # "für 2026 geplant, auf 2027 verschoben"
            return Dated(span=span, quote=line, score=1, programme=False, fresh=onto, former=puts_off and not onto)
    return None


def is_outside(line: str, name: tuple[int, int] | None) -> bool:
    """True when the sentence is not about the seminar it names, but about something before, at or after it."""
    return name is not None and bool(_OUTSIDE.search(line[max(0, name[0] - 40) : name[0]]))


def _adjacent(line: str, name: tuple[int, int] | None, span: DateSpan) -> bool:
    """True when the date follows the name at once."""
    behind = name is not None and span.position[0] >= name[1]
    return behind and name is not None and bool(_ADJACENT.match(line[name[1] : span.position[0]]))


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
    # A visit of one day is spoiled by any word of another matter; of a span only by those that lead to it.
    whole_month = len(span.start) == len("2017-06")
    about = line[: span.position[0]] if long or whole_month else line
    if not near and not labelled and _OTHER_MATTER.search(about):
        score += _BESIDE if long or own is None else 2 * _BESIDE
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
