"""What stands inside the main text of a page and is no part of it: ways to other pages, calls to share or subscribe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from extractors.address import is_document
from extractors.blocks import Area, Piece, Place
from extractors.html import Element
from extractors.model import Block, BlockKind
from extractors.noise import NOISE_MAX_CHARS, pieces_of
from extractors.text import fold, is_noise_line

EXTRAS = Place(area=Area.FRAME, rule="extras")

# Pages with more pieces are not looked through: the time grows with their depth as well.
MAX_PIECES = 20_000
# A line that names such a part is short; "Weitere Informationen finden Sie im Amt" is a sentence. Our choice.
MAX_LABEL_CHARS = 80
# Without so much text before it, what seems to be an extra may be what the page is about. Our choice.
MIN_TEXT_BEFORE = 200
# Part of the main text that all extras together may take: beyond it the page is a list, and they are what it lists.
MAX_EXTRA_SHARE = 0.6
# A part under a weak title ("Mehr zum Thema") goes only if so much of it is a way to somewhere else.
MIN_LINKED_SHARE = 0.6
# Running text: so long, and less than this part of it in links. Our choice.
MIN_PROSE_CHARS = 80
MAX_LINKED = 0.4
# An article with this part of the running text is what the page is about. Our choice.
MIN_ARTICLE_SHARE = 0.8
# A list entry with so much of it in links is a teaser, not a sentence with a link. Our choice.
MIN_TEASER_LINK = 0.4

# Lines that are a button, whatever stands around them.
_BUTTON = re.compile(
    r"""(?:(?:zum\s+|nach\s+|zurück\s+nach\s+|zurück\s+zum\s+)(?:seiten)?(?:oben|anfang)|seitenanfang|(?:back\s+)?to\s+(?:the\s+)?top|top
    |(?:«|‹|<|←)?\s*zurück(?:\s+zu[rm]?\s+(?:\w+-?)?(?:übersicht|liste|startseite|vorherigen\s+seite|news\w*|nachrichten))?
    |(?:diese[nr]?\s+)?(?:seite|artikel|beitrag|text|inhalt)?\s*(?:drucken|ausdrucken|teilen|weiterempfehlen|empfehlen|merken|vorlesen|anhören|weitersagen|versenden|kommentieren)
    |als\s+(?:pdf|e-?mail)\s+(?:drucken|speichern|herunterladen|versenden|senden)|druckversion|druckansicht|pdf-version
    |(?:share|print|print\s+page|share\s+this(?:\s+\w+)?|e-?mail\s+this|tweet|twittern|pin\s+it)
    |(?:auf|per|via|on|by)\s+(?:facebook|twitter|x|linkedin|whatsapp|xing|telegram|e-?mail)(?:\s+(?:teilen|senden|share))?
    |(?:facebook|twitter|x|linkedin|whatsapp|xing|telegram|e-?mail)\s+(?:teilen|share)
    |(?:vorheriger|nächster|voriger)(?:\s+(?:artikel|beitrag|eintrag))?|(?:previous|next)(?:\s+(?:post|article|page))?
    |anzeige|werbung|advertisement|auf\s+einer\s+seite\s+lesen|vollbild|bild\s+vergrößern|weiterlesen|read\s+more|mehr\s+lesen|mehr\s+erfahren)""",
    re.IGNORECASE | re.VERBOSE,
)

# Names that are a button only as a link: "E-Mail" beside an address is a word of the text.
_CHANNEL = re.compile(
    r"facebook|twitter|x|linkedin|whatsapp|xing|telegram|instagram|e-?mail|mail|mastodon|bluesky|rss|youtube",
    re.IGNORECASE,
)

# A list's way from one of its pages to the next. A year is no number of a page.
_WHERE = r"(?:erste|letzte|nächste|vorige|vorherige|folgende)[nrs]?|first|last|next|previous|prev"
_TURN = rf"(?:{_WHERE})(?:\s+(?:seite|page))?|weiter|zurück|vor"
_OF_PAGES = re.compile(r"\b(?:seite|page)\s+\d{1,4}\s*(?:von|of|/)\s*\d{1,4}\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
_TURNS = re.compile(rf"[«»‹›←→]|\b(?:{_TURN}|seiten?|pages?)\b", re.IGNORECASE)
_PAGER = re.compile(
    rf"(?:{_OF_PAGES.pattern}|\b(?:seiten?|pages?|{_TURN})\b|(?<!\d)\d{{1,3}}(?!\d)|[-–|·.…:«»‹›<>←→\[\](),/\s])+",
    re.IGNORECASE,
)
MAX_PAGER_CHARS = 200  # "Seite 1 von 40:" and a number for each. Our choice.

# How the link of a teaser is labelled that is not its title.
_MORE = re.compile(r"(?:mehr|weiter|read|learn|zum|zur|details|alle)\b.{0,60}|weiterlesen.{0,60}|more", re.IGNORECASE)

_THINGS = (
    r"(?:artikel|beiträge?|meldungen|nachrichten|news|pressemitteilungen|presseinformationen|themen|seiten|inhalte|"
    r"veranstaltungen|termine|berichte|videos|bilder|stories|texte|posts?|articles?|stor(?:y|ies)|content|"
    r"coverage|tutorials|links|reading|topics?|entries|neuigkeiten|aktuelles|mitteilungen|interviews)"
)
# Titles of a part that is no text of this page, as templates write them.
_STRONG = re.compile(
    rf"""(?:(?:das\s+)?(?:könnte|dürfte|kann)\s+(?:sie|dich|euch)\s+(?:(?:auch|noch|ebenfalls)\s+)*interessieren
    |(?:das\s+thema\s+|auch\s+)könnte.{{0,20}}interessieren|(?:dies(?:e\s+\w+)?|das|sie|folgende\s+\w+)\s+könnten?\s.{{0,40}}interess\w+(?:\s+sein)?
    |auch\s+interessant|lesen\s+sie\s+(?:auch|mehr|weiter)|lies\s+auch|(?:schon\s+gelesen|mehr\s+lesen|weiterlesen)
    |(?:ähnliche|verwandte)\s+{_THINGS}|related(?:\s+{_THINGS})?|(?:you\s+(?:may|might)\s+(?:also\s+)?(?:like|be\s+interested).{{0,20}})
    |recommended(?:\s+\w+){{0,3}}|more\s+(?:from|on|in|stories|articles|news|like\s+this)\b.{{0,40}}|read\s+(?:more|next|also)|further\s+reading|see\s+also|explore\s+further
    |(?:meist|viel)\s*(?:gelesen|gesucht|kommentiert|geklickt)e?(?:\s+\w+){{0,3}}|most\s+(?:read|popular)|trending(?:\s+now)?|popular\s+{_THINGS}|latest\s+{_THINGS}
    |empfohlene[rs]?\s+(?:redaktionelle[rs]?\s+)?{_THINGS}|empfehlungen\s+(?:für\s+sie|der\s+redaktion|aus\s+dem\s.{{0,40}}shop)
    |\d+\s+(?:kommentare?|comments?|ergänzungen|antworten|responses?|replies)|(?:kommentare|comments|leserkommentare)\s*\(\d+\)|(?:schreibe?n?|hinterlasse?n?|verfasse?n?)\s+(?:sie\s+)?(?:einen?|den\s+ersten)\s+(?:kommentar|antwort)\w*(?:\s+\w+)?
    |kommentar(?:e)?\s+(?:schreiben|verfassen|hinzufügen|abgeben|hinterlassen)|kommentieren\s+sie.{{0,30}}|diskutieren\s+sie\s+mit.{{0,20}}|ihr\s+kommentar|ihre\s+meinung|leave\s+a\s+(?:reply|comment)|post\s+(?:a|your)\s+comments?|write\s+a\s+comment|join\s+the\s+(?:discussion|conversation)
    |(?:(?:diese[nr]?|den)\s+)?(?:seite|artikel|beitrag|inhalt|meldung)\s+(?:teilen|weiterempfehlen|empfehlen|drucken|bewerten)(?:\s+\w+)?|teilen(?:\s+(?:sie|auf|mit)\b.{{0,40}})?|(?:teilen\s+sie\s+dies\s+mit|share\s+(?:this|on|via)\b.{{0,30}}|gefällt\s+mir|folgen\s+sie\s+uns.{{0,30}}|follow\s+us.{{0,30}})
    |(?:jetzt\s+)?(?:(?:zum|unseren|den|zu\s+unserem)\s+)?(?:kostenlosen\s+)?newsletter(?:[-\s]?(?:anmeldung|abonnieren|bestellen|anmelden|abo))?|.{{0,40}}newsletter\s+(?:abonnieren|anmelden|bestellen|sign\s*up)|(?:subscribe|sign\s+up)\b.{{0,40}}
    |(?:war|ist|fanden\s+sie|finden\s+sie)\s+(?:dies|diese|dieser|der|die|das).{{0,30}}(?:hilfreich|nützlich)\W*|wie\s+bewerten\s+sie.{{0,40}}|was\s+th(?:is|at).{{0,20}}helpful\W*|(?:artikel|seite|inhalt)\s+bewerten
    |über\s+(?:den|die)\s+(?:autor(?:in|en)?|verfasser(?:in)?)|about\s+the\s+author|zur\s+person\s+des\s+autors
    |(?:schlagwort\w*|schlagwörter|stichw[oö]rte?r?|tags|keywords|filed\s+under|themen\s*:)
    |(?:beitrags|artikel)-?navigation|post\s+navigation)""",
    re.IGNORECASE | re.VERBOSE,
)
# Titles that an editor may have written too: what they head goes only if it is little more than links.
_WEAK = re.compile(
    rf"""(?:(?:mehr|weiteres?)\s+(?:zum|zu\s+diesem|zu\s+den|aus\s+dem|zur|aus|von|in|über|auf)\b.{{0,60}}|(?:weitere|aktuelle|neueste|letzte|andere|frühere|thematisch\s+passende)\s+{_THINGS}.{{0,30}}
    |weitere\s+(?!informationen|hinweise|links|unterlagen|dokumente|downloads|formulare|auskünfte|angaben|merkblätter|termine)\S+(?:\s+\S+)?
    |zum\s+(?:gleichen\s+)?thema|passend\s+dazu|siehe\s+auch|auch\s+lesenswert|im\s+(?:fokus|überblick)|top[-\s]?{_THINGS}|neu\s+auf.{{0,30}}|aktuell|news(?:ticker)?|highlights(?:\s+.{{0,40}})?|mehr|(?:unsere\s+)?empfehlungen|(?:leser)?kommentare|comments)""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Span:
    """The main pieces that stand under one element: first and last index."""

    first: int
    last: int


