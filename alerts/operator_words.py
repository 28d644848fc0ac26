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


#: The command that helps, by kind; where there is none, none does.
COMMANDS: Mapping[str, str] = {
    "blind": "amtsblick changes --source {subject} --kind 'source.*'",
    "overdue": "amtsblick crawl {subject}",
    "never": "amtsblick crawl {subject}",
    "missed": "amtsblick coverage {subject}",
    "crashed": "amtsblick crawl {subject}",
    "not-begun": "amtsblick crawl {subject}",
    "digest-late": "amtsblick digest --due --send",
    "mail-stuck": "amtsblick deliver --now-all",
    "mail-refused": "amtsblick outbox",
    "mail-held": "amtsblick outbox",
    "clock": "timedatectl",
    "canary": "amtsblick doctor --canary",
}

OPERATOR_WORDS: Mapping[Language, OperatorWords] = {
    "de": OperatorWords(
        what={
            "blind": "„{subject}“ kann zurzeit nicht geprüft werden",
            "overdue": "„{subject}“ wurde nicht nach Plan geprüft, zuletzt am {since}",
            "never": "„{subject}“ wurde noch nie geprüft",
            "missed": "„{subject}“: versäumte Prüfungen vor dem {since}: {number}",
            "crashed": "Die Prüfung von „{subject}“ vom {since} ist abgebrochen",
            "not-begun": "Die Prüfung von „{subject}“ vom {since} hat nicht begonnen",
            "digest-late": "Die Übersicht für „{subject}“ ist überfällig, fällig war sie am {since}",
            "mail-stuck": "Mails kommen nicht hinaus: {number} in der Warteschlange, die älteste vom {since}{detail}",
            "mail-refused": "Mail an {subject} wurde abgewiesen{detail}",
            "mail-held": "Mail an {subject} wurde nach vielen Versuchen zurückgestellt{detail}",
            "disk": "Nur noch {number} MB frei auf {subject}",
            "clock": "Die Uhr des Rechners geht nach: Das Archiv hat schon einen Eintrag vom {since}",
            "feeds": "Der Ordner für Feed und Kalender kann nicht beschrieben werden: {subject}",
            "archive": "Das Archiv kann nicht benutzt werden{detail}",
            "canary": "Die tägliche Selbstprüfung schlägt fehl, zuerst am {since}{detail}",
        },
        do={
            "blind": "Öffnen Sie die Startseite selbst. Ist sie umgezogen, berichtigen Sie `start` in der "
            "Konfiguration; sonst abwarten, es wird weiter versucht. Einzelheiten:",
            "overdue": "Läuft der Dienst noch? Sofort prüfen:",
            "never": "Läuft der Dienst? Sofort prüfen:",
            "missed": "Nachgeholt wurde eine. War der Rechner aus, oder die Quelle angehalten? Lücken zeigt:",
            "crashed": "Was gespeichert war, ist sicher. Sofort noch einmal prüfen:",
            "not-begun": "Das Protokoll des Dienstes sagt, warum. Sofort prüfen:",
            "digest-late": "Läuft der Dienst noch? Sofort verschicken:",
            "mail-stuck": "Server und Zugang prüfen, dann alles noch einmal versuchen:",
            "mail-refused": "Adresse berichtigen; dann mit retry noch einmal schicken oder mit drop aufgeben. "
            "Die Nummern zeigt:",
            "mail-held": "Mit release noch einmal schicken oder mit drop aufgeben. Die Nummern zeigt:",
            "disk": "Platz schaffen. Unter archive.least_free wird nichts mehr geprüft, bis wieder Platz ist.",
            "clock": "Die Uhr stellen, am besten dauerhaft über das Netz.",
            "feeds": "Rechte und Besitzer des Ordners prüfen.",
            "canary": "Vermutlich wird keine Änderung mehr gemeldet. Wurde am Programm oder am Rechner etwas geändert? "
            "Noch einmal prüfen:",
            "archive": "Sicherung einspielen oder Rechte und Platte prüfen; bis dahin wird nichts geprüft und "
            "nichts verschickt.",
        },
        subject="Betrieb: {what}",
        and_more=(" (und {n} weiterer Punkt)", " (und {n} weitere Punkte)"),
        subject_over="Betrieb: behoben: {what}",
        subject_well="Betrieb: Amtsblick läuft, alles in Ordnung",
        subject_open=("Betrieb: Amtsblick läuft, {n} Punkt offen", "Betrieb: Amtsblick läuft, {n} Punkte offen"),
        greeting="Guten Tag,",
        fresh="Neu",
        over="Behoben",
        still="Noch offen",
        nothing_open="Amtsblick läuft, und alles ist in Ordnung.",
        since="seit dem {since}",
        vitals="Stand {at}",
        source="„{name}“: zuletzt geprüft am {at}; {judged} von {known} Adressen ({share} %)",
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
            "missed": "{subject}: looks missed before {since}: {number}",
            "crashed": "{subject}: the look of {since} broke off",
            "not-begun": "{subject}: the look of {since} never began",
            "digest-late": "the digest of {subject} is overdue; it was due {since}",
            "mail-stuck": "mail waits since {since}; {number} in the queue{detail}",
            "mail-refused": "mail to {subject} was turned down{detail}",
            "mail-held": "mail to {subject} was put aside after many tries{detail}",
            "disk": "{subject}: only {number} MB left on the disk",
            "clock": "the clock of this machine is behind: the archive already has a record of {since}",
            "feeds": "the folder for feed and calendar cannot be written: {subject}",
            "archive": "the archive cannot be used{detail}",
            "canary": "the daily self-test fails, first on {since}{detail}",
        },
        do={
            "blind": "open the start page yourself; if it has moved, correct `start`, else wait, it is tried again. "
            "For details see",
            "overdue": "does the service still run? To look now:",
            "never": "does the service run? To look now:",
            "missed": "one was made up; was the machine off, or the source paused? For gaps see",
            "crashed": "what was stored is safe; to look again:",
            "not-begun": "the log of the service says why. To look now:",
            "digest-late": "does the service still run? To send it now:",
            "mail-stuck": "see to server and login, then try all of it again:",
            "mail-refused": "correct the address and `retry`, or `drop` it; for the numbers see",
            "mail-held": "`release` it for another try, or `drop` it; for the numbers see",
            "disk": "free some space; below archive.least_free nothing is looked at until there is room again",
            "clock": "set the clock, best over the network",
            "feeds": "see to the rights and the owner of the folder",
            "canary": "probably no change is told any more; was program or machine changed? To try again:",
            "archive": "restore a backup, or see to rights and disk; until then nothing is checked and nothing is sent",
        },
        subject="Operations: {what}",
        and_more=(" (and {n} more)", " (and {n} more)"),
        subject_over="Operations: resolved: {what}",
        subject_well="Operations: Amtsblick is running, all is well",
        subject_open=(
            "Operations: Amtsblick is running, {n} point open",
            "Operations: Amtsblick is running, {n} points open",
        ),
        greeting="Hello,",
        fresh="New",
        over="Resolved",
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
