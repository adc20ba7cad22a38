"""One small interface over an embedded store in memory or on disk and a remote endpoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from twingraph.answers.results import Result
from twingraph.errors import EndpointError, QueryError, QueryTimeoutError, StoreError
from twingraph.querying.guard import check_query
from twingraph.stores.execution import EngineFailureError, WorkerPool, run_directly, run_forked
from twingraph.stores.limits import check_timeout
from twingraph.stores.storage import Manifest, check_presence, current_build, verify, verify_contents

if TYPE_CHECKING:
    from rdflib import Dataset

__all__ = ["DiskStore", "MemoryStore", "RemoteStore", "Store", "StoreDescription", "open_disk"]


@dataclass(frozen=True, slots=True)
class StoreDescription:
    """What a store is.

    Attributes:
        location: path or address; "memory" for a store in memory.
        triples: how many it holds.
        graphs: the IRIs of its named graphs, sorted.
    """

    location: str
    triples: int
    graphs: tuple[str, ...]


class Store(Protocol):
    """A graph that answers SPARQL, wherever it is.

    A query without ``FROM`` sees the union of all graphs as its default graph.
    """

    def query(self, text: str, *, timeout: float | None = None) -> Result:
        """Run a query to its end; see `Result`.

        Raises:
            QueryError: syntax, a limit, or the engine failed; QueryTimeoutError after `timeout` seconds.
            EndpointError: a remote endpoint failed.
        """
        ...

    @property
    def graph(self) -> Dataset:
        """The store as an rdflib Dataset for reading."""
        ...

    def describe(self) -> StoreDescription:
        """Return where the store is and what it holds."""
        ...

    def verify(self) -> None:
        """Read all that is stored and compare it with what was written, where that is known.

        Raises:
            StoreError: it is damaged.
        """
        ...

    def close(self) -> None:
        """End helper processes; the store is not used after that."""
        ...


class MemoryStore:
    """An Oxigraph store in memory.

    Args:
        store: an engine's store to take over.
        max_memory: bytes that a query with a time limit may take.
        max_bytes: bytes that an answer may have.
        allow_service: let queries call other endpoints.
    """

    def __init__(
        self,
        store: ox.Store | None = None,
        *,
        max_memory: int | None = None,
        max_bytes: int | None = None,
        allow_service: bool = False,
    ) -> None:
        self._store = ox.Store() if store is None else store
        self._max_memory = max_memory
        self._max_bytes = max_bytes
        self._allow_service = allow_service

    @classmethod
    def from_quads(cls, quads: Iterable[ox.Quad]) -> MemoryStore:
        """Return a store with these quads."""
        store = ox.Store()
        store.bulk_extend(quads)
        return cls(store)

    def query(self, text: str, *, timeout: float | None = None) -> Result:
        """Run a query, in this process or, with a time limit, in a copy of it."""
        timeout = check_timeout(timeout)
        check_query(text, allow_service=self._allow_service)
        if timeout is None:
            return run_directly(self._store, text, max_bytes=self._max_bytes)
        return run_forked(self._store, text, timeout=timeout, memory=self._max_memory, max_bytes=self._max_bytes)

    @property
    def graph(self) -> Dataset:
        """The store as an rdflib Dataset for reading."""
        from twingraph.stores.rdflib_view import read_only_dataset

        return read_only_dataset(self._store, self.query)

    def describe(self) -> StoreDescription:
        """Return what the store holds."""
        return StoreDescription("memory", len(self._store), _graphs(self._store))

    def verify(self) -> None:
        """Do nothing: there is no file that could have changed."""

    def close(self) -> None:
        """Do nothing: the memory goes with the object."""


class DiskStore:
    """A finished build on disk, opened for reading; `open_disk` finds and checks it first.

    Args:
        build: the build's directory.
        manifest: what it must hold.
        max_memory: bytes that a query with a time limit may take.
        max_bytes: bytes that an answer may have.
        allow_service: let queries call other endpoints.

    Raises:
        StoreError: the database can't be read or lacks what the manifest promises.
    """

    def __init__(
        self,
        build: Path,
        manifest: Manifest,
        *,
        max_memory: int | None = None,
        max_bytes: int | None = None,
        allow_service: bool = False,
    ) -> None:
        self.build = build
        self.manifest = manifest
        self._max_bytes = max_bytes
        self._allow_service = allow_service
        try:
            self._store = ox.Store.read_only(str(build / "db"))
            subject, predicate, value = (ox.NamedNode(manifest.sentinel[part]) for part in "spo")
            is_whole = any(True for _ in self._store.quads_for_pattern(subject, predicate, value, None))
        except (OSError, ValueError, RuntimeError) as error:
            raise StoreError(
                f"the store is damaged: {build / 'db'} can't be opened ({error}); `twingraph build` makes a new one"
            ) from error
        if not is_whole:
            raise StoreError(
                f"the store is damaged: {build / 'db'} lacks a triple it must hold; `twingraph build` makes a new one"
            )
        self._workers = WorkerPool(build / "db", memory=max_memory)
        self._is_closed = False
        self._is_proven = False

    def query(self, text: str, *, timeout: float | None = None) -> Result:
        """Run a query, in this process or, with a time limit, in a worker process.

        The first time that a query runs out of time or the engine fails, the database is compared with what
        was built, since damage shows in the same way: a second or two more for a store of 400 MB.

        Raises:
            StoreError: the store is closed, gone or damaged.
        """
        timeout = check_timeout(timeout)
        if self._is_closed:
            raise StoreError(f"{self.build} is closed; open the store again to ask it")
        check_query(text, allow_service=self._allow_service)
        try:
            if timeout is None:
                return run_directly(self._store, text, max_bytes=self._max_bytes)
            return self._workers.run(text, timeout=timeout, max_bytes=self._max_bytes)
        except (QueryTimeoutError, EngineFailureError):
            self._look_for_damage()
            raise

    def _look_for_damage(self) -> None:
        check_presence(self.build)
        if not self._is_proven:
            verify(self.build)
            verify_contents(self.build, self.manifest)
            self._is_proven = True

    @property
    def graph(self) -> Dataset:
        """The store as an rdflib Dataset for reading."""
        from twingraph.stores.rdflib_view import read_only_dataset

        return read_only_dataset(self._store, self.query)

    def describe(self) -> StoreDescription:
        """Return where the store is and what it holds."""
        return StoreDescription(str(self.build), self.manifest.triples, _graphs(self._store))

    def verify(self) -> None:
        """Compare every file with its digest and the number of triples with that of the build.

        Raises:
            StoreError: the store is gone or damaged.
        """
        check_presence(self.build)
        verify(self.build)
        verify_contents(self.build, self.manifest)
        self._is_proven = True
        found = len(self._store)
        if found != self.manifest.triples:
            raise StoreError(
                f"the store is damaged: {self.build / 'db'} holds {found:,} triples instead of "
                f"{self.manifest.triples:,}; `twingraph build` makes a new one"
            )

    def close(self) -> None:
        """End the worker processes."""
        self._is_closed = True
        self._workers.close()


class RemoteStore:
    """A SPARQL 1.1 endpoint. Its default graph is what its server makes of it.

    Args:
        url: the query address.
        timeout: seconds for each query where the caller gives none.
        max_bytes: bytes that an answer may have.
    """

    def __init__(self, url: str, *, timeout: float | None = None, max_bytes: int | None = None) -> None:
        self.url = url
        self._timeout = check_timeout(timeout)
        self._max_bytes = max_bytes

    def query(self, text: str, *, timeout: float | None = None) -> Result:
        """Send a query; the time limit covers everything from connecting to the last byte."""
        from twingraph.stores.endpoint import MAX_ANSWER_BYTES, ask_endpoint

        limit = self._timeout if timeout is None else check_timeout(timeout)
        try:
            return ask_endpoint(self.url, text, timeout=limit, max_bytes=self._max_bytes or MAX_ANSWER_BYTES)
        except EndpointError as error:
            if error.status in (400, 500):
                self._find_syntax_error(text)
            raise

    def _find_syntax_error(self, text: str) -> None:
        """Raise an error with line and column if the query is wrong here too; servers rarely tell."""
        from twingraph.querying.syntax import QuerySyntaxError

        try:
            MemoryStore(allow_service=True).query(text, timeout=2)
        except QuerySyntaxError:
            raise
        except QueryError:
            return

    @property
    def graph(self) -> Dataset:
        """The endpoint as an rdflib Dataset for reading; each access is a request."""
        from rdflib import Dataset
        from rdflib.plugins.stores.sparqlstore import SPARQLStore

        store = SPARQLStore(self.url, method="POST_FORM", returnFormat="json")
        return Dataset(store=store, default_union=True)

    def describe(self) -> StoreDescription:
        """Ask the endpoint what it holds."""
        count = self.query("SELECT (COUNT(*) AS ?count) WHERE { ?s ?p ?o }").records()[0]["count"]
        graphs = self.query("SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } } ORDER BY ?graph")
        names = tuple(str(row["graph"]) for row in graphs.records())
        return StoreDescription(self.url, int(str(count)), names)

    def verify(self) -> None:
        """Do nothing: the server's files are its own affair."""

    def close(self) -> None:
        """Do nothing: no connection is kept."""


def open_disk(path: Path, *, max_memory: int | None = None, max_bytes: int | None = None) -> DiskStore:
    """Open the finished build of a store directory for reading, after checking its files.

    Raises:
        StoreError: missing, no store, damaged, made by a newer version, or not allowed; with advice.
    """
    build = current_build(path)
    return DiskStore(build, verify(build), max_memory=max_memory, max_bytes=max_bytes)


def _graphs(store: ox.Store) -> tuple[str, ...]:
    return tuple(sorted(graph.value for graph in store.named_graphs()))
