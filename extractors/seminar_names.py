"""How seminars are named: by number and series, or by their year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from extractors.dates import MONTH_NAMES
from extractors.ordinals import ORDINAL, is_vague, value
from extractors.patterns import Pattern
from extractors.text import squash
from extractors.words import word_set

# A list of seminars has some dozens; more names than this are no list, and reading on would take quadratic time.
MAX_NAMED = 200

SEMINAR = r"(?:[A-ZÄÖÜ][\wäöüß]{0,40}-){0,3}(?:[A-ZÄÖÜ][\wäöüß]{0,40}?)?[sS]eminar(?:s|es|en)?(?![\w-])"
_BETWEEN = (
    r"(?:(?:[A-ZÄÖÜ][\wäöüß]*-\s+(?:und|&)\s+)|(?:[A-ZÄÖÜ][\wäöüß]*(?:-[A-ZÄÖÜ][\wäöüß]*)*\s+(?:und\s+)?)"
    r"|(?:[a-zäöüß]{3,}(?:e|en|er|es|em)\s+)){0,3}?"
)
_TOPIC = (
    r"(?:\s+(?:im Bereich|in den Bereichen|zum Thema)\s+[A-ZÄÖÜ][\wäöüß]+(?:\s+und\s+[A-ZÄÖÜ][\wäöüß]+)?"
    r"|\s+(?:zur|zum|zu|für|über)\s+(?:[\wäöüß-]+\s+){0,3}?[A-ZÄÖÜ][\wäöüß-]+|\s+[A-ZÄÖÜ][\wäöüß-]+(?:\s+und\s+[A-ZÄÖÜ][\wäöüß-]+)?)?"
)
_NUMBERED = Pattern(rf"{ORDINAL}(?P<name>{_BETWEEN}{SEMINAR}{_TOPIC})")
_OF_YEAR = Pattern(rf"(?<![\w.-])(?P<name>{SEMINAR})\s+(?P<year>(?:19|20)\d\d)(?!\d|[.-]\d)")
_YEAR = Pattern(r"(?<![\d.])(?:19|20)\d\d(?!\d)")
_YEAR_BEHIND = Pattern(r"[\s,(]{1,3}(?P<year>(?:19|20)\d\d)(?!\d|[.-]\d)")
# "Erstes Seminar des Jahres", "Zweites Seminar 2027": numbers that begin anew each year.
_IN_A_YEAR = Pattern(
    r"\s+(?:(?:des|dieses|im|in diesem|in dem)\s+(?:\w+\s+)?(?:Jahre?s?|Halbjahre?s?)\b|\(?(?:19|20)\d\d)"
)
_TITLE_WORDS = Pattern(r"(?:^|[:–—-]\s)(?:(?:Das|Unser|Zum|Einladung zum|Bericht vom)\s)?$")
_MONTHS = "|".join(MONTH_NAMES)
_A_DATE = Pattern(rf"(?:{_MONTHS}|bis|und)\b")

# Words of a series' name that tell it from no other.
_PLAIN = word_set(
    "arbeits und in den im bereich bereichen zu zur zum für über der die das des von mit thema fragen seminar "
    "umfassenden umfassende menschen handicap behinderung behinderungen"
)
# The LAGeSo's series was about "Teilhabe" up to its 17th seminar, and social affairs by name ever since.
_SYNONYMS = {"teilhab": "sozial"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A seminar as it is named at one place: ``block`` is an index into the page's blocks, -1 the title."""

    series: str
    number: int | None
    year: int | None
    block: int
    text: str
    span: tuple[int, int]


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


@lru_cache(maxsize=4096)  # the sentences of a page are looked at once for each seminar it names
def named_in(text: str, block: int) -> tuple[Named, ...]:
    """The numbered seminars that a text names, each once, in order; ``block`` is handed through."""
    return tuple(islice(_numbered(text, block), MAX_NAMED))


def _numbered(text: str, block: int) -> Iterator[Named]:
    if "eminar" not in text:
        return
    told: set[tuple[int, str]] = set()
    for match in _NUMBERED.finditer(text):
        number, series = value(match), _series(match["name"])
        if _A_DATE.match(match["name"]) or (number, series) in told or (is_vague(match) and not _titles(text, match)):
            continue
        told.add((number, series))
        yield Named(
            series=series, number=number, year=_year_beside(text, match), block=block, text=text, span=match.span()
        )


def _titles(text: str, match: re.Match[str]) -> bool:
    """True for a name that a title or heading opens with, unless its number counts within a year."""
    opens = _TITLE_WORDS.search(text[: match.start()]) and not text.endswith((".", "!", "?"))
    return bool(opens and (match["roman"] or not _IN_A_YEAR.match(text, match.end())))


def _year_beside(text: str, match: re.Match[str]) -> int | None:
    before = _YEAR.search(text[: match.start()][-12:])
    behind = _YEAR_BEHIND.match(text, match.end())
    return int(before.group()) if before else int(behind["year"]) if behind else None


def of_year(text: str, block: int) -> tuple[Named, ...]:
    """The seminars that a text names by their year ("Seminar 2020"), each once, in order."""
    by_year = {match["year"]: match for match in reversed([*_OF_YEAR.finditer(text)])}
    heads = (
        Named(series=_series(match["name"]), number=None, year=int(year), block=block, text=text, span=match.span())
        for year, match in by_year.items()
    )
    return tuple(sorted(heads, key=lambda head: head.span))


def _series(name: str) -> str:
    """The name without its genitive: "Sozialseminars" is the "Sozialseminar"."""
    return squash(re.sub(r"([sS]eminar)(?:s|es|en)\b", r"\1", name))
