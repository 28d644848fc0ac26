"""berlin.de's template as it has stood since 2023: title and breadcrumb outside the content, sections inside it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import PurePosixPath

from crawler.replay import frame
from crawler.replay.old_layout import pager, textile
from crawler.replay.parts import (
    Article,
    Download,
    Fetch,
    Files,
    Heading,
    Listing,
    NoticeBox,
    Part,
    Text,
    inline,
)


def render(
    article: Article,
    notice: NoticeBox | None,
    section: Sequence[tuple[str, str]],
    fetch: Fetch,
    files: Files,
) -> str:
    """The whole page."""
    press = f'<p class="pressnumber">\n                {article.press_line}</p>' if article.press_line else ""
    return f"""{_head(article, fetch)}
    <body id="top" class="locale_de bde-vertical-organization">

<!-- START: PAGEWRAPPER -->
<div id="page-wrapper" class="kiekma screendefault ">
{_header(article, section)}
    <!-- START: #layout-grid -->
    <div role="main" id="layout-grid" class="template-{article.template}">

        <div id="layout-grid__area--contentheader">

        <div id="content-header">
                                            <!-- breadcrumb.view -->
<nav class="breadcrumb" aria-label="Sie befinden sich hier">
  <ol>
    {frame.crumbs(article)}      </ol>
</nav>
<!-- /breadcrumb.view -->
{_notice(notice)}
        </div>
    </div>

        <!-- Template -->
        <div id="layout-grid__area--herounit">
{_hero(article, fetch)}
    </div>

    <div id="layout-grid__area--maincontent">
                        <div class="anker-jumptocontact">
        <a href="#kontakt">Direkt zur Kontaktinformation <i aria-hidden="true" class="bicon bicon-circle-down"></i></a>
    </div>
    {press}
{_sections(article.parts, files)}
{_CONTACT}
            </div>

    <div id="layout-grid__area--marginal" class="marginal" role="complementary">
            </div>

<!-- /Template -->
{_FOOT_LINKS}
        <p class="page-made">{fetch.made}</p>
    </div>
    <!-- END: #layout-grid -->
{_footer()}
</div>
<!-- END: PAGEWRAPPER #page-wrapper -->

<script src="/i9f/v4/js/bo-foot-rebrush.js?ts={fetch.stamp}"></script>
<span id="js-is_palm"></span>  <span id="js-is_tablet"></span>
    </body>
</html>
"""


def _head(article: Article, fetch: Fetch) -> str:
    feed = f'<link href="{article.feed}" rel="alternate" type="application/rss+xml">' if article.feed else ""
    submitted = f'\n    <meta name="dcterms.submitted" content="{article.edited}">' if article.press_line else ""
    kind = article.template.removeprefix("land_")
    return f"""<!doctype html>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="de" lang="de" data-lang="de">
<head prefix="og: https://ogp.me/ns#">
    <meta charset="UTF-8">
    <title>{escape(article.title)} - Berlin.de</title>
<meta name="generator" content="{frame.GENERATOR}/{article.ident}" data-filename="index.php" data-type="{kind}">    \
<meta http-equiv="X-UA-Compatible" content="IE=edge">
    <meta name="viewport" content="width=device-width, initial-scale=1.0">

    <link rel="icon" href="/favicon.ico" sizes="48x48 32x32 16x16">
    <meta name="theme-color" content="#ffffff">
        <script src="/i9f/v4/js/bo-info.js?ts={fetch.stamp}"></script>
<!-- === Layout "ScreenOrganization" === -->
    <script src="/i9f/r1/bundle/berlin_organization.js?ts={fetch.stamp}" id="bo-behavior-js"></script>
    <link rel="stylesheet" href="/i9f/r1/bundle/berlin_organization.css?ts={fetch.stamp}" media="all">

    <meta name="dcterms.date" content="{article.edited}">
    <meta name="dcterms.title" content="{escape(article.title)}">{submitted}

    <meta name="keywords" content="ii{article.ident}">
    <link rel="canonical" href="{fetch.base}{article.path}">

<!-- head - items - flexe -->
{_modules(article.parts)}
<!-- /head - items - flexe -->
{feed}
</head>"""


def _modules(parts: Sequence[Part]) -> str:
    names = {Text: "TextFlex", Download: "DownloadmultiFlex", Listing: "AutoteaserFlex"}
    shown = (names[type(part)] for part in parts if not isinstance(part, Heading))
    return "\n".join(f"<!-- Headsection: Bo\\Views\\Flex\\{name} -->" for name in shown)


def _header(article: Article, section: Sequence[tuple[str, str]]) -> str:
    meta = "".join(f'<li><a href="{path}" >{name}</a></li>' for name, path in frame.META_LINKS)
    return f"""
    <!-- START: HEADER -->
    <header id="header" data-nosnippet="true">
