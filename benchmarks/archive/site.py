"""A section of an authority's site whose pages carry noise in every fetch: the same bytes for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

HOST = "https://amt.example"
FIRST = datetime(2025, 1, 6, 5, 30, tzinfo=UTC)
WEEK = timedelta(weeks=1)
EDITED = 0.02  # of the pages change their text from one week to the next


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_HEADS = _words(
    """Antrag Auskunft Bescheid Bezirk Förderung Frist Gebühr Genehmigung Hilfe Kosten Leistung Nachweis Planung
Prüfung Stelle Unterlage Verfahren Verordnung Vorlage Wohnung Zuschuss Beratung Einrichtung Anzeige Aufsicht
Ausschuss Bericht Dienst Erlaubnis Fonds Gesetz Haushalt Karte Liste Maßnahme Netz Ordnung Partnerschaft Rat
Satzung Tagung Umlage Vertrag Wesen Zentrum Amt Büro Feld Gruppe Heim"""
)
_STEMS = _words(
    """Städte Jugend Kinder Pflege Gesundheits Bau Umwelt Verkehrs Schul Sozial Wirtschafts Kultur Sport Wasser Abfall
Energie Boden Luft Lebensmittel Tier Arznei Krankenhaus Rettungs Katastrophen Melde Ausweis Steuer Renten
Familien Senioren Integrations Asyl Wahl Straßen Brücken Grün Friedhofs Markt Gewerbe Handwerks Ausbildungs
Weiterbildungs Forschungs Daten Archiv Bürger Rechts Finanz Personal Vergabe"""
)
_VERBS = _words(
    """beantragt bewilligt geprüft veröffentlicht ausgelegt beschlossen verlängert aufgehoben gefördert begleitet
eingereicht erteilt versagt ergänzt geändert vorgestellt beraten abgestimmt übernommen finanziert"""
)
_LINKS = _words("mit für durch nach bei ohne gegen über unter seit während wegen trotz innerhalb außerhalb")
_QUALITIES = _words(
    """zuständige örtliche schriftliche persönliche gesetzliche jährliche öffentliche gemeinsame vorläufige endgültige
zusätzliche besondere allgemeine neue frühere kostenlose ehrenamtliche berufliche digitale barrierefreie"""
)


@dataclass(frozen=True, slots=True)
class Fetch:
    """One answer of the site: its address, when it came, and its bytes."""

    uri: str
    at: datetime
    request: bytes
    head: bytes
    body: bytes


def fetches(pages: int, weeks: int) -> Iterator[Fetch]:
    """Every page once a week, in the order of time."""
    editions = dict.fromkeys(range(pages), 0)
    edits = random.Random("edits")
    for week in range(weeks):
        if week:
            for page in edits.sample(range(pages), max(1, round(pages * EDITED))):
                editions[page] += 1
        for page in range(pages):
            yield fetch(page, editions[page], FIRST + week * WEEK + page * timedelta(seconds=1), pages)


def fetch(page: int, edition: int, at: datetime, pages: int) -> Fetch:
    """One page as it is sent at one moment."""
    where = path(page)
    body = _noisy(_page(page, edition, pages), random.Random(f"noise {page} {at}"), at)
    head = (
        f"HTTP/1.1 200 OK\r\nDate: {at:%a, %d %b %Y %H:%M:%S} GMT\r\nServer: Apache\r\n"
        "Cache-Control: no-store, must-revalidate\r\nVary: Accept-Encoding\r\nX-Frame-Options: SAMEORIGIN\r\n"
        f"Content-Length: {len(body)}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    )
    request = f"GET {where} HTTP/1.1\r\nHost: amt.example\r\nUser-Agent: Amtsblick\r\nAccept-Encoding: identity\r\n\r\n"
    return Fetch(uri=HOST + where, at=at, request=request.encode(), head=head.encode(), body=body)


def path(page: int) -> str:
    """The path of one page."""
    return f"/fachbereich/{_slug(page)}-{page}/"


@cache
def _slug(page: int) -> str:
    return word(random.Random(f"slug {page}")).lower().translate(str.maketrans("äöüß", "aous"))


def word(rng: random.Random) -> str:
    """A noun as offices put them together."""
    head = rng.choice(_HEADS)
    kind = rng.random()
    if kind < 0.3:
        return head
    stem = rng.choice(_STEMS)
    return stem + head.lower() if kind < 0.9 else f"{stem}{rng.choice(_STEMS).lower()}{head.lower()}"


def sentence(rng: random.Random) -> str:
    """A sentence as dull as most of an office's."""
    words = [rng.choice(("Die", "Der", "Das", "Eine", "Jede", "Diese")), rng.choice(_QUALITIES), word(rng), "wird"]
    for _ in range(rng.randint(1, 3)):
        words += [rng.choice(_LINKS), rng.choice(_QUALITIES), word(rng)]
    if rng.random() < 0.2:
        words += ["bis", "zum", f"{rng.randint(1, 28)}.{rng.randint(1, 12)}.{rng.randint(2019, 2027)}"]
    return " ".join([*words, rng.choice(_VERBS)]) + "."


