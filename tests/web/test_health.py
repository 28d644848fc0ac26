"""What operators and their monitoring are shown: everything but addresses and paths."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from alerts.operator import Condition
from storage.archive import Archive
from storage.records import DeliveryState
from tests.storage.makers import MONDAY
from tests.web import filled
from tests.web.view import View, running
from web.health import Health, Lately, SourceHealth, public

SICK = Health(
    at=filled.NOW,
    sources=(
        SourceHealth(
            name="section", enabled=True, last_crawl=None, last_complete=None, next_crawl=None, seeing=True, known=3,
            judged=2, failed=1, drifted=0, conditions=(Condition(kind="overdue", subject="section", since=MONDAY),),
        ),
    ),
    subscriptions=(),
    queue={"refused": 2, "queued": 1},
    oldest_waiting=MONDAY,
    archive=Path("/srv/geheim/amtsblick.db"),
    archive_bytes=1_500_000,
    free_bytes=10**10,
    conditions=(
        Condition(kind="overdue", subject="section", since=MONDAY, grave=True),
        Condition(kind="mail-refused", subject="l…@example.org", since=MONDAY, detail="550 no such user"),
        Condition(kind="mail-refused", subject="k…@example.org", since=MONDAY + timedelta(1), detail="550 full"),
        Condition(kind="disk", subject="/srv/geheim", number=3),
    ),
    notes=("no mail server is set: mail is written to /srv/geheim/outbox",),
)  # fmt: skip


def test_nobody_s_address_and_no_path_is_shown(tmp_path: Path) -> None:
    filled.fill(tmp_path)
    with running(filled.settings_of(tmp_path, SICK)) as view:
        for path in ("/de/health", "/en/health", "/json/health", "/metrics"):
            answer = view.get(path)
            assert answer.status == 200
            for secret in ("example.org", "geheim", "550"):
                assert secret not in answer.text, (path, secret)
        page, row = view.get("/de/health").text, view.get("/json/health").json
    assert "„section“ wurde nicht nach Plan geprüft" in page
    assert row["queue"]["refused"] == 2
    assert [each["kind"] for each in row["conditions"]] == ["overdue", "mail-refused", "disk"]
    assert set(row["versions"]) == {"amtsblick", "python", "sqlite"}


def test_it_is_examined_once_in_a_while_only(tmp_path: Path) -> None:
    asked: list[int] = []

    def examine(_: Archive) -> Health:
        asked.append(1)
        return SICK

    with Archive.open(tmp_path / "a.db", create=True, fleeting=True) as archive:
        often, seldom = Lately(examine, seconds=0), Lately(examine)
        assert [often(archive), often(archive)] == [public(SICK)] * 2
        assert len(asked) == 2
        assert [seldom(archive), seldom(archive)] == [public(SICK)] * 2
    assert len(asked) == 3


@pytest.mark.slow
def test_metrics_are_those_of_status(view: View) -> None:
    answer = view.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = {family.name: family.samples for family in text_string_to_metric_families(answer.text)}
    assert {sample.labels["source"] for sample in found["amtsblick_source_well"]} == {
        "lageso-partnerschaft",
        "lageso-presse",
    }
    mails = {sample.labels["state"]: sample.value for sample in found["amtsblick_mails"]}
    assert mails[str(DeliveryState.SENT)] == 18
    assert view.get("/json/health").json["sources"][0]["coverage"] == 1.0


def test_whether_it_is_alive_is_said_in_a_word(tmp_path: Path) -> None:
    with running(filled.settings_of(tmp_path)) as view:
        for path in ("/healthz", "/feed.atom", "/seminars.ics"):
            answer = view.get(path)
            assert (answer.status, answer.headers["content-type"]) == (503, "text/plain; charset=utf-8")
            assert answer.text.count("\n") == 1
        Archive.open(tmp_path / "amtsblick.db", create=True, fleeting=True).close()
        answer = view.get("/healthz")
        assert (answer.status, answer.text) == (200, "ok\n")
        assert view.get("/health").status == 404  # a view that is not told how to examine has none
