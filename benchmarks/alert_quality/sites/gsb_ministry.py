"""A federal office on the Government Site Builder: session ids in links, editions of PDFs, robots.txt, caps, half crawls."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from benchmarks.alert_quality import place as places
from benchmarks.alert_quality import prose
from benchmarks.alert_quality.content import Article, Box, Entry, File, Head, Items, Para, Picture, Rows, Teasers, swap
from benchmarks.alert_quality.driver import Timeline
from benchmarks.alert_quality.labels import Label, Step, quiet
from benchmarks.alert_quality.markup import gsb
from benchmarks.alert_quality.papers import Paper
from benchmarks.alert_quality.place import COMMON, Place
from benchmarks.alert_quality.sites.common import blind, changed, fill, listed, seeing, unlisted
from tests.server import Reply

HOME = "/DE/Home/home.html"
THEMES = "/DE/Themen/"
NEWS = "/DE/Aktuelles/meldungen.html"
SHARED = "/SharedDocs/Downloads/DE/"
GUIDE, REPORT, FORM, OLD = (
    f"{SHARED}{name}.pdf" for name in ("leitfaden", "jahresbericht-2023", "antrag", "merkblatt-alt")
)
PAPERS = "/DE/Service/Publikationen/publikationen.html"
_TOPICS = (
    "Messeförderung", "Auslandsmärkte", "Handwerksordnung", "Rohstoffsicherung", "Normungspolitik", "Vergabewesen",
    "Gründerzeit", "Schiffbau", "Preisangaben", "Fachkräftebündnis", "Ladesäulen", "Tourismus",
)  # fmt: skip
SITE = '[[source]]\nname = "amt"\nstart = ["{base}/DE/Home/home.html"]\nscope = ["{base}/DE/"]\n' + COMMON


def theme(name: str, folder: str = THEMES) -> str:
    """The address of a topic's page."""
    return f"{folder}{name}/{name}.html"


def make() -> Place:
    """The office in January 2024."""
    place = Place(
        markup=gsb.render,
        name="amt",
        owner="Bundesamt für Handelsfragen",
        start=HOME,
        config=SITE,
        now=datetime(2024, 1, 15, 5, tzinfo=UTC),
        person="Referat Z 4, Herr Dr. Lindner, Telefon 0228 55512-340",
        foot=("Bundesamt für Handelsfragen, Postfach 20 01, 53113 Bonn",),
        dress=gsb.with_session,
        nav=(("Meldungen", NEWS), ("Publikationen", PAPERS)),
    )
    topics = fill(place, _TOPICS, theme)
    place.put(Article(path="/", title="Willkommen", parts=(Para(f"[[Zur Startseite|{HOME}]]"),)))
    place.put(_board(), _grants())
    lines = tuple(f"[[{place.pages[path].title}|{path}]]" for path in topics)
    place.put(
        Article(
            path=HOME,
            title="Bundesamt für Handelsfragen",
            parts=(
                Para("Wir beraten Unternehmen, fördern Auftritte auf Messen und beobachten die Märkte."),
                Head("Unsere Themen"),
                Items(lines),
                Para("Mehr über uns: [[Beirat|/DE/Amt/beirat.html]] und [[Zuschüsse|/DE/Service/zuschuesse.html]]."),
            ),
        )
    )
    for path, title in ((GUIDE, "Leitfaden"), (REPORT, "Jahresbericht"), (FORM, "Antrag"), (OLD, "Merkblatt")):
        place.papers[path] = Paper(lines=(f"{title} des Bundesamtes für Handelsfragen", *_words(title)))
    place.put(
        Article(
            path=PAPERS,
            title="Publikationen",
            parts=(
                Para("Alle Schriften können Sie hier herunterladen oder gedruckt bestellen."),
                File("Leitfaden für Aussteller", GUIDE),
                File("Jahresbericht", REPORT),
                File("Antrag auf Zuschuss", FORM),
                File("Merkblatt zur alten Richtlinie", OLD),
            ),
        )
    )
    entries = tuple(_entry(place, at) for at in range(8, 0, -1))
    place.put(Article(path=NEWS, title="Meldungen", parts=(Teasers(entries),)))
    return place


def _words(title: str) -> tuple[str, ...]:
    return tuple(part.text for part in prose.paragraphs(title, 5, 4))


