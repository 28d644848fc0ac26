"""One answer in, one reading out: what came back, whether it is the page at all, and what a reader sees on it."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

from extractors import address, charset, drift, edition, html, installed, office, pages
from extractors.html import Refusal
from extractors.judge import Verdict, judge
from extractors.model import Answer, Hints, Outcome, Page, PageKind, Reading
from extractors.pages import feed
from extractors.pdf import Unreadable, file_name, read_pdf
from extractors.pdfmark import Engine, is_pdf

_SNIFFED_BYTES = 4_096
READ = "read"  # the judge's rule for a page that there is nothing to say about
_HTML_SIGNS = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|main|div|h[1-6]|p|table|ul|script)\b", re.IGNORECASE
)
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_UNREADABLE = {
    "encrypted": "Das PDF ist verschlüsselt; sein Inhalt kann nicht verglichen werden.",
    "scan": "Das PDF enthält keinen lesbaren Text, ist etwa eingescannt; sein Inhalt kann nicht verglichen werden.",
    "broken": "Das PDF ist beschädigt; sein Inhalt kann nicht verglichen werden.",
    "too-long": "Das PDF ist zu umfangreich; sein Inhalt kann nicht verglichen werden.",
    "too-complex": "Das PDF lässt sich nicht auswerten; sein Inhalt kann nicht verglichen werden.",
}
_OFFICE = "Der Inhalt von Dateien aus Word, LibreOffice und ähnlichen Programmen kann nicht verglichen werden."


def read(answer: Answer, hints: Hints) -> Reading:
    """Judge and read one answer; pure and deterministic.

    Never raises, whatever the bytes are: what no rule foresaw is an outcome too, ``failed`` with the rule
    ``reader-error``, and costs one page.
    """
    try:
        return _read(answer, hints)
    except MemoryError:
        detail = "Die Seite braucht beim Lesen zu viel Speicher."
        return Reading(outcome=Outcome.FAILED, rule="reader-memory", detail=detail)
    except Exception as problem:  # noqa: BLE001 - bytes from strangers meet four parsers here; the crawl must go on
        detail = f"Die Seite ließ sich nicht lesen ({type(problem).__name__})."
        return Reading(outcome=Outcome.FAILED, rule="reader-error", detail=detail)


def _read(answer: Answer, hints: Hints) -> Reading:
    if not 200 <= answer.status < 300 or not answer.body.strip():
        return _judged(answer, None, hints)
    answer = replace(answer, body=feed.unpacked(answer.body))
    if is_pdf(answer.body):
        return _read_document(answer, hints)
    if office.is_office(answer.body, answer.uri):
        return _by_bytes(answer, "office", "office-file", _OFFICE, hints)
    media_type = answer.header("Content-Type").partition(";")[0].strip().lower()
    if feed.is_feed(answer.body):
        return _finish(answer, feed.read(answer.body, answer.uri), hints)
    wanted_document = media_type == "application/pdf" or address.is_document(answer.uri)
    if _is_html(answer.body, media_type):
        return _read_html(answer, hints, wanted_document=wanted_document)
    return _not_a_page(media_type, wanted_document=wanted_document)


def _not_a_page(media_type: str, *, wanted_document: bool) -> Reading:
    if wanted_document:
        return Reading(
            outcome=Outcome.FAILED, rule="not-document", detail="Unter der Adresse des Dokuments liegt keines."
        )
    kind = media_type or "ohne Angabe einer Art"
    return Reading(outcome=Outcome.FAILED, rule="not-html", detail=f"Unter der Adresse liegt keine Webseite ({kind}).")


def _is_html(body: bytes, media_type: str) -> bool:
    """The bytes decide: servers call a page plain text, and an image a page."""
    start = body[:_SNIFFED_BYTES]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.replace(b"\x00", b"")
    if _HTML_SIGNS.search(start):
        return True
    return media_type in _HTML_TYPES and b"\x00" not in start


def _read_html(answer: Answer, hints: Hints, *, wanted_document: bool) -> Reading:
    decoded = charset.decode(answer.body, answer.header("Content-Type"))
    tree = html.parse(decoded.text, decoded.utf8)
    if isinstance(tree, Refusal):
        return _finish(answer, tree, hints)
    page = pages.read(tree, answer.uri, hints) if tree is not None else None
    reading = _finish(answer, page, hints)
    if isinstance(page, Refusal) and page.rule == installed.RULE:
        return _stand_in(answer, decoded.text, hints) or reading
    if reading.outcome.good and reading.page is not None and (name := pages.lost(reading.page, hints)):
        detail = (
            f"Das Seitenobjekt „{name}“ erkennt die Seite nicht mehr; anders gelesen gilt sie erst beim zweiten Mal."
        )
        return replace(reading, outcome=Outcome.SUSPECT, rule=installed.RULE, detail=detail)
    if wanted_document and reading.outcome.good:
        detail = "Unter der Adresse des Dokuments liegt eine Webseite."
        return Reading(outcome=Outcome.FAILED, rule="html-for-document", detail=detail, page=reading.page)
    if hints.main and reading.outcome.good and reading.page is not None and not _selected(reading.page):
        detail = f"Auf der Seite gibt es nichts, worauf main = {list(hints.main)} zutrifft."
        return Reading(outcome=Outcome.FAILED, rule="selector-empty", detail=detail, page=reading.page)
    return reading


def _stand_in(answer: Answer, text: str, hints: Hints) -> Reading | None:
    """What answered instead of the page, where a page object failed: an error page in the site's own layout, say."""
    tree = html.parse(text)
    page = pages.read(tree, answer.uri, Hints(extractor="generic")) if isinstance(tree, html.Element) else None
    reading = _finish(answer, page, hints)
    return None if reading.outcome in (Outcome.OK, Outcome.SUSPECT) else replace(reading, page=None)


