"""The judgement of an answer: is this the page, or something that stands in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from extractors import charset
from extractors.dates import spans
from extractors.markup import visible_text
from extractors.model import Answer, BlockKind, Hints, Outcome, Page, PageKind
from extractors.phrases import BLOCKED, LOGIN, MAINTENANCE, STAND_INS, StandIn
from extractors.text import fold, sentences, squash
from extractors.wholeness import is_cut

# Thresholds of our own, tried on the fixtures of tests/extractors/test_judge.py and on the real pages there.
SHORT = 1500  # characters of main text that a page standing in for another may have; real ones have under 900
VERY_SHORT = 600  # … and up to which a title alone is proof
LONG_STAND_IN = 4000  # a "not found" page that goes on with search, news and popular pages
PHRASE_SHARE = 0.3  # part of a short page's text that telling sentences make up; an article mentions them in passing

# After EDGI's practice with government pages: a cut below this share of the text is first taken for an accident.
SHRUNK = 0.3
REPLACED = 0.2  # share of telling words two texts have in common; another page of the same office has up to 0.15
SAME_TITLE = 60  # rapidfuzz ratio from which two titles are one, edited
WORTH_COMPARING = 200  # characters; below, a third is a word or two
_KEPT = 0.5  # share of telling words from which the page is the one we know, whatever else was put on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An outcome, the rule that decided it, and in German what a person should know about it."""

    outcome: Outcome
    rule: str
    detail: str = ""


_OK = Verdict(outcome=Outcome.OK, rule="read")


def judge(answer: Answer, page: Page | None, hints: Hints) -> Verdict:
    """Judge an answer by status, head, body and, if it could be read, its page.

    ``hints.previous`` is the last good page of this address. Only against it can a page be suspect,
    and a page that keeps most of its telling words is never taken for a stand-in.
    """
    verdict = _by_head(answer) or _by_status(answer)
    if verdict is not None:
        return verdict
    if page is not None and page.kind is PageKind.DOCUMENT:
        rule = is_cut(answer, "", page, None)
        return _cut(rule) if rule else _OK
    return _by_body(answer, page, hints.previous)


def _cut(rule: str) -> Verdict:
    return Verdict(outcome=Outcome.TRUNCATED, rule=rule, detail="Die Übertragung brach ab.")


# Signs that the protection in front of a site answered instead of it. Cloudflare, AWS, Rimon, Sucuri.
_CHALLENGES = (
    ("cf-mitigated", re.compile(r"challenge", re.IGNORECASE)),
    ("x-amzn-waf-action", re.compile(r"challenge|captcha", re.IGNORECASE)),
    ("rimon", re.compile(r"rwc_block", re.IGNORECASE)),
    ("x-sucuri-block", re.compile(r".")),
)


def _by_head(answer: Answer) -> Verdict | None:
    for name, sign in _CHALLENGES:
        if sign.search(answer.header(name)):
            return Verdict(outcome=Outcome.BLOCKED, rule=f"header-{name}", detail=BLOCKED.detail)
    return None


def _by_status(answer: Answer) -> Verdict | None:
    """What the status and the mere size of the body settle; None where the text has to be read."""
    status = answer.status
    rule = f"status-{status}"
    if not 200 <= status < 300:
        return Verdict(outcome=_refusal(answer), rule=rule, detail=_REFUSALS.get(status, f"Die Antwort war {status}."))
    if status == 206 or not answer.complete:
        return _cut("partial-content" if status == 206 else "transfer-cut")
    if not answer.body.strip():
        return Verdict(outcome=Outcome.EMPTY, rule="empty-body", detail="Die Antwort war leer.")
    return None


