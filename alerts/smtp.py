"""Mail over SMTP, one recipient per transaction, with every answer read and none taken for more than it says."""

from __future__ import annotations

import base64
import ipaddress
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass

from alerts.answers import AMBIGUOUS, Answer
from alerts.model import MailSettings, SmtpUrl
from alerts.visible import one_line
from storage.records import Delivery, DeliveryState

_FINAL_DOT = "final dot"
_LINE_START_DOT = re.compile(rb"(?m)^\.")
_WANTS_LOGIN = frozenset({530, 534, 535, 538})  # RFC 4954 §6: about our login, whatever command they answer
_TOO_LARGE = 552
_CLOSING = 421


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds to wait for each step, by RFC 5321 §4.5.3.2."""

    greeting: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    final: float = 600
    goodbye: float = 5  # not in the RFC: nothing depends on the answer to QUIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """How far one gets with a mail server: the trouble at each step, "" where there is none or it was not reached.

    ``found`` names the encryption that holds, "" for none.
    """

    reached: bool = False
    server: str = ""
    encryption: str = ""
    login: str = ""
    found: str = ""


class SmtpTransport:
    """One connection, opened at the first message and kept for the next ones.

    Nothing is sent unencrypted except to a loopback address or with ``allow_plain``; certificates are
    always verified. No method raises for what a server or a network does.
    """

    def __init__(self, mail: MailSettings, url: SmtpUrl, timeouts: Timeouts | None = None) -> None:
        self._mail = mail
        self._url = url
        self._timeouts = timeouts or Timeouts()
        self._server: smtplib.SMTP | None = None
        self._stage = ""  # of the transaction, for the answer

    def send(self, delivery: Delivery) -> Answer:
        """Try once; the answer says whether the message, the recipient or the server is at fault."""
        server = self._server or self._opened()
        if isinstance(server, Answer):
            return server
        self._server, self._stage = server, "MAIL FROM"
        try:
            return self._addressed(server, delivery) or self._handed_over(server, delivery.message)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return self._lost(error)

    def _addressed(self, server: smtplib.SMTP, delivery: Delivery) -> Answer | None:
        """Name sender and recipient; None when both are accepted."""
        self._wait(server, self._timeouts.command)
        code, text = server.mail(delivery.envelope_from, self._size_option(server, delivery.message))
        if code != 250:
            return self._sender_turned_down(code, text)
        self._stage = "RCPT TO"
        code, text = server.rcpt(delivery.recipient)
        return None if code in {250, 251} else self._recipient_turned_down(code, text)

    def _handed_over(self, server: smtplib.SMTP, message: bytes) -> Answer:
        """Send the text. Once the final dot is under way the server may have the message, whatever happens then."""
        self._stage = "DATA"
        self._wait(server, self._timeouts.data)
        code, text = server.docmd("DATA")
        if code != 354:
            return self._message_turned_down(code, text)
        self._stage = "message text"
        self._wait(server, self._timeouts.block)
        server.send(_stuffed(message))
        self._stage = _FINAL_DOT
        self._wait(server, self._timeouts.final)
        server.send(b".\r\n")
        code, text = server.getreply()
        if code != 250:
            return self._message_turned_down(code, text)
        return Answer(state=DeliveryState.SENT, text=self._said(code, text))

    def close(self) -> None:
        """Say goodbye; a server that does not answer is left."""
        server, self._server = self._server, None
        if server is None:
            return
        with suppress(smtplib.SMTPException, OSError):
            self._wait(server, self._timeouts.goodbye)
            server.quit()
        server.close()

    def examine(self) -> Examination:
        """Go as far as a message would without sending one; the connection is closed again."""
        try:
            context = self._context()
            server = self._connected(context)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return Examination(server=self._masked(_reason(error)))
        self._server = server
        stage, trouble, encryption = "encryption", "", ""
        try:
            trouble = self._encrypted(server, context)
            encryption = _encryption(server)
            if not trouble:
                stage = "login"
                trouble = self._logged_in(server)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            trouble = _reason(error)
        finally:
            self.close()
        found = {stage: self._masked(trouble)} if trouble else {}
        return Examination(reached=True, found=encryption, **found)

    # --- opening

    def _opened(self) -> smtplib.SMTP | Answer:
        """Connect, encrypt and log in; any failure is the server's or the settings', never a recipient's."""
        try:
            context = self._context()
            server = self._connected(context)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return self._halted(f"cannot connect to {self._url.host}:{self._url.port}: {_reason(error)}")
        try:
            trouble = self._prepared(server, context)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            trouble = f"{self._url.host}: {_reason(error)}"
        if not trouble:
            return server
        server.close()
        return self._halted(trouble)

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._mail.ca_file is not None:
            context.load_verify_locations(cafile=self._mail.ca_file)
        return context

    def _connected(self, context: ssl.SSLContext) -> smtplib.SMTP:
        host, port, patience = self._url.host, self._url.port, self._timeouts.greeting
        if self._url.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=patience, context=context)
        return smtplib.SMTP(host, port, timeout=patience)

    def _prepared(self, server: smtplib.SMTP, context: ssl.SSLContext) -> str:
        """Encrypt where asked, log in where asked; returns what stands in the way, "" if nothing does."""
        return self._encrypted(server, context) or self._logged_in(server)

    def _encrypted(self, server: smtplib.SMTP, context: ssl.SSLContext) -> str:
        self._wait(server, self._timeouts.command)
        if self._url.scheme == "smtp" and not self._mail.allow_plain and not _is_loopback(server):
            return f"{self._url.host} is no loopback address, and allow_plain is not set: nothing was sent unencrypted"
        server.ehlo_or_helo_if_needed()
        if self._url.scheme == "smtp+starttls":
            if not server.has_extn("starttls"):
                return f"{self._url.host} offers no encryption (STARTTLS): nothing was sent"
            server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
        return ""

    def _logged_in(self, server: smtplib.SMTP) -> str:
        if not self._url.user:
            return ""
        if not self._mail.password:
            return f"no password for {self._url.host}: set password_env or password_file"
        server.login(self._url.user, self._mail.password)
        return ""

    # --- answers

    def _sender_turned_down(self, code: int, text: bytes) -> Answer:
        said = self._said(code, text)
        if code == _TOO_LARGE:
            return self._after(code, Answer(state=DeliveryState.REFUSED, text=said, message_fault=True))
        return self._after(code, Answer(state=DeliveryState.DEFERRED, text=said, halt=code >= 500))

    def _recipient_turned_down(self, code: int, text: bytes) -> Answer:
        said = self._said(code, text)
        if code in _WANTS_LOGIN:
            return self._after(code, Answer(state=DeliveryState.DEFERRED, text=said, halt=True))
        state = DeliveryState.REFUSED if code >= 500 else DeliveryState.DEFERRED
        return self._after(code, Answer(state=state, text=said))

    def _message_turned_down(self, code: int, text: bytes) -> Answer:
        said = self._said(code, text)
        if code in _WANTS_LOGIN:
            return self._after(code, Answer(state=DeliveryState.DEFERRED, text=said, halt=True))
        state = DeliveryState.REFUSED if code >= 500 else DeliveryState.DEFERRED
        return self._after(code, Answer(state=state, text=said, message_fault=True))

    def _lost(self, error: Exception) -> Answer:
        """The connection broke or hung. After the final dot nobody knows whether the message was taken."""
        self._drop()
        stage = self._stage
        hung = _timed_out(error)
        text = f"connection lost at {stage}: {_reason(error)}"
        if stage == _FINAL_DOT:
            text = f"{AMBIGUOUS}: {text}; it may have arrived, the same bytes will be sent again"
        return Answer(
            state=DeliveryState.DEFERRED,
            text=self._masked(text),
            halt=hung,
            message_fault=stage in {"message text", _FINAL_DOT},
        )

    def _halted(self, text: str) -> Answer:
        return Answer(state=DeliveryState.DEFERRED, text=self._masked(text), halt=True)

    def _after(self, code: int, answer: Answer) -> Answer:
        """Make the connection ready for the next message, or give it up when the server is closing it."""
        if code == _CLOSING or code < 400:
            self._drop()
            return Answer(state=DeliveryState.DEFERRED, text=answer.text, halt=True)
        with suppress(smtplib.SMTPException, OSError):
            if self._server is not None and self._server.rset()[0] == 250:
                return answer
        self._drop()
        return answer

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _said(self, code: int, text: bytes) -> str:
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        return self._masked(f"{self._stage}: {code} {words}")

    def _masked(self, text: str) -> str:
        """One line for the operator without the password, in whatever form a server may echo it."""
        secret = self._mail.password
        if secret:
            plain = f"\0{self._url.user}\0{secret}"
            for form in (secret, _base64(secret), _base64(plain)):
                text = text.replace(form, "***")
        return one_line(text, 300)

    @staticmethod
    def _size_option(server: smtplib.SMTP, message: bytes) -> list[str]:
        return [f"size={len(message)}"] if server.does_esmtp and server.has_extn("size") else []

    @staticmethod
    def _wait(server: smtplib.SMTP, seconds: float) -> None:
        if server.sock is not None:
            server.sock.settimeout(seconds)


