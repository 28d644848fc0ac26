"""Moments as people write them, and the clock that `--now` stops."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clock import Clock
from web.moments import MomentError, parse, rfc3339, written

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "edge", "expected"),
    [
        ("2026-03-02", "start", "2026-03-01T23:00:00Z"),
        ("2026-03-02", "end", "2026-03-02T22:59:59.999999Z"),
        ("14.09.2018", "start", "2018-09-13T22:00:00Z"),
        ("4.9.2018", "end", "2018-09-04T21:59:59.999999Z"),
        ("2017-06", "start", "2017-05-31T22:00:00Z"),
        ("2017-12", "end", "2017-12-31T22:59:59.999999Z"),
        ("2018", "start", "2017-12-31T23:00:00Z"),
        ("2018", "end", "2018-12-31T22:59:59.999999Z"),
        ("today", "start", "2026-03-01T23:00:00Z"),
        ("gestern", "end", "2026-03-01T22:59:59.999999Z"),
        ("Heute", "end", "2026-03-02T22:59:59.999999Z"),
        ("2026-03-02T07:00:00Z", "start", "2026-03-02T07:00:00Z"),
        ("2026-03-02T07:00:00+01:00", "start", "2026-03-02T06:00:00Z"),
        ("2026-03-02 07:00", "start", "2026-03-02T06:00:00Z"),
        ("2026-03-02T07:00:00Z", "end", "2026-03-02T07:00:00.999999Z"),
        ("2026-03-02 07:00", "end", "2026-03-02T06:00:59.999999Z"),
        ("2026-03-02T07:00+01:00", "end", "2026-03-02T06:00:59.999999Z"),
        ("2026-03-02T07:00:00.5Z", "end", "2026-03-02T07:00:00.500000Z"),
        ("20180914120000", "start", "2018-09-14T12:00:00Z"),
        ("20180914120000", "end", "2018-09-14T12:00:00.999999Z"),
        ("2026-03-29", "start", "2026-03-28T23:00:00Z"),  # the day the clocks go forward has 23 hours
        ("2026-03-29", "end", "2026-03-29T21:59:59.999999Z"),
    ],
)
def test_every_form_means_one_moment(text: str, edge: str, expected: str) -> None:
    assert written(parse(text, BERLIN, NOW, edge)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["30.02.2026", "2026-13-01", "20261301000000", "2026-03-02T25:00:00Z"])
def test_a_date_that_does_not_exist_is_called_so(text: str) -> None:
    with pytest.raises(MomentError, match="is no date that exists"):
        parse(text, BERLIN, NOW, "start")


@pytest.mark.parametrize("text", ["", "morgen früh", "März", "2026-3-2", "14.09.18", "٢٠٢٦-٠٣-٠٢", "1e9"])
def test_what_is_no_date_is_answered_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(MomentError, match="write it as one of 2018-09-14"):
        parse(text, BERLIN, NOW, "start")


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_reads_the_same(moment: datetime) -> None:
    assert rfc3339(written(moment)) == moment
    assert parse(written(moment), BERLIN, NOW, "start") == moment


def test_a_frozen_clock_stands_still_and_is_handed_to_child_processes() -> None:
    clock = Clock(frozen_at=NOW)
    assert clock.now() == clock.now() == NOW
    assert Clock.from_environment(clock.environ()) == clock


def test_without_now_it_is_the_wall_clock_in_utc() -> None:
    assert Clock().environ() == {}
    before = datetime.now(UTC)
    assert before <= Clock.from_environment({}).now() <= datetime.now(UTC)


def test_a_time_without_an_offset_is_refused_between_processes() -> None:
    with pytest.raises(ValueError, match="add Z for UTC"):
        Clock.from_environment({"AMTSBLICK_NOW": "2026-03-02T07:00:00"})
