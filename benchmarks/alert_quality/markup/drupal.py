"""A district on Drupal: regions and blocks, tokens in every form, cookies asked for above everything else."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

from html import escape

from benchmarks.alert_quality.content import Article, File, Teasers
from benchmarks.alert_quality.markup.body import body, links, plain_entry
from benchmarks.alert_quality.place import Fetch, Place

_MENU = (
    "Kfz-Zulassung", "Ausländerbehörde", "Gesundheitsamt", "Jobcenter", "Veterinäramt", "Bauaufsicht", "Abfall",
    "Naturschutz", "Katastrophenschutz", "Kreisarchiv", "Musikschule", "Volkshochschule", "Schülerbeförderung",
)  # fmt: skip


def render(place: Place, article: Article, fetch: Fetch) -> str:
    """The whole page; template 2 nests it otherwise."""
    text = body(place, article.parts, _file, _teasers)
    press = (
        f'<div class="field field--name-field-datum">{escape(article.press_line)}</div>' if article.press_line else ""
    )
    heading = f'<h1 class="page-header"><span class="field field--name-title">{escape(article.title)}</span></h1>'
    node = f"node-{200 + sum(map(ord, article.path)) % 700}"
    main = (
        f'<div class="region region-content"><article id="{node}" class="node node--type-seite node--view-mode-full clearfix">'
        f'{press}<div class="node__content"><div class="field field--name-body">{text}</div></div></article></div>'
    )
    if place.template == 2:
        main = (
            f'<section class="layout-content"><div class="views-element-container"><article data-history-node-id="{fetch.count}">'
            f'{heading}{press}<div class="prose">{text}</div></article></div></section>'
        )
    else:
        main = heading + main
    contact = (
        f'<div id="block-kontakt" class="block"><h2>Ansprechpartner</h2><p>{escape(place.person)}</p></div>'
        if place.person
        else ""
    )
    return f"""<!DOCTYPE html>
<html lang="de" dir="ltr" prefix="og: https://ogp.me/ns#">
<head>
<meta charset="utf-8" /><meta name="Generator" content="Drupal 10 (https://www.drupal.org)" />
<link rel="canonical" href="{fetch.base}{article.path}" />
<title>{escape(article.title)} | {escape(place.owner)}</title>
<link rel="stylesheet" media="all" href="/sites/default/files/css/css_{fetch.token}.css?delta=0&amp;language=de" />
</head>
<body class="path-node page-node-type-seite{" v2" if place.template == 2 else ""}">
<a href="#main-content" class="visually-hidden focusable skip-link">Direkt zum Inhalt</a>
<div id="sliding-popup" class="eu-cookie-compliance-banner"><p>Diese Website verwendet Cookies. Mit der Nutzung stimmen Sie zu.</p>
<button type="button">Einverstanden</button></div>
<div class="dialog-off-canvas-main-canvas" data-off-canvas-main-canvas>
<header class="navbar container" id="navbar" role="banner"><div class="region region-navigation">
<a class="logo navbar-btn pull-left" href="/" title="Startseite" rel="home"><img src="/themes/kreis/logo.svg" alt="Startseite" /></a>
<nav role="navigation" aria-labelledby="block-main-menu" id="block-main"><h2 class="visually-hidden" id="block-main-menu">Main navigation</h2>
<ul class="menu menu--main nav navbar-nav">{links(place.nav)}{links([(name, "/" + _slug(name)) for name in _MENU])}</ul></nav></div></header>
<div role="main" class="main-container container js-quickedit-main-content"><div class="row">
{_boxes(place, article)}
<section class="col-sm-9"><a id="main-content"></a>
<ol class="breadcrumb"><li><a href="/">Startseite</a></li><li class="active">{escape(article.title)}</li></ol>
{main}
</section><aside class="col-sm-3" role="complementary"><div class="region region-sidebar-second">{contact}
<form class="search-form" action="/search/node" method="get"><input type="hidden" name="form_build_id" value="form-{fetch.token}" />
<input type="hidden" name="form_token" value="{fetch.token[::-1]}" /><input type="search" name="keys" /></form></div></aside>
</div></div>
<footer class="footer container" role="contentinfo">{"".join(f"<p>{escape(line)}</p>" for line in place.foot)}
<ul class="menu"><li><a href="/impressum">Impressum</a></li><li><a href="/datenschutz">Datenschutz</a></li></ul></footer></div>
<script type="application/json" data-drupal-selector="drupal-settings-json">{{"path":{{"baseUrl":"/"}},"ajaxPageState":{{"theme_token":"{fetch.token}"}},"user":{{"permissionsHash":"{fetch.token}"}}}}</script>
<script>window.NREUM||(NREUM={{}});NREUM.info={{"applicationTime":{fetch.count % 900},"agent":""}}</script>
</body>
</html>
"""


def _boxes(place: Place, article: Article) -> str:
    return "".join(
        f'<div class="messages messages--warning site-alert" role="status"><h4>{escape(box.title)}</h4>'
        + "".join(f"<p>{escape(line)}</p>" for line in box.paragraphs)
        + "</div>"
        for box in place.shows_boxes(article.path)
    )


def _file(place: Place, file: File) -> str:
    return (
        f'<div class="field field--name-field-datei"><span class="file file--mime-application-pdf file--application-pdf">'
        f'<a href="{file.path}" type="application/pdf">{escape(file.label)}</a></span> <span>({place.size(file.path)})</span></div>'
    )


def _teasers(part: Teasers) -> str:
    rows = "".join(f'<div class="views-row">{plain_entry(entry)}</div>' for entry in part.entries)
    pages = "".join(
        f'<li class="pager__item"><a href="?page={at - 1}" title="Seite {at}">{at}</a></li>'
        for at in range(1, part.count + 1)
    )
    pager = f'<nav class="pager"><ul class="pagination">{pages}</ul></nav>' if part.count > 1 else ""
    return f'<div class="view-content">{rows}</div>{pager}'


def _slug(name: str) -> str:
    return name.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace(" ", "-")
