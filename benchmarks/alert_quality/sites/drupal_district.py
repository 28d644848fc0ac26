"""A district on Drupal with entity tags: http becomes https, spellings of addresses change, its section moves away whole."""

# Pages read better unwrapped.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks.alert_quality import prose
from benchmarks.alert_quality.content import Article, Box, File, Head, Items, Para
from benchmarks.alert_quality.driver import Timeline
from benchmarks.alert_quality.labels import Label, Step, quiet
from benchmarks.alert_quality.markup import drupal
from benchmarks.alert_quality.papers import Paper
from benchmarks.alert_quality.place import COMMON, Fetch, Place
from benchmarks.alert_quality.sites.common import changed, fill, listed, unlisted

TOP, NEW = "/soziales/", "/familie-und-soziales/"
CARE, FORM, FORM_2 = (
    "/soziales/pflege/",
    "/sites/default/files/2024-01/antrag.pdf",
    "/sites/default/files/2024-09/antrag_0.pdf",
)
_TOPICS = (
    "Pflege", "Wohngeld", "Grundsicherung", "Betreuung", "Schuldnerberatung", "Behindertenhilfe", "Ehrenamt",
    "Integration", "Frauenhaus", "Bildungspaket", "Seniorenbeirat", "Kriegsopfer",
)  # fmt: skip


def make() -> Place:
    """The district in August 2024."""
    place = Place(
        markup=drupal.render,
        name="kreis",
        owner="Landkreis Waldau",
        start=TOP,
        now=datetime(2024, 8, 5, 5, tzinfo=UTC),
        validators=True,
        person="Kreisverwaltung, Frau Jansen, Telefon 05555 82-110",
        foot=("Landkreis Waldau, Schlossplatz 2", "Landrätin: Dr. Karla Brinkmann"),
    )
    place.config = f'[[source]]\nname = "kreis"\nstart = ["{{base}}{TOP}"]\n{COMMON}'
    pages = fill(place, _TOPICS, lambda slug: f"{TOP}{slug}/", 9)
    place.put(Article(path="/", title="Landkreis Waldau", parts=(Para(f"Willkommen. [[Soziales|{TOP}]]"),)))
    place.papers[FORM] = Paper(
        lines=("Antrag auf Hilfe zur Pflege", "Bitte in Blockschrift ausfüllen.", "Anlagen: Rentenbescheid")
    )
    place.put(
        Article(
            path=TOP,
            title="Soziales",
            parts=(
                Para("Der Landkreis hilft Menschen, die Unterstützung brauchen. Die Beratung ist kostenlos."),
                Head("Themen"),
                Items(tuple(f"[[{place.pages[path].title}|{path}]]" for path in pages)),
                File("Antrag auf Hilfe zur Pflege", FORM),
            ),
        )
    )
    return place


def section(place: Place) -> tuple[str, ...]:
    """The pages of the source."""
    return tuple(path for path in place.pages if path != "/")


def steps(place: Place) -> Iterator[Step]:
    """Autumn 2024."""
    yield from _addresses(place)
    yield from _round_the_pages(place)
    yield from _form(place)
    yield from _moves(place)


def _addresses(place: Place) -> Iterator[Step]:
    yield quiet("the first look")
    yield quiet("other tokens", looks=2)
    place.https = True
    yield quiet("http is led to https", looks=2)
    place.parts(CARE, lambda parts: (*parts, Para("Die Pflegeberatung kommt seit dem 1. September auch ins Haus.")))
    yield Step("a page changes after the switch", (changed(CARE, minor=False),))
    place.dress = without_slash
    yield quiet("links without a final slash")
    place.dress = with_tracking
    yield quiet("links with tracking parameters and fragments")
    place.dress = with_index
    yield quiet("links to index files")
    place.dress = absolute
    yield quiet("links with scheme and host")
    place.dress = None
    yield quiet("plain links again")


def _round_the_pages(place: Place) -> Iterator[Step]:
    place.boxes = (
        Box(
            "Hinweis zur Erreichbarkeit",
            ("Am 3. September ist das Sozialamt wegen eines Betriebsausflugs nicht erreichbar.",),
        ),
    )
    place.template = 2
    yield Step(
        "a new template and a notice in one night", (Label(kind="notice.posted", path=TOP, paths=section(place)),)
    )
    place.boxes = ()
    place.template = 1
    yield Step("the old template again, and no notice", (Label(kind="notice.lifted", path=TOP),))
    place.person = "Kreisverwaltung, Herr Möller, Telefon 05555 82-110"
    place.edit(f"{TOP}wohngeld/", "Wohngeld", "Wohnkostenzuschuss")
    yield Step(
        "another contact on every page, and one page speaks of another benefit",
        (
            Label(kind="page.changed", path=TOP, paths=section(place), minor=True),
            changed(f"{TOP}wohngeld/"),
        ),
    )


