"""A page of our own that changes: the daily proof that a change still becomes a mail (F47)."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler import canary, cli, health, markers
from crawler.schedule import Schedule
from crawler.session import Session
from storage.archive import Archive

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def test_its_change_arrives_in_a_mail(tmp_path: Path) -> None:
    assert canary.fly(NOW) == ""


def test_what_stops_it_is_said_shown_until_it_arrives_and_keeps_the_heartbeat_away(
    config_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Session(config_option=config_file)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    assert cli.run(["--config", str(config_file), "doctor", "--canary"]) == 74
    assert "canary" in (said := capsys.readouterr().out)
    assert "/nowhere" in said
    (first,) = (each for each in health.examine(run.config, None, NOW).conditions if each.kind == "canary")
    assert first.grave
    assert "/nowhere" in first.detail
    canary.run(run.config, NOW + timedelta(days=1))
    assert [each for each in health.examine(run.config, None, NOW).conditions if each.kind == "canary"] == [first]
    markers.keep_canary_trouble(run.config, "", NOW)
    assert markers.canary_trouble(run.config) is None


def test_the_scheduler_lets_it_fly_once_a_day_and_operators_hear_of_it(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config_file.write_text(config_file.read_text() + '[operator]\nto = ["ops@example.org"]\n')
    run = Session(config_option=config_file)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with Archive.open(run.config.archive_path, create=True) as archive:
        crawl = archive.start_crawl(run.config.source[0].as_source(), run.now() - timedelta(days=2))
        archive.end_crawl(crawl.id, run.now() - timedelta(days=2), exhausted=True, reason="finished")
        keeper = Schedule(run, archive.installation_id)
        keeper._first = set()
        keeper.canary()
        told = archive.newest_digest("[operator]")
        assert told is not None
        assert "Selbstprüfung" in told.body
        assert len(archive.slots(canary.JOB)) == 1
        markers.keep_canary_trouble(run.config, "", NOW)
        keeper.canary()
        assert markers.canary_trouble(run.config) is None, "it flew twice on one day"
