"""What the markup around a text says of it: names of classes, forms, buttons, scripts, and ways round a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from extractors.markup import visible_text
from extractors.patterns import Pattern
from extractors.phrases import BLOCKED, BROKEN, CONSENT, LOGIN, MAINTENANCE, NOT_FOUND, WAITING, StandIn, either

_HEAD_CHARS = 200_000  # of the markup: what stands in for a page is small
# Links of a whole site's frame; a page that a proxy or a program made has a hand's breadth of them. Our choice.
FRAME_LINKS = 8

_LABELLED = re.compile(
    r"<(?:html|body|main|article|section|div|form|h1)\b[^>]{0,300}?\b(?:class|id)\s?=\s?(?:\"([^\"]{1,200})\""
    r"|'([^']{1,200})'|([^\s>]{1,80}))",
    re.IGNORECASE,
)
# Whole names that content management systems and gateways give to what is not the page.
_LABELS: tuple[tuple[StandIn, Pattern], ...] = (
    (
        NOT_FOUND,
        either(r"(?:page-?|error-?|status-?|http-?|tx-)?-?404(?:-?page)?|(?:page-?)?not-?found(?:-page)?|error404"),
    ),
    (
        MAINTENANCE,
        either(r"(?:in-)?maintenance(?:-(?:page|mode))?|wartung(?:sseite|smodus)?|offline-page|site-offline"),
    ),
    (
        BROKEN,
        either(
            r"(?:typo3-)?error-?page(?:-container)?|fehlerseite|server-?error|error-?50[0-4]"
            r"|wp-die-message"
        ),
    ),
    (
        BLOCKED,
        either(
            r"captcha-(?:container|page|box)|cf-(?:error-details|browser-verification|wrapper)|block-?page"
            r"|challenge-(?:form|container|running|error-text)|access-denied|cf-turnstile|px-captcha"
        ),
    ),
    (LOGIN, either(r"kc-(?:form-login|login|header)|login-?(?:page|pf|wall|form-page)|page-login|j_security_check")),
    (WAITING, either(r"queue-it.{0,20}|waiting-?room|warteraum")),
    (CONSENT, either(r"consent-?(?:wall|page)|cookie-?wall")),
)
_PASSWORD = re.compile(r"<input\b[^>]{0,300}\btype\s?=\s?[\"']?password", re.IGNORECASE)
_AGREE = either(
    r"\balle (?:cookies )?(?:akzeptieren|annehmen|zulassen|ablehnen)\b|\balles akzeptieren\b|\b(?:accept|reject"
    r"|allow) all\b",
    r"\beinverstanden\b|\b(?:zustimmen|einwilligen|akzeptieren) und (?:weiter|fortfahren)\b|\b(?:accept"
    r"|agree) and continue\b",
    r"\bnur (?:notwendige|essenzielle|erforderliche)\b|\bauswahl (?:erlauben|bestätigen)\b"
    r"|\bconfirm my choices\b|\bich stimme zu\b"
    r"|\bnecessary cookies only\b|\bcookies zulassen\b|\balle auswählen\b|\bauswahl speichern\b|(?:^"
    r"|\n)(?:zustimmen|akzeptieren|accept|agree)(?:\n|$)|\bi agree\b",
)
# Each of these has one of these words; looking for them takes a tenth of the time of reading what is visible.
_AGREEING = (
    "akzeptieren", "annehmen", "zulassen", "ablehnen", "inverstanden", "stimme", "einwilligen", "notwendige",
    "essenzielle", "erforderliche", "auswahl", "alle ausw", "accept", "reject", "allow", "agree", "confirm",
    "necessary",
)  # fmt: skip
_SHELL = re.compile(
    r"<(?:div|main|section)\b[^>]{0,200}\bid\s?=\s?[\"']?(?:root|app|__next|__nuxt|react-\w+|application|main-app)\b"
    r"|<(?:app|ng|my)-[a-z-]{1,30}\b|\bng-app\b",
    re.IGNORECASE,
)
_LOADING = either(
    r"\b(?:wird|werden) geladen\b|^loading|\blädt\b|^laden|\bbitte warten\b|\bplease wait\b|\bmoment\b|\baugenblick\b"
)
_LINK = re.compile(r"<(?:a|area|link)\b([^>]{1,600})>", re.IGNORECASE)
_ANCHOR = re.compile(r"<a\s[^>]{0,600}\bhref\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(href|rel|type|media)\s?=\s?(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_PRINTED = re.compile(r"\b(?:print|druck\w{0,10})\b")
_MAIN = re.compile(r"<main\b[^>]{0,300}>(.*?)</main", re.IGNORECASE | re.DOTALL)
_FILLED = re.compile(
    r"\blorem ipsum\b[^.]{0,600}|\{\{.{0,80}?\}\}|\[\[.{0,80}?\]\]|\{%.{0,80}?%\}|#{3}.{0,60}?#{3}|\b(?:null"
    r"|undefined|nan)\b"
    r"|\[object object\]",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]")


def labelled(markup: str) -> frozenset[StandIn]:
    """The kinds of stand-in that a class or id of the document's outer elements names."""
    names = {
        name.lower()
        for match in _LABELLED.finditer(markup[:_HEAD_CHARS])
        for name in (match[1] or match[2] or match[3]).split()
    }
    return frozenset(kind for kind, label in _LABELS if any(label.fullmatch(name) for name in names))