<div class="header__row-portalbrand">
    <div class="logo">
        <a href="/" title="Berlin.de Startseite">
            <img class="logo" alt="Berlin.de zur Startseite" src="/i9f/r1/images/logo_berlin_m_srgb.svg">
        </a>
    </div>
</div>
<div class="header__row-pageheader">
        <div class="pageheader__logo without-logo">
                            <p class="textlogo">
                <a href="/lageso/"><span class="institution"></span><span class="title">{frame.OFFICE}</span></a> </p>
            </div>
    <div class="pageheader__services">
        <div id="servicebuttonAccessibility" class="service-button-overlay accessibility" data-nosnippet="true">
                <button type="button" class="icon-button" aria-haspopup="true" aria-label="Öffnen: Barrierefreiheit">
                    <span class="text">Barrierefrei</span>
                </button>
            <div role="dialog" class="service-button-overlay__overlay overlay robots-nocontent" aria-modal="true">
                    <p class="heading">Barrierefreiheit</p>
                        <dl>
                        <dt>Wie barrierefrei ist diese Webseite?</dt>
        <dd><p><a href="/lageso/barrierefreiheitserklaerung.1049612.php" >Erklärung zur Barrierefreiheit</a></p></dd>
                        </dl>
            </div>
        </div>
            <div id="servicebuttonSearch" class="service-button-overlay search fullwidth">
                        <form class="search-form--new institutionssuche" method="get" action="/lageso/suche.php">
            <label class="notaural" for="searchFormInput_q">Suche auf der Internetseite</label>
            <input class="form-control search" type="search" id="searchFormInput_q" placeholder="Suchbegriff" name="q">
                <button type="submit" class="button button--clean submit"><span class="aural">Suchen</span></button>
</form>
        </div>
                    <div id="servicebuttonMenu" class="service-button-overlay js-service-button-overlay menu">
            <div role="dialog" aria-labelledby="dialogtitle_menu" class="service-button-overlay__overlay overlay">
                    <p id="dialogtitle_menu" class="heading">Hauptnavigation</p>
                    <nav id="navigation-primary" class="js-navigation-primary" aria-label="Hauptnavigation">
                            <ul class="navigation-tree">
    {frame.tree(section, article.path)}
</ul>
        <div class="navigation-meta">
        <p id="list_othertopics" class="heading">Weiteres</p>
        <ul>
            {meta}        </ul>
    </div>
                    </nav>
            </div>
        </div>
    </div>
</div><!-- /#pageheader -->
    </header>
    <!-- END: HEADER -->
"""


def _notice(notice: NoticeBox | None) -> str:
    if notice is None:
        return ""
    boxes = []
    for title, paragraphs in notice.sections:
        text = "\n".join(f"  <p>\n    {inline(each)}\n  </p>" for each in paragraphs)
        boxes.append(f'<h2 class="title">{escape(title)}</h2><div class="textile">\n{text}\n</div>')
    return '<div class="emergency-box">' + "".join(boxes) + "</div>"


def _hero(article: Article, fetch: Fetch) -> str:
    picture = article.picture
    title = f'<h1 class="title">{escape(article.title)}</h1>'
    if picture is None:
        return f"        {title}"
    return f"""        <!-- Document Article-hero default -->
<div class="herounit-article herounit-article--default withimage">
    {title}
                        <div class="image">
    <div class="image__image
         main type-article"
        style="">
                        <img
            src="/imgscale4/{fetch.token}/lageso/_assets/ueber-uns/{picture.file}"
            alt="{escape(picture.alt)}"
            loading="lazy"
            data-orig="/lageso/_assets/ueber-uns/{picture.file}"
        />
            </div>
                <p class="image__copyright cnw_skip_translation">
            Bild: {escape(picture.credit)}        </p>
        </div>
</div>
    <!-- /Document Article-hero -->"""


def _sections(parts: Sequence[Part], files: Files) -> str:
    """Headings open the section that follows them; the first text of a page is its introduction."""
    pieces = []
    heading = ""
    for at, part in enumerate(parts):
        match part:
            case Heading(text=text):
                heading = f'<h2 class="title" id="{text.split()[0]}" >{escape(text)}</h2>'
                continue
            case Text() if at == 0:
                pieces.append(f'    <div class="text--article-intro">{textile(part)}</div>\n')
            case Text():
                pieces.append(_text(part, heading))
            case Download():
                pieces.append(_download(part, at, files))
            case Listing():
                pieces.append(_listing(part))
        heading = ""
    return "\n".join(pieces)


def _text(part: Text, heading: str) -> str:
    return f"""<!-- Flex Text -->

<section class="modul-text_bild  imagealignleft teaser ">

    {heading}

        <div class="text">
        {textile(part)}    </div>

    </section>
