"""A local store as an rdflib Dataset that can be read with all of rdflib's ways and not changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import Dataset
from rdflib.query import Result as RdflibResult
from rdflib.term import Literal, Variable

from twingraph.answers.results import Result
from twingraph.errors import StoreError
from twingraph.vocab import PREFIXES, XSD

__all__ = ["read_only_dataset"]

_STRING = XSD.string


class _ReadOnlyStore(OxigraphStore):
    """An Oxigraph store for rdflib whose plain strings equal rdflib's, and which nothing changes."""

    def __init__(self, store: ox.Store, run: Callable[[str], Result]) -> None:
        super().__init__(store=store)
        self._run = run

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        for (subject, predicate, value), contexts in super().triples(triple_pattern, context):
            yield (subject, predicate, _plain(value)), contexts

    def query(
        self,
        query: Any,
        initNs: Mapping[str, Any],  # noqa: N803
        initBindings: Mapping[str, Any],  # noqa: N803
        queryGraph: str,  # noqa: N803
        **kwargs: object,
    ) -> RdflibResult:
        """Run a query as the store itself does, with all graphs as its default graph."""
        if initBindings:
            raise StoreError("initBindings can't be used here; parameters of library queries can")
        # rdflib falls back to its own engine, which is slow and treats the graphs otherwise.
        if not isinstance(query, str):
            raise StoreError("a prepared query can't be used here; give it as text")
        result = self._run(query)
        if result.kind == "ask":
            answer = RdflibResult("ASK")
            answer.askAnswer = result.answer
        elif result.kind == "construct":
            answer = RdflibResult("CONSTRUCT")
            answer.graph = result.graph
        else:
            answer = RdflibResult("SELECT")
            answer.vars = [Variable(name) for name in result.variables]
            answer.bindings = [
                {name: term for name, term in zip(answer.vars, row, strict=True) if term is not None}
                for row in result.rows
            ]
        return answer

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise StoreError("a store is only read here; edit the sources and build again, or copy the triples")

    add = addN = remove = update = _refuse  # noqa: N815 - rdflib's name
    add_graph = remove_graph = destroy = _refuse


def _plain(term: Any) -> Any:
    if isinstance(term, Literal) and term.datatype is not None and str(term.datatype) == _STRING:
        return Literal(str(term))
    return term


def read_only_dataset(store: ox.Store, run: Callable[[str], Result]) -> Dataset:
    """Return the store as a Dataset whose default graph is the union of all graphs.

    Args:
        store: the open store.
        run: how queries given to the Dataset are run.
    """
    view = _ReadOnlyStore(store, run)
    for prefix, namespace in PREFIXES.items():
        view.bind(prefix, namespace)  # type: ignore[arg-type]
    return Dataset(store=view, default_union=True)
