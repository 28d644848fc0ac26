"""A digest on its way through a server of the real world, read back from the mailbox it was delivered into."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import trustme

from alerts.delivery import deliver_due
from alerts.digest import close_window
from alerts.mail import safe_header
from alerts.model import MailSettings, SmtpUrl
from alerts.smtp import SmtpTransport, Timeouts
from storage.archive import Archive
from storage.records import DeliveryState
from tests.alerts import postfix
from tests.alerts.bench import START, TEAM, change, commit, context

pytestmark = [
    pytest.mark.needs_postfix,
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="Postfix starts as root only"),
]
TITLE = "=?utf-8?q?a=0D=0ABcc:_evil=40example.org?= Umzug der Außenstelle „Mitte“ \u202e👋"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> Iterator[postfix.Postfix]:
    # Postfix drops its rights: it must be able to walk through every folder above its own.
    root = Path(tempfile.mkdtemp(prefix="postfix-"))
    root.chmod(0o755)
    chain = root / "chain.pem"
    certificate = authority.issue_cert("localhost")
    chain.write_bytes(
        certificate.private_key_pem.bytes() + b"".join(blob.bytes() for blob in certificate.cert_chain_pems)
    )
    chain.chmod(0o600)
    try:
        with postfix.serving(root / "run", chain) as running:
            yield running
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "amtsblick.db", create=True) as opened:
        opened.record_subscriptions((TEAM.name,), START)
        yield opened


def transport(server: postfix.Postfix, ca_file: Path) -> SmtpTransport:
    url = SmtpUrl(scheme="smtp+starttls", host="localhost", port=server.port)
    mail = MailSettings(sender="amtsblick@example.org", outbox=Path("outbox"), smtp=url, ca_file=ca_file)
    return SmtpTransport(mail, url, Timeouts(greeting=20, command=20, data=20, block=20, final=20))


def test_a_digest_arrives_as_it_was_frozen(
    archive: Archive, server: postfix.Postfix, authority: trustme.CA, tmp_path: Path
) -> None:
    """Headers, both parts, a hostile title, lines that begin with dots; and a recipient who does not exist is refused."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    subscription = replace(TEAM, to=("lea@example.org", "niemand@example.org", "uwe@example.org"))
    commit(archive, [change("press.new", TITLE, summary=".\n..\nZeile mit Punkt am Anfang")])
    close_window(archive, subscription, context())
    report = deliver_due(archive, transport(server, tmp_path / "ca.pem"), START)
    states = {each.recipient.partition("@")[0]: each.state for each in report.attempts}
    assert states == {"lea": DeliveryState.SENT, "niemand": DeliveryState.REFUSED, "uwe": DeliveryState.SENT}
    (arrived,) = server.wait_for("lea", 1)
    server.wait_for("uwe", 1)
    frozen = archive.outbox()[0].message
    # The server stores lines in its own way, and puts its trace before them; the rest is byte for byte ours.
    assert arrived.replace(b"\r\n", b"\n").endswith(frozen.replace(b"\r\n", b"\n"))
    parsed = message_from_bytes(arrived, policy=policy.default)
    assert parsed["Return-Path"] == "<amtsblick@example.org>"
    assert parsed["Delivered-To"] == "lea@example.org"
    assert [one.addr_spec for one in parsed["To"].addresses] == ["lea@example.org"]
    assert "Bcc" not in parsed
    assert safe_header(TITLE)[:40] in str(parsed["Subject"])
    assert parsed["List-Unsubscribe"].startswith("<mailto:")
    plain, rich = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert "Zeile mit Punkt am Anfang" in plain.get_content()
    assert "„Mitte“" in rich.get_content()


def test_without_the_authority_nothing_reaches_it(archive: Archive, server: postfix.Postfix, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    before = len(server.messages("lea"))
    commit(archive, [change("press.new")])
    close_window(archive, replace(TEAM, to=("lea@example.org",)), context())
    report = deliver_due(archive, transport(server, other), START)
    assert "certificate" in report.halted.lower()
    assert archive.outbox()[0].state is DeliveryState.DEFERRED
    assert len(server.messages("lea")) == before
    assert archive.outbox()[0].next_at is not None
    assert archive.outbox()[0].next_at <= START + timedelta(minutes=6)