<!-- /Flex Text -->"""


def _download(part: Download, at: int, files: Files) -> str:
    label = escape(part.label)
    return f"""<!-- Flex Downloadmulti -->

<section class="modul-download-multi"><ul class="modul-download-multi" aria-label="Downloads" \
style="padding-left: 0px;"><!-- Flex DownloadmultiIten -->

<li class="modul-download " >

    <div class="modul-download__left">
        <strong class="title" id="headline_1_{at}_0_0">{label}</strong>
                <p class="caption">
            <span class="doc-type">
                PDF-Dokument ({files[part.path].size})            </span>
                                            </p>
    </div>

    <div class="modul-download__right">
        <div class="link-download">
            <a href="{part.path}?ts={files[part.path].uploaded}" class="link link--download" target="_blank" \
title="Herunterladen &#34;{label}&#34; (PDF-Dokument) (Öffnet in neuem Fenster)" rel="noreferrer" \
download="{PurePosixPath(part.path).name}">Download</a>        </div>
    </div>

</li>

<!-- /Flex DownloadmultiIten -->

</ul></section>
<!-- /Flex Downloadmulti -->"""


def _listing(part: Listing) -> str:
    rows = "\n".join(
        f'        <li><div class="cell nowrap date">{entry.day:%d.%m.%Y}</div>'
        f'<div class="cell text"><a href="{entry.path}">{escape(entry.title)}</a></div></li>'
        for entry in part.entries
    )
    return f"""<!-- Flex Autoteaser -->
<section class="modul-autoteaser">
    <ul class="list--tablelist">
{rows}
    </ul>
{pager(part)}
</section>
<!-- /Flex Autoteaser -->"""


_CONTACT = f"""
    <div id="kontakt" class="sprungmarke"></div>
    <!-- Infocolumn.view -->
        <!-- Flex Contact -->
<div class="modul-contact ">

                <h4 class="title" id="headline_2_0">{frame.OFFICE}</h4>
        <div class="textile">
  <p>
    <strong>Internationale Zusammenarbeit</strong>
  </p>
</div>    <address>
        <ul class="list--contact" aria-label="Kontaktinformationen">
                        <li class="address">
                                <div class="loc"><a href="https://www.berlin.de/stadtplan/" target="_blank" \
rel="noreferrer">Turmstraße 21<br>10559 Berlin</a></div>            </li>
                        <li class="tel">Tel.:&nbsp;<a href="tel:030902290">(030) 90229-0</a></li>
                                </ul>
    </address>
<section class="modul-publictransport">
        <h2 class="title" lang="de">Verkehrsanbindungen</h2>
        <ul class="types js-accordion" aria-label="Verkehrsmittel">
            <li class="type">
            <h3 class="js-accordion__heading type__name ubahn"><span class="title">U-Bahn</span></h3>
            <ul class="stops js-accordion__panel cnw_skip_translation" aria-label="Haltestellen">
                <li class="stop">U Turmstraße</li>
            </ul>
        </li>
        </ul>
</section>
</div>
<!-- /Flex Contact -->
<!-- /Infocolumn.view -->"""

_FOOT_LINKS = f"""
                <div id="layout-grid__area--contentfooter" data-nosnippet="true">
<div id="content-footer">
    <h2 class="aural">Weitere Informationen zu diesem Auftritt</h2>
    <a class="to-top" href="#top">
        zum Seitenanfang    </a>
    <nav class="content-footer__links" aria-label="Weiterführende Links">
        <ul class="js-collapse-palm">
            <li class="initial-open">
    <h3 class="heading js-trigger">{frame.OFFICE}</h3><ul>\
<li><a href="/lageso/impressum/artikel.346219.php" >Impressum</a></li>\
<li><a href="/lageso/barrierefreiheitserklaerung.1049612.php" >Erklärung zur Barrierefreiheit</a></li></ul>
            </li>
        </ul>
    </nav>
</div>
    </div>
"""


def _footer() -> str:
    return f"""
    <footer id="footer" class="kiekma screendefault" data-nosnippet="true">
        <div class="footer__brand">
            <a href="/" title="Berlin.de Startseite">
                <img alt="Berlin.de zur Startseite" src="/i9f/r1/images/logo_berlin_m_negativ.svg" />
            </a>
        </div>
        <nav class="footer__links" aria-label="Weitere Bereiche auf Berlin.de">
            <h2 class="aural">Weitere Informationen zu Berlin.de</h2>
            <ul class="js-collapse-palm">
{frame.footer_lists()}
            </ul>
        </nav>

        <div class="footer__claim">
                        <p>
                Berlin.de ist ein Angebot des Landes Berlin.            </p>
        </div>
    </footer>
"""
