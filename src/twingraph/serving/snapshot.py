"""The build that is served now, and the change to the next one without a request that fails."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path

from twingraph.errors import StoreError
from twingraph.serving.pool import Pool
from twingraph.serving.settings import Settings
from twingraph.stores.storage import Manifest, current_build, verify

__all__ = ["Served", "Snapshot"]

_LOG = logging.getLogger("uvicorn.error")
#: Seconds between two looks at which build is in use.
_INTERVAL = 1.0
#: Workers for pages and tables; they are larger, as they hold libraries.
_CALLERS = 2
#: Seconds after which a page counts as slow: some take more than one second, and none can run away as a query can.
_CALL_MOMENT = 5.0


class Snapshot:
    """One build with its workers.

    Attributes:
        build: its directory.
        manifest: what it consists of.
        queries: workers that answer SPARQL.
        calls: workers that run functions on the graph.
    """

    def __init__(self, build: Path, manifest: Manifest, settings: Settings) -> None:
        self.build = build
        self.manifest = manifest
        limits = {"max_waiting": settings.max_waiting, "memory": settings.max_memory}
        self.queries = Pool(build, "query", size=settings.workers, network=bool(settings.services), **limits)  # type: ignore[arg-type]
        self.calls = Pool(build, "call", size=min(_CALLERS, settings.workers), moment=_CALL_MOMENT, **limits)  # type: ignore[arg-type]

    async def close(self) -> None:
        """End its workers."""
        await asyncio.gather(self.queries.close(), self.calls.close())


class Served:
    """The snapshot in use, renewed when a new build is published.

    Args:
        settings: where the store is, and the limits.

    Raises:
        StoreError: there is no store, or it is damaged.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.now = self._open()
        self._tasks: set[asyncio.Task[None]] = set()

    def _open(self) -> Snapshot:
        build = current_build(self._settings.store)
        return Snapshot(build, verify(build), self._settings)

    async def start(self) -> None:
        """Start a worker, and the watch over new builds."""
        await self.now.queries.warm()
        self._keep(self.now.calls.warm())
        self._keep(self._watch())

    async def stop(self) -> None:
        """End all workers."""
        for task in self._tasks:
            task.cancel()
        await self.now.close()

    def _keep(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_INTERVAL)
            try:
                build = await asyncio.to_thread(current_build, self._settings.store)
                if build == self.now.build:
                    continue
                following = await asyncio.to_thread(self._open)
                await following.queries.warm()
            except (StoreError, OSError) as error:
                _LOG.warning("the new build is not served: %s", error)
                continue
            former, self.now = self.now, following
            _LOG.info("now serving build %s", following.build.name)
            self._keep(self._retire(former))

    async def _retire(self, former: Snapshot) -> None:
        """End the workers of a former build once they have answered, or their time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2 * self._settings.timeout + 1):
                while any(pool.busy or pool.waiting for pool in (former.queries, former.calls)):
                    await asyncio.sleep(0.1)
        await former.close()
