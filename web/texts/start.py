"""The words of the start page, of weeks, days and years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.wording import Plural
from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The words of one language."""

    title: str
    week: str
    day: str
    year: str
    quiet: str
    earlier: str
    all_of_week: str
    stands: str
    coming: str
    sources: str
    source: str
    last_check: str
    coverage: str
    never: str
    of: str
    calendar: str
    calendar_hint: str
    changes_on: Plural
    weekdays: tuple[str, ...]
    previous: str
    next: str
    until: str


TEXTS: Mapping[Language, Start] = {
    "de": Start(
        title="Aktuelles",
        week="Woche vom {start} bis {end}",
        day="{day}",
        year="Kalender {year}",
        quiet="In dieser Zeit wurde nichts Neues bekannt.",
        earlier="Frühere Wochen",
        all_of_week="Alle Meldungen dieser Woche",
        stands="Stand heute",
        coming="Kommende Seminare",
        sources="Was beobachtet wird",
        source="Bereich",
        last_check="Letzte Prüfung",
        coverage="Geprüft",
        never="noch nicht geprüft",
        of="{judged} von {known}",
        calendar="Kalender",
        calendar_hint="Unterstrichene Tage: an ihnen wurde etwas Neues bekannt.",
        changes_on=("eine Meldung", "{n} Meldungen"),
        weekdays=("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
        previous="früher",
        next="später",
        until="{start} bis {end}",
    ),
    "en": Start(
        title="News",
        week="Week of {start} to {end}",
        day="{day}",
        year="Calendar {year}",
        quiet="Nothing new became known in this time.",
        earlier="Earlier weeks",
        all_of_week="All reports of this week",
        stands="How things stand",
        coming="Coming seminars",
        sources="What is watched",
        source="Section",
        last_check="Last check",
        coverage="Checked",
        never="not checked yet",
        of="{judged} of {known}",
        calendar="Calendar",
        calendar_hint="Underlined days: something new became known.",
        changes_on=("one report", "{n} reports"),
        weekdays=("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
        previous="earlier",
        next="later",
        until="{start} to {end}",
    ),
}
