"""The outbox folder: messages as files, for offices without a mail server."""

from __future__ import annotations

import os
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from pathlib import Path

from alerts.answers import Answer
from alerts.mail import slugged
from alerts.visible import one_line
from storage.records import Delivery, DeliveryState


@dataclass(frozen=True, slots=True)
class OutboxFolder:
    """Writes each message as ``.eml`` and its HTML part as ``.html``, for offices without a mail server.

    The same delivery always writes the same files, readable by their owner only.
    """

    folder: Path

    def send(self, delivery: Delivery) -> Answer:
        """Write the files; a folder that cannot be written halts the queue."""
        name = file_name(delivery)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if delivery.html:
                _write(self.folder / f"{name}.html", delivery.html)
            _write(self.folder / f"{name}.eml", delivery.message)
        except OSError as error:
            reason = f"cannot write to {self.folder}: {error.strerror or error}"
            return Answer(state=DeliveryState.DEFERRED, text=one_line(reason, 300), halt=True)
        return Answer(state=DeliveryState.SENT, text=f"written to {self.folder / name}.eml")

    def close(self) -> None:
        """Nothing is held open."""


def file_name(delivery: Delivery) -> str:
    """Return a name made of numbers, a day and the list's slug alone: ``7-2021-05-24-team-12``."""
    return f"{delivery.digest}-{delivery.created_at:%Y-%m-%d}-{_list_slug(delivery.message)}-{delivery.id}"


def _list_slug(message: bytes) -> str:
    try:
        list_id = str(message_from_bytes(message, policy=policy.default).get("List-Id", ""))
    except (MessageError, LookupError, ValueError):
        return "digest"
    return slugged(list_id.strip("<> ").partition(".")[0]) or "digest"


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