def _form(place: Place) -> Iterator[Step]:
    place.papers[FORM_2] = place.papers[FORM].again()
    place.relink(FORM, FORM_2)
    yield quiet("the form is uploaded again, at a new address, with the same text", looks=2)
    place.papers[FORM_2] = Paper(
        lines=(
            "Antrag auf Hilfe zur Pflege",
            "Bitte in Druckschrift ausfüllen.",
            "Anlagen: Rentenbescheid, Kontoauszug",
        )
    )
    yield Step("the form asks for more", (Label(kind="document.changed", path=FORM_2, paths=(TOP,)),))
    place.parts(CARE, lambda parts: (*parts, File("Antrag auf Hilfe zur Pflege", FORM_2)))
    yield Step(
        "a second page links the form",
        (Label(kind="page.changed", path=CARE, kinds=("document.added",), places=(FORM_2,), optional=True),),
    )
    place.papers[FORM_2] = Paper(
        lines=("Antrag auf Hilfe zur Pflege", "Bitte in Druckschrift ausfüllen.", "Anlagen: keine")
    )
    yield Step(
        "the form, linked from two pages, asks for less",
        (Label(kind="document.changed", path=FORM_2, paths=(TOP, CARE)),),
    )
    place.drop(FORM_2)
    for path in (TOP, CARE):
        unlisted(place, path, FORM_2)
    yield Step(
        "the form is gone from server and pages", (Label(kind="document.removed", path=FORM_2, look=2),), looks=2
    )


def _moves(place: Place) -> Iterator[Step]:
    one = [part for part in place.pages[f"{TOP}ehrenamt/"].parts if isinstance(part, Para)]
    place.parts(f"{TOP}ehrenamt/", lambda parts: (*parts[1:], one[0]))
    yield Step(
        "the first paragraph of a page goes to its end",
        (Label(kind="page.changed", path=f"{TOP}ehrenamt/", optional=True, note="moved, not rewritten"),),
    )
    place.put(Article(path=f"{TOP}tafel/", title="Tafeln", parts=prose.page("Tafeln", 31)))
    listed(place, TOP, f"[[Tafeln|{TOP}tafel/]]")
    place.edit(f"{TOP}integration/", "Integration", "Zusammenleben")
    place.drop(f"{TOP}kriegsopfer/")
    unlisted(place, TOP, f"{TOP}kriegsopfer/")
    yield Step(
        "one page comes, one goes, one is renamed in its text",
        (
            Label(kind="page.added", path=f"{TOP}tafel/"),
            Label(kind="page.removed", path=f"{TOP}kriegsopfer/", look=2),
            changed(f"{TOP}integration/", minor=None),
        ),
        looks=2,
    )
    for path in section(place):
        place.move(path, path.replace(TOP, NEW))
    moved = section(place)
    yield Step(
        "the section moves whole, with redirects",
        (Label(kind="page.moved", path=NEW, places=moved, paths=moved),),
        looks=2,
    )
    place.edit(f"{NEW}frauenhaus/", "Frauenhaus", "Schutzhaus")
    yield Step("a page changes in the new place", (changed(f"{NEW}frauenhaus/", minor=None),))
    place.put(Article(path=f"{NEW}hospiz/", title="Hospiz", parts=prose.page("Hospiz", 32)))
    listed(place, NEW, f"[[Hospiz|{NEW}hospiz/]]")
    told = Label(kind="page.added", path=f"{NEW}hospiz/", kinds=("page.changed",), places=(NEW,))
    yield Step("a new page in the new place, which the scope does not name: itself, or its line in the list", (told,))


def _links(html: str, write: str) -> str:
    return re.sub(rf'href="({TOP}[^"?#.]*)/"', write, html)


def without_slash(html: str, _fetch: Fetch) -> str:
    """Links without their final slash."""
    return _links(html, r'href="\1"')


def with_tracking(html: str, fetch: Fetch) -> str:
    """Links as a campaign writes them."""
    return _links(html, rf'href="\1/?utm_source=start&amp;utm_campaign=k{fetch.count}#content"')


def with_index(html: str, _fetch: Fetch) -> str:
    """Links to index files."""
    return _links(html, r'href="\1/index.html"')


def absolute(html: str, fetch: Fetch) -> str:
    """Links with scheme and host."""
    return _links(html, rf'href="{fetch.base}\1/"')


TIMELINE = Timeline(name="drupal-district", about=__doc__ or "", place=make, steps=steps)
