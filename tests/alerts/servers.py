"""Mail servers on loopback: a real one (aiosmtpd), and a scripted one that misbehaves at a named step."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Answers = Callable[[str], str]


@dataclass
class Mailbox:
    """An aiosmtpd handler that keeps what it accepts; ``rcpt`` may answer differently for an address.

    ``slow`` is how many seconds it takes over a message before it keeps it, and again before it says so.
    """

    rcpt: dict[str, str] = field(default_factory=dict)
    received: list[tuple[str, str, bytes]] = field(default_factory=list)  # sender, recipient, message
    logins: list[tuple[bytes, bool]] = field(default_factory=list)  # user, over TLS
    slow: float = 0.0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        await asyncio.sleep(self.slow)
        self.received.extend((str(envelope.mail_from), to, envelope.content) for to in envelope.rcpt_tos)
        await asyncio.sleep(self.slow)
        return "250 2.0.0 queued"

    def recipients(self) -> list[str]:
        return [to for _, to, _ in self.received]


@contextmanager
def aiosmtpd_server(mailbox: Mailbox, *, tls: ssl.SSLContext | None = None, password: str = "") -> Iterator[int]:
    """A real SMTP server; with ``tls`` it wants STARTTLS, with ``password`` a login. Yields its port."""

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        mailbox.logins.append((data.login, session.ssl is not None))
        right = data.password == password.encode()
        return AuthResult(success=right, handled=right)  # of a wrong one the server itself says 535

    def factory() -> SMTP:
        return SMTP(
            mailbox,
            hostname="mail.test",
            tls_context=tls,
            require_starttls=tls is not None,
            authenticator=authenticate if password else None,
            auth_required=bool(password),
            loop=loop,
        )

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(factory, "127.0.0.1", 0))
    port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(_hang_up())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _hang_up() -> None:
    """Ends the conversations that are still open."""
    open_ones = asyncio.all_tasks() - {asyncio.current_task()}
    for task in open_ones:
        task.cancel()
    await asyncio.gather(*open_ones, return_exceptions=True)


DROP = "drop"  # hang up instead of an answer
HANG = "hang"  # never answer


@dataclass
class Script:
    """Answers by step: greeting, ehlo, starttls, auth, mail, rcpt, data, dot. Lists are used up to their last entry."""

    answers: dict[str, list[str]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("AUTH PLAIN",)
    accepted: list[bytes] = field(default_factory=list)  # texts that came complete with the final dot
    commands: list[str] = field(default_factory=list)

    def answer(self, step: str, usual: str) -> str:
        queue = self.answers.get(step)
        if not queue:
            return usual
        return queue.pop(0) if len(queue) > 1 else queue[0]


class _OverError(Exception):
    """The script ends the connection."""


@contextmanager
def scripted_server(script: Script) -> Iterator[int]:
    """A server that follows the script on every connection. Yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()
    threads: list[threading.Thread] = []
    connections: list[socket.socket] = []

    def accept() -> None:
        while not done.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(connection)
            thread = threading.Thread(target=_serve, args=(connection, script, done))
            threads.append(thread)
            thread.start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in connections:
            connection.close()
        acceptor.join()
        for thread in threads:
            thread.join()


def _serve(connection: socket.socket, script: Script, done: threading.Event) -> None:
    with connection, connection.makefile("rb") as lines:
        try:
            _say(connection, script.answer("greeting", "220 mail.test"), done)
            for raw in iter(lines.readline, b""):
                _obey(connection, lines, script, raw.decode("ascii", "replace").strip(), done)
        except (_OverError, OSError, ValueError):
            return


def _obey(connection: socket.socket, lines: Any, script: Script, command: str, done: threading.Event) -> None:
    script.commands.append(command)
    word = command.split(" ", maxsplit=1)[0].lower()
    if word == "quit":
        connection.sendall(b"221 bye\r\n")
        raise _OverError
    if word == "ehlo":
        offered = ["mail.test", *script.extensions]
        usual = "\r\n".join(f"250-{line}" for line in offered[:-1]) + f"\r\n250 {offered[-1]}"
        _say(connection, script.answer("ehlo", usual.strip()), done)
    elif word == "data":
        reply = script.answer("data", "354 go on")
        _say(connection, reply, done)
        if reply.startswith("354"):
            text = b"".join(iter(lines.readline, b".\r\n"))
            outcome = script.answer("dot", "250 queued")
            if outcome.startswith("250") or outcome == f"{DROP} after accepting":
                script.accepted.append(text)
            _say(connection, outcome, done)
    else:
        usual = "220 go on" if word == "starttls" else "235 welcome" if word == "auth" else "250 OK"
        _say(connection, script.answer(word, usual), done)


def _say(connection: socket.socket, answer: str, done: threading.Event) -> None:
    if answer.startswith(DROP):
        connection.shutdown(socket.SHUT_RDWR)
        raise _OverError
    if answer == HANG:
        done.wait()
        raise _OverError
    connection.sendall(answer.encode() + b"\r\n")
