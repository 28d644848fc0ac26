"""The judgement of an answer: is this the page, or something that stands in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from extractors import charset, signs, stand_in
from extractors.linked import is_only_links
from extractors.markup import visible_text
from extractors.model import FOREIGN_PAGE, Answer, Block, BlockKind, Hints, Outcome, Page, PageKind
from extractors.phrases import BLOCKED, MAINTENANCE, NOT_FOUND, SCRIPT, StandIn
from extractors.stand_in import SHORT, is_furniture, kinds_of, titles_of
from extractors.text import fold, squash
from extractors.wholeness import is_cut

# After EDGI's practice with government pages: a cut below this share of the text is first taken for an accident.
SHRUNK = 0.3
REPLACED = 0.2  # share of telling words two texts have in common; another page of the same office has up to 0.15
SAME_TITLE = 60  # rapidfuzz ratio from which two titles are one, edited
WORTH_COMPARING = 200  # characters; below, a third is a word or two
_KEPT = 0.5  # share of telling words from which the page is the one we know, whatever else was put on it
_UNTOUCHED = 0.8  # part of the old text from which an error's title was put above a page that is there. Our choice.


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
    verdict = by_head(answer) or _by_status(answer)
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


def by_head(answer: Answer) -> Verdict | None:
    """What the head alone settles: that the protection in front of a site answered."""
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
        part for part in titles_of(text, None) if not re.match(r"\d{3}|forbidden|service|too many", part, re.IGNORECASE)
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
    if similarity < _KEPT or _gave_way(decoded.text, page, previous):
        verdict = _stand_in(answer, decoded.text, page, previous) or _without_text(
            answer.uri, decoded.text, page, previous
        )
        if verdict is not None:
            return verdict
    if page is None:
        return Verdict(outcome=Outcome.FAILED, rule="unreadable", detail="Die Seite ließ sich nicht lesen.")
    return _foreign(decoded.text, page, previous, similarity) or _suspicion(page, previous, similarity) or _OK


def _gave_way(markup: str, page: Page | None, previous: Page | None) -> bool:
    """True where the title says that there is no such page, as it did not before, and part of the old text is gone.

    Name and address, which a template puts beside every text, may be half of the words of a short page.
    """
    if page is None or previous is None or sum(len(block.text) for block in _own(page)) > SHORT:
        return False
    said = {fold(block.text) for block in page.blocks}
    before = [block.text for block in _own(previous) if block.kind is not BlockKind.HEADING]
    if sum(len(text) for text in before if fold(text) in said) >= _UNTOUCHED * sum(map(len, before)):
        return False
    return NOT_FOUND in kinds_of(titles_of(markup, page)) - kinds_of(titles_of("", previous))


def _newly_damaged(page: Page, previous: Page | None) -> bool:
    """True where the reader sees the damage, and did not see it last time."""
    return charset.damaged(page.text) and not (previous is not None and charset.damaged(previous.text))


def _stand_in(answer: Answer, markup: str, page: Page | None, previous: Page | None) -> Verdict | None:
    kind = stand_in.find(answer, markup, page, previous)
    return Verdict(outcome=kind.outcome, rule=kind.rule, detail=_detail(kind, markup, answer.uri)) if kind else None


def _detail(kind: StandIn, markup: str, uri: str) -> str:
    ways = signs.ways_out(markup, uri) if kind is SCRIPT else ""
    return f"{kind.detail} Ohne JavaScript lesbar: {ways}." if ways else kind.detail


_FRAME_ONLY = 300  # characters that may be read from a frame whose main element is empty; our choice


def _without_text(uri: str, markup: str, page: Page | None, previous: Page | None) -> Verdict | None:
    if page is not None and _size(page) > SHORT:
        return None
    seen = squash(visible_text(markup))
    if signs.is_loading(markup, seen):
        return _shell(markup, uri)
    said = page.text if page is not None and page.blocks else seen
    if signs.is_unfilled(said):
        return Verdict(
            outcome=Outcome.EMPTY, rule="unfilled", detail="Die Seite enthielt nur die Marken ihrer Vorlage."
        )
    if not _is_empty(markup, said, page, previous):
        return None
    if signs.is_shell(markup, seen):
        return _shell(markup, uri)
    return Verdict(outcome=Outcome.EMPTY, rule="no-text", detail="Die Seite enthielt keinen Text.")


def _is_empty(markup: str, said: str, page: Page | None, previous: Page | None) -> bool:
    """True where nothing was read, and not because of a page that is a picture or text where no rule looks."""
    if len(said) <= _FRAME_ONLY and signs.has_empty_main(markup):
        return True
    if page is not None and (page.notices or page.attachments):
        return False
    if page is not None and page.blocks:
        return all(is_furniture(block) for block in page.blocks)
    return not said or (page is not None and previous is not None and bool(previous.blocks))


def _shell(markup: str, uri: str) -> Verdict:
    return Verdict(outcome=Outcome.WALL, rule="javascript-shell", detail=_detail(SCRIPT, markup, uri))


_TELLING = re.compile(r"[^\W\d_]{6,}")  # long words carry the matter of a German text; short ones are in every text


def _own(page: Page) -> Sequence[Block]:
    """What a page says without links alone: a menu in its text is on the site's error page too. All, if that is all."""
    return [block for block in page.blocks if not is_only_links(block)] or page.blocks


def _telling_words(page: Page) -> frozenset[str]:
    return frozenset(word.lower() for block in _own(page) for word in _TELLING.findall(block.text))


def _similarity(page: Page | None, previous: Page | None) -> float:
    """Share of telling words that two pages have in common, 0…1; 0 where there is nothing to compare."""
    if page is None or previous is None:
        return 0.0
    if page.blocks and page.blocks == previous.blocks:
        return 1.0
    now, then = _telling_words(page), _telling_words(previous)
    if not now or not then:
        return 0.0
    return 2 * len(now & then) / (len(now) + len(then))


def _foreign(markup: str, page: Page, previous: Page | None, similarity: float) -> Verdict | None:
    """A short text under another title from which the site's whole frame has gone: another server speaks."""
    if previous is None or similarity >= REPLACED or len(previous.links) < signs.FRAME_LINKS:
        return None
    if _size(page) > SHORT or not signs.is_bare(markup):
        return None
    kept = {link.uri for link in page.links} & {link.uri for link in previous.links}
    if len(kept) > 1 or not _retitled(page, previous):
        return None
    detail = "Statt der Seite kam eine fremde ohne die Wege der Website."
    return Verdict(outcome=Outcome.SUSPECT, rule=FOREIGN_PAGE, detail=detail)


def _retitled(page: Page, previous: Page) -> bool:
    return fuzz.ratio(fold(page.title), fold(previous.title)) < SAME_TITLE


def _suspicion(page: Page, previous: Page | None, similarity: float) -> Verdict | None:
    if previous is None or previous.kind is PageKind.FEED:
        return None
    size, size_before = _size(page), _size(previous)
    if size_before < WORTH_COMPARING:
        return None
    if size < SHRUNK * size_before:
        share = round(100 * size / size_before)
        return Verdict(outcome=Outcome.SUSPECT, rule="shrunk", detail=f"Nur noch {share} % des Textes sind da.")
    if similarity < REPLACED and _retitled(page, previous):
        return Verdict(outcome=Outcome.SUSPECT, rule="replaced", detail="Titel und Text sind ganz andere als zuvor.")
    return None


def _size(page: Page) -> int:
    return sum(len(block.text) for block in page.blocks)
