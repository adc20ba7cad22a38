"""How server and workers talk: frames of a letter, a length and bytes over a pipe.

A worker that is ready says so with an empty head. It answers with one head, any number of parts and an end; or, at
any moment instead, with an error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

__all__ = [
    "END",
    "ERROR",
    "FRAME_HEAD",
    "HEAD",
    "PART",
    "PART_BYTES",
    "Writer",
    "pack",
    "read_request",
    "send",
    "unpack",
]

HEAD, PART, END, ERROR = b"h", b"p", b"e", b"x"
FRAME_HEAD = 1 + 4
#: What is gathered before it is sent; an answer of fewer bytes is known to be whole before its first byte goes out.
PART_BYTES = 1 << 16


def pack(letter: bytes, payload: bytes = b"") -> bytes:
    """Return a frame."""
    return letter + len(payload).to_bytes(4, "big") + payload


def unpack(head: bytes) -> tuple[bytes, int]:
    """Return letter and length of a frame from its first `FRAME_HEAD` bytes."""
    return head[:1], int.from_bytes(head[1:], "big")


def read_request(fd: int) -> dict[str, Any] | None:
    """Return the next request; None when the other side has closed the pipe."""
    head = _read(fd, FRAME_HEAD)
    body = _read(fd, unpack(head)[1]) if head else b""
    found: dict[str, Any] | None = json.loads(body) if body else None
    return found


def _read(fd: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            return b""
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class TooLargeError(Exception):
    """The answer has more bytes than allowed."""


class Writer:
    """A file for a serializer, whose content goes out in frames; a full pipe makes it wait.

    Args:
        fd: the pipe.
        head: what is said of the answer before its first part.
        max_bytes: what the answer may have.
    """

    def __init__(self, fd: int, head: Mapping[str, Any], max_bytes: int) -> None:
        self.is_too_large = False
        self._fd = fd
        self._head: Mapping[str, Any] | None = head
        self._room = max_bytes
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._room -= len(data)
        if self._room < 0:
            self.is_too_large = True
            raise TooLargeError
        self._parts.append(bytes(data))
        self._size += len(data)
        if self._size >= PART_BYTES:
            self._send()
        return len(data)

    def flush(self) -> None:
        """Do nothing: what matters is the end."""

    def finish(self) -> None:
        """Send what is left, and that it was all."""
        self._send(END)

    def _send(self, *further: bytes) -> None:
        frames = []
        if self._head is not None:
            frames.append(pack(HEAD, json.dumps(self._head).encode()))
            self._head = None
        if self._size:
            frames.append(pack(PART, b"".join(self._parts)))
        self._parts, self._size = [], 0
        send(self._fd, b"".join([*frames, *(pack(letter) for letter in further)]))


def send(fd: int, data: bytes) -> None:
    """Write all bytes to a pipe."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def send_error(fd: int, problem: str, message: str, **place: int | None) -> None:
    """Send what went wrong instead of an answer, or of the rest of it.

    Args:
        fd: the pipe.
        problem: see `twingraph.serving.pool.WorkerError`.
        message: in words.
        **place: ``line`` and ``column`` in the query, where they are known.
    """
    send(fd, pack(ERROR, json.dumps({"problem": problem, "message": message, **place}).encode()))
