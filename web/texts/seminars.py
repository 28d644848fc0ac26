"""The words of the register of seminars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.wording import Plural
from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Seminars:
    """The words of one language."""

    title: str
    lead: str
    subscribe: str
    subscribe_hint: str
    feed: str
    none: str
    overview: str
    number: str
    seminar: str
    documents: str
    sources: str
    pages: Plural
    no_year: str
    says: str
    source: str
    sentence: str
    as_archived: str
    attached: str
    changes: str
    no_changes: str
    first_seen: str


TEXTS: Mapping[Language, Seminars] = {
    "de": Seminars(
        title="Seminare",
        lead="Alle Seminare, von denen die beobachteten Seiten sprechen, mit dem Satz, aus dem der Termin stammt.",
        subscribe="Kalender abonnieren (.ics)",
        subscribe_hint="Die Adresse bleibt gültig; ein Kalenderprogramm holt sich Änderungen selbst.",
        feed="Neues zu Seminaren als Feed (Atom)",
        none="Noch ist kein Seminar bekannt.",
        overview="Übersicht",
        number="Nr.",
        seminar="Seminar",
        documents="Dokumente",
        sources="Quellen",
        pages=("eine Seite", "{n} Seiten"),
        no_year="Ohne Jahr",
        says="Wer das sagt",
        source="Seite",
        sentence="So steht es dort",
        as_archived="Stand vom {day} ansehen",
        attached="Dokumente dazu",
        changes="Meldungen dazu",
        no_changes="Keine Meldungen: Das Seminar war schon bekannt, als die Beobachtung begann.",
        first_seen="Zuerst gesehen am {first}, zuletzt am {last}",
    ),
    "en": Seminars(
        title="Seminars",
        lead="All seminars that the watched pages speak of, with the sentence the date was read from.",
        subscribe="Subscribe to the calendar (.ics)",
        subscribe_hint="The address stays valid; a calendar program fetches changes by itself.",
        feed="News of seminars as a feed (Atom)",
        none="No seminar is known yet.",
        overview="Overview",
        number="No.",
        seminar="Seminar",
        documents="Documents",
        sources="Sources",
        pages=("one page", "{n} pages"),
        no_year="Without a year",
        says="Who says so",
        source="Page",
        sentence="What it says",
        as_archived="See the state of {day}",
        attached="Documents",
        changes="Reports",
        no_changes="No reports: the seminar was known already when watching began.",
        first_seen="First seen {first}, last seen {last}",
    ),
}