def is_button(block: Block) -> bool:
    """Tell whether a line is the label of a button: to the top of the page, back, print, share."""
    if len(block.text) > MAX_LABEL_CHARS or block.kind is BlockKind.ROW:
        return False
    if _names_button(block.text):
        return True
    if not block.links:
        return False
    label = _label(block.text)
    return _label(block.links[0].text) == label and _CHANNEL.fullmatch(label) is not None


@lru_cache(maxsize=2048)  # short lines, and many of them are on a page's neighbours as well
def _names_button(text: str) -> bool:
    return _BUTTON.fullmatch(_label(text)) is not None


def _pagers(pieces: Sequence[Piece], uri: str) -> set[int]:
    """The pieces that page through a list: "Seite 1 von 2: 1 2", "« 1 2 3 weiter", each number a piece or all in one.

    Numbers alone may be bus lines: without a word or an arrow they have to lead to other pages of this very address.
    """
    found: set[int] = set()
    run: list[int] = []
    for n in range(len(pieces) + 1):
        if n < len(pieces) and _may_page(pieces[n]):
            run.append(n)
            continue
        if run and _pages([pieces[at].block for at in run], uri.partition("?")[0]):
            found.update(run)
        run.clear()
    return found


def _may_page(piece: Piece) -> bool:
    block = piece.block
    if piece.place.area is not Area.MAIN or block.kind in (BlockKind.ROW, BlockKind.HEADING):
        return False
    return _pages_on(block.text) and all(_pages_on(link.text) for link in block.links)


