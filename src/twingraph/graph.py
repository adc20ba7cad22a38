"""The graph as people use it from Python: open it, ask it by name or in SPARQL, get a data frame."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from twingraph.answers.results import Result
from twingraph.errors import QueryError, QueryNotFoundError, StoreError
from twingraph.querying.guard import RefusedQueryError
from twingraph.querying.library import QueryLibrary
from twingraph.querying.queries import BoundQuery, LibraryQuery, parse_query
from twingraph.querying.syntax import QuerySyntaxError
from twingraph.querying.wording import shown
from twingraph.stores.limits import check_timeout
from twingraph.stores.store import RemoteStore, Store, open_disk

if TYPE_CHECKING:
    import pandas
    import polars
    import rdflib

__all__ = ["Graph", "find_query", "open"]

Target = str | os.PathLike[str]
_RDF_SUFFIXES = (".ttl", ".trig", ".nt", ".nq", ".jsonld")
_SHOWN_PATH = 200
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


@cache
def _library() -> QueryLibrary:
    return QueryLibrary()


def open(target: Target | Sequence[Target] | rdflib.Graph | None = None, *, timeout: float | None = None) -> Graph:
    """Open a graph for questions.

    Args:
        target: the directory of a built store (by default the one that ``twingraph build`` makes), the
            address of a SPARQL endpoint, RDF files (``.ttl .trig .nt .nq .jsonld``), or an rdflib graph.
        timeout: seconds for each query that is given none of its own.

    Raises:
        StoreError: there is no such store, it is damaged, or `target` is nothing that can be opened.
        DataError: an RDF file can't be read.
        QueryError: `timeout` is no number of seconds.
    """
    return Graph(_open_store(target), timeout=timeout)


def _open_store(target: Any) -> Store:
    if target is None:
        from twingraph.resources import default_store

        return open_disk(default_store())
    if isinstance(target, str):
        address = _ADDRESS.match(target)
        if address and address[1].lower() in ("http", "https"):
            return RemoteStore(target)
        if address:
            raise StoreError(f"{shown(target)} is no address of an endpoint; one starts with http:// or https://")
        if not target.strip():
            raise StoreError("an empty text names no store; give its directory, or nothing for the default store")
    if _is_path(target):
        path = Path(target)
        if path.suffix.lower() not in _RDF_SUFFIXES or path.is_dir():
            return open_disk(path)
        target = [path]
    from twingraph.stores.rdf_files import load_files, load_graph

    if isinstance(target, Sequence) and not isinstance(target, bytes | bytearray | memoryview):
        if not target or not all(_is_path(path) for path in target):
            raise StoreError(f"{shown(target)} is no list of RDF files; give one path or more")
        return load_files([Path(path) for path in target])
    import rdflib

    if isinstance(target, rdflib.Graph):
        return load_graph(target)
    raise StoreError(
        f"{shown(target)} can't be opened; give the directory of a store, the address of an endpoint, RDF files "
        "or an rdflib graph"
    )


def _is_path(target: object) -> bool:
    return isinstance(target, str | os.PathLike) and isinstance(os.fspath(target), str)


def find_query(name_or_text: Target) -> LibraryQuery:
    """Return a query given as the name of a library query, as a ``.rq`` file or as SPARQL text.

    Text is told from a name by its space or braces.

    Raises:
        QueryNotFoundError: no such query or file.
        QueryError: the query's header is broken.
    """
    if not _is_path(name_or_text):
        raise QueryError(f"a query is a name, a path or SPARQL text, not {shown(name_or_text)}")
    if isinstance(name_or_text, str):
        if any(char.isspace() or char in "{}" for char in name_or_text.strip()):
            return parse_query(name_or_text)
        if not name_or_text.endswith(".rq"):
            return _library().find(name_or_text)
    path = Path(name_or_text)
    try:
        return parse_query(path.read_text(encoding="utf-8-sig"), str(path))
    except FileNotFoundError:
        try:
            return _library().find(str(name_or_text))
        except QueryNotFoundError as error:
            raise QueryNotFoundError(f"there is no file {str(path)[:_SHOWN_PATH]}, and {error}") from None
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise QueryNotFoundError(f"the query file {str(path)[:_SHOWN_PATH]} can't be read: {reason}") from error


class Graph:
    """An open knowledge graph. Use it in a ``with`` block, or call `close`.

    Attributes:
        store: the store behind it.
        timeout: seconds for each query that is given none of its own; None: no limit.
    """

    def __init__(self, store: Store, *, timeout: float | None = None) -> None:
        self.store = store
        self.timeout = check_timeout(timeout)
        self._is_closed = False

    def __enter__(self) -> Self:
        """Return the graph itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the graph."""
        self.close()

    @overload
    def query(
        self,
        name_or_text: Target,
        *,
        frame: Literal["polars"] = ...,
        timeout: float | None = ...,
        **params: object,
    ) -> polars.DataFrame: ...
    @overload
    def query(
        self,
        name_or_text: Target,
        *,
        frame: Literal["pandas"],
        timeout: float | None = ...,
        **params: object,
    ) -> pandas.DataFrame: ...
    @overload
    def query(
        self,
        name_or_text: Target,
        *,
        frame: Literal["result"],
        timeout: float | None = ...,
        **params: object,
    ) -> Result: ...

    def query(
        self,
        name_or_text: Target,
        *,
        frame: Literal["polars", "pandas", "result"] = "polars",
        timeout: float | None = None,
        **params: object,
    ) -> Any:
        """Ask a question.

        Args:
            name_or_text: a library query such as ``municipality/partners`` or just ``partners``, the path
                of a ``.rq`` file, or SPARQL text.
            frame: what rows come as; ``result`` gives the `Result` with all its forms.
            timeout: seconds after which the query is stopped.
            **params: parameters of the query, by name.

        Returns:
            A data frame for SELECT, a bool for ASK, an rdflib Graph for CONSTRUCT and DESCRIBE.

        Raises:
            QueryNotFoundError: there is no such query.
            QueryParameterError: a parameter is unknown, missing or not of its type.
            QueryError: syntax, a limit, or the engine failed; QueryTimeoutError after `timeout` seconds.
            StoreError: the graph is closed, or its store is gone or damaged.
            EndpointError: a remote endpoint failed.
        """
        if frame not in ("polars", "pandas", "result"):
            from twingraph.errors import ResultFormatError

            raise ResultFormatError(f"frame is polars, pandas or result, not {frame!r}")
        result = self.run(find_query(name_or_text).bind(params), timeout=timeout)
        if frame == "result":
            return result
        if result.kind == "ask":
            return result.answer
        if result.kind == "construct":
            return result.graph
        return result.frame(frame)

    def run(self, query: BoundQuery, *, timeout: float | None = None) -> Result:
        """Run a query whose parameters are in place; errors show the text that its author wrote."""
        self._require_open()
        try:
            return self.store.query(query.text, timeout=self.timeout if timeout is None else timeout)
        except (QuerySyntaxError, RefusedQueryError) as error:
            if query.edits or query.name:
                raise query.relocate(error) from None
            raise

    @property
    def graph(self) -> rdflib.Dataset:
        """The graph as an rdflib Dataset, for reading."""
        self._require_open()
        return self.store.graph

    def queries(self) -> Iterable[LibraryQuery]:
        """Return the query library."""
        return list(_library())

    def verify(self) -> None:
        """Read the whole store on disk and compare it with what was built.

        Raises:
            StoreError: it is damaged, gone or closed.
        """
        self._require_open()
        self.store.verify()

    def close(self) -> None:
        """Close the store behind it; it answers nothing after that."""
        self._is_closed = True
        self.store.close()

    def _require_open(self) -> None:
        if self._is_closed:
            raise StoreError("the graph is closed; open it again with twingraph.open")
