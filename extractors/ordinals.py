"""Ordinal numbers as German prose writes them: "22.", "XXII.", "zweiundzwanzigstes"."""

from __future__ import annotations

import re

_ONES = {"ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9}
_TENS = {
    "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80,
    "neunzig": 90,
}  # fmt: skip
_SMALL = {
    "erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "fünft": 5, "sechst": 6, "siebt": 7, "siebent": 7, "acht": 8,
    "neunt": 9, "zehnt": 10, "elft": 11, "zwölft": 12, "dreizehnt": 13, "vierzehnt": 14, "fünfzehnt": 15,
    "sechzehnt": 16, "siebzehnt": 17, "achtzehnt": 18, "neunzehnt": 19, "hundertst": 100,
}  # fmt: skip
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
# Below this, "das zweite Seminar" counts within a year or a page as often as within a series.
FIRST_TELLING = 13


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted((spelling for word in words for spelling in {word, _plain(word)}), key=len, reverse=True))


def _plain(word: str) -> str:
    return word.replace("ü", "ue").replace("ö", "oe").replace("ß", "ss")


# The groups are alternatives; white space follows the spelt number, since it is a word of the phrase.
ORDINAL = (
    r"(?:(?<![\d.,])(?P<figure>[1-9]\d{0,2})\.\s*"
    r"|(?<![\w.])(?P<roman>(?=[IVXLC])(?:C?(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})))\.\s*"
    rf"|(?<![\w-])(?P<spelt>(?i:(?:(?:{_any_of(_ONES)})und)?(?:{_any_of(_TENS)})st|{_any_of(_SMALL)}))e[nmrs]?\s+)"
)
_PARTS = re.compile(rf"(?:(?P<ones>{_any_of(_ONES)})und)?(?P<tens>{_any_of(_TENS)})st")
_BY_WORD = {spelling: value for words in (_ONES, _TENS, _SMALL) for word, value in words.items()
            for spelling in (word, _plain(word))}  # fmt: skip


def value(match: re.Match[str]) -> int:
    """The number that a match of :data:`ORDINAL` stands for."""
    if figure := match["figure"]:
        return int(figure)
    if roman := match["roman"]:
        return _of_roman(roman)
    stem = match["spelt"].lower()
    parts = _PARTS.fullmatch(stem)
    return _BY_WORD[parts["tens"]] + _BY_WORD.get(parts["ones"] or "", 0) if parts else _BY_WORD[stem]


def is_vague(match: re.Match[str]) -> bool:
    """True for what may count within a year or a text: a low number spelt out, or a letter by itself ("V. Seminar")."""
    return len(match["roman"] or "II") == 1 or (match["spelt"] is not None and value(match) < FIRST_TELLING)


def _of_roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    return sum(-one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True))
