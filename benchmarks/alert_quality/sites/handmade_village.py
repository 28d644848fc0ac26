"""A village's pages written by hand: no validators, visible noise at every fetch, encodings that come and go."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from benchmarks.alert_quality import place as places
from benchmarks.alert_quality import prose
from benchmarks.alert_quality.content import Article, Box, Entry, File, Items, Para, Rows, Teasers, swap
from benchmarks.alert_quality.driver import Timeline
from benchmarks.alert_quality.labels import Label, Step, quiet
from benchmarks.alert_quality.markup import handmade
from benchmarks.alert_quality.papers import Paper
from benchmarks.alert_quality.place import Fetch, Place
from benchmarks.alert_quality.sites.common import blind, changed, fill, listed, seeing, unlisted
from tests.server import Reply

_TOPICS = (
    "Feuerwehr",
    "Kirchen",
    "Wanderwege",
    "Geschichte",
    "Vereinsleben",
    "Wasserversorgung",
    "Friedhof",
    "Bauland",
    "Schule",
    "Gasthof",
)
LEVEL, HOURS, CLUBS = "/pegel.html", "/amt.html", "/vereine.html"
PLAN, SCAN = "/dokumente/abfallplan.pdf", "/dokumente/flurkarte.pdf"


def make() -> Place:
    """The village in 2023."""
    place = Place(
        markup=handmade.render,
        name="dorf",
        owner="Gemeinde Oberau",
        start="/index.html",
        now=datetime(2023, 9, 4, 4, tzinfo=UTC),
        charset="iso-8859-1",
        foot=("Gemeinde Oberau, Dorfstraße 3", "Telefon 08824 555-0"),
    )
    pages = fill(place, _TOPICS, lambda slug: f"/{slug}.html", 7)
    place.put(_hours(), _level(211), _clubs(), _council())
    place.papers[PLAN] = Paper(
        lines=("Abfuhrplan der Gemeinde Oberau", "Restmüll jeden zweiten Montag", "Papier am ersten Mittwoch")
    )
    place.papers[SCAN] = Paper(lines=("Karte", "Flur 4"), scan=True)
    own = (HOURS, LEVEL, CLUBS, "/rat.html")
    place.nav = tuple((place.pages[path].title, path) for path in (*pages, *own))
    place.put(
        Article(
            path="/index.html",
            title="Gemeinde Oberau",
            parts=(
                Para("Oberau liegt auf 650 Metern Höhe und hat rund 3.200 Einwohner."),
                Items(tuple(f"[[{place.pages[path].title}|{path}]]" for path in pages)),
                File("Abfuhrplan", PLAN),
                File("Flurkarte", SCAN),
            ),
        )
    )
    return place


def _hours() -> Article:
    return Article(
        path=HOURS,
        title="Gemeindeamt",
        parts=(
            Para(
                "Das Amt ist am Montag und am Donnerstag von 8 bis 12 Uhr besetzt. Der Bürgermeister spricht nach Vereinbarung."
            ),
            Rows((("Zimmer", "Wer"), ("1", "Kasse: Frau Huber"), ("2", "Meldewesen: Herr Gruber"))),
            Para("Pakete werden im Amt nicht angenommen."),
        ),
    )


def _level(centimetres: int) -> Article:
    return Article(
        path=LEVEL,
        title="Pegelstand der Loisach",
        parts=(
            Para(f"Am Messpunkt an der Brücke steht das Wasser heute bei {centimetres} Zentimetern."),
            Para("Ab 300 Zentimetern wird der Uferweg gesperrt, ab 350 Zentimetern rückt die Feuerwehr aus."),
        ),
    )


def _clubs() -> Article:
    return Article(
        path=CLUBS,
        title="Vereine",
        parts=(
            Para("In der Gemeinde gibt es viele Vereine. Neue Mitglieder sind überall willkommen."),
            Items(("Trachtenverein", "Schützen", "Blaskapelle", "Sportverein", "Imker", "Gartenbauverein")),
            Para("Änderungen melden Sie bitte im Amt."),
        ),
    )


def _council() -> Article:
    entries = tuple(
        Entry(date(2023, month, 12), f"Sitzung vom 12. {name} 2023", f"/sitzung-{month:02d}.html")
        for month, name in ((8, "August"), (6, "Juni"), (4, "April"))
    )
    return Article(
        path="/rat.html", title="Gemeinderat", parts=(Para("Der Rat hat zwölf Mitglieder."), Teasers(entries))
    )


BOX = Box("Achtung!", ("Das Gemeindeamt bleibt in der Woche vom 18. September wegen Umbaus geschlossen.",))


def steps(place: Place) -> Iterator[Step]:
    """Autumn 2023 to spring 2024."""
    yield from _notes(place)
    yield from _level_rises(place)
    yield from _encodings(place)
    yield from _papers(place)
    yield from _half_answers(place)
    yield from _pages(place)
    yield from _more_noise(place)


def _notes(place: Place) -> Iterator[Step]:
    for month, name in ((8, "August"), (6, "Juni"), (4, "April")):
        path = f"/sitzung-{month:02d}.html"
        place.put(
            Article(
                path=path, title=f"Sitzung vom 12. {name} 2023", parts=prose.paragraphs(f"Sitzung {name}", month, 3)
            )
        )
    yield quiet("the first look")
    yield quiet("clocks and tokens at every fetch", looks=2)
    place.dress = with_sid
    yield quiet("the links carry a session id")
    place.dress = with_case
    yield quiet("attributes in another order, comments and empty elements between")
    place.dress = None
    place.boxes = (BOX,)
    yield Step(
        "a note at the top of every page", (Label(kind="notice.posted", path=place.start, paths=tuple(place.pages)),)
    )
    place.boxes = (swap(BOX, "18. September", "25. September"),)
    yield Step("it names another week", (Label(kind="notice.changed", path=place.start, paths=tuple(place.pages)),))


def _level_rises(place: Place) -> Iterator[Step]:
    place.put(_level(223))
    yield Step("the level: first look", (changed(LEVEL),))
    place.put(_level(231))
    place.boxes = ()
    yield Step("the level: second; the note is gone", (changed(LEVEL), Label(kind="notice.lifted", path=place.start)))
    place.put(_level(248))
    place.edit(HOURS, "von 8 bis 12 Uhr", "von 8 bis 13 Uhr")
    yield Step("the level: third; other hours", (changed(LEVEL), changed(HOURS)))
    place.put(_level(240))
    yield Step("the level: fourth", (changed(LEVEL),))
    place.put(_level(236))
    yield Step(
        "the level: fifth look in a row, so the page is muted",
        (Label(kind="page.noisy", path=LEVEL), Label(kind="page.changed", path=LEVEL, optional=True)),
    )
    place.put(_level(229))
    yield quiet("the level: muted")
    place.put(_level(221))
    place.edit(CLUBS, "Imker", "Imkerverein")
    yield Step("the level: muted; a club has another name", (changed(CLUBS, minor=None),))
    place.parts(
        CLUBS,
        lambda parts: [
            Items((*part.items[1:], "Theatergruppe")) if isinstance(part, Items) else part for part in parts
        ],
    )
    yield Step("a list without links grows by one and loses one", (changed(CLUBS),))
    place.parts(
        CLUBS, lambda parts: [Items(tuple(reversed(part.items))) if isinstance(part, Items) else part for part in parts]
    )
    yield Step("the list is turned round", (Label(kind="page.changed", path=CLUBS, minor=True, optional=True),))


def _encodings(place: Place) -> Iterator[Step]:
    place.charset = "utf-8"
    yield quiet("utf-8 instead of latin-1")
    place.charset, place.said_charset = "iso-8859-1", None
    yield quiet("latin-1 again, and the server does not say so")
    place.charset, place.said_charset, place.dress = "utf-8", "utf-8", mojibake
    yield Step("umlauts on every page broken by a wrong conversion", (blind(place),))
    place.charset, place.said_charset, place.dress = "utf-8", "", None
    yield Step("mended", (seeing(place),))


def _papers(place: Place) -> Iterator[Step]:
    place.papers[SCAN] = Paper(lines=("Karte", "Flur 4 und 5"), scan=True)
    yield Step(
        "another scan of the map", (Label(kind="document.changed", path=SCAN, facts={"before": None, "after": None}),)
    )
    place.papers[PLAN] = place.papers[PLAN].again()
    yield quiet("the plan is saved again")
    place.papers[PLAN] = swap(place.papers[PLAN], "ersten Mittwoch", "dritten Mittwoch")
    yield Step("the plan names another Wednesday", (Label(kind="document.changed", path=PLAN),))
    place.foot = ("Gemeinde Oberau, Dorfstraße 3", "Telefon 08824 555-100")
    yield Step(
        "another telephone number at the foot of every page",
        (Label(kind="page.changed", path=place.start, paths=tuple(place.pages), minor=True),),
    )
    place.template = 2
    yield quiet("style sheets instead of tables")
    place.pages["/kirchen.html"] = replace(place.pages["/kirchen.html"], title="Kirchen und Kapellen")
    yield Step("a page has another title", (changed("/kirchen.html", minor=None),))


def _half_answers(place: Place) -> Iterator[Step]:
    place.every = lambda path: Reply(b"") if path.endswith(".html") else None
    yield Step("every page is empty", (blind(place),))
    place.every = None
    yield Step("the pages are there again", (seeing(place),))
    half = frozenset(path for at, path in enumerate(place.pages) if at % 3 == 1 and path != place.start)
    place.every = places.only(half, Reply(raw=_CUT))
    yield quiet("a third of the pages break off in the middle", looks=2)
    place.every = None
    yield quiet("all whole again")
    place.robots = "# nichts verboten\n"
    yield quiet("robots.txt says nothing any more")


def _pages(place: Place) -> Iterator[Step]:
    _split(place)
    yield Step(
        "a page is split into two",
        (Label(kind="page.added", path="/sagen.html"), changed("/geschichte.html", minor=None)),
        looks=2,
    )
    place.drop("/bauland.html")
    unlisted(place, "/index.html", "/bauland.html")
    place.nav = tuple(each for each in place.nav if each[1] != "/bauland.html")
    yield Step("a page is gone", (Label(kind="page.removed", path="/bauland.html", look=2),), looks=2)
    for path in [path for path in place.pages if path.endswith(".html")]:
        place.move(path, path.replace(".html", ".php"))
    place.start = "/index.php"
    place.config = place.settings().replace(place.base, "{base}").replace("/index.php", "/index.html")
    moved = tuple(path for path in place.pages if path != "/index.php")
    yield Step(
        "all pages end in .php now, with redirects",
        (Label(kind="page.moved", path=moved[0], places=(*moved[1:], "/index.php"), paths=moved),),
        looks=2,
    )
    listed(place, "/index.php", "[[Fundsachen|/fundsachen.php]]")
    place.put(Article(path="/fundsachen.php", title="Fundsachen", parts=prose.page("Fundsachen", 9, 3)))
    yield Step("a new page", (Label(kind="page.added", path="/fundsachen.php"),))


def _more_noise(place: Place) -> Iterator[Step]:
    place.dress = with_counter
    yield Step("a visitor counter comes to the foot of every page", (_new_frame(place),))
    yield quiet("it counts", looks=2)
    place.dress = with_saying
    yield Step("another saying at every fetch takes its place, in the head of every page", (_new_frame(place),))
    yield quiet("other sayings", looks=2)


def _new_frame(place: Place) -> Label:
    """Something new round every page that says nothing."""
    return Label(kind="page.changed", path=place.start, minor=True, optional=True, note="noise begins")


def _split(place: Place) -> None:
    whole = place.pages["/geschichte.html"]
    place.put(Article(path="/sagen.html", title="Sagen", parts=whole.parts[3:]))
    place.put(replace(whole, parts=(*whole.parts[:3], Para("Mehr steht unter [[Sagen|/sagen.html]]."))))


def with_sid(html: str, fetch: Fetch) -> str:
    """Links with a session id."""
    return re.sub(r'href="(/[^"?]*\.html)"', rf'href="\1?PHPSESSID={fetch.token}"', html)


def with_counter(html: str, fetch: Fetch) -> str:
    """A counter of visitors."""
    return html.replace(handmade.COUNTER, f" &middot; Sie sind Besucher Nr. {184000 + fetch.count}")


def with_saying(html: str, fetch: Fetch) -> str:
    """One of a few sayings."""
    return html.replace(handmade.SAYING, _SAYINGS[fetch.count % len(_SAYINGS)])


_SAYINGS = (
    "Willkommen im Grünen!",
    "Schön, dass Sie da sind.",
    "Natur erleben, Gemeinschaft spüren.",
    "Wir sind für Sie da.",
)


def with_case(html: str, fetch: Fetch) -> str:
    """The same page, noted otherwise."""
    html = re.sub(r"<p>", f'<p style="margin:{fetch.count % 4}px" class="a">', html)
    html = re.sub(r"</p>", "</p>\n<!-- Absatz -->\n<span></span>", html)
    return html.replace("<li>", "<li\n>  ").replace("</li>", "  </li>")


def mojibake(html: str, _fetch: Fetch) -> str:
    """UTF-8 read as latin-1, and written as UTF-8 once more."""
    return html.encode("utf-8").decode("latin-1")


_CUT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 9000\r\n\r\n"
    b"<html><body><div id=inhalt><h1>Gemeinde</h1><p>Die Seite begin"
)

TIMELINE = Timeline(name="handmade-village", about=__doc__ or "", place=make, steps=steps)
