"""The words of the state of everything, for operators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The words of one language."""

    title: str
    at: str
    well: str
    not_well: str
    grave: str
    sources: str
    source: str
    state: str
    states: Mapping[str, str]
    last: str
    complete: str
    coverage: str
    failed: str
    reason: str
    next: str
    subscriptions: str
    subscription: str
    last_digest: str
    next_digest: str
    queue: str
    queues: Mapping[str, str]
    oldest: str
    machine: str
    archive: str
    free: str
    versions: str
    metrics: str
    never: str


TEXTS: Mapping[Language, Health] = {
    "de": Health(
        title="Betrieb",
        at="Stand vom {moment}. Diese Seite ist für den Betrieb gedacht.",
        well="Alles in Ordnung.",
        not_well="Nicht in Ordnung",
        grave="Leser werden dadurch nicht benachrichtigt.",
        sources="Bereiche",
        source="Bereich",
        state="Zustand",
        states={"well": "in Ordnung", "not_well": "nicht in Ordnung", "paused": "angehalten"},
        last="Letzter Lauf",
        complete="Zuletzt vollständig",
        coverage="Geprüft",
        failed="Fehler",
        reason="Ende des letzten Laufs",
        next="Nächster Lauf",
        subscriptions="Nachrichten",
        subscription="Verteiler",
        last_digest="Letzte Übersicht",
        next_digest="Nächste Übersicht",
        queue="Postausgang",
        queues={
            "queued": "wartet",
            "sending": "wird gesendet",
            "sent": "gesendet",
            "deferred": "wird später noch einmal versucht",
            "refused": "abgewiesen",
            "held": "zurückgestellt",
            "dropped": "aufgegeben",
        },
        oldest="Die älteste wartet seit {moment}.",
        machine="Archiv und Programm",
        archive="Größe des Archivs",
        free="Frei auf der Platte",
        versions="Version von {name}",
        metrics="Messwerte (Prometheus)",
        never="nie",
    ),
    "en": Health(
        title="Health",
        at="As of {moment}. This page is meant for operators.",
        well="All is well.",
        not_well="Not well",
        grave="It keeps readers from being told.",
        sources="Sources",
        source="Source",
        state="State",
        states={"well": "well", "not_well": "not well", "paused": "paused"},
        last="Last crawl",
        complete="Last complete one",
        coverage="Judged",
        failed="Failures",
        reason="End of the last crawl",
        next="Next crawl",
        subscriptions="Digests",
        subscription="Subscription",
        last_digest="Last digest",
        next_digest="Next digest",
        queue="Outbox",
        queues={
            "queued": "queued",
            "sending": "being sent",
            "sent": "sent",
            "deferred": "deferred",
            "refused": "refused",
            "held": "held",
            "dropped": "dropped",
        },
        oldest="The oldest waits since {moment}.",
        machine="Archive and program",
        archive="Size of the archive",
        free="Free on its disk",
        versions="Version of {name}",
        metrics="Metrics (Prometheus)",
        never="never",
    ),
}
