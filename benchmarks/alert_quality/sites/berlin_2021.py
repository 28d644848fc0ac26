"""berlin.de as it stood in 2021: a partnership section with a seminar register, from its busiest spring to its end."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from benchmarks.alert_quality import place as places
from benchmarks.alert_quality.content import Article, Box, File, Head, Items, Para, Part, Picture, swap
from benchmarks.alert_quality.driver import Timeline
from benchmarks.alert_quality.labels import Label, Step, quiet
from benchmarks.alert_quality.markup import berlin
from benchmarks.alert_quality.papers import Paper
from benchmarks.alert_quality.place import Place
from tests.server import Reply

TOP = "/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/"
LIST = f"{TOP}seminare-in-den-bereichen-arbeit-und-soziales/"
ASSETS = "/lageso/_assets/ueber-uns/partnerschaft/"
S23 = f"{LIST}23-seminar/"
TREATY = f"{ASSETS}vereinbarung_2019.pdf"
PLAN = f"{ASSETS}programm_23.pdf"
PLAN_2 = f"{ASSETS}programm_23_stand_april.pdf"
PLAN_3 = f"{ASSETS}2021/programm_23.pdf"

_PAST = (
    (16, "5. bis 10. Juni 2016", "Moskau", "Frühe Hilfen für Familien mit einem behinderten Kind"),
    (17, "27. November bis 2. Dezember 2016", "Berlin", "Volle Teilhabe für Menschen mit Handicap"),
    (18, "4. bis 9. Juni 2017", "Moskau", "Stadtteilzentren und Nachbarschaftshilfe"),
    (19, "19. bis 24. November 2017", "Berlin", "Pflege zu Hause und im Heim"),
    (20, "1. bis 4. Juli 2018", "Moskau", "Arbeit für Menschen mit seelischer Erkrankung"),
    (21, "11. bis 16. November 2018", "Berlin", "Der Weg von der Schule in die Werkstatt"),
    (22, "16. bis 21. Juni 2019", "Moskau", "Neue Wege in der Sozialarbeit"),
)


def at(number: int) -> str:
    """The address of a past seminar's report."""
    return f"{LIST}{number}-seminar/"


def _report(number: int, dates: str, city: str, topic: str) -> Article:
    return Article(
        path=at(number),
        title=f"Städtepartnerschaft Berlin-Moskau: {number}. Arbeits- und Sozialseminar",
        edited=date(2020, 2, 3),
        parts=(
            Picture(f"seminar_{number}.jpg", f"Die Teilnehmenden des {number}. Seminars vor dem Tagungshaus"),
            Para(f"Das {number}. Arbeits- und Sozialseminar fand vom {dates} in {city} statt. {topic} war das Thema."),
            Para(
                f"Am ersten Tag stellten beide Delegationen ihre Arbeit vor, {12 + number} Fachleute nahmen teil. "
                f"Die Gastgeber führten durch {number - 11} Einrichtungen, darunter:"
            ),
            Items(
                (
                    f"ein Tageszentrum mit {40 + number} Plätzen;",
                    f"die Beratungsstelle im Bezirk Nummer {number - 9};",
                    f"eine Werkstatt, in der seit {1980 + number} gearbeitet wird.",
                )
            ),
            Para(f"Die Ergebnisse von „{topic}“ wurden in einem Protokoll von {number + 4} Seiten festgehalten."),
        ),
    )


def make() -> Place:
    """The section on 1 March 2021."""
    place = Place(
        markup=berlin.render,
        name="partnerschaft",
        start=TOP,
        now=datetime(2021, 3, 1, 4, 30, tzinfo=UTC),
        nav=(("Städtepartnerschaft Berlin - Moskau", TOP), ("Seminare", LIST)),
    )
    place.config = (
        f'[[source]]\nname = "partnerschaft"\nstart = ["{{base}}{TOP}"]\nregister = "seminars"\n{places.COMMON}'
    )
    place.put(
        Article(path="/", title="Berlin.de", parts=(Para("Alle Ämter: [[LAGeSo|/lageso/]]."),)), _front(), _list()
    )
    place.put(*(_report(*each) for each in _PAST), _twenty_twenty(), _visitors())
    place.papers[TREATY] = Paper(
        lines=(
            "Vereinbarung über die Zusammenarbeit auf dem Gebiet der sozialen Arbeit",
            "Die Beteiligten tauschen zweimal im Jahr Fachleute aus.",
            "Sie gilt bis zum 31. Dezember 2021.",
        )
    )
    return place


