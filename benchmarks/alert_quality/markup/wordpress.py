"""A chamber on WordPress with a block theme: groups in groups, author and date, latest and related posts, share links."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

import re
from functools import partial
from html import escape
from urllib.parse import quote

from benchmarks.alert_quality.content import Article, File, Teasers
from benchmarks.alert_quality.markup.body import body, links
from benchmarks.alert_quality.place import Fetch, Place

_MENU = ("Mitglied werden", "Betriebsbörse", "Sachverständige", "Lehrstellenradar", "Presse", "Karriere")
_LATEST = 4  # posts in the sidebar
_RELATED = 3  # posts below a post


def render(place: Place, article: Article, fetch: Fetch, *, by_lot: bool = False) -> str:
    """The whole page; template 2 is another block theme. ``by_lot``: related posts are others at every fetch."""
    title = f"{escape(article.title)} &#8211; {escape(place.owner)}"
    return f"""<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="UTF-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name='robots' content='max-image-preview:large' />
<title>{title}</title>
<link rel="alternate" type="application/rss+xml" title="{escape(place.owner)} &raquo; Feed" href="https://feeds.example.org/kammer.xml" />
<link rel="canonical" href="{fetch.base}{article.path}" />
<meta property="og:title" content="{escape(article.title)}" /><meta name="generator" content="WordPress 6.5.{fetch.count % 3}" />
<style id='wp-block-library-inline-css'>.wp-container-{fetch.count}{{gap:1.2rem}}</style>
<link rel='stylesheet' href='/wp-content/themes/kammer/style.css?ver={1700000000 + fetch.count}' media='all' />
</head>
<body class="{"single single-post" if article.press_line else "page"} wp-embed-responsive wp-theme-kammer{place.template}">
<a class="skip-link screen-reader-text" href="#wp--skip-link--target">Zum Inhalt springen</a>
<div class="wp-site-blocks">
{_bar(place, article)}
<header class="wp-block-template-part"><div class="wp-block-group is-layout-flex wp-container-{fetch.count}">
<p class="wp-block-site-title"><a href="/" rel="home">{escape(place.owner)}</a></p>
<nav class="wp-block-navigation is-responsive" aria-label="Hauptmenü"><ul class="wp-block-navigation__container">
{links(place.nav)}{links([(name, "https://portal.example.org/" + _slug(name)) for name in _MENU])}</ul></nav></div></header>
<nav class="breadcrumbs" aria-label="Brotkrumen"><span><a href="/">Start</a></span> <span aria-hidden="true">›</span> <span aria-current="page">{escape(article.title)}</span></nav>
{_main(place, article, _below(place, article, fetch.count if by_lot else _number(article)))}
<footer class="wp-block-template-part"><div class="wp-block-group alignfull">{"".join(f"<p>{escape(line)}</p>" for line in place.foot)}
<ul class="wp-block-list"><li><a href="https://portal.example.org/impressum">Impressum</a></li><li><a href="https://portal.example.org/datenschutz">Datenschutz</a></li></ul>
<p>Mit Stolz präsentiert von <a href="https://de.wordpress.org" rel="nofollow">WordPress</a></p></div></footer>
</div>
<script id="kammer-js-extra">var kammer = {{"ajaxurl":"/wp-admin/admin-ajax.php","nonce":"{fetch.token[:10]}"}};</script>
<!-- Performance optimized by Page Cache. Served at {fetch.now:%Y-%m-%d %H:%M}:{fetch.count % 60:02d} -->
</body>
</html>
"""


def _main(place: Place, article: Article, below: str) -> str:
    teasers = partial(_teasers, root=re.sub(r"page/\d+/$", "", article.path))
    text = body(place, article.parts, _file, teasers)
    sidebar = _sidebar(place)
    if place.template == 2:
        return (
            f'<div class="site-content"><div class="content-area"><main id="wp--skip-link--target" class="site-main">'
            f'<article class="hentry post-{_number(article)}"><header class="entry-header"><h1 class="entry-title">{escape(article.title)}</h1>'
            f'{_meta(article)}</header><div class="entry-content">{text}</div></article>{below}</main></div>'
            f'<div class="widget-area" role="complementary">{sidebar}</div></div>'
        )
    return (
        f'<main class="wp-block-group" id="wp--skip-link--target"><div class="wp-block-columns">'
        f'<div class="wp-block-column" style="flex-basis:66.66%"><h1 class="wp-block-post-title">{escape(article.title)}</h1>{_meta(article)}'
        f'<div class="entry-content wp-block-post-content is-layout-flow">{text}</div>{below}</div>'
        f'<aside class="wp-block-column sidebar" style="flex-basis:33.33%">{sidebar}</aside></div></main>'
    )


def _meta(article: Article) -> str:
    """Author and day, which only posts have."""
    if not article.press_line:
        return ""
    return (
        f'<div class="entry-meta"><span class="byline">Von <span class="author vcard">{escape(article.press_line)}</span></span> '
        f'<span class="posted-on"><time datetime="{article.edited:%Y-%m-%d}T09:00:00+02:00">{article.edited:%d.%m.%Y}</time></span></div>'
    )


def _sidebar(place: Place) -> str:
    latest = links([(post.title, post.path) for post in _posts(place)[:_LATEST]])
    return (
        f'<section class="widget widget_text"><h2>Ihr Kontakt zur Kammer</h2><p>{escape(place.person)}</p></section>'
        f'<section class="widget widget_recent_entries"><h2>Neueste Beiträge</h2><ul class="wp-block-latest-posts">{latest}</ul></section>'
    )


def _below(place: Place, article: Article, turn: int) -> str:
    """What stands below a post: where to share it, and posts that may interest too, chosen by ``turn``."""
    if not article.press_line:
        return ""
    target = quote(f"https://kammer.example.org{article.path}", safe="")
    shares = links(
        [("teilen", f"https://social.example.org/share?u={target}"), ("mailen", f"mailto:?body={target}")],
        '<li class="share-button"><a rel="nofollow noopener" href="{path}">{title}</a></li>',
    )
    others = [post for post in _posts(place) if post.path != article.path]
    chosen = [others[(turn + 5 * at) % len(others)] for at in range(_RELATED)]
    cards = links(
        [(post.title, post.path) for post in chosen],
        '<li class="wp-block-post"><h3><a href="{path}">{title}</a></h3></li>',
    )
    return (
        f'<ul class="sharedaddy sd-sharing">{shares}</ul>'
        f'<section class="related-posts"><h2>Das könnte Sie auch interessieren</h2><ul class="wp-block-post-template">{cards}</ul></section>'
    )


def _posts(place: Place) -> list[Article]:
    """All posts, the newest first."""
    posts = [page for page in place.pages.values() if page.press_line]
    return sorted(posts, key=lambda post: (post.edited, post.path), reverse=True)


def _bar(place: Place, article: Article) -> str:
    return "".join(
        f'<div class="wp-block-group alignfull has-accent-background-color topbar"><p><strong>{escape(box.title)}</strong></p>'
        + "".join(f"<p>{escape(line)}</p>" for line in box.paragraphs)
        + "</div>"
        for box in place.shows_boxes(article.path)
    )


def _file(_place: Place, file: File) -> str:
    return (
        f'<div class="wp-block-file"><a href="{file.path}">{escape(file.label)}</a>'
        f'<a href="{file.path}" class="wp-block-file__button wp-element-button" download>Herunterladen</a></div>'
    )


def _teasers(part: Teasers, root: str) -> str:
    cards = "".join(
        f'<li class="wp-block-post"><h2 class="wp-block-post-title"><a href="{entry.path}">{escape(entry.title)}</a></h2>'
        f'<div class="wp-block-post-date"><time datetime="{entry.day:%Y-%m-%d}">{entry.day:%d.%m.%Y}</time></div>'
        f'<div class="wp-block-post-excerpt"><p>{escape(entry.lead)} <a class="more-link" href="{entry.path}">Weiterlesen</a></p></div></li>'
        for entry in part.entries
    )
    pages = "".join(
        f'<a class="page-numbers" href="{root if at == 1 else f"{root}page/{at}/"}">{at}</a>'
        for at in range(1, part.count + 1)
    )
    pager = (
        f'<nav class="wp-block-query-pagination" aria-label="Seitennummerierung">{pages}</nav>'
        if part.count > 1
        else ""
    )
    return f'<div class="wp-block-query"><ul class="wp-block-post-template">{cards}</ul>{pager}</div>'


def _number(article: Article) -> int:
    return sum(map(ord, article.path)) % 900


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-").replace("ö", "oe").replace("ä", "ae")
