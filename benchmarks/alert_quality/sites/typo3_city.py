"""A city on TYPO3: news in pages, notices that caches roll out slowly, a mayor in every footer, folders that go."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from benchmarks.alert_quality import prose
from benchmarks.alert_quality.content import Article, Box, Entry, File, Head, Items, Para, Picture, Rows, Teasers, swap
from benchmarks.alert_quality.driver import Timeline
from benchmarks.alert_quality.labels import Label, Step, quiet
from benchmarks.alert_quality.markup import typo3
from benchmarks.alert_quality.papers import Paper
from benchmarks.alert_quality.place import Place
from benchmarks.alert_quality.sites.common import changed, fill, listed, unlisted

NEWS = "/aktuell/nachrichten"
SWIM = "/leben/freibad"
FEES = (
    "/rathaus/meldewesen",
    "/rathaus/standesamt",
    "/rathaus/gewerbeamt",
    "/rathaus/fundbuero",
    "/rathaus/ordnungsamt",
)
CHARGE = "Für jede Bescheinigung wird eine Gebühr von 12 Euro erhoben, die bar oder mit Karte gezahlt werden kann."
PER_PAGE = 5
_HEADLINES = (
    "Stadtradeln endet mit neuem Höchstwert", "Sporthalle am Ring bekommt ein dichtes Dach", "Ehrenpreis für Lesepaten",
    "Baumpflege im Stadtwald beginnt", "Bibliothek verleiht nun auch Werkzeug", "Feuerwehr lädt zum Tag der offenen Tür",
    "Neue Bänke an der Uferpromenade", "Haushalt der Stadt ist ausgeglichen", "Musikschule stellt ihr Konzertjahr vor",
    "Radweg nach Norden fertig", "Stadtarchiv zeigt alte Karten",
)  # fmt: skip


def make() -> Place:
    """The city in April 2024."""
    place = Place(
        markup=typo3.render,
        name="stadt",
        owner="Stadt Lindenau",
        start="/",
        now=datetime(2024, 4, 2, 5, tzinfo=UTC),
        person="Frau Adler, Telefon 04711 55-310, Zimmer 8",
        foot=("Stadt Lindenau, Marktplatz 1, 12345 Lindenau", "Bürgermeister: Thomas Wiegand"),
    )
    rathaus = fill(
        place,
        ("Meldewesen", "Standesamt", "Gewerbeamt", "Fundbüro", "Ordnungsamt", "Steueramt"),
        lambda s: f"/rathaus/{s}",
    )
    for path in FEES:
        place.parts(path, lambda parts: (*parts, Para(CHARGE)))
    kultur = fill(place, ("Museum", "Theater", "Galerie", "Heimatpflege", "Archiv"), lambda s: f"/kultur/{s}")
    leben = fill(place, ("Kindertagesstätten", "Jugendtreff", "Seniorenbüro"), lambda s: f"/leben/{s}")
    place.put(_swim(), _steps())
    place.papers["/fileadmin/satzung/gebuehrensatzung.pdf"] = Paper(
        lines=(
            "Satzung der Stadt Lindenau über Gebühren",
            "§ 1 Gebühren werden nach dieser Satzung erhoben.",
            "§ 2 Sie betragen 12 Euro.",
        )
    )
    place.put(
        Article(
            path="/",
            title="Willkommen in Lindenau",
            parts=(
                Para("Lindenau liegt am Fluss und zwischen Wäldern. Hier finden Sie die Stadtverwaltung im Netz."),
                Items(
                    tuple(
                        f"[[{place.pages[path].title}|{path}]]"
                        for path in (*rathaus, *kultur, *leben, SWIM, "/leben/umzug")
                    )
                ),
                Head("Ortsrecht"),
                File("Gebührensatzung", "/fileadmin/satzung/gebuehrensatzung.pdf"),
                Items((f"[[Alle Nachrichten|{NEWS}]]",)),
            ),
        )
    )
    for at, headline in enumerate(reversed(_HEADLINES)):
        news(place, headline, date(2023, 12, 1) + timedelta(days=9 * at))
    return place


def _swim() -> Article:
    return Article(
        path=SWIM,
        title="Freibad am Stadtwald",
        parts=(
            Picture("/fileadmin/bilder/becken.jpg", "Das große Becken vor Beginn der Saison"),
            Para("Das Freibad öffnet am Samstag, 11. Mai, um 9 Uhr. Die Saison dauert bis Mitte September."),
            Rows(
                (
                    ("Karte", "Preis"),
                    ("Erwachsene", "5,50 Euro"),
                    ("Kinder ab 6 Jahren", "2,50 Euro"),
                    ("Familien", "12,00 Euro"),
                )
            ),
            Para("Hunde dürfen nicht mitgebracht werden. Schwimmkurse leitet Frau Petersen."),
            Para("Einen Plan der Liegewiesen finden Sie [[auf dieser Karte|/karten/freibad-2023]]."),
        ),
    )


def _steps() -> Article:
    return Article(
        path="/leben/umzug",
        title="Umziehen in fünf Schritten",
        parts=(
            Para("Wer nach Lindenau zieht, hat einiges zu erledigen. Diese Reihenfolge hat sich bewährt:"),
            Items(
                (
                    "Wohnung übernehmen",
                    "Strom anmelden",
                    "Im Bürgerbüro melden",
                    "Parkausweis beantragen",
                    "Nachbarn einladen",
                ),
                ordered=True,
            ),
            Para("Das Bürgerbüro hilft bei allen Schritten, außer beim letzten."),
        ),
    )


def news(place: Place, headline: str, day: date) -> str:
    """Publish a news item: its page, and its line at the top of the list, whose pages all shift."""
    path = (
        f"{NEWS}/detail/{'-'.join(headline.lower().split())}".replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    )
    place.put(Article(path=path, title=headline, press_line=f"{day:%d.%m.%Y}", parts=prose.paragraphs(headline, 3, 3)))
    old = [
        entry
        for page in _lists(place)
        for part in place.pages[page].parts
        if isinstance(part, Teasers)
        for entry in part.entries
    ]
    entries = [Entry(day, headline, path, f"Kurz gesagt: {headline.lower()}."), *old]
    count = -(-len(entries) // PER_PAGE)
    for number in range(1, count + 1):
        shown = tuple(entries[(number - 1) * PER_PAGE : number * PER_PAGE])
        where = NEWS if number == 1 else f"{NEWS}?seite={number}"
        place.put(Article(path=where, title="Nachrichten", parts=(Teasers(shown, number, count),)))
    return path


def _lists(place: Place) -> list[str]:
    return sorted((path for path in place.pages if path.split("?")[0] == NEWS), key=lambda path: (len(path), path))


BOX = Box("Bürgerbüro geschlossen", ("Wegen einer Schulung bleibt das Bürgerbüro am 17. April geschlossen.",))


def everything(place: Place) -> tuple[str, ...]:
    """All pages."""
    return tuple(place.pages)


def steps(place: Place) -> Iterator[Step]:
    """Spring and summer 2024."""
    yield from _notices(place)
    yield from _shared(place)
    yield from _news(place)
    yield from _edits(place)
    yield from _same_text(place)
    yield from _comings_and_goings(place)
    yield from _great_cuts(place)


def _notices(place: Place) -> Iterator[Step]:
    yield quiet("the first look")
    yield quiet("other tokens and file names", looks=2)
    place.boxes = (BOX,)
    yield Step("a notice on every page", (Label(kind="notice.posted", path="/", paths=everything(place)),))
    third = frozenset(list(place.pages)[::3])
    place.boxed, place.others, place.boxes = third, (BOX,), (swap(BOX, "17. April", "18. April"),)
    yield Step(
        "the notice names another day, on a third of the pages so far", (Label(kind="notice.changed", path="/"),)
    )
    place.boxed, place.others = None, ()
    yield quiet("the rest of the pages follow")
    place.boxes = ()
    yield Step("the notice is gone", (Label(kind="notice.lifted", path="/"),))
    place.boxes = (BOX,)
    yield Step("and back, with the old wording", (Label(kind="notice.posted", path="/"),))
    place.boxes = ()
    yield Step("and gone again", (Label(kind="notice.lifted", path="/"),))


def _shared(place: Place) -> Iterator[Step]:
    place.foot = ("Stadt Lindenau, Marktplatz 1, 12345 Lindenau", "Bürgermeisterin: Martina Hoffmann")
    yield Step(
        "another mayor in every footer",
        (Label(kind="page.changed", path="/", paths=everything(place), minor=True),),
    )
    place.person = "Herr Baumann, Telefon 04711 55-310, Zimmer 8"
    yield Step(
        "another contact in every right column",
        (Label(kind="page.changed", path="/", paths=everything(place), minor=True),),
    )
    for path in FEES:
        place.edit(path, "eine Gebühr von 12 Euro", "eine Gebühr von 14 Euro")
    yield Step(
        "one paragraph that five of the pages share asks for more",
        (Label(kind="page.changed", path=FEES[0], places=(*FEES[1:], "/"), paths=FEES),),
    )


def _news(place: Place) -> Iterator[Step]:
    path = news(place, "Brücke am Mühlgraben wird gesperrt", date(2024, 5, 6))
    yield Step("a news item; every page of the list shifts", (Label(kind="page.added", path=path),))
    one = news(place, "Spielplatz im Osten eröffnet", date(2024, 5, 8))
    other = news(place, "Zwei neue Linienbusse fahren elektrisch", date(2024, 5, 9))
    yield Step("two more at once", (Label(kind="page.added", path=one), Label(kind="page.added", path=other)))


def _edits(place: Place) -> Iterator[Step]:
    place.edit(SWIM, "Samstag, 11. Mai", "Sonntag, 12. Mai")
    place.edit("/leben/jugendtreff", "Stelle", "Dienststelle")
    yield Step(
        "another day on one page, another word on another", (changed(SWIM), changed("/leben/jugendtreff", minor=None))
    )
    place.edit("/leben/umzug", "Das Bürgerbüro hilft", "Das Bürgerbüro hilft nicht")
    yield Step("a negation comes", (changed("/leben/umzug"),))
    place.edit(SWIM, "Frau Petersen", "Frau Peters")
    yield Step("a name changes by two letters", (changed(SWIM),))
    place.edit(SWIM, "/karten/freibad-2023", "/karten/freibad-2024")
    yield Step("a link under the same words leads elsewhere", (changed(SWIM),))
    place.edit("/leben/umzug", "Diese Reihenfolge hat sich bewährt", "Diese Reihenfolge, hat sich bewährt")
    yield Step("a comma", (changed("/leben/umzug", minor=True),))
    place.edit(SWIM, "vor Beginn der Saison", "vor dem Beginn der Saison")
    yield Step("a caption", (changed(SWIM, minor=True),))
    place.edit("/leben/umzug", "Wer nach Lindenau zieht", "Wer nach\u202e Lindenau zieht")
    yield Step("a control character that turns the direction of writing", (changed("/leben/umzug", minor=None),))
    place.edit(SWIM, "5,50 Euro", "6,00 Euro")
    place.edit(SWIM, "Schwimmkurse leitet", "Die Schwimmkurse leitet")
    yield Step("a price in the table and a word below it: one page, one change", (changed(SWIM),))


def _same_text(place: Place) -> Iterator[Step]:
    place.typing = lambda text: text.replace("ung ", "ung\u200b ").replace(" - ", " – ").replace("ü", "u\u0308")
    yield quiet("zero-width spaces, other dashes, umlauts in two characters")
    place.typing = None
    place.charset = "iso-8859-1"
    yield quiet("another encoding")
    place.template = 2
    yield quiet("a new theme round the same text")
    place.pages["/leben/umzug"] = replace(
        place.pages["/leben/umzug"],
        parts=swap(
            swap(
                swap(place.pages["/leben/umzug"].parts, "Strom anmelden", "§"), "Im Bürgerbüro melden", "Strom anmelden"
            ),
            "§",
            "Im Bürgerbüro melden",
        ),
    )
    yield Step("two of the numbered steps change places", (changed("/leben/umzug", minor=None),))
    first = place.pages["/"].parts[1]
    assert isinstance(first, Items)
    place.parts("/", lambda parts: [Items(tuple(sorted(part.items))) if part is first else part for part in parts])
    yield Step(
        "a list of links is sorted by name",
        (Label(kind="page.changed", path="/", minor=True, optional=True, note="order says nothing here"),),
    )


def _comings_and_goings(place: Place) -> Iterator[Step]:
    place.drop("/kultur/galerie", status=410)
    unlisted(place, "/", "/kultur/galerie")
    yield Step("a page is gone (410)", (Label(kind="page.removed", path="/kultur/galerie", look=2),), looks=2)
    place.soft404 = True
    gone = place.pages["/kultur/theater"]
    place.drop("/kultur/theater")
    yield Step(
        "a page is gone, and the host says so with status 200",
        (Label(kind="page.removed", path="/kultur/theater", look=2),),
        looks=2,
    )
    place.soft404 = False
    place.put(
        replace(
            gone, parts=(*gone.parts[:2], Para("Nach dem Umbau spielt das Theater wieder an drei Abenden der Woche."))
        )
    )
    yield Step("it returns with another text", (Label(kind="page.returned", path="/kultur/theater"),))
    place.move("/kultur/archiv", "/kultur/stadtarchiv", status=0)
    yield Step(
        "a page vanishes, another with its text appears",
        (Label(kind="page.moved", path="/kultur/stadtarchiv", facts={"before": "/kultur/archiv"}),),
        looks=2,
    )
    place.move("/kultur/museum", "/kultur/stadtmuseum", status=308)
    place.edit("/kultur/stadtmuseum", "Museum", "Stadtmuseum")
    yield Step(
        "a page moves and gets another name and wording",
        (Label(kind="page.moved", path="/kultur/stadtmuseum", facts={"before": "/kultur/museum"}),),
    )
    place.put(Article(path="/leben/hundesteuer", title="Hundesteuer", parts=prose.page("Hundesteuer", 4)))
    listed(place, "/", "[[Hundesteuer|/leben/hundesteuer]]", last=True)
    place.nav = (("Hundesteuer", "/leben/hundesteuer"),)
    yield Step("a new page, in list and navigation", (Label(kind="page.added", path="/leben/hundesteuer"),))


def _great_cuts(place: Place) -> Iterator[Step]:
    long = place.pages["/rathaus/steueramt"]
    place.put(replace(long, parts=(Para("Das Steueramt zieht um."),)))
    yield quiet("almost all text of a page is gone")
    place.put(long)
    yield quiet("it was an accident: all is there again")
    place.put(
        replace(long, parts=(Para("Das Steueramt ist aufgelöst; die Kasse im Rathaus übernimmt seine Aufgaben."),))
    )
    yield Step(
        "the page is really cut down to one sentence", (replace_look(changed("/rathaus/steueramt"), 2),), looks=2
    )
    place.put(replace(long, parts=prose.page("Stadtkasse", 77, 8)))
    yield Step("the page is rewritten from beginning to end", (changed("/rathaus/steueramt"),))
    place.papers["/fileadmin/satzung/gebuehrensatzung.pdf"] = Paper(
        lines=(
            "Satzung der Stadt Lindenau über Gebühren",
            "§ 1 Gebühren werden nach dieser Satzung erhoben.",
            "§ 2 Sie betragen 14 Euro.",
        )
    )
    yield Step(
        "another text in a PDF",
        (Label(kind="document.changed", path="/fileadmin/satzung/gebuehrensatzung.pdf", paths=("/",)),),
    )
    culture = tuple(path for path in place.pages if path.startswith("/kultur/"))
    for path in culture:
        place.drop(path)
        unlisted(place, "/", path)
    yield Step(
        "a folder of the site is taken down whole",
        (Label(kind="page.removed", path=culture[0], places=culture[1:], paths=culture, look=2),),
        looks=2,
    )
    yield quiet("nothing more")


def replace_look(label: Label, look: int) -> Label:
    """The same label, to be known at another look of its step."""
    return replace(label, look=look)


TIMELINE = Timeline(name="typo3-city", about=__doc__ or "", place=make, steps=steps)
