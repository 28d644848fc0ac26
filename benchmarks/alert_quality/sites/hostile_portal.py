"""A portal that does its worst: outages, walls, refusals, endless links, broken and enormous answers."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks.alert_quality import place as places
from benchmarks.alert_quality import prose
from benchmarks.alert_quality.content import Article, Items, Para, Rows
from benchmarks.alert_quality.driver import Timeline
from benchmarks.alert_quality.labels import Label, Step, quiet
from benchmarks.alert_quality.markup import drupal
from benchmarks.alert_quality.place import COMMON, Fetch, Place
from benchmarks.alert_quality.sites.common import blind, changed, fill, listed, seeing, unlisted
from tests.server import Reply

TOP, TABLE = "/amt/", "/amt/statistik/"
CONFIG = f'[[source]]\nname = "portal"\nstart = ["{{base}}{TOP}"]\ntimeout = "3s"\nmax_pages = 200\n{COMMON}'
_TOPICS = (
    "Ausweise", "Bibliotheken", "Dienstreisen", "Erbschaft", "Fahrzeuge", "Grundbuch", "Hafen", "Inventar", "Jagdrecht",
    "Kanäle", "Luftbilder", "Melderecht", "Notare", "Obstbau",
)  # fmt: skip


def make() -> Place:
    """The portal in January 2025."""
    place = Place(
        markup=drupal.render,
        name="portal",
        owner="Portal Nordmark",
        start=TOP,
        config=CONFIG,
        now=datetime(2025, 1, 6, 5, tzinfo=UTC),
        foot=("Portal Nordmark, Am Hafen 9",),
        soft404=True,
    )
    pages = fill(place, _TOPICS, lambda slug: f"{TOP}{slug}/", 9)
    rows = tuple((f"Bezirk {at}", str(1000 + 37 * at), f"{at % 9},{at % 7} Prozent") for at in range(1, 400))
    place.put(
        Article(
            path=TABLE,
            title="Statistik",
            parts=(Para("Zahlen aller Bezirke."), Rows((("Bezirk", "Fälle", "Anteil"), *rows))),
        )
    )
    place.put(Article(path="/", title="Portal Nordmark", parts=(Para(f"[[Zum Amt|{TOP}]]"),)))
    place.put(
        Article(
            path=TOP,
            title="Amt",
            parts=(
                Para("Das Amt hält seine Auskünfte auf den folgenden Seiten bereit."),
                Items(tuple(f"[[{place.pages[path].title}|{path}]]" for path in (*pages, TABLE))),
            ),
        )
    )
    return place


def at(slug: str) -> str:
    """The address of a topic."""
    return f"{TOP}{slug}/"


def steps(place: Place) -> Iterator[Step]:
    """Winter 2025."""
    yield from _outages(place)
    yield from _broken_pages(place)
    yield from _robots(place)
    yield from _much_text(place)
    yield from _traps(place)


def _outages(place: Place) -> Iterator[Step]:
    yield quiet("the first look")
    place.every = lambda _path: Reply(raw=b"")
    yield Step("the host hangs up on everyone for nine days", (blind(place),), looks=3)
    place.every = None
    place.parts(at("hafen"), lambda parts: (*parts, Para("Der Hafenmeister ist bis zum 31. März beurlaubt.")))
    yield Step("it is there again, with one page changed", (seeing(place), changed(at("hafen"))))
    place.every = lambda path: None if path == "/robots.txt" else Reply(_WALL)
    yield Step("a wall of cookies and scripts instead of every page", (blind(place),), looks=2)
    place.every = None
    yield Step("the wall is gone", (seeing(place),))
    place.every = lambda path: None if path == "/robots.txt" else Reply(_DENIED, status=403)
    yield Step("everyone is refused (403)", (blind(place),))
    place.every = None
    yield Step("open again", (seeing(place),))
    place.every = lambda path: (
        Reply(status=302, headers=(("Location", "/anmeldung"),)) if path.startswith(TOP) else _login(path)
    )
    yield Step("every page leads to a login", (blind(place),), looks=2)
    place.every = None
    yield Step("no login any more", (seeing(place),))


def _broken_pages(place: Place) -> Iterator[Step]:
    place.raw[at("ausweise")] = Reply(raw=_CUT)
    place.raw[at("notare")] = Reply(status=302, headers=(("Location", at("notare")),))
    place.raw[at("jagdrecht")] = Reply(b"")
    yield quiet("one page breaks off, one leads to itself, one is empty", looks=3)
    place.raw.clear()
    yield quiet("all three are well")
    place.raw[at("erbschaft")] = Reply(_WALL)
    place.raw[at("kanaele")] = Reply(_ERROR)
    yield quiet("a wall on one page, a database error with status 200 on another", looks=2)
    place.raw.clear()
    place.edit(at("kanaele"), "Kanäle", "Wasserstraßen")
    yield Step("both are well, one with other words", (changed(at("kanaele"), minor=None),))


def _robots(place: Place) -> Iterator[Step]:
    place.robots = "User-agent: *\nDisallow: /amt/fahrzeuge/\n"
    place.edit(at("fahrzeuge"), "Fahrzeuge", "Kraftwagen")
    yield quiet("robots.txt forbids one page", looks=2)
    place.robots = "User-agent: *\nDisallow:\n"
    yield Step("and allows it again; it has changed", (changed(at("fahrzeuge"), minor=None),))
    place.raw["/robots.txt"] = Reply("kaputt", status=500, type="text/plain")
    yield Step("robots.txt itself answers 500", (blind(place),), looks=2)
    place.raw.clear()
    yield Step("robots.txt is well", (seeing(place),))


def _much_text(place: Place) -> Iterator[Step]:
    rows = place.pages[TABLE].parts[1]
    assert isinstance(rows, Rows)
    place.parts(
        TABLE,
        lambda parts: [
            parts[0],
            Rows((rows.rows[0], *((name, str(int(number) + 1), share) for name, number, share in rows.rows[1:]))),
        ],
    )
    yield Step("399 numbers of a table change at once", (changed(TABLE),))
    huge = tuple(
        Para(f"Absatz {number} der Verordnung: {text.text}")
        for number in range(150)
        for text in prose.paragraphs("Verordnung", number, 2)
    )
    place.put(Article(path=at("verordnung"), title="Verordnung", parts=huge))
    listed(place, TOP, f"[[Verordnung|{at('verordnung')}]]")
    yield Step("a page of 300 paragraphs comes", (Label(kind="page.added", path=at("verordnung")),))
    place.parts(at("verordnung"), lambda parts: tuple(reversed(parts)))
    place.edit(at("verordnung"), "Absatz 7 der", "Absatz 7a der")
    yield Step(
        "it is turned upside down, and one paragraph has another number", (changed(at("verordnung"), minor=None),)
    )


def _traps(place: Place) -> Iterator[Step]:
    place.drop(at("obstbau"))
    unlisted(place, TOP, at("obstbau"))
    place.every = places.only(frozenset(list(place.pages)[2:13]), Reply("Fehler", status=500, type="text/plain"))
    yield Step("a page is deleted in a night in which most others answer 500", (blind(place),), looks=2)
    place.every = None
    yield Step(
        "the night is over",
        (seeing(place), Label(kind="page.removed", path=at("obstbau"), look=2)),
        looks=2,
    )
    listed(place, TOP, "[[Kalender|/amt/kalender/2025-01/]]")
    place.dress = None
    for month in range(1, 13):
        place.put(_month(month))
    place.every = _calendar
    yield Step(
        "a calendar without end is linked",
        (Label(kind="page.added", path="/amt/kalender/2025-01/", note="the calendar"),),
        looks=2,
    )
    place.edit(at("grundbuch"), "Grundbuch", "Grundstücksregister")
    yield Step("a page changes beside the calendar", (changed(at("grundbuch"), minor=None),))
    place.dress = with_advert
    yield Step(
        "a shop's banner is put on every page, other words at every fetch",
        (Label(kind="page.changed", path=TOP, minor=True, optional=True, note="noise begins"),),
        looks=3,
    )
    place.every = lambda path: (
        None if path == "/robots.txt" else Reply(_BUSY, status=503, headers=(("Retry-After", "86400"),))
    )
    yield Step("maintenance for a day, as 503 with Retry-After says", (blind(place),))
    place.every = None
    yield Step("three days later", (seeing(place),))


def _month(number: int) -> Article:
    following = f"/amt/kalender/2025-{number + 1:02d}/"
    return Article(
        path=f"/amt/kalender/2025-{number:02d}/",
        title=f"Kalender {number}/2025",
        parts=(Para("In diesem Monat gibt es keine Einträge."), Para(f"[[nächster Monat|{following}]]")),
    )


def _calendar(path: str) -> Reply | None:
    """Months for ever after the first twelve."""
    if not path.startswith("/amt/kalender/2025-"):
        return None
    number = int(path.rstrip("/").rsplit("-", 1)[1])
    if number <= 12:
        return None
    return Reply(
        f"<html lang=de><body><div role=main><h1>Kalender {number}/2025</h1><p>In diesem Monat gibt es keine Einträge.</p>"
        f'<p><a href="/amt/kalender/2025-{number + 1:02d}/">nächster Monat</a></p></div></body></html>'
    )


def _login(path: str) -> Reply | None:
    return Reply(_LOGIN) if path == "/anmeldung" else None


def with_advert(html: str, fetch: Fetch) -> str:
    """Something to buy."""
    advert = f'<div class="ad-banner advert" id="ad{fetch.count}"><p>Anzeige: Nur heute {fetch.count % 40 + 5} Prozent auf alles!</p></div>'
    return html.replace('<footer class="footer', f'{advert}<footer class="footer')


_WALL = (
    "<!doctype html><html lang=de><head><title>Einen Moment bitte …</title></head><body><h1>Überprüfung Ihres Browsers</h1>"
    "<p>Bitte aktivieren Sie JavaScript und Cookies, um fortzufahren.</p><noscript>JavaScript ist ausgeschaltet.</noscript></body></html>"
)
_DENIED = "<html><head><title>403 Forbidden</title></head><body><h1>Zugriff verweigert</h1><p>Ihre Anfrage wurde abgelehnt.</p></body></html>"
_BUSY = "<html><head><title>Wartung</title></head><body><h1>Wir sind bald zurück</h1></body></html>"
_LOGIN = (
    "<html lang=de><head><title>Anmeldung</title></head><body><h1>Anmeldung</h1><form method=post><label>Benutzername <input name=u></label>"
    "<label>Passwort <input type=password name=p></label><button>Anmelden</button></form></body></html>"
)
_ERROR = (
    "<html><head><title>Fehler</title></head><body><p>The website encountered an unexpected error. Please try again later.</p>"
    "<p>SQLSTATE[HY000] [2002] Connection refused</p></body></html>"
)
_CUT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 12000\r\n\r\n"
    b"<html><body><div role=main><h1>Ausweise</h1><p>Wer einen Ausw"
)

TIMELINE = Timeline(name="hostile-portal", about=__doc__ or "", place=make, steps=steps)
