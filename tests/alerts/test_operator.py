"""What operators are told and when: once, at once, and in plain words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from string import Formatter

import pytest

from alerts import operator
from alerts.operator import Condition, News, SourceVitals, Told, Vitals, news, render, report, told
from alerts.operator_words import COMMANDS, OPERATOR_WORDS
from storage.archive import Archive
from tests.alerts.letters import context

NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
BLIND = Condition(kind="blind", subject="lageso", since=NOW - HOUR, grave=True)
DISK = Condition(kind="disk", subject="/srv/amtsblick", number=120)
MISSED = Condition(kind="missed", subject="lageso", since=NOW, number=7, mark="a")
VITALS = Vitals(
    sources=(
        SourceVitals(name="lageso", at=NOW - HOUR, judged=27, known=28),
        SourceVitals(name="neu", at=None, judged=0, known=0),
    ),
    sent=12, waiting=0, refused=1, archive_bytes=12 * 1024**2, free_bytes=40 * 1024**3,
)  # fmt: skip


class TestNews:
    def test_a_condition_is_told_once_while_it_lasts(self) -> None:
        first = news(Told(), [BLIND], NOW, None)
        assert first is not None
        assert first.fresh == (BLIND,)
        assert news(Told(open={BLIND.key: "x"}), [BLIND], NOW, None) is None

    def test_that_it_is_over_is_told_once(self) -> None:
        over = news(Told(open={BLIND.key: "„lageso“ kann nicht geprüft werden"}), [], NOW, None)
        assert over is not None
        assert over.over == ("„lageso“ kann nicht geprüft werden",)

    def test_slots_that_were_missed_are_over_without_a_word_and_news_when_it_happens_again(self) -> None:
        assert news(Told(open={MISSED.key: "x"}), [], NOW, None) is None
        again = Condition(kind="missed", subject="lageso", since=NOW, number=2, mark="b")
        assert news(Told(open={MISSED.key: "x"}), [again], NOW, None) is not None

    def test_a_refused_message_that_can_no_longer_be_tried_is_not_called_well_again(self) -> None:
        assert news(Told(open={"mail-refused\x1fl…@example.org": "x"}), [], NOW, None) is None

    def test_what_comes_and_goes_is_told_once_an_hour_at_most(self) -> None:
        known = Told(ended={DISK.key: NOW})
        assert news(known, [DISK], NOW + HOUR / 2, None) is None
        assert news(known, [DISK], NOW + HOUR, None) is not None

    def test_the_weekly_mail_reminds_of_what_is_still_open(self) -> None:
        weekly = news(Told(open={BLIND.key: "x"}), [BLIND], NOW, VITALS)
        assert weekly is not None
        assert (weekly.fresh, weekly.still) == ((), (BLIND,))


class TestMail:
    @pytest.mark.parametrize("language", ["de", "en"])
    def test_every_condition_has_its_words_and_they_fill_in_nothing_else(self, language: str) -> None:
        words = OPERATOR_WORDS[language]  # type: ignore[index]
        assert words.what.keys() == words.do.keys() == OPERATOR_WORDS["de"].what.keys()
        for text in (*words.what.values(), *words.do.values(), *COMMANDS.values()):
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= {
                "subject",
                "since",
                "number",
                "detail",
            }

    def test_it_says_what_since_when_and_what_to_do(self) -> None:
        mail = render(News(fresh=(BLIND, DISK), over=(), still=(), vitals=None), context(), "de")
        assert mail.subject == "Betrieb: „lageso“ kann zurzeit nicht geprüft werden (und 1 weiterer Punkt)"
        assert "seit dem 2. März 2026, 07:00 Uhr" in mail.text
        assert "amtsblick changes --source lageso --kind 'source.*'" in [
            line.strip() for line in mail.text.splitlines()
        ]
        assert "Nur noch 120 MB frei auf /srv/amtsblick" in mail.text
        assert max(map(len, mail.text.splitlines())) <= 72
        assert mail.html == ""

    def test_the_weekly_mail_says_that_all_is_well_and_how_far_each_source_was_checked(self) -> None:
        mail = render(News(fresh=(), over=(), still=(), vitals=VITALS), context(), "de")
        assert mail.subject == "Betrieb: Amtsblick läuft, alles in Ordnung"
        text = " ".join(mail.text.split())
        assert "27 von 28 Adressen (96 %)" in text
        assert "„neu“: noch nicht geprüft" in text
        assert "12 verschickt, 0 warten, 1 abgewiesen" in text
        assert "Bleibt sie aus" in text

    def test_a_servers_answer_cannot_break_out_of_its_line(self) -> None:
        evil = Condition(
            kind="mail-refused", subject="l…@example.org", detail="550 no\r\nBcc: x@example.org\u202e {since}"
        )
        mail = render(News(fresh=(evil,), over=(), still=(), vitals=None), context(), "en")
        assert "\nBcc" not in mail.text
        assert "\u202e" not in mail.text + mail.subject


def test_what_was_told_is_remembered_in_the_archive_and_queued_for_each_operator(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        to = ["ops@example.org", "ops@example.org", "it@example.org"]

        def look(*conditions: Condition) -> str:
            row = report(archive, to, conditions, context(), language="de")
            return row.subject if row else ""

        assert look(BLIND).endswith("nicht geprüft werden")
        assert look(BLIND) == ""
        assert look(BLIND, DISK).startswith("Betrieb: Nur noch 120 MB")
        assert look(DISK) == "Betrieb: behoben: „lageso“ kann zurzeit nicht geprüft werden"
        assert look(DISK) == ""
        assert look().startswith("Betrieb: behoben: Nur noch")
        assert told(archive).open == {}
        message = message_from_bytes(archive.outbox()[0].message)
        assert message["Auto-Submitted"] == "auto-generated"
        assert [name for name in message if name.startswith("List-")] == []  # nobody leaves it by unsubscribing
        assert [row.recipient for row in archive.outbox()] == ["ops@example.org", "it@example.org"] * 4
        assert archive.digests("team") == ()
        assert {row.subscription for row in archive.digests()} == {operator.SUBSCRIPTION}
