"""The graph as people use it from Python: open it, ask it by name or in SPARQL, get a data frame."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from twingraph.answers.results import Result
from twingraph.querying.library import QueryLibrary
from twingraph.querying.queries import BoundQuery, LibraryQuery, parse_query
from twingraph.querying.syntax import QuerySyntaxError
from twingraph.stores.store import RemoteStore, Store, open_disk

if TYPE_CHECKING:
    import pandas
    import polars
    import rdflib

__all__ = ["Graph", "find_query", "open"]

Target = str | os.PathLike[str]
_RDF_SUFFIXES = (".ttl", ".trig", ".nt", ".nq", ".jsonld")


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
        StoreError: there is no such store, or it is damaged.
        DataError: an RDF file can't be read.
    """
    return Graph(_open_store(target), timeout=timeout)


def _open_store(target: Any) -> Store:
    if target is None:
        from twingraph.resources import default_store

        return open_disk(default_store())
    if isinstance(target, str) and target.startswith(("http://", "https://")):
        return RemoteStore(target)
    if isinstance(target, str | os.PathLike):
        path = Path(target)
        if path.suffix.lower() not in _RDF_SUFFIXES or path.is_dir():
            return open_disk(path)
        target = [path]
    from twingraph.stores.rdf_files import load_files, load_graph

    if isinstance(target, Sequence):
        return load_files([Path(path) for path in target])
    return load_graph(target)


def find_query(name_or_text: Target) -> LibraryQuery:
    """Return a query given as the name of a library query, as a ``.rq`` file or as SPARQL text.

    Text is told from a name by its space or braces.

    Raises:
        QueryNotFoundError: no such query or file.
        QueryError: the query's header is broken.
    """
    if isinstance(name_or_text, str):
        if any(char.isspace() or char in "{}" for char in name_or_text.strip()):
            return parse_query(name_or_text)
        if not name_or_text.endswith(".rq"):
            return _library().find(name_or_text)
    path = Path(name_or_text)
    try:
        return parse_query(path.read_text(encoding="utf-8-sig"), str(path))
    except FileNotFoundError:
        return _library().find(str(name_or_text))
    except (OSError, UnicodeDecodeError) as error:
        from twingraph.errors import QueryNotFoundError

        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise QueryNotFoundError(f"the query file {path} can't be read: {reason}") from error


class Graph:
    """An open knowledge graph. Use it in a ``with`` block, or call `close`.

    Attributes:
        store: the store behind it.
        timeout: seconds for each query that is given none of its own; None: no limit.
    """

    def __init__(self, store: Store, *, timeout: float | None = None) -> None:
        self.store = store
        self.timeout = timeout

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
        try:
            return self.store.query(query.text, timeout=self.timeout if timeout is None else timeout)
        except QuerySyntaxError as error:
            if query.edits or query.name:
                raise query.relocate(error) from None
            raise

    @property
    def graph(self) -> rdflib.Dataset:
        """The graph as an rdflib Dataset, for reading."""
        return self.store.graph

    def queries(self) -> Iterable[LibraryQuery]:
        """Return the query library."""
        return list(_library())

    def close(self) -> None:
        """Close the store behind it."""
        self.store.close()
