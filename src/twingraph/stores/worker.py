"""The child process that runs queries, so that they can be stopped: ``python -m twingraph.stores.worker``.

Oxigraph can't cancel a query; ending its process is the only way. This is the child's side, kept light
because every start of it costs the user time.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time

import pyoxigraph as ox

from twingraph.stores.engine import OutputLimitError, evaluate

__all__ = ["REQUEST_HEAD", "RESPONSE_HEAD", "limit_memory", "respond", "settle"]

# Request: length of the query, its seconds, its bytes of output (0: no limit). Response: status, length.
REQUEST_HEAD = 8 + 8 + 8
RESPONSE_HEAD = 1 + 8
# A child outlives its deadline by this much at most, even if nobody is left to end it.
_GRACE = 1.0
_STATUS = {"select": b"s", "ask": b"a", "construct": b"c"}


def respond(store: ox.Store, text: str, fd: int, *, seconds: float, max_bytes: int) -> None:
    """Run one query and write the answer, or what went wrong, to `fd`."""
    # Both are for the case that the parent was killed: the alarm works whatever the engine does.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
    try:
        kind, payload = evaluate(store, text, max_bytes=max_bytes or None)
        status = _STATUS[kind]
    except SyntaxError as error:
        status, payload = b"x", str(error).encode()
    except OutputLimitError:
        status, payload = b"o", b""
    except BaseException as error:  # a panic of the engine is no Exception
        status, payload = b"e", f"{type(error).__name__}: {error}".encode(errors="replace")
    _write(fd, status + len(payload).to_bytes(8, "big") + payload)
    signal.setitimer(signal.ITIMER_REAL, 0)


def limit_memory(extra: int) -> None:
    """Let this process take `extra` bytes more than it has now, where the system can enforce that."""
    import resource

    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib is slow to import
            pages = int(file.read().split()[0])
    except OSError:
        return
    limit = pages * resource.getpagesize() + extra
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))


def settle(parent: int) -> None:
    """Make this process leave nothing behind: no core file if it crashes, and not itself without `parent`."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.25)
        os._exit(1)

    _thread.start_new_thread(watch, ())


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _read(fd: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            os._exit(0)  # the parent has closed its end
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def main(database: str, parent: int, memory: int) -> None:
    """Answer queries from standard input until it ends."""
    answers = os.dup(1)
    os.dup2(2, 1)  # a stray print must not mix with the answers
    settle(parent)
    store = ox.Store.read_only(database)
    if memory:
        limit_memory(memory)
    while True:
        head = _read(0, REQUEST_HEAD)
        length, milliseconds, max_bytes = (int.from_bytes(head[at : at + 8], "big") for at in (0, 8, 16))
        text = _read(0, length).decode()
        respond(store, text, answers, seconds=milliseconds / 1000, max_bytes=max_bytes)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
