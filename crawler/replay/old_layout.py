"""berlin.de's template as it stood in 2021: one content column inside a container."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from crawler.replay import frame
from crawler.replay.parts import Article, Download, Fetch, Files, Heading, Listing, NoticeBox, Part, Text, inline


def render(
    article: Article, notice: NoticeBox | None, section: Sequence[tuple[str, str]], fetch: Fetch, files: Files
) -> str:
    """The whole page."""
    body = "\n".join(_part(part, at, files) for at, part in enumerate(article.parts, start=1))
    press = (
        f'\n                    <div class="pressnumber">\n        {article.press_line}</div>\n'
        if article.press_line
        else ""
    )
    return f"""{_head(article, fetch)}
    <body class="locale_de bobde">

<!-- START: PAGEWRAPPER -->
<div id="page-wrapper" class=" container-content ">
{_header(article, section)}
    <!-- START: CONTENTWRAPPERGRID -->
    <div role="main" id="layout-grid" class="template-{article.template}">

        <div id="layout-grid__area--contentheader">
        <div id="content-header">
        </div>
    </div>

    <div id="layout-grid__area--leftcolumn">
    </div>
    <div id="layout-grid__area--marginal">
    </div>

    <div id="layout-grid__area--maincontent">
        <div class="container-wrapper">
            <div class="container">

{_notice(notice)}
<!-- NAVIGATION BEGIN: breadcrumb -->
<div class="row row-breadcrumb">
  <div class="span10">

    <nav class="html5-section breadcrumb" aria-label="Breadcrumb">
      <p id="aural_breadcrumblabel" class="aural">Sie befinden sich hier:</p>
      <ul aria-labelledby="aural_breadcrumblabel">
        {frame.crumbs(article)}        <li class="aural">{escape(article.title)}</li>
      </ul>
    </nav>
  </div>
  <div class="span2"></div>
</div>
<!-- NAVIGATION END: breadcrumb -->

<div class="row">
        <div class="span2 column-left">
        <!-- NAVIGATION BEGIN: vertical -->
<div class="html5-nav content-navigation-left navbar">
    <div class="navbar-inner">
        <nav class="hidden-phone nav-collapse collapse" aria-label="Sekundäre Navigation">
            <h6 class="aural">Sekundäre Navigation</h6>
            <ul class="nav level-0">
                {frame.side(article, section)}
            </ul>
        </nav>
    </div>
</div>
<!-- NAVIGATION END: vertical -->
    </div>

    <div class="span7 column-content">
        <h6 class="aural" id="aural_maincontent">Inhaltsspalte</h6>
        <div class="html5-section article" role="main">

            <div class="html5-header header">
                <h1 class="title">{escape(article.title)}</h1>
            </div>
            {_picture(article, fetch)}
            <div class="html5-section body">
{press}
{body}
            </div>

        </div>
        <p class="page-made">{fetch.made}</p>
            </div>
{_ASIDE}
    </div>

                </div><!-- /container -->
        </div><!-- /container-wrapper -->
    </div><!-- /layout-grid__area--maincontent -->
{_FOOT_LINKS}
    </div>
    <!-- END: CONTENTWRAPPERGRID #layout-grid -->
{_footer()}
</div>
<!-- END: PAGEWRAPPER #page-wrapper -->

<script src="/i9f/v4/js/bo-foot.js?ts=1626302590"></script>

<!-- Zaehlpixel -->
<div id="cp">
<script>/*<![CDATA[*/
if (typeof(DartIvwKategorie) == "undefined") DartIvwKategorie="beberlin";
/*]]>*/</script>
</div>
<!-- /Zaehlpixel -->
<span id="js-is_palm"></span>  <span id="js-is_tablet"></span>

</body>
</html>
"""


def _head(article: Article, fetch: Fetch) -> str:
    feed = f'<link href="{article.feed}" rel="alternate" type="application/rss+xml"/>' if article.feed else ""
    submitted = f'\n    <meta name="dcterms.submitted" content="{article.edited} 10:30"/>' if article.press_line else ""
    return f"""<!doctype html>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="de" lang="de">
