"""Who is written to: the config's readers and the archive's, and what a removal, a pause and a first mail make of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from alerts.digest import close_window, owed
from alerts.readers import listening, readers, removed
from storage.archive import Archive
from storage.records import Delivery, RecipientState
from tests.alerts.bench import SOURCE, START, TEAM, change, commit, context, notice_row

WEEK = timedelta(days=7)
FIRST = "Dies ist Ihre erste Nachricht."


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "amtsblick.db", create=True) as opened:
        opened.record_subscriptions((TEAM.name,), START)
        yield opened


def addresses(archive: Archive, now: object = START) -> list[str]:
    return [one.address for one in listening(archive, TEAM, now)]  # type: ignore[arg-type]  # a time


def plain(delivery: Delivery) -> str:
    part = message_from_bytes(delivery.message, policy=policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_the_archive_adds_to_the_config_and_nobody_stands_there_twice(archive: Archive) -> None:
    archive.add_recipient("team", "nora@example.org", START)
    archive.add_recipient("team", "LEA@example.org", START)
    archive.add_recipient("press", "other@example.org", START)
    assert addresses(archive) == ["lea@example.org", "uwe@example.org", "nora@example.org"]
    assert [one.origin for one in readers(archive, TEAM, START)] == ["config", "config", "archive"]


@pytest.mark.parametrize("scope", ["team", ""])
def test_a_removal_beats_the_config(archive: Archive, scope: str) -> None:
    archive.add_recipient("team", "nora@example.org", START)
    archive.remove_recipient(scope, "Uwe@Example.org", START)
    archive.remove_recipient(scope, "nora@example.org", START)
    assert addresses(archive) == ["lea@example.org"]
    assert [str(one.state) for one in readers(archive, TEAM, START)] == ["active", "removed"]
    assert removed(archive, "team", "uwe@example.org")
    assert removed(archive, "press", "uwe@example.org") == (scope == "")
    commit(archive, [change("press.new")])
    assert close_window(archive, TEAM, context()) is not None
    assert [each.recipient for each in archive.outbox()] == ["lea@example.org"]
    archive.add_recipient("team", "uwe@example.org", START)
    assert addresses(archive) == ["lea@example.org", "uwe@example.org"]


def test_a_pause_ends_by_itself_and_keeps_who_was_added(archive: Archive) -> None:
    archive.add_recipient("team", "nora@example.org", START)
    archive.pause_recipient("", "nora@example.org", START + WEEK, START)
    archive.pause_recipient("team", "lea@example.org", START + WEEK, START)
    assert addresses(archive) == ["uwe@example.org"]
    assert [one.state for one in readers(archive, TEAM, START)].count(RecipientState.PAUSED) == 2
    assert addresses(archive, START + WEEK) == ["lea@example.org", "uwe@example.org", "nora@example.org"]


def test_where_nobody_listens_the_window_waits_for_somebody(archive: Archive) -> None:
    """Nothing is told into the void: after the holidays the first digest covers all of them."""
    for address in ("lea@example.org", "uwe@example.org"):
        archive.pause_recipient("", address, START + WEEK, START)
    (told,) = commit(archive, [change("notice.posted")], owed=owed(archive, (TEAM,), context()))
    assert close_window(archive, TEAM, context()) is None
    assert archive.digests() == ()
    row = close_window(archive, TEAM, context(START + WEEK))
    assert row is not None
    assert row.change_ids == (told.id,)
    assert len(archive.outbox()) == 2


def test_a_new_readers_first_mail_begins_with_where_things_stand(archive: Archive) -> None:
    commit(archive, [change("press.new")], notices=[notice_row()])
    close_window(archive, TEAM, context())
    archive.add_recipient("team", "nora@example.org", START)
    commit(archive, [change("press.new", "Zweite Meldung")], at=START + WEEK)
    close_window(archive, TEAM, context(START + WEEK))
    commit(archive, [change("press.new", "Dritte Meldung")], at=START + 2 * WEEK)
    close_window(archive, TEAM, context(START + 2 * WEEK))
    mails = {(each.digest, each.recipient): plain(each) for each in archive.outbox()}
    assert mails[2, "nora@example.org"].index("STAND HEUTE") < mails[2, "nora@example.org"].index("PRESSE")
    assert FIRST in mails[2, "nora@example.org"]
    for known in (mails[2, "lea@example.org"], mails[3, "nora@example.org"]):
        assert FIRST not in known
        assert known.index("PRESSE") < known.index("STAND HEUTE")
    assert FIRST in mails[1, "lea@example.org"]  # a whole list that is new begins in the same way


def test_a_first_mail_that_comes_at_once_begins_so_too(archive: Archive) -> None:
    commit(archive, [change("press.new")])
    close_window(archive, replace(TEAM, to=("lea@example.org",)), context())
    at_once = owed(archive, (TEAM,), context(START + WEEK))
    commit(archive, [change("notice.posted")], at=START + WEEK, owed=at_once, notices=[notice_row()])
    mails = {each.recipient: plain(each) for each in archive.outbox() if each.digest == 2}
    assert mails["uwe@example.org"].index("Geltende Hinweise") < mails["uwe@example.org"].index("HINWEISE")
    assert "STAND HEUTE" not in mails["lea@example.org"]


def test_small_corrections_a_list_does_not_get_are_counted(archive: Archive) -> None:
    list_without = replace(TEAM, minor=False)
    commit(archive, [change("press.new"), *(change("page.changed", minor=True) for _ in range(2))])
    close_window(archive, list_without, context())
    assert "2 kleine Korrekturen; dieser Verteiler bekommt sie nicht." in plain(archive.outbox()[0])
    assert SOURCE.name in plain(archive.outbox()[0])
