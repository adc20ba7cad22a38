"""Runs queries in child processes with a deadline that holds, whatever the engine is doing."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import select
import signal
import subprocess
import sys
import time
import warnings
import weakref
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox

from twingraph.answers.results import Kind, Result
from twingraph.errors import QueryError, QueryTimeoutError
from twingraph.querying.syntax import locate_syntax_error
from twingraph.stores.engine import OutputLimitError, evaluate, parse_only
from twingraph.stores.worker import RESPONSE_HEAD, limit_memory, respond, settle

__all__ = ["EngineFailureError", "WorkerPool", "run_directly", "run_forked"]

_KINDS: dict[bytes, Kind] = {b"s": "select", b"a": "ask", b"c": "construct"}
_PACKAGE_PARENT = str(Path(__file__).resolve().parent.parent.parent)


class EngineFailureError(QueryError):
    """The engine crashed or gave up on a query, whose fault this may be or the store's."""


def run_directly(store: ox.Store, text: str, *, max_bytes: int | None = None) -> Result:
    """Run a query in this process: the fastest way, without a time limit.

    Raises:
        QueryError: syntax, or the engine failed.
    """
    try:
        kind, payload = evaluate(store, text, max_bytes=max_bytes)
    except SyntaxError as error:
        raise locate_syntax_error(text, str(error), parse_only) from None
    except OutputLimitError:
        _fail(b"o", b"", text, max_bytes)
    except (OSError, ValueError, RuntimeError) as error:
        raise EngineFailureError(f"the store failed on this query: {error}") from error
    return Result(kind, payload)


def run_forked(
    store: ox.Store, text: str, *, timeout: float, memory: int | None = None, max_bytes: int | None = None
) -> Result:
    """Run a query on a store in memory, in a copy of this process that is killed at the deadline.

    Raises:
        QueryTimeoutError: the time is over.
        QueryError: syntax, a limit, or the engine crashed.
    """
    _require_posix()
    deadline = time.monotonic() + timeout
    parent = os.getpid()
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # The child only calls the engine and writes to a pipe; the deadline ends it if a lock is held.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            settle(parent)
            _silence()
            if memory:
                limit_memory(memory)
            respond(store, text, writer, seconds=timeout, max_bytes=max_bytes or 0)
        finally:
            os._exit(0)
    os.close(writer)
    try:
        status, payload = _receive(reader, deadline)
    except EOFError:
        _, code = os.waitpid(child, 0)
        child = 0
        raise _crash(os.waitstatus_to_exitcode(code), memory) from None
    except TimeoutError:
        raise _timeout(timeout) from None
    finally:
        os.close(reader)
        if child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return _result(status, payload, text, max_bytes)


class WorkerPool:
    """Child processes that each hold a store on disk open, started on demand and used again.

    Safe to use from several threads; each query has a process to itself.

    Args:
        database: the Oxigraph database.
        memory: bytes that a query may take; None: no limit.
    """

    def __init__(self, database: Path, *, memory: int | None = None) -> None:
        self._database = database
        self._memory = memory
        self._idle: list[subprocess.Popen[bytes]] = []
        self._finalizer = weakref.finalize(self, _end_all, self._idle)

    def run(self, text: str, *, timeout: float, max_bytes: int | None = None) -> Result:
        """Run a query; its process is killed at the deadline or when the caller is interrupted.

        Raises:
            QueryTimeoutError: the time is over.
            QueryError: syntax, a limit, or the engine crashed.
        """
        _require_posix()
        deadline = time.monotonic() + timeout
        query = text.encode()
        sizes = (len(query), max(1, int(timeout * 1000)), max_bytes or 0)
        request = b"".join(size.to_bytes(8, "big") for size in sizes) + query
        worker = self._take()
        finished = False
        try:
            assert worker.stdin is not None and worker.stdout is not None
            try:
                worker.stdin.write(request)
                worker.stdin.flush()
                status, payload = _receive(worker.stdout.fileno(), deadline)
            except (EOFError, BrokenPipeError):
                worker.wait()
                raise _crash(worker.returncode, self._memory) from None
            except TimeoutError:
                raise _timeout(timeout) from None
            finished = True
        finally:
            if finished:
                self._idle.append(worker)
            else:
                _end(worker)
        return _result(status, payload, text, max_bytes)

    def close(self) -> None:
        """End all processes."""
        _end_all(self._idle)

    def _take(self) -> subprocess.Popen[bytes]:
        while self._idle:
            try:
                worker = self._idle.pop()
            except IndexError:
                break
            if worker.poll() is None:
                return worker
            _end(worker)
        path = [_PACKAGE_PARENT, *(entry for entry in sys.path if entry)]
        return subprocess.Popen(
            # Without site and with the parent's own path: fast, and the same packages for certain.
            [
                *(sys.executable, "-S", "-P", "-m", "twingraph.stores.worker"),
                *(str(self._database), str(os.getpid()), str(self._memory or 0)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
            # Ctrl-C is for the caller, who then ends the worker.
            start_new_session=True,
        )


def _receive(fd: int, deadline: float) -> tuple[bytes, bytes]:
    """Read one answer.

    Raises:
        TimeoutError: it is not complete at the deadline.
        EOFError: the child ended before it was complete.
    """
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    data = bytearray()
    wanted = RESPONSE_HEAD
    while len(data) < wanted:
        remaining = deadline - time.monotonic()
        if remaining <= 0 or not poll.poll(remaining * 1000):
            raise TimeoutError
        part = os.read(fd, 1 << 20)
        if not part:
            raise EOFError
        data += part
        if len(data) >= RESPONSE_HEAD:
            wanted = RESPONSE_HEAD + int.from_bytes(data[1:RESPONSE_HEAD], "big")
    return bytes(data[:1]), bytes(data[RESPONSE_HEAD:])


def _result(status: bytes, payload: bytes, text: str, max_bytes: int | None) -> Result:
    if status not in _KINDS:
        _fail(status, payload, text, max_bytes)
    return Result(_KINDS[status], payload)


def _fail(status: bytes, payload: bytes, text: str, max_bytes: int | None) -> NoReturn:
    if status == b"x":
        raise locate_syntax_error(text, payload.decode(), parse_only)
    if status == b"o":
        raise QueryError(f"the answer is larger than {max_bytes or 0:,} bytes; add a LIMIT or ask for less")
    raise EngineFailureError(f"the store failed on this query: {payload.decode(errors='replace')}")


def _crash(code: int, memory: int | None) -> EngineFailureError:
    cause = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    hint = f" or took more than {memory:,} bytes of memory" if memory else ""
    return EngineFailureError(f"the query crashed the engine{hint} ({cause}); simplify it. The store is unharmed")


def _timeout(timeout: float) -> QueryTimeoutError:
    return QueryTimeoutError(f"the query ran longer than {timeout:g} s and was stopped; narrow it, or allow more time")


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _end_all(workers: list[subprocess.Popen[bytes]]) -> None:
    while workers:
        _end(workers.pop())


def _silence() -> None:
    """Keep the engine's last words away from the caller's terminal."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    # It keeps a terminal of its own.
    faulthandler.disable()


def _require_posix() -> None:
    if os.name != "posix":
        raise QueryError("time limits need Linux, macOS or another POSIX system; run without a limit")
