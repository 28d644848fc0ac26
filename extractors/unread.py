"""The reading of an answer that shows what an earlier one showed, told without parsing it.

Many sites put something new into every answer: a token into a form, a moment into the footer, a number behind the
address of a style. To see that nothing else is another takes a sixth of the time of having the page read again.

This is no guess at what is noise, but the very reading that :func:`extractors.read.read` gives, which
tests/extractors/test_unread.py compares on thousands of edited pages. All places where the bytes differ are such as no
rule looks at, or digits of a line that the rules leave out. Whatever is not known to be one makes the page one to be
read: another length, another letter, markup that may be understood in two ways (docs/adr/0021).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from html import unescape

from extractors import drift, edition, tags
from extractors.address import is_document
from extractors.judge import by_head
from extractors.model import Answer, Hints, Outcome, Page, PageKind, Reading
from extractors.noise import same_but_ticking
from extractors.pages.furniture import is_noise
from extractors.pages.parts import day_in, of_frame
from extractors.tags import Attribute, Kind, Line, Token
from extractors.text import squash

# Comparing takes 10 µs for each kilobyte, in the process that crawls; larger pages have readers for themselves, and so
# have those with more differences than tokens and stamps make: a token of 32 digits is some 30 of them.
MAX_BYTES = 1 << 20
_MOST = 1_000

# Attributes that no rule looks at, by element.
_UNREAD: Mapping[str, frozenset[str]] = {
    "script": frozenset(("src", "nonce", "integrity")),
    "style": frozenset(("nonce",)),
    "link": frozenset(("href", "nonce", "integrity")),
    "meta": frozenset(("content",)),
    "input": frozenset(("value",)),
    "form": frozenset(("action",)),
    "img": frozenset(("src", "srcset")),
}
_READ_LINKS = frozenset(("canonical", "alternate"))  # extractors.html.head
_TOKENS = re.compile(r"csrf|xsrf|nonce|token", re.IGNORECASE)  # names of meta elements that no rule asks for …
_SIGNS = (b"charset", b"imperia")  # … unless one of these is in them (extractors.charset, extractors.pages.berlin_de)
# Elements whose text is a line of its own where it is all that they hold.
_LINES = frozenset(("p", "div", "li", "dd", "address", "section", "footer"))
# What may stand where bytes differ: with it no token begins or ends elsewhere than before.
_PLAIN = re.compile(rb"[A-Za-z0-9_.:/+=%,~-]++")
_STEPS = (4096, 256, 16, 1)  # bytes compared at once: memory is compared 50 times as fast as Python counts
_END = re.compile(rb"</(?:html|body)\b", re.IGNORECASE)
_TAIL = 256  # bytes; where extractors.wholeness looks first


def reading_of(answer: Answer, shown: Answer, hints: Hints) -> Reading | None:
    """Return what reading an answer gives, or None where it has to be read to know.

    ``shown`` is the earlier answer that was read as the last good page, ``hints.previous``.
    """
    page = hints.previous
    if page is None or not _is_usual(page, hints) or not _is_comparable(answer, shown) or page.uri != answer.uri:
        return None
    if not _Comparison(shown.body, answer.body, page).differ_unread():
        return None
    moved = drift.drift(page, page)
    return Reading(outcome=Outcome.OK, rule=moved.rule, detail=moved.detail, page=page) if moved is not None else None


def _is_usual(page: Page, hints: Hints) -> bool:
    """Whether a page is read by the rules of this package alone, and judged without a look at its markup."""
    if hints.assets or hints.explain or is_document(page.uri):
        return False
    if page.kind in (PageKind.FEED, PageKind.DOCUMENT) or not page.blocks:
        return False
    return edition.is_current(page.extractor_version, hints) and not edition.has_setup(page.extractor_version)


def _is_comparable(answer: Answer, shown: Answer) -> bool:
    if not (answer.status == shown.status == 200 and answer.complete and shown.complete):
        return False
    if by_head(answer) is not None or answer.header("Content-Encoding") or shown.header("Content-Encoding"):
        return False
    if answer.header("Content-Type") != shown.header("Content-Type"):
        return False
    # Of one length, so that nothing that the rules measure is another.
    return len(answer.body) == len(shown.body) <= MAX_BYTES and _END.search(answer.body[-_TAIL:]) is not None


class _Comparison:
    """Two bodies of one length; ``page`` is what reading the old one gave."""

    def __init__(self, old: bytes, new: bytes, page: Page) -> None:
        self._old, self._new, self._page = old, new, page
        self._token: Token | None = None  # the one that differences are looked at in, None for a text
        self._values: tuple[Attribute, ...] = ()  # those of its attributes that no rule looks at

    def differ_unread(self) -> bool:
        """Whether they differ, and only where no rule looks."""
        known, count = 0, 0  # up to where it is known what the differences mean
        for count, (start, stop) in enumerate(self._differences(), 1):
            if start >= known:
                known = self._enter(known, start)
            if not known or count > _MOST or (self._token is not None and not self._is_unread(start, stop)):
                return False
        return count > 0

    def _differences(self) -> Iterator[tuple[int, int]]:
        """The stretches without one byte in common, in order."""
        at = self._next(0)
        while at is not None:
            stop = next((n for n in range(at, len(self._old)) if self._old[n] == self._new[n]), len(self._old))
            yield at, stop
            at = self._next(stop)

    def _next(self, at: int) -> int | None:
        """The first place from ``at`` on where they differ."""
        for step in _STEPS:
            while self._old[at : at + step] == self._new[at : at + step]:
                at += step
                if at >= len(self._old):
                    return None
        return at

    def _enter(self, known: int, place: int) -> int:
        """Find what a difference stands in, a token beginning at ``known``; where it ends, 0 if that may be read."""
        begun = tags.skip(self._old, known, place)
        if begun == place:
            self._token, line = None, tags.line(self._old, place)
            return line.stop if line is not None and self._is_left_out(line) else 0
        self._token = tags.token(self._old, begun)
        if self._token is None:
            return 0
        unread = _UNREAD.get(self._token.name, frozenset()) if self._has_unread(self._token) else frozenset()
        self._values = tuple(each for each in tags.attributes(self._old, self._token) if each.name in unread)
        return self._token.stop

    def _has_unread(self, token: Token) -> bool:
        """Whether a start tag is of those of its name that no rule looks at."""
        if token.name not in ("link", "meta"):
            return True
        values = {each.name: each.value for each in tags.attributes(self._old, token)}
        if token.name == "link":
            return "rel" in values and _READ_LINKS.isdisjoint(values["rel"].lower().split())
        both = self._old[token.start : token.tag].lower() + self._new[token.start : token.tag].lower()
        return _TOKENS.search(values.get("name", "")) is not None and not any(sign in both for sign in _SIGNS)

    def _is_unread(self, start: int, stop: int) -> bool:
        """Whether a stretch of the token differs in plain letters that no rule looks at."""
        token = self._token
        both = self._old[start:stop] + self._new[start:stop]
        if token is None or _PLAIN.fullmatch(both) is None:
            return False
        if token.kind is Kind.COMMENT:
            return b"-" not in both
        if token.kind is Kind.SCRIPT and token.tag <= start and stop <= token.end:
            return True
        return any(each.start <= start and stop <= each.stop for each in self._values)

    def _is_left_out(self, line: Line) -> bool:
        """Whether a line differs in digits alone, and no rule keeps anything of what differs."""
        if line.name not in _LINES:
            return False
        try:
            before, now = (
                squash(unescape(body[line.start : line.stop].decode("utf-8"))) for body in (self._old, self._new)
            )
        except UnicodeDecodeError:
            return False
        if not same_but_ticking(before, now) or of_frame(now):
            return False
        stamped = is_noise(now)
        # The main text of a page without landmarks is chosen by all that it shows, lines of noise left out.
        if stamped != is_noise(before) or (self._page.choice and not stamped):
            return False
        # The first stamp with a day in it is kept as a date of the page.
        if stamped and (day_in(before) is None) != (day_in(now) is None):
            return False
        words = zip(before.split(), now.split(), strict=True)
        return not any(word in self._said for word, other in words if word != other)

    @cached_property
    def _said(self) -> str:
        """All that the page says."""
        return "\n".join(_said(self._page))


def _said(page: Page) -> Iterator[str]:
    """All the texts that a page was read to say."""
    yield page.title
    boxes = (block for notice in page.notices for block in notice.blocks)
    for block in (*page.blocks, *page.frame, *boxes):
        yield block.text
        yield from (link.text for link in (*block.links, *block.contacts))
    yield from (notice.title for notice in page.notices)
    for one in page.attachments:
        yield from (one.label, one.size, one.format, one.note)
    yield from (link.text for link in page.links)
    yield from page.breadcrumb
    yield from (date.quote for date in page.dates)
