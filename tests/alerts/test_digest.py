"""What one subscription is told, against a real archive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import NoReturn

import pytest
from jinja2 import TemplateSyntaxError

from alerts import digest, render
from alerts.model import WebSettings
from storage.archive import Archive
from storage.records import Conflict, NoticeRow
from tests.alerts.bench import OTHER, SITE, SOURCE, START, TEAM, change, commit, context, seminar, seminar_row
from tests.alerts.letters import FORBIDDEN

WEEK = timedelta(days=7)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "amtsblick.db", create=True) as opened:
        yield opened


def _texts(archive: Archive) -> list[str]:
    return [_text(delivery.message) for delivery in archive.outbox()]


def _text(message: bytes) -> str:
    part = message_from_bytes(message, policy=policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_windows_touch_without_gap_or_overlap(archive: Archive) -> None:
    first = commit(archive, [change("page.added", "Eins"), change("page.changed", "Zwei")])
    one = digest.close_window(archive, TEAM, context(START))
    second = commit(archive, [change("page.removed", "Drei")], at=START + WEEK)
    other = digest.close_window(archive, TEAM, context(START + WEEK))
    assert one is not None
    assert other is not None
    assert one.change_ids == tuple(c.id for c in first)
    assert other.change_ids == tuple(c.id for c in second)
    assert other.after == one.through
    assert len(archive.outbox()) == 4


def test_each_recipient_gets_a_message_that_names_nobody_else(archive: Archive) -> None:
    commit(archive, [change("page.added")])
    digest.close_window(archive, replace(TEAM, to=(*TEAM.to, "LEA@example.org")), context())
    messages = [message_from_bytes(delivery.message, policy=policy.default) for delivery in archive.outbox()]
    assert [message["To"].addresses[0].addr_spec for message in messages] == ["lea@example.org", "uwe@example.org"]
    assert "uwe" not in archive.outbox()[0].message.decode().lower()
    assert messages[0]["Message-ID"] != messages[1]["Message-ID"]


def test_filters_by_source_kind_and_weight(archive: Archive) -> None:
    told = replace(TEAM, sources=(SOURCE.name,), kinds=("page.*", "seminar.new"), minor=False)
    commit(
        archive,
        [
            change("page.added", "Erwünscht"),
            change("page.changed", "Tippfehler", minor=True),
            change("document.added", "Anderes"),
            change("page.added", "Fremd", source=OTHER.name),
            change("page.added", "Geteilt", source=OTHER.name, source_ids=(SOURCE.name,)),
            change("page.added", "Altes aus einer Einfuhr", imported=True),
        ],
    )
    row = digest.close_window(archive, told, context())
    assert row is not None
    (text, _) = _texts(archive)
    assert "Erwünscht" in text
    assert "Geteilt" in text
    for unwanted in ("Tippfehler", "Anderes", "Fremd", "Einfuhr"):
        assert unwanted not in text
    assert len(row.change_ids) == 2


@pytest.mark.parametrize(("when_empty", "mails"), [("never", 0), ("monthly", 12), ("always", 52)])
def test_a_quiet_year_of_mondays(archive: Archive, when_empty: str, mails: int) -> None:
    quiet = replace(TEAM, to=("lea@example.org",), when_empty=when_empty)  # type: ignore[arg-type] - parametrised
    first = datetime(2021, 1, 4, 6, 0, tzinfo=UTC)
    for week in range(52):
        digest.close_window(archive, quiet, context(first + week * WEEK))
    assert len(archive.outbox()) == mails


def test_a_preview_stores_nothing_and_says_what_the_digest_will_say(archive: Archive) -> None:
    commit(archive, [change("page.added", "Neues aus Moskau")])
    archive.record_subscriptions((TEAM.name,), START)
    seen = digest.preview(archive, TEAM, context())
    assert archive.digests() == ()
    row = digest.close_window(archive, TEAM, context())
    assert row is not None
    assert row.subject == seen.subject == "Neue Seite: Neues aus Moskau"
    assert seen.text == _texts(archive)[0]


def test_a_stored_digest_renders_the_same_again(archive: Archive) -> None:
    commit(archive, [change("page.added", "Neues aus Moskau"), seminar("seminar.new", "2021-06-09", "2021-06-13")])
    row = digest.close_window(archive, TEAM, context(web=WebSettings(base_url="https://blick.example.org/")))
    assert row is not None
    assert digest.again(row).text == _texts(archive)[0]
    assert digest.again(row).html.encode() == archive.outbox()[0].html


def test_what_was_told_at_once_appears_again_as_already_told(archive: Archive) -> None:
    ahead = digest.owed(archive, [TEAM], context())
    commit(archive, [seminar("seminar.new", "2021-06-09", "2021-06-13"), change("page.added", "Später")], owed=ahead)
    (immediate,) = archive.digests()
    assert immediate.kind == "immediate"
    assert len(immediate.change_ids) == 1
    assert "Später" not in _texts(archive)[0]
    assert "Sofortmeldung" in _texts(archive)[0]
    row = digest.close_window(archive, TEAM, context(START + WEEK))
    assert row is not None
    assert len(row.change_ids) == 2
    assert row.subject == "Neue Seite: Später · und eine weitere Meldung"
    assert "(Schon gemeldet am 17. Mai 2021)" in _texts(archive)[-1]


def test_a_digest_of_nothing_but_old_news_says_so_in_its_subject(archive: Archive) -> None:
    told = digest.owed(archive, [TEAM], context())
    commit(archive, [seminar("seminar.new", "2021-06-09", "2021-06-13")], owed=told)
    row = digest.close_window(archive, TEAM, context(START + WEEK))
    assert row is not None
    assert row.subject == "Schon gemeldet: Neues Seminar: 23. Arbeits- und Sozialseminar, 9.–13. Juni 2021, Berlin"


def test_a_section_taken_down_whole_is_the_headline(archive: Archive) -> None:
    uris = tuple(f"{SITE}/artikel.{number}.php" for number in range(12))
    commit(archive, [change("page.removed", uris=uris, facts={"section": True, "titles": [["Titel", uris[0]]]})])
    row = digest.close_window(archive, TEAM, context())
    assert row is not None
    assert row.subject == "Ganzer Bereich vom Netz genommen: 12 Seiten"


def test_one_mail_at_once_per_subscription_and_detection(archive: Archive) -> None:
    quiet = replace(TEAM, name="still", immediately=())
    other = replace(TEAM, name="presse", sources=(OTHER.name,))
    ahead = digest.owed(archive, [TEAM, quiet, other], context())
    changes = [
        seminar("seminar.changed", "2021-06-09", "2021-06-13"),
        change("notice.posted", after={"text": "Geschlossen"}),
    ]
    commit(archive, changes, owed=ahead)
    assert [row.subscription for row in archive.digests()] == ["team"]
    assert len(archive.outbox()) == 2


@pytest.mark.parametrize(
    ("start", "end", "state", "told"),
    [
        ("2021-05-16", "2021-05-17", "announced", True),  # its last day is today
        ("2021-05-10", "2021-05-16", "announced", False),
        ("2021-05", "2021-05", "announced", True),
        ("2021-04", None, "announced", False),
        (None, None, "announced", True),
        ("2021-06-09", "2021-06-13", "reported", False),
        ("2021-06-09", "2021-06-13", "cancelled", True),
    ],
)
def test_seminars_are_told_at_once_only_while_they_are_not_past(
    archive: Archive, start: str | None, end: str | None, state: str, told: bool
) -> None:
    commit(archive, [seminar("seminar.new", start, end, state=state)], owed=digest.owed(archive, [TEAM], context()))
    assert bool(archive.digests()) is told


def test_today_is_the_readers_day(archive: Archive) -> None:
    """At 22:30 UTC on 13 June it is already the 14th in Berlin: the seminar is over."""
    late = datetime(2021, 6, 13, 22, 30, tzinfo=UTC)
    commit(
        archive, [seminar("seminar.new", "2021-06-09", "2021-06-13")], owed=digest.owed(archive, [TEAM], context(late))
    )
    assert archive.digests() == ()


@pytest.mark.parametrize(
    ("before", "after", "subject"),
    [
        (
            {"start": "2021-05-12", "end": "2021-05-16", "city": "Berlin", "state": "announced"},
            ("2021-06-09", "2021-06-13", "announced"),
            "23. Arbeits- und Sozialseminar verschoben: 9.–13. Juni 2021",
        ),
        (
            {"start": None, "end": None, "city": "Berlin", "state": "announced"},
            ("2021-06-30", "2021-07-04", "announced"),
            "23. Arbeits- und Sozialseminar: Termin 30. Juni – 4. Juli 2021",
        ),
        (
            {"start": "2021-06-09", "end": "2021-06-13", "city": "Berlin", "state": "announced"},
            ("2021-06-09", "2021-06-13", "cancelled"),
            "23. Arbeits- und Sozialseminar abgesagt",
        ),
        (
            {"start": "2021-06-09", "end": "2021-06-13", "city": "Moskau", "state": "announced"},
            ("2021-06-09", "2021-06-13", "announced"),
            "23. Arbeits- und Sozialseminar: neuer Ort Berlin",
        ),
        (
            {"start": "2021-05-12", "end": "2021-05-16", "city": "Berlin", "state": "announced"},
            ("2021-05-12", "2021-05-16", "reported"),
            "Bericht über: 23. Arbeits- und Sozialseminar",
        ),
    ],
)
def test_the_subject_says_what_happened_to_a_seminar(
    archive: Archive, before: dict[str, str], after: tuple[str, str, str], subject: str
) -> None:
    start, end, state = after
    commit(archive, [change("page.added"), seminar("seminar.changed", start, end, before=before, state=state)])
    row = digest.close_window(archive, TEAM, context())
    assert row is not None
    assert row.subject == f"{subject} · und eine weitere Meldung"


def test_standing_shows_what_is_to_come_and_nothing_that_is_over(archive: Archive) -> None:
    disputed = Conflict(field="start", values=(("2021-07", f"{SITE}/a"), ("2021-08-04", f"{SITE}/b")))
    commit(
        archive,
        seminars=[
            seminar_row(20, "2020-06-09", "2020-06-13"),
            seminar_row(21, "2021-06-01", "2021-06-02", state="reported"),
            seminar_row(22, "2021-07-01", "2021-07-05"),
            seminar_row(23, "2021-05-16", "2021-05-17"),
            seminar_row(24, None, None, conflicts=(disputed,)),
            seminar_row(25, None, None),
        ],
        notices=[
            _notice("gilt", "Besuche nur nach Anmeldung"),
            _notice("vorbei", "Alter Hinweis", lifted_at=START),
            _notice("fremd", "Anderswo", host="example.com"),
        ],
    )
    digest.close_window(archive, TEAM, context())
    standing = _texts(archive)[0].partition("STAND HEUTE")[2]
    shown = re.findall(r"^\* (\d\d)\. Arbeits", standing, re.MULTILINE)
    assert shown == ["23", "24", "22"]
    assert "Juli 2021" in standing
    assert "4. August 2021" in standing
    assert "Besuche nur nach Anmeldung" in standing
    assert "Zuerst gesehen am 17. Mai 2021, auf 12 Seiten" in standing
    assert "Alter Hinweis" not in standing
    assert "Anderswo" not in standing


def _notice(key: str, text: str, *, host: str = "berlin.de", lifted_at: datetime | None = None) -> NoticeRow:
    return NoticeRow(
        id=key,
        host=host,
        text=text,
        text_digest=f"sha256:{key}",
        uris=(f"{SITE}/",),
        peak_pages=12,
        first_seen=START,
        last_seen=START,
        lifted_at=lifted_at,
    )


def test_a_source_that_was_not_checked_is_said_and_not_passed_over(archive: Archive) -> None:
    commit(archive)
    digest.close_window(archive, TEAM, context(START + timedelta(minutes=5)))
    assert f"{OTHER.name}: noch nicht geprüft." in _texts(archive)[0]
    digest.close_window(archive, replace(TEAM, when_empty="always"), context(START + WEEK))
    assert "In dieser Zeit wurde nicht geprüft." in _texts(archive)[-1].replace("\n", " ")
    assert "nicht alles" in archive.digests()[-1].subject


def test_a_change_that_makes_no_sense_blocks_nothing(archive: Archive) -> None:
    """F35: the poisoned item is named by its id, the others are told, and every reader gets the mail."""
    poisoned = change("page.changed", "Gift", facts={"diff": [{"op": "changed", "runs": 7}]})
    wrong = seminar("seminar.changed", "2021-99-99", "x")
    commit(archive, [poisoned, wrong, change("page.added", "Gesund")], owed=digest.owed(archive, [TEAM], context()))
    digest.close_window(archive, TEAM, context())
    text = _texts(archive)[-1]
    assert poisoned.id in text
    assert wrong.id in text
    assert "konnte nicht dargestellt werden" in text.replace("\n", " ")
    assert "Gesund" in text
    assert archive.digests()[-1].subject.startswith("Neue Seite: Gesund")


def test_readers_never_meet_our_own_words(archive: Archive) -> None:
    commit(
        archive, [change("source.blind", summary="Die Seiten lassen sich zurzeit nicht prüfen."), change("page.noisy")]
    )
    digest.close_window(archive, TEAM, context())
    for text in _texts(archive):
        assert not re.search(FORBIDDEN, text)


def test_another_process_that_closed_the_window_first_is_not_doubled(archive: Archive, tmp_path: Path) -> None:
    commit(archive, [change("page.added")])
    digest.close_window(archive, TEAM, context())
    assert digest.close_window(archive, TEAM, context()) is None
    assert len(archive.digests()) == 1


def test_english_readers_get_english_words(archive: Archive) -> None:
    commit(archive, [seminar("seminar.new", "2021-06-30", "2021-07-04"), change("page.changed", "Besuch")])
    digest.close_window(archive, replace(TEAM, language="en"), context())
    text = _texts(archive)[0]
    assert "New seminar: 23. Arbeits- und Sozialseminar, 30 June – 4 July" in text
    assert "The text of the page was changed." in text
    assert "Seite geändert" not in text


def test_a_template_that_fails_keeps_no_change_from_being_stored(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What is owed at once goes out in plain words; a digest is not closed, and says in one line what is wrong."""

    def broken() -> NoReturn:
        raise TemplateSyntaxError("unexpected end", 7, "mail.html.j2")

    monkeypatch.setattr(render, "_html", broken)
    (told,) = commit(archive, [change("notice.posted")], owed=digest.owed(archive, (TEAM,), context()))
    assert [row.change_ids for row in archive.digests()] == [(told.id,)]
    assert "Neue Meldungen" in archive.digests()[0].subject
    assert "mail.html.j2, line 7" in caplog.text
    assert _texts(archive)[0].startswith("Guten Tag")
    with pytest.raises(render.TemplateBrokenError, match="line 7") as caught:
        digest.close_window(archive, TEAM, context())
    assert caught.value.exit_code == 78
    assert len(archive.digests()) == 1