<head prefix="og: http://ogp.me/ns#">
    <meta charset="UTF-8"/>
    <title>{escape(article.title)} - Berlin.de</title>
    <meta http-equiv="X-UA-Compatible" content="IE=edge"/>
    <meta name="viewport" content="width=device-width, initial-scale=1.0"/>

            <link rel="stylesheet" href="/i9f/r1/bundle/default.css?{fetch.stamp}" media="all">
    <script src="/i9f/r1/bundle/jquery.min.js" crossorigin="anonymous"></script>
    <script src="/i9f/r1/bundle/default.js?{fetch.stamp}" id="bo-behavior-js"></script>

        <link rel="stylesheet" type="text/css" href="/i9f/v4/css/vendor.css?ts=1626302590"/>
    <link rel="shortcut icon" href="/favicon.ico" type="image/x-icon"/>

        <!-- "property" validiert nicht, nimm "name" -->
            <meta name="og:image" content="/i9f/images/facebook_default_icon_land.png" />

<meta name="generator" content="{frame.GENERATOR}/{article.ident}" data-filename="index.php">    \
<meta name="dcterms.date" content="{article.edited}"/>
    <meta name="dcterms.title" content="{escape(article.title)}"/>{submitted}

    <meta name="keywords" content="ii{article.ident}"/>
    <link rel="canonical" href="{fetch.base}{article.path}"/>

<!-- head - items - flexe -->
{_modules(article.parts)}
<!-- /head - items - flexe -->
{feed}
</head>"""


def _modules(parts: Sequence[Part]) -> str:
    names = {Heading: "Headline", Text: "Text", Download: "Downloadmulti", Listing: "Autoteaser"}
    return "\n".join(f"<!-- Headsection: Views_Flex_{names[type(part)]} -->" for part in parts)


def _header(article: Article, section: Sequence[tuple[str, str]]) -> str:
    quick = "\n".join(
        f'        <li class="">\n    <a href="{path}" >{name}</a>        </li>' for name, path in frame.QUICK_LINKS
    )
    meta = "".join(f'<li><a href="{path}" >{name}</a></li>' for name, path in frame.META_LINKS)
    return f"""    <!-- START: PORTALHEADER -->
    <header id="header" class="kiekma">
<div class="header__row-portalbrand">
    <div class="logo">
        <a href="/">
            <img class="logo" title="Link führt zur Startseite von Berlin.de" alt="Bild zeigt: Berlin.de Logo" \
src="/i9f/r1/images/logo_berlin_m_srgb.svg" />
        </a>
    </div>
</div>
<div class="header__row-pageheader">
        <div class="pageheader__logo without-logo">
                            <p class="textlogo">
                <a href="/lageso/"><span class="institution"></span>
                <span class="title">{frame.OFFICE}</span></a>            </p>
            </div>
            <nav class="pageheader__quicklinks" aria-label="Bereichsnavigation">
        <ul>
{quick}
        </ul>
    </nav>
        <div class="pageheader__services">
                <div id="servicebuttonSearch" class="service-button-overlay js-service-button-overlay search fullwidth">
                        <div class="service-button-overlay__button">
                <button type="button" class="icon-button js-button-overlay-open" aria-haspopup="dialog">
                    <i class="icon fa fa-search" aria-hidden="true"></i>
                    <span class="text">Suche</span>
                </button>
            </div>
                        <form class="search-form institutionssuche" method="get" action="/lageso/suche.php">
    <label for="searchFormInput_q">Suche auf der Internetseite &#34;{frame.OFFICE}&#34;</label>
    <input class="form-control" type="search" id="searchFormInput_q" placeholder="Suchbegriff" name="q" />
    <button type="submit" class="button"><span>Suchen</span></button>
</form>
        </div>
                <div id="servicebuttonMenu" class="service-button-overlay js-service-button-overlay menu">
            <div class="service-button-overlay__overlay overlay js-overlay-container" aria-modal="true" role="dialog">
                <div class="overlay__header">
                    <h2 class="heading">Hauptnavigation</h2>
                    <button type="button" class="close-button"><span class="aural">Menü schließen</span></button>
                </div>
                <div class="overlay__body">
                    <nav id="navigation-primary" class="js-navigation-primary" aria-label="Hauptnavigation">
                        <div class="tree-wrapper js-navigation-tree-wrapper">
                            <ul class="navigation-tree">
    {frame.tree(section, article.path)}