@cache
def paragraphs(page: int, edition: int) -> tuple[str, ...]:
    """The text of one edition: that of the one before with one paragraph written anew."""
    if edition:
        return rewritten(paragraphs(page, edition - 1), page, edition)
    rng = random.Random(f"text {page}")
    return tuple(paragraph(rng) for _ in range(rng.randint(10, 44)))


def rewritten(lines: tuple[str, ...], page: int, edition: int) -> tuple[str, ...]:
    """The same paragraphs, one of them written anew."""
    rng = random.Random(f"edit {page} {edition}")
    chosen = rng.randrange(len(lines))
    return (*lines[:chosen], paragraph(rng), *lines[chosen + 1 :])


def paragraph(rng: random.Random) -> str:
    """Two to five sentences."""
    return " ".join(sentence(rng) for _ in range(rng.randint(2, 5)))


@cache
def _frame(pages: int) -> tuple[str, str]:
    """What all pages of the site have before and behind their text."""
    rng = random.Random("frame")
    style = "".join(
        f".{rng.choice(('modul', 'teaser', 'nav', 'box'))}-{n}{{margin:{rng.randint(0, 40)}px;"
        f"color:#{rng.getrandbits(24):06x};width:{rng.randint(10, 100)}%}}"
        for n in range(240)
    )
    menu = "".join(
        f'<li class="nav-item level-{n % 3}"><a class="nav-link" href="{path(n % pages)}" title="{word(rng)}">'
        f"{word(rng)} {word(rng)}</a></li>\n"
        for n in range(80)
    )
    before = f"""<style>{style}</style>
<meta name="csrf-token" content="@token@">
<link rel="stylesheet" href="/assets/css/main.css?v=@buster@">
<script nonce="@nonce@">window.site = {{session: "@session@", language: "de"}};</script></head><body>
<div role="alert" class="banner"><p>Unsere Sprechzeiten haben sich geändert, bitte fragen Sie nach.</p></div>
<nav id="menu"><ul>{menu}</ul></nav><main id="inhalt">"""
    after = """</main><footer><p>Bezirksamt, Rathausplatz 1, 12345 Musterstadt</p>
<p>Seite erstellt am @time@, Version @build@ | Besucher: @visits@</p>
<form action="/suche"><input type="hidden" name="token" value="@token@"><input name="q"></form>
</footer><script src="/assets/js/main.js?v=@buster@"></script></body></html>"""
    return before, after


@cache
def _page(page: int, edition: int, pages: int) -> str:
    before, after = _frame(pages)
    rng = random.Random(f"page {page}")
    title = f"{word(rng)} und {word(rng)}"
    parts = [f"<h1>{title}</h1>"]
    for number, text in enumerate(paragraphs(page, edition)):
        if number % 4 == 3:
            parts.append(f"<h2>{word(rng)} {rng.choice(_LINKS)} {word(rng)}</h2>")
        parts.append(f'<div class="textile modul-{number}"><p>{text}</p></div>')
    parts += [
        f'<p><a href="/dokumente/{page}-{n}.pdf">{word(rng)} (PDF, {rng.randint(20, 900)} KB)</a></p>' for n in range(3)
    ]
    head = f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title} – Bezirksamt</title>'
    return head + before + "\n".join(parts) + after


def _noisy(text: str, rng: random.Random, at: datetime) -> bytes:
    """What is another in every fetch of the very same page."""
    noise = {
        "token": f"{rng.getrandbits(128):032x}",
        "buster": str(int(at.timestamp())),
        "nonce": f"{rng.getrandbits(64):016x}",
        "session": f"{rng.getrandbits(128):032x}",
        "time": f"{at:%d.%m.%Y %H:%M:%S}",
        "build": f"7.{at.isocalendar().week}.{rng.randint(100, 999)}",
        "visits": str(rng.randint(10_000, 999_999)),
    }
    for name, value in noise.items():
        text = text.replace(f"@{name}@", value)
    return text.encode()
