"""A county on OpenCms: accordions, tables, a contact box on each page, and a section that goes as a whole; labelled after the code was frozen."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from benchmarks.alert_quality import place as places
from benchmarks.alert_quality import prose
from benchmarks.alert_quality.content import Article, Box, Entry, File, Head, Items, Para, Part, Rows, Teasers, swap
from benchmarks.alert_quality.driver import Timeline
from benchmarks.alert_quality.labels import Label, Step, quiet
from benchmarks.alert_quality.markup import opencms
from benchmarks.alert_quality.papers import Paper
from benchmarks.alert_quality.place import COMMON, Place
from benchmarks.alert_quality.sites.common import blind, changed, fill, listed, seeing, slug, unlisted

FOLDER = "/gesundheitsamt/"
TOP, NEWS = f"{FOLDER}gesundheitsamt.html", f"{FOLDER}meldungen.html"
COURSES, SHOTS, WATER, FORMS = (
    f"{FOLDER}{name}.html" for name in ("pflegekurse", "impfungen", "trinkwasser", "formulare")
)
FILES = "/export/sites/kreis/.galleries/dokumente/gesundheit/"
PLAN, SHEET, NOTES = f"{FILES}hygieneplan.pdf", f"{FILES}meldebogen.pdf", f"{FILES}hinweise-badeseen.pdf"
SITE = f'[[source]]\nname = "kreis"\nstart = ["{{base}}{TOP}"]\nscope = ["{{base}}{FOLDER}"]\n{COMMON}'
_TOPICS = (
    "Amtsärztlicher Dienst", "Zahngesundheit", "Schwangerschaftsberatung", "Suchthilfe", "Betreuungsbehörde", "Heilpraktiker",
    "Reisemedizin", "Infektionsschutz", "Einschulungsuntersuchung",
)  # fmt: skip
_CONTACTS = (
    "Frau Albers, Telefon 04888 66-201", "Herr Diekmann, Telefon 04888 66-214", "Frau Evers, Telefon 04888 66-230",
)  # fmt: skip
_HEADLINES = (
    "Zecken: Vorsicht ist besser", "Grippe verläuft mild", "Badeseen sind sauber", "Neue Leitung im Gesundheitsamt", "Woche der Zahnpflege",
)  # fmt: skip


def make() -> Place:
    """The county in January 2024."""
    place = Place(
        markup=opencms.render,
        name="kreis",
        owner="Landkreis Hohenfels",
        start=TOP,
        config=SITE,
        now=datetime(2024, 1, 8, 5, tzinfo=UTC),
        foot=("Landkreis Hohenfels, Am Alten Markt 3, 27999 Hohenfels", "Telefon 04888 66-0"),
        nav=(("Gesundheitsamt", TOP),),
    )
    topics = fill(place, _TOPICS, lambda name: f"{FOLDER}{name}.html", 6)
    for at, path in enumerate(topics):
        place.parts(path, partial(_with_folds, at=at))
    _documents(place)
    place.put(_courses(), _shots(), _water())
    place.put(Article(path="/", title="Landkreis Hohenfels", parts=(Para(f"Willkommen. [[Gesundheitsamt|{TOP}]]"),)))
    entries = tuple(_entry(place, headline, date(2023, 8 + at, 15)) for at, headline in enumerate(_HEADLINES))
    place.put(Article(path=NEWS, title="Meldungen", parts=(Teasers(entries[::-1]),)))
    lines = (*topics, COURSES, SHOTS, WATER, FORMS, NEWS)
    place.put(
        Article(
            path=TOP,
            title="Gesundheitsamt",
            parts=(
                Para("Das Gesundheitsamt schützt und fördert die Gesundheit der Menschen im Landkreis."),
                Items(tuple(f"[[{place.pages[path].title}|{path}]]" for path in lines)),
                Head("Anfahrt"),
                Para("Mit den Buslinien 4 und 11 bis zum Kreishaus; Parkplätze stehen im Hof zur Verfügung."),
                *_contact("Sekretariat, Telefon 04888 66-200"),
            ),
        )
    )
    for path, page in place.pages.items():
        if path.startswith(FOLDER) and path != TOP:
            place.pages[path] = replace(page, crumbs=(("Gesundheitsamt", TOP),))
    return place


def _contact(person: str) -> tuple[Part, ...]:
    """What stands in the contact box of a page."""
    return (
        Head(opencms.CONTACT),
        Para(person),
        Para("Sprechzeiten: montags und donnerstags von 9 bis 12 Uhr"),
    )


def _with_folds(parts: tuple[Part, ...], at: int) -> tuple[Part, ...]:
    """An ordinary page, its second half in accordions, with the contact of its unit."""
    folds = (Head("Unterlagen"), *parts[3:5], Head("Kosten und Dauer"), *parts[5:])
    return (*parts[:3], *folds, *_contact(_CONTACTS[at % len(_CONTACTS)]))


def _courses() -> Article:
    return Article(
        path=COURSES,
        title="Kurse für pflegende Angehörige",
        parts=(
            Para("Wer Angehörige zu Hause pflegt, lernt in unseren Kursen, was den Alltag leichter macht."),
            Rows(
                (
                    ("Kurs", "Beginn", "Ort"),
                    ("Grundkurs Pflege", "12. Februar", "Hohenfels"),
                    ("Leben mit Demenz", "4. März", "Niederau"),
                    ("Rückenschonend heben", "18. März", "Hohenfels"),
                )
            ),
            Para("Alle Kurse sind kostenlos und finden abends statt."),
            *_contact(_CONTACTS[2]),
        ),
    )


def _shots() -> Article:
    return Article(
        path=SHOTS,
        title="Impfungen",
        parts=(
            Para("Das Gesundheitsamt impft nach den Empfehlungen der Ständigen Impfkommission."),
            Items(("Tetanus und Diphtherie", "Masern, Mumps und Röteln", "Hepatitis")),
            Para(
                "Die Impfsprechstunde findet dienstags von 14 bis 17 Uhr statt. Bitte bringen Sie den Impfausweis mit."
            ),
            Head("Impfen vor Reisen"),
            Para(
                "Impfungen gegen Gelbfieber bieten wir nicht an. Eine Übersicht gibt das [[Verzeichnis der Stellen|/karten/stellen-2023.html]]."
            ),
            *_contact(_CONTACTS[0]),
        ),
    )


def _water() -> Article:
    return Article(
        path=WATER,
        title="Trinkwasser",
        parts=(
            *prose.paragraphs("Trinkwasser", 7, 3),
            Head("Hausbrunnen"),
            Para("Wer einen Hausbrunnen betreibt, lässt sein Wasser einmal im Jahr untersuchen."),
            Para("Die Untersuchung kostet 68 Euro."),
            *_contact(_CONTACTS[1]),
        ),
    )


def _documents(place: Place) -> None:
    for path, title in ((PLAN, "Rahmenhygieneplan"), (SHEET, "Meldebogen"), (NOTES, "Hinweise für Badeseen")):
        words = tuple(part.text for part in prose.paragraphs(title, 8, 3))
        place.papers[path] = Paper(lines=(f"{title} des Landkreises Hohenfels", *words))
    place.put(
        Article(
            path=FORMS,
            title="Formulare und Merkblätter",
            parts=(
                Para(
                    "Bitte senden Sie uns die Formulare unterschrieben zu. Ein Versand per Fax ist nicht mehr möglich."
                ),
                Head("Hygiene"),
                File("Rahmenhygieneplan", PLAN),
                File("Hinweise für Badeseen", NOTES),
                Head("Meldungen nach dem Infektionsschutzgesetz"),
                File("Meldebogen", SHEET),
                *_contact(_CONTACTS[1]),
            ),
        )
    )


def _entry(place: Place, headline: str, day: date) -> Entry:
    path = f"{FOLDER}meldungen/{slug(headline)}.html"
    text = prose.paragraphs(headline, 9, 3)
    place.put(Article(path=path, title=headline, press_line=f"{day:%d.%m.%Y}", edited=day, parts=text))
    return Entry(day, headline, path, f"Das Gesundheitsamt informiert: {headline}.")


def section(place: Place) -> tuple[str, ...]:
    """The pages of the source."""
    return tuple(path for path in place.pages if path.startswith(FOLDER))


def fold_in(place: Place, path: str, *fold: Part) -> None:
    """Put an accordion behind the others of a page, before its contact box."""

    def add(parts: tuple[Part, ...]) -> tuple[Part, ...]:
        at = parts.index(Head(opencms.CONTACT))
        return (*parts[:at], *fold, *parts[at:])

    place.parts(path, add)


BOX = Box(
    "Eingeschränkte Erreichbarkeit",
    ("Am 14. Februar ist das Gesundheitsamt wegen einer Personalversammlung nicht erreichbar.",),
)


def steps(place: Place) -> Iterator[Step]:
    """The year 2024."""
    yield from _ordinary_weeks(place)
    yield from _notice(place)
    yield from _files(place)
    yield from _comings_and_goings(place)
    yield from _bad_days(place)
    yield from _the_end(place)


def _ordinary_weeks(place: Place) -> Iterator[Step]:
    yield quiet("the first look")
    yield quiet("other tokens and nodes", looks=2)
    page = f"{FOLDER}hitzeschutz.html"
    place.put(Article(path=page, title="Hitzeschutz", parts=(*prose.page("Hitzeschutz", 41), *_contact(_CONTACTS[0]))))
    listed(place, TOP, f"[[Hitzeschutz|{page}]]", last=True)
    yield Step("a page and its line in the list", (Label(kind="page.added", path=page),))
    place.edit(SHOTS, "Frau Albers, Telefon 04888 66-201", "Frau Dr. Brandes, Telefon 04888 66-207")
    yield Step("another person in the contact box of one page", (changed(SHOTS),))
    place.edit(COURSES, "4. März", "11. März")
    fold_in(place, WATER, Head("Legionellen"), Para("Vermieter melden uns jeden Befund innerhalb von drei Tagen."))
    yield Step("another day in a row of a table, a new accordion on another page", (changed(COURSES), changed(WATER)))
    place.edit(SHOTS, "/karten/stellen-2023.html", "/karten/stellen-2024.html")
    place.edit(WATER, "Wer einen Hausbrunnen betreibt", "Wer einen Hausbrunen betreibt")
    yield Step(
        "a link leads elsewhere under the same words; a slip of the pen on another page",
        (changed(SHOTS), changed(WATER, minor=True)),
    )


def _notice(place: Place) -> Iterator[Step]:
    place.boxes, place.boxed = (BOX,), frozenset(section(place)[::2]) | {TOP}
    yield Step("a notice, on every other page so far", (Label(kind="notice.posted", path=TOP),))
    place.boxed = None
    yield quiet("the other pages follow")
    place.boxes = (swap(BOX, "Am 14. Februar", "Am 14. und 15. Februar"),)
    yield Step("the notice names one day more", (Label(kind="notice.changed", path=TOP, paths=section(place)),))
    place.boxes = ()
    place.edit(COURSES, "Niederau", "Hohenfels")
    yield Step(
        "the notice is gone, and a course goes elsewhere", (Label(kind="notice.lifted", path=TOP), changed(COURSES))
    )


def _files(place: Place) -> Iterator[Step]:
    edition = f"{FILES}hygieneplan-2024.pdf"
    place.move(PLAN, edition, status=0)
    place.papers[edition] = swap(place.papers[edition], "Rahmenhygieneplan", "Überarbeiteter Rahmenhygieneplan")
    place.papers[SHEET] = place.papers[SHEET].again()
    yield Step(
        "a new edition of a PDF at a new address; another PDF is saved again, with another size",
        (Label(kind="document.changed", path=edition, paths=(FORMS,)),),
        looks=2,
    )
    new = f"{FILES}anzeige-brunnen.pdf"
    place.papers[new] = Paper(
        lines=("Anzeige eines Hausbrunnens", "Bitte vier Wochen vor Beginn der Arbeiten einreichen.")
    )
    fold_in(place, FORMS, Head("Trinkwasser"), File("Anzeige eines Hausbrunnens", new))
    place.drop(NOTES)
    unlisted(place, FORMS, NOTES)
    yield Step(
        "a PDF comes in an accordion of its own, another goes",
        (
            Label(kind="document.added", path=new, paths=(FORMS,)),
            Label(kind="document.removed", path=NOTES, look=2),
            Label(kind="page.changed", path=FORMS, optional=True, note="the heading above the new file"),
        ),
        looks=2,
    )


def _comings_and_goings(place: Place) -> Iterator[Step]:
    old, path = f"{FOLDER}reisemedizin.html", f"{FOLDER}impfen-und-reisen.html"
    place.move(old, path, status=0)
    place.edit(path, "Frau Albers", "Frau Dr. Brandes")
    yield Step(
        "a page has a new address without a redirect, and another contact",
        (Label(kind="page.moved", path=path, facts={"before": old}),),
        looks=2,
    )
    gone = place.pages[f"{FOLDER}suchthilfe.html"]
    place.drop(gone.path)
    unlisted(place, TOP, gone.path)
    yield Step("a page is gone", (Label(kind="page.removed", path=gone.path, look=2),), looks=2)
    place.put(gone)
    listed(place, TOP, f"[[Suchthilfe|{gone.path}]]", last=True)
    yield Step("it is back as it was", (Label(kind="page.returned", path=gone.path),))
    (news,) = (part for part in place.pages[NEWS].parts if isinstance(part, Teasers))
    entry = _entry(place, "Masern: Impflücken schließen", date(2024, 4, 2))
    place.parts(NEWS, lambda _parts: [Teasers((entry, *news.entries[:-1]))])
    yield Step(
        "a message comes on top of the list, the last falls off its end; its page stays",
        (
            Label(kind="page.added", path=entry.path),
            Label(kind="page.changed", path=NEWS, optional=True, note="a line fell off the end"),
        ),
        looks=2,
    )


def _bad_days(place: Place) -> Iterator[Step]:
    place.every = places.refusing(503)
    place.edit(WATER, "68 Euro", "74 Euro")
    yield Step("the host is down for days; meanwhile a price rises", (blind(place),), looks=3)
    place.every = None
    yield Step("the host is well again", (seeing(place), changed(WATER)))
    place.config = SITE + "max_pages = 5\n"
    yield quiet("the crawl ends at five pages", looks=2)
    place.config = SITE
    yield quiet("the cap is lifted")
    place.template = 2
    yield quiet("sections instead of accordions", looks=2)
    place.foot = ("Landkreis Hohenfels, Am Alten Markt 3, 27999 Hohenfels", "Telefon 04888 66-0 oder 115")
    yield Step(
        "another telephone number in every footer",
        (Label(kind="page.changed", path=TOP, paths=section(place), minor=True),),
    )


def _the_end(place: Place) -> Iterator[Step]:
    gone = section(place)
    for path in gone:
        place.drop(path, status=410)
    place.nav = ()
    yield Step(
        "the section is taken down whole, its host is well",
        (Label(kind="page.removed", path=TOP, paths=gone, look=2),),
        looks=3,
    )


TIMELINE = Timeline(name="opencms-county", about=__doc__ or "", place=make, steps=steps)
