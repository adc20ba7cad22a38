"""Questions from the query library, asked for one reader: rows as plain values, names in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from twingraph.vocab import ID

if TYPE_CHECKING:
    from twingraph.graph import Graph

__all__ = ["LANGUAGES", "Asker", "Row", "key_of", "source_id"]

#: Languages of labels; ``local`` takes the name that is used in the place itself, in Latin letters if known.
LANGUAGES = ("local", "de", "en", "fr")

Row = dict[str, Any]


class Asker:
    """Asks library queries on a graph.

    Args:
        graph: the open graph.
        language: one of `LANGUAGES`, for names of places and concepts.
        timeout: seconds for each query; None: no limit.
    """

    def __init__(self, graph: Graph, language: str = "local", timeout: float | None = None) -> None:
        self.graph = graph
        self.language = language
        self._timeout = timeout

    def ask(self, query: str, **params: str | None) -> list[Row]:
        """Return the rows of a library query; parameters that are None stay open."""
        given: dict[str, object] = {name: value for name, value in params.items() if value is not None}
        return self.graph.query(query, frame="result", timeout=self._timeout, **given).records()

    def ask_named(self, query: str, **params: str | None) -> list[Row]:
        """Return the rows of a query that takes a language."""
        return self.ask(query, language=self.language, **params)


def key_of(iri: str) -> str:
    """Return what follows the kind of a resource in its IRI.

    >>> key_of("https://w3id.org/twingraph/id/municipality/Q1707")
    'Q1707'
    >>> key_of("https://w3id.org/twingraph/id/claim/kiel-town/3")
    'kiel-town/3'
    """
    return unquote(iri.removeprefix(ID).partition("/")[2]) if iri.startswith(ID) else iri


def source_id(iri: str) -> str:
    """Return the id of a source or, for a claim, of the source that states it."""
    return key_of(iri).partition("/")[0]
