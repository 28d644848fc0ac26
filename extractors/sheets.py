"""The sheets of a PDF as text: running lines set apart, lines joined into paragraphs, parted words made whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors import running
from extractors.model import Block, BlockKind
from extractors.text import squash

_HYPHENS = ("-", "\u2010", "\u00ad")
# "Arbeits-" at a line's end before one of these is half of a pair of compounds, and keeps its hyphen.
_PAIRING = re.compile(r"(?:und|oder|bzw\.|sowie|bis|als|noch|wie|and|or)(?!\w)")
# No German syllable begins behind "isch": such a word before a hyphen is whole, the first of two adjectives.
_ADJECTIVE = re.compile(r"(?:[a-zäöüß]{2,}isch|deutsch)$")
_ADJECTIVE_TOO = re.compile(r"[a-zäöüß]{2,}(?:isch|deutsch)(?:e[nrsm]?)?\b")
_BULLET = re.compile(r"^\s*(?:[•–—*-]|\d{1,2}[.)]|[a-z]\))(?:\s+|$)")
# Each program has its own sign, some in the private area of a symbol font; which one it is makes no change.
_BULLET_SIGNS = re.compile(r"^\s*[•◦▪●○■□‣·\uf0b7\uf0a7\uf0d8\uf076\uf06e\ue00a](?=\s|$)")
# … which may as well be the day of a date that the line's end parted from its month
_NUMBER = re.compile(r"^\d{1,2}\.")
_SENTENCE_END = (".", "!", "?", ":", ";", "…")
# A line shorter than this part of the longest line of its sheet ends a paragraph: justified text fills its lines.
_SHORT = 0.72
# Lines further apart than this many usual distances belong to two paragraphs; office programs add a third or more.
_GAP = 1.3
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it stands on a sheet; ``height`` of its baseline in points (from any zero), None if unknown."""

    text: str
    height: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of a PDF: its lines in reading order, and whether there is a picture on it (asked where text lacks)."""

    lines: tuple[Line, ...]
    pictured: bool = False

    @property
    def blank(self) -> bool:
        """True when nothing on the sheet can be read."""
        return not any(line.text for line in self.lines)


def clean(text: str) -> str:
    """A line in plain letters: ligatures and composed letters resolved, white space collapsed, one sign for bullets."""
    if not text.isprintable():
        text = _CONTROLS.sub("", text)
    if _LIGATURE.search(text):  # few have one, and to translate German text takes a dozen times as long
        text = text.translate(_LIGATURES)
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    bullet = _BULLET_SIGNS.match(plain)
    return f"•{plain[bullet.end() :]}" if bullet else plain


def blocks(sheets: Sequence[Sheet]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return the text in order, and what runs along the edges of the sheets (each line once)."""
    edges = running.edges([sheet.lines for sheet in sheets])
    bodies = [
        [line for index, line in enumerate(sheet.lines) if index not in edge]
        for sheet, edge in zip(sheets, edges, strict=True)
    ]
    known = _vocabulary(bodies)
    parts: list[tuple[int, str]] = []
    for number, body in enumerate(bodies, 1):
        for place, paragraph in enumerate(_paragraphs(body, known)):
            if place == 0 and parts and _goes_on(parts[-1][1], paragraph):  # it counts as the sheet's it begins on
                parts[-1] = (parts[-1][0], _joined(parts[-1][1], paragraph, known))
            else:
                parts.append((number, paragraph))
    main = tuple(block for number, paragraph in parts for block in _block(paragraph, number))
    heads: dict[str, Block] = {}
    for number, (sheet, edge) in enumerate(zip(sheets, edges, strict=True), 1):
        for index in sorted(edge):
            for block in _block(sheet.lines[index].text, number, rule="pdf-running"):
                heads.setdefault(re.sub(r"\d+", "0", block.text), block)
    return main, tuple(heads.values())