def _stuffed(message: bytes) -> bytes:
    """The text between DATA and the final dot: dots at line starts doubled (RFC 5321 §4.5.2), a line end at its end."""
    ended = message if message.endswith(b"\r\n") else message + b"\r\n"
    return _LINE_START_DOT.sub(b"..", ended)


def _encryption(server: smtplib.SMTP) -> str:
    """The protocol and the end of the certificate: ``TLSv1.3, certificate until Jun  1 12:00:00 2027 GMT``."""
    if not isinstance(server.sock, ssl.SSLSocket):
        return ""
    until = (server.sock.getpeercert() or {}).get("notAfter", "")
    return f"{server.sock.version()}, certificate until {until}"


def _is_loopback(server: smtplib.SMTP) -> bool:
    if server.sock is None:
        return False
    peer = ipaddress.ip_address(server.sock.getpeername()[0].partition("%")[0])
    mapped = peer.ipv4_mapped if isinstance(peer, ipaddress.IPv6Address) else None
    return (mapped or peer).is_loopback


def _timed_out(error: BaseException | None) -> bool:
    """Whether a time-out is at the root: smtplib hides it behind "connection unexpectedly closed"."""
    while error is not None:
        if isinstance(error, TimeoutError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"{error.smtp_code} {words}"
    if _timed_out(error):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")
