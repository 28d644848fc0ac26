"""A chamber of crafts on WordPress: posts in pages, uploads by month, a bar above everything; labelled after the code was frozen."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from benchmarks.alert_quality import prose
from benchmarks.alert_quality.content import Article, Box, Entry, File, Head, Items, Para, Rows, Teasers, swap
from benchmarks.alert_quality.driver import Timeline
from benchmarks.alert_quality.labels import Label, Step, quiet
from benchmarks.alert_quality.markup import wordpress
from benchmarks.alert_quality.papers import Paper
from benchmarks.alert_quality.place import Place
from benchmarks.alert_quality.sites.common import blind, changed, fill, listed, seeing, slug, unlisted

NEWS = "/aktuelles/"
COURSES, ROLL, EXAMS, GRADES = (
    "/bildung/kurse/",
    "/bildung/lehrlingsrolle/",
    "/bildung/pruefungen/",
    "/bildung/zeugnisse/",
)
ADVICE, SERVICE = "/beratung/", "/service/"
UPLOADS = "/wp-content/uploads/2024/"
FEES, CONTRACT, GUIDE = f"{UPLOADS}01/gebuehren.pdf", f"{UPLOADS}01/lehrvertrag.pdf", f"{UPLOADS}02/leitfaden.pdf"
PER_PAGE = 5
_HEADLINES = (
    "Meisterfeier in der Stadthalle", "Vollversammlung wählt Ausschüsse", "Bäcker spenden für Kinderheim", "Mehr Lehrverträge als im Vorjahr",
    "Werkstatt auf Rädern tourt durch Schulen", "Kammer lobt Denkmalpreis aus", "Konjunktur im Handwerk trübt sich ein",
    "Junge Tischlerin gewinnt Bundeswettbewerb", "Neue Ladesäulen am Bildungszentrum", "Ehrenamt im Prüfungswesen gewürdigt",
    "Tag des Handwerks mit vielen Gästen", "Fachkräfte aus dem Ausland willkommen",
)  # fmt: skip


def make() -> Place:
    """The chamber in March 2024."""
    place = Place(
        markup=wordpress.render,
        name="kammer",
        owner="Handwerkskammer Oderland",
        now=datetime(2024, 3, 4, 5, tzinfo=UTC),
        person="Servicestelle, Telefon 03999 444-0, montags bis donnerstags von 8 bis 16 Uhr",
        foot=("Handwerkskammer Oderland, Gerberstraße 12, 15999 Oderland", "Präsident: Ralf Kuhnert"),
        nav=(("Aktuelles", NEWS), ("Kurse", COURSES)),
    )
    advice = fill(
        place,
        ("Betriebsgründung", "Nachfolge", "Rechtsfragen", "Energie im Betrieb", "Außenhandel", "Digitales"),
        lambda name: f"{ADVICE}{name}/",
    )
    _education(place)
    _documents(place)
    lines = (*advice, COURSES, ROLL, EXAMS, GRADES, "/downloads/")
    place.put(
        Article(
            path="/",
            title="Startseite",
            parts=(
                Para(
                    "Wir vertreten 11.000 Betriebe zwischen Oder und Spree, beraten sie und bilden ihren Nachwuchs aus."
                ),
                Items(tuple(f"[[{place.pages[path].title}|{path}]]" for path in lines)),
                Para(f"Was uns bewegt, lesen Sie unter [[Aktuelles|{NEWS}]]."),
            ),
        )
    )
    for at, headline in enumerate(_HEADLINES):
        publish(place, headline, date(2023, 11, 6) + timedelta(days=9 * at))
    return place


def _education(place: Place) -> None:
    place.put(
        Article(
            path=COURSES,
            title="Kurse und Lehrgänge",
            parts=(
                Para("Unser Bildungszentrum bietet Kurse für Gesellen, Meister und alle, die es werden wollen."),
                Rows(
                    (
                        ("Kurs", "Beginn", "Gebühr"),
                        ("Ausbildung der Ausbilder", "8. April", "590 Euro"),
                        ("Schweißen für Fortgeschrittene", "15. April", "720 Euro"),
                        ("Buchführung im Kleinbetrieb", "6. Mai", "310 Euro"),
                    )
                ),
                Para("Anmeldungen sind bis zwei Wochen vor Beginn möglich. Wer später absagt, zahlt die halbe Gebühr."),
            ),
        ),
        Article(
            path=ROLL,
            title="Lehrlingsrolle",
            parts=(
                Para("In die Lehrlingsrolle tragen wir jeden Ausbildungsvertrag ein, der bei uns eingeht."),
                Items(("zwei Ausfertigungen des Vertrags", "das ärztliche Zeugnis", "das letzte Schulzeugnis")),
                Para("Ihre Ansprechpartnerin ist Frau Nowak, Telefon 03999 444-121, Zimmer 17."),
                Para("Die Eintragung ist für Mitglieder der Innungen kostenfrei; alle anderen zahlen 45 Euro."),
            ),
        ),
        Article(path=EXAMS, title="Prüfungen", parts=prose.page("Prüfungen", 11)),
        Article(
            path=GRADES, title="Zweitschriften von Zeugnissen", parts=prose.page("Zweitschriften von Zeugnissen", 12)
        ),
    )


def _documents(place: Place) -> None:
    for path, title in ((FEES, "Gebührenordnung"), (CONTRACT, "Lehrvertrag"), (GUIDE, "Leitfaden für Ausbilder")):
        words = tuple(part.text for part in prose.paragraphs(title, 6, 4))
        place.papers[path] = Paper(lines=(f"{title} der Handwerkskammer Oderland", *words))
    place.put(
        Article(
            path="/downloads/",
            title="Downloads",
            parts=(
                Para("Vordrucke und Rechtsgrundlagen der Kammer zum Herunterladen. Alle Dateien sind geprüft."),
                Head("Rechtsgrundlagen"),
                File("Gebührenordnung", FEES),
                Head("Ausbildung"),
                File("Lehrvertrag (Vordruck)", CONTRACT),
                File("Leitfaden für Ausbilder", GUIDE),
            ),
        )
    )


def publish(place: Place, headline: str, day: date) -> str:
    """Publish a post and put it on top of the list, whose pages all shift."""
    path = f"{NEWS}{slug(headline)}/"
    text = prose.paragraphs(headline, 4, 3)
    place.put(Article(path=path, title=headline, press_line="Redaktion", edited=day, parts=text))
    _list(place, [Entry(day, headline, path, f"{text[0].text.split('. ')[0]} …"), *_entries(place)])
    return path


def _entries(place: Place) -> list[Entry]:
    """The lines of all pages of the list, in their order."""
    lists = sorted(path for path in place.pages if path == NEWS or path.startswith(f"{NEWS}page/"))
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
        shown = tuple(entries[(number - 1) * PER_PAGE : number * PER_PAGE])
        path = NEWS if number == 1 else f"{NEWS}page/{number}/"
        place.put(Article(path=path, title="Aktuelles", parts=(Teasers(shown, number, count),)))


BOX = Box("Kammer geschlossen", ("Am Freitag nach Himmelfahrt, dem 10. Mai, bleibt unser Haus geschlossen.",))


def steps(place: Place) -> Iterator[Step]:
    """Spring and summer 2024."""
    yield from _ordinary_weeks(place)
    yield from _bar(place)
    yield from _uploads(place)
    yield from _comings_and_goings(place)
    yield from _refused(place)
    yield from _frame(place)


def _ordinary_weeks(place: Place) -> Iterator[Step]:
    yield quiet("the first look")
    yield quiet("other nonces, versions and containers", looks=2)
    path = publish(place, "Kammer startet Umfrage zur Bürokratie", date(2024, 3, 11))
    yield Step("a post; the list, its pages and the sidebar shift", (Label(kind="page.added", path=path),))
    place.edit(ROLL, "45 Euro", "52 Euro")
    place.edit(COURSES, "Anmeldungen sind", "Anmeldungen, sind")
    yield Step("a fee on one page, a comma on another", (changed(ROLL), changed(COURSES, minor=True)))
    table = place.pages[COURSES].parts[1]
    assert isinstance(table, Rows)
    row = ("Wärmepumpen planen", "3. Juni", "840 Euro")
    place.parts(COURSES, lambda parts: [Rows((*table.rows, row)) if part is table else part for part in parts])
    yield Step("a course more in the table", (changed(COURSES),))
    place.edit(ROLL, "Frau Nowak, Telefon 03999 444-121", "Herr Yilmaz, Telefon 03999 444-124")
    yield Step("another contact on one page", (changed(ROLL),))


def _bar(place: Place) -> Iterator[Step]:
    place.boxes = (BOX,)
    yield Step("a bar above every page", (Label(kind="notice.posted", path="/", paths=tuple(place.pages)),))
    place.boxes = (swap(BOX, "dem 10. Mai, bleibt", "dem 10. Mai, und am 31. Mai bleibt"),)
    path = publish(place, "Sommerschule für Lehrlinge ausgebucht", date(2024, 4, 8))
    yield Step(
        "the bar names one day more, and a post comes",
        (Label(kind="notice.changed", path="/"), Label(kind="page.added", path=path)),
    )
    place.boxes = ()
    yield Step("the bar is gone", (Label(kind="notice.lifted", path="/"),))


def _uploads(place: Place) -> Iterator[Step]:
    place.papers[FEES] = swap(place.papers[FEES], "Gebührenordnung", "Neue Gebührenordnung")
    place.papers[GUIDE] = place.papers[GUIDE].again()
    yield Step(
        "one PDF has another text, another is saved again as it was",
        (Label(kind="document.changed", path=FEES, paths=("/downloads/",)),),
    )
    again = f"{UPLOADS}05/lehrvertrag-1.pdf"
    place.move(CONTRACT, again, status=0)
    yield quiet("a PDF is uploaded once more: another address, the same label and text", looks=2)
    new = f"{UPLOADS}05/merkblatt-praktikum.pdf"
    place.papers[new] = Paper(lines=("Merkblatt für Praktika", "Ein Praktikum dauert höchstens drei Monate."))
    place.parts("/downloads/", lambda parts: (*parts, File("Merkblatt für Praktika", new)))
    place.edit("/downloads/", "Alle Dateien sind geprüft", "Alle Dateien sind barrierefrei")
    yield Step(
        "a PDF is added, and the page says something else of its files",
        (Label(kind="document.added", path=new, paths=("/downloads/",)), changed("/downloads/")),
    )
    place.drop(GUIDE)
    unlisted(place, "/downloads/", GUIDE)
    yield Step("a PDF is gone", (Label(kind="document.removed", path=GUIDE, look=2),), looks=2)


def _comings_and_goings(place: Place) -> Iterator[Step]:
    place.move(GRADES, "/bildung/pruefungen/zweitschriften/")
    yield Step(
        "a page moves below another, with a redirect",
        (Label(kind="page.moved", path="/bildung/pruefungen/zweitschriften/", facts={"before": GRADES}),),
        looks=2,
    )
    withdrawn = f"{NEWS}{slug('Kammer lobt Denkmalpreis aus')}/"
    post, entries = place.pages[withdrawn], _entries(place)
    place.drop(withdrawn)
    _list(place, [entry for entry in entries if entry.path != withdrawn])
    yield Step(
        "a post is withdrawn; the list closes up",
        (Label(kind="page.removed", path=withdrawn, look=2),),
        looks=2,
    )
    place.put(post)
    _list(place, entries)
    yield Step("the post is back as it was", (Label(kind="page.returned", path=withdrawn),))


def _refused(place: Place) -> Iterator[Step]:
    usual = place.robots
    place.robots = "User-agent: *\nDisallow: /\n"
    place.edit(COURSES, "15. April", "22. April")
    yield Step("robots.txt forbids everything; meanwhile a course begins later", (blind(place),), looks=2)
    place.robots = usual
    yield Step("robots.txt allows again", (seeing(place), changed(COURSES)))
    place.edit(COURSES, "22. April", "15. April")
    yield Step("the course begins on its old day after all", (changed(COURSES),))


def _frame(place: Place) -> Iterator[Step]:
    place.template = 2
    yield quiet("another block theme round the same text", looks=2)
    place.markup = partial(wordpress.render, by_lot=True)
    yield quiet("the posts that may interest too are drawn by lot", looks=3)
    place.markup = wordpress.render
    page = f"{ADVICE}fachkraefte/"
    place.put(Article(path=page, title="Fachkräfte", parts=prose.page("Fachkräfte", 21)))
    listed(place, "/", f"[[Fachkräfte|{page}]]", last=True)
    yield Step("a new page and its line on the home page", (Label(kind="page.added", path=page),))
    for path in [each for each in place.pages if each.startswith(ADVICE)]:
        place.move(path, path.replace(ADVICE, SERVICE))
    moved = tuple(path for path in place.pages if path.startswith(SERVICE))
    yield Step(
        "the folder of advice moves whole, with redirects",
        (Label(kind="page.moved", path=moved[0], places=moved[1:], paths=moved),),
        looks=2,
    )
    legal = place.pages[f"{SERVICE}rechtsfragen/"]
    place.put(
        replace(legal, parts=(*legal.parts, Para("Eine Rechtsberatung im Einzelfall gibt es seit Juli nicht mehr.")))
    )
    yield Step("a page of the moved folder changes", (changed(f"{SERVICE}rechtsfragen/"),))


TIMELINE = Timeline(name="wordpress-chamber", about=__doc__ or "", place=make, steps=steps)