def _block(paragraph: str, sheet: int, rule: str = "pdf") -> Iterator[Block]:
    words = squash(paragraph)
    if words:
        kind = BlockKind.ITEM if _BULLET.match(paragraph) and rule == "pdf" else BlockKind.PARAGRAPH
        yield Block(kind=kind, text=words, sheet=sheet, rule=rule)


def _vocabulary(bodies: Sequence[Sequence[Line]]) -> frozenset[str]:
    """The words that stand whole somewhere in the document: they tell whether a hyphen at a line's end is their own."""
    words: set[str] = set()
    for body in bodies:
        for before, line in pairwise([Line(text=""), *body]):
            found = _WORD.findall(line.text.casefold())
            if before.text.endswith(_HYPHENS):
                found = found[1:]
            if line.text.endswith(_HYPHENS):
                found = found[:-1]
            words.update(found)
    return frozenset(words)


def _paragraphs(lines: Sequence[Line], known: Container[str]) -> Iterator[str]:
    """Lines joined into paragraphs, by what ends one: a gap, a blank or short line, a bullet to follow."""
    longest = max((len(line.text) for line in lines), default=0)
    usual = _usual_distance(lines)
    paragraph = ""
    for line, following in pairwise([*lines, Line(text="")]):
        paragraph = _joined(paragraph, line.text, known)
        if not paragraph:
            continue
        ended = line.text.endswith(_SENTENCE_END)
        apart = usual > 0 and _distance(line, following) > _GAP * usual
        short = len(line.text) < _SHORT * longest and (ended or not following.text[:1].islower())
        broken = (line.text.endswith(_HYPHENS) or _is_bullet(paragraph)) and bool(following.text)
        listed = _BULLET.match(following.text) and (ended or not _NUMBER.match(following.text))
        if not broken and (not line.text or not following.text or short or apart or listed):
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph


def _distance(line: Line, following: Line) -> float:
    """How far a line stands above the next one, in points; 0 where that is not known."""
    return 0.0 if line.height is None or following.height is None else line.height - following.height


def _usual_distance(lines: Sequence[Line]) -> float:
    distances = [step for line, following in pairwise(lines) if (step := _distance(line, following)) > 0]
    return median(distances) if distances else 0.0


def _is_bullet(text: str) -> bool:
    match = _BULLET.match(text)
    return match is not None and match.end() == len(text) and not text[:1].isdigit()


def _goes_on(paragraph: str, following: str) -> bool:
    """True where the end of a sheet parted a paragraph."""
    if _BULLET.match(following):
        return False
    return paragraph.endswith(_HYPHENS) or (not paragraph.endswith(_SENTENCE_END) and following[:1].islower())


def _joined(paragraph: str, line: str, known: Container[str]) -> str:
    """A paragraph and its next line, the word that a hyphen parted made whole again."""
    if not paragraph or not line:
        return paragraph or line
    if not paragraph.endswith(_HYPHENS) or paragraph[-2:-1].isspace() or len(paragraph) == 1:
        return f"{paragraph} {line}"
    if line[0].islower() and _PAIRING.match(line):
        return f"{paragraph[:-1]}- {line}"
    whole = paragraph.endswith("\u00ad") or not _keeps_hyphen(paragraph[:-1], line, known)
    return paragraph[:-1] + line if whole else f"{paragraph[:-1]}-{line}"


def _keeps_hyphen(paragraph: str, line: str, known: Container[str]) -> bool:
    """Whether a hyphen at a line's end belongs to the word, as in "Berlin-Moskau" and "E-Mail"."""
    left, right = re.search(r"[^\W\d_]+$", paragraph), re.match(r"[^\W\d_]+", line)
    if left is None or right is None:
        return True
    one, other = left[0].casefold(), right[0].casefold()
    if one + other in known:
        return False
    if f"{one}-{other}" in known or not line[0].islower():
        return True
    return bool(_ADJECTIVE.search(left[0]) and _ADJECTIVE_TOO.match(line))
