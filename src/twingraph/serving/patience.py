"""HTTP/1.1 for clients that dawdle: whoever neither asks nor reads is hung up on, and holds nothing up."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["limited_protocol"]


class _Alarm:
    """Hangs up when its time is over."""

    def __init__(self, transport: asyncio.Transport, seconds: float) -> None:
        self._transport = transport
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None

    def set(self) -> None:
        """Let the time begin, unless it has begun."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._transport.abort)

    def stop(self) -> None:
        """Let it be over."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def limited_protocol(seconds: float, most: int) -> type[H11Protocol]:
    """Return uvicorn's protocol with a limit on how long a client may take.

    The limit holds twice: from a new connection, or the first byte of a later request, to the end of the request's
    head; and for taking what waits to be sent. uvicorn itself limits only how long nothing at all may come between
    two requests. Where there are too many connections, a new one takes the place of one on which nothing is asked.

    Args:
        seconds: the limit.
        most: connections at the same time.
    """

    class LimitedProtocol(H11Protocol):
        _reading: _Alarm
        _writing: _Alarm
        _answered: Any = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._reading, self._writing = _Alarm(transport, seconds), _Alarm(transport, seconds)
            self._reading.set()
            if len(self.connections) > most:
                idle = (one for one in self.connections if one is not self and one._is_between_requests())  # type: ignore[union-attr]
                if (other := next(idle, None)) is not None:
                    other.transport.abort()

        def handle_events(self) -> None:
            super().handle_events()
            if self.cycle is not self._answered:
                self._answered = self.cycle
                self._reading.stop()
            elif self._is_between_requests() and (self.conn.their_state is not h11.IDLE or self.conn.trailing_data[0]):
                # A head has begun, or a body goes on after its answer.
                self._reading.set()

        def _is_between_requests(self) -> bool:
            return self.cycle is None or bool(self.cycle.response_complete)

        def send_400_response(self, msg: str) -> None:
            super().send_400_response(msg)
            if self.cycle is not None:
                # Where a request goes wrong behind its head, its answer is under way, and can't be sent any more.
                self.cycle.disconnected = True
                self.cycle.message_event.set()

        def pause_writing(self) -> None:
            super().pause_writing()
            self._writing.set()

        def resume_writing(self) -> None:
            super().resume_writing()
            self._writing.stop()

        def connection_lost(self, exc: Exception | None) -> None:
            self._reading.stop()
            self._writing.stop()
            super().connection_lost(exc)

    return LimitedProtocol
