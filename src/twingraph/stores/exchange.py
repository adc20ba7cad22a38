"""One HTTP request that ends at its deadline, whatever the server does with it."""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from twingraph.errors import EndpointError, QueryTimeoutError

__all__ = ["Exchange", "NoRedirects"]

# More of a refusal's body than is ever shown.
_REFUSAL_BYTES = 4096


class Exchange:
    """One request whose connection is cut at the deadline.

    Args:
        url: the address, for messages.
        deadline: on the monotonic clock.
        max_bytes: the largest body taken.
    """

    # A socket's own time-out starts again with every byte, so a server that trickles would never end.

    def __init__(self, url: str, deadline: float, max_bytes: int) -> None:
        self._url = url
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._sockets: list[socket.socket] = []
        self._expired = threading.Event()

    def run(self, request: urllib.request.Request) -> tuple[str, bytes]:
        """Return the type and the whole body of a successful answer.

        Raises:
            QueryTimeoutError: the time is over.
            EndpointError: no connection, no HTTP, too large, or cut off.
            HTTPError: the server refuses; the beginning of its body has been read.
        """
        """Return the type and the whole body of a successful answer.

        Raises:
            QueryTimeoutError: the time is over.
            EndpointError: no connection, no HTTP, too large, or cut off.
            HTTPError: the server refuses; the beginning of its body has been read.
        """
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise self._timeout()
        timer = threading.Timer(remaining, self._cut)
        timer.daemon = True
        timer.start()
        opener = urllib.request.build_opener(
            NoRedirects, _HTTPHandler(self._connection), _HTTPSHandler(self._secure_connection)
        )
        try:
            with opener.open(request, timeout=remaining) as response:
                return response.headers.get_content_type(), self._read(response)
        except urllib.error.HTTPError as error:
            if self._expired.is_set():
                raise self._timeout() from None
            # The body of a refusal is read under the same deadline.
            body = b""
            with contextlib.suppress(OSError, http.client.HTTPException):
                body = error.read(_REFUSAL_BYTES)
            error.close()
            raise urllib.error.HTTPError(self._url, error.code, error.reason, error.headers, io.BytesIO(body)) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            if self._expired.is_set() or isinstance(error, TimeoutError):
                raise self._timeout() from None
            raise self._no_answer(error) from error
        finally:
            timer.cancel()
            self._close()

    def _read(self, response: Any) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := response.read1(1 << 18):
            size += len(part)
            if size > self._max_bytes:
                raise EndpointError(
                    f"{self._url} sent more than {self._max_bytes:,} bytes; add a LIMIT or ask for less",
                    url=self._url,
                    status=response.status,
                )
            parts.append(part)
        if self._expired.is_set():
            raise self._timeout()
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and int(length) != size:
            raise EndpointError(
                f"{self._url} broke off after {size:,} of {length} bytes; nothing of it was taken, try again",
                url=self._url,
                status=response.status,
            )
        return b"".join(parts)

    def _connection(self, *args: Any, **options: Any) -> http.client.HTTPConnection:
        return self._watched(http.client.HTTPConnection(*args, **options))

    def _secure_connection(self, *args: Any, **options: Any) -> http.client.HTTPConnection:
        return self._watched(http.client.HTTPSConnection(*args, **options))

    def _watched(self, connection: http.client.HTTPConnection) -> http.client.HTTPConnection:
        create = socket.create_connection

        def connect(*args: Any, **options: Any) -> socket.socket:
            sock = create(*args, **options)
            # A duplicate stays valid whatever http.client wraps around or does with the original.
            self._sockets.append(sock.dup())
            if self._expired.is_set():
                self._cut()
            return sock

        connection._create_connection = connect  # type: ignore[attr-defined]
        return connection

    def _cut(self) -> None:
        self._expired.set()
        for sock in list(self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _close(self) -> None:
        while self._sockets:
            self._sockets.pop().close()

    def _timeout(self) -> QueryTimeoutError:
        return QueryTimeoutError(f"{self._url} did not answer in full in the time allowed; narrow the query")

    def _no_answer(self, error: Exception) -> EndpointError:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise self._timeout()
        if isinstance(reason, ConnectionRefusedError):
            what = "refused the connection; is the server running, and the port right?"
        elif isinstance(reason, socket.gaierror):
            what = "has a host name that can't be found; check the address and the network"
        elif isinstance(reason, ssl.SSLError):
            what = f"has no connection that can be trusted ({reason.reason or reason})"
        elif isinstance(error, http.client.IncompleteRead):
            what = "broke off in the middle of the answer; nothing of it was taken, try again"
        else:
            what = f"gave no proper answer ({str(reason) or type(reason).__name__})"
        return EndpointError(f"{self._url} {what}", url=self._url)


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Followed as GET, the query would be lost; followed as POST, it would go where nobody asked."""

    def redirect_request(self, *_: Any) -> None:
        """Leave the redirection as the answer that it is."""
        return


class _HTTPHandler(urllib.request.HTTPHandler):
    def __init__(self, connect: Callable[..., http.client.HTTPConnection]) -> None:
        super().__init__()
        self._connect = connect

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connect, req)


class _HTTPSHandler(urllib.request.HTTPSHandler):
    def __init__(self, connect: Callable[..., http.client.HTTPConnection]) -> None:
        super().__init__()
        self._connect = connect

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connect, req, context=ssl.create_default_context())
