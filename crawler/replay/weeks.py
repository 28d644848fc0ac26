"""What the replayed site does in each week, and which events a watcher must tell: the oracle of demo and tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from crawler.replay import paths

FIRST_MONDAY: Final = date(2021, 3, 1)


class Doing(StrEnum):
    """Something the site's editors or servers did; what editors did stays done."""

    NOTICE_REWORDED = "notice reworded"
    SEMINAR_ANNOUNCED = "seminar announced"
    SEMINAR_MOVED = "seminar moved to June"
    TYPO_FIXED = "typo fixed"
    PDF_REPLACED = "PDF replaced"
    PDF_SAVED_AGAIN = "PDF saved again"
    PRESS_RELEASED = "press release"
    REPORT_DELETED = "report deleted"
    REPORT_MOVED = "report moved"
    AGREEMENT_EXTENDED = "agreement extended"
    VISITS_OFFERED = "new page about visits"
    NEW_TEMPLATE = "new template"
    NOTICE_LIFTED = "notice lifted"
    SECTION_TAKEN_DOWN = "section taken down"


class Trouble(StrEnum):
    """What is wrong with the whole host in one week, and over in the next."""

    NONE = ""
    OUTAGE = "outage"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event that a watcher of the section and of the press list must tell in this week, once.

    ``path`` is where design and docs/json.md put the event's ``uri``; ``paths`` are all its addresses where it has
    more than that one; ``minor`` is what the change must say of itself.
    """

    kind: str
    path: str
    note: str
    paths: tuple[str, ...] = ()
    minor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week of the replay: ``story`` for people, ``happenings`` for programs; no happening means silence."""

    number: int
    story: str
    doings: tuple[Doing, ...] = ()
    trouble: Trouble = Trouble.NONE
    happenings: tuple[Happening, ...] = ()

    @property
    def monday(self) -> date:
        """The day of the weekly look, in Berlin."""
        return FIRST_MONDAY + timedelta(weeks=self.number - 1)


def _both(kind: str, note: str) -> tuple[Happening, ...]:
    """The same event for either source of the demo: both live on the host that it happens to."""
    return (Happening(kind=kind, path=paths.SECTION, note=note), Happening(kind=kind, path=paths.PRESS, note=note))


LAST_PAGES: Final = (
    paths.SECTION,
    paths.SEMINARS,
    paths.SEMINAR_17,
    paths.SEMINAR_18,
    paths.SEMINAR_19,
    paths.SEMINAR_20,
    paths.SEMINAR_21,
    paths.SEMINAR_22,
    paths.SEMINAR_2020,
    paths.SEMINAR_23,
    paths.EXCHANGE,
    paths.VISITS,
)  # the pages of the section on the day it is taken down

WEEKS: Final = (
    Week(number=1, story="The first look. It fills the archive and tells nothing."),
    Week(number=2, story="Nothing but noise: cache busters, time stamps, image tokens."),
    Week(
        number=3,
        story="The office rewords the notice that stands on every one of its pages.",
        doings=(Doing.NOTICE_REWORDED,),
        happenings=(Happening(kind="notice.changed", path=paths.SECTION, note="other text in the notice box"),),
    ),
    Week(
        number=4,
        story="A page with a programme announces the 23rd seminar for 12 to 16 May, and the list links it.",
        doings=(Doing.SEMINAR_ANNOUNCED,),
        happenings=(Happening(kind="seminar.new", path=paths.SEMINAR_23, note="23rd, 12–16 May 2021, Berlin"),),
    ),
    Week(
        number=5,
        story="The seminar is put off to 9 to 13 June, on its page and in the list.",
        doings=(Doing.SEMINAR_MOVED,),
        happenings=(Happening(kind="seminar.changed", path=paths.SEMINAR_23, note="now 9–13 June 2021"),),
    ),
    Week(
        number=6,
        story="A spelling mistake in the report on the 19th seminar is put right.",
        doings=(Doing.TYPO_FIXED,),
        happenings=(Happening(kind="page.changed", path=paths.SEMINAR_19, note="one letter", minor=True),),
    ),
    Week(
        number=7,
        story="The programme of the seminar is replaced by another PDF under the same address.",
        doings=(Doing.PDF_REPLACED,),
        happenings=(Happening(kind="document.changed", path=paths.PDF_PROGRAMME, note="another last day"),),
    ),
    Week(
        number=8,
        story="The material of 2020 is saved again: other bytes, another size, the same text.",
        doings=(Doing.PDF_SAVED_AGAIN,),
    ),
    Week(
        number=9,
        story="A press release about the partnership comes; every line of the paged list moves down by one.",
        doings=(Doing.PRESS_RELEASED,),
        happenings=(Happening(kind="press.new", path=paths.PRESS_NEW, note="about the 23rd seminar"),),
    ),
    Week(
        number=10,
        story="The report on the 14th seminar answers 404 and is gone from the list. Once may be a mistake.",
        doings=(Doing.REPORT_DELETED,),
    ),
    Week(
        number=11,
        story="It is still gone, so it is told. Another report moves to a new address (301), and the list follows.",
        doings=(Doing.REPORT_MOVED,),
        happenings=(
            Happening(kind="page.removed", path=paths.SEMINAR_14, note="404 at two looks"),
            Happening(kind="page.moved", path=paths.SEMINAR_17, note=f"from {paths.SEMINAR_17_OLD}"),
        ),
    ),
    Week(
        number=12,
        story="An outage: the whole host answers 500.",
        doings=(Doing.AGREEMENT_EXTENDED,),
        trouble=Trouble.OUTAGE,
        happenings=_both("source.blind", "every answer is a 500"),
    ),
    Week(
        number=13,
        story="The host is back. What an editor wrote meanwhile shows now, and is told once.",
        happenings=(
            *_both("source.seeing", "the host answers again"),
            Happening(kind="page.changed", path=paths.SECTION, note="the agreement runs until 2024"),
        ),
    ),
    Week(
        number=14,
        story="Maintenance: every address shows the same page, with status 200.",
        trouble=Trouble.MAINTENANCE,
        happenings=_both("source.blind", "one page of maintenance at every address"),
    ),
    Week(
        number=15,
        story="The maintenance is over, and there is a new page, which the section's front page links.",
        doings=(Doing.VISITS_OFFERED,),
        happenings=(
            *_both("source.seeing", "the pages are back"),
            Happening(kind="page.added", path=paths.VISITS, note="visits of specialists"),
        ),
    ),
    Week(
        number=16,
        story="A new template: other markup on every page, around the same text.",
        doings=(Doing.NEW_TEMPLATE,),
    ),
    Week(
        number=17,
        story="The office takes the notice off all its pages.",
        doings=(Doing.NOTICE_LIFTED,),
        happenings=(Happening(kind="notice.lifted", path=paths.SECTION, note="no notice box on any page"),),
    ),
    Week(
        number=18,
        story="The whole section answers 404, while the home page is well. Once may be a mistake.",
        doings=(Doing.SECTION_TAKEN_DOWN,),
    ),
    Week(
        number=19,
        story="It stays that way: the section was taken down, which is told as one event.",
        happenings=(Happening(kind="page.removed", path=paths.SECTION, note="the whole section", paths=LAST_PAGES),),
    ),
)


def done_by(week: int) -> frozenset[Doing]:
    """All that the editors did up to and with that week (from 1)."""
    return frozenset(doing for each in WEEKS[:week] for doing in each.doings)


def monday_of(doing: Doing) -> date:
    """The day on which something that was done is first seen."""
    return next(week.monday for week in WEEKS if doing in week.doings)
