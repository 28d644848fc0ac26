"""Days and spans of days in running German text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from extractors.model import DateSpan
from extractors.patterns import Pattern


def _numbered(names: str) -> dict[str, int]:
    return {name: number for number, group in enumerate(names.split(), start=1) for name in group.split("/") if name}


_FULL = _numbered(
    "januar/jänner/january februar/feber/february märz/maerz/march april mai/may juni/june juli/july august september "
    "oktober/october november dezember/december"
)
_SHORT = _numbered("jan febr/feb mär/mrz apr / jun jul aug sept/sep okt/oct nov dez/dec")
_MONTHS = _FULL | _SHORT
MONTH_NAMES = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)

MAX_GROUP = 7  # days that one enumeration may hold, a week; bounds the time for hostile text

# Every repetition below is bounded, so that no text makes the search slower than linear.
_S = r"\s{0,3}"
# "Mai-Kundgebung", "Juni-Ausgabe": the name of something else, where no month follows the hyphen.
_NO_MORE = rf"(?![^\W_]|-(?!(?:{'|'.join((*_FULL, *_SHORT))})\b)[^\W\d_]{{3}})"
_NAME = rf"(?:(?:{'|'.join(_FULL)}){_NO_MORE}|(?:{'|'.join(_SHORT)}){_NO_MORE}\.?)"
_DAY_NAME = (
    r"(?:(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?|(?:mo|di|mi|do|fr|sa|so)(?:\.|(?=\s?\d)))"
)
_WEEKDAY = rf"(?:{_DAY_NAME}{_S},?{_S}(?:de[nmr]\s{{1,3}})?)?"
_BRACKETED = rf"(?:{_S}\({_DAY_NAME}\))?"
_CLOCK = rf"(?:,?{_S}(?:um\s{{1,3}}|ab\s{{1,3}})?\d{{1,2}}(?:[.:]\d\d)?\s{{1,3}}uhr)?"
_WORDS_AFTER_TO = r"(?:einschl(?:ießlich|\.)|inkl(?:usive|\.)|incl\.|und\s{1,3}mit|zum|den|dem|zu|the)"
# Another century is no year that an office writes about.
_YEAR = r"(?:des\s{1,3}jahres\s{1,3})?(?P<year>(?:19|20)\d\d)(?!\d|[.,:]\d)"

_ATOM = (
    r"(?:(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?![\d-])"
    r"|(?P<bars>\d\d\s?\|\s?\d\d\s?\|\s?(?:19|20)\d\d)(?!\d)"
    r"|(?P<day>0?[1-9]|[12]\d|3[01])(?:"
    rf"(?:\.|st|nd|rd|th)?{_S}(?:of\s)?(?P<name>{_NAME})(?:{_BRACKETED},?{_S}{_YEAR})?"
    rf"|\.{_S}(?P<month>0?[1-9]|1[0-2])\.(?:{_S}(?P<year2>(?:19|20)\d\d)(?!\d|[.,:]\d)|(?<=\.\d\d\.)(?P<yy>\d\d)(?![\d.]))?(?!\d)"
    r"|(?P<dot>\.)(?!\d)|(?![\d.]))"
    rf"|(?<![^\W_])(?P<only>{_NAME})(?:{_S}(?P<year3>(?:19|20)\d\d)(?!\d|[.,:]\d))?)"
)
_AT = Pattern(_ATOM, re.IGNORECASE)
# The end of a span may be as short as "7.5.27"; by itself that is as often the number of a section.
_LAST = Pattern(_ATOM.replace(r"(?<=\.\d\d\.)", ""), re.IGNORECASE)
_FIRST = Pattern(rf"(?<![\d.,:/§№–-]){_ATOM}", re.IGNORECASE)  # no tail of a number: 1.204, 12:30, Az. 1/5
_TO = Pattern(
    rf"\)?{_BRACKETED}{_CLOCK}(?:(?P<word>,?{_S}(?:bis|to|until|through)\s{{1,3}}(?:{_WORDS_AFTER_TO}\s{{1,3}}){{0,3}})"
    rf"|(?P<loose>{_S})(?:[-‐‑‒–—−]|--){_S}|(?<=-\d\d)/(?=\d{{4}}-)){_WEEKDAY}\(?",
    re.IGNORECASE,
)
_AND = Pattern(
    rf"{_S}[/&+]{_S}|(?:,{_S}|,?\s{{1,3}}(?:und|and|sowie)\s{{1,3}}(?:de[nm]\s{{1,3}})?){_WEEKDAY}", re.IGNORECASE
)
_NEXT = Pattern(rf"{_S}(?:,|und|sowie|oder|/|&){_S}(?:vom\s{{1,3}}|am\s{{1,3}})?", re.IGNORECASE)
_AHEAD = 60  # characters: the longest span of days with names of months and a year
_BETWEEN = Pattern(r"\b(?:zwischen|between)\s{1,3}(?:dem\s{1,3})?$", re.IGNORECASE)
# "Straße des 17. Juni", "Platz des 4. Juli": an address, unless a year makes it a day.
_STREET = Pattern(
    r"(?:straße|strasse|str\.|platz|allee|brücke|ufer|haus|bahnhof|park)\s{1,3}des\s{1,3}$", re.IGNORECASE
)
_BEFORE_FIGURES = Pattern(r"\b(?:am|vom|ab|bis|zum|den|dem)\s{1,3}$", re.IGNORECASE)


class _Atom(NamedTuple):
    """A day or a month as far as it is said; ``dotted`` is true for "16." and false for a bare "16"."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    dotted: bool = True
    figures: bool = False

    @property
    def bare(self) -> bool:
        return self.month is None

    def iso(self, year: int | None) -> str | None:
        """ISO day or month, with ``year`` where none is said; None if there is no such day."""
        year = self.year or year
        if year is None or self.month is None:
            return None
        if self.day is None:
            return f"{year}-{self.month:02}"
        try:
            return date(year, self.month, self.day).isoformat()
        except ValueError:
            return None

    @property
    def place(self) -> tuple[int, int]:
        """Where in a year it stands."""
        return self.month or 0, self.day or 0


