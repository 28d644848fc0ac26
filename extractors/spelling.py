"""Slips of the pen: whether two texts differ in spelling and punctuation only, or in what they say."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import OSA

from extractors.text import fold
from extractors.tokens import TOKEN, opcodes
from extractors.words import word_set

_MONTHS_AND_DAYS = word_set(
    """januar jänner februar feber märz april mai juni juli august september oktober november dezember
    jan feb mär mrz apr jun jul aug sep sept okt nov dez montag dienstag mittwoch donnerstag freitag samstag
    sonnabend sonntag mo di mi do fr sa so january february march may june july october december monday tuesday
    wednesday thursday friday saturday sunday"""
)
_NEGATIONS = word_set(
    """nicht nichts nie niemals niemand nirgends ohne weder kaum kein keine keinem keinen keiner keines keinerlei
    nein not no never none nobody without"""
)
# Swapping words of one group mends grammar; it moves no fact.
_GRAMMAR = tuple(
    word_set(group)
    for group in (
        "der die das dem den des dass daß",
        "ein eine einem einen einer eines",
        "an am",
        "in im",
        "von vom",
        "zu zum zur",
        "bei beim",
        "seit seid",
        "a an",
    )
)
_FUNCTION_WORDS = word_set(
    "der die das dem den des und oder mit für von aus bei ist sind wird auch auf zur zum the and for"
)
_NAME_FOLLOWS = word_set("herr herrn frau dr prof senator senatorin minister ministerin präsident präsidentin familie")
_ENDINGS = (
    "e",
    "n",
    "en",
    "es",
    "em",
    "m",
)  # of adjectives and participles; -er and -t make another form of the matter
_ADDRESS = re.compile(
    r"\S{1,200}@\S{1,200}|\b(?:https?://|www\.)\S{1,500}|\b[\w-]{2,60}\.(?:de|com|org|net|eu|berlin|info)\b"
)
# A number with the marks that join it to the next: "16.-21." is a span, "16., 21." two days.
_FIGURES = re.compile(r"[-+]?\d(?:[\d.,:/-]|\s(?=[-+\d])|(?<=-)\s)*")
_TRANSCRIBED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_TWICE = re.compile(r"(.)\1")

# A slip of one letter leaves a long word recognisable; short words at one letter's distance are other words
# ("Leistung" and "Leitung", "Miete" and "Mitte"). So do first letters: "Anreise", "Abreise".
_LONG = 8
_VERY_LONG = 12
_MEDIUM = 4
_HEAD = 3


def is_minor_text(before: str, after: str) -> bool:
    """True when only spelling or punctuation differs between two texts (design §4.11).

    Never minor: digits, months, weekdays, negations, names, addresses, symbols, invisible characters, words
    that came or went.
    """
    one, two = sorted((fold(before), fold(after)))  # mending is as minor as the slip, however the two are lined up
    if any(_kept(one, pattern) != _kept(two, pattern) for pattern in (_FIGURES, _ADDRESS)):
        return False
    old, new = ([t for t in TOKEN.findall(text) if not t.isspace()] for text in (one, two))
    return all(
        same or _slip(old, new, slice(start, stop), slice(left, right))
        for same, start, stop, left, right in opcodes(old, new)
    )


def tells(token: str) -> bool:
    """True for a token that carries a fact: a number, a month, a weekday, a negation, a symbol, a hidden character."""
    categories = {unicodedata.category(character) for character in token}
    marked = bool(categories & {"Cf", "Cc", "Co", "Cs", "Cn", "Sc", "Sm", "So"}) or token in {"%", "§", "&"}
    lower = token.lower()
    return marked or any(map(str.isdigit, token)) or lower in _MONTHS_AND_DAYS or lower in _NEGATIONS


def _kept(text: str, pattern: re.Pattern[str]) -> list[str]:
    return [re.sub(r"\s", "", match).rstrip(".,:/-") for match in pattern.findall(text)]


def _slip(old: list[str], new: list[str], gone: slice, come: slice) -> bool:
    """True when this difference of two token lists is one of spelling or punctuation."""
    before, after = old[gone], new[come]
    if any(tells(token) for token in (*before, *after)):
        return False
    a, b = [t for t in before if t.isalpha()], [t for t in after if t.isalpha()]
    if "".join(a).lower() == "".join(b).lower():  # punctuation, case, or a compound written apart
        return True
    if _twice(old, gone, a, b) or _twice(new, come, b, a):
        return True
    if len(a) != len(b):
        return False
    name = _name_follows(old, gone.start)
    return all(x.lower() == y.lower() or _misspelt(x, y, name=name) for x, y in zip(a, b, strict=True))


def _twice(tokens: list[str], place: slice, alone: list[str], other: list[str]) -> bool:
    """True when all that differs is a word that stands twice in a row on one side."""
    first = place.start > 0 and not other and len(alone) == 1
    return first and tokens[place.start - 1].lower() == alone[0].lower()


def _name_follows(tokens: list[str], index: int) -> bool:
    """True behind a word that a name follows: a first name, a title, a salutation."""
    previous = next((t for t in reversed(tokens[:index]) if t.isalpha()), "")
    return previous.lower() in _NAME_FOLLOWS or (previous[:1].isupper() and len(previous) > 3)


def _misspelt(old: str, new: str, *, name: bool) -> bool:
    """True when one word is the other with a slip: letters swapped, doubled, lost or mistaken."""
    a, b = old.lower(), new.lower()
    if any(a in group and b in group for group in _GRAMMAR):
        return True
    if a.translate(_TRANSCRIBED) == b.translate(_TRANSCRIBED):
        return not name
    shorter = min(len(a), len(b))
    if shorter < _MEDIUM:  # "dei", "udn"
        return _swapped(a, b) and (a in _FUNCTION_WORDS) != (b in _FUNCTION_WORDS)
    if not old[0].isupper():
        return _swapped(a, b) or _undoubled(a) == _undoubled(b) or _inflected(a, b) or _one_letter_off(a, b)
    # A capital may begin a noun or a name. Letters swapped, doubled or lost in it make a slip, unless a name is to
    # be expected there; another letter makes another word, save in a long one.
    if name or shorter < _LONG - 2:
        return False
    other_letter = len(a) == len(b) and shorter <= _LONG + 1
    return _swapped(a, b) or _undoubled(a) == _undoubled(b) or (not other_letter and _one_letter_off(a, b))


def _swapped(a: str, b: str) -> bool:
    """True for two letters in the wrong order."""
    return len(a) == len(b) and sorted(a) == sorted(b) and OSA.distance(a, b, score_cutoff=1) <= 1


def _inflected(a: str, b: str) -> bool:
    """True for an adjective or participle with and without its ending."""
    short, long = sorted((a, b), key=len)
    return len(short) >= _LONG - 2 and long.startswith(short) and long[len(short) :] in _ENDINGS


def _undoubled(word: str) -> str:
    return _TWICE.sub(r"\1", word)


def _one_letter_off(a: str, b: str) -> bool:
    """True for two long words with one letter lost or mistaken, neither at their beginning nor the last."""
    shorter = min(len(a), len(b))
    if shorter < _LONG or a[:_HEAD] != b[:_HEAD] or a[-1] != b[-1]:
        return False
    allowed = 2 if shorter >= _VERY_LONG else 1
    return OSA.distance(a, b, score_cutoff=allowed) <= allowed
