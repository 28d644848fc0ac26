"""The words of the list of documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.addresses import Language
from web.texts.listed import LISTED, Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The words of one language."""

    title: str
    lead: str
    feed: str
    none: str
    of: str
    listed: Listed


TEXTS: Mapping[Language, Documents] = {
    "de": Documents(
        title="Dokumente",
        lead="Alle Dokumente, die auf den beobachteten Seiten verlinkt sind oder waren. "
        "Jedes führt zu seinen Fassungen.",
        feed="Neues zu Dokumenten als Feed (Atom)",
        none="Auf den beobachteten Seiten ist kein Dokument verlinkt.",
        of="Dokumente aus „{source}“",
        listed=LISTED["de"],
    ),
    "en": Documents(
        title="Documents",
        lead="All documents that are or were linked on the watched pages. Each leads to its versions.",
        feed="News of documents as a feed (Atom)",
        none="No document is linked on the watched pages.",
        of="Documents of “{source}”",
        listed=LISTED["en"],
    ),
}
