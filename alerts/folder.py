"""The outbox folder: messages as files, for offices without a mail server."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from pathlib import Path

from alerts.answers import Answer
from alerts.mail import slugged
from alerts.visible import one_line
from storage.files import write_whole
from storage.records import Delivery, DeliveryState

_OPERATOR = "operator"  # mail to operators is of no list


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
                write_whole(self.folder / f"{name}.html", delivery.html)
            write_whole(self.folder / f"{name}.eml", delivery.message)
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
        list_id = str(message_from_bytes(message, policy=policy.default).get("List-Id", _OPERATOR))
    except (MessageError, LookupError, ValueError):
        return "digest"
    return slugged(list_id.strip("<> ").partition(".")[0]) or "digest"
