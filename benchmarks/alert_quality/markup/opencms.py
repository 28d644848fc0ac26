"""A county on OpenCms: sober federal look, accordions, a contact box of its own for each page, sizes of files in the text."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from benchmarks.alert_quality.content import Article, File, Head, Part, Teasers
from benchmarks.alert_quality.markup.body import body, links, plain_entry
from benchmarks.alert_quality.place import Fetch, Place

CONTACT = "Kontakt"  # what follows this heading on a page stands in its contact box
_MENU = ("Landkreis", "Politik", "Verkehr", "Umwelt", "Schule", "Wirtschaft", "Tourismus")
_SERVICE = ("Leichte Sprache", "Gebärdensprache", "Stellenangebote", "Bekanntmachungen")


def render(place: Place, article: Article, fetch: Fetch) -> str:
    """The whole page; template 2 shows sections instead of accordions."""
    text, contact = _parted(article.parts)
    return f"""<!DOCTYPE html>
<html lang="de" class="noscript">
<head>
<title>{escape(place.owner)} | {escape(article.title)}</title>
<meta charset="UTF-8">
<meta http-equiv="X-UA-Compatible" content="IE=edge">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<meta name="dcterms.title" content="{escape(article.title)}">
<link rel="stylesheet" href="/export/system/modules/county.theme/css/style-v{place.template}.css?{fetch.token[:8]}">
<script>var __pageInfo = {{"context":"/","locale":"de","project":"online","requestId":"{fetch.token}"}};</script>
</head>
<body class="opencms-page">
<div id="mercury-page">
<ul class="sr-only-focusable"><li><a href="#inhalt">Zum Inhalt springen</a></li><li><a href="#suche">Zur Suche springen</a></li></ul>
<header class="area-header"><div class="kopfleiste"><ul>{links([(name, _portal(name)) for name in _SERVICE])}</ul></div>
<div class="wappen"><a href="/"><img src="/export/sites/kreis/.galleries/bilder/wappen.svg" alt="Wappen"><span>{escape(place.owner)}</span></a></div>
<form id="suche" action="https://portal.example.org/suche" role="search"><label for="q">Suchbegriff</label><input id="q" name="q" type="text"></form>
<nav class="nav-main-container" aria-label="Hauptnavigation"><ul class="nav-main-items">{links(place.nav)}{links([(name, _portal(name)) for name in _MENU])}</ul></nav></header>
<div class="row-breadcrumb"><ul class="nav-breadcrumb">{links([("Startseite", "/"), *article.crumbs])}<li class="currentpage"><span>{escape(article.title)}</span></li></ul></div>
{_notes(place, article)}
<main class="area-content area-wide"><div class="container"><div class="row">
<div class="col-lg-9" id="inhalt">{_content(place, article, text)}</div>
{_contact(place, contact)}
</div></div></main>
<footer class="area-foot"><div class="container">{"".join(f"<p>{escape(line)}</p>" for line in place.foot)}
<ul class="linksequence">{links([(name, _portal(name)) for name in ("Impressum", "Datenschutz", "Barrierefreiheit")])}</ul></div></footer>
</div>
<script src="/export/system/modules/county.theme/js/main.js?{fetch.token[8:16]}" defer></script>
<!-- OpenCms, Knoten {fetch.count % 2 + 1}, {fetch.now:%d.%m.%Y %H:%M}:{fetch.count % 60:02d} -->
</body>
</html>
"""


def _parted(parts: Sequence[Part]) -> tuple[Sequence[Part], Sequence[Part]]:
    """The parts of the text, and those of the contact box."""
    at = next((at for at, part in enumerate(parts) if part == Head(CONTACT)), len(parts))
    return parts[:at], parts[at + 1 :]


def _content(place: Place, article: Article, parts: Sequence[Part]) -> str:
    day = f'<p class="pull-left date">{escape(article.press_line)}</p>' if article.press_line else ""
    title = f'<div class="type-section heading"><h1>{escape(article.title)}</h1>{day}</div>'
    lead, *folds = _folds(parts)
    first = f'<div class="element type-section piece full">{body(place, lead, _file, _teasers)}</div>'
    if place.template == 2:
        rest = "".join(f'<section class="abschnitt">{body(place, fold, _file, _teasers)}</section>' for fold in folds)
        return f'<article class="inhaltsseite"><header>{title}</header>{first}{rest}</article>'
    return title + first + "".join(_fold(place, fold, at) for at, fold in enumerate(folds))


def _folds(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """What stands before the first heading, then each heading with what it is above of."""
    fold: list[Part] = []
    for part in parts:
        if isinstance(part, Head):
            yield fold
            fold = []
        fold.append(part)
    yield fold


def _fold(place: Place, fold: Sequence[Part], at: int) -> str:
    head, *rest = fold
    assert isinstance(head, Head)
    return (
        f'<div class="element type-tab variant-accordion"><div class="accordion-item"><h2 class="acco-header">'
        f'<button type="button" class="acco-toggle collapsed" data-bs-toggle="collapse" aria-expanded="false" aria-controls="acco-{at}">{escape(head.text)}</button></h2>'
        f'<div id="acco-{at}" class="acco-body collapse">{body(place, rest, _file, _teasers)}</div></div></div>'
    )


def _contact(place: Place, contact: Sequence[Part]) -> str:
    if not contact:
        return ""
    return (
        f'<aside class="col-lg-3 area-aside"><div class="element type-contact"><h3>{CONTACT}</h3>'
        f'<div class="kontaktdaten">{body(place, contact, _file, _teasers)}</div></div></aside>'
    )


def _notes(place: Place, article: Article) -> str:
    return "".join(
        f'<div class="row-hinweis"><div class="container"><h2>{escape(box.title)}</h2>'
        + "".join(f"<p>{escape(line)}</p>" for line in box.paragraphs)
        + "</div></div>"
        for box in place.shows_boxes(article.path)
    )


def _file(place: Place, file: File) -> str:
    return f'<p class="download"><a class="link-pdf" href="{file.path}" target="_blank">{escape(file.label)} (PDF, {place.size(file.path)})</a></p>'


def _teasers(part: Teasers) -> str:
    return (
        '<div class="element type-list">'
        + "".join(f'<div class="list-entry">{plain_entry(entry)}</div>' for entry in part.entries)
        + "</div>"
    )


def _portal(name: str) -> str:
    return f"https://portal.example.org/{name.lower().replace(' ', '-').replace('ä', 'ae')}.html"