def spans(text: str, year: int | None = None) -> tuple[DateSpan, ...]:
    """All days, spans of days and months in reading order; ``year`` serves where the text names none.

    A span that contradicts itself ("21. bis 16. Juni 2019") gives nothing rather than half of it.
    """
    return tuple(_walk(text, year))


def german(start: str, end: str | None = None) -> str:
    """A span as a German reader expects it: ``16.–21. Juni 2019``; takes ISO days, ISO months or years."""
    if len(start) == len("2019"):
        return start if end in (None, start) else f"{start}–{end}"
    first, last = _split(start), _split(end or start)
    if first == last:
        return _named(*first)
    if None in (first[2], last[2]):
        first, last = (*first[:2], None), (*last[:2], None)
    if first[0] != last[0]:
        return f"{_named(*first)} – {_named(*last)}"
    if first[2] is None:
        return f"{MONTH_NAMES[first[1] - 1]}–{_named(*last)}"
    if first[1] != last[1]:
        return f"{first[2]}. {MONTH_NAMES[first[1] - 1]} – {_named(*last)}"
    return f"{first[2]}.–{_named(*last)}"


def _split(iso: str) -> tuple[int, int, int | None]:
    parts = [int(part) for part in iso.split("-")]
    return parts[0], parts[1], parts[2] if len(parts) > 2 else None


def _named(year: int, month: int, day: int | None) -> str:
    name = f"{MONTH_NAMES[month - 1]} {year}"
    return name if day is None else f"{day}. {name}"


def _walk(text: str, year: int | None) -> Iterator[DateSpan]:
    position = 0
    while match := _FIRST.search(text, position):
        atom = _atom(match)
        position = atom.end
        if atom.year is None and _STREET.search(text, max(0, atom.start - 20), atom.start):
            continue
        joined = _TO.match(text, atom.end)
        last = (_LAST if atom.figures else _AT).match(text, joined.end()) if joined else None
        if joined and last and (end := _atom(last)) and _belong(atom, end, joined):
            found = _span(atom, end, year or _year_ahead(text, end), word=bool(joined["word"]))
            if found is not None:
                position = end.end
                yield from found
                continue
        group = _group(text, atom)
        position = group[-1].end
        if len(group) == 2 and _BETWEEN.search(text, max(0, atom.start - 16), atom.start):
            yield from _span(group[0], group[1], year, word=True) or ()
        else:
            yield from _days(group, year, text)


def _year_ahead(text: str, end: _Atom) -> int | None:
    """The year that a span leaves to the one that follows at once: "4.-6. Mai und 8.-10. Juni 2027"."""
    joined = _NEXT.match(text, end.end) if end.year is None else None
    if joined is None:
        return None
    following = next(_walk(text[joined.end() : joined.end() + _AHEAD], None), None)
    return int(following.start[:4]) if following and following.position[0] == 0 else None


