"""HTTP on one connection: uvicorn's, with a limit on every wait and our headers on its own answers."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from web import gate

#: Connections at once; what is above gets 503, and twice as many no answer at all, so that file handles never run out.
#: Twenty readers asking once a second hold twenty at most.
CONNECTIONS = 200
_HEAD = 10.0  # seconds for a whole request head, since the connection or since the answer before (nginx allows 60)
_ANSWER = 15.0  # three times what the view gives itself for an answer
_SLOWEST = 4_096  # bytes a second: slower than any modem still in use
_AT_ONCE = struct.pack("ii", 1, 0)  # linger for no second (socket(7))
_NOT_HTTP = "this is no HTTP request\n"


class Protocol(H11Protocol):
    """One connection, which always waits for one thing only: a request's head, or its answer to be taken.

    uvicorn alone waits without end for a client that sends nothing, sends its head letter by letter, or does not read.
    Two hundred of those would be all connections there are.
    """

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection."""
        super().connection_made(transport)
        if len(self.connections) > 2 * CONNECTIONS:
            transport.abort()
        elif len(self.connections) > CONNECTIONS:
            self.app = gate.Gate(gate.plain(503, "too many at once\n", **{"Connection": "close", "Retry-After": "5"}))
        self._wait(_HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of it."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Go through what has arrived; a new head starts the time of its answer."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before and not self.cycle.response_complete:
            self._wait(_ANSWER)

    def on_response_complete(self) -> None:
        """Begin to wait for the next head; what is still to be read of the answer has time at the slowest pace."""
        self._wait(_HEAD)
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the same words each time
        """Answer what is no HTTP. While another answer is under way nothing can be said any more."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and (
            self.cycle is None or self.cycle.response_complete
        ):
            events: tuple[Any, ...] = (
                h11.Response(status_code=400, headers=list(gate.bare(_NOT_HTTP)), reason=b"Bad Request"),
                h11.Data(data=_NOT_HTTP.encode()),
                h11.EndOfMessage(),
            )
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        elif self.cycle is not None:
            self.cycle.disconnected = True
        self.transport.close()

    def _wait(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        unread = self.transport.get_write_buffer_size()
        self._timer = self.loop.call_later(seconds + unread / _SLOWEST, self._cut)

    def _cut(self) -> None:
        """End the connection at once, and what the system still holds for a client that does not read."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()
