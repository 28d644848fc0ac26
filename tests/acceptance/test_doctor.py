"""`doctor`: one line a check, what to do, and an exit code that a script can go by."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme

from alerts import selftest
from tests.acceptance.harness import Desk
from tests.alerts import bench
from tests.alerts.servers import Mailbox, Script, aiosmtpd_server, scripted_server

CONFIG = """
[[subscription]]
name = "team"
to = ["lea@amt.de"]
[mail]
from = "Amt <amt@amt.de>"
smtp = "{smtp}"
{more}
[crawler]
ca_file = "{ca_file}"
[operator]
to = ["technik@amt.de"]
"""


def desk_with(folder: Path, smtp: str, more: str = "", ca_file: str = "") -> Desk:
    return Desk(folder, CONFIG.format(smtp=smtp, more=more, ca_file=ca_file))


def found(desk: Desk, code: int | None, *words: str) -> dict[str, dict[str, Any]]:
    rows = desk.json("doctor", *words, expect=code)
    assert all(row["remedy"] for row in rows if row["state"] != "ok")
    return {row["check"]: row for row in rows}


def secret(desk: Desk) -> str:
    (desk.folder / "password").write_text("geheim\n")
    (desk.folder / "password").chmod(0o600)
    return 'password_file = "password"'


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.mark.parametrize("fault", ["", "password", "untrusted", "expired"])
def test_encryption_and_login_are_tried_as_a_message_would(tmp_path: Path, authority: trustme.CA, fault: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    more = {"not_after": bench.START} if fault == "expired" else {}
    authority.issue_cert("localhost", **more).configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    mailbox = Mailbox()
    with aiosmtpd_server(mailbox, tls=context, password="other" if fault == "password" else "geheim") as port:
        desk = desk_with(
            tmp_path, f"smtp+starttls://me@localhost:{port}", ca_file="" if fault == "untrusted" else "ca.pem"
        )
        desk.write(desk.config.read_text().replace("[crawler]", f"{secret(desk)}\n[crawler]"))
        checks = found(desk, 75 if fault else 0, *([] if fault else ["--send-test", "probe@amt.de"]))
    assert checks["mail server"]["state"] == "ok"
    assert checks["encryption"]["state"] == ("failed" if fault in {"untrusted", "expired"} else "ok")
    if fault == "password":
        assert checks["login"]["state"] == "failed"
    if not fault:
        assert checks["encryption"]["detail"].startswith("TLSv1.")
        ((sender, to, message),) = mailbox.received
        assert (sender, to) == ("amt@amt.de", "probe@amt.de")
        assert b"Auto-Submitted: auto-generated" in message
        assert checks["test mail"]["state"] == "ok"
    assert "geheim" not in str(checks)


def test_what_is_sent_in_the_clear_is_named_every_time(tmp_path: Path) -> None:
    with scripted_server(Script()) as port:
        checks = found(desk_with(tmp_path, f"smtp://localhost:{port}", "allow_plain = true"), 0)
    assert checks["allow_plain"]["state"] == "warning"


@pytest.mark.parametrize(
    ("smtp", "more", "code", "check"),
    [
        ("smtp://127.0.0.1:1", "", 75, "mail server"),
        ("smtp+starttls://mail.invalid", "", 75, "mail server"),
        ("smtps://me@127.0.0.1", "", 78, "login"),
        ("ftp://127.0.0.1", "", 78, "config"),
        ("smtp://127.0.0.1:1", 'reply_to = "nobody"', 78, "config"),
    ],
)
def test_what_is_wrong_is_named_with_its_exit_code(tmp_path: Path, smtp: str, more: str, code: int, check: str) -> None:
    checks = found(desk_with(tmp_path, smtp, more), code)
    assert [name for name, row in checks.items() if row["state"] == "failed"] == [check]


def test_a_refused_test_mail_is_told_in_the_servers_words(tmp_path: Path) -> None:
    with scripted_server(Script(answers={"rcpt": ["550 5.1.1 no such user"]})) as port:
        result = desk_with(tmp_path, f"smtp://localhost:{port}").run("doctor", "--send-test", "probe@amt.de", expect=75)
    assert "550 5.1.1 no such user" in result.out.splitlines()[-1]
    assert all(line.startswith(("ok ", "warning ", "failed ")) for line in result.out.splitlines())


def test_a_slip_in_the_address_sends_nothing(tmp_path: Path) -> None:
    result = desk_with(tmp_path, "smtp://127.0.0.1:1").run("doctor", "--send-test", "probe", expect=2)
    assert "has no domain" in result.err


def test_no_archive_is_made_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    with scripted_server(Script()) as port:
        desk = desk_with(tmp_path, f"smtp://localhost:{port}")
        assert found(desk, 0)["archive"]["state"] == "warning"
        assert not (tmp_path / "amtsblick.db").exists()
        (tmp_path / "amtsblick.db").write_bytes(b"no database at all" * 100)
        assert found(desk, 65)["archive"]["state"] == "failed"


def test_the_self_test_would_see_a_header_that_got_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """T46: tried on this machine, not read off a version."""
    assert selftest.own_headers_hold(bench.context())
    monkeypatch.setattr("alerts.selftest.safe_header", lambda title: title)
    assert not selftest.own_headers_hold(bench.context())


NAMED = 'imprint = "https://amt.de/impressum"\nprivacy = "https://amt.de/datenschutz"\naccessibility = "https://amt.de/barrierefreiheit"'


@pytest.mark.parametrize(
    ("web", "said"),
    [
        ('base_url = "https://blick.amt.de/"', ["https://blick.amt.de/ can be reached by others, and [web] names no imprint, privacy, accessibility"]),
        (f'base_url = "https://blick.amt.de/"\nhosts = ["*"]\n{NAMED}', ["the view answers to any host name"]),
        (f'base_url = "https://blick.amt.de/"\n{NAMED}', ["https://blick.amt.de/; imprint, privacy and accessibility are named"]),
        ('base_url = "http://127.0.0.1:8765/"', []),
        ("", []),
    ],
)  # fmt: skip
def test_a_view_for_others_must_name_what_the_law_wants(tmp_path: Path, web: str, said: list[str]) -> None:
    desk = Desk(tmp_path, f"[web]\n{web}\n")
    rows = [row for row in desk.json("doctor", expect=None) if row["check"] == "web"]
    assert [row["detail"] for row in rows] == said
    assert all(row["state"] == ("ok" if "are named" in row["detail"] else "warning") for row in rows)
