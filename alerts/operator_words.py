"""What operators are told, in their words: of every condition what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.model import Language
from alerts.wording import Plural


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorWords:
    """One language. ``what`` and ``do`` have an entry per kind of condition; names in braces are filled in."""

    what: Mapping[str, str]
    do: Mapping[str, str]
    subject: str
    and_more: Plural
    subject_over: str
    subject_well: str
    subject_open: Plural
    greeting: str
    fresh: str
    over: str
    still: str
    nothing_open: str
    since: str
    vitals: str
    source: str
    source_never: str
    mail: str
    disk: str
    missing: str
    closing: str


OPERATOR_WORDS: Mapping[Language, OperatorWords] = {
    "de": OperatorWords(
        what={
            "blind": "„{subject}“ kann zurzeit nicht geprüft werden",
            "overdue": "„{subject}“ wurde nicht nach Plan geprüft, zuletzt {since}",
            "never": "„{subject}“ wurde noch nie geprüft",
            "missed": "„{subject}“: {number} Termine vor {since} wurden versäumt",
            "crashed": "Die Prüfung von „{subject}“ um {since} ist abgebrochen{detail}",
            "digest-late": "Die Zusammenfassung für „{subject}“ ist überfällig, fällig war sie {since}",
            "mail-stuck": "Mails kommen nicht hinaus: {number} in der Warteschlange, die älteste von {since}{detail}",
            "mail-refused": "Mail an {subject} wurde abgewiesen{detail}",
            "mail-held": "Mail an {subject} wurde nach vielen Versuchen zurückgestellt{detail}",
            "disk": "Nur noch {number} MB frei auf {subject}",
            "clock": "Die Uhr des Rechners geht nach: Das Archiv hat schon einen Eintrag von {since}",
            "archive": "Das Archiv kann nicht benutzt werden{detail}",
        },
        do={
            "blind": "Öffnen Sie die Startseite selbst. Ist sie umgezogen, berichtigen Sie `start` in der "
            "Konfiguration; "
            "sonst abwarten, es wird weiter versucht. Einzelheiten: amtsblick changes --source {subject} --kind "
            "'source.*'",
            "overdue": "Läuft der Dienst (amtsblick run) noch? Sofort prüfen: amtsblick crawl {subject}",
            "never": "Läuft der Dienst (amtsblick run)? Sofort prüfen: amtsblick crawl {subject}",
            "missed": "Sie wurden einmal nachgeholt. War der Rechner aus, oder die Quelle angehalten? "
            "Lücken zeigt: amtsblick coverage {subject}",
            "crashed": "Sofort noch einmal prüfen: amtsblick crawl {subject}. Was gespeichert war, ist sicher.",
            "digest-late": "Sofort verschicken: amtsblick digest --due --send. Läuft der Dienst (amtsblick run) noch?",
            "mail-stuck": "Einstellungen und Server prüfen; dann: amtsblick deliver --now-all. Einzelheiten: "
            "amtsblick outbox",
            "mail-refused": "Adresse berichtigen und noch einmal schicken (amtsblick outbox retry ID) oder aufgeben "
            "(amtsblick outbox drop ID). Nummern zeigt: amtsblick outbox",
            "mail-held": "Noch einmal schicken (amtsblick outbox release ID) oder aufgeben (amtsblick outbox "
            "drop ID). "
            "Nummern zeigt: amtsblick outbox",
            "disk": "Platz schaffen. Ist die Platte voll, kann nichts mehr aufgezeichnet werden.",
            "clock": "Uhr stellen (timedatectl), am besten dauerhaft über das Netz.",
            "archive": "Sicherung einspielen oder Rechte und Platte prüfen; bis dahin wird nichts geprüft und "
            "nichts verschickt.",
        },
        subject="Betrieb: {what}",
        and_more=(" (und {n} weiterer Punkt)", " (und {n} weitere Punkte)"),
        subject_over="Betrieb: wieder in Ordnung: {what}",
        subject_well="Betrieb: Amtsblick läuft, alles in Ordnung",
        subject_open=("Betrieb: Amtsblick läuft, {n} Punkt offen", "Betrieb: Amtsblick läuft, {n} Punkte offen"),
        greeting="Guten Tag,",
        fresh="Neu",
        over="Wieder in Ordnung",
        still="Noch offen",
        nothing_open="Amtsblick läuft, und alles ist in Ordnung.",
        since="seit {since}",
        vitals="Stand {at}",
        source="„{name}“: zuletzt geprüft {at}; {judged} von {known} Adressen ({share} %)",
        source_never="„{name}“: noch nicht geprüft",
        mail="Mails: {sent} verschickt, {waiting} warten, {refused} abgewiesen",
        disk="Archiv: {archive} MB; auf der Platte frei: {free} MB",
        missing="Diese Mail kommt jede Woche. Bleibt sie aus, läuft Amtsblick nicht mehr oder die Mail geht "
        "nicht hinaus.",
        closing="Den ganzen Stand zeigt: amtsblick status. Diese Mail geht an die Adressen unter [operator] to.",
    ),
    "en": OperatorWords(
        what={
            "blind": "{subject}: cannot be checked at present",
            "overdue": "{subject}: last looked at {since}, which is overdue",
            "never": "{subject}: never looked at",
            "missed": "{subject}: {number} slots before {since} were missed",
            "crashed": "{subject}: the look of {since} broke off{detail}",
            "digest-late": "the digest of {subject} is overdue; it was due {since}",
            "mail-stuck": "mail waits since {since}; {number} in the queue{detail}",
            "mail-refused": "mail to {subject} was turned down{detail}",
            "mail-held": "mail to {subject} was put aside after many tries{detail}",
            "disk": "{subject}: only {number} MB left on the disk",
            "clock": "the clock of this machine is behind: the archive already has a record of {since}",
            "archive": "the archive cannot be used{detail}",
        },
        do={
            "blind": "open the start page yourself; if it has moved, correct `start`, else wait, it is tried again. "
            "See `amtsblick changes --source {subject} --kind 'source.*'`",
            "overdue": "does `amtsblick run` still run? `amtsblick crawl {subject}` looks now",
            "never": "`amtsblick crawl {subject}` looks",
            "missed": "they were made up once. Was the machine off, or the source paused? `amtsblick coverage "
            "{subject}` shows gaps",
            "crashed": "`amtsblick crawl {subject}` looks again; what was stored is safe",
            "digest-late": "`amtsblick digest --due --send` sends it; does `amtsblick run` still run?",
            "mail-stuck": "see `amtsblick outbox`, then `amtsblick deliver --now-all`",
            "mail-refused": "correct the address and `amtsblick outbox retry ID`, or `amtsblick outbox drop "
            "ID`; see `amtsblick outbox`",
            "mail-held": "`amtsblick outbox release ID` tries again, `amtsblick outbox drop ID` gives up; see "
            "`amtsblick outbox`",
            "disk": "free some space; on a full disk nothing can be recorded",
            "clock": "set the clock, best over the network",
            "archive": "restore a backup, or see to rights and disk; until then nothing is checked and nothing is sent",
        },
        subject="Operations: {what}",
        and_more=(" (and {n} more)", " (and {n} more)"),
        subject_over="Operations: well again: {what}",
        subject_well="Operations: Amtsblick is running, all is well",
        subject_open=(
            "Operations: Amtsblick is running, {n} point open",
            "Operations: Amtsblick is running, {n} points open",
        ),
        greeting="Hello,",
        fresh="New",
        over="Well again",
        still="Still open",
        nothing_open="Amtsblick is running, and all is well.",
        since="since {since}",
        vitals="As of {at}",
        source="{name}: last looked at {at}; {judged} of {known} addresses ({share} %)",
        source_never="{name}: not looked at yet",
        mail="Mail: {sent} sent, {waiting} waiting, {refused} turned down",
        disk="Archive: {archive} MB; free on the disk: {free} MB",
        missing="This mail comes every week. If it does not, Amtsblick has stopped, or its mail does not get out.",
        closing="`amtsblick status` shows the whole state. This mail goes to the addresses in [operator] to.",
    ),
}
