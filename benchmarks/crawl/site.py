"""An authority's site of any size: 80 navigation links, a notice and PDFs on each page, the same for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from benchmarks.archive.site import paragraph, rewritten, sentence, word

NAVIGATION = 80  # links of each page
_COMMON = 20  # of them on every page; the others lead down a tree
_PDF_LINKS = 3
PAGES_A_PDF = 20  # 50 distinct PDFs in 1,000 pages
_SPLIT = "\x00"  # where noise goes
_LANDMARK = re.compile(rb"<(/?)(?:main|nav|header|footer)\b")
_NAME = re.compile(rb' (?:id|class|role)="(?:inhalt|menu|banner|alert|downloads|nav-[^"]*)"')
_WORDS = (300, 900)  # of a page's main text
CHANGED = 0.02  # of the pages, from one state of the site to the next


@dataclass(frozen=True)
class Site:
    """A site in one state: ``editions`` says of the pages that were edited how often."""

    pages: int
    editions: dict[int, int] = field(default_factory=dict)

    @property
    def pdfs(self) -> int:
        """How many distinct PDFs it has."""
        return max(_PDF_LINKS, self.pages // PAGES_A_PDF)

    def edited(self) -> Site:
        """The same site with two pages in a hundred edited once more."""
        rng = random.Random(f"edits {sorted(self.editions.items())}")
        chosen = rng.sample(range(1, self.pages), max(1, round(self.pages * CHANGED)))
        return Site(self.pages, self.editions | {page: self.editions.get(page, 0) + 1 for page in chosen})

    def path(self, page: int) -> str:
        """The path of one page; the first is the home page."""
        return f"/amt/{_slug(page)}-{page}.html" if page else "/"

    def targets(self, page: int) -> Iterator[int]:
        """The pages in one page's navigation: the tree that they make has every page in it."""
        step = max(1, self.pages // _COMMON)
        common = [(number * step) % self.pages for number in range(_COMMON)]
        own = [(page * (NAVIGATION - _COMMON) + number) % self.pages for number in range(1, NAVIGATION + 1)]
        yield from list(dict.fromkeys([*common, *own]))[:NAVIGATION]

    def parts(self, page: int) -> tuple[bytes, ...]:
        """One page, cut where each fetch of a noisy site has something of its own (:func:`noise` gives it)."""
        rng = random.Random(f"page {page}")
        title = f"{word(rng)} und {word(rng)}"
        menu = "".join(
            f'<li class="nav-item level-{n % 3}"><div class="nav-item__inner" data-level="{n % 3}" data-entry="{n}">'
            f'<a class="nav-link nav-link--level-{n % 3}" href="{self.path(other)}" title="{_name(other)}">'
            f'<span class="nav-link__label">{_name(other)}</span></a></div></li>\n'
            for n, other in enumerate(self.targets(page))
        )
        body = []
        for number, text in enumerate(_paragraphs(page, self.editions.get(page, 0))):
            if number % 4 == 3:
                body.append(f"<h2>{word(rng)} für {word(rng)}</h2>")
            body.append(
                f'<div class="modul modul-{number}" id="modul-{number}"><div class="modul__inner"><div class="textile">'
                f"<p>{text}</p></div></div></div>"
            )
        files = rng.sample(range(self.pdfs), _PDF_LINKS)
        links = "".join(
            f'<li><a href="/dokumente/{n}.pdf">{_name(n)} (PDF, {20 + n % 300} KB)</a></li>\n' for n in files
        )
        text = f"""<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title} – Bezirksamt</title>
<style>{_style()}</style><meta name="csrf-token" content="{_SPLIT}"><link rel="stylesheet" href="/main.css?v={_SPLIT}">
</head><body><header><a href="/">Bezirksamt Musterstadt</a></header>
<div role="alert" class="banner"><p>{_notice()}</p></div>
<nav id="menu"><ul>{menu}</ul></nav>
<main id="inhalt"><h1>{title}</h1>
{"".join(body)}
<h2>Dokumente</h2><ul class="downloads">{links}</ul></main>
<footer><p>Bezirksamt, Rathausplatz 1, 12345 Musterstadt</p>
<p>Seite erstellt am {_SPLIT}, Version {_SPLIT} | Besucher: {_SPLIT}</p>
<form action="/suche"><input type="hidden" name="token" value="{_SPLIT}"><input name="q"></form></footer>
<script src="/main.js?v={_SPLIT}"></script></body></html>"""
        return tuple(text.encode().split(_SPLIT.encode()))


def unmarked(part: bytes) -> bytes:
    """A piece of a page without all that says what is navigation and what is text: elements, roles and names."""
    return _NAME.sub(b"", _LANDMARK.sub(rb"<\1div", part))


def noise(rng: random.Random, seconds: float) -> tuple[bytes, ...]:
    """What stands at the cuts of :meth:`Site.parts` in one fetch; ``seconds`` since the epoch are the time it shows."""
    stamp = int(seconds)
    day, clock = 1 + stamp // 86_400 % 28, stamp % 86_400
    texts = (
        f"{rng.getrandbits(128):032x}",
        str(stamp),
        f"{day:02d}.11.2026 {clock // 3600:02d}:{clock // 60 % 60:02d}:{clock % 60:02d}",
        f"7.45.{rng.randint(100, 999)}",
        str(rng.randint(10_000, 999_999)),
        f"{rng.getrandbits(128):032x}",
        str(stamp),
    )
    return tuple(text.encode() for text in texts)


def woven(parts: tuple[bytes, ...], between: tuple[bytes, ...]) -> bytes:
    """A page's bytes in one fetch."""
    return b"".join(part for pair in zip(parts, (*between, b""), strict=True) for part in pair)


@cache
def _paragraphs(page: int, edition: int) -> tuple[str, ...]:
    """The text of one edition: that of the one before with one paragraph written anew."""
    if edition:
        return rewritten(_paragraphs(page, edition - 1), page, edition)
    rng = random.Random(f"text {page}")
    words, lines = rng.randint(*_WORDS), []
    while words > 0:
        lines.append(paragraph(rng))
        words -= len(lines[-1].split())
    return tuple(lines)


@cache
def pdf(number: int) -> bytes:
    """A PDF of two sheets."""
    rng = random.Random(f"pdf {number}")
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    for _sheet in range(2):
        text = canvas.beginText(60, 780)
        for _line in range(45):
            text.textLine(sentence(rng)[:95])
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@cache
def _slug(page: int) -> str:
    return word(random.Random(f"slug {page}")).lower().translate(str.maketrans("äöüß", "aous"))


@cache
def _name(page: int) -> str:
    rng = random.Random(f"name {page}")
    return f"{word(rng)} {word(rng)}"


@cache
def _notice() -> str:
    return sentence(random.Random("notice"))


@cache
def _style() -> str:
    rng = random.Random("style")
    return "".join(
        f".{rng.choice(('modul', 'teaser', 'nav', 'box'))}-{n}{{margin:{rng.randint(0, 40)}px;"
        f"color:#{rng.getrandbits(24):06x};width:{rng.randint(10, 100)}%}}"
        for n in range(240)
    )
