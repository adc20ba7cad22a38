"""Worker processes that answer queries, and are ended when they take too long.

The engine can't be stopped in the middle of a query; ending its process is the only way. A request waits for a free
worker, and answers come in parts, so that an answer of any size takes little memory here. A query that takes longer
than a moment moves to the slow lane: another worker takes its place, and the system prefers that one, so that a few
heavy questions do not hold up the many light ones. Where too many are slow while others wait, the one that had most
time is ended; not one that had little of the processor's time, since on a busy machine light questions take long too.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from twingraph.serving.frames import END, ERROR, FRAME_HEAD, HEAD, PART_BYTES, pack, unpack

__all__ = ["Answer", "BusyError", "Pool", "WorkerError"]

#: Moments after which a query that had little of the processor's time may be ended for others all the same: it may be
#: waiting for a client or another server.
_PATIENT = 5
#: Ticks of the processor's time in a second.
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
#: Seconds in which a worker is ready.
_START = 60.0
#: How much the system prefers other processes to a slow query's.
_NICE = 10
#: Seconds after its deadline after which an answer that nobody takes is given up.
_GRACE = 0.25
_PACKAGE_PARENT = str(Path(__file__).resolve().parent.parent.parent)


class BusyError(Exception):
    """No worker came free in time."""


class WorkerError(Exception):
    """A request was not answered.

    Attributes:
        problem: ``timeout``, ``evicted``, ``crash``, ``refused``, ``syntax``, ``unsupported``, ``too-large``,
            ``memory``, ``not-acceptable``, ``not-xml``, the name of one of twingraph's errors, or ``failed``.
        line, column: where in the query it is, for ``refused`` and ``syntax``.
    """

    def __init__(self, problem: str, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.problem = problem
        self.line = line
        self.column = column


class _Worker:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.is_slow = False
        self.is_evicted = False
        #: What it is sending, once that has begun.
        self.answer: Answer | None = None
        #: When its request began, by the clock and by its processor's time.
        self.begun = self.begun_cpu = 0.0
        self._is_ended = False
        self._stat: int | None = None

    @property
    def is_alive(self) -> bool:
        return self.process.returncode is None and not self._is_ended

    def cpu_seconds(self) -> float | None:
        """Return the processor's time that it had; None where the system does not tell."""
        if self._is_ended:
            return None
        try:
            # Opened once and read in place, since every request asks.
            if self._stat is None:
                self._stat = os.open(f"/proc/{self.process.pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
            fields = os.pread(self._stat, 512, 0).rpartition(b")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / _TICKS

    async def frame(self) -> tuple[bytes, bytes]:
        assert self.process.stdout is not None
        letter, length = unpack(await self.process.stdout.readexactly(FRAME_HEAD))
        return letter, await self.process.stdout.readexactly(length)

    def kill(self) -> None:
        """End it, and let go of what is held for it; again does no harm."""
        self._is_ended = True
        if self._stat is not None:
            os.close(self._stat)
            self._stat = None
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()


class Answer:
    """What a worker answers: a head, and parts that come as they are taken.

    Take all parts or call `close`: until then a worker waits for it.

    Attributes:
        head: what the worker says of its answer.
    """

    def __init__(self, pool: Pool, worker: _Worker, head: Mapping[str, Any], deadline: float) -> None:
        self.head = head
        self._pool = pool
        self._worker: _Worker | None = worker
        self._deadline = deadline
        self._given_up: WorkerError | None = None
        self._taken: bytes | None = None
        # Who takes no parts gets no time beyond the deadline either: nobody looks at it while a client does not read.
        late = WorkerError("timeout", "the time is over")
        wait = deadline - time.monotonic() + _GRACE
        self._timer = asyncio.get_running_loop().call_later(wait, self.give_up, late)
        worker.answer = self

    async def whole(self) -> bytes | None:
        """Return the content if its first part is all of it; else None, and `parts` gives it from the start.

        Raises:
            WorkerError: it can't be had.
        """
        try:
            letter, payload = await self._pool.receive(self._worker_now(), self._deadline)
            if letter != END and len(payload) < PART_BYTES:
                # A part that is not full is the last, and its end came with it.
                await self._pool.receive(self._worker_now(), self._deadline)
                letter = END
        except BaseException:
            await self.close()
            raise
        if letter != END:
            self._taken = payload
            return None
        self._release()
        return payload

    def _worker_now(self) -> _Worker:
        if self._worker is None:
            raise self._given_up or WorkerError("crash", "it was closed")
        return self._worker

    async def parts(self) -> AsyncIterator[bytes]:
        """Yield the content.

        Raises:
            WorkerError: the rest can't be had; what was yielded is not the whole.
        """
        try:
            if self._taken is not None:
                first, self._taken = self._taken, None
                yield first
            while self._worker is not None:
                letter, payload = await self._pool.receive(self._worker, self._deadline)
                if letter == END:
                    self._release()
                    return
                yield payload
            if self._given_up is not None:
                raise self._given_up
        finally:
            await self.close()

    async def content(self) -> bytes:
        """Return all of it."""
        return b"".join([part async for part in self.parts()])

    def give_up(self, reason: WorkerError) -> None:
        """End it now; whoever takes its parts is told why."""
        if self._worker is not None:
            self._given_up = reason
            self._worker.kill()
            self._release()

    def _release(self) -> None:
        if self._worker is not None:
            self._timer.cancel()
            self._worker.answer = None
            self._pool.give_back(self._worker)
            self._worker = None

    async def close(self) -> None:
        """End what was not taken to its end."""
        if self._worker is not None:
            self._worker.kill()
            self._release()


class Pool:
    """Workers on one build.

    Args:
        build: directory of the build.
        mode: ``query`` or ``call``, see `twingraph.serving.worker`.
        size: workers that are busy at the same time, not counting as many in the slow lane.
        max_waiting: requests that wait at most.
        memory: bytes that a worker may take beyond what it has when it starts; None: no limit.
        moment: seconds after which a request is a slow one.
        network: whether workers may call other servers.
    """

    def __init__(
        self,
        build: Path,
        mode: str,
        *,
        size: int,
        max_waiting: int,
        memory: int | None,
        moment: float = 1.0,
        network: bool = False,
    ) -> None:
        self.build = build
        self.timeouts = self.crashes = self.refused = 0
        self._mode = mode
        self._size = size
        self._max_waiting = max_waiting
        self._memory = memory
        self._moment = moment
        self._network = network
        self._idle: list[_Worker] = []
        #: In the order in which they began.
        self._busy: dict[_Worker, None] = {}
        self._fast = self._slow = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._timers: dict[_Worker, asyncio.TimerHandle] = {}
        self._starting = asyncio.Semaphore(2)

    @property
    def busy(self) -> int:
        """How many workers answer."""
        return len(self._busy)

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    async def warm(self, count: int = 1) -> None:
        """Start some workers before anybody asks."""
        started = await asyncio.gather(*(self._start() for _ in range(count)))
        self._idle += started

    async def ask(self, request: Mapping[str, Any], timeout: float, *, patience: float | None = None) -> Answer:
        """Send a request to a worker and return its answer as soon as it begins.

        Args:
            request: see `twingraph.serving.worker`.
            timeout: seconds for all of the answer.
            patience: seconds to wait for a worker; by default as long as `timeout`.

        Raises:
            BusyError: too many requests wait, or no worker came free.
            WorkerError: it was not answered.
        """
        worker = await self._take(timeout if patience is None else patience)
        deadline = time.monotonic() + timeout
        try:
            assert worker.process.stdin is not None
            worker.process.stdin.write(pack(HEAD, json.dumps(request).encode()))
            with contextlib.suppress(ConnectionError):
                await worker.process.stdin.drain()
            _, payload = await self.receive(worker, deadline)
        except BaseException as error:
            # A worker that told of an error is ready for the next request; any other is in the middle of something.
            if not (isinstance(error, WorkerError) and error.problem not in ("timeout", "crash")):
                worker.kill()
            self.give_back(worker)
            raise
        return Answer(self, worker, json.loads(payload), deadline)

    async def receive(self, worker: _Worker, deadline: float) -> tuple[bytes, bytes]:
        """Return the next frame of a worker.

        Raises:
            WorkerError: the worker told of an error, died, or the time is over.
        """
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                letter, payload = await worker.frame()
        except TimeoutError:
            self.timeouts += 1
            raise WorkerError("timeout", "the time is over") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            if worker.is_evicted:
                raise WorkerError("evicted", "others are waiting") from None
            self.crashes += 1
            raise WorkerError("crash", "the engine gave up on it; simplify the query") from None
        if letter == ERROR:
            told = json.loads(payload)
            raise WorkerError(told["problem"], told["message"], told.get("line"), told.get("column"))
        return letter, payload

    def give_back(self, worker: _Worker) -> None:
        """Take back a worker; what is dead or dying is replaced when it is needed."""
        self._busy.pop(worker, None)
        timer = self._timers.pop(worker, None)
        if timer is not None:
            timer.cancel()
        if worker.is_slow:
            # The system does not let a process become preferred again.
            worker.kill()
            self._slow -= 1
        else:
            self._fast -= 1
        if worker.is_alive:
            self._idle.append(worker)
        else:
            worker.kill()
        self._wake()

    async def close(self) -> None:
        """End all workers."""
        workers = [*self._idle, *self._busy]
        self._idle.clear()
        for worker in workers:
            worker.kill()
        await asyncio.gather(*(worker.process.wait() for worker in workers))

    async def _take(self, patience: float) -> _Worker:
        if self._fast >= self._size or self._waiting:
            if len(self._waiting) >= self._max_waiting:
                self.refused += 1
                raise BusyError
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                async with asyncio.timeout(patience):
                    await turn
            except BaseException as error:
                if turn.done() and not turn.cancelled():
                    # Its turn came in the same moment; it goes on to the next.
                    self._fast -= 1
                    self._wake()
                else:
                    with contextlib.suppress(ValueError):
                        self._waiting.remove(turn)
                if isinstance(error, TimeoutError):
                    self.refused += 1
                    raise BusyError from None
                raise
        else:
            self._fast += 1
        try:
            worker = await self._ready()
        except BaseException:
            self._fast -= 1
            self._wake()
            raise
        self._busy[worker] = None
        worker.begun, worker.begun_cpu = time.monotonic(), worker.cpu_seconds() or 0.0
        self._look_again(worker, self._moment)
        return worker

    async def _ready(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            worker.kill()
        return await self._start()

    def _wake(self) -> None:
        while self._waiting and self._fast < self._size:
            turn = self._waiting.popleft()
            if not turn.done():
                self._fast += 1
                turn.set_result(None)

    def _slow_down(self, worker: _Worker) -> None:
        """Move a worker to the slow lane, if there is room and it is still at it."""
        self._timers.pop(worker, None)
        if worker not in self._busy:
            return
        if self._slow >= self._size:
            if self._waiting:
                # Of those that take long, the one that had most time makes room.
                oldest = next((other for other in self._busy if self._may_be_evicted(other)), None)
                if oldest is not None:
                    oldest.is_evicted = True
                    oldest.kill()
                    if oldest.answer is not None:
                        oldest.answer.give_up(WorkerError("evicted", "others are waiting"))
            self._look_again(worker, self._moment / 4)
            return
        worker.is_slow = True
        self._fast -= 1
        self._slow += 1
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, worker.process.pid, _NICE)
        self._wake()

    def _may_be_evicted(self, worker: _Worker) -> bool:
        if not worker.is_slow or worker.is_evicted:
            return False
        used = worker.cpu_seconds()
        if used is not None and used - worker.begun_cpu >= self._moment:
            return True
        return time.monotonic() - worker.begun >= _PATIENT * self._moment

    def _look_again(self, worker: _Worker, seconds: float) -> None:
        self._timers[worker] = asyncio.get_running_loop().call_later(seconds, self._slow_down, worker)

    async def _start(self) -> _Worker:
        path = [_PACKAGE_PARENT, *(entry for entry in sys.path if entry)]
        async with self._starting:
            process = await asyncio.create_subprocess_exec(
                # Without site and with the server's own path: fast, and the same packages for certain.
                *(sys.executable, "-S", "-P", "-m", "twingraph.serving.worker", self._mode, str(self.build)),
                *(str(os.getpid()), str(self._memory or 0), str(int(self._network))),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=2 * PART_BYTES,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
                # Ctrl-C is for the server, which then ends the worker.
                start_new_session=True,
            )
            worker = _Worker(process)
            try:
                # It says when it is ready: to start takes time that no request is to pay for.
                async with asyncio.timeout(_START):
                    await worker.frame()
            except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
                worker.kill()
                self.crashes += 1
                raise WorkerError("crash", "a worker did not start") from None
            except BaseException:
                worker.kill()
                raise
        return worker
