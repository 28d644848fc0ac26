"""A municipality whose pages somebody wrote by hand around 2004: tables for layout, no main element, visible noise."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

from html import escape

from benchmarks.alert_quality.content import Article, File, Teasers
from benchmarks.alert_quality.markup.body import body, links, plain_entry
from benchmarks.alert_quality.place import Fetch, Place

SAYING, COUNTER = "<!-- Spruch -->", "<!-- Zähler -->"  # where a site may put more noise


def render(place: Place, article: Article, fetch: Fetch) -> str:
    """The whole page; template 2 puts the same text into containers with style sheets."""
    noise = f"Seite erstellt am {fetch.now:%d.%m.%Y} um {fetch.now:%H}:{fetch.count // 60 % 60:02d}:{fetch.count % 60:02d} Uhr"
    text = body(place, article.parts, _file, _teasers)
    press = f"<p><i>{escape(article.press_line)}</i></p>" if article.press_line else ""
    heading = f"<h1>{escape(article.title)}</h1>"
    menu = links(place.nav, '<a href="{path}">{title}</a><br>')
    foot = "<br>".join(escape(line) for line in place.foot)
    hidden = f'<input type="hidden" name="PHPSESSID" value="{fetch.token}">'
    search = f'<form action="/suche.php" method="post">{hidden}<input name="q" size="12"><input type="submit" value="Suchen"></form>'
    boxes = _boxes(place, article)
    charset = f'<meta http-equiv="Content-Type" content="text/html; charset={place.charset}">'
    if place.template == 2:
        return (
            f"<!DOCTYPE html><html lang=de><head>{charset}<title>{escape(article.title)} - {escape(place.owner)}</title>"
            f'<link rel="stylesheet" href="/neu.css?{fetch.count}"></head><body><div id="seite"><div id="kopf"><img src="/wappen.gif" '
            f'alt="Wappen"><b>{escape(place.owner)}</b> <span class="spruch">{SAYING}</span></div><div id="menue"><b>Inhalt</b> {menu}{search}</div>'
            f'<div id="inhalt">{boxes}{heading}{press}{text}</div><div id="fuss">{foot}<br><small>{noise}{COUNTER}</small></div></div></body></html>'
        )
    return f"""<HTML>
<HEAD>{charset}
<TITLE>{escape(article.title)} - {escape(place.owner)}</TITLE>
<link rel="stylesheet" type="text/css" href="/stil.css?{fetch.token[:6]}">
</HEAD>
<BODY bgcolor="#FFFFF0" text="#000000" link="#006600">
<table width="100%" border="0" cellspacing="0" cellpadding="4"><tr><td colspan="2" bgcolor="#CCDDCC">
<img src="/wappen.gif" alt="Wappen" width="60" height="70"> <font size="5">{escape(place.owner)}</font> <i>{SAYING}</i></td></tr>
<tr><td width="180" valign="top" bgcolor="#EEF5EE"><b>Inhalt</b><br>{menu}<br>{search}</td>
<td valign="top">
{boxes}
{heading}
{press}
{text}
</td></tr>
<tr><td colspan="2" bgcolor="#CCDDCC"><font size="1">{foot}<br>{noise}{COUNTER}</font></td></tr></table>
</BODY>
</HTML>
"""


def _boxes(place: Place, article: Article) -> str:
    return "".join(
        f'<p class="wichtig"><b>{escape(box.title)}</b><br>{"<br>".join(escape(line) for line in box.paragraphs)}</p>'
        for box in place.shows_boxes(article.path)
    )


def _file(place: Place, file: File) -> str:
    return (
        f'<p><img src="/pdf.gif" alt=""> <a href="{file.path}">{escape(file.label)}</a> ({place.size(file.path)})</p>'
    )


def _teasers(part: Teasers) -> str:
    rows = "".join(f"<tr><td>{plain_entry(entry)}</td></tr>" for entry in part.entries)
    pages = " | ".join(f'<a href="?seite={at}">{at}</a>' for at in range(1, part.count + 1))
    return f'<table border="0">{rows}</table>' + (f"<p>Seite: {pages}</p>" if part.count > 1 else "")
