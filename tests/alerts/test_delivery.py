"""Mail that is never lost and never doubled, against real servers on loopback and a real archive."""

from __future__ import annotations

import logging
import ssl
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import trustme

from alerts.delivery import deliver_due, masked, unnamed
from alerts.digest import close_window
from alerts.model import MailSettings, SmtpUrl, WebSettings
from alerts.retries import GIVE_UP_ATTEMPTS, JITTER, WAITS, next_attempt
from alerts.smtp import SmtpTransport, Timeouts
from alerts.transports import OutboxFolder, choose
from storage.archive import Archive
from storage.deliveries import LONGEST_WAIT
from storage.records import DeliveryState
from tests.alerts.bench import SITE, START, TEAM, change, commit, context, queue
from tests.alerts.servers import DROP, HANG, Mailbox, Script, aiosmtpd_server, scripted_server

pytestmark = pytest.mark.slow

SOON = timedelta(minutes=6)
PATIENT = timedelta(hours=4)
QUICK = Timeouts(greeting=0.5, command=0.5, data=0.5, block=0.5, final=0.5, goodbye=0.2)
SENT, DEFERRED, REFUSED, HELD = DeliveryState.SENT, DeliveryState.DEFERRED, DeliveryState.REFUSED, DeliveryState.HELD


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "amtsblick.db", create=True) as opened:
        yield opened


def _settings(port: int, scheme: str = "smtp", user: str = "", password: str = "", **more: object) -> MailSettings:
    url = SmtpUrl(scheme=scheme, host="localhost", port=port, user=user)  # type: ignore[arg-type] - parametrised
    mail = MailSettings(sender="amtsblick@example.org", outbox=Path("outbox"), smtp=url, password=password)
    return replace(mail, **more)  # type: ignore[arg-type] - a test's shorthand


def _transport(port: int, timeouts: Timeouts = QUICK, **more: object) -> SmtpTransport:
    mail = _settings(port, **more)  # type: ignore[arg-type] - a test's shorthand
    assert mail.smtp is not None
    return SmtpTransport(mail, mail.smtp, timeouts)


def _states(archive: Archive) -> dict[str, DeliveryState]:
    return {delivery.recipient.partition("@")[0]: delivery.state for delivery in archive.outbox()}


def _as_sent(message: bytes) -> bytes:
    return message.rstrip(b"\r\n")


def test_the_frozen_bytes_arrive_as_they_are(archive: Archive) -> None:
    """Also lines that begin with a dot."""
    queue(archive, "lea@example.org")
    mailbox = Mailbox()
    with aiosmtpd_server(mailbox) as port:
        report = deliver_due(archive, _transport(port), START)
    ((sender, recipient, message),) = mailbox.received
    assert (sender, recipient) == ("bounces@example.org", "lea@example.org")
    assert _as_sent(message) == _as_sent(archive.outbox()[0].message)
    assert report.count(SENT) == 1
    assert report.halted == ""
    assert archive.outbox()[0].sent_at == START
    assert archive.due_deliveries(START + PATIENT, everything=True) == ()


def test_one_refused_and_one_put_off_of_twenty_hold_up_nobody(archive: Archive) -> None:
    """F19."""
    names = [f"r{number:02}" for number in range(20)]
    queue(archive, *(f"{name}@example.org" for name in names))
    mailbox = Mailbox(rcpt={"r03@example.org": "550 5.1.1 unknown", "r11@example.org": "451 4.7.1 come back later"})
    with aiosmtpd_server(mailbox) as port:
        deliver_due(archive, _transport(port), START)
        assert len(mailbox.received) == 18
        assert _states(archive) == dict.fromkeys(names, SENT) | {"r03": REFUSED, "r11": DEFERRED}
        mailbox.rcpt.clear()
        assert deliver_due(archive, _transport(port), START + timedelta(minutes=2)).attempts == ()
        deliver_due(archive, _transport(port), START + SOON)
    assert mailbox.recipients().count("r11@example.org") == 1
    assert "r03@example.org" not in mailbox.recipients()
    refused = next(d for d in archive.outbox() if d.state is REFUSED)
    assert refused.last_answer == "RCPT TO: 550 5.1.1 unknown"


