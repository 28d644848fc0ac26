"""Everything a message says in its own words, with dates and plurals by Babel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from alerts.letter import Section
from alerts.model import Language

Plural = tuple[str, str]  # (one, other); "{n}" stands for the number


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of one language. Names in braces are filled in; a :data:`Plural` knows one and many."""

    locale: Language
    product: str
    weekday_day: str  # Babel patterns
    plain_day: str
    since_day: str  # after "since"
    clock: str  # "{day}, {time} Uhr"
    sections: Mapping[Section, str]
    counted: Mapping[Section, Plural]
    reports: Plural
    more_reports: Plural
    more_items: Plural
    more_passages: Plural
    more_places: Plural
    more_failures: Plural
    on_pages: Plural
    pages: Plural
    pages_and_documents: Plural
    summary: str
    summary_one: str
    summary_first: str
    summary_at_once: str
    quiet_partly: str
    first: str
    subject_quiet: str
    subject_quiet_partly: str
    subject_first: str
    all_checked: str
    not_all_checked: str
    also: str
    at_once: str
    already_told: str
    correction: str
    correction_why: str
    in_steps: str
    undone: Plural
    tells_steps: str
    tells_net: str
    removed: str
    added: str
    passage: Mapping[str, str]
    open_page: str
    open_document: str
    open_archived: str
    open_last_state: str
    open_comparison: str
    all_online: str
    seen: str
    when: str
    where: str
    state: str
    substitute: str
    quote: str
    conflict: str
    says: str
    advice: str
    states: Mapping[str, str]
    fields: Mapping[str, str]
    places: Mapping[str, str]
    today: str
    coming: str
    no_coming: str
    in_force: str
    no_in_force: str
    in_force_since: str
    checked: str
    check_full: str
    check_none: str
    check_never: str
    check_stale: str
    oldest: str
    not_checked: str
    held: str
    held_nothing: str
    held_waiting: Plural
    held_muted: Plural
    held_same: Plural
    left_out: Plural
    reasons: Mapping[str, str]
    other_reason: str
    broken: str
    why: str
    why_at_once: str
    contact: str
    contact_plain: str
    imprint: str
    head: str
    fallback_subject: str
    fallback: str
    notice_subject: str
    notice: str
    notice_online: str
    notice_pages: str
    headlines: Mapping[str, str]
    headlines_many: Mapping[str, str]
    headlines_section: Mapping[str, str]
    told_before: str
    seminar_moved: str
    seminar_dated: str
    seminar_corrected: str
    seminar_disputed: str
    seminar_city: str
    seminar_state: Mapping[str, str]
    seminar_reported: str
    sentences: Mapping[str, str]  # for languages in which the changes bring no sentence of their own
    quoted: str
    page_of: str
    target: str
    date_unknown: str
    date_open: str
    date_disputed: str


class _Babel(NamedTuple):
    """What is taken from Babel."""

    date: Callable[..., str]
    months: Callable[..., Mapping[int, str]]
    listed: Callable[..., str]


@cache
def _babel() -> _Babel:
    """Babel, loaded with the first date that is written out: most commands write none, and need not wait for it."""
    from babel.dates import format_date, get_month_names  # noqa: PLC0415 - see above
    from babel.lists import format_list  # noqa: PLC0415

    return _Babel(format_date, get_month_names, format_list)


@lru_cache(maxsize=4096)  # a page of the web view names the same few hundred days again and again
def _formatted(day: date, pattern: str, locale: Language) -> str:
    return _babel().date(day, pattern, locale=locale)


@cache
def _month(number: int, locale: Language) -> str:
    return str(_babel().months("wide", locale=locale)[number])


@dataclass(frozen=True, slots=True)
class Wording:
    """A language bound to the zone whose days its readers live by."""

    words: Words
    zone: ZoneInfo

    def day(self, at: datetime | date) -> str:
        """A day: "24. Mai 2021"."""
        return _formatted(self.local(at), self.words.plain_day, self.words.locale)

    def weekday(self, at: datetime | date) -> str:
        """A day with its name: "Montag, 24. Mai 2021"."""
        return _babel().date(self.local(at), self.words.weekday_day, locale=self.words.locale)

    def since(self, at: datetime) -> str:
        """A day with its name as it stands after "since": "Montag, dem 24. Mai 2021"."""
        return _babel().date(self.local(at), self.words.since_day, locale=self.words.locale)

    def moment(self, at: datetime) -> str:
        """A day and a time: "24. Mai 2021, 05:30 Uhr"."""
        return self.words.clock.format(day=self.day(at), time=f"{at.astimezone(self.zone):%H:%M}")

    def count(self, number: int, forms: Plural) -> str:
        """A number with its noun, in the right form."""
        grouped = f"{number:,}".replace(",", "\u202f") if number >= 10_000 else str(number)
        return forms[number != 1].format(n=grouped)

    def listed(self, parts: Iterable[str]) -> str:
        """An enumeration: "a, b und c"."""
        return _babel().listed(list(parts), locale=self.words.locale)

    def span(self, start: str | None, end: str | None) -> str:
        """Days or months written out from ISO: "9.–13. Juni 2021", "Juni 2017"; "" without a start."""
        if not start:
            return self._point(end) if end else ""
        if not end or end == start:
            return self._point(start)
        if len(start) != len(end) or len(start) < 7:
            return f"{self._point(start)} – {self._point(end)}"
        return self._range(start, end)

    def month(self, number: int) -> str:
        """A month's name."""
        return _month(number, self.words.locale)

    def pages(self, known: int, *, documents: bool) -> str:
        """What a number of addresses is made of, in the right form."""
        return (self.words.pages_and_documents if documents else self.words.pages)[known != 1]

    def reason(self, outcome: str) -> str:
        """Why a page could not be checked, for readers."""
        return self.words.reasons.get(outcome, self.words.other_reason)

    def local(self, at: datetime | date) -> date:
        """The day it was where the readers are."""
        return at.astimezone(self.zone).date() if isinstance(at, datetime) else at

    def _point(self, iso: str) -> str:
        match iso.split("-"):
            case [year, month, day]:
                return _babel().date(
                    date(int(year), int(month), int(day)), self.words.plain_day, locale=self.words.locale
                )
            case [year, month]:
                return f"{self.month(int(month))} {int(year)}"
            case _:
                return iso

    def _range(self, start: str, end: str) -> str:
        same_year, same_month = start[:4] == end[:4], start[:7] == end[:7]
        if not same_year:
            return f"{self._point(start)} – {self._point(end)}"
        if len(start) == 7:
            return f"{self.month(int(start[5:]))} – {self._point(end)}"
        dot = "." if self.words.locale == "de" else ""
        first = f"{int(start[8:])}{dot}"
        if same_month:
            return f"{first}–{self._point(end)}"
        return f"{first} {self.month(int(start[5:7]))} – {self._point(end)}"
