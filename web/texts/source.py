"""The words of the page of one source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.wording import Plural
from web.addresses import Language
from web.texts.listed import LISTED, Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The words of one language."""

    title: str
    left: str
    feed: str
    begins: str
    last_check: str
    never: str
    coverage: str
    of: str
    failed: Plural
    changes: str
    all_changes: str
    none_changed: str
    watched: str
    filter: str
    kind: str
    kinds: Mapping[str, str]
    go: str
    found: Plural
    none: str
    address: str
    label: str
    listed: Listed


TEXTS: Mapping[Language, Source] = {
    "de": Source(
        title="Bereich „{source}“",
        left="Dieser Bereich wird nicht mehr beobachtet. Was von ihm gesehen wurde, bleibt hier.",
        feed="Neues aus diesem Bereich als Feed (Atom)",
        begins="Beginnt bei",
        last_check="Letzte Prüfung",
        never="noch nicht geprüft",
        coverage="Geprüft",
        of="{judged} von {known}",
        failed=("Eine Adresse konnte nicht geprüft werden", "{n} Adressen konnten nicht geprüft werden"),
        changes="Neueste Meldungen",
        all_changes="Alle Meldungen",
        none_changed="Noch keine Meldungen.",
        watched="Was beobachtet wird",
        filter="Wörter in der Adresse, etwa: seminar 2020",
        kind="Art",
        kinds={"": "Seiten und Dokumente", "page": "nur Seiten", "document": "nur Dokumente"},
        go="Anzeigen",
        found=("Eine Adresse", "{n} Adressen"),
        none="Keine Adresse passt dazu.",
        address="Adresse",
        label="Art",
        listed=LISTED["de"],
    ),
    "en": Source(
        title="Section “{source}”",
        left="This section is no longer watched. What was seen of it stays here.",
        feed="News of this section as a feed (Atom)",
        begins="Begins at",
        last_check="Last check",
        never="not checked yet",
        coverage="Checked",
        of="{judged} of {known}",
        failed=("One address could not be checked", "{n} addresses could not be checked"),
        changes="Latest reports",
        all_changes="All reports",
        none_changed="No reports yet.",
        watched="What is watched",
        filter="Words in the address, such as: seminar 2020",
        kind="Kind",
        kinds={"": "pages and documents", "page": "pages only", "document": "documents only"},
        go="Show",
        found=("One address", "{n} addresses"),
        none="No address fits.",
        address="Address",
        label="Kind",
        listed=LISTED["en"],
    ),
}