def _pages_on(label: str) -> bool:
    return len(label) <= MAX_PAGER_CHARS and _PAGER.fullmatch(label) is not None


def _pages(blocks: Sequence[Block], path: str) -> bool:
    text = " ".join(block.text for block in blocks)
    links = [link for block in blocks for link in block.links]
    if _OF_PAGES.search(text):
        return True
    numbers = len(_PAGE_NUMBER.findall(text))
    if not links or not numbers or any(is_document(link.uri) for link in links):
        return False
    return _TURNS.search(text) is not None or (numbers > 1 and all(link.uri.startswith(path) for link in links))


def is_noise(text: str) -> bool:
    """Tell whether a line says nothing of the matter: a stamp or a counter, with buttons beside it or without."""
    return len(text) <= NOISE_MAX_CHARS and _is_noise(text)


@lru_cache(maxsize=2048)
def _is_noise(text: str) -> bool:
    if is_noise_line(text):
        return True
    pieces = pieces_of(text)
    noise = [is_noise_line(piece) for piece in pieces]
    return any(noise) and all(
        said or _BUTTON.fullmatch(_label(piece)) is not None for said, piece in zip(noise, pieces, strict=True)
    )


def set_apart(pieces: Sequence[Piece], uri: str) -> list[Piece]:
    """Move the extras inside the main text to the frame, each with the line that heads it; nothing is lost.

    Buttons and the pager of a list go always; ``uri`` is the page's own. A part goes with its title, if there is
    enough text before it and the extras are not most of the page.
    """
    paging = _pagers(pieces, uri)
    kept = [
        piece
        for n, piece in enumerate(pieces)
        if piece.place.area is not Area.MAIN or not (n in paging or is_button(piece.block))
    ]
    main = [n for n, piece in enumerate(kept) if piece.place.area is Area.MAIN]
    texts = [kept[n] for n in main]
    if len(texts) > MAX_PIECES:
        return kept
    titles = [n for n, piece in enumerate(texts) if _is_title(piece.block)]
    extras = _after_article(texts)
    if titles:
        extras |= _extras(texts, titles)
    if not extras or _chars(texts, extras) > MAX_EXTRA_SHARE * _chars(texts, range(len(texts))):
        return kept
    chosen = {main[n] for n in extras}
    return [_moved(piece) if n in chosen else piece for n, piece in enumerate(kept)]