def asks_for_password(markup: str) -> bool:
    """True where a form wants a password."""
    return "password" in markup and _PASSWORD.search(markup[:_HEAD_CHARS]) is not None


def asks_for_consent(markup: str) -> bool:
    """True where the visible text, of the main element if there is one, offers to agree or to refuse.

    A banner beside a page's main element is on every page of a site.
    """
    lowered = markup.lower()
    if not any(word in lowered for word in _AGREEING):  # what is nowhere in the markup is not to be seen either
        return False
    main = _MAIN.search(markup)
    return _AGREE.search(visible_text(main[1] if main else markup)) is not None


def is_bare(markup: str) -> bool:
    """True where the document has hardly a link: no site's frame is around its text."""
    return sum(1 for _ in zip(_ANCHOR.finditer(markup), range(FRAME_LINKS), strict=False)) < FRAME_LINKS


def is_shell(markup: str, seen: str) -> bool:
    """True where scripts are to fill the page: an empty place for them, or nothing to read but that it is loading."""
    if "<script" not in markup.lower():
        return False
    return _SHELL.search(markup) is not None or _LOADING.search(seen) is not None


def is_loading(markup: str, seen: str) -> bool:
    """True where all there is to read is that scripts are at work."""
    return "<script" in markup.lower() and len(seen) <= 120 and _LOADING.search(seen) is not None


def has_empty_main(markup: str) -> bool:
    """True where the document says which part is its main one, and that has neither text nor a picture."""
    match = _MAIN.search(markup)
    if match is None or re.search(
        r"<(?:img|iframe|video|object|embed|picture|canvas"
        r"|svg)\b",
        match[1],
        re.IGNORECASE,
    ):
        return False
    return not _LETTERS.search(
        re.sub(
            r"<noscript.{0,2000}?</noscript|<script.{0,20000}?</script|<[^>]{0,2000}>|&nbsp;",
            " ",
            match[1],
            flags=re.DOTALL,
        )
    )


def is_unfilled(text: str) -> bool:
    """True where a text is mostly the marks that a template puts where its text should be."""
    marks = sum(len(match[0]) for match in _FILLED.finditer(text))
    return bool(marks) and 2 * marks > len(text)


def ways_out(markup: str, base: str) -> str:
    """The addresses at which a page that needs scripts may be read without them, in German; "" if it offers none."""
    found: dict[str, str] = {}
    for name, uri in _offers(markup, base):
        found.setdefault(name, uri)
    return "; ".join(f"{name}: {uri}" for name, uri in found.items())


def _offers(markup: str, base: str) -> Iterator[tuple[str, str]]:
    for match in _LINK.finditer(markup[:_HEAD_CHARS]):
        found = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(match[1])}
        href = found.get("href", "")
        if not href or href.startswith(("#", "javascript:", "mailto:")):
            continue
        uri, path = urljoin(base, href), href.lower()
        relation, kind = found.get("rel", "").lower(), found.get("type", "").lower()
        if "rss" in kind or "atom" in kind or re.search(r"\b(?:rss|feed|atom)\b", path):
            yield "Feed", uri
        elif "sitemap" in relation or "sitemap" in path:
            yield "Sitemap", uri
        elif relation != "stylesheet" and ("print" in found.get("media", "").lower() or _PRINTED.search(path)):
            yield "Druckfassung", uri