</ul>
                        </div>
        <div class="navigation-meta">
        <h3 class="heading">Weiteres</h3>
        <ul>
            {meta}        </ul>
    </div>
                    </nav>
                </div>
            </div>
        </div>
    </div>
</div><!-- /#pageheader -->
    </header>
    <!-- END: PORTALHEADER -->
"""


def _notice(notice: NoticeBox | None) -> str:
    if notice is None:
        return ""
    boxes = []
    for title, paragraphs in notice.sections:
        # The real portal writes the line breaks of the box as character references.
        text = "".join(f" <p>&#10; {inline(each)}&#10; </p>&#10;" for each in paragraphs)
        boxes.append(f'        <h2 class="title">{escape(title)}</h2>\n        <div class="textile">&#10;{text}</div>')
    return '    <div class="emergency-box">\n' + "\n".join(boxes) + "</div>"


def _picture(article: Article, fetch: Fetch) -> str:
    picture = article.picture
    if picture is None:
        return ""
    return f"""<div class="html5-section main-image">
    <div class="html5-figure image
     main type-article"
    style="">
            <img
        src="/imgscaler/{fetch.token}/article/{picture.file}"
        alt="{escape(picture.alt)}"
                                loading="lazy"
                        data-orig="/lageso/_assets/ueber-uns/{picture.file}"
    />

        <div class="caption">

                <span class="copyright">Bild: {escape(picture.credit)}</span>

    </div>

</div>
            </div>"""


def _part(part: Part, at: int, files: Files) -> str:
    match part:
        case Heading(text=text):
            return (
                "<!--FLEX BEGIN: Ueberschrift-->\n"
                f'<div class="html5-header modul-headline"><h2 id="headline_1_{at}" class="title">{escape(text)}</h2>'
                "</div><!--FLEX ENDE: Ueberschrift-->"
            )
        case Text():
            return _text(part)
        case Download():
            return _download(part, at, files)
        case Listing():
            return _listing(part)


def textile(part: Text) -> str:
    """Paragraphs and lists as the portal's text converter writes them."""
    pieces = [f"  <p>\n    {inline(each)}\n  </p>" for each in part.paragraphs]
    if part.items:
        pieces.append("  <ul>\n" + "\n".join(f"    <li>{inline(each)}\n    </li>" for each in part.items) + "\n  </ul>")
    pieces += [f"  <p>\n    {inline(each)}\n  </p>" for each in part.closing]
    return '<div class="textile">\n' + "\n".join(pieces) + "\n</div>"


def _text(part: Text) -> str:
    return f"""    <!--FLEX BEGIN: Text/Bild-->
<div class="html5-section block modul-text_bild">        <div class="html5-section body">
                <div class="text ">
            {textile(part)}        </div>
            </div>
</div>

<!--FLEX END: Text/Bild-->"""


def _download(part: Download, at: int, files: Files) -> str:
    label = escape(part.label)
    return f"""<!--FLEX BEGIN: Multidownload--><div class="html5-section download-multi modul-download-multi">
<!--FLEX BEGIN: Downloadmultiitem-->

<div class="html5-section download modul-download" >
<div class="html5-header header" id="headline__0">
    <p class="title"><strong>{label}</strong></p>
</div>

<div class="html5-section body">
    <p class="caption">
        <span class="doc-type">
PDF-Dokument ({files[part.path].size})        </span>
    </p>
</div>
<div class="download-btn">
<a href="{part.path}" class="btn" target="_blank" id="btn-download_1_{at}_0" \
title="Herunterladen &#34;{label}&#34; (PDF-Dokument) (Öffnet in neuem Fenster)">Download</a></div>
</div>
<!--FLEX END: Downloadmultiitem-->

</div><!--FLEX END: Multidownload-->"""


