"""Runs the application on a socket until it is told to stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from twingraph.errors import TwingraphError
from twingraph.serving.settings import MOST_REQUESTS, Settings

__all__ = ["serve"]

#: Connections at the same time; one beyond takes the place of an idle one.
_CONNECTIONS = MOST_REQUESTS + 24
_KEEP_ALIVE = 30


def serve(settings: Settings, host: str, port: int, *, say: Callable[[str], None], log_requests: bool = True) -> None:
    """Serve until an interrupt or SIGTERM; requests that are being answered then are answered to their end.

    Args:
        settings: the store and the limits.
        host: name or address to listen at.
        port: 0 takes a free one.
        say: is told where the server can be reached.
        log_requests: whether each request is a line of the log.

    Raises:
        StoreError: there is no store, or it is damaged.
        TwingraphError: the address can't be had.
    """
    import uvicorn

    from twingraph.serving.app import create_app
    from twingraph.serving.patience import limited_protocol

    app = create_app(settings)
    listener = _listen(host, port)
    config = uvicorn.Config(
        app,
        http=limited_protocol(settings.request_seconds, _CONNECTIONS),
        access_log=log_requests,
        log_level="info",
        server_header=False,
        # Refused without a word of ours, where the two limits before this one did not hold.
        limit_concurrency=2 * _CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE,
        # Whoever is being answered gets to the end of it, which the time limit bounds.
        timeout_graceful_shutdown=int(settings.timeout) + 1,
    )
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}/"
    say(f"twingraph serves {settings.store} at {address} (SPARQL: {address}sparql). Ctrl-C stops it.")
    # uvicorn sends itself the signal again once it has stopped; to be told to stop is no failure.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, number)
    except OSError as error:
        raise TwingraphError(f"{host}: there is no such address here ({error.strerror}); give another --host") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise TwingraphError(f"port {port} of {host} can't be had ({error.strerror}); give another --port") from None
    return listener
