"""The words of one digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The words of one language."""

    title: str
    kinds: Mapping[str, str]
    made: str
    covers: str
    first: str
    erased: str
    nothing: str
    archived: str
    as_it_stood: str
    checks: str
    coverage: str
    never: str
    held: str
    undone: str
    as_sent: str
    as_sent_hint: str
    alone: str
    previous: str
    next: str
    cite: str
    cite_hint: str
    address: str


TEXTS: Mapping[Language, Digest] = {
    "de": Digest(
        title="Nachricht Nr. {number}",
        kinds={"digest": "Übersicht", "immediate": "Sofortmeldung"},
        made="{kind} an „{subscription}“ vom {moment}",
        covers="Sie umfasst die Zeit vom {since} bis {until}.",
        first="Es war die erste Nachricht an diesen Verteiler.",
        erased="Der Text dieser Nachricht wurde gelöscht, weil etwas gelöscht wurde, von dem sie berichtete.",
        nothing="Sie meldete nichts Neues.",
        archived="Archivierten Stand ansehen",
        as_it_stood="Wie es damals stand",
        checks="Was geprüft wurde",
        coverage="{judged} von {known} {noun} geprüft, zuletzt am {moment}",
        never="noch nicht geprüft",
        held="Nicht gemeldet",
        undone="Geändert und wieder zurückgenommen",
        as_sent="So wurde sie verschickt",
        as_sent_hint="Die Mail kann kürzer sein als diese Seite. Links in ihr führen hier nirgendwohin.",
        alone="Nur die Mail zeigen",
        previous="vorige Nachricht",
        next="nächste Nachricht",
        cite="Zitieren",
        cite_hint="Diese Adresse bleibt gültig.",
        address="Adresse",
    ),
    "en": Digest(
        title="Digest no. {number}",
        kinds={"digest": "Digest", "immediate": "Message at once"},
        made="{kind} to “{subscription}” of {moment}",
        covers="It covers the time from {since} to {until}.",
        first="It was the first message to this list.",
        erased="The text of this message was erased, because something was erased that it told of.",
        nothing="It told nothing new.",
        archived="See the archived state",
        as_it_stood="How things stood then",
        checks="What was checked",
        coverage="{judged} of {known} {noun} checked, last on {moment}",
        never="not checked yet",
        held="Not reported",
        undone="Changed and changed back",
        as_sent="As it was sent",
        as_sent_hint="The mail may be shorter than this page. Links in it lead nowhere here.",
        alone="Show the mail alone",
        previous="previous message",
        next="next message",
        cite="Cite",
        cite_hint="This address stays valid.",
        address="Address",
    ),
}
