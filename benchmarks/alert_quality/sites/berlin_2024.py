"""berlin.de as it stands today: a press office whose releases seldom concern the source, and a section of downloads."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from benchmarks.alert_quality import place as places
from benchmarks.alert_quality import prose
from benchmarks.alert_quality.content import Article, Box, Entry, File, Head, Items, Para, Teasers, swap
from benchmarks.alert_quality.driver import Timeline
from benchmarks.alert_quality.labels import Label, Step, quiet
from benchmarks.alert_quality.markup import berlin
from benchmarks.alert_quality.papers import Paper
from benchmarks.alert_quality.place import COMMON, Place
from benchmarks.alert_quality.sites.common import changed, fill, listed, slug, unlisted
from tests.server import Reply

PRESS, CARE = "/lageso/service/presse/", "/lageso/soziales/heimaufsicht/"
ASSETS = "/lageso/_assets/soziales/heimaufsicht/"
FORMS = tuple(f"{ASSETS}{name}.pdf" for name in ("anzeige", "pruefbericht-muster", "beschwerde", "merkblatt"))
CONFIG = (
    f'[[source]]\nname = "presse"\nstart = ["{{base}}{PRESS}"]\npress = true\nmatch = ["Moskau", "Städtepartnerschaft"]\n{COMMON}'
    f'[[source]]\nname = "heimaufsicht"\nstart = ["{{base}}{CARE}"]\n{COMMON}'
)
PER_PAGE = 6
_TOPICS = (
    "Anzeigepflichten", "Prüfungen", "Beschwerden", "Mitwirkung", "Personalschlüssel", "Wohngemeinschaften", "Hospize", "Verträge", "Brandschutz",
)  # fmt: skip
TOPICS = tuple(f"{CARE}{slug(topic)}/" for topic in _TOPICS)
_OLD = (
    ("Badestellen öffnen am Samstag", ("Die Wasserproben sind ausgewertet.",)),
    ("Delegation aus Moskau verabschiedet", ("Nach vier Tagen in Berlin reiste die Delegation aus Moskau wieder ab.",)),
    ("Neue Wege zum Schwerbehindertenausweis", ("Der Antrag lässt sich nun am Telefon stellen.",)),
    ("Jahresbericht der Heimaufsicht", ("Im vergangenen Jahr wurden 588 Häuser geprüft.",)),
    ("Dreißig Jahre Städtepartnerschaft", ("Seit dreißig Jahren arbeiten die Ämter beider Städte zusammen.",)),
    ("Trinkwasser ohne Beanstandung", ("Alle 2.900 Proben waren einwandfrei.",)),
    ("Selbsthilfe erhält Zuschüsse", ("Mehr als hundert Gruppen werden gefördert.",)),
    ("Fachtag zu Moskauer Erfahrungen", ("Wie Moskau die Pflege zu Hause ordnet, zeigte ein Fachtag.",)),
)


def make() -> Place:
    """Both sections in February 2024."""
    place = Place(
        markup=berlin.render,
        name="heimaufsicht",
        start=PRESS,
        template=2,
        config=CONFIG,
        now=datetime(2024, 2, 5, 5, tzinfo=UTC),
        nav=(("Presse", PRESS), ("Heimaufsicht", CARE)),
    )
    pages = fill(place, _TOPICS, lambda name: f"{CARE}{name}/", 4)
    for at, path in enumerate(FORMS):
        place.papers[path] = Paper(
            lines=(f"Formblatt {at + 1}", *(part.text for part in prose.paragraphs("Formblatt", at, 3)))
        )
    place.put(
        Article(path="/", title="Berlin.de", parts=(Para("[[LAGeSo|/lageso/]]"),)),
        Article(
            path=CARE,
            title="Heimaufsicht",
            parts=(
                Para("Die Heimaufsicht prüft Häuser, in denen ältere Menschen und Menschen mit Behinderung leben."),
                Items(tuple(f"[[{place.pages[path].title}|{path}]]" for path in pages)),
                Head("Vordrucke"),
                Para("Bitte füllen Sie die Vordrucke am Bildschirm aus."),
                File("Anzeige einer neuen Einrichtung", FORMS[0]),
                File("Muster eines Prüfberichts", FORMS[1]),
                File("Beschwerde einreichen", FORMS[2]),
                File("Merkblatt für Angehörige", FORMS[3]),
            ),
        ),
    )
    for at, (title, text) in enumerate(_OLD):
        release(place, title, date(2023, 3 + at, 14), *text)
    return place


def release(place: Place, title: str, day: date, *paragraphs: str) -> str:
    """Publish a press release; all pages of the list shift by one."""
    number = 1300000 + day.toordinal() % 100000
    path = f"{PRESS}{day.year}/pressemitteilung.{number}.php"
    contact = Para("Pressekontakt: Pressestelle des LAGeSo, Telefon (030) 90229-0")
    text = (Para("Das Landesamt für Gesundheit und Soziales teilt mit:"), *map(Para, paragraphs), contact)
    place.put(
        Article(path=path, title=title, edited=day, press_line=f"Pressemitteilung vom {day:%d.%m.%Y}", parts=text)
    )
    _list(place, [Entry(day, title, path), *_entries(place)])
    return path


def _entries(place: Place) -> list[Entry]:
    lists = sorted((path for path in place.pages if path.split("?")[0] == PRESS), key=lambda path: (len(path), path))
    return [
        entry
        for path in lists
        for part in place.pages[path].parts
        if isinstance(part, Teasers)
        for entry in part.entries
    ]


def _list(place: Place, entries: list[Entry]) -> None:
    count = -(-len(entries) // PER_PAGE)
    for number in range(1, count + 1):
        path = PRESS if number == 1 else f"{PRESS}?page_at_1_0={number}"
        shown = tuple(entries[(number - 1) * PER_PAGE : number * PER_PAGE])
        place.put(Article(path=path, title="Pressemitteilungen", parts=(Teasers(shown, number, count),)))


def care(place: Place) -> tuple[str, ...]:
    """The pages of the section of downloads."""
    return tuple(path for path in place.pages if path.startswith(CARE))


BOX = Box(
    "Warnstreik im öffentlichen Dienst",
    ("Am 22. Februar bleiben unsere Sprechstunden wegen eines Streiks geschlossen.",),
)


def steps(place: Place) -> Iterator[Step]:
    """The year 2024."""
    yield from _releases(place)
    yield from _forms(place)
    yield from _notices(place)
    yield from _pages(place)
    yield from _archive(place)


def _releases(place: Place) -> Iterator[Step]:
    yield quiet("the first look")
    yield quiet("other stamps and tokens", looks=2)
    path = release(
        place,
        "Neues Verfahren für Pflegeberufe aus dem Ausland",
        date(2024, 2, 12),
        "Anerkennungen werden künftig an einer Stelle bearbeitet. Das verkürzt die Verfahren um mehrere Wochen.",
        "Die Unterlagen können ab sofort über das Internet eingereicht werden.",
        "Erprobt wurde das Verfahren im Rahmen der Städtepartnerschaft mit Fachkräften aus Moskau.",
    )
    yield Step("a release that mentions the partnership in its last line only", (Label(kind="press.new", path=path),))
    release(place, "Grippezeit: Impfen lohnt sich noch", date(2024, 2, 15), "Die Zahl der Erkrankungen steigt weiter.")
    yield quiet("a release that does not concern the source")
    path = release(
        place, "Fachleute aus Moskau zu Gast", date(2024, 2, 19), "Fünf Fachleute aus Moskau besuchen zwei Häuser."
    )
    yield Step("a release that does, and a list that shifts by another page", (Label(kind="press.new", path=path),))
    place.edit(path, "Fünf Fachleute", "Sechs Fachleute")
    yield Step("the release is corrected", (changed(path),))
    old = next(p for p, page in place.pages.items() if page.title == "Delegation aus Moskau verabschiedet")
    place.edit(old, "Nach vier Tagen", "Nach fünf Tagen")
    release(place, "Hitzeplan liegt vor", date(2024, 2, 26), "Der Plan nennt kühle Orte.")
    yield Step("an old release is corrected, and one comes that does not concern the source", (changed(old),))


def _forms(place: Place) -> Iterator[Step]:
    place.papers[FORMS[0]] = replace(place.papers[FORMS[0]].again(), put=datetime(2024, 3, 1, 6, tzinfo=UTC))
    yield quiet("a form is uploaded again with the same text: its link has another ts")
    place.papers[FORMS[0]] = swap(
        replace(place.papers[FORMS[0]], put=datetime(2024, 3, 3, 6, tzinfo=UTC)), "Formblatt 1", "Formblatt 1a"
    )
    yield Step("the form has another text", (Label(kind="document.changed", path=FORMS[0], paths=(CARE,)),))
    new = f"{ASSETS}checkliste.pdf"
    place.papers[new] = Paper(lines=("Checkliste vor dem Einzug", "Besuchen Sie das Haus zweimal."))
    place.parts(CARE, lambda parts: (*parts, File("Checkliste vor dem Einzug", new)))
    yield Step("a form is added", (Label(kind="document.added", path=new, paths=(CARE,)),))
    place.drop(FORMS[3])
    unlisted(place, CARE, FORMS[3])
    yield Step("a form is taken away", (Label(kind="document.removed", path=FORMS[3], look=2),), looks=2)
    place.papers[FORMS[1]] = Paper(lines=("Bericht",), scan=True)
    place.edit(CARE, "prüft Häuser", "prüft 600 Häuser")
    yield Step(
        "a form is replaced by a scan of it, and the page names a number",
        (Label(kind="document.changed", path=FORMS[1]), changed(CARE)),
    )


def _notices(place: Place) -> Iterator[Step]:
    place.boxes, place.boxed = (BOX,), frozenset((CARE, *TOPICS[:3]))
    yield Step("a notice on some of the pages", (Label(kind="notice.posted", path=CARE, places=(PRESS,)),))
    place.boxed = None
    yield quiet("it is on all pages now")
    place.boxes = (swap(BOX, "22. Februar", "22. und 23. Februar"),)
    release(place, "Sprechstunden fallen aus", date(2024, 3, 25), "Wegen des Streiks bleiben die Schalter geschlossen.")
    yield Step("the notice names one day more", (Label(kind="notice.changed", path=CARE, places=(PRESS,)),))
    place.boxes = ()
    yield Step("the notice is gone", (Label(kind="notice.lifted", path=CARE, places=(PRESS,)),))
    place.template = 1
    yield quiet("the template of 2021")
    place.template = 2
    yield quiet("and that of today again")


def _pages(place: Place) -> Iterator[Step]:
    long = place.pages[TOPICS[0]]
    rest = f"{CARE}anzeigefristen/"
    place.put(Article(path=rest, title="Anzeigefristen", parts=long.parts[2:]))
    place.put(replace(long, parts=(*long.parts[:2], Para(f"Die Fristen stehen unter [[Anzeigefristen|{rest}]]."))))
    yield Step(
        "a page is split into two", (Label(kind="page.added", path=rest), changed(TOPICS[0], minor=None)), looks=2
    )
    two = f"{CARE}pflegegrade/"
    place.put(Article(path=two, title="Pflegegrade", parts=prose.page("Pflegegrade", 8)))
    listed(place, CARE, f"[[Pflegegrade|{two}]]")
    place.parts(
        CARE, lambda parts: [Items(tuple(sorted(part.items))) if isinstance(part, Items) else part for part in parts]
    )
    yield Step(
        "a new page, and the list that links it is sorted anew",
        (Label(kind="page.added", path=two), Label(kind="page.changed", path=CARE, minor=True, optional=True)),
    )
    place.move(TOPICS[2], f"{CARE}kritik-und-beschwerden/", status=0)
    place.edit(f"{CARE}kritik-und-beschwerden/", "Beschwerden", "Kritik")
    yield Step(
        "a page vanishes, and appears elsewhere with another title and word",
        (Label(kind="page.moved", path=f"{CARE}kritik-und-beschwerden/", facts={"before": TOPICS[2]}),),
        looks=2,
    )
    some = frozenset((*TOPICS[5:8], FORMS[2]))
    place.every = places.only(some, Reply("Fehler", status=500, type="text/plain"))
    yield quiet("a night in which some pages and a form answer 500", looks=2)
    place.every = None
    yield quiet("all well again")


def _archive(place: Place) -> Iterator[Step]:
    place.config = CONFIG.replace("press = true", "press = true\nmax_pages = 4")
    release(place, "Moskauer Gäste im Juni", date(2024, 5, 6), "Im Juni kommen Gäste aus Moskau.")
    yield Step(
        "the press crawl ends at four pages, while a release comes",
        (Label(kind="press.new", path=_newest(place), optional=True),),
    )
    place.config = CONFIG
    yield Step(
        "the cap is lifted", (Label(kind="press.new", path=_newest(place), optional=True, note="unless told before"),)
    )
    place.config = CONFIG.replace('"Städtepartnerschaft"]', '"Städtepartnerschaft", "Trinkwasser"]')
    yield quiet("the source wants another word: old releases with it come in silently", looks=2)
    path = release(place, "Trinkwasser: Bericht erschienen", date(2024, 6, 10), "Das Trinkwasser ist gut.")
    yield Step("a release with the new word", (Label(kind="press.new", path=path),))
    for old in [each for each in place.pages if each.startswith(f"{PRESS}2023/")]:
        place.move(old, old.replace(f"{PRESS}2023/", f"{PRESS}archiv/2023/"))
    moved = tuple(
        path
        for path, page in place.pages.items()
        if "/archiv/" in path and any(w in str(page) for w in ("Moskau", "Städtepartnerschaft", "Trinkwasser"))
    )
    yield Step(
        "the releases of a year move into an archive, with redirects",
        (Label(kind="page.moved", path=moved[0], places=moved[1:], paths=moved),),
        looks=2,
    )


def _newest(place: Place) -> str:
    return _entries(place)[0].path


TIMELINE = Timeline(name="berlin-2024", about=__doc__ or "", place=make, steps=steps)
