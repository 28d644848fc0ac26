"""The words that every page has: the frame, lists of changes, and why there is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.wording import Plural
from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """The words of one language. Names in braces are filled in."""

    product: str
    claim: str
    to_content: str
    menu: str
    start: str
    seminars: str
    notices: str
    documents: str
    digests: str
    search: str
    health: str
    language: str
    languages: Mapping[Language, str]
    imprint: str
    privacy: str
    accessibility: str
    feed: str
    as_json: str
    binding: str
    contact: str
    # a change in a list
    kinds: Mapping[str, str]
    small: str
    imported: str
    retracted: str
    retracted_why: str
    see_change: str
    see_state: str
    removed: str
    added: str
    moved: str
    parts: Mapping[str, str]
    new_window: str
    more: Plural
    # nothing to show
    nothing_title: str
    to_start: str
    no_such_page: str
    no_address: str
    no_change: str
    no_day: str
    not_archived: str
    no_moment: str
    no_text: str
    not_shown: str
    not_comparable: str
    erased: str
    expired: str
    no_digest: str
    digest_erased: str
    no_source: str
    broken: str
    too_long: str
    busy: str
    damaged: str
    no_archive: str


_LANGUAGES: Mapping[Language, str] = {"de": "Deutsch", "en": "English"}

COMMON: Mapping[Language, Common] = {
    "de": Common(
        product="Amtsblick",
        claim="Was sich auf den beobachteten Seiten geändert hat",
        to_content="Zum Inhalt",
        menu="Hauptmenü",
        start="Aktuelles",
        seminars="Seminare",
        notices="Hinweise",
        documents="Dokumente",
        digests="Nachrichten",
        search="Suche",
        health="Betrieb",
        language="Sprache",
        languages=_LANGUAGES,
        imprint="Impressum",
        privacy="Datenschutz",
        accessibility="Barrierefreiheit",
        feed="Feed (Atom)",
        as_json="Diese Seite als JSON",
        binding="Amtsblick beobachtet öffentliche Seiten. Verbindlich ist allein, was dort steht.",
        contact="Kontakt",
        kinds={
            "seminar.new": "Neues Seminar",
            "seminar.changed": "Seminar geändert",
            "notice.posted": "Neuer Hinweis",
            "notice.changed": "Hinweis geändert",
            "notice.lifted": "Hinweis aufgehoben",
            "press.new": "Pressemitteilung",
            "page.added": "Neue Seite",
            "page.changed": "Seite geändert",
            "page.moved": "Seite umgezogen",
            "page.removed": "Seite nicht mehr vorhanden",
            "page.returned": "Seite wieder da",
            "page.noisy": "Seite ändert sich ständig",
            "document.added": "Neues Dokument",
            "document.changed": "Dokument geändert",
            "document.removed": "Dokument nicht mehr vorhanden",
            "source.blind": "Nicht zu prüfen",
            "source.seeing": "Wieder zu prüfen",
            "change.retracted": "Berichtigung",
        },
        small="kleine Korrektur",
        imported="aus einem anderen Archiv übernommen",
        retracted="Diese Meldung war falsch",
        retracted_why="Zurückgenommen am {day}. Grund: {reason}",
        see_change="Änderung ansehen",
        see_state="Archivierten Stand ansehen",
        removed="entfernt",
        added="neu",
        moved="verschoben",
        parts={"title": "Titel", "notice": "Hinweis", "text": "Text", "document": "Dokument"},
        new_window="öffnet die Website der Behörde",
        more=("und eine weitere", "und {n} weitere"),
        nothing_title="Hier ist nichts",
        to_start="Zu den aktuellen Meldungen",
        no_such_page="Diese Adresse gibt es hier nicht.",
        no_address="In dieser Adresse fehlt die Seite, um die es geht, oder sie ist keine Webadresse.",
        no_change="Eine Meldung mit dieser Kennung gibt es nicht.",
        no_day="Diesen Tag, diese Woche oder dieses Jahr gibt es nicht.",
        not_archived="{uri} ist nicht im Archiv.",
        no_moment="Der Zeitpunkt in dieser Anfrage ist nicht lesbar.",
        no_text="Zu diesem Stand gibt es keinen Text.",
        not_shown="Dieser Stand lässt sich nicht so zeigen, wie er aussah. Text und Original gibt es trotzdem.",
        not_comparable="Zum Vergleich fehlt die Seite oder einer der beiden Zeitpunkte.",
        erased="Dieser Stand von {uri} wurde am {day} gelöscht. Grund: {reason} ({basis}).",
        expired="Dieser Stand von {uri} wurde am {day} nach der Aufbewahrungsregel gelöscht.",
        no_digest="Eine Nachricht mit dieser Nummer gibt es nicht.",
        digest_erased="Der Text dieser Nachricht wurde gelöscht.",
        no_source="Einen Bereich „{name}“ gibt es nicht.",
        broken="Diese Seite konnte nicht angezeigt werden. Der Fehler wurde vermerkt.",
        too_long="Das hat zu lange gedauert. Bitte versuchen Sie es noch einmal.",
        busy="Am Archiv wird gerade gearbeitet. Bitte versuchen Sie es in einer Minute noch einmal.",
        damaged="Das Archiv ist beschädigt und gibt hierzu keine Auskunft. Bitte sagen Sie dem Betreiber Bescheid.",
        no_archive="Das Archiv ist zurzeit nicht zu erreichen. Bitte sagen Sie dem Betreiber Bescheid.",
    ),
    "en": Common(
        product="Amtsblick",
        claim="What changed on the watched pages",
        to_content="Skip to content",
        menu="Main menu",
        start="News",
        seminars="Seminars",
        notices="Notices",
        documents="Documents",
        digests="Digests",
        search="Search",
        health="Health",
        language="Language",
        languages=_LANGUAGES,
        imprint="Imprint",
        privacy="Privacy",
        accessibility="Accessibility",
        feed="Feed (Atom)",
        as_json="This page as JSON",
        binding="Amtsblick watches public pages. Only what stands there is binding.",
        contact="Contact",
        kinds={
            "seminar.new": "New seminar",
            "seminar.changed": "Seminar changed",
            "notice.posted": "New notice",
            "notice.changed": "Notice changed",
            "notice.lifted": "Notice lifted",
            "press.new": "Press release",
            "page.added": "New page",
            "page.changed": "Page changed",
            "page.moved": "Page moved",
            "page.removed": "Page gone",
            "page.returned": "Page is back",
            "page.noisy": "Page changes all the time",
            "document.added": "New document",
            "document.changed": "Document changed",
            "document.removed": "Document gone",
            "source.blind": "Cannot be checked",
            "source.seeing": "Can be checked again",
            "change.retracted": "Correction",
        },
        small="small correction",
        imported="taken in from another archive",
        retracted="This report was wrong",
        retracted_why="Taken back on {day}. Reason: {reason}",
        see_change="See the change",
        see_state="See the archived state",
        removed="removed",
        added="new",
        moved="moved",
        parts={"title": "Title", "notice": "Notice", "text": "Text", "document": "Document"},
        new_window="opens the office's website",
        more=("and one more", "and {n} more"),
        nothing_title="Nothing here",
        to_start="To the latest news",
        no_such_page="There is no such address here.",
        no_address="This address lacks the page it is about, or names none of the web.",
        no_change="There is no report with this id.",
        no_day="There is no such day, week or year.",
        not_archived="{uri} is not in the archive.",
        no_moment="The time in this request cannot be read.",
        no_text="There is no text of this state.",
        not_shown="This state cannot be shown as it looked. Its text and its original are there all the same.",
        not_comparable="The comparison lacks the page or one of the two moments.",
        erased="This state of {uri} was erased on {day}. Reason: {reason} ({basis}).",
        expired="This state of {uri} was let go on {day} by the rule of retention.",
        no_digest="There is no digest with this number.",
        digest_erased="The text of this message was erased.",
        no_source="There is no section “{name}”.",
        broken="This page could not be shown. The fault was noted.",
        too_long="That took too long. Please try again.",
        busy="Somebody is working on the archive. Please try again in a minute.",
        damaged="The archive is damaged and gives no answer to this. Please tell the operator.",
        no_archive="The archive cannot be reached at present. Please tell the operator.",
    ),
}