def _selected(page: Page) -> bool:
    return bool(page.attachments) or any(block.rule == pages.SELECTOR_RULE for block in page.blocks)


def _read_document(answer: Answer, hints: Hints) -> Reading:
    engines = tuple(Engine) if hints.pdf_engines is None else tuple(Engine(name) for name in hints.pdf_engines)
    try:
        page = read_pdf(answer, engines)
    except Unreadable as problem:
        detail = _UNREADABLE.get(problem.reason, problem.detail or _UNREADABLE["broken"])
        return _by_bytes(answer, "pdf", f"pdf-{problem.reason}", detail, hints)
    reading = _finish(answer, page, hints)
    if reading.rule != READ or page.file is None or not page.file.pictures:
        return reading
    detail = (
        f"{page.file.pictures} von {page.file.sheets} Seiten des PDF sind nur Bilder; verglichen wird der übrige Text."
    )
    return replace(reading, rule="pdf-part-scan", detail=detail)


def _by_bytes(answer: Answer, extractor: str, rule: str, detail: str, hints: Hints) -> Reading:
    """A document without readable text is still a document: its bytes tell whether it changed (design §4.6)."""
    digest = "sha256:" + sha256(answer.body).hexdigest()
    page = Page(
        uri=answer.uri,
        title=file_name(answer.uri),
        kind=PageKind.DOCUMENT,
        identity=digest,
        extractor=extractor,
    )
    verdict = judge(answer, page, hints)
    if verdict.outcome.good:
        verdict = Verdict(outcome=verdict.outcome, rule=rule, detail=detail)
    return _reading(verdict, page, hints)


def _finish(answer: Answer, page: Page | Refusal | None, hints: Hints) -> Reading:
    if isinstance(page, Refusal):
        return Reading(outcome=Outcome.FAILED, rule=page.rule, detail=page.detail)
    return _judged(answer, page, hints)


def _judged(answer: Answer, page: Page | None, hints: Hints) -> Reading:
    return _reading(_drifted(judge(answer, page, hints), page, hints.previous), page, hints)


def _drifted(verdict: Verdict, page: Page | None, previous: Page | None) -> Verdict:
    """What a good page shows beside a changed text is part of the judgement: nothing moves without being recorded."""
    if verdict.rule != READ or page is None or previous is None:
        return verdict
    found = drift.drift(previous, page)
    return verdict if found is None else Verdict(outcome=verdict.outcome, rule=found.rule, detail=found.detail)


def _reading(verdict: Verdict, page: Page | None, hints: Hints) -> Reading:
    if page is not None:  # a plug-in's page object has a version of its own, which counts as well
        page = replace(page, extractor_version=edition.stamp(hints, page.extractor_version))
    return Reading(outcome=verdict.outcome, rule=verdict.rule, detail=verdict.detail, page=page)