_REFUSALS = {
    304: "",
    401: "Die Adresse verlangt eine Anmeldung (401).",
    403: "Der Zugriff wird verweigert (403).",
    404: "Unter der Adresse gibt es keine Seite mehr (404).",
    410: "Die Seite wurde entfernt (410).",
    429: "Der Server bittet um weniger Anfragen (429).",
    503: "Der Server ist vorübergehend nicht verfügbar (503).",
}
_BY_STATUS = {304: Outcome.UNCHANGED, 404: Outcome.GONE, 410: Outcome.GONE} | dict.fromkeys(
    (401, 403, 407, 451), Outcome.DENIED
)


def _refusal(answer: Answer) -> Outcome:
    status = answer.status
    if 300 <= status < 400 and status != 304 and answer.header("Location"):
        return Outcome.MOVED
    if status in (403, 429, 503) and _stand_in_of(BLOCKED, answer):
        return Outcome.BLOCKED
    if status == 503 and (answer.header("Retry-After") or _stand_in_of(MAINTENANCE, answer)):
        return Outcome.MAINTENANCE
    return _BY_STATUS.get(status, Outcome.FAILED)


def _stand_in_of(kind: StandIn, answer: Answer) -> bool:
    """True when the body of an error says what the error is about. A bare "403 Forbidden" says nothing more."""
    text = charset.decode(answer.body, answer.header("Content-Type")).text
    said = visible_text(text)
    titles = [
        part for part in _titles(text, None) if not re.match(r"\d{3}|forbidden|service|too many", part, re.IGNORECASE)
    ]
    return any(kind.title.fullmatch(part) for part in titles) or bool(kind.text.search(said[:SHORT]))


def _by_body(answer: Answer, page: Page | None, previous: Page | None) -> Verdict:
    decoded = charset.decode(answer.body, answer.header("Content-Type"))
    rule = is_cut(answer, decoded.text, page, previous)
    if rule:
        return _cut(rule)
    if decoded.damaged and (page is None or _newly_damaged(page, previous)):
        detail = "Die Umlaute der Seite sind beschädigt."
        return Verdict(outcome=Outcome.CHARSET, rule="letters-damaged", detail=detail)
    if page is not None and page.kind is PageKind.FEED:
        return _OK
    similarity = _similarity(page, previous)
    if similarity < _KEPT:
        verdict = _stand_in(answer, decoded.text, page) or _without_text(decoded.text, page, previous)
        if verdict is not None:
            return verdict
    if page is None:
        return Verdict(outcome=Outcome.FAILED, rule="unreadable", detail="Die Seite ließ sich nicht lesen.")
    return _suspicion(page, previous, similarity) or _OK


def _newly_damaged(page: Page, previous: Page | None) -> bool:
    """True where the reader sees the damage, and did not see it last time."""
    return charset.damaged(page.text) and not (previous is not None and charset.damaged(previous.text))


def _stand_in(answer: Answer, markup: str, page: Page | None) -> Verdict | None:
    main = page.text if page is not None and page.blocks else visible_text(markup)
    titles = tuple(_titles(markup, page))
    for kind in STAND_INS:
        named = any(kind.title.fullmatch(title) for title in titles)
        if kind is LOGIN and not named:
            named = "password" in markup and bool(re.search(r"type\s?=\s?[\"']?password", markup, re.IGNORECASE))
        if kind is MAINTENANCE and answer.header("Retry-After"):
            named = True
        if _speaks(kind, main, named=named):
            return Verdict(outcome=kind.outcome, rule=kind.rule, detail=kind.detail)
    return None


def _speaks(kind: StandIn, main: str, *, named: bool) -> bool:
    """True when a short text says, by title, words or both, that it stands in for the page."""
    if len(main) > (LONG_STAND_IN if named and kind.alone else SHORT):
        return False
    if named and kind.alone and len(main) <= VERY_SHORT:
        return True
    telling = [sentence for sentence in _sentences(main) if kind.text.search(sentence)]
    if not named and kind.dated_is_news:
        telling = [sentence for sentence in telling if not spans(sentence)]
    if named and (telling or (kind.support is not None and kind.support.search(main))):
        return True
    if kind.needs_name or not telling or len(main) > VERY_SHORT:
        return False
    support = kind.support
    if support is not None:
        telling += [s for s in _sentences(main) if s not in telling and support.search(s)]
    return sum(map(len, telling)) >= PHRASE_SHARE * len(main)


