"""Whether a title can reach the headers of a mail: tried on this machine, since the fault is that of some Pythons."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage

from alerts.letter import Rendered
from alerts.mail import build, safe_header
from alerts.model import Context

#: Titles of pages as an attacker writes them; the first one is that of CVE-2024-6923.
TITLES = (
    "=?utf-8?q?a=0D=0ABcc:_evil=40example.com?=",
    "a\r\nBcc: evil@example.com",
    "a\x0b\x0c\x85\u2028\u2029Bcc: evil@example.com",
    "=?utf-8?b?DQpCY2M6IGV2aWxAZXhhbXBsZS5jb20=?=",
    "a\x00\ud800\u202eb" + "ü" * 5000,
)


def own_headers_hold(context: Context) -> bool:
    """Whether messages as we build them keep every hostile title inside their subject."""
    plain = Rendered(subject="", text="Test\n", html="<p>Test</p>")
    for title in TITLES:
        made = build(replace(plain, subject=title), "test@example.org", 1, context, list_name="test")
        parsed = message_from_bytes(made.message, policy=policy.default)
        if str(parsed["Subject"]) != safe_header(title) or any("cc" in name.casefold() for name in parsed):
            return False
    return True


def python_injects() -> bool:
    """Whether the standard library alone would let a title add a header; nothing here leans on it."""
    for title in TITLES:
        message = EmailMessage(policy=policy.SMTP)
        try:
            message["Subject"] = title
            message.set_content("Test\n")
            parsed = message_from_bytes(message.as_bytes(), policy=policy.default)
        except (MessageError, ValueError, UnicodeError):
            continue  # refused: harmless, if one catches it
        if "Bcc" in parsed:
            return True
    return False
