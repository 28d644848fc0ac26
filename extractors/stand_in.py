"""Whether a short text stands in for the page: by its title, by what it says, and by the markup around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractors import signs, talk
from extractors.dates import spans
from extractors.markup import visible_text
from extractors.model import Answer, Block, BlockKind, Page
from extractors.phrases import BLOCKED, BROKEN, CONSENT, LOGIN, MAINTENANCE, NOT_FOUND, STAND_INS, StandIn
from extractors.text import fold, sentences, squash

# Thresholds of our own, tried on the fixtures of tests/extractors and on a thousand real pages.
SHORT = 1500  # characters of main text that a page standing in for another may have; real ones have under 900
VERY_SHORT = 600  # … and up to which a title alone is proof
LONG_STAND_IN = 4000  # a "not found" page that goes on with search, news and popular pages
_LONGEST = 2 * LONG_STAND_IN  # with headings and a frame
MERE_TITLE = 40  # characters below a title that need not say anything telling
PHRASE_SHARE = 0.3  # part of a short text that telling sentences make up where the title says the same
TALK_SHARE = 0.6  # … where the title does not
REPLACED_SHARE = 0.45  # … nor does, and it came in place of a text many times as long
_REPLACED_BY = 3  # times as long as what came in its place: a page of an office has a thousand characters, a notice 200
TELLING_SHARE = 0.25  # … and of it what belongs to one of the kinds, not only goes with any


# Titles that also name things in the world: below them a page has to say what it means.
_WORLDLY = re.compile(
    r"\d{3}|(?:sicherheits|browser)(?:über)?prüfung|sicherheitsabfrage|captcha|(?:browser|security) check"
    r"|forbidden|gone|nicht gefunden"
    r"|nichts gefunden|einen moment.*|please wait.*|attention required!?|bot-?\w+|(?:hoppla|ups|uups|oops|huch)\b.*",
    re.IGNORECASE,
)


_SURELY_LOST = re.compile(
    r"\b404\b|nicht (?:mehr )?gefunden|not found|existier|gibt es|nicht mehr|no longer|exist", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is to be judged: the new lines of the main text without headings, its titles, and the markup's signs."""

    lines: tuple[str, ...]
    titles: tuple[str, ...]
    named: frozenset[StandIn]
    titled: frozenset[StandIn]
    sure: frozenset[StandIn]
    barred: frozenset[StandIn]
    bare: bool
    size: int

    @property
    def body(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def find(answer: Answer, markup: str, page: Page | None, previous: Page | None) -> StandIn | None:
    """The kind of page that was served in place of the page, or None."""
    if page is not None and len(page.text) > _LONGEST and previous is None:
        return None
    lines = _lines(page, previous) if page is not None and page.blocks else visible_text(markup).splitlines()
    if sum(map(len, lines)) > LONG_STAND_IN:
        return None
    text = _text(answer, markup, page, lines)
    found = next((kind for kind in STAND_INS if kind not in text.barred and _speaks(kind, text)), None)
    lost = found is NOT_FOUND and not any(_SURELY_LOST.search(title) for title in text.titles)
    if (found is not None and not lost) or (found is None and text.size > SHORT):
        return found
    heard = talk.listen(text.lines, allowed=[one for one in STAND_INS if one not in text.barred], dated=text.bare)
    found = found or _talks(text, heard, replaced=_size(previous) >= _REPLACED_BY * text.size)
    if found is NOT_FOUND and not any(_SURELY_LOST.search(title) for title in text.titles):
        # "Gone" is told as a removal, so that a refusal or a fault in the same breath comes first.
        return next((other for other in (BLOCKED, MAINTENANCE, BROKEN) if other in heard.kinds), NOT_FOUND)
    return found


def _text(answer: Answer, markup: str, page: Page | None, lines: Sequence[str]) -> Text:
    titles = tuple(titles_of(markup, page))
    titled = kinds_of(titles)
    plain = tuple(title for title in titles if not _WORLDLY.fullmatch(title))
    sure = kinds_of(plain)
    named = set(titled | signs.labelled(markup))
    if answer.header("Retry-After"):
        named.add(MAINTENANCE)
    agree = signs.asks_for_consent(markup)
    barred = frozenset(
        kind
        for kind, there in ((CONSENT, agree), (LOGIN, LOGIN in named or signs.asks_for_password(markup)))
        if not there
    )
    return Text(
        lines=tuple(lines),
        titles=titles,
        named=frozenset(named),
        titled=titled,
        sure=sure,
        barred=barred,
        bare=signs.is_bare(markup),
        size=sum(map(len, lines)),
    )


def _lines(page: Page, previous: Page | None) -> list[str]:
    """What the page says that it did not say before, headings apart unless it has nothing else."""
    known = set() if previous is None else {fold(b.text) for b in (*previous.blocks, *previous.frame)}
    fresh = [block for block in page.blocks if fold(block.text) not in known]
    body = [block.text for block in fresh if block.kind is not BlockKind.HEADING and not is_furniture(block)]
    return body or [block.text for block in fresh] or [page.title]


# A row of labels: "Seitenanfang | Seite drucken", "Sie sind hier: Start > Rathaus".
_BETWEEN_LABELS = re.compile(r"\s[|·•>»›/]\s")
_LABEL_CHARS = 30


def is_furniture(block: Block) -> bool:
    """True for a row of labels, which is no text: it neither fills an empty page nor weighs against what one says."""
    labels = _BETWEEN_LABELS.split(block.text)
    return block.kind is BlockKind.PARAGRAPH and len(labels) > 1 and all(len(label) <= _LABEL_CHARS for label in labels)


def _speaks(kind: StandIn, text: Text) -> bool:
    """True when a short text says, by title, words or both, that it stands in for the page."""
    named = kind in text.named
    if text.size > (LONG_STAND_IN if named and kind.alone else SHORT):
        return False
    if named and kind.alone and text.size <= (VERY_SHORT if kind in text.sure else MERE_TITLE):
        return True
    said = list(_sentences(text))
    telling = [sentence for sentence in said if kind.text.search(sentence)]
    if not named and kind.dated_is_news and not text.bare:
        telling = [sentence for sentence in telling if not spans(sentence)]
    if kind is LOGIN and kind in text.titled and text.bare and text.size <= VERY_SHORT:
        return True
    if named and (telling or (kind.support is not None and kind.support.search(text.body))):
        return True
    if kind.needs_name or not telling or text.size > VERY_SHORT:
        return False
    support = kind.support
    if support is not None:
        telling += [s for s in said if s not in telling and support.search(s)]
    return sum(map(len, telling)) >= TALK_SHARE * text.size


def _size(page: Page | None) -> int:
    return sum(len(block.text) for block in page.blocks) if page is not None else 0


def _talks(text: Text, heard: talk.Talk, *, replaced: bool) -> StandIn | None:
    """The kind that most of a short text speaks of, where most of it is a website that speaks of itself.

    Where it came in place of a text many times as long, it need not speak of itself as much.
    """
    if text.size > SHORT or not heard.total:
        return None
    titled = {talk.kind_of(title) for title in text.titles} & set(STAND_INS) - text.barred
    kind = heard.foremost or next((one for one in STAND_INS if one in text.named or one in titled), None)
    if kind is None:
        return None
    telling, beside = sum(heard.kinds.values()) / heard.total, heard.beside / heard.total
    if (kind in text.titled or titled or (telling and kind in text.named)) and telling + beside >= PHRASE_SHARE:
        return kind
    enough = REPLACED_SHARE if replaced else TALK_SHARE
    return kind if telling >= TELLING_SHARE and telling + beside >= enough else None


def _sentences(text: Text) -> Iterator[str]:
    for line in text.lines:
        yield from sentences(line)


def kinds_of(titles: Iterable[str]) -> frozenset[StandIn]:
    """The kinds of stand-in that one of the titles names."""
    said = tuple(titles)
    return frozenset(kind for kind in STAND_INS if any(kind.title.fullmatch(title) for title in said))


_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_HEADING = re.compile(r"<h[12]\b[^>]{0,500}>(.{0,500}?)</h[12]", re.IGNORECASE | re.DOTALL)
_TITLE_PARTS = re.compile(r"\s[-–—|·•:»]\s|\s?\|\s?|:\s")
_HEAD_CHARS = 200_000  # where a document's title and first headings stand


def titles_of(markup: str, page: Page | None) -> Iterator[str]:
    """Title and first headings, and the parts of a title beside the site's name: "Seite nicht gefunden - Berlin.de".

    A title that is the headline word for word is one thought, dash or no dash.
    """
    head = markup[:_HEAD_CHARS]
    headings = [squash(visible_text(match[1])) for match in _HEADING.finditer(head)][:3]
    named = [squash(visible_text(match[1])) for match in _TITLE.finditer(head)][:1]
    if page is not None:
        named.append(page.title)
        headings += [block.text for block in page.blocks[:3] if block.kind is BlockKind.HEADING]
    yield from dict.fromkeys((*named, *headings))
    for title in dict.fromkeys(named):
        if not any(_TITLE_PARTS.search(heading) and heading in title for heading in headings):
            yield from (part.strip() for part in _TITLE_PARTS.split(title)[:6])
