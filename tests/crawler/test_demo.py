"""The demo tells exactly what happened, week by week, and leaves what it promises."""

from __future__ import annotations

import email
import email.policy
import json
import re
import shlex
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from crawler.config import load
from crawler.demo import MARK, next_steps
from crawler.replay.weeks import WEEKS, Week
from extractors.address import key
from tests.demo import Demo, amtsblick

LONGEST = 60.0  # seconds on two cores, the bound that the demo promises

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def facts(events: list[dict[str, Any]]) -> Counter[tuple[str, str, bool]]:
    return Counter((event["kind"], key(event["uri"]), event["minor"]) for event in events)


def letter(path: str) -> EmailMessage:
    message = email.message_from_bytes(Path(path).read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("week", WEEKS, ids=lambda week: f"week{week.number:02}")
def test_what_is_told_is_exactly_what_happened(demo: Demo, week: Week) -> None:
    shown = demo.weeks[week.number - 1]
    assert (shown["week"], shown["date"]) == (week.number, week.monday.isoformat())
    assert facts(shown["reported"]) == facts(shown["happened"]), week.story
    for event in shown["happened"]:
        if len(event["uris"]) == 1:
            continue
        (told,) = [each for each in shown["reported"] if each["kind"] == event["kind"]]
        assert {key(uri) for uri in event["uris"]} <= {key(uri) for uri in told["uris"]}


def test_every_week_is_one_object_with_the_fields_of_the_contract(demo: Demo) -> None:
    assert len(demo.weeks) == len(WEEKS)
    for shown in demo.weeks:
        assert {"week", "date", "happened", "reported", "mails"} <= shown.keys()
        for change in shown["reported"]:
            assert {"id", "kind", "summary", "uri", "uris", "before", "after", "detected_at"} <= change.keys()
            assert change["detected_at"].startswith(shown["date"])


def test_what_was_told_is_what_the_archive_keeps(demo: Demo) -> None:
    kept = [json.loads(line) for line in demo.run("changes", "--json").stdout.splitlines()]
    assert kept == [change for shown in demo.weeks for change in shown["reported"]]


def test_it_leaves_config_archive_and_mails(demo: Demo) -> None:
    assert load(demo.folder / "amtsblick.toml").archive_path == demo.folder / "amtsblick.db"
    assert (demo.folder / "amtsblick.db").stat().st_size > 0
    named = {Path(path) for shown in demo.weeks for path in shown["mails"]}
    assert named == set((demo.folder / "outbox").glob("*.eml"))
    assert {path.with_suffix(".html") for path in named} == set((demo.folder / "outbox").glob("*.html"))


def test_readers_get_a_mail_in_every_week_in_which_something_is_told_and_none_about_noise(demo: Demo) -> None:
    for shown in demo.weeks:
        if shown["reported"]:
            assert shown["mails"], shown["story"]
    # A sign of life comes once a month, so that a silent week in a month that had a digest already has no mail.
    silent = [shown for shown in demo.weeks if not shown["reported"]]
    assert [shown["week"] for shown in silent if not shown["mails"]]


def test_every_mail_goes_to_the_team_in_text_and_html_with_the_simulated_date(demo: Demo) -> None:
    for shown in demo.weeks:
        for path in shown["mails"]:
            message = letter(path)
            assert message["To"] == "team@example.org"
            assert message["Date"].datetime.date().isoformat() == shown["date"]
            assert {part.get_content_type() for part in message.walk()} >= {"text/plain", "text/html"}


def test_the_mail_of_the_week_says_that_the_seminar_was_put_off(demo: Demo) -> None:
    week = next(week for week in WEEKS if any(each.kind == "seminar.changed" for each in week.happenings))
    texts = [letter(path).get_body(("plain",)) for path in demo.weeks[week.number - 1]["mails"]]
    assert any(text is not None and "13. Juni 2021" in text.get_content() for text in texts)


def test_the_register_holds_each_seminar_once_and_the_year_without_travel(demo: Demo) -> None:
    register = [json.loads(line) for line in demo.run("seminars", "--json").stdout.splitlines()]
    assert sorted(each["number"] for each in register if each["number"]) == [14, 17, 18, 19, 20, 21, 22, 23]
    (substitute,) = [each for each in register if each["number"] is None]
    assert (substitute["year"], substitute["state"]) == (2020, "replaced")
    assert "Fachaustausch" in substitute["substitute"]
    (latest,) = [each for each in register if each["number"] == 23]
    assert (latest["start"], latest["end"], latest["city"]) == ("2021-06-09", "2021-06-13", "Berlin")
    assert latest["state"] == "announced"  # its days have passed, but no page says that it was held
    assert not [each["conflicts"] for each in register if each["conflicts"]]


def test_it_is_over_within_a_minute(demo: Demo) -> None:
    assert demo.seconds < LONGEST


def test_the_things_to_try_next_work(demo: Demo) -> None:
    base = re.match(r"https?://[^/]+", demo.weeks[-1]["happened"][0]["uri"])
    assert base is not None
    steps = next_steps(demo.folder, base[0])
    assert len(steps) == 4
    for _, command in steps[:-1]:  # the last one serves until it is stopped: tests/web/test_serve.py
        done = amtsblick(*shlex.split(command)[1:])
        assert done.returncode == 0, (command, done.stderr)
        assert done.stdout.strip()


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "amtsblick.toml").write_text("[archive]\n", encoding="utf-8")
    done = amtsblick("demo", "--out", str(tmp_path))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "--out" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["amtsblick.toml", "letter.txt"]


def test_the_config_it_leaves_says_where_it_comes_from(demo: Demo) -> None:
    assert (demo.folder / "amtsblick.toml").read_text(encoding="utf-8").startswith(MARK)