_NEWS = (
    "Messeplatz Deutschland wächst weiter", "Förderaufruf für Aussteller gestartet", "Weniger Formulare für kleine Betriebe",
    "Gemeinsamer Stand in Oslo", "Marktbericht Nordafrika erschienen", "Tag der offenen Tür am Rhein",
    "Handwerk trifft Forschung", "Dialog mit den Kammern",
)  # fmt: skip


def _entry(place: Place, number: int) -> Entry:
    path, title, day = f"/DE/Aktuelles/2023/meldung-{number:02d}.html", _NEWS[number - 1], date(2023, number + 3, 4)
    text = prose.paragraphs(title, number, 3)
    place.put(Article(path=path, title=title, press_line=f"{day:%d.%m.%Y}", parts=text))
    return Entry(day, title, path)


def publish(place: Place, number: int, title: str, day: date) -> str:
    """Publish a news item of 2024 and put its line on top of the list."""
    path = f"/DE/Aktuelles/2024/meldung-{number:02d}.html"
    text = prose.paragraphs(title, 20 + number, 3)
    place.put(Article(path=path, title=title, press_line=f"{day:%d.%m.%Y}", parts=text))
    (news,) = (part for part in place.pages[NEWS].parts if isinstance(part, Teasers))
    place.parts(NEWS, lambda _parts: [Teasers((Entry(day, title, path), *news.entries))])
    return path


def _board() -> Article:
    return Article(
        path="/DE/Amt/beirat.html",
        title="Beirat",
        parts=(
            Picture("/DE/Amt/beirat.jpg", "Der Beirat bei seiner Sitzung im Herbst"),
            Para(
                "Der Beirat berät das Amt in allen Fragen der Förderung. Er tagt an jedem ersten Dienstag im März und Oktober."
            ),
            Rows(
                (("Name", "Verband"), ("Ina Köster", "Handwerk"), ("Paul Rehm", "Industrie"), ("Sofie Thal", "Messen"))
            ),
            Para("Die Sitzungen sind nicht öffentlich. Den Vorsitz führt Ina Köster."),
        ),
    )


def _grants() -> Article:
    return Article(
        path="/DE/Service/zuschuesse.html",
        title="Zuschüsse",
        parts=(
            Para("Kleine Betriebe können einen Zuschuss zu den Kosten eines Messestandes erhalten."),
            Items(("Standmiete", "Standbau", "Fracht", "Dolmetschen")),
            Para("Der Zuschuss beträgt höchstens 4.000 Euro je Messe und wird nach der Messe gezahlt."),
            Head("Wer nicht gefördert wird"),
            Para("Betriebe mit mehr als 250 Beschäftigten sind ausgeschlossen, ebenso Vereine und Körperschaften."),
            Para("Auch wer bereits aus einem Programm der Länder gefördert wird, kann keinen Antrag stellen."),
            Para("Ausgenommen sind Verkaufsmessen; hierfür gibt es seit 2019 keine Mittel mehr."),
        ),
    )


BOX = Box(
    "Telefonische Erreichbarkeit eingeschränkt",
    ("Unsere Hotline ist wegen einer Umstellung vom 5. bis 9. Februar nicht besetzt.",),
)
BEIRAT, GRANTS = "/DE/Amt/beirat.html", "/DE/Service/zuschuesse.html"


def scope(place: Place) -> tuple[str, ...]:
    """All pages of the source."""
    return tuple(path for path in place.pages if path.startswith("/DE/"))


def steps(place: Place) -> Iterator[Step]:
    """The year 2024."""
    yield from _frame(place)
    yield from _news(place)
    yield from _papers(place)
    yield from _edits(place)
    yield from _pages(place)
    yield from _bad_nights(place)
    yield from _moved(place)


def _frame(place: Place) -> Iterator[Step]:
    yield quiet("the first look")
    yield quiet("other session ids and parameters in all links", looks=2)
    place.dress = None
    yield quiet("links without session ids")
    place.dress = gsb.with_session
    yield quiet("and with them again")
    place.boxes = (BOX,)
    yield Step("a notice on every page", (Label(kind="notice.posted", path=HOME, paths=scope(place)),))
    place.boxes = (BOX, Box("Neue Anschrift", ("Ab März finden Sie uns in der Rheinallee 7.",)))
    yield Step("a second notice beside it", (Label(kind="notice.posted", path=HOME, kinds=("notice.changed",)),))
    place.boxes = place.boxes[1:]
    yield Step(
        "the first is lifted, the second stays", (Label(kind="notice.lifted", path=HOME, kinds=("notice.changed",)),)
    )
    place.person = "Referat Z 4, Frau Dr. Sommer, Telefon 0228 55512-340"
    yield Step(
        "another person in the contact box of every page",
        (Label(kind="page.changed", path=HOME, paths=scope(place), minor=True),),
    )


