"""The words of a comparison of two states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.wording import Plural
from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """The words of one language."""

    comparison: str
    before: str
    after: str
    before_of: str
    after_of: str
    in_place: str
    beside: str
    form: str
    same: str
    same_state: str
    found: Plural
    more: Plural
    sheet: str
    erased: str
    life: str
    live: str
    cite: str
    cite_hint: str
    legend: str


TEXTS: Mapping[Language, Compare] = {
    "de": Compare(
        comparison="Vergleich zweier Stände",
        before="Stand vom {moment}",
        after="Stand vom {moment}",
        before_of="Früherer Stand vom {moment} ansehen",
        after_of="Späterer Stand vom {moment} ansehen",
        in_place="Im Text",
        beside="Nebeneinander",
        form="Darstellung",
        same="Der Text ist in beiden Ständen gleich.",
        same_state="Beide Zeitpunkte zeigen denselben Stand.",
        found=("Eine Stelle ist verschieden.", "{n} Stellen sind verschieden."),
        more=("Eine weitere Stelle ist hier nicht gezeigt.", "{n} weitere Stellen sind hier nicht gezeigt."),
        sheet="Seite {n} des Dokuments",
        erased="Von einem der beiden Stände wurde Text gelöscht. Verglichen wird, was erhalten ist.",
        life="Alle Stände dieser Seite",
        live="Heutige Seite öffnen",
        cite="Zitieren",
        cite_hint="Diese Adresse bleibt gültig.",
        legend="Entferntes ist durchgestrichen, Neues unterstrichen.",
    ),
    "en": Compare(
        comparison="Comparison of two states",
        before="State of {moment}",
        after="State of {moment}",
        before_of="See the earlier state of {moment}",
        after_of="See the later state of {moment}",
        in_place="In place",
        beside="Side by side",
        form="Form",
        same="The text is the same in both states.",
        same_state="Both moments show the same state.",
        found=("One passage differs.", "{n} passages differ."),
        more=("One more passage is not shown here.", "{n} more passages are not shown here."),
        sheet="Page {n} of the document",
        erased="Text of one of the two states was erased. What is left is compared.",
        life="All states of this page",
        live="Open the page of today",
        cite="Cite",
        cite_hint="This address stays valid.",
        legend="What was removed is struck through, what is new is underlined.",
    ),
}