def _moved(piece: Piece) -> Piece:
    return replace(piece, place=EXTRAS, block=replace(piece.block, rule=EXTRAS.rule))


def _label(text: str) -> str:
    return fold(text).strip(" .:;!?…|>»›<«‹→←↑+-–•·*\"'")


def _is_title(block: Block) -> bool:
    if len(block.text) > MAX_LABEL_CHARS or block.kind is BlockKind.ROW:
        return False
    return _is_strong(block.text) or (block.kind is BlockKind.HEADING and _is_weak(block.text))


@lru_cache(maxsize=2048)
def _is_strong(text: str) -> bool:
    return _STRONG.fullmatch(_label(text)) is not None


@lru_cache(maxsize=2048)
def _is_weak(text: str) -> bool:
    return _WEAK.fullmatch(_label(text)) is not None


def _extras(main: Sequence[Piece], titles: Sequence[int]) -> set[int]:
    spans = _spans(main)
    lengths = [len(piece.block.text) for piece in main]
    before = list(accumulate(lengths, initial=0))
    found: set[int] = set()
    for title in titles:
        if title in found or before[title] < MIN_TEXT_BEFORE:
            continue
        extent = _extent(main, spans, title)
        if _is_strong(main[title].block.text) or _is_linked([main[n].block for n in extent if n != title]):
            found.update(extent)
    return found


def _after_article(main: Sequence[Piece]) -> set[int]:
    """The links behind the one article that holds nearly all of a page's running text."""
    prose = [n for n, piece in enumerate(main) if is_prose(piece.block)]
    last = max(prose, default=0)
    article = next((el for el in reversed([*main[last].element.iterancestors("article")])), None) if prose else None
    if article is None:
        return set()
    outside = [n for n in range(last + 1, len(main)) if article not in main[n].element.iterancestors()]
    held = sum(len(main[n].block.text) for n in prose if article in main[n].element.iterancestors())
    if held < MIN_ARTICLE_SHARE * _chars(main, prose) or held < MIN_TEXT_BEFORE:
        return set()
    return set(outside) if _is_linked([main[n].block for n in outside]) else set()


def is_prose(block: Block) -> bool:
    """Tell whether a piece is running text: long enough, and little of it in links."""
    size = len(block.text)
    if size < MIN_PROSE_CHARS:
        return False
    return not block.links or sum(len(link.text) for link in block.links) < MAX_LINKED * size


def _chars(main: Sequence[Piece], chosen: Iterable[int]) -> int:
    return sum(len(main[n].block.text) for n in chosen)


def _spans(main: Sequence[Piece]) -> dict[Element, _Span]:
    spans: dict[Element, _Span] = {}
    for n, piece in enumerate(main):
        for element in (piece.element, *piece.element.iterancestors()):
            known = spans.get(element)
            spans[element] = _Span(known.first if known else n, n)
    return spans


def _extent(main: Sequence[Piece], spans: dict[Element, _Span], title: int) -> range:
    """The pieces that a title heads: its own box, or in a flat page all up to the next title of its rank."""
    end = title
    for element in (main[title].element, *main[title].element.iterancestors()):
        span = spans[element]
        if span.last == title == span.first:
            continue
        if span.first == title:
            stop = _next_title(main, title, span.last)
            end = stop
            if stop < span.last:
                break
        else:
            if end == title:
                end = _next_title(main, title, span.last)
            break
        if element.tag in ("main", "body", "article"):
            break
    return range(title, end + 1)


def _next_title(main: Sequence[Piece], title: int, last: int) -> int:
    """The last piece before the next heading of the title's rank that is no link; linked ones are teasers."""
    level = main[title].block.level or 6
    for n in range(title + 1, last + 1):
        block = main[n].block
        if block.kind is BlockKind.HEADING and block.level <= level and not block.links:
            return n - 1
    return last


def _is_linked(blocks: Sequence[Block]) -> bool:
    total = sum(len(block.text) for block in blocks)
    return bool(total) and sum(map(_linked_chars, blocks)) >= MIN_LINKED_SHARE * total


def _linked_chars(block: Block) -> int:
    """How much of a block is a way to somewhere: all of a teaser, which begins with its link or is half of it."""
    linked = sum(len(link.text) for link in block.links)
    teaser = (
        block.kind is BlockKind.ITEM
        and bool(block.links)
        and (
            block.text.startswith(block.links[0].text)
            or linked >= MIN_TEASER_LINK * len(block.text)
            or _MORE.fullmatch(_label(block.links[-1].text)) is not None
        )
    )
    return len(block.text) if teaser else linked