@pytest.mark.parametrize("step", ["greeting", "ehlo", "mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize("answer", ["451 4.3.0 later", "421 4.3.2 closing"])
def test_a_temporary_refusal_at_any_step_is_tried_again_and_delivered_once(
    archive: Archive, step: str, answer: str
) -> None:
    """F17: with the same bytes."""
    queue(archive, "lea@example.org")
    script = Script(
        answers={step: [answer, "220 ok" if step == "greeting" else "354 ok" if step == "data" else "250 ok"]}
    )
    if step == "ehlo":
        script.answers["helo"] = [answer, "250 ok"]
    with scripted_server(script) as port:
        deliver_due(archive, _transport(port), START)
        assert _states(archive) == {"lea": DEFERRED}
        deliver_due(archive, _transport(port), START + SOON)
    assert _states(archive) == {"lea": SENT}
    assert len(script.accepted) == 1
    assert archive.outbox()[0].attempts == 2


@pytest.mark.parametrize(
    ("step", "states", "halts"),
    [
        ("greeting", (DEFERRED, DEFERRED), True),
        ("auth", (DEFERRED, DEFERRED), True),
        ("mail", (DEFERRED, DEFERRED), True),
        ("rcpt", (REFUSED, SENT), False),
        ("data", (REFUSED, SENT), False),
        ("dot", (REFUSED, SENT), False),
    ],
)
def test_a_lasting_refusal_concerns_the_message_or_halts_the_queue_but_never_both(
    archive: Archive, step: str, states: tuple[DeliveryState, DeliveryState], halts: bool
) -> None:
    """F17: what is wrong with server, login or sender refuses no recipient."""
    queue(archive, "lea@example.org", "uwe@example.org")
    usual = {"greeting": "220 ok", "auth": "235 ok", "data": "354 ok"}.get(step, "250 ok")
    script = Script(answers={step: ["554 5.7.0 no"] if halts else ["554 5.7.0 no", usual]})
    with scripted_server(script) as port:
        report = deliver_due(archive, _transport(port, user="me", password="geheim"), START)
    assert tuple(_states(archive).values()) == states
    assert bool(report.halted) is halts
    assert sum(command.startswith(("MAIL", "mail")) for command in script.commands) == {
        "greeting": 0,
        "auth": 0,
        "mail": 1,
    }.get(step, 2)


@pytest.mark.parametrize("step", ["greeting", "ehlo", "auth", "mail", "rcpt", "data", "dot"])
def test_a_server_that_hangs_up_at_any_step_costs_a_try_and_nothing_else(archive: Archive, step: str) -> None:
    queue(archive, "lea@example.org")
    usual = {"greeting": "220 ok", "auth": "235 ok", "data": "354 ok"}.get(step)
    script = Script(answers={step: [DROP, usual or "250 ok"]})
    if step == "ehlo":
        script.answers["ehlo"] = [DROP, "250-mail.test\r\n250 AUTH PLAIN"]
    with scripted_server(script) as port:
        deliver_due(archive, _transport(port, user="me", password="geheim"), START)
        assert _states(archive) == {"lea": DEFERRED}
        assert archive.outbox()[0].last_answer.startswith("ambiguous") is (step == "dot")
        deliver_due(archive, _transport(port, user="me", password="geheim"), START + SOON)
    assert _states(archive) == {"lea": SENT}
    assert len(script.accepted) == 1


@pytest.mark.parametrize(
    ("step", "lie"), [("mail", "354 go on"), ("rcpt", "220 hello"), ("data", "250 OK"), ("dot", "354 more")]
)
def test_an_answer_that_makes_no_sense_is_no_success(archive: Archive, step: str, lie: str) -> None:
    queue(archive, "lea@example.org")
    with scripted_server(Script(answers={step: [lie]})) as port:
        deliver_due(archive, _transport(port), START)
    assert _states(archive) == {"lea": DEFERRED}


def test_a_login_that_fails_for_now_refuses_nobody(archive: Archive) -> None:
    queue(archive, "lea@example.org")
    with scripted_server(Script(answers={"auth": ["454 4.7.0 later", "235 welcome"]})) as port:
        deliver_due(archive, _transport(port, user="me", password="geheim"), START)
        assert _states(archive) == {"lea": DEFERRED}
        deliver_due(archive, _transport(port, user="me", password="geheim"), START + SOON)
    assert _states(archive) == {"lea": SENT}


@pytest.mark.parametrize("step", ["data", "dot"])
@pytest.mark.parametrize("web", ["https://amtsblick.example.org", ""])
def test_who_could_not_be_sent_the_message_is_told_where_to_read_it(archive: Archive, step: str, web: str) -> None:
    """F17: a filter that dislikes the content does not keep the news from a reader; a refused notice has no successor."""
    archive.record_subscriptions((TEAM.name,), START)
    commit(archive, [change("press.new", "Viagra und andere Themen der Apothekenaufsicht")])
    close_window(archive, TEAM, context(web=WebSettings(base_url=web)))
    usual = "354 ok" if step == "data" else "250 ok"
    refusal = "554 5.7.1 <lea@example.org> spam"
    with scripted_server(Script(answers={step: [refusal, usual, usual, refusal]})) as port:
        deliver_due(archive, _transport(port), START)
        lea, uwe, notice = archive.outbox()
        assert (lea.state, uwe.state, notice.state, notice.part) == (REFUSED, SENT, DeliveryState.QUEUED, "notice")
        deliver_due(archive, _transport(port), START + SOON)
        assert archive.outbox()[2].state is SENT
        commit(archive, [change("press.new")], at=START + PATIENT)
        close_window(archive, TEAM, context(START + PATIENT))
        for minutes in (0, 10, 20):
            deliver_due(archive, _transport(port), START + PATIENT + timedelta(minutes=minutes))
    assert [(row.recipient[:3], row.part, row.state) for row in archive.outbox()[3:]] == [
        ("lea", "message", REFUSED),
        ("uwe", "message", REFUSED),
        ("lea", "notice", REFUSED),
        ("uwe", "notice", REFUSED),
    ]
    first, told = (message_from_bytes(each.message, policy=policy.default) for each in (lea, notice))
    assert notice.recipient == "lea@example.org"
    assert told["Message-ID"] == notice.message_id != lea.message_id
    assert told["Subject"] == "Neue Meldungen (Nachricht Nr. 1)"
    for name in ("From", "To", "Reply-To", "List-Id", "List-Unsubscribe", "Auto-Submitted"):
        assert told[name] == first[name]
    text = told.get_content()
    assert told.get_content_type() == "text/plain"
    assert "Viagra" not in text
    assert (f"{web}/digest/1" if web else f"{SITE}/artikel.") in text


def test_bytes_of_old_mail_are_erased_by_the_way(archive: Archive) -> None:
    queue(archive, "lea@example.org")
    mailbox = Mailbox()
    with aiosmtpd_server(mailbox) as port:
        deliver_due(archive, _transport(port), START)
    deliver_due(archive, OutboxFolder(Path("nowhere")), START + timedelta(days=29))
    assert archive.outbox()[0].message
    deliver_due(archive, OutboxFolder(Path("nowhere")), START + timedelta(days=30))
    assert archive.outbox()[0].message == b""


def test_a_demand_to_log_in_refuses_nobody(archive: Archive) -> None:
    queue(archive, "lea@example.org", "uwe@example.org")
    with scripted_server(Script(answers={"rcpt": ["530 5.7.0 authentication required"]})) as port:
        deliver_due(archive, _transport(port), START)
    assert set(_states(archive).values()) == {DEFERRED}


def test_a_drop_after_the_dot_is_told_as_ambiguous_and_sent_again_with_the_same_bytes(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    """F18: every mail arrives, with at most one copy per drop, and all copies are alike."""
    caplog.set_level(logging.WARNING)
    queue(archive, *(f"r{number:02}@example.org" for number in range(50)))
    drops = [f"{DROP} after accepting", DROP] * 25
    script = Script(answers={"dot": [*drops, "250 queued"]})
    passes, now = 0, START
    with scripted_server(script) as port:
        while any(state is not SENT for state in _states(archive).values()):
            deliver_due(archive, _transport(port), now, everything=True)
            passes, now = passes + 1, now + PATIENT
            assert passes < 70
    copies: dict[bytes, int] = {}
    for text in script.accepted:
        copies[text] = copies.get(text, 0) + 1
    assert len(copies) == 50
    assert len(script.accepted) == 50 + 25
    assert sum("ambiguous" in record.getMessage() for record in caplog.records) == 50
    assert "r00@" not in caplog.text


@pytest.mark.parametrize("step", ["greeting", "ehlo", "mail", "rcpt", "data", "dot"])
def test_a_server_that_hangs_costs_one_time_out_and_leaves_no_thread(archive: Archive, step: str) -> None:
    """F21."""
    queue(archive, "lea@example.org", "uwe@example.org", "eva@example.org")
    threads = threading.active_count()
    with scripted_server(Script(answers={step: [HANG]})) as port:
        began = time.monotonic()
        report = deliver_due(archive, _transport(port), START)
        elapsed = time.monotonic() - began
    assert elapsed < QUICK.command + 1
    assert set(_states(archive).values()) == {DEFERRED}
    assert report.halted
    answers = [delivery.last_answer for delivery in archive.outbox()]
    assert "no answer in time" in answers[0]
    assert [answer.startswith("ambiguous") for answer in answers] == [step == "dot", False, False]
    assert threading.active_count() == threads


def test_three_days_without_a_server_lose_nothing_and_keep_the_order(archive: Archive) -> None:
    """F16: one mail an hour meanwhile; each waits its turn and arrives once, in order."""
    with scripted_server(Script()) as free_port:
        pass
    now, made = START, 0
    while now < START + timedelta(days=3):
        if made < 30:
            queue(archive, "lea@example.org", at=now)
            made += 1
        deliver_due(archive, _transport(free_port), now)
        now += timedelta(hours=1)
    assert set(_states(archive).values()) <= {DEFERRED, DeliveryState.QUEUED}
    mailbox = Mailbox()
    with aiosmtpd_server(mailbox) as port:
        for hour in range(8):
            deliver_due(archive, _transport(port), now + timedelta(hours=hour))
    numbers = [int(message.split(b"Subject: Nr. ")[1].split(b"\r\n")[0]) for _, _, message in mailbox.received]
    assert numbers == list(range(1, 31))


def test_a_newer_mail_does_not_overtake_an_older_one_that_waits(archive: Archive) -> None:
    queue(archive, "lea@example.org")
    with aiosmtpd_server(Mailbox(rcpt={"lea@example.org": "451 greylisted"})) as port:
        deliver_due(archive, _transport(port), START)
    queue(archive, "lea@example.org", "uwe@example.org", at=START)
    mailbox = Mailbox()
    with aiosmtpd_server(mailbox) as port:
        deliver_due(archive, _transport(port), START + timedelta(minutes=1))
        assert mailbox.recipients() == ["uwe@example.org"]
        deliver_due(archive, _transport(port), START + SOON)
    assert [b"Nr. 1" in message for _, to, message in mailbox.received if to.startswith("lea")] == [True, False]


def test_a_message_that_is_never_taken_does_not_dam_up_the_next_ones(archive: Archive) -> None:
    queue(archive, "lea@example.org")
    queue(archive, "lea@example.org")
    script = Script(answers={"dot": ["451 4.6.0 strange content", "250 queued"]})
    with scripted_server(script) as port:
        deliver_due(archive, _transport(port), START)
    assert [delivery.state for delivery in archive.outbox()] == [DEFERRED, SENT]


def test_after_five_days_and_a_dozen_tries_a_message_is_held(archive: Archive) -> None:
    queue(archive, "lea@example.org")
    with scripted_server(Script(answers={"rcpt": ["451 later"]})) as port:
        now = START
        for _ in range(100):
            deliver_due(archive, _transport(port), now)
            if _states(archive) == {"lea": HELD}:
                break
            now = archive.outbox()[0].next_at or now
    (delivery,) = archive.outbox()
    assert delivery.state is HELD
    assert delivery.attempts >= GIVE_UP_ATTEMPTS
    assert now - START >= timedelta(days=5)
    assert "given up after" in delivery.last_answer
    assert "451 later" in delivery.last_answer


def test_a_machine_that_was_off_for_a_week_has_not_tried_enough(archive: Archive) -> None:
    """F11: five days of the clock alone give nothing up."""
    queue(archive, "lea@example.org")
    with scripted_server(Script(answers={"rcpt": ["451 later"]})) as port:
        deliver_due(archive, _transport(port), START + timedelta(days=8))
    assert _states(archive) == {"lea": DEFERRED}


def test_no_wait_is_longer_than_the_outbox_believes() -> None:
    assert max(next_attempt(number, 99, START) for number in range(2000)) - START <= LONGEST_WAIT
    assert WAITS[-1] * (1 + JITTER) <= LONGEST_WAIT


def test_the_waits_grow_with_a_jitter_that_can_be_repeated() -> None:
    for attempts in range(1, 10):
        wait = WAITS[min(attempts, len(WAITS)) - 1]
        draws = [next_attempt(number, attempts, START) - START for number in range(200)]
        assert all(0.9 * wait <= draw <= 1.1 * wait for draw in draws)
        assert max(draws) - min(draws) > 0.1 * wait
        assert draws == [next_attempt(number, attempts, START) - START for number in range(200)]


# --- encryption


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _server_context(authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def _ca_file(authority: trustme.CA, folder: Path) -> Path:
    path = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def test_login_and_message_travel_encrypted_under_an_authority_of_ones_own(
    archive: Archive, tmp_path: Path, authority: trustme.CA
) -> None:
    queue(archive, "lea@example.org")
    mailbox = Mailbox()
    with aiosmtpd_server(mailbox, tls=_server_context(authority), password="geheim") as port:
        transport = _transport(
            port, scheme="smtp+starttls", user="me", password="geheim", ca_file=_ca_file(authority, tmp_path)
        )
        deliver_due(archive, transport, START)
    assert _states(archive) == {"lea": SENT}
    assert mailbox.logins == [(b"me", True)]


@pytest.mark.parametrize("fault", ["stripped", "self-signed", "wrong host", "expired", "refused"])
def test_without_trustworthy_encryption_nothing_is_said(
    archive: Archive, tmp_path: Path, authority: trustme.CA, fault: str
) -> None:
    """F20: no login, no message; the reason is kept and nobody is refused."""
    queue(archive, "lea@example.org")
    ca_file = _ca_file(authority, tmp_path)
    options = {"scheme": "smtp+starttls", "user": "me", "password": "geheim", "ca_file": ca_file}
    if fault in {"stripped", "refused"}:
        script = Script(extensions=("AUTH PLAIN",) if fault == "stripped" else ("STARTTLS", "AUTH PLAIN"))
        script.answers["starttls"] = ["454 4.7.0 not now"]
        with scripted_server(script) as port:
            deliver_due(archive, _transport(port, **options), START)
        assert not any(command.lower().startswith(("auth", "mail", "data")) for command in script.commands)
    else:
        issuer = trustme.CA() if fault == "self-signed" else authority
        context = _server_context(issuer, "other.test" if fault == "wrong host" else "localhost")
        if fault == "expired":
            context = _expired(authority)
        mailbox = Mailbox()
        with aiosmtpd_server(mailbox, tls=context, password="geheim") as port:
            deliver_due(archive, _transport(port, **options), START)
        assert mailbox.received == []
        assert mailbox.logins == []
    (delivery,) = archive.outbox()
    assert delivery.state is DEFERRED
    assert delivery.last_answer
    assert "geheim" not in delivery.last_answer


def _expired(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", not_after=START - timedelta(days=300)).configure_cert(context)
    return context


def test_smtps_speaks_tls_from_the_first_byte(archive: Archive) -> None:
    """A server that answers in the clear is not talked to."""
    queue(archive, "lea@example.org")
    script = Script()
    with scripted_server(script) as port:
        deliver_due(archive, _transport(port, scheme="smtps"), START)
    assert not any(command.lower().startswith(("ehlo", "mail")) for command in script.commands)
    assert _states(archive) == {"lea": DEFERRED}


def test_plain_smtp_leaves_the_machine_only_when_allowed(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.smtp._is_loopback", lambda server: False)
    queue(archive, "lea@example.org")
    mailbox = Mailbox()
    with aiosmtpd_server(mailbox) as port:
        deliver_due(archive, _transport(port), START)
        assert mailbox.received == []
        assert "allow_plain" in archive.outbox()[0].last_answer
        deliver_due(archive, _transport(port, allow_plain=True), START + SOON)
    assert len(mailbox.received) == 1


def test_no_password_shows_anywhere(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the settings' repr, not in an answer that echoes it, not in the log."""
    caplog.set_level(logging.DEBUG)
    queue(archive, "lea@example.org")
    secret = "Gar-2-Geheim"
    assert secret not in repr(_settings(25, user="me", password=secret))
    echo = "535 5.7.8 wrong: AG1lAEdhci0yLUdlaGVpbQ== Gar-2-Geheim"
    with scripted_server(Script(answers={"auth": [echo]})) as port:
        report = deliver_due(archive, _transport(port, user="me", password=secret), START)
    for text in (archive.outbox()[0].last_answer, report.halted, caplog.text):
        assert secret not in text
        assert "AG1lAEdhci0yLUdlaGVpbQ==" not in text
    assert "535 5.7.8 wrong" in report.halted


def test_a_host_that_does_not_exist_is_one_line(archive: Archive) -> None:
    queue(archive, "lea@example.org")
    url = SmtpUrl(scheme="smtp", host="mail.invalid", port=25)
    report = deliver_due(archive, SmtpTransport(_settings(25), url, QUICK), START)
    assert report.halted.startswith("cannot connect to mail.invalid:25")
    assert "\n" not in report.halted


def test_addresses_are_masked_in_logs() -> None:
    assert unnamed("RCPT TO: 550 <Lea@Example.org> no", "lea@example.org") == "RCPT TO: 550 <l…@example.org> no"
    assert masked("lea.schmidt@example.org") == "l…@example.org"


# --- the folder


def test_the_folder_holds_each_message_once_and_for_its_owner_only(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    queue(archive, "lea@example.org", "uwe@example.org")
    transport = choose(MailSettings(sender="a@example.org", outbox=folder))
    assert isinstance(transport, OutboxFolder)
    deliver_due(archive, transport, START)
    names = sorted(path.name for path in folder.iterdir())
    first, second = archive.outbox()
    assert names == [
        f"1-2021-05-17-team-{first.id}.eml",
        f"1-2021-05-17-team-{first.id}.html",
        f"1-2021-05-17-team-{second.id}.eml",
        f"1-2021-05-17-team-{second.id}.html",
    ]
    assert (folder / names[0]).read_bytes() == first.message
    assert (folder / names[1]).read_bytes() == first.html
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    transport.send(first)
    assert len(list(folder.iterdir())) == 4
    assert set(_states(archive).values()) == {SENT}


def test_a_folder_that_cannot_be_written_keeps_the_mail_queued(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file stands in the way")
    queue(archive, "lea@example.org", "uwe@example.org")
    report = deliver_due(archive, OutboxFolder(tmp_path / "outbox"), START)
    assert set(_states(archive).values()) == {DEFERRED}
    assert "cannot write to" in report.halted


def test_a_hostile_list_name_cannot_choose_the_file(archive: Archive, tmp_path: Path) -> None:
    queue(archive, "lea@example.org")
    (delivery,) = archive.outbox()
    hostile = delivery.message.replace(b"<team.amtsblick", b"<../../etc/passwd.amtsblick")
    OutboxFolder(tmp_path / "outbox").send(replace(delivery, message=hostile))
    assert {path.parent for path in tmp_path.rglob("*.eml")} == {tmp_path / "outbox"}
