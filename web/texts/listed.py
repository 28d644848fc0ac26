"""The words of lists of watched addresses, for all pages that have one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.wording import Plural
from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The words of one language."""

    document: str
    page: str
    size: str
    linked: str
    stands: str
    versions: str
    changed: str
    unchanged: str
    standing: Mapping[str, str]
    gone_since: str
    unconfirmed: str
    moved_to: str
    pages: str
    page_of: str
    previous: str
    next: str
    all_documents: Plural


LISTED: Mapping[Language, Listed] = {
    "de": Listed(
        document="Dokument",
        page="Seite",
        size="Größe",
        linked="Verlinkt auf",
        stands="Stand",
        versions="Fassungen",
        changed="Zuletzt geändert",
        unchanged="unverändert seit {day}",
        standing={
            "live": "vorhanden",
            "missing": "nicht gefunden, noch nicht bestätigt",
            "removed": "nicht mehr vorhanden",
            "moved": "umgezogen",
        },
        gone_since="nicht mehr vorhanden seit {day}",
        unconfirmed="(noch nicht bestätigt)",
        moved_to="umgezogen nach",
        pages="Seiten der Liste",
        page_of="Seite {number} von {last}",
        previous="vorige Seite",
        next="nächste Seite",
        all_documents=("Alle Dokumente (eines)", "Alle {n} Dokumente"),
    ),
    "en": Listed(
        document="Document",
        page="Page",
        size="Size",
        linked="Linked on",
        stands="Standing",
        versions="Versions",
        changed="Last changed",
        unchanged="unchanged since {day}",
        standing={
            "live": "there",
            "missing": "not found, not confirmed yet",
            "removed": "gone",
            "moved": "moved",
        },
        gone_since="gone since {day}",
        unconfirmed="(not confirmed yet)",
        moved_to="moved to",
        pages="Pages of the list",
        page_of="Page {number} of {last}",
        previous="previous page",
        next="next page",
        all_documents=("All documents (one)", "All {n} documents"),
    ),
}
