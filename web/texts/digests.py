"""The words of the list of digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.wording import Plural
from web.addresses import Language
from web.texts.listed import LISTED, Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """The words of one language."""

    title: str
    lead: str
    none: str
    number: str
    day: str
    kind: str
    kinds: Mapping[str, str]
    subject: str
    subscription: str
    count: str
    reports: Plural
    listed: Listed


TEXTS: Mapping[Language, Digests] = {
    "de": Digests(
        title="Nachrichten",
        lead="Alle verschickten Nachrichten, die neueste zuerst. Wer sie bekommen hat, steht hier nicht.",
        none="Noch wurde keine Nachricht verschickt.",
        number="Nr.",
        day="Tag",
        kind="Art",
        kinds={"digest": "Übersicht", "immediate": "Sofortmeldung"},
        subject="Betreff",
        subscription="Verteiler",
        count="Meldungen",
        reports=("eine", "{n}"),
        listed=LISTED["de"],
    ),
    "en": Digests(
        title="Digests",
        lead="All messages that were sent, the newest first. Who got them is not shown here.",
        none="No message was sent yet.",
        number="No.",
        day="Day",
        kind="Kind",
        kinds={"digest": "digest", "immediate": "at once"},
        subject="Subject",
        subscription="List",
        count="Reports",
        reports=("one", "{n}"),
        listed=LISTED["en"],
    ),
}