def _news(place: Place) -> Iterator[Step]:
    path = publish(place, 1, "Zuschüsse werden schneller gezahlt", date(2024, 2, 6))
    yield Step("a news item and its line in the list", (Label(kind="page.added", path=path),))
    path = publish(place, 2, "Stand in Lissabon ausgebucht", date(2024, 2, 12))
    oldest = "/DE/Aktuelles/2023/meldung-01.html"
    place.drop(oldest)
    unlisted(place, NEWS, oldest)
    yield Step(
        "the list grows by one and loses one, whose page is deleted",
        (Label(kind="page.added", path=path), Label(kind="page.removed", path=oldest, look=2)),
        looks=2,
    )
    fallen = "/DE/Aktuelles/2023/meldung-02.html"
    path = publish(place, 3, "Umfrage unter Ausstellern beginnt", date(2024, 2, 19))
    unlisted(place, NEWS, fallen)
    yield Step(
        "the list grows by one and loses one, whose page is still there",
        (
            Label(kind="page.added", path=path),
            Label(kind="page.changed", path=NEWS, optional=True, note="a line fell off the end"),
        ),
        looks=2,
    )


def _papers(place: Place) -> Iterator[Step]:
    place.papers[f"{SHARED}leitfaden-2024.pdf"] = swap(place.papers.pop(GUIDE), "Leitfaden", "Neuer Leitfaden")
    place.relink(GUIDE, f"{SHARED}leitfaden-2024.pdf")
    yield Step(
        "a new edition of a PDF at a new address under the same label",
        (Label(kind="document.changed", path=f"{SHARED}leitfaden-2024.pdf", paths=(PAPERS,)),),
        looks=2,
    )
    new = f"{SHARED}handreichung.pdf"
    place.papers[new] = Paper(lines=("Handreichung für Prüfer", *_words("Handreichung")))
    place.parts(
        PAPERS,
        lambda parts: [
            *(part for part in parts if part != File("Merkblatt zur alten Richtlinie", OLD)),
            File("Handreichung für Prüfer", new),
        ],
    )
    place.drop(OLD)
    yield Step(
        "one PDF comes, another goes",
        (Label(kind="document.added", path=new, paths=(PAPERS,)), Label(kind="document.removed", path=OLD, look=2)),
        looks=2,
    )
    place.papers[FORM] = Paper(lines=("Antrag",) * 9, locked=True)
    yield Step(
        "a PDF is replaced by one that needs a password",
        (Label(kind="document.changed", path=FORM),),
    )
    place.papers[FORM] = Paper(lines=("Antrag",) * 7, locked=True, saved=4)
    yield Step(
        "other bytes that cannot be read either",
        (Label(kind="document.changed", path=FORM, facts={"before": None, "after": None}),),
    )


def _edits(place: Place) -> Iterator[Step]:
    place.edit(BEIRAT, "an jedem ersten Dienstag im März", "an jedem ersten Donnerstag im März")
    place.edit(GRANTS, "höchstens 4.000 Euro", "höchstens 4.500 Euro")
    yield Step(
        "a weekday on one page, a sum on another",
        (
            changed(BEIRAT),
            changed(GRANTS),
        ),
    )
    place.edit(BEIRAT, "Oktober", "November")
    place.edit(GRANTS, "ebenso Vereine", "ebenso Vreine")
    yield Step("a month on one page, a slip of the pen on the other", (changed(BEIRAT), changed(GRANTS, minor=True)))
    place.edit(GRANTS, "ebenso Vreine", "ebenso Vereine")
    place.edit(BEIRAT, "im Herbst", "im vergangenen Herbst")
    yield Step(
        "the slip is mended; a caption on the other page", (changed(GRANTS, minor=True), changed(BEIRAT, minor=True))
    )
    place.template = 2
    yield quiet("a new template round the same text")
    rows = place.pages[BEIRAT].parts[2]
    assert isinstance(rows, Rows)
    place.parts(
        BEIRAT,
        lambda parts: [Rows((*part.rows, ("Uwe Brandt", "Tourismus"))) if part is rows else part for part in parts],
    )
    yield Step("the table gets a row", (changed(BEIRAT),))


