"""A year of Mondays as cron walks it with `digest --due --send`, both nights of the clock change included."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler import cli
from storage.archive import Archive
from storage.records import DigestRow
from tests.storage.makers import Watching, changed, concluded

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def config(folder: Path, schedule: str = "0 7 * * mon") -> Path:
    file = folder / "amtsblick.toml"
    file.write_text(
        '[[source]]\nname = "a"\nstart = ["https://www.example.org/a/"]\n'
        f'[[subscription]]\nname = "team"\nto = ["team@example.org"]\nwhen_empty = "always"\nschedule = "{schedule}"\n'
    )
    file.chmod(0o600)
    with Archive.open(folder / "amtsblick.db", create=True) as archive:
        archive.record_subscriptions(["team"], START)
    return file


def digests(folder: Path) -> tuple[DigestRow, ...]:
    with Archive.open(folder / "amtsblick.db", readonly=True) as archive:
        return archive.digests("team")


def cron(file: Path, *moments: datetime) -> None:
    """What cron does: the same command, again and again."""
    for at in moments:
        assert cli.run(["--config", str(file), "--now", at.isoformat(), "digest", "--due", "--send"]) == 0


@pytest.mark.slow
def test_a_year_of_mondays_gives_one_digest_a_week(tmp_path: Path) -> None:
    file = config(tmp_path)
    mondays = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(52)]
    for day in mondays:
        seven = datetime(day.year, day.month, day.day, 7, tzinfo=BERLIN)
        # A minute before, at the minute, twice within the hour, and on the days after: only one of them sends.
        cron(file, *(seven + timedelta(minutes=minutes) for minutes in (-1, 0, 30, 59)), seven + timedelta(days=2))
    rows = digests(tmp_path)
    assert len(rows) == 52
    assert [row.created_at.astimezone(BERLIN).date() for row in rows] == mondays
    assert {row.created_at.astimezone(BERLIN).strftime("%H:%M") for row in rows} == {"07:00"}
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 52
    assert all(later.after == earlier.through for earlier, later in itertools.pairwise(rows))


@pytest.mark.parametrize(
    ("night", "wall"),
    [(date(2026, 3, 29), "30 2 * * *"), (date(2026, 10, 25), "30 2 * * *"), (date(2026, 10, 25), "0 3 * * *")],
)
def test_the_nights_of_the_clock_change_give_one_digest_a_day(tmp_path: Path, night: date, wall: str) -> None:
    file = config(tmp_path, wall)
    first = datetime(night.year, night.month, night.day, tzinfo=BERLIN).astimezone(UTC) - timedelta(days=1)
    cron(file, *(first + timedelta(hours=4, minutes=20 * step) for step in range(3 * 50)))
    days = Counter(row.created_at.astimezone(BERLIN).date() for row in digests(tmp_path))
    assert {day: days[day] for day in (night, night + timedelta(days=1))} == {night: 1, night + timedelta(days=1): 1}
    assert set(days.values()) == {1}


def test_a_digest_that_was_missed_for_three_weeks_is_made_up_once_and_tells_all(tmp_path: Path) -> None:
    file = config(tmp_path)
    cron(file, START + timedelta(days=5))
    with Archive.open(tmp_path / "amtsblick.db") as archive:
        for week in (1, 2, 3):
            watching = Watching(archive, now=START + timedelta(days=5, weeks=week))
            watching.begin()
            watching.see("https://example.org/a/", f"Text {week}")
            crawl = watching.end()
            archive.commit_detection(
                crawl, concluded(archive, crawl, changed(crawl, "https://amt.example/a", str(week)))
            )
    cron(file, *(START + timedelta(days=29, hours=hours) for hours in range(4)))
    rows = digests(tmp_path)
    assert len(rows) == 2
    assert len(rows[1].change_ids) == 3