def _front() -> Article:
    return Article(
        path=TOP,
        title="Städtepartnerschaft Berlin - Moskau",
        parts=(
            Picture("platz.jpg", "Der Rote Platz an einem Wintertag"),
            Para(
                "Seit drei Jahrzehnten sind Berlin und Moskau Partnerstädte. Das Landesamt pflegt die fachliche Seite."
            ),
            Para("Ansprechpartnerin im Landesamt ist Frau Stanko, Zimmer 412. Besuche sind nach Vereinbarung möglich."),
            Head("Worum es geht"),
            Para("Im Mittelpunkt stehen Arbeit, Soziales und Teilhabe. Näheres steht auf diesen Seiten:"),
            Items((f"[[Seminare in den Bereichen Arbeit und Soziales|{LIST}]]", f"[[Besuchsgruppen|{TOP}besuche/]]")),
            File("Vereinbarung von 2019", TREATY),
        ),
    )


def _list() -> Article:
    lines = [f"[[{n}. Arbeits- und Sozialseminar, {dates}, {city}|{at(n)}]]" for n, dates, city, _ in reversed(_PAST)]
    return Article(
        path=LIST,
        title="Seminare in den Bereichen Arbeit und Soziales",
        parts=(
            Para("Auf diesen Seiten berichten wir über die gemeinsamen Seminare beider Städte."),
            Items((f"[[Seminar 2020: Austausch in Briefen|{LIST}seminar-2020/]]", *lines)),
        ),
    )


def _twenty_twenty() -> Article:
    return Article(
        path=f"{LIST}seminar-2020/",
        title="Städtepartnerschaft Berlin-Moskau: Seminar 2020",
        parts=(
            Para("Im Jahr 2020 wurde das Seminar durch einen Austausch in Briefen ersetzt."),
            Para("Berlin schrieb über die Arbeit der Stadtteilmütter, Moskau über mobile Pflegedienste."),
        ),
    )


def _visitors() -> Article:
    return Article(
        path=f"{TOP}besuche/",
        title="Besuchsgruppen",
        parts=(
            Para("Besuchsgruppen aus der Partnerstadt empfangen wir von April bis Oktober."),
            Para("Eine Gruppe hat höchstens 25 Personen. Die Anmeldung ist sechs Wochen vorher nötig."),
            Para("Dolmetscherinnen und Dolmetscher stellen wir nicht; bitte bringen Sie jemanden mit."),
            File("Vereinbarung von 2019", TREATY),
        ),
    )


def _announce(place: Place) -> None:
    place.papers[PLAN] = Paper(lines=("Programm des 23. Seminars", "Montag: Empfang im Rathaus", "Dienstag: Werkstatt"))
    place.put(
        Article(
            path=S23,
            title="Städtepartnerschaft Berlin-Moskau: 23. Arbeits- und Sozialseminar",
            edited=date(2021, 3, 18),
            parts=(
                Para("Das 23. Arbeits- und Sozialseminar findet vom 12. bis 16. Mai 2021 in Berlin statt."),
                Para("Wir sprechen über digitale Hilfen im Alter und besuchen drei Häuser im Norden der Stadt."),
                File("Programm des 23. Seminars", PLAN),
            ),
        )
    )
    line = f"[[23. Arbeits- und Sozialseminar, 12. bis 16. Mai 2021, Berlin|{S23}]]"
    place.parts(LIST, lambda parts: _listed(parts, line))


def _listed(parts: tuple[Part, ...], line: str) -> list[Part]:
    return [Items((line, *part.items)) if isinstance(part, Items) else part for part in parts]


def _unlisted(parts: tuple[Part, ...], path: str) -> list[Part]:
    return [
        Items(tuple(item for item in part.items if f"|{path}]]" not in item)) if isinstance(part, Items) else part
        for part in parts
    ]


def _postpone(place: Place, old: str, new: str) -> None:
    place.edit(S23, old, new)
    place.edit(LIST, old, new)


def _section(place: Place) -> tuple[str, ...]:
    return tuple(path for path in place.pages if path.startswith(TOP))