def _listing(part: Listing) -> str:
    rows = "\n".join(
        f"""        <div class="row-fluid">
            <div class="span2 date">{entry.day:%d.%m.%Y}</div>
            <div class="span10 text"><a href="{entry.path}">{escape(entry.title)}</a></div>
        </div>"""
        for entry in part.entries
    )
    return f"""<!--FLEX BEGIN: Autoteaser--><div class="html5-section block modul-autoteaser">
    <div class="html5-section body">
{rows}
    </div>
{pager(part)}
</div><!--FLEX END: Autoteaser-->"""


def pager(part: Listing) -> str:
    """The links to the other pages of a list."""
    if part.count == 1:
        return ""
    items = [
        f'<li class="pager-item{" active" if number == part.number else ""}">'
        f'<a href="?page_at_1_0={number}" aria-label="Seite {number}">{number}</a></li>'
        for number in range(1, part.count + 1)
    ]
    if part.number < part.count:
        items.append(f'<li class="pager-item-next"><a href="?page_at_1_0={part.number + 1}">nächste Seite</a></li>')
        items.append(
            f'<li class="pager-item last"><a href="?page_at_1_0={part.count}" '
            f'aria-label="Letzte Seite: {part.count}">{part.count}</a></li>'
        )
    return '<nav class="pagination" aria-label="Seitennavigation"><ul>' + "".join(items) + "</ul></nav>"


_ASIDE = f"""            <!-- INCLUDE BEGIN: Infocolumn -->

<div class="span3 column-right html5-aside" role="complementary">
    <h2 class="aural">Es folgen die Inhalte der rechten Seitenspalte</h2>
    <div class="html5-section content-marginal">
<!-- FLEX BEGIN: Contact -->
<div class="html5-section modul-contact block ">
    <div class="html5-header header">
    <h4 class="title">{frame.OFFICE}</h4>    </div>
    <div class="html5-section body">
<div class="textile">
  <p>
    <strong>Internationale Zusammenarbeit</strong>
  </p>
</div><div class="loc">\
<a href="https://www.berlin.de/stadtplan/" target="_blank">Turmstraße 21<br />10559 Berlin</a></div>
        <dl class="telefon">
        <dt>Tel.:&nbsp;</dt><dd><a href="tel:030902290">(030) 90229-0</a></dd>        </dl>
    </div>
</div>
<!-- FLEX END: Contact -->
    <!-- esi:include src="/boapi/templatizer/vbb/address?street=Turmstrasse" / -->
    </div>
</div>
<!-- INCLUDE END: Infocolumn -->"""

_FOOT_LINKS = """
                <div id="layout-grid__area--contentfooter" class="kiekma">
<section id="content-footer" aria-label="Fussbereich mit weiteren Links zu diesem Auftritt">
    <nav class="content-footer__links" aria-label="Weiterführende Links">
        <ul class="js-collapse-palm">
            <li class="initial-open">
    <ul><li><a href="/lageso/impressum/artikel.346219.php" >Impressum</a></li><li>Digitale Barrierefreiheit</li></ul>
            </li>
        </ul>
    </nav>
</section>
        </div>
"""


def _footer() -> str:
    return f"""
        <!-- START: LANDESFOOTER -->
<footer id="footer" class="kiekma">
    <div class="footer__brand">
        <a href="/" title="Link führt zur Startseite von Berlin.de"><img \
src="/i9f/r1/images/logo_berlin_m_negativ.svg" \
alt="Link zu: Link führt zur Startseite von Berlin.de" loading="lazy" /></a>
    </div>
    <nav class="footer__links" aria-label="Weitere Bereiche auf Berlin.de">
        <ul class="js-collapse-palm">
{frame.footer_lists()}
        </ul>
    </nav>

    <div class="footer__claim">
                <p>
            Berlin.de ist ein Angebot des Landes Berlin und der BerlinOnline Stadtportal GmbH &#38; Co. KG.            \
Weitere Informationen hierzu finden Sie im <a href="/wir-ueber-uns-be/impressum/">Impressum</a>.        </p>
    </div>
    </footer>
<!-- END: /LANDESFOOTER -->
"""
