"""The words of one change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The words of one language."""

    known_since: str
    seen: str
    in_place: str
    beside: str
    what: str
    before: str
    after: str
    before_of: str
    after_of: str
    no_text: str
    same_text: str
    facts: str
    fact: str
    places: str
    open_page: str
    open_document: str
    earlier: str
    later: str
    none_earlier: str
    none_later: str
    cite: str
    cite_hint: str
    address: str
    identifier: str
    life: str


TEXTS: Mapping[Language, Change] = {
    "de": Change(
        known_since="Bekannt seit {moment}",
        seen="Gesehen am {moment}",
        in_place="Im Text",
        beside="Nebeneinander",
        what="Was sich geändert hat",
        before="Vorher",
        after="Nachher",
        before_of="Vorher, archiviert am {moment}",
        after_of="Nachher, archiviert am {moment}",
        no_text="Zu dieser Meldung gibt es keinen Textvergleich.",
        same_text="Der Text ist an beiden Tagen gleich.",
        facts="Angaben",
        fact="Angabe",
        places="Betroffene Adressen",
        open_page="Zur Seite der Behörde",
        open_document="Zum Dokument der Behörde",
        earlier="Frühere Änderungen",
        later="Spätere Änderungen",
        none_earlier="Keine früheren.",
        none_later="Keine späteren.",
        cite="Zitieren",
        cite_hint="Diese Adresse bleibt gültig.",
        address="Adresse",
        identifier="Kennung",
        life="Alle Stände dieser Seite",
    ),
    "en": Change(
        known_since="Known since {moment}",
        seen="Seen on {moment}",
        in_place="In place",
        beside="Side by side",
        what="What changed",
        before="Before",
        after="After",
        before_of="Before, archived {moment}",
        after_of="After, archived {moment}",
        no_text="There is no comparison of texts for this report.",
        same_text="The text is the same on both days.",
        facts="Facts",
        fact="Fact",
        places="Addresses concerned",
        open_page="To the office's page",
        open_document="To the office's document",
        earlier="Earlier changes",
        later="Later changes",
        none_earlier="None earlier.",
        none_later="None later.",
        cite="Cite",
        cite_hint="This address stays valid.",
        address="Address",
        identifier="Id",
        life="All states of this page",
    ),
}
