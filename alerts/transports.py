"""The ways a frozen message leaves: over SMTP, or as files into the outbox folder."""

from __future__ import annotations

from alerts.answers import Answer, Transport
from alerts.folder import OutboxFolder
from alerts.model import MailSettings
from alerts.smtp import SmtpTransport

__all__ = ["Answer", "OutboxFolder", "SmtpTransport", "Transport", "choose"]


def choose(mail: MailSettings) -> Transport:
    """Return the transport the settings ask for: SMTP if a server is named, else the outbox folder."""
    return SmtpTransport(mail, mail.smtp) if mail.smtp is not None else OutboxFolder(mail.outbox)