def _atom(match: re.Match[str]) -> _Atom:
    start, end = match.span()
    if iso := match["iso"]:
        return _Atom(start, end, int(iso[:4]), int(iso[5:7]), int(iso[8:]))
    if bars := match["bars"]:
        day, month, year = (int(part) for part in bars.split("|"))
        return _Atom(start, end, year, month if 1 <= month <= 12 else None, day)
    said = match["year"] or match["year2"] or match["year3"]
    short = match["yy"]
    name = match["name"] or match["only"]
    month = _MONTHS[name.lower().rstrip(".")] if name else int(match["month"] or 0)
    return _Atom(
        start=start,
        end=end,
        year=int(said) if said else 2000 + int(short) if short else None,
        month=month or None,
        day=int(match["day"]) if match["day"] else None,
        dotted=match["dot"] is not None,
        figures=bool(match["month"]),
    )


def _belong(start: _Atom, end: _Atom, joined: re.Match[str]) -> bool:
    """True when the two are the ends of one span by their form."""
    if end.bare or (start.day is None) != (end.day is None):
        return False
    # "Raum 3 – 5. Juni": a number without a dot begins a span only in "3-5 June" and "3 bis 5. Juni".
    return not start.bare or start.dotted or bool(joined["word"]) or not joined["loose"]


def _span(start: _Atom, end: _Atom, year: int | None, *, word: bool) -> tuple[DateSpan, ...] | None:
    """The span, nothing where it contradicts itself, None where a mere dash joins what is no span."""
    month = end.month if start.bare else start.month
    first = start._replace(month=month, year=end.year if start.bare else start.year)
    if end.year is None:  # both lean on what is known of the first
        first_year = first.year or year
        last_year = first_year + (first.place > end.place and not start.bare) if first_year else None
    else:
        last_year = end.year
        first_year = first.year or end.year - (first.place > end.place)
    if first_year is None or last_year is None:
        return () if word else None
    from_day, to_day = first.iso(first_year), end.iso(last_year)
    if from_day and to_day and from_day <= to_day:
        return (DateSpan(start=from_day, end=to_day, position=(start.start, end.end)),)
    return () if word else None


def _group(text: str, atom: _Atom) -> list[_Atom]:
    """The days that "und", a stroke or commas join to this one: "16., 17. und 18. Juni"."""
    group = [atom]
    while (
        len(group) < MAX_GROUP
        and (joined := _AND.match(text, group[-1].end))
        and (last := _AT.match(text, joined.end()))
    ):
        following = _atom(last)
        before = group[-1]
        # A month joins a month ("Juni/Juli 2017") and a day a day; what has its year said stands for itself.
        if (
            (following.day is None) != (before.day is None)
            or _complete(before, joined.group())
            or not (before.dotted or before.month)
        ):
            break
        group.append(following)
    while len(group) > 1 and group[-1].bare:
        group.pop()
    return group


def _complete(atom: _Atom, joined: str) -> bool:
    """True when the next day or month is another matter, save "Dezember 2017/Januar 2018" and "31.12.2026/1.1.2027"."""
    return atom.year is not None and joined.strip() != "/"


def _days(group: list[_Atom], year: int | None, text: str) -> Iterator[DateSpan]:
    """One span for days in a row, else each day by itself; what the later says counts for the earlier."""
    known = group[-1]
    full: list[tuple[_Atom, str]] = []
    for atom in reversed(group):
        known = atom._replace(year=atom.year or known.year, month=atom.month or known.month)
        if atom.day is None and known.year is None:
            continue
        if atom.figures and known.year is None and not _BEFORE_FIGURES.search(text, max(0, atom.start - 8), atom.start):
            continue  # "Abschnitt 1.2." is no day
        if iso := known.iso(year):
            full.insert(0, (atom, iso))
    if len(full) > 1 and all(_next_day(a) == b for (_, a), (_, b) in pairwise(full)):
        (first, start), (last, end) = full[0], full[-1]
        yield DateSpan(start=start, end=end, position=(first.start, last.end))
        return
    for atom, iso in full:
        yield DateSpan(start=iso, end=iso, position=(atom.start, atom.end))


def _next_day(iso: str) -> str:
    if len(iso) == len("2017-06"):
        year, month = divmod(int(iso[:4]) * 12 + int(iso[5:]), 12)
        return f"{year}-{month + 1:02}"
    return (date.fromisoformat(iso) + timedelta(days=1)).isoformat()
