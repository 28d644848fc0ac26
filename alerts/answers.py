"""What comes back when a message is handed to a transport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from storage.records import Delivery, DeliveryState

AMBIGUOUS = "ambiguous"  # how the answer begins when the message may have arrived (RFC 1047)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How an attempt ended: ``state`` is sent, deferred, refused or held; ``text`` says why, in one line.

    ``halt`` is true when the server, the login or the encryption is at fault, so that nothing else can be sent now.
    ``message_fault`` is true when this very message was turned down or lost, so that others may go ahead of it.
    """

    state: DeliveryState
    text: str
    halt: bool = False
    message_fault: bool = False


class Transport(Protocol):
    """Something that can send one frozen message after another, until it is closed."""

    def send(self, delivery: Delivery) -> Answer:
        """Try once; expected failures are answers, not exceptions."""
        ...

    def close(self) -> None:
        """Give back what is held open."""
        ...
