"""RDF terms of the engine as rdflib terms, in the one form that compares equal everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Identifier

__all__ = ["to_rdflib_graph", "to_rdflib_term"]

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def to_rdflib_term(term: Any) -> Identifier:
    """Return the rdflib term; a plain string has no datatype, so that it equals ``Literal("x")``.

    Lexical forms are kept as they are: rdflib would rewrite some (``"1.50"``) and drop others.

    Raises:
        TypeError: a quoted triple, which rdflib has no term for.
    """
    from rdflib import BNode, Literal, URIRef

    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = term.datatype.value
        if datatype == _XSD_STRING:
            return Literal(term.value)
        return Literal(term.value, datatype=URIRef(datatype), normalize=False)
    raise TypeError(f"{term} has no counterpart in rdflib")


def to_rdflib_graph(ntriples: bytes) -> Graph:
    """Return N-Triples as an rdflib graph with the usual prefixes bound."""
    from rdflib import Graph

    from twingraph.vocab import PREFIXES

    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES):
        graph.add(
            (
                to_rdflib_term(triple.subject),
                to_rdflib_term(triple.predicate),
                to_rdflib_term(triple.object),
            )
        )
    return graph