BOX = Box(
    "Eingeschränkter Besuchsverkehr",
    (
        "Das Dienstgebäude ist für Besucherinnen und Besucher bis auf Weiteres geschlossen.",
        "Sie erreichen uns am Telefon.",
    ),
)


def steps(place: Place) -> Iterator[Step]:
    """From March to June 2021."""
    yield from _notices(place)
    yield from _seminar(place)
    yield from _moves(place)
    yield from _bad_nights(place)
    yield from _last_weeks(place)


def _notices(place: Place) -> Iterator[Step]:
    yield quiet("the first look")
    yield quiet("other tokens, time stamps and image addresses")
    place.boxes = (BOX,)
    yield Step("a notice on every page", (Label(kind="notice.posted", path=TOP, paths=_section(place)),))
    place.boxes = (swap(BOX, "bis auf Weiteres", "bis zum 30. April"),)
    yield Step("the notice names a day", (Label(kind="notice.changed", path=TOP, paths=_section(place)),))
    place.typing = lambda text: (
        text.replace(" und ", " und\u00a0").replace("„", "“").replace("seminar", "semi\u00adnar")
    )
    yield quiet("no-break spaces, soft hyphens and other quotes everywhere")
    place.typing = None
    yield quiet("and back")


def _seminar(place: Place) -> Iterator[Step]:
    _announce(place)
    yield Step(
        "the 23rd seminar is announced: a page, a line of the list, a programme",
        (
            Label(
                kind="seminar.new",
                path=S23,
                facts={
                    "after.number": 23,
                    "after.start": "2021-05-12",
                    "after.end": "2021-05-16",
                    "after.city": "Berlin",
                },
            ),
        ),
    )
    _postpone(place, "12. bis 16. Mai", "9. bis 13. Juni")
    moved = {"before.start": "2021-05-12", "after.start": "2021-06-09", "after.end": "2021-06-13"}
    yield Step("it is postponed", (Label(kind="seminar.changed", path=S23, facts=moved),))
    _postpone(place, "9. bis 13. Juni", "6. bis 10. September")
    place.parts(S23, lambda parts: (*parts, Para("Die Teilnahme kostet 40 Euro; ermäßigt sind es 15 Euro.")))
    again = {"before.start": "2021-06-09", "after.start": "2021-09-06"}
    yield Step(
        "it is postponed once more, and the same page now asks for a fee",
        (Label(kind="seminar.changed", path=S23, facts=again), Label(kind="page.changed", path=S23, minor=False)),
    )
    place.papers[PLAN] = Paper(lines=("Programm des 23. Seminars", "Montag: Empfang im Rathaus", "Mittwoch: Klinik"))
    yield Step("another programme at the same address", (Label(kind="document.changed", path=PLAN, paths=(S23,)),))
    place.papers[PLAN] = place.papers[PLAN].again()
    yield quiet("the programme is saved again; its stated size differs")
    place.papers[PLAN_2] = Paper(
        lines=("Programm des 23. Seminars", "Montag: Empfang in der Botschaft", "Mittwoch: Klinik")
    )
    del place.papers[PLAN]
    place.relink(PLAN, PLAN_2)
    yield Step(
        "another programme at a new address under the same label; the old file is gone",
        (Label(kind="document.changed", path=PLAN_2, paths=(S23,)),),
        looks=2,
    )
    place.move(PLAN_2, PLAN_3, status=0)
    yield quiet("the programme lies at a new address with the same text", looks=2)
    place.papers[TREATY] = swap(place.papers[TREATY], "31. Dezember 2021", "31. Dezember 2024")
    yield Step(
        "the agreement, linked from two pages, is extended",
        (Label(kind="document.changed", path=TREATY, paths=(TOP, f"{TOP}besuche/")),),
    )


