"""The words of the list of notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.wording import Plural
from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """The words of one language."""

    title: str
    lead: str
    feed: str
    in_force: str
    none_in_force: str
    past: str
    none_past: str
    on: str
    since: str
    stood: str
    lifted: str
    reworded: str
    reworded_to: str
    reworded_from: str
    pages: Plural
    pages_concerned: Plural
    changes: str


TEXTS: Mapping[Language, Notices] = {
    "de": Notices(
        title="Hinweise",
        lead="Was die Behörden über ihren Seiten bekanntgeben: Schließungen, Einschränkungen, geänderte Zeiten.",
        feed="Neues zu Hinweisen als Feed (Atom)",
        in_force="Geltende Hinweise",
        none_in_force="Zurzeit gilt kein Hinweis.",
        past="Frühere Hinweise",
        none_past="Frühere Hinweise gibt es nicht.",
        on="auf {host}",
        since="Zuerst gesehen am {first}, zuletzt am {last}, {pages}",
        stood="Gesehen vom {first} bis {last}, {pages}",
        lifted="Aufgehoben, festgestellt am {day}",
        reworded="Durch einen anderen Wortlaut ersetzt",
        reworded_to="Zum neuen Wortlaut",
        reworded_from="am {day}",
        pages=("auf einer Seite", "auf {n} Seiten"),
        pages_concerned=("Die Seite, auf der er stand", "Die {n} Seiten, auf denen er stand"),
        changes="Meldungen dazu",
    ),
    "en": Notices(
        title="Notices",
        lead="What offices make known above their pages: closures, restrictions, changed hours.",
        feed="News of notices as a feed (Atom)",
        in_force="Notices in force",
        none_in_force="No notice is in force at present.",
        past="Earlier notices",
        none_past="There are no earlier notices.",
        on="on {host}",
        since="First seen {first}, last seen {last}, {pages}",
        stood="Seen from {first} to {last}, {pages}",
        lifted="Lifted, as found on {day}",
        reworded="Replaced by other words",
        reworded_to="To the new words",
        reworded_from="on {day}",
        pages=("on one page", "on {n} pages"),
        pages_concerned=("The page it stood on", "The {n} pages it stood on"),
        changes="Reports",
    ),
}
