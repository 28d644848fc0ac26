"""The two forms of a text, the one that is shown and the one that is compared, and the digest of a page's text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import sha256

from extractors import address
from extractors.model import Attachment, Block, BlockKind, Link, Page, PageKind
from extractors.noise import is_frame_noise, is_noise_line, speaks_of_restriction, without_stamps
from extractors.words import word_set

__all__ = [
    "block_fold",
    "fold",
    "is_frame_noise",
    "is_noise_line",
    "sentences",
    "speaks_of_restriction",
    "squash",
    "text_digest",
    "without_stamps",
]

# What a reader cannot see and an editor does not mean: soft hyphen, zero-width space, non-joiner, joiner, word
# joiner, and the byte order mark that editors paste into the middle of texts. Bidi controls are not among them:
# they change what is read (design §4.12).
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]+")

# Regular expressions and not str.translate, which took six times as long on German sentences.
_DOUBLE_QUOTES = re.compile("[„“”‟«»〝〞〟＂″]")
_SINGLE_QUOTES = re.compile("[‚‘’‛‹›`´′＇]")
_DASHES = re.compile("[\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]")
_VARIANTS = re.compile("[" + "".join(each.pattern[1:-1] for each in (_DOUBLE_QUOTES, _SINGLE_QUOTES, _DASHES)) + "]")

CELL_SEPARATOR = " | "

# White space beside punctuation depends on how a template puts its elements together, not on the words.
# A folded text has no white space but single spaces; a pattern that begins with one is looked for much faster.
_LOOSE_SPACE = re.compile(r" (?:(?=[^\w ])|(?<=[^\w ] ))")

_AT_ONCE = 100_000  # characters; few pages have more
_BETWEEN_WORDS = re.compile(r"(?<=[^\W_]) (?=[^\W_])")

# In a document nobody can tell for sure the hyphen that a line's end made from one of the word's own.
_INNER_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_BULLET = "• "  # in documents a letter of some symbol font, which not every program names

# Abbreviations that German official prose ends with a full stop in the middle of a sentence.
_ABBREVIATIONS = word_set(
    """abs abt allg anm art aufl bd betr bspw bzgl bzw ca dipl dr einschl etc evtl exkl ff fr frl geb gem gest ggf
    ggü hr hrsg ing inkl insb jh jun kap lt mag max min mind mio mrd nr prof rd ref reg s sek sen sog st std str
    tel tsd u.a usf usw vgl vors z.b zzgl ziff jan feb mär mrz apr jul aug sep sept okt nov dez mo di mi do sa so
    mr mrs ms no vol"""
)
# Words that open a sentence and never follow an ordinal number.
_OPENERS = word_set(
    """Aber Als Am An Auch Auf Aus Bei Da Dabei Damit Danach Das Dazu Der Des Die Dies Diese Dieser Dieses Durch Ein
    Eine Er Es Für Hier Ihr Im In Ist Jede Jeder Mit Nach Nur Ob Seit Sie So Sowie Über Um Und Unter Vom Von Vor Was
    Weitere Wenn Wer Wie Wir Zu Zudem Zum Zur"""
)
_SENTENCE_END = re.compile(r"[.!?…]+[\"'“”»«‘’)\]]*\s+(?=[\"'„“«»‚(\[]*[^\W_])")
# An ordinal, also as the end of a span: "16.-21. Juni" (the full stop behind it is not part of the match).
_ORDINAL = re.compile(r"(?:(?:\d{1,2}\.?[-–/])?\d{1,3}|[IVXLC]{1,6})$")


def squash(text: str) -> str:
    """Return the display form: one line, white space collapsed, soft hyphens and zero-width joiners gone.

    No-break and typographic spaces become plain ones. Idempotent.
    """
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text  # no white space but the space can be printed, nor can what is invisible
    if len(text) <= _AT_ONCE:
        if not text.isascii() and _has_invisible(text):
            text = _INVISIBLE.sub("", text)
        return " ".join(text.split())
    return " ".join(" ".join(_INVISIBLE.sub("", part).split()) for part in _parts(text))


def _has_invisible(text: str) -> bool:
    """One look for each sign takes a thirtieth of the time of the pattern, and most texts have none."""
    return (
        "\u00ad" in text
        or "\u200b" in text
        or "\u200c" in text
        or "\u200d" in text
        or "\u2060" in text
        or "\ufeff" in text
    )


def fold(text: str) -> str:
    """Return the comparison form: :func:`squash`, composed (NFC), variants of quotes and dashes unified.

    Case, digits, words, bidi controls and all other format characters still count (design §4.12). Idempotent.
    """
    # Composing can set free what it had bound to a mark, so that it is white space at an end now: squash again.
    line = squash(text)
    if line.isascii():
        return line.replace("`", "'")
    composed = unicodedata.normalize("NFC", line)
    if composed != line:
        composed = squash(composed)
    if _VARIANTS.search(composed) is None:
        return composed
    return _DASHES.sub("-", _SINGLE_QUOTES.sub("'", _DOUBLE_QUOTES.sub('"', composed)))


def sentences(text: str) -> tuple[str, ...]:
    """Split running German text into sentences, in order, without changing a character inside them.

    "Abs. 2", "3. November", "22. Arbeits- und Sozialseminar", "Dr. X" and "z. B." do not end one.
    """
    line = squash(text)
    found: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(line):
        if _ends_here(line, start, match):
            found.append(line[start : match.end()].strip())
            start = match.end()
    found.append(line[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def _ends_here(line: str, start: int, match: re.Match[str]) -> bool:
    if not match.group().startswith("."):
        return True
    following = re.match(r"[\"'„“«»‚(\[]*([^\W_]+)", line[match.end() : match.end() + 40])
    word_after = following.group(1) if following else ""
    if word_after[:1].islower():
        return False
    word_before = line[max(start, match.start() - 30) : match.start()].rsplit(" ", 1)[-1].lstrip("(\"'„“[")
    if _ORDINAL.fullmatch(word_before):
        return word_after in _OPENERS
    last_part = word_before.rsplit(".", 1)[-1].lower()
    return len(last_part) > 1 and last_part not in _ABBREVIATIONS


def block_fold(block: Block) -> str:
    """Return the comparison form of a block: its text and the addresses its links lead to.

    What kind of block it is does not enter, nor does the mark between table cells.
    """
    targets = " ".join(_targets((*block.links, *block.contacts)))
    return f"{_tight(_words(block))}\x1f{targets}" if targets else _tight(_words(block))


def text_digest(page: Page) -> str:
    """Return ``sha256:<hex>`` over title, main text with link targets, notices and attachments.

    Two pages that say the same under different markup have the same digest: neither the kind of a block
    nor where one ends and the next begins enters; in documents, no hyphen between two letters. Of a document
    without readable text, the bytes count.
    """
    # A document's title is its file name, which says where it lies and not what it says.
    document = page.kind is PageKind.DOCUMENT
    words, targets = _passage(page.blocks)
    parts = ["", _INNER_HYPHEN.sub("", words), targets] if document else [fold(page.title), words, targets]
    for notice in page.notices:
        parts.append("notice")
        parts.extend(_passage((Block(kind=BlockKind.HEADING, text=notice.title), *notice.blocks)))
    parts.extend(_attachment_fold(attachment) for attachment in page.attachments)
    if document and not page.blocks and page.identity:
        parts.append(page.identity)
    return "sha256:" + sha256("\x1e".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _passage(blocks: Iterable[Block]) -> tuple[str, str]:
    """The running text of some blocks as if it were one, and the targets of its links in order."""
    kept = tuple(blocks)
    text = _tight(" ".join(_words(block) for block in kept))
    return text, " ".join(target for block in kept for target in _targets((*block.links, *block.contacts)))


def _words(block: Block) -> str:
    text = block.text.replace(CELL_SEPARATOR, " ") if block.kind is BlockKind.ROW else block.text
    return without_stamps(text.removeprefix(_BULLET) if block.kind is BlockKind.ITEM else text)


def _tight(text: str) -> str:
    return " ".join(_LOOSE_SPACE.sub("", fold(part)) for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    """A text in parts, cut between two words: the words of a large one, each an object, take ten times its memory."""
    start = 0
    while len(text) - start > _AT_ONCE:
        cut = _BETWEEN_WORDS.search(text, start + _AT_ONCE)
        if cut is None:
            break
        yield text[start : cut.start()]
        start = cut.end()
    yield text[start:]


def _targets(links: Iterable[Link]) -> Iterator[str]:
    return (address.key(link.uri) for link in links)


def _attachment_fold(attachment: Attachment) -> str:
    facts = (attachment.label, attachment.size, attachment.note)
    return "\x1f".join((*(_tight(fact) for fact in facts), address.key(attachment.uri)))
