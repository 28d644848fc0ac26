"""The schedule means wall-clock time: each slot once, on every day of the year, whatever happens to clocks and machines."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.config import load
from crawler.schedule import JITTER, jitter
from crawler.slots import Cron, CronError, Due, due, parse
from storage.archive import Archive
from tests.crawler.daemon import Daemon
from tests.server import LONG, Site, html

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
FIRST, LAST = date(2026, 1, 1), date(2035, 12, 31)


def ten_years(text: str, zone: ZoneInfo = BERLIN) -> list[datetime]:
    """Every slot of 2026 to 2035, by asking for the next one again and again."""
    cron = parse(text)
    start = datetime.combine(FIRST, datetime.min.time(), zone).astimezone(UTC) - timedelta(microseconds=1)
    end = datetime.combine(LAST + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
    return [slot for slot in cron.between(start, end, zone) if slot < end]


def clock(slot: datetime, zone: ZoneInfo = BERLIN) -> str:
    return slot.astimezone(zone).strftime("%H:%M")


class TestTenYears:
    """reliability F12: both nights of the clock change, ten times."""

    def test_monday_at_seven_comes_522_times_always_at_seven(self) -> None:
        slots = ten_years("0 7 * * mon")
        assert len(slots) == 522
        assert {clock(slot) for slot in slots} == {"07:00"}
        assert {(b - a) // HOUR for a, b in pairwise(slots)} == {167, 168, 169}

    @pytest.mark.parametrize("wall", ["02:00", "02:30"])
    def test_a_time_that_is_skipped_or_repeated_comes_once_on_each_of_3652_days(self, wall: str) -> None:
        hour, minute = wall.split(":")
        slots = ten_years(f"{int(minute)} {int(hour)} * * *")
        assert len(slots) == 3652
        assert set(Counter(slot.astimezone(BERLIN).date() for slot in slots).values()) == {1}
        others = [slot.astimezone(BERLIN) for slot in slots if clock(slot) != wall]
        assert [(slot.month, clock(slot)) for slot in others] == [(3, "03:00")] * 10  # right after the gap
        assert all(slot.astimezone(BERLIN).fold == 0 for slot in slots)  # the first of a repeated time

    def test_three_o_clock_comes_once_a_day(self) -> None:
        slots = ten_years("0 3 * * *")
        assert len(slots) == 3652
        assert {clock(slot) for slot in slots} == {"03:00"}

    def test_every_half_hour_is_every_half_hour_of_real_time(self) -> None:
        slots = ten_years("*/30 * * * *")
        assert {b - a for a, b in pairwise(slots)} == {timedelta(minutes=30)}

    def test_a_zone_without_clock_changes_and_one_that_jumps_half_an_hour(self) -> None:
        for name in ("Asia/Kolkata", "Australia/Lord_Howe"):
            zone = ZoneInfo(name)
            slots = ten_years("15 2 * * *", zone)
            assert set(Counter(slot.astimezone(zone).date() for slot in slots).values()) == {1}
            assert len(slots) == 3652


FIELDS = st.tuples(
    st.sampled_from(["0", "30", "*/20", "5,35"]),
    st.sampled_from(["*", "2", "3", "1-4", "*/6", "23"]),
    st.sampled_from(["*", "1", "25-31", "29"]),
    st.sampled_from(["*", "mar", "3,10", "feb"]),
    st.sampled_from(["*", "mon", "sat-sun", "sunday"]),
).map(" ".join)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2035, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "UTC"]).map(ZoneInfo)


@given(FIELDS, MOMENTS, ZONES)
@settings(max_examples=150, deadline=None)
def test_next_and_last_agree_and_every_slot_exists(text: str, moment: datetime, zone: ZoneInfo) -> None:
    cron = parse(text)
    following = cron.after(moment, zone)
    assert following is not None
    assert following > moment
    assert cron.last(following, zone) == following
    before = cron.last(following - timedelta(microseconds=1), zone)
    assert before is not None
    assert before <= moment
    assert cron.after(before, zone) == following


def test_day_of_month_and_day_of_week_are_either_or_as_in_cron() -> None:
    slots = parse("0 9 13 * fri")
    days = {slot.astimezone(BERLIN).date() for slot in slots.between(*_month(2026, 3), BERLIN)}
    assert days == {date(2026, 3, day) for day in (6, 13, 20, 27)}
    days = {slot.astimezone(BERLIN).date() for slot in slots.between(*_month(2026, 4), BERLIN)}
    assert days == {date(2026, 4, day) for day in (3, 10, 13, 17, 24)}


def _month(year: int, month: int) -> tuple[datetime, datetime]:
    return datetime(year, month, 1, tzinfo=UTC), datetime(year, month + 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "* * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 1",
        "* * * * mon-5",
        "5-1 * * * *",
        "*/0 * * * *",
        "a * * * *",
        "0 0 30 feb *",
        "0 0 31 apr *",
        "@daily",
        "1,,2 * * * *",
        "٣ * * * *",
        "* * * * mo",
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(text: str) -> None:
    with pytest.raises(CronError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("@daily", "write “0 0 * * *”"),
        ("0 7 * * mo", "write “mon”, or one of mon tue"),
        ("0 7 1 mär *", "write jan feb mar"),
    ],
)
def test_a_refusal_says_what_to_write_instead(text: str, instead: str) -> None:
    with pytest.raises(CronError, match=re.escape(instead)):
        parse(text)


class TestDue:
    """What a scheduler that looks now has to do (F11, F13, F14)."""

    DAILY = parse("30 5 * * *")
    MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
    SLOT = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)

    def test_a_slot_is_due_until_somebody_has_acted_on_it(self) -> None:
        assert due(self.DAILY, BERLIN, self.MONDAY, last=None) == Due(slot=self.SLOT, missed=0)
        assert due(self.DAILY, BERLIN, self.MONDAY, last=self.SLOT) is None

    def test_after_eight_days_without_power_one_is_made_up_and_the_rest_are_counted(self) -> None:
        found = due(self.DAILY, BERLIN, self.MONDAY, last=self.SLOT - timedelta(days=8))
        assert found == Due(slot=self.SLOT, missed=7)

    def test_a_clock_that_jumps_back_gives_nothing_twice(self) -> None:
        assert due(self.DAILY, BERLIN, self.MONDAY - timedelta(days=1), last=self.SLOT) is None
        assert due(self.DAILY, BERLIN, datetime(1970, 1, 1, tzinfo=UTC), last=self.SLOT) is None

    @given(st.lists(st.integers(-86400 * 3, 86400 * 3), max_size=50))
    def test_whatever_the_clock_does_no_slot_comes_twice(self, jumps: list[int]) -> None:
        now, last, acted = self.MONDAY, None, []
        for jump in jumps:
            now += timedelta(seconds=jump)
            found = due(self.DAILY, BERLIN, now, last=last)
            if found is not None:
                acted.append(found.slot)
                last = found.slot
        assert len(acted) == len(set(acted))


@given(st.uuids(), st.sampled_from(["30 5 * * *", "*/10 * * * *", "0 6 * * mon"]))
def test_the_jitter_of_an_installation_is_fixed_and_small(installation: object, text: str) -> None:
    cron: Cron = parse(text)
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    first = jitter(str(installation), "crawl:a", cron, BERLIN, now)
    assert first == jitter(str(installation), "crawl:a", cron, BERLIN, now + timedelta(days=40))
    assert timedelta(0) <= first <= JITTER
    assert first <= timedelta(minutes=1) or "*/10" not in text


# --- the scheduler itself, as an operator starts it


@pytest.fixture
def daemon(config_file: Path) -> Iterator[Daemon]:
    made = Daemon(config_file)
    yield made
    made.process.kill()
    made.process.wait()


@pytest.mark.slow
def test_the_first_start_looks_at_once_and_a_second_scheduler_gives_way_to_it(
    daemon: Daemon, config_file: Path
) -> None:
    daemon.wait(lambda: daemon.crawls() == 1)
    second = subprocess.run(
        [sys.executable, "-m", "crawler", "--config", str(config_file), "run"],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert second.returncode == 75
    assert f"process {daemon.process.pid}" in second.stderr.splitlines()[-1]
    code, seconds = daemon.terminate()
    assert (code, seconds < 10) == (0, True)
    assert "Traceback" not in daemon.log.read_text()


@pytest.mark.slow
def test_slots_missed_while_nothing_ran_are_made_up_once_and_named(config_file: Path) -> None:
    cron = load(config_file).source[0].cron
    slot = cron.last(datetime.now(UTC) - timedelta(days=8), BERLIN)
    assert slot is not None
    with Archive.open(config_file.with_name("amtsblick.db"), create=True) as archive:
        archive.claim_slot("crawl:site", slot, slot)
    daemon = Daemon(config_file)
    try:
        daemon.wait(lambda: daemon.crawls() == 1)
        assert "slots were missed" in daemon.log.read_text()
        with Archive.open(daemon.archive_path, readonly=True) as archive:
            last = archive.last_slot("crawl:site")
        assert last is not None
        assert last > slot
    finally:
        daemon.terminate()
    again = Daemon(config_file)
    try:
        again.wait(lambda: again.log.read_text().count("keeping the schedule") == 2)
    finally:
        assert again.terminate()[0] == 0
    assert again.crawls() == 1


@pytest.mark.slow
def test_a_look_that_hangs_does_not_keep_the_scheduler_from_stopping(daemon: Daemon, site: Site) -> None:
    site.pages["/"] = html("Start", LONG, links=tuple(f"/slow?{number}" for number in range(20)))
    daemon.wait(lambda: any("slow" in path for path in site.paths()))
    code, seconds = daemon.terminate()
    assert code == 0
    assert seconds < 10
    with Archive.open(daemon.archive_path, readonly=True) as archive:
        assert archive.crawls("site")[0].ended_at is not None
