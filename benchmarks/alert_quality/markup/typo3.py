"""A city on TYPO3: content elements with ids, news records with a hash in the address, a contact column."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

from html import escape

from benchmarks.alert_quality.content import Article, File, Teasers
from benchmarks.alert_quality.markup.body import body, links, plain_entry
from benchmarks.alert_quality.place import Fetch, Place

_MENU = (
    ("Aktuell", ("Startseite", "Ausschreibungen", "Notdienste", "Baustellen", "Amtliches")),
    ("Service", ("Fundsachen", "Heiraten", "Formulare", "Sitzungsdienst", "Mitarbeitende von A bis Z")),
    ("Leben", ("Kitas", "Schulen", "Vereine", "Wochenmarkt", "Friedhöfe", "Bäder", "Stadtbücherei")),
    ("Wirtschaft", ("Standort", "Gewerbeflächen", "Breitband", "Innenstadt")),
)


def render(place: Place, article: Article, fetch: Fetch) -> str:
    """The whole page; template 2 is a later theme round the same text."""
    return f"""<!DOCTYPE html>
<html dir="ltr" lang="de-DE" class="no-js">
<head>
<meta charset="{place.charset}">
<!--
	This website is powered by TYPO3 - inspiring people to share!
	TYPO3 is a free open source Content Management Framework initially created by Kasper Skaarhoj and licensed under GNU/GPL.
-->
<title>{escape(article.title)} - {escape(place.owner)}</title>
<meta name="generator" content="TYPO3 CMS">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="og:title" content="{escape(article.title)}">
<link rel="stylesheet" href="/typo3temp/assets/compressed/merged-{fetch.token}.css?{1700000000 + fetch.count}" media="all">
<script src="/_assets/{fetch.token[:8]}/JavaScript/modernizr.js?{1700000000 + fetch.count}"></script>
</head>
<body id="p{article.ident or 17}" class="page-{article.ident or 17} pagelevel-2 language-0 layout-default theme{place.template}">
<div id="top"></div><div class="body-bg body-bg-top">
<a class="visually-hidden-focusable page-skip-link" href="#mainnavigation"><span>Zur Hauptnavigation springen</span></a>
<a class="visually-hidden-focusable page-skip-link" href="#page-content"><span>Zum Inhalt springen</span></a>
<header id="page-header" class="bp-page-header navbar navbar-mainnavigation navbar-default navbar-top">
<div class="container"><a class="navbar-brand" title="{escape(place.owner)}" href="/"><img src="/fileadmin/img/logo.svg" alt=""></a>
<nav aria-label="Hauptnavigation" id="mainnavigation" class="collapse navbar-collapse"><ul class="navbar-nav">
{_menu(place)}</ul></nav></div></header>
{_boxes(place, article)}
<nav class="breadcrumb-section" aria-label="Brotkrumen-Navigation"><div class="container"><p class="visually-hidden">Sie sind hier:</p>
<ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">Start</a></li><li class="breadcrumb-item active">{escape(article.title)}</li></ol></div></nav>
{_main(place, article)}
<footer id="page-footer" class="bp-page-footer"><section class="section footer-section footer-section-content"><div class="container">
{"".join(f"<p>{escape(line)}</p>" for line in place.foot)}
</div></section><section class="section footer-section-meta"><ul id="meta_menu">
<li><a href="https://service.example.org/impressum">Impressum</a></li><li><a href="https://service.example.org/datenschutz">Datenschutz</a></li><li><a href="https://service.example.org/barrierefreiheit">Barrierefreiheit</a></li></ul></section></footer>
<a class="scroll-top" title="Nach oben rollen" href="#top"><span class="scroll-top-icon"></span></a></div>
<script src="/typo3temp/assets/compressed/merged-{fetch.token[::-1]}.js?{1700000000 + fetch.count}"></script>
<script>var TYPO3 = {{"settings": {{"TS": {{"nonce": "{fetch.token}"}}}}}};</script>
</body>
</html>
"""


def _menu(place: Place) -> str:
    groups = "".join(
        f'<li class="nav-item dropdown"><a href="#" class="nav-link dropdown-toggle"><span>{name}</span></a>'
        f'<ul class="dropdown-menu">{links([(title, f"https://service.example.org/{_slug(name)}/{_slug(title)}") for title in titles])}</ul></li>'
        for name, titles in _MENU
    )
    return (
        links(place.nav, '<li class="nav-item"><a href="{path}" class="nav-link"><span>{title}</span></a></li>')
        + groups
    )


def _main(place: Place, article: Article) -> str:
    press = f'<p class="news-list-date"><time>{escape(article.press_line)}</time></p>' if article.press_line else ""
    text = body(place, article.parts, _file, _teasers)
    number = 1000 + sum(map(ord, article.path)) % 900
    contact = (
        f'<div id="c{number + 7}" class="frame frame-type-contact"><h2>Kontakt</h2><p>{escape(place.person)}</p></div>'
        if place.person
        else ""
    )
    if place.template == 2:
        return (
            f'<main id="page-content" class="bp-page-content main-section"><!--TYPO3SEARCH_begin--><div class="container-xl"><section>'
            f'<div id="c{number}" class="frame frame-default frame-background-none"><div class="frame-inner"><header class="frame-header">'
            f'<h1 class="element-header"><span>{escape(article.title)}</span></h1></header>{press}<div class="ce-bodytext">{text}</div>'
            f"</div></div></section></div><!--TYPO3SEARCH_end--></main><aside>{contact}</aside>"
        )
    return (
        f'<div id="page-content" class="bp-page-content main-section"><div class="section section-default"><div class="container">'
        f'<div class="section-row"><main class="section-column maincontent-wrap" role="main"><!--TYPO3SEARCH_begin-->'
        f'<div id="c{number}" class="frame frame-size-default frame-default frame-type-textpic"><div class="frame-group-container">'
        f'<div class="frame-container"><div class="frame-inner"><h1>{escape(article.title)}</h1>{press}<div class="textpic">{text}</div>'
        f'</div></div></div></div><!--TYPO3SEARCH_end--></main><div class="section-column subcontent-wrap">{contact}</div></div></div></div></div>'
    )


def _boxes(place: Place, article: Article) -> str:
    return "".join(
        f'<div class="alert alert-warning hinweisbalken" role="alert"><div class="container"><strong>{escape(box.title)}</strong>'
        + "".join(f"<p>{escape(line)}</p>" for line in box.paragraphs)
        + "</div></div>"
        for box in place.shows_boxes(article.path)
    )


def _file(place: Place, file: File) -> str:
    return (
        f'<ul class="ce-uploads filelist"><li><a href="{file.path}" title="Download"><span class="ce-uploads-fileName">'
        f'{escape(file.label)}</span></a> <span class="ce-uploads-filesize">{place.size(file.path)}</span></li></ul>'
    )


def _teasers(part: Teasers) -> str:
    rows = "".join(f'<div class="article articletype-0" itemscope>{plain_entry(entry)}</div>' for entry in part.entries)
    pages = "".join(f'<li class="page-item"><a href="?seite={at}">{at}</a></li>' for at in range(1, part.count + 1))
    pager = f'<nav aria-label="Seiten"><ul class="pagination">{pages}</ul></nav>' if part.count > 1 else ""
    return f'<div class="news"><div class="news-list-view">{rows}</div>{pager}</div>'


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-").replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