def _moves(place: Place) -> Iterator[Step]:
    page = place.pages[at(16)]
    place.drop(at(16))
    place.parts(LIST, lambda parts: _unlisted(parts, at(16)))
    yield Step("an old report is deleted", (Label(kind="page.removed", path=at(16), look=2),), looks=2)
    place.put(page)
    place.parts(LIST, lambda parts: _relisted(parts, f"[[16. Arbeits- und Sozialseminar|{at(16)}]]"))
    yield Step("it is there again", (Label(kind="page.returned", path=at(16)),))
    place.move(at(17), f"{LIST}2016-17-seminar/", status=0)
    facts: dict[str, object] = {"before": at(17), "after": f"{LIST}2016-17-seminar/"}
    yield Step(
        "a report moves and leaves no redirect",
        (Label(kind="page.moved", path=f"{LIST}2016-17-seminar/", facts=facts),),
        looks=2,
    )
    place.move(at(18), f"{LIST}2017-18-seminar/")
    place.edit(f"{LIST}2017-18-seminar/", "ein Tageszentrum mit 58 Plätzen", "ein Tageszentrum mit 85 Plätzen")
    facts = {"before": at(18), "after": f"{LIST}2017-18-seminar/"}
    yield Step(
        "another report moves with a redirect, and a number in it is corrected",
        (Label(kind="page.moved", path=f"{LIST}2017-18-seminar/", facts=facts),),
    )


def _bad_nights(place: Place) -> Iterator[Step]:
    place.every = places.refusing(500, "Internal Server Error")
    place.edit(f"{TOP}besuche/", "höchstens 25 Personen", "höchstens 18 Personen")
    yield Step(
        "every address answers 500 for six days; a page is changed meanwhile",
        (Label(kind="source.blind", path=TOP),),
        looks=2,
    )
    place.every = None
    yield Step(
        "the host is well again",
        (Label(kind="source.seeing", path=TOP), Label(kind="page.changed", path=f"{TOP}besuche/", minor=False)),
    )
    place.every = lambda _path: Reply(_MAINTENANCE)
    yield Step(
        "one maintenance page at every address, with status 200", (Label(kind="source.blind", path=TOP),), looks=2
    )
    place.every = None
    yield Step("maintenance is over", (Label(kind="source.seeing", path=TOP),))
    place.template = 2
    place.boxes = (swap(BOX, "bis auf Weiteres geschlossen", "ab dem 17. Mai wieder geöffnet"),)
    yield Step(
        "the portal's new template, and another notice in the same night",
        (Label(kind="notice.changed", path=TOP, paths=_section(place)),),
    )


def _last_weeks(place: Place) -> Iterator[Step]:
    place.edit(at(19), "19. bis 24. November 2017", "19. bis 23. November 2017")
    place.edit(LIST, "19. bis 24. November 2017", "19. bis 23. November 2017")
    yield Step(
        "the days of a past seminar are corrected in report and list",
        (Label(kind="seminar.changed", path=at(19), facts={"after.end": "2017-11-23"}),),
    )
    place.edit(at(20), "stellten beide Delegationen ihre Arbeit vor", "stelten beide Delegationen ihre Arbeit vor")
    yield Step("a slip of the pen", (Label(kind="page.changed", path=at(20), minor=True),))
    place.edit(
        S23, "findet vom 6. bis 10. September 2021 in Berlin statt", "vom 6. bis 10. September 2021 in Berlin fällt aus"
    )
    yield Step(
        "the 23rd seminar is cancelled",
        (Label(kind="seminar.changed", path=S23, facts={"after.state": "cancelled"}),),
    )
    place.boxes = ()
    yield Step("the notice is lifted", (Label(kind="notice.lifted", path=TOP, paths=_section(place)),))
    place.edit(TOP, "Zimmer 412", "Zimmer 214")
    yield Step("a room number changes", (Label(kind="page.changed", path=TOP, minor=False),))
    place.edit(TOP, "Zimmer 214", "Zimmer 412")
    yield Step("and back", (Label(kind="page.changed", path=TOP, minor=False),))
    section = _section(place)
    for path in (*section, *place.papers):
        place.drop(path)
    yield Step(
        "the section is taken down whole while its host is well",
        (Label(kind="page.removed", path=TOP, paths=section, look=2),),
        looks=3,
    )


def _relisted(parts: tuple[Part, ...], line: str) -> list[Part]:
    return [replace(part, items=(*part.items, line)) if isinstance(part, Items) else part for part in parts]


_MAINTENANCE = (
    "<!doctype html><html lang=de><head><meta charset=utf-8><title>Wartung</title></head><body><h1>Wartungsarbeiten</h1>"
    "<p>Das Stadtportal wird gerade gewartet und ist in wenigen Stunden wieder erreichbar.</p></body></html>"
)

TIMELINE = Timeline(name="berlin-2021", about=__doc__ or "", place=make, steps=steps)
