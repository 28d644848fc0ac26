"""A federal ministry on the Government Site Builder: session ids in links, parameters on everything, a service column."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

import re
from html import escape

from benchmarks.alert_quality.content import Article, File, Teasers
from benchmarks.alert_quality.markup.body import body, links, plain_entry
from benchmarks.alert_quality.place import Fetch, Place

_META = ("English", "Leichte Sprache", "Gebärdensprache", "Kontakt", "Newsletter", "RSS", "Suche")
_THEMES = (
    "Handwerk und Mittelstand", "Rohstoffe", "Außenhandel", "Messewesen", "Digitale Märkte", "Normung und Messen",
    "Gründung", "Fachkräfte", "Raumfahrt", "Maritimes", "Verbraucherpreise", "Vergaberecht", "Kartellrecht",
)  # fmt: skip


def render(place: Place, article: Article, fetch: Fetch) -> str:
    """The whole page. A place whose ``dress`` is :func:`with_session` carries session ids."""
    return f"""<!doctype html>
<html lang="de">
<head>
<base href="{fetch.base}/"/>
<meta charset="utf-8"/>
<title>{escape(place.owner)} - {escape(article.title)}</title>
<meta name="generator" content="Government Site Builder"/>
<meta name="title" content="{escape(article.title)}"/>
<meta name="viewport" content="width=device-width, initial-scale=1.0"/>
<link rel="canonical" href="{fetch.base}{article.path}"/>
<link rel="copyright" href="/Portal/Impressum/impressum.html" type="text/html" title="Impressum"/>
<link rel="stylesheet" href="/SiteGlobals/Frontend/Styles/normalize.css?v={fetch.count % 7}" media="all"/>
<link rel="stylesheet" href="/SiteGlobals/Frontend/Styles/small.css?v={fetch.count % 5}" media="all"/>
</head>
<body class="gsb {"startseite" if article.path == place.start else "contenttype--Standardseite"} js-off" id="nr{fetch.count}">
<div id="wrapperOuter" class="wrapperOuter"><div id="wrapperInner" class="wrapperInner">
<p id="Start" class="navSkip"><em>Navigation und Service</em></p>
<div id="navAccess"><h2>Springe direkt zu:</h2><ul><li><a href="#content">Inhalt</a></li>
<li><a href="#navPrimary">Hauptmenü</a></li><li><a href="#search">Suche</a></li></ul></div>
<header class="header" role="banner">
<div class="logo"><a href="{place.start}"><img src="/SiteGlobals/Frontend/Images/logo.svg" alt="{escape(place.owner)}"/></a></div>
<div id="navServiceMeta"><h2>Servicemenü</h2><ul>{links([(name, _meta(name)) for name in _META])}</ul></div>
<form name="searchService" action="/SiteGlobals/Forms/Suche/Servicesuche_Formular.html" method="get">
<input type="hidden" name="nn" value="{100000 + fetch.count}"/><input type="hidden" name="resourceId" value="18264"/>
<label for="search">Suchbegriff</label><input id="search" name="templateQueryString" type="text"/></form>
<nav id="navPrimary" aria-label="Hauptmenü"><ul>{links(place.nav)}{links([(name, _theme(name)) for name in _THEMES])}</ul></nav>
</header>
{_boxes(place, article)}
<div id="main" class="{"main-v2" if place.template == 2 else "main"}">
<div id="breadcrumb"><h2 class="aural">Sie sind hier:</h2><ol><li><a href="{place.start}">Startseite</a></li>
<li><strong>{escape(article.title)}</strong></li></ol></div>
{_content(place, article)}
<div id="supplement" role="complementary"><div class="box toolbox"><h2>Diese Seite</h2><ul>
<li><a class="print" href="{article.path}?view=renderPrint">Drucken</a></li>
<li><a class="mail" href="mailto:?subject={escape(article.title)}">Empfehlen</a></li></ul></div>
<div class="box kontakt"><h2>Ansprechperson</h2><p>{escape(place.person)}</p></div></div>
</div>
<footer class="footer" role="contentinfo"><h2 class="aural">Fußbereich</h2>
<ul>{"".join(f"<li>{escape(line)}</li>" for line in place.foot)}
<li><a href="/Portal/Impressum/impressum.html">Impressum</a></li>
<li><a href="/Portal/Datenschutz/datenschutz.html">Datenschutz</a></li>
<li>© {escape(place.owner)} 2024</li></ul></footer>
</div></div>
<script src="/SiteGlobals/Frontend/JavaScript/init/global.js?v={fetch.count % 11}"></script>
<!-- Seite erzeugt: {fetch.now:%Y-%m-%d %H:%M}:{fetch.count % 60:02d} auf Knoten {fetch.count % 3} -->
</body></html>
"""


def _content(place: Place, article: Article) -> str:
    press = (
        f'<p class="dateline"><span class="value">{escape(article.press_line)}</span></p>' if article.press_line else ""
    )
    text = body(place, article.parts, _file, _teasers)
    if place.template == 2:
        return (
            f'<main id="content" class="l-content"><article class="c-article"><header><h1 class="c-article__title">'
            f'<span>{escape(article.title)}</span></h1>{press}</header><div class="c-richtext">{text}</div></article></main>'
        )
    return f'<div id="content" class="content" role="main"><h1 class="isFirstInSlot">{escape(article.title)}</h1>{press}{text}</div>'


def _boxes(place: Place, article: Article) -> str:
    return "".join(
        f'<div class="c-banner c-banner--hinweis" role="region" aria-label="Hinweis"><h2>{escape(box.title)}</h2>'
        + "".join(f"<p>{escape(line)}</p>" for line in box.paragraphs)
        + "</div>"
        for box in place.shows_boxes(article.path)
    )


def _file(place: Place, file: File) -> str:
    return (
        f'<div class="publication"><p><a class="downloadLink" href="{file.path}?__blob=publicationFile" '
        f'title="{escape(file.label)} (Öffnet neues Fenster)">{escape(file.label)}</a> '
        f'<span class="docinfo">(PDF, {place.size(file.path)}, nicht barrierefrei)</span></p></div>'
    )


def _teasers(part: Teasers) -> str:
    rows = "".join(f'<div class="teaser type-1 row">{plain_entry(entry)}</div>' for entry in part.entries)
    pages = "".join(f'<li><a href="?gtp=18264_list%253D{at}">{at}</a></li>' for at in range(1, part.count + 1))
    return f'<div class="searchresult">{rows}</div>' + (
        f'<div class="navIndex"><ul>{pages}</ul></div>' if part.count > 1 else ""
    )


def _meta(name: str) -> str:
    return f"/Portal/DE/{_slug(name)}/{_slug(name)}.html"


def _theme(name: str) -> str:
    return f"/Portal/Themen/{_slug(name)}/{_slug(name)}.html"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z]+", "-", name.lower().replace("ä", "ae").replace("ü", "ue").replace("ö", "oe")).strip("-")


_NODE = "?nn=18264"


def with_session(html: str, fetch: Fetch) -> str:
    """Every link of the site carries the session's id, and many the number of the node they were reached from."""
    return re.sub(
        r'(<a [^>]*href=")(/[^"?#;]*\.html)(\?[^"#]*)?"',
        lambda found: (
            f'{found[1]}{found[2]};jsessionid={fetch.token.upper()}.live{fetch.count % 9}{found[3] or _NODE}"'
        ),
        html,
    )
