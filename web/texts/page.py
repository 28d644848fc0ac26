"""The words of the life of one address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.wording import Plural
from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The words of one language."""

    life: str
    live: str
    newest: str
    as_text: str
    original: str
    timemap: str
    last_look: str
    last_good: str
    years: str
    months: str
    year_of: str
    looks: Plural
    states: str
    states_of: str
    states_in: str
    none: str
    since: str
    until: str
    still: str
    see: str
    compare: str
    first: str
    told: str
    others: str
    moves: str
    moved_to: str
    moved_from: str
    compare_two: str
    earlier_state: str
    later_state: str
    do_compare: str
    all_looks: str
    month: str
    failed: Plural
    good: str
    changed: str
    failure: str
    gone: str
    sent_on: str
    erased: str
    let_go: str
    provenance: str
    erasures: str
    erasure: str
    erasure_rule: str
    erasure_looks: Plural


TEXTS: Mapping[Language, Page] = {
    "de": Page(
        life="Alle Stände einer Seite",
        live="Heutige Seite öffnen",
        newest="Neuesten archivierten Stand ansehen",
        as_text="Neuester Stand als Text (TXT)",
        original="Neuestes Original herunterladen",
        timemap="Alle Stände für Programme (TimeMap)",
        last_look="Zuletzt nachgesehen am {moment}: Die Adresse {reason}.",
        last_good="Zuletzt nachgesehen am {moment}.",
        years="Jahre",
        months="Monate",
        year_of="{year}, {looks}",
        looks=("einmal nachgesehen", "{n}-mal nachgesehen"),
        states="Stände des Textes",
        states_of="Stände des Textes im Jahr {year}",
        states_in="Stände des Textes im {month} {year}",
        none="In dieser Zeit war die Seite nicht zu sehen.",
        since="Seit {moment}",
        until="bis {moment}",
        still="zuletzt so gesehen am {moment}",
        see="Stand vom {moment} ansehen",
        compare="Stand vom {moment} mit dem davor vergleichen",
        first="Erster Stand im Archiv",
        told="Gemeldet",
        others="Weitere Meldungen zu dieser Adresse",
        moves="Umzüge",
        moved_to="Die Seite ist umgezogen nach",
        moved_from="Die Seite stand vorher unter",
        compare_two="Zwei Stände vergleichen",
        earlier_state="Früherer Stand",
        later_state="Späterer Stand",
        do_compare="Vergleichen",
        all_looks="Jedes Nachsehen",
        month="{month} {year}: {looks}",
        failed=("davon einmal ohne Ergebnis", "davon {n}-mal ohne Ergebnis"),
        good="unverändert",
        changed="neuer Stand",
        failure="Die Adresse {reason}.",
        gone="Die Seite wurde nicht gefunden.",
        sent_on="Die Adresse leitete um nach",
        erased="gelöscht, Grund: {reason}",
        let_go="Original nach der Aufbewahrungsregel gelöscht",
        provenance="übernommen aus {archive}",
        erasures="Löschungen",
        erasure="Am {day} hat {by} die Bytes von {looks} gelöscht. Grund: {reason} ({basis}).",
        erasure_rule="Am {day} wurden nach der Aufbewahrungsregel die Bytes von {looks} gelöscht ({basis}).",
        erasure_looks=("einem Stand", "{n} Ständen"),
    ),
    "en": Page(
        life="All states of a page",
        live="Open the page of today",
        newest="See the newest archived state",
        as_text="Newest state as text (TXT)",
        original="Download the newest original",
        timemap="All states for programs (TimeMap)",
        last_look="Last look on {moment}: the address {reason}.",
        last_good="Last look on {moment}.",
        years="Years",
        months="Months",
        year_of="{year}, {looks}",
        looks=("one look", "{n} looks"),
        states="States of the text",
        states_of="States of the text in {year}",
        states_in="States of the text in {month} {year}",
        none="The page could not be seen in this time.",
        since="Since {moment}",
        until="until {moment}",
        still="last seen so on {moment}",
        see="See the state of {moment}",
        compare="Compare the state of {moment} with the one before",
        first="First state in the archive",
        told="Reported",
        others="Other reports on this address",
        moves="Moves",
        moved_to="The page moved to",
        moved_from="The page stood before at",
        compare_two="Compare two states",
        earlier_state="Earlier state",
        later_state="Later state",
        do_compare="Compare",
        all_looks="Every look",
        month="{month} {year}: {looks}",
        failed=("one of them without a result", "{n} of them without a result"),
        good="unchanged",
        changed="new state",
        failure="The address {reason}.",
        gone="The page was not found.",
        sent_on="The address led on to",
        erased="erased, reason: {reason}",
        let_go="original let go by the rule of retention",
        provenance="taken in from {archive}",
        erasures="Erasures",
        erasure="On {day} {by} erased the bytes of {looks}. Reason: {reason} ({basis}).",
        erasure_rule="On {day} the bytes of {looks} were let go by the rule of retention ({basis}).",
        erasure_looks=("one state", "{n} states"),
    ),
}