def _sentences(main: str) -> Iterator[str]:
    for line in main.splitlines():
        yield from sentences(line)


_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_HEADING = re.compile(r"<h[12]\b[^>]{0,500}>(.{0,500}?)</h[12]", re.IGNORECASE | re.DOTALL)
_TITLE_PARTS = re.compile(r"\s[-–—|·•:»]\s|\s?\|\s?|:\s")
_HEAD_CHARS = 200_000  # where a document's title and first headings stand


def _titles(markup: str, page: Page | None) -> Iterator[str]:
    """Title, first headings and their parts: "Seite nicht gefunden - Berlin.de" has two."""
    head = markup[:_HEAD_CHARS]
    raw = [match[1] for match in _TITLE.finditer(head)][:1]
    raw += [match[1] for match in _HEADING.finditer(head)][:3]
    texts = [visible_text(text) for text in raw]
    if page is not None:
        texts.append(page.title)
        texts += [block.text for block in page.blocks[:3] if block.kind is BlockKind.HEADING]
    for text in texts:
        whole = squash(text)
        yield whole
        yield from (part.strip() for part in _TITLE_PARTS.split(whole)[:6])


_SHELL = re.compile(
    r"<(?:div|main|section)\b[^>]{0,200}\bid\s?=\s?[\"']?(?:root|app|__next|__nuxt|react-\w+|application|main-app)\b"
    r"|<(?:app|ng|my)-[a-z-]{1,30}\b|\bng-app\b",
    re.IGNORECASE,
)


def _without_text(markup: str, page: Page | None, previous: Page | None) -> Verdict | None:
    if page is not None and (page.blocks or page.notices or page.attachments):
        return None
    seen = squash(visible_text(markup))
    if seen and (page is None or previous is None or not previous.blocks):
        return None  # unreadable, a picture with a heading, or text that stands where no rule looks
    if "<script" in markup.lower() and _SHELL.search(markup):
        return Verdict(
            outcome=Outcome.WALL, rule="javascript-shell", detail="Die Seite zeigt ihren Inhalt nur mit JavaScript."
        )
    return Verdict(outcome=Outcome.EMPTY, rule="no-text", detail="Die Seite enthielt keinen Text.")


_TELLING = re.compile(r"[^\W\d_]{6,}")  # long words carry the matter of a German text; short ones are in every text


def _telling_words(page: Page) -> frozenset[str]:
    return frozenset(word.lower() for block in page.blocks for word in _TELLING.findall(block.text))


def _similarity(page: Page | None, previous: Page | None) -> float:
    """Share of telling words that two pages have in common, 0…1; 0 where there is nothing to compare."""
    if page is None or previous is None:
        return 0.0
    now, then = _telling_words(page), _telling_words(previous)
    if not now or not then:
        return 0.0
    return 2 * len(now & then) / (len(now) + len(then))


def _suspicion(page: Page, previous: Page | None, similarity: float) -> Verdict | None:
    if previous is None or previous.kind is PageKind.FEED:
        return None
    size, size_before = _size(page), _size(previous)
    if size_before < WORTH_COMPARING:
        return None
    if size < SHRUNK * size_before:
        share = round(100 * size / size_before)
        return Verdict(outcome=Outcome.SUSPECT, rule="shrunk", detail=f"Nur noch {share} % des Textes sind da.")
    retitled = fuzz.ratio(fold(page.title), fold(previous.title)) < SAME_TITLE
    if similarity < REPLACED and retitled:
        return Verdict(outcome=Outcome.SUSPECT, rule="replaced", detail="Titel und Text sind ganz andere als zuvor.")
    return None


def _size(page: Page) -> int:
    return sum(len(block.text) for block in page.blocks)
