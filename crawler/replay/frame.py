"""The frame round every replayed page that both templates share: names, navigation trees, footer links."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from crawler.replay import paths
from crawler.replay.parts import Article

OFFICE: Final = "Landesamt für Gesundheit und Soziales"
GENERATOR: Final = "imperia9/14/1211/4207/4208"

QUICK_LINKS: Final = (
    ("Behinderung", "/lageso/behinderung/"),
    ("Gesundheit", "/lageso/gesundheit/"),
    ("Soziales", "/lageso/soziales/"),
    ("Versorgung", "/lageso/versorgung/"),
    ("Service", "/lageso/service/"),
    ("Über uns", "/lageso/ueber-uns/"),
)
META_LINKS: Final = (
    ("Kontakt", "/lageso/service/kontakt/"),
    ("Impressum", "/lageso/impressum/artikel.346219.php"),
)
FOOTER: Final = (
    (
        "Service",
        (
            ("Service-App", "https://service.berlin.de/app/"),
            ("Termin vereinbaren", "https://service.berlin.de/terminvereinbarung/"),
            ("Notdienste", "/polizei/service/so-erreichen-sie-uns/artikel.532842.php"),
        ),
    ),
    (
        "Behörden",
        (
            ("Behörden A-Z", "https://service.berlin.de/behoerden/"),
            ("Bezirksämter", "https://service.berlin.de/bezirksaemter/"),
        ),
    ),
    (
        "Politik & Verwaltung",
        (
            ("Landesregierung", "/rbmskzl/regierender-buergermeister/senat/"),
            ("Open Data", "https://daten.berlin.de"),
        ),
    ),
    (
        "Aktuelles",
        (
            ("Pressemitteilungen", "/presse/"),
            ("Polizeimeldungen", "/polizei/polizeimeldungen/"),
            ("Veranstaltungen", "/land/kalender/"),
        ),
    ),
)


_PARITY: Final = ("odd", "even")


def soft(name: str) -> str:
    """A name as navigation shows it: long words carry soft hyphens, as on the real portal."""
    for word, parted in (
        ("partnerschaft", "partner&shy;schaft"),
        ("mitteilungen", "mitteil&shy;ungen"),
        ("Landesamt", "Landes&shy;amt"),
    ):
        name = name.replace(word, parted)
    return name


def crumbs(article: Article) -> str:
    """The list items of the breadcrumb."""
    items = []
    for at, (name, path) in enumerate(article.crumbs):
        house = ' class="homehaus"' if at == 0 else " "
        items.append(f'<li class="{_PARITY[at % 2]} pos{at}"><a href="{path}"{house}>{soft(escape(name))}</a></li>')
    return "".join(items)


def tree(section: Sequence[tuple[str, str]], here: str) -> str:
    """The navigation tree of the office with the watched section opened."""
    branch = "".join(f"\n        {_leaf(name, path, here)}</li>" for name, path in section)
    leaves = []
    for name, path in QUICK_LINKS:
        inner = f'<ul class="navigation-tree">{branch}\n</ul>' if path == "/lageso/ueber-uns/" else ""
        leaves.append(f"        {_leaf(name, path, here)}    {inner}\n    </li>")
    return "\n".join(leaves)


def _leaf(name: str, path: str, here: str) -> str:
    active = " active" if here.startswith(path) else ""
    return f'<li class="{active}">\n    <a href="{path}" >{soft(escape(name))}</a>'


def side(article: Article, section: Sequence[tuple[str, str]]) -> str:
    """The items of the left column: the pages beside this one, or the years of the press releases."""
    if article.path.startswith(paths.PRESS):
        links: Sequence[tuple[str, str]] = [
            (f"Pressearchiv {year}", f"/lageso/presse/{year}/") for year in (2020, 2019)
        ]
    else:
        links = section
    return "\n".join(f'<li\n    >\n    <a href="{path}" >{soft(escape(name))}</a>    </li>' for name, path in links)


def footer_lists() -> str:
    """The portal's links in the footer."""
    columns = []
    for heading, links in FOOTER:
        items = "".join(f'<li><a href="{path}" >{escape(name)}</a></li>' for name, path in links)
        columns.append(
            "            <li>\n                <!--FLEX BEGIN: Footerlinklist-->\n"
            f'    <h3 class="heading js-trigger">{escape(heading)}</h3><ul>{items}</ul>'
            "<!--FLEX END: Footerlinklist-->\n            </li>"
        )
    return "\n".join(columns)