def _pages(place: Place) -> Iterator[Step]:
    _split(place)
    yield Step(
        "a page is split: its second half is a page of its own now",
        (Label(kind="page.added", path="/DE/Service/ausschluss.html"), changed(GRANTS, minor=None)),
        looks=2,
    )
    new_theme = theme("wasserstoff")
    place.put(Article(path=new_theme, title="Wasserstoff", parts=prose.page("Wasserstoff", 61)))
    listed(place, HOME, f"[[Wasserstoff|{new_theme}]]")
    place.edit(HOME, "beobachten die Märkte", "beobachten die Märkte in 40 Ländern")
    yield Step(
        "a new page is linked, and the linking page changes elsewhere too",
        (Label(kind="page.added", path=new_theme), changed(HOME)),
    )


def _bad_nights(place: Place) -> Iterator[Step]:
    place.robots = "User-agent: *\nDisallow: /\n"
    yield Step("robots.txt forbids everything", (blind(place),), looks=3)
    place.robots = "User-agent: *\nDisallow: /intern/\n"
    yield Step("robots.txt allows again", (seeing(place),))
    some = frozenset(path for path in scope(place)[2::4] if path != HOME)
    place.every = places.only(some, Reply("Fehler", status=503, type="text/plain"))
    yield quiet("a quarter of the pages answer 503", looks=2)
    many = frozenset(path for path in scope(place) if path != HOME and hash_of(path) % 10 < 8)
    place.every = places.only(many, Reply("Fehler", status=502, type="text/plain"))
    place.edit(GRANTS, "4.500 Euro", "5.000 Euro")
    place.drop(theme("tourismus"))
    unlisted(place, HOME, theme("tourismus"))
    yield Step("most pages answer 502; meanwhile one is changed and one deleted", (blind(place),), looks=2)
    place.every = None
    yield Step(
        "the night is over",
        (seeing(place), changed(GRANTS), Label(kind="page.removed", path=theme("tourismus"), look=2)),
        looks=2,
    )
    place.config = SITE + "max_pages = 6\n"
    yield quiet("the crawl ends at a cap of six pages", looks=2)
    place.config = SITE
    yield quiet("the cap is lifted")


def _moved(place: Place) -> Iterator[Step]:
    place.every = places.refusing(503)
    place.edit(BEIRAT, "Ina Köster", "Paul Rehm")
    yield Step("an outage, in which a name changes", (blind(place),))
    place.edit(BEIRAT, "Vorsitz führt Paul Rehm", "Vorsitz führt Ina Köster")
    yield quiet("and half of it changes back")
    place.every = None
    yield Step("the host is well: what is left of it is told once", (seeing(place), changed(BEIRAT)))
    _move_themes(place)
    moved = tuple(path for path in place.pages if path.startswith("/DE/Politik/"))
    yield Step(
        "a folder of eleven pages moves whole, with redirects",
        (Label(kind="page.moved", path=moved[0], places=moved[1:], paths=moved),),
        looks=2,
    )
    place.edit(moved[3], " zu ", " für ")
    yield Step("a page of the moved folder changes", (changed(moved[3], minor=None),))


def hash_of(path: str) -> int:
    """A number that a path always has."""
    return sum(map(ord, path))


def _split(place: Place) -> None:
    whole = place.pages[GRANTS].parts
    rest = "/DE/Service/ausschluss.html"
    place.put(Article(path=rest, title="Wer nicht gefördert wird", parts=whole[4:]))
    line = Para(f"[[Wer nicht gefördert wird|{rest}]]")
    place.put(replace(place.pages[GRANTS], parts=(*whole[:3], line)))


def _move_themes(place: Place) -> None:
    for old in [path for path in place.pages if path.startswith(THEMES)]:
        place.move(old, old.replace(THEMES, "/DE/Politik/"))


TIMELINE = Timeline(name="gsb-ministry", about=__doc__ or "", place=make, steps=steps)
